/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons, lists, codes and links as SQL. A constant is brought to the scale of the column, so
 * that the column stays bare: amount < 0.005 at scale 2 becomes c_7_b <= 0. */
#include "expr/expr_emit.h"
#include "expr/expr_read.h"
#include "meta/meta_secret.h"

static bool is_exact(ValueType t)
{
    return t == V_INT || t == V_DECIMAL || t == V_MONEY || t == V_DURATION;
}

static const char *sign_of(ExprOp op)
{
    switch (op) {
    case OP_EQ: return " = ";
    case OP_NE: return " <> ";
    case OP_LT: return " < ";
    case OP_LE: return " <= ";
    case OP_GT: return " > ";
    default: return " >= ";
    }
}

static ExprOp mirrored(ExprOp op)
{
    switch (op) {
    case OP_LT: return OP_GT;
    case OP_LE: return OP_GE;
    case OP_GT: return OP_LT;
    case OP_GE: return OP_LE;
    default: return op;
    }
}

/* True or false for every value, null for null. */
static void write_always(Sql *out, const Sql *value, bool is)
{
    sql_lit(out, "(");
    sql_append(out, value);
    if (is)
        sql_lit(out, " = ");
    else
        sql_lit(out, " <> ");
    sql_append(out, value);
    sql_lit(out, ")");
}

static void write_test(Sql *out, const Sql *value, ExprOp op, const Sql *bound)
{
    sql_lit(out, "(");
    sql_append(out, value);
    buf_str_add(&out->text, str_of(sign_of(op)));
    sql_append(out, bound);
    sql_lit(out, ")");
}

/* A constant as the largest number at `scale` that is not above it. */
static bool floor_at(const Value *v, int scale, int64_t *ret)
{
    __int128 parts, unit = 1;
    int from;
    expr_number_parts(v, &parts, &from);
    for (int i = from; i < scale; i++)
        parts *= 10;
    for (int i = scale; i < from; i++)
        unit *= 10;
    __int128 down = parts / unit;
    if (parts % unit < 0)
        down--;
    bool exact = down * unit == parts;
    *ret = down > INT64_MAX ? INT64_MAX : down < INT64_MIN ? INT64_MIN : (int64_t)down;
    return exact && down == *ret;
}

/* x op constant, both exact numbers. */
static Status compare_with_number(Emit *m, const Expr *x, ExprOp op, const Value *v, Sql *out)
{
    int64_t down;
    Sql value = sql_fragment(out), bound = sql_fragment(out);
    TRY(expr_sql_node(m, x, &value));
    if (!floor_at(v, x->scale, &down)) {
        if (op == OP_EQ || op == OP_NE) {
            Let let;
            expr_sql_let_fragment(m, &value, expr_sql_is_bare(x), out, &let);
            write_always(out, &let.value, op == OP_NE);
            expr_sql_let_end(&let, out);
            return ST_OK;
        }
        op = op == OP_LT || op == OP_LE ? OP_LE : OP_GT;
    }
    sql_bind_int(&bound, down);
    write_test(out, &value, op, &bound);
    return ST_OK;
}

static void common_type(const Expr *a, const Expr *b, ValueType *ret_t, int *ret_scale)
{
    Expr sum = {.t = a->t, .scale = a->scale};
    if (expr_type_is_number(a) && expr_type_is_number(b))
        expr_type_number(a, b, &sum);
    else if (b->t == V_TIME || a->t == V_NULL)
        sum.t = b->t;
    *ret_t = (ValueType)sum.t;
    *ret_scale = sum.scale;
}

static Status compare(Emit *m, const Expr *a, ExprOp op, const Expr *b, Sql *out)
{
    if (a->constant && !b->constant) {
        const Expr *swap = a;
        a = b;
        b = swap;
        op = mirrored(op);
    }
    if (b->constant && is_exact((ValueType)a->t) && is_exact((ValueType)b->t)) {
        Value v;
        TRY(expr_eval(m->cx, b, NULL, &v));
        if (v.t != V_NULL)
            return compare_with_number(m, a, op, &v, out);
    }
    ValueType t;
    int scale;
    Sql x = sql_fragment(out), y = sql_fragment(out);
    common_type(a, b, &t, &scale);
    TRY(expr_sql_as(m, a, t, scale, &x));
    TRY(expr_sql_as(m, b, t, scale, &y));
    write_test(out, &x, op, &y);
    return ST_OK;
}

