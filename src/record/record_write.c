/* SPDX-License-Identifier: Apache-2.0 */
/* Writing: what one record adds to the plan: locks, twin row, row, link rows, change, event. */
#include "access/share_rule.h"
#include "match/match.h"
#include "meta/meta_secret.h"
#include "record/record_internal.h"

static const char SQL_CHANGE[] = "INSERT INTO {gx_change} (id, at, by_user, cause, batch, request) "
                                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char SQL_OUTBOX[] =
    "INSERT INTO {gx_outbox} (id, seq, at, object, record, version, action, change) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

DbVal record_change(Ctx *cx, Plan *plan)
{
    if (plan_has_change(plan))
        return plan_change(plan);
    DbVal change = plan_change(plan);
    const DbVal v[] = {change,
                       plan_now(plan),
                       db_id_or_null(cx->user->id),
                       db_text(str_of(cx->cause ? cx->cause : "api")),
                       db_id_or_null(cx->batch),
                       db_int((int64_t)cx->request_id)};
    plan_exec(plan, STR_SQL(SQL_CHANGE), v, COUNT_OF(v));
    return change;
}

void record_event(Ctx *cx, Plan *plan, const Object *o, Id id, int64_t version, const char *action)
{
    const DbVal v[] = {db_int(idgen_next(db_ids(cx->records->pool))),
                       plan_seq(plan),
                       db_int(cx->now_ms),
                       db_text(o->name),
                       db_int(id),
                       db_int(version),
                       db_text(str_of(action)),
                       record_change(cx, plan)};
    plan_insert(plan, STR_SQL(SQL_OUTBOX), v, COUNT_OF(v));
    query_titles_change(cx, plan, o);
    query_sights_change(cx, plan, o, id);
    if (access_depends_on(o))
        access_changed(cx, plan);
}

static void copy_to_twin(Ctx *cx, Plan *plan, const Object *o, Id id, const char *op)
{
    const DbVal v[] = {db_int(id), record_change(cx, plan), db_text(str_of(op))};
    plan_expect(plan, record_texts(o)->twin, v, COUNT_OF(v), 1);
}

/* ---- link rows: an index over the ids that stand in the row itself */
static void link_row(Ctx *cx, Plan *plan, const Field *f, Id record, DbVal target, bool add)
{
    Sql q = sql_new(cx->arena);
    if (add)
        sql_lit(&q, "INSERT INTO ");
    else
        sql_lit(&q, "DELETE FROM ");
    sql_links_table(&q, f);
    if (add)
        sql_lit(&q, " (\"record\", \"target\") VALUES (?1, ?2)");
    else
        sql_lit(&q, " WHERE \"record\" = ?1 AND \"target\" = ?2");
    const DbVal v[] = {db_int(record), target};
    if (add)
        plan_insert(plan, sql_text(&q), v, COUNT_OF(v));
    else
        plan_exec(plan, sql_text(&q), v, COUNT_OF(v));
}

static void link_rows(Ctx *cx, Plan *plan, const Record *r, const Field *f, const Value *before,
                      const Value *after)
{
    for (size_t i = 0; before->t == V_IDS && i < before->ids.n; i++)
        if (!value_has_id(after, before->ids.p[i]))
            link_row(cx, plan, f, r->id, db_int(before->ids.p[i]), false);
    for (size_t i = 0; after->t == V_IDS && i < after->ids.n; i++)
        if (!value_has_id(before, after->ids.p[i]))
            link_row(cx, plan, f, r->id, db_int(after->ids.p[i]), true);
}

static void text_rows(Ctx *cx, Plan *plan, const Record *r, const Field *f, const Value *before,
                      const Value *after)
{
    for (size_t i = 0; before->t == V_TEXTS && i < before->texts.n; i++)
        if (!value_has_text(after, before->texts.p[i]))
            link_row(cx, plan, f, r->id, db_text(before->texts.p[i]), false);
    for (size_t i = 0; after->t == V_TEXTS && i < after->texts.n; i++)
        if (!value_has_text(before, after->texts.p[i]))
            link_row(cx, plan, f, r->id, db_text(after->texts.p[i]), true);
}

