/* SPDX-License-Identifier: Apache-2.0 */
/* A fresh empty database for one test, on SQLite and, where GUANXI_TEST_POSTGRES names a server,
 * once more in a schema of its own on PostgreSQL. */
#pragma once
#include "db/db_internal.h"
#include "test.h"

typedef struct DbTest {
    Arena *arena;
    Ctx cx;
    DbPool *pool;
    char *dir;
    char schema[48];
    DbKind kind;
} DbTest;

/* Runs body on every engine there is. */
void db_fixture_run(void (*body)(DbTest *));
void db_fixture_run_on(DbKind kind, void (*body)(DbTest *));
DbConfig db_fixture_config(const DbTest *t);
/* A context with an arena and a connection of its own; end it with db_fixture_end. */
Ctx db_fixture_ctx(DbTest *t);
void db_fixture_end(Ctx *cx);
/* Closes and opens again, as a restart would. */
void db_fixture_reopen(DbTest *t);

/* CREATE TABLE {thing} (id, version, changed, name unique, note). */
void db_fixture_thing(DbTest *t);
/* A plan that inserts a thing. */
Plan *db_fixture_insert(Ctx *cx, Id id, const char *name);
Status db_fixture_apply(DbTest *t, Ctx *cx, Plan *p, PlanResult *ret);
int64_t db_fixture_count(Ctx *cx, const char *sql);
