/* SPDX-License-Identifier: Apache-2.0 */
/* Presence. A row says until when it holds; who leaves sets it to now. What is over is taken away when somebody comes. */
#include "marks/presence.h"

enum { KEPT_MS = 600000 };

static const char SQL_BEAT[] =
    "INSERT INTO {gx_presence} (object, record, user_id, editing, moved, until) VALUES (?1, ?2, "
    "?3, ?4, ?5, ?6) ON CONFLICT (record, object, user_id) DO UPDATE SET moved = CASE WHEN "
    "{gx_presence}.until <= excluded.moved OR {gx_presence}.editing <> excluded.editing THEN "
    "excluded.moved ELSE {gx_presence}.moved END, editing = excluded.editing, until = "
    "excluded.until";
static const char SQL_IS[] =
    "SELECT until FROM {gx_presence} WHERE object = ?1 AND record = ?2 AND "
    "user_id = ?3";
static const char SQL_LEAVE[] =
    "UPDATE {gx_presence} SET until = ?4, moved = ?4, editing = 0 WHERE object = ?1 AND record = "
    "?2 AND user_id = ?3 AND until > ?4";
static const char SQL_OVER[] = "DELETE FROM {gx_presence} WHERE until < ?1";
static const char SQL_OTHERS[] =
    "SELECT user_id, editing FROM {gx_presence} WHERE object = ?1 AND record = ?2 AND user_id <> "
    "?3 AND until > ?4 ORDER BY editing DESC, user_id LIMIT ?5";
static const char SQL_MOVES[] = "SELECT object, record, moved FROM {gx_presence} WHERE moved > ?1 "
                                "ORDER BY moved LIMIT ?2";

static Status check_visible(Ctx *cx, const Object *o, Id id)
{
    bool visible = false;
    TRY(query_visible(cx, o, id, &visible));
    if (visible)
        return ST_OK;
    return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
}

Status presence_beat(Ctx *cx, Plan *plan, const Object *o, Id id, bool editing)
{
    const DbVal v[] = {db_text(o->name), db_int(id),         db_int(cx->user->id),
                       db_int(editing),  db_int(cx->now_ms), db_int(cx->now_ms + PRESENCE_MS)};
    int64_t until = 0;
    bool known = false;
    TRY(check_visible(cx, o, id));
    TRY(db_get_int(cx, SQL_IS, v, 3, &until, &known));
    if (!known)
        plan_exec(plan, STR_SQL(SQL_OVER), (DbVal[]){db_int(cx->now_ms - KEPT_MS)}, 1);
    plan_exec(plan, STR_SQL(SQL_BEAT), v, COUNT_OF(v));
    return ST_OK;
}

Status presence_is_here(Ctx *cx, const Object *o, Id id, bool *ret)
{
    const DbVal v[] = {db_text(o->name), db_int(id), db_int(cx->user->id)};
    int64_t until = 0;
    TRY(db_get_int(cx, SQL_IS, v, 3, &until, ret));
    *ret = *ret && until > cx->now_ms;
    return ST_OK;
}

Status presence_leave(Ctx *cx, Plan *plan, const Object *o, Id id)
{
    const DbVal v[] = {db_text(o->name), db_int(id), db_int(cx->user->id), db_int(cx->now_ms)};
    plan_exec(plan, STR_SQL(SQL_LEAVE), v, COUNT_OF(v));
    return ST_OK;
}

typedef struct Others {
    Id id[PRESENCE_SHOWN];
    bool editing[PRESENCE_SHOWN];
    size_t n;
} Others;

static Status read_others(Ctx *cx, const Object *o, Id id, Others *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal v[] = {db_text(o->name), db_int(id), db_int(cx->user->id), db_int(cx->now_ms),
                       db_int(PRESENCE_SHOWN)};
    TRY(db_prepare(cx, SQL_OTHERS, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    for (bool more; ret->n < PRESENCE_SHOWN;) {
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        ret->id[ret->n] = db_col_id(q, 0);
        ret->editing[ret->n++] = db_col_int(q, 1) != 0;
    }
    return ST_OK;
}

Status presence_write(Ctx *cx, const Object *o, Id id, Buf *out)
{
    const Object *user = meta_object(cx->meta, STR("user"));
    Others who = {.n = 0};
    Str names[PRESENCE_SHOWN] = {STR_NULL};
    bool first = true;
    TRY(check_visible(cx, o, id));
    TRY(read_others(cx, o, id, &who));
    if (user && who.n)
        TRY(query_titles(cx, user, who.id, who.n, names, NULL));
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < who.n; i++) {
        if (!names[i].p) /* a person he may not know of */
            continue;
        if (!first)
            buf_char(out, ',');
        buf_lit(out, "{\"user\":{\"id\":");
        first = false;
        buf_json_id(out, who.id[i]);
        buf_lit(out, ",\"title\":");
        buf_json_str(out, names[i]);
        buf_printf(out, "},\"editing\":%s}", who.editing[i] ? "true" : "false");
    }
    buf_printf(out, "],\"again_ms\":%d}", PRESENCE_BEAT_MS);
    return ST_OK;
}

Status presence_moves(Ctx *cx, int64_t *last, PresenceMove *ret, size_t n, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    *ret_n = 0;
    TRY(db_prepare(cx, SQL_MOVES, &q));
    TRY(db_bind_int(q, 1, *last));
    TRY(db_bind_int(q, 2, (int64_t)n));
    for (bool more; *ret_n < n;) {
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        ret[(*ret_n)++] = (PresenceMove){.object = str_copy(cx->arena, db_col_text(q, 0)),
                                         .record = db_col_id(q, 1)};
        *last = db_col_int(q, 2);
    }
    return ST_OK;
}
