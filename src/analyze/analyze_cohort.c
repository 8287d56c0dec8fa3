/* SPDX-License-Identifier: Apache-2.0 */
/* cohort: retention and revenue by period of the first purchase and age. */
#include "analytics/cohort.h"
#include "analyze/analyze_sales.h"
#include "base/calendar.h"
#include <math.h>

static const AnalyzeOption OPTIONS[] = {
    {"amount", OPTION_COLUMN, false, NULL, "金额列", "money"},
    {"customer", OPTION_COLUMN, true, NULL, "客户列", "customer"},
    {"date", OPTION_COLUMN, true, NULL, "日期列", "date"},
    {"invoice", OPTION_COLUMN, false, NULL, "单据列（不影响结果）", "invoice (changes nothing)"},
    {"period", OPTION_WORD, false, "month|quarter|week|day", "周期（默认 month）",
     "period (default month)"},
    {"quantity", OPTION_COLUMN, false, NULL, "数量列，乘以金额", "quantity, times the amount"},
    {"snapshot", OPTION_DATE, false, NULL, "数据截止日（默认最后一天）",
     "last day of the data (default: the last date)"},
};

static const char *period_name(const Analysis *an)
{
    static const char *const NAMES[] = {"quarter", "week", "day"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (str_is(analysis_text(an, "period"), NAMES[i]))
            return NAMES[i];
    return "month";
}

/* Number of the period that holds the day; consecutive periods have consecutive numbers. */
static int64_t period_of(const char *period, int64_t day)
{
    if (*period == 'd')
        return day;
    if (*period == 'w')
        return calendar_floor_div(day + 3, 7); /* weeks begin on Monday; day 0 was a Thursday */
    Civil c = calendar_civil(day);
    return *period == 'm' ? c.year * 12 + c.month - 1 : c.year * 4 + (c.month - 1) / 3;
}

static Str period_label(const Analysis *an, const char *period, int64_t number)
{
    if (*period == 'd')
        return analyze_sales_day(an, number);
    if (*period == 'w')
        return analyze_sales_day(an, number * 7 - 3);
    long long per = *period == 'm' ? 12 : 4, year = number / per, part = number % per + 1;
    return str_format(an->cx->arena, *period == 'm' ? "%04lld-%02lld" : "%04lld-Q%lld", year, part);
}

typedef struct Window {
    int64_t first, periods, last_day;
    bool is_partial; /* the last period does not end on the last day */
} Window;

static Status find_window(Analysis *an, const Sales *s, const char *period, int32_t *ret_period,
                          Window *ret)
{
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (size_t i = 0; i < s->rows; i++) {
        low = s->day[i] < low ? s->day[i] : low;
        high = s->day[i] > high ? s->day[i] : high;
    }
    int64_t snapshot = analysis_date(an, "snapshot");
    if (snapshot != INT64_MIN && high > snapshot)
        return FAIL(an->cx, ST_INVALID, "analyze.after_snapshot",
                    "column \"" STR_FMT "\" goes to " STR_FMT ", after the snapshot " STR_FMT,
                    STR_ARG(s->columns[1]->name), STR_ARG(analyze_sales_day(an, high)),
                    STR_ARG(analyze_sales_day(an, snapshot)));
    ret->last_day = snapshot != INT64_MIN ? snapshot : high;
    ret->first = period_of(period, low);
    ret->periods = period_of(period, ret->last_day) - ret->first + 1;
    ret->is_partial = period_of(period, ret->last_day) == period_of(period, ret->last_day + 1);
    for (size_t i = 0; i < s->rows; i++)
        ret_period[i] = (int32_t)(period_of(period, s->day[i]) - ret->first);
    if (ret->periods > 4096)
        return FAIL(an->cx, ST_INVALID, "analyze.many_periods",
                    "%lld periods are more than 4096: take longer ones", (long long)ret->periods);
    return ST_OK;
}

static void put_triangle(json_t *o, const char *key, const CohortTable *t, const int64_t *v,
                         double unit, bool is_share)
{
    json_t *rows = result_array(o, key);
    for (size_t g = 0; g < t->cohorts; g++) {
        json_t *row = json_array();
        json_array_append_new(rows, row);
        for (size_t age = 0; age < t->periods; age++) {
            double x = (double)v[g * t->periods + age] / unit;
            result_add(row, is_share ? x / (double)t->size[g] : x);
        }
    }
}

static void put_tables(Analysis *an, json_t *o, const CohortTable *t, const Window *w,
                       const char *period, double unit, bool has_money)
{
    Arena *a = an->cx->arena;
    View *v = result_view(an->result, "留存率", "Retention", NULL, 0);
    json_t *names = result_array(o, "cohorts"), *size = result_array(o, "size");
    json_t *rows = result_array(o, "rows");
    result_view_column(v, str_of(an->cx->lang == LANG_ZH ? "人数" : "Size"), STR("size"),
                       CELL_COUNT);
    for (size_t age = 0; age < t->periods; age++)
        result_view_column(v, str_format(a, "%zu", age), str_format(a, "retention.%zu", age),
                           CELL_PERCENT);
    for (size_t g = 0; g < t->cohorts; g++) {
        Str name = period_label(an, period, w->first + t->cohort[g]);
        json_array_append_new(names, json_stringn(name.p, name.n));
        result_add(size, (double)t->size[g]);
        json_t *row = result_item(rows), *shares = result_array(row, "retention");
        result_put_text(row, "cohort", name);
        result_put(row, "size", (double)t->size[g]);
        for (size_t age = 0; age < t->periods; age++) {
            size_t at = g * t->periods + age;
            result_add(shares, t->observed[at] ? (double)t->active[at] / (double)t->size[g] : NAN);
        }
        result_row(v, name, row);
    }
    put_triangle(o, "active", t, t->active, 1, false);
    put_triangle(o, "retention", t, t->active, 1, true);
    if (has_money)
        put_triangle(o, "revenue", t, t->revenue, unit, false);
    result_puts(o, "overall_retention_by_age", t->pooled, t->periods);
    result_puts(o, "overall_retention_by_age_full", t->pooled_full, t->periods);
}

static Status run(Analysis *an)
{
    Sales s;
    CohortTable t;
    Window w = {0};
    TRY(analyze_sales_read(an, &s));
    const char *period = period_name(an);
    int32_t *at = arena_alloc(an->cx->arena, (s.rows + 1) * sizeof(*at));
    TRY(find_window(an, &s, period, at, &w));
    TRY(analysis_fault(an,
                       cohort_table(&an->kernel, s.customer, at, s.amount, s.rows, s.customers,
                                    (size_t)w.periods, w.is_partial, &t),
                       s.columns, s.n_columns));
    json_t *o = result_object(an->result->tables, "cohort");
    result_put_text(o, "freq",
                    str_of(*period == 'm'   ? "M"
                           : *period == 'q' ? "Q"
                           : *period == 'w' ? "W"
                                            : "D"));
    result_put(o, "customers", (double)s.customers);
    result_put_bool(o, "last_period_is_partial", w.is_partial);
    put_tables(an, o, &t, &w, period, pow(10, s.scale), s.amount != NULL);
    if (w.is_partial)
        result_note(an->result,
                    text_in(an->cx, "analyze.cohort_partial",
                            "the last period ends on " STR_FMT " and is not complete: its figures "
                            "are too low; overall_retention_by_age_full leaves it out",
                            STR_ARG(analyze_sales_day(an, w.last_day))));
    double next = t.periods > 1 ? t.pooled_full[1] : NAN;
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_cohort",
                           "%zu customers in %zu cohorts; %.3g %% of them buy again in the period "
                           "after their first.",
                           s.customers, t.cohorts, 100 * (isnan(next) ? 0 : next)));
    return ST_OK;
}

const AnalyzeMethod analyze_cohort = {
    "cohort", "同期群留存", "cohorts and retention", OPTIONS, COUNT_OF(OPTIONS), 0, run};
