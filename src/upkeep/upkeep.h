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
/* A change of a field (or, f NULL, of the object: its title) that needs columns filled first, or a dry
 * run of unique, search, required: the job that does it, or *ret_job = 0 where none is needed. */
CHECKED Status upkeep_derive(Ctx *cx, Plan *plan, MetaStore *s, const Object *o, const Field *f,
                             const json_t *body, Id *ret_job);
/* The values that did not fit into the field's present type, with ids above `after`:
 * {"items":[{"id","value"}],"next":…}. Only records that the user may see. */
CHECKED Status upkeep_misfits(Ctx *cx, const Field *f, Id after, int limit, Buf *out);

/* A job that builds every index the catalogue has and the database lacks. A unique one over records
 * with the same values is not built: the job's result names them, and it stays pending. */
CHECKED Status upkeep_index(Ctx *cx, Plan *plan, Id *ret_job);
/* At the start: asks for the job where the present catalogue has pending indexes, and for the one that seals
 * secrets anew where there are former keys. */
CHECKED Status upkeep_check(Ctx *cx, DbPool *pool, MetaStore *s);
/* {"items":[{"name","fields":[…],"unique","state":"ready|pending|failed","duplicates":[…]}]} */
CHECKED Status upkeep_indexes(Ctx *cx, const Object *o, Buf *out);

/* The job that fills the set of a sharing rule (NULL: none) and clears a set that is no more (0: none). */
struct ShareRule;
/* {"rule":…,"status":…,"progress":{…}},… of the rules that are being filled, newest job first. */
CHECKED Status upkeep_share_rules_filling(Ctx *cx, Buf *out);
CHECKED Status upkeep_share_rule(Ctx *cx, Plan *plan, const struct ShareRule *rule, Id drop,
                                 Id *ret_job);

/* Doctor: what of the database is out of step with catalogue and records; with `repair` it is put
 * right, as far as nothing is lost by it. Problems are collected, never failures. */
typedef struct DoctorProblem {
    const char
        *check; /* schema, extra, side_table, derived, counter, rollup, match, secret, search */
    Str object, what;
    bool repaired;
} DoctorProblem;
typedef struct DoctorReport {
    VEC(DoctorProblem) problems;
    int64_t checked; /* objects */
} DoctorReport;
CHECKED Status upkeep_doctor(Ctx *cx, DbPool *pool, bool repair, DoctorReport *ret);
void upkeep_doctor_write(const DoctorReport *r, Buf *out); /* {"checked","problems":[…]} */
CHECKED Status upkeep_doctor_ask(Ctx *cx, Plan *plan, bool repair, Id *ret_job);
