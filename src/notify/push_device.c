/* SPDX-License-Identifier: Apache-2.0 */
/* The browsers of the one who asks. An endpoint is a secret between browser and server: it is never told
 * again. */
#include "base/base64.h"
#include "base/calendar.h"
#include "base/id.h"
#include "base/utf8.h"
#include "notify/notify_internal.h"
#include "notify/push.h"

enum { LABEL = 100 };

static const char SQL_LIST[] = "SELECT id, label, created_at, last_at, problem FROM "
                               "{gx_push_device} WHERE user_id = ?1 ORDER BY id LIMIT ?2";
static const char SQL_OF_ENDPOINT[] = "SELECT id FROM {gx_push_device} WHERE endpoint = ?1";
static const char SQL_MINE[] = "SELECT 1 FROM {gx_push_device} WHERE id = ?1 AND user_id = ?2";
static const char SQL_COUNT[] = "SELECT COUNT(*) FROM {gx_push_device} WHERE user_id = ?1";
static const char SQL_ADD[] =
    "INSERT INTO {gx_push_device} (id, user_id, endpoint, point, auth, label, created_at) VALUES "
    "(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (endpoint) DO UPDATE SET user_id = "
    "excluded.user_id, point = excluded.point, auth = excluded.auth, label = excluded.label, "
    "problem = NULL";
static const char SQL_REMOVE[] = "DELETE FROM {gx_push_device} WHERE id = ?1 AND user_id = ?2";
static const char SQL_FORGET[] = "DELETE FROM {gx_push} WHERE device = ?1";
static const char SQL_TRY[] = "INSERT INTO {gx_push} (message, device, tries, next_at) VALUES (0, "
                              "?1, 0, ?2) ON CONFLICT (message, device) DO UPDATE SET tries = 0, "
                              "next_at = excluded.next_at";
static const char SQL_QUEUE[] =
    "INSERT INTO {gx_push} (message, device, tries, next_at) SELECT ?1, d.id, 0, ?3 FROM "
    "{gx_push_device} d WHERE d.user_id = ?2 AND EXISTS (SELECT 1 FROM {gx_message} m WHERE m.id = "
    "?1) ON CONFLICT (message, device) DO NOTHING";

void push_queue(Plan *plan, Id id, Id user, int64_t now_ms)
{
    const DbVal v[] = {db_int(id), db_int(user), db_int(now_ms)};
    plan_exec(plan, STR_SQL(SQL_QUEUE), v, COUNT_OF(v));
}

/* ---- the list */

static void write_time(Buf *out, const char *name, const Stmt *q, int at)
{
    buf_printf(out, ",\"%s\":", name);
    if (db_col_null(q, at)) {
        buf_lit(out, "null");
        return;
    }
    buf_char(out, '"');
    calendar_write_datetime(out, db_col_int(q, at));
    buf_char(out, '"');
}

static void write_device(Buf *out, const Stmt *q)
{
    buf_lit(out, "{\"id\":");
    buf_json_id(out, db_col_id(q, 0));
    buf_lit(out, ",\"label\":");
    buf_json_str(out, db_col_text(q, 1));
    write_time(out, "created_at", q, 2);
    write_time(out, "last_at", q, 3);
    buf_lit(out, ",\"problem\":");
    if (db_col_null(q, 4))
        buf_lit(out, "null");
    else
        buf_json_str(out, db_col_text(q, 4));
    buf_char(out, '}');
}

Status push_write(Ctx *cx, const PushKey *key, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    buf_lit(out, "{\"key\":");
    if (key)
        buf_json_str(out, base64_text(cx->arena, key->point, PUSH_POINT));
    else
        buf_lit(out, "null");
    buf_lit(out, ",\"devices\":[");
    TRY(db_prepare(cx, SQL_LIST, &q));
    TRY(db_bind_id(q, 1, cx->user->id));
    TRY(db_bind_int(q, 2, PUSH_DEVICES));
    for (int n = 0;; n++) {
        bool more = false;
        TRY(db_next(q, &more));
        if (!more)
            break;
        if (n)
            buf_char(out, ',');
        write_device(out, q);
    }
    buf_lit(out, "]}");
    return ST_OK;
}

/* ---- one more */

