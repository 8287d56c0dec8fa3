/* SPDX-License-Identifier: Apache-2.0 */
/* A page in the order of the id or of the time of change, out of the branches of the reader's predicate: each
 * comes from an index in that order, so that a merge of them stops after the page. SQLite merges a compound
 * SELECT by co-routines; PostgreSQL appends in order and drops repeats on the way. */
#include "query/list_merge.h"

static bool merge_order(const ListQuery *q, QueryOrder *ret)
{
    Str sort = str_trim(q->sort);
    bool up = str_is(sort, "id") || str_is(sort, "updated_at");
    *ret = (QueryOrder){.down = !up,
                        .by_time = str_is(sort, "updated_at") || str_is(sort, "-updated_at")};
    return sort.n == 0 || up || ret->by_time || str_is(sort, "-id");
}

static bool merge_may(const Ctx *cx, const ListQuery *q, bool narrowed)
{
    return !narrowed && cx->access && cx->access->branches && !cx->as_of && !q->deleted &&
           !q->parent_field;
}

bool list_merge_fits(Ctx *cx, const Object *o, const ListQuery *q, bool narrowed)
{
    QueryOrder order;
    bool walks;
    return merge_may(cx, q, narrowed) && merge_order(q, &order) &&
           cx->access->branches(cx, o, order.by_time, &walks) > 0;
}

bool list_merge_counts(Ctx *cx, const Object *o, const ListQuery *q, bool narrowed)
{
    bool walks;
    return merge_may(cx, q, narrowed) && cx->access->branches(cx, o, false, &walks) > 0 && !walks;
}

static void merge_keys(const QueryOrder *order, bool sorted, Sql *out)
{
    if (order->by_time)
        sql_lit(out, "k0");
    if (order->by_time && sorted && order->down)
        sql_lit(out, " DESC");
    if (order->by_time)
        sql_lit(out, ", ");
    sql_lit(out, "k");
    if (sorted && order->down)
        sql_lit(out, " DESC");
}

static void merge_end(const Base *b, const QueryOrder *order, int64_t limit, Sql *out)
{
    sql_lit(out, " ORDER BY ");
    merge_keys(order, true, out);
    sql_limit(out, b->scope.dialect, limit);
}

static void merge_lite(Base *b, const QueryOrder *order, size_t n, int64_t limit, Sql *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            sql_lit(out, " UNION ");
        b->cx->access->branch(b->cx, b->o, i, b->next_alias++, order, out);
    }
    merge_end(b, order, limit, out);
}

/* PostgreSQL takes a branch in the order of its index only where the branch itself asks for the order and the
 * first few; it reads all of a branch that only the whole orders. */
static void merge_postgres(Base *b, const QueryOrder *order, size_t n, int64_t limit, Sql *out)
{
    sql_lit(out, "SELECT DISTINCT ");
    merge_keys(order, false, out);
    sql_lit(out, " FROM (");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            sql_lit(out, " UNION ALL ");
        sql_lit(out, "(");
        b->cx->access->branch(b->cx, b->o, i, b->next_alias++, order, out);
        merge_end(b, order, limit, out);
        sql_lit(out, ")");
    }
    sql_lit(out, ") AS branches");
    merge_end(b, order, limit, out);
}

/* The ids of all branches, without order: a hash of them is cheaper than sorting. */
static void merge_all(Base *b, const QueryOrder *order, size_t n, int64_t limit, bool distinct,
                      Sql *out)
{
    if (distinct)
        sql_lit(out, "SELECT DISTINCT k FROM (");
    else
        sql_lit(out, "SELECT k FROM (");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            sql_lit(out, " UNION ALL ");
        b->cx->access->branch(b->cx, b->o, i, b->next_alias++, order, out);
    }
    sql_lit(out, ") AS branches");
    sql_limit(out, b->scope.dialect, limit);
}

static void merge_ordered(Base *b, const QueryOrder *order, int64_t limit, Sql *out)
{
    bool walks;
    size_t n = b->cx->access->branches(b->cx, b->o, order->by_time, &walks);
    if (db_kind_of(b->cx->db) == DB_SQLITE)
        merge_lite(b, order, n, limit, out);
    else if (order->counted)
        merge_all(b, order, n, limit, true, out);
    else
        merge_postgres(b, order, n, limit, out);
}

void list_merge_page(Base *b, const ListQuery *q, const DbVal *after, int64_t limit, Sql *out)
{
    QueryOrder order;
    (void)merge_order(q, &order);
    order.has_after = after != NULL;
    order.after_ms = after ? after[0].i : 0;
    order.after = after ? after[order.by_time].i : 0;
    merge_ordered(b, &order, limit, out);
}

/* CASE WHEN (one set alone) = most THEN most … ELSE (the merge): mostly one set reaches the cap at once. */
static void merge_count_sets(Base *b, int64_t most, Sql *out)
{
    const QueryAccess *access = b->cx->access;
    size_t n = access->branch_counts(b->cx, b->o);
    sql_lit(out, "SELECT CASE");
    for (size_t i = 0; i < n; i++) {
        sql_lit(out, " WHEN (");
        access->branch_count(b->cx, b->o, i, b->next_alias++, most, out);
        sql_lit(out, ") = ");
        sql_number(out, most);
        sql_lit(out, " THEN ");
        sql_number(out, most);
    }
    sql_lit(out, " ELSE (");
}

Status list_merge_count(Ctx *cx, const Object *o, int64_t most, int64_t *ret)
{
    bool walks, found;
    Base *b = filter_bare(cx, o);
    Sql text = sql_fragment(&b->sql);
    QueryOrder order = {
        .down = true, .counted = true, .by_time = cx->access->branches(cx, o, true, &walks) > 0};
    bool sets = order.by_time && most < INT64_MAX;
    CLEANUP(stmt) Stmt *st = NULL;
    if (sets)
        merge_count_sets(b, most, &text);
    sql_lit(&text, "SELECT count(*) FROM (");
    merge_ordered(b, &order, most, &text);
    sql_lit(&text, ") AS counted");
    if (sets)
        sql_lit(&text, ") END");
    TRY(filter_prepare(cx, &text, &st));
    TRY(db_next(st, &found));
    *ret = found ? db_col_int(st, 0) : 0;
    return ST_OK;
}

bool list_merge_ids(Base *b, int64_t most, Sql *out)
{
    const QueryAccess *access = b->cx->access;
    bool walks, timed;
    size_t n = access->branches(b->cx, b->o, false, &walks);
    QueryOrder order = {.counted = true};
    if (n == 0 || walks)
        return false;
    order.by_time = access->branches(b->cx, b->o, true, &timed) > 0;
    merge_all(b, &order, n, most, false, out);
    return true;
}

Status list_merge_many(Ctx *cx, const Object *o, const ListQuery *q, bool narrowed, int64_t most,
                       bool *ret)
{
    bool walks, found;
    *ret = false;
    if (!merge_may(cx, q, narrowed) || cx->access->branches(cx, o, false, &walks) == 0 || !walks)
        return ST_OK;
    Base *b = filter_bare(cx, o);
    Sql text = sql_fragment(&b->sql);
    CLEANUP(stmt) Stmt *st = NULL;
    cx->access->branch_count(cx, o, 0, b->scope.alias, most, &text);
    TRY(filter_prepare(cx, &text, &st));
    TRY(db_next(st, &found));
    *ret = found && db_col_int(st, 0) == most;
    return ST_OK;
}
