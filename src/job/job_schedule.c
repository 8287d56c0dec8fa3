/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs with `every`: the next time of each stands in {gx_setting}, so that a restart forgets none and
 * of several nodes one takes it. Times missed while nobody ran are made up for once. */
#include "job/job_internal.h"

static const char SQL_NEXT[] = "SELECT value FROM {gx_setting} WHERE name = ?1";
static const char SQL_NEXT_NEW[] = "INSERT INTO {gx_setting} (name, value) VALUES (?1, ?2)";
static const char SQL_NEXT_MOVE[] =
    "UPDATE {gx_setting} SET value = ?2 WHERE name = ?1 AND value = ?3";
static const char SQL_PENDING[] =
    "SELECT id FROM {gx_job} WHERE kind = ?1 AND status IN ('queued', 'running') LIMIT 1";
static const char SQL_ADD[] =
    "INSERT INTO {gx_job} (id, kind, status, run_as, params, progress_done, progress_total, "
    "attempts, max_attempts, run_at, created_at, cancel) "
    "VALUES (?1, ?2, 'queued', ?3, '{}', 0, 0, 0, 1, ?4, ?4, ?5)";

static Status read_next(Ctx *cx, Str name, Str *ret, bool *ret_found)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_NEXT, &q));
    TRY(db_bind_text(q, 1, name));
    TRY(db_next(q, ret_found));
    *ret = *ret_found ? str_copy(cx->arena, db_col_text(q, 0)) : STR_NULL;
    return ST_OK;
}

static Str ms_text(Ctx *cx, int64_t ms) { return str_format(cx->arena, "%lld", (long long)ms); }

static Status add_job(JobRunner *r, Ctx *cx, Plan *plan, const JobDef *def)
{
    DbVal kind = db_text(str_of(def->name));
    int64_t pending = 0;
    bool found = false;
    TRY(db_get_int(cx, SQL_PENDING, &kind, 1, &pending, &found));
    if (found)
        return ST_OK; /* the last one has not ended: it is enough */
    const DbVal v[] = {db_int(idgen_next(db_ids(r->pool))), kind, db_int(JOB_SYSTEM_USER),
                       db_int(cx->now_ms), db_bool(false)};
    plan_exec(plan, STR_SQL(SQL_ADD), v, COUNT_OF(v));
    return ST_OK;
}

static Status schedule_one(JobRunner *r, Ctx *cx, const JobDef *def)
{
    Cron cron;
    Str name = str_format(cx->arena, "job.next.%s", def->name), was;
    bool found = false;
    int64_t due = 0;
    if (!cron_parse(str_of(def->every), &cron))
        return FAIL(cx, ST_INTERNAL, "job.bad_cron", "\"%s\" is not a cron time", def->every);
    TRY(read_next(cx, name, &was, &found));
    if (found && str_int(was, &due) && due > cx->now_ms)
        return ST_OK;
    Plan *plan = plan_new(cx);
    PlanResult result;
    const DbVal v[] = {db_text(name), db_text(ms_text(cx, cron_next(&cron, r->zone, cx->now_ms))),
                       db_text(was)};
    if (!found) {
        plan_exec(plan, STR_SQL(SQL_NEXT_NEW), v, 2);
    } else {
        plan_expect(plan, STR_SQL(SQL_NEXT_MOVE), v, 3, 1);
        TRY(add_job(r, cx, plan, def));
    }
    Status st = db_apply(r->pool, cx, plan, &result);
    if (st != ST_RETRY && st != ST_CONFLICT)
        return st;
    error_clear(cx); /* another node was first */
    return ST_OK;
}

Status job_schedule(JobRunner *r, Ctx *cx)
{
    for (const JobDef *const *table = r->tables; *table; table++)
        for (const JobDef *def = *table; def->name; def++)
            if (def->every)
                TRY(schedule_one(r, cx, def));
    return ST_OK;
}
