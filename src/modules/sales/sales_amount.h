/* SPDX-License-Identifier: Apache-2.0 */
/* sales_amount: what lines and orders come to. amount = quantity × price less discount_rate, rounded once at the
 * amount's scale (half to even); total = amounts of the lines less discount, with shipping_fee. What a body, a
 * file or a rule leaves out is computed; what contradicts is refused. An order without lines has the total that it
 * is given. */
#pragma once
#include "record/record.h"

/* Hook before_write of a line: sets its amount, or refuses another. */
CHECKED Status sales_amount_line(Ctx *cx, Record *r);
/* Sets the total by the lines as they will be, or refuses another; `lines` says that they have changed. */
CHECKED Status sales_amount_total(Ctx *cx, Record *order, bool lines);

extern const RecordHooks order_hooks, order_line_hooks, opportunity_line_hooks;