static Status write_between(Emit *m, const Expr *e, Sql *out)
{
    if (expr_sql_is_bare(e->args[0])) {
        sql_lit(out, "(");
        TRY(compare(m, e->args[0], OP_GE, e->args[1], out));
        sql_lit(out, " AND ");
        TRY(compare(m, e->args[0], OP_LE, e->args[2], out));
        sql_lit(out, ")");
        return ST_OK;
    }
    ValueType t;
    int scale;
    common_type(e->args[0], e->args[1], &t, &scale);
    Expr low = {.t = (uint8_t)t, .scale = (uint8_t)scale};
    common_type(&low, e->args[2], &t, &scale);
    sql_lit(out, "(");
    TRY(expr_sql_as(m, e->args[0], t, scale, out));
    sql_lit(out, " BETWEEN ");
    TRY(expr_sql_as(m, e->args[1], t, scale, out));
    sql_lit(out, " AND ");
    TRY(expr_sql_as(m, e->args[2], t, scale, out));
    sql_lit(out, ")");
    return ST_OK;
}

/* ---- lists */
/* Scale and type at which x and the entries meet. Constants finer than that equal nothing. */
static void list_type(const Expr *e, ValueType *ret_t, int *ret_scale)
{
    Expr all = {.t = e->args[0]->t, .scale = e->args[0]->scale};
    bool fixed = e->args[0]->constant;
    for (size_t i = 1; i < e->n; i++) {
        const Expr *item = e->args[i];
        ValueType t;
        int scale;
        common_type(&all, item, &t, &scale);
        if (item->constant && !fixed && is_exact((ValueType)item->t) && is_exact((ValueType)all.t))
            scale = all.scale;
        all.t = (uint8_t)t;
        all.scale = (uint8_t)scale;
    }
    *ret_t = (ValueType)all.t;
    *ret_scale = all.scale;
}

/* False when the entry is a constant that nothing at that scale can equal. */
static Status write_entry(Emit *m, const Expr *item, ValueType t, int scale, Sql *out, bool *ret)
{
    *ret = true;
    if (!item->constant || !is_exact(t) || !is_exact((ValueType)item->t))
        return expr_sql_as(m, item, t, scale, out);
    Value v;
    int64_t n;
    TRY(expr_eval(m->cx, item, NULL, &v));
    if (v.t == V_NULL)
        return expr_sql_value(m, &v, t, out);
    *ret = floor_at(&v, scale, &n);
    if (*ret)
        sql_bind_int(out, n);
    return ST_OK;
}

/* my_departments() and the like: its ids. */
static Status write_ids(Emit *m, const Expr *e, Sql *out, size_t *n)
{
    Value ids;
    TRY(expr_eval(m->cx, e, NULL, &ids));
    for (size_t i = 0; ids.t == V_IDS && i < ids.ids.n; i++) {
        if ((*n)++)
            sql_lit(out, ", ");
        sql_bind_int(out, ids.ids.p[i]);
    }
    return ST_OK;
}

static Status write_entries(Emit *m, const Expr *e, ValueType t, int scale, Sql *out, size_t *ret_n)
{
    *ret_n = 0;
    for (size_t i = 1; i < e->n; i++) {
        Sql entry = sql_fragment(out);
        bool possible;
        if (e->args[i]->t == V_IDS) {
            TRY(write_ids(m, e->args[i], out, ret_n));
            continue;
        }
        TRY(write_entry(m, e->args[i], t, scale, &entry, &possible));
        if (!possible)
            continue;
        if ((*ret_n)++)
            sql_lit(out, ", ");
        sql_append(out, &entry);
    }
    return ST_OK;
}

static Status write_in(Emit *m, const Expr *e, Sql *out)
{
    if (e->n == 1) {
        sql_lit(out, "(1 = 0)");
        return ST_OK;
    }
    ValueType t;
    int scale;
    size_t n;
    Sql entries = sql_fragment(out), value = sql_fragment(out);
    list_type(e, &t, &scale);
    TRY(expr_sql_as(m, e->args[0], t, scale, &value));
    TRY(write_entries(m, e, t, scale, &entries, &n));
    if (n == 0) {
        Let let;
        expr_sql_let_fragment(m, &value, expr_sql_is_bare(e->args[0]), out, &let);
        write_always(out, &let.value, false);
        expr_sql_let_end(&let, out);
        return ST_OK;
    }
    sql_lit(out, "(");
    sql_append(out, &value);
    if (n == 1) { /* IN ((SELECT …)) would look for rows, and none is not null */
        sql_lit(out, " = ");
        sql_append(out, &entries);
        sql_lit(out, ")");
        return ST_OK;
    }
    sql_lit(out, " IN (");
    sql_append(out, &entries);
    sql_lit(out, "))");
    return ST_OK;
}

