/* SPDX-License-Identifier: Apache-2.0 */
/* A small world for expressions: firms, deals, phases with real tables on an engine and the same
 * records in memory, a quarter of all values null. Some records are hidden from the reader, so that
 * paths and relations meet them. */
#pragma once
#include "expr/expr_emit.h"
#include "meta/meta.h"
#include "test.h"

#define WORLD_FIRMS 45
#define WORLD_DEALS 110
#define WORLD_PHASES 5
#define WORLD_ME 3 /* me() */

typedef struct WorldTable {
    const Object *object;
    const Value **rows; /* id i + 1 at i */
    size_t n;
} WorldTable;

typedef struct World {
    Arena *arena;
    Ctx cx;
    DbPool *pool;
    MetaStore *store;
    char *dir;
    char schema[48];
    DbKind kind;
    WorldTable firms, deals, phases;
    size_t nulls, values; /* of fields that may be null */
    uint64_t random;
} World;

/* Runs body on every engine there is. */
void world_run(void (*body)(World *));
/* The catalogue and records in memory, on SQLite alone. */
void world_run_once(void (*body)(World *));

uint32_t world_random(World *w, uint32_t below);
bool world_is_hidden(const Object *o, Id id);
ExprRow world_row(World *w, const WorldTable *t, size_t i);
const ExprNames *world_names(World *w);
/* Memory made after the mark is given back; the error is forgotten. */
Ctx world_ctx(World *w, Arena *scratch);
void world_fail(const Ctx *cx, const char *what);
