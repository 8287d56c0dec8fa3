/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the current catalogue: opens it, hands out references, swaps in a newer one. */
#include "meta/meta_store.h"
#include <stdlib.h>

#define OPEN_ATTEMPTS 5

/* ---- references */

void meta_release(const Meta *m)
{
    if (m && __atomic_sub_fetch(&((Meta *)m)->refs, 1, __ATOMIC_ACQ_REL) == 0)
        arena_free(m->arena); /* m lies in it */
}

static MetaSnapshot *acquire(MetaStore *s)
{
    pthread_mutex_lock(&s->lock);
    MetaSnapshot *snap = s->current;
    __atomic_add_fetch(&snap->m->refs, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&s->lock);
    return snap;
}

const Meta *meta_acquire(MetaStore *s) { return acquire(s)->m; }

/* Takes over the candidate's reference. An older one than the current is dropped: another thread
 * of this node has read on already. */
static void swap_in(MetaStore *s, MetaSnapshot *candidate)
{
    pthread_mutex_lock(&s->lock);
    MetaSnapshot *drop = s->current;
    if (drop && drop->m->version >= candidate->m->version)
        drop = candidate;
    else
        s->current = candidate;
    pthread_mutex_unlock(&s->lock);
    if (drop)
        meta_release(drop->m);
}

/* ---- snapshots */

static MetaSnapshot *snapshot_new(json_t *rows, json_t *settings)
{
    Arena *a = arena_new((size_t)512 * 1024);
    MetaSnapshot *snap = ARENA_NEW(a, MetaSnapshot);
    snap->rows = json_incref(rows);
    snap->settings = json_incref(settings);
    json_own(a, snap->rows);
    json_own(a, snap->settings);
    snap->numbers = meta_numbers_in(a);
    return snap;
}

static void numbers_copy(MetaNumbers *into, const MetaNumbers *from)
{
    for (size_t i = 0; i < from->given.n; i++) {
        const MetaNumber *n = from->given.entries[i].value;
        meta_numbers_add(into, n->kind, n->name, n->number);
    }
}

static Status build(Ctx *cx, MetaStore *s, MetaSnapshot *snap, int64_t version, Str focus)
{
    Arena *a = snap->numbers.arena;
    MetaSource source = {.settings = snap->settings, .version = version, .focus = focus};
    TRY(meta_source_merge(cx, a, s->shipped, snap->rows, &source));
    return meta_build(cx, a, &source, &snap->numbers, &s->hooks, &snap->m);
}

Status meta_store_build(Ctx *cx, MetaStore *s, json_t *rows, json_t *settings,
                        const MetaNumbers *numbers, int64_t version, Str focus, MetaSnapshot **ret)
{
    MetaSnapshot *snap = snapshot_new(rows, settings);
    if (numbers)
        numbers_copy(&snap->numbers, numbers);
    Status st = build(cx, s, snap, version, focus);
    if (st != ST_OK)
        arena_free(snap->numbers.arena);
    else
        *ret = snap;
    return st;
}

/* From the database as it is. */
static Status load(Ctx *cx, MetaStore *s, MetaSnapshot **ret)
{
    json_t *rows = json_object(), *settings = json_object();
    MetaSnapshot *snap = snapshot_new(rows, settings);
    int64_t version;
    json_decref(rows);
    json_decref(settings);
    Status st = meta_rows_read(cx, snap, &version);
    if (st == ST_OK)
        st = build(cx, s, snap, version, STR_NULL);
    if (st != ST_OK)
        arena_free(snap->numbers.arena);
    else
        *ret = snap;
    return st;
}

/* ---- open */

static bool is_up_to_date(const MetaStore *s, const MetaSnapshot *snap, const Plan *ddl)
{
    return plan_is_empty(ddl) && !snap->numbers.fresh.n &&
           str_eq(json_get_str(snap->settings, "shipped_meta"), s->shipped_hash);
}