/* The index of each text under each data key: values sealed under older ones are found as well. */
static Status write_blind(Emit *m, const Expr *e, Sql *out)
{
    const Expr *path = e->args[0];
    const Field *f = path->hops[path->n_hops - 1];
    Str field = meta_secret_field(m->cx->arena, f), blinds[VAULT_MAX];
    Sql column = sql_fragment(out);
    Emit *at;
    int alias;
    size_t written = 0;
    TRY(expr_sql_path_alias(m, path, path->n_hops - 1u, &at, &alias));
    sql_column(&column, alias, f, field_part(f, 'x'));
    sql_lit(out, "(");
    sql_append(out, &column);
    sql_lit(out, " IN (");
    for (size_t i = 1; i < e->n; i++) {
        size_t n = vault_blinds(m->cx->meta->vault, m->cx->arena, field, e->args[i]->lit.s, blinds);
        for (size_t k = 0; k < n; k++) {
            if (written++)
                sql_lit(out, ", ");
            sql_bind_text(out, blinds[k]);
        }
    }
    if (!written)
        sql_bind(out, db_null(DB_TEXT));
    sql_lit(out, "))");
    return ST_OK;
}

Status expr_sql_compare(Emit *m, const Expr *e, Sql *out)
{
    if (e->mode == MODE_BLIND)
        return write_blind(m, e, out);
    if (e->mode == MODE_CODE)
        return expr_sql_codes(m, e, out);
    if (e->op == OP_BETWEEN)
        return write_between(m, e, out);
    if (e->op != OP_IN)
        return compare(m, e->args[0], (ExprOp)e->op, e->args[1], out);
    bool many = e->args[0]->t == V_IDS || e->args[0]->t == V_TEXTS;
    return many && e->n > 1 ? expr_sql_links(m, e, out) : write_in(m, e, out);
}

/* ---- codes of coded lists: the ids that carry them, or else the linked record's code */
static Status write_code_ids(Emit *m, const Expr *e, const Field *link, size_t from, size_t to,
                             Sql *out, size_t *ret_n)
{
    *ret_n = 0;
    for (size_t i = from; i < to; i++) {
        const Id *ids;
        size_t n;
        TRY(e->env->code_ids(e->env->arg, m->cx, link->to, e->args[i]->lit.s, &ids, &n));
        for (size_t k = 0; k < n; k++) {
            if ((*ret_n)++)
                sql_lit(out, ", ");
            sql_bind_int(out, ids[k]);
        }
    }
    return ST_OK;
}

static void write_codes(const Expr *e, size_t from, size_t to, Sql *out)
{
    for (size_t i = from; i < to; i++) {
        if (i > from)
            sql_lit(out, ", ");
        sql_bind_text(out, e->args[i]->lit.s);
    }
}

static bool knows_ids(const Expr *e) { return e->env && e->env->code_ids; }

static void write_membership(Sql *out, const Sql *value, const Sql *list, size_t n, bool negated)
{
    sql_lit(out, "(");
    sql_append(out, value);
    if (n == 1 && negated)
        sql_lit(out, " <> ");
    else if (n == 1)
        sql_lit(out, " = ");
    else if (negated)
        sql_lit(out, " NOT IN (");
    else
        sql_lit(out, " IN (");
    sql_append(out, list);
    if (n > 1)
        sql_lit(out, ")");
    sql_lit(out, ")");
}

Status expr_sql_codes(Emit *m, const Expr *e, Sql *out)
{
    const Expr *path = e->args[0];
    const Field *link = path->hops[path->n_hops - 1];
    Sql value = sql_fragment(out), list = sql_fragment(out);
    size_t n = e->n - 1u;
    if (path->t == V_IDS)
        return expr_sql_links(m, e, out);
    if (knows_ids(e)) {
        TRY(expr_sql_node(m, path, &value));
        TRY(write_code_ids(m, e, link, 1, e->n, &list, &n));
    } else {
        Emit *at;
        int alias;
        TRY(expr_sql_path_alias(m, path, path->n_hops, &at, &alias));
        sql_column(&value, alias, link->to->code, 0);
        write_codes(e, 1, e->n, &list);
    }
    if (n == 0)
        write_always(out, &value, e->op == OP_NE);
    else
        write_membership(out, &value, &list, n, e->op == OP_NE);
    return ST_OK;
}

