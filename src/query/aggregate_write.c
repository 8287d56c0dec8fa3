/* SPDX-License-Identifier: Apache-2.0 */
/* The answer of an aggregate as JSON. Averages and medians carry 12 digits more than the field;
 * money is in the organisation's currency. */
#include "base/calendar.h"
#include "base/decimal.h"
#include "base/duration.h"
#include "query/aggregate.h"

#define RATIO_DIGITS 12

static FieldKind write_kind(const Field *f) { return field_result(f); }

static void write_bucket(int64_t bucket, ExprBucket unit, Buf *out)
{
    int64_t day = expr_bucket_day(bucket, unit);
    Civil c = calendar_civil(day);
    int32_t year = c.year;
    switch (unit) {
    case BUCKET_DAY: calendar_write_date(out, day); break;
    case BUCKET_WEEK: {
        int week = calendar_iso_week(day, &year);
        buf_printf(out, "%04d-W%02d", (int)year, week);
        break;
    }
    case BUCKET_MONTH: buf_printf(out, "%04d-%02d", (int)year, c.month); break;
    case BUCKET_QUARTER: buf_printf(out, "%04d-Q%d", (int)year, (c.month + 2) / 3); break;
    case BUCKET_YEAR: buf_printf(out, "%04d", (int)year); break;
    }
}

/* A value of the field as it came from the database. */
static Value write_value(const Ctx *cx, const Field *f, const DbVal *v)
{
    uint8_t scale = (uint8_t)f->scale;
    switch (write_kind(f)) {
    case F_BOOLEAN: return (Value){.t = V_BOOL, .b = v->b};
    case F_RATING:
    case F_INTEGER: return (Value){.t = V_INT, .i = v->i};
    case F_DURATION: return (Value){.t = V_DURATION, .i = v->i};
    case F_DATE: return (Value){.t = V_DATE, .i = v->i};
    case F_DATETIME: return (Value){.t = V_TIME, .i = v->i};
    case F_ID:
    case F_LINK: return (Value){.t = V_ID, .i = v->i};
    case F_DECIMAL:
    case F_PERCENT: return (Value){.t = V_DECIMAL, .scale = scale, .i = v->i};
    case F_MONEY: {
        Value money = {.t = V_MONEY, .scale = scale, .money = {.value = v->i, .base = v->i}};
        size_t n = cx->meta->currency.n < 3 ? cx->meta->currency.n : 3;
        memcpy(money.money.currency, cx->meta->currency.p, n);
        return money;
    }
    default: return (Value){.t = V_TEXT, .s = v->s};
    }
}

static void write_group(const Aggregate *a, const AggregateRows *rows, size_t g, const DbVal *v,
                        Buf *out)
{
    const Group *group = &a->groups[g];
    if (v->null) {
        buf_lit(out, "null");
    } else if (field_is_set(group->field)) {
        buf_json_str(out, v->s);
    } else if (group->bucketed) {
        buf_char(out, '"');
        write_bucket(v->i, group->unit, out);
        buf_char(out, '"');
    } else if (aggregate_leads(group->field)) {
        title_json(group->field->to, v->i, title_find(rows->titles[g], rows->n_titles[g], v->i),
                   false, out);
    } else {
        Value value = write_value(a->cx, group->field, v);
        group->field->type->json(out, group->field, &value);
    }
}

static Str text_of_link(const Aggregate *a, const AggregateRows *rows, size_t g, Id id)
{
    const TitleRow *row = title_find(rows->titles[g], rows->n_titles[g], id);
    return row && row->title.p ? row->title : text_in(a->cx, "query.group_hidden", "(not visible)");
}

void aggregate_group_text(const Aggregate *a, const AggregateRows *rows, size_t g, const DbVal *v,
                          Buf *out)
{
    const Group *group = &a->groups[g];
    if (v->null) {
        buf_str_add(out, text_in(a->cx, "query.group_none", "(empty)"));
    } else if (group->bucketed) {
        write_bucket(v->i, group->unit, out);
    } else if (aggregate_leads(group->field)) {
        buf_str_add(out, text_of_link(a, rows, g, v->i));
    } else {
        Value value = write_value(a->cx, group->field, v);
        group->field->type->text(out, group->field, &value, a->cx->lang);
    }
}

Value aggregate_sum_value(const Ctx *cx, const Field *f, int64_t sum)
{
    const DbVal v = db_int(sum);
    return write_value(cx, f, &v);
}

