/* SPDX-License-Identifier: Apache-2.0 */
/* Applying a plan on PostgreSQL, in the caller's own transaction (READ COMMITTED), three round
 * trips: 1. begin, locks sorted by table and id, guards, counters; 2. all statements; 3. commit.
 *
 * Serialisation failures, deadlocks, lock timeouts and a lost link start over with the same plan:
 * the guards look again. A link lost after COMMIT was sent is ST_UNKNOWN: only the idempotency row
 * can tell. */
#include "db/db_postgres_rows.h"
#include "db/plan_internal.h"
#include <endian.h>
#include <stdio.h>
#include <time.h>

enum { ATTEMPTS = 6, CLOCK_WAIT_US = 2000000 };

static const char SQL_LOCAL[] =
    "SELECT set_config('plan_cache_mode', 'auto', true), "
    "set_config('statement_timeout', ?1, true), set_config('lock_timeout', ?2, true)";

static const char SQL_CLAIM[] =
    "SELECT pg_advisory_xact_lock(hashtext(?1), CAST(?2 AS integer)) IS NULL";

struct Run;

/* What was sent and not yet answered. */
typedef struct Sent {
    PgText *text; /* NULL: no prepared statement (BEGIN, DDL) */
    PgVariant *variant;
    bool is_prepare;
    void (*take)(struct Run *, const PGresult *, void *); /* looks at the result; may be NULL */
    void *arg;
} Sent;

typedef struct Run {
    Db *db;
    Plan *p;
    Arena *arena; /* of this attempt */
    VEC(Sent) sent;
    PgTrouble trouble;
    Id changed; /* greatest `changed` of the locked rows */
} Run;

/* One lock query: the rows of one table. */
typedef struct LockGroup {
    const PlanLock *locks;
    size_t n;
} LockGroup;

/* ---- sending ----------------------------------------------------------------------------- */
static void link_lost(Run *r) { r->trouble = PG_LINK; }

static void send_text(Run *r, const char *sql)
{
    if (!PQsendQueryParams(r->db->pg, sql, 0, NULL, NULL, NULL, NULL, 1))
        link_lost(r);
    else
        VEC_PUSH(r->arena, &r->sent, ((Sent){0}));
}

static void send_prepare(Run *r, PgText *text, PgVariant *v)
{
    char name[24];
    Oid *types = ARENA_ARRAY(r->arena, Oid, text->n_params + 1);
    db_postgres_types(v, text->n_params, types);
    db_postgres_name(v, name);
    if (!PQsendPrepare(r->db->pg, name, text->sql, text->n_params, types)) {
        link_lost(r);
        return;
    }
    VEC_PUSH(r->arena, &r->sent, ((Sent){.text = text, .variant = v, .is_prepare = true}));
}

/* In the pipeline a statement is prepared once, although the answer comes later. */
static bool is_prepared(const Run *r, const PgVariant *v)
{
    if (v->ready)
        return true;
    for (size_t i = 0; i < r->sent.n; i++) {
        if (r->sent.v[i].variant == v)
            return true;
    }
    return false;
}

static void bad_plan(Run *r, const char *why)
{
    snprintf(r->p->result.detail, sizeof(r->p->result.detail), "%s", why);
    r->p->st = ST_INTERNAL;
}

static void send_statement(Run *r, Str sql, uint64_t hash, const DbVal *vals, size_t n,
                           void (*take)(Run *, const PGresult *, void *), void *arg)
{
    char name[24];
    PgText *text = db_postgres_text(r->db, sql, hash);
    if (!text || (size_t)text->n_params != n) {
        bad_plan(r, text ? "wrong number of values" : "SQL text with a bad marker");
        return;
    }
    DbVal *filled = ARENA_ARRAY(r->arena, DbVal, n + 1);
    for (size_t i = 0; i < n; i++)
        filled[i] = plan_value(r->p, vals[i]);
    PgVariant *v = db_postgres_variant(r->db, text, filled);
    text->cached.busy = true; /* not dropped before its answer is here */
    if (!is_prepared(r, v))
        send_prepare(r, text, v);
    PgParams p = db_postgres_params(r->arena, filled, (int)n);
    db_postgres_name(v, name);
    if (!PQsendQueryPrepared(r->db->pg, name, p.n, p.values, p.lengths, p.formats, 1))
        link_lost(r);
    else
        VEC_PUSH(r->arena, &r->sent,
                 ((Sent){.text = text, .variant = v, .take = take, .arg = arg}));
}

