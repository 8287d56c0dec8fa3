/* SPDX-License-Identifier: Apache-2.0 */
/* Fields that open the record to whom they name (docs/adr/0079): who may write them, and the shares that follow each
 * write. */
#include "access/share.h"
#include "meta/meta_shares.h"
#include "record/record_internal.h"

static bool share_changes(const Record *r, const Field *f)
{
    const Value *now = record_get(r, f);
    if (!f->shares)
        return false;
    return r->old ? record_touched(r, f) && !value_equal(&r->old[f->index], now)
                  : !value_is_null(now);
}

/* Besides the right to change the record: to share it, and nobody gives what he has not. */
Status record_may_share(Ctx *cx, const Record *r)
{
    AccessRecord ar;
    bool may = true, edits = true;
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        if (!share_changes(r, f))
            continue;
        TRY(record_access(cx, ACCESS_SHARE, r, r->old ? r->old : r->values, &ar));
        TRY(access_may(cx, r->object, ACCESS_SHARE, &ar, &may));
        if (may && f->shares == SHARE_EDIT)
            TRY(access_may(cx, r->object, ACCESS_UPDATE, &ar, &edits));
        if (!may || !edits)
            return FIELD_FAIL(cx, f->name, "forbidden", "record.share_not_yours",
                              "only who may share the record says who works on it");
    }
    return ST_OK;
}

static Status share_ids(Ctx *cx, Plan *plan, AccessShare *s, const Value *from, const Value *unless,
                        bool opens)
{
    bool many = from->t == V_IDS;
    const Id *ids = many ? from->ids.p : &from->i;
    size_t n = many ? from->ids.n : from->t == V_ID;
    for (size_t i = 0; i < n; i++) {
        s->principal = ids[i];
        if (value_has_id(unless, ids[i]))
            continue;
        if (opens)
            TRY(access_share_row(cx, plan, s));
        else
            access_share_take(cx, plan, s);
    }
    return ST_OK;
}

Status record_plan_shares(Ctx *cx, Plan *plan, const Record *r, bool is_new)
{
    const Value none = VALUE_NULL;
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        if (!f->shares || !(is_new || record_touched(r, f)))
            continue;
        AccessShare s = {.object = r->object,
                         .record = r->id,
                         .kind = (ShareKind)meta_shares_kind(f->to->name),
                         .level = (ShareLevel)f->shares,
                         .source = SHARE_BY_FIELD,
                         .rule = META_SHARES_RULE(f),
                         .until_ms = SHARE_FOREVER};
        const Value *before = is_new ? &none : &r->old[i];
        TRY(share_ids(cx, plan, &s, before, &r->values[i], false));
        TRY(share_ids(cx, plan, &s, &r->values[i], before, true));
    }
    return ST_OK;
}
