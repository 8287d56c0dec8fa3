/* SPDX-License-Identifier: Apache-2.0 */
/* Files: upload, record, bytes. Those that a job left for its person (rows that an import refused) are
 * read by the same route. */
#include "api/api_routes.h"
#include "file/file.h"

#include <unistd.h>

static const char SQL_UPLOAD[] =
    "SELECT hash, name, size, type, by_user FROM {gx_upload} WHERE id = ?1";

typedef struct Stored {
    Str hash, name, type;
    int64_t size;
} Stored;

static Status no_file(Ctx *cx)
{
    return FAIL(cx, ST_NOT_FOUND, "api.no_file", "There is no such file");
}

static Str text_of(const Record *r, const char *name)
{
    const Value *v = record_get(r, object_field(r->object, str_of(name)));
    return v->t == V_TEXT ? v->s : STR("");
}

/* Left by a job: a file of somebody else is no file. */
static Status find_upload(Ctx *cx, Id id, Stored *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_UPLOAD, &q));
    TRY(db_bind_id(q, 1, id));
    TRY(db_next(q, &found));
    if (!found || (db_col_id(q, 4) != cx->user->id && !cx->user->is_administrator))
        return no_file(cx);
    *ret = (Stored){.hash = str_copy(cx->arena, db_col_text(q, 0)),
                    .name = str_copy(cx->arena, db_col_text(q, 1)),
                    .size = db_col_int(q, 2),
                    .type = str_copy(cx->arena, db_col_text(q, 3))};
    return ST_OK;
}

/* *ret_record is NULL for what a job left. */
static Status find_file(Ctx *cx, Id id, Stored *ret, Record **ret_record)
{
    const Object *o = meta_object(cx->meta, STR("file"));
    bool may = false;
    Status st = record_load_any(cx, o, id, ret_record);
    if (st == ST_NOT_FOUND) {
        error_clear(cx);
        *ret_record = NULL;
        return find_upload(cx, id, ret);
    }
    TRY(st);
    TRY(record_may_read_file(cx, *ret_record, &may));
    if (!may)
        return no_file(cx);
    const Value *size = record_get(*ret_record, object_field(o, STR("size")));
    *ret = (Stored){.hash = text_of(*ret_record, "hash"),
                    .name = text_of(*ret_record, "name"),
                    .type = text_of(*ret_record, "type"),
                    .size = size->i};
    return ST_OK;
}

static void write_members(Id id, const Stored *f, Buf *out)
{
    buf_lit(out, "\"id\":");
    buf_json_id(out, id);
    buf_lit(out, ",\"name\":");
    buf_json_str(out, f->name);
    buf_lit(out, ",\"size\":");
    buf_int(out, f->size);
    buf_lit(out, ",\"type\":");
    buf_json_str(out, f->type);
    buf_printf(out, ",\"url\":\"/api/v1/files/%lld\"", (long long)id);
}

static Status write_meta(Ctx *cx, Id id, const Stored *f, Record *r, Buf *out)
{
    Buf record = buf_in(cx->arena, 65536);
    buf_char(out, '{');
    write_members(id, f, out);
    if (r) {
        TRY(record_json(cx, r, &record));
        buf_lit(out, ",\"record\":");
        buf_str_add(out, buf_str(&record));
    }
    buf_char(out, '}');
    return ST_OK;
}

static Status get_file(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0;
    Stored f = {0};
    Record *r = NULL;
    (void)plan;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(find_file(cx, id, &f, &r));
    if (str_eq(req_query(rq, "meta"), STR("1")))
        return write_meta(cx, id, &f, r, req_out(rq));
    char *path = str_z(cx->arena, file_store_path(cx->arena, req_app_of(rq)->dir, f.hash));
    if (access(path, R_OK) != 0)
        return no_file(cx);
    bool shown = file_type_inline(f.type) && !str_eq(req_query(rq, "download"), STR("1"));
    req_file_out(rq, path, f.type, f.name, shown);
    return ST_OK;
}

/* The other text parts of the form are fields of the file's record, in a part "fields" as JSON. */
static Status read_fields(Ctx *cx, Req *rq, json_t **ret)
{
    Str text = req_form(rq, "fields");
    *ret = NULL;
    if (!text.n)
        return ST_OK;
    TRY(json_parse(cx, text, ret));
    if (!json_is_object(*ret))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "api.not_object",
                         "The body must be a JSON object");
    return ST_OK;
}

static Status post_file(Ctx *cx, Req *rq, Plan *plan)
{
    const HttpFile *part = req_file(rq, "file");
    json_t *fields = NULL;
    Record *r = NULL;
    if (!part)
        return FIELD_FAIL(cx, STR("file"), "required", "api.file_required",
                          "Send the file as the part \"file\" of a form");
    TRY(read_fields(cx, rq, &fields));
    FileUpload up = {.path = part->path,
                     .name = part->name,
                     .type = part->type,
                     .size = part->size,
                     .sha256 = part->sha256};
    TRY(file_create(cx, plan, &up, fields, &r));
    Stored f = {.hash = text_of(r, "hash"),
                .name = text_of(r, "name"),
                .type = text_of(r, "type"),
                .size = (int64_t)part->size};
    req_created(cx, rq, r->object, r->id, r->version);
    buf_char(req_out(rq), '{');
    write_members(r->id, &f, req_out(rq));
    buf_char(req_out(rq), '}');
    return ST_OK;
}

const Route api_files_routes[] = {
    {"POST", "/api/v1/files", WRITE, post_file, "",
     "Upload a file; there is no list of files: they are read with the records they are in", 0,
     API_MAX_FILE, NULL},
    {"GET", "/api/v1/files/{id}", READ, get_file, "", "A file; ?meta=1: its record", 0, 0,
     "download meta"},
    {0},
};
