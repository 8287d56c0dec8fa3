/* SPDX-License-Identifier: Apache-2.0 */
/* The back end for sets: a tree as SQL of both engines, values bound, columns bare where an index may
 * serve (c_5 = ?1, c_7 >= ?2). What is the same for every row (today(), me(), 2 * 3) is computed here
 * by the other back end and bound. Numbers stay integers at the scales that expr_type.c gave. */
#include "expr/expr_emit.h"
#include <assert.h>

#define MAX_PARTS 32 /* SQLite's trees are at most 1,000 deep; a part adds some 25 */

static DbType bind_type(ValueType t)
{
    switch (t) {
    case V_BOOL: return DB_BOOL;
    case V_REAL: return DB_REAL;
    case V_TEXT:
    case V_IDS: return DB_TEXT;
    default: return DB_INT;
    }
}

Status expr_sql_value(Emit *m, const Value *v, ValueType t, Sql *out)
{
    (void)m;
    switch ((ValueType)v->t) {
    case V_NULL: sql_bind(out, db_null(bind_type(t))); break;
    case V_BOOL: sql_bind(out, db_bool(v->b)); break;
    case V_REAL: sql_bind(out, db_real(v->r)); break;
    case V_TEXT: sql_bind_text(out, v->s.p ? v->s : STR("")); break;
    case V_MONEY: sql_bind_int(out, v->money.base); break;
    default: sql_bind_int(out, v->i); break;
    }
    return ST_OK;
}

Status expr_sql_constant(Emit *m, const Expr *e, ValueType t, int scale, Sql *out)
{
    Value v = VALUE_NULL;
    if (e->constant)
        TRY(expr_eval(m->cx, e, NULL, &v));
    TRY(expr_number_as(m->cx, &v, t, scale, &v));
    return expr_sql_value(m, &v, t, out);
}

/* ---- values written more than once */
bool expr_sql_is_bare(const Expr *e)
{
    if (e->constant || e->t == V_NULL)
        return true;
    return e->op == OP_PATH && e->hops[e->n_hops - 1]->kind != F_FORMULA;
}

void expr_sql_let_fragment(Emit *m, const Sql *value, bool bare, Sql *out, Let *ret)
{
    *ret = (Let){.value = *value, .bound = !bare, .source = *value};
    if (bare)
        return;
    ret->alias = (*m->scope->next_alias)++;
    ret->value = sql_fragment(out);
    sql_alias(&ret->value, ret->alias);
    sql_lit(&ret->value, ".\"v\"");
    sql_lit(out, "(SELECT ");
}

Status expr_sql_let(Emit *m, const Expr *e, ValueType t, int scale, Sql *out, Let *ret)
{
    Sql value = sql_fragment(out);
    bool bare = expr_sql_is_bare(e) && (e->constant || (e->t == t && e->scale == scale));
    TRY(expr_sql_as(m, e, t, scale, &value));
    expr_sql_let_fragment(m, &value, bare, out, ret);
    return ST_OK;
}

void expr_sql_let_end(const Let *l, Sql *out)
{
    if (!l->bound)
        return;
    sql_lit(out, " FROM (SELECT ");
    sql_append(out, &l->source);
    sql_lit(out, " AS \"v\" LIMIT 1) AS ");
    sql_alias(out, l->alias);
    sql_lit(out, ")");
}

/* ---- paths */
Status expr_sql_path_alias(Emit *m, const Expr *e, size_t hops, Emit **ret_at, int *ret_alias)
{
    Emit *at = e->outer ? m->around : m;
    assert(at); /* expr_type.c refuses outer.x where there is no record around */
    int alias = at->alias;
    for (size_t i = 0; i < hops; i++)
        TRY(scope_join(at->scope, alias, e->hops[i], &alias));
    *ret_at = at;
    *ret_alias = alias;
    return ST_OK;
}

