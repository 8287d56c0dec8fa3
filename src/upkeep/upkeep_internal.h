/* SPDX-License-Identifier: Apache-2.0 */
/* Private to upkeep/. */
#pragma once
#include "upkeep/upkeep.h"

#define UPKEEP_PIECE 200 /* rows a plan; others get through between two */

Status upkeep_doctor_run(Ctx *cx, Job *job, Buf *result);
Status upkeep_index_run(Ctx *cx, Job *job, Buf *result);
Status upkeep_retype_run(Ctx *cx, Job *job, Buf *result);

/* job_apply; where the catalogue has changed meanwhile, once more under the new one, after `again`
 * has found its objects there. */
Status upkeep_apply(Ctx *cx, Job *job, Status (*prepare)(Ctx *, Job *, Plan *, void *), void *arg,
                    Status (*again)(Ctx *cx, void *arg));
/* The field of the present catalogue. NULL if there is none. */
const Field *upkeep_field(Ctx *cx, Str object, Str key);
