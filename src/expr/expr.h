/* SPDX-License-Identifier: Apache-2.0 */
/* expr: the expression language (CONTRACT 1). Typed, small, total.
 *
 * expr_parse gives an immutable, typed tree in the arena. Two back ends must agree: expr_eval (one
 * record in memory) and expr_sql (sets). Errors are ST_MALFORMED "bad_expression" with the
 * character offset (code points) in err.fields[0].at and the nearest visible names as suggestion.
 *   ExprScope sc = {.object = o, .names = &env}; const Expr *e;
 *   TRY(expr_parse(cx, text, &sc, EXPR_CONDITION, &e)); TRY(expr_sql(cx, e, &scope, &where)); */
#pragma once
#include "meta/sql.h"

typedef struct Expr Expr;

typedef enum ExprUse {
    EXPR_CONDITION, /* must be boolean; filter keeps what is true */
    EXPR_VALUE,     /* any scalar (formula, template) */
} ExprUse;

/* What names mean beside the catalogue; handed in by upper layers. Any member may be NULL. */
typedef struct ExprNames {
    void *arg;
    bool (*visible)(void *arg, const Field *f); /* names the user may not see are unknown */
    /* Ids of the rows of a coded object with this code (several pipelines share stage codes). */
    Status (*code_ids)(void *arg, Ctx *cx, const Object *o, Str code, const Id **ret,
                       size_t *ret_n);
    /* All codes, for the nearest-name suggestion. */
    Status (*codes)(void *arg, Ctx *cx, const Object *o, const Str **ret, size_t *ret_n);
} ExprNames;

typedef struct ExprScope {
    const Object *object; /* whose fields the names are; NULL: no names */
    const ExprNames *names;
    bool is_rule; /* changed(), old(), is_new() allowed */
} ExprScope;

/* Text ≤ 8 KiB, ≤ 200 nodes, nesting ≤ 64, any() in any() ≤ 4 deep. */
CHECKED Status expr_parse(Ctx *cx, Str text, const ExprScope *scope, ExprUse use, const Expr **ret);
/* Type of the result; scale for decimals and money. */
FieldKind expr_result(const Expr *e, int *ret_scale);
/* Fields read directly from the scope's object (for dependencies); bit per field index. */
void expr_fields(const Expr *e, uint64_t *bits, size_t words);
bool expr_is_null_safe(const Expr *e);
/* Every `field ~ "text"` that must hold for the condition to hold (fields of the object itself,
 * compared folded). */
CHECKED Status expr_each_contains(Ctx *cx, const Expr *e,
                                  Status (*fn)(void *arg, const Field *f, Str text), void *arg);

/* ---- memory */
typedef struct ExprRow {
    void *arg;
    const Value *values;     /* by field index of the scope's object; NULL entries never */
    const Value *old_values; /* for old(), changed(); NULL: new record */
    /* The values of the record behind a link (rights applied: NULL when invisible or absent). */
    Status (*follow)(void *arg, Ctx *cx, const Field *link, Id id, const Value **ret_values);
    /* Child records of a relation that the reader may see, for any/all/none/count/sum … Records
     * behind a links field of the record are followed one by one instead. */
    Status (*children)(void *arg, Ctx *cx, const Object *of, Str relation, Id id,
                       const Object **ret_child, const Value ***ret_rows, size_t *ret_n);
} ExprRow;
CHECKED Status expr_eval(Ctx *cx, const Expr *e, const ExprRow *row, Value *ret);
/* The value of a formula field of the row's object, as its declared result. */
CHECKED Status expr_formula(Ctx *cx, const Field *formula, const ExprRow *row, Value *ret);
/* Three-valued: *ret_true only if the condition is true (null counts as false). */
CHECKED Status expr_is_true(Ctx *cx, const Expr *e, const ExprRow *row, bool *ret_true);

/* ---- sets: writes the SQL of e into `out`, joining through `scope`. */
CHECKED Status expr_sql(Ctx *cx, const Expr *e, SqlScope *scope, Sql *out);

/* e as a conjunction of `field = constant` and `field in (constants)` over fields of its own object, codes
 * of coded lists looked up; up to max. *ret_whole: that is all it says. */
typedef struct ExprEqual {
    const Field *field;
    VEC(Value) values; /* any of them; none: nothing is equal */
} ExprEqual;
CHECKED Status expr_equal(Ctx *cx, const Expr *e, ExprEqual *ret, size_t max, size_t *ret_n,
                          bool *ret_whole);

