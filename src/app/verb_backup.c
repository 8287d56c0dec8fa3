/* SPDX-License-Identifier: Apache-2.0 */
/* guanxi backup [list | check ID] [--make-key FILE]; guanxi restore --from FOLDER [--replace | --object
 * NAME [--set-back] [--dry-run]]. A backup
 * is made by whoever owns the data, records of one object are brought back by him; a restore needs it for itself. */
#include "app/backup_host.h"
#include "base/calendar.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_MAX = 4096, MANIFEST_MAX = 4 << 20 };

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

static Str key_then(Ctx *cx, const Settings *s)
{
    Str text = STR_NULL;
    json_t *manifest = NULL;
    Str path = str_format(cx->arena, "%s/manifest.json", s->from);
    if (backup_read_file(cx, path.p, MANIFEST_MAX, &text) != ST_OK ||
        json_parse(cx, text, &manifest) != ST_OK)
        error_clear(cx);
    return json_get_str(manifest, "vault_key");
}

static void warn_of_key(Ctx *cx, const Settings *s)
{
    Str now = backup_host_vault(cx, s), then = key_then(cx, s);
    if (now.n && then.n && !str_eq(now, then))
        fprintf(stderr,
                "The encrypted fields of this backup open with the key file of the fingerprint "
                "%.*s; the one in place is %.*s. Put the former one in its place (a rotation "
                "keeps it as key.before-…), or those fields stay closed.\n",
                STR_ARG(then), STR_ARG(now));
    if (!now.n)
        fprintf(stderr,
                "There is no key of encrypted fields in %s: bring %s/key back from where you "
                "keep it, or those fields stay closed.\n",
                s->data, s->data);
}

/* ---- the records of one object */
/* The server takes backups from its own folder: only the last part of the path is told. */
static Str last_part(const char *path)
{
    Str s = str_of(path);
    while (s.n && s.p[s.n - 1] == '/')
        s.n--;
    const char *slash = s.n ? memrchr(s.p, '/', s.n) : NULL;
    return slash ? str_n(slash + 1, s.n - (size_t)(slash + 1 - s.p)) : s;
}

static Status hand_key(Ctx *cx, const Settings *s)
{
    Str key;
    if (!s->backup_key_file)
        return ST_OK;
    TRY(backup_read_file(cx, s->backup_key_file, KEY_MAX, &key));
    return backup_write_file(cx, backup_host_key(cx, s), key);
}

static void print_back(const json_t *r)
{
    size_t i;
    json_t *one;
    printf("%s: %lld missing, %lld changed%s, %lld the same, %lld only here, %lld failed\n",
           json_get_bool(r, "dry_run", false) ? "Would bring back" : "Brought back",
           (long long)json_get_int(r, "missing", 0), (long long)json_get_int(r, "changed", 0),
           json_get_bool(r, "set_back", false) ? " and set back" : " (they stay)",
           (long long)json_get_int(r, "equal", 0), (long long)json_get_int(r, "newer", 0),
           (long long)json_get_int(r, "failed", 0));
    printf("Lost: %lld links, %lld files, %lld encrypted values\n",
           (long long)json_get_int(r, "lost_links", 0), (long long)json_get_int(r, "lost_files", 0),
           (long long)json_get_int(r, "lost_secrets", 0));
    json_array_foreach(json_object_get(r, "samples"), i, one)
        printf("  %s %.*s %.*s\n", json_get_bool(one, "missing", false) ? "missing" : "changed",
               STR_ARG(json_get_str(one, "id")), STR_ARG(json_get_str(one, "title")));
    json_array_foreach(json_object_get(r, "errors"), i, one)
        printf("  failed %.*s %.*s: %.*s\n", STR_ARG(json_get_str(one, "id")),
               STR_ARG(json_get_str(one, "field")), STR_ARG(json_get_str(one, "message")));
}

static int object_run(Ctx *cx, const Settings *s, Client *c)
{
    json_t *result = NULL;
    Buf body = buf_in(cx->arena, 1024);
    buf_lit(&body, "{\"object\":");
    buf_json_str(&body, str_of(s->object));
    buf_printf(&body, ",\"set_back\":%s,\"dry_run\":%s}", s->set_back ? "true" : "false",
               s->dry_run ? "true" : "false");
    if (hand_key(cx, s) != ST_OK)
        return fail(cx);
    Str path = str_format(cx->arena, "/backups/%.*s/restore", STR_ARG(last_part(s->from)));
    int status = client_job(cx, c, str_z(cx->arena, path), buf_z(&body), &result);
    (void)unlink(backup_host_key(cx, s)); /* the run has taken it, or there was none */
    if (!status)
        print_back(result);
    return status;
}

int verb_restore(Ctx *cx, const Settings *s)
{
    FillReport report;
    int64_t files = 0;
    if (s->from && s->object && !s->n_rest && !s->replace)
        return verb_with_client(cx, s, object_run);
    if (!s->from || !s->backup_key_file || s->n_rest || s->object) {
        fputs("usage: guanxi restore --data DIR [--database URL] --from FOLDER/ID "
              "--backup-key-file F [--replace]\n"
              "       guanxi restore --data DIR --from ID --object NAME [--set-back] [--dry-run]\n",
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
