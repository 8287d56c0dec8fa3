/* SPDX-License-Identifier: Apache-2.0 */
/* Types: every node gets one, operators refuse what they cannot mean, and a string literal takes the
 * type of the other side where that is a date, time, duration, number, id or choice. Decimal scales
 * are known here, once; both back ends work with integers at those scales. */
#include "expr/expr_read.h"

bool expr_type_is_number(const Expr *e)
{
    return e->t == V_INT || e->t == V_DECIMAL || e->t == V_MONEY || e->t == V_REAL;
}

static bool is_text_literal(const Expr *e) { return e->op == OP_LITERAL && e->lit.t == V_TEXT; }
static bool is_null_literal(const Expr *e) { return e->op == OP_LITERAL && e->lit.t == V_NULL; }

/* A link to a coded list: text against it is a code. */
static bool is_coded(const Expr *e)
{
    if (e->op != OP_PATH || !e->to || !(e->to->traits & TRAIT_CODED))
        return false;
    FieldKind kind = e->hops[e->n_hops - 1]->kind;
    return kind == F_LINK || kind == F_LINKS;
}

const char *expr_type_name(const Ctx *cx, const Expr *e)
{
    Ctx *c = (Ctx *)cx;
    Str s;
    switch ((ValueType)e->t) {
    case V_BOOL: s = text_in(c, "expr.type.bool", "true or false"); break;
    case V_INT: s = text_in(c, "expr.type.int", "a whole number"); break;
    case V_DECIMAL: s = text_in(c, "expr.type.decimal", "a decimal number"); break;
    case V_REAL: s = text_in(c, "expr.type.real", "a number"); break;
    case V_MONEY: s = text_in(c, "expr.type.money", "money"); break;
    case V_TEXT: s = text_in(c, "expr.type.text", "text"); break;
    case V_DATE: s = text_in(c, "expr.type.date", "a date"); break;
    case V_TIME: s = text_in(c, "expr.type.time", "a date with time"); break;
    case V_DURATION: s = text_in(c, "expr.type.duration", "a duration"); break;
    case V_ID:
        s = e->to_name.n ? text_in(c, "expr.type.id", "a link to " STR_FMT, STR_ARG(e->to_name))
                         : text_in(c, "expr.type.any_id", "a link to a record of any kind");
        break;
    case V_IDS: s = text_in(c, "expr.type.ids", "links to " STR_FMT, STR_ARG(e->to_name)); break;
    case V_TEXTS: s = text_in(c, "expr.type.texts", "several values"); break;
    case V_ADDRESS: s = text_in(c, "expr.type.address", "an address"); break;
    case V_GEO: s = text_in(c, "expr.type.geo", "a place"); break;
    case V_HTML: s = text_in(c, "expr.type.html", "formatted text"); break;
    case V_JSON: s = text_in(c, "expr.type.json", "JSON"); break;
    case V_SECRET: s = text_in(c, "expr.type.secret", "an encrypted value"); break;
    default: s = text_in(c, "expr.type.null", "null"); break;
    }
    return str_z(c->arena, s);
}

Status expr_type_need(Typer *y, const Expr *e, const char *what)
{
    return expr_fail(y->cx, e->at,
                     text_in(y->cx, "expr.wrong_type", "%s is needed here, this is %s", what,
                             expr_type_name(y->cx, e)));
}

/* One value that compares with others of its type; the rest is for `in`, `~`, paths and is null. */
static bool is_single(const Expr *e)
{
    switch ((ValueType)e->t) {
    case V_IDS:
    case V_TEXTS:
    case V_ADDRESS:
    case V_GEO:
    case V_HTML:
    case V_JSON:
    case V_SECRET: return false;
    default: return true;
    }
}

/* ---- literals */
static Status bad_literal(Typer *y, const Expr *e, const Expr *like)
{
    return expr_fail(y->cx, e->at,
                     text_in(y->cx, "expr.bad_literal", "\"" STR_FMT "\" is not %s",
                             STR_ARG(e->lit.s), expr_type_name(y->cx, like)));
}

static bool literal_time(Str s, Value *ret)
{
    int64_t v;
    if (calendar_parse_date(s, &v)) {
        *ret = (Value){.t = V_DATE, .i = v};
        return true;
    }
    if (!calendar_parse_datetime(s, &v) ||
        !expr_date_in_range(calendar_floor_div(v, INT64_C(86400000))))
        return false;
    *ret = (Value){.t = V_TIME, .i = v};
    return true;
}

