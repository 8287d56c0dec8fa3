/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the back end for sets share: writing SQL. */
#pragma once
#include "expr/expr_internal.h"

typedef struct With { /* parts of a value that would nest too deep, each under a name of its own */
    Sql list;
    size_t n;
} With;
typedef struct Emit {
    Ctx *cx;
    SqlScope *scope;
    int alias; /* of the record that names mean: the scope's or, in a formula, a joined one */
    const Object *object;
    struct Emit *around;
    int formulas; /* depth */
    int rows;     /* depth of any(), count() … around */
    bool in_sum;  /* inside exact arithmetic, which is checked for overflow at its root */
    With *with;   /* of this row: expr_sql_whole opens one */
} Emit;
typedef struct
    Let { /* a value written several times: bound once in a subquery unless it is a bare one */
    Sql value;
    bool bound;
    int alias;
    Sql source;
} Let;
CHECKED Status expr_sql_node(Emit *m, const Expr *e, Sql *out);
/* A whole value of one row: (WITH deep parts SELECT value) where there are any, else the value. */
CHECKED Status expr_sql_whole(Emit *m, const Expr *e, Sql *out);
CHECKED Status expr_sql_as(Emit *m, const Expr *e, ValueType t, int scale, Sql *out);
CHECKED Status expr_sql_call(Emit *m, const Expr *e, Sql *out);
CHECKED Status expr_sql_rows(Emit *m, const Expr *e, Sql *out);
CHECKED Status expr_sql_let(Emit *m, const Expr *e, ValueType t, int scale, Sql *out, Let *ret);
void expr_sql_let_fragment(Emit *m, const Sql *value, bool bare, Sql *out, Let *ret);
void expr_sql_let_end(const Let *l, Sql *out);
CHECKED Status expr_sql_path_alias(Emit *m, const Expr *e, size_t hops, Emit **ret_at,
                                   int *ret_alias);
bool expr_sql_is_bare(const Expr *e);
/* Gives `text`, e's value, a name of its own if it nests so deep that `room` more is too much. */
CHECKED Status expr_sql_flat(Emit *m, const Expr *e, int room, Sql *text);
CHECKED Status expr_sql_links(Emit *m, const Expr *e, Sql *out);
CHECKED Status expr_sql_codes(Emit *m, const Expr *e, Sql *out);
CHECKED Status expr_sql_text_test(Emit *m, const Expr *e, Sql *out);
CHECKED Status expr_sql_compare(Emit *m, const Expr *e, Sql *out);
void expr_sql_round(Emit *m, const Sql *value, ValueType from, int from_scale, int scale, Sql *out);
CHECKED Status expr_sql_value(Emit *m, const Value *v, ValueType t, Sql *out);
CHECKED Status expr_sql_constant(Emit *m, const Expr *e, ValueType t, int scale, Sql *out);
void expr_sql_scale_up(const Sql *value, int digits, Sql *out);
CHECKED Status expr_sql_date_call(Emit *m, const Expr *e, Sql *out);
CHECKED Status expr_sql_text_call(Emit *m, const Expr *e, Sql *out);
/* Adds " matches pattern" behind a text: contains, starts or ends with the constant, folded. False
 * (and nothing) if the constant is too long for one. */
bool expr_sql_chars_pattern(Emit *m, ExprOp op, Str constant, Sql *out);
CHECKED Status expr_sql_chars_fold(Emit *m, const Expr *e, Sql *out); /* text e as fold_chars */
CHECKED Status expr_sql_chars_pinyin(Emit *m, const Expr *e, Sql *out);
void expr_sql_start_of_local(Sql *q, const Sql *day,
                             const Zone *z); /* instant a local day begins */
void expr_sql_hour(Sql *q, const Sql *ms, const Zone *z);
void expr_sql_day_of_month(Sql *q, const Sql *day);
void expr_sql_first_of_month(Sql *q, const Sql *month); /* number as BUCKET_MONTH → day */

/* ---- what differs between the engines: expr_dialect.c and nowhere else */
void expr_dialect_find(DbKind kind, const Sql *text, const Sql *part,
                       Sql *out);      /* 1-based, 0: not in */
int expr_dialect_nesting(DbKind kind); /* how deep a text may nest, as expr_sql.c counts it */
const char *expr_dialect_bytewise(DbKind kind); /* behind a text: compared by its bytes */
const char *expr_dialect_matches(DbKind kind);  /* operator in front of a pattern */
const char *expr_dialect_pattern_start(DbKind kind, ExprOp op);
const char *expr_dialect_pattern_end(DbKind kind, ExprOp op);
void expr_dialect_code_point(DbKind kind, const Sql *character, Sql *out);
/* `width` bytes of a blob from the 1-based place `at`, as text. */
void expr_dialect_bytes(DbKind kind, const Sql *blob, const Sql *at, size_t width, Sql *out);
/* A whole number that has left int64 is an error: on SQLite it has become a real one. `v` is bare. */
void expr_dialect_exact(DbKind kind, const Sql *v, Sql *out);
bool expr_dialect_overflows(DbKind kind); /* silently */
void expr_dialect_extreme(DbKind kind, bool max, const Sql *args, size_t n, Sql *out);
void expr_dialect_fold_ascii(DbKind kind, bool upper, const Sql *text, Sql *out);
