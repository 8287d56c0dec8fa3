/* SPDX-License-Identifier: Apache-2.0 */
/* order_line: the total of an order follows its lines. */
#pragma once
#include "job/job.h"
#include "record/record.h"

extern const JobDef order_line_jobs[]; /* ended by name == NULL: "order.total" */
/* Adds the order with the total of its stored lines to the plan, if that is another. */
CHECKED Status order_line_total(Ctx *cx, Plan *plan, const Object *orders, Id id);
/* The same as a job behind the plan: for orders that the plan itself makes or has written. */
CHECKED Status order_line_total_later(Ctx *cx, Plan *plan, Id order);
