/* SPDX-License-Identifier: Apache-2.0 */
/* One record of a backup beside the one that is here: values as they are now, what differs, what is lost. */
#include "backup/restore_object.h"
#include "base/id.h"
#include "file/file.h"
#include "meta/meta_secret.h"
#include <stdlib.h>
#include <unistd.h>

/* ---- fields */
static bool comes_back(const Field *f)
{
    return f->n_columns > 0 && !field_is_computed(f) && f->kind != F_ID;
}

static const Field *find_then(const Object *then, const Field *now)
{
    for (size_t i = 0; i < then->n_fields; i++) {
        const Field *f = then->fields[i];
        if (now->system == f->system && str_eq(now->key, f->key))
            return f;
    }
    return NULL;
}

void restore_object_fields(Ctx *cx, ObjectPart *part)
{
    for (size_t i = 0; i < part->now->n_fields; i++) {
        const Field *now = part->now->fields[i];
        const Field *then = comes_back(now) ? find_then(part->then, now) : NULL;
        if (!then || !comes_back(then))
            continue;
        bool same = then->kind == now->kind && then->scale == now->scale &&
                    then->multiple == now->multiple && str_eq(then->to_name, now->to_name);
        if (same)
            VEC_PUSH(cx->arena, &part->fields, ((ObjectField){now, then}));
        else
            VEC_PUSH(cx->arena, &part->left, now);
    }
}

/* ---- links */
/* It is here, or comes back in the same run. */
static Status leads_somewhere(Ctx *cx, ObjectRun *run, const Object *to, Id id, bool *ret)
{
    *ret = id <= USER_SYSTEM;
    if (!to || *ret)
        return ST_OK;
    TRY(record_is_here(cx, to, id, ret));
    for (size_t i = 0; !*ret && i < run->n_parts; i++) {
        if (run->parts[i].now != to || !run->parts[i].then)
            continue;
        Arena *before = run->then.arena;
        run->then.arena = cx->arena;
        Status st = record_is_here(&run->then, run->parts[i].then, id, ret);
        run->then.arena = before;
        TRY(st);
    }
    return ST_OK;
}

static Status keep_ids(Ctx *cx, ObjectRun *run, const Field *f, Value *v, int64_t *lost)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, v->ids.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < v->ids.n; i++) {
        bool there = false;
        TRY(leads_somewhere(cx, run, f->to, v->ids.p[i], &there));
        if (there)
            ids[n++] = v->ids.p[i];
        *lost += !there;
    }
    *v = n ? (Value){.t = V_IDS, .ids = {.p = ids, .n = n}} : VALUE_NULL;
    return ST_OK;
}

static Status keep_links(Ctx *cx, ObjectRun *run, const Field *f, Value *v, ObjectCounts *counts)
{
    int64_t *lost = field_is_file(f) ? &counts->lost_files : &counts->lost_links;
    bool there = true;
    if (v->t == V_IDS)
        return keep_ids(cx, run, f, v, lost);
    if (v->t == V_ID)
        TRY(leads_somewhere(cx, run, f->to, v->i, &there));
    else if (v->t == V_REF)
        TRY(leads_somewhere(cx, run, meta_object(cx->meta, v->ref.object), v->ref.id, &there));
    if (there)
        return ST_OK;
    ++*lost;
    *v = VALUE_NULL;
    return ST_OK;
}

/* ---- values */
/* What was sealed is sealed anew; what no key opens stays as it is here. */
static void open_secret(Ctx *cx, ObjectRun *run, const Record *r, const ObjectField *of, Value *v,
                        ObjectCounts *counts)
{
    const Field *f = of->now;
    Str plain = STR_NULL, here = STR_NULL;
    const Value *now = record_get(r, f);
    Ctx then = run->then;
    then.arena = cx->arena;
    if (!meta_secret_plain(&then, of->then, r->id, v, &plain)) {
        counts->lost_secrets++;
        *v = *now;
    } else if (meta_secret_plain(cx, f, r->id, now, &here) && str_eq(plain, here)) {
        *v = *now;
    } else {
        *v = (Value){.t = V_SECRET, .scale = SECRET_PLAIN, .s = plain};
    }
}

static bool is_nothing(const Value *v)
{
    return v->t == V_NULL || (v->t == V_IDS && !v->ids.n) || (v->t == V_TEXTS && !v->texts.n);
}

