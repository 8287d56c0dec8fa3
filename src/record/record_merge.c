/* SPDX-License-Identifier: Apache-2.0 */
/* Making one record of several, in one plan: what points at the others points at the one that is kept, they go to the
 * recycle bin, and {gx_merged} leads from their ids to it. What cannot be said twice (a link object that the kept
 * record has already) goes with them. Shares move, marks of people are copied; both are noted for the undo.
 *
 * Order: children move, the others go, the kept one is written last, so that it may take a unique value of theirs; the
 * undo of the batch goes the other way. */
#include "record/former.h"
#include "record/merge.h"
#include "record/record_internal.h"

enum { MERGE_CHILDREN = 5000, MERGE_CHAIN = 20 };

static const char SQL_MERGED[] =
    "INSERT INTO {gx_merged} (object, record, into_record, batch, at) VALUES "
    "(?1, ?2, ?3, ?4, ?5) ON CONFLICT (object, record) DO UPDATE SET "
    "into_record = excluded.into_record, batch = excluded.batch, at = excluded.at";
static const char SQL_INTO[] =
    "SELECT into_record FROM {gx_merged} WHERE object = ?1 AND record = ?2";
static const char SQL_FROM[] = "SELECT record FROM {gx_merged} WHERE object = ?1 AND "
                               "into_record = ?2 ORDER BY at DESC, record LIMIT ?3";
static const char SQL_OF_BATCH[] =
    "SELECT object, record, into_record FROM {gx_merged} WHERE batch = ?1 ORDER BY record";
static const char SQL_PAIRS[] =
    "UPDATE {gx_duplicate} SET status = 2 WHERE object = ?1 AND (a = ?2 OR b = ?2) "
    "AND status = 0";
static const char SQL_PAIRS_BACK[] =
    "UPDATE {gx_duplicate} SET status = 0 WHERE object = ?1 AND (a = ?2 OR b = ?2) AND status = 2";
static const char SQL_FORGET[] = "DELETE FROM {gx_merged} WHERE batch = ?1";
static const char SQL_FORGET_STEPS[] = "DELETE FROM {gx_merge_step} WHERE batch = ?1";

typedef struct Moved { /* a record that points at one of the others */
    const Object *object;
    Id id;
} Moved;

typedef struct Merge {
    Record *keep;
    Record **lose;
    size_t n;
    VEC(Moved) moved;
} Merge;

static bool is_lost(const Merge *m, Id id)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->lose[i]->id == id)
            return true;
    return false;
}

static void note_moved(Ctx *cx, Merge *m, const Object *o, Id id)
{
    bool own = o == m->keep->object && (id == m->keep->id || is_lost(m, id));
    for (size_t i = 0; !own && i < m->moved.n; i++)
        own = m->moved.v[i].object == o && m->moved.v[i].id == id;
    if (!own)
        VEC_PUSH(cx->arena, &m->moved, ((Moved){o, id}));
}

/* Nobody may point at it anew between now and the commit. */
static void guard_children(Ctx *cx, Plan *plan, const Field *f, const Object *of, Id id, size_t n)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT 1 WHERE (SELECT count(*) FROM ");
    record_sql_pointing(&q, f, of, id);
    sql_lit(&q, ") = ");
    sql_bind_int(&q, (int64_t)n);
    plan_guard(plan, sql_text(&q), q.vals->v, q.vals->n);
}

static Status find_children(Ctx *cx, Plan *plan, Merge *m, const Relation *rel)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, MERGE_CHILDREN + 1);
    for (size_t i = 0; i < m->n; i++) {
        size_t n = 0;
        TRY(record_children(cx, rel->field, rel->of, m->lose[i]->id, MERGE_CHILDREN + 1, ids, &n));
        for (size_t k = 0; k < n && k < MERGE_CHILDREN; k++)
            note_moved(cx, m, rel->field->object, ids[k]);
        if (n > MERGE_CHILDREN || m->moved.n > MERGE_CHILDREN)
            return FAIL_CODE(cx, ST_INVALID, "too_many_effects", "record.merge_too_many",
                             "More than %d records hang on these; move some of them first",
                             MERGE_CHILDREN);
        guard_children(cx, plan, rel->field, rel->of, m->lose[i]->id, n);
    }
    return ST_OK;
}

