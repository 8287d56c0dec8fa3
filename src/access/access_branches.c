/* SPDX-License-Identifier: Apache-2.0 */
/* The predicate of reading once more, as branches that an index gives in the order of the id or of the time of
 * change: one per owner, ownerless department or pool, and principal of shares. A list in that order merges them
 * and reads little more than its page, however few records the person sees (docs/adr/0065, 0069). Where something else may open
 * records (an expression, a link that carries visibility), or where there are many branches, it cannot be
 * said so: then the list walks all records and asks the predicate of each. */
#include "access/access_internal.h"

enum {
    BRANCHES_MOST = 32,
    BRANCHES_OWNERS = 20 /* from more on they own so much that records are walked */
};

typedef enum BranchKind { OF_MANY, OF_OWNER, OF_DEPARTMENT, OF_POOL, OF_SHARE } BranchKind;

typedef struct OrderedBranch {
    BranchKind kind;
    ShareKind share;
    Id id;
} OrderedBranch;

typedef struct OrderedBranches {
    OrderedBranch v[BRANCHES_MOST + 1];
    size_t n; /* one more than fits: too many */
} OrderedBranches;

static void branches_add(OrderedBranches *b, BranchKind kind, ShareKind share, const Id *ids,
                         size_t n)
{
    for (size_t i = 0; i < n && b->n <= BRANCHES_MOST; i++)
        b->v[b->n++] = (OrderedBranch){.kind = kind, .share = share, .id = ids[i]};
}

static bool branches_owns(const User *u, Id id)
{
    for (size_t i = 0; i < u->n_owners; i++)
        if (u->owners[i] == id)
            return true;
    return false;
}

static void branches_people(const User *u, AccessScope scope, const Object *o, OrderedBranches *b)
{
    static const Id once[1] = {0};
    size_t n, n_departments;
    const Id *people = access_ids_people(u, scope, &n);
    const Id *departments = access_ids_departments(u, scope, &n_departments);
    if (u->n_owners + n > BRANCHES_OWNERS) {
        branches_add(b, OF_MANY, 0, once, 1);
        return;
    }
    branches_add(b, OF_OWNER, 0, u->owners, u->n_owners);
    if (scope < SCOPE_DEPARTMENT)
        return;
    for (size_t i = 0; i < n; i++)
        if (!branches_owns(u, people[i]))
            branches_add(b, OF_OWNER, 0, &people[i], 1);
    if (o->department)
        branches_add(b, OF_DEPARTMENT, 0, departments, n_departments);
}

static void branches_shares(const User *u, const Object *o, OrderedBranches *b)
{
    static const Id everyone[1] = {0};
    const ObjectRights *rights = &u->objects[o->number];
    if (!access_predicate_shared(u, o))
        return;
    branches_add(b, OF_SHARE, SHARE_USER, u->owners, u->n_owners);
    branches_add(b, OF_SHARE, SHARE_TEAM, u->teams, u->n_teams);
    branches_add(b, OF_SHARE, SHARE_DEPARTMENT, u->own_departments, u->n_own_departments);
    branches_add(b, OF_SHARE, SHARE_ROLE, u->role_ids, u->n_role_ids);
    branches_add(b, OF_SHARE, SHARE_EVERYONE, everyone, 1);
    branches_add(b, OF_SHARE, SHARE_SET, rights->read_sets, rights->n_read_sets);
}

/* An expression, or a link that carries visibility: known to the predicate alone. */
static bool branches_others(const User *u, const Object *o)
{
    const ObjectRights *rights = &u->objects[o->number];
    for (size_t i = 0; i < rights->n_exprs; i++)
        if (rights->exprs[i].action == ACCESS_READ)
            return true;
    for (size_t i = 0; i < o->n_fields; i++)
        if (o->fields[i]->visible_with)
            return true;
    return false;
}

