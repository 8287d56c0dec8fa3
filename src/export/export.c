/* SPDX-License-Identifier: Apache-2.0 */
/* The way in: the body of POST /{plural}/export, checked and put into the queue; the job itself. */
#include "access/access.h"
#include "access/share.h"
#include "base/calendar.h"
#include "export/export_internal.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_NAME 120

/* ---- options */
static bool is_one_of(const json_t *v, const char *const *words, int *ret)
{
    Str s = json_str(v);
    for (int i = 0; words[i]; i++) {
        if (!str_is(s, words[i]))
            continue;
        *ret = i;
        return true;
    }
    return false;
}

static Status wrong(Ctx *cx, const char *key)
{
    Status st = FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "export.bad_options",
                          "the options of the export are wrong");
    FIELD_FAIL(cx, str_of(key), "bad_value", "export.bad_option", "is not accepted");
    return st;
}

static Status read_word(Ctx *cx, const json_t *body, const char *key, const char *const *words,
                        int *ret)
{
    const json_t *v = json_object_get(body, key);
    return !v || is_one_of(v, words, ret) ? ST_OK : wrong(cx, key);
}

static Status read_flag(Ctx *cx, const json_t *body, const char *key, bool usual, bool *ret)
{
    const json_t *v = json_object_get(body, key);
    if (v && !json_is_boolean(v))
        return wrong(cx, key);
    *ret = v ? json_is_true(v) : usual;
    return ST_OK;
}

/* A file's name, not a path. */
static Status read_name(Ctx *cx, const json_t *body, Str *ret)
{
    const json_t *v = json_object_get(body, "name");
    Str s = json_str(v);
    *ret = STR_NULL;
    if (!v)
        return ST_OK;
    bool bad = !json_is_string(v) || s.n == 0 || s.n > MAX_NAME;
    for (size_t i = 0; !bad && i < s.n; i++)
        bad = (unsigned char)s.p[i] < ' ' || strchr("/\\\"", s.p[i]) != NULL;
    if (bad)
        return wrong(cx, "name");
    *ret = s;
    return ST_OK;
}

/* The rest of the body is a list's; what makes pages of it has no meaning here. */
static Status read_list(Ctx *cx, const json_t *body, ListQuery *ret)
{
    static const char *const OWN[] = {"bom",  "format", "group",  "group_sort", "guard", "headers",
                                      "name", "sums",   "values", "watermark",  NULL};
    static const char *const PAGES[] = {"after", "count", "expand", "limit", NULL};
    json_t *list = json_copy((json_t *)body);
    json_own(cx->arena, list);
    for (size_t i = 0; OWN[i]; i++)
        json_object_del(list, OWN[i]);
    for (size_t i = 0; PAGES[i]; i++)
        if (json_object_get(list, PAGES[i]))
            return wrong(cx, PAGES[i]);
    TRY(query_list_from_json(cx, list, ret));
    ret->exports = true;
    return ST_OK;
}

Status export_options_read(Ctx *cx, const json_t *body, ExportOptions *ret)
{
    static const char *const FORMATS[] = {"csv",   "xlsx",   "jsonl", "sav", "zsav",
                                          "vcard", "vcard3", "ics",   NULL};
    static const char *const VALUES[] = {"labels", "codes", NULL};
    static const char *const HEADERS[] = {"label", "name", NULL};
    int format = 0, values = 0, headers = 0;
    *ret = (ExportOptions){.format = EXPORT_CSV};
    TRY(read_word(cx, body, "format", FORMATS, &format));
    TRY(read_word(cx, body, "values", VALUES, &values));
    headers = values;
    TRY(read_word(cx, body, "headers", HEADERS, &headers));
    TRY(read_flag(cx, body, "bom", true, &ret->bom));
    TRY(read_flag(cx, body, "guard", true, &ret->guard));
    TRY(read_flag(cx, body, "watermark", false, &ret->watermark));
    TRY(read_name(cx, body, &ret->name));
    ret->group = json_object_get(body, "group");
    ret->sums = json_object_get(body, "sums");
    ret->group_sort = json_object_get(body, "group_sort");
    ret->format = (ExportFormat)format;
    ret->codes = values == 1;
    ret->name_headers = headers == 1;
    return read_list(cx, body, &ret->list);
}

static const ExportWriter *writer_of(const Export *x)
{
    static const ExportWriter *const WRITERS[] = {
        [EXPORT_CSV] = &export_csv,      [EXPORT_XLSX] = &export_xlsx,
        [EXPORT_JSONL] = &export_jsonl,  [EXPORT_SAV] = &export_sav,
        [EXPORT_ZSAV] = &export_zsav,    [EXPORT_VCARD] = &export_vcard,
        [EXPORT_VCARD3] = &export_vcard, [EXPORT_ICS] = &export_calendar};
    return WRITERS[x->options.format];
}

static Status does_not_fit(Ctx *cx)
{
    Status st = FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "export.bad_options",
                          "the options of the export are wrong");
    FIELD_FAIL(cx, STR("format"), "bad_value", "export.unfit",
               "has no room for records of this kind");
    return st;
}

Status export_open(Ctx *cx, const Object *o, const json_t *body, Export *ret)
{
    *ret = (Export){.cx = cx, .object = o};
    TRY(export_options_read(cx, body, &ret->options));
    const ExportWriter *w = writer_of(ret);
    if (w->fits && !w->fits(o))
        return does_not_fit(cx);
    TRY(query_rows_open(cx, o, &ret->options.list, &ret->rows));
    ret->columns = query_rows_columns(ret->rows, &ret->n_columns);
    return export_groups_open(ret, w);
}

Str export_mark_header(const Export *x) { return text_in(x->cx, "export.mark", "Exported by"); }