static Status write_formula(Emit *at, int alias, const Field *f, ValueType t, int scale, Sql *out)
{
    if (!f->formula_expr || at->formulas >= EXPR_MAX_FORMULAS)
        return FAIL(at->cx, ST_INTERNAL, "expr.formula_depth",
                    "formula " STR_FMT " cannot be computed", STR_ARG(f->name));
    Emit inner = {.cx = at->cx,
                  .scope = at->scope,
                  .alias = alias,
                  .object = f->object,
                  .formulas = at->formulas + 1,
                  .rows = at->rows,
                  .with = at->with};
    return expr_sql_as(&inner, f->formula_expr, t, scale, out);
}

/* A record that is not there has no formula either, although concat() or count() would give one. */
static Status write_linked_formula(Emit *at, int alias, const Expr *e, Sql *out)
{
    const Field *f = e->hops[e->n_hops - 1];
    if (e->n_hops == 1)
        return write_formula(at, alias, f, (ValueType)e->t, e->scale, out);
    sql_lit(out, "(CASE WHEN ");
    sql_column(out, alias, f->object->id, 0);
    sql_lit(out, " IS NOT NULL THEN ");
    TRY(write_formula(at, alias, f, (ValueType)e->t, e->scale, out));
    sql_lit(out, " END)");
    return ST_OK;
}

static Status write_path(Emit *m, const Expr *e, Sql *out)
{
    Emit *at;
    int alias;
    const Field *f = e->hops[e->n_hops - 1];
    TRY(expr_sql_path_alias(m, e, e->n_hops - 1u, &at, &alias));
    if (f->kind == F_FORMULA)
        return write_linked_formula(at, alias, e, out);
    if (f->kind == F_ROLLUP)
        return expr_rollup_read(at->cx, f, at->scope, alias, out);
    int part = f->kind == F_MONEY ? field_part(f, 'b') : 0;
    sql_column(out, alias, f, part > 0 ? part : 0);
    return ST_OK;
}

/* ---- numbers from one form into another */
void expr_sql_scale_up(const Sql *value, int digits, Sql *out)
{
    if (digits == 0) {
        sql_append(out, value);
        return;
    }
    sql_lit(out, "(");
    sql_append(out, value);
    sql_lit(out, " * ");
    sql_number(out, decimal_pow10(digits));
    sql_lit(out, ")");
}

static void round_real(Emit *m, const Sql *value, int scale, Sql *out)
{
    Let x;
    Sql scaled = sql_fragment(out);
    sql_lit(&scaled, "(");
    sql_append(&scaled, value);
    sql_lit(&scaled, " * 1e");
    sql_number(&scaled, scale);
    sql_lit(&scaled, ")");
    expr_sql_let_fragment(m, &scaled, false, out, &x);
    sql_lit(out, "CAST(trunc(");
    sql_append(out, &x.value);
    sql_lit(out, " + CASE WHEN ");
    sql_append(out, &x.value);
    sql_lit(out, " < 0 THEN -0.5 ELSE 0.5 END) AS bigint)");
    expr_sql_let_end(&x, out);
}

static void round_exact(Emit *m, const Sql *value, int digits, Sql *out)
{
    Let x;
    expr_sql_let_fragment(m, value, false, out, &x);
    sql_lit(out, "((");
    sql_append(out, &x.value);
    sql_lit(out, " + CASE WHEN ");
    sql_append(out, &x.value);
    sql_lit(out, " < 0 THEN -");
    sql_number(out, decimal_pow10(digits) / 2);
    sql_lit(out, " ELSE ");
    sql_number(out, decimal_pow10(digits) / 2);
    sql_lit(out, " END) / ");
    sql_number(out, decimal_pow10(digits));
    sql_lit(out, ")");
    expr_sql_let_end(&x, out);
}

/* Half away from zero, as expr_number_rounded. */
void expr_sql_round(Emit *m, const Sql *value, ValueType from, int from_scale, int scale, Sql *out)
{
    if (from == V_REAL)
        round_real(m, value, scale, out);
    else if (from_scale > scale)
        round_exact(m, value, from_scale - scale, out);
    else
        expr_sql_scale_up(value, scale - from_scale, out);
}

static void write_real(const Sql *value, int scale, Sql *out)
{
    sql_lit(out, "(CAST(");
    sql_append(out, value);
    sql_lit(out, " AS double precision)");
    if (scale > 0) {
        sql_lit(out, " / 1e");
        sql_number(out, scale);
    }
    sql_lit(out, ")");
}

