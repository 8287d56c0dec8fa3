/* SPDX-License-Identifier: Apache-2.0 */
/* A card: a list or an aggregate, with the filter that it used. */
#include "base/json.h"
#include "home/home_internal.h"

static Status write_list(Ctx *cx, const Object *o, const HomeRead *r, Buf *out)
{
    ListQuery q = {.filter = r->filter,
                   .sort = str_of(r->sort),
                   .fields = str_of(r->fields),
                   .limit = r->limit,
                   .count = r->count};
    buf_lit(out, ",\"sort\":");
    buf_json_str(out, q.sort);
    buf_lit(out, ",\"list\":");
    return query_list(cx, o, &q, out);
}

static Status write_aggregate(Ctx *cx, const Object *o, const HomeRead *r, Buf *out)
{
    json_t *body = NULL;
    TRY(json_parse(cx, str_of(r->measure), &body));
    json_object_set_new(body, "filter", json_stringn(r->filter.p, r->filter.n));
    if (r->limit)
        json_object_set_new(body, "limit", json_integer(r->limit));
    buf_lit(out, ",\"aggregate\":");
    return query_aggregate(cx, o, body, out);
}

static Status write_card(Ctx *cx, const Object *o, const HomeRead *r, Buf *out)
{
    buf_printf(out, "\"%s\":{\"object\":\"%s\",\"filter\":", r->name, r->object);
    buf_json_str(out, r->filter);
    TRY(r->measure ? write_aggregate(cx, o, r, out) : write_list(cx, o, r, out));
    buf_char(out, '}');
    return ST_OK;
}

bool home_is_not_for_him(const Ctx *cx, Status st)
{
    return st == ST_MALFORMED || st == ST_INVALID || st == ST_NOT_FOUND ||
           (st == ST_DENIED && cx->err.status == st);
}

Status home_card_write(Ctx *cx, const HomeRead *r, bool *first, Buf *out)
{
    const Object *o = meta_object(cx->meta, str_of(r->object));
    size_t before = out->n;
    if (!o || !cx->access->object(cx, o))
        return ST_OK;
    if (!*first)
        buf_char(out, ',');
    Status st = write_card(cx, o, r, out);
    if (st == ST_OK) {
        *first = false;
        return ST_OK;
    }
    if (!home_is_not_for_him(cx, st))
        return st;
    error_clear(cx);
    buf_truncate(out, before);
    return ST_OK;
}
