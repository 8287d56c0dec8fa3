/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to a person beside the row of users: departments (main, others, those led), everything
 * below them and the people there, teams, pools, whom the person stands in for now, and of which objects
 * something was shared with all these. Read once per snapshot. */
#include "access/access_internal.h"
#include "access/share_rule.h"

enum { MAX_DEPARTMENTS = 1000, MAX_TEAMS = 1000, MAX_POOLS = 200, MAX_PEOPLE = 50000 };

/* A link field of an object, or NULL: organisations may have taken it away. */
static const Field *load_link(const Ctx *cx, const char *object, const char *name, FieldKind kind)
{
    const Object *o = meta_object(cx->meta, str_of(object));
    const Field *f = o ? object_field(o, str_of(name)) : NULL;
    return f && f->kind == kind ? f : NULL;
}

Status access_user_load_ids(Ctx *cx, Arena *to, const Sql *q, const Id **ret, size_t *ret_n)
{
    VEC(Id) ids = {0};
    CLEANUP(stmt) Stmt *st = NULL;
    TRY(db_prepare_str(cx, sql_text(q), &st));
    TRY(db_bind_all(st, q->vals->v, q->vals->n));
    for (bool more = true; more;) {
        TRY(db_next(st, &more));
        if (more)
            VEC_PUSH(to, &ids, db_col_id(st, 0));
    }
    *ret = ids.v;
    *ret_n = ids.n;
    return ST_OK;
}

static Status load_ids(Ctx *cx, const User *u, const Sql *q, const Id **ret, size_t *ret_n)
{
    return access_user_load_ids(cx, u->arena, q, ret, ret_n);
}

/* "SELECT f FROM its table WHERE " */
static void load_from(Sql *q, const Field *f)
{
    sql_lit(q, "SELECT ");
    sql_column(q, -1, f, 0);
    sql_lit(q, " FROM ");
    sql_table(q, f->object);
    sql_lit(q, " WHERE ");
}

/* "SELECT side FROM links table of f WHERE other side …" */
static void load_linked(Sql *q, const Field *f, bool targets, const Id *ids, size_t n)
{
    if (targets)
        sql_lit(q, "SELECT \"target\" FROM ");
    else
        sql_lit(q, "SELECT \"record\" FROM ");
    sql_links_table(q, f);
    if (targets)
        sql_lit(q, " WHERE \"record\"");
    else
        sql_lit(q, " WHERE \"target\"");
    access_ids_list(q, ids, n);
}

