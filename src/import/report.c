/* SPDX-License-Identifier: Apache-2.0 */
/* What an import tells: counters, the list of issues, the file of failed rows. The list and the file
 * grow in two side files beside the uploaded one; a checkpoint holds their lengths, so a run that
 * goes on after a crash cuts off what its last plan did not commit. */
#include "import/report.h"
#include "base/id.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOM "\xef\xbb\xbf" /* spreadsheets take a file without it for the local encoding */
#define WORKBOOK_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define TEXT_MAX ((size_t)64 << 20)

static const char SQL_UPLOAD[] =
    "INSERT INTO {gx_upload} (id, hash, name, size, type, at, by_user) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/* ---- side files */
static Status open_side(Ctx *cx, const Import *im, const char *suffix, int *ret)
{
    Str path = str_format(cx->arena, STR_FMT "%s", STR_ARG(im->path), suffix);
    *ret = open(str_z(cx->arena, path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*ret < 0)
        return FAIL(cx, ST_INTERNAL, "import.side_file",
                    "a file beside the upload cannot be written");
    return ST_OK;
}

Status report_open(Ctx *cx, Import *im)
{
    TRY(open_side(cx, im, ".failed", &im->failed_fd));
    return open_side(cx, im, ".report", &im->report_fd);
}

void report_close(Import *im)
{
    if (im->failed_fd >= 0)
        close(im->failed_fd);
    if (im->report_fd >= 0)
        close(im->report_fd);
    im->failed_fd = im->report_fd = -1;
}

static Status write_behind(Ctx *cx, int fd, int64_t *at, Str text)
{
    if (ftruncate(fd, (off_t)*at) != 0)
        return FAIL(cx, ST_FULL, "import.side_file", "a file beside the upload cannot be written");
    for (size_t done = 0; done < text.n;) {
        ssize_t n = pwrite(fd, text.p + done, text.n - done, (off_t)(*at + (int64_t)done));
        if (n <= 0)
            return FAIL(cx, ST_FULL, "import.side_file",
                        "a file beside the upload cannot be written");
        done += (size_t)n;
    }
    *at += (int64_t)text.n;
    return ST_OK;
}

/* ---- rows */
Report report_begin(Ctx *cx)
{
    return (Report){.failed = buf_in(cx->arena, TEXT_MAX), .lines = buf_in(cx->arena, TEXT_MAX)};
}

void report_issue(Report *r, ImportCounts *c, int64_t row, const Issue *issue)
{
    bool first = true;
    c->warnings += issue->warning;
    int64_t *listed = issue->warning ? &c->listed_warnings : &c->listed_errors;
    if (*listed >= LISTED)
        return;
    ++*listed;
    Buf *b = &r->lines;
    buf_char(b, '{');
    buf_key(b, &first, "row");
    buf_int(b, row);
    buf_key(b, &first, "column");
    buf_json_str(b, issue->column);
    buf_key(b, &first, "code");
    buf_json_str(b, str_of(issue->code));
    buf_key(b, &first, "message");
    buf_json_str(b, issue->message);
    if (issue->suggestion.n) {
        buf_key(b, &first, "suggestion");
        buf_json_str(b, issue->suggestion);
    }
    if (issue->warning)
        buf_lit(b, ",\"level\":\"warning\"");
    buf_lit(b, "}\n");
}

static void csv_cells(Buf *b, const Import *im, const Str *cells, size_t n)
{
    for (size_t i = 0; i < im->n_headers || i < n; i++) {
        if (i)
            buf_char(b, ',');
        buf_csv(b, i < n ? cells[i] : STR(""));
    }
}

static void failed_header(Buf *b, const Import *im)
{
    buf_lit(b, BOM);
    csv_cells(b, im, im->headers, im->n_headers);
    buf_lit(b, ",import_row,import_error\r\n");
}

static void failed_row(Ctx *cx, Buf *b, const Import *im, const ImportRow *row,
                       const Issues *issues)
{
    Buf why = buf_in(cx->arena, 1 << 16);
    for (size_t i = 0; i < issues->n; i++) {
        const Issue *issue = &issues->v[i];
        if (issue->warning)
            continue;
        if (why.n)
            buf_lit(&why, "; ");
        if (issue->column.n)
            buf_printf(&why, STR_FMT ": ", STR_ARG(issue->column));
        buf_str_add(&why, issue->message);
        if (issue->suggestion.n)
            buf_printf(&why, " → " STR_FMT, STR_ARG(issue->suggestion));
    }
    csv_cells(b, im, row->csv.cells, row->csv.n);
    buf_printf(b, ",%lld,", (long long)row->csv.number);
    buf_csv(b, buf_str(&why));
    buf_lit(b, "\r\n");
}

void report_row(Ctx *cx, const Import *im, Report *r, ImportCounts *c, const ImportRow *row,
                Outcome outcome, const Issues *issues)
{
    int64_t *const count[] = {&c->failed, &c->created, &c->updated, &c->skipped};
    c->read++;
    c->similar += row->is_similar;
    ++*count[outcome];
    for (size_t i = 0; i < issues->n; i++)
        report_issue(r, c, row->csv.number, &issues->v[i]);
    if (outcome != ROW_FAILED)
        return;
    if (c->failed_bytes == 0 && r->failed.n == 0)
        failed_header(&r->failed, im);
    failed_row(cx, &r->failed, im, row, issues);
}

Status report_write(Ctx *cx, const Import *im, const Report *r, ImportCounts *c)
{
    if (buf_overflowed(&r->failed) || buf_overflowed(&r->lines))
        return FAIL(cx, ST_INTERNAL, "import.report_too_large",
                    "the list of failed rows is too long");
    TRY(write_behind(cx, im->failed_fd, &c->failed_bytes, buf_str(&r->failed)));
    return write_behind(cx, im->report_fd, &c->report_bytes, buf_str(&r->lines));
}

/* ---- checkpoint: [counts…], late links */
static int64_t *count_at(ImportCounts *c, size_t i)
{
    int64_t *const all[] = {
        &c->read,       &c->created,       &c->updated,         &c->skipped,      &c->failed,
        &c->warnings,   &c->listed_errors, &c->listed_warnings, &c->failed_bytes, &c->report_bytes,
        &c->links_done, &c->settled,       &c->similar};
    return i < COUNT_OF(all) ? all[i] : NULL;
}

static void write_late(Buf *out, const LateLinks *late, bool *first)
{
    for (size_t i = 0; i < late->n; i++) {
        const LateLink *l = &late->v[i];
        buf_printf(out, "%s[%lld,%lld,%zu,", *first ? "" : ",", (long long)l->row,
                   (long long)l->record, l->column);
        buf_json_str(out, l->text);
        buf_char(out, ']');
        *first = false;
    }
}

void report_checkpoint(const Import *im, const ImportCounts *c, const LateLinks *more, Buf *out)
{
    ImportCounts counts = *c;
    bool first = true;
    buf_lit(out, "{\"counts\":[");
    for (size_t i = 0; count_at(&counts, i); i++)
        buf_printf(out, "%s%lld", i ? "," : "", (long long)*count_at(&counts, i));
    buf_lit(out, "],\"late\":[");
    write_late(out, &im->late, &first);
    if (more)
        write_late(out, more, &first);
    buf_lit(out, "]}");
}

Status report_resume(Ctx *cx, Import *im, Str checkpoint)
{
    json_t *j = NULL;
    assert(im);
    if (!checkpoint.n)
        return ST_OK;
    TRY(json_parse(cx, checkpoint, &j));
    const json_t *counts = json_object_get(j, "counts"), *late = json_object_get(j, "late");
    for (size_t i = 0; count_at(&im->counts, i); i++)
        *count_at(&im->counts, i) = json_integer_value(json_array_get(counts, i));
    for (size_t i = 0; i < json_array_size(late); i++) {
        const json_t *l = json_array_get(late, i);
        LateLink link = {.row = json_integer_value(json_array_get(l, 0)),
                         .record = json_integer_value(json_array_get(l, 1)),
                         .column = (size_t)json_integer_value(json_array_get(l, 2)),
                         .text = json_str(json_array_get(l, 3))};
        if (link.column >= im->n_columns)
            return FAIL(cx, ST_INTERNAL, "import.checkpoint",
                        "the checkpoint does not fit the file");
        VEC_PUSH(im->arena, &im->late, link);
    }
    return ST_OK;
}

/* ---- the end */
static Status read_lines(Ctx *cx, const Import *im, Buf *out)
{
    int64_t n = im->counts.report_bytes;
    char *text = arena_alloc(cx->arena, (size_t)n + 1);
    if (pread(im->report_fd, text, (size_t)n, 0) != (ssize_t)n)
        return FAIL(cx, ST_INTERNAL, "import.side_file", "a file beside the upload cannot be read");
    Str rest = str_n(text, (size_t)n), line;
    for (bool first = true; str_split(&rest, '\n', &line); first = false) {
        if (!first)
            buf_char(out, ',');
        buf_str_add(out, line);
    }
    return ST_OK;
}

static void write_url(Buf *out, const char *name, Str url)
{
    buf_printf(out, ",\"%s\":", name);
    if (url.n)
        buf_json_str(out, url);
    else
        buf_lit(out, "null");
}

Status report_result(Ctx *cx, Import *im, const ReportFiles *files, Buf *out)
{
    const ImportCounts *c = &im->counts;
    buf_printf(out,
               "{\"read\":%lld,\"created\":%lld,\"updated\":%lld,\"skipped\":%lld,\"failed\":%lld,"
               "\"warnings\":%lld,\"similar\":%lld,\"dry_run\":%s,\"errors\":[",
               (long long)c->read, (long long)c->created, (long long)c->updated,
               (long long)c->skipped, (long long)c->failed, (long long)c->warnings,
               (long long)c->similar, im->dry_run ? "true" : "false");
    TRY(read_lines(cx, im, out));
    buf_char(out, ']');
    write_url(out, "error_file", files->csv);
    write_url(out, "error_workbook", files->workbook);
    if (im->dry_run)
        buf_printf(out, ",\"samples\":[" STR_FMT "]", STR_ARG(buf_str(&im->samples)));
    buf_char(out, '}');
    return ST_OK;
}

static Str hash_file(Ctx *cx, int fd)
{
    crypto_hash_sha256_state state;
    unsigned char block[16384], hash[crypto_hash_sha256_BYTES];
    off_t at = 0;
    crypto_hash_sha256_init(&state);
    for (ssize_t n; (n = pread(fd, block, sizeof(block), at)) > 0; at += n)
        crypto_hash_sha256_update(&state, block, (unsigned long long)n);
    crypto_hash_sha256_final(&state, hash);
    Buf hex = buf_in(cx->arena, 2 * sizeof(hash));
    buf_hex(&hex, hash, sizeof(hash));
    return buf_str(&hex);
}

/* DIR of DIR/imports/… */
static Str data_dir(const Import *im)
{
    Str dir = im->path;
    for (int up = 0; up < 2; up++) {
        while (dir.n && dir.p[dir.n - 1] != '/')
            dir.n--;
        while (dir.n > 1 && dir.p[dir.n - 1] == '/')
            dir.n--;
    }
    return dir.n ? dir : STR(".");
}

static Status link_into_files(Ctx *cx, const Import *im, int fd, Str from, Str hash)
{
    Arena *a = cx->arena;
    Str dir = str_format(a, STR_FMT "/files", STR_ARG(data_dir(im)));
    mkdir(str_z(a, dir), 0700);
    for (size_t i = 0; i < 4; i += 2) {
        dir = str_format(a, STR_FMT "/%.2s", STR_ARG(dir), hash.p + i);
        mkdir(str_z(a, dir), 0700); /* there already, or rename says so */
    }
    Str to = str_format(a, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(hash));
    bool kept = fsync(fd) == 0 &&
                (link(str_z(a, from), str_z(a, to)) == 0 || errno == EEXIST); /* run again */
    if (!kept)
        return FAIL(cx, ST_INTERNAL, "import.side_file", "the file of failed rows cannot be kept");
    return ST_OK;
}

static Str error_file_name(Ctx *cx, const Import *im, const char *ending)
{
    static const char *const KNOWN[] = {".csv", ".tsv", ".txt", ".xlsx", ".jsonl"};
    Str name = im->file_name.n ? im->file_name : STR("import");
    for (size_t i = 0; i < COUNT_OF(KNOWN); i++)
        if (str_ends(name, str_of(KNOWN[i])))
            name.n -= strlen(KNOWN[i]);
    return str_format(cx->arena, STR_FMT ".errors.%s", STR_ARG(name), ending);
}

/* A file beside the upload becomes one of DIR/files. */
static Status publish(Ctx *cx, const Import *im, Plan *plan, int fd, Str path, const char *ending,
                      const char *type, Str *ret)
{
    Str hash = hash_file(cx, fd);
    TRY(link_into_files(cx, im, fd, path, hash));
    Id id = idgen_next(db_ids(db_pool_of(cx->db)));
    const DbVal v[] = {db_int(id),
                       db_text(hash),
                       db_text(error_file_name(cx, im, ending)),
                       db_int(lseek(fd, 0, SEEK_END)),
                       db_text(str_of(type)),
                       db_int(cx->now_ms),
                       db_int(cx->user_id)};
    plan_exec(plan, STR_SQL(SQL_UPLOAD), v, COUNT_OF(v));
    *ret = str_format(cx->arena, "/api/v1/files/%lld", (long long)id);
    return ST_OK;
}

static Status publish_workbook(Ctx *cx, const Import *im, Plan *plan, Str *ret)
{
    Str path = str_format(cx->arena, STR_FMT ".failed.xlsx", STR_ARG(im->path));
    bool fits = true;
    TRY(report_workbook(cx, im, str_z(cx->arena, path), &fits));
    if (!fits)
        return ST_OK;
    int fd = open(str_z(cx->arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FAIL(cx, ST_INTERNAL, "import.side_file", "a file beside the upload cannot be read");
    Status st = publish(cx, im, plan, fd, path, "xlsx", WORKBOOK_TYPE, ret);
    close(fd);
    unlink(str_z(cx->arena, path)); /* it has its name in DIR/files */
    return st;
}

Status report_publish(Ctx *cx, Import *im, Plan *plan, ReportFiles *ret)
{
    *ret = (ReportFiles){.csv = STR(""), .workbook = STR("")};
    if (!im->counts.failed_bytes)
        return ST_OK;
    if (ftruncate(im->failed_fd, (off_t)im->counts.failed_bytes) != 0)
        return FAIL(cx, ST_FULL, "import.side_file", "a file beside the upload cannot be written");
    Str path = str_format(cx->arena, STR_FMT ".failed", STR_ARG(im->path));
    TRY(publish(cx, im, plan, im->failed_fd, path, "csv", "text/csv", &ret->csv));
    return publish_workbook(cx, im, plan, &ret->workbook);
}
