/* SPDX-License-Identifier: Apache-2.0 */
/* Deleting and bringing back. What hangs on a record follows the relation's rule: restrict refuses,
 * clear empties the link, cascade deletes too; effects beyond MAX_EFFECTS are work for a job. */
#include "record/record_internal.h"

static const char SQL_DELETED[] =
    "SELECT record FROM {gx_outbox} WHERE change = ?1 AND object = ?2 "
    "AND action = 'delete' LIMIT ?3";

typedef struct Going {
    const Object *object;
    Id id;
} Going;

typedef struct Effects {
    int depth, records;
    Going going[MAX_EFFECTS + 1]; /* what goes in this plan: circles of links end there */
    size_t n_going;
    bool
        takes_back; /* what the person made himself goes again: the record in hand needs no right */
} Effects;

static Status remove_with_children(Ctx *cx, Plan *plan, Record *r, Effects *fx);

void record_sql_pointing(Sql *q, const Field *f, const Object *of, Id id)
{
    if (f->kind == F_LINKS) {
        sql_links_table(q, f);
        sql_lit(q, " WHERE \"target\" = ");
    } else {
        sql_table(q, f->object);
        sql_lit(q, " WHERE ");
        if (f->kind == F_ANY_LINK) {
            sql_kind(q, -1, f, of);
            sql_lit(q, " AND ");
        }
        sql_column(q, -1, f, 0);
        sql_lit(q, " = ");
    }
    sql_bind_int(q, id);
}

Status record_children(Ctx *cx, const Field *f, const Object *of, Id id, size_t limit, Id *ret,
                       size_t *ret_n)
{
    Sql q = sql_new(cx->arena);
    if (f->kind == F_LINKS)
        sql_lit(&q, "SELECT \"record\" FROM ");
    else
        sql_lit(&q, "SELECT \"id\" FROM ");
    record_sql_pointing(&q, f, of, id);
    sql_lit(&q, " LIMIT ");
    sql_number(&q, (int64_t)limit);
    CLEANUP(stmt) Stmt *s = NULL;
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    bool row = false;
    for (*ret_n = 0; *ret_n < limit; (*ret_n)++) {
        TRY(db_next(s, &row));
        if (!row)
            break;
        ret[*ret_n] = db_col_id(s, 0);
    }
    return ST_OK;
}

static bool is_going(const Effects *fx, const Object *o, Id id)
{
    for (size_t i = 0; i < fx->n_going; i++)
        if (fx->going[i].object == o && fx->going[i].id == id)
            return true;
    return false;
}

static Status too_many(Ctx *cx)
{
    return FAIL_CODE(cx, ST_INVALID, "too_many_effects", "record.too_many_effects",
                     "More than %d records hang on this one", MAX_EFFECTS);
}

static Status has_children(Ctx *cx, const Field *f)
{
    return FAIL(cx, ST_CONFLICT, "record.has_children",
                "Still used by %.*s (%.*s); move or delete them first",
                STR_ARG(label_in(&f->object->label, cx->lang)),
                STR_ARG(label_in(&f->label, cx->lang)));
}

/* Nobody may link to it between now and the commit, but for what goes with it. */
static void guard_no_children(Ctx *cx, Plan *plan, const Field *f, const Object *of, Id id,
                              const Effects *fx)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ");
    sql_table(&q, f->object);
    sql_lit(&q, " WHERE ");
    if (f->kind == F_ANY_LINK) {
        sql_kind(&q, -1, f, of);
        sql_lit(&q, " AND ");
    }
    sql_column(&q, -1, f, 0);
    sql_lit(&q, " = ");
    sql_bind_int(&q, id);
    for (size_t i = 0; i < fx->n_going; i++) {
        if (fx->going[i].object != f->object)
            continue;
        sql_lit(&q, " AND \"id\" <> ");
        sql_bind_int(&q, fx->going[i].id);
    }
    sql_lit(&q, ")");
    plan_guard(plan, sql_text(&q), q.vals->v, q.vals->n);
}

