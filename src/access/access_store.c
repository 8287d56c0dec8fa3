/* SPDX-License-Identifier: Apache-2.0 */
/* The store: caches of users, sessions and keys, and the security epoch that makes them stale. */
#include "access/access_internal.h"
#include <sodium.h>

static const char SQL_EPOCH[] = "SELECT security FROM {gx_epoch} WHERE id = 1";
static const char SQL_RAISE[] = "UPDATE {gx_epoch} SET security = security + 1 WHERE id = 1";

Status access_refresh(Ctx *cx, AccessStore *s)
{
    int64_t epoch;
    bool found;
    TRY(db_get_int(cx, SQL_EPOCH, NULL, 0, &epoch, &found));
    if (found)
        atomic_store(&s->epoch, epoch);
    return ST_OK;
}

Status access_open(Ctx *cx, DbPool *pool, AccessStore **ret)
{
    if (sodium_init() < 0)
        return FAIL(cx, ST_INTERNAL, "access.no_random", "no source of random numbers");
    AccessStore *s = calloc(1, sizeof(*s));
    SessionSlot *sessions = calloc(STORE_SESSIONS, sizeof(*sessions));
    if (!s || !sessions)
        abort(); /* as arenas do: nothing can run without */
    s->pool = pool;
    s->sessions = sessions;
    s->shared = db_kind(pool) == DB_POSTGRES;
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->slot, NULL);
    *ret = s;
    Status st = access_refresh(cx, s);
    if (st != ST_OK) {
        access_close(s);
        *ret = NULL;
    }
    return st;
}

void access_close(AccessStore *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < STORE_USERS; i++)
        if (s->users[i])
            access_user_release(s->users[i]);
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->slot);
    sodium_memzero(s->sessions, STORE_SESSIONS * sizeof(*s->sessions));
    free(s->sessions);
    free(s);
}

uint64_t access_store_ended(AccessStore *s)
{
    pthread_mutex_lock(&s->lock);
    uint64_t ended = s->ended;
    pthread_mutex_unlock(&s->lock);
    return ended;
}

int64_t access_epoch(const AccessStore *s) { return atomic_load(&s->epoch); }

static void store_raise(void *arg)
{
    AccessStore *s = arg;
    atomic_fetch_add(&s->epoch, 1);
}

void access_changed(Ctx *cx, Plan *plan)
{
    plan_exec(plan, str_of(SQL_RAISE), NULL, 0);
    if (cx->user && cx->user->store)
        plan_after(plan, store_raise, cx->user->store);
}

bool access_depends_on(const Object *o)
{
    static const char *const NAMES[] = {"user", "role",        "department",
                                        "team", "team_member", "pool"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (str_is(o->name, NAMES[i]))
            return true;
    return false;
}
