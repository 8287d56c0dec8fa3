/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL: connection and reading. Results come in binary; statements are prepared once per
 * text and types of parameters, and kept by the connection. Outside a transaction a read whose
 * link was lost, or whose plan went stale by DDL, simply runs again. */
#include "db/db_postgres.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BACKOFF_MIN_MS = 50, BACKOFF_MAX_MS = 2000 };

/* ---- connection -------------------------------------------------------------------------- */
/* plan_cache_mode auto: planning a read of 80 columns anew each time cost 1.6 ms, eight times the read;
 * the server goes on planning for the values where its generic plan would be dearer. */
static const char SQL_SETTINGS[] =
    "SET search_path = ''; SET jit = off; SET plan_cache_mode = auto;"
    "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s';"
    "SET client_min_messages = error; SET timezone = 'UTC'; SET random_page_cost = 1.1;"
    "SET statement_timeout = 2000";

static void ignore_notice(void *arg, const PGresult *r) { (void)arg, (void)r; }

static void drop_text(void *owner, DbCached *entry)
{
    Db *db = owner;
    PgText *text = (PgText *)entry;
    for (PgVariant *v = text->variants, *next; v; v = next) {
        next = v->next;
        if (v->ready && db->n_dead < DB_DEAD_MAX)
            db->dead[db->n_dead++] = v->serial;
        else if (v->ready)
            db->forget = true;
        free(v);
    }
    free(text->sql);
    free(text);
}

static bool run_quietly(PGconn *c, const char *sql)
{
    PGresult *r = PQexec(c, sql);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
    PQclear(r);
    return ok;
}

/* Our defaults come first, so that the URL may say otherwise. */
static PGconn *dial(const char *url)
{
    const char *keys[] = {"connect_timeout",
                          "tcp_user_timeout",
                          "client_encoding",
                          "application_name",
                          "target_session_attrs",
                          "dbname",
                          NULL};
    const char *values[] = {"3", "5000", "UTF8", "guanxi", "read-write", url, NULL};
    return PQconnectdbParams(keys, values, 1);
}

static bool connect_once(Db *db)
{
    db_postgres_close(db);
    db_cache_init(&db->cache, DB_CACHE_MAX, drop_text, db);
    db->pg = dial(db->pool->url);
    if (PQstatus(db->pg) != CONNECTION_OK)
        return false;
    PQsetNoticeReceiver(db->pg, ignore_notice, NULL);
    db->limit_set_ms = DB_INTERACTIVE_MS;
    return run_quietly(db->pg, SQL_SETTINGS);
}

static void pause_ms(int ms)
{
    struct timespec t = {ms / 1000, (ms % 1000) * 1000000L};
    nanosleep(&t, NULL);
}

Status db_postgres_connect(Ctx *cx, Db *db)
{
    int64_t until = db_now_us() + (int64_t)db->patience_ms * 1000;
    int wait = BACKOFF_MIN_MS;
    while (!connect_once(db)) {
        if (db_now_us() + (int64_t)wait * 1000 > until) {
            Str why = str_trim(str_of(db->pg ? PQerrorMessage(db->pg) : "out of memory"));
            Status st = FAIL(cx, ST_BUSY, "db.no_server",
                             "the database cannot be reached: " STR_FMT, STR_ARG(why));
            db_postgres_close(db);
            return st;
        }
        pause_ms(wait / 2 + (int)(db_now_us() % (wait / 2 + 1))); /* jitter */
        wait = wait * 2 < BACKOFF_MAX_MS ? wait * 2 : BACKOFF_MAX_MS;
    }
    return ST_OK;
}

void db_postgres_close(Db *db)
{
    if (!db->pg)
        return;
    db_cache_clear(&db->cache);
    db->n_dead = 0;
    db->forget = false;
    PQfinish(db->pg);
    db->pg = NULL;
}

void db_postgres_forget(Db *db, bool on_server)
{
    db_cache_clear(&db->cache);
    db->n_dead = 0;
    db->forget = false;
    if (on_server)
        run_quietly(db->pg, "DEALLOCATE ALL");
}

