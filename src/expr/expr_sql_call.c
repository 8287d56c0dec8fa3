/* SPDX-License-Identifier: Apache-2.0 */
/* Functions as SQL, of numbers and choices between values; text and dates have files of their own. */
#include "expr/expr_emit.h"

static Status write_abs(Emit *m, const Expr *e, Sql *out)
{
    sql_lit(out, "abs(");
    TRY(expr_sql_node(m, e->args[0], out));
    sql_lit(out, ")");
    return ST_OK;
}

static void write_whole_real(const Sql *value, bool up, Sql *out)
{
    if (up)
        sql_lit(out, "CAST(ceil(");
    else
        sql_lit(out, "CAST(floor(");
    sql_append(out, value);
    sql_lit(out, ") AS bigint)");
}

/* Division of whole numbers cuts towards zero: one less below zero for floor, one more above it
 * for ceil, unless nothing was cut off. */
static Status write_whole(Emit *m, const Expr *e, Sql *out)
{
    const Expr *a = e->args[0];
    bool up = e->call->fn == FN_CEIL;
    Sql value = sql_fragment(out);
    if (a->t == V_REAL || a->scale == 0) {
        TRY(expr_sql_node(m, a, &value));
        if (a->t == V_REAL)
            write_whole_real(&value, up, out);
        else
            sql_append(out, &value);
        return ST_OK;
    }
    Let x;
    TRY(expr_sql_let(m, a, (ValueType)a->t, a->scale, out, &x));
    sql_lit(out, "(");
    sql_append(out, &x.value);
    sql_lit(out, " / ");
    sql_number(out, decimal_pow10(a->scale));
    if (up)
        sql_lit(out, " + CASE WHEN 0 < ");
    else
        sql_lit(out, " - CASE WHEN 0 > ");
    sql_append(out, &x.value);
    sql_lit(out, " % ");
    sql_number(out, decimal_pow10(a->scale));
    sql_lit(out, " THEN 1 ELSE 0 END)");
    expr_sql_let_end(&x, out);
    return ST_OK;
}

static Status write_round(Emit *m, const Expr *e, Sql *out)
{
    const Expr *a = e->args[0];
    Sql value = sql_fragment(out);
    TRY(expr_sql_node(m, a, &value));
    expr_sql_round(m, &value, (ValueType)a->t, a->scale, e->scale, out);
    return ST_OK;
}

static Status write_extreme(Emit *m, const Expr *e, Sql *out)
{
    Sql *args = ARENA_ARRAY(m->cx->arena, Sql, e->n);
    for (size_t i = 0; i < e->n; i++) {
        args[i] = sql_fragment(out);
        TRY(expr_sql_as(m, e->args[i], (ValueType)e->t, e->scale, &args[i]));
    }
    expr_dialect_extreme(m->scope->dialect, e->call->fn == FN_MAX, args, e->n, out);
    return ST_OK;
}

static Status write_coalesce(Emit *m, const Expr *e, Sql *out)
{
    if (e->n == 1)
        return expr_sql_node(m, e->args[0], out);
    sql_lit(out, "coalesce(");
    for (size_t i = 0; i < e->n; i++) {
        if (i)
            sql_lit(out, ", ");
        TRY(expr_sql_as(m, e->args[i], (ValueType)e->t, e->scale, out));
    }
    sql_lit(out, ")");
    return ST_OK;
}

static Status write_choice(Emit *m, const Expr *e, Sql *out)
{
    size_t i = 0;
    sql_lit(out, "(CASE");
    for (; i + 1 < e->n; i += 2) {
        sql_lit(out, " WHEN ");
        TRY(expr_sql_node(m, e->args[i], out));
        sql_lit(out, " THEN ");
        TRY(expr_sql_as(m, e->args[i + 1], (ValueType)e->t, e->scale, out));
    }
    sql_lit(out, " ELSE ");
    TRY(expr_sql_as(m, e->args[i], (ValueType)e->t, e->scale, out));
    sql_lit(out, " END)");
    return ST_OK;
}

static bool is_text_function(ExprFn fn)
{
    static const ExprFn TEXT[] = {FN_LOWER,   FN_UPPER, FN_LEFT,   FN_RIGHT, FN_CONCAT,
                                  FN_REPLACE, FN_TRIM,  FN_LENGTH, FN_PINYIN};
    for (size_t i = 0; i < COUNT_OF(TEXT); i++)
        if (TEXT[i] == fn)
            return true;
    return false;
}

Status expr_sql_call(Emit *m, const Expr *e, Sql *out)
{
    switch (e->call->fn) {
    case FN_ABS: return write_abs(m, e, out);
    case FN_FLOOR:
    case FN_CEIL: return write_whole(m, e, out);
    case FN_ROUND: return write_round(m, e, out);
    case FN_MIN:
    case FN_MAX: return write_extreme(m, e, out);
    case FN_COALESCE: return write_coalesce(m, e, out);
    case FN_IF:
    case FN_CASE: return write_choice(m, e, out);
    case FN_CHANGED:
    case FN_OLD:
    case FN_IS_NEW:
        return expr_fail(
            m->cx, e->at,
            text_in(m->cx, "expr.rules_only", "%s() works in rules only", e->call->name));
    default: break;
    }
    return is_text_function(e->call->fn) ? expr_sql_text_call(m, e, out)
                                         : expr_sql_date_call(m, e, out);
}
