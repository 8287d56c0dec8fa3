/* SPDX-License-Identifier: Apache-2.0 */
/* What comes with time: tasks that fall due, jobs that ended, records that will soon go to the pool. Each
 * looks at the span since it last looked; what was missed while nobody ran is told afterwards, but not
 * what is older than a day. */
#include "base/calendar.h"
#include "notify/notify_internal.h"

#define POSITION "notify.clock"
#define POOL_POSITION "notify.pool"
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define POOL_AHEAD_MS (3 * DAY_MS)
#define STEP_MS (30 * INT64_C(1000))
#define PAGE 500

static const char SQL_JOBS[] =
    "SELECT id, run_as, finished_at FROM {gx_job} WHERE finished_at > ?1 AND finished_at <= ?2 "
    "AND run_as <> ?3 AND status IN ('done', 'failed') AND NOT EXISTS (SELECT 1 FROM {gx_message} "
    "m WHERE m.user_id = run_as AND m.key = 'job:' || {gx_job}.id)";

typedef struct Span {
    int64_t from, to;
} Span;

static Str when(Ctx *cx, int64_t at)
{
    Buf b = buf_in(cx->arena, 64);
    calendar_write_datetime(&b, at);
    return buf_str(&b);
}

/* The owner of each record of the filter is told once for that moment. */
static Status tell_records(Ctx *cx, const Object *o, Str filter, const Field *at, Message like,
                           Messages *m)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, PAGE), after = 0;
    size_t n = PAGE;
    while (n == PAGE) {
        TRY(query_ids(cx, o, filter, after, PAGE, ids, &n));
        for (size_t i = 0; i < n; i++) {
            Record *r = NULL;
            TRY(record_load_stored(cx, o, after = ids[i], &r));
            const Value *owner = r ? record_get(r, o->owner) : &VALUE_NULL;
            if (owner->t != V_ID)
                continue;
            const Value *due = record_get(r, at);
            like.user = owner->i;
            like.object = o->name;
            like.record = r->id;
            like.key = str_format(cx->arena, "%s:" STR_FMT ":%lld:%lld", notify_kinds[like.kind],
                                  STR_ARG(o->name), (long long)r->id, (long long)due->i);
            notify_push(cx, m, like);
        }
    }
    return ST_OK;
}

/* `also` is a further condition, or NULL. An organisation may have removed object or field. */
static Status tell_span(Ctx *cx, const char *object, const char *field, const char *also, Span s,
                        NotifyKind kind, Messages *m)
{
    const Object *o = meta_object(cx->meta, str_of(object));
    const Field *at = o && o->owner ? object_field(o, str_of(field)) : NULL;
    if (!at || (at->kind != F_DATETIME && at->kind != F_DATE))
        return ST_OK;
    Str filter = str_format(cx->arena, "%s > \"" STR_FMT "\" and %s <= \"" STR_FMT "\"%s%s", field,
                            STR_ARG(when(cx, s.from)), field, STR_ARG(when(cx, s.to)),
                            also ? " and " : "", also ? also : "");
    Status st = tell_records(cx, o, filter, at, (Message){.kind = kind, .at = cx->now_ms}, m);
    if (st != ST_MALFORMED && st != ST_INVALID)
        return st;
    error_clear(cx); /* a field of the condition is gone */
    return ST_OK;
}

/* Ended jobs of people. A commit may become visible late: the span reaches back, the key tells once. */
static Status tell_jobs(Ctx *cx, Span s, Messages *m)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_JOBS, &q));
    TRY(db_bind_int(q, 1, s.from - MINUTE_MS));
    TRY(db_bind_int(q, 2, s.to));
    TRY(db_bind_id(q, 3, USER_SYSTEM));
    for (bool more;;) {
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        Id id = db_col_id(q, 0);
        notify_push(cx, m,
                    (Message){.user = db_col_id(q, 1),
                              .kind = NOTIFY_JOB,
                              .key = str_format(cx->arena, "job:%lld", (long long)id),
                              .object = STR("job"),
                              .record = id,
                              .at = db_col_int(q, 2)});
    }
}

static int64_t not_long_ago(const Ctx *cx, int64_t at)
{
    return at < cx->now_ms - DAY_MS ? cx->now_ms - DAY_MS : at;
}

static Status tell_pool(Ctx *cx, Plan *plan, Messages *m)
{
    int64_t last = 0;
    Str was;
    TRY(notify_position(cx, POOL_POSITION, cx->now_ms - HOUR_MS, &last, &was));
    if (cx->now_ms - last < HOUR_MS)
        return ST_OK;
    Span s = {not_long_ago(cx, last) + POOL_AHEAD_MS, cx->now_ms + POOL_AHEAD_MS};
    TRY(tell_span(cx, "account", "recycle_at", NULL, s, NOTIFY_POOL, m));
    TRY(tell_span(cx, "lead", "recycle_at", NULL, s, NOTIFY_POOL, m));
    notify_move(cx, plan, POOL_POSITION, was, cx->now_ms);
    return ST_OK;
}

Status notify_clock(Ctx *cx, Plan *plan, Messages *m, ClockLook *ret)
{
    TRY(notify_position(cx, POSITION, cx->now_ms - STEP_MS, &ret->last, &ret->was));
    if (cx->now_ms <= ret->last)
        return ST_OK;
    Span s = {not_long_ago(cx, ret->last), cx->now_ms};
    ret->looked = true;
    TRY(tell_span(cx, "task", "due_at", "status in (\"open\",\"doing\",\"waiting\")", s, NOTIFY_DUE,
                  m));
    TRY(notify_remind(cx, s.from, s.to, m));
    TRY(tell_jobs(cx, s, m));
    return tell_pool(cx, plan, m);
}

void notify_clock_told(Ctx *cx, Plan *plan, const ClockLook *look)
{
    if (look->looked && (!plan_is_empty(plan) || cx->now_ms - look->last >= STEP_MS))
        notify_move(cx, plan, POSITION, look->was, cx->now_ms);
}
