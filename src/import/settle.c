/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from imported records once all are there: rules that would meet the same record again and
 * again within a chunk (a customer with fifty follow-ups) see them together instead. The hook `settle` of
 * the object gets the records that the import made, a piece a plan, in the order they were made. */
#include "import/report.h"
#include "record/batch.h"

#define SETTLE_PIECE 100

typedef struct SettlePiece {
    Import *import;
    const Id *ids;
    size_t n;
    ImportCounts after;
} SettlePiece;

static Status prepare_settle(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    SettlePiece *piece = arg;
    ImportCounts counts = piece->import->counts;
    TRY(record_settle(cx, plan, piece->import->object, piece->ids, piece->n));
    counts.settled += (int64_t)piece->n;
    Buf checkpoint = buf_in(cx->arena, 64 << 20);
    report_checkpoint(piece->import, &counts, NULL, &checkpoint);
    job_checkpoint(cx, plan, job, buf_str(&checkpoint));
    piece->after = counts;
    return ST_OK;
}

Status settle_run(Ctx *cx, Job *job, Import *im)
{
    Id *ids = NULL;
    size_t n = 0;
    bool updates = false;
    if (im->dry_run || !job->batch || !record_settles(cx, im->object, &updates))
        return ST_OK;
    if (updates)
        TRY(batch_wrote(cx, job->batch, im->object, im->arena, &ids, &n));
    else
        TRY(batch_made(cx, job->batch, im->object, im->arena, &ids, &n));
    while ((size_t)im->counts.settled < n) {
        size_t from = (size_t)im->counts.settled;
        SettlePiece piece = {.import = im, .ids = ids + from, .n = n - from};
        if (piece.n > SETTLE_PIECE)
            piece.n = SETTLE_PIECE;
        TRY(job_progress(cx, job, im->counts.read, im->total));
        TRY(job_apply(cx, job, prepare_settle, &piece));
        im->counts = piece.after;
    }
    return ST_OK;
}
