/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers share: the object, ids and body of a request; headers of the answer. */
#include "api/api_internal.h"
#include "base/id.h"

Edge *req_edge(Req *rq) { return req_app(rq); }

App *req_app_of(Req *rq) { return req_edge(rq)->app; }

Status req_object(Ctx *cx, Req *rq, const Object **ret)
{
    Str plural = req_param(rq, "plural");
    const Object *o = meta_plural(cx->meta, plural);
    if (!o || !cx->access->object(cx, o))
        return FAIL(cx, ST_NOT_FOUND, "api.no_object", "There is nothing called \"%.*s\"",
                    STR_ARG(plural));
    *ret = o;
    return ST_OK;
}

Status req_id_param(Ctx *cx, Req *rq, const char *name, Id *ret)
{
    if (!id_parse(req_param(rq, name), ret))
        return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
    return ST_OK;
}

Status req_json(Ctx *cx, Req *rq, json_t **ret) { return json_parse(cx, req_body(rq), ret); }

Status req_if_match_text(Ctx *cx, Str text, int64_t version)
{
    Str given = str_trim(text);
    if (!given.n || str_is(given, "*"))
        return ST_OK;
    Str mine = str_format(cx->arena, "\"%lld\"", (long long)version);
    if (str_eq(given, mine) ||
        (str_starts(given, STR("W/")) && str_eq(str_sub(given, 2, given.n), mine)))
        return ST_OK;
    return FAIL(cx, ST_STALE, "api.stale", "Someone else changed the record first (version %lld)",
                (long long)version);
}

Status req_if_match(Ctx *cx, Req *rq, int64_t version)
{
    return req_if_match_text(cx, req_header(rq, "If-Match"), version);
}

void req_etag(Ctx *cx, Req *rq, int64_t version)
{
    Edge *e = req_edge(rq);
    e->etag = str_format(cx->arena, "\"%lld\"", (long long)version);
    req_set_header(rq, "ETag", e->etag);
}

void req_created(Ctx *cx, Req *rq, const Object *o, Id id, int64_t version)
{
    Edge *e = req_edge(rq);
    e->location = str_format(cx->arena, "/api/v1/%.*s/%lld", STR_ARG(o->plural), (long long)id);
    req_status(rq, 201);
    req_set_header(rq, "Location", e->location);
    req_etag(cx, rq, version);
}

void req_accepted(Ctx *cx, Req *rq, Id job)
{
    Edge *e = req_edge(rq);
    e->location = str_format(cx->arena, "/api/v1/jobs/%lld", (long long)job);
    req_status(rq, 202);
    req_set_header(rq, "Location", e->location);
}

/* Neither the answer nor a fingerprint by which a password could be guessed. */
void req_forget(Req *rq)
{
    Edge *e = req_edge(rq);
    idempotency_end(e);
    e->key = STR_NULL;
}
