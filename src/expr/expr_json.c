/* SPDX-License-Identifier: Apache-2.0 */
/* A tree as JSON for the filter builder of the UI, and back:
 * {"op":"and","args":[{"op":"=","args":[{"field":"stage"},{"value":"won"}]},{"call":"me","args":[]}]}
 * Numbers that JSON's own would not carry exactly: {"number":"12345678901234567.5"}. "in" has a list
 * behind its first argument, "member" the field (or call) whose values are meant. A chain a + b + c is
 * one node of three. */
#include "expr/expr_read.h"

static const char *op_name(ExprOp op)
{
    static const char *const NAMES[] = {
        [OP_AND] = "and",         [OP_OR] = "or",
        [OP_NOT] = "not",         [OP_EQ] = "=",
        [OP_NE] = "!=",           [OP_LT] = "<",
        [OP_LE] = "<=",           [OP_GT] = ">",
        [OP_GE] = ">=",           [OP_CONTAINS] = "~",
        [OP_STARTS] = "starts",   [OP_ENDS] = "ends",
        [OP_IN] = "in",           [OP_MEMBER] = "member",
        [OP_BETWEEN] = "between", [OP_IS_NULL] = "is null",
        [OP_ADD] = "+",           [OP_SUB] = "-",
        [OP_MUL] = "*",           [OP_DIV] = "/",
        [OP_MOD] = "%",           [OP_NEG] = "neg",
    };
    return NAMES[op];
}

/* A double carries 15 decimal digits, whatever they are. */
static bool is_exact_in_json(const Value *v)
{
    return v->i > -INT64_C(1000000000000000) && v->i < INT64_C(1000000000000000);
}

static void write_number(const Value *v, Buf *out)
{
    bool exact = is_exact_in_json(v);
    buf_str_add(out, exact ? STR("{\"value\":") : STR("{\"number\":\""));
    buf_decimal(out, v->i, v->t == V_DECIMAL ? v->scale : 0);
    buf_str_add(out, exact ? STR("}") : STR("\"}"));
}

static void write_value(const Expr *e, Buf *out)
{
    if (e->lit.t == V_INT || e->lit.t == V_DECIMAL) {
        write_number(&e->lit, out);
        return;
    }
    buf_lit(out, "{\"value\":");
    expr_text(e, out);
    buf_char(out, '}');
}

static void write_separated(const Expr *e, bool *first, Buf *out)
{
    if (!*first)
        buf_char(out, ',');
    *first = false;
    expr_json(e, out);
}

static bool is_chain(ExprOp op) { return op == OP_ADD || op == OP_MUL; }

/* ((a + b) + c) as three. */
static void write_chain(const Expr *e, ExprOp op, bool *first, Buf *out)
{
    if (e->op != op) {
        write_separated(e, first, out);
        return;
    }
    write_chain(e->args[0], op, first, out);
    write_separated(e->args[1], first, out);
}

static void write_args(const Expr *e, Buf *out)
{
    bool first = true;
    buf_lit(out, ",\"args\":[");
    if (is_chain((ExprOp)e->op))
        write_chain(e, (ExprOp)e->op, &first, out);
    else
        for (size_t i = 0; i < e->n; i++)
            write_separated(e->args[i], &first, out);
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

/* ---- back: a tree without types, whose text is then parsed and checked like any other */
static Status read_tree(Ctx *cx, const json_t *tree, int depth, Expr **ret);

static Status bad_tree(Ctx *cx, const char *what)
{
    return expr_fail(cx, 0, text_in(cx, "expr.bad_tree", "the tree is wrong at \"%s\"", what));
}

static Expr *new_node(Ctx *cx, ExprOp op, size_t n)
{
    Expr *e = ARENA_NEW(cx->arena, Expr);
    e->op = (uint8_t)op;
    e->n = (uint16_t)n;
    e->args = ARENA_ARRAY(cx->arena, Expr *, n + 1);
    return e;
}

static Status read_args(Ctx *cx, const json_t *args, int depth, Expr *e)
{
    for (size_t i = 0; i < e->n; i++)
        TRY(read_tree(cx, json_array_get(args, i), depth + 1, &e->args[i]));
    return ST_OK;
}

static bool is_name(Str s)
{
    bool ok = s.n > 0 && s.n <= 40 && (s.p[0] < '0' || s.p[0] > '9');
    for (size_t i = 0; i < s.n; i++)
        ok = ok && strchr("abcdefghijklmnopqrstuvwxyz0123456789_", s.p[i]);
    return ok && !expr_lex_is_keyword(s);
}

static Status read_path(Ctx *cx, Str text, Expr **ret)
{
    Expr *e = new_node(cx, OP_PATH, 0);
    Str name;
    e->names = ARENA_ARRAY(cx->arena, Str, EXPR_MAX_HOPS + 1);
    e->outer = str_starts(text, STR("outer."));
    if (e->outer)
        text = str_sub(text, 6, text.n);
    if (str_ends(text, STR(".")))
        return bad_tree(cx, "field");
    while (str_split(&text, '.', &name)) {
        if (!is_name(name) || e->n_names > EXPR_MAX_HOPS)
            return bad_tree(cx, "field");
        e->names[e->n_names++] = name;
    }
    *ret = e;
    return e->n_names ? ST_OK : bad_tree(cx, "field");
}

static Status read_digits(Ctx *cx, Str s, Expr **ret)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    Expr *e = new_node(cx, OP_LITERAL, 0);
    int64_t n;
    int scale;
    if (!expr_number_parse(negative ? str_sub(s, 1, s.n - 1) : s, &n, &scale))
        return bad_tree(cx, "number");
    e->lit =
        (Value){.t = scale ? V_DECIMAL : V_INT, .scale = (uint8_t)scale, .i = negative ? -n : n};
    *ret = e;
    return ST_OK;
}

