/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of the language: one row each says what goes in and what comes out. */
#include "expr/expr_read.h"

#define MANY 100

/* accepts, a letter an argument: t text, n number, N number or duration, i whole number, b condition, d date or instant,
 * D date, T instant, x text or whole number, v any value, u unit of time, k constant of 0…9,
 * f field of the record. */
static const ExprCall CALLS[] = {
    {"abs", FN_ABS, 1, 1, "N", V_NULL, false},
    {"add_days", FN_ADD_DAYS, 2, 2, "di", V_NULL, false},
    {"add_months", FN_ADD_MONTHS, 2, 2, "Di", V_DATE, false},
    {"all", FN_ALL, 2, 2, "b", V_BOOL, true},
    {"any", FN_ANY, 1, 2, "b", V_BOOL, true},
    {"avg", FN_AVG, 2, 3, "Nb", V_NULL, true},
    {"case", FN_CASE, 3, MANY, "v", V_NULL, false},
    {"ceil", FN_CEIL, 1, 1, "n", V_NULL, false},
    {"changed", FN_CHANGED, 1, 1, "f", V_BOOL, false},
    {"coalesce", FN_COALESCE, 1, MANY, "v", V_NULL, false},
    {"concat", FN_CONCAT, 1, MANY, "x", V_TEXT, false},
    {"count", FN_COUNT, 1, 2, "b", V_INT, true},
    {"date", FN_DATE, 1, 1, "d", V_DATE, false},
    {"day", FN_DAY, 1, 1, "d", V_INT, false},
    {"days_ago", FN_DAYS_AGO, 1, 1, "i", V_DATE, false},
    {"days_ahead", FN_DAYS_AHEAD, 1, 1, "i", V_DATE, false},
    {"days_between", FN_DAYS_BETWEEN, 2, 2, "d", V_INT, false},
    {"floor", FN_FLOOR, 1, 1, "n", V_NULL, false},
    {"hour", FN_HOUR, 1, 1, "T", V_INT, false},
    {"if", FN_IF, 3, 3, "bv", V_NULL, false},
    {"is_new", FN_IS_NEW, 0, 0, "", V_BOOL, false},
    {"left", FN_LEFT, 2, 2, "ti", V_TEXT, false},
    {"length", FN_LENGTH, 1, 1, "t", V_INT, false},
    {"lower", FN_LOWER, 1, 1, "t", V_TEXT, false},
    {"max", FN_MAX, 2, MANY, "v", V_NULL, false},
    {"me", FN_ME, 0, 0, "", V_ID, false},
    {"min", FN_MIN, 2, MANY, "v", V_NULL, false},
    {"month", FN_MONTH, 1, 1, "d", V_INT, false},
    {"months_ago", FN_MONTHS_AGO, 1, 1, "i", V_DATE, false},
    {"my_department", FN_MY_DEPARTMENT, 0, 0, "", V_ID, false},
    {"my_departments", FN_MY_DEPARTMENTS, 0, 0, "", V_IDS, false},
    {"my_teams", FN_MY_TEAMS, 0, 0, "", V_IDS, false},
    {"none", FN_NONE, 1, 2, "b", V_BOOL, true},
    {"now", FN_NOW, 0, 0, "", V_TIME, false},
    {"old", FN_OLD, 1, 1, "f", V_NULL, false},
    {"pinyin", FN_PINYIN, 1, 1, "t", V_TEXT, false},
    {"quarter", FN_QUARTER, 1, 1, "d", V_INT, false},
    {"replace", FN_REPLACE, 3, 3, "t", V_TEXT, false},
    {"right", FN_RIGHT, 2, 2, "ti", V_TEXT, false},
    {"round", FN_ROUND, 1, 2, "nk", V_NULL, false},
    {"start_of", FN_START_OF, 2, 2, "ud", V_DATE, false},
    {"sum", FN_SUM, 2, 3, "Nb", V_NULL, true},
    {"today", FN_TODAY, 0, 0, "", V_DATE, false},
    {"trim", FN_TRIM, 1, 1, "t", V_TEXT, false},
    {"upper", FN_UPPER, 1, 1, "t", V_TEXT, false},
    {"week", FN_WEEK, 1, 1, "d", V_INT, false},
    {"weekday", FN_WEEKDAY, 1, 1, "d", V_INT, false},
    {"workdays_between", FN_WORKDAYS_BETWEEN, 2, 2, "d", V_INT, false},
    {"year", FN_YEAR, 1, 1, "d", V_INT, false},
};
/* min and max whose first argument is a relation. */
static const ExprCall MAX_OF_ROWS = {"max", FN_MAX, 2, 3, "vb", V_NULL, true};
static const ExprCall MIN_OF_ROWS = {"min", FN_MIN, 2, 3, "vb", V_NULL, true};