void record_plan_links(Ctx *cx, Plan *plan, const Record *r, bool is_new)
{
    const Value none = VALUE_NULL;
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        if (!field_is_many(f) || !(is_new || record_touched(r, f)))
            continue;
        const Value *before = is_new ? &none : &r->old[i];
        if (field_is_set(f))
            text_rows(cx, plan, r, f, before, &r->values[i]);
        else
            link_rows(cx, plan, r, f, before, &r->values[i]);
    }
    record_plan_files(cx, plan, r, is_new);
}

/* What is linked anew must still be there at the commit. Users are never deleted: no lock. */
static void share_target(Plan *plan, const Record *r, const Object *to, Id target)
{
    if (to && target > USER_SYSTEM && target != r->id && target != r->promised &&
        !str_is(to->name, "user"))
        plan_share(plan, to->plural, target);
}

void record_plan_targets(Ctx *cx, Plan *plan, const Record *r)
{
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        const Value *v = &r->values[i];
        if (f->system || (r->old && !record_touched(r, f)))
            continue;
        if (v->t == V_ID)
            share_target(plan, r, f->to, v->i);
        if (v->t == V_REF)
            share_target(plan, r, meta_object(cx->meta, v->ref.object), v->ref.id);
        for (size_t k = 0; v->t == V_IDS && k < v->ids.n; k++)
            share_target(plan, r, f->to, v->ids.p[k]);
    }
}

/* ---- rows */
static void stamp(Ctx *cx, Record *r)
{
    const Object *o = r->object;
    bool is_new = r->version == 0, kept = is_new && r->brought;
    int64_t version = kept ? record_value_int(&r->values[o->version->index]) : 0;
    r->version = version > 0 ? version : r->version + 1;
    r->fresh = is_new;
    if (is_new && !r->id)
        r->id = idgen_next(db_ids(cx->records->pool));
    record_set(r, o->id, (Value){.t = V_ID, .i = r->id});
    record_set(r, o->version, (Value){.t = V_INT, .i = r->version});
    if (is_new && value_is_null(&r->values[o->created_at->index]))
        record_set(r, o->created_at, (Value){.t = V_TIME, .i = cx->now_ms});
    if (is_new && value_is_null(&r->values[o->created_by->index]))
        record_set(r, o->created_by, (Value){.t = V_ID, .i = cx->user->id});
    if (kept && !value_is_null(&r->values[o->updated_at->index]))
        return;
    record_set(r, o->updated_at, (Value){.t = V_TIME, .i = cx->now_ms});
    record_set(r, o->updated_by, (Value){.t = V_ID, .i = cx->user->id});
}

static void store_field(Ctx *cx, const Record *r, const Field *f, DbVal *out)
{
    Value v = f->kind == F_SECRET ? meta_secret_sealed(cx, f, r->id, &r->values[f->index])
                                  : r->values[f->index];
    f->type->store(cx->arena, f, &v, out);
}

Status record_plan_row(Ctx *cx, Plan *plan, Record *r, bool tokens)
{
    const RecordTexts *t = record_texts(r->object);
    stamp(cx, r);
    DbVal *v = ARENA_ARRAY(cx->arena, DbVal, t->n_columns);
    for (size_t i = 0; i < r->object->n_fields; i++)
        if (record_is_stored(r->object->fields[i]))
            store_field(cx, r, r->object->fields[i], v + t->first[i]);
    v[t->n_columns - 1] = record_change(cx, plan);
    plan_insert(plan, t->insert, v, (size_t)t->n_columns);
    record_plan_links(cx, plan, r, true);
    if (tokens)
        search_put(cx, plan, cx->records->words, r->object, r->id, NULL, r->values);
    match_put(cx, plan, r->object, r->id, NULL, r->values);
    if (!r->fresh)
        TRY(access_share_touch(cx, plan, r->object, r->id, true));
    TRY(record_plan_shares(cx, plan, r, true));
    TRY(access_share_follow(cx, plan, r->object, r->id, NULL));
    return record_shadow_insert(cx, plan, r);
}

Status record_plan_insert(Ctx *cx, Plan *plan, Record *r)
{
    TRY(record_plan_row(cx, plan, r, true));
    record_plan_targets(cx, plan, r);
    plan_made(plan, r->id);
    return record_plan_rollups(cx, plan, r, true, true);
}