/* ---- links: rows (record, target) of the field's own table */
static Status write_code_targets(Emit *m, const Expr *e, const Field *links, size_t from, size_t to,
                                 Sql *out)
{
    size_t n;
    Sql list = sql_fragment(out);
    if (knows_ids(e)) {
        TRY(write_code_ids(m, e, links, from, to, &list, &n));
        if (n == 0)
            sql_bind(&list, db_null(DB_INT));
        sql_append(out, &list);
        return ST_OK;
    }
    int alias = (*m->scope->next_alias)++;
    sql_lit(out, "SELECT ");
    sql_column(out, alias, links->to->id, 0);
    sql_lit(out, " FROM ");
    scope_rows(m->cx, links->to, alias, out);
    sql_lit(out, " WHERE ");
    sql_column(out, alias, links->to->code, 0);
    sql_lit(out, " IN (");
    write_codes(e, from, to, out);
    sql_lit(out, ")");
    return scope_access(m->cx, links->to, m->scope->dialect, alias, out, m->scope->next_alias);
}

static Status write_targets(Emit *m, const Expr *e, const Field *links, size_t from, size_t to,
                            Sql *out)
{
    sql_lit(out, "\"target\" IN (");
    if (e->mode == MODE_CODE) {
        TRY(write_code_targets(m, e, links, from, to, out));
    } else {
        size_t n = 0;
        for (size_t i = from; i < to; i++) {
            if (e->args[i]->t == V_IDS) {
                TRY(write_ids(m, e->args[i], out, &n));
                continue;
            }
            if (n++)
                sql_lit(out, ", ");
            TRY(expr_sql_as(m, e->args[i], field_is_set(links) ? V_TEXT : V_ID, 0, out));
        }
        if (n == 0)
            sql_bind(out, db_null(DB_INT));
    }
    sql_lit(out, ")");
    return ST_OK;
}

/* id in my_departments(): false for null, as everything in nothing is. */
static Status write_in_known(Emit *m, const Expr *e, Sql *out)
{
    size_t n = 0;
    Sql ids = sql_fragment(out), value = sql_fragment(out);
    Let id;
    TRY(write_ids(m, e->args[1], &ids, &n));
    if (n == 0) {
        sql_lit(out, "(1 = 0)");
        return ST_OK;
    }
    TRY(expr_sql_node(m, e->args[0], &value));
    expr_sql_let_fragment(m, &value, expr_sql_is_bare(e->args[0]), out, &id);
    sql_lit(out, "(");
    sql_append(out, &id.value);
    sql_lit(out, " IN (");
    sql_append(out, &ids);
    sql_lit(out, ") AND ");
    sql_append(out, &id.value);
    sql_lit(out, " IS NOT NULL)");
    expr_sql_let_end(&id, out);
    return ST_OK;
}

/* id in links, links in (ids): found through the index (target, record) where the ids are known
 * and the links are the row's own; else row by row. */
Status expr_sql_links(Emit *m, const Expr *e, Sql *out)
{
    bool member = e->op == OP_MEMBER;
    const Expr *path = e->args[member ? 1 : 0];
    if (path->op == OP_CALL)
        return write_in_known(m, e, out);
    const Field *links = path->hops[path->n_hops - 1];
    size_t from = member ? 0 : 1, to = member ? 1 : e->n;
    Emit *at;
    int alias;
    TRY(expr_sql_path_alias(m, path, path->n_hops - 1u, &at, &alias));
    bool known = path->n_hops == 1 && !path->outer && alias == at->scope->alias;
    for (size_t i = from; i < to; i++)
        known = known && e->args[i]->constant;
    Sql owner = sql_fragment(out);
    sql_column(&owner, alias, links->object->id, 0);
    sql_lit(out, "(");
    if (known) {
        sql_append(out, &owner);
        sql_lit(out, " IN (SELECT \"record\" FROM ");
        scope_links(m->cx, links, out);
        sql_lit(out, " WHERE ");
    } else {
        sql_lit(out, "EXISTS (SELECT 1 FROM ");
        scope_links(m->cx, links, out);
        sql_lit(out, " WHERE \"record\" = ");
        sql_append(out, &owner);
        sql_lit(out, " AND ");
    }
    TRY(write_targets(m, e, links, from, to, out));
    sql_lit(out, "))");
    return ST_OK;
}
