/* SPDX-License-Identifier: Apache-2.0 */
/* query, private parts. How a statement comes about:
 *   filter_begin  table, access predicate, parent, the user's filter      → Base
 *   shape_build   which columns are read and how each becomes JSON        → Shape
 *   sort_parse    keys; sort_after (keyset condition), sort_order         → Sort
 * and query_list.c puts the parts into one text. Everything lives in cx->arena. */
#pragma once
#include "query/query.h"

#define QUERY_MAX_SORT 4
#define QUERY_MAX_LIMIT 200
#define QUERY_MAX_EXPAND 10
#define QUERY_MAX_HOPS 5
#define QUERY_MAX_JOINS 40 /* SQLite refuses more than 64 tables in one join */
#define QUERY_COUNT_CAP 10000

/* ---- filter.c: FROM and WHERE of one statement */
typedef struct Base {
    Ctx *cx;
    const Object *o;
    Sql sql; /* carries the values */
    SqlScope scope;
    Sql where;    /* conditions, from "1=1" on */
    bool deleted; /* rows of the recycle bin; set before filter_from */
    int next_alias;
} Base;
/* Both: ST_NOT_FOUND if the user may not read the object at all. An empty text gives NULL. */
CHECKED Status filter_parse(Ctx *cx, const Object *o, Str filter, const Expr **ret);
typedef struct ListSearch ListSearch;
/* filter_search.c: what `q` asks for, looked up once; NULL for an empty text. past: no index covers
 * what is asked. filter_search_add writes it into a statement. */
CHECKED Status filter_search(Ctx *cx, const Object *o, Str text, bool past, const ListSearch **ret);
void filter_search_add(Base *b, const ListSearch *s);
/* Narrows by the index where the filter demands that a searched field contains something. */
CHECKED Status filter_needles(Base *b, const Expr *filter);
/* Fixed address: the scope points into it. */
CHECKED Status filter_begin(Ctx *cx, const Object *o, const Expr *filter, Base **ret);
CHECKED Status filter_begin_of(Ctx *cx, const Object *o, const ListQuery *q, const Expr *filter,
                               Base **ret);
/* Without the predicate: what is read was found by it. */
Base *filter_bare(Ctx *cx, const Object *o);
CHECKED Status filter_parent(Base *b, const Field *field, const Object *of, Id parent);
void filter_from(const Base *b, Sql *out); /* " FROM {accounts} t0 LEFT JOIN … WHERE …" */
/* The same table once more in b's statement, without conditions: joined by id to rows of b. */
Base *filter_again(Base *b);
/* The table reference itself. */
void filter_rows(const Base *b, Sql *out);
CHECKED Status filter_prepare(Ctx *cx, const Sql *q, Stmt **ret); /* prepares and binds */

typedef struct QueryLines { /* relations of an expand */
    const Relation *v[QUERY_MAX_EXPAND];
    size_t n;
} QueryLines;
/* query_list.c: the items of the first page alone, as an array. */
CHECKED Status query_items(Ctx *cx, const Object *o, const ListQuery *q, Buf *out);

/* ---- path.c: names like account.region.name */
typedef struct Path {
    const Field *field;
    int alias;   /* of the table that has the field */
    size_t hops; /* links followed */
} Path;
/* Unknown or hidden names are 400 bad_parameter on `param` with the nearest name. */
CHECKED Status path_resolve(Ctx *cx, SqlScope *scope, Str text, const char *param, Path *ret);
/* The value to compare, sort and add up: column, sort key, base amount, formula as SQL. */
typedef enum PathUse { PATH_VALUE, PATH_SORT } PathUse;
CHECKED Status path_sql(Ctx *cx, SqlScope *scope, const Path *p, PathUse use, Sql *out,
                        DbType *ret_type);
bool path_visible(const Ctx *cx, const Field *f);
bool path_masked(const Ctx *cx, const Field *f); /* not visible, but shown by its mask */
Status path_unknown(Ctx *cx, const Object *o, Str name, const char *param);
/* Says which parameter the failure just set (FAIL ST_MALFORMED) is about; gives the status back. */
Status path_bad(Ctx *cx, const char *param, Status failed);

/* ---- formula.c: fields that are computed. Their SQL is that of their name in an expression. */
CHECKED Status formula_sql(Ctx *cx, const Field *f, SqlScope *scope, Sql *out, DbType *ret_type);
/* Numbers come at the field's scale; money in the organisation's currency. */
void formula_load(const Ctx *cx, const Field *f, const Stmt *q, int col, Value *ret);

/* ---- shape.c: columns of a row and the JSON they become */
typedef enum ShapeForm {
    SHAPE_VALUE,
    SHAPE_SECRET, /* in plain, for who has the right; the record's id stands in title_col */
    SHAPE_FORMULA,
    SHAPE_LINK,
    SHAPE_LINKS,
    SHAPE_ANY, /* any_link */
    SHAPE_FILE,
    SHAPE_FILES,
} ShapeForm;
typedef struct ShapeField {
    Str key; /* "name": as it stands in the JSON, with the comma before */
    const Field *field;
    Path path;
    ShapeForm form;
    int col;                  /* first column of the row */
    int title_col, code_col;  /* links; -1: none */
    struct ShapeField *inner; /* expanded */
    size_t n_inner;
    bool masked;
    bool spliced; /* SHAPE_LINK: its title comes after the page, as those of SHAPE_LINKS do */
} ShapeField;

