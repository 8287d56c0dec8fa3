/* SPDX-License-Identifier: Apache-2.0 */
/* Loading: one row becomes a Record. Text values are copied into the request's arena. */
#include "record/record_internal.h"

Value *record_values_new(Ctx *cx, const Object *o)
{
    return ARENA_ARRAY(cx->arena, Value, o->n_fields); /* V_NULL is 0 */
}

void record_read_row(Ctx *cx, const Object *o, const Stmt *q, Value *ret, Id *ret_changed)
{
    const RecordTexts *t = record_texts(o);
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (!record_is_stored(f))
            continue;
        Value v = VALUE_NULL;
        f->type->load(cx->arena, f, q, t->first[i], &v);
        ret[i] = value_copy(cx->arena, v);
    }
    *ret_changed = db_col_id(q, t->n_columns - 1);
}

Id record_value_id(const Value *v) { return v->t == V_ID ? v->i : 0; }

int64_t record_value_int(const Value *v) { return v->t == V_NULL ? 0 : v->i; }

static Record *record_alloc(Ctx *cx, const Object *o)
{
    Record *r = ARENA_NEW(cx->arena, Record);
    r->object = o;
    r->values = record_values_new(cx, o);
    r->touched = ARENA_ARRAY(cx->arena, uint64_t, (o->n_fields + 63) / 64);
    return r;
}

Record *record_new(Ctx *cx, const Object *o) { return record_alloc(cx, o); }

static Record *record_of_row(Ctx *cx, const Object *o, const Stmt *q)
{
    Record *r = record_alloc(cx, o);
    r->old = record_values_new(cx, o);
    record_read_row(cx, o, q, r->old, &r->changed);
    memcpy(r->values, r->old, sizeof(Value) * o->n_fields);
    r->id = record_value_int(&r->values[o->id->index]);
    r->version = record_value_int(&r->values[o->version->index]);
    return r;
}

static Status load_text(Ctx *cx, const Object *o, Str sql, const DbVal *v, size_t n, bool live,
                        Record **ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare_str(cx, sql, &q));
    TRY(db_bind_all(q, v, n));
    bool found = false;
    TRY(db_next(q, &found));
    *ret = found ? record_of_row(cx, o, q) : NULL;
    if (found && live) { /* the twin has no rollups */
        record_rollup_load(cx, o, q, record_texts(o)->n_columns, (*ret)->old);
        memcpy((*ret)->values, (*ret)->old, sizeof(Value) * o->n_fields);
    }
    return ST_OK;
}

static Status not_found(Ctx *cx)
{
    return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
}

Status record_load_stored(Ctx *cx, const Object *o, Id id, Record **ret)
{
    DbVal v = db_int(id);
    return load_text(cx, o, record_texts(o)->select, &v, 1, true, ret);
}

Status record_load_any(Ctx *cx, const Object *o, Id id, Record **ret)
{
    TRY(record_load_stored(cx, o, id, ret));
    return *ret ? ST_OK : not_found(cx);
}

/* The reader's predicate stands behind the prepared text; ?1 stays the id. */
static Status load_visible(Ctx *cx, const Object *o, Id id, Record **ret)
{
    Sql q = sql_new(cx->arena);
    DbVal key = db_int(id);
    VEC_PUSH(cx->arena, q.vals, key);
    int next_alias = 1;
    buf_str_add(&q.text, record_texts(o)->select);
    TRY(cx->access->predicate(cx, o, db_kind_of(cx->db), 0, &q, &next_alias));
    return load_text(cx, o, sql_text(&q), q.vals->v, q.vals->n, true, ret);
}

Status record_load(Ctx *cx, const Object *o, Id id, Record **ret)
{
    if (!cx->access->object(cx, o))
        return not_found(cx);
    if (cx->access->reads_all(cx, o))
        return record_load_any(cx, o, id, ret);
    TRY(load_visible(cx, o, id, ret));
    return *ret ? ST_OK : not_found(cx);
}

const Value *record_get(const Record *r, const Field *f) { return &r->values[f->index]; }

bool record_touched(const Record *r, const Field *f)
{
    return r->touched[f->index / 64] >> (f->index % 64) & 1;
}

void record_set(Record *r, const Field *f, Value v)
{
    if (r->old && value_equal(&r->old[f->index], &v))
        r->touched[f->index / 64] &= ~(1ULL << (f->index % 64));
    else
        r->touched[f->index / 64] |= 1ULL << (f->index % 64);
    r->values[f->index] = v;
}

Status record_is_here(Ctx *cx, const Object *o, Id id, bool *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT 1 FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE \"id\" = ");
    sql_bind_int(&q, id);
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    return db_next(s, ret);
}

/* Deleted, and the user could see it: judged by owner and rights of the last image. */
Status record_is_gone(Ctx *cx, const Object *o, Id id, bool *ret)
{
    *ret = false;
    if (!o->history || !cx->access->object(cx, o))
        return ST_OK;
    DbVal v = db_int(id);
    Record *r = NULL, *live = NULL;
    TRY(record_load_stored(cx, o, id, &live));
    if (live) /* there, and not for this reader any more */
        return ST_OK;
    TRY(load_text(cx, o, record_texts(o)->twin_last, &v, 1, false, &r));
    if (!r)
        return ST_OK;
    AccessRecord ar;
    TRY(record_access(cx, ACCESS_READ, r, r->old, &ar));
    return access_may(cx, o, ACCESS_READ, &ar, ret);
}
