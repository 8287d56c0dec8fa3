/* SPDX-License-Identifier: Apache-2.0 */
/* An organisation with the shipped catalogue and a running queue, on SQLite and, where
 * GUANXI_TEST_POSTGRES names a server, once more on PostgreSQL. Acts as the system. */
#pragma once
#include "import/import.h"
#include "test.h"

typedef struct ImportTest {
    Arena *arena;
    Ctx cx;
    DbPool *pool;
    MetaStore *store;
    AccessStore *access;
    RecordEnv env;
    JobRunner *jobs;
    char *dir;
} ImportTest;

void import_fixture_run(void (*body)(ImportTest *));
const Object *import_fixture_object(ImportTest *t, const char *name);
/* Writes DIR/imports/<name> and gives its path. */
Str import_fixture_file(ImportTest *t, const char *name, Str content);
/* Runs the import to its end; the job as GET /jobs shows it. options may be NULL. */
json_t *import_fixture_import(ImportTest *t, const char *object, Str path, const char *options);
json_t *import_fixture_text(ImportTest *t, const char *object, const char *csv,
                            const char *options);
json_t *import_fixture_undo(ImportTest *t, const json_t *job);
/* What import_enqueue says before any job. */
Status import_fixture_check(ImportTest *t, const char *object, Str path, const char *options);
int64_t import_fixture_result(const json_t *job, const char *count);
const json_t *import_fixture_error(const json_t *job, size_t i);
/* Records that match an expression. */
size_t import_fixture_count(ImportTest *t, const char *object, const char *filter);
void import_fixture_create(ImportTest *t, const char *object, const char *json);
Str import_fixture_error_file(ImportTest *t, const json_t *job);