static bool clears(const Record *r, const Field *f, Id gone)
{
    const Value *v = record_get(r, f);
    bool leads = v->t == V_REF ? v->ref.id == gone : value_has_id(v, gone);
    bool link = f->kind == F_LINK || f->kind == F_ANY_LINK;
    return leads && (f->kind == F_LINKS || (link && f->on_delete == DELETE_CLEAR));
}

static Value without(Ctx *cx, const Value *now, Id gone)
{
    size_t most = now->t == V_IDS ? now->ids.n : 0, n = 0;
    Id *ids = ARENA_ARRAY(cx->arena, Id, most + 1);
    for (size_t i = 0; i < most; i++)
        if (now->ids.p[i] != gone)
            ids[n++] = now->ids.p[i];
    return record_ids_value(ids, n);
}

/* A child that leads there by several links is written once, with the first of them. */
static Status clear_link(Ctx *cx, Plan *plan, const Field *f, Id child, Id gone)
{
    Record *r = NULL;
    TRY(record_load_any(cx, f->object, child, &r));
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *g = r->object->fields[i];
        if (g != f && !clears(r, g, gone))
            continue;
        if (g->index < f->index)
            return ST_OK;
        record_set(r, g, g->kind == F_LINKS ? without(cx, record_get(r, g), gone) : VALUE_NULL);
    }
    TRY(record_plan_update(cx, plan, r));
    record_event(cx, plan, r->object, r->id, r->version, "update");
    return ST_OK;
}

static Status child_follows(Ctx *cx, Plan *plan, const Field *f, Id child, Id gone, Effects *fx)
{
    if (is_going(fx, f->object, child))
        return ST_OK;
    if (++fx->records > MAX_EFFECTS)
        return too_many(cx);
    if (f->kind == F_LINKS || f->on_delete == DELETE_CLEAR)
        return clear_link(cx, plan, f, child, gone);
    Record *r = NULL;
    TRY(record_load_any(cx, f->object, child, &r));
    return remove_with_children(cx, plan, r, fx);
}

static Status relation_follows(Ctx *cx, Plan *plan, const Relation *rel, Id id, Effects *fx)
{
    const Field *f = rel->field;
    Id ids[MAX_EFFECTS + 1];
    size_t n = 0;
    bool restricts = f->kind != F_LINKS && f->on_delete == DELETE_RESTRICT;
    TRY(record_children(cx, f, rel->of, id, restricts ? fx->n_going + 1 : COUNT_OF(ids), ids, &n));
    for (size_t i = 0; restricts && i < n; i++)
        if (!is_going(fx, f->object, ids[i]))
            return has_children(cx, f);
    if (restricts) {
        guard_no_children(cx, plan, f, rel->of, id, fx);
        return ST_OK;
    }
    if (n > MAX_EFFECTS)
        return too_many(cx);
    for (size_t i = 0; i < n; i++)
        TRY(child_follows(cx, plan, f, ids[i], id, fx));
    return ST_OK;
}

static Status remove_with_children(Ctx *cx, Plan *plan, Record *r, Effects *fx)
{
    const Object *o = r->object;
    const RecordHooks *hooks = record_hooks(cx, o);
    AccessRecord ar;
    if (++fx->depth > MAX_DEPTH || fx->n_going == COUNT_OF(fx->going))
        return too_many(cx);
    fx->going[fx->n_going++] = (Going){o, r->id};
    r->in_parent = o->parent && fx->depth > 1;
    bool own = fx->takes_back && fx->depth == 1;
    if (!own && (!o->parent || fx->depth == 1)) { /* lines go with their parent, under its right */
        TRY(record_access(cx, ACCESS_DELETE, r, r->old, &ar));
        TRY(access_require(cx, o, ACCESS_DELETE, &ar));
    }
    if (hooks && hooks->before_delete)
        TRY(hooks->before_delete(cx, plan, r));
    for (size_t i = 0; i < o->n_relations; i++)
        TRY(relation_follows(cx, plan, &o->relations[i], r->id, fx));
    TRY(record_plan_remove(cx, plan, r));
    fx->depth--;
    return ST_OK;
}

