/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a statement's use: reset and back into its connection's cache. */
#include "db/db_internal.h"

void stmt_free(Stmt *q)
{
    if (!q)
        return;
    if (q->db->pool->kind == DB_SQLITE)
        db_sqlite_free(q);
    else
        db_postgres_free(q);
}
