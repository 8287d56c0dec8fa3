/* SPDX-License-Identifier: Apache-2.0 */
/* Batches: what an import, a bulk edit or an undo did is one batch and is taken back as one.
 * Undoing writes the images from before the batch as a new batch; what somebody has changed since
 * stays and is reported. */
#include "record/batch.h"
#include "record/batch_steps.h"
#include "record/merge.h"
#include "record/record_internal.h"

static const char SQL_BEGIN[] =
    "INSERT INTO {gx_batch} (id, at, by_user, kind, label) VALUES (?1, ?2, ?3, ?4, ?5)";
static const char SQL_EXISTS[] = "SELECT id FROM {gx_batch} WHERE id = ?1";
static const char SQL_ITEMS[] =
    "SELECT f.object, f.record, f.change, f.action FROM "
    "(SELECT MIN(o.id) AS first_id, MAX(o.id) AS last_id FROM {gx_outbox} o "
    "JOIN {gx_change} c ON c.id = o.change WHERE c.batch = ?1 GROUP BY o.object, o.record) g "
    "JOIN {gx_outbox} f ON f.id = g.first_id ORDER BY g.last_id DESC";
static const char SQL_MADE[] =
    "SELECT o.record FROM {gx_outbox} o JOIN {gx_change} c ON c.id = o.change "
    "WHERE c.batch = ?1 AND o.object = ?2 AND o.action = 'create' ORDER BY o.id";
static const char SQL_WROTE[] =
    "SELECT DISTINCT o.record FROM {gx_outbox} o JOIN {gx_change} c ON c.id = o.change "
    "WHERE c.batch = ?1 AND o.object = ?2 AND o.action IN ('create', 'update') ORDER BY o.record";
static const char SQL_UNDONE[] = "UPDATE {gx_batch} SET undone_by = ?2 WHERE id = ?1";
static const char SQL_IN_BATCH[] =
    "SELECT id FROM {gx_change} WHERE id = ?1 AND (batch = ?2 OR batch = ?3)";

Status batch_begin(Ctx *cx, Plan *plan, const char *kind, Str label, Id *ret_batch)
{
    *ret_batch = idgen_next(db_ids(cx->records->pool));
    const DbVal v[] = {db_int(*ret_batch), db_int(cx->now_ms), db_int(cx->user->id),
                       db_text(str_of(kind)), db_text(label)};
    plan_exec(plan, STR_SQL(SQL_BEGIN), v, COUNT_OF(v));
    return ST_OK;
}

Status batch_items(Ctx *cx, Id batch, BatchItem **ret, size_t *ret_n)
{
    DbVal key = db_int(batch);
    int64_t id = 0;
    bool found = false;
    TRY(db_get_int(cx, SQL_EXISTS, &key, 1, &id, &found));
    if (!found)
        return FAIL(cx, ST_NOT_FOUND, "record.no_batch", "There is no such batch");
    CLEANUP(stmt) Stmt *q = NULL;
    VEC(BatchItem) items = {0};
    TRY(db_prepare(cx, SQL_ITEMS, &q));
    TRY(db_bind_id(q, 1, batch));
    for (bool row = true;;) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        Str action = db_col_text(q, 3);
        BatchItem item = {.object = str_copy(cx->arena, db_col_text(q, 0)),
                          .record = db_col_id(q, 1),
                          .first = db_col_id(q, 2),
                          .created = str_is(action, "create") || str_is(action, "restore")};
        VEC_PUSH(cx->arena, &items, item);
    }
    *ret = items.v;
    *ret_n = items.n;
    return ST_OK;
}

