/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of users: nobody is deleted, everybody has a department, roles are given by who may. */
#include "modules/organisation/user/user.h"

/* Who is put nowhere belongs to the head office. */
static Status user_before_write(Ctx *cx, Record *r)
{
    const Field *f = object_field(r->object, STR("department"));
    Id head = 0;
    size_t n = 0;
    if (!f || !value_is_null(record_get(r, f)))
        return ST_OK;
    TRY(query_ids(cx, f->to, STR("parent is null"), 0, 1, &head, &n));
    if (n)
        record_set(r, f, (Value){.t = V_ID, .i = head});
    return ST_OK;
}

static bool user_gives(const Value *roles, Id role)
{
    for (size_t i = 0; roles && roles->t == V_IDS && i < roles->ids.n; i++)
        if (roles->ids.p[i] == role)
            return true;
    return false;
}

Status user_is_administrator(Ctx *cx, const Record *r, bool *ret)
{
    const Field *roles = object_field(r->object, STR("roles"));
    Id role = 0;
    size_t n = 0;
    *ret = false;
    if (!roles || roles->kind != F_LINKS)
        return ST_OK;
    TRY(query_ids(cx, roles->to, STR("code = \"administrator\""), 0, 1, &role, &n));
    *ret = n && (user_gives(record_get(r, roles), role) ||
                 (r->old && user_gives(&r->old[roles->index], role)));
    return ST_OK;
}

/* Giving roles is giving rights: beside the right to the field it takes one of these. */
static Status user_validate(Ctx *cx, const Record *r)
{
    const Field *roles = object_field(r->object, STR("roles"));
    bool above = false;
    if (!roles || roles->kind != F_LINKS || !record_touched(r, roles) ||
        (r->old ? value_equal(&r->old[roles->index], record_get(r, roles))
                : value_is_null(record_get(r, roles))))
        return ST_OK;
    if (!access_has_right(cx, "manage_roles"))
        TRY(access_require_right(cx, "manage_users"));
    if (!cx->user->is_administrator)
        TRY(user_is_administrator(cx, r, &above));
    return above ? FIELD_FAIL(cx, STR("roles"), "forbidden", "organisation.user_administrator",
                              "Only administrators say who is an administrator")
                 : ST_OK;
}

static Status user_before_delete(Ctx *cx, Plan *plan, Record *r)
{
    (void)plan;
    if (str_is(STR("import"), cx->cause ? cx->cause : "") ||
        str_is(STR("undo"), cx->cause ? cx->cause : ""))
        return ST_OK; /* taking back an import made by mistake */
    (void)r;
    return FAIL(cx, ST_CONFLICT, "organisation.user_stays",
                "Users are not deleted; set the status to \"left\"");
}

const RecordHooks user_hooks = {
    .object = "user",
    .before_write = user_before_write,
    .validate = user_validate,
    .before_delete = user_before_delete,
};