const ExprCall *expr_call_find(Str name)
{
    for (size_t i = 0; i < COUNT_OF(CALLS); i++)
        if (str_is(name, CALLS[i].name))
            return &CALLS[i];
    return NULL;
}

void expr_call_all(const ExprCall **ret, size_t *ret_n)
{
    *ret = CALLS;
    *ret_n = COUNT_OF(CALLS);
}

static Str nearest_call(Str name)
{
    Str best = STR_NULL;
    size_t most = expr_name_slips(name), best_distance = most + 1;
    for (size_t i = 0; i < COUNT_OF(CALLS); i++) {
        Str known = str_of(CALLS[i].name);
        size_t d = fold_distance(name, known, most);
        if (d < best_distance && d < known.n) {
            best = known;
            best_distance = d;
        }
    }
    return best;
}

static Status check_known(Typer *y, const Expr *e)
{
    Ctx *cx = y->cx;
    if (!e->call)
        return expr_fail_near(cx, e->at,
                              text_in(cx, "expr.unknown_function",
                                      "there is no function \"" STR_FMT "\"", STR_ARG(e->names[0])),
                              nearest_call(e->names[0]));
    bool rule = e->call->fn == FN_CHANGED || e->call->fn == FN_OLD || e->call->fn == FN_IS_NEW;
    if (rule && !y->is_rule)
        return expr_fail(cx, e->at,
                         text_in(cx, "expr.rules_only", "%s() works in rules only", e->call->name));
    return ST_OK;
}

static Status check_count(Typer *y, const Expr *e)
{
    if (e->n >= e->call->min && e->n <= e->call->max)
        return ST_OK;
    if (e->call->max == MANY)
        return expr_fail(y->cx, e->at,
                         text_in(y->cx, "expr.arguments_least", "%s() takes %d values or more",
                                 e->call->name, e->call->min));
    if (e->call->min == e->call->max)
        return expr_fail(
            y->cx, e->at,
            text_in(y->cx, "expr.arguments", "%s() takes %d values", e->call->name, e->call->min));
    return expr_fail(y->cx, e->at,
                     text_in(y->cx, "expr.arguments_range", "%s() takes %d to %d values",
                             e->call->name, e->call->min, e->call->max));
}

/* ---- one argument */
static Status need_type(Typer *y, Expr *arg, ValueType t)
{
    Expr like = {.op = OP_CALL, .t = (uint8_t)t};
    TRY(expr_type_coerce(y, arg, &like));
    return arg->t == t ? ST_OK : expr_type_need(y, arg, expr_type_name(y->cx, &like));
}

static Status need_number(Typer *y, Expr *arg, bool or_duration)
{
    Expr like = {.op = OP_CALL, .t = V_REAL};
    if (or_duration && arg->t == V_DURATION)
        return ST_OK;
    if (arg->t == V_NULL)
        arg->t = V_INT;
    TRY(expr_type_coerce(y, arg, &like));
    return expr_type_is_number(arg) ? ST_OK : expr_type_need(y, arg, expr_type_name(y->cx, &like));
}

/* A text is read as date or instant, whichever it is. */
static Status need_moment(Typer *y, Expr *arg)
{
    if (arg->t == V_TIME)
        return ST_OK;
    if (arg->op == OP_LITERAL && arg->lit.t == V_TEXT) {
        Expr like = {.op = OP_CALL, .t = V_TIME};
        return expr_type_coerce(y, arg, &like);
    }
    return need_type(y, arg, V_DATE);
}