static bool is_exact(ValueType t) { return t == V_INT || t == V_DECIMAL || t == V_MONEY; }

Status expr_sql_as(Emit *m, const Expr *e, ValueType t, int scale, Sql *out)
{
    if (e->constant || e->t == V_NULL)
        return expr_sql_constant(m, e, t, scale, out);
    if (e->t == t && e->scale == scale)
        return expr_sql_node(m, e, out);
    Sql value = sql_fragment(out);
    TRY(expr_sql_node(m, e, &value));
    if (t == V_REAL)
        write_real(&value, e->scale, out);
    else if (is_exact(t))
        expr_sql_round(m, &value, (ValueType)e->t, e->scale, scale, out);
    else if (t == V_TIME && e->t == V_DATE)
        expr_sql_start_of_local(out, &value, m->cx->zone);
    else
        sql_append(out, &value);
    return ST_OK;
}

/* ---- depth */
/* How many words of a parser wait at the deepest place, about: 3 for a parenthesis with what stands
 * before it, 5 for a SELECT, 4 for a CASE. */
static int nesting_of(Str text, int most)
{
    int now = 0, deepest = 0;
    int weights[256];
    size_t n = 0;
    for (size_t i = 0; i < text.n && deepest <= most; i++) {
        Str rest = str_sub(text, i, 7);
        int weight = 0;
        if (text.p[i] == '(')
            weight = str_starts(str_sub(rest, 1, 6), STR("SELECT")) ? 8 : 3;
        else if (str_starts(rest, STR("CASE ")))
            weight = 4;
        else if (n > 0 && (text.p[i] == ')' || str_starts(rest, STR("END"))))
            now -= weights[--n];
        if (weight == 0)
            continue;
        if (n == COUNT_OF(weights))
            return most + 1;
        weights[n++] = weight;
        now += weight;
        deepest = now > deepest ? now : deepest;
    }
    return deepest;
}

static int most_nesting(const Emit *m)
{
    return expr_dialect_nesting(m->scope->dialect) - m->rows * 6; /* what EXISTS (… takes */
}

/* Gives the value a name before the row's whole value, and writes the name. */
static Status hoist(Emit *m, const Expr *e, const Sql *text, Sql *out)
{
    With *w = m->with;
    if (w->n == MAX_PARTS)
        return expr_fail(m->cx, e->at,
                         text_in(m->cx, "expr.sql_too_deep", "nested too deep for a query"));
    int name = (*m->scope->next_alias)++;
    if (w->n++)
        sql_lit(&w->list, ", ");
    sql_alias(&w->list, name);
    sql_lit(&w->list, "(\"v\") AS (SELECT ");
    sql_append(&w->list, text);
    sql_lit(&w->list, ")");
    sql_lit(out, "(SELECT \"v\" FROM ");
    sql_alias(out, name);
    sql_lit(out, ")");
    return ST_OK;
}

/* Keeps a value flat that will stand `room` deep in something, and under a SELECT. */
Status expr_sql_flat(Emit *m, const Expr *e, int room, Sql *text)
{
    int most = most_nesting(m) > room ? most_nesting(m) - room : 0;
    Sql name = sql_fragment(text);
    if (nesting_of(sql_text(text), most) <= most)
        return ST_OK;
    TRY(hoist(m, e, text, &name));
    *text = name;
    return ST_OK;
}

/* ---- operators */
static Status write_pair(Emit *m, const Expr *e, ValueType t, int a_scale, int b_scale,
                         const char *sign, Sql *out)
{
    bool guarded = e->op == OP_DIV || e->op == OP_MOD;
    sql_lit(out, "(");
    TRY(expr_sql_as(m, e->args[0], t, a_scale, out));
    buf_str_add(&out->text, str_of(sign));
    if (guarded)
        sql_lit(out, "NULLIF(");
    TRY(expr_sql_as(m, e->args[1], t, b_scale, out));
    if (guarded)
        sql_lit(out, ", 0)");
    sql_lit(out, ")");
    return ST_OK;
}

