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
/* search_step.c: statements whose rows are candidates, best first. */
#define SEARCH_CANDIDATES 1000 /* that are looked at */
typedef enum SearchStep { STEP_TITLE, STEP_HEAD, STEP_ALL, STEPS } SearchStep;
typedef struct SearchScope {
    Ctx *cx;
    const SearchQuery *q;
    const Object **objects;
    size_t n_objects; /* 0: all that are indexed */
    Id below;         /* of a sight; 0: none */
} SearchScope;
/* SQLite: id and object of one step, below the sight; ids of the index alone, in the sight (whose row it is tells the
 * sight); whether there is any. */
void search_step_rows(const SearchScope *s, SearchStep step, Str match, Sql *q);
void search_step_sight(const SearchScope *s, Str match, Sql *q);
void search_step_any(const Ctx *cx, Str match, Sql *q);
/* PostgreSQL: id, object, step. Of the newest records alone (STEP_HEAD) where more than `enough` of them are found; then
 * the rest tells what they leave out. */
void search_step_first(const SearchScope *s, size_t enough, Sql *q);
void search_step_rest(const SearchScope *s, Sql *q);
/* sight.c: the newest ids of what the reader sees of some objects, kept between requests. */
typedef struct Sight Sight;
/* How often it was told that records change; asked before the snapshot that sight_gather reads in. */
uint64_t sight_told(const Ctx *cx);
/* The one that is kept, with what was told since; NULL: none. Release it. */
Sight *sight_take(Ctx *cx, const Object *const *objects, size_t n);
/* `vain` more hits were looked at that are not seen. Reads a sight where that has become worth it, else NULL. */
CHECKED Status sight_gather(Ctx *cx, const Object *const *objects, size_t n, uint64_t told,
                            size_t vain, Sight **ret);
void sight_release(const Ctx *cx, Sight *s);
const Id *sight_ids(const Sight *s, size_t *ret_n); /* ascending */
Id sight_floor(const Sight *s);            /* all that is seen from this id on is in it; 0: all */
int64_t sight_find(const Sight *s, Id id); /* the object's number; 0: not seen */
/* Whether the user sees a searched field of the object; *ret_hidden: but not all of them. */
bool found_readable(const Ctx *cx, const Object *o, bool *ret_hidden);
