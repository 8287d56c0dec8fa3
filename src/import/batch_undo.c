/* SPDX-License-Identifier: Apache-2.0 */
/* The job "undo": takes back what a batch did, newest first, in chunks; what has changed since stays
 * and is reported. Runs twice without harm: what is undone already is no longer of the batch. */
#include "base/id.h"
#include "import/import_internal.h"
#include "record/batch.h"

#define PIECE 100

typedef struct Undo {
    Id batch; /* to be undone */
    const BatchItem *items;
    size_t n, from, to; /* the piece in hand */
    int64_t undone, skipped;
    int64_t piece_undone, piece_skipped;
    Buf told; /* skipped records, JSON */
    size_t told_before;
    bool alone;
} Undo;

static Status read_checkpoint(Ctx *cx, const Job *job, Undo *u)
{
    json_t *j = NULL;
    if (!job->checkpoint.n)
        return ST_OK;
    TRY(json_parse(cx, job->checkpoint, &j));
    u->from = (size_t)json_get_int(j, "next", 0);
    u->undone = json_get_int(j, "undone", 0);
    u->skipped = json_get_int(j, "skipped", 0);
    buf_str_add(&u->told, json_get_str(j, "told"));
    return ST_OK;
}

static void write_checkpoint(Ctx *cx, Plan *plan, Job *job, const Undo *u)
{
    Buf b = buf_in(cx->arena, 4 << 20);
    int64_t undone = u->undone + u->piece_undone, skipped = u->skipped + u->piece_skipped;
    buf_printf(&b, "{\"next\":%zu,\"undone\":%lld,\"skipped\":%lld,\"told\":", u->to,
               (long long)undone, (long long)skipped);
    buf_json_str(&b, buf_str(&u->told));
    buf_char(&b, '}');
    job_checkpoint(cx, plan, job, buf_str(&b));
}

static void tell(Undo *u, const BatchItem *item, const char *reason)
{
    u->piece_skipped++;
    if (u->skipped + u->piece_skipped > LISTED)
        return;
    buf_printf(&u->told, "%s{\"object\":\"" STR_FMT "\",\"id\":\"%lld\",\"reason\":\"%s\"}",
               u->told.n ? "," : "", STR_ARG(item->object), (long long)item->record, reason);
}

static Status prepare_piece(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Undo *u = arg;
    u->piece_undone = u->piece_skipped = 0;
    buf_truncate(&u->told, u->told_before);
    for (size_t i = u->from; i < u->to; i++) {
        const char *reason = NULL;
        TRY(batch_undo_record(cx, plan, u->batch, &u->items[i], &reason));
        if (reason)
            tell(u, &u->items[i], reason);
        else
            u->piece_undone++;
    }
    if (u->to == u->n)
        TRY(batch_mark_undone(cx, plan, u->batch, job->batch));
    write_checkpoint(cx, plan, job, u);
    return ST_OK;
}

static Status apply_piece(Ctx *cx, Job *job, Undo *u)
{
    u->told_before = u->told.n;
    Status st = job_apply(cx, job, prepare_piece, u);
    if (st != ST_OK) {
        buf_truncate(&u->told, u->told_before);
        return st;
    }
    u->undone += u->piece_undone;
    u->skipped += u->piece_skipped;
    u->from = u->to;
    return ST_OK;
}

/* The database refused one record (a unique value is taken again): it is left and told. */
static Status prepare_left(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Undo *u = arg;
    u->piece_undone = u->piece_skipped = 0;
    buf_truncate(&u->told, u->told_before);
    tell(u, &u->items[u->from], "conflict");
    if (u->to == u->n)
        TRY(batch_mark_undone(cx, plan, u->batch, job->batch));
    write_checkpoint(cx, plan, job, u);
    return ST_OK;
}

static bool is_records_own(Status st)
{
    return st == ST_CONFLICT || st == ST_INVALID || st == ST_DENIED || st == ST_NOT_FOUND;
}

static Status apply_singly(Ctx *cx, Job *job, Undo *u)
{
    size_t end = u->to;
    while (u->from < end) {
        u->to = u->from + 1;
        error_clear(cx);
        Status st = apply_piece(cx, job, u);
        if (st == ST_OK)
            continue;
        if (!is_records_own(st) && st != ST_RETRY) /* a lost lease stops the next plan too */
            return st;
        error_clear(cx);
        TRY(job_apply(cx, job, prepare_left, u));
        u->skipped += u->piece_skipped;
        u->from = u->to;
    }
    return ST_OK;
}

static Status prepare_batch(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    const Undo *u = arg;
    Id batch = 0;
    TRY(batch_begin(cx, plan, "undo", str_format(cx->arena, "%lld", (long long)u->batch), &batch));
    job_set_batch(cx, plan, job, batch);
    return ST_OK;
}

static Status run_pieces(Ctx *cx, Job *job, Undo *u)
{
    while (u->from < u->n) {
        TRY(job_progress(cx, job, (int64_t)u->from, (int64_t)u->n));
        u->to = u->from + PIECE < u->n ? u->from + PIECE : u->n;
        Status st = apply_piece(cx, job, u);
        if (is_records_own(st) ||
            st == ST_RETRY) /* records of one plan may be in each other's way */
            st = apply_singly(cx, job, u);
        TRY(st);
    }
    job_all_done(job, (int64_t)u->n);
    return ST_OK;
}

Status batch_undo_run(Ctx *cx, Job *job, Buf *result)
{
    Undo u = {.told = buf_in(cx->arena, 1 << 20)};
    BatchItem *items = NULL;
    if (!id_parse(json_get_str(job->params, "batch"), &u.batch))
        return FAIL(cx, ST_NOT_FOUND, "import.no_batch", "there is no such batch");
    cx->cause = "undo";
    TRY(batch_items(cx, u.batch, &items, &u.n));
    u.items = items;
    TRY(read_checkpoint(cx, job, &u));
    if (!job->batch)
        TRY(job_apply(cx, job, prepare_batch, &u));
    TRY(run_pieces(cx, job, &u));
    buf_printf(result, "{\"undone\":%lld,\"skipped\":[" STR_FMT "],\"skipped_count\":%lld}",
               (long long)u.undone, STR_ARG(buf_str(&u.told)), (long long)u.skipped);
    return ST_OK;
}
