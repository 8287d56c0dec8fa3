/* SPDX-License-Identifier: Apache-2.0 */
/* The home page of the one who asks. */
#include "api/api_routes.h"
#include "home/home.h"

static Status get_home(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    HomeScope scope;
    if (!home_scope(req_query(rq, "scope"), &scope))
        return api_bad_parameter(
            cx, "scope",
            FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.home_scope", "scope is mine or all"));
    return home_write(cx, scope, req_out(rq));
}

const Route api_home_routes[] = {
    {"GET", "/api/v1/me/home", READ, get_home, "",
     "What a day begins with: to-dos, calendar, figures, idle customers", 0, 0, "scope"},
    {0},
};
