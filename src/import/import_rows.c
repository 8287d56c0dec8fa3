/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a file: chunks of 200 rows while others write and more while nobody does, each with its checkpoint in
 * its own plan. The next chunk is read, checked and prepared while one is written, unless it has to see what
 * that one writes (docs/adr/0110). A chunk in which the database refuses something is applied row by row. */
#include "base/calendar.h"
#include "duplicate/duplicate.h"
#include "import/keys.h"
#include "import/report.h"
#include "record/batch.h"

#define ROWS_BYTES ((size_t)256 * 1024)
#define REHEARSAL_BYTES ((size_t)32 * 1024 * 1024)
#define PLANS_OF_OURS 4
#define SERIAL_CHUNKS 16  /* after one that had to be prepared again */
#define ANALYZE_FROM 1000 /* rows that change what the planner should know */
#define ANALYZE_TIMES 8   /* that many more change it again */

/* ---- a chunk */
static Status prepare_chunk(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Chunk *chunk = arg;
    const Import *im = chunk->import;
    ImportCounts counts = chunk->before;
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
        if (im->rehearsal)
            duplicate_rehearsal_back(im->rehearsal, chunk->rows[0].csv.number);
    }
    if (st == ST_OK)
        commit_chunk(chunk->import, chunk);
    else if (cx->err.text.p)
        cx->err.text = str_copy(outer, cx->err.text);
    return st;
}

