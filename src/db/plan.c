/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting a plan. Everything lies in the arena of the context that prepares it; the texts are
 * hashed here, on the worker, so that applying only looks them up. */
#include "base/calendar.h"
#include "base/log.h"
#include "db/plan_internal.h"
#include <assert.h>
#include <stdlib.h>

const char plan_sql_counter[] = "INSERT INTO {gx_counter} AS c (name, value) VALUES (?1, 1) "
                                "ON CONFLICT (name) DO UPDATE SET value = c.value + 1 "
                                "RETURNING value";

static const char SQL_NUMBER_NEW[] =
    "INSERT INTO {gx_counter} (name, value) VALUES (?1, 0) ON CONFLICT (name) DO NOTHING";
static const char SQL_NUMBER[] =
    "UPDATE {gx_counter} SET value = ?2 WHERE name = ?1 AND value = ?3";

Plan *plan_new(Ctx *cx)
{
    Plan *p = ARENA_NEW(cx->arena, Plan);
    p->arena = cx->arena;
    return p;
}

bool plan_is_empty(const Plan *p)
{
    return p->steps.n == 0 && p->afters.n == 0 && p->locks.n == 0 && p->guards.n == 0;
}

size_t plan_size(const Plan *p) { return p->steps.n; }

void plan_lock(Plan *p, Str table, Id id, int64_t version)
{
    assert(!p->sealed);
    VEC_PUSH(p->arena, &p->locks, ((PlanLock){.table = table, .id = id, .version = version}));
}

bool plan_locks(const Plan *p, Str table, Id id)
{
    for (size_t i = 0; i < p->locks.n; i++) {
        const PlanLock *lock = &p->locks.v[i];
        if (!lock->share && lock->id == id && str_eq(lock->table, table))
            return true;
    }
    return false;
}

void plan_made(Plan *p, Id id) { VEC_PUSH(p->arena, &p->made, id); }

void plan_gone(Plan *p, Id id) { VEC_PUSH(p->arena, &p->gone, id); }

bool plan_is_gone(const Plan *p, Id id)
{
    for (size_t i = 0; i < p->gone.n; i++)
        if (p->gone.v[i] == id)
            return true;
    return false;
}

void **plan_memo(Plan *p, const void *whose)
{
    for (size_t i = 0; i < p->memos.n; i++)
        if (p->memos.v[i]->whose == whose)
            return &p->memos.v[i]->what;
    PlanMemo *memo = ARENA_NEW(p->arena, PlanMemo);
    memo->whose = whose;
    VEC_PUSH(p->arena, &p->memos, memo);
    return &memo->what;
}

void plan_claim(Plan *p, int64_t number)
{
    assert(!p->sealed);
    p->claims[(uint64_t)number % PLAN_CLAIMS] = 1;
    p->claims_any = true;
}

void plan_share(Plan *p, Str table, Id id)
{
    assert(!p->sealed);
    for (size_t i = p->made.n; i > 0; i--)
        if (p->made.v[i - 1] == id)
            return;
    VEC_PUSH(p->arena, &p->locks, ((PlanLock){.table = table, .id = id, .share = true}));
}

static const PlanText *text_of(Plan *p, Str sql)
{
    uintptr_t at = (uintptr_t)sql.p;
    PlanText *t = &p->texts[((at >> 4) ^ (at >> 9)) % PLAN_TEXTS];
    if (t->sql.p != sql.p || t->sql.n != sql.n)
        *t = (PlanText){.sql = sql,
                        .hash = str_hash(sql),
                        .outbox = str_find(sql, STR("{gx_outbox}")) != SIZE_MAX};
    return t;
}

static PlanStep make_step(Plan *p, PlanStepKind kind, Str sql, const DbVal *v, size_t n,
                          int64_t rows)
{
    assert(!p->sealed);
    return (PlanStep){
        .sql = sql,
        .hash = text_of(p, sql)->hash,
        .vals = n ? arena_dup(p->arena, v, n * sizeof(*v)) : NULL,
        .n = n,
        .rows = rows,
        .kind = kind,
    };
}

void plan_guard(Plan *p, Str sql, const DbVal *v, size_t n)
{
    VEC_PUSH(p->arena, &p->guards, make_step(p, PLAN_GUARD, sql, v, n, -1));
}

void plan_exec(Plan *p, Str sql, const DbVal *v, size_t n) { plan_expect(p, sql, v, n, -1); }

void plan_expect(Plan *p, Str sql, const DbVal *v, size_t n, int64_t rows)
{
    p->outbox |= text_of(p, sql)->outbox;
    VEC_PUSH(p->arena, &p->steps, make_step(p, PLAN_EXEC, sql, v, n, rows));
}

void plan_insert(Plan *p, Str sql, const DbVal *v, size_t n)
{
    plan_exec(p, sql, v, n);
    p->steps.v[p->steps.n - 1].insert = true;
}

