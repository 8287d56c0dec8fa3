/* SPDX-License-Identifier: Apache-2.0 */
/* Backups as jobs: when asked for, and by the schedule that stands in {gx_setting}. The schedule is looked
 * at each hour in the organisation's time zone; how a backup ended is told to whoever asked for it, and
 * that one failed to all who may make them. */
#include "app/backup_plan.h"
#include "backup/restore_object.h"
#include "base/calendar.h"
#include "notify/notify.h"
#include <unistd.h>

enum { RESULT_MAX = 1 << 20 };

static Status run(Ctx *cx, Job *job, Buf *result)
{
    BackupHost h = {.app = cx->app, .job = job, .home = cx->db};
    BackupPlan plan;
    BackupEnv env;
    TRY(backup_plan_read(cx, &plan));
    TRY(backup_host_env(cx, &h, &env));
    env.keep = plan.keep;
    Status st = backup_make(cx, &env, result);
    cx->db = h.home;
    return st;
}

static Status check(Ctx *cx, Job *job, Buf *result)
{
    BackupHost h = {.app = cx->app, .job = job, .home = cx->db};
    BackupEnv env;
    TRY(backup_host_env(cx, &h, &env));
    Status st = backup_check(cx, &env, json_get_str(job->params, "id"), result);
    cx->db = h.home;
    return st;
}

/* With the key that a command has left for this run, else with the server's own. */
static Status restore(Ctx *cx, Job *job, Buf *result)
{
    BackupHost h = {.app = cx->app, .job = job, .home = cx->db};
    BackupEnv env;
    if (!cx->user->is_administrator)
        return FAIL(cx, ST_DENIED, "app.restore_denied",
                    "only administrators bring records of a backup back");
    TRY(backup_host_env(cx, &h, &env));
    const char *handed = backup_host_key(cx, h.app->settings);
    bool is_handed = access(handed, R_OK) == 0;
    ObjectBack what = {
        .dir = env.dir,
        .data = env.data,
        .key_file = is_handed ? handed : env.key_file,
        .id = json_get_str(job->params, "id"),
        .object = json_get_str(job->params, "object"),
        .scratch = backup_host_beside(cx, h.app->settings, "object"),
        .set_back = json_get_bool(job->params, "set_back", false),
        .dry_run = json_get_bool(job->params, "dry_run", false),
        .host = {.fill = env.host, .open = backup_host_meta},
    };
    Status st = restore_object(cx, job, &what, result);
    cx->db = h.home;
    if (h.then)
        vault_free(h.then);
    if (is_handed)
        unlink(handed);
    return st;
}

/* The failure of a run by the schedule belongs to nobody: administrators are told. */
static Status tell(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    enum { MOST = 100 };
    const Object *o = meta_object(cx->meta, STR("user"));
    Id *ids = ARENA_ARRAY(cx->arena, Id, MOST);
    size_t n = 0;
    (void)arg;
    if (o)
        TRY(query_ids(cx, o, STR("status = \"active\" and any(roles, code = \"administrator\")"), 0,
                      MOST, ids, &n));
    return notify_job(cx, plan, job->id, ids, n);
}

static Status note(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    (void)job, (void)arg;
    backup_plan_note(cx, plan);
    return ST_OK;
}

static Status due(Ctx *cx, Job *job, Buf *result)
{
    BackupPlan plan;
    TRY(backup_plan_read(cx, &plan));
    if (!backup_plan_due(cx, &plan)) {
        buf_lit(result, "{\"due\":false}");
        return ST_OK;
    }
    TRY(job_apply(cx, job, note, NULL));
    Status st = run(cx, job, result);
    Error why = cx->err;
    if (st == ST_OK)
        return ST_OK;
    error_clear(cx);
    if (job_apply(cx, job, tell, NULL) != ST_OK)
        error_clear(cx);
    cx->err = why;
    return st;
}

const JobDef backup_jobs[] = {
    {.name = "backup",
     .run = run,
     .max_attempts = 1,
     .timeout_s = 0,
     .summary = "Makes a backup and brings it back for a check"},
    {.name = "backup.check",
     .run = check,
     .max_attempts = 1,
     .timeout_s = 0,
     .summary = "Brings a backup back for a check"},
    {.name = "backup.restore",
     .run = restore,
     .max_attempts = 1,
     .timeout_s = 0,
     .summary = "Brings records of one object back from a backup"},
    {.name = "backup.scheduled",
     .run = due,
     .max_attempts = 1,
     .timeout_s = 0,
     .every = "7 * * * *",
     .summary = "Makes a backup when the schedule asks for one"},
    {0},
};
