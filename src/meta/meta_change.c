/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a change (see meta_change.h). */
#include "meta/meta_change.h"
#include "meta/sql.h"

static void release(void *m) { meta_release(m); }

Status meta_change_begin(Ctx *cx, MetaStore *s, Plan *plan, const char *action, Str object,
                         Str name, MetaChange *ret)
{
    MetaSnapshot *old;
    TRY(meta_store_latest(cx, s, &old));
    arena_on_free(cx->arena, release, old->m);
    *ret = (MetaChange){.cx = cx, .store = s, .plan = plan, .old = old};
    ret->entry = (MetaLogEntry){.action = str_of(action),
                                .object = str_copy(cx->arena, object),
                                .name = str_copy(cx->arena, name)};
    ret->rows = json_deep_copy(old->rows);
    ret->settings = json_deep_copy(old->settings);
    json_own(cx->arena, ret->rows);
    json_own(cx->arena, ret->settings);
    return ST_OK;
}

json_t *meta_change_row(MetaChange *c, const char *kind, Str name, json_t *fresh)
{
    json_t *of_kind = json_object_get(c->rows, kind);
    if (!of_kind) {
        of_kind = json_object();
        json_object_set_new(c->rows, kind, of_kind);
    }
    json_t *row = json_object_getn(of_kind, name.p, name.n);
    if (row) {
        json_decref(fresh);
        return row;
    }
    json_object_setn_new(of_kind, name.p, name.n, fresh);
    return fresh;
}

Status meta_change_build(MetaChange *c, Str focus)
{
    return meta_store_build(c->cx, c->store, c->rows, c->settings, &c->old->numbers,
                            c->old->m->version + 1, focus, &c->candidate);
}

static void put_part(MetaChange *c, const json_t *part)
{
    Str kind = json_get_str(part, "kind"), name = json_get_str(part, "name");
    const json_t *after = json_object_get(part, "after");
    Arena *a = c->cx->arena;
    if (str_is(kind, "setting") && json_is_null(after))
        meta_rows_drop_setting(c->plan, str_copy(a, name));
    else if (str_is(kind, "setting"))
        meta_rows_put_setting(c->plan, str_copy(a, name), str_copy(a, json_str(after)));
    else if (json_is_null(after))
        meta_rows_drop(c->plan, a, kind, name);
    else
        meta_rows_put(c->plan, a, kind, name, after, c->candidate->m->version);
}

Status meta_change_commit(MetaChange *c)
{
    size_t i;
    json_t *part;
    /* Proposed first: from then on the candidate is freed with the request if this fails. */
    TRY(meta_store_propose(c->cx, c->store, c->candidate, c->plan));
    meta_drop_indexes(c->old->m, c->candidate->m, c->plan, c->cx->arena);
    json_t *parts = meta_log_parts(c->old->rows, c->rows, c->old->settings, c->settings);
    json_own(c->cx->arena, parts);
    json_array_foreach(parts, i, part) { put_part(c, part); }
    meta_log_write(c->cx, c->plan, c->candidate->m->version, &c->entry, parts);
    if (c->entry.reverts)
        meta_log_mark_reverted(c->plan, c->entry.reverts, c->candidate->m->version);
    return ST_OK;
}

Status meta_change_allow(Ctx *cx, const json_t *body, const char *allowed)
{
    const char *key;
    json_t *value;
    Status st = ST_OK;
    if (!json_is_object(body) || !json_object_size(body))
        return FIELD_FAIL(cx, STR(""), "bad_value", "meta.empty_change",
                          "must be an object with what is to change");
    json_object_foreach((json_t *)body, key, value)
    {
        Str rest = str_of(allowed), word;
        bool found = false;
        while (!found && rest.n && str_split(&rest, ' ', &word))
            found = str_is(word, key);
        if (!found)
            st = FIELD_FAIL(cx, str_copy(cx->arena, str_of(key)), "unknown_attribute",
                            "meta.cannot_change", "\"%s\" cannot be changed", key);
    }
    return st;
}

Status meta_change_no_internals(Ctx *cx, const json_t *field, const char *path)
{
    static const char *const ours[] = {"generation", "generations", "former",  "retype",
                                       "derived",    "custom",      "removed", "removed_at"};
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        if (json_object_get(field, ours[i]))
            return FIELD_FAIL(cx, str_format(cx->arena, "%s%s", path, ours[i]), "unknown_attribute",
                              "meta.unknown_attribute", "there is no attribute \"%s\" here",
                              ours[i]);
    }
    return ST_OK;
}

/* ---- editing one object */

Status meta_change_edit(MetaChange *c, Str object, MetaEdit *ret)
{
    const Object *o = meta_object(c->old->m, object);
    if (!o)
        return FAIL(c->cx, ST_NOT_FOUND, "meta.object_gone", "there is no object \"" STR_FMT "\"",
                    STR_ARG(object));
    *ret = (MetaEdit){.change = c, .object = o};
    ret->row = meta_change_row(c, meta_change_kind(ret), o->name, json_object());
    return ST_OK;
}

const char *meta_change_kind(const MetaEdit *e) { return e->object->custom ? "object" : "overlay"; }

