/* SPDX-License-Identifier: Apache-2.0 */
/* The shares of a field that is removed, or comes back with its data. */
#include "meta/meta_shares.h"
#include "meta/sql.h"

static const char SQL_CLOSE[] =
    "DELETE FROM {gx_share} WHERE object = ?1 AND rule = ?2 AND source = ?3";

int meta_shares_kind(Str to)
{
    static const char *const kinds[] = {"user", "team", "department", "role"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(to, kinds[i]))
            return (int)i + 1;
    return 0;
}

void meta_shares_close(Plan *plan, const Field *f)
{
    const DbVal v[] = {db_int(f->object->number), db_int(META_SHARES_RULE(f)),
                       db_int(META_SHARES_SOURCE)};
    if (f->shares)
        plan_exec(plan, STR_SQL(SQL_CLOSE), v, COUNT_OF(v));
}

/* FROM … : the records with whom they name, as (t0, target). */
static void shares_from(Sql *q, const Field *f)
{
    sql_lit(q, " FROM ");
    sql_table(q, f->object);
    sql_lit(q, " t0");
    if (f->kind == F_LINKS) {
        sql_lit(q, " JOIN ");
        sql_links_table(q, f);
        sql_lit(q, " l ON l.\"record\" = t0.\"id\"");
    } else {
        sql_lit(q, " WHERE ");
        sql_column(q, 0, f, 0);
        sql_lit(q, " IS NOT NULL");
    }
}

static void shares_target(Sql *q, const Field *f)
{
    if (f->kind == F_LINKS)
        sql_lit(q, "l.\"target\"");
    else
        sql_column(q, 0, f, 0);
}

/* Ids below zero, a range for each field: no other row has such. */
void meta_shares_open(Ctx *cx, Plan *plan, const Field *f)
{
    Sql q = sql_new(cx->arena);
    meta_shares_close(plan, f);
    sql_lit(&q, "INSERT INTO {gx_share} (id, object, record, kind, principal, level, source, rule, "
                "until, by_user, at, touched) SELECT ");
    sql_bind_int(&q, META_SHARES_RULE(f) * ((int64_t)1 << 40));
    sql_lit(&q, " - row_number() OVER (ORDER BY t0.\"id\"), ");
    sql_number(&q, f->object->number);
    sql_lit(&q, ", t0.\"id\", ");
    sql_number(&q, meta_shares_kind(f->to_name));
    sql_lit(&q, ", ");
    shares_target(&q, f);
    sql_lit(&q, ", ");
    sql_number(&q, f->shares);
    sql_lit(&q, ", ");
    sql_number(&q, META_SHARES_SOURCE);
    sql_lit(&q, ", ");
    sql_bind_int(&q, META_SHARES_RULE(f));
    sql_lit(&q, ", ");
    sql_bind_int(&q, INT64_MAX);
    sql_lit(&q, ", ");
    sql_bind_int(&q, cx->user_id);
    sql_lit(&q, ", ");
    sql_bind_int(&q, cx->now_ms);
    sql_lit(&q, ", t0.\"updated_at\"");
    shares_from(&q, f);
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
}
