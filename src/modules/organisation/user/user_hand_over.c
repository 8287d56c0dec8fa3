/* SPDX-License-Identifier: Apache-2.0 */
/* The job "user.hand_over". Each part in chunks; a chunk in which a record is refused is
 * done again record by record, and the refusal is told. */
#include "modules/organisation/user/user_hand_over.h"
#include "base/calendar.h"
#include "base/id.h"
#include "record/batch.h"

enum { CHUNK = 50, TOLD = 100 };
#define TOLD_BYTES ((size_t)1 << 20)

typedef struct HandCount {
    int64_t moved, pooled, left, failed;
} HandCount;

typedef struct HandRun {
    HandOver h;
    size_t part;
    Id after, ids[CHUNK];
    size_t from, to;
    HandCount piece, *counts; /* by part */
    int64_t steps[BATCH_STEPS];
    int64_t done, total, failed;
    Buf told;
    size_t told_before;
    User all;
    Error err; /* of the record that is left */
} HandRun;

/* Acts as somebody who may do everything; what is written says who it really was. */
static void hand_as_organisation(Ctx *cx, HandRun *run)
{
    run->all = *cx->user;
    run->all.is_administrator = true;
    cx->user = &run->all;
}

Status user_hand_over_enqueue(Ctx *cx, Plan *plan, Id user, const json_t *body, Id *ret_job)
{
    HandOver h;
    json_t *params = json_object();
    json_own(cx->arena, params);
    TRY(user_hand_over_read(cx, user, body, &h));
    json_object_set_new(
        params, "user",
        json_string(str_z(cx->arena, str_format(cx->arena, "%lld", (long long)user))));
    json_object_set_new(params, "body", json_deep_copy(body));
    return job_enqueue(cx, plan, "user.hand_over", params, 0, 0, ret_job);
}

/* ---- the run */
static void hand_write_counts(const HandRun *run, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < run->h.n_parts; i++) {
        HandCount c = run->counts[i];
        if (i == run->part) {
            c.moved += run->piece.moved;
            c.pooled += run->piece.pooled;
            c.failed += run->piece.failed;
        }
        if (!(c.moved + c.pooled + c.left + c.failed))
            continue;
        buf_str_add(out, first ? STR("{\"part\":") : STR(",{\"part\":"));
        first = false;
        buf_json_str(out, run->h.parts[i].name);
        buf_printf(out, ",\"moved\":%lld,\"pooled\":%lld,\"left\":%lld,\"failed\":%lld}",
                   (long long)c.moved, (long long)c.pooled, (long long)c.left, (long long)c.failed);
    }
}

static void hand_checkpoint(Ctx *cx, Plan *plan, Job *job, HandRun *run)
{
    Buf b = buf_in(cx->arena, 3 * TOLD_BYTES);
    buf_lit(&b, "{\"part\":");
    buf_json_str(&b, run->part < run->h.n_parts ? run->h.parts[run->part].name : STR(""));
    buf_lit(&b, ",\"after\":");
    buf_json_id(&b, run->to ? run->ids[run->to - 1] : run->after);
    buf_lit(&b, ",\"parts\":[");
    hand_write_counts(run, &b);
    buf_printf(&b, "],\"failed\":%lld,\"told\":", (long long)run->failed + run->piece.failed);
    buf_json_str(&b, buf_str(&run->told));
    buf_char(&b, '}');
    job_checkpoint(cx, plan, job, buf_str(&b));
}

static void hand_read_counts(HandRun *run, const json_t *parts)
{
    size_t k;
    json_t *item;
    json_array_foreach((json_t *)parts, k, item)
    {
        for (size_t i = 0; i < run->h.n_parts; i++)
            if (str_eq(run->h.parts[i].name, json_get_str(item, "part")))
                run->counts[i] = (HandCount){.moved = json_get_int(item, "moved", 0),
                                             .pooled = json_get_int(item, "pooled", 0),
                                             .left = json_get_int(item, "left", 0),
                                             .failed = json_get_int(item, "failed", 0)};
    }
}

static Status hand_resume(Ctx *cx, const Job *job, HandRun *run)
{
    json_t *j = NULL;
    if (!job->checkpoint.n)
        return ST_OK;
    TRY(json_parse(cx, job->checkpoint, &j));
    for (size_t i = 0; i < run->h.n_parts; i++)
        if (str_eq(run->h.parts[i].name, json_get_str(j, "part")))
            run->part = i;
    if (!id_parse(json_get_str(j, "after"), &run->after))
        run->after = 0;
    hand_read_counts(run, json_object_get(j, "parts"));
    for (size_t i = 0; i < run->h.n_parts; i++)
        run->done += run->counts[i].moved + run->counts[i].pooled + run->counts[i].failed;
    run->failed = json_get_int(j, "failed", 0);
    buf_str_add(&run->told, json_get_str(j, "told"));
    return ST_OK;
}