static Status need_text_or_int(Typer *y, Expr *arg)
{
    return arg->t == V_INT ? ST_OK : need_type(y, arg, V_TEXT);
}

static Status need_value(Typer *y, const Expr *arg)
{
    if (arg->t != V_IDS)
        return ST_OK;
    return expr_type_need(y, arg,
                          str_z(y->cx->arena, text_in(y->cx, "expr.type.one", "a single value")));
}

static Status need_unit(Typer *y, const Expr *arg)
{
    ExprBucket unit;
    if (arg->op == OP_LITERAL && arg->lit.t == V_TEXT && expr_date_unit(arg->lit.s, &unit))
        return ST_OK;
    return expr_fail(y->cx, arg->at,
                     text_in(y->cx, "expr.bad_unit",
                             "\"day\", \"week\", \"month\", \"quarter\" or \"year\" is expected"));
}

static Status need_digits(Typer *y, const Expr *arg)
{
    if (arg->op == OP_LITERAL && arg->lit.t == V_INT && arg->lit.i >= 0 && arg->lit.i <= 9)
        return ST_OK;
    return expr_fail(
        y->cx, arg->at,
        text_in(y->cx, "expr.bad_digits", "a number of decimals, 0 to 9, is expected"));
}

static Status need_own_field(Typer *y, const Expr *arg)
{
    if (arg->op == OP_PATH && arg->n_hops == 1 && !arg->outer && !field_is_computed(arg->hops[0]))
        return ST_OK;
    return expr_fail(y->cx, arg->at,
                     text_in(y->cx, "expr.own_field", "a field of the record itself is expected"));
}

static Status check_argument(Typer *y, char accepts, Expr *arg)
{
    switch (accepts) {
    case 't': return need_type(y, arg, V_TEXT);
    case 'n':
    case 'N': return need_number(y, arg, accepts == 'N');
    case 'i': return need_type(y, arg, V_INT);
    case 'b': return need_type(y, arg, V_BOOL);
    case 'd': return need_moment(y, arg);
    case 'D': return need_type(y, arg, V_DATE);
    case 'T': return need_type(y, arg, V_TIME);
    case 'x': return need_text_or_int(y, arg);
    case 'u': return need_unit(y, arg);
    case 'k': return need_digits(y, arg);
    case 'f': return need_own_field(y, arg);
    default: return need_value(y, arg);
    }
}

static Status check_arguments(Typer *y, const TypeFrame *frame, Expr *e, size_t from)
{
    size_t letters = strlen(e->call->accepts);
    for (size_t i = from; i < e->n; i++) {
        size_t k = i - from;
        TRY(expr_type_check(y, frame, e->args[i]));
        TRY(check_argument(y, e->call->accepts[k < letters ? k : letters - 1], e->args[i]));
        e->cost += e->args[i]->cost;
        e->constant = e->constant && e->args[i]->constant;
    }
    return ST_OK;
}

/* ---- results that depend on the arguments */
static void same_type(Expr *e, const Expr *from)
{
    e->t = from->t;
    e->scale = from->scale;
    e->to = from->to;
    e->to_name = from->to_name;
    e->choices = from->choices;
}

static void type_of_rounding(Expr *e)
{
    const Expr *a = e->args[0];
    int digits = e->call->fn == FN_ROUND && e->n > 1 ? (int)e->args[1]->lit.i : 0;
    if (a->t != V_REAL && digits > a->scale)
        digits = a->scale;
    e->t = a->t == V_MONEY ? V_MONEY : digits > 0 ? V_DECIMAL : V_INT;
    e->scale = (uint8_t)digits;
}

static Status type_of_extreme(Typer *y, Expr *e)
{
    TRY(expr_type_unify(y, e->args, e->n, e));
    if (e->t != V_BOOL && e->t != V_ID)
        return ST_OK;
    return expr_fail(
        y->cx, e->at,
        text_in(y->cx, "expr.no_order", "%s has no order, use = or in", expr_type_name(y->cx, e)));
}

