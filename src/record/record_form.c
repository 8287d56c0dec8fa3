/* SPDX-License-Identifier: Apache-2.0 */
/* What fields held under the types that they had before (field_column_at): for history, which tells
 * each version in the types of its time. The columns of former types stay in both tables until they
 * are purged; each change of type has copied what was there into its own, so that two versions can
 * be compared in the type of the later one. */
#include "record/record_internal.h"

const RecordForms *record_forms(Ctx *cx, const Object *o)
{
    RecordForms *forms = ARENA_NEW(cx->arena, RecordForms);
    forms->object = o;
    forms->first = ARENA_ARRAY(cx->arena, size_t, o->n_fields);
    for (size_t i = 0; i < o->n_fields; i++) {
        forms->first[i] = forms->n;
        forms->n += o->fields[i]->n_formers;
    }
    return forms->n ? forms : NULL;
}

static Sql select_forms(Ctx *cx, const RecordForms *forms, bool twin, Id id)
{
    const Object *o = forms->object;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT \"changed\"");
    for (size_t i = 0; i < o->n_fields; i++)
        for (size_t k = 0; k < o->fields[i]->n_formers; k++)
            for (int part = 0; part < o->fields[i]->formers[k]->n_columns; part++) {
                sql_lit(&q, ", ");
                sql_column(&q, -1, o->fields[i]->formers[k], part);
            }
    sql_lit(&q, " FROM ");
    if (twin)
        sql_twin(&q, o);
    else
        sql_table(&q, o);
    sql_lit(&q, " WHERE \"id\" = ");
    sql_bind_int(&q, id);
    return q;
}

static Value *read_slots(Ctx *cx, const RecordForms *forms, const Stmt *q)
{
    Value *slots = ARENA_ARRAY(cx->arena, Value, forms->n), *next = slots;
    int col = 1;
    for (size_t i = 0; i < forms->object->n_fields; i++) {
        const Field *f = forms->object->fields[i];
        for (size_t k = 0; k < f->n_formers; col += f->formers[k++]->n_columns) {
            Value v = VALUE_NULL;
            f->formers[k]->type->load(cx->arena, f->formers[k], q, col, &v);
            *next++ = value_copy(cx->arena, v);
        }
    }
    return slots;
}

Status record_forms_read(Ctx *cx, const RecordForms *forms, bool twin, Id id, Id from, Id to,
                         void (*row)(void *arg, Id changed, const Value *slots), void *arg)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    Sql q = select_forms(cx, forms, twin, id);
    sql_lit(&q, " AND \"changed\" >= ");
    sql_bind_int(&q, from);
    sql_lit(&q, " AND \"changed\" <= ");
    sql_bind_int(&q, to);
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    for (bool found = true;;) {
        TRY(db_next(stmt, &found));
        if (!found)
            return ST_OK;
        row(arg, db_col_id(stmt, 0), read_slots(cx, forms, stmt));
    }
}

const Value *record_forms_value(const RecordForms *forms, const Value *values, const Value *slots,
                                const Field *f, const Field *form)
{
    if (form == f || !slots)
        return &values[f->index];
    for (size_t k = 0; k < f->n_formers; k++)
        if (f->formers[k] == form)
            return &slots[forms->first[f->index] + k];
    return &values[f->index];
}
