/* SPDX-License-Identifier: Apache-2.0 */
/* The statements of the two engines and the two slots. */
#pragma once
#include "db/plan.h"

struct SearchWords;

typedef struct SearchSql {
    Str doc_put;    /* ?1 id, ?2 object, ?3 tokens; replaces */
    Str doc_drop;   /* ?1 id */
    Str index_put;  /* ?1 id, ?3 tokens; STR_NULL: the row is the index */
    Str index_drop; /* ?1 id: what its row says was fed */
    Str doc_list;   /* id, object, tokens as text: ?1 id above, ?2 up to, ?3 limit */
    Str config;     /* ?1 name, ?2 value of a setting of the index; STR_NULL: it has none */
    Str merge;    /* a piece of merging: ?1 pages, negative to begin; STR_NULL: nothing to merge */
    Str segments; /* how many pieces the index is in, and its pages */
    Str structure; /* the record of segments and the version of the files; STR_NULL: other lists. ?1 row */
    Str leaf_of;    /* leaf × 2 (+ 1) where a term would stand: ?1 segment, ?2 term */
    Str leaves;     /* ?1 to ?2 of them */
    Str doc_clear;  /* lets ?1 rows of the slot go */
    Str clear[3];   /* empties the slot */
    Str words_add;  /* ?1 words, separated by spaces */
    Str words_find; /* ?1 likewise: those that are known */
} SearchSql;
const SearchSql *search_sql(DbKind kind, int slot);

/* words.c: adds what is not yet known to the plan. */
void words_put(Ctx *cx, Plan *plan, struct SearchWords *known, Str words);
