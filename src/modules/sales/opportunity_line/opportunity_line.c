/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of lines of a deal: their amounts, where a price is known. */
#include "modules/sales/sales_amount.h"

const RecordHooks opportunity_line_hooks = {
    .object = "opportunity_line",
    .before_write = sales_amount_line,
};
