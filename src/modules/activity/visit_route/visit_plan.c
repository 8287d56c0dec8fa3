/* SPDX-License-Identifier: Apache-2.0 */
/* A plan of visits: its order, its times, and the records it becomes. Customers without a place come last, in
 * the order in which they were chosen. */
#include "modules/activity/visit_route/visit_plan.h"
#include "access/access.h"
#include "base/calendar.h"
#include "base/zone.h"
#include "record/batch.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (1440 * MINUTE_MS)
#define ROUND_MS (5 * MINUTE_MS) /* of times on the way */

/* ---- order */

static void put_in_order(Ctx *cx, VisitPlan *p)
{
    VisitStop *was = ARENA_ARRAY(cx->arena, VisitStop, VISIT_PLAN_MOST);
    Geo at[VISIT_PLAN_MOST + 1];
    size_t index[VISIT_PLAN_MOST + 1], order[VISIT_PLAN_MOST + 1], n = 0, k = 0;
    memcpy(was, p->stops, sizeof(p->stops));
    if (p->has_from)
        at[n++] = p->from;
    for (size_t i = 0; i < p->n; i++)
        if (was[i].placed) {
            index[n] = i;
            at[n++] = was[i].at;
        }
    place_order(cx->arena, at, n, p->has_from, order);
    for (size_t i = p->has_from; i < n; i++)
        p->stops[k++] = was[index[order[i]]];
    for (size_t i = 0; i < p->n; i++)
        if (!was[i].placed)
            p->stops[k++] = was[i];
}

/* A leg reaches back to the last stop that has a place. */
static void measure(VisitPlan *p)
{
    Geo here = p->from;
    bool known = p->has_from;
    for (size_t i = 0; i < p->n; i++) {
        VisitStop *s = &p->stops[i];
        if (!s->placed)
            continue;
        s->leg_m = known ? place_distance_m(here, s->at) : 0;
        p->way_m += s->leg_m;
        here = s->at;
        known = true;
    }
}

static int64_t drive_ms(const VisitPlan *p, int64_t metres)
{
    int64_t ms = metres * 3600 / p->kmh;
    return (ms + ROUND_MS - 1) / ROUND_MS * ROUND_MS;
}

Status visit_plan_order(Ctx *cx, VisitPlan *p)
{
    if (!p->as_given)
        put_in_order(cx, p);
    measure(p);
    int64_t clock = p->start_ms;
    for (size_t i = 0; i < p->n; i++) {
        if (i)
            clock += p->stay_ms + drive_ms(p, p->stops[i].leg_m);
        if (clock >= DAY_MS)
            return FIELD_FAIL(cx, STR("accounts"), "out_of_range", "visit_plan.day_full",
                              "%zu visits end on that day at the latest", i);
        p->stops[i].due_ms = zone_to_utc(cx->zone, p->day * DAY_MS + clock);
    }
    return ST_OK;
}

/* ---- records */

static void put_text(json_t *j, const char *name, Str s)
{
    json_object_set_new(j, name, json_stringn(s.p, s.n));
}

static Str id_text(Ctx *cx, Id id) { return str_format(cx->arena, "%lld", (long long)id); }

static Status make_route(Ctx *cx, Plan *plan, const VisitPlan *p, Str name, Record **ret)
{
    Record *r = record_new(cx, p->routes);
    json_t *body = json_object();
    Buf day = buf_in(cx->arena, 16);
    json_own(cx->arena, body);
    calendar_write_date(&day, p->day);
    put_text(body, "name", name);
    put_text(body, "on_date", buf_str(&day));
    TRY(record_set_json(cx, r, body));
    const Field *far = object_field(p->routes, STR("distance_km"));
    if (far && far->kind == F_DECIMAL && far->scale <= 3)
        record_set(r, far,
                   (Value){.t = V_DECIMAL,
                           .scale = (uint8_t)far->scale,
                           .i = p->way_m / (int64_t[]){1000, 100, 10, 1}[far->scale]});
    *ret = r;
    return record_write(cx, plan, r);
}

static Status make_visit(Ctx *cx, Plan *plan, const VisitPlan *p, size_t at,
                         const RecordMade *route)
{
    Record *r = record_new(cx, p->visits);
    json_t *body = json_object();
    Buf due = buf_in(cx->arena, 32);
    json_own(cx->arena, body);
    calendar_write_datetime(&due, p->stops[at].due_ms);
    put_text(body, "account", id_text(cx, p->stops[at].account));
    put_text(body, "planned_at", buf_str(&due));
    put_text(body, "planned_duration",
             str_format(cx->arena, "PT%lldM", (long long)(p->stay_ms / MINUTE_MS)));
    put_text(body, "route", STR("$route.id"));
    json_object_set_new(body, "route_order", json_integer((json_int_t)at + 1));
    if (p->purpose)
        json_object_set(body, "purpose", (json_t *)p->purpose);
    r->made = route;
    r->n_made = 1;
    TRY(record_set_json(cx, r, body));
    return record_write(cx, plan, r);
}

static Str name_of(Ctx *cx, const VisitPlan *p)
{
    Buf day = buf_in(cx->arena, 16);
    calendar_write_date(&day, p->day);
    Str what = label_in(&p->routes->label, cx->lang);
    return p->name.n
               ? p->name
               : str_format(cx->arena, STR_FMT " " STR_FMT, STR_ARG(what), STR_ARG(buf_str(&day)));
}

Status visit_plan_write(Ctx *cx, Plan *plan, const VisitPlan *p, Id *ret_route, Id *ret_batch)
{
    Record *route = NULL;
    Str name = name_of(cx, p);
    TRY(batch_begin(cx, plan, "visits", name.n <= 200 ? name : p->routes->name, ret_batch));
    cx->batch = *ret_batch;
    TRY(make_route(cx, plan, p, name, &route));
    RecordMade *made = ARENA_NEW(cx->arena, RecordMade);
    *made = (RecordMade){STR("route"), p->routes, route->id};
    for (size_t i = 0; i < p->n; i++)
        TRY(make_visit(cx, plan, p, i, made));
    *ret_route = route->id;
    return ST_OK;
}

void visit_plan_json(const VisitPlan *p, Id route, Buf *out)
{
    buf_lit(out, "{\"route\":");
    if (route)
        buf_json_id(out, route);
    else
        buf_lit(out, "null");
    buf_printf(out, ",\"distance_m\":%lld,\"stops\":[", (long long)p->way_m);
    for (size_t i = 0; i < p->n; i++) {
        const VisitStop *s = &p->stops[i];
        buf_str_add(out, i ? STR(",{\"account\":") : STR("{\"account\":"));
        buf_json_named(out, s->account, s->title);
        buf_lit(out, ",\"due\":\"");
        calendar_write_datetime(out, s->due_ms);
        buf_printf(out, "\",\"leg_m\":%lld,\"placed\":%s}", (long long)s->leg_m,
                   s->placed ? "true" : "false");
    }
    buf_lit(out, "]}");
}
