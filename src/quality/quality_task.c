/* SPDX-License-Identifier: Apache-2.0 */
/* Cleaning: whoever owns records that a filter finds gets one task with the list of his own; or a chosen person one
 * with the list of all of them. */
#include "quality/quality_internal.h"

#define MAX_OWNERS 100
#define MAX_FILTER 8192

static void percent_encode(Buf *out, Str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c && strchr("-_.~", c));
        if (plain)
            buf_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

/* {"rows":[{"owner":{"id"},"count":…}]} */
static Status owners_of(Ctx *cx, const Object *o, Str filter, const json_t **ret)
{
    Buf out = buf_in(cx->arena, (size_t)1024 * 1024);
    json_t *answer = NULL;
    json_t *body = json_pack("{s:[s], s:[s], s:s%, s:i}", "group", "owner", "measures", "count",
                             "filter", filter.p, filter.n, "limit", MAX_OWNERS);
    json_own(cx->arena, body);
    TRY(query_aggregate(cx, o, body, &out));
    TRY(json_parse(cx, buf_str(&out), &answer));
    *ret = json_object_get(answer, "rows");
    return ST_OK;
}

/* Condition and path of the list: rich text keeps no links within. */
static Str list_link(Ctx *cx, const Object *o, Str own)
{
    Buf out = buf_in(cx->arena, (size_t)MAX_FILTER * 8);
    buf_lit(&out, "<p>");
    buf_html(&out, own);
    buf_lit(&out, "</p><p>/");
    buf_str_add(&out, o->plural);
    buf_lit(&out, "?filter=");
    percent_encode(&out, own);
    buf_lit(&out, "</p>");
    return buf_str(&out);
}

typedef struct Cleaning { /* a task in the making */
    Str owner, filter;
    int64_t n;
} Cleaning;

static Status add_task(Ctx *cx, Plan *plan, const Object *o, const json_t *asked,
                       const Cleaning *of)
{
    const Object *tasks = meta_object(cx->meta, STR("task"));
    Str owner = of->owner;
    Str subject = json_get_str(asked, "subject");
    Str label = label_in(&o->label, cx->lang);
    long long n = (long long)of->n;
    if (!subject.n)
        subject = text_in(cx, "quality.task", "Clean up: %.*s (%lld records)", STR_ARG(label), n);
    Str words = list_link(cx, o, of->filter);
    json_t *body = json_pack("{s:s%, s:s%, s:s%}", "subject", subject.p, subject.n, "owner",
                             owner.p, owner.n, "description", words.p, words.n);
    json_own(cx->arena, body);
    if (json_object_get(asked, "due_at"))
        json_object_set(body, "due_at", json_object_get(asked, "due_at"));
    Record *task = record_new(cx, tasks);
    TRY(record_set_json(cx, task, body));
    return record_write(cx, plan, task);
}

static Status for_owners(Ctx *cx, Plan *plan, const Object *o, const json_t *body, int64_t *ret_n,
                         int64_t *ret_records)
{
    const json_t *rows;
    Str filter = json_get_str(body, "filter");
    TRY(owners_of(cx, o, filter, &rows));
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        Cleaning of = {.owner = json_get_str(json_object_get(row, "owner"), "id"),
                       .n = json_get_int(row, "count", 0)};
        if (!of.owner.n)
            continue;
        of.filter = str_format(cx->arena, "(" STR_FMT ") and owner = \"" STR_FMT "\"",
                               STR_ARG(filter), STR_ARG(of.owner));
        TRY(add_task(cx, plan, o, body, &of));
        *ret_records += of.n;
        (*ret_n)++;
    }
    return ST_OK;
}

static Status for_person(Ctx *cx, Plan *plan, const Object *o, const json_t *body, int64_t *ret_n,
                         int64_t *ret_records)
{
    Cleaning of = {.owner = json_get_str(body, "owner"), .filter = json_get_str(body, "filter")};
    TRY(query_count(cx, o, of.filter, false, INT64_MAX, &of.n));
    *ret_records = of.n;
    *ret_n = of.n ? 1 : 0;
    return of.n ? add_task(cx, plan, o, body, &of) : ST_OK;
}

Status quality_tasks(Ctx *cx, Plan *plan, const Object *o, const json_t *body, Buf *out)
{
    int64_t n = 0, records = 0;
    Str filter = json_get_str(body, "filter");
    bool chosen = json_get_str(body, "owner").n > 0;
    if (!meta_object(cx->meta, STR("task")) || (!o->owner && !chosen) || !quality_may(cx, o))
        return FAIL(cx, ST_NOT_FOUND, "quality.none", "there are no figures of it for you");
    if (!filter.n || filter.n > MAX_FILTER)
        return FIELD_FAIL(cx, STR("filter"), "required", "quality.filter", "says which records");
    if (chosen)
        TRY(for_person(cx, plan, o, body, &n, &records));
    else
        TRY(for_owners(cx, plan, o, body, &n, &records));
    buf_printf(out, "{\"tasks\":%lld,\"records\":%lld}", (long long)n, (long long)records);
    return ST_OK;
}
