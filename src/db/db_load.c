/* SPDX-License-Identifier: Apache-2.0 */
/* Filling an organisation table by table: shape, indexes off and on again, and the doors to the two
 * engines. What was taken off stands in gx_load_index until it is made again, in the transaction
 * that takes it off: a filling that was killed knows what is missing. */
#include "db/db_load.h"
#include <stdlib.h>

static const char SQL_LIST[] = "CREATE TABLE IF NOT EXISTS {gx_load_index} "
                               "(name $text PRIMARY KEY, text $text NOT NULL, tab $text NOT NULL, "
                               "weight $int NOT NULL) $strict";
static const char SQL_LITE_INDEXES[] =
    "SELECT name, sql, tbl_name, 0 FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL "
    "AND tbl_name NOT GLOB 'gx_search_[ab]_*' ORDER BY name";
static const char SQL_PG_INDEXES[] =
    "SELECT CAST(c.relname AS text), pg_get_indexdef(i.indexrelid), CAST(r.relname AS text), "
    "CASE a.amname WHEN 'gin' THEN 1 ELSE 0 END FROM pg_catalog.pg_index i "
    "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
    "JOIN pg_catalog.pg_class r ON r.oid = i.indrelid "
    "JOIN pg_catalog.pg_am a ON a.oid = c.relam "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ?1 AND NOT EXISTS "
    "(SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1";
static const char SQL_REMEMBER[] = "INSERT INTO {gx_load_index} (name, text, tab, weight) "
                                   "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) DO UPDATE SET "
                                   "text = excluded.text";
static const char SQL_LITE_NEXT[] =
    "SELECT name, text, weight FROM {gx_load_index} WHERE substr(tab, 1, length(?1)) = ?1 "
    "ORDER BY weight DESC, name LIMIT 1";
static const char SQL_PG_NEXT[] =
    "SELECT name, text, weight FROM {gx_load_index} WHERE substr(tab, 1, length(?1)) = ?1 "
    "ORDER BY weight DESC, name LIMIT 1 FOR UPDATE SKIP LOCKED";
/* A GIN index is built in a tree in memory: one that fits the processor's caches takes half the time. */
static const char SQL_SMALL_MEMORY[] = "SET LOCAL maintenance_work_mem = '24MB'";
static const char SQL_MADE[] = "DELETE FROM {gx_load_index} WHERE name = ?1";
static const char SQL_LIST_GONE[] = "DROP TABLE {gx_load_index}";

Status db_loader_open(Ctx *cx, const DbConfig *config, DbLoader **ret)
{
    DbLoader *l = calloc(1, sizeof(*l));
    if (!l)
        abort();
    l->pool = db_pool_new(config);
    l->db.pool = l->pool;
    l->db.limit_ms = DB_LONG_MS;
    Status st =
        l->pool->kind == DB_SQLITE ? db_load_sqlite_open(cx, l) : db_load_postgres_open(cx, l);
    if (st == ST_OK)
        return *ret = l, ST_OK;
    db_loader_free(l);
    return st;
}

void db_loader_free(DbLoader *l)
{
    if (!l)
        return;
    db_loader_cancel(l);
    if (l->pool->kind == DB_SQLITE)
        db_sqlite_close(&l->db);
    else
        db_postgres_close(&l->db);
    free(l->buffer);
    db_close(l->pool);
    free(l);
}

Db *db_loader_db(DbLoader *l) { return &l->db; }

/* Statements of others go through the loader's connection. */
static Status with(Ctx *cx, DbLoader *l, Status (*fn)(Ctx *, DbLoader *, void *), void *arg)
{
    Db *before = cx->db;
    cx->db = &l->db;
    Status st = fn(cx, l, arg);
    cx->db = before;
    return st;
}

static Status list_tables(Ctx *cx, DbLoader *l, void *arg)
{
    (void)l;
    return db_tables(cx, arg);
}

Status db_loader_tables(Ctx *cx, DbLoader *l, DbTables *ret)
{
    return with(cx, l, list_tables, ret);
}