/* ---- answers ----------------------------------------------------------------------------- */
static void changed_meanwhile(Run *r, Str what)
{
    if (r->p->st != ST_OK)
        return;
    snprintf(r->p->result.detail, sizeof(r->p->result.detail), "no longer as read: " STR_FMT,
             (int)(what.n > 150 ? 150 : what.n), what.p);
    r->p->st = ST_RETRY;
}

static void note_failure(Run *r, const PGresult *result)
{
    if (r->p->st != ST_OK || r->trouble != PG_FINE)
        return;
    r->trouble = db_postgres_trouble(r->db->pg, result);
    r->p->st = db_postgres_status(r->db->pg, result, &r->p->result);
}

static void take_answer(Run *r, Sent *s)
{
    PGresult *result = PQgetResult(r->db->pg), *more;
    ExecStatusType status = PQresultStatus(result);
    bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (s->is_prepare)
        s->variant->ready = ok;
    else if (ok && s->take && r->p->st == ST_OK)
        s->take(r, result, s->arg);
    if (!ok && status != PGRES_PIPELINE_ABORTED)
        note_failure(r, result);
    PQclear(result);
    while ((more = PQgetResult(r->db->pg)))
        PQclear(more);
}

static void release_texts(Run *r)
{
    for (size_t i = 0; i < r->sent.n; i++) {
        if (r->sent.v[i].text)
            r->sent.v[i].text->cached.busy = false;
    }
    r->sent.n = 0;
}

/* Sends the end of the pipeline and reads every answer. */
static Status finish_pipeline(Run *r)
{
    if (r->trouble == PG_FINE && !PQpipelineSync(r->db->pg))
        link_lost(r);
    for (size_t i = 0; i < r->sent.n && r->trouble != PG_LINK; i++)
        take_answer(r, &r->sent.v[i]);
    if (r->trouble != PG_LINK) {
        PGresult *sync = PQgetResult(r->db->pg);
        if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC)
            link_lost(r);
        PQclear(sync);
    }
    release_texts(r);
    if (PQstatus(r->db->pg) != CONNECTION_OK)
        link_lost(r);
    if (r->trouble == PG_LINK && r->p->st == ST_OK)
        r->p->st = ST_BUSY;
    return r->p->st;
}

/* ---- first round trip -------------------------------------------------------------------- */
static int64_t int_at(const PGresult *result, int row, int col)
{
    Stmt q = {.result = (PGresult *)result, .row = row};
    return db_postgres_col_int(&q, col);
}

/* Rows and locks are both in the order of ids; one row may have several locks. */
static void take_locks(Run *r, const PGresult *result, void *arg)
{
    const LockGroup *g = arg;
    int row = 0, rows = PQntuples(result);
    for (size_t i = 0; i < g->n; i++) {
        const PlanLock *lock = &g->locks[i];
        while (row < rows && int_at(result, row, 0) < lock->id)
            row++;
        bool there = row < rows && int_at(result, row, 0) == lock->id;
        if (!there || (lock->version && int_at(result, row, 1) != lock->version)) {
            changed_meanwhile(r, lock->table);
            return;
        }
        Id changed = int_at(result, row, 2);
        if (!lock->share && changed > r->changed)
            r->changed = changed;
    }
}

/* int8[] as the server reads it: dimensions, nulls, type, length, lower bound, then the items. */
static Str ids_array(Arena *a, const PlanLock *locks, size_t n)
{
    Buf b = buf_in(a, 64 + n * 12);
    uint32_t head[] = {htobe32(1), 0, htobe32(20), htobe32((uint32_t)n), htobe32(1)};
    uint32_t length = htobe32(8);
    buf_add(&b, head, sizeof(head));
    for (size_t i = 0; i < n; i++) {
        uint64_t id = htobe64((uint64_t)locks[i].id);
        buf_add(&b, &length, sizeof(length));
        buf_add(&b, &id, sizeof(id));
    }
    return buf_str(&b);
}

