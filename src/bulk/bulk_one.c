/* SPDX-License-Identifier: Apache-2.0 */
/* One record of a bulk action, and which come next. */
#include "bulk/bulk_internal.h"

static Status one_may(Ctx *cx, const Bulk *b, AccessAction action, const Record *r)
{
    AccessRecord ar;
    TRY(record_access(cx, action, r, r->values, &ar));
    return access_require(cx, b->object, action, &ar);
}

static void one_transfer(const Bulk *b, Record *r)
{
    const Object *o = b->object;
    const Value none = VALUE_NULL;
    record_set(r, o->owner, (Value){.t = V_ID, .i = b->to});
    if (o->department)
        record_set(r, o->department,
                   b->to_department ? (Value){.t = V_ID, .i = b->to_department} : none);
}

/* Set or transfer; nothing is added when it is so already. */
static Status one_update(Ctx *cx, Plan *plan, const Bulk *b, Record *r, BulkOutcome *ret)
{
    size_t before = plan_size(plan);
    if (b->verb == BULK_TRANSFER)
        one_transfer(b, r);
    else
        TRY(record_set_json(cx, r, b->set));
    TRY(record_write(cx, plan, r));
    if (plan_size(plan) == before)
        *ret = BULK_SAME;
    return ST_OK;
}

static Status one_restore(Ctx *cx, Plan *plan, const Bulk *b, Id id, Record **ret_record)
{
    TRY(record_restore(cx, plan, b->object, id, ret_record));
    return one_may(cx, b, ACCESS_BULK, *ret_record);
}

/* A verb that needs no right decides itself who may know of the record; any other asks for the right of bulk
 * work besides its own. */
static Status one_load(Ctx *cx, const Bulk *b, Id id, Record **ret)
{
    AccessAction action;
    if (b->verb == BULK_ACTION && !verb_needs(b->action, &action))
        return verb_load(cx, b->action, b->object, id, ret);
    TRY(record_load(cx, b->object, id, ret));
    return one_may(cx, b, ACCESS_BULK, *ret);
}

/* Somebody changed it after it was looked at: what is meant is what was seen then. */
static Status one_unchanged(Ctx *cx, const Bulk *b, const Record *r)
{
    for (size_t low = 0, high = b->versions ? b->n_ids : 0; low < high;) {
        size_t mid = low + (high - low) / 2;
        if (b->ids[mid] == r->id && b->versions[mid] != r->version)
            return FAIL(cx, ST_CONFLICT, "bulk.changed", "it has been changed since");
        if (b->ids[mid] < r->id)
            low = mid + 1;
        else
            high = b->ids[mid] == r->id ? low : mid;
    }
    return ST_OK;
}

Status bulk_one(Ctx *cx, Plan *plan, const Bulk *b, Id id, BulkOutcome *ret, Record **ret_record)
{
    Record *r = NULL;
    *ret = BULK_CHANGED;
    if (b->verb == BULK_RESTORE)
        return one_restore(cx, plan, b, id, ret_record ? ret_record : &r);
    TRY(one_load(cx, b, id, &r));
    if (ret_record)
        *ret_record = r;
    TRY(one_unchanged(cx, b, r));
    if (b->verb == BULK_ACTION)
        return verb_run_within(cx, plan, b->action, r, b->params);
    if (b->verb == BULK_DELETE)
        return record_delete(cx, plan, r);
    if (b->verb == BULK_TRANSFER)
        TRY(one_may(cx, b, ACCESS_TRANSFER, r));
    return one_update(cx, plan, b, r, ret);
}

bool bulk_is_records_own(Status st)
{
    return st == ST_CONFLICT || st == ST_INVALID || st == ST_DENIED || st == ST_NOT_FOUND;
}

Status bulk_deletable(Ctx *cx, const Object *o, Id id, bool *ret)
{
    const Bulk b = {.object = o, .verb = BULK_DELETE};
    BulkOutcome outcome;
    Status st = bulk_one(cx, plan_new(cx), &b, id, &outcome, NULL);
    *ret = st == ST_OK;
    if (!bulk_is_records_own(st))
        return st;
    error_clear(cx);
    return ST_OK;
}

static size_t one_listed(const Bulk *b, Id after, size_t n, Id *ret)
{
    size_t k = 0;
    for (size_t i = 0; i < b->n_ids && k < n; i++)
        if (b->ids[i] > after)
            ret[k++] = b->ids[i];
    return k;
}

Status bulk_page(Ctx *cx, const Bulk *b, Id after, Id until, size_t n, Id *ret, size_t *ret_n)
{
    if (!b->by_filter) {
        *ret_n = one_listed(b, after, n, ret);
        return ST_OK;
    }
    if (b->verb == BULK_RESTORE)
        TRY(query_ids_deleted(cx, b->object, b->filter, after, n, ret, ret_n));
    else
        TRY(query_ids(cx, b->object, b->filter, after, n, ret, ret_n));
    while (*ret_n > 0 && ret[*ret_n - 1] > until) /* made since: not meant */
        --*ret_n;
    return ST_OK;
}

Status bulk_total(Ctx *cx, const Bulk *b, int64_t most, int64_t *ret)
{
    *ret = (int64_t)b->n_ids;
    if (!b->by_filter)
        return ST_OK;
    return query_count(cx, b->object, b->filter, b->verb == BULK_RESTORE, most, ret);
}
