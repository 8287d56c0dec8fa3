/* SPDX-License-Identifier: Apache-2.0 */
/* Opening an organisation on PostgreSQL: its schema, the migrations (one process at a time, by an
 * advisory lock named after the schema), a node for ids. */
#include "db/db_postgres.h"

enum { OPEN_LIMIT_MS = 60000 };

static const char SQL_HAS_SCHEMA[] = "SELECT 1 FROM pg_namespace WHERE nspname = ?1";
static const char SQL_TABLES[] = "SELECT 1 FROM pg_tables WHERE schemaname = ?1 "
                                 "AND tablename = 'gx_migration'";
static const char SQL_LOCK[] = "SELECT pg_advisory_lock(hashtext(?1))";
static const char SQL_UNLOCK[] = "SELECT pg_advisory_unlock(hashtext(?1))";

static Status ask(Ctx *cx, const char *sql, Str name, bool *ret_found)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, sql, &q));
    TRY(db_bind_text(q, 1, name));
    return db_next(q, ret_found);
}

Status db_postgres_lock(Ctx *cx, bool lock)
{
    bool row;
    Str name = str_format(cx->arena, "guanxi:" STR_FMT, STR_ARG(cx->db->pool->schema));
    return ask(cx, lock ? SQL_LOCK : SQL_UNLOCK, name, &row);
}

static Status make_schema(Ctx *cx, DbPool *p, bool create)
{
    bool there, filled = false;
    TRY(ask(cx, SQL_HAS_SCHEMA, p->schema, &there));
    if (there)
        TRY(ask(cx, SQL_TABLES, p->schema, &filled));
    if (!filled && !create)
        return FAIL(cx, ST_NOT_FOUND, "db.no_database", "there is no database at %s", p->schema.p);
    if (there)
        return ST_OK;
    Str sql = str_format(cx->arena, "CREATE SCHEMA \"" STR_FMT "\"", STR_ARG(p->schema));
    return db_run(cx, cx->db, sql.p);
}

static Status prepare_schema(Ctx *cx, DbPool *p, bool create)
{
    TRY(db_postgres_lock(cx, true));
    Status st = make_schema(cx, p, create);
    if (st == ST_OK)
        st = db_migrate(cx, cx->db, &p->created);
    Ctx quiet = *cx;
    Status unlocked = db_postgres_lock(st == ST_OK ? cx : &quiet, false);
    return st == ST_OK ? unlocked : st;
}

static bool is_plain_name(Str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_'))
            return false;
    }
    return s.n > 0 && s.n < 64;
}

Status db_postgres_open(Ctx *cx, DbPool *p, bool create)
{
    if (!is_plain_name(p->schema))
        return FAIL(cx, ST_INVALID, "db.bad_schema", "%s is not a name of a schema", p->schema.p);
    Db *before = cx->db;
    cx->db = db_lease(p);
    cx->db->patience_ms = 0; /* a wrong address is told at once */
    cx->db->limit_ms = OPEN_LIMIT_MS;
    Status st = prepare_schema(cx, p, create);
    db_release(cx->db);
    cx->db = before;
    return st == ST_OK ? db_node_lease(cx, p) : st;
}
