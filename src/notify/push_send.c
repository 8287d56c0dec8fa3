/* SPDX-License-Identifier: Apache-2.0 */
/* One message to one browser: claim, read as its person, send, note what came of it. No connection of the
 * database is held while the push service is waited for. */
#include "base/base64.h"
#include "base/calendar.h"
#include "base/id.h"
#include "notify/notify_internal.h"
#include "notify/push_internal.h"
#include <sodium.h>

enum {
    CLAIM_MS = 120 * 1000,
    FIRST_PAUSE_S = 30,
    MAX_PAUSE_S = 3600,
    TTL_S = 24 * 3600,
    TIMEOUT_S = 20
};
enum { HEADERS = 7 };

static const char SQL_DUE[] =
    "SELECT p.message, p.device, p.tries, p.next_at, d.user_id, d.endpoint, d.point, d.auth FROM "
    "{gx_push} p JOIN {gx_push_device} d ON d.id = p.device WHERE p.next_at <= ?1 ORDER BY "
    "p.next_at LIMIT 1";
static const char SQL_CLAIM[] = "UPDATE {gx_push} SET tries = tries + 1, next_at = ?4 WHERE "
                                "message = ?1 AND device = ?2 AND next_at = ?3";
static const char SQL_LATER[] =
    "UPDATE {gx_push} SET next_at = ?3 WHERE message = ?1 AND device = ?2";
static const char SQL_DONE[] = "DELETE FROM {gx_push} WHERE message = ?1 AND device = ?2";
static const char SQL_ALL_OF[] = "DELETE FROM {gx_push} WHERE device = ?1";
static const char SQL_GONE[] = "DELETE FROM {gx_push_device} WHERE id = ?1";
static const char SQL_SENT[] =
    "UPDATE {gx_push_device} SET last_at = ?2, problem = NULL WHERE id = ?1";
static const char SQL_PROBLEM[] = "UPDATE {gx_push_device} SET problem = ?2 WHERE id = ?1";

typedef struct Due {
    Id message, device, user;
    int64_t tries, next_at;
    Str endpoint;
    PushTo to;
} Due;

typedef enum Came { CAME_SENT, CAME_NOTHING, CAME_GONE, CAME_REFUSED, CAME_LATER } Came;
typedef struct Outcome {
    Came came;
    Str problem;
    int64_t pause_s; /* what the service asks for */
} Outcome;

/* ---- what is due */

static bool read_keys(const Stmt *q, PushTo *ret)
{
    size_t n = 0, m = 0;
    return base64_read(db_col_text(q, 6), ret->point, PUSH_POINT, &n) && n == PUSH_POINT &&
           base64_read(db_col_text(q, 7), ret->auth, PUSH_AUTH, &m) && m == PUSH_AUTH;
}

static Status read_due(Ctx *cx, Due *ret, bool *ret_found)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_DUE, &q));
    TRY(db_bind_int(q, 1, cx->now_ms));
    TRY(db_next(q, ret_found));
    if (!*ret_found)
        return ST_OK;
    *ret = (Due){.message = db_col_id(q, 0),
                 .device = db_col_id(q, 1),
                 .tries = db_col_int(q, 2),
                 .next_at = db_col_int(q, 3),
                 .user = db_col_id(q, 4),
                 .endpoint = str_copy(cx->arena, db_col_text(q, 5))};
    return read_keys(q, &ret->to) ? ST_OK
                                  : FAIL(cx, ST_INTERNAL, "push.stored", "A stored key is none");
}

/* Of two nodes one gets it; a server that dies meanwhile leaves it to the next turn. */
static Status claim(Ctx *cx, DbPool *pool, const Due *due, bool *ret_ours)
{
    Plan *plan = plan_new(cx);
    PlanResult result;
    const DbVal v[] = {db_int(due->message), db_int(due->device), db_int(due->next_at),
                       db_int(cx->now_ms + CLAIM_MS)};
    plan_expect(plan, STR_SQL(SQL_CLAIM), v, COUNT_OF(v), 1);
    Status st = db_apply(pool, cx, plan, &result);
    *ret_ours = st == ST_OK;
    if (st != ST_RETRY && st != ST_CONFLICT)
        return st;
    error_clear(cx);
    return ST_OK;
}

static Status take(Ctx *cx, const PushSender *s, Due *ret, bool *ret_found, bool *ret_ours)
{
    TRY(s->host->enter(s->host->arg, cx, USER_SYSTEM));
    Status st = read_due(cx, ret, ret_found);
    if (st == ST_OK && *ret_found)
        st = claim(cx, s->pool, ret, ret_ours);
    s->host->leave(s->host->arg, cx);
    return st;
}

/* ---- its words, as its person; none: nobody there any more, or nothing to tell */
static Status words(Ctx *cx, const PushSender *s, const Due *due, Buf *out)
{
    Status st = s->host->enter(s->host->arg, cx, due->user);
    if (st == ST_UNAUTHENTICATED) {
        error_clear(cx);
        return ST_OK;
    }
    TRY(st);
    if (due->message)
        st = push_text(cx, due->message, out);
    else
        push_text_trial(cx, out);
    s->host->leave(s->host->arg, cx);
    return st;
}

/* ---- sending */

static Str origin_of(Str endpoint)
{
    size_t scheme = str_find(endpoint, STR("://"));
    size_t host = str_find_char(str_sub(endpoint, scheme + 3, SIZE_MAX), '/');
    return host == SIZE_MAX ? endpoint : str_sub(endpoint, 0, scheme + 3 + host);
}

