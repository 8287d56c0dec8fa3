/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of ids in conditions, and which lists a scope means. */
#include "access/access_internal.h"

void access_ids_list(Sql *q, const Id *ids, size_t n)
{
    if (n == 1) {
        sql_lit(q, " = ");
        sql_bind_int(q, ids[0]);
        return;
    }
    sql_lit(q, " IN (");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            sql_lit(q, ", ");
        sql_bind_int(q, ids[i]);
    }
    sql_lit(q, ")");
}

static void ids_add(const Id *ids, size_t n, Buf *out)
{
    for (size_t i = 0; i < n; i++) {
        if (out->n > 1)
            buf_char(out, ',');
        buf_int(out, ids[i]);
    }
}

/* A list of values would be put together again for each row, and planned anew at each run. */
static void ids_array(const Id *ids, size_t n, const Id *more, size_t n_more, Sql *q)
{
    Buf list = buf_in(q->arena, (n + n_more) * 21 + 3);
    buf_char(&list, '{');
    ids_add(ids, n, &list);
    ids_add(more, n_more, &list);
    buf_char(&list, '}');
    sql_lit(q, " IN (SELECT unnest(CAST(");
    sql_bind_text(q, buf_str(&list));
    sql_lit(q, " AS bigint[])))");
}

void access_ids_among(DbKind dialect, const Id *ids, size_t n, const Id *more, size_t n_more,
                      Sql *q)
{
    if (dialect != DB_SQLITE) {
        ids_array(ids, n, more, n_more, q);
        return;
    }
    sql_lit(q, " IN (");
    for (size_t i = 0; i < n + n_more; i++) {
        if (i > 0)
            sql_lit(q, ", ");
        sql_bind_int(q, i < n ? ids[i] : more[i - n]);
    }
    sql_lit(q, ")");
}

const Id *access_ids_people(const User *u, AccessScope scope, size_t *ret_n)
{
    bool below = scope == SCOPE_DEPARTMENT_BELOW;
    *ret_n = scope < SCOPE_DEPARTMENT ? 0 : below ? u->n_people : u->n_own_people;
    return below ? u->people : u->own_people;
}

const Id *access_ids_departments(const User *u, AccessScope scope, size_t *ret_n)
{
    bool below = scope == SCOPE_DEPARTMENT_BELOW;
    *ret_n = scope < SCOPE_DEPARTMENT ? 0 : below ? u->n_departments : u->n_own_departments;
    return below ? u->departments : u->own_departments;
}
