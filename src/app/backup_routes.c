/* SPDX-License-Identifier: Apache-2.0 */
/* Backups over HTTP: which there are, make one, check one, the schedule. Where they lie and the key are
 * settings of the program, not of the page: who administrates the CRM need not be who owns the server. */
#include "api/api_routes.h"
#include "app/backup_plan.h"

#define RIGHT "backup"
enum { LIST_MAX = 4 << 20 };

static Status get_backups(Ctx *cx, Req *rq, Plan *plan)
{
    const Settings *s = req_app_of(rq)->settings;
    BackupPlan p;
    Str vault = backup_host_vault(cx, s);
    Buf list = buf_in(cx->arena, LIST_MAX);
    Str dir = s->backup_dir ? str_of(s->backup_dir) : str_format(cx->arena, "%s/backups", s->data);
    (void)plan;
    TRY(backup_plan_read(cx, &p));
    TRY(backup_list(cx, str_z(cx->arena, dir), &list));
    buf_add(req_out(rq), list.p, list.n - 1);
    buf_lit(req_out(rq), ",\"ready\":");
    buf_json_bool(req_out(rq), s->backup_key_file != NULL);
    buf_lit(req_out(rq), ",\"vault_key\":");
    buf_json_str(req_out(rq), vault.n ? vault : STR(""));
    buf_lit(req_out(rq), ",\"folder\":");
    buf_json_str(req_out(rq), dir);
    buf_lit(req_out(rq), ",\"plan\":");
    backup_plan_write(&p, req_out(rq));
    buf_char(req_out(rq), '}');
    return ST_OK;
}

static Status ask(Ctx *cx, Req *rq, Plan *plan, const char *kind, json_t *params)
{
    Id job = 0;
    BackupHost h = {.app = req_app_of(rq)};
    BackupEnv env;
    json_own(cx->arena, params);
    TRY(backup_host_env(cx, &h, &env)); /* told at once, not by a job that fails */
    TRY(job_enqueue(cx, plan, kind, params, 0, 0, &job));
    api_accept_job(cx, rq, plan, job, kind);
    return ST_OK;
}

static Status post_backup(Ctx *cx, Req *rq, Plan *plan)
{
    return ask(cx, rq, plan, "backup", json_object());
}

static Status post_check(Ctx *cx, Req *rq, Plan *plan)
{
    Str id = req_param(rq, "id");
    if (!backup_is_id(id))
        return FAIL(cx, ST_NOT_FOUND, "app.no_backup", "There is no such backup");
    json_t *params = json_object();
    json_object_set_new(params, "id", json_stringn(id.p, id.n));
    return ask(cx, rq, plan, "backup.check", params);
}

/* {"object","set_back","dry_run"} */
static Status post_restore(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const keys[] = {"object", "set_back", "dry_run", NULL};
    json_t *body = NULL;
    Str id = req_param(rq, "id");
    if (!cx->user->is_administrator)
        return FAIL(cx, ST_DENIED, "app.restore_denied",
                    "only administrators bring records of a backup back");
    if (!backup_is_id(id))
        return FAIL(cx, ST_NOT_FOUND, "app.no_backup", "There is no such backup");
    TRY(api_json_object(cx, rq, keys, &body));
    if (!meta_object(cx->meta, json_get_str(body, "object")))
        return FIELD_FAIL(cx, STR("object"), "bad_value", "app.restore_object",
                          "is the name of no object");
    json_object_set_new(body, "id", json_stringn(id.p, id.n));
    return ask(cx, rq, plan, "backup.restore", json_deep_copy(body));
}

static Status patch_plan(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const keys[] = {"on",    "every",  "hour",    "weekday",
                                       "daily", "weekly", "monthly", NULL};
    json_t *body = NULL;
    TRY(api_json_object(cx, rq, keys, &body));
    TRY(backup_plan_set(cx, body, plan));
    req_status(rq, 204);
    return ST_OK;
}

const Route backup_routes[] = {
    {"GET", "/api/v1/backups", READ, get_backups, RIGHT,
     "Backups, newest first, with how their check ended; the schedule", 0, 0, NULL},
    {"POST", "/api/v1/backups", LONG, post_backup, RIGHT,
     "Make a backup and bring it back for a check", 1024, 0, NULL},
    {"PATCH", "/api/v1/backups/plan", WRITE, patch_plan, RIGHT,
     "When backups are made by themselves, and which are kept", 1024, 0, NULL},
    {"POST", "/api/v1/backups/{id}/check", LONG, post_check, RIGHT,
     "Bring a backup back for a check", 1024, 0, NULL},
    {"POST", "/api/v1/backups/{id}/restore", LONG, post_restore, RIGHT,
     "Bring the records of one object back that are missing; set changed ones back", 1024, 0, NULL},
    {.method = NULL},
};