/* Of a record that is here these stay as they are. */
static bool is_own(const Field *f)
{
    const Object *o = f->object;
    return f == o->version || f == o->created_at || f == o->created_by || f == o->updated_at ||
           f == o->updated_by;
}

static Status set_values(Ctx *cx, ObjectRun *run, const ObjectPart *part, const Record *old,
                         Record *r, ObjectCounts *counts)
{
    Status worst = ST_OK;
    for (size_t i = 0; i < part->fields.n; i++) {
        const ObjectField *f = &part->fields.v[i];
        Value v = *record_get(old, f->then);
        if (r->old && is_own(f->now))
            continue;
        if (v.t == V_SECRET)
            open_secret(cx, run, r, f, &v, counts);
        else
            TRY(keep_links(cx, run, f->now, &v, counts));
        Status st = v.t == V_NULL || v.t == V_SECRET || f->now->system
                        ? ST_OK
                        : f->now->type->validate(cx, f->now, &v);
        if (st == ST_INVALID)
            worst = st; /* all of them are told */
        else
            TRY(st);
        if (!(is_nothing(&v) && is_nothing(record_get(r, f->now))) &&
            !value_equal(&v, record_get(r, f->now)))
            record_set(r, f->now, v);
    }
    return worst;
}

/* ---- unique values that another record has by now */
static Status taken(Ctx *cx, const Record *r, const Index *x, bool *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    *ret = false;
    sql_lit(&q, "SELECT 1 FROM ");
    sql_table(&q, r->object);
    sql_lit(&q, " WHERE \"id\" <> ");
    sql_bind_int(&q, r->id);
    for (int i = 0; i < x->n; i++) {
        DbVal v[FIELD_COLUMNS];
        const Value *value = record_get(r, x->fields[i]);
        if (value_is_null(value) || (value->t == V_SECRET && value->scale == SECRET_PLAIN))
            return ST_OK;
        x->fields[i]->type->store(cx->arena, x->fields[i], value, v);
        sql_lit(&q, " AND ");
        sql_column(&q, -1, x->fields[i], 0);
        sql_lit(&q, " = ");
        sql_bind(&q, v[0]);
    }
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    return db_next(s, ret);
}

static Status check_unique(Ctx *cx, const Record *r)
{
    const Object *o = r->object;
    for (size_t i = 0; i < o->n_indexes && o->indexes[i].unique; i++) {
        const Index *x = &o->indexes[i];
        bool is = false;
        if (!x->pending && !x->ownerless)
            TRY(taken(cx, r, x, &is));
        if (is)
            return FIELD_FAIL(cx, x->fields[0]->name, "duplicate", "backup.object_taken",
                              "another record has this value by now");
    }
    return ST_OK;
}

static Status check_parent(Ctx *cx, const Record *r)
{
    const Field *f = r->object->parent;
    return !f || !value_is_null(record_get(r, f))
               ? ST_OK
               : FIELD_FAIL(cx, f->name, "missing", "backup.object_parent",
                            "what it belongs to is not there any more");
}

/* ---- contents of files */
static Status bring_content(Ctx *cx, ObjectRun *run, const Record *r, ObjectCounts *counts)
{
    const Field *f = str_is(r->object->name, "file") ? object_field(r->object, STR("hash")) : NULL;
    const Value *v = f ? record_get(r, f) : NULL;
    if (!v || v->t != V_TEXT || access(backup_path(cx, run->what->data, v->s).p, R_OK) == 0)
        return ST_OK;
    if (access(backup_path(cx, run->what->dir, v->s).p, R_OK) != 0) {
        counts->lost_files++;
        return ST_OK;
    }
    return run->what->dry_run
               ? ST_OK
               : backup_file_back(cx, run->key, run->what->dir, v->s, run->what->data);
}

/* ---- what people are shown */
static void add_title(Buf *out, const Record *r)
{
    const Field *f = r->object->title;
    const Value *v = record_get(r, f);
    Buf text = buf_in(out->arena, 4096);
    if (!value_is_null(v))
        f->type->text(&text, f, v, LANG_EN);
    buf_json_str(out, buf_str(&text));
}

