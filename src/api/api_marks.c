/* SPDX-License-Identifier: Apache-2.0 */
/* Records that the one who asks opened lately, keeps as favourites, follows. */
#include "api/api_routes.h"
#include "marks/marks.h"

static Status get_marks(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    return marks_write(cx, req_out(rq));
}

static Status marked(Ctx *cx, Req *rq, Str *ret_kind, const Object **ret, Id *ret_id)
{
    *ret_kind = req_param(rq, "kind");
    if (!marks_is_kind(*ret_kind))
        return FAIL(cx, ST_NOT_FOUND, "api.no_mark", "There is no such kind of mark");
    TRY(req_object(cx, rq, ret));
    return req_id_param(cx, rq, "id", ret_id);
}

static Status put_mark(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Str kind = STR_NULL;
    Id id = 0;
    TRY(marked(cx, rq, &kind, &o, &id));
    TRY(marks_set(cx, kind, o, id, plan));
    req_status(rq, 204);
    return ST_OK;
}

static Status delete_mark(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Str kind = STR_NULL;
    Id id = 0;
    TRY(marked(cx, rq, &kind, &o, &id));
    TRY(marks_clear(cx, kind, o, id, plan));
    req_status(rq, 204);
    return ST_OK;
}

const Route api_marks_routes[] = {
    {"GET", "/api/v1/me/marks", READ, get_marks, "",
     "What I opened lately, my favourites, what I follow", 0, 0, NULL},
    {"DELETE", "/api/v1/me/marks/{kind}/{plural}/{id}", WRITE, delete_mark, "",
     "A record is no favourite any more, is followed no more", 0, 0, NULL},
    {"PUT", "/api/v1/me/marks/{kind}/{plural}/{id}", WRITE, put_mark, "",
     "Mark a record: recent, favourite or follow", 1024, 0, NULL},
    {0},
};