static bool literal_number(Str s, Value *ret)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    int scale;
    int64_t v;
    if (!expr_number_parse(negative ? str_sub(s, 1, s.n - 1) : s, &v, &scale))
        return false;
    *ret = (Value){.t = scale ? V_DECIMAL : V_INT, .scale = (uint8_t)scale, .i = negative ? -v : v};
    return true;
}

static bool literal_like(Str s, const Expr *like, Value *ret)
{
    int64_t v;
    switch ((ValueType)like->t) {
    case V_DATE: *ret = (Value){.t = V_DATE}; return calendar_parse_date(s, &ret->i);
    case V_TIME: return literal_time(s, ret);
    case V_DURATION: *ret = (Value){.t = V_DURATION}; return duration_parse(s, &ret->i);
    case V_INT:
    case V_DECIMAL:
    case V_REAL:
    case V_MONEY: return literal_number(s, ret);
    case V_ID:
    case V_IDS:
        *ret = (Value){.t = V_ID};
        if (!id_parse(s, &v))
            return false;
        ret->i = v;
        return true;
    default: *ret = (Value){.t = V_TEXT, .s = s}; return true;
    }
}

static void type_literal(Expr *e)
{
    e->t = e->lit.t;
    e->scale = e->lit.t == V_DECIMAL ? e->lit.scale : 0;
}

static void copy_type(Expr *e, const Expr *from)
{
    e->t = from->t;
    e->scale = from->scale;
    e->to = from->to;
    e->to_name = from->to_name;
    e->choices = from->choices;
}

Status expr_type_coerce(Typer *y, Expr *e, const Expr *like)
{
    if (is_null_literal(e) && e->t == V_NULL && is_single(like))
        copy_type(e, like);
    if (!is_text_literal(e) || is_text_literal(like))
        return ST_OK;
    if (like->choices)
        TRY(expr_name_choice(y, like, e));
    if (like->op == OP_PATH && like->hops[like->n_hops - 1]->type->literal)
        e->lit.s = like->hops[like->n_hops - 1]->type->literal(
            y->cx->arena, like->hops[like->n_hops - 1], e->lit.s);
    if (!literal_like(e->lit.s, like, &e->lit))
        return bad_literal(y, e, like);
    type_literal(e);
    if (e->t == V_ID) {
        e->to = like->to;
        e->to_name = like->to_name;
    }
    return ST_OK;
}

/* ---- common types */
void expr_type_number(const Expr *a, const Expr *b, Expr *result)
{
    static const uint8_t ORDER[] = {V_REAL, V_MONEY, V_DECIMAL, V_INT};
    result->scale = a->scale > b->scale ? a->scale : b->scale;
    for (size_t i = 0; i < COUNT_OF(ORDER); i++) {
        if (a->t != ORDER[i] && b->t != ORDER[i])
            continue;
        result->t = ORDER[i];
        break;
    }
    if (result->t == V_REAL)
        result->scale = 0;
}

static bool is_moment(const Expr *e) { return e->t == V_DATE || e->t == V_TIME; }

static bool same_target(const Expr *a, const Expr *b)
{
    return !a->to_name.n || !b->to_name.n || str_eq(a->to_name, b->to_name);
}

static bool is_comparable(const Expr *a, const Expr *b)
{
    if (a->t == V_NULL || b->t == V_NULL)
        return is_single(a) && is_single(b);
    if (expr_type_is_number(a) && expr_type_is_number(b))
        return true;
    if (is_moment(a) && is_moment(b))
        return true;
    if (a->t == V_ID && b->t == V_ID)
        return same_target(a, b);
    return a->t == b->t && is_single(a);
}

static Status not_comparable(Typer *y, const Expr *e, const Expr *a, const Expr *b)
{
    return expr_fail(y->cx, e->at,
                     text_in(y->cx, "expr.not_comparable", "%s and %s cannot be compared",
                             expr_type_name(y->cx, a), expr_type_name(y->cx, b)));
}

static void unify_pair(Expr *result, const Expr *next)
{
    if (result->t == V_NULL) {
        copy_type(result, next);
    } else if (expr_type_is_number(result) && expr_type_is_number(next)) {
        Expr sum = {0};
        expr_type_number(result, next, &sum);
        result->t = sum.t;
        result->scale = sum.scale;
    } else if (next->t == V_TIME) {
        result->t = V_TIME;
    }
    if (result->choices != next->choices && !is_null_literal(next))
        result->choices = NULL;
}

/* The value whose type the others take: the first that is no literal, else the first that is
 * not null. */
static const Expr *find_model(Expr **args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (args[i]->t != V_NULL && !is_text_literal(args[i]))
            return args[i];
    for (size_t i = 0; i < n; i++)
        if (args[i]->t != V_NULL)
            return args[i];
    return args[0];
}

