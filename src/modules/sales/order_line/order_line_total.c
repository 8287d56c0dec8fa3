/* SPDX-License-Identifier: Apache-2.0 */
/* The total of an order counted from its stored lines: of imports, and behind a batch that wrote several lines of
 * one order, whose row can be in the plan only once (docs/adr/0060). */
#include "base/id.h"
#include "modules/sales/order_line/order_line.h"
#include "modules/sales/sales_amount.h"

Status order_line_total(Ctx *cx, Plan *plan, const Object *orders, Id id)
{
    const Field *total = object_field(orders, STR("total"));
    Record *order = NULL;
    if (!total)
        return ST_OK;
    TRY(record_load_stored(cx, orders, id, &order));
    if (!order)
        return ST_OK;
    TRY(sales_amount_total(cx, order, true));
    return record_touched(order, total) ? record_write_by_rule(cx, plan, order) : ST_OK;
}

Status order_line_total_later(Ctx *cx, Plan *plan, Id order)
{
    Str text = str_format(cx->arena, "%lld", (long long)order);
    json_t *params = json_object();
    Id job = 0;
    json_own(cx->arena, params);
    json_object_set_new(params, "order", json_stringn(text.p, text.n));
    return job_enqueue(cx, plan, "order.total", params, 0, 0, &job);
}

static Status total_prepare(Ctx *cx, Job *job, Plan *plan, void *arg UNUSED)
{
    const Object *orders = meta_object(cx->meta, STR("order"));
    Id id = 0;
    if (!orders || !id_parse(json_get_str(job->params, "order"), &id))
        return ST_OK;
    return order_line_total(cx, plan, orders, id);
}

static Status total_run(Ctx *cx, Job *job, Buf *result)
{
    TRY(job_apply(cx, job, total_prepare, NULL));
    buf_lit(result, "{}");
    return ST_OK;
}

const JobDef order_line_jobs[] = {
    {.name = "order.total",
     .run = total_run,
     .max_attempts = 10,
     .timeout_s = 60,
     .summary = "The total of an order follows lines that were written together by themselves"},
    {0},
};
