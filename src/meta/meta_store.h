/* SPDX-License-Identifier: Apache-2.0 */
/* The store of the current catalogue, seen from inside meta/.
 *
 * A snapshot is a catalogue with what it was made from: the organisation's rows (kind → name →
 * body), settings and numbers. A change copies these, edits the copy, compiles a candidate, and
 * swaps it in after the commit. */
#pragma once
#include "meta/meta_build.h"
#include <pthread.h>

typedef struct MetaSnapshot {
    Meta *m;
    json_t *rows;     /* {"object":{…},"overlay":{…},"list":{…},"access":{…}} */
    json_t *settings; /* {"currency":"CNY",…} */
    MetaNumbers numbers;
} MetaSnapshot;

struct MetaStore {
    pthread_mutex_t lock; /* of current */
    MetaSnapshot *current;
    DbPool *pool;
    MetaHooks hooks;
    Arena *arena;
    json_t *shipped; /* meta_shipped.c */
    Str shipped_hash;
};

/* meta_shipped.c: what is compiled into the program: {"objects":{…},"lists":{…},"access":{…}} */
CHECKED Status meta_shipped_read(Ctx *cx, json_t **ret, Str *ret_hash);

/* meta_source.c: shipped declarations with the rows laid over them; new JSON, owned by `a`. */
CHECKED Status meta_source_merge(Ctx *cx, Arena *a, const json_t *shipped, const json_t *rows,
                                 MetaSource *ret);
/* Position of a field of the object's declaration by key; SIZE_MAX if there is none. */
size_t meta_source_field(const json_t *decl, Str key);

/* meta_rows.c: the platform's tables. */
CHECKED Status meta_rows_version(Ctx *cx, int64_t *ret);
CHECKED Status meta_rows_read(Ctx *cx, MetaSnapshot *snap, int64_t *ret_version);
void meta_rows_put(Plan *plan, Arena *a, Str kind, Str name, const json_t *body, int64_t version);
void meta_rows_drop(Plan *plan, Arena *a, Str kind, Str name);
void meta_rows_drop_setting(Plan *plan, Str name);
void meta_rows_put_setting(Plan *plan, Str name, Str value);
void meta_rows_put_numbers(Plan *plan, const MetaNumbers *n);
/* Locks the epoch row, refuses if it is not at `from`, raises it by one. */
void meta_rows_raise(Plan *plan, int64_t from);

/* meta_database.c: adds the DDL for what the catalogue has and the database lacks. */
CHECKED Status meta_database_sync(Ctx *cx, const Meta *m, Plan *plan);

/* Builds a snapshot from rows and settings (references are taken); numbers continue `numbers`. */
CHECKED Status meta_store_build(Ctx *cx, MetaStore *s, json_t *rows, json_t *settings,
                                const MetaNumbers *numbers, int64_t version, Str focus,
                                MetaSnapshot **ret);
/* The current snapshot, refreshed; holds a reference: meta_release(snap->m). */
CHECKED Status meta_store_latest(Ctx *cx, MetaStore *s, MetaSnapshot **ret);
/* Adds numbers, DDL and version to the plan and swaps the candidate in after the commit. A
 * candidate that is never committed dies with cx->arena. */
CHECKED Status meta_store_propose(Ctx *cx, MetaStore *s, MetaSnapshot *candidate, Plan *plan);
