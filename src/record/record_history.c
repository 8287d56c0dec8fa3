/* SPDX-License-Identifier: Apache-2.0 */
/* History: the versions of a record, newest first, each with what it changed against the one before, in
 * the types that the fields had then; among them those of records that became part of it, each marked.
 * Read from the live row and its twin; fields the user may not see are left out. */
#include "record/history.h"
#include "record/merge.h"
#include "record/record_internal.h"
#include <stdlib.h>

static const char SQL_CHANGE[] = "SELECT at, by_user, cause, batch FROM {gx_change} WHERE id = ?1";
static const char SQL_IS_MERGE[] = "SELECT 1 FROM {gx_change} WHERE id = ?1 AND cause = 'merge'";
enum { MERGED_SHOWN = 40 };

typedef struct Version {
    Id id;      /* of the record, or of one that became part of it */
    Id changed; /* the change that made it */
    Id until;   /* the change that ended it by a delete; 0 otherwise */
    int64_t version;
    Value *values;
    const Value *slots; /* of former types (record_form.c); NULL: there are none */
} Version;
typedef struct Versions {
    Version *v;
    size_t n, cap;
    const RecordForms *forms;
    Id reading; /* whose slots come in */
} Versions;

static void take_slots(void *arg, Id changed, const Value *slots)
{
    Versions *all = arg;
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].changed == changed && all->v[i].id == all->reading)
            all->v[i].slots = slots;
}

/* Of the record whose versions stand from `first` on. */
static Status read_forms(Ctx *cx, const Object *o, Id id, size_t first, Versions *all)
{
    all->forms = record_forms(cx, o);
    if (!all->forms || all->n == first)
        return ST_OK;
    Id from = all->v[all->n - 1].changed, to = all->v[first].changed;
    all->reading = id;
    TRY(record_forms_read(cx, all->forms, false, id, from, to, take_slots, all));
    return o->history ? record_forms_read(cx, all->forms, true, id, from, to, take_slots, all)
                      : ST_OK;
}

static void add_version(Ctx *cx, const Object *o, const Stmt *q, bool from_twin, Versions *to)
{
    const RecordTexts *t = record_texts(o);
    Version v = {.values = record_values_new(cx, o)};
    record_read_row(cx, o, q, v.values, &v.changed);
    v.id = record_value_id(&v.values[o->id->index]);
    v.version = record_value_int(&v.values[o->version->index]);
    if (from_twin && str_is(db_col_text(q, t->n_columns + 1), "delete"))
        v.until = db_col_id(q, t->n_columns);
    VEC_PUSH(cx->arena, to, v);
}

static Status read_rows(Ctx *cx, const Object *o, Str sql, const DbVal *v, size_t n, bool twin,
                        Versions *to)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare_str(cx, sql, &q));
    TRY(db_bind_all(q, v, n));
    for (bool row = true;;) {
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        add_version(cx, o, q, twin, to);
    }
}

/* ---- one item */
static Status write_head(Ctx *cx, Id change, int64_t version, const char *action, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_CHANGE, &q));
    TRY(db_bind_id(q, 1, change));
    TRY(db_next(q, &found));
    Id by = found ? db_col_id(q, 1) : 0;
    buf_printf(out, "{\"version\":%lld,\"action\":\"%s\",\"at\":\"", (long long)version, action);
    calendar_write_datetime(out, found ? db_col_int(q, 0) : id_time_ms(change));
    buf_lit(out, "\",\"cause\":");
    buf_json_str(out, found ? db_col_text(q, 2) : STR("api"));
    buf_lit(out, ",\"batch\":");
    if (found && !db_col_null(q, 3))
        buf_json_id(out, db_col_id(q, 3));
    else
        buf_lit(out, "null");
    buf_lit(out, ",\"by\":");
    Str name = STR_NULL;
    const Object *user = meta_object(cx->meta, STR("user"));
    if (by && user)
        TRY(query_titles(cx, user, &by, 1, &name, NULL));
    if (by) {
        buf_lit(out, "{\"id\":");
        buf_json_id(out, by);
        buf_lit(out, ",\"title\":");
        if (name.p)
            buf_json_str(out, name);
        else
            buf_lit(out, "null");
        buf_char(out, '}');
    } else {
        buf_lit(out, "null");
    }
    return ST_OK;
}

