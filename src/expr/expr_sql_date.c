/* SPDX-License-Identifier: Apache-2.0 */
/* Functions over dates and instants as SQL: integer arithmetic over day numbers (expr_bucket.c), in
 * the zone of the request. */
#include "expr/expr_emit.h"

#define MS_PER_DAY INT64_C(86400000)

/* The local day of a date or an instant. */
static Status write_day(Emit *m, const Expr *e, Sql *out)
{
    Sql ms = sql_fragment(out);
    if (e->constant) {
        Value v;
        TRY(expr_eval(m->cx, e, NULL, &v));
        if (v.t == V_TIME)
            v = (Value){.t = V_DATE, .i = expr_date_local(m->cx, v.i)};
        return expr_sql_value(m, &v, V_DATE, out);
    }
    if (e->t != V_TIME)
        return expr_sql_node(m, e, out);
    TRY(expr_sql_node(m, e, &ms));
    expr_sql_local_day(out, &ms, m->cx->zone);
    return ST_OK;
}

static Status let_day(Emit *m, const Expr *e, Sql *out, Let *ret)
{
    Sql day = sql_fragment(out);
    TRY(write_day(m, e, &day));
    expr_sql_let_fragment(m, &day, e->constant || (e->t == V_DATE && expr_sql_is_bare(e)), out,
                          ret);
    return ST_OK;
}

static void write_months(const Sql *day, const char *after, Sql *out)
{
    sql_lit(out, "(");
    expr_sql_bucket(out, day, BUCKET_MONTH);
    buf_str_add(&out->text, str_of(after));
    sql_lit(out, ")");
}

/* ISO 8601: the week of the year in which its Thursday lies. */
static void write_week(Emit *m, const Sql *day, Sql *out)
{
    Let thursday;
    Sql t = sql_fragment(out), months = sql_fragment(out);
    sql_lit(&t, "((");
    sql_append(&t, day);
    sql_lit(&t, " + 770003) / 7 * 7 - 770000)");
    expr_sql_let_fragment(m, &t, false, out, &thursday);
    write_months(&thursday.value, " / 12 * 12", &months);
    sql_lit(out, "((");
    sql_append(out, &thursday.value);
    sql_lit(out, " - ");
    expr_sql_first_of_month(out, &months);
    sql_lit(out, ") / 7 + 1)");
    expr_sql_let_end(&thursday, out);
}

static Status write_part(Emit *m, const Expr *e, Sql *out)
{
    Let day;
    TRY(let_day(m, e->args[0], out, &day));
    switch (e->call->fn) {
    case FN_YEAR: write_months(&day.value, " / 12", out); break;
    case FN_QUARTER: write_months(&day.value, " % 12 / 3 + 1", out); break;
    case FN_MONTH: write_months(&day.value, " % 12 + 1", out); break;
    case FN_WEEK: write_week(m, &day.value, out); break;
    case FN_WEEKDAY:
        sql_lit(out, "((");
        sql_append(out, &day.value);
        sql_lit(out, " + 770003) % 7 + 1)");
        break;
    default: expr_sql_day_of_month(out, &day.value); break;
    }
    expr_sql_let_end(&day, out);
    return ST_OK;
}

static Status write_start_of(Emit *m, const Expr *e, Sql *out)
{
    static const char *const TO_MONTH[] = {
        [BUCKET_MONTH] = "", [BUCKET_QUARTER] = " / 3 * 3", [BUCKET_YEAR] = " / 12 * 12"};
    ExprBucket unit = BUCKET_DAY;
    Let day, month;
    Sql months = sql_fragment(out);
    expr_date_unit(e->args[0]->lit.s, &unit);
    TRY(let_day(m, e->args[1], out, &day));
    if (unit == BUCKET_DAY) {
        sql_append(out, &day.value);
    } else if (unit == BUCKET_WEEK) {
        sql_lit(out, "((");
        sql_append(out, &day.value);
        sql_lit(out, " + 770003) / 7 * 7 - 770003)");
    } else {
        write_months(&day.value, TO_MONTH[unit], &months);
        expr_sql_let_fragment(m, &months, false, out, &month);
        expr_sql_first_of_month(out, &month.value);
        expr_sql_let_end(&month, out);
    }
    expr_sql_let_end(&day, out);
    return ST_OK;
}

/* The day stays, but not behind the end of its new month. */
static void write_add_months(Emit *m, const Sql *day, const Sql *months, Sql *out)
{
    Let to;
    Sql sum = sql_fragment(out), next = sql_fragment(out), length = sql_fragment(out);
    sql_lit(&sum, "(");
    expr_sql_bucket(&sum, day, BUCKET_MONTH);
    sql_append(&sum, months);
    sql_lit(&sum, ")");
    expr_sql_let_fragment(m, &sum, false, out, &to);
    sql_lit(&next, "(");
    sql_append(&next, &to.value);
    sql_lit(&next, " + 1)");
    sql_lit(&length, "(");
    expr_sql_first_of_month(&length, &next);
    sql_lit(&length, " - ");
    expr_sql_first_of_month(&length, &to.value);
    sql_lit(&length, ")");
    sql_lit(out, "(");
    expr_sql_first_of_month(out, &to.value);
    sql_lit(out, " - 1 + CASE WHEN ");
    expr_sql_day_of_month(out, day);
    sql_lit(out, " <= ");
    sql_append(out, &length);
    sql_lit(out, " THEN ");
    expr_sql_day_of_month(out, day);
    sql_lit(out, " ELSE ");
    sql_append(out, &length);
    sql_lit(out, " END)");
    expr_sql_let_end(&to, out);
}

