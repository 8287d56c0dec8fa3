/* SPDX-License-Identifier: Apache-2.0 */
/* What a message says in a window of the desktop: made of what the message centre would show this person
 * now, in his language, so nothing is told that he may not read. */
#include "base/id.h"
#include "base/utf8.h"
#include "notify/notify_internal.h"
#include "notify/push_internal.h"

enum { ONE_MESSAGE = 64 * 1024, TITLE = 120, SAID = 160, EXCERPT = 240 };

static Str name_of(Ctx *cx, Str object)
{
    const Object *o = meta_object(cx->meta, object);
    Str name = o ? label_in(&o->label, cx->lang) : object;
    if (cx->lang != LANG_EN || !name.n || name.p[0] < 'A' || name.p[0] > 'Z')
        return name;
    char *small = arena_zero(cx->arena, name.n + 1);
    memcpy(small, name.p, name.n);
    small[0] = (char)(small[0] - 'A' + 'a');
    return str_n(small, name.n);
}

static Str said(Ctx *cx, NotifyKind kind, Str who, Str object, Str what)
{
    switch (kind) {
    case NOTIFY_MENTION:
        return text_in(cx, "push.mention", "%.*s mentioned you in a %.*s", STR_ARG(who),
                       STR_ARG(what));
    case NOTIFY_COMMENT:
        return text_in(cx, "push.comment", "%.*s wrote a %.*s", STR_ARG(who), STR_ARG(what));
    case NOTIFY_ASSIGNED:
        return text_in(cx, "push.assigned", "%.*s gave you this %.*s", STR_ARG(who),
                       STR_ARG(object));
    case NOTIFY_SHARED:
        return text_in(cx, "push.shared", "%.*s shared this %.*s with you", STR_ARG(who),
                       STR_ARG(object));
    case NOTIFY_FOLLOW: return text_in(cx, "push.follow", "%.*s changed it", STR_ARG(who));
    case NOTIFY_DUE: return text_in(cx, "push.due", "This task is due");
    case NOTIFY_REMIND:
        return text_in(cx, "push.remind", "A reminder of this %.*s", STR_ARG(object));
    case NOTIFY_POOL:
        return text_in(cx, "push.pool",
                       "This %.*s went to the pool, or will be taken back within three days",
                       STR_ARG(object));
    case NOTIFY_DIGEST:
    case NOTIFY_JOB:
    case NOTIFY_KINDS: break;
    }
    return STR("");
}

static void add_cut(Buf *out, Str text, int characters)
{
    size_t n = utf8_offset(text, (size_t)characters);
    buf_str_add(out, str_sub(text, 0, n));
    if (n < text.n)
        buf_lit(out, "…");
}

static void write_payload(Ctx *cx, Str id, Str title, Str body, Str url, Buf *out)
{
    Buf head = buf_in(cx->arena, PUSH_PLAIN);
    add_cut(&head, title, TITLE);
    buf_lit(out, "{\"id\":");
    buf_json_str(out, id);
    buf_lit(out, ",\"title\":");
    buf_json_str(out, buf_str(&head));
    buf_lit(out, ",\"body\":");
    buf_json_str(out, body);
    buf_lit(out, ",\"url\":");
    buf_json_str(out, url);
    buf_char(out, '}');
}

static void write_job(Ctx *cx, const json_t *m, Buf *out)
{
    bool failed = str_is(json_get_str(json_object_get(m, "job"), "status"), "failed");
    Str title = failed ? text_in(cx, "push.job_failed", "A background job has failed")
                       : text_in(cx, "push.job_done", "A background job is done");
    write_payload(cx, json_get_str(m, "id"), title, STR(""), STR("/jobs"), out);
}

static void write_digest(Ctx *cx, const json_t *m, Buf *out)
{
    const json_t *digest = json_object_get(m, "digest");
    Str body =
        text_in(cx, "push.digest_n", "%lld messages", (long long)json_get_int(digest, "count", 0));
    write_payload(cx, json_get_str(m, "id"), text_in(cx, "push.digest", "Your digest"), body,
                  STR("/#messages"), out);
}

static void write_about(Ctx *cx, const json_t *m, NotifyKind kind, Buf *out)
{
    const json_t *record = json_object_get(m, "record"), *source = json_object_get(m, "source");
    Str object = json_get_str(m, "object"), who = json_get_str(json_object_get(m, "by"), "title");
    Str what = json_get_str(source, "object"), text = json_get_str(source, "text");
    const Object *o = meta_object(cx->meta, object);
    Buf body = buf_in(cx->arena, PUSH_PLAIN);
    if (!who.n)
        who = text_in(cx, "push.system", "The system");
    add_cut(&body,
            said(cx, kind, who, name_of(cx, object), name_of(cx, what.n ? what : STR("comment"))),
            SAID);
    if (text.n) {
        buf_char(&body, '\n');
        add_cut(&body, text, EXCERPT);
    }
    Str url = o ? str_format(cx->arena, "/" STR_FMT "/" STR_FMT, STR_ARG(o->plural),
                             STR_ARG(json_get_str(record, "id")))
                : STR("/");
    write_payload(cx, json_get_str(m, "id"), json_get_str(record, "title"), buf_str(&body), url,
                  out);
}

void push_text_trial(Ctx *cx, Buf *out)
{
    write_payload(cx, STR("0"), text_in(cx, "push.trial", "Messages arrive here"),
                  text_in(cx, "push.trial_text", "This browser is told also when no page is open."),
                  STR("/"), out);
}

Status push_text(Ctx *cx, Id message, Buf *out)
{
    const NotifyList one = {.before = message + 1, .limit = 1};
    Buf text = buf_in(cx->arena, ONE_MESSAGE);
    json_t *page = NULL;
    NotifyKind kind;
    Id id = 0;
    TRY(notify_write(cx, &one, &text));
    if (buf_overflowed(&text))
        return ST_OK;
    TRY(json_parse(cx, buf_str(&text), &page));
    const json_t *m = json_array_get(json_object_get(page, "items"), 0);
    if (!id_parse(json_get_str(m, "id"), &id) || id != message ||
        json_is_true(json_object_get(m, "read")) || !notify_kind(json_get_str(m, "kind"), &kind))
        return ST_OK;
    if (kind == NOTIFY_JOB)
        write_job(cx, m, out);
    else if (kind == NOTIFY_DIGEST)
        write_digest(cx, m, out);
    else
        write_about(cx, m, kind, out);
    return ST_OK;
}