static Status apply(Ctx *cx, Job *job, Chunk *chunk)
{
    chunk->before = chunk->import->counts;
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
    Map seen;      /* keys of the chunk that was read last */
    size_t rows;   /* of a chunk */
    int serial;    /* chunks that still wait for the one before */
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

/* False: the row begins the next chunk. */
static bool take_row(Ctx *cx, Feed *feed, Chunk *chunk, const Map *before, const ImportRow *row)
{
    RowKeys keys = {.n = 0};
    keys_of_row(cx, chunk->import, row, feed->arenas[feed->current], &keys);
    if (keys_among(&keys, &feed->seen))
        return false;
    keys_note(&keys, &feed->seen);
    chunk->follows = chunk->follows || keys_among(&keys, before);
    chunk->rows[chunk->n++] = *row;
    return true;
}

/* Its cells lie in the arena that is reset while this chunk is written. */
static ImportRow carry(Arena *a, const ImportRow *row)
{
    ImportRow own = *row;
    own.csv.cells = ARENA_ARRAY(a, Str, row->csv.n);
    for (size_t i = 0; i < row->csv.n; i++)
        own.csv.cells[i] = str_copy(a, row->csv.cells[i]);
    return own;
}

static Status read_chunk(Ctx *cx, Import *im, Feed *feed, Chunk *chunk)
{
    const Map before = feed->seen; /* lies in the other arena */
    feed->current ^= 1;
    Arena *a = feed->arenas[feed->current];
    arena_reset(a);
    feed->seen = map_in(a);
    chunk->rows = ARENA_ARRAY(a, ImportRow, feed->rows);
    chunk->n = 0;
    if (feed->has_carried) {
        ImportRow row = carry(a, &feed->carried);
        (void)take_row(cx, feed, chunk, &before, &row);
    }
    feed->has_carried = false;
    for (size_t bytes = 0; chunk->n < feed->rows && bytes < CHUNK_BYTES;) {
        ImportRow row = {.many = false};
        bool found = false;
        TRY(import_next(cx, im, a, &row.csv, &found));
        if (!found)
            return ST_OK;
        if (!take_row(cx, feed, chunk, &before, &row)) {
            feed->carried = row;
            feed->has_carried = true;
            return ST_OK;
        }
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

/* ---- one chunk is written while the next is prepared */
/* Whether chunks of this import need to see the one before only where a key says so. */
static bool may_overlap(const Import *im)
{
    if (im->dry_run || im->similar != SIMILAR_IGNORE)
        return false;
    for (size_t i = 0; i < im->n_columns; i++)
        if (im->columns[i].create_missing)
            return false;
    for (const LinkTable *t = im->tables; t; t = t->next)
        if (t->to == im->object)
            return false;
    for (size_t i = 0; i < im->n_keys; i++)
        if (im->keys[i]->type->value != V_TEXT)
            return false;
    return true;
}

typedef struct Flow {
    Import *import;
    Feed feed;
    Chunk under_way; /* n 0: none */
    int64_t analyze_at;
    bool overlaps;
} Flow;

/* Waits for what is under way; what cannot be written so goes the ordinary way. */
static Status settle(Ctx *cx, Job *job, Flow *flow, bool *ret_again)
{
    Chunk chunk = flow->under_way;
    if (!chunk.n)
        return ST_OK;
    flow->under_way.n = 0;
    Status st = job_settle(cx, job);
    if (st == ST_OK)
        commit_chunk(flow->import, &chunk);
    else if (st == ST_RETRY || st == ST_CONFLICT) {
        *ret_again = true;
        flow->feed.serial = SERIAL_CHUNKS;
        error_clear(cx);
        TRY(apply_chunk(cx, job, &chunk, chunk.rows_arena));
    } else
        return st;
    TRY(tell_planner(cx, flow->import, &flow->analyze_at));
    pace(cx, &flow->feed);
    return ST_OK;
}

static Status serially(Ctx *cx, Job *job, Flow *flow, Chunk *chunk)
{
    bool again = false;
    TRY(settle(cx, job, flow, &again));
    error_clear(cx);
    TRY(apply_chunk(cx, job, chunk, chunk->rows_arena));
    TRY(tell_planner(cx, flow->import, &flow->analyze_at));
    pace(cx, &flow->feed);
    return ST_OK;
}

/* What the chunk is prepared on may turn out otherwise: then it is prepared again. */
static Status beside(Ctx *cx, Job *job, Flow *flow, Chunk *chunk)
{
    bool again = false;
    chunk->before = flow->under_way.n ? flow->under_way.after : flow->import->counts;
    Status st = job_begin(cx, job, prepare_chunk, chunk);
    if (st != ST_OK && (st == ST_CONFLICT || st == ST_RETRY || chunk->split))
        return serially(cx, job, flow, chunk);
    TRY(st);
    TRY(settle(cx, job, flow, &again));
    if (again)
        return serially(cx, job, flow, chunk);
    job_send(cx, job);
    flow->under_way = *chunk;
    return ST_OK;
}

static Status take_chunk(Ctx *cx, Job *job, Flow *flow, Chunk *chunk)
{
    if (!flow->overlaps || flow->feed.serial) {
        if (flow->feed.serial)
            flow->feed.serial--;
        return serially(cx, job, flow, chunk);
    }
    if (chunk->follows || flow->under_way.late.n) {
        bool again = false;
        TRY(settle(cx, job, flow, &again));
    }
    return beside(cx, job, flow, chunk);
}

static Status run_rows(Ctx *cx, Job *job, Flow *flow)
{
    Import *im = flow->import;
    bool again = false;
    for (;;) {
        Chunk chunk = {.import = im};
        TRY(job_progress(cx, job, im->counts.read, im->total));
        TRY(read_chunk(cx, im, &flow->feed, &chunk));
        chunk.rows_arena = flow->feed.arenas[flow->feed.current];
        if (!chunk.n)
            return settle(cx, job, flow, &again);
        TRY(take_chunk(cx, job, flow, &chunk));
    }
}

Status import_rows(Ctx *cx, Job *job, Import *im)
{
    CLEANUP(arena) Arena *first = arena_new(ROWS_BYTES);
    CLEANUP(arena) Arena *second = arena_new(ROWS_BYTES);
    Flow flow = {.import = im,
                 .feed = {.arenas = {first, second}, .seen = map_in(second), .rows = CHUNK_ROWS},
                 .analyze_at = ANALYZE_FROM,
                 .overlaps = may_overlap(im)};
    if (im->dry_run && im->similar)
        im->rehearsal = duplicate_rehearsal(im->arena, REHEARSAL_BYTES);
    Status st = run_rows(cx, job, &flow);
    Error why = cx->err;
    if (flow.under_way.n && job_settle(cx, job) != ST_OK && st != ST_OK)
        cx->err = why; /* the first failure is told */
    return st != ST_OK ? st : tell_planner_all(cx, im);
}