/* ---- shape ------------------------------------------------------------------------------- */
static const char *word_of(const DbColumn *c)
{
    static const char *const WORDS[] = {[DB_BOOL] = "$bool",
                                        [DB_INT] = "$int",
                                        [DB_REAL] = "$real",
                                        [DB_TEXT] = "$text",
                                        [DB_BLOB] = "$blob"};
    return WORDS[c->type];
}

static void key_of(const DbTable *t, Buf *sql)
{
    bool first = true;
    for (int place = 1; place <= (int)t->n; place++)
        for (size_t i = 0; i < t->n; i++)
            if (t->columns[i].key == place) {
                buf_printf(sql, "%s\"%.*s\"", first ? ", PRIMARY KEY (" : ", ",
                           STR_ARG(t->columns[i].name));
                first = false;
            }
    if (!first)
        buf_char(sql, ')');
}

static Status make_table(Ctx *cx, DbLoader *l, const DbTable *t)
{
    Buf sql = buf_in(cx->arena, DB_SQL_MAX);
    buf_printf(&sql, "CREATE TABLE {%.*s} (", STR_ARG(t->name));
    for (size_t i = 0; i < t->n; i++) {
        const DbColumn *c = &t->columns[i];
        buf_printf(&sql, "%s\"%.*s\" %s%s", i ? ", " : "", STR_ARG(c->name), word_of(c),
                   c->not_null && !c->key ? " NOT NULL" : "");
    }
    key_of(t, &sql);
    buf_lit(&sql, ") $strict");
    return db_run(cx, &l->db, buf_z(&sql));
}

static bool has_column(const DbTable *t, Str name)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->columns[i].name, name))
            return true;
    return false;
}

Status db_loader_shape(Ctx *cx, DbLoader *l, const DbTable *t)
{
    DbTables all;
    TRY(db_loader_tables(cx, l, &all));
    const DbTable *there = db_tables_find(&all, t->name);
    if (!there)
        return make_table(cx, l, t);
    for (size_t i = 0; i < t->n; i++) {
        if (has_column(there, t->columns[i].name))
            continue;
        Str sql =
            str_format(cx->arena, "ALTER TABLE {%.*s} ADD COLUMN \"%.*s\" %s", STR_ARG(t->name),
                       STR_ARG(t->columns[i].name), word_of(&t->columns[i]));
        TRY(db_run(cx, &l->db, sql.p));
    }
    return ST_OK;
}

/* ---- indexes ----------------------------------------------------------------------------- */
typedef struct LoadIndex {
    Str name, text, table;
    int64_t weight;
} LoadIndex;
typedef VEC(LoadIndex) LoadIndexes;

static Status read_indexes(Ctx *cx, DbLoader *l, LoadIndexes *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool lite = l->pool->kind == DB_SQLITE, row = true;
    TRY(db_prepare(cx, lite ? SQL_LITE_INDEXES : SQL_PG_INDEXES, &q));
    if (!lite)
        TRY(db_bind_text(q, 1, l->pool->schema));
    for (;;) {
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        LoadIndex x = {str_copy(cx->arena, db_col_text(q, 0)),
                       str_copy(cx->arena, db_col_text(q, 1)),
                       str_copy(cx->arena, db_col_text(q, 2)), db_col_int(q, 3)};
        VEC_PUSH(cx->arena, ret, x);
    }
}

static Status run_bound(Ctx *cx, const char *sql, const DbVal *v, size_t n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row;
    TRY(db_prepare(cx, sql, &q));
    TRY(db_bind_all(q, v, n));
    return db_next(q, &row);
}

static Status take_off(Ctx *cx, DbLoader *l, const LoadIndex *x)
{
    const DbVal v[] = {db_text(x->name), db_text(x->text), db_text(x->table), db_int(x->weight)};
    TRY(run_bound(cx, SQL_REMEMBER, v, COUNT_OF(v)));
    Str sql = str_format(cx->arena, "DROP INDEX {%.*s}", STR_ARG(x->name));
    return db_run(cx, &l->db, sql.p);
}

