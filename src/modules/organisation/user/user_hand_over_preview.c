/* SPDX-License-Identifier: Apache-2.0 */
/* What a hand-over would move: counts, and titles that the asking person may read. */
#include "modules/organisation/user/user_hand_over.h"

enum { SAMPLES = 3 };

Status user_hand_over_count(Ctx *cx, const HandPart *p, int64_t *ret)
{
    return verb_count(cx, p->object, p->filter, USER_HAND_OVER_MOST + 1, ret);
}

static void hand_write_way(Ctx *cx, const HandPart *p, Buf *out)
{
    static const char *const WAYS[] = {"to", "pool", "leave"};
    buf_printf(out, ",\"way\":\"%s\",\"to\":", WAYS[p->way]);
    if (p->way == HAND_TO)
        query_person_json(cx, p->to, out);
    else
        buf_lit(out, "null");
    buf_printf(out, ",\"pooled\":%s",
               p->field == p->object->owner && p->object->traits & TRAIT_POOLED ? "true" : "false");
}

/* Titles as the asking person may see them. */
static Status hand_samples(Ctx *cx, const HandPart *p, Buf *out)
{
    Id ids[SAMPLES];
    Str titles[SAMPLES];
    size_t n = 0;
    bool first = true;
    TRY(verb_ids(cx, p->object, p->filter, SAMPLES, ids, &n));
    buf_lit(out, ",\"samples\":[");
    if (n && cx->access->object(cx, p->object))
        TRY(query_titles(cx, p->object, ids, n, titles, NULL));
    else
        n = 0;
    for (size_t i = 0; i < n; i++) {
        if (!titles[i].p)
            continue;
        buf_str_add(out, first ? STR("") : STR(","));
        first = false;
        buf_json_named(out, ids[i], titles[i]);
    }
    buf_char(out, ']');
    return ST_OK;
}

/* The total is of what goes: parts that stay are told and not counted. */
static Status hand_preview_part(Ctx *cx, const HandPart *p, Buf *out, bool *first, int64_t *total)
{
    int64_t n = 0;
    TRY(user_hand_over_count(cx, p, &n));
    if (!n)
        return ST_OK;
    buf_str_add(out, *first ? STR("{\"part\":") : STR(",{\"part\":"));
    *first = false;
    buf_json_str(out, p->name);
    buf_lit(out, ",\"object\":");
    buf_json_str(out, p->object->name);
    buf_lit(out, ",\"field\":");
    buf_json_str(out, p->field->name);
    buf_printf(out, ",\"owned\":%s,\"count\":%lld,\"exact\":%s",
               p->field == p->object->owner ? "true" : "false",
               (long long)(n > USER_HAND_OVER_MOST ? USER_HAND_OVER_MOST : n),
               n > USER_HAND_OVER_MOST ? "false" : "true");
    hand_write_way(cx, p, out);
    TRY(hand_samples(cx, p, out));
    buf_char(out, '}');
    *total += p->way == HAND_LEAVE ? 0 : n;
    return ST_OK;
}

static Status hand_preview_steps(Ctx *cx, const HandOver *h, Buf *out)
{
    bool first = true;
    buf_lit(out, "],\"steps\":[");
    for (int i = 0; i < BATCH_STEPS; i++) {
        int64_t n = 0;
        TRY(batch_step_count(cx, (BatchStep)i, h->user, h->to, &n));
        if (!n)
            continue;
        buf_printf(out, "%s{\"part\":\"%s\",\"count\":%lld,\"way\":\"%s\"}", first ? "" : ",",
                   batch_step_name((BatchStep)i), (long long)n,
                   h->steps[i] == HAND_LEAVE ? "leave" : "to");
        first = false;
    }
    return ST_OK;
}

Status user_hand_over_preview(Ctx *cx, Id user, const json_t *body, Buf *out)
{
    HandOver h;
    int64_t total = 0;
    bool first = true;
    TRY(user_hand_over_read(cx, user, body, &h));
    buf_lit(out, "{\"user\":");
    query_person_json(cx, user, out);
    buf_lit(out, ",\"parts\":[");
    for (size_t i = 0; i < h.n_parts; i++)
        TRY(hand_preview_part(cx, &h.parts[i], out, &first, &total));
    TRY(hand_preview_steps(cx, &h, out));
    buf_printf(out, "],\"total\":%lld}", (long long)total);
    return ST_OK;
}
