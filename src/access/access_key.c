/* SPDX-License-Identifier: Apache-2.0 */
/* API keys: "gx_" and 43 characters, shown once, kept as hash; they act as their user. */
#include "access/access_internal.h"
#include "access/key.h"
#include "base/calendar.h"
#include "base/id.h"
#include <sodium.h>

enum { KEY_TRUST_MS = 30 * 1000, KEY_TOKEN = 43, KEY_NAME_MAX = 100 };

static const char SQL_KEY[] =
    "SELECT user_id FROM {gx_api_key} WHERE key_hash = ?1 AND revoked_at IS NULL";
static const char SQL_NEW_KEY[] = "INSERT INTO {gx_api_key} (id, key_hash, user_id, name, "
                                  "created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
static const char SQL_REVOKE[] =
    "UPDATE {gx_api_key} SET revoked_at = ?3 WHERE id = ?1 AND user_id = ?2 AND revoked_at IS NULL";
static const char SQL_KEY_EXISTS[] =
    "SELECT id FROM {gx_api_key} WHERE id = ?1 AND user_id = ?2 AND revoked_at IS NULL";
static const char SQL_PERSON[] =
    "SELECT user_id FROM {gx_api_key} WHERE id = ?1 AND revoked_at IS NULL";
static const char SQL_ALL_KEYS[] = "SELECT id, name, created_at, user_id FROM {gx_api_key} "
                                   "WHERE revoked_at IS NULL AND id > ?1 ORDER BY id LIMIT ?2";
static const char SQL_KEYS[] = "SELECT id, name, created_at FROM {gx_api_key} "
                               "WHERE user_id = ?1 AND revoked_at IS NULL ORDER BY id";

Status access_key_new(Ctx *cx, AccessStore *s, Id user, Str name, Plan *plan, Id *ret_id,
                      Str *ret_key)
{
    char token[44];
    uint8_t hash[TOKEN_HASH];
    if (name.n == 0 || name.n > KEY_NAME_MAX)
        return FIELD_FAIL(cx, STR("name"), "bad_value", "access.key_name",
                          "a key has a name of at most %d bytes", KEY_NAME_MAX);
    access_token_new(token);
    *ret_key = str_format(cx->arena, "gx_%s", token);
    access_token_hash(*ret_key, hash);
    *ret_id = idgen_next(db_ids(s->pool));
    Str stored = str_n(arena_dup(cx->arena, hash, sizeof(hash)), sizeof(hash));
    plan_exec(plan, str_of(SQL_NEW_KEY),
              (DbVal[]){db_int(*ret_id), db_blob(stored), db_int(user),
                        db_text(str_copy(cx->arena, name)), db_int(cx->now_ms)},
              5);
    sodium_memzero(token, sizeof(token));
    return ST_OK;
}

static void key_forget(void *arg)
{
    AccessStore *s = arg;
    pthread_mutex_lock(&s->lock);
    s->ended++;
    memset(s->keys, 0, sizeof(s->keys)); /* rare; the others are read again */
    pthread_mutex_unlock(&s->lock);
}

Status access_key_revoke(Ctx *cx, AccessStore *s, Id user, Id key, Plan *plan)
{
    int64_t id;
    bool found;
    TRY(db_get_int(cx, SQL_KEY_EXISTS, (DbVal[]){db_int(key), db_int(user)}, 2, &id, &found));
    if (!found)
        return FAIL(cx, ST_NOT_FOUND, "access.no_key", "there is no such key");
    plan_exec(plan, str_of(SQL_REVOKE), (DbVal[]){db_int(key), db_int(user), db_int(cx->now_ms)},
              3);
    plan_after(plan, key_forget, s);
    return ST_OK;
}

static Id key_cached(Ctx *cx, AccessStore *s, const uint8_t hash[TOKEN_HASH])
{
    pthread_mutex_lock(&s->lock);
    const KeySlot *slot = &s->keys[access_token_slot(hash, STORE_KEYS)];
    bool fresh = !s->shared || cx->now_ms - slot->checked_ms < KEY_TRUST_MS;
    bool same = slot->user && memcmp(slot->hash, hash, TOKEN_HASH) == 0;
    Id user = same && fresh && slot->epoch == access_epoch(s) ? slot->user : 0;
    pthread_mutex_unlock(&s->lock);
    return user;
}