PgTrouble db_postgres_settle(Db *db)
{
    char text[DB_DEAD_MAX * 32] = "";
    size_t n = 0;
    if (db->forget)
        db_postgres_forget(db, true);
    for (int i = 0; i < db->n_dead; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "DEALLOCATE s%llu;",
                              (unsigned long long)db->dead[i]);
    db->n_dead = 0;
    if (db->limit_set_ms != db->limit_ms) {
        snprintf(text + n, sizeof(text) - n, "SET statement_timeout = %d", db->limit_ms);
        db->limit_set_ms = db->limit_ms;
    }
    if (!text[0] || run_quietly(db->pg, text))
        return PG_FINE;
    return PQstatus(db->pg) == CONNECTION_OK ? PG_FINE : PG_LINK;
}

/* ---- failures ---------------------------------------------------------------------------- */
static bool in_list(const char *state, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!strncmp(state, list[i], strlen(list[i])))
            return true;
    }
    return false;
}

PgTrouble db_postgres_trouble(const PGconn *c, const PGresult *r)
{
    static const char *const LINK[] = {"08", "57P01", "57P02", "57P03", "25006"};
    static const char *const AGAIN[] = {"40001", "40P01", "55P03", "53300"};
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    ExecStatusType status = PQresultStatus(r);
    if (r && (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
              status == PGRES_SINGLE_TUPLE || status == PGRES_PIPELINE_SYNC))
        return PG_FINE;
    if (PQstatus(c) != CONNECTION_OK || (state && in_list(state, LINK, COUNT_OF(LINK))))
        return PG_LINK;
    if (!state)
        return PG_OTHER;
    if (in_list(state, AGAIN, COUNT_OF(AGAIN)))
        return PG_AGAIN;
    if (!strcmp(state, "0A000") && strstr(PQresultErrorMessage(r), "cached plan"))
        return PG_STALE_PLAN;
    return !strcmp(state, "57014") ? PG_TIMEOUT : PG_OTHER;
}

/* A primary key or an inline UNIQUE is told as its table, as on SQLite. */
static void name_constraint(const PGresult *r, PlanResult *ret)
{
    const char *name = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
    const char *table = PQresultErrorField(r, PG_DIAG_TABLE_NAME);
    Str s = str_of(name ? name : "");
    bool implied = table && str_starts(s, str_of(table)) &&
                   (str_ends(s, STR("_pkey")) || str_ends(s, STR("_key")));
    snprintf(ret->constraint, sizeof(ret->constraint), "%s", implied ? table : s.p);
}

Status db_postgres_status(const PGconn *c, const PGresult *r, PlanResult *ret)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *why = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    snprintf(ret->detail, sizeof(ret->detail), "%s", why ? why : PQerrorMessage(c));
    switch (db_postgres_trouble(c, r)) {
    case PG_FINE: return ST_OK;
    case PG_LINK:
    case PG_TIMEOUT:
    case PG_AGAIN:
    case PG_STALE_PLAN: return ST_BUSY;
    case PG_OTHER: break;
    }
    if (!state)
        return ST_INTERNAL;
    if (!strcmp(state, "23505") || !strcmp(state, "23503")) {
        name_constraint(r, ret);
        return ST_CONFLICT;
    }
    return !strcmp(state, "53100") ? ST_FULL : !strncmp(state, "53", 2) ? ST_BUSY : ST_INTERNAL;
}

static Status fail_reading(Ctx *cx, Db *db, const PGresult *r)
{
    PlanResult found = {0};
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    Status st = db_postgres_status(db->pg, r, &found);
    switch (db_postgres_trouble(db->pg, r)) {
    case PG_TIMEOUT: return FAIL(cx, ST_BUSY, "db.timeout", "the query took longer than it may");
    case PG_LINK:
        return FAIL(cx, ST_BUSY, "db.no_server", "the database cannot be reached: " STR_FMT,
                    STR_ARG(str_of(found.detail)));
    case PG_FINE:
    case PG_AGAIN:
    case PG_STALE_PLAN:
    case PG_OTHER: break;
    }
    if (state && !strcmp(state, "22003"))
        return FAIL(cx, ST_INVALID, "db.out_of_range", "a number is out of range");
    if (st == ST_BUSY)
        return FAIL(cx, st, "db.busy", "the database is busy, please try again");
    return FAIL(cx, st, "db.failed", "the database refused: %s", found.detail);
}