static void hand_tell(Ctx *cx, HandRun *run, Id id)
{
    run->piece.failed++;
    if (run->failed + run->piece.failed <= TOLD) {
        buf_str_add(&run->told, run->told.n ? STR(",{\"object\":") : STR("{\"object\":"));
        buf_json_str(&run->told, run->h.parts[run->part].object->name);
        buf_lit(&run->told, ",\"id\":");
        buf_json_id(&run->told, id);
        buf_lit(&run->told, ",\"error\":");
        error_problem(cx, &run->told);
        buf_char(&run->told, '}');
    }
    error_clear(cx);
}

static bool hand_is_records_own(Status st)
{
    return st == ST_CONFLICT || st == ST_INVALID || st == ST_DENIED || st == ST_NOT_FOUND;
}

static void hand_begin_piece(HandRun *run)
{
    run->piece = (HandCount){0};
    buf_truncate(&run->told, run->told_before);
}

static Status hand_prepare(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    HandRun *run = arg;
    hand_begin_piece(run);
    for (size_t i = run->from; i < run->to; i++) {
        bool pooled = false;
        size_t before = plan_size(plan);
        Status st =
            user_hand_over_one(cx, plan, &run->h, &run->h.parts[run->part], run->ids[i], &pooled);
        if (st != ST_OK && (!hand_is_records_own(st) || plan_size(plan) != before))
            return st;
        if (st != ST_OK)
            hand_tell(cx, run, run->ids[i]);
        else if (pooled)
            run->piece.pooled++;
        else
            run->piece.moved++;
    }
    hand_checkpoint(cx, plan, job, run);
    return ST_OK;
}

static void hand_end_piece(HandRun *run)
{
    HandCount *c = &run->counts[run->part];
    c->moved += run->piece.moved;
    c->pooled += run->piece.pooled;
    c->failed += run->piece.failed;
    run->failed += run->piece.failed;
    run->done += (int64_t)(run->to - run->from);
    run->piece = (HandCount){0};
    run->after = run->ids[run->to - 1];
    run->from = run->to;
}

static Status hand_apply(Ctx *cx, Job *job, HandRun *run)
{
    run->told_before = run->told.n;
    Status st = job_apply(cx, job, hand_prepare, run);
    if (st == ST_OK)
        hand_end_piece(run);
    else
        buf_truncate(&run->told, run->told_before);
    return st;
}

static Status hand_prepare_left(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    HandRun *run = arg;
    hand_begin_piece(run);
    cx->err = run->err;
    hand_tell(cx, run, run->ids[run->from]);
    hand_checkpoint(cx, plan, job, run);
    return ST_OK;
}

static Status hand_leave(Ctx *cx, Job *job, HandRun *run)
{
    if (cx->err.status == ST_RETRY) {
        error_clear(cx);
        if (FAIL(cx, ST_CONFLICT, "organisation.hand_over_busy",
                 "Others write it at the same time") == ST_OK)
            return ST_OK;
    }
    if (cx->err.constraint.n)
        (void)record_explain_conflict(cx, cx->err.constraint);
    run->err = cx->err;
    error_clear(cx);
    TRY(job_apply(cx, job, hand_prepare_left, run));
    hand_end_piece(run);
    return ST_OK;
}

static Status hand_singly(Ctx *cx, Job *job, HandRun *run, size_t end)
{
    while (run->from < end) {
        run->to = run->from + 1;
        error_clear(cx);
        Status st = hand_apply(cx, job, run);
        if (hand_is_records_own(st) || st == ST_RETRY)
            st = hand_leave(cx, job, run);
        TRY(st);
    }
    return ST_OK;
}

static Status hand_chunk(Ctx *cx, Job *job, HandRun *run, size_t n)
{
    run->from = 0;
    run->to = n;
    Status st = hand_apply(cx, job, run);
    if (hand_is_records_own(st) || st == ST_RETRY)
        st = hand_singly(cx, job, run, n);
    return st;
}

static Status hand_part(Ctx *cx, Job *job, HandRun *run)
{
    const HandPart *p = &run->h.parts[run->part];
    if (p->way == HAND_LEAVE)
        return user_hand_over_count(cx, p, &run->counts[run->part].left);
    for (size_t n = 1; n > 0;) {
        size_t most = p->positions ? 1 : CHUNK; /* each writes the same two people */
        TRY(job_progress(cx, job, run->done, run->total > run->done ? run->total : run->done));
        TRY(verb_ids_after(cx, p->object, p->filter, run->after, most, run->ids, &n));
        if (n > 0)
            TRY(hand_chunk(cx, job, run, n));
    }
    return ST_OK;
}

