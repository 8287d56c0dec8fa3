/* SPDX-License-Identifier: Apache-2.0 */
/* A catalogue over a fresh database for one test: on SQLite and, where GUANXI_TEST_POSTGRES names
 * a server, once more in a schema of its own on PostgreSQL. */
#pragma once
#include "meta/meta_store.h"
#include "meta/sql.h"
#include "test.h"

typedef struct MetaTest {
    Arena *arena;
    Ctx cx;
    DbPool *pool;
    MetaStore *store;
    char *dir;
    char schema[48];
    bool postgres;
} MetaTest;

/* Runs body on every engine there is, with the shipped catalogue opened. */
void meta_fixture_run(void (*body)(MetaTest *));
/* The request is over: a fresh context with the current catalogue in cx.meta. */
void meta_fixture_next(MetaTest *t);
/* Closes and opens store and database again, as a restart would. */
void meta_fixture_reopen(MetaTest *t);
/* JSON written with ' for ". */
json_t *meta_fixture_json(MetaTest *t, const char *text);
Status meta_fixture_apply(MetaTest *t, Plan *plan);
/* The error of the field path; NULL if there is none. */
const FieldError *meta_fixture_error(const MetaTest *t, const char *path);
int64_t meta_fixture_int(MetaTest *t, const char *sql);
