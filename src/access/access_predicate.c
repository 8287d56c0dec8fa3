/* SPDX-License-Identifier: Apache-2.0 */
/* The predicate that every table reference carries: an OR of conditions that indexes can answer, none of
 * them correlated (docs/adr/0052). A branch is written only where it can be true for this user.
 *
 * A line is judged by its parent, a record without owner by who made it, a user also by himself.
 * Links that declare visible_with carry reading from what they lead to; the objects on the way are
 * remembered, so that a circle of such links ends. */
#include "access/access_internal.h"

enum {
    MAX_PATH = 8,      /* objects through which visibility is carried */
    PEOPLE_MOST = 1000 /* of more the list is longer than to read them again */
};

typedef struct Reach {
    Ctx *cx;
    const User *u;
    DbKind dialect;
    AccessAction action;
    Sql *q;
    int *next_alias;
    RowsAsked rows; /* of the record in hand */
    const Object *path[MAX_PATH];
    size_t depth;
    size_t branches; /* of the condition in hand */
    uint8_t only;    /* AccessBranch; 0: all. Of the record itself, not of what it is judged by */
} Reach;

static bool predicate_wants(const Reach *r, AccessBranch branch)
{
    return !r->only || r->depth > 1 || r->only == branch;
}

static void predicate_or(Reach *r)
{
    if (r->branches++)
        sql_lit(r->q, " OR ");
}

/* ---- owner, departments, pools */
static void predicate_owner(Reach *r, const Field *owner, int alias)
{
    predicate_or(r);
    sql_column(r->q, alias, owner, 0);
    access_ids_list(r->q, r->u->owners, r->u->n_owners);
}

static const Field *predicate_user_department(const Reach *r)
{
    const Object *o = meta_object(r->cx->meta, STR("user"));
    return o ? object_field(o, STR("department")) : NULL;
}

/* SQLite reads the people of the departments there; PostgreSQL takes those that are known, as one value: without a
 * table more it plans faster, and the plan for any value serves. */
static void predicate_people(Reach *r, const Object *o, AccessScope scope, int alias)
{
    size_t n, n_departments;
    const Id *people = access_ids_people(r->u, scope, &n);
    const Id *departments = access_ids_departments(r->u, scope, &n_departments);
    const Field *of_user = predicate_user_department(r);
    if (r->dialect != DB_SQLITE && n <= PEOPLE_MOST) {
        predicate_or(r);
        sql_column(r->q, alias, o->owner, 0);
        access_ids_among(r->dialect, r->u->owners, r->u->n_owners, people, n, r->q);
        return;
    }
    predicate_owner(r, o->owner, alias);
    if (n_departments == 0 || !of_user)
        return;
    predicate_or(r);
    sql_column(r->q, alias, o->owner, 0);
    sql_lit(r->q, " IN (SELECT \"id\" FROM ");
    sql_table(r->q, of_user->object);
    sql_lit(r->q, " WHERE ");
    sql_column(r->q, -1, of_user, 0);
    access_ids_list(r->q, departments, n_departments);
    sql_lit(r->q, ")");
}

static void predicate_departments(Reach *r, const Object *o, AccessScope scope, int alias)
{
    size_t n;
    const Id *ids = access_ids_departments(r->u, scope, &n);
    predicate_people(r, o, scope, alias);
    if (n == 0 || !o->department || !predicate_user_department(r))
        return;
    sql_lit(r->q, " OR (");
    sql_column(r->q, alias, o->owner, 0);
    sql_lit(r->q, " IS NULL AND ");
    sql_column(r->q, alias, o->department, 0);
    if (n == 1)
        access_ids_list(r->q, ids, n);
    else
        access_ids_among(r->dialect, ids, n, NULL, 0, r->q);
    sql_lit(r->q, ")");
}

const Field *access_predicate_pool(const Object *o)
{
    const Field *f = o->traits & TRAIT_POOLED && o->owner ? object_field(o, STR("pool")) : NULL;
    return f && f->kind == F_LINK ? f : NULL;
}

