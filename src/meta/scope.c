/* SPDX-License-Identifier: Apache-2.0 */
/* The table references of one SELECT: each linked record joined once, with the reader's predicate
 * (see sql.h). */
#include "meta/sql.h"

SqlScope scope_new(Ctx *cx, DbKind dialect, const Object *o, const Sql *statement, int *next_alias,
                   const SqlScope *outer)
{
    return (SqlScope){.cx = cx,
                      .dialect = dialect,
                      .object = o,
                      .alias = (*next_alias)++,
                      .next_alias = next_alias,
                      .from = sql_fragment(statement),
                      .outer = outer};
}

static const SqlJoin *scope_joined(const SqlScope *s, int alias, const Field *link)
{
    for (size_t i = 0; i < s->joins.n; i++) {
        const SqlJoin *j = &s->joins.v[i];
        if (j->parent == alias && j->field == link)
            return j;
    }
    return NULL;
}

Status scope_join(SqlScope *s, int alias, const Field *link, int *ret_alias)
{
    const SqlJoin *known = scope_joined(s, alias, link);
    if (known) {
        *ret_alias = known->alias;
        return ST_OK;
    }
    int joined = (*s->next_alias)++;
    Sql *q = &s->from;
    sql_lit(q, " LEFT JOIN ");
    sql_table(q, link->to);
    sql_lit(q, " ");
    sql_alias(q, joined);
    sql_lit(q, " ON ");
    sql_column(q, joined, link->to->id, 0);
    sql_lit(q, " = ");
    sql_column(q, alias, link, 0);
    if (s->cx->access)
        TRY(s->cx->access->predicate(s->cx, link->to, s->dialect, joined, q, s->next_alias));
    SqlJoin j = {.parent = alias, .field = link, .alias = joined};
    VEC_PUSH(q->arena, &s->joins, j);
    *ret_alias = joined;
    return ST_OK;
}