static void branches_list(const Ctx *cx, const Object *o, OrderedBranches *ret)
{
    const User *u = cx->user;
    AccessScope scope = access_scope(cx, o, ACCESS_READ);
    ret->n = 0;
    if (!u || !u->id || !o->owner || scope == SCOPE_NONE || scope == SCOPE_ALL ||
        o->number >= u->n_objects || branches_others(u, o))
        return;
    branches_people(u, scope, o, ret);
    if (access_predicate_pool(o))
        branches_add(ret, OF_POOL, 0, u->pools, u->n_pools);
    branches_shares(u, o, ret);
}

size_t access_branches(const Ctx *cx, const Object *o, bool by_time, bool *ret_walks)
{
    OrderedBranches b;
    branches_list(cx, o, &b);
    *ret_walks = b.n > 0 && b.v[0].kind == OF_MANY;
    if (by_time && b.n && cx->user->objects[o->number].untimed)
        return 0;
    return b.n > BRANCHES_MOST ? 0 : b.n;
}

/* ---- as SQL */
/* AND (time, id) < (?, ?), or the id alone */
static void branches_after(const QueryOrder *order, const Sql *time, const Sql *id, Sql *q)
{
    if (!order->has_after)
        return;
    sql_lit(q, " AND ");
    if (order->by_time) {
        sql_lit(q, "(");
        sql_append(q, time);
        sql_lit(q, ", ");
    }
    sql_append(q, id);
    if (order->by_time)
        sql_lit(q, ")");
    if (order->down)
        sql_lit(q, " < ");
    else
        sql_lit(q, " > ");
    if (order->by_time) {
        sql_lit(q, "(");
        sql_bind_int(q, order->after_ms);
        sql_lit(q, ", ");
    }
    sql_bind_int(q, order->after);
    if (order->by_time)
        sql_lit(q, ")");
}

static void branches_columns(const QueryOrder *order, const Sql *time, const Sql *id, Sql *q)
{
    if (order->by_time) {
        sql_append(q, time);
        sql_lit(q, " AS k0, ");
    }
    sql_append(q, id);
    sql_lit(q, " AS k FROM ");
}

/* Of so many owners that walking the records is nearer than any index: the sign keeps SQLite from those. */
static void branches_many(const Ctx *cx, const Object *o, AccessScope scope, int alias, Sql *q)
{
    const User *u = cx->user;
    DbKind dialect = db_kind_of(cx->db);
    size_t n_people, n_departments;
    const Id *people = access_ids_people(u, scope, &n_people);
    const Id *departments = access_ids_departments(u, scope, &n_departments);
    sql_lit(q, "(+");
    sql_column(q, alias, o->owner, 0);
    access_ids_among(dialect, u->owners, u->n_owners, people, n_people, q);
    if (o->department && n_departments) {
        sql_lit(q, " OR (");
        sql_column(q, alias, o->owner, 0);
        sql_lit(q, " IS NULL AND +");
        sql_column(q, alias, o->department, 0);
        access_ids_among(dialect, departments, n_departments, NULL, 0, q);
        sql_lit(q, ")");
    }
    sql_lit(q, ")");
}

static void branches_where(const Ctx *cx, const OrderedBranch *b, AccessScope scope,
                           const Object *o, int alias, Sql *q)
{
    if (b->kind == OF_MANY) {
        branches_many(cx, o, scope, alias, q);
        return;
    }
    if (b->kind != OF_OWNER) {
        sql_column(q, alias, b->kind == OF_POOL ? access_predicate_pool(o) : o->department, 0);
        sql_lit(q, " = ");
        sql_bind_int(q, b->id);
        sql_lit(q, " AND ");
    }
    sql_column(q, alias, o->owner, 0);
    if (b->kind == OF_OWNER) {
        sql_lit(q, " = ");
        sql_bind_int(q, b->id);
    } else {
        sql_lit(q, " IS NULL");
    }
}

static void branches_of_records(const Ctx *cx, const Object *o, const OrderedBranch *b, int alias,
                                const QueryOrder *order, Sql *q)
{
    Sql time = sql_fragment(q), id = sql_fragment(q);
    sql_column(&time, alias, o->updated_at, 0);
    sql_column(&id, alias, o->id, 0);
    branches_columns(order, &time, &id, q);
    sql_table(q, o);
    sql_lit(q, " ");
    sql_alias(q, alias);
    sql_lit(q, " WHERE ");
    branches_where(cx, b, access_scope(cx, o, ACCESS_READ), o, alias, q);
    branches_after(order, &time, &id, q);
}