static void send_locks(Run *r)
{
    const Plan *p = r->p;
    for (size_t i = 0, n; i < p->locks.n; i += n) {
        const PlanLock *first = &p->locks.v[i];
        for (n = 1; i + n < p->locks.n && str_eq(first[n].table, first->table) &&
                    first[n].share == first->share;)
            n++;
        Str sql = str_format(
            r->arena, "SELECT id, %s FROM {" STR_FMT "} WHERE id = ANY(?1) ORDER BY id FOR %s",
            plan_table_versioned(first->table) ? "version, changed" : "0 AS a, 0 AS b",
            STR_ARG(first->table), first->share ? "KEY SHARE" : "NO KEY UPDATE");
        LockGroup *g = ARENA_NEW(r->arena, LockGroup);
        *g = (LockGroup){first, n};
        DbVal ids = db_blob(ids_array(r->arena, first, n));
        ids.type = PG_IDS;
        send_statement(r, sql, str_hash(sql), &ids, 1, take_locks, g);
    }
}

/* In the order of the numbers, before any row: two plans cannot wait for each other. */
static void send_claims(Run *r)
{
    Str sql = str_of(SQL_CLAIM);
    for (int64_t i = 0; r->p->claims_any && i < PLAN_CLAIMS; i++) {
        const DbVal v[] = {db_text(r->db->pool->schema), db_int(i)};
        if (r->p->claims[i])
            send_statement(r, sql, str_hash(sql), v, COUNT_OF(v), NULL, NULL);
    }
}

static void take_guard(Run *r, const PGresult *result, void *arg)
{
    if (PQntuples(result) == 0)
        changed_meanwhile(r, ((const PlanStep *)arg)->sql);
}

static void take_counter(Run *r, const PGresult *result, void *arg)
{
    (void)r;
    ((PlanSlot *)arg)->value = int_at(result, 0, 0);
}

/* In the order of their names, so that two plans cannot wait for each other. */
static void send_counters(Run *r)
{
    Str sql = str_of(plan_sql_counter), last = STR_NULL;
    for (;;) {
        PlanSlot *next = NULL;
        for (size_t i = 0; i < r->p->slots.n; i++) {
            PlanSlot *s = &r->p->slots.v[i];
            if (s->counter.n && (!last.p || str_cmp(s->counter, last) > 0) &&
                (!next || str_cmp(s->counter, next->counter) < 0))
                next = s;
        }
        if (!next)
            return;
        last = next->counter;
        for (size_t i = 0; i < r->p->slots.n; i++) {
            PlanSlot *s = &r->p->slots.v[i];
            DbVal name = db_text(s->counter);
            if (str_eq(s->counter, last))
                send_statement(r, sql, str_hash(sql), &name, 1, take_counter, s);
        }
    }
}

static Status begin_and_check(Run *r)
{
    Plan *p = r->p;
    Str local = str_of(SQL_LOCAL);
    DbVal limits[] = {db_text(p->ddl ? STR("0") : STR("30000")),
                      db_text(p->ddl ? STR("2000") : STR("5000"))};
    send_text(r, "BEGIN");
    send_statement(r, local, str_hash(local), limits, 2, NULL, NULL);
    send_claims(r);
    send_locks(r);
    for (size_t i = 0; i < p->guards.n; i++) {
        PlanStep *s = &p->guards.v[i];
        send_statement(r, s->sql, s->hash, s->vals, s->n, take_guard, s);
    }
    send_counters(r);
    return finish_pipeline(r);
}

/* ---- second and third -------------------------------------------------------------------- */
static Status take_change_id(Run *r)
{
    for (size_t i = 0; i < r->p->slots.n; i++) {
        PlanSlot *s = &r->p->slots.v[i];
        if (s->counter.n)
            continue;
        int64_t until = db_now_us() + CLOCK_WAIT_US;
        do /* another node's clock may be ahead of ours */
            s->value = idgen_next(r->db->pool->ids);
        while (s->value <= r->changed && db_now_us() < until);
        if (s->value <= r->changed)
            return r->p->st = ST_BUSY;
        r->p->result.change = s->value;
    }
    return ST_OK;
}

