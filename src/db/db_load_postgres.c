/* SPDX-License-Identifier: Apache-2.0 */
/* Filling a PostgreSQL schema by COPY in its binary form; frozen, as nobody else sees the rows. */
#include "db/db_load.h"
#include "db/db_postgres.h"
#include <endian.h>
#include <stdlib.h>

static const char SQL_SETTINGS[] =
    "SET statement_timeout = 0; SET synchronous_commit = off; SET maintenance_work_mem = '256MB';"
    "SET idle_in_transaction_session_timeout = 0";
static const char SQL_NODE[] =
    "INSERT INTO {gx_node} (node, holder, lease_until, high_water) VALUES (1, '', 0, %lld) "
    "ON CONFLICT (node) DO UPDATE SET high_water = excluded.high_water";
static const char SQL_ANALYZE[] = "ANALYZE {%.*s}";
static const char COPY_HEAD[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

Status db_load_postgres_open(Ctx *cx, DbLoader *l)
{
    l->buffer = malloc(LOAD_BUFFER);
    if (!l->buffer)
        abort();
    TRY(db_postgres_connect(cx, &l->db));
    l->db.limit_set_ms = l->db.limit_ms;
    return db_run(cx, &l->db, SQL_SETTINGS);
}

static Status refused(Ctx *cx, DbLoader *l, const PGresult *r)
{
    PlanResult why = {0};
    Status st = db_postgres_status(l->db.pg, r, &why);
    return FAIL(cx, st == ST_OK ? ST_INTERNAL : st, "db.failed", "the database refused: %s",
                why.detail);
}

/* ---- what is sent ------------------------------------------------------------------------ */
static bool flush(DbLoader *l)
{
    bool sent = !l->used || PQputCopyData(l->db.pg, l->buffer, (int)l->used) == 1;
    l->used = 0;
    return sent;
}

static bool put(DbLoader *l, const void *p, size_t n)
{
    if (l->used + n > LOAD_BUFFER && !flush(l))
        return false;
    if (n > LOAD_BUFFER)
        return n <= INT32_MAX && PQputCopyData(l->db.pg, p, (int)n) == 1;
    memcpy(l->buffer + l->used, p, n);
    l->used += n;
    return true;
}

static bool put16(DbLoader *l, uint16_t v)
{
    v = htobe16(v);
    return put(l, &v, sizeof(v));
}

static bool put32(DbLoader *l, uint32_t v)
{
    v = htobe32(v);
    return put(l, &v, sizeof(v));
}

static bool put64(DbLoader *l, uint64_t v)
{
    v = htobe64(v);
    return put32(l, 8) && put(l, &v, sizeof(v));
}

/* A tsvector: how many words, then each with a NUL and no places. */
static bool put_tokens(DbLoader *l, Str words)
{
    Str rest = words, word;
    uint32_t n = 0, bytes = 4;
    while (str_split(&rest, ' ', &word))
        if (word.n) {
            n++;
            bytes += (uint32_t)word.n + 3;
        }
    bool sent = put32(l, bytes) && put32(l, n);
    for (rest = words; sent && str_split(&rest, ' ', &word);)
        if (word.n)
            sent = put(l, word.p, word.n) && put(l, "", 1) && put16(l, 0);
    return sent;
}

static bool put_value(DbLoader *l, const DbColumn *c, DbVal v)
{
    uint64_t bits;
    if (v.null)
        return put32(l, UINT32_MAX);
    if (c->tokens)
        return put_tokens(l, v.s);
    switch (c->type) {
    case DB_BOOL: {
        char one = v.type == DB_BOOL ? v.b : v.i != 0;
        return put32(l, 1) && put(l, &one, 1);
    }
    case DB_INT: return put64(l, (uint64_t)(v.type == DB_BOOL ? v.b : v.i));
    case DB_REAL: memcpy(&bits, &v.r, sizeof(bits)); return put64(l, bits);
    default: return put32(l, (uint32_t)v.s.n) && put(l, v.s.p, v.s.n);
    }
}

/* ---- a table ----------------------------------------------------------------------------- */
static Status begin_copy(Ctx *cx, DbLoader *l, const DbTable *t)
{
    Buf sql = buf_in(cx->arena, DB_SQL_MAX), text = buf_in(cx->arena, DB_SQL_MAX);
    int params;
    buf_printf(&sql, "COPY {%.*s} (", STR_ARG(t->name));
    for (size_t i = 0; i < t->n; i++)
        buf_printf(&sql, "%s\"%.*s\"", i ? ", " : "", STR_ARG(t->columns[i].name));
    buf_lit(&sql, ") FROM STDIN (FORMAT binary, FREEZE)");
    if (!db_sql_expand(&text, DB_POSTGRES, l->pool->schema, buf_str(&sql), &params))
        return FAIL(cx, ST_INTERNAL, "db.bad_sql", "SQL text with a bad marker");
    PGresult *r = PQexec(l->db.pg, buf_z(&text));
    l->copying = PQresultStatus(r) == PGRES_COPY_IN;
    Status st = l->copying ? ST_OK : refused(cx, l, r);
    PQclear(r);
    return st;
}

Status db_load_postgres_begin(Ctx *cx, DbLoader *l, const DbTable *t)
{
    TRY(db_run(cx, &l->db, "BEGIN"));
    l->used = 0;
    Status st = db_run(cx, &l->db, str_format(cx->arena, "TRUNCATE {%.*s}", STR_ARG(t->name)).p);
    if (st == ST_OK)
        st = begin_copy(cx, l, t);
    if (st == ST_OK && put(l, COPY_HEAD, sizeof(COPY_HEAD)))
        return ST_OK;
    db_load_postgres_cancel(l);
    return st == ST_OK ? refused(cx, l, NULL) : st;
}

Status db_load_postgres_row(Ctx *cx, DbLoader *l, const DbVal *v)
{
    bool sent = put16(l, (uint16_t)l->table->n);
    for (size_t i = 0; sent && i < l->table->n; i++)
        sent = put_value(l, &l->table->columns[i], v[i]);
    return sent ? ST_OK : refused(cx, l, NULL);
}

Status db_load_postgres_end(Ctx *cx, DbLoader *l)
{
    bool sent = put16(l, UINT16_MAX) && flush(l) && PQputCopyEnd(l->db.pg, NULL) == 1;
    l->copying = false;
    PGresult *r = PQgetResult(l->db.pg), *rest;
    Status st = sent && PQresultStatus(r) == PGRES_COMMAND_OK ? ST_OK : refused(cx, l, r);
    PQclear(r);
    while ((rest = PQgetResult(l->db.pg)))
        PQclear(rest);
    return st == ST_OK ? db_run(cx, &l->db, "COMMIT") : st;
}

void db_load_postgres_cancel(DbLoader *l)
{
    PGresult *r;
    if (l->copying)
        (void)PQputCopyEnd(l->db.pg, "given up");
    l->copying = false;
    while ((r = PQgetResult(l->db.pg)))
        PQclear(r);
    PQclear(PQexec(l->db.pg, "ROLLBACK"));
}

Status db_load_postgres_finish(Ctx *cx, DbLoader *l, Id above)
{
    DbTables all;
    TRY(db_run(cx, &l->db, str_format(cx->arena, SQL_NODE, (long long)above).p));
    TRY(db_loader_tables(cx, l, &all));
    for (size_t i = 0; i < all.n; i++)
        TRY(db_run(cx, &l->db, str_format(cx->arena, SQL_ANALYZE, STR_ARG(all.v[i].name)).p));
    return ST_OK;
}
