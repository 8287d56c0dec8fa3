/* SPDX-License-Identifier: Apache-2.0 */
/* The functions in memory. A null argument gives null, except in coalesce, if, case, concat. */
#include "base/pinyin.h"
#include "expr/expr_eval.h"
#include <math.h>

#define MS_PER_DAY INT64_C(86400000)
#define MS_PER_HOUR INT64_C(3600000)
#define MAX_TEXT ((size_t)1 << 20)
#define FEW 4 /* arguments that need no memory */

static Status too_large(Eval *v)
{
    return FAIL(v->cx, ST_INVALID, "expr.overflow", "a number in an expression becomes too large");
}

static Value whole(int64_t i) { return (Value){.t = V_INT, .i = i}; }
static Value text(Str s) { return (Value){.t = V_TEXT, .s = s.p ? s : STR("")}; }

/* ---- text */
static Str map_ascii(Arena *a, Str s, char from, char to)
{
    char *p = arena_dup(a, s.p ? s.p : "", s.n);
    for (size_t i = 0; i < s.n; i++)
        if (p[i] >= from && p[i] <= to)
            p[i] ^= 0x20;
    return str_n(p, s.n);
}

Str expr_ascii_lower(Arena *a, Str s) { return map_ascii(a, s, 'A', 'Z'); }
Str expr_ascii_upper(Arena *a, Str s) { return map_ascii(a, s, 'a', 'z'); }

Str expr_pinyin(Arena *a, Str s)
{
    Buf out = buf_in(a, s.n * 2 + 8); /* a syllable has six letters, its character three bytes */
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        Str syllable = pinyin_first(utf8_next(s, &at));
        buf_str_add(&out, syllable.n ? syllable : str_sub(s, from, at - from));
    }
    return out.n ? buf_str(&out) : STR("");
}

static bool is_space_at(Str s, size_t at, size_t n)
{
    return n == 1 ? s.p[at] != 0 && strchr(" \t\n\v\f\r", s.p[at]) != NULL
                  : n == 3 && !memcmp(s.p + at, "\xe3\x80\x80", 3);
}

static Str trim(Str s)
{
    size_t from = 0, to = s.n;
    for (size_t n = 1; from < to; from += n) {
        n = (unsigned char)s.p[from] == 0xe3 && to - from >= 3 ? 3 : 1;
        if (!is_space_at(s, from, n))
            break;
    }
    for (size_t n = 1; to > from; to -= n) {
        n = (unsigned char)s.p[to - 1] == 0x80 && to - from >= 3 ? 3 : 1;
        if (!is_space_at(s, to - n, n))
            break;
    }
    return str_sub(s, from, to - from);
}

static Str first_chars(Str s, int64_t n)
{
    return n <= 0 ? STR("") : str_sub(s, 0, utf8_offset(s, (size_t)n));
}

static Str last_chars(Str s, int64_t n)
{
    int64_t length = (int64_t)utf8_length(s);
    if (n >= length)
        return s;
    size_t at = n <= 0 ? s.n : utf8_offset(s, (size_t)(length - n));
    return str_sub(s, at, s.n - at);
}

static Status replace(Eval *v, const Value *x, Value *ret)
{
    Str rest = x[0].s, from = x[1].s;
    *ret = x[0];
    if (from.n == 0 || rest.n < from.n)
        return ST_OK;
    Buf out = buf_in(v->cx->arena, MAX_TEXT);
    for (size_t at; rest.n >= from.n && (at = str_find(rest, from)) != SIZE_MAX;) {
        buf_str_add(&out, str_sub(rest, 0, at));
        buf_str_add(&out, x[2].s);
        rest = str_sub(rest, at + from.n, rest.n - at - from.n);
    }
    buf_str_add(&out, rest);
    if (buf_overflowed(&out))
        return FAIL(v->cx, ST_INVALID, "expr.text_too_long",
                    "a text in an expression becomes too long");
    *ret = text(buf_str(&out));
    return ST_OK;
}

static Status concat(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Buf out = buf_in(v->cx->arena, MAX_TEXT);
    for (size_t i = 0; i < e->n; i++) {
        Value x;
        TRY(expr_eval_node(v, f, e->args[i], &x));
        if (x.t == V_TEXT)
            buf_str_add(&out, x.s);
        else if (x.t == V_INT)
            buf_int(&out, x.i);
    }
    if (buf_overflowed(&out))
        return FAIL(v->cx, ST_INVALID, "expr.text_too_long",
                    "a text in an expression becomes too long");
    *ret = text(buf_str(&out));
    return ST_OK;
}

/* ---- choices between values */
static Status give(Eval *v, const Expr *e, const Value *x, Value *ret)
{
    return expr_number_as(v->cx, x, (ValueType)e->t, e->scale, ret);
}

static Status coalesce(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Value x = VALUE_NULL;
    for (size_t i = 0; i < e->n && x.t == V_NULL; i++)
        TRY(expr_eval_node(v, f, e->args[i], &x));
    return give(v, e, &x, ret);
}