static void predicate_pools(Reach *r, const Object *o, int alias)
{
    const Field *pool = access_predicate_pool(o);
    if (!pool || r->action != ACCESS_READ || r->u->n_pools == 0)
        return;
    predicate_or(r);
    sql_lit(r->q, "(");
    sql_column(r->q, alias, o->owner, 0);
    sql_lit(r->q, " IS NULL AND ");
    sql_column(r->q, alias, pool, 0);
    access_ids_list(r->q, r->u->pools, r->u->n_pools);
    sql_lit(r->q, ")");
}

/* ---- shares */
static bool predicate_shares_count(AccessAction action, AccessScope scope)
{
    return action == ACCESS_READ || action == ACCESS_UPDATE || scope >= SCOPE_COLLABORATORS;
}

static void predicate_shares_of(Reach *r, const Object *o, ShareKind kind, const Id *ids, size_t n,
                                bool first)
{
    Sql *q = r->q;
    if (!first)
        sql_lit(q, " UNION ALL ");
    sql_lit(q, "SELECT record FROM {gx_share} WHERE object = ");
    sql_number(q, o->number);
    sql_lit(q, " AND kind = ");
    sql_number(q, kind);
    sql_lit(q, " AND principal");
    access_ids_list(q, ids, n);
    if (r->action != ACCESS_READ) {
        sql_lit(q, " AND level = ");
        sql_number(q, SHARE_EDIT);
    }
    sql_lit(q, " AND until > ");
    sql_bind_int(q, r->cx->now_ms);
}

static void predicate_share_set(Reach *r, const Object *o, int alias)
{
    sql_column(r->q, alias, o->id, 0);
    sql_lit(r->q, " IN (");
}

/* Of few rows: found by the record, of which there are few shares, whoever they are for. The signs keep
 * SQLite from looking once per principal instead. */
static void predicate_share_of_row(Reach *r, const Object *o, int alias)
{
    sql_lit(r->q, "EXISTS (SELECT 1 FROM {gx_share} s WHERE s.object = ");
    sql_number(r->q, o->number);
    sql_lit(r->q, " AND s.record = ");
    sql_column(r->q, alias, o->id, 0);
    if (r->action != ACCESS_READ) {
        sql_lit(r->q, " AND s.level = ");
        sql_number(r->q, SHARE_EDIT);
    }
    sql_lit(r->q, " AND s.until > ");
    sql_bind_int(r->q, r->cx->now_ms);
    sql_lit(r->q, " AND (");
}

static void predicate_shares_with(Reach *r, ShareKind kind, const Id *ids, size_t n, bool first)
{
    if (!first)
        sql_lit(r->q, " OR ");
    sql_lit(r->q, "(+s.kind = ");
    sql_number(r->q, kind);
    sql_lit(r->q, " AND +s.principal");
    access_ids_list(r->q, ids, n);
    sql_lit(r->q, ")");
}

static void predicate_shares(Reach *r, const Object *o, AccessScope scope, int alias)
{
    static const Id nobody[1] = {0};
    const User *u = r->u;
    if (!access_predicate_shared(u, o) || !predicate_shares_count(r->action, scope))
        return;
    const ObjectRights *rights = &u->objects[o->number];
    bool reads = r->action == ACCESS_READ;
    const Id *sets = reads ? rights->read_sets : rights->edit_sets;
    size_t n_sets = reads ? rights->n_read_sets : rights->n_edit_sets;
    const struct {
        ShareKind kind;
        const Id *ids;
        size_t n;
    } of[] = {{SHARE_USER, u->owners, u->n_owners},
              {SHARE_TEAM, u->teams, u->n_teams},
              {SHARE_DEPARTMENT, u->own_departments, u->n_own_departments},
              {SHARE_ROLE, u->role_ids, u->n_role_ids},
              {SHARE_EVERYONE, nobody, 1},
              {SHARE_SET, sets, n_sets}};
    bool first = true;
    bool by_row = r->rows == ROWS_FEW || (r->rows == ROWS_WALKED && r->depth == 1);
    predicate_or(r);
    if (by_row)
        predicate_share_of_row(r, o, alias);
    else
        predicate_share_set(r, o, alias);
    for (size_t i = 0; i < COUNT_OF(of); i++) {
        if (of[i].n == 0)
            continue;
        if (by_row)
            predicate_shares_with(r, of[i].kind, of[i].ids, of[i].n, first);
        else
            predicate_shares_of(r, o, of[i].kind, of[i].ids, of[i].n, first);
        first = false;
    }
    if (by_row)
        sql_lit(r->q, ")");
    sql_lit(r->q, ")");
}

