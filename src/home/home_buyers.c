/* SPDX-License-Identifier: Apache-2.0 */
/* Who buys how much, how often, how lately: the orders of two years by customer, as far as the reader sees
 * them, put through the kernels of 80/20 and RFM. Each part says the filter of the customers behind it. */
#include "analytics/pareto.h"
#include "analytics/rfm.h"
#include "base/calendar.h"
#include "base/json.h"
#include "home/home_internal.h"
#include <math.h>

enum {
    BUYERS = 10000,    /* customers that are looked at: those who bought most */
    BYTES = 64 * 1024, /* of the answer about a few */
    K = 5,             /* scores */
    TOP = 10,
    DAYS = 731,
};

typedef struct Buyers {
    size_t n;
    Id *ids; /* who bought most comes first */
    int64_t *recency, *count, *cents;
    double *amount;
    Str orders, which; /* filters: of the orders that count; of them within their account */
    Str relation;
    int64_t today;
} Buyers;

/* What each customer bought; the most first. */
static Status question(Ctx *cx, Str filter, int limit, json_t **ret)
{
    TRY(json_parse(
        cx,
        STR("{\"group\":[\"account\"],\"measures\":[\"count\",{\"sum\":\"total\"},{\"max\":"
            "\"placed_on\"}],\"sort\":[\"-sum_total\"]}"),
        ret));
    json_object_set_new(*ret, "filter", json_stringn(filter.p, filter.n));
    json_object_set_new(*ret, "limit", json_integer(limit));
    return ST_OK;
}

static Status read_rows(Ctx *cx, const Object *order, Buyers *b)
{
    json_t *body = NULL;
    QueryFigures f;
    TRY(question(cx, b->orders, BUYERS, &body));
    TRY(query_figures(cx, order, body, &f));
    b->n = f.n;
    b->ids = f.ids;
    b->recency = ARENA_ARRAY(cx->arena, int64_t, f.n + 1);
    b->count = ARENA_ARRAY(cx->arena, int64_t, f.n + 1);
    b->cents = ARENA_ARRAY(cx->arena, int64_t, f.n + 1);
    b->amount = ARENA_ARRAY(cx->arena, double, f.n + 1);
    for (size_t i = 0; i < f.n; i++) {
        const double *v = f.values + i * f.measures; /* count, sum, last day */
        double ago = isnan(v[2]) ? 0 : (double)b->today - v[2];
        b->recency[i] = ago > 0 ? (int64_t)ago : 0;
        b->count[i] = (int64_t)v[0];
        b->amount[i] = isnan(v[1]) ? 0 : v[1];
        b->cents[i] = (int64_t)llround(b->amount[i] * 100);
    }
    return ST_OK;
}

static Str day_text(Ctx *cx, int64_t day)
{
    Buf b = buf_in(cx->arena, 16);
    calendar_write_date(&b, day);
    return buf_str(&b);
}

/* Bounds of one score: more than `low`, at most `high`; NaN: none. */
static void bounds(const double *cut, int step, double *ret_low, double *ret_high)
{
    *ret_low = step > 0 ? cut[step - 1] : NAN;
    *ret_high = step < K - 1 ? cut[step] : NAN;
}

static Str cell_filter(Ctx *cx, const Buyers *b, const RfmScores *s, int r, int f)
{
    double low, high;
    Buf out = buf_in(cx->arena, 4096);
    Str last = str_format(cx->arena, "max(" STR_FMT ", placed_on, " STR_FMT ")",
                          STR_ARG(b->relation), STR_ARG(b->which));
    Str often = str_format(cx->arena, "count(" STR_FMT ", " STR_FMT ")", STR_ARG(b->relation),
                           STR_ARG(b->which));
    buf_printf(&out, STR_FMT " > 0", STR_ARG(often));
    bounds(s->cut[0], K - r, &low, &high);
    if (!isnan(low))
        buf_printf(&out, " and " STR_FMT " < \"" STR_FMT "\"", STR_ARG(last),
                   STR_ARG(day_text(cx, b->today - (int64_t)floor(low))));
    if (!isnan(high))
        buf_printf(&out, " and " STR_FMT " >= \"" STR_FMT "\"", STR_ARG(last),
                   STR_ARG(day_text(cx, b->today - (int64_t)floor(high))));
    bounds(s->cut[1], f - 1, &low, &high);
    if (!isnan(low))
        buf_printf(&out, " and " STR_FMT " > %lld", STR_ARG(often), (long long)floor(low));
    if (!isnan(high))
        buf_printf(&out, " and " STR_FMT " <= %lld", STR_ARG(often), (long long)floor(high));
    return buf_str(&out);
}