/* ---- before and after the parts: first the person may no longer make anything */
static Status hand_leaves(Ctx *cx, Record *r, const HandRun *run)
{
    const Field *on = verb_field(r, "left_on");
    if (!run->h.deactivate)
        return ST_OK;
    verb_set_text(r, "status", "left");
    if (on && run->h.left_on && !json_is_null(run->h.left_on))
        TRY(record_set_field_json(cx, r, on, run->h.left_on));
    else if (on && value_is_null(record_get(r, on)))
        record_set(r, on,
                   (Value){.t = V_DATE,
                           .i = calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms))});
    return ST_OK;
}

static Status hand_begin(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    HandRun *run = arg;
    Record *r = NULL;
    Id batch = 0;
    TRY(record_load_any(cx, meta_object(cx->meta, STR("user")), run->h.user, &r));
    Str label = str_format(cx->arena, "hand over: " STR_FMT, STR_ARG(verb_get(r, "name")->s));
    TRY(batch_begin(cx, plan, "hand_over", label, &batch));
    job_set_batch(cx, plan, job, batch);
    return ST_OK;
}

static Status hand_deactivate(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    HandRun *run = arg;
    Record *r = NULL;
    (void)job;
    TRY(record_load_any(cx, meta_object(cx->meta, STR("user")), run->h.user, &r));
    TRY(hand_leaves(cx, r, run));
    TRY(record_write_by_rule(cx, plan, r));
    access_sign_out_user(cx, cx->user->store, run->h.user, plan);
    return ST_OK;
}

static Status hand_end(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    HandRun *run = arg;
    Record *r = NULL;
    for (int i = 0; i < BATCH_STEPS; i++) {
        if (run->h.steps[i] == HAND_LEAVE)
            continue;
        TRY(batch_step_count(cx, (BatchStep)i, run->h.user, run->h.to, &run->steps[i]));
        batch_step_hand(cx, plan, job->batch, (BatchStep)i, run->h.user, run->h.to);
    }
    TRY(record_load_any(cx, meta_object(cx->meta, STR("user")), run->h.user, &r));
    verb_set(r, "handed_over_at", (Value){.t = V_TIME, .i = cx->now_ms});
    return record_write_by_rule(cx, plan, r);
}

static void hand_result(const HandRun *run, Buf *out)
{
    buf_printf(out, "{\"total\":%lld,\"failed\":%lld,\"deactivated\":%s,\"parts\":[",
               (long long)run->done, (long long)run->failed, run->h.deactivate ? "true" : "false");
    hand_write_counts(run, out);
    buf_lit(out, "],\"steps\":[");
    for (int i = 0, n = 0; i < BATCH_STEPS; i++)
        if (run->steps[i])
            buf_printf(out, "%s{\"part\":\"%s\",\"moved\":%lld}", n++ ? "," : "",
                       batch_step_name((BatchStep)i), (long long)run->steps[i]);
    buf_printf(out, "],\"errors\":[" STR_FMT "]}", STR_ARG(buf_str(&run->told)));
}

static Status hand_run_parts(Ctx *cx, Job *job, HandRun *run)
{
    for (size_t i = 0; i < run->h.n_parts; i++) {
        int64_t n = 0;
        if (run->h.parts[i].way != HAND_LEAVE)
            TRY(user_hand_over_count(cx, &run->h.parts[i], &n));
        run->total += n;
    }
    run->total += run->done;
    for (; run->part < run->h.n_parts; run->part++, run->after = 0)
        TRY(hand_part(cx, job, run));
    return ST_OK;
}

static Status hand_run(Ctx *cx, Job *job, Buf *result)
{
    HandRun *run = ARENA_NEW(cx->arena, HandRun);
    const User *me = cx->user;
    Id user = 0;
    TRY(access_require_right(cx, "hand_over"));
    run->told = buf_in(cx->arena, TOLD_BYTES);
    if (!id_parse(json_get_str(job->params, "user"), &user))
        return FAIL(cx, ST_NOT_FOUND, "organisation.hand_over_nobody", "There is no such person");
    TRY(user_hand_over_read(cx, user, json_object_get(job->params, "body"), &run->h));
    run->counts = ARENA_ARRAY(cx->arena, HandCount, run->h.n_parts + 1);
    TRY(hand_resume(cx, job, run));
    cx->cause = "bulk";
    hand_as_organisation(cx, run);
    Status st = job->batch ? ST_OK : job_apply(cx, job, hand_begin, run);
    if (st == ST_OK && run->h.deactivate)
        st = job_apply(cx, job, hand_deactivate, run);
    if (st == ST_OK)
        st = hand_run_parts(cx, job, run);
    if (st == ST_OK)
        st = job_apply(cx, job, hand_end, run);
    cx->user = me;
    TRY(st);
    hand_result(run, result);
    job_all_done(job, run->done);
    return ST_OK;
}

const JobDef user_jobs[] = {
    {.name = "user.hand_over",
     .run = hand_run,
     .max_attempts = 3,
     .timeout_s = 24 * 3600,
     .summary = "Hand over everything that is one person's"},
    {0},
};
