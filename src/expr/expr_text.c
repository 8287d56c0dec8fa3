/* SPDX-License-Identifier: Apache-2.0 */
/* A tree as text again: canonical, with the parentheses that it needs; it parses to the same tree. */
#include "expr/expr_internal.h"

typedef enum Level { /* of the grammar, loosest first */
                     LEVEL_OR,
                     LEVEL_AND,
                     LEVEL_NOT,
                     LEVEL_COMPARE,
                     LEVEL_SUM,
                     LEVEL_PRODUCT,
                     LEVEL_UNARY,
                     LEVEL_PRIMARY,
} Level;

static void write_node(const Expr *e, Level least, Buf *out);

/* "not in", "is not null": the negation is written inside. */
static bool is_inner_negation(const Expr *e)
{
    if (e->op != OP_NOT)
        return false;
    ExprOp op = (ExprOp)e->args[0]->op;
    return op == OP_IN || op == OP_MEMBER || op == OP_IS_NULL;
}

static bool is_negative(const Expr *e)
{
    return e->op == OP_LITERAL && (e->lit.t == V_INT || e->lit.t == V_DECIMAL) && e->lit.i < 0;
}

static Level level_of(const Expr *e)
{
    switch ((ExprOp)e->op) {
    case OP_OR: return LEVEL_OR;
    case OP_AND: return LEVEL_AND;
    case OP_NOT: return is_inner_negation(e) ? LEVEL_COMPARE : LEVEL_NOT;
    case OP_ADD:
    case OP_SUB: return LEVEL_SUM;
    case OP_MUL:
    case OP_DIV:
    case OP_MOD: return LEVEL_PRODUCT;
    case OP_NEG: return LEVEL_UNARY;
    case OP_LITERAL: return is_negative(e) ? LEVEL_UNARY : LEVEL_PRIMARY;
    case OP_PATH:
    case OP_CALL: return LEVEL_PRIMARY;
    default: return LEVEL_COMPARE;
    }
}

static void write_quoted(const Value *v, Buf *out)
{
    buf_char(out, '"');
    if (v->t == V_DATE)
        calendar_write_date(out, v->i);
    else if (v->t == V_TIME)
        calendar_write_datetime(out, v->i);
    else if (v->t == V_DURATION)
        duration_write(out, v->i);
    else
        buf_int(out, v->i);
    buf_char(out, '"');
}

static void write_literal(const Value *v, Buf *out)
{
    switch ((ValueType)v->t) {
    case V_NULL: buf_lit(out, "null"); break;
    case V_BOOL: buf_json_bool(out, v->b); break;
    case V_TEXT: buf_json_str(out, v->s); break;
    case V_INT: buf_int(out, v->i); break;
    case V_DECIMAL: buf_decimal(out, v->i, v->scale); break;
    default: write_quoted(v, out); break;
    }
}

static void write_path(const Expr *e, Buf *out)
{
    if (e->outer)
        buf_lit(out, "outer.");
    for (size_t i = 0; i < e->n_names; i++) {
        if (i)
            buf_char(out, '.');
        buf_str_add(out, e->names[i]);
    }
}

static void write_list(const Expr *e, size_t from, Buf *out)
{
    buf_char(out, '(');
    for (size_t i = from; i < e->n; i++) {
        if (i > from)
            buf_lit(out, ", ");
        write_node(e->args[i], LEVEL_OR, out);
    }
    buf_char(out, ')');
}

static const char *sign_of(ExprOp op)
{
    static const char *const SIGNS[] = {
        [OP_AND] = " and ",    [OP_OR] = " or ",         [OP_EQ] = " = ",      [OP_NE] = " != ",
        [OP_LT] = " < ",       [OP_LE] = " <= ",         [OP_GT] = " > ",      [OP_GE] = " >= ",
        [OP_CONTAINS] = " ~ ", [OP_STARTS] = " starts ", [OP_ENDS] = " ends ", [OP_ADD] = " + ",
        [OP_SUB] = " - ",      [OP_MUL] = " * ",         [OP_DIV] = " / ",     [OP_MOD] = " % ",
    };
    return SIGNS[op];
}

static void write_chain(const Expr *e, Level inner, Buf *out)
{
    for (size_t i = 0; i < e->n; i++) {
        if (i)
            buf_str_add(out, str_of(sign_of((ExprOp)e->op)));
        write_node(e->args[i], inner, out);
    }
}

static void write_pair(const Expr *e, Level left, Level right, Buf *out)
{
    write_node(e->args[0], left, out);
    buf_str_add(out, str_of(sign_of((ExprOp)e->op)));
    write_node(e->args[1], right, out);
}

/* in, is null, between; the first two with their negation. */
static void write_test(const Expr *e, bool negated, Buf *out)
{
    write_node(e->args[0], LEVEL_SUM, out);
    if (e->op == OP_IS_NULL) {
        buf_str_add(out, negated ? STR(" is not null") : STR(" is null"));
        return;
    }
    if (e->op == OP_BETWEEN) {
        buf_lit(out, " between ");
        write_node(e->args[1], LEVEL_SUM, out);
        buf_lit(out, " and ");
        write_node(e->args[2], LEVEL_SUM, out);
        return;
    }
    buf_str_add(out, negated ? STR(" not in ") : STR(" in "));
    if (e->op == OP_MEMBER)
        write_node(e->args[1], LEVEL_PRIMARY, out);
    else
        write_list(e, 1, out);
}

static void write_negative(const Expr *e, Buf *out)
{
    const Expr *a = e->args[0];
    bool number = a->op == OP_LITERAL && (a->lit.t == V_INT || a->lit.t == V_DECIMAL);
    buf_char(out, '-');
    if (number)
        buf_char(out, '(');
    write_node(a, number ? LEVEL_OR : LEVEL_PRIMARY, out);
    if (number)
        buf_char(out, ')');
}

static void write_bare(const Expr *e, Buf *out)
{
    switch ((ExprOp)e->op) {
    case OP_LITERAL: write_literal(&e->lit, out); break;
    case OP_PATH: write_path(e, out); break;
    case OP_CALL:
        buf_str_add(out, e->names[0]);
        write_list(e, 0, out);
        break;
    case OP_OR: write_chain(e, LEVEL_AND, out); break;
    case OP_AND: write_chain(e, LEVEL_NOT, out); break;
    case OP_NOT:
        if (is_inner_negation(e)) {
            write_test(e->args[0], true, out);
            break;
        }
        buf_lit(out, "not ");
        write_node(e->args[0], LEVEL_COMPARE, out);
        break;
    case OP_NEG: write_negative(e, out); break;
    case OP_ADD:
    case OP_SUB: write_pair(e, LEVEL_SUM, LEVEL_PRODUCT, out); break;
    case OP_MUL:
    case OP_DIV:
    case OP_MOD: write_pair(e, LEVEL_PRODUCT, LEVEL_UNARY, out); break;
    case OP_IN:
    case OP_MEMBER:
    case OP_BETWEEN:
    case OP_IS_NULL: write_test(e, false, out); break;
    default: write_pair(e, LEVEL_SUM, LEVEL_SUM, out); break;
    }
}

static void write_node(const Expr *e, Level least, Buf *out)
{
    bool enclosed = level_of(e) < least;
    if (enclosed)
        buf_char(out, '(');
    write_bare(e, out);
    if (enclosed)
        buf_char(out, ')');
}

void expr_text(const Expr *e, Buf *out) { write_node(e, LEVEL_OR, out); }
