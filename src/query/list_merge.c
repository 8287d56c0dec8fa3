/* SPDX-License-Identifier: Apache-2.0 */
/* A page in the order of the id, out of the branches of the reader's predicate: each comes from an index in
 * that order, so that a merge of them stops after the page. SQLite merges a compound SELECT by co-routines;
 * PostgreSQL appends in order and drops repeats on the way. */
#include "query/list_merge.h"

static bool merge_order(const ListQuery *q, QueryOrder *ret)
{
    Str sort = str_trim(q->sort);
    *ret = (QueryOrder){.down = !str_is(sort, "id")};
    return sort.n == 0 || str_is(sort, "-id") || str_is(sort, "id");
}

bool list_merge_fits(Ctx *cx, const Object *o, const ListQuery *q, bool narrowed)
{
    QueryOrder order;
    bool walks;
    return !narrowed && cx->access && cx->access->branches && !cx->as_of && !q->deleted &&
           !q->parent_field && merge_order(q, &order) && cx->access->branches(cx, o, &walks) > 0;
}

static void merge_branches(Base *b, const QueryOrder *order, bool lite, Sql *out)
{
    Ctx *cx = b->cx;
    bool walks;
    size_t n = cx->access->branches(cx, b->o, &walks);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && lite)
            sql_lit(out, " UNION ");
        else if (i > 0)
            sql_lit(out, " UNION ALL ");
        cx->access->branch(cx, b->o, i, b->next_alias++, order, out);
    }
}

void list_merge_page(Base *b, const ListQuery *q, const DbVal *after, int64_t limit, Sql *out)
{
    QueryOrder order;
    bool lite = db_kind_of(b->cx->db) == DB_SQLITE;
    (void)merge_order(q, &order);
    order.has_after = after != NULL;
    order.after = after ? after->i : 0;
    if (!lite)
        sql_lit(out, "SELECT DISTINCT k FROM (");
    merge_branches(b, &order, lite, out);
    if (!lite)
        sql_lit(out, ") branches");
    sql_lit(out, " ORDER BY k");
    if (order.down)
        sql_lit(out, " DESC");
    sql_lit(out, " LIMIT ");
    sql_bind_int(out, limit);
}

Status list_merge_count(Ctx *cx, const Object *o, const ListQuery *q, int64_t most, int64_t *ret)
{
    Base *b = filter_bare(cx, o);
    Sql text = sql_fragment(&b->sql);
    CLEANUP(stmt) Stmt *st = NULL;
    bool found;
    sql_lit(&text, "SELECT count(*) FROM (");
    list_merge_page(b, q, NULL, most, &text);
    sql_lit(&text, ") AS counted");
    TRY(filter_prepare(cx, &text, &st));
    TRY(db_next(st, &found));
    *ret = found ? db_col_int(st, 0) : 0;
    return ST_OK;
}
