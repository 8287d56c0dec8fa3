/* SPDX-License-Identifier: Apache-2.0 */
/* Transactions as arrays. Money becomes a whole number at the scale of the file, so that sums are exact. */
#include "analyze/analyze_sales.h"
#include "analytics/rfm.h"
#include "base/calendar.h"
#include <math.h>

static Status option_column(Analysis *an, const char *name, Series **ret)
{
    *ret = NULL;
    return analysis_has(an, name) ? analysis_column(an, name, ret) : ST_OK;
}

static Status number_numbers(Analysis *an, Series *c, int32_t **ret_code, int64_t **ret_keys,
                             size_t *ret_n)
{
    size_t n = an->frame->n;
    int64_t *key = arena_alloc(an->cx->arena, (n + 1) * sizeof(*key));
    for (size_t i = 0; i < n; i++) {
        if (c->num[i] != floor(c->num[i]) || fabs(c->num[i]) > 9e15)
            return FAIL(an->cx, ST_INVALID, "analyze.not_whole",
                        "column \"" STR_FMT "\", line %lld: %.10g is not a whole number",
                        STR_ARG(c->name), (long long)frame_line(an->frame, i), c->num[i]);
        key[i] = (int64_t)c->num[i];
    }
    return rfm_number(&an->kernel, key, n, ret_code, ret_keys, ret_n);
}

/* Values that no row uses any more get no number. */
static void number_text(Analysis *an, const Series *c, int32_t **ret_code, size_t *ret_n,
                        Str **ret_names)
{
    size_t n = an->frame->n, used = 0;
    int32_t *at = ARENA_ARRAY(an->cx->arena, int32_t, c->n_values + 1);
    int32_t *code = arena_alloc(an->cx->arena, (n + 1) * sizeof(*code));
    Str *names = arena_alloc(an->cx->arena, (c->n_values + 1) * sizeof(*names));
    for (size_t i = 0; i < n; i++)
        at[frame_code(c, i)] = 1;
    for (size_t v = 0; v < c->n_values; v++)
        if (at[v]) {
            names[used] = c->values[v];
            at[v] = (int32_t)used++;
        }
    for (size_t i = 0; i < n; i++)
        code[i] = at[frame_code(c, i)];
    *ret_code = code;
    *ret_n = used;
    *ret_names = names;
}

Status analyze_sales_number(Analysis *an, Series *c, int32_t **ret_code, int64_t **ret_keys,
                            size_t *ret_n)
{
    Str *names;
    if (c->kind != COLUMN_TEXT)
        return number_numbers(an, c, ret_code, ret_keys, ret_n);
    number_text(an, c, ret_code, ret_n, &names);
    c->values = names; /* the codes of the caller point at these */
    *ret_keys = NULL;
    return ST_OK;
}

static Status read_money(Analysis *an, Series *amount, Series *quantity, Sales *s)
{
    size_t n = an->frame->n;
    s->scale = amount->scale + (quantity ? quantity->scale : 0);
    double unit = pow(10, amount->scale), times = quantity ? pow(10, quantity->scale) : 1;
    s->amount = arena_alloc(an->cx->arena, (n + 1) * sizeof(int64_t));
    s->spend = arena_alloc(an->cx->arena, (n + 1) * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        double a = round(amount->num[i] * unit), q = quantity ? round(quantity->num[i] * times) : 1;
        if (fabs(a) > 9e15 || fabs(q) > 9e15 || fabs(a * q) > 9e18)
            return FAIL(an->cx, ST_INVALID, "analyze.range",
                        "column \"" STR_FMT "\", line %lld: the method does not allow this value",
                        STR_ARG(amount->name), (long long)frame_line(an->frame, i));
        s->amount[i] = (int64_t)a * (int64_t)q;
        s->spend[i] = (double)s->amount[i] / (unit * times);
    }
    return ST_OK;
}

static Status read_days(Analysis *an, Series *date, Sales *s)
{
    size_t n = an->frame->n;
    s->day = arena_alloc(an->cx->arena, (n + 1) * sizeof(int32_t));
    for (size_t i = 0; i < n; i++)
        s->day[i] = (int32_t)floor(date->num[i]);
    return ST_OK;
}

static Status read_invoices(Analysis *an, Series *invoice, Sales *s)
{
    size_t n = an->frame->n;
    s->invoice = arena_alloc(an->cx->arena, (n + 1) * sizeof(int64_t));
    for (size_t i = 0; i < n; i++) {
        double v = invoice->kind == COLUMN_TEXT ? frame_code(invoice, i) : invoice->num[i];
        memcpy(&s->invoice[i], &v, sizeof(v)); /* equal numbers have equal bits */
    }
    return ST_OK;
}

Status analyze_sales_read(Analysis *an, Sales *ret)
{
    Series *customer, *date, *amount, *invoice, *quantity, *all[5];
    size_t n = 0;
    *ret = (Sales){0};
    TRY(analysis_column(an, "customer", &customer));
    TRY(analysis_column(an, "date", &date));
    TRY(option_column(an, "amount", &amount));
    TRY(option_column(an, "invoice", &invoice));
    TRY(option_column(an, "quantity", &quantity));
    TRY(frame_need_dates(an->cx, an->frame, date));
    Series *given[] = {customer, date, amount, invoice, quantity};
    for (size_t i = 0; i < COUNT_OF(given); i++)
        if (given[i])
            all[n++] = given[i];
    if (amount)
        TRY(frame_need_numbers(an->cx, an->frame, amount));
    if (quantity)
        TRY(frame_need_numbers(an->cx, an->frame, quantity));
    TRY(analysis_listwise(an, all, n));
    ret->rows = an->frame->n;
    ret->who = customer;
    Series *order[] = {customer, date, amount ? amount : date, invoice ? invoice : date};
    memcpy(ret->columns, order, sizeof(order));
    ret->n_columns = COUNT_OF(order);
    TRY(read_days(an, date, ret));
    if (amount)
        TRY(read_money(an, amount, quantity, ret));
    if (invoice)
        TRY(read_invoices(an, invoice, ret));
    TRY(analyze_sales_number(an, customer, &ret->customer, &ret->keys, &ret->customers));
    for (size_t i = 0; i < n; i++) /* they live on as days, cents and numbers */
        if (all[i]->kind != COLUMN_TEXT)
            frame_release(all[i]);
    return ST_OK;
}

Str analyze_sales_name(const Analysis *an, const Sales *s, size_t customer)
{
    if (!s->keys)
        return s->who->values[customer];
    return frame_label(an->cx->arena, s->who, (double)s->keys[customer]);
}

void analyze_sales_out(Analysis *an, const Sales *s)
{
    Str *names = arena_alloc(an->cx->arena, (s->customers + 1) * sizeof(*names));
    for (size_t c = 0; c < s->customers; c++)
        names[c] = analyze_sales_name(an, s, c);
    result_out(an->result, s->customers, (OutColumn){.name = s->who->name, .text = names});
}

Str analyze_sales_day(const Analysis *an, int64_t day)
{
    Buf b = buf_in(an->cx->arena, 32);
    calendar_write_date(&b, day);
    return buf_str(&b);
}
