/* SPDX-License-Identifier: Apache-2.0 */
/* Imports of an object that there were: file, figures, files of failed rows, whether it was taken back. Only
 * one's own; jobs that have long ended are swept away. */
#include "base/calendar.h"
#include "import/import_internal.h"

static const char SQL_LIST[] =
    "SELECT j.id, j.status, j.params, j.result, j.batch, j.progress_done, j.progress_total, "
    "j.created_at, b.undone_by FROM {gx_job} j LEFT JOIN {gx_batch} b ON b.id = j.batch "
    "WHERE j.run_as = ?1 AND j.kind = 'import' AND j.id < ?2 ORDER BY j.id DESC LIMIT ?3";

#define LOOKED_AT 1000
#define FILE_NAME_BYTES 1000

static const char *const COUNTS[] = {"read", "created", "updated", "skipped", "failed", "warnings"};

static void write_counts(const json_t *result, Buf *out)
{
    for (size_t i = 0; i < COUNT_OF(COUNTS); i++)
        buf_printf(out, ",\"%s\":%lld", COUNTS[i], (long long)json_get_int(result, COUNTS[i], 0));
    static const char *const FILES[] = {"error_file", "error_workbook"};
    for (size_t i = 0; i < COUNT_OF(FILES); i++) {
        buf_printf(out, ",\"%s\":", FILES[i]);
        json_write(out, json_object_get(result, FILES[i]));
    }
}

static Status write_row(Ctx *cx, const Stmt *q, const json_t *params, Buf *out)
{
    json_t *result = NULL;
    if (!db_col_null(q, 3))
        TRY(json_parse(cx, db_col_text(q, 3), &result));
    const json_t *options = json_object_get(params, "options");
    buf_lit(out, "{\"id\":");
    buf_json_id(out, db_col_id(q, 0));
    buf_printf(out, ",\"status\":\"" STR_FMT "\",\"dry_run\":%s,\"undone\":%s,\"file\":",
               STR_ARG(db_col_text(q, 1)),
               json_get_bool(options, "dry_run", false) ? "true" : "false",
               db_col_null(q, 8) ? "false" : "true");
    buf_json_str(out, str_sub(json_get_str(params, "file_name"), 0, FILE_NAME_BYTES));
    buf_printf(out, ",\"progress\":{\"done\":%lld,\"total\":%lld},\"at\":\"",
               (long long)db_col_int(q, 5), (long long)db_col_int(q, 6));
    calendar_write_datetime(out, db_col_int(q, 7));
    buf_lit(out, "\",\"batch\":");
    if (db_col_null(q, 4))
        buf_lit(out, "null");
    else
        buf_json_id(out, db_col_id(q, 4));
    if (result)
        write_counts(result, out);
    buf_char(out, '}');
    return ST_OK;
}

static Status write_rows(Ctx *cx, Stmt *q, const Object *o, int limit, Id *ret_next, Buf *out)
{
    bool row = true;
    for (int n = 0;;) {
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        CLEANUP(arena) Arena *a = arena_new((size_t)64 * 1024);
        Arena *outer = cx->arena;
        json_t *params = NULL;
        cx->arena = a;
        Status st = json_parse(cx, db_col_text(q, 2), &params);
        bool ours = st == ST_OK && str_eq(json_get_str(params, "object"), o->name);
        if (ours && n == limit) {
            cx->arena = outer;
            return ST_OK;
        }
        if (ours && n++)
            buf_char(out, ',');
        if (ours)
            st = write_row(cx, q, params, out);
        cx->arena = outer;
        TRY(st);
        *ret_next = ours && n == limit ? db_col_id(q, 0) : 0;
    }
}

Status import_list(Ctx *cx, const Object *o, Id before, int limit, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    Id next = 0;
    TRY(db_prepare(cx, SQL_LIST, &q));
    TRY(db_bind_all(
        q, (DbVal[]){db_int(cx->user_id), db_int(before ? before : INT64_MAX), db_int(LOOKED_AT)},
        3));
    buf_lit(out, "{\"items\":[");
    TRY(write_rows(cx, q, o, limit, &next, out));
    buf_json_next(out, next);
    return ST_OK;
}
