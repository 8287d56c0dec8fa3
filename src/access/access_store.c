/* SPDX-License-Identifier: Apache-2.0 */
/* The store: caches of users, sessions and keys, and the security epoch that makes them stale. */
#include "access/access_internal.h"
#include "access/share_rule.h"
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

/* ---- sharing rules: read once an epoch, copied out to who asks */
typedef struct KeptRules {
    int64_t epoch;
    Arena *arena;
    const ShareRule *v;
    size_t n;
    const Id *shared; /* numbers of objects that have shares */
    size_t n_shared;
} KeptRules;

static void store_rules_free(KeptRules *r)
{
    if (r)
        arena_free(r->arena);
}

/* Object by object, so that each is a look into the index. */
static Status store_shared_read(Ctx *cx, const Id **ret, size_t *ret_n)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT o.column1 FROM (VALUES ");
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        if (i)
            sql_lit(&q, ", ");
        sql_lit(&q, "(");
        sql_number(&q, cx->meta->objects[i]->number);
        sql_lit(&q, ")");
    }
    sql_lit(&q, ") AS o WHERE EXISTS (SELECT 1 FROM {gx_share} s WHERE s.object = o.column1)");
    return access_user_load_ids(cx, cx->arena, &q, ret, ret_n);
}

static Status store_rules_read(Ctx *cx, int64_t epoch, KeptRules **ret)
{
    Arena *mine = cx->arena, *a = arena_new(1024);
    KeptRules *r = ARENA_NEW(a, KeptRules);
    *r = (KeptRules){.epoch = epoch, .arena = a};
    cx->arena = a;
    Status st = access_share_rule_all(cx, &r->v, &r->n);
    if (st == ST_OK)
        st = store_shared_read(cx, &r->shared, &r->n_shared);
    cx->arena = mine;
    *ret = r;
    if (st != ST_OK)
        store_rules_free(r);
    return st;
}

static ShareRule store_rule_copy(Arena *a, const ShareRule *rule)
{
    ShareRule copy = *rule;
    copy.object = str_copy(a, rule->object);
    copy.condition = str_copy(a, rule->condition);
    return copy;
}

/* Under the lock. */
static void store_rules_take(Ctx *cx, const KeptRules *r, const Object *o, const ShareRule **ret,
                             size_t *ret_n)
{
    VEC(ShareRule) rules = {0};
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->v[i].object, o->name))
            VEC_PUSH(cx->arena, &rules, store_rule_copy(cx->arena, &r->v[i]));
    *ret = rules.v;
    *ret_n = rules.n;
}

/* Under the lock. */
static bool store_is_shared(const KeptRules *r, const Object *o)
{
    for (size_t i = 0; i < r->n_shared; i++)
        if (r->shared[i] == o->number)
            return true;
    return r->n > 0; /* a rule's job may be filling its set */
}

/* Locked, with the rules of this epoch. */
static Status store_rules_lock(Ctx *cx, AccessStore *s)
{
    int64_t epoch = access_epoch(s);
    KeptRules *fresh = NULL, *old = NULL;
    pthread_mutex_lock(&s->lock);
    if (s->rules && s->rules->epoch == epoch)
        return ST_OK;
    pthread_mutex_unlock(&s->lock);
    TRY(store_rules_read(cx, epoch, &fresh));
    pthread_mutex_lock(&s->lock);
    old = s->rules;
    s->rules = fresh;
    store_rules_free(old);
    return ST_OK;
}

Status access_store_rules(Ctx *cx, AccessStore *s, const Object *o, const ShareRule **ret,
                          size_t *ret_n)
{
    TRY(store_rules_lock(cx, s));
    store_rules_take(cx, s->rules, o, ret, ret_n);
    pthread_mutex_unlock(&s->lock);
    return ST_OK;
}

Status access_store_is_shared(Ctx *cx, AccessStore *s, const Object *o, bool *ret)
{
    TRY(store_rules_lock(cx, s));
    *ret = store_is_shared(s->rules, o);
    pthread_mutex_unlock(&s->lock);
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
    store_rules_free(s->rules);
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
    static const char *const NAMES[] = {"user", "role",        "position", "department",
                                        "team", "team_member", "pool"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (str_is(o->name, NAMES[i]))
            return true;
    return false;
}
