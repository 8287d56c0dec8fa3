/* SPDX-License-Identifier: Apache-2.0 */
/* Rights of roles, compiled: the access forms of CONTRACT 2 become one table per user, the greatest
 * scope of all roles and every expression beside it. What this version does not know gives nothing. */
#include "access/access_internal.h"
#include "meta/mask.h"

const char *const access_rights_actions[ACCESS_ACTIONS] = {
    "read", "create", "update", "delete", "export", "import", "share", "transfer", "bulk"};

static const char *const SCOPES[] = {
    "none", "own", "collaborators", "department", "department_below", "all"};

const char *access_rights_scope_name(AccessScope s) { return SCOPES[s]; }

bool access_rights_is_flag(AccessAction a) { return a == ACCESS_CREATE || a == ACCESS_IMPORT; }

static AccessScope rights_parse(const json_t *v)
{
    if (json_is_true(v))
        return SCOPE_ALL;
    Str name = json_str(v);
    for (size_t i = 0; i < COUNT_OF(SCOPES); i++)
        if (str_is(name, SCOPES[i]))
            return (AccessScope)i;
    return SCOPE_NONE;
}

static bool rights_reads(const json_t *read)
{
    return rights_parse(read) != SCOPE_NONE || json_object_get(read, "expr");
}

static const json_t *rights_form(const Ctx *cx, Str role, const Object *o)
{
    const json_t *form = json_object_getn(cx->meta->access, role.p, role.n);
    return json_object_getn(json_object_get(form, "objects"), o->name.p, o->name.n);
}

AccessScope access_rights_of_role(const Ctx *cx, Str role, const Object *o, AccessAction action)
{
    if (str_is(role, "administrator"))
        return SCOPE_ALL;
    return rights_parse(json_object_get(rights_form(cx, role, o), access_rights_actions[action]));
}

static FieldRight rights_field(const json_t *form, const Field *f)
{
    const json_t *fields = json_object_get(form, "fields");
    Str right = json_str(json_object_getn(fields, f->name.p, f->name.n));
    if (!right.p || str_is(right, "write") || str_is(right, "read_secrets"))
        return FIELD_WRITE;
    if (str_is(right, "read"))
        return FIELD_READ;
    MaskStyle style;
    return mask_word(f, right, &style) ? FIELD_MASKED : FIELD_HIDDEN;
}

static MaskStyle rights_mask(const json_t *form, const Field *f)
{
    const json_t *fields = json_object_get(form, "fields");
    MaskStyle style = MASK_AUTO;
    return mask_word(f, json_str(json_object_getn(fields, f->name.p, f->name.n)), &style)
               ? style
               : MASK_FULL;
}

/* Secrets are given to nobody by default, not even to administrators: who is to read them stands in a
 * role. */
bool access_rights_says(const Ctx *cx, const User *u, const Field *f, const char *word)
{
    for (size_t r = 0; r < u->n_roles; r++) {
        const json_t *fields = json_object_get(rights_form(cx, u->roles[r], f->object), "fields");
        Str said = json_str(json_object_getn(fields, f->name.p, f->name.n));
        size_t colon = str_find_char(said, ':'); /* a style of mask behind it */
        if (str_is(colon == SIZE_MAX ? said : str_sub(said, 0, colon), word))
            return true;
    }
    return false;
}

/* The greatest right of the roles that read the object; NULL if none restricts anything. */
static uint8_t *rights_fields(Ctx *cx, const User *u, const Object *o)
{
    uint8_t *fields = arena_zero(u->arena, o->n_fields);
    bool restricted = false;
    for (size_t r = 0; r < u->n_roles; r++) {
        const json_t *form = rights_form(cx, u->roles[r], o);
        if (!rights_reads(json_object_get(form, "read")))
            continue;
        for (size_t i = 0; i < o->n_fields; i++) {
            FieldRight right = rights_field(form, o->fields[i]);
            if (right > fields[i])
                fields[i] = (uint8_t)right;
        }
    }
    for (size_t i = 0; i < o->n_fields; i++)
        restricted = restricted || fields[i] != FIELD_WRITE;
    return restricted ? fields : NULL;
}

/* Of the roles that read the object and mask the field the style that leaves most. */
static uint8_t *rights_masks(Ctx *cx, const User *u, const Object *o)
{
    uint8_t *masks = arena_zero(u->arena, o->n_fields);
    bool any = false;
    memset(masks, MASK_FULL, o->n_fields);
    for (size_t r = 0; r < u->n_roles; r++) {
        const json_t *form = rights_form(cx, u->roles[r], o);
        if (!rights_reads(json_object_get(form, "read")))
            continue;
        for (size_t i = 0; i < o->n_fields; i++)
            masks[i] =
                (uint8_t)mask_shows_more((MaskStyle)masks[i], rights_mask(form, o->fields[i]));
    }
    for (size_t i = 0; i < o->n_fields; i++)
        any = any || masks[i] != MASK_AUTO;
    return any ? masks : NULL;
}

