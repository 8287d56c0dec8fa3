/* SPDX-License-Identifier: Apache-2.0 */
/* Files by id: for now those that a job left for its person, such as the rows an import refused. */
#include "api/api_routes.h"

#include <unistd.h>

static const char SQL_FILE[] =
    "SELECT hash, name, size, type, by_user FROM {gx_upload} WHERE id = ?1";

typedef struct Stored {
    Str hash, name, type;
    int64_t size;
} Stored;

/* A file of somebody else is no file. */
static Status find_file(Ctx *cx, Id id, Stored *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_FILE, &q));
    TRY(db_bind_id(q, 1, id));
    TRY(db_next(q, &found));
    if (!found || (db_col_id(q, 4) != cx->user->id && !cx->user->is_administrator))
        return FAIL(cx, ST_NOT_FOUND, "api.no_file", "There is no such file");
    *ret = (Stored){.hash = str_copy(cx->arena, db_col_text(q, 0)),
                    .name = str_copy(cx->arena, db_col_text(q, 1)),
                    .size = db_col_int(q, 2),
                    .type = str_copy(cx->arena, db_col_text(q, 3))};
    return ST_OK;
}

static void write_file(Id id, const Stored *f, Buf *out)
{
    buf_lit(out, "{\"id\":");
    buf_json_id(out, id);
    buf_lit(out, ",\"name\":");
    buf_json_str(out, f->name);
    buf_lit(out, ",\"size\":");
    buf_int(out, f->size);
    buf_lit(out, ",\"type\":");
    buf_json_str(out, f->type);
    buf_printf(out, ",\"url\":\"/api/v1/files/%lld\"}", (long long)id);
}

static Status get_file(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0;
    Stored f = {0};
    (void)plan;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(find_file(cx, id, &f));
    if (str_eq(req_query(rq, "meta"), STR("1"))) {
        write_file(id, &f, req_out(rq));
        return ST_OK;
    }
    char *path =
        str_z(cx->arena, str_format(cx->arena, "%s/files/%.2s/%.2s/%.*s", req_app_of(rq)->dir,
                                    f.hash.p, f.hash.p + 2, STR_ARG(f.hash)));
    if (access(path, R_OK) != 0)
        return FAIL(cx, ST_NOT_FOUND, "api.no_file", "There is no such file");
    req_file_out(rq, path, f.type, f.name);
    return ST_OK;
}

const Route api_files_routes[] = {
    {"GET", "/api/v1/files/{id}", READ, get_file, "", "A file; ?meta=1: its record", 0, 0, "meta"},
    {0},
};
