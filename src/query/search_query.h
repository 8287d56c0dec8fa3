/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of query/ that search share. */
#pragma once
#include "query/query_internal.h"
#include "search/search.h"

/* The row table of the slot that is read, and for SQLite its index. */
void found_docs(const Ctx *cx, Sql *out);
/* " WHERE" condition of a match on `docs d` (PostgreSQL) or on the index (SQLite). */
void found_matches(const Ctx *cx, Str match, Sql *out);
/* Ids of all objects' records that match: SELECT …, without order. */
void found_ids(const Ctx *cx, Str match, Sql *out);
/* Which of the ids the user may read and what of them he may see holds every term. */
typedef struct FoundRow {
    Id id;
    Str title, subtitle;
    const Field *field; /* where the first term was found */
    bool in_title;
    SearchRange ranges[SEARCH_MAX_TERMS];
    size_t n_ranges;
} FoundRow;
CHECKED Status found_load(Ctx *cx, const Object *o, const SearchQuery *q, const Id *ids, size_t n,
                          FoundRow *ret, size_t *ret_n);
/* sight.c: the ids of all that the reader sees of some objects, where they are few. */
typedef struct Sight Sight;
/* NULL: they are many, or this is not the engine for it. */
CHECKED Status sight_gather(Ctx *cx, const Object *const *objects, size_t n, Sight **ret);
const Object *sight_find(const Sight *s, Id id); /* NULL: not seen */
/* Whether the user sees a searched field of the object; *ret_hidden: but not all of them. */
bool found_readable(const Ctx *cx, const Object *o, bool *ret_hidden);
