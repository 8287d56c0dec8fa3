/* SPDX-License-Identifier: Apache-2.0 */
/* Stage gates: what must be filled in or done before a deal comes to a stage. They stand with the stage,
 * {"required":["amount"],"checks":[{"check":"any(needs, true)","field":"need","message":{…}}]}, and bind
 * people who move a deal: not imports, not rules, not the making of one that is under way already.
 * Who goes forward over several stages passes the gate of each; who goes back, or ends the deal, only
 * that of the stage itself. */
#include "modules/sales/opportunity/opportunity.h"

#define STAGES 100 /* of a pipeline */

static const Field *field(const Record *r, const char *name)
{
    return object_field(r->object, str_of(name));
}

static int64_t position_of(const Record *stage)
{
    const Value *v = record_get(stage, stage->object->position);
    return v->t == V_INT ? v->i : 0;
}

static bool is_open(const Record *stage)
{
    const Value *v = record_get(stage, field(stage, "outcome"));
    return v->t == V_TEXT && str_is(v->s, "open");
}

static void require_fields(Ctx *cx, const Record *r, const json_t *names)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        const Field *f = object_field(r->object, json_str(json_array_get(names, i)));
        if (f && value_is_null(record_get(r, f)))
            FIELD_FAIL(cx, f->name, "required", "opportunity.gate",
                       "%.*s is required before this stage",
                       STR_ARG(label_in(&f->label, cx->lang)));
    }
}

static Str message_of(const Ctx *cx, const json_t *check)
{
    const json_t *message = json_object_get(check, "message");
    Str said = json_get_str(message, cx->lang == LANG_ZH ? "zh-CN" : "en");
    return said.n ? said : json_get_str(message, cx->lang == LANG_ZH ? "en" : "zh-CN");
}

/* A condition that cannot be read any more (a field it named is gone) holds nobody up. */
static Status check_one(Ctx *cx, Record *r, const json_t *check)
{
    ExprScope scope = {.object = r->object, .is_rule = true};
    const Expr *e = NULL;
    bool holds = false;
    Error before = cx->err;
    cx->err = (Error){.status = ST_OK};
    Status st = expr_parse(cx, json_get_str(check, "check"), &scope, EXPR_CONDITION, &e);
    cx->err = before;
    if (st != ST_OK)
        return st == ST_MALFORMED ? ST_OK : st;
    TRY(record_holds(cx, r, e, &holds));
    if (!holds)
        FIELD_FAIL(cx, json_get_str(check, "field"), "gate", "opportunity.gate_check", "%.*s",
                   STR_ARG(message_of(cx, check)));
    return ST_OK;
}

static Status pass(Ctx *cx, Record *r, const Record *stage)
{
    const Value *gate = field(stage, "gate") ? record_get(stage, field(stage, "gate")) : NULL;
    json_t *form = NULL;
    if (!gate || gate->t != V_JSON)
        return ST_OK;
    TRY(json_parse(cx, gate->s, &form));
    require_fields(cx, r, json_object_get(form, "required"));
    const json_t *checks = json_object_get(form, "checks");
    for (size_t i = 0; i < json_array_size(checks); i++)
        TRY(check_one(cx, r, json_array_get(checks, i)));
    return ST_OK;
}

/* Open stages of the pipeline that lie between, in no particular order. */
static Status pass_between(Ctx *cx, Record *r, const Record *from, const Record *to)
{
    const Object *stages = to->object;
    Id ids[STAGES];
    size_t n = 0;
    Str filter = str_format(cx->arena, "pipeline = \"%lld\" and outcome = \"open\"",
                            (long long)record_get(to, stages->parent)->i);
    TRY(query_ids(cx, stages, filter, 0, COUNT_OF(ids), ids, &n));
    for (size_t i = 0; i < n; i++) {
        Record *stage = NULL;
        TRY(record_load_any(cx, stages, ids[i], &stage));
        if (position_of(stage) > position_of(from) && position_of(stage) < position_of(to))
            TRY(pass(cx, r, stage));
    }
    return ST_OK;
}

Status opportunity_gate(Ctx *cx, Record *r)
{
    const Field *f = field(r, "stage");
    Record *from = NULL, *to = NULL;
    if (!f || !r->old || r->import || r->by_rule || !record_touched(r, f) ||
        r->old[f->index].t != V_ID || record_get(r, f)->t != V_ID ||
        r->old[f->index].i == record_get(r, f)->i)
        return ST_OK;
    TRY(record_load_any(cx, f->to, record_get(r, f)->i, &to));
    TRY(record_load_stored(cx, f->to, r->old[f->index].i, &from));
    bool same = from && record_get(from, f->to->parent)->i == record_get(to, f->to->parent)->i;
    if (same && is_open(from) && is_open(to))
        TRY(pass_between(cx, r, from, to));
    return pass(cx, r, to);
}