/* ---- values that lead to the others */
static bool leads_here(const Merge *m, const Field *f)
{
    const Object *o = m->keep->object;
    return ((f->kind == F_LINK || f->kind == F_LINKS) && f->to == o) ||
           (f->kind == F_ANY_LINK && field_leads_to(f, o));
}

static bool move_ids(Ctx *cx, const Merge *m, const Value *now, Value *ret)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, now->ids.n + 1);
    bool any = false;
    for (size_t i = 0; i < now->ids.n; i++) {
        bool lost = is_lost(m, now->ids.p[i]);
        ids[i] = lost ? m->keep->id : now->ids.p[i];
        any |= lost;
    }
    *ret = record_ids_value(ids, now->ids.n);
    return any;
}

static bool move_value(Ctx *cx, const Merge *m, const Value *now, Value *ret)
{
    *ret = *now;
    if (now->t == V_IDS)
        return move_ids(cx, m, now, ret);
    if (now->t == V_ID && is_lost(m, now->i)) {
        ret->i = m->keep->id;
        return true;
    }
    if (now->t == V_REF && str_eq(now->ref.object, m->keep->object->name) &&
        is_lost(m, now->ref.id)) {
        ret->ref.id = m->keep->id;
        return true;
    }
    return false;
}

static bool move_fields(Ctx *cx, const Merge *m, Record *r)
{
    bool any = false;
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        Value v;
        if (!leads_here(m, f) || !move_value(cx, m, &r->values[i], &v))
            continue;
        any = true;
        record_set(r, f, v);
    }
    return any;
}

/* The kept record leads to none of the others, nor to itself. */
static void mend_keep(Ctx *cx, const Merge *m)
{
    Record *r = m->keep;
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        Value v;
        if (!leads_here(m, f) || !move_value(cx, m, &r->values[i], &v))
            continue;
        if (v.t == V_IDS) {
            size_t n = 0;
            Id *ids = ARENA_ARRAY(cx->arena, Id, v.ids.n + 1);
            for (size_t k = 0; k < v.ids.n; k++)
                if (v.ids.p[k] != r->id)
                    ids[n++] = v.ids.p[k];
            v = record_ids_value(ids, n);
        } else {
            v = VALUE_NULL;
        }
        record_set(r, f, v);
    }
}

/* ---- what is there already */
static bool index_moves(const Record *child, const Index *x)
{
    for (int i = 0; i < x->n; i++)
        if (record_touched(child, x->fields[i]))
            return true;
    return false;
}

static Status is_taken(Ctx *cx, const Record *child, const Index *x, bool *ret)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT \"id\" FROM ");
    sql_table(&q, child->object);
    sql_lit(&q, " WHERE \"id\" <> ");
    sql_bind_int(&q, child->id);
    *ret = false;
    for (int i = 0; i < x->n; i++) {
        const Field *f = x->fields[i];
        DbVal v[FIELD_COLUMNS];
        if (value_is_null(record_get(child, f)) || f->kind == F_SECRET)
            return ST_OK;
        f->type->store(cx->arena, f, record_get(child, f), v);
        sql_lit(&q, " AND ");
        sql_column(&q, -1, f, 0);
        sql_lit(&q, " = ");
        sql_bind(&q, v[0]);
    }
    CLEANUP(stmt) Stmt *s = NULL;
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    return db_next(s, ret);
}

/* Two that become alike in one plan: the first is moved. */
static bool is_twin(const Record *child, const Index *x, Record *const *done, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool same = done[i]->object == child->object;
        for (int k = 0; same && k < x->n; k++)
            same = value_equal(record_get(done[i], x->fields[k]), record_get(child, x->fields[k]));
        if (same)
            return true;
    }
    return false;
}

