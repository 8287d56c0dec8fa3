/* SPDX-License-Identifier: Apache-2.0 */
/* What hangs on a person besides records, handed on as part of a batch (batch_steps.c); undoing it gives
 * them back. Shares include those of collaborators; views: the shared ones; jobs: those that wait. */
#pragma once
#include "record/record.h"

typedef enum BatchStep { STEP_SHARES, STEP_RULES, STEP_VIEWS, STEP_JOBS, BATCH_STEPS } BatchStep;
const char *batch_step_name(BatchStep step);
CHECKED Status batch_step_count(Ctx *cx, BatchStep step, Id from, Id to, int64_t *ret);
void batch_step_hand(Ctx *cx, Plan *plan, Id batch, BatchStep step, Id from, Id to);
CHECKED Status batch_steps_undo(Ctx *cx, Plan *plan, Id batch);
