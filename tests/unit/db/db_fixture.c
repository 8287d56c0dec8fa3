/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and removes the databases of db_fixture.h. */
#include "db_fixture.h"

static const char SQL_THING[] =
    "CREATE TABLE {thing} (id $int PRIMARY KEY, version $int NOT NULL, changed $int NOT NULL, "
    "name $text, note $text) $strict";
static const char SQL_THING_NAME[] = "CREATE UNIQUE INDEX thing_name ON {thing} (name)";
static const char SQL_INSERT[] =
    "INSERT INTO {thing} (id, version, changed, name) VALUES (?1, 1, ?2, ?3)";

static void fail_with(const Ctx *cx, const char *what)
{
    fail_msg("%s: %.*s (%s:%d)", what, STR_ARG(cx->err.text), cx->err.file ? cx->err.file : "?",
             cx->err.line);
}

DbConfig db_fixture_config(const DbTest *t)
{
    return (DbConfig){
        .dir = t->dir,
        .url = t->kind == DB_POSTGRES ? test_postgres() : NULL,
        .schema = t->schema,
        .readers = 8,
        .create = true,
    };
}

static void open_pool(DbTest *t)
{
    DbConfig config = db_fixture_config(t);
    if (db_open(&t->cx, &config, &t->pool) != ST_OK)
        fail_with(&t->cx, "db_open");
    t->cx.db = db_lease(t->pool);
}

static void drop_schema(DbTest *t)
{
    char sql[100];
    snprintf(sql, sizeof(sql), "DROP SCHEMA \"%s\" CASCADE", t->schema);
    if (db_run(&t->cx, t->cx.db, sql) != ST_OK)
        fail_with(&t->cx, "drop schema");
}

void db_fixture_run_on(DbKind kind, void (*body)(DbTest *))
{
    DbTest t = {.kind = kind, .arena = arena_new(64 * 1024), .dir = test_tempdir()};
    t.cx = (Ctx){.arena = t.arena, .lang = LANG_EN, .cause = "person"};
    snprintf(t.schema, sizeof(t.schema), "test_%s", t.dir + strlen(t.dir) - 6);
    open_pool(&t);
    body(&t);
    error_clear(&t.cx);
    if (kind == DB_POSTGRES && t.pool)
        drop_schema(&t);
    if (t.pool)
        db_release(t.cx.db);
    db_close(t.pool);
    test_tempdir_remove(t.dir);
    arena_free(t.arena);
}

void db_fixture_run(void (*body)(DbTest *))
{
    db_fixture_run_on(DB_SQLITE, body);
    if (test_postgres())
        db_fixture_run_on(DB_POSTGRES, body);
}

Ctx db_fixture_ctx(DbTest *t)
{
    return (Ctx){
        .arena = arena_new(4096), .db = db_lease(t->pool), .lang = LANG_EN, .cause = "person"};
}

void db_fixture_end(Ctx *cx)
{
    db_release(cx->db);
    arena_free(cx->arena);
}

void db_fixture_reopen(DbTest *t)
{
    db_release(t->cx.db);
    db_close(t->pool);
    open_pool(t);
}

void db_fixture_thing(DbTest *t)
{
    Plan *p = plan_new(&t->cx);
    plan_ddl(p, str_of(SQL_THING));
    plan_ddl(p, str_of(SQL_THING_NAME));
    if (db_apply(t->pool, &t->cx, p, NULL) != ST_OK)
        fail_with(&t->cx, "create thing");
}

Plan *db_fixture_insert(Ctx *cx, Id id, const char *name)
{
    Plan *p = plan_new(cx);
    DbVal change = plan_change(p);
    DbVal v[] = {db_int(id), change, db_text(str_of(name))};
    plan_expect(p, str_of(SQL_INSERT), v, 3, 1);
    return p;
}

Status db_fixture_apply(DbTest *t, Ctx *cx, Plan *p, PlanResult *ret)
{
    error_clear(cx);
    return db_apply(t->pool, cx, p, ret);
}

int64_t db_fixture_count(Ctx *cx, const char *sql)
{
    int64_t n;
    bool found;
    error_clear(cx);
    if (db_get_int(cx, sql, NULL, 0, &n, &found) != ST_OK)
        fail_with(cx, sql);
    return n;
}
