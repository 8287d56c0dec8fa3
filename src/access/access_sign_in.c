/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords: Argon2id with 19 MiB and 2 passes (OWASP Password Storage Cheat Sheet), one at a time,
 * so that a flood of sign-ins cannot take the memory; beyond a few waiting the answer is "busy".
 *
 * From the fifth failure on a login is locked, 30 s doubling to 15 minutes. Logins that do not
 * exist get the same work, the same message and the same lock. Counters are in memory (exact under
 * parallel guessing) and in gx_credential (kept over a restart). */
#include "access/access_internal.h"
#include "base/utf8.h"
#include <sodium.h>

enum {
    SIGN_IN_MEMORY = 19 * 1024 * 1024,
    SIGN_IN_PASSES = 2,
    SIGN_IN_WAITING = 16, /* at some 20 ms each */
    SIGN_IN_FREE_FAILURES = 5,
    SIGN_IN_FIRST_LOCK_MS = 30 * 1000,
    SIGN_IN_LONGEST_LOCK_MS = 15 * 60 * 1000,
    SIGN_IN_FORGET_MS = 24 * 60 * 60 * 1000,
    PASSWORD_MIN = 8,
    PASSWORD_MAX_BYTES = 512,
};
#define SESSION_LIFE_MS (30LL * 24 * 60 * 60 * 1000)

static const char SQL_CREDENTIAL[] =
    "SELECT hash, failures, locked_until FROM {gx_credential} WHERE user_id = ?1";
static const char SQL_FAILED[] =
    "UPDATE {gx_credential} SET failures = failures + 1, locked_until = ?2 WHERE user_id = ?1";
static const char SQL_SUCCEEDED[] = "UPDATE {gx_credential} SET failures = 0, locked_until = 0 "
                                    "WHERE user_id = ?1 AND failures > 0";
static const char SQL_NEW_SESSION[] =
    "INSERT INTO {gx_session} (token_hash, user_id, csrf, created_at, seen_at, expires_at) "
    "VALUES (?1, ?2, ?3, ?4, ?4, ?5)";
static const char SQL_FORGET[] = "DELETE FROM {gx_credential} WHERE user_id = ?1";
static const char SQL_SET[] =
    "INSERT INTO {gx_credential} (user_id, hash, set_at, failures, locked_until) "
    "VALUES (?1, ?2, ?3, 0, 0)";

/* Verified when there is nothing to verify, to take the same time. Hash of a random text. */
static const char DECOY[] = "$argon2id$v=19$m=19456,t=2,p=1$Z3Vhbnhpc2FsdDAwMDAwMQ$"
                            "2fQk0sF1l0mVdQy0u2bqN8dM1y5v8Qm0nq3F5oXhW9s";

typedef struct Credential {
    Id user;
    bool found;
    char hash[crypto_pwhash_STRBYTES];
    int64_t failures, locked_until_ms;
} Credential;

static int64_t sign_in_lock_ms(int64_t failures)
{
    if (failures < SIGN_IN_FREE_FAILURES)
        return 0;
    int64_t steps = failures - SIGN_IN_FREE_FAILURES;
    int64_t ms = steps > 5 ? SIGN_IN_LONGEST_LOCK_MS : (int64_t)SIGN_IN_FIRST_LOCK_MS << steps;
    return ms < SIGN_IN_LONGEST_LOCK_MS ? ms : SIGN_IN_LONGEST_LOCK_MS;
}

static Status sign_in_credential(Ctx *cx, Str login, Credential *ret)
{
    *ret = (Credential){.found = false};
    bool known;
    TRY(access_user_by_login(cx, login, &ret->user, &known));
    if (!known)
        return ST_OK;
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_CREDENTIAL, &q));
    TRY(db_bind_id(q, 1, ret->user));
    TRY(db_next(q, &ret->found));
    if (!ret->found)
        return ST_OK;
    Str hash = db_col_text(q, 0);
    if (hash.n >= sizeof(ret->hash))
        return FAIL(cx, ST_INTERNAL, "access.bad_hash", "a stored password cannot be read");
    memcpy(ret->hash, hash.p, hash.n);
    ret->failures = db_col_int(q, 1);
    ret->locked_until_ms = db_col_int(q, 2);
    return ST_OK;
}

