/* SPDX-License-Identifier: Apache-2.0 */
/* query: sets of records. Filter, sort, page, count, expand, group → SQL, and the answers' JSON.
 *
 * The only place where SELECTs shown to a user are assembled; every table reference carries the
 * predicate of cx->access. A list is one statement plus at most one for the count. */
#pragma once
#include "expr/expr.h"

typedef enum CountMode { COUNT_NONE, COUNT_CAPPED, COUNT_EXACT } CountMode;

typedef struct ListQuery {
    Str filter; /* expression */
    Str q;      /* words to search for; the sort stays */
    Str sort;   /* "-amount,name"; empty: -id */
    Str fields; /* "name,account.region.name"; empty: all readable */
    Str expand; /* "account,owner" */
    int limit;  /* 1…200 */
    Str after;  /* cursor */
    CountMode count;
    Str as_of;    /* an instant or a day (its end, in the user's zone); empty: now */
    bool deleted; /* the recycle bin: records as they were when they were deleted */
    Str view;     /* a saved view: its filter, and its sort and columns where none are asked for */
    /* Fixed by the route, not by the user: child rows of one parent (related lists). */
    const Field *parent_field;
    const Object *parent_object; /* needed where the field is an any_link */
    Id parent;
    bool exports; /* query_rows: only what the reader may also export */
} ListQuery;

/* From query parameters (Str get(arg, name)) or a JSON body; unknown keys are errors. */
CHECKED Status query_list_from_json(Ctx *cx, const json_t *body, ListQuery *ret);
CHECKED Status query_list_check(Ctx *cx, ListQuery *q, Str limit, Str count); /* texts of the URL */

/* The change at which sets stood at that time; 0 for an empty text. Later than now is now. The
 * caller puts it into cx->as_of, and what follows reads the past. */
CHECKED Status query_as_of(Ctx *cx, Str text, Id *ret);

/* Would this list work? What it names is looked up with the reader's rights; nothing is read. */
CHECKED Status query_list_try(Ctx *cx, const Object *o, const ListQuery *q);
/* Puts a view of CONTRACT 2 (its JSON) into q, as q->view does with one of the catalogue: its filter is
 * added, its sort and columns stand in where none are asked for. q->view is used up. */
CHECKED Status query_view_use(Ctx *cx, const Object *o, const json_t *view, ListQuery *q);
/* {"items":[…],"next":…,"count":…} */
CHECKED Status query_list(Ctx *cx, const Object *o, const ListQuery *q, Buf *out);
/* One record (as of cx->as_of) in the list's item form, all readable fields; ST_NOT_FOUND (or "gone") if not visible.
 * ret_version for the ETag. */
CHECKED Status query_record(Ctx *cx, const Object *o, Id id, Str fields, Str expand, Buf *out,
                            int64_t *ret_version);
/* Body of CONTRACT 4 aggregate → {"rows":[…],"total":{…}} */
CHECKED Status query_aggregate(Ctx *cx, const Object *o, const json_t *body, Buf *out);
/* The same for groups of one link, as numbers without titles, for kernels: value m of row i stands at
 * i × measures + m; NaN where there is none, days of dates, ms of instants. Ties go by id. */
typedef struct QueryFigures {
    size_t n, measures;
    Id *ids; /* 0: records without the link */
    double *values;
} QueryFigures;
CHECKED Status query_figures(Ctx *cx, const Object *o, const json_t *body, QueryFigures *ret);
/* {"items":[…],"more":…} of CONTRACT 4; objects: names with commas, empty for all; limit ≤ 50. */
CHECKED Status query_search(Ctx *cx, Str text, Str objects, Str limit, Buf *out);
/* Visible? (predicate only) */
CHECKED Status query_visible(Ctx *cx, const Object *o, Id id, bool *ret);
/* Ids matching a filter, ascending, for jobs (bulk, delete rules): pages of at most `limit` after `after`. */
CHECKED Status query_ids(Ctx *cx, const Object *o, Str filter, Id after, size_t limit, Id *ret,
                         size_t *ret_n);
/* Likewise of deleted records (the last image of each). */
CHECKED Status query_ids_deleted(Ctx *cx, const Object *o, Str filter, Id after, size_t limit,
                                 Id *ret, size_t *ret_n);
/* {"value":…,"exact":…}: how many rows of r->child belong to a record that is visible, counted to QUERY_COUNT_CAP. */
CHECKED Status query_related_count(Ctx *cx, const Relation *r, const Object *parent, Id id,
                                   Buf *out);
/* How many match, counting to `most` and no further. */
CHECKED Status query_count(Ctx *cx, const Object *o, Str filter, bool deleted, int64_t most,
                           int64_t *ret);
