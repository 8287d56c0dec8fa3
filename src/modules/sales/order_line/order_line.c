/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of lines: their amounts, and the total of an order whose line is written by itself. Lines in their order's
 * body need nothing more: the order sees them. Imported ones are settled together, each order once. */
#include "modules/sales/order_line/order_line.h"
#include "modules/sales/sales_amount.h"

static Id order_of(const Value *values, const Field *up)
{
    const Value *v = &values[up->index];
    return v->t == V_ID ? v->i : 0;
}

/* Jobs (bulk, undo) write what fails together one by one; a batch request cannot. */
static bool is_by_request(const Ctx *cx)
{
    return strcmp(cx->cause, "person") == 0 || strcmp(cx->cause, "api") == 0;
}

/* The order as it is with the line as it will be. One that this plan writes or makes already is counted anew by a
 * job right after it. */
static Status follow(Ctx *cx, Plan *plan, const Field *up, Id id, Record *line, bool gone)
{
    const Relation *rel = object_relation(up->to, STR("order_lines"));
    const Field *total = object_field(up->to, STR("total"));
    Record *order = NULL;
    if (!id || !rel || !total)
        return ST_OK;
    if (!plan_locks(plan, up->to->plural, id))
        TRY(record_load_stored(cx, up->to, id, &order));
    if (!order && is_by_request(cx))
        return order_line_total_later(cx, plan, id);
    if (!order)
        return FIELD_FAIL(cx, up->name, "conflict", "sales.lines_together",
                          "lines of one order that are written together stand in its body");
    record_join_line(cx, order, rel, line, gone);
    TRY(sales_amount_total(cx, order, true));
    order->n_lines = 0;
    return record_touched(order, total) ? record_write_by_rule(cx, plan, order) : ST_OK;
}

static bool follows(const Record *r, const Field *up)
{
    return up && !r->in_parent && !r->by_rule && !r->import;
}

static Status order_line_after_write(Ctx *cx, Plan *plan, Record *r)
{
    const Field *up = object_field(r->object, STR("order")),
                *amount = object_field(r->object, STR("amount"));
    if (!follows(r, up) || !amount)
        return ST_OK;
    Id now = order_of(r->values, up), before = r->old ? order_of(r->old, up) : 0;
    if (before && before != now)
        TRY(follow(cx, plan, up, before, r, true));
    if (now == before && value_equal(&r->old[amount->index], &r->values[amount->index]))
        return ST_OK;
    return follow(cx, plan, up, now, r, false);
}

static Status order_line_before_delete(Ctx *cx, Plan *plan, Record *r)
{
    const Field *up = object_field(r->object, STR("order"));
    return follows(r, up) ? follow(cx, plan, up, order_of(r->values, up), r, true) : ST_OK;
}

static Status order_line_after_restore(Ctx *cx, Plan *plan, Record *r)
{
    const Field *up = object_field(r->object, STR("order"));
    return up ? follow(cx, plan, up, order_of(r->values, up), r, false) : ST_OK;
}

static bool is_there(const Id *ids, size_t n, Id id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static Status order_line_settle(Ctx *cx, Plan *plan, const Object *o, const Id *ids, size_t n)
{
    const Field *up = object_field(o, STR("order"));
    Id *orders = ARENA_ARRAY(cx->arena, Id, n + 1);
    size_t n_orders = 0;
    for (size_t i = 0; up && i < n; i++) {
        Record *line = NULL;
        TRY(record_load_stored(cx, o, ids[i], &line));
        Id id = line ? order_of(line->values, up) : 0;
        if (id && !is_there(orders, n_orders, id))
            orders[n_orders++] = id;
    }
    for (size_t i = 0; i < n_orders; i++)
        TRY(order_line_total(cx, plan, up->to, orders[i]));
    return ST_OK;
}

const RecordHooks order_line_hooks = {
    .object = "order_line",
    .before_write = sales_amount_line,
    .after_write = order_line_after_write,
    .before_delete = order_line_before_delete,
    .after_restore = order_line_after_restore,
    .settle = order_line_settle,
    .settles_updates = true,
};
