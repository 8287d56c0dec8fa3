/* SPDX-License-Identifier: Apache-2.0 */
/* Search over all objects that the user may read. */
#include "api/api_routes.h"

static Status get_search(Ctx *cx, Req *rq, Plan *plan)
{
    (void)plan;
    return query_search(cx, req_query(rq, "q"), req_query(rq, "objects"), req_query(rq, "limit"),
                        req_out(rq));
}

const Route api_search_routes[] = {
    {"GET", "/api/v1/search", READ, get_search, "", "Search all records", 0, 0, "limit objects q"},
    {0},
};