/* ---- failures in memory (under the store's lock) */

static FailureSlot *sign_in_slot(AccessStore *s, uint64_t login, int64_t now_ms)
{
    FailureSlot *slot = &s->failures[login % STORE_FAILURES];
    if (slot->login != login || now_ms - slot->at_ms > SIGN_IN_FORGET_MS)
        *slot = (FailureSlot){.login = login, .at_ms = now_ms};
    return slot;
}

static int64_t sign_in_locked_until(AccessStore *s, uint64_t login, int64_t now_ms)
{
    pthread_mutex_lock(&s->lock);
    int64_t until = sign_in_slot(s, login, now_ms)->locked_until_ms;
    pthread_mutex_unlock(&s->lock);
    return until;
}

/* Counts a failure; gives until when the login is locked now (0: not). */
static int64_t sign_in_count(AccessStore *s, uint64_t login, int64_t stored, int64_t now_ms)
{
    pthread_mutex_lock(&s->lock);
    FailureSlot *slot = sign_in_slot(s, login, now_ms);
    if (slot->failures < stored)
        slot->failures = (int)stored;
    slot->failures++;
    slot->at_ms = now_ms;
    int64_t lock = sign_in_lock_ms(slot->failures);
    slot->locked_until_ms = lock ? now_ms + lock : 0;
    int64_t until = slot->locked_until_ms;
    pthread_mutex_unlock(&s->lock);
    return until;
}

static void sign_in_forget(AccessStore *s, uint64_t login, int64_t now_ms)
{
    pthread_mutex_lock(&s->lock);
    FailureSlot *slot = sign_in_slot(s, login, now_ms);
    slot->failures = 0;
    slot->locked_until_ms = 0;
    pthread_mutex_unlock(&s->lock);
}

/* ---- the slot of Argon2id */

static Status sign_in_enter(Ctx *cx, AccessStore *s)
{
    if (atomic_fetch_add(&s->waiting, 1) >= SIGN_IN_WAITING) {
        atomic_fetch_sub(&s->waiting, 1);
        Status st = FAIL(cx, ST_BUSY, "access.sign_in_busy", "too many are signing in; try again");
        cx->err.retry_after_s = 2;
        return st;
    }
    pthread_mutex_lock(&s->slot);
    return ST_OK;
}

static void sign_in_leave(AccessStore *s)
{
    pthread_mutex_unlock(&s->slot);
    atomic_fetch_sub(&s->waiting, 1);
}

static Status sign_in_locked(Ctx *cx, int64_t until_ms)
{
    int64_t seconds = (until_ms - cx->now_ms + 999) / 1000;
    Status st = FAIL_CODE(cx, ST_RATE, "locked", "access.locked",
                          "too many failures; try again in %d seconds", (int)seconds);
    cx->err.retry_after_s = (int)seconds;
    return st;
}

static Status sign_in_wrong(Ctx *cx)
{
    return FAIL_CODE(cx, ST_UNAUTHENTICATED, "bad_credentials", "access.bad_credentials",
                     "login or password is wrong");
}

static void sign_in_open(Ctx *cx, const Credential *c, Plan *plan, SignIn *ret)
{
    uint8_t hash[TOKEN_HASH];
    access_token_new(ret->token);
    access_token_new(ret->csrf);
    access_token_hash(str_of(ret->token), hash);
    ret->user = c->user;
    ret->expires_ms = cx->now_ms + SESSION_LIFE_MS;
    Str stored = str_n(arena_dup(cx->arena, hash, sizeof(hash)), sizeof(hash));
    Str csrf = str_copy(cx->arena, str_of(ret->csrf));
    plan_exec(plan, str_of(SQL_NEW_SESSION),
              (DbVal[]){db_blob(stored), db_int(c->user), db_text(csrf), db_int(cx->now_ms),
                        db_int(ret->expires_ms)},
              5);
    plan_exec(plan, str_of(SQL_SUCCEEDED), (DbVal[]){db_int(c->user)}, 1);
}