bool access_predicate_shared(const User *u, const Object *o)
{
    return o->number < u->n_objects && u->objects[o->number].shared;
}

/* ---- expressions of roles */
static Status predicate_exprs(Reach *r, const Object *o, int alias)
{
    const ObjectRights *rights = o->number < r->u->n_objects ? &r->u->objects[o->number] : NULL;
    for (size_t i = 0; rights && i < rights->n_exprs; i++) {
        if (rights->exprs[i].action != r->action)
            continue;
        predicate_or(r);
        TRY(access_rule_sql(r->cx, o, r->dialect, rights->exprs[i].text, alias, r->q,
                            r->next_alias));
    }
    return ST_OK;
}

/* ---- through links */
static Status predicate_condition(Reach *r, const Object *o, AccessScope scope, int alias);

static bool predicate_visits(const Reach *r, const Object *o)
{
    for (size_t i = 0; i < r->depth; i++)
        if (r->path[i] == o)
            return true;
    return r->depth == MAX_PATH;
}

/* (SELECT id FROM parent WHERE …) with a condition of its own. */
static Status predicate_among(Reach *r, const Object *parent, AccessScope scope)
{
    size_t branches = r->branches;
    int inner = (*r->next_alias)++;
    sql_lit(r->q, "(SELECT ");
    sql_column(r->q, inner, parent->id, 0);
    sql_lit(r->q, " FROM ");
    sql_table(r->q, parent);
    sql_lit(r->q, " ");
    sql_alias(r->q, inner);
    sql_lit(r->q, " WHERE ");
    TRY(predicate_condition(r, parent, scope, inner));
    sql_lit(r->q, ")");
    r->branches = branches;
    return ST_OK;
}

/* What the link leads to is one he sees: of a set of all such, or of each record of few. */
static Status predicate_leads(Reach *r, const Field *link, int alias, const Object *to,
                              AccessScope scope)
{
    size_t branches = r->branches;
    if (r->rows != ROWS_FEW) {
        sql_column(r->q, alias, link, 0);
        sql_lit(r->q, " IN ");
        return predicate_among(r, to, scope);
    }
    int inner = (*r->next_alias)++;
    sql_lit(r->q, "EXISTS (SELECT 1 FROM ");
    sql_table(r->q, to);
    sql_lit(r->q, " ");
    sql_alias(r->q, inner);
    sql_lit(r->q, " WHERE ");
    sql_column(r->q, inner, to->id, 0);
    sql_lit(r->q, " = ");
    sql_column(r->q, alias, link, 0);
    sql_lit(r->q, " AND ");
    TRY(predicate_condition(r, to, scope, inner));
    sql_lit(r->q, ")");
    r->branches = branches;
    return ST_OK;
}

/* A set, from inside of which no record of the outside is asked. */
static Status predicate_of_links(Reach *r, const Field *link, int alias, const Object *to,
                                 AccessScope scope)
{
    RowsAsked rows = r->rows;
    sql_column(r->q, alias, link->object->id, 0);
    sql_lit(r->q, " IN (SELECT record FROM ");
    sql_links_table(r->q, link);
    sql_lit(r->q, " WHERE target");
    if (scope == SCOPE_ALL) {
        sql_lit(r->q, " IS NOT NULL)");
        return ST_OK;
    }
    sql_lit(r->q, " IN ");
    r->rows = ROWS_MANY;
    TRY(predicate_among(r, to, scope));
    r->rows = rows;
    sql_lit(r->q, ")");
    return ST_OK;
}

