/* SPDX-License-Identifier: Apache-2.0 */
/* opportunity: a possible sale. What metadata cannot say about it: its stage decides outcome,
 * probability and closing date; gates hold a stage (opportunity_gate.c); each change of stage leaves a
 * stage_change; verbs advance, win, lose, void, reopen, copy (opportunity_verbs.c). */
#pragma once
#include "record/record.h"

extern const RecordHooks opportunity_hooks;

/* Of these stages the one with the lowest position; 0: there are none. */
CHECKED Status opportunity_first(Ctx *cx, const Object *stages, const Id *ids, size_t n, Id *ret);
/* Field errors for what is missing where a person moves the deal to another stage. */
CHECKED Status opportunity_gate(Ctx *cx, Record *r);
