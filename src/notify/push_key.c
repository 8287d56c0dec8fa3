/* SPDX-License-Identifier: Apache-2.0 */
/* The key that says to push services who sends. It is sealed in {gx_setting}; were it another one, every
 * browser would have to be asked again. */
#include "notify/notify_internal.h"
#include "notify/push.h"
#include <string.h>

#define NAME "push.key"

static const char SQL_GET[] = "SELECT value FROM {gx_setting} WHERE name = '" NAME "'";
static const char SQL_NEW[] = "INSERT INTO {gx_setting} (name, value) VALUES ('" NAME "', ?1) ON "
                              "CONFLICT (name) DO NOTHING";

static Status read_key(Ctx *cx, const Vault *vault, PushKey *ret, bool *ret_stored, bool *ret_there)
{
    CLEANUP(stmt) Stmt *q = NULL;
    Str plain;
    TRY(db_prepare(cx, SQL_GET, &q));
    TRY(db_next(q, ret_stored));
    *ret_there = *ret_stored &&
                 vault_unseal(vault, cx->arena, STR(NAME), db_col_text(q, 0), &plain) &&
                 plain.n == sizeof *ret;
    if (*ret_there)
        memcpy(ret, plain.p, sizeof *ret);
    return ST_OK;
}

/* Of two nodes that start together, both take the key that was there first. */
Status push_key_open(Ctx *cx, DbPool *pool, const Vault *vault, PushKey *ret, bool *ret_there)
{
    bool stored = false;
    PlanResult result;
    TRY(read_key(cx, vault, ret, &stored, ret_there));
    if (stored || !vault || !push_key_make(ret))
        return ST_OK;
    Str sealed = vault_seal(vault, cx->arena, STR(NAME), str_n((const char *)ret, sizeof *ret));
    Plan *plan = plan_new(cx);
    const DbVal v[] = {db_text(sealed)};
    plan_exec(plan, STR_SQL(SQL_NEW), v, COUNT_OF(v));
    TRY(db_apply(pool, cx, plan, &result));
    return read_key(cx, vault, ret, &stored, ret_there);
}
