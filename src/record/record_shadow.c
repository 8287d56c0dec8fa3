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
    record_shadow_lists(cx, plan, r, true);
    return ST_OK;
}

/* ---- side tables of lists beside the current ones: made anew from the row, which is the truth */
void record_side_rows(Sql *q, const Field *f, DbKind kind)
{
    sql_lit(q, "SELECT t.\"id\", ");
    if (kind == DB_SQLITE || field_is_set(f))
        sql_lit(q, "j.value FROM ");
    else
        sql_lit(q, "CAST(j.value AS bigint) FROM ");
    sql_table(q, f->object);
    if (kind == DB_SQLITE)
        sql_lit(q, " t, json_each(t.");
    else
        sql_lit(q, " t, jsonb_array_elements_text(CAST(t.");
    sql_column(q, -1, f, 0);
    if (kind == DB_SQLITE)
        sql_lit(q, ") j");
    else
        sql_lit(q, " AS jsonb)) j");
    sql_lit(q, " WHERE t.");
    sql_column(q, -1, f, 0);
    sql_lit(q, " IS NOT NULL");
}

void record_side_drop(Ctx *cx, Plan *plan, const Field *f, Id id)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "DELETE FROM ");
    sql_links_table(&q, f);
    sql_lit(&q, " WHERE \"record\" = ");
    sql_bind_int(&q, id);
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
}

void record_side_renew(Ctx *cx, Plan *plan, const Field *f, Id id)
{
    Sql q = sql_new(cx->arena);
    record_side_drop(cx, plan, f, id);
    sql_lit(&q, "INSERT INTO ");
    sql_links_table(&q, f);
    sql_lit(&q, " (\"record\", \"target\") ");
    record_side_rows(&q, f, db_kind_of(cx->db));
    sql_lit(&q, " AND t.\"id\" = ");
    sql_bind_int(&q, id);
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
}

void record_shadow_lists(Ctx *cx, Plan *plan, const Record *r, bool is_new)
{
    for (size_t i = 0; r->object->n_kept && i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        if (f->shadow && field_is_many(f->shadow) && (is_new || record_touched(r, f)))
            record_side_renew(cx, plan, f->shadow, r->id);
    }
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
    for (size_t i = 0; i < o->n_kept; i++)
        if (field_is_many(o->kept[i]) && !is_coming(o, o->kept[i]))
            record_side_renew(cx, plan, o->kept[i], image->id);
}
