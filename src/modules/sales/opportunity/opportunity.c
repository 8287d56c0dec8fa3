/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of the opportunity. Defaults: the default pipeline and its first open stage. A new stage
 * brings its outcome, its probability (unless one is given in the same write) and the moment it was
 * entered; a closing stage dates the end, an open one takes the date away. */
#include "modules/sales/opportunity/opportunity.h"
#include "base/calendar.h"

#define DAY_MS INT64_C(86400000)

static const char FILTER_DEFAULT_PIPELINE[] = "is_default = true";
static const char FILTER_OPEN[] = "outcome = \"open\"";

static const Field *field(const Record *r, const char *name)
{
    return object_field(r->object, str_of(name));
}

static Id link_of(const Record *r, const char *name)
{
    const Field *f = field(r, name);
    const Value *v = f ? record_get(r, f) : NULL;
    return v && v->t == V_ID ? v->i : 0;
}

static void set_link(Record *r, const char *name, Id id)
{
    if (field(r, name))
        record_set(r, field(r, name), (Value){.t = V_ID, .i = id});
}

/* ---- defaults */
static Status default_pipeline(Ctx *cx, Record *r)
{
    Id id = 0;
    size_t n = 0;
    if (link_of(r, "pipeline"))
        return ST_OK;
    TRY(query_ids(cx, field(r, "pipeline")->to, str_of(FILTER_DEFAULT_PIPELINE), 0, 1, &id, &n));
    if (n)
        set_link(r, "pipeline", id);
    return ST_OK;
}

/* The stage chosen first decides the pipeline, if none was given. */
static Status pipeline_of_stage(Ctx *cx, Record *r)
{
    Record *stage = NULL;
    const Field *stage_field = field(r, "stage");
    if (link_of(r, "pipeline") || !link_of(r, "stage"))
        return ST_OK;
    TRY(record_load_any(cx, stage_field->to, link_of(r, "stage"), &stage));
    set_link(r, "pipeline", link_of(stage, "pipeline"));
    return ST_OK;
}

Status opportunity_first(Ctx *cx, const Object *stages, const Id *ids, size_t n, Id *ret)
{
    int64_t best = INT64_MAX;
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        Record *stage = NULL;
        TRY(record_load_any(cx, stages, ids[i], &stage));
        const Value *v = record_get(stage, stages->position);
        int64_t position = v->t == V_INT ? v->i : INT64_MAX - 1;
        if (position < best) {
            best = position;
            *ret = ids[i];
        }
    }
    return ST_OK;
}

static Status default_stage(Ctx *cx, Record *r)
{
    Id ids[50], first = 0;
    size_t n = 0;
    Id pipeline = link_of(r, "pipeline");
    const Object *stages = field(r, "stage")->to;
    if (link_of(r, "stage") || !pipeline)
        return ST_OK;
    Str filter =
        str_format(cx->arena, "pipeline = \"%lld\" and %s", (long long)pipeline, FILTER_OPEN);
    TRY(query_ids(cx, stages, filter, 0, COUNT_OF(ids), ids, &n));
    TRY(opportunity_first(cx, stages, ids, n, &first));
    if (first)
        set_link(r, "stage", first);
    return ST_OK;
}

/* ---- what the stage brings */
static void copy_from_stage(Record *r, const Record *stage, const char *name)
{
    const Field *mine = field(r, name), *theirs = field(stage, name);
    if (mine && theirs && !record_touched(r, mine))
        record_set(r, mine, *record_get(stage, theirs));
}

static void close_or_open(Ctx *cx, Record *r, const Record *stage)
{
    const Field *closed = field(r, "closed_on"), *outcome = field(stage, "outcome");
    bool open = outcome && str_is(record_get(stage, outcome)->s, "open");
    if (!closed || record_touched(r, closed))
        return;
    if (open)
        record_set(r, closed, VALUE_NULL);
    else if (value_is_null(record_get(r, closed)) && !r->import)
        record_set(r, closed,
                   (Value){.t = V_DATE,
                           .i = calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms))});
}

static Status refuse_other_pipeline(Ctx *cx, const Record *r, const Record *stage)
{
    if (link_of(stage, "pipeline") == link_of(r, "pipeline"))
        return ST_OK;
    FIELD_FAIL(cx, STR("stage"), "other_pipeline", "opportunity.other_pipeline",
               "The stage belongs to another pipeline");
    return ST_INVALID;
}