static void take_rows(Run *r, const PGresult *result, void *arg)
{
    const PlanStep *s = arg;
    int64_t rows = 0;
    if (s->rows < 0)
        return;
    (void)!str_int(str_of(PQcmdTuples((PGresult *)result)), &rows);
    if (rows != s->rows)
        changed_meanwhile(r, s->sql);
}

static void send_ddl(Run *r, const PlanStep *s)
{
    Buf text = buf_in(r->arena, DB_SQL_MAX);
    int params;
    if (db_sql_expand(&text, DB_POSTGRES, r->db->pool->schema, s->sql, &params))
        send_text(r, buf_z(&text));
    else
        bad_plan(r, "SQL text with a bad marker");
}

static void send_step(Run *r, const PlanStep *s)
{
    if (db_fault_hit(r->db->pool, DB_FAULT_STATEMENT))
        bad_plan(r, "injected failure");
    else if (s->kind == PLAN_DDL)
        send_ddl(r, s);
    else
        send_statement(r, s->sql, s->hash, s->vals, s->n, take_rows, (void *)s);
}

/* ---- rows that go together */
typedef struct Group {
    const PlanStep *first;
    VEC(const PlanStep *) steps;
} Group;
typedef VEC(Group) Groups;

static void put_into_group(Run *r, Groups *groups, const PlanStep *s)
{
    size_t i = 0;
    while (i < groups->n &&
           (groups->v[i].first->hash != s->hash || !str_eq(groups->v[i].first->sql, s->sql)))
        i++;
    if (i == groups->n)
        VEC_PUSH(r->arena, groups, ((Group){.first = s}));
    VEC_PUSH(r->arena, &groups->v[i].steps, s);
}

