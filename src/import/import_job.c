/* SPDX-License-Identifier: Apache-2.0 */
/* The job "import": first the rows (import_rows.c), then the links between rows of the file and what follows from
 * the records. All of it is one batch. */
#include "base/calendar.h"
#include "import/report.h"
#include "record/batch.h"

#define ROWS_BYTES ((size_t)256 * 1024)

/* ---- links to rows of the same file */
typedef struct LatePiece {
    Import *import;
    size_t from, n;
    ImportCounts after;
} LatePiece;

static Status settle_link(Ctx *cx, Import *im, const LateLink *late, Plan *plan, Issues *issues)
{
    const ImportColumn *c = &im->columns[late->column];
    LinkFound found;
    Record *r = NULL;
    Id id = 0;
    TRY(links_find(cx, c->links, 0, late->text, &found, &id));
    Status st = found == LINK_ONE ? record_load(cx, im->object, late->record, &r) : ST_INVALID;
    if (st == ST_OK) {
        r->import = true;
        record_set(r, c->field, (Value){.t = V_ID, .i = id});
        st = record_write(cx, plan, r);
    }
    if (st != ST_OK && st != ST_INVALID && st != ST_NOT_FOUND)
        return st;
    if (st != ST_OK) {
        Issue issue = {.column = c->header,
                       .code = "no_match",
                       .message = text_in(cx, "import.no_match", "\"" STR_FMT "\" was not found",
                                          STR_ARG(late->text)),
                       .suggestion = links_nearest(cx, c->links, late->text),
                       .warning = true};
        VEC_PUSH(cx->arena, issues, issue);
        error_clear(cx);
    }
    return ST_OK;
}

static Status prepare_links(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    LatePiece *piece = arg;
    Import *im = piece->import;
    ImportCounts counts = im->counts;
    Report report = report_begin(cx);
    for (size_t i = piece->from; i < piece->from + piece->n; i++) {
        Issues issues = {0};
        TRY(settle_link(cx, im, &im->late.v[i], plan, &issues));
        for (size_t k = 0; k < issues.n; k++)
            report_issue(&report, &counts, im->late.v[i].row, &issues.v[k]);
    }
    TRY(report_write(cx, im, &report, &counts));
    counts.links_done = (int64_t)(piece->from + piece->n);
    Buf checkpoint = buf_in(cx->arena, 64 << 20);
    report_checkpoint(im, &counts, NULL, &checkpoint);
    job_checkpoint(cx, plan, job, buf_str(&checkpoint));
    piece->after = counts;
    return ST_OK;
}

/* Two links of one record must not stand in one plan: the second would not see the first. */
static size_t piece_length(const Import *im, size_t from)
{
    size_t n = 1;
    while (n < CHUNK_ROWS / 2 && from + n < im->late.n &&
           im->late.v[from + n].record != im->late.v[from + n - 1].record)
        n++;
    return n;
}

static Status run_links(Ctx *cx, Job *job, Import *im)
{
    for (size_t from = (size_t)im->counts.links_done; from < im->late.n;) {
        LatePiece piece = {.import = im, .from = from, .n = piece_length(im, from)};
        TRY(job_progress(cx, job, im->counts.read, im->total));
        TRY(missing_create_late(cx, job, im, piece.from, piece.n));
        TRY(job_apply(cx, job, prepare_links, &piece));
        im->counts = piece.after;
        from += piece.n;
    }
    return ST_OK;
}

/* ---- the job */
static Status prepare_batch(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    const Import *im = arg;
    Id batch = 0;
    TRY(batch_begin(cx, plan, "import", im->file_name, &batch));
    job_set_batch(cx, plan, job, batch);
    return ST_OK;
}

static Status skip_done(Ctx *cx, Import *im, Arena *a)
{
    for (int64_t i = 0; i < im->counts.read; i++) {
        CsvRow row;
        bool found = false;
        TRY(import_next(cx, im, a, &row, &found));
        if (i % 1000 == 999)
            arena_reset(a);
    }
    return ST_OK;
}

static Status count_rows(Ctx *cx, Import *im, Arena *a)
{
    CsvRow row;
    bool found = true;
    for (int64_t i = 0; found; i++) {
        TRY(import_next(cx, im, a, &row, &found));
        im->total += found;
        if (i % 1000 == 999)
            arena_reset(a);
    }
    return import_rewind(cx, im, a);
}

typedef struct Finish {
    Import *import;
    Arena *arena;
    ReportFiles files;
} Finish;

static Status prepare_finish(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Finish *finish = arg;
    ReportFiles files;
    (void)job;
    TRY(report_publish(cx, finish->import, plan, &files));
    finish->files.csv = str_copy(finish->arena, files.csv);
    finish->files.workbook = str_copy(finish->arena, files.workbook);
    return ST_OK;
}

static Status run_opened(Ctx *cx, Job *job, Import *im, Buf *result)
{
    CLEANUP(arena) Arena *first = arena_new(ROWS_BYTES);
    Finish finish = {.import = im, .arena = cx->arena};
    TRY(report_open(cx, im));
    TRY(report_resume(cx, im, job->checkpoint));
    TRY(count_rows(cx, im, first));
    if (!im->dry_run && !job->batch)
        TRY(job_apply(cx, job, prepare_batch, im));
    TRY(skip_done(cx, im, first));
    TRY(import_rows(cx, job, im));
    TRY(run_links(cx, job, im));
    TRY(settle_run(cx, job, im));
    TRY(job_apply(cx, job, prepare_finish, &finish));
    TRY(job_progress(cx, job, im->counts.read, im->total));
    return report_result(cx, im, &finish.files, result);
}

Status import_run(Ctx *cx, Job *job, Buf *result)
{
    Import im;
    const Object *o = meta_object(cx->meta, json_get_str(job->params, "object"));
    const json_t *options = json_object_get(job->params, "options");
    if (!o)
        return FAIL(cx, ST_NOT_FOUND, "import.no_object",
                    "there is no such kind of record any more");
    cx->cause = "import";
    TRY(import_open(cx, o, json_get_str(job->params, "path"), options, 0, &im));
    im.file_name = json_get_str(job->params, "file_name");
    im.samples = buf_in(im.arena, 1 << 20);
    TRY(import_compile(cx, &im, options));
    Status st = run_opened(cx, job, &im, result);
    report_close(&im);
    return st;
}
