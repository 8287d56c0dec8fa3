/* SPDX-License-Identifier: Apache-2.0 */
/* Idempotency keys: the answer of an unsafe request is kept for 24 hours in the transaction that did
 * the work, under (user, key), with a fingerprint of method, path and body. A repeated request gets
 * the kept answer; the same key with another body is refused; while the first still runs, 409. */
#include "api/api_internal.h"
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#define DAY_MS (24 * 3600 * 1000LL)
#define MAX_KEY 200

static const char SQL_FIND[] = "SELECT fingerprint, status, headers, body, at FROM "
                               "{gx_idempotency} WHERE user_id = ?1 AND key = ?2";
static const char SQL_DROP[] =
    "DELETE FROM {gx_idempotency} WHERE user_id = ?1 AND key = ?2 AND at < ?3";
static const char SQL_STORE[] =
    "INSERT INTO {gx_idempotency} (user_id, key, fingerprint, status, headers, body, at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

typedef struct Running {
    Id user;
    uint64_t hash;
    struct Running *more;
} Running;

struct InFlight {
    pthread_mutex_t lock;
    Running *first;
};

InFlight *idempotency_open(void)
{
    InFlight *f = calloc(1, sizeof *f);
    if (!f)
        abort();
    pthread_mutex_init(&f->lock, NULL);
    return f;
}

void idempotency_close(InFlight *f)
{
    pthread_mutex_destroy(&f->lock);
    free(f);
}

/* The list node lives in the request's arena: it is taken out before the request ends. */
static bool enter(InFlight *f, Arena *a, Id user, uint64_t hash)
{
    bool found = false;
    pthread_mutex_lock(&f->lock);
    for (Running *r = f->first; r && !found; r = r->more)
        found = r->user == user && r->hash == hash;
    if (!found) {
        Running *r = ARENA_NEW(a, Running);
        *r = (Running){user, hash, f->first};
        f->first = r;
    }
    pthread_mutex_unlock(&f->lock);
    return !found;
}

static void leave(InFlight *f, Id user, uint64_t hash)
{
    pthread_mutex_lock(&f->lock);
    for (Running **r = &f->first; *r; r = &(*r)->more)
        if ((*r)->user == user && (*r)->hash == hash) {
            *r = (*r)->more;
            break;
        }
    pthread_mutex_unlock(&f->lock);
}

static void part(crypto_generichash_state *h, Str s)
{
    uint64_t n = s.n;
    crypto_generichash_update(h, (const uint8_t *)&n, sizeof n);
    crypto_generichash_update(h, (const uint8_t *)(s.p ? s.p : ""), s.n);
}

static void fingerprint(Edge *e)
{
    crypto_generichash_state h;
    const HttpFile *file = req_file(e->rq, "file");
    crypto_generichash_init(&h, NULL, 0, sizeof e->fingerprint);
    part(&h, req_method(e->rq));
    part(&h, req_target(e->rq));
    part(&h, req_body(e->rq));
    part(&h, req_form(e->rq, "options"));
    if (file)
        part(&h, str_n((const char *)file->sha256, sizeof file->sha256));
    crypto_generichash_final(&h, e->fingerprint, sizeof e->fingerprint);
}

/* headers: "Location\nETag" */
static void replay(Edge *e, const Stmt *q)
{
    Str headers = str_copy(e->cx.arena, db_col_text(q, 2)), location;
    req_status(e->rq, (int)db_col_int(q, 1));
    str_split(&headers, '\n', &location);
    if (location.n)
        req_set_header(e->rq, "Location", location);
    if (headers.n)
        req_set_header(e->rq, "ETag", headers);
    req_set_header(e->rq, "Idempotent-Replayed", STR("true"));
    buf_str_add(req_out(e->rq), db_col_text(q, 3));
}

static Status find(Edge *e, bool *ret_replayed)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(&e->cx, SQL_FIND, &q));
    TRY(db_bind_id(q, 1, e->cx.user->id));
    TRY(db_bind_text(q, 2, e->key));
    TRY(db_next(q, &found));
    if (!found || db_col_int(q, 4) < e->cx.now_ms - DAY_MS)
        return ST_OK;
    if (!str_eq(db_col_blob(q, 0), str_n((const char *)e->fingerprint, sizeof e->fingerprint)))
        return FAIL_CODE(&e->cx, ST_INVALID, "idempotency_mismatch", "api.idempotency_mismatch",
                         "This Idempotency-Key was used for another request");
    replay(e, q);
    *ret_replayed = true;
    return ST_OK;
}

Status idempotency_begin(Edge *e, bool *ret_replayed)
{
    *ret_replayed = false;
    Str m = req_method(e->rq);
    e->key = req_header(e->rq, "Idempotency-Key");
    if (!e->key.n || !e->cx.user || str_is(m, "GET") || str_is(m, "HEAD"))
        return e->key = STR_NULL, ST_OK;
    if (e->key.n > MAX_KEY)
        return FAIL(&e->cx, ST_MALFORMED, "api.idempotency_key",
                    "Idempotency-Key: at most %d bytes", MAX_KEY);
    if (!e->is_in_flight) {
        fingerprint(e);
        e->key_user = e->cx.user->id;
        e->is_in_flight = enter(e->app->in_flight, e->cx.arena, e->cx.user->id, str_hash(e->key));
        if (!e->is_in_flight) {
            Status st = FAIL(&e->cx, ST_CONFLICT, "api.idempotency_running",
                             "The first request with this Idempotency-Key is still running");
            e->cx.err.retry_after_s = 1;
            return st;
        }
    }
    return find(e, ret_replayed);
}

void idempotency_store(Edge *e)
{
    if (!e->key.n)
        return;
    Buf headers = buf_in(e->cx.arena, 4096);
    buf_str_add(&headers, e->location);
    buf_char(&headers, '\n');
    buf_str_add(&headers, e->etag);
    DbVal user = db_int(e->cx.user->id), key = db_text(e->key);
    const DbVal drop[] = {user, key, db_int(e->cx.now_ms - DAY_MS)};
    Str body = buf_str(req_out(e->rq));
    const DbVal store[] = {user,
                           key,
                           db_blob(str_n((const char *)e->fingerprint, sizeof e->fingerprint)),
                           db_int(req_answer_status(e->rq)),
                           db_text(buf_str(&headers)),
                           db_text(body.p ? body : STR("")),
                           db_int(e->cx.now_ms)};
    plan_exec(e->plan, STR_SQL(SQL_DROP), drop, COUNT_OF(drop));
    plan_exec(e->plan, STR_SQL(SQL_STORE), store, COUNT_OF(store));
}

void idempotency_end(Edge *e)
{
    if (e->is_in_flight)
        leave(e->app->in_flight, e->key_user, str_hash(e->key));
    e->is_in_flight = false;
}
