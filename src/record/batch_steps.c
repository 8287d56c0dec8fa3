/* SPDX-License-Identifier: Apache-2.0 */
/* What hangs on a person besides records: shares, sharing rules that name the person, saved views that others
 * use, jobs that wait. Handed on as part of a batch: each row that moves is noted, so that undoing the batch
 * gives it back. What the new person has already (a share of the same record) stays where it is. */
#include "record/batch_steps.h"

#define STEP_OF_SHARE "s.kind = 1 AND s.principal = ?2"
#define STEP_OF_HAND STEP_OF_SHARE " AND s.source < 4" /* a field's follow the field */
#define STEP_NO_SUCH(who)                                                                          \
    " AND NOT EXISTS (SELECT 1 FROM {gx_share} o WHERE o.object = s.object AND o.record = "        \
    "s.record AND o.kind = 1 AND o.principal = " who                                               \
    " AND o.source = s.source AND o.rule = s.rule)"
#define STEP_OF_VIEW                                                                               \
    "s.owner = ?2 AND s.shared = 1 AND NOT EXISTS (SELECT 1 FROM {gx_view} o WHERE o.object = "    \
    "s.object AND o.owner = ?3 AND o.name = s.name)"
#define STEP_OF_JOB "s.status = 'queued' AND s.run_as = ?2 AND ?3 > 0"
#define STEP_NOTE "INSERT INTO {gx_batch_step} (batch, what, id, was) SELECT CAST(?1 AS bigint), "
#define STEP_MINE(what)                                                                            \
    "s.id IN (SELECT b.id FROM {gx_batch_step} b WHERE b.batch = ?1 AND b.what = " what ")"
#define STEP_WAS(what)                                                                             \
    "(SELECT b.was FROM {gx_batch_step} b WHERE b.batch = ?1 AND b.what = " what " AND b.id = "    \
    "s.id)"

/* ?1 is the object's number where shares are counted, else 1: so that all take the same values. */
static const char SQL_COUNT_SHARES[] =
    "SELECT count(*) FROM {gx_share} s WHERE s.object = ?1 AND " STEP_OF_HAND STEP_NO_SUCH("?3");
static const char SQL_NOTE_SHARES[] = STEP_NOTE
    "1, s.id, s.principal FROM {gx_share} s WHERE s.object = ?4 AND " STEP_OF_HAND STEP_NO_SUCH(
        "?3");
static const char SQL_MOVE_SHARES[] =
    "UPDATE {gx_share} AS s SET principal = ?2 WHERE " STEP_MINE("1");
static const char SQL_UNDO_SHARES[] =
    "UPDATE {gx_share} AS s SET principal = " STEP_WAS("1") " WHERE " STEP_MINE("1")
        STEP_NO_SUCH(STEP_WAS("1"));

static const char SQL_COUNT_RULES[] =
    "SELECT count(*) FROM {gx_sharing_rule} s WHERE ?1 > 0 AND ?3 > 0 AND " STEP_OF_SHARE;
static const char SQL_NOTE_RULES[] = STEP_NOTE
    "2, s.id, s.principal FROM {gx_sharing_rule} s WHERE ?3 > 0 AND ?4 > 0 AND " STEP_OF_SHARE;
static const char SQL_MOVE_RULES[] =
    "UPDATE {gx_sharing_rule} AS s SET principal = ?2 WHERE " STEP_MINE("2");
static const char SQL_UNDO_RULES[] =
    "UPDATE {gx_sharing_rule} AS s SET principal = " STEP_WAS("2") " WHERE " STEP_MINE("2");

static const char SQL_COUNT_VIEWS[] =
    "SELECT count(*) FROM {gx_view} s WHERE ?1 > 0 AND " STEP_OF_VIEW;
static const char SQL_NOTE_VIEWS[] =
    STEP_NOTE "3, s.id, s.owner FROM {gx_view} s WHERE ?4 > 0 AND " STEP_OF_VIEW;