/* Brings the database to the catalogue; ST_RETRY if another node did so first. */
static Status bring_up(Ctx *cx, MetaStore *s, MetaSnapshot *snap)
{
    Plan *plan = plan_new(cx);
    TRY(meta_database_sync(cx, snap->m, plan));
    if (is_up_to_date(s, snap, plan))
        return ST_OK;
    meta_rows_raise(plan, snap->m->version);
    meta_rows_put_numbers(plan, &snap->numbers);
    meta_rows_put_setting(plan, STR("shipped_meta"), s->shipped_hash);
    PlanResult result;
    TRY(db_apply(s->pool, cx, plan, &result));
    snap->m->version++;
    snap->numbers.fresh.n = 0;
    return ST_OK;
}

static Status load_and_bring_up(Ctx *cx, MetaStore *s)
{
    MetaSnapshot *snap = NULL;
    TRY(load(cx, s, &snap));
    Status st = bring_up(cx, s, snap);
    if (st == ST_OK)
        swap_in(s, snap);
    else
        meta_release(snap->m);
    return st;
}

static Status open_leased(Ctx *cx, MetaStore *s)
{
    Status st = ST_RETRY;
    for (int i = 0; i < OPEN_ATTEMPTS && st == ST_RETRY; i++) {
        error_clear(cx);
        st = load_and_bring_up(cx, s);
    }
    return st;
}

static Status open_store(Ctx *cx, MetaStore *s)
{
    Str hash;
    TRY(meta_shipped_read(cx, &s->shipped, &hash));
    s->shipped_hash = str_copy(s->arena, hash);
    Db *outer = cx->db;
    if (!outer)
        cx->db = db_lease(s->pool);
    Status st = open_leased(cx, s);
    if (!outer) {
        db_release(cx->db);
        cx->db = NULL;
    }
    return st;
}

Status meta_open(Ctx *cx, DbPool *pool, const MetaHooks *hooks, MetaStore **ret)
{
    Arena *a = arena_new(4096);
    MetaStore *s = ARENA_NEW(a, MetaStore);
    s->arena = a;
    s->pool = pool;
    if (hooks)
        s->hooks = *hooks;
    pthread_mutex_init(&s->lock, NULL);
    Status st = open_store(cx, s);
    if (st != ST_OK)
        meta_close(s);
    else
        *ret = s;
    return st;
}

void meta_close(MetaStore *s)
{
    if (!s)
        return;
    if (s->current)
        meta_release(s->current->m);
    json_decref(s->shipped);
    pthread_mutex_destroy(&s->lock);
    arena_free(s->arena);
}

/* ---- changes */

Status meta_refresh(Ctx *cx, MetaStore *s)
{
    int64_t version;
    TRY(meta_rows_version(cx, &version));
    pthread_mutex_lock(&s->lock);
    bool current = s->current->m->version >= version;
    pthread_mutex_unlock(&s->lock);
    if (current)
        return ST_OK;
    MetaSnapshot *snap = NULL;
    TRY(load(cx, s, &snap));
    swap_in(s, snap);
    return ST_OK;
}

Status meta_store_latest(Ctx *cx, MetaStore *s, MetaSnapshot **ret)
{
    TRY(meta_refresh(cx, s));
    *ret = acquire(s);
    return ST_OK;
}

typedef struct Proposal {
    MetaStore *store;
    MetaSnapshot *candidate; /* NULL once swapped in */
} Proposal;

static void proposal_accept(void *arg)
{
    Proposal *p = arg;
    swap_in(p->store, p->candidate);
    p->candidate = NULL;
}

static void proposal_drop(void *arg)
{
    Proposal *p = arg;
    if (p->candidate)
        meta_release(p->candidate->m);
}

Status meta_store_propose(Ctx *cx, MetaStore *s, MetaSnapshot *candidate, Plan *plan)
{
    Proposal *p = ARENA_NEW(cx->arena, Proposal);
    *p = (Proposal){s, candidate};
    arena_on_free(cx->arena, proposal_drop, p);
    TRY(meta_database_sync(cx, candidate->m, plan));
    if (s->hooks.changed)
        TRY(s->hooks.changed(s->hooks.arg, cx, cx->meta, candidate->m, plan));
    meta_rows_raise(plan, candidate->m->version - 1);
    meta_rows_put_numbers(plan, &candidate->numbers);
    plan_after(plan, proposal_accept, p);
    return ST_OK;
}
