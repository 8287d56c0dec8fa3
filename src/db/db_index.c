/* SPDX-License-Identifier: Apache-2.0 */
/* Indexes built apart from any change: on PostgreSQL CONCURRENTLY, outside a transaction, so that
 * writers go on; on SQLite by the writer thread, which does nothing else meanwhile. */
#include "db/db_internal.h"

#define BUILD_LIMIT_MS (6 * 3600 * 1000)

/* What an interrupted build leaves behind holds up writes and serves no read. */
static const char SQL_INVALID[] =
    "SELECT 1 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
    "WHERE NOT i.indisvalid AND c.relname = ?1 AND c.relnamespace = "
    "(SELECT k.relnamespace FROM pg_catalog.pg_class k WHERE k.oid = "
    "(SELECT e.tableoid FROM {gx_epoch} e WHERE e.id = 1))";

static Status drop_invalid(Ctx *cx, Str name)
{
    DbVal v = db_text(name);
    int64_t one = 0;
    bool found = false;
    TRY(db_get_int(cx, SQL_INVALID, &v, 1, &one, &found));
    if (!found)
        return ST_OK;
    Str sql = str_format(cx->arena, "DROP INDEX {" STR_FMT "}", STR_ARG(name));
    return db_run(cx, cx->db, str_z(cx->arena, sql));
}

static Status build_apart(Ctx *cx, Str name, bool unique, Str rest)
{
    TRY(drop_invalid(cx, name));
    Str sql = str_format(cx->arena, "CREATE %sINDEX CONCURRENTLY " STR_FMT STR_FMT,
                         unique ? "UNIQUE " : "", STR_ARG(name), STR_ARG(rest));
    Status st = db_run(cx, cx->db, str_z(cx->arena, sql));
    if (st == ST_OK)
        return ST_OK;
    Error why = cx->err;
    (void)!drop_invalid(cx, name);
    cx->err = why;
    return st;
}

static Status build_by_writer(Ctx *cx, DbPool *pool, Str name, bool unique, Str rest)
{
    Plan *plan = plan_new(cx);
    PlanResult result;
    plan_ddl(plan, str_format(cx->arena, "CREATE %sINDEX IF NOT EXISTS " STR_FMT STR_FMT,
                              unique ? "UNIQUE " : "", STR_ARG(name), STR_ARG(rest)));
    return db_apply(pool, cx, plan, &result);
}

Status db_index_build(Ctx *cx, DbPool *pool, Str name, bool unique, Str rest)
{
    if (pool->kind == DB_SQLITE)
        return build_by_writer(cx, pool, name, unique, rest);
    int limit_ms = cx->db->limit_ms;
    db_statement_limit(cx->db, BUILD_LIMIT_MS);
    Status st = build_apart(cx, name, unique, rest);
    db_statement_limit(cx->db, limit_ms);
    return st;
}
