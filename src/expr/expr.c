/* SPDX-License-Identifier: Apache-2.0 */
/* What callers ask about a tree: its type, the fields it reads, whether it can be unknown. */
#include "expr/expr_internal.h"

FieldKind expr_result(const Expr *e, int *ret_scale)
{
    static const FieldKind KINDS[] = {
        [V_NULL] = F_TEXT,        [V_BOOL] = F_BOOLEAN, [V_INT] = F_INTEGER,
        [V_DECIMAL] = F_DECIMAL,  [V_REAL] = F_DECIMAL, [V_MONEY] = F_MONEY,
        [V_TEXT] = F_TEXT,        [V_DATE] = F_DATE,    [V_TIME] = F_DATETIME,
        [V_DURATION] = F_INTEGER, [V_ID] = F_LINK,      [V_IDS] = F_LINKS,
    };
    if (ret_scale)
        *ret_scale = e->scale;
    return KINDS[e->t];
}

const char *expr_type(const Expr *e)
{
    static const char *const NAMES[] = {
        [V_NULL] = "null",         [V_BOOL] = "boolean",   [V_INT] = "integer",
        [V_DECIMAL] = "decimal",   [V_REAL] = "real",      [V_MONEY] = "money",
        [V_TEXT] = "text",         [V_DATE] = "date",      [V_TIME] = "datetime",
        [V_DURATION] = "duration", [V_ID] = "link",        [V_IDS] = "links",
        [V_REF] = "any_link",      [V_TEXTS] = "choices",  [V_ADDRESS] = "address",
        [V_GEO] = "geo",           [V_HTML] = "rich_text", [V_JSON] = "json",
        [V_SECRET] = "secret",
    };
    return NAMES[e->t];
}

static void mark(const Field *f, uint64_t *bits, size_t words)
{
    if (f->index / 64u < words)
        bits[f->index / 64u] |= UINT64_C(1) << (f->index % 64u);
}

/* depth: conditions of any(), count() … around; the record itself is meant at depth 0, and by
 * outer.x at depth 1. */
static void collect(const Expr *e, int depth, int formulas, uint64_t *bits, size_t words)
{
    bool own = depth == (e->outer ? 1 : 0);
    if (e->op == OP_PATH && own) {
        const Field *first = e->n_hops ? e->hops[0] : e->links;
        if (first)
            mark(first, bits, words);
        if (first && e->n_hops == 1 && first->kind == F_FORMULA && first->formula_expr &&
            formulas < EXPR_MAX_FORMULAS)
            collect(first->formula_expr, 0, formulas + 1, bits, words);
    }
    for (size_t i = 0; i < e->n; i++) {
        bool inside = e->op == OP_CALL && e->call->over_rows && i > 0;
        collect(e->args[i], depth + inside, formulas, bits, words);
    }
}

void expr_fields(const Expr *e, uint64_t *bits, size_t words) { collect(e, 0, 0, bits, words); }

static bool all_safe(const Expr *e)
{
    for (size_t i = 0; i < e->n; i++)
        if (!expr_is_null_safe(e->args[i]))
            return false;
    return true;
}

static bool call_is_safe(const Expr *e)
{
    switch (e->call->fn) {
    case FN_ANY:
    case FN_ALL:
    case FN_NONE:
    case FN_COUNT:
    case FN_CONCAT:
    case FN_IS_NEW:
    case FN_CHANGED:
    case FN_TODAY:
    case FN_NOW:
    case FN_MY_DEPARTMENTS:
    case FN_MY_TEAMS: return true;
    case FN_COALESCE:
        for (size_t i = 0; i < e->n; i++)
            if (expr_is_null_safe(e->args[i]))
                return true;
        return false;
    default: return false;
    }
}

/* Not null as long as nothing they look at is. */
static bool is_strict_test(ExprOp op)
{
    return (op >= OP_AND && op <= OP_ENDS) || op == OP_BETWEEN;
}

/* True if the value is never null, whatever the record holds. */
bool expr_is_null_safe(const Expr *e)
{
    switch ((ExprOp)e->op) {
    case OP_LITERAL: return e->lit.t != V_NULL;
    case OP_IS_NULL:
    case OP_MEMBER: return true;
    case OP_PATH: return e->n_hops == 1 && e->hops[0]->system && e->hops[0]->required;
    case OP_CALL: return call_is_safe(e);
    default: return is_strict_test((ExprOp)e->op) && e->mode != MODE_CODE && all_safe(e);
    }
}

Status expr_each_contains(Ctx *cx, const Expr *e, Status (*fn)(void *arg, const Field *f, Str text),
                          void *arg)
{
    if (!e)
        return ST_OK;
    for (size_t i = 0; e->op == OP_AND && i < e->n; i++)
        TRY(expr_each_contains(cx, e->args[i], fn, arg));
    if (e->op != OP_CONTAINS || e->mode != MODE_FOLDED || e->args[0]->op != OP_PATH ||
        e->args[0]->outer || e->args[0]->n_hops != 1 || !e->args[1]->constant)
        return ST_OK;
    Value v;
    TRY(expr_eval(cx, e->args[1], NULL, &v));
    return v.t == V_TEXT ? fn(arg, e->args[0]->hops[0], v.s) : ST_OK;
}