/* ---- departments */
static Status load_own_departments(Ctx *cx, User *u)
{
    const Field *others = load_link(cx, "user", "other_departments", F_LINKS),
                *manager = load_link(cx, "department", "manager", F_LINK),
                *deputies = load_link(cx, "department", "deputies", F_LINKS);
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT id FROM (SELECT ");
    sql_bind_int(&q, u->department);
    sql_lit(&q, " AS id");
    if (others) {
        sql_lit(&q, " UNION ");
        load_linked(&q, others, true, &u->id, 1);
    }
    if (deputies) {
        sql_lit(&q, " UNION ");
        load_linked(&q, deputies, false, &u->id, 1);
    }
    if (manager) {
        sql_lit(&q, " UNION ");
        load_from(&q, manager->object->id);
        sql_column(&q, -1, manager, 0);
        access_ids_list(&q, &u->id, 1);
    }
    sql_lit(&q, ") AS d WHERE id <> 0 ORDER BY id LIMIT ");
    sql_number(&q, MAX_DEPARTMENTS);
    return load_ids(cx, u, &q, &u->own_departments, &u->n_own_departments);
}

/* Those and all below; a cycle ends because UNION keeps rows once. */
static Status load_departments(Ctx *cx, User *u)
{
    const Field *parent = load_link(cx, "department", "parent", F_LINK);
    if (!parent || !u->n_own_departments)
        return ST_OK;
    const Object *o = parent->object;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "WITH RECURSIVE below(id) AS (SELECT ");
    sql_column(&q, 0, o->id, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    sql_lit(&q, " t0 WHERE id");
    access_ids_list(&q, u->own_departments, u->n_own_departments);
    sql_lit(&q, " UNION SELECT ");
    sql_column(&q, 1, o->id, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    sql_lit(&q, " t1 JOIN below ON below.id = ");
    sql_column(&q, 1, parent, 0);
    sql_lit(&q, ") SELECT id FROM below ORDER BY id LIMIT ");
    sql_number(&q, MAX_DEPARTMENTS);
    return load_ids(cx, u, &q, &u->departments, &u->n_departments);
}

static Status load_people(Ctx *cx, User *u, const Id *departments, size_t n, const Id **ret,
                          size_t *ret_n)
{
    const Field *department = load_link(cx, "user", "department", F_LINK);
    if (!department || n == 0)
        return ST_OK;
    Sql q = sql_new(cx->arena);
    load_from(&q, department->object->id);
    sql_column(&q, -1, department, 0);
    access_ids_list(&q, departments, n);
    sql_lit(&q, " ORDER BY \"id\" LIMIT ");
    sql_number(&q, MAX_PEOPLE);
    return load_ids(cx, u, &q, ret, ret_n);
}

/* ---- teams and pools */
static Status load_teams(Ctx *cx, User *u)
{
    const Field *team = load_link(cx, "team_member", "team", F_LINK),
                *user = load_link(cx, "team_member", "user", F_LINK);
    if (!team || !user)
        return ST_OK;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT DISTINCT ");
    sql_column(&q, -1, team, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, team->object);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, user, 0);
    access_ids_list(&q, &u->id, 1);
    sql_lit(&q, " AND ");
    sql_column(&q, -1, team, 0);
    sql_lit(&q, " IS NOT NULL ORDER BY 1 LIMIT ");
    sql_number(&q, MAX_TEAMS);
    return load_ids(cx, u, &q, &u->teams, &u->n_teams);
}

static void load_pools_of(Sql *q, const Field *f, const Id *ids, size_t n)
{
    if (!f || n == 0)
        return;
    sql_lit(q, " OR \"id\" IN (");
    load_linked(q, f, false, ids, n);
    sql_lit(q, ")");
}

/* As one of its users, managers, departments or roles. */
/* The departments I belong to and all above: a pool's member department brings those below it. */
static Status load_above(Ctx *cx, User *u, const Id **ret, size_t *ret_n)
{
    const Field *parent = load_link(cx, "department", "parent", F_LINK);
    *ret = u->own_departments;
    *ret_n = u->n_own_departments;
    if (!parent || !u->n_own_departments)
        return ST_OK;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "WITH RECURSIVE above(id, up) AS (SELECT id, ");
    sql_column(&q, 0, parent, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, parent->object);
    sql_lit(&q, " t0 WHERE id");
    access_ids_list(&q, u->own_departments, u->n_own_departments);
    sql_lit(&q, " UNION SELECT t1.id, ");
    sql_column(&q, 1, parent, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, parent->object);
    sql_lit(&q, " t1 JOIN above ON above.up = t1.id) SELECT DISTINCT id FROM above "
                "ORDER BY id LIMIT ");
    sql_number(&q, MAX_DEPARTMENTS);
    return load_ids(cx, u, &q, ret, ret_n);
}

static Status load_pools(Ctx *cx, User *u)
{
    const Id *above = NULL;
    size_t n_above = 0;
    const Object *pool = meta_object(cx->meta, STR("pool"));
    const Field *active = pool ? object_field(pool, STR("is_active")) : NULL;
    if (!pool)
        return ST_OK;
    TRY(load_above(cx, u, &above, &n_above));
    Sql q = sql_new(cx->arena);
    load_from(&q, pool->id);
    sql_lit(&q, "(1=0");
    load_pools_of(&q, load_link(cx, "pool", "users", F_LINKS), &u->id, 1);
    load_pools_of(&q, load_link(cx, "pool", "managers", F_LINKS), &u->id, 1);
    load_pools_of(&q, load_link(cx, "pool", "members", F_LINKS), above, n_above);
    load_pools_of(&q, load_link(cx, "pool", "roles", F_LINKS), u->role_ids, u->n_role_ids);
    sql_lit(&q, ")");
    if (active) {
        sql_lit(&q, " AND ");
        sql_column(&q, -1, active, 0);
        sql_lit(&q, " = ");
        sql_bind(&q, db_bool(true));
    }
    sql_lit(&q, " ORDER BY \"id\" LIMIT ");
    sql_number(&q, MAX_POOLS);
    return load_ids(cx, u, &q, &u->pools, &u->n_pools);
}