static Status choose(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Value x;
    size_t i = 0;
    for (; i + 1 < e->n; i += 2) {
        TRY(expr_eval_node(v, f, e->args[i], &x));
        if (x.t == V_BOOL && x.b)
            break;
    }
    TRY(expr_eval_node(v, f, e->args[i + 1 < e->n ? i + 1 : i], &x));
    return give(v, e, &x, ret);
}

static Status extreme(Eval *v, const Expr *e, const Value *x, Value *ret)
{
    Value best;
    TRY(give(v, e, &x[0], &best));
    for (size_t i = 1; i < e->n; i++) {
        Value next;
        TRY(give(v, e, &x[i], &next));
        int order = next.t == V_TEXT                       ? str_cmp(next.s, best.s)
                    : next.t == V_DATE || next.t == V_TIME ? (next.i > best.i) - (next.i < best.i)
                                                           : expr_number_cmp(&next, &best);
        if (e->call->fn == FN_MIN ? order < 0 : order > 0)
            best = next;
    }
    *ret = best;
    return ST_OK;
}

/* ---- numbers */
static Status absolute(Eval *v, const Expr *e, const Value *x, Value *ret)
{
    int64_t n;
    *ret = *x;
    if (x->t == V_REAL) {
        ret->r = fabs(x->r);
        return ST_OK;
    }
    if (!expr_number_at(x, e->scale, &n) || n == INT64_MIN)
        return too_large(v);
    *ret = expr_number_value(v->cx, (ValueType)e->t, e->scale, n < 0 ? -n : n);
    return ST_OK;
}

/* floor and ceil of an exact number: its units of 10^scale. */
static int64_t whole_units(ExprFn fn, int64_t n, int64_t unit)
{
    int64_t down = calendar_floor_div(n, unit);
    return fn == FN_CEIL && down * unit != n ? down + 1 : down;
}

static Status rounded(Eval *v, const Expr *e, const Value *x, Value *ret)
{
    int64_t n;
    int scale = e->args[0]->scale;
    bool ok;
    if (x->t == V_REAL) {
        double r = e->call->fn == FN_FLOOR ? floor(x->r) : ceil(x->r);
        ok = expr_number_from_real(e->call->fn == FN_ROUND ? x->r : r, e->scale, &n);
    } else if (e->call->fn == FN_ROUND) {
        ok = expr_number_at(x, e->scale, &n);
    } else {
        ok = expr_number_at(x, scale, &n);
        n = ok ? whole_units(e->call->fn, n, decimal_pow10(scale)) : 0;
    }
    if (!ok)
        return too_large(v);
    *ret = expr_number_value(v->cx, (ValueType)e->t, e->scale, n);
    return ST_OK;
}

/* ---- dates */
static int64_t day_of(Eval *v, const Value *x)
{
    return x->t == V_TIME ? expr_date_local(v->cx, x->i) : x->i;
}

static Status give_day(Eval *v, int64_t day, Value *ret)
{
    if (!expr_date_in_range(day))
        return too_large(v);
    *ret = (Value){.t = V_DATE, .i = day};
    return ST_OK;
}

static Status add_days(Eval *v, const Value *x, int64_t n, Value *ret)
{
    int64_t by = n, sum;
    if ((x->t == V_TIME && __builtin_mul_overflow(n, MS_PER_DAY, &by)) ||
        __builtin_add_overflow(x->i, by, &sum) || !expr_date_fits((ValueType)x->t, sum))
        return too_large(v);
    *ret = (Value){.t = x->t, .i = sum};
    return ST_OK;
}

static Status add_months(Eval *v, int64_t day, int64_t n, Value *ret)
{
    if (n < -120000 || n > 120000)
        return too_large(v);
    return give_day(v, calendar_add_months(day, n), ret);
}

static Status eval_clock(Eval *v, const Expr *e, const Value *x, Value *ret)
{
    int64_t today = expr_date_local(v->cx, v->cx->now_ms);
    Value now = {.t = V_DATE, .i = today};
    switch (e->call->fn) {
    case FN_TODAY: *ret = now; return ST_OK;
    case FN_NOW: *ret = (Value){.t = V_TIME, .i = v->cx->now_ms}; return ST_OK;
    case FN_DAYS_AHEAD: return add_days(v, &now, x[0].i, ret);
    case FN_DAYS_AGO: return x[0].i == INT64_MIN ? too_large(v) : add_days(v, &now, -x[0].i, ret);
    default: return x[0].i == INT64_MIN ? too_large(v) : add_months(v, today, -x[0].i, ret);
    }
}

