/* SPDX-License-Identifier: Apache-2.0 */
/* A person leaves: what is his becomes another's. */
#include "api/api_routes.h"
#include "modules/organisation/user/user_hand_over.h"

enum { MAX_HAND_OVER_BODY = 64 * 1024 };

/* Whom the asking person may see. A dry run is answered at once; the rest is a job. */
static Status post_hand_over(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *users = meta_object(cx->meta, STR("user"));
    json_t *body = NULL;
    Record *r = NULL;
    Id id = 0, job = 0;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(record_load(cx, users, id, &r));
    TRY(req_json(cx, rq, &body));
    if (json_is_true(json_object_get(body, "dry_run")))
        return user_hand_over_preview(cx, id, body, req_out(rq));
    TRY(user_hand_over_enqueue(cx, plan, id, body, &job));
    api_accept_job(cx, rq, plan, job, "user.hand_over");
    return ST_OK;
}

const Route api_hand_over_routes[] = {
    {"POST", "/api/v1/users/{id}/hand-over", LONG, post_hand_over, "hand_over",
     "Hand over everything that is one person's, or tell what it would be", MAX_HAND_OVER_BODY, 0,
     NULL},
    {0},
};