static void key_keep(AccessStore *s, const KeySlot *read, uint64_t ended)
{
    pthread_mutex_lock(&s->lock);
    if (s->ended == ended)
        s->keys[access_token_slot(read->hash, STORE_KEYS)] = *read;
    pthread_mutex_unlock(&s->lock);
}

static Status key_read(Ctx *cx, AccessStore *s, const uint8_t hash[TOKEN_HASH], Id *ret_user,
                       bool *ret_found)
{
    KeySlot read = {.epoch = access_epoch(s), .checked_ms = cx->now_ms};
    uint64_t ended = access_store_ended(s); /* before the read, as in access_session */
    Str bytes = str_n((const char *)hash, TOKEN_HASH);
    TRY(db_get_int(cx, SQL_KEY, (DbVal[]){db_blob(bytes)}, 1, ret_user, ret_found));
    memcpy(read.hash, hash, TOKEN_HASH);
    read.user = *ret_user;
    if (*ret_found)
        key_keep(s, &read, ended);
    return ST_OK;
}

Status access_key(Ctx *cx, AccessStore *s, Str key, Id *ret_user)
{
    uint8_t hash[TOKEN_HASH];
    bool found = false;
    if (key.n == KEY_TOKEN + 3 && str_starts(key, STR("gx_"))) {
        access_token_hash(key, hash);
        *ret_user = key_cached(cx, s, hash);
        if (*ret_user)
            return ST_OK;
        TRY(key_read(cx, s, hash, ret_user, &found));
    }
    if (!found)
        return FAIL(cx, ST_UNAUTHENTICATED, "access.bad_key", "the API key is not valid");
    return ST_OK;
}

Status access_key_person(Ctx *cx, Id key, Id *ret_user)
{
    bool found = false;
    DbVal id = db_int(key);
    TRY(db_get_int(cx, SQL_PERSON, &id, 1, ret_user, &found));
    return found ? ST_OK : FAIL(cx, ST_NOT_FOUND, "access.no_key", "there is no such key");
}

static void key_write(Stmt *q, bool first, Buf *out)
{
    buf_str_add(out, first ? STR("{\"id\":") : STR(",{\"id\":"));
    buf_json_id(out, db_col_id(q, 0));
    buf_lit(out, ",\"name\":");
    buf_json_str(out, db_col_text(q, 1));
    buf_lit(out, ",\"created_at\":\"");
    calendar_write_datetime(out, db_col_int(q, 2));
    buf_char(out, '"');
}

Status access_keys_write(Ctx *cx, Id user, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_KEYS, &q));
    TRY(db_bind_id(q, 1, user));
    buf_lit(out, "{\"items\":[");
    for (bool first = true, more = true;; first = false) {
        TRY(db_next(q, &more));
        if (!more)
            break;
        key_write(q, first, out);
        buf_char(out, '}');
    }
    buf_lit(out, "]}");
    return ST_OK;
}

Status access_keys_write_all(Ctx *cx, Id after, int limit, Buf *out)
{
    const DbVal v[] = {db_int(after), db_int(limit + 1)};
    CLEANUP(stmt) Stmt *q = NULL;
    bool more = true;
    Id last = 0;
    TRY(db_prepare(cx, SQL_ALL_KEYS, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    buf_lit(out, "{\"items\":[");
    for (int n = 0;; n++) {
        TRY(db_next(q, &more));
        if (!more || n == limit)
            break;
        last = db_col_id(q, 0);
        key_write(q, n == 0, out);
        buf_lit(out, ",\"user\":");
        query_person_json(cx, db_col_id(q, 3), out);
        buf_char(out, '}');
    }
    buf_json_next(out, more ? last : 0);
    return ST_OK;
}
