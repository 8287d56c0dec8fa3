/* SPDX-License-Identifier: Apache-2.0 */
/* A day's visits planned at once: customers in the order of a short way, when each is due, and in one batch a
 * route with a visit to each. What it adds is what its reader could add by himself. */
#pragma once
#include "place/place.h"
#include "record/record.h"

#define VISIT_PLAN_MOST 50

typedef struct VisitStop {
    Id account;
    Str title;
    Geo at;
    bool placed; /* the customer has a place that the reader may read */
    int64_t
        leg_m; /* from the stop before, or from where the way begins; 0 where either has no place */
    int64_t due_ms;
} VisitStop;

typedef struct VisitPlan {
    const Object *accounts, *visits, *routes;
    VisitStop stops[VISIT_PLAN_MOST];
    size_t n;
    int64_t day, start_ms, stay_ms, kmh; /* start_ms: since midnight, at the first customer */
    Geo from;
    bool has_from, as_given; /* as_given: in the order of the body */
    Str name;
    const json_t *purpose;
    int64_t way_m;
} VisitPlan;

/* visit_plan_read.c: the body, its customers loaded as the reader may read them. */
CHECKED Status visit_plan_read(Ctx *cx, const json_t *body, VisitPlan *ret);
/* In order and with times; ST_INVALID where they do not end on that day. */
CHECKED Status visit_plan_order(Ctx *cx, VisitPlan *p);
CHECKED Status visit_plan_write(Ctx *cx, Plan *plan, const VisitPlan *p, Id *ret_route,
                                Id *ret_batch);
/* {"route":null or its id,"distance_m":…,"stops":[{"account","due","leg_m","placed"}]} */
void visit_plan_json(const VisitPlan *p, Id route, Buf *out);