static bool is_told(Ctx *cx, const Field *f)
{
    const Object *o = f->object;
    bool shown = cx->access->field(cx, f) || (cx->access->masked && cx->access->masked(cx, f));
    return record_is_stored(f) && shown && f != o->id && f != o->version && f != o->updated_at &&
           f != o->updated_by && f != o->created_at && f != o->created_by;
}

/* Both sides of one field: each in the type of its time, compared in that of the later. */
typedef struct Pair {
    const Field *old_form, *new_form;
    const Value *old, *new;
    bool same;
} Pair;

static Pair pair_of(const RecordForms *forms, const Field *f, const Version *before,
                    const Version *after)
{
    static const Value none = VALUE_NULL;
    Pair p = {.old_form = f, .new_form = f, .old = &none, .new = &none};
    if (after) {
        p.new_form = field_column_at(f, after->changed);
        p.new = record_forms_value(forms, after->values, after->slots, f, p.new_form);
    }
    const Value *old_as_new = &none;
    if (before) {
        p.old_form = field_column_at(f, before->changed);
        p.old = record_forms_value(forms, before->values, before->slots, f, p.old_form);
        old_as_new = record_forms_value(forms, before->values, before->slots, f, p.new_form);
    }
    p.same = value_equal(old_as_new, p.new);
    return p;
}

static void write_pair(RecordTitles *t, const Field *f, const Pair *p, Buf *out)
{
    buf_lit(out, "{\"field\":");
    buf_json_str(out, f->name);
    buf_lit(out, ",\"old\":");
    record_value_json(t, p->old_form, p->old, out);
    buf_lit(out, ",\"new\":");
    record_value_json(t, p->new_form, p->new, out);
    if (p->old_form != f && !value_is_null(p->old)) {
        buf_lit(out, ",\"old_type\":");
        buf_json_str(out, str_of(p->old_form->type->name));
    }
    if (p->new_form != f && !value_is_null(p->new)) {
        buf_lit(out, ",\"new_type\":");
        buf_json_str(out, str_of(p->new_form->type->name));
    }
    buf_char(out, '}');
}

static Status write_changes(Ctx *cx, const Object *o, const RecordForms *forms,
                            const Version *before, const Version *after, Buf *out)
{
    RecordTitles *t = record_titles_new(cx);
    Pair *pairs = ARENA_ARRAY(cx->arena, Pair, o->n_fields);
    bool first = true;
    for (size_t i = 0; i < o->n_fields; i++) {
        pairs[i] = pair_of(forms, o->fields[i], before, after);
        record_titles_want(cx, t, pairs[i].old_form, pairs[i].old);
        record_titles_want(cx, t, pairs[i].new_form, pairs[i].new);
    }
    TRY(record_titles_load(cx, t));
    buf_char(out, '[');
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!is_told(cx, o->fields[i]) || pairs[i].same)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        write_pair(t, o->fields[i], &pairs[i], out);
    }
    buf_char(out, ']');
    return ST_OK;
}

Status record_changes_json(Ctx *cx, const Record *r, Buf *out)
{
    const Version before = {.changed = INT64_MAX, .values = r->old},
                  after = {.changed = INT64_MAX, .values = r->values};
    return write_changes(cx, r->object, NULL, r->old ? &before : NULL, &after, out);
}

/* The record whose version it was, where that became part of this one. */
static void write_merged_from(Ctx *cx, const Object *o, const Version *v, Id id, Buf *out)
{
    const Value *title = &v->values[o->title->index];
    if (v->id == id)
        return;
    buf_lit(out, ",\"merged_from\":{\"id\":");
    buf_json_id(out, v->id);
    buf_lit(out, ",\"title\":");
    if (title->t == V_TEXT && cx->access->field(cx, o->title))
        buf_json_str(out, title->s);
    else
        buf_lit(out, "null");
    buf_char(out, '}');
}