Status expr_type_unify(Typer *y, Expr **args, size_t n, Expr *result)
{
    const Expr *model = find_model(args, n);
    Expr type = {.op = OP_CALL};
    for (size_t i = 0; i < n; i++) {
        /* The text of a default value need not be a code of the list. */
        Expr like = *model;
        like.choices = NULL;
        TRY(expr_type_coerce(y, args[i], &like));
        if (!is_single(args[i]))
            return expr_type_need(
                y, args[i], str_z(y->cx->arena, text_in(y->cx, "expr.type.one", "a single value")));
        if (!is_comparable(model, args[i]))
            return not_comparable(y, args[i], model, args[i]);
        unify_pair(&type, args[i]);
    }
    copy_type(result, &type);
    return ST_OK;
}

/* ---- operators */
static Status check_code(Typer *y, Expr *e, const Expr *link, Expr *literal)
{
    e->mode = MODE_CODE;
    e->env = y->env;
    return expr_name_code(y, link, literal);
}

/* Encrypted fields know = and in with texts, and is null. */
static bool is_blind(const Expr *e)
{
    const Expr *a = e->args[0];
    if (a->t != V_SECRET || a->op != OP_PATH || (e->op != OP_EQ && e->op != OP_IN) || e->n < 2)
        return false;
    for (size_t i = 1; i < e->n; i++)
        if (!is_text_literal(e->args[i]))
            return false;
    return true;
}

static Status check_equal(Typer *y, Expr *e)
{
    if (is_blind(e)) {
        e->mode = MODE_BLIND;
        return ST_OK;
    }
    if (is_text_literal(e->args[0]) && is_coded(e->args[1])) {
        Expr *literal = e->args[0];
        e->args[0] = e->args[1];
        e->args[1] = literal;
    }
    if (e->args[0]->t == V_ID && is_coded(e->args[0]) && is_text_literal(e->args[1]))
        return check_code(y, e, e->args[0], e->args[1]);
    TRY(expr_type_coerce(y, e->args[0], e->args[1]));
    TRY(expr_type_coerce(y, e->args[1], e->args[0]));
    if (!is_comparable(e->args[0], e->args[1]))
        return not_comparable(y, e, e->args[0], e->args[1]);
    return ST_OK;
}

static Status check_ordered(Typer *y, const Expr *e, const Expr *a)
{
    if (a->t != V_BOOL && a->t != V_ID && is_single(a))
        return ST_OK;
    return expr_fail(
        y->cx, e->at,
        text_in(y->cx, "expr.no_order", "%s has no order, use = or in", expr_type_name(y->cx, a)));
}

static Status check_compare(Typer *y, Expr *e)
{
    TRY(check_equal(y, e));
    if (e->op == OP_EQ || e->op == OP_NE)
        return ST_OK;
    TRY(check_ordered(y, e, e->args[0]));
    return check_ordered(y, e, e->args[1]);
}

static bool has_folded_column(const Expr *e)
{
    return e->op == OP_PATH && field_part(e->hops[e->n_hops - 1], 'f') >= 0;
}

static Status check_text_test(Typer *y, Expr *e)
{
    for (size_t i = 0; i < 2; i++) {
        if (e->args[i]->t == V_NULL)
            e->args[i]->t = V_TEXT;
        if (e->args[i]->t == V_TEXT || (i == 0 && e->args[0]->t == V_HTML && e->args[1]->constant))
            continue;
        Expr text = {.t = V_TEXT};
        return expr_type_need(y, e->args[i], expr_type_name(y->cx, &text));
    }
    if (has_folded_column(e->args[0]) && (e->args[1]->constant || has_folded_column(e->args[1])))
        e->mode = MODE_FOLDED;
    return ST_OK;
}

static bool all_text_literals(Expr **args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_text_literal(args[i]))
            return false;
    return n > 0;
}

/* What one of several ids or texts is. */
static Expr one_of(const Expr *many)
{
    return (Expr){.op = OP_CALL,
                  .t = many->t == V_IDS ? V_ID : V_TEXT,
                  .to = many->to,
                  .to_name = many->to_name,
                  .choices = many->choices};
}

/* my_departments() in a list stands for its ids. */
static bool is_ids_of(const Expr *one, const Expr *item)
{
    return one->t == V_ID && item->t == V_IDS && item->constant && same_target(one, item);
}

