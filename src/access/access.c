/* SPDX-License-Identifier: Apache-2.0 */
/* What the acting user may do, and the predicate that every table reference carries.
 *
 * Predicates are ORs of indexable conditions without correlation (a correlated EXISTS costs 12 ms
 * where this form costs 0.2). A line is as visible as its parent; a record without owner belongs to
 * whoever made it; everybody sees himself among the users. */
#include "access/access_internal.h"

static const ObjectRights *access_rights(const Ctx *cx, const Object *o)
{
    const User *u = cx->user;
    return u && o->number < u->n_objects ? &u->objects[o->number] : NULL;
}

AccessScope access_scope(const Ctx *cx, const Object *o, AccessAction action)
{
    if (cx->user && cx->user->is_administrator)
        return SCOPE_ALL;
    const ObjectRights *r = access_rights(cx, o);
    return r ? (AccessScope)r->scope[action] : SCOPE_NONE;
}

FieldRight access_field(const Ctx *cx, const Field *f)
{
    if (cx->user && cx->user->is_administrator)
        return FIELD_WRITE;
    const ObjectRights *r = access_rights(cx, f->object);
    if (!r)
        return FIELD_HIDDEN;
    return r->fields ? (FieldRight)r->fields[f->index] : FIELD_WRITE;
}

bool access_may(const Ctx *cx, const Object *o, AccessAction action, const AccessRecord *r)
{
    AccessScope scope = access_scope(cx, o, action);
    if (scope == SCOPE_ALL)
        return true;
    if (!cx->user || access_rights_is_flag(action))
        return false;
    if (scope == SCOPE_NONE && action != ACCESS_READ)
        return false;
    return access_rights_cover(cx->user, o, scope, r);
}

Status access_require(Ctx *cx, const Object *o, AccessAction action, const AccessRecord *r)
{
    if (access_may(cx, o, action, r))
        return ST_OK;
    return FAIL(cx, ST_DENIED, "access.denied", "you may not %s this " STR_FMT,
                access_rights_actions[action], STR_ARG(o->name));
}

bool access_has_right(const Ctx *cx, const char *system_right)
{
    const User *u = cx->user;
    if (!u || u->is_administrator)
        return u != NULL;
    for (size_t i = 0; i < u->n_system; i++)
        if (str_is(u->system[i], system_right))
            return true;
    return false;
}

Status access_require_right(Ctx *cx, const char *system_right)
{
    if (access_has_right(cx, system_right))
        return ST_OK;
    return FAIL(cx, ST_DENIED, "access.no_right", "this needs the right \"%s\"", system_right);
}

/* ---- predicates */

static void access_equals_me(const User *u, const Field *f, int alias, Sql *q)
{
    sql_column(q, alias, f, 0);
    sql_lit(q, " = ");
    sql_bind_int(q, u->id);
}

static void access_in_departments(const User *u, const Field *f, AccessScope scope, int alias,
                                  Sql *q)
{
    size_t n = scope == SCOPE_DEPARTMENT_BELOW ? u->n_departments : 1;
    sql_lit(q, " OR ");
    sql_column(q, alias, f, 0);
    sql_lit(q, " IN (");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            sql_lit(q, ", ");
        sql_bind_int(q, scope == SCOPE_DEPARTMENT_BELOW ? u->departments[i] : u->department);
    }
    sql_lit(q, ")");
}

static void access_condition(const User *u, const Object *o, AccessScope scope, int alias, Sql *q,
                             int *next_alias);

static void access_through_parent(const User *u, const Object *o, AccessScope scope, int alias,
                                  Sql *q, int *next_alias)
{
    const Object *parent = o->parent->to;
    int inner = (*next_alias)++;
    sql_column(q, alias, o->parent, 0);
    sql_lit(q, " IN (SELECT ");
    sql_column(q, inner, parent->id, 0);
    sql_lit(q, " FROM ");
    sql_table(q, parent);
    sql_lit(q, " ");
    sql_alias(q, inner);
    sql_lit(q, " WHERE ");
    access_condition(u, parent, scope, inner, q, next_alias);
    sql_lit(q, ")");
}