static void check_endpoint(Ctx *cx, Str endpoint)
{
    if (outward_check(cx, endpoint) == ST_OK)
        return;
    error_clear(cx);
    FIELD_FAIL(cx, STR("endpoint"), "bad_value", "push.endpoint",
               "The address that the browser was given by its push service");
}

static void check_keys(Ctx *cx, Str point, Str auth)
{
    unsigned char bytes[PUSH_POINT];
    size_t n = 0;
    if (!base64_read(point, bytes, PUSH_POINT, &n) || n != PUSH_POINT || !push_point_is_good(bytes))
        FIELD_FAIL(cx, STR("keys.p256dh"), "bad_value", "push.point",
                   "The browser's key: a point on P-256, base64url");
    if (!base64_read(auth, bytes, PUSH_AUTH, &n) || n != PUSH_AUTH)
        FIELD_FAIL(cx, STR("keys.auth"), "bad_value", "push.auth",
                   "The browser's secret: %d bytes, base64url", PUSH_AUTH);
}

static Status stored_as(Ctx *cx, Str endpoint, Id *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    *ret = 0;
    TRY(db_prepare(cx, SQL_OF_ENDPOINT, &q));
    TRY(db_bind_text(q, 1, endpoint));
    TRY(db_next(q, &found));
    if (found)
        *ret = db_col_id(q, 0);
    return ST_OK;
}

static Status has_room(Ctx *cx)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_COUNT, &q));
    TRY(db_bind_id(q, 1, cx->user->id));
    TRY(db_next(q, &found));
    if (found && db_col_int(q, 0) >= PUSH_DEVICES)
        return FAIL(cx, ST_CONFLICT, "push.many", "You are told on %d browsers already: remove one",
                    PUSH_DEVICES);
    return ST_OK;
}

Status push_add(Ctx *cx, Plan *plan, const json_t *body, Id *ret)
{
    const json_t *keys = json_object_get(body, "keys");
    Str endpoint = json_get_str(body, "endpoint"), label = json_get_str(body, "label");
    Str point = json_get_str(keys, "p256dh"), auth = json_get_str(keys, "auth");
    check_endpoint(cx, endpoint);
    check_keys(cx, point, auth);
    if (utf8_offset(label, LABEL) < label.n)
        FIELD_FAIL(cx, STR("label"), "too_long", "push.label", "At most %d characters", LABEL);
    if (error_has_fields(cx))
        return cx->err.status;
    if (!label.n)
        label = STR("");
    TRY(stored_as(cx, endpoint, ret));
    if (!*ret) {
        TRY(has_room(cx));
        *ret = idgen_next(db_ids(cx->records->pool));
    }
    const DbVal v[] = {db_int(*ret),  db_int(cx->user->id), db_text(endpoint), db_text(point),
                       db_text(auth), db_text(label),       db_int(cx->now_ms)};
    const DbVal device = db_int(*ret); /* what waits there was somebody else's */
    plan_exec(plan, STR_SQL(SQL_FORGET), &device, 1);
    plan_exec(plan, STR_SQL(SQL_ADD), v, COUNT_OF(v));
    return ST_OK;
}

/* ---- one of mine */

static Status is_mine(Ctx *cx, Id device)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_MINE, &q));
    TRY(db_bind_id(q, 1, device));
    TRY(db_bind_id(q, 2, cx->user->id));
    TRY(db_next(q, &found));
    return found ? ST_OK : FAIL(cx, ST_NOT_FOUND, "push.none", "There is no such browser of yours");
}

Status push_remove(Ctx *cx, Plan *plan, Id device)
{
    TRY(is_mine(cx, device));
    const DbVal v[] = {db_int(device), db_int(cx->user->id)};
    plan_exec(plan, STR_SQL(SQL_FORGET), v, 1);
    plan_exec(plan, STR_SQL(SQL_REMOVE), v, COUNT_OF(v));
    return ST_OK;
}

Status push_try(Ctx *cx, Plan *plan, Id device)
{
    TRY(is_mine(cx, device));
    const DbVal v[] = {db_int(device), db_int(cx->now_ms)};
    plan_exec(plan, STR_SQL(SQL_TRY), v, COUNT_OF(v));
    return ST_OK;
}