static Status eval_date(Eval *v, const Expr *e, const Value *x, Value *ret)
{
    ExprBucket unit = BUCKET_DAY;
    switch (e->call->fn) {
    case FN_DATE: *ret = (Value){.t = V_DATE, .i = day_of(v, &x[0])}; return ST_OK;
    case FN_ADD_DAYS: return add_days(v, &x[0], x[1].i, ret);
    case FN_ADD_MONTHS: return add_months(v, x[0].i, x[1].i, ret);
    case FN_DAYS_BETWEEN: *ret = whole(day_of(v, &x[1]) - day_of(v, &x[0])); return ST_OK;
    case FN_WORKDAYS_BETWEEN:
        *ret = whole(expr_date_workdays(v->cx, day_of(v, &x[1])) -
                     expr_date_workdays(v->cx, day_of(v, &x[0])));
        return ST_OK;
    case FN_START_OF:
        expr_date_unit(x[0].s, &unit);
        return give_day(v, expr_bucket_day(expr_bucket_of(day_of(v, &x[1]), unit), unit), ret);
    case FN_HOUR: {
        int64_t local = x[0].i + zone_offset(v->cx->zone, x[0].i);
        *ret = whole((local - calendar_floor_div(local, MS_PER_DAY) * MS_PER_DAY) / MS_PER_HOUR);
        return ST_OK;
    }
    default: *ret = whole(expr_date_part(e->call->fn, day_of(v, &x[0]))); return ST_OK;
    }
}

/* ---- people and rules */
static Value person(const Ctx *cx, Id (*who)(const Ctx *))
{
    Id id = who ? who(cx) : 0;
    return id ? (Value){.t = V_ID, .i = id} : VALUE_NULL;
}

static Value people(const Ctx *cx, void (*who)(const Ctx *, const Id **, size_t *))
{
    Value ids = {.t = V_IDS};
    if (who)
        who(cx, &ids.ids.p, &ids.ids.n);
    return ids;
}

static Status eval_rule(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    const ExprRow *row = f->row;
    (void)v;
    if (e->call->fn == FN_IS_NEW) {
        *ret = (Value){.t = V_BOOL, .b = !row->old_values};
        return ST_OK;
    }
    size_t at = e->args[0]->hops[0]->index;
    Value old = row->old_values ? row->old_values[at] : VALUE_NULL;
    *ret = e->call->fn == FN_OLD ? old
                                 : (Value){.t = V_BOOL, .b = !value_equal(&old, &row->values[at])};
    return ST_OK;
}

static Status eval_text(Eval *v, const Expr *e, const Value *x, Value *ret)
{
    Arena *a = v->cx->arena;
    switch (e->call->fn) {
    case FN_LOWER: *ret = text(expr_ascii_lower(a, x[0].s)); return ST_OK;
    case FN_UPPER: *ret = text(expr_ascii_upper(a, x[0].s)); return ST_OK;
    case FN_PINYIN: *ret = text(expr_pinyin(a, x[0].s)); return ST_OK;
    case FN_TRIM: *ret = text(trim(x[0].s)); return ST_OK;
    case FN_LENGTH: *ret = whole((int64_t)utf8_length(x[0].s)); return ST_OK;
    case FN_LEFT: *ret = text(first_chars(x[0].s, x[1].i)); return ST_OK;
    case FN_RIGHT: *ret = text(last_chars(x[0].s, x[1].i)); return ST_OK;
    default: return replace(v, x, ret);
    }
}

static Status eval_strict(Eval *v, const Expr *e, const Value *x, Value *ret)
{
    switch (e->call->fn) {
    case FN_ABS: return absolute(v, e, x, ret);
    case FN_ROUND:
    case FN_FLOOR:
    case FN_CEIL: return rounded(v, e, x, ret);
    case FN_MIN:
    case FN_MAX: return extreme(v, e, x, ret);
    case FN_TODAY:
    case FN_NOW:
    case FN_DAYS_AGO:
    case FN_DAYS_AHEAD:
    case FN_MONTHS_AGO: return eval_clock(v, e, x, ret);
    case FN_LOWER:
    case FN_UPPER:
    case FN_TRIM:
    case FN_LENGTH:
    case FN_LEFT:
    case FN_RIGHT:
    case FN_PINYIN:
    case FN_REPLACE: return eval_text(v, e, x, ret);
    default: return eval_date(v, e, x, ret);
    }
}

Status expr_eval_call(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    const Ctx *cx = v->cx;
    switch (e->call->fn) {
    case FN_CONCAT: return concat(v, f, e, ret);
    case FN_COALESCE: return coalesce(v, f, e, ret);
    case FN_IF:
    case FN_CASE: return choose(v, f, e, ret);
    case FN_ME: *ret = person(cx, cx->access ? cx->access->me : NULL); return ST_OK;
    case FN_MY_DEPARTMENT:
        *ret = person(cx, cx->access ? cx->access->my_department : NULL);
        return ST_OK;
    case FN_MY_DEPARTMENTS:
        *ret = people(cx, cx->access ? cx->access->my_departments : NULL);
        return ST_OK;
    case FN_MY_TEAMS: *ret = people(cx, cx->access ? cx->access->my_teams : NULL); return ST_OK;
    case FN_IS_NEW:
    case FN_CHANGED:
    case FN_OLD: return eval_rule(v, f, e, ret);
    default: break;
    }
    Value few[FEW] = {0};
    Value *x = e->n <= FEW ? few : ARENA_ARRAY(v->cx->arena, Value, e->n);
    for (size_t i = 0; i < e->n; i++) {
        TRY(expr_eval_node(v, f, e->args[i], &x[i]));
        if (x[i].t == V_NULL) {
            *ret = VALUE_NULL;
            return ST_OK;
        }
    }
    return eval_strict(v, e, x, ret);
}