/* Under the right to write its parent. */
Status record_remove_line(Ctx *cx, Plan *plan, Record *r)
{
    Effects fx = {.depth = 1};
    return remove_with_children(cx, plan, r, &fx);
}

Status record_delete(Ctx *cx, Plan *plan, Record *r)
{
    Effects fx = {0};
    return remove_with_children(cx, plan, r, &fx);
}

Status record_take_back(Ctx *cx, Plan *plan, Record *r)
{
    const Value *by = record_get(r, r->object->created_by);
    Effects fx = {.takes_back = cx->user && record_value_id(by) == cx->user->id};
    return remove_with_children(cx, plan, r, &fx);
}

/* ---- restore */
static Status image(Ctx *cx, const Object *o, Str sql, const DbVal *v, size_t n, Record **ret,
                    Id *ret_until)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare_str(cx, sql, &q));
    TRY(db_bind_all(q, v, n));
    bool found = false;
    TRY(db_next(q, &found));
    *ret = NULL;
    if (!found)
        return ST_OK;
    Record *r = record_new(cx, o);
    record_read_row(cx, o, q, r->values, &r->changed);
    r->id = record_value_int(&r->values[o->id->index]);
    r->version = record_value_int(&r->values[o->version->index]);
    if (ret_until)
        *ret_until = db_col_id(q, record_texts(o)->n_columns);
    *ret = r;
    return ST_OK;
}

Status record_image_before(Ctx *cx, const Object *o, Id id, Id until, Record **ret)
{
    const DbVal v[] = {db_int(id), db_int(until)};
    return image(cx, o, record_texts(o)->twin_before, v, COUNT_OF(v), ret, NULL);
}

Status record_image_version(Ctx *cx, const Object *o, Id id, int64_t version, Record **ret)
{
    const DbVal v[] = {db_int(id), db_int(version)};
    return image(cx, o, record_texts(o)->twin_version, v, COUNT_OF(v), ret, NULL);
}

Status record_image_last(Ctx *cx, const Object *o, Id id, Record **ret, Id *ret_until)
{
    DbVal v = db_int(id);
    return image(cx, o, record_texts(o)->twin_last, &v, 1, ret, ret_until);
}

/* The image becomes a live row one version later than the delete. */
Status record_revive(Ctx *cx, Plan *plan, Record *r)
{
    r->version++; /* the delete's */
    r->old = NULL;
    TRY(record_plan_insert(cx, plan, r));
    record_shadow_revive(cx, plan, r);
    record_event(cx, plan, r->object, r->id, r->version, "restore");
    return ST_OK;
}

/* What comes back together: what the same change deleted along cascading relations. Found first, so that
 * each may link to any other of them, in circles as well. */
typedef struct Revival {
    Record *r, *parent;
    const Relation *rel;
} Revival;
typedef VEC(Revival) Revivals;

static Status deleted_children(Ctx *cx, const Object *o, Id until, Id *ret, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal v[] = {db_int(until), db_text(o->name), db_int(MAX_EFFECTS)};
    bool row = true;
    TRY(db_prepare(cx, SQL_DELETED, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    for (*ret_n = 0; *ret_n < MAX_EFFECTS; (*ret_n)++) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        ret[*ret_n] = db_col_id(q, 0);
    }
    return ST_OK;
}

static bool points_at(const Value *v, const Record *target)
{
    if (v->t == V_REF)
        return v->ref.id == target->id && str_eq(v->ref.object, target->object->name);
    return record_value_id(v) == target->id;
}

/* Figures of the parent see what comes back with it, which is not in the database yet. */
static void note_line(Record *parent, const Relation *rel, Record *r)
{
    parent->lines[parent->n_lines++] = (RecordLine){.relation = rel, .record = r};
}

static void make_room(Ctx *cx, Record *parent, size_t n)
{
    RecordLine *lines = ARENA_ARRAY(cx->arena, RecordLine, parent->n_lines + n);
    if (parent->n_lines)
        memcpy(lines, parent->lines, parent->n_lines * sizeof(*lines));
    parent->lines = lines;
}

static bool is_found(const Revivals *all, const Object *o, Id id)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].r->object == o && all->v[i].r->id == id)
            return true;
    return false;
}