/* ---- time buckets, the same in filters and aggregates (integer arithmetic, one text on both engines) */
typedef enum ExprBucket {
    BUCKET_DAY,
    BUCKET_WEEK,
    BUCKET_MONTH,
    BUCKET_QUARTER,
    BUCKET_YEAR
} ExprBucket;
/* The day in zone z of the instant `ms` (a fragment giving ms UTC: a bare column is best, its text
 * is repeated for zones with few steps). */
void expr_sql_local_day(Sql *q, const Sql *ms, const Zone *z);
/* Number of the bucket that holds the day number `day`: day, weeks (from Monday), year × 12 + month
 * − 1, year × 4 + quarter − 1, year. Ascending in time; years 1…9999. */
void expr_sql_bucket(Sql *q, const Sql *day, ExprBucket unit);
int64_t expr_bucket_of(int64_t day, ExprBucket unit);
int64_t expr_bucket_day(int64_t bucket, ExprBucket unit); /* its first day */

/* Canonical text of the tree (parses to the same tree). */
void expr_text(const Expr *e, Buf *out);
/* For the UI's filter builder: {"op":"and","args":[…]}. */
void expr_json(const Expr *e, Buf *out);

/* The text that such a tree stands for; ST_MALFORMED names the part that is none. */
CHECKED Status expr_from_json(Ctx *cx, const json_t *tree, Buf *out);
/* Name of the result's type as fields declare it; "real", "null", "link" … */
const char *expr_type(const Expr *e);

/* ---- for who writes an expression: what could stand at the code point `at` of an unfinished text */
typedef struct ExprCompletion {
    Str text, label, type; /* label, type: empty if none */
    const char *kind;      /* field relation function keyword operator code */
} ExprCompletion;
typedef struct ExprCompletions {
    ExprCompletion *v;
    size_t n, cap;
    size_t from; /* code point: the text from here to `at` is replaced */
} ExprCompletions;
void expr_complete(Ctx *cx, Str text, size_t at, const ExprScope *scope, ExprCompletions *ret);

/* ---- rollups (expr_rollup.c), compiled by expr_compile_meta */
const Field *expr_rollup_link(const Field *f); /* link that ties the records, or own links field */
const Object *expr_rollup_child(const Field *f); /* whose records are added up */
bool expr_rollup_is_own(const Field *f);         /* the records behind an own links field */
void expr_rollup_fields(const Field *f, uint64_t *bits,
                        size_t words); /* of the child, read by it */
typedef enum ExprFold { FOLD_COUNT, FOLD_SUM, FOLD_AVG, FOLD_MIN, FOLD_MAX } ExprFold;
ExprFold expr_rollup_fold(const Field *f);
/* Whether a record's share in the figure is known from its own values alone, and exact, so that a change
 * can be told by the difference. */
bool expr_rollup_adds(const Field *f);
/* The figure as SQL over a scope of its object, over all records, whoever asks; in memory. */
CHECKED Status expr_rollup_sql(Ctx *cx, const Field *f, SqlScope *scope, Sql *out);
/* The figure as it is read: stored beside the record; under cx->as_of, of which nothing is stored, from
 * what stood then. Null where there is no record under the alias. */
CHECKED Status expr_rollup_read(Ctx *cx, const Field *f, SqlScope *scope, int alias, Sql *out);
CHECKED Status expr_rollup_value(Ctx *cx, const Field *f, const ExprRow *row, Value *ret);
/* One of its derived columns: 0 the figure, 1 how many values it is of, 2 their exact sum. */
CHECKED Status expr_rollup_part_sql(Ctx *cx, const Field *f, int part, SqlScope *scope, Sql *out);
/* The figure of a sum or average as SQL out of the exact sum and the number of its values. */
void expr_rollup_of_parts(Ctx *cx, const Field *f, SqlScope *scope, const Sql *sum, const Sql *n,
                          Sql *out);
/* What a record with these values adds: nothing (*ret_counts false), or its value: of sums and averages
 * at the scale of the exact sum, of extremes as the figure is stored, of counts 1. */
CHECKED Status expr_rollup_share(Ctx *cx, const Field *f, const Value *child, bool *ret_counts,
                                 int64_t *ret);

/* MetaHooks.compile: compiles formulas, rules and *_when of all objects into the catalogue. */
Status expr_compile_meta(void *arg, Ctx *cx, Meta *m);