void plan_merge(Plan *p, int phase, Str table, Id id, Str sql, const DbVal *v, size_t n,
                const uint8_t *merge)
{
    PlanLast last = {.phase = phase,
                     .table = table,
                     .id = id,
                     .step = make_step(p, PLAN_EXEC, sql, v, n, -1),
                     .merge = merge};
    VEC_PUSH(p->arena, &p->lasts, last);
}

void plan_last(Plan *p, int phase, Str table, Id id, Str sql, const DbVal *v, size_t n)
{
    plan_merge(p, phase, table, id, sql, v, n, NULL);
}

void plan_last_insert(Plan *p, int phase, Str table, Id id, Str sql, const DbVal *v, size_t n)
{
    plan_last(p, phase, table, id, sql, v, n);
    p->lasts.v[p->lasts.n - 1].step.insert = true;
}

static int last_order(const void *a, const void *b)
{
    const PlanLast *x = a, *y = b;
    int order = x->phase - y->phase;
    if (!order)
        order = str_cmp(x->table, y->table);
    if (!order)
        order = (x->id > y->id) - (x->id < y->id);
    return order ? order : str_cmp(x->step.sql, y->step.sql);
}

/* False: the sum leaves int64. */
static bool merge_value(PlanMerge how, const DbVal *add, DbVal *into)
{
    if (how == PLAN_SAME || add->null)
        return true;
    if (how == PLAN_ADD && !into->null)
        return !__builtin_add_overflow(into->i, add->i, &into->i);
    if (into->null || (how == PLAN_LEAST ? add->i < into->i : add->i > into->i))
        *into = *add;
    return true;
}

/* Whether b has become part of a, which asks for the same statement. */
static bool merged(Arena *arena, PlanLast *a, const PlanLast *b)
{
    if (last_order(a, b))
        return false;
    if (!a->merge)
        return true;
    DbVal *v = arena_dup(arena, a->step.vals, a->step.n * sizeof(*v));
    for (size_t i = 0; i < a->step.n; i++)
        if (!merge_value((PlanMerge)a->merge[i], &b->step.vals[i], &v[i]))
            return false;
    a->step.vals = v;
    return true;
}

static void seal_lasts(Plan *p)
{
    size_t kept = 0;
    PlanLast *v = p->lasts.v;
    if (p->lasts.n > 1)
        qsort(v, p->lasts.n, sizeof(*v), last_order);
    for (size_t i = 0; i < p->lasts.n; i++)
        if (!kept || !merged(p->arena, &v[kept - 1], &v[i]))
            v[kept++] = v[i];
    for (size_t i = 0; i < kept; i++)
        VEC_PUSH(p->arena, &p->steps, v[i].step);
}

void plan_ddl(Plan *p, Str sql)
{
    p->ddl = true;
    VEC_PUSH(p->arena, &p->steps, make_step(p, PLAN_DDL, sql, NULL, 0, -1));
}

static DbVal slot_named(Plan *p, Str counter)
{
    size_t i = 0;
    if (counter.n == 0) { /* one change id a plan; every call of a counter takes a number */
        while (i < p->slots.n && p->slots.v[i].counter.n)
            i++;
    } else {
        i = p->slots.n;
    }
    if (i == p->slots.n)
        VEC_PUSH(p->arena, &p->slots, ((PlanSlot){.counter = counter}));
    assert(i < INT16_MAX); /* DbVal.slot */
    return (DbVal){.type = DB_INT, .slot = (int16_t)i};
}

bool plan_has_change(const Plan *p)
{
    for (size_t i = 0; i < p->slots.n; i++)
        if (p->slots.v[i].counter.n == 0)
            return true;
    return false;
}

DbVal plan_seq(Plan *p)
{
    (void)p;
    return (DbVal){.type = DB_INT, .slot = DB_SLOT_SEQ};
}

DbVal plan_now(Plan *p)
{
    (void)p;
    return (DbVal){.type = DB_INT, .slot = DB_SLOT_NOW};
}

DbVal plan_change(Plan *p) { return slot_named(p, STR_NULL); }

DbVal plan_counter(Plan *p, Str name)
{
    assert(name.n);
    return slot_named(p, name);
}

void plan_meets(Plan *p) { p->meets = true; }

bool plan_meets_others(const Plan *p) { return p->numbers.n > 0 || p->claims_any || p->meets; }

static PlanNumber *number_of(Plan *p, Str name, int64_t stored)
{
    for (size_t i = 0; i < p->numbers.n; i++)
        if (str_eq(p->numbers.v[i].counter, name))
            return &p->numbers.v[i];
    DbVal key = db_text(name);
    if (stored == 0)
        plan_exec(p, STR_SQL(SQL_NUMBER_NEW), &key, 1);
    VEC_PUSH(p->arena, &p->numbers, ((PlanNumber){name, stored}));
    return &p->numbers.v[p->numbers.n - 1];
}

