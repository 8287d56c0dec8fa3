/* SPDX-License-Identifier: Apache-2.0 */
/* search: the tokens of records, the index that holds them, what a typed text asks of it.
 *
 * {gx_search_doc_a} and _b keep the exact tokens that were fed, a row a record; beside each stands an
 * index over them (SQLite: a contentless FTS5 table {gx_search_a}; PostgreSQL: GIN over a tsvector).
 * Which of the two is read, and whether the other is being built, stands in the catalogue
 * (Meta.search): a plan prepared before a swap is refused by its catalogue guard. Nothing here checks
 * rights: an index knows records, not who may read them; query/ joins what it finds with the
 * predicate, and search_find tells which readable field it was.
 *   SearchQuery q; TRY(search_parse(cx, text, &q));
 *   Str match = search_match(cx->arena, &q, dialect, SEARCH_ALL);   -- bound to MATCH or @@
 * Ids below 2^20 (built-in rows, not unique between objects) are not indexed. Any thread. */
#pragma once
#include "meta/sql.h"

#define SEARCH_VERSION "1" /* of the tokens: another number is a new generation */
#define SEARCH_MAX_TERMS 8
#define SEARCH_MAX_CHARS 100 /* of a query */
#define SEARCH_FIRST_ID (INT64_C(1) << 20)

/* ---- tokens of a record */
typedef struct SearchTokens {
    Str text;  /* sorted, single spaces; "" if there are none */
    Str words; /* those that the vocabulary keeps, separated by spaces */
} SearchTokens;
bool search_has(const Field *f);     /* its values are searched */
bool search_covers(const Object *o); /* one of its fields is */
bool search_is_long(const Field *f); /* long and rich texts: no pinyin, only their beginning */
/* What of a value is searched: the text, of rich text what is read; STR_NULL if nothing. */
Str search_plain(Arena *a, const Value *v);
/* values by field index. */
SearchTokens search_tokens(Arena *a, const Object *o, const Value *values);

/* ---- writing: parts of a record's plan */
typedef struct SearchWords SearchWords; /* words this process knows to be in the vocabulary */
SearchWords *search_words_new(void);
void search_words_free(SearchWords *w);
/* Adds what brings the index from the old values to the new ones; old NULL: a new record. Nothing if
 * the tokens stay the same. words may be NULL. */
void search_put(Ctx *cx, Plan *plan, SearchWords *words, const Object *o, Id id, const Value *old,
                const Value *values);
void search_drop(Ctx *cx, Plan *plan, const Object *o, Id id);

/* ---- asking */
typedef enum TermKind { TERM_HAN, TERM_WORD, TERM_DIGITS } TermKind;
typedef struct SearchTerm {
    Str text; /* folded */
    TermKind kind;
    const Str *near; /* words of the vocabulary one letter away */
    size_t n_near;
} SearchTerm;
typedef struct SearchQuery {
    SearchTerm terms[SEARCH_MAX_TERMS]; /* all must be found */
    size_t n;                           /* 0: nothing to search for */
    Str letters;                        /* the whole query, for titles */
} SearchQuery;
/* 400 bad_parameter "q" when it is too long. */
CHECKED Status search_parse(Ctx *cx, Str text, SearchQuery *ret);
/* Looks in the vocabulary for what may have been meant; true if a term got near words. */
CHECKED Status search_correct(Ctx *cx, SearchQuery *q, bool *ret);
typedef enum SearchTier {
    SEARCH_TITLE, /* the title is the query */
    SEARCH_BEGINS, /* it begins with the first letters of it: else neither of its neighbours finds any */
    SEARCH_HEAD, /* it begins with it */
    SEARCH_ALL
} SearchTier;
/* The query in the engine's own language; STR_NULL if the tier cannot be asked for. A superset of
 * what search_find finds. */
Str search_match(Arena *a, const SearchQuery *q, DbKind kind, SearchTier tier);
/* Which of these ids (ascending) stand under a match, past changes of a record included: *ret ascending. *ret_known
 * false: the index cannot be read so, or it would take long. Wants one snapshot (db_read_begin). */
CHECKED Status search_among(Ctx *cx, Str match, const Id *ids, size_t n, const Id **ret,
                            size_t *ret_n, bool *ret_known);
/* For `~`: what every text that contains this one must have; STR_NULL if tokens cannot tell. */
Str search_needle(Arena *a, const Field *f, Str text, DbKind kind);

/* Where a term stands in a value of this field, in code points; false: not there. */
typedef struct SearchRange {
    uint32_t from, to;
} SearchRange;
typedef struct SearchText { /* a value made ready to be looked into */
    const Field *field;
    uint32_t *cp;     /* folded characters */
    uint32_t *origin; /* which code point of the value each comes from */
    size_t n, n_origin;
} SearchText;
SearchText search_text(Arena *a, const Field *f, Str value);
bool search_find(const SearchText *t, const SearchTerm *term, SearchRange *ret);

/* ---- generations and repair */
/* Whether the change from one catalogue to the other makes tokens of existing records different. */
bool search_outdated(const Meta *before, const Meta *after);
typedef struct SearchReport {
    int64_t records, missing, different, ghosts; /* ghosts: tokens of records that are not there */
} SearchReport;
/* Compares what is indexed with what the records say; for doctor. */
CHECKED Status search_verify(Ctx *cx, SearchReport *ret);
/* Building the other slot, for the job and doctor (build.c). Who began last owns the slot: chunks of
 * an earlier builder are refused. */
typedef struct SearchBuild {
    Id owner; /* the job */
    int slot; /* that is built */
    size_t object;
    Id after; /* where the next chunk begins */
    int64_t done;
    bool finished;
    size_t rows; /* of the next chunk; 0: SEARCH_ROWS */
} SearchBuild;
#define SEARCH_ROWS 100      /* of a chunk while others write: they get through in between */
#define SEARCH_ROWS_MAX 2000 /* while nobody does */
/* The slot that is not read is b's from now on: what others do there is refused. */
void search_build_claim(Ctx *cx, Plan *plan, const SearchBuild *b);
/* Lets go what an earlier build or, once b is finished and its end has come, the former slot holds: a piece of it;
 * *ret_done with the last. */
CHECKED Status search_build_clear(Ctx *cx, Plan *plan, const SearchBuild *b, bool *ret_done);
/* Marks the slot as being built, empty; the catalogue version rises. */
void search_build_begin(Ctx *cx, Plan *plan, SearchBuild *b);
/* How many records there are to index. */
CHECKED Status search_build_total(Ctx *cx, int64_t *ret);
/* The next records, at most b->rows; moves b on. */
CHECKED Status search_build_chunk(Ctx *cx, Plan *plan, SearchBuild *b);
/* A bulk of inserts leaves an index in many pieces, each of which every search looks into: a few
 * pages are merged; *ret_done when one piece is left. Begins with step 0. */
CHECKED Status search_build_merge(Ctx *cx, Plan *plan, const SearchBuild *b, int64_t step,
                                  bool *ret_done);
/* The built slot is read from now on. */
void search_build_end(Ctx *cx, Plan *plan, const SearchBuild *b);
/* A new database is complete as it is: no record is without its tokens. */
void search_build_none(Plan *plan);
