/* SPDX-License-Identifier: Apache-2.0 */
/* A day's visits planned at once. */
#include "api/api_routes.h"
#include "modules/activity/visit_route/visit_plan.h"

enum { MAX_VISIT_PLAN_BODY = 16 * 1024 };

/* With "dry_run": true it tells order and times, and plans nothing. */
static Status post_visit_plan(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"accounts", "dry_run", "from",    "kmh",   "minutes", "name",
                                       "on",       "order",   "purpose", "start", NULL};
    json_t *body = NULL;
    Id route = 0, batch = 0;
    bool dry = false;
    VisitPlan *p = ARENA_NEW(cx->arena, VisitPlan);
    TRY(api_json_object(cx, rq, KEYS, &body));
    TRY(api_dry_run(cx, rq, &body, &dry));
    TRY(visit_plan_read(cx, body, p));
    TRY(visit_plan_order(cx, p));
    if (!dry) {
        TRY(visit_plan_write(cx, plan, p, &route, &batch));
        req_set_header(rq, "Guanxi-Batch", str_format(cx->arena, "%lld", (long long)batch));
    }
    visit_plan_json(p, route, req_out(rq));
    return ST_OK;
}

const Route api_visit_plan_routes[] = {
    {"POST", "/api/v1/visit_routes/plan", WRITE, post_visit_plan, "",
     "Plan visits to customers on a day in a short order, as one batch", MAX_VISIT_PLAN_BODY, 0,
     NULL},
    {0},
};