int64_t plan_number(Plan *p, Str name, int64_t stored)
{
    PlanNumber *number = number_of(p, name, stored);
    const DbVal v[] = {db_text(name), db_int(number->last + 1), db_int(number->last)};
    plan_expect(p, STR_SQL(SQL_NUMBER), v, COUNT_OF(v), 1);
    return ++number->last;
}

void plan_after(Plan *p, void (*fn)(void *), void *arg)
{
    VEC_PUSH(p->arena, &p->afters, ((PlanAfter){fn, arg}));
}

bool plan_table_versioned(Str table) { return !str_starts(table, STR("gx_")); }

static int lock_order(const void *a, const void *b)
{
    const PlanLock *x = a, *y = b;
    int order = str_cmp(x->table, y->table);
    if (order)
        return order;
    if (x->share != y->share)
        return x->share ? 1 : -1;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->version < y->version) - (x->version > y->version); /* version 0 behind */
}

/* Whether the second lock says nothing that the first does not. */
static bool lock_covers(const PlanLock *first, const PlanLock *second)
{
    return first->id == second->id && first->share == second->share &&
           str_eq(first->table, second->table) &&
           (second->version == 0 || first->version == second->version);
}

static Str lock_sql(Plan *p, Str table)
{
    const char *columns = plan_table_versioned(table) ? "version, changed" : "0, 0";
    return str_format(p->arena, "SELECT id, %s FROM {" STR_FMT "} WHERE id = ?1", columns,
                      STR_ARG(table));
}

void plan_seal(Plan *p)
{
    if (p->sealed)
        return;
    p->sealed = true;
    seal_lasts(p);
    if (p->locks.n == 0)
        return;
    qsort(p->locks.v, p->locks.n, sizeof(p->locks.v[0]), lock_order);
    size_t kept = 1;
    for (size_t i = 1; i < p->locks.n; i++) {
        if (!lock_covers(&p->locks.v[kept - 1], &p->locks.v[i]))
            p->locks.v[kept++] = p->locks.v[i];
    }
    p->locks.n = kept;
    for (size_t i = 0; i < kept; i++) {
        PlanLock *lock = &p->locks.v[i];
        bool same = i && str_eq(lock[-1].table, lock->table);
        lock->sql = same ? lock[-1].sql : lock_sql(p, lock->table);
    }
}

DbVal plan_value(const Plan *p, DbVal v)
{
    if (v.slot == DB_SLOT_SEQ) /* the writer of SQLite has put its number in before */
        return db_null(DB_INT);
    if (v.slot == DB_SLOT_NOW)
        return db_int(clock_ms());
    return v.slot < 0 ? v : db_int(p->slots.v[v.slot].value);
}

void plan_reset_result(Plan *p)
{
    p->st = ST_OK;
    p->wrote = false;
    p->result = (PlanResult){0};
}

Status plan_error(Ctx *cx, Status st, const PlanResult *r)
{
    switch (st) {
    case ST_OK: return ST_OK;
    case ST_RETRY:
        return FAIL(cx, st, "db.changed", "the data changed meanwhile, please try again");
    case ST_CONFLICT:
        st = FAIL(cx, st, "db.duplicate", "there is already a record with these values");
        cx->err.constraint = str_copy(cx->arena, str_of(r->constraint));
        return st;
    case ST_FULL: return FAIL(cx, st, "db.full", "the disk is nearly full: nothing is written");
    case ST_BUSY:
        log_warn(cx, "db.busy", LOG_TEXT("detail", str_of(r->detail)));
        return FAIL(cx, st, "db.busy", "the database is busy, please try again");
    case ST_UNKNOWN:
        return FAIL(cx, st, "db.unknown", "the link to the database was lost while saving");
    default: return FAIL(cx, st, "db.failed", "the database refused: %s", r->detail);
    }
}

/* The tables inside FTS5 are read by its own statements, each by its key. Statistics from when a slot was
 * empty turn the removal of a piece into a scan of the whole index, so they are made large; taken away,
 * the number of rows would stay in the memory of a connection that had read them. */
const char plan_sql_statistics[] =
    "UPDATE sqlite_stat1 SET stat = CASE WHEN idx IS NULL THEN '1000000' ELSE '1000000 1000 1' END "
    "WHERE tbl GLOB 'gx_search_[ab]_[di]*' AND stat NOT LIKE '1000000%'";

Status db_analyze(Ctx *cx, DbPool *p)
{
    PlanResult result;
    Plan *plan = plan_new(cx);
    plan_ddl(plan, STR("ANALYZE"));
    if (db_kind_of(cx->db) == DB_SQLITE) {
        plan_exec(plan, str_of(plan_sql_statistics), NULL, 0);
        plan_ddl(plan, STR("ANALYZE sqlite_schema"));
    }
    return db_apply(p, cx, plan, &result);
}
