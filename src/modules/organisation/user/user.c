/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of users: nobody is deleted, everybody has a department. */
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
    .object = "user", .before_write = user_before_write, .before_delete = user_before_delete};
