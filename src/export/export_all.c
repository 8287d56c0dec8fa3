/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that a person may take along, as one archive: a file of records an object, the bytes of files
 * by their hashes, the configuration where he may have it, and a manifest with counts and hashes. */
#include "access/access.h"
#include "access/share.h"
#include "base/calendar.h"
#include "export/export_internal.h"
#include "export/zip_writer.h"
#include "meta/meta_export.h"
#include <sys/stat.h>
#include <unistd.h>

static const char README[] =
    "Guanxi: everything that could be taken along.\n\n"
    "manifest.json    what is in here: objects, rows, bytes, SHA-256 of each file\n"
    "data/            an object a file; JSON lines in the forms of the API, or CSV\n"
    "files/           uploaded files by the SHA-256 of their bytes; data/files.* has names and "
    "types\n"
    "configuration/   objects, fields, lists, layouts, rights (guanxi meta apply reads them)\n\n"
    "关系：可以带走的全部数据。\n"
    "manifest.json 列出每个文件的行数、字节数和 SHA-256；data/ 每种对象一个文件；\n"
    "files/ 以内容的 SHA-256 命名，名称和类型见 data/files；configuration/ 为配置。\n";

/* ---- the way in */
static Status wrong_option(Ctx *cx, const char *key)
{
    Status st = FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "export.bad_options",
                          "the options of the export are wrong");
    FIELD_FAIL(cx, str_of(key), "bad_value", "export.bad_option", "is not accepted");
    return st;
}

static bool may_any(const Ctx *cx)
{
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        if (access_may_some(cx, cx->meta->objects[i], ACCESS_EXPORT))
            return true;
    return false;
}

Status export_all_enqueue(Ctx *cx, Plan *plan, const json_t *body, Id *ret_job)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)body, key, v)
    {
        bool format =
            !strcmp(key, "format") && (str_is(json_str(v), "jsonl") || str_is(json_str(v), "csv"));
        if (!format && (strcmp(key, "files") != 0 || !json_is_boolean(v)))
            return wrong_option(cx, key);
    }
    if (!may_any(cx))
        return FAIL(cx, ST_DENIED, "export.nothing", "there is nothing that you may export");
    return job_enqueue(cx, plan, "export_all", body, 0, 0, ret_job);
}

/* ---- entries */
static Status add_rows(ExportArchive *a, const Object *o)
{
    Export x;
    ZipEntry entry;
    bool found;
    TRY(export_open(a->cx, o, a->body, &x));
    x.before = a->rows;
    x.all = a->total;
    TRY(export_write(&x, a->job, a->part));
    Str name = str_format(a->cx->arena, "data/" STR_FMT ".%s", STR_ARG(o->plural),
                          a->csv ? "csv" : "jsonl");
    Status st = zip_writer_add_file(&a->zip, name, a->part, true, &entry, &found);
    unlink(a->part);
    TRY(st);
    export_archive_note(a, "records", o->name, name, x.done, &entry);
    a->rows += x.done;
    a->objects++;
    return ST_OK;
}

static Status count_rows(ExportArchive *a, const Object *o)
{
    Export x;
    int64_t n;
    TRY(export_open(a->cx, o, a->body, &x));
    TRY(query_rows_count(x.rows, &n));
    a->total += n;
    return ST_OK;
}

/* Bytes that several records share are there once. */
static Status add_file(ExportArchive *a, Map *seen, const Value *row)
{
    Ctx *cx = a->cx;
    ZipEntry entry;
    bool found;
    Str hash = row[0].t == V_TEXT ? row[0].s : STR("");
    if (hash.n != 64 || map_has(seen, hash))
        return ST_OK;
    hash = str_copy(seen->arena, hash);
    map_put(seen, hash, a);
    Str path = file_store_path(cx->arena, cx->records->dir, hash);
    Str name = str_format(seen->arena, "files/" STR_FMT, STR_ARG(hash));
    TRY(zip_writer_add_file(&a->zip, name, str_z(cx->arena, path), false, &entry, &found));
    if (!found) {
        a->lost++;
        return ST_OK;
    }
    a->files++;
    a->file_bytes += (int64_t)entry.size;
    return ST_OK;
}

static Status add_files(ExportArchive *a, const Object *o)
{
    QueryRows *rows;
    ListQuery q = {.fields = STR("hash"), .exports = true};
    Map seen = map_in(a->cx->arena);
    TRY(query_rows_open(a->cx, o, &q, &rows));
    for (;;) {
        const Value *v;
        size_t n;
        TRY(job_progress(a->cx, a->job, a->rows, a->total));
        TRY(query_rows_next(rows, &v, &n));
        if (n == 0)
            return ST_OK;
        for (size_t i = 0; i < n; i++)
            TRY(add_file(a, &seen, &v[i]));
    }
}