static Status find_children(Ctx *cx, const Relation *rel, Record *parent, Id until, int depth,
                            Revivals *all);

static Status find_tree(Ctx *cx, Revival one, Id until, int depth, Revivals *all)
{
    Record *r = one.r;
    VEC_PUSH(cx->arena, all, one);
    for (size_t i = 0; i < r->object->n_relations && depth < MAX_DEPTH; i++) {
        const Field *f = r->object->relations[i].field;
        bool follows = f->kind == F_LINK || f->kind == F_ANY_LINK;
        if (follows && f->on_delete == DELETE_CASCADE)
            TRY(find_children(cx, &r->object->relations[i], r, until, depth + 1, all));
    }
    return ST_OK;
}

static Status find_children(Ctx *cx, const Relation *rel, Record *parent, Id until, int depth,
                            Revivals *all)
{
    const Field *f = rel->field;
    Id ids[MAX_EFFECTS];
    size_t n = 0;
    TRY(deleted_children(cx, f->object, until, ids, &n));
    for (size_t i = 0; i < n; i++) {
        Record *r = NULL;
        if (is_found(all, f->object, ids[i]))
            continue;
        TRY(record_image_before(cx, f->object, ids[i], until, &r));
        if (r && points_at(record_get(r, f), parent))
            TRY(find_tree(cx, (Revival){r, parent, rel}, until, depth, all));
    }
    return ST_OK;
}

static Status revive_tree(Ctx *cx, Plan *plan, Record *root, Id until)
{
    Revivals all = {0};
    TRY(find_tree(cx, (Revival){.r = root}, until, 0, &all));
    for (size_t i = 0; i < all.n; i++)
        plan_made(plan, all.v[i].r->id);
    for (size_t i = 0; i < all.n; i++)
        TRY(record_revive(cx, plan, all.v[i].r));
    for (size_t i = 1; i < all.n; i++) {
        make_room(cx, all.v[i].parent, 1);
        note_line(all.v[i].parent, all.v[i].rel, all.v[i].r);
    }
    return ST_OK;
}

Status record_restore(Ctx *cx, Plan *plan, const Object *o, Id id, Record **ret)
{
    Record *r = NULL, *live = NULL;
    Id until = 0;
    Status st = record_load(cx, o, id, &live);
    if (st == ST_OK)
        return FAIL(cx, ST_CONFLICT, "record.not_deleted", "The record is not deleted");
    if (st != ST_NOT_FOUND)
        return st;
    error_clear(cx);
    TRY(record_image_last(cx, o, id, &r, &until));
    AccessRecord ar = {0};
    bool may = false;
    if (r) {
        TRY(record_access(cx, ACCESS_READ, r, r->values, &ar));
        TRY(access_may(cx, o, ACCESS_READ, &ar, &may));
    }
    if (!r || !may)
        return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
    TRY(record_access(cx, ACCESS_DELETE, r, r->values, &ar));
    TRY(access_require(cx, o, ACCESS_DELETE, &ar));
    TRY(revive_tree(cx, plan, r, until));
    const RecordHooks *hooks = record_hooks(cx, o);
    if (hooks && hooks->after_restore)
        TRY(hooks->after_restore(cx, plan, r));
    *ret = r;
    return ST_OK;
}
