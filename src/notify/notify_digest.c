/* SPDX-License-Identifier: Apache-2.0 */
/* The digest: messages that a person does not want one by one wait, and are told as one at his time, by the
 * day or the week, on workdays if he likes. It is made with the position of the clock of messages: by one of
 * several nodes, once, also after a crash; what was missed while nobody ran is made as one. */
#include "base/calendar.h"
#include "base/id.h"
#include "notify/notify_internal.h"
#include "notify/push.h"

enum { DUE = 50, USUAL_MINUTE = 9 * 60 };

static const char SQL_MINE[] =
    "SELECT user_id, every, weekday, minute, workdays, next_at FROM {gx_digest} WHERE user_id = ?1";
static const char SQL_DUE[] =
    "SELECT user_id, every, weekday, minute, workdays, next_at FROM {gx_digest} WHERE next_at <= "
    "?1 ORDER BY next_at LIMIT ?2";
static const char SQL_SET[] =
    "INSERT INTO {gx_digest} (user_id, every, weekday, minute, workdays, next_at) VALUES (?1, ?2, "
    "?3, ?4, ?5, ?6) ON CONFLICT (user_id) DO UPDATE SET every = excluded.every, weekday = "
    "excluded.weekday, minute = excluded.minute, workdays = excluded.workdays, next_at = "
    "excluded.next_at";
static const char SQL_USUAL[] =
    "INSERT INTO {gx_digest} (user_id, every, weekday, minute, workdays, next_at) VALUES (?1, ?2, "
    "?3, ?4, ?5, ?6) ON CONFLICT (user_id) DO NOTHING";
static const char SQL_MOVE[] =
    "UPDATE {gx_digest} SET next_at = ?3 WHERE user_id = ?1 AND next_at = ?2";
static const char SQL_WAITING[] =
    "SELECT id FROM {gx_message} WHERE user_id = ?1 AND digest = 0 LIMIT 1";
static const char SQL_MESSAGE[] =
    "INSERT INTO {gx_message} (id, user_id, kind, key, object, record, times, at) VALUES (?1, ?2, "
    "?3, ?4, ?3, ?1, 1, ?5)";
static const char SQL_TELL[] =
    "UPDATE {gx_message} SET digest = ?2 WHERE user_id = ?1 AND digest = 0";

static const Digest USUAL = {.workdays = true, .weekday = 1, .minute = USUAL_MINUTE};

static Digest take(const Stmt *q)
{
    return (Digest){.user = db_col_id(q, 0),
                    .weekly = str_is(db_col_text(q, 1), "week"),
                    .weekday = (int)db_col_int(q, 2),
                    .minute = (int)db_col_int(q, 3),
                    .workdays = db_col_bool(q, 4),
                    .next_at = db_col_int(q, 5)};
}

static Status read_mine(Ctx *cx, Digest *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    *ret = USUAL;
    ret->user = cx->user->id;
    TRY(db_prepare(cx, SQL_MINE, &q));
    TRY(db_bind_id(q, 1, cx->user->id));
    TRY(db_next(q, &found));
    if (found)
        *ret = take(q);
    return ST_OK;
}

/* ---- settings */

static void plan_set(Ctx *cx, Plan *plan, Str sql, Digest d)
{
    const DbVal v[] = {db_int(d.user),      db_text(str_of(d.weekly ? "week" : "day")),
                       db_int(d.weekday),   db_int(d.minute),
                       db_bool(d.workdays), db_int(notify_digest_next(cx, &d))};
    plan_exec(plan, sql, v, COUNT_OF(v));
}

void notify_digest_begin(Ctx *cx, Plan *plan)
{
    Digest d = USUAL;
    d.user = cx->user->id;
    plan_set(cx, plan, STR_SQL(SQL_USUAL), d);
}

Status notify_digest_write(Ctx *cx, Buf *out)
{
    Digest d;
    bool desktop = false;
    TRY(read_mine(cx, &d));
    TRY(notify_wants(cx, cx->user->id, NOTIFY_DIGEST, NOTIFY_DESKTOP, &desktop));
    buf_printf(out,
               "{\"every\":\"%s\",\"weekday\":%d,\"at\":\"%02d:%02d\",\"workdays\":%s,\"desktop\":"
               "%s,\"next_at\":\"",
               d.weekly ? "week" : "day", d.weekday, d.minute / 60, d.minute % 60,
               d.workdays ? "true" : "false", desktop ? "true" : "false");
    calendar_write_datetime(out, d.next_at > cx->now_ms ? d.next_at : notify_digest_next(cx, &d));
    buf_lit(out, "\"}");
    return ST_OK;
}

