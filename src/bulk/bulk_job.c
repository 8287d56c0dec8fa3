/* SPDX-License-Identifier: Apache-2.0 */
/* The job "bulk": chunks of a hundred records, each plan with its checkpoint. A chunk in which one
 * record is refused half-way, or by the database, is done again record by record. */
#include "bulk/bulk_internal.h"
#include "record/batch.h"

#define TOLD_BYTES ((size_t)1 << 20)

typedef struct BulkRun {
    Bulk bulk;
    Id until;           /* ids made later are not meant */
    Id ids[BULK_CHUNK]; /* of the chunk in hand */
    size_t from, to;    /* the part of it in one plan */
    Id after;           /* done up to here */
    int64_t changed, same, refused, total;
    int64_t part_changed, part_same, part_refused;
    Buf told;
    size_t told_before;
} BulkRun;

static Status read_checkpoint(Ctx *cx, const Job *job, BulkRun *u)
{
    json_t *j = NULL;
    if (!job->checkpoint.n)
        return ST_OK;
    TRY(json_parse(cx, job->checkpoint, &j));
    if (!id_parse(json_get_str(j, "after"), &u->after))
        u->after = 0;
    u->changed = json_get_int(j, "changed", 0);
    u->same = json_get_int(j, "unchanged", 0);
    u->refused = json_get_int(j, "failed", 0);
    u->total = json_get_int(j, "total", 0);
    buf_str_add(&u->told, json_get_str(j, "told"));
    return ST_OK;
}

static void write_checkpoint(Ctx *cx, Plan *plan, Job *job, const BulkRun *u)
{
    Buf b = buf_in(cx->arena, 2 * TOLD_BYTES);
    int64_t changed = u->changed + u->part_changed, same = u->same + u->part_same;
    int64_t refused = u->refused + u->part_refused;
    buf_lit(&b, "{\"after\":");
    buf_json_id(&b, u->to ? u->ids[u->to - 1] : u->after);
    buf_printf(&b, ",\"changed\":%lld,\"unchanged\":%lld,\"failed\":%lld,\"total\":%lld,\"told\":",
               (long long)changed, (long long)same, (long long)refused, (long long)u->total);
    buf_json_str(&b, buf_str(&u->told));
    buf_char(&b, '}');
    job_checkpoint(cx, plan, job, buf_str(&b));
}

static void tell(Ctx *cx, BulkRun *u, Id id)
{
    u->part_refused++;
    if (u->refused + u->part_refused <= BULK_TOLD) {
        if (u->told.n)
            buf_char(&u->told, ',');
        buf_lit(&u->told, "{\"id\":");
        buf_json_id(&u->told, id);
        buf_lit(&u->told, ",\"error\":");
        error_problem(cx, &u->told);
        buf_char(&u->told, '}');
    }
    error_clear(cx);
}

static void begin_part(BulkRun *u)
{
    u->part_changed = u->part_same = u->part_refused = 0;
    buf_truncate(&u->told, u->told_before);
}

static Status prepare_part(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    BulkRun *u = arg;
    begin_part(u);
    for (size_t i = u->from; i < u->to; i++) {
        BulkOutcome outcome = BULK_CHANGED;
        size_t before = plan_size(plan);
        Status st = bulk_one(cx, plan, &u->bulk, u->ids[i], &outcome, NULL);
        if (st != ST_OK && (!bulk_is_records_own(st) || plan_size(plan) != before))
            return st; /* a record refused half-way has left something in the plan */
        if (st != ST_OK)
            tell(cx, u, u->ids[i]);
        else if (outcome == BULK_SAME)
            u->part_same++;
        else
            u->part_changed++;
    }
    write_checkpoint(cx, plan, job, u);
    return ST_OK;
}

static void end_part(BulkRun *u)
{
    u->changed += u->part_changed;
    u->same += u->part_same;
    u->refused += u->part_refused;
    u->after = u->ids[u->to - 1];
    u->from = u->to;
}

static Status apply_part(Ctx *cx, Job *job, BulkRun *u)
{
    u->told_before = u->told.n;
    Status st = job_apply(cx, job, prepare_part, u);
    if (st != ST_OK) {
        buf_truncate(&u->told, u->told_before);
        return st;
    }
    end_part(u);
    return ST_OK;
}

/* The record is left; why is in cx->err of the arena around. */
typedef struct Left {
    BulkRun *run;
    Error err;
} Left;