/* ---- whom the person stands in for */
typedef struct StandIn {
    int64_t from_ms, until_ms;
} StandIn;

static void load_next_moment(const Ctx *cx, User *u, const StandIn *s)
{
    if (s->from_ms > cx->now_ms && s->from_ms < u->valid_until_ms)
        u->valid_until_ms = s->from_ms;
    if (s->until_ms > cx->now_ms && s->until_ms < u->valid_until_ms)
        u->valid_until_ms = s->until_ms;
}

static Status load_owners(Ctx *cx, User *u)
{
    const Field *delegate = load_link(cx, "user", "delegate", F_LINK),
                *from = load_link(cx, "user", "delegate_from", F_DATETIME),
                *until = load_link(cx, "user", "delegate_until", F_DATETIME);
    VEC(Id) owners = {0};
    VEC_PUSH(u->arena, &owners, u->id);
    u->owners = owners.v;
    u->n_owners = owners.n;
    if (!delegate || !from || !until)
        return ST_OK;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT \"id\", ");
    sql_column(&q, -1, from, 0);
    sql_lit(&q, ", ");
    sql_column(&q, -1, until, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, delegate->object);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, delegate, 0);
    access_ids_list(&q, &u->id, 1);
    sql_lit(&q, " ORDER BY \"id\" LIMIT 1000");
    CLEANUP(stmt) Stmt *st = NULL;
    TRY(db_prepare_str(cx, sql_text(&q), &st));
    TRY(db_bind_all(st, q.vals->v, q.vals->n));
    for (bool more = true;;) {
        TRY(db_next(st, &more));
        if (!more)
            break;
        StandIn s = {db_col_null(st, 1) ? INT64_MAX : db_col_int(st, 1), /* never began */
                     db_col_null(st, 2) ? INT64_MAX : db_col_int(st, 2)};
        load_next_moment(cx, u, &s);
        if (s.from_ms <= cx->now_ms && cx->now_ms < s.until_ms)
            VEC_PUSH(u->arena, &owners, db_col_id(st, 0));
    }
    u->owners = owners.v;
    u->n_owners = owners.n;
    return ST_OK;
}

Status access_user_belongs(Ctx *cx, User *u)
{
    TRY(load_own_departments(cx, u));
    TRY(load_departments(cx, u));
    TRY(load_people(cx, u, u->own_departments, u->n_own_departments, &u->own_people,
                    &u->n_own_people));
    TRY(load_people(cx, u, u->departments, u->n_departments, &u->people, &u->n_people));
    TRY(load_teams(cx, u));
    TRY(load_pools(cx, u));
    return load_owners(cx, u);
}

/* ---- of which objects something is shared with the person */
static void load_principals(const Ctx *cx, Sql *q, ShareKind kind, const Id *ids, size_t n)
{
    if (n == 0)
        return;
    sql_lit(q, " OR EXISTS (SELECT 1 FROM {gx_share} s WHERE s.object = o.column1 AND s.kind = ");
    sql_number(q, kind);
    sql_lit(q, " AND s.principal");
    access_ids_list(q, ids, n);
    sql_lit(q, " AND s.until > ");
    sql_bind_int(q, cx->now_ms);
    sql_lit(q, ")");
}

/* Object by object, so that each is a look into the index. */
static void load_shared_objects(Ctx *cx, const User *u, Sql *q)
{
    static const Id nobody[1] = {0};
    sql_lit(q, "SELECT o.column1 FROM (VALUES ");
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        if (i)
            sql_lit(q, ", ");
        sql_lit(q, "(");
        sql_number(q, cx->meta->objects[i]->number);
        sql_lit(q, ")");
    }
    sql_lit(q, ") AS o WHERE 1=0");
    load_principals(cx, q, SHARE_USER, u->owners, u->n_owners);
    load_principals(cx, q, SHARE_TEAM, u->teams, u->n_teams);
    load_principals(cx, q, SHARE_DEPARTMENT, u->own_departments, u->n_own_departments);
    load_principals(cx, q, SHARE_ROLE, u->role_ids, u->n_role_ids);
    load_principals(cx, q, SHARE_EVERYONE, nobody, 1);
}