Status db_postgres_run(Ctx *cx, Db *db, const char *sql)
{
    Buf text = buf_in(cx->arena, DB_SQL_MAX);
    int params;
    if (!db_sql_expand(&text, DB_POSTGRES, db->pool->schema, str_of(sql), &params))
        return FAIL(cx, ST_INTERNAL, "db.bad_sql", "SQL text with a bad marker");
    if (db_postgres_settle(db) == PG_LINK)
        TRY(db_postgres_connect(cx, db));
    PGresult *r = PQexec(db->pg, buf_z(&text));
    Status st = db_postgres_trouble(db->pg, r) == PG_FINE ? ST_OK : fail_reading(cx, db, r);
    PQclear(r);
    return st;
}

/* ---- prepared statements ----------------------------------------------------------------- */
PgText *db_postgres_text(Db *db, Str sql, uint64_t hash)
{
    PgText *text = (PgText *)db_cache_get_hashed(&db->cache, sql, hash);
    if (text)
        return text;
    CLEANUP(arena) Arena *scratch = arena_new(4096);
    Buf out = buf_in(scratch, DB_SQL_MAX);
    int params;
    if (!db_sql_expand(&out, DB_POSTGRES, db->pool->schema, sql, &params))
        return NULL;
    text = db_cache_entry(sizeof(PgText), sql, hash);
    text->n_params = params;
    text->sql = strdup(buf_z(&out));
    if (!text->sql)
        abort();
    db_cache_put(&db->cache, &text->cached);
    return text;
}

static bool same_types(const PgVariant *v, const DbVal *vals, int n)
{
    for (int i = 0; i < n; i++) {
        if (v->types[i] != vals[i].type)
            return false;
    }
    return true;
}

PgVariant *db_postgres_variant(Db *db, PgText *text, const DbVal *vals)
{
    for (PgVariant *v = text->variants; v; v = v->next) {
        if (same_types(v, vals, text->n_params))
            return v;
    }
    PgVariant *v = calloc(1, sizeof(*v) + (size_t)text->n_params);
    if (!v)
        abort();
    v->serial = ++db->serial;
    for (int i = 0; i < text->n_params; i++)
        v->types[i] = vals[i].type;
    v->next = text->variants;
    text->variants = v;
    return v;
}

void db_postgres_name(const PgVariant *v, char ret[24])
{
    snprintf(ret, 24, "s%llu", (unsigned long long)v->serial);
}

/* ---- reading ----------------------------------------------------------------------------- */
Status db_postgres_prepare(Ctx *cx, Db *db, Str sql, Stmt **ret)
{
    Stmt *q = ARENA_NEW(cx->arena, Stmt);
    q->db = db;
    q->cx = cx;
    q->sql = sql;
    *ret = q;
    return ST_OK;
}

static void drain(PGconn *c)
{
    PGresult *r;
    while ((r = PQgetResult(c)))
        PQclear(r);
}

static void end_stream(Stmt *q)
{
    if (!q->sent)
        return;
    q->sent = false;
    if (!q->done) { /* the rest is not wanted */
        char why[256];
        PGcancel *cancel = PQgetCancel(q->db->pg);
        if (cancel)
            PQcancel(cancel, why, sizeof(why));
        PQfreeCancel(cancel);
    }
    drain(q->db->pg);
}

static void restart(Stmt *q)
{
    end_stream(q);
    PQclear(q->result);
    q->result = NULL;
    q->counted = q->done = false;
    q->row = 0;
}

void db_postgres_free(Stmt *q) { restart(q); }

Status db_postgres_bind(Stmt *q, int index, DbVal v)
{
    if (q->counted)
        restart(q);
    if (index < 1 || index > 32766)
        return FAIL(q->cx, ST_INTERNAL, "db.failed", "the database refused: %s", "bad parameter");
    if (index > q->cap_vals) {
        int cap = q->cap_vals ? q->cap_vals * 2 : 8;
        while (cap < index)
            cap *= 2;
        q->vals = arena_grow(q->cx->arena, q->vals, (size_t)q->cap_vals * sizeof(DbVal),
                             (size_t)cap * sizeof(DbVal));
        q->cap_vals = cap;
    }
    while (q->n_vals < index) /* one that is never bound is a null, as on SQLite */
        q->vals[q->n_vals++] = db_null(DB_TEXT);
    q->vals[index - 1] = v;
    return ST_OK;
}

