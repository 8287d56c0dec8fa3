/* SPDX-License-Identifier: Apache-2.0 */
/* Files in records. Who may read a record may read the files that it refers to or ever referred to:
 * gx_file_use remembers each (file, record), since history keeps showing them. Nobody refers to a file
 * just uploaded: it is its uploader's. */
#include "record/record_internal.h"

#define MAX_FILES 1000
#define USES_READ 200 /* records looked at before a reader is told no */

static const char SQL_USE[] = "INSERT INTO {gx_file_use} (file, object, record, field) "
                              "VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
static const char SQL_USES[] = "SELECT object, record, field FROM {gx_file_use} WHERE file = ?1 "
                               "ORDER BY object, record LIMIT ?2";

typedef struct Use {
    Str object, field;
    Id record;
} Use;

/* Read first: looking at a record runs statements of its own. */
static Status read_uses(Ctx *cx, Id file, Use *ret, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal v[] = {db_int(file), db_int(USES_READ)};
    TRY(db_prepare(cx, SQL_USES, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    for (*ret_n = 0; *ret_n < USES_READ; (*ret_n)++) {
        bool more;
        TRY(db_next(q, &more));
        if (!more)
            break;
        ret[*ret_n] = (Use){.object = str_copy(cx->arena, db_col_text(q, 0)),
                            .record = db_col_id(q, 1),
                            .field = str_copy(cx->arena, db_col_text(q, 2))};
    }
    return ST_OK;
}

static Status may_read_use(Ctx *cx, const Use *use, bool *ret)
{
    const Object *o = meta_object(cx->meta, use->object);
    const Field *f = o ? object_field(o, use->field) : NULL;
    *ret = false;
    if (!o || !cx->access->object(cx, o) || (f && !cx->access->field(cx, f)))
        return ST_OK;
    TRY(query_visible(cx, o, use->record, ret));
    return *ret ? ST_OK : record_is_gone(cx, o, use->record, ret);
}

Status record_may_read_file(Ctx *cx, const Record *file, bool *ret)
{
    Use *uses = ARENA_ARRAY(cx->arena, Use, USES_READ);
    size_t n = 0;
    TRY(read_uses(cx, file->id, uses, &n));
    *ret = record_value_id(record_get(file, file->object->created_by)) == cx->user->id && !n;
    for (size_t i = 0; i < n && !*ret; i++)
        TRY(may_read_use(cx, &uses[i], ret));
    return ST_OK;
}

/* ---- in bodies */
static Status no_file(Ctx *cx, const Field *f)
{
    FIELD_FAIL(cx, f->name, "no_match", "record.no_file", "%.*s: there is no such file",
               STR_ARG(label_in(&f->label, cx->lang)));
    return ST_INVALID;
}

static Status too_many_files(Ctx *cx, const Field *f)
{
    FIELD_FAIL(cx, f->name, "bad_value", "record.files_form",
               "%.*s must be a list of at most %d files", STR_ARG(label_in(&f->label, cx->lang)),
               MAX_FILES);
    return ST_INVALID;
}

static bool is_accepted(const Field *f, Str type)
{
    for (size_t i = 0; i < json_array_size(f->accept); i++) {
        Str want = json_str(json_array_get(f->accept, i));
        if (str_eq(want, type) || (str_ends(want, STR("/")) && str_starts(type, want)))
            return true;
    }
    return f->accept ? false : f->kind == F_FILE || str_starts(type, STR("image/"));
}

static Str accepted(Ctx *cx, const Field *f)
{
    Buf b = buf_in(cx->arena, 4096);
    for (size_t i = 0; i < json_array_size(f->accept); i++) {
        if (i)
            buf_lit(&b, ", ");
        buf_str_add(&b, json_str(json_array_get(f->accept, i)));
    }
    return f->accept ? buf_str(&b) : STR("image/");
}

static Status check_file(Ctx *cx, const Field *f, const Record *file)
{
    const Value *size = record_get(file, object_field(file->object, STR("size")));
    const Value *type = record_get(file, object_field(file->object, STR("type")));
    if (type->t != V_TEXT || !is_accepted(f, type->s)) {
        FIELD_FAIL(cx, f->name, "bad_value", "record.file_type",
                   "%.*s takes files of the type %.*s only", STR_ARG(label_in(&f->label, cx->lang)),
                   STR_ARG(accepted(cx, f)));
        return ST_INVALID;
    }
    if (f->max_bytes && record_value_int(size) > f->max_bytes) {
        FIELD_FAIL(cx, f->name, "out_of_range", "record.file_size",
                   "%.*s takes files of at most %lld bytes", STR_ARG(label_in(&f->label, cx->lang)),
                   (long long)f->max_bytes);
        return ST_INVALID;
    }
    return ST_OK;
}

Status record_file_fits(Ctx *cx, const Field *f, Id file, bool *ret)
{
    Record *r = NULL;
    Error outer = cx->err;
    TRY(record_load_stored(cx, f->to, file, &r));
    *ret = r && check_file(cx, f, r) == ST_OK;
    cx->err = outer;
    return ST_OK;
}

static Status may_take(Ctx *cx, const Field *f, Id id)
{
    Record *file = NULL;
    bool may = false;
    TRY(record_load_stored(cx, f->to, id, &file));
    if (!file)
        return no_file(cx, f);
    TRY(record_may_read_file(cx, file, &may));
    return may ? check_file(cx, f, file) : no_file(cx, f);
}

static Status resolve_file(Ctx *cx, const Record *r, const Field *f, const json_t *v, Id *ret)
{
    Str text = json_is_object(v) ? json_get_str(v, "id") : json_str(v);
    if (record_is_reference(text) && r && r->made)
        return record_find_made(cx, r, f, text, ret);
    return id_parse(text, ret) ? may_take(cx, f, *ret) : no_file(cx, f);
}

Status record_check_files(Ctx *cx, const Field *f, const Value *v)
{
    if (v->t == V_ID)
        return may_take(cx, f, v->i);
    if (v->t == V_IDS && v->ids.n > MAX_FILES)
        return too_many_files(cx, f);
    for (size_t i = 0; v->t == V_IDS && i < v->ids.n; i++)
        TRY(may_take(cx, f, v->ids.p[i]));
    return ST_OK;
}

Status record_parse_files(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret)
{
    if (!f->multiple) {
        Id id = 0;
        TRY(resolve_file(cx, r, f, v, &id));
        *ret = (Value){.t = V_ID, .i = id};
        return ST_OK;
    }
    size_t n = json_array_size(v);
    if (!json_is_array(v) || n > MAX_FILES)
        return too_many_files(cx, f);
    Id *ids = ARENA_ARRAY(cx->arena, Id, n + 1);
    for (size_t i = 0; i < n; i++)
        TRY(resolve_file(cx, r, f, json_array_get(v, i), &ids[i]));
    *ret = record_ids_value(ids, n);
    return ST_OK;
}

/* ---- in plans */
static void note_use(Plan *plan, Id file, Str object, Id record, Str field)
{
    const DbVal v[] = {db_int(file), db_text(object), db_int(record), db_text(field)};
    plan_exec(plan, STR_SQL(SQL_USE), v, COUNT_OF(v));
}

void record_plan_files(Ctx *cx, Plan *plan, const Record *r, bool is_new)
{
    const Object *o = r->object;
    const Value *about = NULL;
    (void)cx;
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        const Value *v = &r->values[i];
        if (field_is_file(f) && (is_new || record_touched(r, f))) {
            if (v->t == V_ID)
                note_use(plan, v->i, o->name, r->id, f->name);
            for (size_t k = 0; v->t == V_IDS && k < v->ids.n; k++)
                note_use(plan, v->ids.p[k], o->name, r->id, f->name);
        }
        if (f->kind == F_ANY_LINK && str_is(o->name, "file"))
            about = v;
    }
    if (is_new && about && about->t == V_REF) /* a file in the list of a record */
        note_use(plan, r->id, about->ref.object, about->ref.id, STR(""));
}