static const DbVal *filled_values(Run *r, const PlanStep *s)
{
    DbVal *v = ARENA_ARRAY(r->arena, DbVal, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        v[i] = plan_value(r->p, s->vals[i]);
    return v;
}

static bool sent_together(Run *r, const Group *g)
{
    PgRows rows = {.sql = g->first->sql, .width = g->first->n, .n = g->steps.n};
    Str sql;
    DbVal *vals;
    rows.vals = ARENA_ARRAY(r->arena, const DbVal *, g->steps.n);
    for (size_t i = 0; i < g->steps.n; i++)
        rows.vals[i] = filled_values(r, g->steps.v[i]);
    if (!db_postgres_rows(r->arena, &rows, &sql, &vals))
        return false;
    if (db_fault_hit(r->db->pool, DB_FAULT_STATEMENT))
        bad_plan(r, "injected failure");
    else
        send_statement(r, sql, str_hash(sql), vals, rows.width, NULL, NULL);
    return true;
}

/* From steps[i], as many as are inserts; gives the first that is none. */
static size_t send_inserts(Run *r, size_t i)
{
    Groups groups = {0};
    for (; i < r->p->steps.n && r->p->steps.v[i].insert; i++)
        put_into_group(r, &groups, &r->p->steps.v[i]);
    for (size_t k = 0; k < groups.n; k++) {
        const Group *g = &groups.v[k];
        bool sent = sent_together(r, g);
        for (size_t j = 0; j < g->steps.n && !sent && r->p->st == ST_OK; j++)
            send_step(r, g->steps.v[j]);
    }
    return i;
}

static Status run_steps(Run *r)
{
    TRY(take_change_id(r));
    for (size_t i = 0; i < r->p->steps.n && r->p->st == ST_OK;) {
        if (r->p->steps.v[i].insert)
            i = send_inserts(r, i);
        else
            send_step(r, &r->p->steps.v[i++]);
    }
    return finish_pipeline(r);
}

static Status commit(Run *r)
{
    DbPool *pool = r->db->pool;
    if (db_fault_hit(pool, DB_FAULT_COMMIT))
        return r->p->st = ST_BUSY;
    PGresult *result = PQexec(r->db->pg, "COMMIT");
    r->trouble = db_postgres_trouble(r->db->pg, result);
    if (db_fault_hit(pool, DB_FAULT_LINK))
        r->trouble = PG_LINK;
    if (r->trouble == PG_LINK) {
        atomic_fetch_add(&pool->unknown, 1);
        r->p->st = ST_UNKNOWN;
    } else if (r->trouble != PG_FINE)
        r->p->st = db_postgres_status(r->db->pg, result, &r->p->result);
    else if (strcmp(PQcmdStatus(result), "COMMIT") != 0) /* the server had given it up */
        bad_plan(r, "the server rolled back");
    PQclear(result);
    return r->p->st;
}

static void roll_back(Run *r)
{
    if (PQstatus(r->db->pg) != CONNECTION_OK)
        return;
    if (PQtransactionStatus(r->db->pg) != PQTRANS_IDLE)
        PQclear(PQexec(r->db->pg, "ROLLBACK"));
}

static bool pipeline(Run *r, Status (*phase)(Run *))
{
    if (r->trouble != PG_FINE || r->p->st != ST_OK)
        return false;
    if (!PQenterPipelineMode(r->db->pg)) {
        link_lost(r);
        return false;
    }
    Status st = phase(r);
    if (PQpipelineStatus(r->db->pg) != PQ_PIPELINE_OFF && !PQexitPipelineMode(r->db->pg))
        link_lost(r); /* answers we do not know of: the connection is not to be used again */
    return st == ST_OK && r->trouble == PG_FINE;
}

/* ---- attempts ---------------------------------------------------------------------------- */
static PgTrouble try_once(Db *db, Plan *p)
{
    CLEANUP(arena) Arena *arena = arena_new(8192);
    Run r = {.db = db, .p = p, .arena = arena};
    plan_reset_result(p);
    r.trouble = db_postgres_settle(db);
    if (pipeline(&r, begin_and_check) && pipeline(&r, run_steps))
        (void)commit(&r);
    if (p->st != ST_OK || r.trouble != PG_FINE)
        roll_back(&r);
    if (r.trouble != PG_FINE && p->st == ST_OK)
        p->st = ST_BUSY;
    return p->st == ST_UNKNOWN ? PG_OTHER : r.trouble;
}

static void back_off(int tries)
{
    long ms = 5L << (tries < 8 ? tries : 8);
    struct timespec t = {0, (ms / 2 + (long)(db_now_us() % (ms / 2 + 1))) * 1000000L};
    nanosleep(&t, NULL);
}

static void apply_with(DbPool *pool, Ctx *cx, Db *db, Plan *p)
{
    Ctx quiet = *cx; /* the caller learns of the failure by its status */
    if (!db->pg && db_postgres_connect(&quiet, db) != ST_OK) {
        p->st = ST_BUSY;
        return;
    }
    for (int tries = 0; tries < ATTEMPTS; tries++) {
        PgTrouble trouble = try_once(db, p);
        bool again = trouble == PG_LINK || trouble == PG_AGAIN || trouble == PG_STALE_PLAN;
        if (PQstatus(db->pg) != CONNECTION_OK || trouble == PG_LINK) {
            if (db_postgres_connect(&quiet, db) != ST_OK)
                return;
        }
        if (!again)
            return;
        atomic_fetch_add(&pool->retries, 1);
        if (trouble == PG_STALE_PLAN)
            db_postgres_forget(db, true);
        else
            back_off(tries);
    }
}

void db_postgres_apply(DbPool *pool, Ctx *cx, Plan *p)
{
    Db *db = cx->db ? cx->db : db_lease(pool);
    if (db->snapshot_us)
        bad_plan(&(Run){.p = p}, "a plan inside a read transaction");
    else
        apply_with(pool, cx, db, p);
    if (!cx->db)
        db_release(db);
    atomic_fetch_add(&pool->plans, 1);
    if (p->st == ST_OK) {
        atomic_fetch_add(&pool->commits, 1);
        for (size_t i = 0; i < p->afters.n; i++)
            p->afters.v[i].fn(p->afters.v[i].arg);
        db_committed(pool, p->outbox);
    }
    p->done(p->arg, p->st, &p->result);
}
