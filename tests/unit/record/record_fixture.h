/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped catalogue with real tables, on SQLite and, where GUANXI_TEST_POSTGRES names a server,
 * once more in a schema of its own. The acting user is the system, who may do everything. */
#pragma once
#include "record/record.h"
#include "test.h"

typedef struct RecordTest {
    Arena *arena;
    Ctx cx;
    DbPool *pool;
    MetaStore *store;
    AccessStore *access;
    RecordEnv env;
    char *dir;
} RecordTest;

void record_fixture_run(void (*body)(RecordTest *));
const Object *record_fixture_object(RecordTest *t, const char *name);
json_t *record_fixture_json(RecordTest *t, const char *text);
/* Creates and commits; the record as it is afterwards. Fails the test on any error. */
Record *record_fixture_create(RecordTest *t, const char *object, const char *json);
/* Loads, sets, writes, commits. */
Status record_fixture_update(RecordTest *t, const char *object, Id id, const char *json);
Status record_fixture_delete(RecordTest *t, const char *object, Id id);
Status record_fixture_apply(RecordTest *t, Plan *plan);
/* Text of a text field, or "" */
Str record_fixture_text(RecordTest *t, const char *object, Id id, const char *field);
int64_t record_fixture_count(RecordTest *t, const char *sql, Id id);
bool record_fixture_has_error(const RecordTest *t, const char *field, const char *code);
void record_fixture_forget(RecordTest *t);
