/* SPDX-License-Identifier: Apache-2.0 */
/* bulk: one change to many records, named by ids or by a filter, as a job that can be taken back as
 * one batch. Body of CONTRACT 4: {"ids":[…]} or {"filter":"…"} with {"set":{…}}, {"delete":true},
 * {"restore":true} (of the recycle bin), {"action":"transfer","to":"user"} or
 * {"action":"close","params":{…}}, a verb of the object (verb/verb.h) done to each record by itself. "versions" beside "ids": what
 * has been changed since is refused.
 *
 * Each record passes through record/ as if it were changed alone: its rights (`bulk` besides update,
 * delete or transfer), its rules, its history. What is refused is told and left, the others go on.
 * A filter means the records that match when their turn comes and that were there at the start. */
#pragma once
#include "job/job.h"
#include "record/record.h"

extern const JobDef bulk_jobs[]; /* ended by name == NULL: "bulk" */

/* What the body asks for without doing it: counts and samples. */
CHECKED Status bulk_preview(Ctx *cx, const Object *o, const json_t *body, Buf *out);
/* Checks everything that can be known before the first record and enqueues. */
CHECKED Status bulk_enqueue(Ctx *cx, Plan *plan, const Object *o, const json_t *body, Id *ret_job);
/* Would it be deleted? Prepared and thrown away; false: refused, whatever the reason. The caller's arena grows. */
CHECKED Status bulk_deletable(Ctx *cx, const Object *o, Id id, bool *ret);
/* {"items":[…],"next":…}: batches of the acting user, newest first. */
CHECKED Status bulk_batches(Ctx *cx, Id before, int limit, Buf *out);
