/* SPDX-License-Identifier: Apache-2.0 */
/* guanxi migrate --to postgres://…|sqlite [--dry-run]: the organisation to the other engine. Whoever owns the
 * data does it as a job and takes no writes meanwhile. Where to stands in DIR/move-to, which only somebody on
 * the machine can write: no page may send the organisation anywhere, and no password lies in a job. */
#include "api/api_routes.h"
#include "app/backup_host.h"
#include "backup/move.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RIGHT "backup"
enum { TO_MAX = 4096 };

static char *to_path(Ctx *cx, const Settings *s)
{
    return str_z(cx->arena, str_format(cx->arena, "%s/move-to", s->data));
}

/* ---- in the owner -------------------------------------------------------------------------- */
static Status read_to(Ctx *cx, const Settings *s, DbConfig *to, DbConfig *scratch)
{
    Str text, url;
    if (backup_read_file(cx, to_path(cx, s), TO_MAX, &text) != ST_OK) {
        error_clear(cx);
        return FAIL(cx, ST_INVALID, "app.no_move", "guanxi migrate says where to");
    }
    str_split(&text, '\n', &url);
    Settings other = *s;
    other.database = str_is(url, "sqlite") ? NULL : str_z(cx->arena, url);
    if (!other.database == !s->database)
        return FAIL(cx, ST_INVALID, "app.same_engine",
                    "the organisation is on that engine already");
    *to = backup_host_place(&other);
    *scratch = backup_host_beside(cx, &other, "moving");
    return ST_OK;
}

/* From now on nobody begins to write; who has begun is waited for. */
static Status only_read(Ctx *cx, App *app)
{
    enum { TRIES = 600, PAUSE_US = 50000 };
    app->read_only = true;
    for (int i = 0; i < TRIES && app->writing > 0; i++)
        usleep(PAUSE_US);
    return app->writing <= 0
               ? ST_OK
               : FAIL(cx, ST_BUSY, "app.move_busy", "requests that write do not end; try again");
}

static Status move(Ctx *cx, Job *job, Buf *result)
{
    App *app = cx->app;
    BackupHost h = {.app = app, .job = job, .home = cx->db};
    MoveWhat w = {.from = app->pool,
                  .dry_run = json_get_bool(job->params, "dry_run", false),
                  .host = backup_host(&h)};
    TRY(read_to(cx, app->settings, &w.to, &w.scratch));
    if (app->settings->job_workers != 1)
        return FAIL(cx, ST_INVALID, "app.move_alone",
                    "start the server with --job-workers 1: nothing else may write meanwhile");
    Status st = w.dry_run ? ST_OK : only_read(cx, app);
    if (st == ST_OK)
        st = move_run(cx, &w, result);
    cx->db = h.home;
    if (st != ST_OK) /* moved: what were written here now would be lost */
        app->read_only = false;
    return st;
}

const JobDef verb_migrate_jobs[] = {
    {.name = "move",
     .run = move,
     .max_attempts = 1,
     .timeout_s = 0,
     .summary = "Moves the organisation to the other engine"},
    {0},
};

static Status post_move(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const keys[] = {"dry_run", NULL};
    json_t *body = NULL;
    DbConfig to, scratch;
    Id job = 0;
    TRY(api_json_object(cx, rq, keys, &body));
    TRY(read_to(cx, req_app_of(rq)->settings, &to, &scratch));
    TRY(job_enqueue(cx, plan, "move", body, 0, 0, &job));
    api_accept_job(cx, rq, plan, job, "move");
    return ST_OK;
}

const Route verb_migrate_routes[] = {
    {"POST", "/api/v1/move", LONG, post_move, RIGHT,
     "Move the organisation to the engine that guanxi migrate named on this machine", 1024, 0,
     NULL},
    {.method = NULL},
};

/* ---- the command --------------------------------------------------------------------------- */
static bool write_to(const char *path, const char *to)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool done = fd >= 0 && dprintf(fd, "%s\n", to) > 0;
    if (fd >= 0)
        close(fd);
    return done;
}

static int report(const Settings *s, const json_t *r)
{
    int64_t rows = json_get_int(r, "rows", 0), ms = json_get_int(r, "rows_ms", 0);
    long long tables = (long long)json_get_int(r, "tables", 0);
    if (s->dry_run) {
        printf("%lld rows of %lld tables would move; the place is free.\n", (long long)rows,
               tables);
        return 0;
    }
    printf(
        "%lld rows of %lld tables moved and compared (%lld tables were there already): written in "
        "%lld ms (%lld rows/s), read back in %lld ms, indexes in %lld ms.\n",
        (long long)rows, tables, (long long)json_get_int(r, "kept", 0), (long long)ms,
        (long long)(ms ? rows * 1000 / ms : 0), (long long)json_get_int(r, "check_ms", 0),
        (long long)json_get_int(r, "index_ms", 0));
    printf("Start the server with %s; until it is stopped the old one only reads.\n",
           strcmp(s->to, "sqlite") != 0 ? "--database (the same address) now"
                                        : "no --database now");
    return 0;
}

static int run(Ctx *cx, const Settings *s, Client *c)
{
    json_t *result = NULL;
    int exit_status = client_job(
        cx, c, "/move", s->dry_run ? "{\"dry_run\":true}" : "{\"dry_run\":false}", &result);
    return exit_status ? exit_status : report(s, result);
}

int verb_migrate(Ctx *cx, const Settings *s)
{
    bool known = s->to && (!strcmp(s->to, "sqlite") || str_starts(str_of(s->to), STR("postgres")));
    if (!known || s->n_rest) {
        fputs("usage: guanxi migrate --data DIR [--database URL] --to postgres://…|sqlite "
              "[--dry-run]\n",
              stderr);
        return 2;
    }
    char *path = to_path(cx, s);
    if (!write_to(path, s->to)) {
        fprintf(stderr, "guanxi: cannot write %s\n", path);
        return 1;
    }
    int failed = verb_with_client(cx, s, run);
    unlink(path);
    return failed;
}
