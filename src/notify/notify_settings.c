/* SPDX-License-Identifier: Apache-2.0 */
/* What a person wants to be told, and where. A row stands only where he chose otherwise than usual. */
#include "notify/notify_internal.h"

static const char SQL_ONE[] = "SELECT is_on FROM {gx_message_setting} WHERE user_id = ?1 AND "
                              "kind = ?2 AND channel = ?3";
static const char SQL_ALL[] =
    "SELECT kind, channel, is_on FROM {gx_message_setting} WHERE user_id = ?1";
static const char SQL_SET[] =
    "INSERT INTO {gx_message_setting} (user_id, kind, channel, is_on) VALUES (?1, ?2, ?3, ?4) "
    "ON CONFLICT (user_id, kind, channel) DO UPDATE SET is_on = excluded.is_on";

static const char *const CHANNELS[NOTIFY_CHANNELS] = {"product", "desktop", "digest"};

/* Windows of the desktop are for what does not wait. */
static bool is_usual(NotifyKind kind, NotifyChannel channel)
{
    return channel == NOTIFY_PRODUCT ||
           (channel == NOTIFY_DESKTOP && (kind == NOTIFY_MENTION || kind == NOTIFY_DUE ||
                                          kind == NOTIFY_REMIND || kind == NOTIFY_ASSIGNED));
}

Status notify_wants(Ctx *cx, Id user, NotifyKind kind, NotifyChannel channel, bool *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_ONE, &q));
    TRY(db_bind_id(q, 1, user));
    TRY(db_bind_text(q, 2, str_of(notify_kinds[kind])));
    TRY(db_bind_text(q, 3, str_of(CHANNELS[channel])));
    TRY(db_next(q, &found));
    *ret = found ? db_col_bool(q, 0) : is_usual(kind, channel);
    return ST_OK;
}

typedef struct Choices {
    bool on[NOTIFY_KINDS][NOTIFY_CHANNELS];
} Choices;

static Status read_choices(Ctx *cx, Choices *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    for (int k = 0; k < NOTIFY_KINDS; k++)
        for (int c = 0; c < NOTIFY_CHANNELS; c++)
            ret->on[k][c] = is_usual((NotifyKind)k, (NotifyChannel)c);
    TRY(db_prepare(cx, SQL_ALL, &q));
    TRY(db_bind_id(q, 1, cx->user->id));
    for (bool more;;) {
        NotifyKind kind;
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        for (int c = 0; notify_kind(db_col_text(q, 0), &kind) && c < NOTIFY_CHANNELS; c++)
            if (str_is(db_col_text(q, 1), CHANNELS[c]))
                ret->on[kind][c] = db_col_bool(q, 2);
    }
}

Status notify_settings_write(Ctx *cx, Buf *out)
{
    Choices all;
    TRY(read_choices(cx, &all));
    buf_lit(out, "{\"kinds\":[");
    for (int k = 0; k < NOTIFY_DIGEST; k++) {
        buf_printf(out, "%s{\"kind\":\"%s\"", k ? "," : "", notify_kinds[k]);
        for (int c = 0; c < NOTIFY_CHANNELS; c++)
            buf_printf(out, ",\"%s\":%s", CHANNELS[c], all.on[k][c] ? "true" : "false");
        buf_char(out, '}');
    }
    buf_lit(out, "],\"digest\":");
    TRY(notify_digest_write(cx, out));
    buf_char(out, '}');
    return ST_OK;
}

void notify_choose(Ctx *cx, Plan *plan, NotifyKind kind, NotifyChannel channel, bool on)
{
    const DbVal v[] = {db_int(cx->user->id), db_text(str_of(notify_kinds[kind])),
                       db_text(str_of(CHANNELS[channel])), db_bool(on)};
    plan_exec(plan, STR_SQL(SQL_SET), v, COUNT_OF(v));
}

static Status set_one(Ctx *cx, const json_t *item, size_t at, Plan *plan)
{
    NotifyKind kind;
    if (!json_is_object(item) || !notify_kind(json_get_str(item, "kind"), &kind) ||
        kind == NOTIFY_DIGEST)
        return FIELD_FAIL(cx, str_format(cx->arena, "kinds.%zu.kind", at), "bad_value",
                          "notify.no_kind", "There is no such kind of message");
    for (int c = 0; c < NOTIFY_CHANNELS; c++) {
        const json_t *on = json_object_get(item, CHANNELS[c]);
        if (on && !json_is_boolean(on))
            return FIELD_FAIL(cx, str_format(cx->arena, "kinds.%zu.%s", at, CHANNELS[c]),
                              "bad_value", "notify.on_off", "true or false");
        if (on)
            notify_choose(cx, plan, kind, (NotifyChannel)c, json_is_true(on));
        if (c == NOTIFY_LATER && json_is_true(on))
            notify_digest_begin(cx, plan);
    }
    return ST_OK;
}

Status notify_settings_set(Ctx *cx, const json_t *body, Plan *plan)
{
    const json_t *list = json_object_get(body, "kinds"), *digest = json_object_get(body, "digest");
    size_t n = json_array_size(list);
    if (list ? n < 1 || n > NOTIFY_DIGEST : !json_is_object(digest))
        return FIELD_FAIL(cx, STR("kinds"), "bad_value", "notify.kinds",
                          "A list of 1 to %d kinds of message", NOTIFY_DIGEST);
    for (size_t i = 0; i < n; i++)
        TRY(set_one(cx, json_array_get(list, i), i, plan));
    return digest ? notify_digest_set(cx, digest, plan) : ST_OK;
}