/* A formula shows what it reads: hidden if one of its fields is. */
static void rights_formulas(const Object *o, uint8_t *fields)
{
    uint64_t bits[16];
    for (size_t i = 0; fields && i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (f->kind != F_FORMULA || !f->formula_expr)
            continue;
        memset(bits, 0, sizeof(bits));
        expr_fields(f->formula_expr, bits, COUNT_OF(bits));
        for (size_t k = 0; k < o->n_fields && k < COUNT_OF(bits) * 64; k++)
            if ((bits[k / 64] >> (k % 64) & 1) && fields[k] < FIELD_READ)
                fields[i] = FIELD_HIDDEN;
    }
}

bool access_rights_reads_some(const ObjectRights *r)
{
    for (size_t i = 0; i < r->n_exprs; i++)
        if (r->exprs[i].action == ACCESS_READ)
            return true;
    return r->scope[ACCESS_READ] != SCOPE_NONE;
}

/* A rollup shows what it adds up: hidden from whoever may not read the records or a field of them.
 * Its value is that of the whole organisation (docs/adr/0030). */
static bool rights_hide_rollup(const ObjectRights *all, const Field *f)
{
    const Object *child = expr_rollup_child(f);
    const Field *link = expr_rollup_link(f);
    const ObjectRights *of = &all[child->number], *of_link = &all[link->object->number];
    uint64_t bits[16] = {0};
    if (of->scope[ACCESS_READ] == SCOPE_NONE && !of->n_exprs && !str_is(child->name, "user"))
        return true;
    if (of_link->fields && of_link->fields[link->index] < FIELD_READ)
        return true;
    expr_rollup_fields(f, bits, COUNT_OF(bits));
    for (size_t k = 0; of->fields && k < child->n_fields && k < COUNT_OF(bits) * 64; k++)
        if ((bits[k / 64] >> (k % 64) & 1) && of->fields[k] < FIELD_READ)
            return true;
    return false;
}

/* A link to records of which the person may read none tells that they are there: hidden. People,
 * departments and coded lists are what everything is sorted by; a line knows its parent. */
static bool rights_hide_link(const ObjectRights *all, const Field *f)
{
    const Object *to = f->to;
    if ((f->kind != F_LINK && f->kind != F_LINKS) || !to || f->system || f == f->object->parent ||
        (to->traits & TRAIT_CODED) || str_is(to->name, "user") || str_is(to->name, "department") ||
        str_is(to->name, "file"))
        return false;
    return !access_rights_reads_some(&all[to->number]);
}

static void rights_derived(User *u, const Object *o, ObjectRights *all)
{
    ObjectRights *own = &all[o->number];
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (!rights_hide_link(all, f) && (f->kind != F_ROLLUP || !rights_hide_rollup(all, f)))
            continue;
        if (!own->fields) {
            uint8_t *fields = arena_zero(u->arena, o->n_fields);
            memset(fields, FIELD_WRITE, o->n_fields);
            own->fields = fields;
        }
        ((uint8_t *)own->fields)[i] = FIELD_HIDDEN;
    }
    rights_formulas(o, (uint8_t *)own->fields);
}

Str access_rights_expr(const Ctx *cx, Str role, const Object *o, AccessAction action)
{
    const json_t *v = json_object_get(rights_form(cx, role, o), access_rights_actions[action]);
    return json_str(json_object_get(v, "expr"));
}

typedef VEC(AccessExpr) AccessExprs;

static void rights_action(Ctx *cx, const User *u, const Object *o, AccessAction a, Str role,
                          ObjectRights *ret, AccessExprs *exprs)
{
    AccessScope s = access_rights_of_role(cx, role, o, a);
    Str text = access_rights_expr(cx, role, o, a);
    if (s > ret->scope[a])
        ret->scope[a] = (uint8_t)s;
    if (!text.n)
        return;
    AccessExpr e = {.action = a, .text = str_copy(u->arena, text), .role = role};
    VEC_PUSH(u->arena, exprs, e);
}

/* A position brings roles: who may not give roles writes neither who holds a position nor what it brings. */
static void rights_positions(User *u, const Meta *m, ObjectRights *all)
{
    static const char *const GIVES[][2] = {{"user", "position"},
                                           {"user", "other_positions"},
                                           {"position", "roles"},
                                           {"position", "is_active"}};
    const Object *user = meta_object(m, STR("user"));
    const Field *roles = user ? object_field(user, STR("roles")) : NULL;
    const uint8_t *of = roles ? all[user->number].fields : NULL;
    if (!of || of[roles->index] == FIELD_WRITE)
        return;
    for (size_t i = 0; i < COUNT_OF(GIVES); i++) {
        const Object *o = meta_object(m, str_of(GIVES[i][0]));
        const Field *f = o ? object_field(o, str_of(GIVES[i][1])) : NULL;
        if (!f)
            continue;
        ObjectRights *own = &all[o->number];
        if (!own->fields) {
            uint8_t *fields = arena_zero(u->arena, o->n_fields);
            memset(fields, FIELD_WRITE, o->n_fields);
            own->fields = fields;
        }
        if (own->fields[f->index] == FIELD_WRITE)
            ((uint8_t *)own->fields)[f->index] = FIELD_READ;
    }
}

