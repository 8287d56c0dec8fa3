/* SPDX-License-Identifier: Apache-2.0 */
/* The job that computes rollups for records that were there before them: a rollup is declared or its
 * text changes while the server runs. Every minute it looks whether there is such work; it goes
 * through an object in ranges of ids, so writers wait for a few hundred rows at a time, and what
 * they change meanwhile is right already. */
#include "bulk/bulk_internal.h"

#define RANGE 200

typedef struct Fill {
    const Object *object;
    Id after, last;
} Fill;

static Status prepare(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Fill *f = arg;
    TRY(record_rollup_fill(cx, plan, f->object, f->after, RANGE, &f->last));
    job_checkpoint(cx, plan, job, str_format(cx->arena, "%lld", (long long)f->last));
    return ST_OK;
}

static Status fill_object(Ctx *cx, Job *job, Fill *f, int64_t *done)
{
    do {
        TRY(job_apply(cx, job, prepare, f));
        *done += f->last ? RANGE : 0;
        f->after = f->last;
        TRY(job_progress(cx, job, *done, 0));
    } while (f->last);
    return ST_OK;
}

Status bulk_rollup_run(Ctx *cx, Job *job, Buf *result)
{
    int64_t done = 0;
    const Object *before = NULL;
    for (;;) {
        Fill f = {0};
        TRY(record_rollup_stale(cx, &f.object));
        if (!f.object || f.object == before) /* of an object that is no more: nothing to do */
            break;
        TRY(fill_object(cx, job, &f, &done));
        before = f.object;
    }
    buf_printf(result, "{\"records\":%lld}", (long long)done);
    return ST_OK;
}