/* Titles of records by id (order of ids; STR_NULL if not visible) and, where asked for, the codes of
 * coded lists. One statement. */
CHECKED Status query_titles(Ctx *cx, const Object *o, const Id *ids, size_t n, Str *ret,
                            Str *ret_codes);
/* Titles that are kept in memory: of records that are few, change rarely and are named everywhere (users,
 * departments, rows of coded lists). One per process, set in Ctx.titles; any thread. */
typedef struct TitleStore TitleStore;
TitleStore *title_store_new(void);
void title_store_free(TitleStore *s);
/* A record of the object changes with the plan; it has changed, on some node. */
void query_titles_change(Ctx *cx, Plan *plan, const Object *o);
void query_titles_changed(TitleStore *s, Str object);
/* What readers see, kept for searches (docs/adr/0095). One per process of SQLite, set in Ctx.sights; any thread. */
typedef struct SightStore SightStore;
SightStore *sight_store_new(void);
void sight_store_free(SightStore *s);
/* The plan writes the record, or opens it to somebody; it opens any records. */
void query_sights_change(Ctx *cx, Plan *plan, const Object *o, Id id);
void query_sights_forget(Ctx *cx, Plan *plan);
/* {"id","title"} of a person as the reader may see it; the system has no row of its own. */
/* The mask of a value as the acting person is shown it. */
Str query_mask(const Ctx *cx, const Field *f, const Value *v);
void query_person_json(Ctx *cx, Id user, Buf *out);

/* Files as records show them, {"id","name","size","type","url"}, one text an id; no right is asked. */
CHECKED Status query_files(Ctx *cx, const Id *ids, size_t n, Str *ret);

/* ---- every row of a list, as values: for exports. Lives in cx->arena; cx must stay the same one.
 * Columns are q's fields (or all that the reader sees); limit, after, count and expand mean nothing. */
typedef struct QueryRows QueryRows;
typedef struct QueryColumn {
    Str name; /* as asked for: account.region.name */
    const Field *field;
    const Object *to; /* link, links: whose records; else NULL */
    bool in_path;     /* of a linked record */
} QueryColumn;
CHECKED Status query_rows_open(Ctx *cx, const Object *o, const ListQuery *q, QueryRows **ret);
const QueryColumn *query_rows_columns(const QueryRows *r, size_t *ret_n);
CHECKED Status query_rows_count(QueryRows *r, int64_t *ret); /* before the first chunk */
/* The next rows, one behind the other (value of column k of row i at i × columns + k); *ret_n = 0 at
 * the end. They live until the next call. */
CHECKED Status query_rows_next(QueryRows *r, const Value **ret_rows, size_t *ret_n);
/* Title and code of a record that a link of the current rows leads to; null: not visible. */
void query_rows_title(const QueryRows *r, const Object *to, Id id, Str *ret_title, Str *ret_code);
/* Rows in groups, before they are first asked for: group as an aggregate has it (up to three levels within
 * one another), sums the names of fields to add up ([] or NULL: none), group_sort the aggregate's sort of groups. The
 * order of q sorts within a group. Counts and sums are those of the rows of this export. */
typedef struct QuerySum {
    Str name; /* as asked for */
    const Field *field;
    int64_t n; /* values that were there */
    __int128 sum;
} QuerySum;
typedef struct QueryGroup {
    const Str *labels; /* by level, for people */
    size_t shares;     /* levels in which it is the same as the group before */
    int64_t rows;
    const QuerySum *sums;
    size_t n_sums;
} QueryGroup;
CHECKED Status query_rows_group(QueryRows *r, const json_t *group, const json_t *sums,
                                const json_t *sort);
/* A level's field and its name as asked for; NULL: there is no such level. */
const Field *query_rows_level(const QueryRows *r, size_t level, Str *ret_name);
/* After query_rows_count: all groups in the order of the rows, and the group of a row of this chunk. */
const QueryGroup *query_rows_groups(const QueryRows *r, size_t *ret_n);
size_t query_rows_group_of(const QueryRows *r, size_t row);
/* A sum as text, and as a value where it has room (else V_NULL). */
Value query_sum_value(const Ctx *cx, const QuerySum *sum, Buf *ret_text);
/* What is kept in memory for aggregates (query/columns.h): one per process, set in Ctx.columns. */
typedef struct ColumnStore ColumnStore;
ColumnStore *column_store_new(void);
void column_store_free(ColumnStore *s);

/* Names for expressions with the user's rights and the database's codes; in cx->arena. */
const ExprNames *query_names(Ctx *cx);