/* Roles that create add up: one that says nothing of types creates any. */
static void rights_types(const Ctx *cx, const User *u, const Object *o, ObjectRights *ret)
{
    VEC(Str) types = {0};
    bool any = !o->record_type;
    for (size_t r = 0; r < u->n_roles; r++) {
        const json_t *form = rights_form(cx, u->roles[r], o),
                     *list = json_object_get(form, "create_types");
        if (!json_is_true(json_object_get(form, "create")))
            continue;
        any = any || !list;
        for (size_t i = 0; i < json_array_size(list); i++) {
            Str type = str_copy(u->arena, json_str(json_array_get(list, i)));
            VEC_PUSH(u->arena, &types, type);
        }
    }
    ret->typed = !any;
    ret->types = types.v;
    ret->n_types = types.n;
}

static void rights_object(Ctx *cx, const User *u, const Object *o, ObjectRights *ret)
{
    AccessExprs exprs = {0};
    for (size_t r = 0; r < u->n_roles; r++)
        for (int a = 0; a < ACCESS_ACTIONS; a++)
            rights_action(cx, u, o, (AccessAction)a, u->roles[r], ret, &exprs);
    ret->exprs = exprs.v;
    ret->n_exprs = exprs.n;
    rights_types(cx, u, o, ret);
    bool is_file = str_is(o->name, "file");
    if (is_file) /* whoever may sign in may upload; who may read a file is told by its use */
        ret->scope[ACCESS_CREATE] = SCOPE_ALL;
    uint8_t *fields = is_file ? NULL : rights_fields(cx, u, o);
    rights_formulas(o, fields);
    ret->fields = fields;
    ret->masks = fields ? rights_masks(cx, u, o) : NULL;
}

static void rights_system(Ctx *cx, User *u)
{
    VEC(Str) all = {0};
    for (size_t r = 0; r < u->n_roles; r++) {
        const json_t *form = json_object_getn(cx->meta->access, u->roles[r].p, u->roles[r].n);
        const json_t *list = json_object_get(form, "system");
        for (size_t i = 0; i < json_array_size(list); i++) {
            Str right = str_copy(u->arena, json_str(json_array_get(list, i)));
            VEC_PUSH(u->arena, &all, right);
        }
    }
    u->system = all.v;
    u->n_system = all.n;
}

Status access_rights_compile(Ctx *cx, User *u)
{
    size_t top = 0;
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        if (cx->meta->objects[i]->number > top)
            top = cx->meta->objects[i]->number;
    ObjectRights *rights = ARENA_ARRAY(u->arena, ObjectRights, top + 1);
    for (size_t i = 0; i < u->n_roles; i++)
        u->is_administrator = u->is_administrator || str_is(u->roles[i], "administrator");
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        rights_object(cx, u, cx->meta->objects[i], &rights[cx->meta->objects[i]->number]);
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        rights_derived(u, cx->meta->objects[i], rights);
    rights_positions(u, cx->meta, rights);
    TRY(access_user_shares(cx, u, rights, top + 1));
    u->objects = rights;
    u->n_objects = top + 1;
    rights_system(cx, u);
    return ST_OK;
}

static bool rights_has(const Id *ids, size_t n, Id id)
{
    for (size_t low = 0, high = n; id && low < high;) {
        size_t middle = (low + high) / 2;
        if (ids[middle] == id)
            return true;
        if (ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool access_rights_owns(const User *u, Id owner)
{
    for (size_t i = 0; owner && i < u->n_owners; i++)
        if (u->owners[i] == owner)
            return true;
    return false;
}

/* By the owner's department of today; without owner by the one noted on the record. */
static bool rights_in_departments(const User *u, const AccessRecord *r, bool below)
{
    if (r->owner)
        return below ? rights_has(u->people, u->n_people, r->owner)
                     : rights_has(u->own_people, u->n_own_people, r->owner);
    return below ? rights_has(u->departments, u->n_departments, r->department)
                 : rights_has(u->own_departments, u->n_own_departments, r->department);
}

bool access_rights_cover(const User *u, const Object *o, AccessScope scope, const AccessRecord *r)
{
    if (scope == SCOPE_ALL)
        return true;
    if (!r || !u->id)
        return false;
    if (str_is(o->name, "user") && r->id == u->id)
        return true;
    if (scope == SCOPE_NONE)
        return false;
    if (access_rights_owns(u, r->owner) ||
        (!o->owner && !o->parent && access_rights_owns(u, r->created_by)))
        return true;
    return scope >= SCOPE_DEPARTMENT &&
           rights_in_departments(u, r, scope == SCOPE_DEPARTMENT_BELOW);
}

/* Reading what lies in one of the user's pools. */
bool access_rights_pool(const User *u, const AccessRecord *r)
{
    return r && !r->owner && rights_has(u->pools, u->n_pools, r->pool);
}
