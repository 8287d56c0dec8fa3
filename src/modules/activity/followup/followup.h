/* SPDX-License-Identifier: Apache-2.0 */
/* followup: what was said and done with a customer, and what is next. */
#pragma once
#include "modules/activity/activity.h"

/* Counts the follow-up on its about, account, contact and open opportunity. */
CHECKED Status followup_touch(Ctx *cx, Plan *plan, const Record *r);
/* What one more follow-up says of a record it concerns; is_about: it is the very record it is about. */
void followup_count(Record *to, const Record *r, bool is_about);
/* The same for imported ones, all at once (followup_settle.c). */
CHECKED Status followup_settle(Ctx *cx, Plan *plan, const Object *o, const Id *ids, size_t n);
/* Only the next date of them: it was changed afterwards. */
CHECKED Status followup_touch_next(Ctx *cx, Plan *plan, const Record *r);
/* Makes the task of next_at, or moves the one that is open. */
CHECKED Status followup_task(Ctx *cx, Plan *plan, const Record *r);