static Status batch_ids(Ctx *cx, const char *sql, Id batch, const Object *o, Arena *a, Id **ret,
                        size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    VEC(Id) ids = {0};
    const DbVal v[] = {db_int(batch), db_text(o->name)};
    TRY(db_prepare(cx, sql, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    for (bool row = true;;) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        VEC_PUSH(a, &ids, db_col_id(q, 0));
    }
    *ret = ids.v;
    *ret_n = ids.n;
    return ST_OK;
}

Status batch_made(Ctx *cx, Id batch, const Object *o, Arena *a, Id **ret, size_t *ret_n)
{
    return batch_ids(cx, SQL_MADE, batch, o, a, ret, ret_n);
}

Status batch_wrote(Ctx *cx, Id batch, const Object *o, Arena *a, Id **ret, size_t *ret_n)
{
    return batch_ids(cx, SQL_WROTE, batch, o, a, ret, ret_n);
}

/* What this very undo has changed (a link cleared when its target went) is nobody else's change. */
static Status is_of_batch(Ctx *cx, Id change, Id batch, bool *ret)
{
    const DbVal v[] = {db_int(change), db_int(batch), db_id_or_null(cx->batch)};
    int64_t id = 0;
    return db_get_int(cx, SQL_IN_BATCH, v, COUNT_OF(v), &id, ret);
}

/* ---- back to the image */
static Status write_image(Ctx *cx, Plan *plan, Record *live, const Record *image)
{
    const Object *o = live->object;
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (record_is_stored(f) && f != o->id && f != o->version && f != o->updated_at &&
            f != o->updated_by)
            record_set(live, f, image->values[i]);
    }
    TRY(record_plan_update(cx, plan, live));
    record_event(cx, plan, o, live->id, live->version, "update");
    return ST_OK;
}

static Status undo_create(Ctx *cx, Plan *plan, Record *live, const char **ret_reason)
{
    Status st = record_take_back(cx, plan, live);
    if (st != ST_CONFLICT && !(st == ST_INVALID && cx->err.code))
        return st;
    error_clear(cx);
    *ret_reason = "has_children";
    return ST_OK;
}

static Status undo_delete(Ctx *cx, Plan *plan, const Object *o, const BatchItem *item, Id batch,
                          const char **ret_reason)
{
    Record *image = NULL, *last = NULL;
    Id until = 0;
    bool ours = false;
    TRY(record_image_last(cx, o, item->record, &last, &until));
    if (last)
        TRY(is_of_batch(cx, until, batch, &ours));
    TRY(record_image_before(cx, o, item->record, item->first, &image));
    if (!ours || !image) {
        *ret_reason = last ? "changed_since" : "purged";
        return ST_OK;
    }
    image->version = last->version;
    return record_revive(cx, plan, image);
}

/* The last change of the record that this very undo has not made; past its own there may be a person's. */
static Status changed_before_undo(Ctx *cx, const Record *live, Id *ret)
{
    enum { STEPS = 50 };
    *ret = live->changed;
    for (int i = 0; i < STEPS && cx->batch; i++) {
        Record *image = NULL;
        bool own = false;
        TRY(is_of_batch(cx, *ret, cx->batch, &own));
        if (own)
            TRY(record_image_before(cx, live->object, live->id, *ret, &image));
        if (!image)
            return ST_OK;
        *ret = image->changed;
    }
    return ST_OK;
}

static Status undo_live(Ctx *cx, Plan *plan, Id batch, const BatchItem *item, Record *live,
                        const char **ret_reason)
{
    bool ours = false;
    Id changed = 0;
    TRY(changed_before_undo(cx, live, &changed));
    TRY(is_of_batch(cx, changed, batch, &ours));
    if (!ours) {
        *ret_reason = "changed_since";
        return ST_OK;
    }
    if (item->created)
        return undo_create(cx, plan, live, ret_reason);
    Record *image = NULL;
    TRY(record_image_before(cx, live->object, item->record, item->first, &image));
    if (!image) {
        *ret_reason = "purged";
        return ST_OK;
    }
    return write_image(cx, plan, live, image);
}

Status batch_undo_record(Ctx *cx, Plan *plan, Id batch, const BatchItem *item,
                         const char **ret_reason)
{
    const Object *o = meta_object(cx->meta, item->object);
    Record *live = NULL;
    *ret_reason = NULL;
    if (!o) {
        *ret_reason = "purged";
        return ST_OK;
    }
    Status st = record_load_any(cx, o, item->record, &live);
    if (st == ST_OK)
        return undo_live(cx, plan, batch, item, live, ret_reason);
    if (st != ST_NOT_FOUND)
        return st;
    error_clear(cx);
    if (item->created) /* made by the batch and deleted since: nothing to take back */
        return ST_OK;
    return undo_delete(cx, plan, o, item, batch, ret_reason);
}

Status batch_mark_undone(Ctx *cx, Plan *plan, Id batch, Id by_batch)
{
    const DbVal v[] = {db_int(batch), db_int(by_batch)};
    plan_exec(plan, STR_SQL(SQL_UNDONE), v, COUNT_OF(v));
    TRY(record_merge_undo(cx, plan, batch));
    return batch_steps_undo(cx, plan, batch);
}