static bool is_moment(const Expr *e)
{
    return e->t == V_DATE || e->t == V_TIME || e->t == V_DURATION;
}

/* Dates and instants as they are, but a date beside an instant as the instant at which it starts. */
static Status write_moments(Emit *m, const Expr *e, const char *sign, Sql *out)
{
    const Expr *a = e->args[0], *b = e->args[1];
    bool mixed = e->t == V_DURATION && a->t != b->t && (a->t == V_TIME || b->t == V_TIME);
    sql_lit(out, "(");
    TRY(expr_sql_as(m, a, mixed ? V_TIME : (ValueType)a->t, 0, out));
    buf_str_add(&out->text, str_of(sign));
    TRY(expr_sql_as(m, b, mixed ? V_TIME : (ValueType)b->t, 0, out));
    sql_lit(out, ")");
    return ST_OK;
}

static Status write_arithmetic(Emit *m, const Expr *e, Sql *out)
{
    static const char *const SIGNS[] = {" + ", " - ", " * ", " / ", " % "};
    const char *sign = SIGNS[e->op - OP_ADD];
    const Expr *a = e->args[0], *b = e->args[1];
    if (e->t == V_REAL)
        return write_pair(m, e, V_REAL, 0, 0, sign, out);
    if (is_moment(a) || is_moment(b))
        return write_moments(m, e, sign, out);
    if (e->op == OP_MUL)
        return write_pair(m, e, (ValueType)e->t, a->scale, b->scale, sign, out);
    return write_pair(m, e, (ValueType)e->t, e->scale, e->scale, sign, out);
}

static Status write_negative(Emit *m, const Expr *e, Sql *out)
{
    sql_lit(out, "(- ");
    TRY(expr_sql_node(m, e->args[0], out));
    sql_lit(out, ")");
    return ST_OK;
}

/* + - * and the minus sign over whole numbers: what can leave int64. */
static bool is_exact_sum(const Expr *e)
{
    bool op = e->op == OP_ADD || e->op == OP_SUB || e->op == OP_MUL || e->op == OP_NEG;
    return op && e->t != V_REAL && !e->constant;
}

/* A sum of sums is looked at once, at its root: what has become too large stays so in between. */
static Status write_sum(Emit *m, const Expr *e, Sql *out)
{
    bool inside = m->in_sum, guarded = !inside && expr_dialect_overflows(m->scope->dialect) &&
                                       expr_bits(e) > EXPR_SAFE_BITS;
    Let v;
    Sql text = sql_fragment(out);
    m->in_sum = true;
    if (e->op == OP_NEG)
        TRY(write_negative(m, e, &text));
    else
        TRY(write_arithmetic(m, e, &text));
    m->in_sum = inside;
    if (!guarded) {
        sql_append(out, &text);
        return ST_OK;
    }
    TRY(expr_sql_flat(m, e, 20, &text)); /* what the look at it takes */
    expr_sql_let_fragment(m, &text, false, out, &v);
    expr_dialect_exact(m->scope->dialect, &v.value, out);
    expr_sql_let_end(&v, out);
    return ST_OK;
}

/* Hands on what has become too large, if it is inside a sum. */
static bool hands_on(const Expr *e)
{
    if (e->op != OP_CALL || e->t == V_REAL || e->call->over_rows)
        return false;
    ExprFn fn = e->call->fn;
    return fn == FN_ABS || fn == FN_COALESCE || fn == FN_IF || fn == FN_CASE ||
           (fn == FN_ROUND && e->args[0]->t != V_REAL);
}

static Status write_outside_sum(Emit *m, const Expr *e,
                                Status (*write)(Emit *, const Expr *, Sql *), Sql *out)
{
    bool inside = m->in_sum;
    m->in_sum = false;
    TRY(write(m, e, out));
    m->in_sum = inside;
    return ST_OK;
}

static Status write_logic(Emit *m, const Expr *e, Sql *out)
{
    sql_lit(out, "(");
    for (size_t i = 0; i < e->n; i++) {
        if (i && e->op == OP_AND)
            sql_lit(out, " AND ");
        else if (i)
            sql_lit(out, " OR ");
        TRY(expr_sql_node(m, e->args[i], out));
    }
    sql_lit(out, ")");
    return ST_OK;
}

