/* SPDX-License-Identifier: Apache-2.0 */
/* A small catalogue with real tables, on SQLite and, where GUANXI_TEST_POSTGRES names a server, once
 * more in a schema of its own: firms with phases, deals, guests. Rights are a table of the test:
 * everything visible unless `hide_firm`, `hide_field` or `only_owner` say otherwise. */
#pragma once
#include "query/query.h"
#include "test.h"

typedef struct QueryTest {
    Arena *arena;
    Ctx cx;
    DbPool *pool;
    MetaStore *store;
    char *dir;
    char schema[48];
    DbKind kind;
    Plan *plan;
} QueryTest;

typedef struct QueryRights { /* cx->user of these tests points to one */
    Id me, only_owner;       /* only_owner: sees of owned objects those of this owner */
    const char *hide_field, *hide_object;
} QueryRights;

void query_fixture_run(void (*body)(QueryTest *));
const Object *query_fixture_object(QueryTest *t, const char *name);
void query_fixture_rights(QueryTest *t, const QueryRights *rights);
/* Adds a row to the next commit: pairs of field name and text (links: ids), ended by NULL. */
void query_fixture_add(QueryTest *t, const char *object, Id id, Id owner, ...);
void query_fixture_commit(QueryTest *t);
/* Moves the row to the twin, as a delete does. */
void query_fixture_delete(QueryTest *t, const char *object, Id id);

/* The answer as JSON; fails the test when the call fails. */
json_t *query_fixture_list(QueryTest *t, const char *object, ListQuery q);
json_t *query_fixture_aggregate(QueryTest *t, const char *object, const char *body);
/* "1 5 3": the ids of the items. */
const char *query_fixture_ids(QueryTest *t, const json_t *list);
/* Compact JSON of a value. */
const char *query_fixture_text(QueryTest *t, const json_t *v);
/* Forgets the error and checks its code. */
void query_fixture_refused(QueryTest *t, Status st, const char *code);
