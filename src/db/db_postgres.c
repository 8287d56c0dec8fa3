/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL: in work; opening says so. */
#include "db/db_internal.h"
#include <stdlib.h>
Status db_postgres_open(Ctx *cx, DbPool *p, bool create)
{
    (void)p, (void)create;
    return FAIL(cx, ST_INTERNAL, "db.no_postgres", "PostgreSQL is not there yet");
}
Status db_postgres_connect(Ctx *cx, Db *db) { return db_postgres_open(cx, db->pool, false); }
void db_postgres_close(Db *db) { (void)db; }
Status db_postgres_run(Ctx *cx, Db *db, const char *sql) { (void)sql; return db_postgres_connect(cx, db); }
Status db_postgres_prepare(Ctx *cx, Db *db, Str sql, Stmt **ret) { (void)sql, (void)ret; return db_postgres_connect(cx, db); }
void db_postgres_free(Stmt *q) { (void)q; }
Status db_postgres_bind(Stmt *q, int index, DbVal v) { (void)index, (void)v; return db_postgres_connect(q->cx, q->db); }
Status db_postgres_next(Stmt *q, bool *ret_row) { (void)ret_row; return db_postgres_connect(q->cx, q->db); }
bool db_postgres_col_null(const Stmt *q, int col) { (void)q, (void)col; return true; }
int64_t db_postgres_col_int(const Stmt *q, int col) { (void)q, (void)col; return 0; }
double db_postgres_col_real(const Stmt *q, int col) { (void)q, (void)col; return 0; }
Str db_postgres_col_text(const Stmt *q, int col) { (void)q, (void)col; return STR_NULL; }
void db_postgres_apply(DbPool *p, Ctx *cx, Plan *plan) { (void)p, (void)cx; plan->done(plan->arg, ST_INTERNAL, &plan->result); }
void db_node_release(DbPool *p) { (void)p; }
