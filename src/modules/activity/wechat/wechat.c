/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs add_wechat, wechat_result and wechat_removed of contacts and leads, and wechat_result of the task. */
#include "modules/activity/wechat/wechat.h"
#include "base/calendar.h"
#include "base/utf8.h"

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define SUBJECT_MAX 200
#define RESULT_MAX 4000
#define MAX_OPEN 20

/* At 18:00 so many days from today, by the clock of the person. */
static Value evening(const Ctx *cx, int64_t days)
{
    int64_t today = calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms));
    return (Value){.t = V_TIME, .i = zone_to_utc(cx->zone, (today + days) * DAY_MS + 18 * HOUR_MS)};
}

/* ---- asked: the task */

static Str subject(Ctx *cx, const Record *r)
{
    Str name = STR_NULL;
    for (size_t i = 0; i < 2 && !name.n; i++) {
        const Value *v = verb_get(r, i ? "company" : "name");
        name = v->t == V_TEXT ? v->s : STR_NULL;
    }
    Str text = text_in(cx, "wechat.task", "Add on WeChat: " STR_FMT, STR_ARG(name));
    return str_sub(text, 0, utf8_offset(text, SUBJECT_MAX));
}

static Status make_task(Ctx *cx, Plan *plan, VerbCall *c)
{
    const Object *tasks = meta_object(cx->meta, STR("task"));
    const Value *due = verb_arg(c, "due_at");
    const Record *r = c->record;
    if (!tasks)
        return ST_OK;
    Record *task = record_new(cx, tasks);
    verb_set(task, "subject", (Value){.t = V_TEXT, .s = subject(cx, r)});
    verb_set(task, "about", (Value){.t = V_REF, .ref = {.id = r->id, .object = r->object->name}});
    if (str_is(r->object->name, "contact"))
        verb_set_link(task, "contact", r->id);
    verb_set_link(task, "account", verb_link(r, "account"));
    verb_set_text(task, "kind", "wechat_add");
    verb_set_text(task, "status", "open");
    verb_set(task, "due_at", due->t == V_TIME ? *due : evening(cx, 1));
    TRY(verb_set_owner(cx, task, cx->user->id, "due_at"));
    return record_write_by_rule(cx, plan, task);
}

static Status wechat_add(Ctx *cx, Plan *plan, VerbCall *c)
{
    verb_take(c, "wechat_id");
    verb_set_text(c->record, "wechat_status", "requested");
    TRY(record_write(cx, plan, c->record));
    return make_task(cx, plan, c);
}

/* ---- told: what came of it */

static bool outcome_is(const VerbCall *c, const char *code)
{
    const Value *v = verb_arg(c, "outcome");
    return v->t == V_TEXT && str_is(v->s, code);
}

static const char *status_of(const VerbCall *c)
{
    if (outcome_is(c, "added"))
        return "added";
    return outcome_is(c, "declined") ? "none" : "requested";
}

static Str result_text(Ctx *cx, const VerbCall *c)
{
    const Value *note = verb_arg(c, "note");
    Str words = outcome_is(c, "added") ? text_in(cx, "wechat.added", "Added on WeChat")
                                       : text_in(cx, "wechat.declined", "Declined on WeChat");
    if (note->t != V_TEXT)
        return words;
    Str text = str_format(cx->arena, STR_FMT "\n" STR_FMT, STR_ARG(words), STR_ARG(note->s));
    return str_sub(text, 0, utf8_offset(text, RESULT_MAX));
}

/* No answer yet: asked again later. */
static Status wait_on(Ctx *cx, Plan *plan, const VerbCall *c, Record *task)
{
    const Value *again = verb_arg(c, "again_at");
    verb_set(task, "due_at", again->t == V_TIME ? *again : evening(cx, 3));
    return record_write_by_rule(cx, plan, task);
}

static Status finish(Ctx *cx, Plan *plan, const VerbCall *c, Record *task)
{
    verb_set_text(task, "status", "done");
    verb_set_text(task, "wechat_status", status_of(c));
    verb_set(task, "result", (Value){.t = V_TEXT, .s = result_text(cx, c)});
    return record_write_by_rule(cx, plan, task);
}

static Status tell_task(Ctx *cx, Plan *plan, const VerbCall *c, Record *task)
{
    bool waits = outcome_is(c, "no_answer");
    return waits ? wait_on(cx, plan, c, task) : finish(cx, plan, c, task);
}

static Status wechat_task_result(Ctx *cx, Plan *plan, VerbCall *c)
{
    return tell_task(cx, plan, c, c->record);
}

static Status open_task(Ctx *cx, const Record *r, Record **ret)
{
    const Object *tasks = meta_object(cx->meta, STR("task"));
    Id ids[MAX_OPEN];
    size_t n = 0;
    *ret = NULL;
    if (!tasks)
        return ST_OK;
    Str filter = str_format(cx->arena,
                            "kind = \"wechat_add\" and status in (\"open\",\"doing\",\"waiting\") "
                            "and about.object = \"" STR_FMT "\" and about = \"%lld\"",
                            STR_ARG(r->object->name), (long long)r->id);
    TRY(verb_ids(cx, tasks, filter, COUNT_OF(ids), ids, &n));
    return n ? record_load_any(cx, tasks, ids[0], ret) : ST_OK;
}

static Status wechat_person_result(Ctx *cx, Plan *plan, VerbCall *c)
{
    Record *task = NULL;
    TRY(open_task(cx, c->record, &task));
    if (task)
        return tell_task(cx, plan, c, task);
    verb_set_text(c->record, "wechat_status", status_of(c));
    return record_write(cx, plan, c->record);
}

static Status wechat_removed(Ctx *cx, Plan *plan, VerbCall *c)
{
    verb_set_text(c->record, "wechat_status", "removed");
    return record_write(cx, plan, c->record);
}

/* ---- the person */

/* A follow-up of the task goes to a lead or, with the contact, to the account; it takes the outcome along. A
 * contact without an account has neither. */
Status wechat_settle(Ctx *cx, Plan *plan, const Record *task)
{
    const Object *contacts = meta_object(cx->meta, STR("contact"));
    const Value *outcome = verb_get(task, "wechat_status");
    Record *r = NULL;
    if (outcome->t != V_TEXT || verb_link(task, "account") || !verb_link(task, "contact") ||
        !contacts)
        return ST_OK;
    TRY(record_load_stored(cx, contacts, verb_link(task, "contact"), &r));
    if (!r)
        return ST_OK;
    verb_set(r, "wechat_status", *outcome);
    return record_write_by_rule(cx, plan, r);
}

const RecordVerb wechat_verbs[] = {
    {"contact", "add_wechat", wechat_add},
    {"contact", "wechat_result", wechat_person_result},
    {"contact", "wechat_removed", wechat_removed},
    {"lead", "add_wechat", wechat_add},
    {"lead", "wechat_result", wechat_person_result},
    {"lead", "wechat_removed", wechat_removed},
    {"task", "wechat_result", wechat_task_result},
    {0},
};
