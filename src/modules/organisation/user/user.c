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

/* Fields of a user that give rights: roles, and positions, which bring roles. */
static const char *const GIVING[] = {"roles", "position", "other_positions"};
enum { MANY_POSITIONS = 100 };

static bool user_has(const Value *v, Id id)
{
    if (!v || v->t == V_NULL)
        return false;
    if (v->t == V_ID)
        return v->i == id;
    for (size_t i = 0; v->t == V_IDS && i < v->ids.n; i++)
        if (v->ids.p[i] == id)
            return true;
    return false;
}

/* Now or as it is stored: taking the role away is no less a decision. */
static Status user_is_given(Ctx *cx, const Record *r, const Field *f, bool *ret)
{
    bool roles = str_is(f->to->name, "role");
    Str giving =
        roles ? STR("code = \"administrator\"") : STR("any(roles, code = \"administrator\")");
    Id ids[MANY_POSITIONS];
    size_t n = 0;
    TRY(query_ids(cx, f->to, giving, 0, roles ? 1 : MANY_POSITIONS, ids, &n));
    for (size_t i = 0; i < n; i++)
        *ret = *ret || user_has(record_get(r, f), ids[i]) ||
               (r->old && user_has(&r->old[f->index], ids[i]));
    return ST_OK;
}

Status user_is_administrator(Ctx *cx, const Record *r, bool *ret)
{
    *ret = false;
    for (size_t i = 0; i < COUNT_OF(GIVING); i++) {
        const Field *f = object_field(r->object, str_of(GIVING[i]));
        if (f && f->to)
            TRY(user_is_given(cx, r, f, ret));
    }
    return ST_OK;
}

static bool user_changes(const Record *r, const Field *f)
{
    if (!f || !record_touched(r, f))
        return false;
    return r->old ? !value_equal(&r->old[f->index], record_get(r, f))
                  : !value_is_null(record_get(r, f));
}

/* Giving roles is giving rights: beside the right to the field it takes one of these. */
static Status user_validate(Ctx *cx, const Record *r)
{
    bool gives = false, above = false;
    for (size_t i = 0; i < COUNT_OF(GIVING); i++)
        gives = gives || user_changes(r, object_field(r->object, str_of(GIVING[i])));
    if (!gives || cx->user->is_administrator)
        return ST_OK;
    if (!access_has_right(cx, "manage_roles"))
        TRY(access_require_right(cx, "manage_users"));
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