static Status stage_entered(Ctx *cx, Record *r)
{
    const Field *stage_field = field(r, "stage"), *pipeline = field(r, "pipeline");
    Record *stage = NULL;
    bool moved = record_touched(r, stage_field) || record_touched(r, pipeline);
    if (!link_of(r, "stage") || !moved)
        return ST_OK;
    TRY(record_load_any(cx, stage_field->to, link_of(r, "stage"), &stage));
    TRY(refuse_other_pipeline(cx, r, stage));
    if (field(r, "outcome"))
        record_set(r, field(r, "outcome"), *record_get(stage, field(stage, "outcome")));
    copy_from_stage(r, stage, "probability");
    copy_from_stage(r, stage, "forecast_category");
    if (field(r, "stage_entered_at"))
        record_set(r, field(r, "stage_entered_at"), (Value){.t = V_TIME, .i = cx->now_ms});
    close_or_open(cx, r, stage);
    return ST_OK;
}

static Status opportunity_before_write(Ctx *cx, Record *r)
{
    if (!field(r, "stage") || !field(r, "pipeline"))
        return ST_OK;
    TRY(pipeline_of_stage(cx, r));
    TRY(default_pipeline(cx, r));
    TRY(default_stage(cx, r));
    return stage_entered(cx, r);
}

static Status opportunity_validate(Ctx *cx, const Record *r)
{
    const Field *from = field(r, "started_on"), *to = field(r, "closed_on");
    TRY(opportunity_gate(cx, (Record *)r)); /* conditions are asked of a record that may change */
    if (!from || !to || r->import)
        return error_has_fields(cx) ? ST_INVALID : ST_OK;
    const Value *a = record_get(r, from), *b = record_get(r, to);
    if (!value_is_null(a) && !value_is_null(b) && a->i > b->i)
        FIELD_FAIL(cx, to->name, "out_of_range", "opportunity.closed_before_start",
                   "It cannot be closed before it was started");
    return error_has_fields(cx) ? ST_INVALID : ST_OK;
}

/* ---- what is left behind */
static void set_days(Record *change, const Record *r, int64_t at)
{
    const Field *since = field(r, "stage_entered_at"), *days = field(change, "days");
    const Value *entered = since ? &r->old[since->index] : NULL;
    if (entered && days && entered->t == V_TIME && days->scale == 2)
        record_set(change, days,
                   (Value){.t = V_DECIMAL,
                           .scale = 2,
                           .i = (at - entered->i) / (DAY_MS / 100)}); /* hundredths of a day */
}

static Status is_backward(Ctx *cx, const Field *stage, Id from, Id to, bool *ret)
{
    Record *a = NULL, *b = NULL;
    TRY(record_load_stored(cx, stage->to, from, &a));
    TRY(record_load_stored(cx, stage->to, to, &b));
    *ret = a && b && record_get(b, stage->to->position)->i < record_get(a, stage->to->position)->i;
    return ST_OK;
}

static Status opportunity_after_write(Ctx *cx, Plan *plan, Record *r)
{
    const Object *o = meta_object(cx->meta, STR("stage_change"));
    const Field *stage = field(r, "stage");
    bool backward = false;
    if (!o || !stage || !r->old || r->import || !record_touched(r, stage) ||
        r->old[stage->index].t != V_ID || r->old[stage->index].i == link_of(r, "stage"))
        return ST_OK;
    Record *change = record_new(cx, o);
    TRY(is_backward(cx, stage, r->old[stage->index].i, link_of(r, "stage"), &backward));
    set_link(change, "opportunity", r->id);
    set_link(change, "from_stage", r->old[stage->index].i);
    set_link(change, "to_stage", link_of(r, "stage"));
    set_link(change, "by", cx->user->id);
    record_set(change, field(change, "at"), (Value){.t = V_TIME, .i = cx->now_ms});
    if (field(r, "amount") && field(change, "amount"))
        record_set(change, field(change, "amount"), *record_get(r, field(r, "amount")));
    if (field(change, "is_backward"))
        record_set(change, field(change, "is_backward"), (Value){.t = V_BOOL, .b = backward});
    set_days(change, r, cx->now_ms);
    return record_write_by_rule(cx, plan, change);
}

const RecordHooks opportunity_hooks = {
    .object = "opportunity",
    .before_write = opportunity_before_write,
    .validate = opportunity_validate,
    .after_write = opportunity_after_write,
};