/* Under the slot: the lock is looked at again, since others of the same login may have failed. */
static void sign_in_verify(Ctx *cx, AccessStore *s, uint64_t login, const Credential *c,
                           Str password, Plan *plan, SignIn *ret)
{
    int64_t until = sign_in_locked_until(s, login, cx->now_ms);
    if (c->locked_until_ms > until)
        until = c->locked_until_ms;
    if (until > cx->now_ms) {
        ret->refused = sign_in_locked(cx, until);
        return;
    }
    const char *hash = c->found ? c->hash : DECOY;
    bool right = crypto_pwhash_str_verify(hash, password.p, password.n) == 0 && c->found;
    if (right) {
        sign_in_forget(s, login, cx->now_ms);
        sign_in_open(cx, c, plan, ret);
        return;
    }
    until = sign_in_count(s, login, c->failures, cx->now_ms);
    if (c->found)
        plan_exec(plan, str_of(SQL_FAILED), (DbVal[]){db_int(c->user), db_int(until)}, 2);
    ret->refused = sign_in_wrong(cx);
}

Status access_sign_in(Ctx *cx, AccessStore *s, Str login, Str password, Plan *plan, SignIn *ret)
{
    Credential c;
    *ret = (SignIn){.refused = ST_OK};
    if (login.n > 400 || password.n > PASSWORD_MAX_BYTES) {
        ret->refused = sign_in_wrong(cx);
        return ST_OK;
    }
    TRY(sign_in_credential(cx, login, &c));
    TRY(sign_in_enter(cx, s));
    sign_in_verify(cx, s, str_hash(fold_text(cx->arena, login)), &c, password, plan, ret);
    sign_in_leave(s);
    sodium_memzero(c.hash, sizeof(c.hash));
    return ST_OK;
}

static Status password_check(Ctx *cx, Str login, Str password)
{
    if (utf8_length(password) < PASSWORD_MIN)
        return FIELD_FAIL(cx, STR("password"), "too_short", "access.password_short",
                          "a password has at least %d characters", PASSWORD_MIN);
    if (password.n > PASSWORD_MAX_BYTES)
        return FIELD_FAIL(cx, STR("password"), "too_long", "access.password_long",
                          "a password has at most %d bytes", PASSWORD_MAX_BYTES);
    if (str_eq(fold_text(cx->arena, password), fold_text(cx->arena, login)))
        return FIELD_FAIL(cx, STR("password"), "bad_value", "access.password_login",
                          "the password must not be the login");
    return ST_OK;
}

Status access_set_password(Ctx *cx, AccessStore *s, Id user, Str login, Str password, Plan *plan)
{
    char *hash = arena_zero(cx->arena, crypto_pwhash_STRBYTES);
    TRY(password_check(cx, login, password));
    TRY(sign_in_enter(cx, s));
    int failed = crypto_pwhash_str_alg(hash, password.p, password.n, SIGN_IN_PASSES, SIGN_IN_MEMORY,
                                       crypto_pwhash_ALG_ARGON2ID13);
    sign_in_leave(s);
    if (failed)
        return FAIL(cx, ST_BUSY, "access.no_memory", "no memory to hash the password");
    sign_in_forget(s, str_hash(fold_text(cx->arena, login)), cx->now_ms);
    plan_exec(plan, str_of(SQL_FORGET), (DbVal[]){db_int(user)}, 1);
    plan_exec(plan, str_of(SQL_SET),
              (DbVal[]){db_int(user), db_text(str_of(hash)), db_int(cx->now_ms)}, 3);
    return ST_OK;
}