static Outcome judge(Ctx *cx, Status st, const OutwardAnswer *a)
{
    if (st == ST_DENIED)
        return (Outcome){.came = CAME_REFUSED, .problem = STR("refused_here")};
    if (st != ST_OK)
        return (Outcome){.came = CAME_LATER, .problem = STR("unreached")};
    if (a->status >= 200 && a->status < 300)
        return (Outcome){.came = CAME_SENT};
    if (a->status == 404 || a->status == 410)
        return (Outcome){.came = CAME_GONE};
    Str problem = str_format(cx->arena, "status_%d", a->status);
    if (a->status == 429 || a->status >= 500)
        return (Outcome){.came = CAME_LATER, .problem = problem, .pause_s = a->retry_after_s};
    return (Outcome){.came = CAME_REFUSED, .problem = problem};
}

static Status send_sealed(Ctx *cx, const PushSender *s, const Due *due, Str body, Outcome *ret)
{
    CLEANUP(outward) Outward *o = NULL;
    OutwardAnswer answer = {0};
    Str token = push_token(cx->arena, s->key, origin_of(due->endpoint), str_of(s->contact),
                           cx->now_ms / 1000 + PUSH_TOKEN_S);
    const char *const headers[HEADERS] = {
        str_z(cx->arena, str_format(cx->arena, "TTL: %d", TTL_S)),
        str_z(cx->arena, str_format(cx->arena, "Authorization: " STR_FMT, STR_ARG(token))),
        str_z(cx->arena, str_format(cx->arena, "Topic: m%lld", (long long)due->message)),
        "Content-Encoding: aes128gcm",
        "Content-Type: application/octet-stream",
        "Urgency: high",
        NULL};
    TRY(outward_open(cx, s->rules, &o));
    Status st = outward_send(cx, o,
                             &(OutwardRequest){.method = "POST",
                                               .url = due->endpoint,
                                               .headers = headers,
                                               .body = body,
                                               .timeout_s = TIMEOUT_S},
                             &answer);
    error_clear(cx);
    *ret = judge(cx, st, &answer);
    return ST_OK;
}

static Status send_words(Ctx *cx, const PushSender *s, const Due *due, Str plain, Outcome *ret)
{
    PushKey once;
    unsigned char salt[16];
    Str body;
    *ret = (Outcome){.came = CAME_NOTHING};
    if (!plain.n)
        return ST_OK;
    randombytes_buf(salt, sizeof salt);
    if (!push_key_make(&once) || !push_seal(cx->arena, &due->to, &once, salt, plain, &body)) {
        *ret = (Outcome){.came = CAME_REFUSED, .problem = STR("not_sealed")};
        return ST_OK;
    }
    sodium_memzero(once.secret, sizeof once.secret);
    return send_sealed(cx, s, due, body, ret);
}

/* ---- what came of it */

/* 30 s, 1, 2, 4 … minutes, up to an hour. */
static int64_t pause_ms(const Due *due, const Outcome *o)
{
    int64_t s = due->tries < 8 ? (int64_t)FIRST_PAUSE_S << due->tries : MAX_PAUSE_S;
    if (s < o->pause_s)
        s = o->pause_s;
    return (s < MAX_PAUSE_S ? s : MAX_PAUSE_S) * 1000;
}

static void note(Ctx *cx, Plan *plan, const Due *due, const Outcome *o)
{
    const DbVal row[] = {db_int(due->message), db_int(due->device),
                         db_int(cx->now_ms + pause_ms(due, o))};
    const DbVal sent[] = {db_int(due->device), db_int(cx->now_ms)};
    const DbVal problem[] = {db_int(due->device), db_text(o->problem)};
    bool again = o->came == CAME_LATER && due->tries + 1 < PUSH_TRIES;
    if (o->problem.n)
        plan_exec(plan, STR_SQL(SQL_PROBLEM), problem, 2);
    if (o->came == CAME_SENT)
        plan_exec(plan, STR_SQL(SQL_SENT), sent, 2);
    if (o->came == CAME_GONE) {
        plan_exec(plan, STR_SQL(SQL_ALL_OF), sent, 1);
        plan_exec(plan, STR_SQL(SQL_GONE), sent, 1);
    } else if (again) {
        plan_exec(plan, STR_SQL(SQL_LATER), row, 3);
    } else {
        plan_exec(plan, STR_SQL(SQL_DONE), row, 2);
    }
}

static Status keep(Ctx *cx, const PushSender *s, const Due *due, const Outcome *o)
{
    PlanResult result;
    TRY(s->host->enter(s->host->arg, cx, USER_SYSTEM));
    Plan *plan = plan_new(cx);
    note(cx, plan, due, o);
    Status st = db_apply(s->pool, cx, plan, &result);
    s->host->leave(s->host->arg, cx);
    return st;
}

Status push_turn(Ctx *cx, const PushSender *s, bool *ret_more)
{
    Due due;
    Outcome outcome;
    bool ours = false;
    Buf text = buf_in(cx->arena, PUSH_PLAIN);
    TRY(take(cx, s, &due, ret_more, &ours));
    if (!ours)
        return ST_OK;
    if (due.tries < PUSH_TRIES)
        TRY(words(cx, s, &due, &text));
    cx->now_ms = clock_ms();
    TRY(send_words(cx, s, &due, buf_overflowed(&text) ? STR("") : buf_str(&text), &outcome));
    cx->now_ms = clock_ms();
    return keep(cx, s, &due, &outcome);
}
