/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing: parts are started in the order in which they need one another and stopped
 * in the reverse one. */
#include "app/app.h"
#include "app/backup_host.h"
#include "base/log.h"
#include "duplicate/duplicate.h"
#include "export/export.h"
#include "meta/meta_secret.h"
#include "notify/notify.h"
#include "search/search.h"
#include "upkeep/upkeep.h"
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_TABLES 40

static Status make_folder(Ctx *cx, const char *dir, const char *name)
{
    Str path = str_format(cx->arena, "%s%s%s", dir, name[0] ? "/" : "", name);
    if (mkdir(str_z(cx->arena, path), 0700) != 0 && errno != EEXIST)
        return FAIL(cx, ST_INTERNAL, "app.folder", "Cannot make the folder %.*s: %s", STR_ARG(path),
                    strerror(errno));
    return ST_OK;
}

static Status make_folders(Ctx *cx, const char *dir)
{
    static const char *const names[] = {"", "files", "uploads", "imports"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        TRY(make_folder(cx, dir, names[i]));
    return ST_OK;
}

int app_unix_socket(const char *dir)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int n = snprintf(address.sun_path, sizeof address.sun_path, "%s/guanxi.sock", dir);
    int fd = n < (int)sizeof address.sun_path ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    if (fd < 0)
        return -1;
    unlink(address.sun_path);
    mode_t mask = umask(0177);
    int bound = bind(fd, (struct sockaddr *)&address, sizeof address);
    umask(mask);
    if (bound != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* ---- the parts */
static Status open_database(Ctx *cx, const Settings *s, App *app)
{
    int64_t workers = s->workers ? s->workers : s->database ? 8 : 4;
    DbConfig config = {
        .dir = s->data,
        .url = s->database,
        .schema = s->schema,
        .readers = (int)(s->readers ? s->readers : workers + s->job_workers + 3),
        .create = true,
    };
    TRY(db_open(cx, &config, &app->pool));
    app->records = (RecordEnv){.pool = app->pool,
                               .dir = s->data,
                               .hooks = app_hooks,
                               .verbs = app_verbs,
                               .numbers = number_blocks_new(),
                               .words = search_words_new(),
                               .duplicates = duplicate_check};
    app->columns = column_store_new();
    app->titles = title_store_new();
    app->sights = sight_store_new();
    cx->records = &app->records;
    cx->db = db_lease(app->pool);
    return ST_OK;
}

/* The key lies beside the data unless it is kept elsewhere. */
static Status open_vault(Ctx *cx, const Settings *s, App *app)
{
    bool locked = false;
    const char *path =
        s->key_file ? s->key_file : str_z(cx->arena, str_format(cx->arena, "%s/key", s->data));
    TRY(meta_secret_open(cx, app->pool, path, &app->vault, &locked));
    if (locked)
        log_warn(cx, "app.key_missing", LOG_STR("file", path));
    return push_key_open(cx, app->pool, locked ? NULL : app->vault, &app->push_key, &app->can_push);
}

static Status open_engine(Ctx *cx, const Settings *s, App *app, Str *ret_password)
{
    TRY(open_vault(cx, s, app));
    MetaHooks hooks = *api_meta_hooks();
    hooks.vault = app->vault;
    TRY(meta_open(cx, app->pool, &hooks, &app->meta));
    app->records.meta = app->meta;
    cx->meta = meta_acquire(app->meta);
    TRY(access_open(cx, app->pool, &app->access));
    meta_release(cx->meta);
    cx->meta = NULL;
    db_release(cx->db);
    cx->db = NULL;
    return seed_organisation(cx, app, s, ret_password);
}

static Status open_services(Ctx *cx, const Settings *s, App *app)
{
    JobHost host = app->host = api_job_host(app);
    const PushSender push = {.pool = app->pool,
                             .host = &app->host,
                             .rules = &app->outward,
                             .key = app->can_push ? &app->push_key : NULL,
                             .contact = s->public_url ? s->public_url : ""};
    cx->db = db_lease(app->pool);
    TRY(api_start(cx, app));
    TRY(export_sweep(cx, s->data));
    TRY(notify_start(cx, &push, &app->notifier));
    TRY(event_start(cx, app->pool, api_event_sink, app, &app->events));
    TRY(job_start(cx, app->pool, app_jobs, &host, (int)s->job_workers, &app->jobs));
    TRY(search_job_check(cx, app));
    TRY(upkeep_check(cx, app->pool, app->meta));
    db_release(cx->db);
    cx->db = NULL;
    return ST_OK;
}

static const char *const *proxy_list(Ctx *cx, const char *text)
{
    const char **list = ARENA_ARRAY(cx->arena, const char *, 33);
    Str rest = str_of(text), part;
    for (size_t n = 0; n < 32 && str_split(&rest, ',', &part);)
        if (str_trim(part).n)
            list[n++] = str_z(cx->arena, str_trim(part));
    return list;
}

static const Route *const *all_routes(Ctx *cx)
{
    const Route **all = ARENA_ARRAY(cx->arena, const Route *, MAX_TABLES);
    size_t n = 0;
    for (const Route *const *t = api_tables; *t && n < MAX_TABLES - 4; t++)
        all[n++] = *t;
    all[n++] = demo_routes;
    all[n++] = backup_routes;
    all[n] = verb_migrate_routes;
    return all;
}

static Status open_http(Ctx *cx, const Settings *s, App *app)
{
    HttpApp edge = api_edge(app);
    app->tables = all_routes(cx);
    HttpConfig config = {
        .listen = s->listen,
        .unix_fd = app_unix_socket(s->data),
        .loops = (int)s->loops,
        .workers = (int)(s->workers    ? s->workers
                         : s->database ? 8
                                       : 4),
        .max_connections = (int)s->max_connections,
        .per_ip = (int)s->per_ip,
        .upload_dir = str_z(cx->arena, str_format(cx->arena, "%s/uploads", s->data)),
        .trusted_proxies = proxy_list(cx, s->trusted_proxies ? s->trusted_proxies : ""),
        .tables = app->tables,
        .files = embed_ui,
        .file_count = embed_ui_count,
    };
    return http_start(cx, &config, &edge, &app->http);
}

Status app_open(Ctx *cx, const Settings *s, App *app, Str *ret_password)
{
    Settings *kept = ARENA_NEW(cx->arena, Settings);
    *kept = *s;
    *app = (App){
        .dir = s->data,
        .settings = kept,
        .public_url = s->public_url,
        .insecure_http = s->insecure_http,
        .in_flight = idempotency_open(),
        .started_ms = cx->now_ms,
    };
    if (sodium_init() < 0)
        return FAIL(cx, ST_INTERNAL, "app.sodium", "libsodium cannot be used");
    TRY(outward_rules_read(cx, s->outgoing_allow, &app->outward));
    TRY(make_folders(cx, s->data));
    TRY(open_database(cx, s, app));
    TRY(open_engine(cx, s, app, ret_password));
    TRY(open_services(cx, s, app));
    return open_http(cx, s, app);
}

void app_complain(const Ctx *cx)
{
    fprintf(stderr, "guanxi: %.*s\n", STR_ARG(cx->err.text));
    for (size_t i = 0; i < cx->err.fields.n; i++) {
        const FieldError *f = &cx->err.fields.v[i];
        fprintf(stderr, "  %.*s: %.*s\n", STR_ARG(f->field), STR_ARG(f->message));
    }
}

void app_close(App *app)
{
    if (app->http) {
        http_quiesce(app->http);
        http_drain(app->http, 10000);
    }
    if (app->jobs)
        job_stop(app->jobs);
    if (app->events)
        event_stop(app->events);
    if (app->notifier)
        notify_stop(app->notifier);
    if (app->http)
        http_stop(app->http); /* ends the streams */
    api_stop(app);
    if (app->access)
        access_close(app->access);
    if (app->meta)
        meta_close(app->meta);
    vault_free(app->vault);
    if (app->pool)
        db_close(app->pool);
    if (app->records.numbers)
        number_blocks_free(app->records.numbers);
    search_words_free(app->records.words);
    column_store_free(app->columns);
    title_store_free(app->titles);
    sight_store_free(app->sights);
    idempotency_close(app->in_flight);
}