static void load_rule_principals(Sql *q, ShareKind kind, const Id *ids, size_t n)
{
    if (n == 0)
        return;
    sql_lit(q, " OR (kind = ");
    sql_number(q, kind);
    sql_lit(q, " AND principal");
    access_ids_list(q, ids, n);
    sql_lit(q, ")");
}

typedef struct LoadSets {
    VEC(Id) read, edit;
} LoadSets;

/* The sets of sharing rules that are meant for the person. */
static Status load_sets(Ctx *cx, User *u, LoadSets *of, size_t n)
{
    static const Id nobody[1] = {0};
    Sql q = sql_new(cx->arena);
    CLEANUP(stmt) Stmt *st = NULL;
    sql_lit(&q, "SELECT object, set_id, level FROM {gx_sharing_rule} WHERE (1=0");
    load_rule_principals(&q, SHARE_USER, u->owners, u->n_owners);
    load_rule_principals(&q, SHARE_TEAM, u->teams, u->n_teams);
    load_rule_principals(&q, SHARE_DEPARTMENT, u->own_departments, u->n_own_departments);
    load_rule_principals(&q, SHARE_ROLE, u->role_ids, u->n_role_ids);
    load_rule_principals(&q, SHARE_EVERYONE, nobody, 1);
    sql_lit(&q, ") ORDER BY set_id");
    TRY(db_prepare_str(cx, sql_text(&q), &st));
    TRY(db_bind_all(st, q.vals->v, q.vals->n));
    for (bool more = true;;) {
        TRY(db_next(st, &more));
        if (!more)
            return ST_OK;
        const Object *o = meta_object(cx->meta, db_col_text(st, 0));
        if (!o || o->number >= n)
            continue;
        VEC_PUSH(u->arena, &of[o->number].read, db_col_id(st, 1));
        if (db_col_int(st, 2) == SHARE_EDIT)
            VEC_PUSH(u->arena, &of[o->number].edit, db_col_id(st, 1));
    }
}

static Status load_rules(Ctx *cx, User *u, ObjectRights *rights, size_t n)
{
    LoadSets *of = ARENA_ARRAY(cx->arena, LoadSets, n);
    TRY(load_sets(cx, u, of, n));
    for (size_t i = 0; i < n; i++) {
        rights[i].read_sets = of[i].read.v;
        rights[i].n_read_sets = of[i].read.n;
        rights[i].edit_sets = of[i].edit.v;
        rights[i].n_edit_sets = of[i].edit.n;
        rights[i].shared = rights[i].shared || of[i].read.n;
    }
    return ST_OK;
}

/* Shares that an older program wrote and the sweep has not filled. */
static Status load_untimed(Ctx *cx, ObjectRights *rights, size_t n)
{
    const Id *objects;
    size_t some;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT DISTINCT object FROM {gx_share} WHERE touched = -2");
    TRY(access_user_load_ids(cx, cx->arena, &q, &objects, &some));
    for (size_t i = 0; i < some; i++)
        if (objects[i] >= 0 && (size_t)objects[i] < n)
            rights[objects[i]].untimed = true;
    return ST_OK;
}

Status access_user_shares(Ctx *cx, User *u, ObjectRights *rights, size_t n)
{
    Sql q = sql_new(cx->arena);
    CLEANUP(stmt) Stmt *st = NULL;
    if (!u->id || u->is_administrator)
        return ST_OK;
    TRY(load_rules(cx, u, rights, n));
    TRY(load_untimed(cx, rights, n));
    load_shared_objects(cx, u, &q);
    TRY(db_prepare_str(cx, sql_text(&q), &st));
    TRY(db_bind_all(st, q.vals->v, q.vals->n));
    for (bool more = true;;) {
        TRY(db_next(st, &more));
        if (!more)
            return ST_OK;
        int64_t number = db_col_int(st, 0);
        if (number >= 0 && (size_t)number < n)
            rights[number].shared = true;
    }
}
