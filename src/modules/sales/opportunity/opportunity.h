/* SPDX-License-Identifier: Apache-2.0 */
/* opportunity: a possible sale. What metadata cannot say about it: its stage decides outcome,
 * probability and closing date. */
#pragma once
#include "record/record.h"

extern const RecordHooks opportunity_hooks;
