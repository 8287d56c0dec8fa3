/* SPDX-License-Identifier: Apache-2.0 */
/* History: the versions of a record, newest first, each with what it changed against the one before, in
 * the types that the fields had then.
 * Read from the live row and its twin; fields the user may not see are left out. */
#include "record/record_internal.h"

static const char SQL_CHANGE[] = "SELECT at, by_user, cause, batch FROM {gx_change} WHERE id = ?1";

typedef struct Version {
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
} Versions;

static void take_slots(void *arg, Id changed, const Value *slots)
{
    Versions *all = arg;
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].changed == changed)
            all->v[i].slots = slots;
}

static Status read_forms(Ctx *cx, const Object *o, Id id, Versions *all)
{
    all->forms = record_forms(cx, o);
    if (!all->forms || !all->n)
        return ST_OK;
    Id from = all->v[all->n - 1].changed, to = all->v[0].changed;
    TRY(record_forms_read(cx, all->forms, false, id, from, to, take_slots, all));
    return o->history ? record_forms_read(cx, all->forms, true, id, from, to, take_slots, all)
                      : ST_OK;
}

static void add_version(Ctx *cx, const Object *o, const Stmt *q, bool from_twin, Versions *to)
{
    const RecordTexts *t = record_texts(o);
    Version v = {.values = record_values_new(cx, o)};
    record_read_row(cx, o, q, v.values, &v.changed);
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

/* One version is one item; a version that a delete ended is followed by the item of the delete. */
static Status write_version(Ctx *cx, const Object *o, const RecordForms *forms, const Version *v,
                            const Version *before, Buf *out)
{
    if (v->until) {
        TRY(write_head(cx, v->until, v->version + 1, "delete", out));
        buf_lit(out, ",\"changes\":[]},");
    }
    bool comes_back = before && before->until;
    const char *action = !before ? "create" : comes_back ? "restore" : "update";
    TRY(write_head(cx, v->changed, v->version, action, out));
    buf_lit(out, ",\"changes\":");
    TRY(write_changes(cx, o, forms, before, v, out));
    buf_char(out, '}');
    return ST_OK;
}

static Status check_readable(Ctx *cx, const Object *o, const Versions *all)
{
    const Version *last = all->n ? &all->v[0] : NULL;
    if (last && cx->access->object(cx, o)) {
        Record r = {.object = o, .id = record_value_id(&last->values[o->id->index])};
        AccessRecord ar;
        TRY(record_access(cx, ACCESS_READ, &r, last->values, &ar));
        bool may = false;
        TRY(access_may(cx, o, ACCESS_READ, &ar, &may));
        if (may)
            return ST_OK;
    }
    return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
}

Status record_history(Ctx *cx, const Object *o, Id id, Str after, int limit, Buf *out)
{
    const RecordTexts *t = record_texts(o);
    Versions all = {0};
    Id below = INT64_MAX;
    DbVal key = db_int(id);
    if (after.n && !id_parse(after, &below))
        return FAIL(cx, ST_MALFORMED, "record.bad_cursor",
                    "\"after\" is not a cursor of this list");
    if (!after.n)
        TRY(read_rows(cx, o, t->select, &key, 1, false, &all));
    const DbVal v[] = {key, db_int(below), db_int(limit + 1)};
    if (o->history)
        TRY(read_rows(cx, o, t->history_twin, v, COUNT_OF(v), true, &all));
    TRY(check_readable(cx, o, &all));
    TRY(read_forms(cx, o, id, &all));
    size_t shown = all.n > (size_t)limit ? (size_t)limit : all.n;
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < shown; i++) {
        if (i)
            buf_char(out, ',');
        TRY(write_version(cx, o, all.forms, &all.v[i], i + 1 < all.n ? &all.v[i + 1] : NULL, out));
    }
    buf_json_next(out, all.v && all.n > shown ? all.v[shown - 1].changed : 0);
    return ST_OK;
}