static void branches_share(const Ctx *cx, const Object *o, const OrderedBranch *b, Sql *q)
{
    sql_lit(q, "{gx_share} s WHERE s.object = ");
    sql_number(q, o->number);
    sql_lit(q, " AND s.kind = ");
    sql_number(q, b->share);
    sql_lit(q, " AND s.principal = ");
    sql_bind_int(q, b->id);
    sql_lit(q, " AND s.until > ");
    sql_bind_int(q, cx->now_ms);
}

/* Shares of records that are in the bin stay, hence the look at the record; the time says it by itself. */
static void branches_of_shares(const Ctx *cx, const Object *o, const OrderedBranch *b, int alias,
                               const QueryOrder *order, Sql *q)
{
    Sql time = sql_fragment(q), id = sql_fragment(q);
    sql_lit(&time, "s.touched");
    sql_lit(&id, "s.record");
    branches_columns(order, &time, &id, q);
    branches_share(cx, o, b, q);
    if (order->by_time)
        sql_lit(q, " AND s.touched >= 0");
    branches_after(order, &time, &id, q);
    if (order->by_time)
        return;
    sql_lit(q, " AND EXISTS (SELECT 1 FROM ");
    sql_table(q, o);
    sql_lit(q, " ");
    sql_alias(q, alias);
    sql_lit(q, " WHERE ");
    sql_column(q, alias, o->id, 0);
    sql_lit(q, " = s.record)");
}

void access_branch(const Ctx *cx, const Object *o, size_t i, int alias, const QueryOrder *order,
                   Sql *q)
{
    OrderedBranches b;
    branches_list(cx, o, &b);
    sql_lit(q, "SELECT ");
    if (b.v[i].kind == OF_SHARE && !order->counted && db_kind_of(cx->db) != DB_SQLITE)
        sql_lit(q,
                "DISTINCT "); /* of its first few none may come twice; SQLite's union sees to it */
    if (b.v[i].kind == OF_SHARE)
        branches_of_shares(cx, o, &b.v[i], alias, order, q);
    else
        branches_of_records(cx, o, &b.v[i], alias, order, q);
}

/* ---- counted: all owners are one set, each principal of shares is another */
static size_t branches_first_share(const OrderedBranches *b)
{
    size_t i = 0;
    while (i < b->n && b->v[i].kind != OF_SHARE)
        i++;
    return i;
}

size_t access_branch_counts(const Ctx *cx, const Object *o)
{
    OrderedBranches b;
    branches_list(cx, o, &b);
    return 1 + b.n - branches_first_share(&b);
}

static void branches_of_owners(const Ctx *cx, const Object *o, int alias, Sql *q)
{
    const User *u = cx->user;
    size_t n;
    const Id *people = access_ids_people(u, access_scope(cx, o, ACCESS_READ), &n);
    sql_lit(q, "1 AS one FROM ");
    sql_table(q, o);
    sql_lit(q, " ");
    sql_alias(q, alias);
    sql_lit(q, " WHERE ");
    sql_column(q, alias, o->owner, 0);
    access_ids_among(db_kind_of(cx->db), u->owners, u->n_owners, people, n, q);
}

void access_branch_count(const Ctx *cx, const Object *o, size_t i, int alias, int64_t most, Sql *q)
{
    OrderedBranches b;
    branches_list(cx, o, &b);
    sql_lit(q, "SELECT count(*) FROM (SELECT ");
    if (i == 0) {
        branches_of_owners(cx, o, alias, q);
    } else { /* a record may be shared by hand and as collaborator */
        sql_lit(q, "DISTINCT s.touched, s.record FROM ");
        branches_share(cx, o, &b.v[branches_first_share(&b) + i - 1], q);
        sql_lit(q, " AND s.touched >= 0");
    }
    sql_lit(q, " LIMIT ");
    sql_number(q, most);
    sql_lit(q, ") AS counted");
}