static Status predicate_through(Reach *r, const Field *link, int alias)
{
    const Object *to = link->to;
    AccessScope scope = access_scope(r->cx, to, ACCESS_READ);
    if (!access_may_some(r->cx, to, ACCESS_READ) || predicate_visits(r, to))
        return ST_OK;
    predicate_or(r);
    if (link->kind == F_LINKS)
        return predicate_of_links(r, link, alias, to, scope);
    if (scope != SCOPE_ALL)
        return predicate_leads(r, link, alias, to, scope);
    sql_column(r->q, alias, link, 0);
    sql_lit(r->q, " IS NOT NULL");
    return ST_OK;
}

/* A link to any of a few objects: one branch each. To anything: lists of one record alone (query/filter.c). */
static Status predicate_through_any(Reach *r, const Field *link, int alias)
{
    for (size_t i = 0; i < link->n_to_any; i++) {
        const Object *to = link->to_any[i];
        if (!access_may_some(r->cx, to, ACCESS_READ) || predicate_visits(r, to))
            continue;
        predicate_or(r);
        sql_lit(r->q, "(");
        sql_kind(r->q, alias, link, to);
        if (access_scope(r->cx, to, ACCESS_READ) != SCOPE_ALL) {
            sql_lit(r->q, " AND ");
            TRY(predicate_leads(r, link, alias, to, access_scope(r->cx, to, ACCESS_READ)));
        }
        sql_lit(r->q, ")");
    }
    return ST_OK;
}

static Status predicate_inherited(Reach *r, const Object *o, int alias)
{
    if (r->action != ACCESS_READ)
        return ST_OK;
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (f->visible_with && f->to)
            TRY(predicate_through(r, f, alias));
        else if (f->visible_with && f->kind == F_ANY_LINK)
            TRY(predicate_through_any(r, f, alias));
    }
    return ST_OK;
}

const Field *access_predicate_parent(const Object *o)
{
    return o->parent && !o->owner && o->parent->to && o->parent->to != o ? o->parent : NULL;
}

static Status predicate_parent(Reach *r, const Object *o, AccessScope scope, int alias)
{
    predicate_or(r);
    return predicate_leads(r, o->parent, alias, o->parent->to, scope);
}

/* ---- the whole */
static Status predicate_whose(Reach *r, const Object *o, AccessScope scope, int alias)
{
    if (access_predicate_parent(o))
        return predicate_parent(r, o, scope, alias);
    if (str_is(o->name, "user")) {
        predicate_or(r);
        sql_column(r->q, alias, o->id, 0);
        access_ids_list(r->q, &r->u->id, 1);
    } else if (!o->owner) {
        predicate_owner(r, o->created_by, alias);
    } else if (scope >= SCOPE_DEPARTMENT) {
        predicate_departments(r, o, scope, alias);
    } else {
        predicate_owner(r, o->owner, alias);
    }
    return ST_OK;
}

static Status predicate_others(Reach *r, const Object *o, AccessScope scope, int alias)
{
    if (predicate_wants(r, BRANCH_POOL))
        predicate_pools(r, o, alias);
    if (predicate_wants(r, BRANCH_SHARE))
        predicate_shares(r, o, scope, alias);
    if (predicate_wants(r, BRANCH_EXPR))
        TRY(predicate_exprs(r, o, alias));
    return predicate_wants(r, BRANCH_LINK) ? predicate_inherited(r, o, alias) : ST_OK;
}

static Status predicate_condition(Reach *r, const Object *o, AccessScope scope, int alias)
{
    bool self = r->action == ACCESS_READ && str_is(o->name, "user"); /* whom everybody sees */
    bool some = scope != SCOPE_NONE || access_may_some(r->cx, o, r->action);
    r->branches = 0;
    if (r->depth < MAX_PATH)
        r->path[r->depth] = o;
    r->depth++;
    sql_lit(r->q, "(");
    if ((scope != SCOPE_NONE || self) && predicate_wants(r, BRANCH_WHOSE))
        TRY(predicate_whose(r, o, scope, alias));
    if (some)
        TRY(predicate_others(r, o, scope, alias));
    if (!r->branches)
        sql_lit(r->q, "1=0");
    sql_lit(r->q, ")");
    r->depth--;
    return ST_OK;
}