/* The shortest digits that read as the same double: what was written as a number comes back. */
static Status read_real(Ctx *cx, double r, Expr **ret)
{
    char text[400] = "";
    for (int digits = 1; digits <= EXPR_MAX_SCALE; digits++) {
        snprintf(text, sizeof(text), "%.*f", digits, r);
        if (strtod(text, NULL) == r)
            break;
    }
    return read_digits(cx, str_of(text), ret);
}

static Status read_value(Ctx *cx, const json_t *v, Expr **ret)
{
    Expr *e = new_node(cx, OP_LITERAL, 0);
    if (json_is_real(v))
        return read_real(cx, json_real_value(v), ret);
    if (json_is_string(v))
        e->lit = (Value){.t = V_TEXT, .s = json_str(v)};
    else if (json_is_integer(v))
        e->lit = (Value){.t = V_INT, .i = json_integer_value(v)};
    else if (json_is_boolean(v))
        e->lit = (Value){.t = V_BOOL, .b = json_is_true(v)};
    else if (!json_is_null(v))
        return bad_tree(cx, "value");
    *ret = e;
    return e->lit.t == V_INT && e->lit.i == INT64_MIN ? bad_tree(cx, "value") : ST_OK;
}

static ExprOp op_named(Str name)
{
    for (ExprOp op = OP_AND; op <= OP_NEG; op++)
        if (str_is(name, op_name(op)))
            return op;
    return OP_LITERAL;
}

static bool takes(ExprOp op, size_t n)
{
    switch (op) {
    case OP_LITERAL: return false;
    case OP_NOT:
    case OP_NEG:
    case OP_IS_NULL: return n == 1;
    case OP_IN: return n >= 1 && n <= EXPR_MAX_LIST + 1;
    case OP_BETWEEN: return n == 3;
    case OP_AND:
    case OP_OR:
    case OP_ADD:
    case OP_MUL: return n >= 2 && n <= EXPR_MAX_NODES;
    default: return n == 2;
    }
}

static Expr *fold_chain(Ctx *cx, const Expr *all)
{
    Expr *sum = all->args[0];
    for (size_t i = 1; i < all->n; i++) {
        Expr *pair = new_node(cx, (ExprOp)all->op, 2);
        pair->args[0] = sum;
        pair->args[1] = all->args[i];
        sum = pair;
    }
    return sum;
}

static Status read_op(Ctx *cx, Str name, const json_t *args, int depth, Expr **ret)
{
    ExprOp op = op_named(name);
    if (!takes(op, json_array_size(args)))
        return bad_tree(cx, "op");
    Expr *e = new_node(cx, op, json_array_size(args));
    TRY(read_args(cx, args, depth, e));
    if (op == OP_MEMBER && e->args[1]->op != OP_PATH && e->args[1]->op != OP_CALL)
        return bad_tree(cx, "member");
    *ret = is_chain(op) ? fold_chain(cx, e) : e;
    return ST_OK;
}

static Status read_call(Ctx *cx, Str name, const json_t *args, int depth, Expr **ret)
{
    if (!is_name(name) || json_array_size(args) > EXPR_MAX_NODES)
        return bad_tree(cx, "call");
    Expr *e = new_node(cx, OP_CALL, json_array_size(args));
    e->names = ARENA_NEW(cx->arena, Str);
    e->names[0] = name;
    *ret = e;
    return read_args(cx, args, depth, e);
}

static Status read_tree(Ctx *cx, const json_t *tree, int depth, Expr **ret)
{
    const json_t *args = json_object_get(tree, "args"), *part;
    if (depth > EXPR_MAX_DEPTH)
        return bad_tree(cx, "args");
    if ((part = json_object_get(tree, "op")))
        return read_op(cx, json_str(part), args, depth, ret);
    if ((part = json_object_get(tree, "call")))
        return read_call(cx, json_str(part), args, depth, ret);
    if ((part = json_object_get(tree, "field")))
        return read_path(cx, json_str(part), ret);
    if ((part = json_object_get(tree, "number")))
        return read_digits(cx, json_str(part), ret);
    part = json_object_get(tree, "value");
    return part ? read_value(cx, part, ret) : bad_tree(cx, "op");
}

Status expr_from_json(Ctx *cx, const json_t *tree, Buf *out)
{
    Expr *e = NULL;
    TRY(read_tree(cx, tree, 0, &e));
    expr_text(e, out);
    return buf_overflowed(out) ? bad_tree(cx, "args") : ST_OK;
}
