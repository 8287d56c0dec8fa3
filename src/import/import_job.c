/* SPDX-License-Identifier: Apache-2.0 */
/* The job "import": chunks of 200 rows while others write and up to 500 while nobody does, each with its checkpoint in its own plan; a chunk in
 * which the database refuses something is applied row by row; links between rows of the file come
 * last. All of it is one batch. */
#include "base/calendar.h"
#include "import/report.h"
#include "record/batch.h"

#define ROWS_BYTES ((size_t)256 * 1024)

#define PLANS_OF_OURS 4
#define ANALYZE_FROM 1000 /* rows that change what the planner should know */
#define ANALYZE_TIMES 8   /* that many more change it again */

/* ---- a chunk */
static Status prepare_chunk(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Chunk *chunk = arg;
    const Import *im = chunk->import;
    ImportCounts counts = im->counts;
    Report report = report_begin(cx);
    chunk->split = false;
    chunk->late = (LateLinks){0};
    chunk->keys = map_in(cx->arena);
    chunk->records = ARENA_ARRAY(cx->arena, Record *, chunk->n);
    TRY(keys_find(cx, im, chunk->rows, chunk->n));
    for (size_t i = 0; i < chunk->n; i++) {
        Outcome outcome;
        Issues issues = {0};
        TRY(row_apply(cx, chunk, i, plan, &outcome, &issues));
        report_row(cx, im, &report, &counts, &chunk->rows[i], outcome, &issues);
        if (im->dry_run && chunk->records[i])
            TRY(report_sample(cx, chunk->import, &chunk->rows[i], outcome, chunk->records[i]));
    }
    TRY(report_write(cx, im, &report, &counts));
    chunk->after = counts;
    if (im->dry_run)
        return ST_OK;
    Buf checkpoint = buf_in(cx->arena, 64 << 20);
    report_checkpoint(im, &counts, &chunk->late, &checkpoint);
    job_checkpoint(cx, plan, job, buf_str(&checkpoint));
    return ST_OK;
}

/* Rows that were created can be linked to by those that follow. */
static void learn(Import *im, const Chunk *chunk)
{
    for (LinkTable *t = im->tables; t; t = t->next) {
        if (t->to != im->object)
            continue;
        for (size_t i = 0; i < chunk->n; i++) {
            const Record *r = chunk->records[i];
            for (size_t k = 0; r && k < t->n_fields; k++)
                if (!value_is_null(record_get(r, t->fields[k])))
                    links_add(t, 0, record_get(r, t->fields[k])->s, r->id);
        }
    }
}

static void commit_chunk(Import *im, const Chunk *chunk)
{
    im->counts = chunk->after;
    learn(im, chunk);
    for (size_t i = 0; i < chunk->late.n && !im->dry_run; i++) {
        LateLink late = chunk->late.v[i];
        late.text = str_copy(im->arena, late.text);
        VEC_PUSH(im->arena, &im->late, late);
    }
}

/* Nothing is written: the plan is made and thrown away. */
static Status dry_chunk(Ctx *cx, Job *job, Chunk *chunk)
{
    CLEANUP(arena) Arena *a = arena_new(ROWS_BYTES);
    Arena *outer = cx->arena;
    cx->arena = a;
    cx->now_ms = clock_ms();
    Import *im = chunk->import;
    size_t sampled = im->sampled, n = im->samples.n;
    Status st = prepare_chunk(cx, job, plan_new(cx), chunk);
    cx->arena = outer;
    if (st != ST_OK) { /* its rows come again one by one */
        im->sampled = sampled;
        buf_truncate(&im->samples, n);
    }
    if (st == ST_OK)
        commit_chunk(chunk->import, chunk);
    else if (cx->err.text.p)
        cx->err.text = str_copy(outer, cx->err.text);
    return st;
}

static Status apply(Ctx *cx, Job *job, Chunk *chunk)
{
    if (chunk->import->dry_run)
        return dry_chunk(cx, job, chunk);
    TRY(job_apply(cx, job, prepare_chunk, chunk));
    commit_chunk(chunk->import, chunk);
    return ST_OK;
}

/* One row in a plan of its own. If the database refuses it, it is told why and counted as failed. */
static Status apply_row(Ctx *cx, Job *job, Import *im, ImportRow *row, Arena *rows)
{
    Chunk one = {.import = im, .rows = row, .n = 1, .alone = true};
    Status st = apply(cx, job, &one);
    if (st == ST_OK || (st != ST_CONFLICT && !one.split))
        return st;
    if (cx->err.constraint.n)
        (void)record_explain_conflict(cx, str_copy(rows, cx->err.constraint));
    row_issues_of_error(cx, im, rows, &row->forced);
    error_clear(cx);
    return apply(cx, job, &one);
}

static Status apply_chunk(Ctx *cx, Job *job, Chunk *chunk, Arena *rows)
{
    Import *im = chunk->import;
    Status st = missing_create(cx, job, im, chunk->rows, chunk->n);
    if (st == ST_OK)
        st = apply(cx, job, chunk);
    if (st == ST_OK || !(st == ST_CONFLICT || chunk->split))
        return st;
    for (size_t i = 0; i < chunk->n; i++) {
        error_clear(cx);
        TRY(apply_row(cx, job, im, &chunk->rows[i], rows));
    }
    return ST_OK;
}