/* {"value":"…","currency":"CNY"} around a money figure, quotes around a decimal one. */
static void write_open(const Field *f, bool quoted, Buf *out)
{
    if (write_kind(f) == F_MONEY)
        buf_lit(out, "{\"value\":");
    if (quoted)
        buf_char(out, '"');
}

static void write_close(const Aggregate *a, const Field *f, bool quoted, Buf *out)
{
    if (quoted)
        buf_char(out, '"');
    if (write_kind(f) != F_MONEY)
        return;
    buf_lit(out, ",\"currency\":");
    buf_json_str(out, a->cx->meta->currency);
    buf_char(out, '}');
}

static bool write_is_whole(const Field *f)
{
    return write_kind(f) == F_INTEGER || write_kind(f) == F_RATING;
}

int aggregate_scale(const Field *f) { return write_is_whole(f) ? 0 : f->scale; }

/* sum / n to the ms, halves away from zero; sums beyond any length of time are told as the longest. */
static void write_duration(__int128 sum, int64_t n, Buf *out)
{
    __int128 half = sum < 0 ? -n / 2 : n / 2, ms = (sum + half) / n;
    buf_char(out, '"');
    duration_write(out, ms > INT64_MAX ? INT64_MAX : ms < -INT64_MAX ? -INT64_MAX : (int64_t)ms);
    buf_char(out, '"');
}

static void write_sum(const Aggregate *a, const Field *f, __int128 sum, Buf *out)
{
    const __int128 exact_in_json = (__int128)1 << 53;
    bool quoted = !write_is_whole(f) || sum > exact_in_json || sum < -exact_in_json;
    write_open(f, quoted, out);
    decimal_write128(out, sum, aggregate_scale(f));
    write_close(a, f, quoted, out);
}

static void write_ratio(const Aggregate *a, const Field *f, __int128 sum, int64_t n, Buf *out)
{
    int scale = aggregate_scale(f);
    write_open(f, true, out);
    decimal_write_ratio(out, sum, (__int128)n * decimal_pow10(scale), scale + RATIO_DIGITS);
    write_close(a, f, true, out);
}

static void write_duration_figure(MeasureKind kind, const Figure *f, Buf *out)
{
    write_duration(f->sum, kind == MEASURE_SUM ? 1 : kind == MEASURE_AVG ? f->n : 2, out);
}

static void write_figure(const Aggregate *a, const Measure *m, const Figure *f, Buf *out)
{
    bool extreme = m->kind == MEASURE_MIN || m->kind == MEASURE_MAX;
    if (m->kind == MEASURE_COUNT || m->kind == MEASURE_DISTINCT) {
        buf_int(out, f->n);
    } else if (f->n == 0) {
        buf_lit(out, "null");
    } else if (extreme) {
        Value value = write_value(a->cx, m->field, &f->value);
        m->field->type->json(out, m->field, &value);
    } else if (write_kind(m->field) == F_DURATION) {
        write_duration_figure(m->kind, f, out);
    } else if (m->kind == MEASURE_SUM) {
        write_sum(a, m->field, f->sum, out);
    } else {
        write_ratio(a, m->field, f->sum, m->kind == MEASURE_AVG ? f->n : 2, out);
    }
}

static void write_figures(const Aggregate *a, const AggregateRow *row, bool first, Buf *out)
{
    for (size_t i = 0; i < a->n_measures; i++) {
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_json_str(out, a->measures[i].key);
        buf_char(out, ':');
        write_figure(a, &a->measures[i], &row->figures[i], out);
    }
}

void aggregate_write(Aggregate *a, const AggregateRows *rows, const AggregateRow *total, Buf *out)
{
    buf_lit(out, "{\"rows\":[");
    for (size_t i = 0; i < rows->rows.n; i++) {
        const AggregateRow *row = &rows->rows.v[i];
        if (i > 0)
            buf_char(out, ',');
        buf_char(out, '{');
        for (size_t g = 0; g < a->n_groups; g++) {
            if (g > 0)
                buf_char(out, ',');
            buf_json_str(out, a->groups[g].key);
            buf_char(out, ':');
            write_group(a, rows, g, &row->groups[g], out);
        }
        write_figures(a, row, a->n_groups == 0, out);
        buf_char(out, '}');
    }
    buf_lit(out, "],\"total\":{");
    write_figures(a, total, true, out);
    buf_lit(out, "}}");
}
