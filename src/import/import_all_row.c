/* SPDX-License-Identifier: Apache-2.0 */
/* One record of an archive: its values with links as they are here; new, the same, or different. */
#include "base/id.h"
#include "import/import_all.h"
#include <stdlib.h>

/* Secrets are not in archives; what is computed comes of itself. */
bool import_all_takes(const Field *f)
{
    return f->n_columns > 0 && !field_is_computed(f) && f->kind != F_SECRET && f->kind != F_ID;
}

/* Of a record that is here these stay as they are. */
static bool is_own(const Field *f)
{
    const Object *o = f->object;
    return f == o->version || f == o->created_at || f == o->created_by || f == o->updated_at ||
           f == o->updated_by;
}

/* ---- values */
static int compare_ids(const void *x, const void *y)
{
    Id a = *(const Id *)x, b = *(const Id *)y;
    return (a > b) - (a < b);
}

static Status move_ids(const ImportAll *a, const Field *f, AllCounts *counts, Value *v)
{
    Id *ids = ARENA_ARRAY(a->cx->arena, Id, v->ids.n + 1);
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < v->ids.n; i++) {
        TRY(import_all_target(a, f->to, v->ids.p[i], &ids[n]));
        counts->lost_links += !ids[n];
        n += ids[n] != 0;
    }
    qsort(ids, n, sizeof(Id), compare_ids);
    for (size_t i = 0; i < n; i++)
        if (!kept || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    *v = kept ? (Value){.t = V_IDS, .ids = {.p = ids, .n = kept}} : VALUE_NULL;
    return ST_OK;
}

static Status move_id(const ImportAll *a, const Object *to, AllCounts *counts, Id *id, Value *v)
{
    Id here = 0;
    if (to)
        TRY(import_all_target(a, to, *id, &here));
    *id = here;
    counts->lost_links += !here;
    if (!here)
        *v = VALUE_NULL;
    return ST_OK;
}

static bool is_nothing(const Value *v)
{
    return v->t == V_NULL || (v->t == V_IDS && !v->ids.n) || (v->t == V_TEXTS && !v->texts.n);
}

Status import_all_value(const ImportAll *a, const Field *f, const json_t *v, AllCounts *counts,
                        Value *ret)
{
    *ret = VALUE_NULL;
    if (!v || json_is_null(v))
        return ST_OK;
    if (f->kind == F_AUTO_NUMBER && json_is_string(v))
        *ret = (Value){.t = V_TEXT, .s = json_str(v)};
    else
        TRY(f->type->parse(a->cx, f, v, ret));
    if (is_nothing(ret))
        *ret = VALUE_NULL;
    if (ret->t == V_IDS)
        return move_ids(a, f, counts, ret);
    if (ret->t == V_ID)
        return move_id(a, f->to, counts, &ret->i, ret);
    if (ret->t == V_REF)
        return move_id(a, meta_object(a->cx->meta, ret->ref.object), counts, &ret->ref.id, ret);
    return ST_OK;
}

/* ---- a record */
static Status set_values(const ImportAll *a, Record *r, const json_t *row, AllCounts *counts)
{
    Status worst = ST_OK;
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        const json_t *said = json_object_getn(row, f->name.p, f->name.n);
        Value v;
        if (!said || !import_all_takes(f) || (r->old && is_own(f)))
            continue;
        Status st = import_all_value(a, f, said, counts, &v);
        if (st == ST_INVALID)
            worst = st; /* all of them are told */
        else
            TRY(st);
        if (st == ST_OK && !(is_nothing(&v) && is_nothing(record_get(r, f))) &&
            !value_equal(&v, record_get(r, f)))
            record_set(r, f, v);
    }
    return worst;
}

static bool is_changed(const Record *r)
{
    for (size_t i = 0; i < r->object->n_fields; i++)
        if (record_touched(r, r->object->fields[i]))
            return true;
    return false;
}

/* What every organisation begins with, and nobody has touched here: it becomes what the archive says. */
static bool is_as_seeded(const Record *r)
{
    const Value *by = record_get(r, r->object->created_by);
    return r->version == 1 && !str_is(r->object->name, "user") &&
           (value_is_null(by) || (by->t == V_ID && by->i == USER_SYSTEM));
}

static Status read_id(const ImportAll *a, const AllPart *part, const json_t *row, Id *ret)
{
    Id id = 0;
    if (!id_parse(json_get_str(row, "id"), &id) || id <= USER_SYSTEM)
        return import_all_broken(a->cx, part->entry->name);
    return import_all_target(a, part->object, id, ret);
}

Status import_all_row(const ImportAll *a, const AllPart *part, Plan *plan, Str line,
                      AllCounts *counts)
{
    Ctx *cx = a->cx;
    Record *r = NULL;
    json_t *row = NULL;
    Id id = 0;
    TRY(json_parse(cx, line, &row));
    TRY(read_id(a, part, row, &id));
    TRY(record_load_stored(cx, part->object, id, &r));
    bool is_new = !r;
    if (is_new) {
        r = record_new(cx, part->object);
        r->id = id;
    }
    TRY(set_values(a, r, row, counts));
    if (!is_new && !is_changed(r))
        counts->equal++;
    else if (!is_new && !is_as_seeded(r))
        counts->kept++;
    else {
        TRY(record_bring(cx, plan, r));
        counts->created += is_new;
        counts->updated += !is_new;
    }
    return ST_OK;
}