/* That it became part of another is told by the change of that other. */
static Status is_told_delete(Ctx *cx, const Version *v, Id id, bool *ret)
{
    const DbVal key = db_int(v->until);
    int64_t one = 0;
    bool merged = false;
    if (v->until && v->id != id)
        TRY(db_get_int(cx, SQL_IS_MERGE, &key, 1, &one, &merged));
    *ret = v->until && !merged;
    return ST_OK;
}

/* One version is one item; a version that a delete ended is followed by the item of the delete. */
static Status write_version(Ctx *cx, const Object *o, const RecordForms *forms, const Version *v,
                            const Version *before, Id id, Buf *out)
{
    bool deleted = false;
    TRY(is_told_delete(cx, v, id, &deleted));
    if (deleted) {
        TRY(write_head(cx, v->until, v->version + 1, "delete", out));
        write_merged_from(cx, o, v, id, out);
        buf_lit(out, ",\"changes\":[]},");
    }
    bool comes_back = before && before->until;
    const char *action = !before ? "create" : comes_back ? "restore" : "update";
    TRY(write_head(cx, v->changed, v->version, action, out));
    write_merged_from(cx, o, v, id, out);
    buf_lit(out, ",\"changes\":");
    TRY(write_changes(cx, o, forms, before, v, out));
    buf_char(out, '}');
    return ST_OK;
}

/* ---- which versions */
static Status may_read(Ctx *cx, const Object *o, const Versions *all, bool *ret)
{
    const Version *last = all->n ? &all->v[0] : NULL;
    AccessRecord ar;
    *ret = false;
    if (!last || !cx->access->object(cx, o))
        return ST_OK;
    Record r = {.object = o, .id = last->id};
    TRY(record_access(cx, ACCESS_READ, &r, last->values, &ar));
    return access_may(cx, o, ACCESS_READ, &ar, ret);
}

static Status read_twin(Ctx *cx, const Object *o, Id id, Id below, int n, Versions *to)
{
    const DbVal v[] = {db_int(id), db_int(below), db_int(n)};
    return o->history ? read_rows(cx, o, record_texts(o)->history_twin, v, COUNT_OF(v), true, to)
                      : ST_OK;
}

static Status read_own(Ctx *cx, const Object *o, Id id, Id below, int n, Versions *all)
{
    const DbVal key = db_int(id);
    bool may = false;
    if (below == INT64_MAX)
        TRY(read_rows(cx, o, record_texts(o)->select, &key, 1, false, all));
    TRY(read_twin(cx, o, id, below, n, all));
    TRY(may_read(cx, o, all, &may));
    if (!may)
        return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
    return read_forms(cx, o, id, 0, all);
}

/* What the person could read of it when it was last there; not if it has been brought back by itself since. */
static Status read_merged(Ctx *cx, const Object *o, Id id, Id below, int n, Versions *all)
{
    const DbVal key = db_int(id);
    Versions newest = {0};
    bool may = false;
    size_t first = all->n;
    TRY(read_rows(cx, o, record_texts(o)->select, &key, 1, false, &newest));
    if (newest.n)
        return ST_OK;
    TRY(read_twin(cx, o, id, INT64_MAX, 1, &newest));
    TRY(may_read(cx, o, &newest, &may));
    if (!may)
        return ST_OK;
    TRY(read_twin(cx, o, id, below, n, all));
    return read_forms(cx, o, id, first, all);
}

static bool same_moment(const Version *a, const Version *b)
{
    return id_time_ms(a->changed) == id_time_ms(b->changed);
}

/* Newest first; of one moment, which is all that readers are told, record by record. */
static int compare_versions(const void *x, const void *y)
{
    const Version *a = x, *b = y;
    if (same_moment(a, b) && a->id != b->id)
        return (a->id > b->id) - (a->id < b->id);
    return (a->changed < b->changed) - (a->changed > b->changed);
}

