/* SPDX-License-Identifier: Apache-2.0 */
/* The way in: checks everything that can be known before the first row, then leaves the rest to the
 * job; and what a person sees before deciding (preview). */
#include "import/import.h"
#include "import/import_internal.h"

#define SAMPLES 5

const JobDef import_jobs[] = {
    {.name = "import",
     .run = import_run,
     .max_attempts = 5,
     .summary = "Makes records of the rows of a file"},
    {.name = "undo", .run = batch_undo_run, .max_attempts = 5, .summary = "Takes back a batch"},
    {.name = NULL},
};

static void set_text(json_t *object, const char *name, Str s)
{
    json_object_set_new(object, name, json_stringn(s.n ? s.p : "", s.n));
}

Status import_enqueue(Ctx *cx, Plan *plan, const Object *o, Str path, Str file_name,
                      const json_t *options, Id *ret_job)
{
    Import im;
    TRY(import_open(cx, o, path, options, &im));
    TRY(import_compile(cx, &im, options));
    json_t *params = json_object();
    json_own(cx->arena, params);
    set_text(params, "object", o->name);
    set_text(params, "path", path);
    set_text(params, "file_name", file_name);
    json_object_set_new(params, "options", options ? json_deep_copy(options) : json_object());
    return job_enqueue(cx, plan, "import", params, 0, 0, ret_job);
}

/* ---- preview */
static Status read_samples(Ctx *cx, Import *im, CsvRow *rows, size_t *ret_n)
{
    for (*ret_n = 0; *ret_n < SAMPLES; ++*ret_n) {
        bool found = false;
        TRY(csv_next(cx, im->csv, cx->arena, &rows[*ret_n], &found));
        if (!found)
            break;
    }
    return ST_OK;
}

static void write_column(Ctx *cx, const Import *im, size_t column, const CsvRow *rows, size_t n,
                         Buf *out)
{
    const Field *f = import_guess(cx, im->object, im->headers[column]);
    buf_lit(out, "{\"name\":");
    buf_json_str(out, im->headers[column]);
    buf_lit(out, ",\"field\":");
    if (f)
        buf_json_str(out, f->name);
    else
        buf_lit(out, "null");
    buf_lit(out, ",\"samples\":[");
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        if (column >= rows[i].n || rows[i].bad_text || !str_trim(rows[i].cells[column]).n)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_json_str(out, str_sub(rows[i].cells[column], 0, 2000));
    }
    buf_lit(out, "]}");
}

Status import_preview(Ctx *cx, const Object *o, Str path, const json_t *options, Buf *out)
{
    Import im;
    CsvRow rows[SAMPLES];
    size_t n = 0;
    if (access_scope(cx, o, ACCESS_IMPORT) == SCOPE_NONE)
        return FAIL(cx, ST_DENIED, "import.denied", "you may not import records of this kind");
    TRY(import_open(cx, o, path, options, &im));
    TRY(read_samples(cx, &im, rows, &n));
    char separator[2] = {csv_separator(im.csv), '\0'};
    buf_lit(out, "{\"encoding\":");
    buf_json_str(out, csv_encoding(im.csv));
    buf_lit(out, ",\"separator\":");
    buf_json_str(out, str_of(separator));
    buf_lit(out, ",\"columns\":[");
    for (size_t i = 0; i < im.n_headers; i++) {
        if (i)
            buf_char(out, ',');
        write_column(cx, &im, i, rows, n, out);
    }
    buf_lit(out, "]}");
    return ST_OK;
}
