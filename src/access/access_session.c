/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: a row each, found by the hash of the cookie's token; idle 12 hours, at most 30 days.
 * A cache answers requests without a statement; sign-out and a new security epoch empty it. */
#include "access/access_internal.h"
#include <sodium.h>

enum {
    SESSION_IDLE_MS = 12 * 60 * 60 * 1000,
    SESSION_TOUCH_MS = 5 * 60 * 1000,
    SESSION_TRUST_MS = 30 * 1000, /* with several nodes: another may have ended it */
};

static const char SQL_SESSION[] =
    "SELECT user_id, csrf, seen_at, expires_at, view_as FROM {gx_session} WHERE token_hash = ?1";
static const char SQL_TOUCH[] =
    "UPDATE {gx_session} SET seen_at = ?2 WHERE token_hash = ?1 AND seen_at < ?2";
static const char SQL_END[] = "DELETE FROM {gx_session} WHERE token_hash = ?1";
static const char SQL_END_USER[] = "DELETE FROM {gx_session} WHERE user_id = ?1";
static const char SQL_SWEEP[] = "DELETE FROM {gx_session} WHERE expires_at < ?1 OR seen_at < ?2";

static Status session_over(Ctx *cx)
{
    return FAIL(cx, ST_UNAUTHENTICATED, "access.session_over", "please sign in");
}

static bool session_is_live(const Session *session, int64_t now_ms)
{
    return now_ms < session->expires_ms && now_ms - session->seen_ms < SESSION_IDLE_MS;
}

/* Under the lock. */
static SessionSlot *session_find(AccessStore *s, const uint8_t hash[TOKEN_HASH], int64_t now_ms)
{
    SessionSlot *slot = &s->sessions[access_token_slot(hash, STORE_SESSIONS)];
    if (!slot->user || memcmp(slot->hash, hash, TOKEN_HASH) != 0)
        return NULL;
    bool fresh = !s->shared || now_ms - slot->checked_ms < SESSION_TRUST_MS;
    return slot->epoch == access_epoch(s) && fresh ? slot : NULL;
}

static bool session_cached(AccessStore *s, const uint8_t hash[TOKEN_HASH], int64_t now_ms,
                           Session *ret)
{
    pthread_mutex_lock(&s->lock);
    SessionSlot *slot = session_find(s, hash, now_ms);
    bool live = slot && session_is_live(&slot->session, now_ms);
    if (live) {
        slot->session.seen_ms = now_ms;
        *ret = slot->session;
        ret->touch_due = now_ms - slot->stored_seen_ms > SESSION_TOUCH_MS;
    }
    pthread_mutex_unlock(&s->lock);
    return live;
}

static void session_keep(AccessStore *s, const SessionSlot *read, uint64_t ended)
{
    pthread_mutex_lock(&s->lock);
    if (s->ended == ended)
        s->sessions[access_token_slot(read->hash, STORE_SESSIONS)] = *read;
    pthread_mutex_unlock(&s->lock);
}

static Status session_read(Ctx *cx, const uint8_t hash[TOKEN_HASH], Session *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(db_prepare(cx, SQL_SESSION, &q));
    TRY(db_bind(q, 1, db_blob(str_n((const char *)hash, TOKEN_HASH))));
    TRY(db_next(q, &found));
    if (!found)
        return session_over(cx);
    *ret = (Session){.user = db_col_id(q, 0),
                     .view_as = db_col_id(q, 4),
                     .seen_ms = db_col_int(q, 2),
                     .expires_ms = db_col_int(q, 3)};
    Str csrf = db_col_text(q, 1);
    memcpy(ret->csrf, csrf.p, csrf.n < sizeof(ret->csrf) ? csrf.n : sizeof(ret->csrf) - 1);
    return session_is_live(ret, cx->now_ms) ? ST_OK : session_over(cx);
}

