/* SPDX-License-Identifier: Apache-2.0 */
/* Regions have changed: the job gives every record with an address its region anew, except where somebody
 * chose. It runs as whoever changed them and passes over what that person may not see. One batch. */
#include "base/id.h"
#include "place/place_internal.h"
#include "record/batch.h"

#define PIECE 100

typedef struct PlaceRun {
    size_t object; /* index in the catalogue */
    Id after;
    int64_t done, changed;
    size_t n;    /* of the piece */
    Id last;     /* of the piece */
    int64_t set; /* by the piece */
} PlaceRun;

static Status place_one(Ctx *cx, Plan *plan, const Object *o, Id id, int64_t *set)
{
    Record *r = NULL;
    bool changed = false;
    TRY(record_load_stored(cx, o, id, &r));
    if (!r)
        return ST_OK;
    TRY(place_set(cx, r, record_get(r, object_field(o, STR("address"))), &changed));
    *set += changed;
    return changed ? record_write_by_rule(cx, plan, r) : ST_OK;
}

static Status place_piece(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    PlaceRun *run = arg;
    const Object *o = cx->meta->objects[run->object];
    Id ids[PIECE];
    run->set = 0;
    TRY(query_ids(cx, o, STR("address.province is not null or address.country is not null"),
                  run->after, PIECE, ids, &run->n));
    for (size_t i = 0; i < run->n; i++)
        TRY(place_one(cx, plan, o, ids[i], &run->set));
    run->last = run->n ? ids[run->n - 1] : 0;
    job_checkpoint(cx, plan, job,
                   str_format(cx->arena, STR_FMT ":%lld", STR_ARG(o->name), (long long)run->last));
    return ST_OK;
}

static Status place_batch(Ctx *cx, Job *job, Plan *plan, void *arg UNUSED)
{
    Id batch = 0;
    TRY(batch_begin(cx, plan, "regions", STR_NULL, &batch));
    job_set_batch(cx, plan, job, batch);
    return ST_OK;
}

/* A run that was cut off goes on where its checkpoint says, if the object is there still. */
static void place_resume(const Ctx *cx, Str checkpoint, PlaceRun *run)
{
    Str rest = checkpoint, name;
    str_split(&rest, ':', &name);
    for (size_t i = 0; name.n && i < cx->meta->n_objects; i++)
        if (str_eq(cx->meta->objects[i]->name, name) && id_parse(rest, &run->after))
            run->object = i;
}

static Status place_run(Ctx *cx, Job *job, Buf *result)
{
    PlaceRun run = {.object = 0};
    cx->cause = "rule";
    place_resume(cx, job->checkpoint, &run);
    if (!job->batch)
        TRY(job_apply(cx, job, place_batch, NULL));
    cx->batch = job->batch;
    for (; run.object < cx->meta->n_objects; run.object++, run.after = 0) {
        const Object *o = cx->meta->objects[run.object];
        if (!place_applies(o) || !cx->access->object(cx, o))
            continue;
        do {
            TRY(job_progress(cx, job, run.done, 0));
            TRY(job_apply(cx, job, place_piece, &run));
            run.done += (int64_t)run.n;
            run.changed += run.set;
            run.after = run.last;
        } while (run.n == PIECE);
    }
    buf_printf(result, "{\"records\":%lld,\"changed\":%lld}", (long long)run.done,
               (long long)run.changed);
    return ST_OK;
}

const JobDef place_jobs[] = {
    {.name = "regions",
     .run = place_run,
     .max_attempts = 5,
     .timeout_s = 3600,
     .summary = "Records get the region of their address anew after regions have changed"},
    {0},
};

/* ---- hooks of the region */

static bool place_matters(const Record *r)
{
    const Field *code = r->object->code, *active = object_field(r->object, STR("is_active"));
    return !r->old || (code && record_touched(r, code)) || (active && record_touched(r, active));
}

static Status region_after_write(Ctx *cx, Plan *plan, Record *r)
{
    Id job = 0;
    if (r->import || !place_matters(r) || cx->user->id == USER_SYSTEM)
        return ST_OK;
    return job_enqueue(cx, plan, "regions", NULL, 0, 0, &job);
}

static Status region_settle(Ctx *cx, Plan *plan, const Object *o UNUSED, const Id *ids UNUSED,
                            size_t n UNUSED)
{
    Id job = 0;
    return job_enqueue(cx, plan, "regions", NULL, 0, 0, &job);
}

const RecordHooks place_region_hooks = {
    .object = "region", .after_write = region_after_write, .settle = region_settle};