static void add_place(Buf *out, const ObjectPart *part, const Record *r)
{
    buf_str_add(out, out->n ? STR(",{\"object\":") : STR("{\"object\":"));
    buf_json_str(out, part->now->name);
    buf_lit(out, ",\"id\":");
    buf_json_id(out, r->id);
    buf_lit(out, ",\"title\":");
    add_title(out, r);
}

static void sample(ObjectRun *run, const ObjectPart *part, const Record *r)
{
    bool first = true;
    if (run->n_samples >= OBJECT_SAMPLES)
        return;
    run->n_samples++;
    add_place(&run->samples, part, r);
    buf_lit(&run->samples, ",\"missing\":");
    buf_json_bool(&run->samples, !r->old);
    buf_lit(&run->samples, ",\"fields\":[");
    for (size_t i = 0; r->old && i < r->object->n_fields; i++) {
        if (!record_touched(r, r->object->fields[i]))
            continue;
        if (!first)
            buf_char(&run->samples, ',');
        first = false;
        buf_json_str(&run->samples, r->object->fields[i]->name);
    }
    buf_lit(&run->samples, "]}");
}

void restore_object_error(Ctx *cx, ObjectRun *run, const ObjectPart *part, Id id)
{
    Buf *b = &run->errors;
    Str text = cx->err.fields.n ? cx->err.fields.v[0].message : cx->err.text;
    Str field = cx->err.fields.n ? cx->err.fields.v[0].field : STR_NULL;
    if (run->n_errors++ < OBJECT_ERRORS) {
        buf_str_add(b, b->n ? STR(",{\"object\":") : STR("{\"object\":"));
        buf_json_str(b, part->now->name);
        buf_lit(b, ",\"id\":");
        buf_json_id(b, id);
        buf_lit(b, ",\"field\":");
        buf_json_str(b, field.p ? field : STR(""));
        buf_lit(b, ",\"message\":");
        buf_json_str(b, text.p ? text : STR(""));
        buf_char(b, '}');
    }
    error_clear(cx);
}

/* ---- a record */
static bool is_changed(const Record *r)
{
    for (size_t i = 0; i < r->object->n_fields; i++)
        if (record_touched(r, r->object->fields[i]))
            return true;
    return false;
}

static Status read_then(Ctx *cx, ObjectRun *run, const ObjectPart *part, Id id, Record **ret)
{
    Arena *before = run->then.arena;
    run->then.arena = cx->arena;
    Status st = record_load_stored(&run->then, part->then, id, ret);
    run->then.arena = before;
    if (st != ST_OK || !*ret)
        return FAIL(cx, ST_INTERNAL, "backup.object_read", "a record of the backup cannot be read");
    return ST_OK;
}

static Status write_one(Ctx *cx, ObjectRun *run, const ObjectPart *part, Record *r, Plan *plan,
                        ObjectCounts *counts)
{
    bool writes = !r->old || run->what->set_back;
    if (writes) {
        TRY(check_unique(cx, r));
        TRY(check_parent(cx, r));
    }
    counts->missing += !r->old;
    counts->changed += r->old != NULL;
    sample(run, part, r);
    if (!writes)
        return ST_OK;
    TRY(bring_content(cx, run, r, counts));
    return r->old ? record_bring(cx, plan, r) : record_bring_back(cx, plan, r);
}

Status restore_object_row(Ctx *cx, ObjectRun *run, const ObjectPart *part, Id id, Plan *plan,
                          ObjectCounts *counts)
{
    Record *old = NULL, *r = NULL;
    ObjectCounts lost = {0};
    counts->records++;
    TRY(read_then(cx, run, part, id, &old));
    TRY(record_load_stored(cx, part->now, id, &r));
    counts->found += r != NULL;
    if (!r) {
        r = record_new(cx, part->now);
        r->id = id;
    }
    bool writes = !r->old || run->what->set_back;
    Status st = set_values(cx, run, part, old, r, &lost);
    if (st == ST_INVALID && !writes) /* it stays as it is */
        error_clear(cx);
    else
        TRY(st);
    if (r->old && !is_changed(r)) {
        counts->equal++;
        return ST_OK;
    }
    if (writes) {
        counts->lost_links += lost.lost_links;
        counts->lost_files += lost.lost_files;
        counts->lost_secrets += lost.lost_secrets;
    }
    return write_one(cx, run, part, r, plan, counts);
}