/* One value in a list, or links (choices, tags) of which one is in a list. */
static Status check_in(Typer *y, Expr *e)
{
    Expr *left = e->args[0];
    if (is_blind(e)) {
        e->mode = MODE_BLIND;
        return ST_OK;
    }
    if (is_coded(left) && all_text_literals(e->args + 1, e->n - 1u)) {
        for (size_t i = 1; i < e->n; i++)
            TRY(check_code(y, e, left, e->args[i]));
        return ST_OK;
    }
    if (left->t == V_IDS || left->t == V_TEXTS) {
        Expr one = one_of(left);
        for (size_t i = 1; i < e->n; i++) {
            TRY(expr_type_coerce(y, e->args[i], &one));
            if (!is_comparable(&one, e->args[i]) && !is_ids_of(&one, e->args[i]))
                return not_comparable(y, e->args[i], &one, e->args[i]);
        }
        return ST_OK;
    }
    if (e->n > 1)
        TRY(expr_type_coerce(y, left, e->args[1]));
    for (size_t i = 1; i < e->n; i++) {
        TRY(expr_type_coerce(y, e->args[i], left));
        if (!is_comparable(left, e->args[i]) && !is_ids_of(left, e->args[i]))
            return not_comparable(y, e->args[i], left, e->args[i]);
    }
    return ST_OK;
}

static Status check_member(Typer *y, Expr *e)
{
    Expr *links = e->args[1], *left = e->args[0];
    if (links->t != V_IDS && links->t != V_TEXTS)
        return expr_fail(y->cx, links->at,
                         text_in(y->cx, "expr.in_what", "\"in\" needs a list or a field"));
    if (is_coded(links) && is_text_literal(left))
        return check_code(y, e, links, left);
    Expr one = one_of(links);
    TRY(expr_type_coerce(y, left, &one));
    return is_comparable(&one, left) ? ST_OK : not_comparable(y, e, left, links);
}

static Status check_between(Typer *y, Expr *e)
{
    Expr type = {0};
    const Expr *model = find_model(e->args, e->n);
    for (size_t i = 0; i < e->n; i++)
        TRY(expr_type_coerce(y, e->args[i], model));
    TRY(expr_type_unify(y, e->args, e->n, &type));
    return check_ordered(y, e, &type);
}

static Status check_logic(Typer *y, Expr *e)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->args[i]->t == V_NULL)
            e->args[i]->t = V_BOOL;
        if (e->args[i]->t == V_BOOL)
            continue;
        Expr condition = {.t = V_BOOL};
        return expr_type_need(y, e->args[i], expr_type_name(y->cx, &condition));
    }
    return ST_OK;
}

/* ---- arithmetic */
static Status not_computable(Typer *y, const Expr *e)
{
    static const char *const SIGNS[] = {"+", "-", "*", "/", "%"};
    return expr_fail(y->cx, e->at,
                     text_in(y->cx, "expr.not_computable", "%s does not work between %s and %s",
                             SIGNS[e->op - OP_ADD], expr_type_name(y->cx, e->args[0]),
                             expr_type_name(y->cx, e->args[1])));
}

/* What comes out when dates, instants (beside one a date means its start), durations are added or
 * subtracted. */
static const struct {
    uint8_t a, op, b, result;
} SUMS[] = {
    {V_DATE, OP_ADD, V_INT, V_DATE},
    {V_INT, OP_ADD, V_DATE, V_DATE},
    {V_TIME, OP_ADD, V_DURATION, V_TIME},
    {V_DURATION, OP_ADD, V_TIME, V_TIME},
    {V_DURATION, OP_ADD, V_DURATION, V_DURATION},
    {V_DATE, OP_SUB, V_INT, V_DATE},
    {V_DATE, OP_SUB, V_DATE, V_INT},
    {V_TIME, OP_SUB, V_TIME, V_DURATION},
    {V_TIME, OP_SUB, V_DATE, V_DURATION},
    {V_DATE, OP_SUB, V_TIME, V_DURATION},
    {V_TIME, OP_SUB, V_DURATION, V_TIME},
    {V_DURATION, OP_SUB, V_DURATION, V_DURATION},
};

static bool type_of_sum(Expr *e, const Expr *a, const Expr *b)
{
    if (expr_type_is_number(a) && expr_type_is_number(b)) {
        expr_type_number(a, b, e);
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(SUMS); i++) {
        if (SUMS[i].a != a->t || SUMS[i].op != e->op || SUMS[i].b != b->t)
            continue;
        e->t = SUMS[i].result;
        return true;
    }
    return false;
}

static bool type_of_product(Expr *e, const Expr *a, const Expr *b)
{
    if ((a->t == V_DURATION && b->t == V_INT) || (a->t == V_INT && b->t == V_DURATION)) {
        e->t = V_DURATION;
        return true;
    }
    if (!expr_type_is_number(a) || !expr_type_is_number(b) || (a->t == V_MONEY && b->t == V_MONEY))
        return false;
    expr_type_number(a, b, e);
    if (e->t != V_REAL)
        e->scale = (uint8_t)(a->scale + b->scale);
    return true;
}

