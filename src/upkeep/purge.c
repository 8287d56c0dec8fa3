/* SPDX-License-Identifier: Apache-2.0 */
/* The job "meta.purge", every night: what has lain in the bin for longer than the organisation keeps it
 * goes, one change of the catalogue each. What stands in the way of one (somebody else's change)
 * leaves it for the next night. */
#include "meta/meta_purge.h"
#include "upkeep/upkeep_internal.h"

typedef struct Purge {
    const MetaDue *due;
    bool gone;
} Purge;

static Status again(Ctx *cx, void *arg)
{
    (void)cx;
    (void)arg;
    return ST_OK;
}

static Status purge_one(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Purge *p = arg;
    MetaStore *s = cx->records->meta;
    const Object *o = meta_object(cx->meta, p->due->object);
    const Field *f = upkeep_field(cx, p->due->object, p->due->key);
    (void)job;
    if (p->due->kind == META_DUE_OBJECT)
        return meta_purge_object(cx, s, p->due->object, plan);
    if (!o || (p->due->kind == META_DUE_FORMERS && !f))
        return ST_OK;
    return p->due->kind == META_DUE_FIELD ? meta_purge_field(cx, s, o, p->due->key, plan)
                                          : meta_purge_formers(cx, s, f, plan);
}

Status upkeep_purge_run(Ctx *cx, Job *job, Buf *result)
{
    MetaDueList list = {0};
    int64_t purged = 0, left = 0;
    TRY(meta_purge_due(cx, cx->records->meta, cx->now_ms, &list));
    for (size_t i = 0; i < list.n; i++) {
        Purge p = {.due = &list.v[i]};
        TRY(job_progress(cx, job, (int64_t)i, (int64_t)list.n));
        Status st = upkeep_apply(cx, job, purge_one, &p, again);
        if (st != ST_OK && st != ST_NOT_FOUND && st != ST_CONFLICT && st != ST_INVALID)
            return st;
        purged += st == ST_OK;
        left += st != ST_OK;
        error_clear(cx);
    }
    buf_printf(result, "{\"purged\":%lld,\"left\":%lld}", (long long)purged, (long long)left);
    return ST_OK;
}
