/* SPDX-License-Identifier: Apache-2.0 */
/* A tree as JSON for the filter builder of the UI:
 * {"op":"and","args":[{"op":"=","args":[{"field":"stage"},{"value":"won"}]},{"call":"me","args":[]}]} */
#include "expr/expr_internal.h"

static const char *op_name(ExprOp op)
{
    static const char *const NAMES[] = {
        [OP_AND] = "and", [OP_OR] = "or",      [OP_NOT] = "not",         [OP_EQ] = "=",
        [OP_NE] = "!=",   [OP_LT] = "<",       [OP_LE] = "<=",           [OP_GT] = ">",
        [OP_GE] = ">=",   [OP_CONTAINS] = "~", [OP_STARTS] = "starts",   [OP_ENDS] = "ends",
        [OP_IN] = "in",   [OP_MEMBER] = "in",  [OP_BETWEEN] = "between", [OP_IS_NULL] = "is null",
        [OP_ADD] = "+",   [OP_SUB] = "-",      [OP_MUL] = "*",           [OP_DIV] = "/",
        [OP_MOD] = "%",   [OP_NEG] = "neg",
    };
    return NAMES[op];
}

static void write_number(const Value *v, Buf *out)
{
    bool exact = v->t == V_INT && v->i >= -(INT64_C(1) << 53) && v->i <= INT64_C(1) << 53;
    if (!exact)
        buf_char(out, '"');
    buf_decimal(out, v->i, v->t == V_DECIMAL ? v->scale : 0);
    if (!exact)
        buf_char(out, '"');
}

static void write_value(const Expr *e, Buf *out)
{
    buf_lit(out, "{\"value\":");
    if (e->lit.t == V_INT || e->lit.t == V_DECIMAL)
        write_number(&e->lit, out);
    else
        expr_text(e, out);
    buf_char(out, '}');
}

static void write_args(const Expr *e, Buf *out)
{
    buf_lit(out, ",\"args\":[");
    for (size_t i = 0; i < e->n; i++) {
        if (i)
            buf_char(out, ',');
        expr_json(e->args[i], out);
    }
    buf_lit(out, "]}");
}

void expr_json(const Expr *e, Buf *out)
{
    if (e->op == OP_LITERAL) {
        write_value(e, out);
    } else if (e->op == OP_PATH) {
        buf_lit(out, "{\"field\":\"");
        expr_text(e, out);
        buf_lit(out, "\"}");
    } else if (e->op == OP_CALL) {
        buf_lit(out, "{\"call\":");
        buf_json_str(out, e->names[0]);
        write_args(e, out);
    } else {
        buf_lit(out, "{\"op\":");
        buf_json_str(out, str_of(op_name((ExprOp)e->op)));
        write_args(e, out);
    }
}