static void write_rfm(Ctx *cx, const Buyers *b, Kernel *k, Buf *out)
{
    RfmTable t = {.n = b->n, .recency = b->recency, .frequency = b->count, .monetary = b->cents};
    RfmScores s;
    size_t n[K + 1][K + 1] = {{0}};
    double sum[K + 1][K + 1] = {{0}};
    buf_lit(out, ",\"rfm\":");
    if (b->n < K || rfm_score(k, &t, K, RFM_CUTPOINT, &s) != ST_OK) {
        buf_lit(out, "null");
        return;
    }
    for (size_t i = 0; i < b->n; i++) {
        n[s.r[i]][s.f[i]]++;
        sum[s.r[i]][s.f[i]] += b->amount[i];
    }
    bool first = true;
    buf_char(out, '[');
    for (int r = K; r >= 1; r--)
        for (int f = 1; f <= K; f++) {
            if (!n[r][f])
                continue;
            buf_printf(out, "%s{\"r\":%d,\"f\":%d,\"count\":%zu,\"sum\":%.2f,\"filter\":",
                       first ? "" : ",", r, f, n[r][f], sum[r][f]);
            buf_json_str(out, cell_filter(cx, b, &s, r, f));
            buf_char(out, '}');
            first = false;
        }
    buf_char(out, ']');
}

static void write_pareto(Ctx *cx, const Buyers *b, Kernel *k, Buf *out)
{
    Pareto p;
    buf_lit(out, ",\"pareto\":");
    if (!b->n || pareto_concentration(k, b->amount, b->n, 0.8, &p) != ST_OK) {
        buf_lit(out, "null");
        return;
    }
    double least = b->amount[p.order[p.reach - 1]];
    buf_printf(out, "{\"total\":%.2f,\"reach\":%zu,\"top_fifth\":%.4f,\"lorenz\":[", p.total,
               p.reach, p.top_fifth);
    for (size_t i = 0; i < COUNT_OF(p.lorenz); i++)
        buf_printf(out, "%s%.4f", i ? "," : "", p.lorenz[i]);
    buf_lit(out, "],\"filter\":");
    buf_json_str(out, str_format(cx->arena, "sum(" STR_FMT ", total, " STR_FMT ") >= %.2f",
                                 STR_ARG(b->relation), STR_ARG(b->which), least));
    buf_char(out, '}');
}

/* Titles and exact sums are read of these alone. */
static Status write_top(Ctx *cx, const Object *order, const Buyers *b, Buf *out)
{
    json_t *body = NULL, *answer = NULL;
    Buf who = buf_in(cx->arena, 4096), raw = buf_in(cx->arena, BYTES);
    buf_lit(out, ",\"top\":");
    if (!b->n) {
        buf_lit(out, "[]");
        return ST_OK;
    }
    buf_printf(&who, STR_FMT " and account in (", STR_ARG(b->orders));
    for (size_t i = 0; i < b->n && i < TOP; i++)
        buf_printf(&who, "%s\"%lld\"", i ? "," : "", (long long)b->ids[i]);
    buf_char(&who, ')');
    TRY(question(cx, buf_str(&who), TOP, &body));
    TRY(query_aggregate(cx, order, body, &raw));
    TRY(json_parse(cx, buf_str(&raw), &answer));
    json_write(out, json_object_get(answer, "rows"));
    return ST_OK;
}

static Status write_buyers(Ctx *cx, const Object *order, Buyers *b, Buf *out)
{
    Kernel k = {.arena = cx->arena, .threads = 1};
    TRY(read_rows(cx, order, b));
    buf_printf(out, "{\"n\":%zu,\"cut\":%s,\"days\":%d,\"filter\":", b->n,
               b->n == BUYERS ? "true" : "false", DAYS);
    buf_json_str(out, b->orders);
    write_pareto(cx, b, &k, out);
    write_rfm(cx, b, &k, out);
    TRY(write_top(cx, order, b, out));
    buf_char(out, '}');
    return ST_OK;
}

Status home_buyers_write(Ctx *cx, HomeScope scope, Buf *out)
{
    const Object *order = meta_object(cx->meta, STR("order"));
    const Field *account = order ? object_field(order, STR("account")) : NULL;
    size_t before = out->n;
    if (!order || !account || !cx->access->object(cx, order)) {
        buf_lit(out, "null");
        return ST_OK;
    }
    Buyers b = {.today = calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms)),
                .relation = account->inverse.n ? account->inverse : order->plural};
    b.which = str_format(cx->arena, "%sstatus != \"cancelled\" and placed_on > days_ago(%d)",
                         scope == HOME_MINE ? "owner = me() and " : "", DAYS);
    b.orders = str_format(cx->arena, STR_FMT " and account is not null", STR_ARG(b.which));
    Status st = write_buyers(cx, order, &b, out);
    if (st == ST_OK || !home_is_not_for_him(cx, st))
        return st;
    error_clear(cx);
    buf_truncate(out, before);
    buf_lit(out, "null");
    return ST_OK;
}
