/* SPDX-License-Identifier: Apache-2.0 */
/* quality: how complete and how sound records are. A nightly job looks at every value of every object and
 * keeps a row of figures a day for each field; answers give them to people who may read all records of an
 * object (figures of all would tell others what they may not see), for fields that they may read.
 * Each figure says the filter that finds its records.
 * Any thread, one Ctx each. */
#pragma once
#include "job/job.h"
#include "record/record.h"

#define QUALITY_STALE_DAYS 180 /* without activity: stale, where an object says no other number */
#define QUALITY_STALE_MOST 3650

extern const JobDef quality_jobs[]; /* ended by name == NULL: "quality" */

/* The job now, as this person: objects and fields that he does not see whole are left as they are. */
CHECKED Status quality_enqueue(Ctx *cx, Plan *plan, Id *ret_job);
/* {"stale_days":180,"objects":[{"object","day","total","fields","filled","wrong","broken","stale","duplicates","stale_days"}]}
 * of the last day each; duplicates: pairs that wait now. */
CHECKED Status quality_list_write(Ctx *cx, Buf *out);
/* {"object","day",…,"stale_filter","fields":[{"field","filled","wrong","empty_filter","wrong_filter"}],
 * "rules":[{"rule","broken","filter"}],"trend":[…]}; duplicates of a
 * day in the trend: null before they were kept. ST_NOT_FOUND where there are no figures for the person. */
CHECKED Status quality_object_write(Ctx *cx, const Object *o, Buf *out);
/* After how many days without activity records of the object are stale; 0: as usual. The next count goes by it. */
CHECKED Status quality_stale_set(Ctx *cx, Plan *plan, const Object *o, int64_t days);
/* A task for each owner of records that the filter finds: body {"filter","due_at"?,"subject"?}; with
 * "owner" one task for that person, of all of them.
 * out: {"tasks":n,"records":n}. */
CHECKED Status quality_tasks(Ctx *cx, Plan *plan, const Object *o, const json_t *body, Buf *out);
