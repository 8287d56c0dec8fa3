/* SPDX-License-Identifier: Apache-2.0 */
/* What the acting user may do with objects, fields and single records; the table that expr and query
 * call. The predicate stands in access_predicate.c. */
#include "access/access_internal.h"
#include "meta/mask.h"

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

bool access_may_some(const Ctx *cx, const Object *o, AccessAction action)
{
    if (access_scope(cx, o, action) != SCOPE_NONE)
        return true;
    const ObjectRights *r = access_rights(cx, o);
    for (size_t i = 0; r && i < r->n_exprs; i++)
        if (r->exprs[i].action == action)
            return true;
    return false;
}

FieldRight access_field(const Ctx *cx, const Field *f)
{
    if (cx->user && cx->user->is_administrator)
        return FIELD_WRITE;
    const ObjectRights *r = access_rights(cx, f->object);
    if (!r)
        return FIELD_HIDDEN;
    FieldRight right = r->fields ? (FieldRight)r->fields[f->index] : FIELD_WRITE;
    bool shares = right == FIELD_WRITE && f->shares; /* naming somebody opens the record to him */
    return shares && !access_may_some(cx, f->object, ACCESS_SHARE) ? FIELD_READ : right;
}

bool access_may_type(const Ctx *cx, const Object *o, Str type)
{
    const ObjectRights *r = access_rights(cx, o);
    if (!o->record_type || !r || !r->typed || cx->user->is_administrator)
        return true;
    for (size_t i = 0; i < r->n_types; i++)
        if (str_eq(r->types[i], type))
            return true;
    return false;
}

Status access_may(Ctx *cx, const Object *o, AccessAction action, const AccessRecord *r, bool *ret)
{
    AccessScope scope = access_scope(cx, o, action);
    *ret = scope == SCOPE_ALL;
    if (*ret || !cx->user || access_rights_is_flag(action))
        return ST_OK;
    bool some = access_may_some(cx, o, action);
    if (!some && action != ACCESS_READ)
        return ST_OK;
    *ret = access_rights_cover(cx->user, o, scope, r) ||
           (action == ACCESS_READ && some && access_rights_pool(cx->user, r));
    if (*ret || !r || !r->id || !some || !access_predicate_asks(cx, o, action))
        return ST_OK;
    return access_predicate_one(cx, o, action, r->id, ret);
}

Status access_require(Ctx *cx, const Object *o, AccessAction action, const AccessRecord *r)
{
    bool may = false;
    TRY(access_may(cx, o, action, r, &may));
    if (may)
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

static Status access_predicate(Ctx *cx, const Object *o, DbKind dialect, int alias, Sql *q,
                               int *next_alias)
{
    return access_predicate_for(cx, o, ACCESS_READ, dialect, alias, q, next_alias);
}

static Status access_exports(Ctx *cx, const Object *o, DbKind dialect, int alias, Sql *q,
                             int *next_alias)
{
    return access_predicate_for(cx, o, ACCESS_EXPORT, dialect, alias, q, next_alias);
}

static bool access_reads_all(const Ctx *cx, const Object *o)
{
    return access_scope(cx, o, ACCESS_READ) == SCOPE_ALL;
}

/* Where the predicate has no branch but these. */
static bool access_reach(const Ctx *cx, const Object *o, QueryReach *ret)
{
    const User *u = cx->user;
    AccessScope scope = access_scope(cx, o, ACCESS_READ);
    bool pooled = u && u->n_pools && access_predicate_pool(o);
    if (!u || !u->id || !o->owner || scope == SCOPE_NONE || pooled ||
        access_predicate_asks(cx, o, ACCESS_READ))
        return false;
    *ret = (QueryReach){.owner = o->owner, .owners = u->owners, .n_owners = u->n_owners};
    if (scope < SCOPE_DEPARTMENT)
        return true;
    ret->people = access_ids_people(u, scope, &ret->n_people);
    ret->department = o->department;
    ret->departments = access_ids_departments(u, scope, &ret->n_departments);
    return true;
}

static QuerySnapshot *access_snapshot(const Ctx *cx)
{
    return cx->user ? cx->user->snapshot : NULL;
}

static bool access_reads_some(const Ctx *cx, const Object *o)
{
    return access_may_some(cx, o, ACCESS_READ) || (cx->user && str_is(o->name, "user"));
}

static bool access_sees_field(const Ctx *cx, const Field *f)
{
    return access_field(cx, f) >= FIELD_READ;
}

static bool access_masks_field(const Ctx *cx, const Field *f)
{
    return access_field(cx, f) == FIELD_MASKED;
}

bool access_may_reveal(const Ctx *cx, const Field *f)
{
    return cx->user && access_field(cx, f) == FIELD_MASKED &&
           access_rights_says(cx, cx->user, f, "reveal");
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
    return cx->user && access_rights_says(cx, cx->user, f, "read_secrets");
}

static uint8_t access_mask_style(const Ctx *cx, const Field *f)
{
    const User *u = cx->user;
    const Object *o = f->object;
    bool known = u && o->number < u->n_objects && u->objects[o->number].masks;
    return known ? u->objects[o->number].masks[f->index] : MASK_AUTO;
}

const QueryAccess access_query = {
    .predicate = access_predicate,
    .exports = access_exports,
    .reads_all = access_reads_all,
    .reach = access_reach,
    .branches = access_branches,
    .branch_counts = access_branch_counts,
    .branch_count = access_branch_count,
    .branch = access_branch,
    .snapshot = access_snapshot,
    .object = access_reads_some,
    .field = access_sees_field,
    .masked = access_masks_field,
    .mask = access_mask_style,
    .secrets = access_reads_secrets,
    .me = access_me,
    .my_department = access_my_department,
    .my_departments = access_my_departments,
    .my_teams = access_my_teams,
};
