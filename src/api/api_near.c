/* SPDX-License-Identifier: Apache-2.0 */
/* Records around a place, with their distances. */
#include "api/api_routes.h"
#include "base/decimal.h"
#include "base/id.h"
#include "place/place.h"

#define KM_MOST 100
#define METRES_MOST INT64_C(100000)

static Status bad_place(Ctx *cx, const char *name)
{
    return api_bad_parameter(cx, name,
                             FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.near_place",
                                       "say of=<id>, or lat and lng in degrees"));
}

static Status degrees(Ctx *cx, Req *rq, const char *name, int64_t most, int32_t *ret)
{
    int64_t v = 0;
    if (!decimal_parse(req_query(rq, name), 7, true, &v) || v < -most || v > most)
        return bad_place(cx, name);
    *ret = (int32_t)v;
    return ST_OK;
}

/* Around a record that the reader may read, or around where he is. */
static Status read_place(Ctx *cx, Req *rq, PlaceNear *q)
{
    Str of = req_query(rq, "of");
    Record *r = NULL;
    if (!of.p) {
        TRY(degrees(cx, rq, "lat", INT64_C(900000000), &q->at.lat));
        return degrees(cx, rq, "lng", INT64_C(1800000000), &q->at.lng);
    }
    if (!id_parse(of, &q->except))
        return bad_place(cx, "of");
    TRY(record_load(cx, q->object, q->except, &r));
    const Value *v = record_get(r, q->field);
    if (v->t != V_GEO)
        return FAIL(cx, ST_CONFLICT, "api.near_nowhere", "The record has no place yet");
    q->at = v->geo;
    return ST_OK;
}

static Status read_km(Ctx *cx, Req *rq, PlaceNear *q)
{
    Str text = req_query(rq, "km");
    int64_t v = 5000;
    if (text.p && (!decimal_parse(text, 3, true, &v) || v < 10 || v > METRES_MOST))
        return api_bad_parameter(cx, "km",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.near_km",
                                           "km is a number from 0.01 to %d", KM_MOST));
    q->km = (double)v / 1000;
    return ST_OK;
}

static Status get_nearby(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    PlaceNear q = {.filter = req_query(rq, "filter"), .fields = req_query(rq, "fields")};
    TRY(req_object(cx, rq, &q.object));
    q.field = place_field(cx, q.object);
    if (!q.field)
        return FAIL(cx, ST_NOT_FOUND, "api.near_none", "These records have no place");
    TRY(read_place(cx, rq, &q));
    TRY(read_km(cx, rq, &q));
    return place_near(cx, &q, req_out(rq));
}

const Route api_near_routes[] = {
    {"GET", "/api/v1/{plural}/nearby", READ, get_nearby, "",
     "Records around a place or another record, the nearest first, with distances in metres", 0, 0,
     "of lat lng km filter fields"},
    {0},
};
