/* SPDX-License-Identifier: Apache-2.0 */
/* Where the reader stands. The move is part of the plan that carries what was read, and expects the
 * old place: of two nodes that read the same, one writes. */
#include "notify/notify_internal.h"

static const char SQL_GET[] = "SELECT value FROM {gx_setting} WHERE name = ?1";
static const char SQL_NEW[] = "INSERT INTO {gx_setting} (name, value) VALUES (?1, ?2)";
static const char SQL_MOVE[] = "UPDATE {gx_setting} SET value = ?2 WHERE name = ?1 AND value = ?3";

Status notify_position(Ctx *cx, const char *name, int64_t first, int64_t *ret, Str *ret_was)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_GET, &q));
    TRY(db_bind_text(q, 1, str_of(name)));
    TRY(db_next(q, &found));
    *ret_was = found ? str_copy(cx->arena, db_col_text(q, 0)) : STR_NULL;
    if (!found || !str_int(*ret_was, ret))
        *ret = first;
    return ST_OK;
}

void notify_move(Ctx *cx, Plan *plan, const char *name, Str was, int64_t to)
{
    const DbVal v[] = {db_text(str_of(name)), db_text(str_format(cx->arena, "%lld", (long long)to)),
                       db_text(was)};
    if (was.p)
        plan_expect(plan, STR_SQL(SQL_MOVE), v, COUNT_OF(v), 1);
    else
        plan_exec(plan, STR_SQL(SQL_NEW), v, 2);
}