/* A part of an overlay, made when missing. */
static json_t *overlay_part(MetaEdit *e, const char *name, json_t *fresh)
{
    json_t *part = json_object_get(e->row, name);
    if (part) {
        json_decref(fresh);
        return part;
    }
    json_object_set_new(e->row, name, fresh);
    return fresh;
}

void meta_change_set(MetaEdit *e, const char *attribute, json_t *value)
{
    json_t *into = e->object->custom ? e->row : overlay_part(e, "set", json_object());
    if (e->object->custom && json_is_null(value)) {
        json_object_del(into, attribute);
        json_decref(value);
    } else {
        json_object_set_new(into, attribute, value);
    }
}

void meta_change_add_field(MetaEdit *e, json_t *field)
{
    const char *part = e->object->custom ? "fields" : "added";
    json_array_append_new(overlay_part(e, part, json_array()), field);
}

static json_t *find_field(json_t *fields, Str key)
{
    size_t i;
    json_t *field;
    json_array_foreach(fields, i, field)
    {
        Str own = json_get_str(field, "key");
        if (str_eq(own.n ? own : json_get_str(field, "name"), key))
            return field;
    }
    return NULL;
}

json_t *meta_change_field_patch(MetaEdit *e, Str key)
{
    const char *part = e->object->custom ? "fields" : "added";
    json_t *field = find_field(json_object_get(e->row, part), key);
    if (field || e->object->custom)
        return field;
    json_t *patches = overlay_part(e, "fields", json_object());
    json_t *patch = json_object_getn(patches, key.p, key.n);
    if (!patch) {
        patch = json_object();
        json_object_setn_new(patches, key.p, key.n, patch);
    }
    return patch;
}

/* ---- data */

static Status any_row(Ctx *cx, const Sql *q, bool *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    TRY(db_prepare_str(cx, sql_text(q), &stmt));
    return db_next(stmt, ret);
}

static Status has_rows(Ctx *cx, const Object *o, bool *ret)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT 1 FROM ");
    sql_table(&q, o);
    sql_lit(&q, " LIMIT 1");
    return any_row(cx, &q, ret);
}

/* x of the candidate in terms of the old object's columns; false if a field is new. */
static bool index_of_old(const Object *old, const Index *x, const Field **fields)
{
    for (int i = 0; i < x->n; i++) {
        fields[i] = object_column(old, str_of(x->fields[i]->columns[0].name));
        if (!fields[i])
            return false;
    }
    return true;
}

static Status has_duplicates(Ctx *cx, const Object *o, const Field **fields, int n, bool *ret)
{
    Sql q = sql_new(cx->arena), columns = sql_fragment(&q);
    sql_lit(&q, "SELECT 1 FROM ");
    sql_table(&q, o);
    for (int i = 0; i < n; i++) {
        if (i) {
            sql_lit(&q, " AND ");
            sql_lit(&columns, ", ");
        } else {
            sql_lit(&q, " WHERE ");
        }
        sql_column(&q, -1, fields[i], 0);
        sql_lit(&q, " IS NOT NULL");
        sql_column(&columns, -1, fields[i], 0);
    }
    sql_lit(&q, " GROUP BY ");
    sql_append(&q, &columns);
    sql_lit(&q, " HAVING count(*) > 1 LIMIT 1");
    return any_row(cx, &q, ret);
}

static Status check_unique(MetaChange *c, const Object *old, const Object *fresh)
{
    for (size_t i = 0; i < fresh->n_indexes; i++) {
        const Index *x = &fresh->indexes[i];
        const Field *fields[COUNT_OF(x->fields)];
        bool twice = false;
        if (!x->unique || x->pending || /* its job says what breaks it */
            meta_index(c->old->m, str_of(x->name), NULL) || !index_of_old(old, x, fields))
            continue;
        TRY(has_duplicates(c->cx, old, fields, x->n, &twice));
        if (twice)
            return FIELD_FAIL(c->cx, STR("unique"), "duplicate", "meta.has_duplicates",
                              "there are records with the same value already");
    }
    return ST_OK;
}

/* Sort keys and folded texts are made by the server when a record is written: they cannot be added
 * to records that are there already. */
static const Field *field_with_new_part(const Object *old, const Object *fresh)
{
    for (size_t i = 0; i < fresh->n_fields; i++) {
        const Field *f = fresh->fields[i];
        const Field *before = f->n_columns ? object_column(old, str_of(f->columns[0].name)) : NULL;
        for (int k = 1; before && k < f->n_columns; k++) {
            if (!object_column(old, str_of(f->columns[k].name)))
                return f;
        }
    }
    return NULL;
}

Status meta_change_check_data(MetaChange *c, Str object)
{
    const Object *old = meta_object(c->old->m, object);
    const Object *fresh = meta_object(c->candidate->m, object);
    bool rows = false;
    if (!old || !fresh)
        return ST_OK;
    TRY(has_rows(c->cx, old, &rows));
    if (!rows)
        return ST_OK;
    const Field *f = field_with_new_part(old, fresh);
    if (f)
        return FIELD_FAIL(c->cx, f->name, META_NEEDS_JOB, "meta.needs_job",
                          "title, search and uniqueness of a text of records that are there take a "
                          "job: change them one at a time");
    return check_unique(c, old, fresh);
}