/* SET of the touched columns only: indexes of the others are left alone. */
static Status write_set(Ctx *cx, Plan *plan, const Record *r, Sql *q, int64_t from_version)
{
    sql_lit(q, "UPDATE ");
    sql_table(q, r->object);
    sql_lit(q, " SET \"changed\" = ");
    sql_bind(q, record_change(cx, plan));
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        DbVal v[FIELD_COLUMNS];
        if (!record_is_stored(f) || !record_touched(r, f))
            continue;
        store_field(cx, r, f, v);
        for (int part = 0; part < f->n_columns; part++) {
            sql_lit(q, ", ");
            sql_column(q, -1, f, part);
            sql_lit(q, " = ");
            sql_bind(q, v[part]);
        }
    }
    TRY(record_shadow_set(cx, r, q));
    sql_lit(q, " WHERE \"id\" = ");
    sql_bind_int(q, r->id);
    sql_lit(q, " AND \"version\" = ");
    sql_bind_int(q, from_version);
    return ST_OK;
}

Status record_plan_update(Ctx *cx, Plan *plan, Record *r)
{
    int64_t from_version = r->version;
    plan_lock(plan, r->object->plural, r->id, from_version);
    if (r->object->history)
        copy_to_twin(cx, plan, r->object, r->id, "update");
    stamp(cx, r);
    if (!r->brought) /* else they may come later */
        record_plan_targets(cx, plan, r);
    Sql q = sql_new(cx->arena);
    TRY(write_set(cx, plan, r, &q, from_version));
    plan_expect(plan, sql_text(&q), q.vals->v, q.vals->n, 1);
    record_plan_links(cx, plan, r, false);
    record_shadow_lists(cx, plan, r, false);
    search_put(cx, plan, cx->records->words, r->object, r->id, r->old, r->values);
    match_put(cx, plan, r->object, r->id, r->old, r->values);
    TRY(access_share_touch(cx, plan, r->object, r->id, true));
    TRY(record_plan_shares(cx, plan, r, false));
    TRY(access_share_follow(cx, plan, r->object, r->id, r->touched));
    return record_plan_rollups(cx, plan, r, false, true);
}

Status record_plan_remove(Ctx *cx, Plan *plan, const Record *r)
{
    const Object *o = r->object;
    Id id = r->id;
    DbVal v = db_int(id);
    plan_lock(plan, o->plural, id, r->version);
    if (o->history)
        copy_to_twin(cx, plan, o, id, "delete");
    for (size_t i = 0; i < o->n_fields; i++) {
        if (field_is_many(o->fields[i]))
            record_side_drop(cx, plan, o->fields[i], id);
    }
    for (size_t i = 0; i < o->n_kept; i++)
        if (field_is_many(o->kept[i]))
            record_side_drop(cx, plan, o->kept[i], id);
    search_drop(cx, plan, o, id);
    match_drop(plan, o, id);
    TRY(access_share_touch(cx, plan, o, id, false));
    plan_gone(plan, id);
    plan_expect(plan, record_texts(o)->remove, &v, 1, 1);
    TRY(record_plan_rollups(cx, plan, r, false, false));
    record_event(cx, plan, o, id, r->version + 1, "delete");
    return ST_OK;
}

/* ---- the verbs */
static bool anything_touched(const Record *r)
{
    for (size_t i = 0; i < (r->object->n_fields + 63) / 64; i++)
        if (r->touched[i])
            return true;
    return false;
}

static bool is_made(const Record *r, Id id)
{
    for (size_t i = 0; i < r->n_made; i++)
        if (r->made[i].id == id)
            return true;
    return false;
}

/* A line that comes to a parent changes it: that takes the right to change the parent. */
static Status may_join(Ctx *cx, const Record *r)
{
    const Field *up = record_line_parent(r->object);
    Record *parent = NULL;
    AccessRecord ar;
    if (!up || !record_touched(r, up) || access_scope(cx, up->to, ACCESS_UPDATE) == SCOPE_ALL)
        return ST_OK;
    Id id = record_value_id(record_get(r, up));
    if (!id || is_made(r, id))
        return ST_OK;
    TRY(record_load_stored(cx, up->to, id, &parent));
    if (!parent)
        return ST_OK;
    TRY(record_access(cx, ACCESS_UPDATE, parent, parent->old, &ar));
    return access_require(cx, up->to, ACCESS_UPDATE, &ar);
}

