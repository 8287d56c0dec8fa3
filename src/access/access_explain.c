/* SPDX-License-Identifier: Apache-2.0 */
/* Rights told to people: the summary of GET /me and /meta, and why one record may be read. */
#include "access/access_internal.h"

static void explain_scope(const Ctx *cx, const Object *o, AccessAction a, Buf *out)
{
    AccessScope s = access_scope(cx, o, a);
    if (access_rights_is_flag(a))
        buf_json_bool(out, s == SCOPE_ALL);
    else if (s == SCOPE_NONE && access_may_some(cx, o, a))
        buf_lit(out, "\"expr\""); /* some, by an expression */
    else
        buf_json_str(out, str_of(access_rights_scope_name(s)));
}

/* Fields of which less is allowed than writing; hidden ones are named nowhere. */
static void explain_fields(const Ctx *cx, const Object *o, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < o->n_fields; i++) {
        FieldRight right = access_field(cx, o->fields[i]);
        if (right != FIELD_MASKED && right != FIELD_READ)
            continue;
        if (first)
            buf_lit(out, ",\"fields\":{");
        else
            buf_char(out, ',');
        first = false;
        buf_json_str(out, o->fields[i]->name);
        buf_char(out, ':');
        buf_json_str(out, right == FIELD_READ                   ? STR("read")
                          : access_may_reveal(cx, o->fields[i]) ? STR("reveal")
                                                                : STR("masked"));
    }
    if (!first)
        buf_char(out, '}');
}

/* Of which types records may be made, where it is not any. */
static void explain_types(const Ctx *cx, const Object *o, Buf *out)
{
    const User *u = cx->user;
    if (!o->record_type || !u || u->is_administrator || o->number >= u->n_objects ||
        !u->objects[o->number].typed || access_field(cx, o->record_type) < FIELD_READ)
        return;
    const ObjectRights *r = &u->objects[o->number];
    for (size_t i = 0; i < r->n_types; i++) {
        buf_str_add(out, i ? STR(",") : STR(",\"create_types\":["));
        buf_json_str(out, r->types[i]);
    }
    buf_str_add(out, r->n_types ? STR("]") : STR(",\"create_types\":[]"));
}

static void explain_object(const Ctx *cx, const Object *o, Buf *out)
{
    buf_char(out, '{');
    for (int a = 0; a < ACCESS_ACTIONS; a++) {
        if (a > 0)
            buf_char(out, ',');
        buf_json_str(out, str_of(access_rights_actions[a]));
        buf_char(out, ':');
        explain_scope(cx, o, (AccessAction)a, out);
    }
    explain_types(cx, o, out);
    explain_fields(cx, o, out);
    buf_char(out, '}');
}

void access_write_object_rights(void *arg, const Object *o, Buf *out)
{
    buf_lit(out, ",\"rights\":");
    explain_object(arg, o, out);
}

void access_write_rights(const Ctx *cx, Buf *out)
{
    bool first = true;
    buf_lit(out, "{\"objects\":{");
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        if (!access_query.object(cx, o))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_json_str(out, o->name);
        buf_char(out, ':');
        explain_object(cx, o, out);
    }
    buf_lit(out, "},\"system\":[");
    const User *u = cx->user;
    if (u && u->is_administrator)
        buf_lit(out, "\"all\"");
    for (size_t i = 0; u && !u->is_administrator && i < u->n_system; i++) {
        if (i > 0)
            buf_char(out, ',');
        buf_json_str(out, u->system[i]);
    }
    buf_lit(out, "]}");
}

static void explain_rule(Buf *out, bool *first, Str rule)
{
    buf_str_add(out, *first ? STR("{\"rule\":") : STR(",{\"rule\":"));
    buf_json_str(out, rule);
    buf_char(out, '}');
    *first = false;
}

bool access_explain_positions(const Ctx *cx)
{
    const Object *user = meta_object(cx->meta, STR("user")),
                 *position = meta_object(cx->meta, STR("position"));
    const Field *held = user ? object_field(user, STR("position")) : NULL;
    return held && position && access_query.object(cx, position) &&
           access_field(cx, held) >= FIELD_READ;
}

/* ,"positions":[{"id":"…","title":"…"}],"own":false — of a role that positions bring. */
static void explain_brought(const Ctx *cx, Str role, Buf *out)
{
    const User *u = cx->user;
    bool own = false, any = false;
    for (size_t i = 0; i < u->n_from; i++) {
        const RoleFrom *from = &u->from[i];
        if (!str_eq(from->role, role))
            continue;
        own = own || !from->position;
        if (!from->position)
            continue;
        buf_str_add(out, any ? STR(",") : STR(",\"positions\":["));
        any = true;
        buf_json_named(out, from->position,
                       cx->lang == LANG_EN && from->name_en.n ? from->name_en : from->name);
    }
    if (any)
        buf_printf(out, "],\"own\":%s", own ? "true" : "false");
}