static Status write_not(Emit *m, const Expr *e, Sql *out)
{
    sql_lit(out, "(NOT ");
    TRY(expr_sql_node(m, e->args[0], out));
    sql_lit(out, ")");
    return ST_OK;
}

/* An address is not there when none of its parts is. */
static Status write_no_address(Emit *m, const Expr *path, Sql *out)
{
    Emit *at;
    int alias;
    const Field *f = path->hops[path->n_hops - 1];
    TRY(expr_sql_path_alias(m, path, path->n_hops - 1u, &at, &alias));
    sql_lit(out, "(");
    for (int i = 0; i < f->n_columns; i++) {
        if (i)
            sql_lit(out, " AND ");
        sql_column(out, alias, f, i);
        sql_lit(out, " IS NULL");
    }
    sql_lit(out, ")");
    return ST_OK;
}

static Status write_is_null(Emit *m, const Expr *e, Sql *out)
{
    if (e->args[0]->op == OP_PATH && e->args[0]->t == V_ADDRESS)
        return write_no_address(m, e->args[0], out);
    sql_lit(out, "(");
    TRY(expr_sql_node(m, e->args[0], out));
    sql_lit(out, " IS NULL)");
    return ST_OK;
}

static Status write_other(Emit *m, const Expr *e, Sql *out)
{
    switch ((ExprOp)e->op) {
    case OP_PATH: return write_path(m, e, out);
    case OP_CALL: return e->call->over_rows ? expr_sql_rows(m, e, out) : expr_sql_call(m, e, out);
    case OP_AND:
    case OP_OR: return write_logic(m, e, out);
    case OP_NOT: return write_not(m, e, out);
    case OP_IS_NULL: return write_is_null(m, e, out);
    case OP_NEG: return write_negative(m, e, out);
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_MOD: return write_arithmetic(m, e, out);
    case OP_CONTAINS:
    case OP_STARTS:
    case OP_ENDS: return expr_sql_text_test(m, e, out);
    case OP_MEMBER: return expr_sql_links(m, e, out);
    default: return expr_sql_compare(m, e, out);
    }
}

static Status write_node(Emit *m, const Expr *e, Sql *out)
{
    if (is_exact_sum(e))
        return write_sum(m, e, out);
    return hands_on(e) ? write_other(m, e, out) : write_outside_sum(m, e, write_other, out);
}

#define SMALL 5 /* nodes that cannot nest deep */

Status expr_sql_node(Emit *m, const Expr *e, Sql *out)
{
    if (e->constant || e->t == V_NULL)
        return expr_sql_constant(m, e, (ValueType)e->t, e->scale, out);
    int most = most_nesting(m);
    if (e->cost <= SMALL)
        return write_node(m, e, out);
    Sql text = sql_fragment(out);
    TRY(write_node(m, e, &text));
    if (nesting_of(sql_text(&text), most) > most)
        return hoist(m, e, &text, out);
    sql_append(out, &text);
    return ST_OK;
}

Status expr_sql_whole(Emit *m, const Expr *e, Sql *out)
{
    With with = {.list = sql_fragment(out)};
    Sql text = sql_fragment(out);
    Emit row = *m;
    row.with = &with;
    row.in_sum = false;
    TRY(expr_sql_node(&row, e, &text));
    if (with.n == 0) {
        sql_append(out, &text);
        return ST_OK;
    }
    sql_lit(out, "(WITH ");
    sql_append(out, &with.list);
    sql_lit(out, " SELECT ");
    sql_append(out, &text);
    sql_lit(out, ")");
    return ST_OK;
}

Status expr_sql(Ctx *cx, const Expr *e, SqlScope *scope, Sql *out)
{
    Emit m = {.cx = cx, .scope = scope, .alias = scope->alias, .object = scope->object};
    TRY(expr_sql_whole(&m, e, out));
    if (buf_overflowed(&out->text))
        return FAIL(cx, ST_TOO_LARGE, "expr.sql_too_long",
                    "the expression becomes too long a query");
    return ST_OK;
}
