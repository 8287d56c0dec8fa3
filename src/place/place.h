/* SPDX-License-Identifier: Apache-2.0 */
/* place: the region of a record from its address, where nobody has chosen another. Of objects with a field
 * `address` and a link `region` to the coded object of that name: the region whose code is the city's,
 * else the province's, else (abroad) "overseas"; only active ones.
 *
 * Modules call place_region from before_write. When regions change a job computes anew what was not
 * chosen. */
#pragma once
#include "job/job.h"
#include "record/record.h"

extern const RecordHooks place_region_hooks;
extern const JobDef place_jobs[];

/* Sets r's region if its address was written and the region was not, and the one it has was not chosen. */
CHECKED Status place_region(Ctx *cx, Record *r);
