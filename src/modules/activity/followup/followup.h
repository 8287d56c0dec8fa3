/* SPDX-License-Identifier: Apache-2.0 */
/* followup: what was said and done with a customer, and what is next. */
#pragma once
#include "modules/activity/activity.h"

/* Counts the follow-up on its about, account, contact and open opportunity. */
CHECKED Status followup_touch(Ctx *cx, Plan *plan, const Record *r);
/* Only the next date of them: it was changed afterwards. */
CHECKED Status followup_touch_next(Ctx *cx, Plan *plan, const Record *r);
/* Makes the task of next_at, or moves the one that is open. */
CHECKED Status followup_task(Ctx *cx, Plan *plan, const Record *r);