Status access_session(Ctx *cx, AccessStore *s, Str token, Session *ret)
{
    uint8_t hash[TOKEN_HASH];
    if (token.n != 43)
        return session_over(cx);
    access_token_hash(token, hash);
    if (session_cached(s, hash, cx->now_ms, ret))
        return ST_OK;
    /* both before the read: what changes meanwhile makes the entry stale */
    SessionSlot read = {.epoch = access_epoch(s), .checked_ms = cx->now_ms};
    uint64_t ended = access_store_ended(s);
    TRY(session_read(cx, hash, ret));
    ret->touch_due = cx->now_ms - ret->seen_ms > SESSION_TOUCH_MS;
    memcpy(read.hash, hash, TOKEN_HASH);
    read.user = ret->user;
    read.stored_seen_ms = ret->seen_ms;
    read.session = *ret;
    read.session.seen_ms = cx->now_ms;
    session_keep(s, &read, ended);
    return ST_OK;
}

static DbVal session_key(Ctx *cx, const uint8_t hash[TOKEN_HASH])
{
    return db_blob(str_n(arena_dup(cx->arena, hash, TOKEN_HASH), TOKEN_HASH));
}

void access_session_touch(Ctx *cx, AccessStore *s, Str token, Plan *plan)
{
    uint8_t hash[TOKEN_HASH];
    access_token_hash(token, hash);
    pthread_mutex_lock(&s->lock);
    SessionSlot *slot = session_find(s, hash, cx->now_ms);
    if (slot)
        slot->stored_seen_ms = cx->now_ms; /* others need not do it as well */
    pthread_mutex_unlock(&s->lock);
    plan_exec(plan, str_of(SQL_TOUCH), (DbVal[]){session_key(cx, hash), db_int(cx->now_ms)}, 2);
}

/* ---- ending: the cache forgets after the commit */

typedef struct SessionEnd {
    AccessStore *store;
    uint8_t hash[TOKEN_HASH];
    Id user; /* every session of this one; 0: the one with the hash */
} SessionEnd;

static void session_forget(void *arg)
{
    const SessionEnd *end = arg;
    AccessStore *s = end->store;
    pthread_mutex_lock(&s->lock);
    s->ended++;
    for (size_t i = 0; i < STORE_SESSIONS && end->user; i++)
        if (s->sessions[i].user == end->user)
            sodium_memzero(&s->sessions[i], sizeof(s->sessions[i]));
    SessionSlot *slot = &s->sessions[access_token_slot(end->hash, STORE_SESSIONS)];
    if (!end->user && memcmp(slot->hash, end->hash, TOKEN_HASH) == 0)
        sodium_memzero(slot, sizeof(*slot));
    pthread_mutex_unlock(&s->lock);
}

void access_sign_out(Ctx *cx, AccessStore *s, Str token, Plan *plan)
{
    SessionEnd *end = ARENA_NEW(cx->arena, SessionEnd);
    end->store = s;
    access_token_hash(token, end->hash);
    plan_exec(plan, str_of(SQL_END), (DbVal[]){session_key(cx, end->hash)}, 1);
    plan_after(plan, session_forget, end);
}

void access_sign_out_user(Ctx *cx, AccessStore *s, Id user, Plan *plan)
{
    SessionEnd *end = ARENA_NEW(cx->arena, SessionEnd);
    end->store = s;
    end->user = user;
    plan_exec(plan, str_of(SQL_END_USER), (DbVal[]){db_int(user)}, 1);
    plan_after(plan, session_forget, end);
}

bool access_csrf_ok(const Session *session, Str header)
{
    return header.n == 43 && strlen(session->csrf) == 43 &&
           sodium_memcmp(header.p, session->csrf, 43) == 0;
}

void access_sweep(Ctx *cx, AccessStore *s UNUSED, Plan *plan)
{
    /* seen_at lags by up to the touch interval */
    int64_t idle = cx->now_ms - SESSION_IDLE_MS - SESSION_TOUCH_MS;
    plan_exec(plan, str_of(SQL_SWEEP), (DbVal[]){db_int(cx->now_ms), db_int(idle)}, 2);
}