typedef struct ShapeSplice { /* where what is told of a record goes */
    size_t at;               /* offset in the rows' text */
    Id id;
    size_t links; /* which of Shape.links */
    bool any;     /* names its object */
} ShapeSplice;
typedef struct ShapeLinks { /* records told after the page, by object */
    const Object *to;
    bool files;
    VEC(Id) ids;
} ShapeLinks;

typedef struct Shape {
    Ctx *cx;
    ShapeField *fields;
    size_t n_fields;
    Sql select; /* column list */
    int columns;
    bool has_links;
    VEC(ShapeLinks) links;
    VEC(ShapeSplice) splices;
} Shape;
CHECKED Status shape_build(Base *b, Str fields, Str expand, Shape *ret);
/* One more column of ours (sort keys); gives its index. */
int shape_column(Shape *s, const Sql *expression);
/* {"id":…,…}; links wait for splice_finish. */
void shape_row(Shape *s, const Stmt *q, Buf *out);

/* ---- title.c: titles of records */
/* Columns of a joined record's title and code. */
void title_write(Ctx *cx, const Object *o, const Stmt *q, int col,
                 Buf *out);                                             /* JSON string or null */
Str title_text(Ctx *cx, const Object *o, const Stmt *q, int col);       /* STR_NULL if null */
void title_select(const Ctx *cx, const Object *o, int alias, Sql *out); /* one column */
const Field *title_english(const Ctx *cx, const Object *o);             /* NULL: has none */
bool title_is_text(const Field *f);
typedef struct TitleRow {
    Id id;
    Str title, code;  /* STR_NULL: not visible or none */
    int64_t position; /* of coded records; 0: none */
    Str sort_key;     /* room for whoever sorts */
} TitleRow;
/* Sorted by id without repeats; found rows only. */
CHECKED Status title_load(Ctx *cx, const Object *o, const Id *ids, size_t n, TitleRow **ret,
                          size_t *ret_n);
const TitleRow *title_find(const TitleRow *rows, size_t n, Id id);
/* {["object":…,]"id":…,"title":…[,"code":…]} */
void title_json(const Object *o, Id id, const TitleRow *row, bool any, Buf *out);

/* ---- file.c: files as records show them. Who sees the record sees its files: no predicate. */
typedef struct FileRow {
    Id id;
    Str name, type;
    int64_t size;
} FileRow;
/* Sorted by id without repeats; found rows only. */
CHECKED Status file_load(Ctx *cx, const Id *ids, size_t n, FileRow **ret, size_t *ret_n);
/* {"id","name","size","type","url"} */
void file_json(const FileRow *rows, size_t n, Id id, Buf *out);

/* ---- splice.c: what is told of records after a page was read */
void splice_mark(Shape *s, const Object *to, bool files, bool any, Id id, const Buf *out);
/* Appends rows to out with what was left out of them (one statement per object). */
CHECKED Status splice_finish(Shape *s, const Buf *rows, Buf *out);

/* ---- sort.c */
typedef struct SortKey {
    Path path;
    bool down, nullable;
    DbType type;
    Sql sql; /* the expression; may stand in the text several times */
    int col; /* in the row */
} SortKey;
typedef struct Sort {
    SortKey keys[QUERY_MAX_SORT + 1]; /* the last one is always the id */
    size_t n;
} Sort;
CHECKED Status sort_parse(Base *b, Str text, Sort *ret);
bool sort_has_index(const Base *b, const Sort *s); /* the first key begins one */
typedef enum SortRange { SORT_ALL, SORT_VALUES, SORT_NULLS } SortRange; /* of the first key */
void sort_range(const Sort *s, SortRange range, Sql *out);
/* " AND …": what comes after these key values. */
void sort_after(const Sort *s, SortRange range, const DbVal *values, Sql *out);
void sort_order(const Sort *s, SortRange range, Sql *out);

/* ---- view.c: what a saved view adds to a list */
CHECKED Status view_apply(Ctx *cx, const Object *o, ListQuery *q);

/* ---- cursor.c */
/* Binds a cursor to what was asked. */
uint64_t cursor_hash(const Ctx *cx, const Object *o, const ListQuery *q);
void cursor_take(Arena *a, const Sort *s, const Stmt *q, DbVal *values); /* key values of a row */
void cursor_encode(const Ctx *cx, uint64_t hash, const DbVal *values, size_t n, Buf *out);
/* The change that a cursor of the past holds on to; 0: none. */
Id cursor_as_of(Ctx *cx, Str text);
/* 400 bad_parameter unless it is one of ours for this very list. */
CHECKED Status cursor_decode(Ctx *cx, Str text, uint64_t hash, const Sort *s, DbVal *values);