static bool type_of_quotient(Expr *e, const Expr *a, const Expr *b)
{
    e->t = V_REAL;
    return (expr_type_is_number(a) && expr_type_is_number(b)) ||
           (a->t == V_DURATION && b->t == V_DURATION);
}

static bool type_of_rest(Expr *e, const Expr *a, const Expr *b)
{
    if ((a->t != V_INT && a->t != V_DECIMAL) || (b->t != V_INT && b->t != V_DECIMAL))
        return false;
    expr_type_number(a, b, e);
    return true;
}

/* A text beside a date is a date, beside an instant added or taken away a duration. */
static Status coerce_operand(Typer *y, const Expr *e, Expr *arg, const Expr *other)
{
    Expr like = *other;
    like.choices = NULL;
    bool duration = is_text_literal(arg) && arg->lit.s.n > 0 && arg->lit.s.p[0] == 'P';
    if (other->t == V_TIME && (e->op == OP_ADD || duration))
        like.t = V_DURATION;
    return expr_type_coerce(y, arg, &like);
}

static Status check_arithmetic(Typer *y, Expr *e)
{
    Expr *a = e->args[0], *b = e->args[1];
    TRY(coerce_operand(y, e, a, b));
    TRY(coerce_operand(y, e, b, a));
    if (a->t == V_NULL && b->t == V_NULL)
        a->t = b->t = V_INT;
    bool ok = e->op == OP_MUL   ? type_of_product(e, a, b)
              : e->op == OP_DIV ? type_of_quotient(e, a, b)
              : e->op == OP_MOD ? type_of_rest(e, a, b)
                                : type_of_sum(e, a, b);
    if (!ok)
        return not_computable(y, e);
    if (e->scale > EXPR_MAX_SCALE)
        return expr_fail(y->cx, e->at,
                         text_in(y->cx, "expr.too_many_decimals",
                                 "more than %d decimals, use round() before", EXPR_MAX_SCALE));
    return ST_OK;
}

static Status check_negative(Typer *y, Expr *e)
{
    const Expr *a = e->args[0];
    if (a->t == V_NULL)
        e->args[0]->t = V_INT;
    Expr number = {.t = V_REAL};
    if (!expr_type_is_number(a) && a->t != V_DURATION)
        return expr_type_need(y, a, expr_type_name(y->cx, &number));
    copy_type(e, a);
    return ST_OK;
}

static Status check_operator(Typer *y, Expr *e)
{
    switch ((ExprOp)e->op) {
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_MOD: return check_arithmetic(y, e);
    case OP_NEG: return check_negative(y, e);
    default: break;
    }
    e->t = V_BOOL;
    switch ((ExprOp)e->op) {
    case OP_AND:
    case OP_OR:
    case OP_NOT: return check_logic(y, e);
    case OP_CONTAINS:
    case OP_STARTS:
    case OP_ENDS: return check_text_test(y, e);
    case OP_IN: return check_in(y, e);
    case OP_MEMBER: return check_member(y, e);
    case OP_BETWEEN: return check_between(y, e);
    case OP_IS_NULL: return ST_OK;
    default: return check_compare(y, e);
    }
}

static Status check_children(Typer *y, const TypeFrame *frame, Expr *e)
{
    e->constant = true;
    e->cost = 1;
    for (size_t i = 0; i < e->n; i++) {
        TRY(expr_type_check(y, frame, e->args[i]));
        e->constant = e->constant && e->args[i]->constant;
        e->cost += e->args[i]->cost;
    }
    return ST_OK;
}

static Status check_node(Typer *y, const TypeFrame *frame, Expr *e)
{
    switch ((ExprOp)e->op) {
    case OP_LITERAL:
        e->constant = true;
        e->cost = 1;
        type_literal(e);
        return ST_OK;
    case OP_PATH: return expr_name_path(y, frame, e);
    case OP_CALL: return expr_call_check(y, frame, e);
    default: break;
    }
    TRY(check_children(y, frame, e));
    return check_operator(y, e);
}

Status expr_type_check(Typer *y, const TypeFrame *frame, Expr *e)
{
    TRY(check_node(y, frame, e));
    if (e->cost <= EXPR_MAX_COST)
        return ST_OK;
    return expr_fail(y->cx, e->at,
                     text_in(y->cx, "expr.too_costly",
                             "with its formulas written out this has more than %d parts",
                             EXPR_MAX_COST));
}
