/* SPDX-License-Identifier: Apache-2.0 */
/* cleanup: records that nobody needs any more are found by a rule, written to an archive, and deleted as
 * one batch that can be taken back.
 *
 * A clean-up is an object, a rule and, where the rule asks for it, an age in months:
 *   {"object":"lead","rule":"closed","months":12,"filter":"…"?}
 * Each rule is a condition of the expression language; a filter narrows it (rule "own": it is the condition).
 * Who cleans up needs the object's rights to delete, to change many and to export. At most CLEANUP_MOST
 * records a run, oldest first.
 * Any thread, one Ctx each. */
#pragma once
#include "job/job.h"
#include "record/record.h"

#define CLEANUP_MOST 10000

extern const JobDef cleanup_jobs[]; /* ended by name == NULL: "cleanup" */

/* {"most":n,"objects":[{"object","rules":[{"rule","months","filter"}]}],"archives":{"items":[…]}}: what the person
 * may clean up, and the last archives that he may see. */
CHECKED Status cleanup_list_write(Ctx *cx, Buf *out);
/* {"filter","takes","preview":{… of bulk …},"with_of":n,"with":[{"object","records","kept"}]}: what would
 * happen. `with`: what goes along with those of the first 500 that can be deleted (with_of); kept: how many of those the archive
 * can hold. */
CHECKED Status cleanup_preview(Ctx *cx, const json_t *body, Buf *out);
/* Result of the job: {"records","refused","left","with":[…],"file":{…},"delete_job":"id"}; the second job deletes. */
CHECKED Status cleanup_enqueue(Ctx *cx, Plan *plan, const json_t *body, Id *ret_job);
