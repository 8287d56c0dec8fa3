/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/demo {"accounts":200,"seed":1}: starts the job of src/demo. */
#include "app/app.h"

#define MOST_ACCOUNTS 10000000

static Status post_demo(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL;
    Id job = 0;
    TRY(json_parse(cx, req_body(rq), &body));
    int64_t accounts = json_get_int(body, "accounts", 200);
    if (accounts < 1 || accounts > MOST_ACCOUNTS) {
        FIELD_FAIL(cx, STR("accounts"), "out_of_range", "app.demo_accounts",
                   "accounts: from 1 to %d", MOST_ACCOUNTS);
        return ST_INVALID;
    }
    TRY(job_enqueue(cx, plan, "demo", body, 0, cx->now_ms, &job));
    req_status(rq, 202);
    req_set_header(rq, "Location", str_format(cx->arena, "/api/v1/jobs/%lld", (long long)job));
    buf_lit(req_out(rq), "{\"id\":");
    buf_json_id(req_out(rq), job);
    buf_lit(req_out(rq),
            ",\"kind\":\"demo\",\"status\":\"queued\",\"progress\":{\"done\":0,\"total\":0}}");
    return ST_OK;
}

const Route demo_routes[] = {
    {"POST", "/api/v1/demo", LONG, post_demo, "customise", "Fill a demo company", 4096, 0, ""},
    {.method = NULL},
};
