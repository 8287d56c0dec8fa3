/* SPDX-License-Identifier: Apache-2.0 */
/* POST /{plural}/{id}/{verb}: the deeds of modules (verb/verb.h). The answer is the record as it is
 * afterwards; the header Guanxi-Batch names the batch that takes all of it back. With "dry_run": true
 * nothing is done and the answer is {"dry_run":true,"hints":[…]}. */
#include "api/api_routes.h"
#include "verb/verb.h"

static Status load(Ctx *cx, Req *rq, const ObjectVerb *v, const Object *o, Record **ret)
{
    Id id = 0;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(api_or_gone(cx, o, id, verb_load(cx, v, o, id, ret)));
    return req_if_match(cx, rq, (*ret)->version);
}

static void answer_hints(Req *rq, const VerbCall *c)
{
    Buf *out = req_out(rq);
    buf_lit(out, "{\"dry_run\":true,\"hints\":[");
    buf_str_add(out, buf_str(c->hints));
    buf_lit(out, "]}");
}

static Status post_verb(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    const ObjectVerb *v = NULL;
    Record *r = NULL;
    json_t *body = NULL;
    VerbCall call;
    Id batch = 0;
    TRY(req_object(cx, rq, &o));
    TRY(verb_find(cx, o, req_param(rq, "verb"), &v));
    if (req_body(rq).n)
        TRY(req_json(cx, rq, &body));
    TRY(load(cx, rq, v, o, &r));
    TRY(verb_run(cx, plan, v, r, body, &call, &batch));
    if (call.dry_run) {
        answer_hints(rq, &call);
        return ST_OK;
    }
    TRY(record_json(cx, call.record, req_out(rq)));
    req_etag(cx, rq, call.record->version);
    req_set_header(rq, "Guanxi-Batch", str_format(cx->arena, "%lld", (long long)batch));
    return ST_OK;
}

static Status get_verbs(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Record *r = NULL;
    Id id = 0;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(record_load(cx, o, id, &r));
    buf_lit(req_out(rq), "{\"items\":");
    TRY(verb_possible(cx, r, req_out(rq)));
    buf_char(req_out(rq), '}');
    return ST_OK;
}

const Route api_verbs_routes[] = {
    {"GET", "/api/v1/{plural}/{id}/verbs", READ, get_verbs, "",
     "What I can do with a record now, of what its object declares under \"verbs\"", 0, 0, NULL},
    {"POST", "/api/v1/{plural}/{id}/{verb}", WRITE, post_verb, "",
     "Do what the object declares under \"verbs\": assign, claim, convert, win …", API_MAX_BODY, 0,
     NULL},
    {0},
};
