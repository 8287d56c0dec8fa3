/* SPDX-License-Identifier: Apache-2.0 */
/* Columns beside the current ones (see meta_variants.c). While the values of a field are copied to a
 * column of another type every write goes to both; what nothing reads any more stays with its row, on
 * its way through the twin as well. */
#include "record/record_internal.h"

void record_kept_columns(Sql *q, const Object *o)
{
    for (size_t i = 0; i < o->n_kept; i++)
        for (int part = 0; part < o->kept[i]->n_columns; part++) {
            sql_lit(q, ", ");
            sql_column(q, -1, o->kept[i], part);
        }
}

static Status coming_value(Ctx *cx, const Record *r, const Field *f, DbVal out[FIELD_COLUMNS])
{
    Value v = VALUE_NULL;
    bool fits = false;
    TRY(record_convert(cx, f, f->shadow, &r->values[f->index], &v, &fits));
    f->shadow->type->store(cx->arena, f->shadow, &v, out);
    return ST_OK;
}

static Status add_set(Ctx *cx, const Record *r, const Field *f, Sql *q, bool *first)
{
    DbVal v[FIELD_COLUMNS];
    TRY(coming_value(cx, r, f, v));
    for (int part = 0; part < f->shadow->n_columns; part++) {
        if (!*first)
            sql_lit(q, ", ");
        *first = false;
        sql_column(q, -1, f->shadow, part);
        sql_lit(q, " = ");
        sql_bind(q, v[part]);
    }
    return ST_OK;
}

Status record_shadow_set(Ctx *cx, const Record *r, Sql *q)
{
    bool first = false; /* others stand before */
    for (size_t i = 0; r->object->n_kept && i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        if (f->shadow && record_touched(r, f))
            TRY(add_set(cx, r, f, q, &first));
    }
    return ST_OK;
}

Status record_shadow_insert(Ctx *cx, Plan *plan, const Record *r)
{
    bool first = true;
    if (!r->object->n_kept)
        return ST_OK;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "UPDATE ");
    sql_table(&q, r->object);
    sql_lit(&q, " SET ");
    for (size_t i = 0; i < r->object->n_fields; i++)
        if (r->object->fields[i]->shadow)
            TRY(add_set(cx, r, r->object->fields[i], &q, &first));
    if (first)
        return ST_OK;
    sql_lit(&q, " WHERE \"id\" = ");
    sql_bind_int(&q, r->id);
    plan_expect(plan, sql_text(&q), q.vals->v, q.vals->n, 1);
    return ST_OK;
}

static bool is_coming(const Object *o, const Field *kept)
{
    for (size_t i = 0; i < o->n_fields; i++)
        if (o->fields[i]->shadow == kept)
            return true;
    return false;
}

void record_shadow_revive(Ctx *cx, Plan *plan, const Record *image)
{
    const Object *o = image->object;
    bool first = true;
    if (!o->n_kept)
        return;
    Sql q = sql_new(cx->arena), from = sql_fragment(&q);
    sql_lit(&q, "UPDATE ");
    sql_table(&q, o);
    sql_lit(&q, " SET (");
    for (size_t i = 0; i < o->n_kept; i++)
        for (int part = 0; !is_coming(o, o->kept[i]) && part < o->kept[i]->n_columns; part++) {
            if (!first) {
                sql_lit(&q, ", ");
                sql_lit(&from, ", ");
            }
            first = false;
            sql_column(&q, -1, o->kept[i], part);
            sql_lit(&from, "h.");
            sql_column(&from, -1, o->kept[i], part);
        }
    if (first)
        return;
    sql_lit(&q, ") = (SELECT ");
    sql_append(&q, &from);
    sql_lit(&q, " FROM ");
    sql_twin(&q, o);
    sql_lit(&q, " h WHERE h.\"id\" = ");
    sql_bind_int(&q, image->id);
    sql_lit(&q, " AND h.\"changed\" = ");
    sql_bind_int(&q, image->changed);
    sql_lit(&q, ") WHERE \"id\" = ");
    sql_bind_int(&q, image->id);
    plan_expect(plan, sql_text(&q), q.vals->v, q.vals->n, 1);
}