static Status predicate_write(Ctx *cx, const Object *o, AccessAction action, AccessBranch only,
                              int alias, Sql *q, int *next_alias)
{
    AccessScope scope = access_scope(cx, o, action);
    if (scope == SCOPE_ALL)
        return ST_OK;
    bool self = action == ACCESS_READ && str_is(o->name, "user");
    if (!cx->user || !cx->user->id || !(access_may_some(cx, o, action) || self)) {
        sql_lit(q, " AND 1=0");
        return ST_OK;
    }
    Reach r = {.cx = cx,
               .u = cx->user,
               .dialect = db_kind_of(cx->db),
               .only = only,
               .action = action,
               .rows = cx->by_row,
               .q = q,
               .next_alias = next_alias};
    sql_lit(q, " AND ");
    return predicate_condition(&r, o, scope, alias);
}

Status access_predicate_for(Ctx *cx, const Object *o, AccessAction action, DbKind dialect UNUSED,
                            int alias, Sql *q, int *next_alias)
{
    return predicate_write(cx, o, action, BRANCH_ANY, alias, q, next_alias);
}

/* ---- one record */
/* Could a branch that memory does not know say yes? */
bool access_predicate_asks(const Ctx *cx, const Object *o, AccessAction action)
{
    const User *u = cx->user;
    if (!u->n_objects)
        return false;
    for (const Object *at = o; at; at = access_predicate_parent(at) ? at->parent->to : NULL) {
        const ObjectRights *rights = &u->objects[at->number];
        if (rights->shared && predicate_shares_count(action, access_scope(cx, o, action)))
            return true;
        for (size_t i = 0; i < rights->n_exprs; i++)
            if (rights->exprs[i].action == action)
                return true;
        for (size_t i = 0; action == ACCESS_READ && i < at->n_fields; i++)
            if (at->fields[i]->visible_with)
                return true;
    }
    return false;
}

static Status predicate_finds(Ctx *cx, const Object *o, AccessAction action, AccessBranch only,
                              Id id, bool twin, bool *ret)
{
    int next_alias = 1;
    CLEANUP(stmt) Stmt *st = NULL;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT 1 FROM ");
    if (twin)
        sql_twin(&q, o);
    else
        sql_table(&q, o);
    sql_lit(&q, " t0 WHERE t0.\"id\" = ");
    sql_bind_int(&q, id);
    if (twin) {
        sql_lit(&q,
                " AND t0.\"op\" = 'delete' AND t0.\"changed\" = (SELECT max(l.\"changed\") FROM ");
        sql_twin(&q, o);
        sql_lit(&q, " l WHERE l.\"id\" = t0.\"id\")");
    }
    cx->by_row = ROWS_FEW;
    Status written = predicate_write(cx, o, action, only, 0, &q, &next_alias);
    cx->by_row = ROWS_MANY;
    TRY(written);
    TRY(db_prepare_str(cx, sql_text(&q), &st));
    TRY(db_bind_all(st, q.vals->v, q.vals->n));
    return db_next(st, ret);
}

static Status predicate_is_live(Ctx *cx, const Object *o, Id id, bool *ret)
{
    CLEANUP(stmt) Stmt *st = NULL;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT 1 FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE \"id\" = ");
    sql_bind_int(&q, id);
    TRY(db_prepare_str(cx, sql_text(&q), &st));
    TRY(db_bind_all(st, q.vals->v, q.vals->n));
    return db_next(st, ret);
}

Status access_predicate_one(Ctx *cx, const Object *o, AccessAction action, Id id, bool *ret)
{
    bool live = false;
    TRY(predicate_finds(cx, o, action, BRANCH_ANY, id, false, ret));
    if (*ret || !o->history)
        return ST_OK;
    TRY(predicate_is_live(cx, o, id, &live));
    return live ? ST_OK : predicate_finds(cx, o, action, BRANCH_ANY, id, true, ret);
}

Status access_predicate_branch(Ctx *cx, const Object *o, AccessAction action, AccessBranch only,
                               Id id, bool *ret)
{
    return predicate_finds(cx, o, action, only, id, false, ret);
}