/* ... the record's own before those of others. */
static void put_own_first(Versions *all, Id id)
{
    for (size_t i = 1; i < all->n; i++)
        for (size_t k = i; k && all->v[k].id == id && all->v[k - 1].id != id &&
                           same_moment(&all->v[k - 1], &all->v[k]);
             k--) {
            Version own = all->v[k];
            all->v[k] = all->v[k - 1];
            all->v[k - 1] = own;
        }
}

/* A page of several records ends with a moment; the cursor passes over all of it. */
static size_t end_of_page(const Versions *all, size_t limit, Id *ret_cursor)
{
    size_t n = all->n > limit ? limit : all->n;
    bool several = false;
    *ret_cursor = 0;
    for (size_t i = 1; i < all->n; i++)
        several = several || all->v[i].id != all->v[0].id;
    while (several && n && n < all->n && same_moment(&all->v[n], &all->v[n - 1]))
        n++;
    if (!n || n == all->n)
        return n;
    *ret_cursor = all->v[n - 1].changed;
    for (size_t i = n - 1; several && i-- > 0 && same_moment(&all->v[i], &all->v[n - 1]);)
        if (all->v[i].changed < *ret_cursor)
            *ret_cursor = all->v[i].changed;
    return n;
}

static Status read_versions(Ctx *cx, const Object *o, Id id, Id below, int n, Versions *all)
{
    Id merged[MERGED_SHOWN];
    size_t n_merged = 0;
    TRY(read_own(cx, o, id, below, n, all));
    TRY(record_merged_from(cx, o, id, MERGED_SHOWN, merged, &n_merged));
    for (size_t i = 0; i < n_merged; i++)
        if (merged[i] != id)
            TRY(read_merged(cx, o, merged[i], below, n, all));
    if (!n_merged || !all->n)
        return ST_OK;
    qsort(all->v, all->n, sizeof *all->v, compare_versions);
    put_own_first(all, id);
    return ST_OK;
}

static const Version *version_before(const Versions *all, size_t at)
{
    for (size_t i = at + 1; i < all->n; i++)
        if (all->v[i].id == all->v[at].id)
            return &all->v[i];
    return NULL;
}

Status record_history(Ctx *cx, const Object *o, Id id, Str after, int limit, Buf *out)
{
    Versions all = {0};
    Id below = INT64_MAX;
    if (after.n && !id_parse(after, &below))
        return FAIL(cx, ST_MALFORMED, "record.bad_cursor",
                    "\"after\" is not a cursor of this list");
    TRY(read_versions(cx, o, id, below, limit + 1, &all));
    if (!all.v) /* who may read it reads a version; the analyser does not know */
        return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
    Id cursor = 0;
    size_t shown = end_of_page(&all, (size_t)limit, &cursor);
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < shown; i++) {
        if (i)
            buf_char(out, ',');
        TRY(write_version(cx, o, all.forms, &all.v[i], version_before(&all, i), id, out));
    }
    buf_json_next(out, cursor);
    return ST_OK;
}

Status record_history_version(Ctx *cx, const Object *o, Id id, Id of, int64_t version, Buf *out,
                              bool *ret_found)
{
    const DbVal key[] = {db_int(of), db_int(version)};
    Versions now = {0}, then = {0};
    char below[24] = "";
    TRY(read_rows(cx, o, record_texts(o)->select, key, 1, false, &now));
    bool live = now.n && now.v[0].version == version;
    if (!live && o->history)
        TRY(read_rows(cx, o, record_texts(o)->twin_version, key, 2, true, &then));
    *ret_found = live || then.n;
    if (!*ret_found)
        return ST_OK;
    if (!live)
        snprintf(below, sizeof(below), "%lld", (long long)then.v[0].changed + 1);
    return record_history(cx, o, id, str_of(below), 1, out);
}
