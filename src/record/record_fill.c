/* SPDX-License-Identifier: Apache-2.0 */
/* Filling: many new records at once, for what makes or moves data (the demo company). A row costs one
 * statement; what hangs on rows (search, roll-ups) is made afterwards by whoever fills. */
#include "record/record_internal.h"

Id record_id_next(const Ctx *cx) { return idgen_next(db_ids(cx->records->pool)); }

static Status give_numbers(Ctx *cx, NumberRun *run, Record *r)
{
    const Object *o = r->object;
    for (size_t i = 0; i < o->n_fields; i++) {
        Str number;
        if (o->fields[i]->kind != F_AUTO_NUMBER || !value_is_null(&r->values[i]))
            continue;
        TRY(number_run_take(cx, run, o->fields[i], &number));
        record_set(r, o->fields[i], (Value){.t = V_TEXT, .s = number});
    }
    return ST_OK;
}

static void fill_defaults(Record *r)
{
    const Object *o = r->object;
    for (size_t i = 0; i < o->n_fields; i++)
        if (o->fields[i]->has_default && value_is_null(&r->values[i]) &&
            o->fields[i]->dflt.t != V_NULL)
            record_set(r, o->fields[i], o->fields[i]->dflt);
}

Status record_fill(Ctx *cx, Plan *plan, NumberRun *run, Record *r)
{
    fill_defaults(r);
    TRY(give_numbers(cx, run, r));
    return record_plan_row(cx, plan, r, false);
}

Status record_bring(Ctx *cx, Plan *plan, Record *r)
{
    bool is_new = !r->old;
    r->brought = true;
    TRY(is_new ? record_plan_row(cx, plan, r, true) : record_plan_update(cx, plan, r));
    record_event(cx, plan, r->object, r->id, r->version, is_new ? "create" : "update");
    return ST_OK;
}

Status record_bring_back(Ctx *cx, Plan *plan, Record *r)
{
    Record *last = NULL;
    Id until = 0;
    if (r->object->history)
        TRY(record_image_last(cx, r->object, r->id, &last, &until));
    if (!last)
        return record_bring(cx, plan, r);
    r->version = last->version + 1; /* the delete's */
    r->brought = true;
    TRY(record_plan_row(cx, plan, r, true));
    record_event(cx, plan, r->object, r->id, r->version, "restore");
    return ST_OK;
}