Str export_watermark(const Export *x)
{
    const Ctx *cx = x->cx;
    int64_t local = cx->now_ms + zone_offset(cx->zone, cx->now_ms);
    Buf out = buf_in(cx->arena, 4096);
    buf_str_add(&out, cx->user ? cx->user->name : STR("-"));
    buf_lit(&out, " · ");
    calendar_write_datetime(&out, local);
    buf_truncate(&out, out.n - 8); /* :00.000Z */
    for (size_t i = 0; i < out.n; i++)
        if (out.p[i] == 'T' && i + 6 == out.n)
            out.p[i] = ' ';
    return buf_str(&out);
}

/* ---- the queue */
Status export_enqueue(Ctx *cx, Plan *plan, const Object *o, const json_t *body, Id *ret_job)
{
    Export x;
    json_t *params = json_object();
    json_own(cx->arena, params);
    TRY(export_open(cx, o, body, &x)); /* for what it refuses */
    json_object_set_new(params, "object", json_stringn(o->name.p, o->name.n));
    json_object_set(params, "body", (json_t *)body);
    return job_enqueue(cx, plan, "export", params, 0, 0, ret_job);
}

/* ---- the job */
static Status write_rows(Export *x, Job *job, const ExportWriter *w, void *state)
{
    int64_t total;
    TRY(query_rows_count(x->rows, &total));
    for (;;) {
        const Value *rows;
        size_t n;
        TRY(job_progress(x->cx, job, x->before + x->done, x->all ? x->all : total));
        TRY(query_rows_next(x->rows, &rows, &n));
        if (n == 0)
            break;
        TRY(x->n_levels ? export_groups_rows(x, w, state, rows, n) : w->rows(x, state, rows, n));
        x->done += (int64_t)n;
    }
    if (x->n_levels)
        TRY(export_groups_end(x, w, state));
    return w->end(x, state);
}

Status export_write(Export *x, Job *job, const char *path)
{
    const ExportWriter *w = writer_of(x);
    void *state = NULL;
    Status st = w->begin(x, path, &state);
    if (st == ST_OK)
        st = write_rows(x, job, w, state);
    if (state)
        w->close(state);
    if (st != ST_OK)
        unlink(path);
    return st;
}

typedef struct Published {
    const Export *x;
    const ExportWriter *writer;
    FileUpload file;
    Id id;
} Published;

static Status prepare_publish(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Published *p = arg;
    Record *r = NULL; /* lives in the arena of its plan */
    (void)job;
    TRY(file_create(cx, plan, &p->file, NULL, &r));
    p->id = r->id;
    const Export *x = p->x;
    access_log_export(cx, plan, x->object, x->done, p->writer->ending, x->options.list.filter);
    return ST_OK;
}

static Status publish(Export *x, Job *job, Published *p)
{
    Status st = export_file_hash(x->cx, &p->file);
    if (st == ST_OK)
        st = job_apply(x->cx, job, prepare_publish, p);
    unlink(p->file.path);
    return st;
}

static void write_result(const Published *p, Buf *out)
{
    buf_lit(out, "{\"rows\":");
    buf_int(out, p->x->done);
    buf_lit(out, ",\"truncated\":");
    buf_int(out, p->x->truncated);
    if (p->x->skipped) {
        buf_lit(out, ",\"skipped\":");
        buf_int(out, p->x->skipped);
    }
    buf_lit(out, ",\"file\":{\"id\":");
    buf_json_id(out, p->id);
    buf_lit(out, ",\"name\":");
    buf_json_str(out, p->file.name);
    buf_lit(out, ",\"size\":");
    buf_int(out, (int64_t)p->file.size);
    buf_lit(out, ",\"type\":");
    buf_json_str(out, str_of(p->writer->type));
    buf_printf(out, ",\"url\":\"/api/v1/files/%lld\"}}", (long long)p->id);
}

Status export_path(Ctx *cx, Id job, Str *ret)
{
    Str dir = str_format(cx->arena, "%s/exports", cx->records->dir);
    if (mkdir(str_z(cx->arena, dir), 0700) != 0 && errno != EEXIST)
        return FAIL(cx, ST_INTERNAL, "export.file", "the file cannot be written");
    *ret = str_format(cx->arena, STR_FMT "/%lld", STR_ARG(dir), (long long)job);
    return ST_OK;
}

static Status export_run(Ctx *cx, Job *job, Buf *result)
{
    Export x = {0};
    const Object *o = meta_object(cx->meta, json_get_str(job->params, "object"));
    if (!o)
        return FAIL(cx, ST_NOT_FOUND, "export.no_object",
                    "there is no such kind of record any more");
    TRY(export_open(cx, o, json_object_get(job->params, "body"), &x));
    Str path = STR_NULL;
    TRY(export_path(cx, job->id, &path));
    Published p = {.x = &x, .writer = writer_of(&x)};
    Str name = x.options.name.n ? x.options.name : label_in(&o->label, cx->lang);
    name =
        str_format(cx->arena, STR_FMT ".%s", STR_ARG(name.n ? name : o->plural), p.writer->ending);
    p.file = (FileUpload){
        .path = str_z(cx->arena, path), .name = name, .type = str_of(p.writer->type), .ours = true};
    TRY(export_write(&x, job, p.file.path));
    TRY(publish(&x, job, &p));
    TRY(job_progress(cx, job, x.done, x.done));
    write_result(&p, result);
    return ST_OK;
}

const JobDef export_jobs[] = {
    {"export", export_run, 3, 3600, NULL, "A list becomes a file"},
    {"export_all", export_all_run, 3, 24 * 3600, NULL, "Everything becomes an archive"},
    {0},
};