static Status write_months_from(Emit *m, const Expr *e, Sql *out)
{
    Let day;
    Sql months = sql_fragment(out);
    TRY(let_day(m, e->args[0], out, &day));
    sql_lit(&months, " + ");
    TRY(expr_sql_node(m, e->args[1], &months));
    write_add_months(m, &day.value, &months, out);
    expr_sql_let_end(&day, out);
    return ST_OK;
}

/* days_ago(n), days_ahead(n), months_ago(n) where n differs from row to row. */
static Status write_from_today(Emit *m, const Expr *e, Sql *out)
{
    Sql today = sql_fragment(out), n = sql_fragment(out);
    sql_bind_int(&today, expr_date_local(m->cx, m->cx->now_ms));
    if (e->call->fn == FN_DAYS_AHEAD)
        sql_lit(&n, " + ");
    else
        sql_lit(&n, " - ");
    TRY(expr_sql_node(m, e->args[0], &n));
    if (e->call->fn == FN_MONTHS_AGO) {
        write_add_months(m, &today, &n, out);
        return ST_OK;
    }
    sql_lit(out, "(");
    sql_append(out, &today);
    sql_append(out, &n);
    sql_lit(out, ")");
    return ST_OK;
}

static Status write_add_days(Emit *m, const Expr *e, Sql *out)
{
    sql_lit(out, "(");
    TRY(expr_sql_node(m, e->args[0], out));
    sql_lit(out, " + ");
    TRY(expr_sql_node(m, e->args[1], out));
    if (e->t == V_TIME) {
        sql_lit(out, " * ");
        sql_number(out, MS_PER_DAY);
    }
    sql_lit(out, ")");
    return ST_OK;
}

static Status write_days_between(Emit *m, const Expr *e, Sql *out)
{
    sql_lit(out, "(");
    TRY(write_day(m, e->args[1], out));
    sql_lit(out, " - ");
    TRY(write_day(m, e->args[0], out));
    sql_lit(out, ")");
    return ST_OK;
}

/* Holidays and makeup days: the step of the calendar that the day lies on. */
static void write_steps(Emit *m, const Sql *day, Sql *out)
{
    const Meta *meta = m->cx->meta;
    if (!meta || !meta->n_workdays)
        return;
    sql_lit(out, " + CASE");
    for (size_t i = meta->n_workdays; i-- > 0;) {
        sql_lit(out, " WHEN ");
        sql_append(out, day);
        sql_lit(out, " >= ");
        sql_number(out, meta->workdays[i].day);
        sql_lit(out, " THEN ");
        sql_number(out, meta->workdays[i].total);
    }
    sql_lit(out, " ELSE 0 END");
}

/* Both as the number of workdays up to them, counted from a Monday far back. */
static Status write_workdays(Emit *m, const Expr *e, Sql *out)
{
    Let day;
    TRY(let_day(m, e, out, &day));
    sql_lit(out, "((");
    sql_append(out, &day.value);
    sql_lit(out, " + 770003) / 7 * 5 + CASE WHEN (");
    sql_append(out, &day.value);
    sql_lit(out, " + 770003) % 7 < 5 THEN (");
    sql_append(out, &day.value);
    sql_lit(out, " + 770003) % 7 + 1 ELSE 5 END");
    write_steps(m, &day.value, out);
    sql_lit(out, ")");
    expr_sql_let_end(&day, out);
    return ST_OK;
}

static Status write_workdays_between(Emit *m, const Expr *e, Sql *out)
{
    sql_lit(out, "(");
    TRY(write_workdays(m, e->args[1], out));
    sql_lit(out, " - ");
    TRY(write_workdays(m, e->args[0], out));
    sql_lit(out, ")");
    return ST_OK;
}

static Status write_hour(Emit *m, const Expr *e, Sql *out)
{
    Sql ms = sql_fragment(out);
    TRY(expr_sql_node(m, e->args[0], &ms));
    expr_sql_hour(out, &ms, m->cx->zone);
    return ST_OK;
}

Status expr_sql_date_call(Emit *m, const Expr *e, Sql *out)
{
    switch (e->call->fn) {
    case FN_DATE: return write_day(m, e->args[0], out);
    case FN_ADD_DAYS: return write_add_days(m, e, out);
    case FN_ADD_MONTHS: return write_months_from(m, e, out);
    case FN_DAYS_AGO:
    case FN_DAYS_AHEAD:
    case FN_MONTHS_AGO: return write_from_today(m, e, out);
    case FN_DAYS_BETWEEN: return write_days_between(m, e, out);
    case FN_WORKDAYS_BETWEEN: return write_workdays_between(m, e, out);
    case FN_START_OF: return write_start_of(m, e, out);
    case FN_HOUR: return write_hour(m, e, out);
    default: return write_part(m, e, out);
    }
}