/* Work on one object in an arena of its own, so that many objects need no more than one. */
static Status within(ExportArchive *a, const Object *o,
                     Status (*work)(ExportArchive *, const Object *))
{
    Ctx *cx = a->cx;
    Arena *outer = cx->arena;
    cx->arena = arena_new(65536);
    Status st = work(a, o);
    if (st != ST_OK && cx->err.text.p)
        cx->err.text = str_copy(outer, cx->err.text);
    arena_free(cx->arena);
    cx->arena = outer;
    return st;
}

static Status each_object(ExportArchive *a, Status (*work)(ExportArchive *, const Object *))
{
    for (size_t i = 0; i < a->cx->meta->n_objects; i++) {
        const Object *o = a->cx->meta->objects[i];
        if (access_may_some(a->cx, o, ACCESS_EXPORT))
            TRY(within(a, o, work));
    }
    return ST_OK;
}

static Status add_configuration(ExportArchive *a)
{
    const char *key;
    json_t *v, *files = meta_export(a->cx, a->cx->meta);
    json_own(a->cx->arena, files);
    json_object_foreach(files, key, v)
    {
        ZipEntry entry;
        Buf text = buf_in(a->cx->arena, EXPORT_MANIFEST);
        Str name = str_format(a->cx->arena, "configuration/%s", key);
        json_write(&text, v);
        TRY(zip_writer_add_text(&a->zip, name, buf_str(&text), &entry));
        export_archive_note(a, "configuration", STR_NULL, name, -1, &entry);
    }
    return ST_OK;
}

static Status fill(ExportArchive *a)
{
    ZipEntry entry;
    const Object *file = meta_object(a->cx->meta, STR("file"));
    TRY(each_object(a, count_rows));
    TRY(zip_writer_add_text(&a->zip, STR("README.txt"), STR_SQL(README), &entry));
    TRY(each_object(a, add_rows));
    if (a->with_files && file && access_may_some(a->cx, file, ACCESS_EXPORT))
        TRY(within(a, file, add_files));
    if (access_has_right(a->cx, "customise"))
        TRY(add_configuration(a));
    TRY(export_archive_manifest(a));
    return zip_writer_end(&a->zip);
}

/* ---- the job */
static Status prepare_all(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    ExportArchive *a = arg;
    Record *r = NULL;
    (void)job;
    TRY(file_create(cx, plan, &a->file, NULL, &r));
    a->id = r->id;
    access_log_export(cx, plan, NULL, a->rows, a->csv ? "zip, csv" : "zip, jsonl", STR_NULL);
    return ST_OK;
}

static Status make_archive(ExportArchive *a)
{
    Ctx *cx = a->cx;
    int64_t local = cx->now_ms + zone_offset(cx->zone, cx->now_ms);
    TRY(zip_writer_open(cx, a->path, local, &a->zip));
    Status st = fill(a);
    zip_writer_close(&a->zip);
    if (st == ST_OK)
        st = export_file_hash(cx, &a->file);
    if (st == ST_OK)
        st = job_apply(cx, a->job, prepare_all, a);
    unlink(a->path);
    return st;
}

Status export_all_run(Ctx *cx, Job *job, Buf *result)
{
    ExportArchive a = {.cx = cx, .job = job, .manifest = buf_in(cx->arena, EXPORT_MANIFEST)};
    int64_t local = cx->now_ms + zone_offset(cx->zone, cx->now_ms);
    Str path;
    TRY(export_path(cx, job->id, &path));
    a.csv = str_is(json_get_str(job->params, "format"), "csv");
    a.with_files = json_get_bool(job->params, "files", true);
    a.path = str_z(cx->arena, path);
    a.part = str_z(cx->arena, str_format(cx->arena, STR_FMT ".part", STR_ARG(path)));
    a.body = json_pack("{s:s, s:s, s:s}", "format", a.csv ? "csv" : "jsonl", "values", "codes",
                       "sort", "id");
    json_own(cx->arena, a.body);
    Buf name = buf_in(cx->arena, 256);
    buf_lit(&name, "guanxi-");
    calendar_write_date(&name, calendar_floor_div(local, 86400000));
    buf_lit(&name, ".zip");
    a.file = (FileUpload){
        .path = a.path, .name = buf_str(&name), .type = STR("application/zip"), .ours = true};
    TRY(make_archive(&a));
    TRY(job_progress(cx, job, a.rows, a.rows));
    export_archive_result(&a, result);
    return ST_OK;
}