/* What linked one of them with another would link the kept one with itself. */
static bool leads_twice(const Merge *m, const Record *child)
{
    size_t n = 0;
    for (size_t i = 0; i < child->object->n_fields; i++)
        n += child->values[i].t == V_ID && child->object->fields[i]->to == m->keep->object &&
             child->values[i].i == m->keep->id;
    return n > 1;
}

static Status move_child(Ctx *cx, Plan *plan, const Merge *m, Record *child, Record **done,
                         size_t *n_done)
{
    bool taken = false;
    if (!move_fields(cx, m, child))
        return ST_OK;
    for (size_t i = 0; i < child->object->n_indexes && !taken; i++) {
        const Index *x = &child->object->indexes[i];
        if (!x->unique || !index_moves(child, x))
            continue;
        TRY(is_taken(cx, child, x, &taken));
        taken = taken || is_twin(child, x, done, *n_done);
    }
    if (!taken && leads_twice(m, child))
        TRY(record_breaks_rule(cx, child, &taken));
    if (taken) {
        TRY(record_load_any(cx, child->object, child->id, &child)); /* as it is */
        return record_remove_line(cx, plan, child);
    }
    TRY(record_check_trees(cx, child, NULL));
    TRY(record_plan_update(cx, plan, child));
    record_event(cx, plan, child->object, child->id, child->version, "update");
    done[(*n_done)++] = child;
    return ST_OK;
}

static Status move_children(Ctx *cx, Plan *plan, Merge *m)
{
    Record **done = ARENA_ARRAY(cx->arena, Record *, m->moved.n + 1);
    size_t n_done = 0;
    for (size_t i = 0; i < m->moved.n; i++) {
        Record *child = NULL;
        TRY(record_load_any(cx, m->moved.v[i].object, m->moved.v[i].id, &child));
        TRY(move_child(cx, plan, m, child, done, &n_done));
    }
    return ST_OK;
}

static bool leads_to(const Record *r, Id id)
{
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Value *v = &r->values[i];
        if ((v->t == V_REF && v->ref.id == id) || value_has_id(v, id))
            return true;
    }
    return false;
}

/* Who leads to another of them goes before it, so that the undo, which goes the other way, finds it there. Circles
 * stay as they are. */
static void order_lost(const Merge *m)
{
    for (size_t at = 0; at < m->n; at++)
        for (size_t i = at; i < m->n; i++) {
            bool wanted = false;
            for (size_t k = at; k < m->n; k++)
                wanted = wanted || (k != i && leads_to(m->lose[k], m->lose[i]->id));
            if (wanted)
                continue;
            Record *first = m->lose[i];
            m->lose[i] = m->lose[at];
            m->lose[at] = first;
            break;
        }
}

/* ---- beside records */
static Status move_rest(Ctx *cx, Plan *plan, const Merge *m, const Record *lost)
{
    const Object *o = m->keep->object;
    const DbVal of[] = {db_int(o->number), db_int(lost->id), db_int(m->keep->id),
                        db_int(cx->batch)};
    const DbVal merged[] = {of[0], of[1], of[2], of[3], db_int(cx->now_ms)};
    record_merge_people(cx, plan, o, lost->id, m->keep->id);
    plan_exec(plan, STR_SQL(SQL_MERGED), merged, COUNT_OF(merged));
    plan_exec(plan, STR_SQL(SQL_PAIRS), of, 2);
    return ST_OK;
}

static Status may_merge(Ctx *cx, const Merge *m)
{
    AccessRecord ar;
    TRY(record_access(cx, ACCESS_UPDATE, m->keep, m->keep->old, &ar));
    TRY(access_require(cx, m->keep->object, ACCESS_UPDATE, &ar));
    for (size_t i = 0; i < m->n; i++) {
        TRY(record_access(cx, ACCESS_DELETE, m->lose[i], m->lose[i]->old, &ar));
        TRY(access_require(cx, m->keep->object, ACCESS_DELETE, &ar));
    }
    return ST_OK;
}