static Status may_write(Ctx *cx, const Record *r)
{
    AccessAction action = r->old ? ACCESS_UPDATE : ACCESS_CREATE;
    AccessRecord ar;
    TRY(record_access(cx, action, r, r->old ? r->old : r->values, &ar));
    TRY(access_require(cx, r->object, action, &ar));
    return may_join(cx, r);
}

static Status give_numbers(Ctx *cx, Plan *plan, Record *r)
{
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        Str number;
        if (f->kind != F_AUTO_NUMBER || !value_is_null(&r->values[i]))
            continue;
        TRY(number_next(cx, plan, f, &number));
        record_set(r, f, (Value){.t = V_TEXT, .s = number});
    }
    return ST_OK;
}

static Status write_row(Ctx *cx, Plan *plan, Record *r)
{
    bool is_new = r->version == 0;
    TRY(is_new ? record_plan_insert(cx, plan, r) : record_plan_update(cx, plan, r));
    record_event(cx, plan, r->object, r->id, r->version, is_new ? "create" : "update");
    const RecordHooks *hooks = record_hooks(cx, r->object);
    return hooks && hooks->after_write ? hooks->after_write(cx, plan, r) : ST_OK;
}

Status record_prepare(Ctx *cx, Plan *plan, Record *r)
{
    const RecordHooks *hooks = record_hooks(cx, r->object);
    if (!r->old)
        TRY(record_defaults(cx, r));
    if (hooks && hooks->before_write)
        TRY(hooks->before_write(cx, r));
    if (r->old && !anything_touched(r) && !r->n_lines)
        return ST_OK;
    TRY(record_validate(cx, r));
    return r->old ? ST_OK : give_numbers(cx, plan, r);
}

Status record_write_prepared(Ctx *cx, Plan *plan, Record *r)
{
    if (r->old && !anything_touched(r) && !r->n_lines)
        return ST_OK;
    TRY(record_check_trees(cx, r, plan));
    return write_row(cx, plan, r);
}

/* Asked when defaults are filled in: what is made, and what becomes of another type, must be of a type that the person may make. */
static Status may_type(Ctx *cx, const Record *r)
{
    const Field *f = r->object->record_type;
    if (!f || (r->old && !record_touched(r, f)))
        return ST_OK;
    const Value *v = record_get(r, f);
    if (access_may_type(cx, r->object, v->t == V_TEXT ? v->s : STR_NULL))
        return ST_OK;
    return FIELD_FAIL(cx, f->name, "forbidden_value", "record.type_not_yours",
                      "your roles make no records of this type");
}

Status record_write(Ctx *cx, Plan *plan, Record *r)
{
    TRY(may_write(cx, r));
    if (r->old && (r->object->traits & TRAIT_APPEND_ONLY))
        return FAIL(cx, ST_DENIED, "record.append_only", "Records of this kind are never changed");
    if ((r->n_lines || cx->allow_duplicates) && !r->id) { /* lines and the log name it */
        r->id = record_id_next(cx);
        r->fresh = true;
        record_set(r, r->object->id, (Value){.t = V_ID, .i = r->id});
    }
    TRY(record_prepare_lines(cx, plan, r));
    TRY(record_prepare(cx, plan, r));
    TRY(may_type(cx, r));
    TRY(record_may_share(cx, r));
    if (cx->records->duplicates)
        TRY(cx->records->duplicates(cx, plan, r));
    TRY(record_write_prepared(cx, plan, r));
    return record_write_lines(cx, plan, r);
}

/* A rule writes no lines. */
Status record_write_by_rule(Ctx *cx, Plan *plan, Record *r)
{
    r->by_rule = true;
    if (r->old && (r->object->traits & TRAIT_APPEND_ONLY))
        return FAIL(cx, ST_DENIED, "record.append_only", "Records of this kind are never changed");
    TRY(record_prepare(cx, plan, r));
    return record_write_prepared(cx, plan, r);
}

bool record_settles(const Ctx *cx, const Object *o, bool *ret_updates)
{
    const RecordHooks *hooks = record_hooks(cx, o);
    *ret_updates = hooks && hooks->settles_updates;
    return hooks && hooks->settle;
}

Status record_settle(Ctx *cx, Plan *plan, const Object *o, const Id *ids, size_t n)
{
    const RecordHooks *hooks = record_hooks(cx, o);
    return hooks && hooks->settle ? hooks->settle(cx, plan, o, ids, n) : ST_OK;
}