static void explain_role(Ctx *cx, Str role, const char *what, bool positions, Buf *out, bool *first)
{
    buf_str_add(out, *first ? STR("{\"rule\":") : STR(",{\"rule\":"));
    *first = false;
    buf_json_str(out, str_format(cx->arena, "role:" STR_FMT " %s", STR_ARG(role), what));
    if (positions)
        explain_brought(cx, role, out);
    buf_char(out, '}');
}

/* Roles whose scope covers the record, or those that have one and do not. */
static void explain_roles(Ctx *cx, const Object *o, AccessAsked asked, const AccessRecord *r,
                          bool covers, Buf *out, bool *first)
{
    const User *u = cx->user;
    for (size_t i = 0; i < u->n_roles; i++) {
        AccessScope s = access_rights_of_role(cx, u->roles[i], o, asked.action);
        bool yes = s != SCOPE_NONE && access_rights_cover(u, o, s, r);
        if (yes == covers)
            explain_role(cx, u->roles[i], access_rights_scope_name(s), asked.positions, out, first);
    }
}

/* The role alone: its condition may name fields that the reader does not know. */
static void explain_exprs(Ctx *cx, const Object *o, AccessAsked asked, Buf *out, bool *first)
{
    const ObjectRights *rights = &cx->user->objects[o->number];
    for (size_t i = 0; i < rights->n_exprs; i++)
        if (rights->exprs[i].action == asked.action)
            explain_role(cx, rights->exprs[i].role, "expr", asked.positions, out, first);
}

static Status explain_branches(Ctx *cx, const Object *o, AccessAsked asked, const AccessRecord *r,
                               Buf *out, bool *first)
{
    static const char *const NAMES[BRANCHES] = {[BRANCH_WHOSE] = "parent",
                                                [BRANCH_POOL] = "pool",
                                                [BRANCH_SHARE] = "share",
                                                [BRANCH_LINK] = "link"};
    /* A line is opened by whatever opens its parent. */
    AccessBranch from = *first && access_predicate_parent(o) ? BRANCH_WHOSE : BRANCH_POOL;
    for (AccessBranch b = from; b < BRANCHES; b++) {
        bool opens = false;
        TRY(access_predicate_branch(cx, o, asked.action, b, r->id, &opens));
        if (!opens)
            continue;
        if (b == BRANCH_EXPR)
            explain_exprs(cx, o, asked, out, first);
        else
            explain_rule(out, first, str_of(NAMES[b]));
    }
    return ST_OK;
}

Status access_explain_because(Ctx *cx, const Object *o, AccessAsked asked, const AccessRecord *r,
                              Buf *out)
{
    bool first = true;
    explain_roles(cx, o, asked, r, true, out, &first);
    if (cx->user->id == USER_SYSTEM)
        explain_rule(out, &first, STR("system"));
    else if (first && str_is(o->name, "user") && r->id == cx->user->id)
        explain_rule(out, &first, STR("self"));
    if (cx->user->is_administrator || access_scope(cx, o, asked.action) == SCOPE_ALL || !r->id)
        return ST_OK;
    return explain_branches(cx, o, asked, r, out, &first);
}

/* The roles that could not do it; none at all is an answer too. */
static void explain_not(Ctx *cx, const Object *o, AccessAsked asked, const AccessRecord *r,
                        Buf *out)
{
    bool first = true;
    explain_roles(cx, o, asked, r, false, out, &first);
    if (first)
        explain_rule(out, &first, STR("no role"));
}

static Status explain_actions(Ctx *cx, const Object *o, const AccessRecord *r, Buf *out)
{
    for (int a = 0; a < ACCESS_ACTIONS; a++) {
        bool may = false;
        if (access_rights_is_flag((AccessAction)a))
            continue;
        TRY(access_may(cx, o, (AccessAction)a, r, &may));
        buf_json_str(out, str_of(access_rights_actions[a]));
        buf_char(out, ':');
        buf_json_bool(out, may);
        buf_char(out, ',');
    }
    return ST_OK;
}

Status access_explain(Ctx *cx, const Object *o, const AccessRecord *r, Buf *out)
{
    bool may = false;
    TRY(access_may(cx, o, ACCESS_READ, r, &may));
    if (!may)
        return FAIL(cx, ST_NOT_FOUND, "access.no_record", "there is no such record");
    buf_char(out, '{');
    TRY(explain_actions(cx, o, r, out));
    buf_lit(out, "\"because\":[");
    TRY(access_explain_because(cx, o, (AccessAsked){ACCESS_READ, access_explain_positions(cx)}, r,
                               out));
    buf_char(out, ']');
    return ST_OK;
}

Status access_explain_person(Ctx *cx, const Object *o, const AccessRecord *r, bool positions,
                             Buf *out)
{
    AccessAsked asked = {ACCESS_READ, positions};
    bool may = false;
    TRY(access_may(cx, o, ACCESS_READ, r, &may));
    TRY(explain_actions(cx, o, r, out));
    buf_lit(out, "\"because\":[");
    if (may)
        TRY(access_explain_because(cx, o, asked, r, out));
    buf_lit(out, "],\"because_not\":[");
    if (!may)
        explain_not(cx, o, asked, r, out);
    buf_char(out, ']');
    return ST_OK;
}