/* case(cond, a, cond, b, …, else) and if(cond, a, b): every second argument is a condition. */
static Status type_of_choice(Typer *y, Expr *e)
{
    if (e->n % 2 == 0)
        return expr_fail(
            y->cx, e->at,
            text_in(y->cx, "expr.case_else", "case() ends in a value for all other cases"));
    Expr **values = ARENA_ARRAY(y->cx->arena, Expr *, e->n);
    size_t n = 0;
    for (size_t i = 0; i < e->n; i++) {
        if (i % 2 == 0 && i + 1 < e->n)
            TRY(need_type(y, e->args[i], V_BOOL));
        else
            values[n++] = e->args[i];
    }
    return expr_type_unify(y, values, n, e);
}

static Status check_result(Typer *y, Expr *e)
{
    e->t = e->call->result;
    switch (e->call->fn) {
    case FN_ME: e->to_name = STR("user"); return ST_OK;
    case FN_MY_DEPARTMENT:
    case FN_MY_DEPARTMENTS: e->to_name = STR("department"); return ST_OK;
    case FN_MY_TEAMS: e->to_name = STR("team"); return ST_OK;
    case FN_ABS:
    case FN_ADD_DAYS:
    case FN_OLD: same_type(e, e->args[0]); return ST_OK;
    case FN_ROUND:
    case FN_FLOOR:
    case FN_CEIL: type_of_rounding(e); return ST_OK;
    case FN_COALESCE: return expr_type_unify(y, e->args, e->n, e);
    case FN_MIN:
    case FN_MAX: return type_of_extreme(y, e);
    case FN_IF:
    case FN_CASE: return type_of_choice(y, e);
    default: return ST_OK;
    }
}

/* ---- over related records */
static Status check_rows_result(Typer *y, Expr *e)
{
    e->t = e->call->result;
    if (e->t != V_NULL)
        return ST_OK;
    same_type(e, e->args[1]);
    if (e->call->fn == FN_AVG && e->t != V_DURATION) {
        e->t = V_REAL;
        e->scale = 0;
    }
    if (e->call->fn == FN_SUM || e->call->fn == FN_AVG || (e->t != V_BOOL && e->t != V_ID))
        return ST_OK;
    return expr_fail(y->cx, e->args[1]->at,
                     text_in(y->cx, "expr.no_order", "%s has no order, use = or in",
                             expr_type_name(y->cx, e->args[1])));
}

static Status check_rows(Typer *y, const TypeFrame *frame, Expr *e)
{
    TRY(expr_name_relation(y, frame, e->args[0]));
    TypeFrame inner = {.object = e->args[0]->child, .around = frame, .depth = frame->depth + 1};
    if (inner.depth > EXPR_MAX_ROWS)
        return expr_fail(y->cx, e->at,
                         text_in(y->cx, "expr.rows_too_deep",
                                 "related records of related records: at most %d deep",
                                 EXPR_MAX_ROWS));
    e->cost++;
    TRY(check_arguments(y, &inner, e, 1));
    e->constant = false;
    return check_rows_result(y, e);
}

Status expr_call_check(Typer *y, const TypeFrame *frame, Expr *e)
{
    TRY(check_known(y, e));
    bool extreme = e->call->fn == FN_MIN || e->call->fn == FN_MAX;
    if (extreme && e->n > 0 && expr_name_is_relation(y, frame, e->args[0]))
        e->call = e->call->fn == FN_MIN ? &MIN_OF_ROWS : &MAX_OF_ROWS;
    TRY(check_count(y, e));
    e->constant = true;
    e->cost = 1;
    if (e->call->over_rows)
        return check_rows(y, frame, e);
    TRY(check_arguments(y, frame, e, 0));
    if (e->call->fn == FN_IS_NEW || e->call->fn == FN_CHANGED || e->call->fn == FN_OLD)
        e->constant = false;
    return check_result(y, e);
}
