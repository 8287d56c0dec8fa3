/* SPDX-License-Identifier: Apache-2.0 */
/* Certain records of several objects as one archive: an entry of JSON lines an object, and the manifest.
 * Read in pieces, so that no condition grows beyond what the language takes. */
#include "base/calendar.h"
#include "export/export_internal.h"
#include <unistd.h>

#define PIECE 250 /* ids of one condition */

typedef struct Pick {
    ExportArchive *archive;
    ExportPick *of;
    void *lines; /* state of the writer */
    int64_t done;
} Pick;

Str export_pick_filter(Arena *a, const Id *ids, size_t n)
{
    Buf out = buf_in(a, 8192);
    buf_lit(&out, "id in (");
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, "%s\"%lld\"", i ? "," : "", (long long)ids[i]);
    buf_char(&out, ')');
    return buf_str(&out);
}

static Status open_piece(Pick *p, Export *ret, size_t from)
{
    Ctx *cx = p->archive->cx;
    size_t left = p->of->n - from;
    Str filter = export_pick_filter(cx->arena, p->of->ids + from, left < PIECE ? left : PIECE);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s%}", "format", "jsonl", "values", "codes", "sort",
                             "id", "filter", filter.p, filter.n);
    json_own(cx->arena, body);
    TRY(export_open(cx, p->of->object, body, ret));
    ret->before = p->archive->rows;
    ret->all = p->archive->total;
    return ST_OK;
}

static Status write_piece(Pick *p, size_t from)
{
    Export x;
    TRY(open_piece(p, &x, from));
    for (;;) {
        const Value *rows;
        size_t n;
        TRY(job_progress(x.cx, p->archive->job, p->archive->rows, p->archive->total));
        TRY(query_rows_next(x.rows, &rows, &n));
        if (n == 0)
            return ST_OK;
        TRY(export_jsonl.rows(&x, p->lines, rows, n));
        p->done += (int64_t)n;
        p->archive->rows += (int64_t)n;
    }
}

static Status write_lines(Pick *p, Export *first)
{
    Ctx *cx = p->archive->cx;
    Arena *outer = cx->arena;
    CLEANUP(arena) Arena *piece = arena_new(65536);
    TRY(export_jsonl.begin(first, p->archive->part, &p->lines));
    for (size_t at = 0; at < p->of->n; at += PIECE) {
        arena_reset(piece);
        cx->arena = piece;
        Status st = write_piece(p, at);
        if (st != ST_OK && cx->err.text.p)
            cx->err.text = str_copy(outer, cx->err.text);
        cx->arena = outer;
        TRY(st);
    }
    return export_jsonl.end(first, p->lines);
}

static Status add_pick(ExportArchive *a, ExportPick *of)
{
    Pick p = {.archive = a, .of = of};
    Export first;
    ZipEntry entry;
    bool found;
    TRY(open_piece(&p, &first, 0));
    Status st = write_lines(&p, &first);
    if (p.lines)
        export_jsonl.close(p.lines);
    Str name = str_format(a->cx->arena, "data/" STR_FMT ".jsonl", STR_ARG(of->object->plural));
    if (st == ST_OK)
        st = zip_writer_add_file(&a->zip, name, a->part, true, &entry, &found);
    unlink(a->part);
    TRY(st);
    export_archive_note(a, "records", of->object->name, name, p.done, &entry);
    of->rows = p.done;
    a->objects++;
    return ST_OK;
}

static Status fill(ExportArchive *a, ExportPick *picks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        a->total += (int64_t)picks[i].n;
    for (size_t i = 0; i < n; i++)
        TRY(add_pick(a, &picks[i]));
    TRY(export_archive_manifest(a));
    return zip_writer_end(&a->zip);
}

static Str file_name(Ctx *cx, const char *word, int64_t local)
{
    Buf name = buf_in(cx->arena, 256);
    buf_printf(&name, "guanxi-%s-", word);
    calendar_write_date(&name, calendar_floor_div(local, 86400000));
    buf_lit(&name, ".zip");
    return buf_str(&name);
}

Status export_pick_make(Ctx *cx, Job *job, ExportPick *picks, size_t n, const char *word,
                        Str filter, FileUpload *ret)
{
    ExportArchive a = {
        .cx = cx, .job = job, .filter = filter, .manifest = buf_in(cx->arena, EXPORT_MANIFEST)};
    int64_t local = cx->now_ms + zone_offset(cx->zone, cx->now_ms);
    Str path;
    TRY(export_path(cx, job->id, &path));
    a.path = str_z(cx->arena, path);
    a.part = str_z(cx->arena, str_format(cx->arena, STR_FMT ".part", STR_ARG(path)));
    *ret = (FileUpload){.path = a.path,
                        .name = file_name(cx, word, local),
                        .type = STR("application/zip"),
                        .ours = true};
    TRY(zip_writer_open(cx, a.path, local, &a.zip));
    Status st = fill(&a, picks, n);
    zip_writer_close(&a.zip);
    if (st == ST_OK)
        st = export_file_hash(cx, ret);
    if (st != ST_OK)
        unlink(a.path);
    return st;
}