static Status bad(Ctx *cx, const char *field)
{
    return FIELD_FAIL(cx, str_format(cx->arena, "digest.%s", field), "bad_value", "notify.digest",
                      "every: day or week, weekday: 1 to 7, at: HH:MM, workdays and desktop: true "
                      "or false");
}

static Status take_flag(Ctx *cx, const json_t *body, const char *name, bool *ret)
{
    const json_t *v = json_object_get(body, name);
    if (v && !json_is_boolean(v))
        return bad(cx, name);
    if (v)
        *ret = json_is_true(v);
    return ST_OK;
}

Status notify_digest_set(Ctx *cx, const json_t *body, Plan *plan)
{
    Digest d;
    bool desktop = false;
    Str every = json_get_str(body, "every"), at = json_get_str(body, "at");
    TRY(read_mine(cx, &d));
    TRY(notify_wants(cx, cx->user->id, NOTIFY_DIGEST, NOTIFY_DESKTOP, &desktop));
    int64_t weekday = json_get_int(body, "weekday", d.weekday);
    if (json_object_get(body, "every") && !str_is(every, "day") && !str_is(every, "week"))
        return bad(cx, "every");
    if (every.n)
        d.weekly = str_is(every, "week");
    if (weekday < 1 || weekday > 7)
        return bad(cx, "weekday");
    d.weekday = (int)weekday;
    if (json_object_get(body, "at") && !calendar_parse_clock(at, &d.minute))
        return bad(cx, "at");
    TRY(take_flag(cx, body, "workdays", &d.workdays));
    TRY(take_flag(cx, body, "desktop", &desktop));
    plan_set(cx, plan, STR_SQL(SQL_SET), d);
    notify_choose(cx, plan, NOTIFY_DIGEST, NOTIFY_DESKTOP, desktop);
    return ST_OK;
}

/* ---- making */

static Status is_waiting(Ctx *cx, Id user, bool *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_WAITING, &q));
    TRY(db_bind_id(q, 1, user));
    return db_next(q, ret);
}

static Status tell(Ctx *cx, DbPool *pool, Plan *plan, const Digest *d, Messages *told)
{
    Id id = idgen_next(db_ids(pool));
    bool desktop = false;
    Str key = str_format(cx->arena, "digest:%lld", (long long)d->next_at);
    const DbVal v[] = {db_int(id), db_int(d->user), db_text(str_of(notify_kinds[NOTIFY_DIGEST])),
                       db_text(key), db_int(cx->now_ms)};
    TRY(notify_wants(cx, d->user, NOTIFY_DIGEST, NOTIFY_DESKTOP, &desktop));
    plan_exec(plan, STR_SQL(SQL_MESSAGE), v, COUNT_OF(v));
    plan_exec(plan, STR_SQL(SQL_TELL), (DbVal[]){db_int(d->user), db_int(id)}, 2);
    if (desktop)
        push_queue(plan, id, d->user, cx->now_ms);
    notify_push(cx, told, (Message){.user = d->user, .kind = NOTIFY_DIGEST});
    return ST_OK;
}

/* The next time is of the person's zone; who has left keeps his place and is told nothing. */
static Status one(Ctx *cx, DbPool *pool, Plan *plan, const Digest *d, Messages *told)
{
    const User *system = cx->user, *u = NULL;
    bool waits = false;
    Status st = access_user_load(cx, system->store, d->user, &u);
    if (st != ST_OK && st != ST_UNAUTHENTICATED)
        return st;
    if (st == ST_UNAUTHENTICATED)
        error_clear(cx);
    if (u)
        access_act_as(cx, u);
    int64_t next = notify_digest_next(cx, d);
    access_act_as(cx, system);
    if (u) {
        access_user_release(u);
        TRY(is_waiting(cx, d->user, &waits));
    }
    plan_expect(plan, STR_SQL(SQL_MOVE),
                (DbVal[]){db_int(d->user), db_int(d->next_at), db_int(next)}, 3, 1);
    return waits ? tell(cx, pool, plan, d, told) : ST_OK;
}

Status notify_digest(Ctx *cx, DbPool *pool, Plan *plan, Messages *told)
{
    Digest *due = ARENA_ARRAY(cx->arena, Digest, DUE);
    size_t n = 0;
    {
        CLEANUP(stmt) Stmt *q = NULL;
        TRY(db_prepare(cx, SQL_DUE, &q));
        TRY(db_bind_int(q, 1, cx->now_ms));
        TRY(db_bind_int(q, 2, DUE));
        for (bool more; n < DUE;) {
            TRY(db_next(q, &more));
            if (!more)
                break;
            due[n++] = take(q);
        }
    }
    for (size_t i = 0; i < n; i++)
        TRY(one(cx, pool, plan, &due[i], told));
    return ST_OK;
}