static Status prepare_left(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Left *left = arg;
    begin_part(left->run);
    cx->err = left->err;
    tell(cx, left->run, left->run->ids[left->run->from]);
    write_checkpoint(cx, plan, job, left->run);
    return ST_OK;
}

static Status leave_one(Ctx *cx, Job *job, BulkRun *u)
{
    if (cx->err.status == ST_RETRY) {
        error_clear(cx);
        if (FAIL(cx, ST_CONFLICT, "bulk.busy", "others write it at the same time") == ST_OK)
            return ST_OK;
    }
    if (cx->err.constraint.n)
        (void)record_explain_conflict(cx, cx->err.constraint);
    Left left = {.run = u, .err = cx->err};
    error_clear(cx);
    TRY(job_apply(cx, job, prepare_left, &left));
    end_part(u);
    return ST_OK;
}

static Status apply_singly(Ctx *cx, Job *job, BulkRun *u, size_t end)
{
    while (u->from < end) {
        u->to = u->from + 1;
        error_clear(cx);
        Status st = apply_part(cx, job, u);
        if (bulk_is_records_own(st) || st == ST_RETRY) /* a lost lease stops the next plan too */
            st = leave_one(cx, job, u);
        TRY(st);
    }
    return ST_OK;
}

static Status apply_chunk(Ctx *cx, Job *job, BulkRun *u, size_t n)
{
    u->from = 0;
    u->to = n;
    if (u->bulk.verb ==
        BULK_ACTION) /* deeds look at what is stored: limits, the same account twice */
        return apply_singly(cx, job, u, n);
    Status st = apply_part(cx, job, u);
    if (bulk_is_records_own(st) || st == ST_RETRY) /* records may be in each other's way */
        st = apply_singly(cx, job, u, n);
    return st;
}

/* ---- the whole */
static Str label_of(Ctx *cx, const Bulk *b)
{
    const char *name;
    json_t *v;
    Buf label = buf_in(cx->arena, 8000);
    buf_str_add(&label, b->object->name);
    buf_printf(&label, ": " STR_FMT, STR_ARG(bulk_verb_name(b)));
    json_object_foreach((json_t *)b->set, name, v) buf_printf(&label, " %s", name);
    return str_sub(buf_str(&label), 0, 200);
}

static Status prepare_batch(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    const BulkRun *u = arg;
    Id batch = 0;
    TRY(batch_begin(cx, plan, "bulk", label_of(cx, &u->bulk), &batch));
    job_set_batch(cx, plan, job, batch);
    return ST_OK;
}

static Status run_chunks(Ctx *cx, Job *job, BulkRun *u)
{
    Arena *outer = cx->arena;
    CLEANUP(arena)
    Arena *page = arena_new((size_t)64 * 1024); /* of the statement that finds the next */
    for (size_t n = 1; n > 0;) {
        int64_t done = u->changed + u->same + u->refused;
        TRY(job_progress(cx, job, done, u->total > done ? u->total : done));
        arena_reset(page);
        cx->arena = page;
        Status st = bulk_page(cx, &u->bulk, u->after, u->until, BULK_CHUNK, u->ids, &n);
        cx->arena = outer;
        TRY(st);
        if (n > 0)
            TRY(apply_chunk(cx, job, u, n));
    }
    return ST_OK;
}

Status bulk_run(Ctx *cx, Job *job, Buf *result)
{
    BulkRun *u = ARENA_NEW(cx->arena, BulkRun);
    const Object *o = meta_object(cx->meta, json_get_str(job->params, "object"));
    if (!o)
        return FAIL(cx, ST_NOT_FOUND, "bulk.no_object", "there are no such records any more");
    u->told = buf_in(cx->arena, TOLD_BYTES);
    u->until = job->id;
    cx->cause = "bulk";
    TRY(bulk_parse(cx, o, json_object_get(job->params, "body"), &u->bulk));
    TRY(read_checkpoint(cx, job, u));
    if (!u->total)
        TRY(bulk_total(cx, &u->bulk, INT64_MAX, &u->total));
    if (!job->batch)
        TRY(job_apply(cx, job, prepare_batch, u));
    TRY(run_chunks(cx, job, u));
    int64_t done = u->changed + u->same + u->refused;
    buf_printf(
        result,
        "{\"total\":%lld,\"changed\":%lld,\"unchanged\":%lld,\"failed\":%lld,\"errors\":[" STR_FMT
        "]}",
        (long long)done, (long long)u->changed, (long long)u->same, (long long)u->refused,
        STR_ARG(buf_str(&u->told)));
    job_all_done(job, done);
    return ST_OK;
}
