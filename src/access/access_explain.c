/* SPDX-License-Identifier: Apache-2.0 */
/* Rights told to people: the summary of GET /me and /meta, and why one record may be read. */
#include "access/access_internal.h"

static void explain_scope(const Ctx *cx, const Object *o, AccessAction a, Buf *out)
{
    AccessScope s = access_scope(cx, o, a);
    if (access_rights_is_flag(a))
        buf_json_bool(out, s == SCOPE_ALL);
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

static void explain_because(const Ctx *cx, const Object *o, const AccessRecord *r, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < cx->user->n_roles; i++) {
        AccessScope s = access_rights_of_role(cx, cx->user->roles[i], o, ACCESS_READ);
        if (s == SCOPE_NONE || !access_rights_cover(cx->user, o, s, r))
            continue;
        buf_printf(out, "%s{\"rule\":\"role:" STR_FMT " %s\"}", first ? "" : ",",
                   STR_ARG(cx->user->roles[i]), access_rights_scope_name(s));
        first = false;
    }
    if (cx->user->id == USER_SYSTEM)
        buf_lit(out, "{\"rule\":\"system\"}");
    else if (first && str_is(o->name, "user") && r && r->id == cx->user->id)
        buf_lit(out, "{\"rule\":\"self\"}");
}

Status access_explain(Ctx *cx, const Object *o, const AccessRecord *r, Buf *out)
{
    bool may = false;
    TRY(access_may(cx, o, ACCESS_READ, r, &may));
    if (!may)
        return FAIL(cx, ST_NOT_FOUND, "access.no_record", "there is no such record");
    buf_char(out, '{');
    for (int a = 0; a < ACCESS_ACTIONS; a++) {
        if (a == ACCESS_CREATE || a == ACCESS_IMPORT)
            continue;
        buf_json_str(out, str_of(access_rights_actions[a]));
        buf_char(out, ':');
        TRY(access_may(cx, o, (AccessAction)a, r, &may));
        buf_json_bool(out, may);
        buf_char(out, ',');
    }
    buf_lit(out, "\"because\":[");
    explain_because(cx, o, r, out);
    buf_lit(out, "]}");
    return ST_OK;
}
