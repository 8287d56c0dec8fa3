/* SPDX-License-Identifier: Apache-2.0 */
/* Private to upkeep/. */
#pragma once
#include "upkeep/upkeep.h"

#define UPKEEP_PIECE 200 /* rows a plan; others get through between two */

Status upkeep_doctor_run(Ctx *cx, Job *job, Buf *result);
Status upkeep_derive_run(Ctx *cx, Job *job, Buf *result);
Status upkeep_index_run(Ctx *cx, Job *job, Buf *result);
Status upkeep_purge_run(Ctx *cx, Job *job, Buf *result);
Status upkeep_retype_run(Ctx *cx, Job *job, Buf *result);
Status upkeep_reseal_run(Ctx *cx, Job *job, Buf *result);
Status upkeep_reseal_check(Ctx *cx, DbPool *pool, const struct Vault *vault);
/* How many values of a secret field, in its past too, are sealed with a key that is not at hand. */
Status upkeep_closed(Ctx *cx, const Field *f, int64_t *ret);
/* left_rows.c: marks and pins that lead to nothing; the plan takes them away. */
Status upkeep_left_rows(Ctx *cx, Plan *plan, int64_t *ret);
Status upkeep_share_rule_run(Ctx *cx, Job *job, Buf *result);

/* job_apply; where the catalogue has changed meanwhile, once more under the new one, after `again`
 * has found its objects there. */
Status upkeep_apply(Ctx *cx, Job *job, Status (*prepare)(Ctx *, Job *, Plan *, void *), void *arg,
                    Status (*again)(Ctx *cx, void *arg));
/* The field of the present catalogue. NULL if there is none. */
const Field *upkeep_field(Ctx *cx, Str object, Str key);

/* [{"count","records":[first, last]}] of what breaks a unique index; *ret: there is something. */
Status upkeep_duplicates(Ctx *cx, const Object *o, const Index *x, Buf *out, bool *ret);
/* The columns made from a text, of a live row (changed = 0) or of one of the twin that still holds v. */
void upkeep_write_derived(Ctx *cx, const Field *f, Id id, Id changed, const Value *v, Plan *plan);

/* misfits.c: the form before the present one, or NULL; whether any column that says something is (not)
 * null; a value as a list of misfits shows it. */
const Field *upkeep_last_former(const Field *f);
void upkeep_filled(Sql *q, int alias, const Field *f, bool filled);
Str upkeep_misfit_text(Ctx *cx, const Field *f, const Value *v);
