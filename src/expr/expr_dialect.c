/* SPDX-License-Identifier: Apache-2.0 */
/* The dialect table of the expression compiler: everything in which SQLite and PostgreSQL differ.
 * What is not here means the same on both: / and % truncate towards zero on whole numbers, substr
 * and length count characters, CAST(… AS double precision) and CAST(… AS bigint), floor, trunc,
 * trim(text, characters), replace, coalesce, NULLIF, IS NOT TRUE; three-valued logic. Booleans are
 * bound as such, so no literal of either engine is needed. */
#include "expr/expr_emit.h"
#include <limits.h>

typedef struct Dialect {
    const char *find, *bytes;
    int nesting;
} Dialect;

/* lower() of SQLite knows ASCII alone; PostgreSQL's does so under the collation "C". The stack of
 * SQLite's parser holds 100 words that wait for their end. */
static const Dialect DIALECTS[] = {
    [DB_SQLITE] = {.find = "instr(", .bytes = "", .nesting = 36},
    [DB_POSTGRES] = {.find = "strpos(", .bytes = " COLLATE \"C\"", .nesting = INT_MAX},
};

const char *expr_dialect_bytewise(DbKind kind) { return DIALECTS[kind].bytes; }

int expr_dialect_nesting(DbKind kind) { return DIALECTS[kind].nesting; }

void expr_dialect_find(DbKind kind, const Sql *text, const Sql *part, Sql *out)
{
    buf_str_add(&out->text, str_of(DIALECTS[kind].find));
    sql_append(out, text);
    sql_lit(out, ", ");
    sql_append(out, part);
    sql_lit(out, ")");
}

void expr_dialect_fold_ascii(DbKind kind, bool upper, const Sql *text, Sql *out)
{
    if (upper)
        sql_lit(out, "upper(");
    else
        sql_lit(out, "lower(");
    sql_append(out, text);
    buf_str_add(&out->text, str_of(DIALECTS[kind].bytes));
    sql_lit(out, ")");
}

/* ---- patterns: the constant's characters as classes, expr_sql_chars.c */
const char *expr_dialect_matches(DbKind kind) { return kind == DB_SQLITE ? " GLOB " : " ~ "; }

const char *expr_dialect_pattern_start(DbKind kind, ExprOp op)
{
    if (kind == DB_SQLITE)
        return op == OP_STARTS ? "" : "*";
    return op == OP_STARTS ? "\\A" : "";
}

const char *expr_dialect_pattern_end(DbKind kind, ExprOp op)
{
    if (kind == DB_SQLITE)
        return op == OP_ENDS ? "" : "*";
    return op == OP_ENDS ? "\\Z" : "";
}

/* ---- characters and bytes */
void expr_dialect_code_point(DbKind kind, const Sql *character, Sql *out)
{
    buf_str_add(&out->text, kind == DB_SQLITE ? STR("unicode(") : STR("ascii("));
    sql_append(out, character);
    sql_lit(out, ")");
}

void expr_dialect_bytes(DbKind kind, const Sql *blob, const Sql *at, size_t width, Sql *out)
{
    buf_str_add(&out->text, kind == DB_SQLITE ? STR("CAST(substr(") : STR("convert_from(substr("));
    sql_append(out, blob);
    sql_lit(out, ", ");
    sql_append(out, at);
    sql_lit(out, ", ");
    sql_number(out, (int64_t)width);
    buf_str_add(&out->text, kind == DB_SQLITE ? STR(") AS text)") : STR("), 'UTF8')"));
}

/* ---- overflow: an error on PostgreSQL; on SQLite a sum that leaves int64 becomes a real number, and
 * abs() of the least int64 is the one error that an expression can raise there. */
bool expr_dialect_overflows(DbKind kind) { return kind == DB_SQLITE; }

void expr_dialect_exact(DbKind kind, const Sql *v, Sql *out)
{
    if (kind != DB_SQLITE) {
        sql_append(out, v);
        return;
    }
    sql_lit(out, "(");
    sql_append(out, v);
    sql_lit(out, " + 0 * abs(-9223372036854775807 - (typeof(");
    sql_append(out, v);
    sql_lit(out, ") = 'real')))");
}

static void write_list(const Sql *args, size_t n, const char *between, Sql *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_str_add(&out->text, str_of(between));
        sql_append(out, &args[i]);
    }
}

/* Null as soon as one is null: so SQLite's min(a, b); PostgreSQL's least() leaves nulls out. */
void expr_dialect_extreme(DbKind kind, bool max, const Sql *args, size_t n, Sql *out)
{
    const char *name = max ? "max" : "min";
    if (kind == DB_SQLITE) {
        buf_str_add(&out->text, str_of(name));
        sql_lit(out, "(");
        write_list(args, n, ", ", out);
        sql_lit(out, ")");
        return;
    }
    sql_lit(out, "(SELECT CASE WHEN count(v) = ");
    sql_number(out, (int64_t)n);
    sql_lit(out, " THEN ");
    buf_str_add(&out->text, str_of(name));
    sql_lit(out, "(v) END FROM (VALUES (");
    write_list(args, n, "), (", out);
    sql_lit(out, ")) AS q(v))");
}