static PGresult *prepare_variant(Db *db, PgText *text, PgVariant *v)
{
    Oid types[64], *all = types;
    char name[24];
    if (text->n_params > 64)
        all = malloc(sizeof(Oid) * (size_t)text->n_params);
    if (!all)
        abort();
    db_postgres_types(v, text->n_params, all);
    db_postgres_name(v, name);
    PGresult *r = PQprepare(db->pg, name, text->sql, text->n_params, all);
    if (all != types)
        free(all);
    v->ready = db_postgres_trouble(db->pg, r) == PG_FINE;
    return r;
}

static PGresult *run_variant(Stmt *q, PgText *text, PgVariant *v)
{
    PGconn *c = q->db->pg;
    char name[24];
    PgParams p = db_postgres_params(q->cx->arena, q->vals, text->n_params);
    db_postgres_name(v, name);
    if (!q->stream)
        return PQexecPrepared(c, name, p.n, p.values, p.lengths, p.formats, 1);
    if (!PQsendQueryPrepared(c, name, p.n, p.values, p.lengths, p.formats, 1))
        return NULL;
    q->sent = true;
    PQsetSingleRowMode(c);
    return PQgetResult(c);
}

/* One attempt: q->result holds what came of it. */
static Status attempt(Stmt *q, PgTrouble *ret_trouble)
{
    Db *db = q->db;
    PQclear(q->result);
    q->result = NULL;
    *ret_trouble = db_postgres_settle(db);
    if (*ret_trouble != PG_FINE)
        return ST_OK;
    PgText *text = db_postgres_text(db, q->sql, str_hash(q->sql));
    if (!text)
        return FAIL(q->cx, ST_INTERNAL, "db.bad_sql", "SQL text with a bad marker");
    if (text->n_params)
        TRY(db_postgres_bind(q, text->n_params,
                             text->n_params <= q->n_vals ? q->vals[text->n_params - 1]
                                                         : db_null(DB_TEXT)));
    PgVariant *v = db_postgres_variant(db, text, q->vals);
    if (!v->ready)
        q->result = prepare_variant(db, text, v);
    if (v->ready) {
        PQclear(q->result);
        q->result = run_variant(q, text, v);
    }
    *ret_trouble = db_postgres_trouble(db->pg, q->result);
    return ST_OK;
}

static Status execute(Stmt *q)
{
    Db *db = q->db;
    PgTrouble trouble;
    for (int tries = 0;; tries++) {
        TRY(attempt(q, &trouble));
        if (trouble == PG_FINE)
            break;
        bool may = tries < 2 && !db->snapshot_us &&
                   PQtransactionStatus(db->pg) != PQTRANS_INTRANS &&
                   PQtransactionStatus(db->pg) != PQTRANS_INERROR;
        if (!may || (trouble != PG_LINK && trouble != PG_STALE_PLAN))
            return fail_reading(q->cx, db, q->result);
        end_stream(q);
        if (trouble == PG_STALE_PLAN)
            db_postgres_forget(db, true);
        else
            TRY(db_postgres_connect(q->cx, db));
    }
    q->counted = true;
    q->row = -1;
    q->cx->stats.statements++;
    return ST_OK;
}

/* The next of a stream; its last result is empty. */
static Status next_streamed(Stmt *q, bool *ret_row)
{
    if (q->row >= 0) {
        PQclear(q->result);
        q->result = PQgetResult(q->db->pg);
    }
    q->row = 0;
    if (PQresultStatus(q->result) == PGRES_SINGLE_TUPLE) {
        q->cx->stats.rows++;
        *ret_row = true;
        return ST_OK;
    }
    q->done = true;
    if (q->result && db_postgres_trouble(q->db->pg, q->result) != PG_FINE)
        return fail_reading(q->cx, q->db, q->result);
    end_stream(q);
    return ST_OK;
}

Status db_postgres_next(Stmt *q, bool *ret_row)
{
    *ret_row = false;
    if (q->done)
        return ST_OK;
    if (!q->counted) {
        Status st = execute(q);
        if (st != ST_OK) {
            q->done = true;
            return st;
        }
    }
    if (q->stream)
        return next_streamed(q, ret_row);
    if (q->row + 1 >= PQntuples(q->result)) {
        q->done = true;
        return ST_OK;
    }
    q->row++;
    q->cx->stats.rows++;
    *ret_row = true;
    return ST_OK;
}