static Status in_transaction(Ctx *cx, DbLoader *l, Status (*fn)(Ctx *, DbLoader *, void *),
                             void *arg)
{
    TRY(db_run(cx, &l->db, "BEGIN"));
    Status st = with(cx, l, fn, arg);
    if (st == ST_OK)
        return db_run(cx, &l->db, "COMMIT");
    Ctx quiet = *cx;
    (void)!db_run(&quiet, &l->db, "ROLLBACK");
    return st;
}

static Status take_all_off(Ctx *cx, DbLoader *l, void *arg)
{
    LoadIndexes all = {0};
    const char *except = arg;
    TRY(db_run(cx, &l->db, SQL_LIST));
    TRY(read_indexes(cx, l, &all));
    for (size_t i = 0; i < all.n; i++)
        if (!except || !str_starts(all.v[i].table, str_of(except)))
            TRY(take_off(cx, l, &all.v[i]));
    return ST_OK;
}

Status db_loader_bare(Ctx *cx, DbLoader *l, const char *except)
{
    char *arg = except ? str_z(cx->arena, str_of(except)) : NULL;
    return in_transaction(cx, l, take_all_off, arg);
}

typedef struct NextIndex {
    Str of;
    bool more;
} NextIndex;

static Status next_index(Ctx *cx, const DbLoader *l, NextIndex *next, LoadIndex *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, l->pool->kind == DB_SQLITE ? SQL_LITE_NEXT : SQL_PG_NEXT, &q));
    TRY(db_bind_text(q, 1, next->of));
    TRY(db_next(q, &next->more));
    if (next->more)
        *ret = (LoadIndex){.name = str_copy(cx->arena, db_col_text(q, 0)),
                           .text = str_copy(cx->arena, db_col_text(q, 1)),
                           .weight = db_col_int(q, 2)};
    return ST_OK;
}

static Status make_next(Ctx *cx, DbLoader *l, void *arg)
{
    NextIndex *next = arg;
    LoadIndex x = {0};
    TRY(next_index(cx, l, next, &x));
    if (!next->more)
        return ST_OK;
    const DbVal v = db_text(x.name);
    TRY(run_bound(cx, SQL_MADE, &v, 1));
    if (x.weight)
        TRY(db_run(cx, &l->db, SQL_SMALL_MEMORY));
    return db_run(cx, &l->db, str_z(cx->arena, x.text));
}

Status db_loader_index(Ctx *cx, DbLoader *l, const char *of, bool *ret_more)
{
    NextIndex next = {.of = of ? str_of(of) : STR("")};
    Status st = in_transaction(cx, l, make_next, &next);
    *ret_more = next.more;
    return st;
}

Status db_loader_indexed(Ctx *cx, DbLoader *l) { return db_run(cx, &l->db, SQL_LIST_GONE); }

/* ---- doors ------------------------------------------------------------------------------- */
Status db_loader_begin(Ctx *cx, DbLoader *l, const DbTable *t)
{
    Status st = l->pool->kind == DB_SQLITE ? db_load_sqlite_begin(cx, l, t)
                                           : db_load_postgres_begin(cx, l, t);
    if (st == ST_OK)
        l->table = t;
    return st;
}

Status db_loader_row(Ctx *cx, DbLoader *l, const DbVal *v)
{
    return l->pool->kind == DB_SQLITE ? db_load_sqlite_row(cx, l, v)
                                      : db_load_postgres_row(cx, l, v);
}

Status db_loader_end(Ctx *cx, DbLoader *l)
{
    TRY(l->pool->kind == DB_SQLITE ? db_load_sqlite_end(cx, l) : db_load_postgres_end(cx, l));
    l->table = NULL;
    return ST_OK;
}

void db_loader_cancel(DbLoader *l)
{
    if (!l->table)
        return;
    if (l->pool->kind == DB_SQLITE)
        db_load_sqlite_cancel(l);
    else
        db_load_postgres_cancel(l);
    l->table = NULL;
}

Status db_loader_finish(Ctx *cx, DbLoader *l, Id above)
{
    return l->pool->kind == DB_SQLITE ? db_load_sqlite_finish(cx, l, above)
                                      : db_load_postgres_finish(cx, l, above);
}