Status record_merge(Ctx *cx, Plan *plan, Record *keep, Record **lose, size_t n, int64_t *ret_moved)
{
    Merge m = {.keep = keep, .lose = lose, .n = n};
    const Object *o = keep->object;
    TRY(may_merge(cx, &m));
    for (size_t i = 0; i < o->n_relations; i++)
        TRY(find_children(cx, plan, &m, &o->relations[i]));
    mend_keep(cx, &m);
    for (size_t i = 0; i < n; i++)
        record_former_take(cx, keep, lose[i]);
    TRY(move_children(cx, plan, &m));
    order_lost(&m);
    for (size_t i = 0; i < n; i++) {
        TRY(record_plan_remove(cx, plan, lose[i]));
        TRY(move_rest(cx, plan, &m, lose[i]));
    }
    access_changed(cx, plan);
    *ret_moved = (int64_t)m.moved.n;
    /* It is written though it takes nothing over: so that it is there at the commit, its history tells the merge, and its
     * shares know their time. */
    record_set(keep, o->updated_at, (Value){.t = V_TIME, .i = cx->now_ms});
    return record_write(cx, plan, keep);
}

/* ---- afterwards */
Status record_merged_into(Ctx *cx, const Object *o, Id id, Id *ret)
{
    *ret = 0;
    for (int i = 0; i < MERGE_CHAIN; i++) {
        const DbVal v[] = {db_int(o->number), db_int(*ret ? *ret : id)};
        int64_t into = 0;
        bool found = false;
        TRY(db_get_int(cx, SQL_INTO, v, COUNT_OF(v), &into, &found));
        if (!found)
            break;
        *ret = into;
    }
    return ST_OK;
}

/* Once: one that was brought back by itself may have taken up the one it was part of. */
static void add_id(Id *ids, size_t *n, Id id)
{
    for (size_t i = 0; i < *n; i++)
        if (ids[i] == id)
            return;
    ids[(*n)++] = id;
}

static Status read_merged(Ctx *cx, const Object *o, Id into, size_t most, Id *ret, size_t *n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal v[] = {db_int(o->number), db_int(into), db_int((int64_t)(most - *n))};
    TRY(db_prepare(cx, SQL_FROM, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    for (bool row = true; *n < most;) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        add_id(ret, n, db_col_id(q, 0));
    }
    return ST_OK;
}

Status record_merged_from(Ctx *cx, const Object *o, Id id, size_t most, Id *ret, size_t *ret_n)
{
    size_t n = 0;
    TRY(read_merged(cx, o, id, most, ret, &n));
    for (size_t i = 0; i < n && n < most; i++)
        TRY(read_merged(cx, o, ret[i], most, ret, &n));
    *ret_n = n;
    return ST_OK;
}

static const Object *object_of(const Meta *m, int64_t number)
{
    for (size_t i = 0; i < m->n_objects; i++)
        if (m->objects[i]->number == number)
            return m->objects[i];
    return NULL;
}

Status record_merge_undo(Ctx *cx, Plan *plan, Id batch)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal key = db_int(batch);
    bool any = false;
    TRY(db_prepare(cx, SQL_OF_BATCH, &q));
    TRY(db_bind_id(q, 1, batch));
    for (bool row = true;; any = true) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        const Object *o = object_of(cx->meta, db_col_int(q, 0));
        const DbVal pairs[] = {db_int(db_col_int(q, 0)), db_int(db_col_id(q, 1))};
        plan_exec(plan, STR_SQL(SQL_PAIRS_BACK), pairs, COUNT_OF(pairs));
        if (o)
            record_merge_people_back(cx, plan, o, db_col_id(q, 2), batch);
    }
    if (!any)
        return ST_OK;
    plan_exec(plan, STR_SQL(SQL_FORGET_STEPS), &key, 1);
    plan_exec(plan, STR_SQL(SQL_FORGET), &key, 1);
    access_changed(cx, plan);
    return ST_OK;
}