/* One condition, in parentheses where it has more than one branch. */
static void access_condition(const User *u, const Object *o, AccessScope scope, int alias, Sql *q,
                             int *next_alias)
{
    if (str_is(o->name, "user")) {
        access_equals_me(u, o->id, alias, q);
    } else if (o->parent && !o->owner && o->parent->to && o->parent->to != o) {
        access_through_parent(u, o, scope, alias, q, next_alias);
    } else if (!o->owner) {
        access_equals_me(u, o->created_by, alias, q);
    } else {
        sql_lit(q, "(");
        access_equals_me(u, o->owner, alias, q);
        if (scope >= SCOPE_DEPARTMENT && o->department && u->department)
            access_in_departments(u, o->department, scope, alias, q);
        sql_lit(q, ")");
    }
}

static Status access_within(Ctx *cx, const Object *o, AccessAction action, int alias, Sql *q,
                            int *next_alias)
{
    AccessScope scope = access_scope(cx, o, action);
    if (scope == SCOPE_ALL)
        return ST_OK;
    bool nobody = !cx->user || !cx->user->id;
    bool self = action == ACCESS_READ && str_is(o->name, "user"); /* whom everybody sees */
    if (nobody || (scope == SCOPE_NONE && !self)) {
        sql_lit(q, " AND 1=0");
        return ST_OK;
    }
    sql_lit(q, " AND ");
    access_condition(cx->user, o, scope, alias, q, next_alias);
    return ST_OK;
}

static Status access_predicate(Ctx *cx, const Object *o, DbKind dialect UNUSED, int alias, Sql *q,
                               int *next_alias)
{
    return access_within(cx, o, ACCESS_READ, alias, q, next_alias);
}

static Status access_exports(Ctx *cx, const Object *o, DbKind dialect UNUSED, int alias, Sql *q,
                             int *next_alias)
{
    return access_within(cx, o, ACCESS_EXPORT, alias, q, next_alias);
}

static bool access_reads_all(const Ctx *cx, const Object *o)
{
    return access_scope(cx, o, ACCESS_READ) == SCOPE_ALL;
}

/* The same as access_condition of an owned object. */
static bool access_reach(const Ctx *cx, const Object *o, QueryReach *ret)
{
    const User *u = cx->user;
    AccessScope scope = access_scope(cx, o, ACCESS_READ);
    if (!u || !u->id || !o->owner || scope == SCOPE_NONE || str_is(o->name, "user"))
        return false;
    *ret = (QueryReach){.owner = o->owner, .me = u->id};
    if (scope >= SCOPE_DEPARTMENT && o->department && u->department) {
        bool below = scope == SCOPE_DEPARTMENT_BELOW;
        ret->department = o->department;
        ret->departments = below ? u->departments : &u->department;
        ret->n_departments = below ? u->n_departments : 1;
    }
    return true;
}

static bool access_reads_some(const Ctx *cx, const Object *o)
{
    return access_scope(cx, o, ACCESS_READ) != SCOPE_NONE || (cx->user && str_is(o->name, "user"));
}

static bool access_sees_field(const Ctx *cx, const Field *f)
{
    return access_field(cx, f) != FIELD_HIDDEN;
}

static Id access_me(const Ctx *cx) { return cx->user ? cx->user->id : 0; }
static Id access_my_department(const Ctx *cx) { return cx->user ? cx->user->department : 0; }

static void access_my_departments(const Ctx *cx, const Id **ret, size_t *ret_n)
{
    *ret = cx->user ? cx->user->departments : NULL;
    *ret_n = cx->user ? cx->user->n_departments : 0;
}

static void access_my_teams(const Ctx *cx, const Id **ret, size_t *ret_n)
{
    *ret = cx->user ? cx->user->teams : NULL;
    *ret_n = cx->user ? cx->user->n_teams : 0;
}

static bool access_reads_secrets(const Ctx *cx, const Field *f)
{
    return cx->user && access_rights_secrets(cx, cx->user, f);
}

const QueryAccess access_query = {
    .predicate = access_predicate,
    .exports = access_exports,
    .reads_all = access_reads_all,
    .reach = access_reach,
    .object = access_reads_some,
    .field = access_sees_field,
    .secrets = access_reads_secrets,
    .me = access_me,
    .my_department = access_my_department,
    .my_departments = access_my_departments,
    .my_teams = access_my_teams,
};
