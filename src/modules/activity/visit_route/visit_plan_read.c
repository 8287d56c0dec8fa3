/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan of visits is asked for. */
#include "access/access.h"
#include "base/calendar.h"
#include "base/id.h"
#include "modules/activity/visit_route/visit_plan.h"
#include <math.h>

#define MINUTE_MS INT64_C(60000)

static Status wrong(Ctx *cx, Str name)
{
    return FIELD_FAIL(cx, name, "bad_value", "visit_plan.bad", "Not accepted");
}

static Status read_number(Ctx *cx, const json_t *body, const char *name, int64_t least,
                          int64_t most, int64_t *ret)
{
    const json_t *v = json_object_get(body, name);
    if (!v)
        return ST_OK;
    *ret = json_get_int(body, name, least - 1);
    return *ret >= least && *ret <= most
               ? ST_OK
               : FIELD_FAIL(cx, str_of(name), "out_of_range", "visit_plan.range",
                            "From %lld to %lld", (long long)least, (long long)most);
}

static Status read_when(Ctx *cx, const json_t *body, VisitPlan *p)
{
    int64_t minutes = 60;
    int begins = 0;
    const json_t *start = json_object_get(body, "start");
    if (!calendar_parse_date(json_get_str(body, "on"), &p->day))
        return wrong(cx, STR("on"));
    if (start && !calendar_parse_clock(json_str(start), &begins))
        return wrong(cx, STR("start"));
    if (start)
        p->start_ms = begins * MINUTE_MS;
    TRY(read_number(cx, body, "minutes", 5, 480, &minutes));
    p->stay_ms = minutes * MINUTE_MS;
    return read_number(cx, body, "kmh", 1, 200, &p->kmh);
}

static bool degrees(const json_t *v, double most, int32_t *ret)
{
    double d = json_number_value(v);
    if (!json_is_number(v) || !(fabs(d) <= most))
        return false;
    *ret = (int32_t)lround(d * 1e7);
    return true;
}

static Status read_way(Ctx *cx, const json_t *body, VisitPlan *p)
{
    const json_t *from = json_object_get(body, "from"), *order = json_object_get(body, "order");
    p->as_given = order && str_is(json_str(order), "given");
    if (order && !p->as_given && !str_is(json_str(order), "short"))
        return wrong(cx, STR("order"));
    if (!from || json_is_null(from))
        return ST_OK;
    p->has_from = degrees(json_object_get(from, "lat"), 90, &p->from.lat) &&
                  degrees(json_object_get(from, "lng"), 180, &p->from.lng);
    return p->has_from ? ST_OK : wrong(cx, STR("from"));
}

static Status add_stop(Ctx *cx, const Field *geo, Id id, Str at, VisitPlan *p)
{
    Record *r = NULL;
    for (size_t i = 0; i < p->n; i++)
        if (p->stops[i].account == id)
            return FIELD_FAIL(cx, at, "duplicate", "visit_plan.twice", "Is there twice");
    bool visible = false;
    TRY(query_visible(cx, p->accounts, id, &visible));
    if (!visible)
        return FIELD_FAIL(cx, at, "no_match", "visit_plan.no_account", "There is no such customer");
    TRY(record_load(cx, p->accounts, id, &r));
    VisitStop *s = &p->stops[p->n++];
    const Value *v = geo ? record_get(r, geo) : NULL;
    *s = (VisitStop){.account = id, .placed = v && v->t == V_GEO};
    if (s->placed)
        s->at = v->geo;
    return query_titles(cx, p->accounts, &id, 1, &s->title, NULL);
}

static Status read_stops(Ctx *cx, const json_t *body, VisitPlan *p)
{
    const json_t *list = json_object_get(body, "accounts");
    const Field *geo = place_field(cx, p->accounts);
    size_t n = json_array_size(list);
    if (!n || n > VISIT_PLAN_MOST)
        return FIELD_FAIL(cx, STR("accounts"), "bad_value", "visit_plan.accounts",
                          "A list of 1 to %d customers", VISIT_PLAN_MOST);
    for (size_t i = 0; i < n; i++) {
        Str at = str_format(cx->arena, "accounts[%zu]", i);
        Id id = 0;
        if (!id_parse(json_str(json_array_get(list, i)), &id))
            return wrong(cx, at);
        TRY(add_stop(cx, geo, id, at, p));
    }
    return ST_OK;
}

/* Who may not plan visits learns nothing of customers here. */
static Status find_objects(Ctx *cx, VisitPlan *p)
{
    p->accounts = meta_object(cx->meta, STR("account"));
    p->visits = meta_object(cx->meta, STR("visit"));
    p->routes = meta_object(cx->meta, STR("visit_route"));
    if (!p->accounts || !p->visits || !p->routes || !cx->access->object(cx, p->accounts) ||
        !cx->access->object(cx, p->visits) || !cx->access->object(cx, p->routes))
        return FAIL(cx, ST_NOT_FOUND, "visit_plan.none", "Visits cannot be planned here");
    if (!access_may_some(cx, p->visits, ACCESS_CREATE) ||
        !access_may_some(cx, p->routes, ACCESS_CREATE))
        return FAIL(cx, ST_DENIED, "visit_plan.forbidden", "You may not plan visits");
    return ST_OK;
}

Status visit_plan_read(Ctx *cx, const json_t *body, VisitPlan *ret)
{
    VisitPlan *p = ret;
    *p = (VisitPlan){.start_ms = MINUTE_MS * 60 * 9, .kmh = 30};
    TRY(find_objects(cx, p));
    TRY(read_when(cx, body, p));
    TRY(read_way(cx, body, p));
    p->name = str_trim(json_get_str(body, "name"));
    p->purpose = json_object_get(body, "purpose");
    return read_stops(cx, body, p);
}
