/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of users and departments: trees without cycles, users that stay. */
#include "modules/organisation/user/user.h"

#define MAX_TREE 64

/* Walks up from the new superior; meeting oneself or never ending is a cycle. */
static Status refuse_cycle(Ctx *cx, const Record *r, const char *name)
{
    const Field *up = object_field(r->object, str_of(name));
    if (!up || !record_touched(r, up) || !r->id)
        return ST_OK;
    const Value *v = record_get(r, up);
    for (int depth = 0; v->t == V_ID; depth++) {
        Record *above = NULL;
        if (v->i == r->id || depth == MAX_TREE) {
            FIELD_FAIL(cx, up->name, "cycle", "organisation.cycle", "That would close a circle");
            return ST_INVALID;
        }
        TRY(record_load_any(cx, r->object, v->i, &above));
        v = record_get(above, up);
    }
    return ST_OK;
}

static Status user_validate(Ctx *cx, const Record *r) { return refuse_cycle(cx, r, "manager"); }

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

static Status department_validate(Ctx *cx, const Record *r)
{
    return refuse_cycle(cx, r, "parent");
}

const RecordHooks user_hooks = {.object = "user",
                                .before_write = user_before_write,
                                .validate = user_validate,
                                .before_delete = user_before_delete};
const RecordHooks department_hooks = {.object = "department", .validate = department_validate};
