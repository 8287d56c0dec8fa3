/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with a deal. The stage is what decides: a verb finds the stage and the hooks bring outcome,
 * probability and date, and hold the stage's gate. */
#include "modules/sales/opportunity/opportunity.h"
#include "modules/sales/sales.h"

#define STAGES 100 /* of a pipeline */

/* The first stage of the deal's pipeline with this outcome. */
static Status stage_of(Ctx *cx, const Record *r, const char *outcome, Id *ret)
{
    const Field *f = verb_field(r, "stage");
    Id ids[STAGES];
    size_t n = 0;
    *ret = 0;
    if (!f)
        return ST_OK;
    Str filter = str_format(cx->arena, "pipeline = \"%lld\" and outcome = \"%s\"",
                            (long long)verb_link(r, "pipeline"), outcome);
    TRY(verb_ids(cx, f->to, filter, COUNT_OF(ids), ids, &n));
    TRY(opportunity_first(cx, f->to, ids, n, ret));
    if (*ret)
        return ST_OK;
    return FIELD_FAIL(cx, STR("stage"), "no_match", "opportunity.no_stage",
                      "Its pipeline has no stage for this");
}

static Status end(Ctx *cx, Plan *plan, VerbCall *c, const char *outcome)
{
    static const char *const said[] = {"amount",      "closed_on", "win_reason",
                                       "loss_reason", "lost_to",   "close_note"};
    Id stage = 0;
    TRY(stage_of(cx, c->record, outcome, &stage));
    for (size_t i = 0; i < COUNT_OF(said); i++)
        verb_take(c, said[i]);
    verb_set_link(c->record, "stage", stage);
    return record_write(cx, plan, c->record);
}

static Status opportunity_win(Ctx *cx, Plan *plan, VerbCall *c) { return end(cx, plan, c, "won"); }
static Status opportunity_lose(Ctx *cx, Plan *plan, VerbCall *c)
{
    return end(cx, plan, c, "lost");
}
static Status opportunity_void(Ctx *cx, Plan *plan, VerbCall *c)
{
    return end(cx, plan, c, "void");
}

static Status opportunity_advance(Ctx *cx, Plan *plan, VerbCall *c)
{
    verb_take(c, "stage");
    verb_take(c, "next_step");
    return record_write(cx, plan, c->record);
}

/* The open stage it was in when it ended, by its changes of stage. */
static Status stage_before(Ctx *cx, const Record *r, Id *ret)
{
    const Object *o = meta_object(cx->meta, STR("stage_change"));
    Id ids[STAGES];
    size_t n = 0;
    *ret = 0;
    if (!o)
        return ST_OK;
    Str filter = str_format(cx->arena,
                            "opportunity = \"%lld\" and from_stage.outcome = \"open\" and "
                            "to_stage.outcome != \"open\"",
                            (long long)r->id);
    TRY(verb_ids(cx, o, filter, COUNT_OF(ids), ids, &n));
    Record *last = NULL;
    if (n)
        TRY(record_load_any(cx, o, ids[n - 1], &last));
    *ret = last ? verb_link(last, "from_stage") : 0;
    return ST_OK;
}

static Status opportunity_reopen(Ctx *cx, Plan *plan, VerbCall *c)
{
    static const char *const gone[] = {"win_reason", "loss_reason", "lost_to", "close_note"};
    Record *r = c->record;
    Id stage = verb_arg_link(c, "stage");
    if (!stage)
        TRY(stage_before(cx, r, &stage));
    if (!stage)
        TRY(stage_of(cx, r, "open", &stage));
    verb_set_link(r, "stage", stage);
    for (size_t i = 0; i < COUNT_OF(gone); i++)
        verb_set(r, gone[i], VALUE_NULL);
    return record_write(cx, plan, r);
}

/* As a new deal: its stage, dates and end are its own. */
static Status opportunity_copy(Ctx *cx, Plan *plan, VerbCall *c)
{
    static const char *const own[] = {"stage",       "probability", "forecast_category",
                                      "started_on",  "closed_on",   "win_reason",
                                      "loss_reason", "lost_to",     "close_note",
                                      "lead",        "decision_on", "next_step"};
    Record *copy = verb_copy(cx, c->record);
    const Value *name = verb_arg(c, "name");
    for (size_t i = 0; i < COUNT_OF(own); i++)
        verb_set(copy, own[i], VALUE_NULL);
    if (name->t == V_TEXT)
        verb_set(copy, "name", *name);
    TRY(record_write(cx, plan, copy));
    TRY(verb_copy_lines(cx, plan, c->record, copy, "opportunity_lines"));
    c->record = copy;
    return ST_OK;
}

const RecordVerb opportunity_verbs[] = {
    {"opportunity", "advance", opportunity_advance},
    {"opportunity", "copy", opportunity_copy},
    {"opportunity", "lose", opportunity_lose},
    {"opportunity", "reopen", opportunity_reopen},
    {"opportunity", "void", opportunity_void},
    {"opportunity", "win", opportunity_win},
    {0},
};