/* ---- reading chunks: a row whose key stands in the chunk already begins the next one */
typedef struct Feed {
    Arena *arenas[2];
    int current;
    ImportRow carried;
    bool has_carried;
    size_t rows;   /* of a chunk */
    int64_t plans; /* applied by anybody when the last chunk had been */
} Feed;

/* Chunks grow while nobody else writes: what a commit costs is shared by more rows. With each chunk come the
 * progress, the messages that follow from it and, on PostgreSQL, the numbers of its events. */
static void pace(const Ctx *cx, Feed *feed)
{
    int64_t now = db_facts(cx->records->pool).plans, others = now - feed->plans - 1;
    feed->plans = now;
    feed->rows = others > PLANS_OF_OURS ? CHUNK_ROWS : feed->rows + CHUNK_ROWS;
    if (feed->rows > CHUNK_ROWS_MAX)
        feed->rows = CHUNK_ROWS_MAX;
}

static Status read_chunk(Ctx *cx, Import *im, Feed *feed, Chunk *chunk)
{
    feed->current ^= 1;
    Arena *a = feed->arenas[feed->current];
    arena_reset(a);
    Map seen = map_in(a);
    chunk->rows = ARENA_ARRAY(a, ImportRow, feed->rows);
    chunk->n = 0;
    if (feed->has_carried) { /* its cells lie in the other arena, which is reset after this chunk */
        chunk->rows[chunk->n++] = feed->carried;
        keys_clash(cx, im, &feed->carried, &seen);
        feed->has_carried = false;
    }
    for (size_t bytes = 0; chunk->n < feed->rows && bytes < CHUNK_BYTES;) {
        ImportRow row = {.many = false};
        bool found = false;
        TRY(import_next(cx, im, a, &row.csv, &found));
        if (!found)
            return ST_OK;
        if (keys_clash(cx, im, &row, &seen)) {
            feed->carried = row;
            feed->has_carried = true;
            return ST_OK;
        }
        chunk->rows[chunk->n++] = row;
        for (size_t i = 0; i < row.csv.n; i++)
            bytes += row.csv.cells[i].n;
    }
    return ST_OK;
}

static Status analyze(Ctx *cx, const Import *im)
{
    PlanResult result;
    CLEANUP(arena) Arena *a = arena_new(ROWS_BYTES);
    Ctx own = *cx;
    own.arena = a;
    Plan *plan = plan_new(&own);
    plan_ddl(plan, str_format(a, "ANALYZE {" STR_FMT "}", STR_ARG(im->object->plural)));
    plan_ddl(plan, STR("ANALYZE {gx_match}"));
    return db_apply(cx->records->pool, &own, plan, &result);
}

/* PostgreSQL plans a look-up once, perhaps while the table is empty: it would read the whole of it ever after. */
static Status tell_planner(Ctx *cx, const Import *im, int64_t *next)
{
    if (im->counts.read < *next || im->dry_run || db_kind_of(cx->db) != DB_POSTGRES)
        return ST_OK;
    *next *= ANALYZE_TIMES;
    return analyze(cx, im);
}

static Status tell_planner_all(Ctx *cx, const Import *im)
{
    if (im->dry_run || im->counts.read <= ANALYZE_FROM)
        return ST_OK;
    return db_kind_of(cx->db) == DB_POSTGRES ? analyze(cx, im) : db_analyze(cx, cx->records->pool);
}

static Status run_rows(Ctx *cx, Job *job, Import *im, Feed *feed)
{
    int64_t analyze_at = ANALYZE_FROM;
    for (;;) {
        Chunk chunk = {.import = im};
        TRY(job_progress(cx, job, im->counts.read, im->total));
        TRY(read_chunk(cx, im, feed, &chunk));
        if (!chunk.n)
            return ST_OK;
        TRY(apply_chunk(cx, job, &chunk, feed->arenas[feed->current]));
        TRY(tell_planner(cx, im, &analyze_at));
        pace(cx, feed);
    }
}

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
    CLEANUP(arena) Arena *second = arena_new(ROWS_BYTES);
    Feed feed = {.arenas = {first, second}, .rows = CHUNK_ROWS};
    Finish finish = {.import = im, .arena = cx->arena};
    TRY(report_open(cx, im));
    TRY(report_resume(cx, im, job->checkpoint));
    TRY(count_rows(cx, im, first));
    if (!im->dry_run && !job->batch)
        TRY(job_apply(cx, job, prepare_batch, im));
    TRY(skip_done(cx, im, first));
    TRY(run_rows(cx, job, im, &feed));
    TRY(run_links(cx, job, im));
    TRY(settle_run(cx, job, im));
    TRY(job_apply(cx, job, prepare_finish, &finish));
    TRY(job_progress(cx, job, im->counts.read, im->total));
    TRY(tell_planner_all(cx, im));
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
