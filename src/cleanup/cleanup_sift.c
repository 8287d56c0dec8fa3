/* SPDX-License-Identifier: Apache-2.0 */
/* What would be refused is neither archived nor deleted: each delete is prepared and thrown away. */
#include "bulk/bulk.h"
#include "cleanup/cleanup_internal.h"

static Status sift_one(Ctx *cx, const Object *o, Id id, Arena *pad, bool *ret)
{
    Arena *outer = cx->arena;
    arena_reset(pad);
    cx->arena = pad;
    Status st = bulk_deletable(cx, o, id, ret);
    cx->arena = outer;
    if (st != ST_OK) {
        cx->err.text = str_copy(outer, cx->err.text);
        cx->err.fields.n = 0;
    }
    return st;
}

Status cleanup_sift(Ctx *cx, const Object *o, Id *ids, int64_t *versions, size_t *n, Job *job)
{
    CLEANUP(arena) Arena *pad = arena_new((size_t)64 * 1024);
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        bool can = false;
        if (job)
            TRY(job_progress(cx, job, (int64_t)i, (int64_t)*n));
        TRY(sift_one(cx, o, ids[i], pad, &can));
        if (!can)
            continue;
        if (versions)
            versions[kept] = versions[i];
        ids[kept++] = ids[i];
    }
    *n = kept;
    return ST_OK;
}