static const char SQL_MOVE_VIEWS[] = "UPDATE {gx_view} AS s SET owner = ?2 WHERE " STEP_MINE("3");
static const char SQL_UNDO_VIEWS[] = "UPDATE {gx_view} AS s SET owner = " STEP_WAS(
    "3") " WHERE " STEP_MINE("3") " AND NOT EXISTS (SELECT 1 FROM {gx_view} o WHERE o.object = "
                                  "s.object AND o.name = s.name AND "
                                  "o.owner = " STEP_WAS("3") ")";

static const char SQL_COUNT_JOBS[] =
    "SELECT count(*) FROM {gx_job} s WHERE ?1 > 0 AND " STEP_OF_JOB;
static const char SQL_NOTE_JOBS[] =
    STEP_NOTE "4, s.id, s.run_as FROM {gx_job} s WHERE ?4 > 0 AND " STEP_OF_JOB;
static const char SQL_MOVE_JOBS[] =
    "UPDATE {gx_job} AS s SET run_as = ?2 WHERE s.status = 'queued' AND " STEP_MINE("4");
static const char SQL_UNDO_JOBS[] = "UPDATE {gx_job} AS s SET run_as = " STEP_WAS(
    "4") " WHERE s.status = 'queued' AND " STEP_MINE("4");

static const char SQL_SOME[] = "SELECT 1 FROM {gx_batch_step} WHERE batch = ?1 LIMIT 1";

static const struct {
    const char *name, *count, *note, *move, *undo;
} STEPS[BATCH_STEPS] = {
    {"shares", SQL_COUNT_SHARES, SQL_NOTE_SHARES, SQL_MOVE_SHARES, SQL_UNDO_SHARES},
    {"sharing_rules", SQL_COUNT_RULES, SQL_NOTE_RULES, SQL_MOVE_RULES, SQL_UNDO_RULES},
    {"views", SQL_COUNT_VIEWS, SQL_NOTE_VIEWS, SQL_MOVE_VIEWS, SQL_UNDO_VIEWS},
    {"jobs", SQL_COUNT_JOBS, SQL_NOTE_JOBS, SQL_MOVE_JOBS, SQL_UNDO_JOBS},
};

const char *batch_step_name(BatchStep step) { return STEPS[step].name; }

Status batch_step_count(Ctx *cx, BatchStep step, Id from, Id to, int64_t *ret)
{
    size_t rounds = step == STEP_SHARES ? cx->meta->n_objects : 1;
    *ret = 0;
    for (size_t i = 0; i < rounds; i++) {
        const DbVal v[] = {db_int(step == STEP_SHARES ? cx->meta->objects[i]->number : 1),
                           db_int(from), db_int(to)};
        int64_t n = 0;
        bool found = false;
        TRY(db_get_int(cx, STEPS[step].count, v, COUNT_OF(v), &n, &found));
        *ret += n;
    }
    return ST_OK;
}

void batch_step_hand(Ctx *cx, Plan *plan, Id batch, BatchStep step, Id from, Id to)
{
    size_t rounds = step == STEP_SHARES ? cx->meta->n_objects : 1;
    for (size_t i = 0; i < rounds; i++) {
        const DbVal v[] = {db_int(batch), db_int(from), db_int(to),
                           db_int(step == STEP_SHARES ? cx->meta->objects[i]->number : 1)};
        plan_exec(plan, str_of(STEPS[step].note), v, COUNT_OF(v));
    }
    const DbVal moved[] = {db_int(batch), db_int(to)};
    plan_exec(plan, str_of(STEPS[step].move), moved, COUNT_OF(moved));
    access_changed(cx, plan);
}

Status batch_steps_undo(Ctx *cx, Plan *plan, Id batch)
{
    DbVal key = db_int(batch);
    int64_t one = 0;
    bool found = false;
    TRY(db_get_int(cx, SQL_SOME, &key, 1, &one, &found));
    if (!found)
        return ST_OK;
    for (int i = 0; i < BATCH_STEPS; i++)
        plan_exec(plan, str_of(STEPS[i].undo), &key, 1);
    access_changed(cx, plan);
    return ST_OK;
}
