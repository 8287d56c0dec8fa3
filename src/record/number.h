/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of auto numbers as doctor sees them (record.h has what gives numbers). */
#pragma once
#include "record/record.h"

/* Where the counter of the present period stands, and the greatest number that a record
 * has (0: none, or one cannot tell). Raise brings it there, forget gives up what is leased here. */
CHECKED Status number_verify(Ctx *cx, const Field *f, int64_t *ret_counter, int64_t *ret_greatest);
void number_raise(Ctx *cx, Plan *plan, const Field *f, int64_t value);
void number_forget(Ctx *cx, const Field *f);
