/* SPDX-License-Identifier: Apache-2.0 */
/* guanxi backup [list | check ID] [--make-key FILE]; guanxi restore --from FOLDER [--replace]. A backup
 * is made by whoever owns the data; a restore needs it for itself. */
#include "app/backup_host.h"
#include "base/calendar.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int fail(Ctx *cx)
{
    app_complain(cx);
    return 1;
}

/* ---- backup ------------------------------------------------------------------------------- */
static void print_one(const json_t *b)
{
    const json_t *v = json_object_get(b, "verified");
    Str id = json_get_str(b, "id"), why = json_get_str(v, "why");
    printf("%.*s  %lld rows, %lld files, %lld bytes  %s %.*s\n", STR_ARG(id),
           (long long)json_get_int(b, "rows", 0), (long long)json_get_int(b, "files", 0),
           (long long)json_get_int(b, "bytes", 0),
           !v                              ? "not checked"
           : json_get_bool(v, "ok", false) ? "brought back and checked"
                                           : "CANNOT BE BROUGHT BACK:",
           STR_ARG(why.n ? why : STR("")));
}

static int list_run(Ctx *cx, const Settings *s, Client *c)
{
    int status = 0;
    size_t i;
    json_t *answer = NULL, *one;
    (void)s;
    if (client_call(cx, c, "GET", "/backups", NULL, &status, &answer) != ST_OK)
        return fail(cx);
    if (status != 200)
        return client_complain(status, answer);
    json_array_foreach(json_object_get(answer, "items"), i, one) print_one(one);
    return 0;
}

static int make_run(Ctx *cx, const Settings *s, Client *c)
{
    int status = 0;
    json_t *answer = NULL, *job = NULL;
    Str path =
        s->n_rest == 2 ? str_format(cx->arena, "/backups/%s/check", s->rest[1]) : STR("/backups");
    if (client_call(cx, c, "POST", str_z(cx->arena, path), "{}", &status, &answer) != ST_OK)
        return fail(cx);
    if (status != 202)
        return client_complain(status, answer);
    path = str_format(cx->arena, "/jobs/%.*s", STR_ARG(json_get_str(answer, "id")));
    if (client_wait(cx, c, str_z(cx->arena, path), &job) != ST_OK)
        return fail(cx);
    if (!str_is(json_get_str(job, "status"), "done"))
        return client_complain(500, json_object_get(job, "error"));
    print_one(json_object_get(job, "result"));
    return 0;
}

int verb_backup(Ctx *cx, const Settings *s)
{
    if (s->make_key) {
        if (seal_key_make(cx, s->make_key) != ST_OK)
            return fail(cx);
        printf("%s opens backups: keep it apart from the server.\n%s.pub makes them: "
               "--backup-key-file %s.pub\n",
               s->make_key, s->make_key, s->make_key);
        return 0;
    }
    if (s->n_rest == 1 && !strcmp(s->rest[0], "list"))
        return verb_with_client(cx, s, list_run);
    if (s->n_rest == 0 || (s->n_rest == 2 && !strcmp(s->rest[0], "check")))
        return verb_with_client(cx, s, make_run);
    fputs("usage: guanxi backup --data DIR [list | check ID] [--make-key FILE]\n", stderr);
    return 2;
}

/* ---- restore ------------------------------------------------------------------------------ */
static Str aside_name(Ctx *cx, const Settings *s)
{
    int64_t now = clock_ms() / 1000;
    return s->database ? str_format(cx->arena, "%s_before_%lld", s->schema, (long long)now)
                       : str_format(cx->arena, "guanxi.db.before-%lld", (long long)now);
}

static Status restore(Ctx *cx, const Settings *s, Str aside, FillReport *report, int64_t *files)
{
    BackupHost h = {0};
    RestoreWhat what = {
        .from = s->from,
        .key_file = s->backup_key_file,
        .to = backup_host_place(s),
        .scratch = backup_host_beside(cx, s, "restoring"),
        .data = s->data,
        .aside = s->replace ? str_z(cx->arena, aside) : NULL,
        .host = backup_host(&h),
    };
    int lock = -1;
    if (mkdir(s->data, 0700) != 0 && !s->from)
        return FAIL(cx, ST_INVALID, "app.folder", "Cannot make the folder %.*s: %s",
                    STR_ARG(str_of(s->data)), "");
    TRY(db_own(cx, s->data, &lock));
    Status st = restore_run(cx, &what, report, files);
    db_disown(lock);
    if (h.said)
        fputc('\n', stderr);
    return st;
}

static void warn_of_key(Ctx *cx, const Settings *s)
{
    if (!backup_host_vault(cx, s).n)
        fprintf(stderr,
                "There is no key of encrypted fields in %s: bring %s/key back from where you "
                "keep it, or those fields stay closed.\n",
                s->data, s->data);
}

int verb_restore(Ctx *cx, const Settings *s)
{
    FillReport report;
    int64_t files = 0;
    if (!s->from || !s->backup_key_file || s->n_rest) {
        fputs("usage: guanxi restore --data DIR [--database URL] --from FOLDER/ID "
              "--backup-key-file F [--replace]\n",
              stderr);
        return 2;
    }
    Str aside = aside_name(cx, s);
    if (restore(cx, s, aside, &report, &files) != ST_OK)
        return fail(cx);
    printf("%lld rows of %zu tables and %lld files are back; every table was compared.\n",
           (long long)report.rows, report.tables.n, (long long)files);
    if (s->replace)
        printf("What was there before is kept as %.*s.\n", STR_ARG(aside));
    warn_of_key(cx, s);
    return 0;
}
