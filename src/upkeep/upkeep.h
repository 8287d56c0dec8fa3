/* SPDX-License-Identifier: Apache-2.0 */
/* upkeep: work that keeps database and catalogue in step: copying the values of a field to columns of
 * another type, building indexes apart, dropping what was removed, finding and repairing drift.
 *
 * Everything long is a job that may be killed anywhere and goes on from its checkpoint. */
#pragma once
#include "job/job.h"
#include "meta/meta_retype.h"
#include "record/record.h"

extern const JobDef upkeep_jobs[]; /* ended by name == NULL */

/* A change of type: a job that tells what it would do ("dry_run":true), or one that does it; in that
 * case the plan also gives the field its second columns. *ret_job is the job's id. */
CHECKED Status upkeep_retype(Ctx *cx, Plan *plan, MetaStore *s, const Field *f, const json_t *body,
                             Id *ret_job);
/* The values that did not fit into the field's present type, with ids above `after`:
 * {"items":[{"id","value"}],"next":…}. Only records that the user may see. */
CHECKED Status upkeep_misfits(Ctx *cx, const Field *f, Id after, int limit, Buf *out);
