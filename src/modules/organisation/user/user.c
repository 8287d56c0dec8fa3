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
enum { GIVEN_AT_ONCE = 100, GIVEN_BYTES = 8 * 1024 }; /* ids of one question */

/* Of some ids: does one of them give it? */
static Status user_one_gives(Ctx *cx, const Field *f, const Id *ids, size_t n, bool *ret)
{
    Buf text = buf_in(cx->arena, GIVEN_BYTES);
    Id first = 0;
    size_t found = 0;
    buf_str_add(&text, str_is(f->to->name, "role") ? STR("code = \"administrator\"")
                                                   : STR("any(roles, code = \"administrator\")"));
    for (size_t i = 0; i < n; i++)
        buf_printf(&text, "%s\"%lld\"", i ? ", " : " and id in (", (long long)ids[i]);
    buf_char(&text, ')');
    TRY(query_ids(cx, f->to, buf_str(&text), 0, 1, &first, &found));
    *ret = *ret || found > 0;
    return ST_OK;
}

/* Asked about what is held, however many others give it. */
static Status user_is_given(Ctx *cx, const Value *held, const Field *f, bool *ret)
{
    bool many = held->t == V_IDS;
    const Id *ids = many ? held->ids.p : &held->i;
    size_t n = many ? held->ids.n : held->t == V_ID;
    for (size_t i = 0; i < n && !*ret; i += GIVEN_AT_ONCE)
        TRY(user_one_gives(cx, f, ids + i, n - i < GIVEN_AT_ONCE ? n - i : GIVEN_AT_ONCE, ret));
    return ST_OK;
}

Status user_is_administrator(Ctx *cx, const Record *r, bool *ret)
{
    *ret = false;
    for (size_t i = 0; i < COUNT_OF(GIVING); i++) {
        const Field *f = object_field(r->object, str_of(GIVING[i]));
        if (!f || !f->to)
            continue;
        TRY(user_is_given(cx, record_get(r, f), f, ret));
        if (r->old) /* taking the role away is no less a decision */
            TRY(user_is_given(cx, &r->old[f->index], f, ret));
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
