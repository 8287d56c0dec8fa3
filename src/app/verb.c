/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that work through the API of the owning process: init, demo, import, user. */
#include "app/app.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int fail(Ctx *cx)
{
    app_complain(cx);
    return 1;
}

int verb_with_client(Ctx *cx, const Settings *s, int (*work)(Ctx *, const Settings *, Client *))
{
    Client *c = NULL;
    int status = client_open(cx, s, &c) == ST_OK ? work(cx, s, c) : fail(cx);
    client_close(c);
    return status;
}

/* ---- init: opening makes what is missing */
static int init_done(Ctx *cx, const Settings *s, Client *c)
{
    int status = 0;
    json_t *answer = NULL;
    if (client_call(cx, c, "GET", "/me", NULL, &status, &answer) != ST_OK)
        return fail(cx);
    if (status != 200)
        return client_complain(status, answer);
    Str name = json_get_str(json_object_get(answer, "organisation"), "name");
    printf("%.*s is ready in %s\n", STR_ARG(name), s->database ? "the database" : s->data);
    return 0;
}

int verb_init(Ctx *cx, const Settings *s) { return verb_with_client(cx, s, init_done); }

/* ---- jobs started by a command */
static int follow(Ctx *cx, Client *c, int status, const json_t *answer, json_t **ret_job)
{
    if (status != 202)
        return client_complain(status, answer);
    Str id = json_get_str(answer, "id");
    Str path = str_format(cx->arena, "/jobs/%.*s", STR_ARG(id));
    if (client_wait(cx, c, str_z(cx->arena, path), ret_job) != ST_OK)
        return fail(cx);
    if (!str_is(json_get_str(*ret_job, "status"), "done"))
        return client_complain(500, json_object_get(*ret_job, "error"));
    return 0;
}

static void print_result(Ctx *cx, const json_t *job)
{
    Buf out = buf_in(cx->arena, (size_t)16 << 20);
    json_write(&out, json_object_get(job, "result"));
    printf("%.*s\n", STR_ARG(buf_str(&out)));
}

static int demo_run(Ctx *cx, const Settings *s, Client *c)
{
    int status = 0;
    json_t *answer = NULL, *job = NULL;
    Str body = str_format(cx->arena, "{\"accounts\":%lld,\"seed\":%lld}", (long long)s->accounts,
                          (long long)s->seed);
    if (client_call(cx, c, "POST", "/demo", str_z(cx->arena, body), &status, &answer) != ST_OK)
        return fail(cx);
    int failed = follow(cx, c, status, answer, &job);
    if (!failed)
        print_result(cx, job);
    return failed;
}

int verb_demo(Ctx *cx, const Settings *s) { return verb_with_client(cx, s, demo_run); }

/* ---- import OBJECT FILE */
static bool read_file(Ctx *cx, const char *path, Str *ret)
{
    struct stat st;
    FILE *f = fopen(path, "re");
    if (!f || fstat(fileno(f), &st) != 0 || st.st_size > INT64_C(1048576)) {
        if (f)
            fclose(f);
        return false;
    }
    char *p = arena_alloc(cx->arena, (size_t)st.st_size + 1);
    size_t n = fread(p, 1, (size_t)st.st_size, f);
    fclose(f);
    *ret = str_n(p, n);
    return true;
}

static Status import_options(Ctx *cx, const Settings *s, Str *ret)
{
    json_t *options = NULL;
    Str text = STR("{}");
    if (s->mapping && !read_file(cx, s->mapping, &text))
        return FAIL(cx, ST_INVALID, "app.mapping", "Cannot read the mapping %s", s->mapping);
    TRY(json_parse(cx, text, &options));
    if (s->dry_run)
        json_object_set_new(options, "dry_run", json_true());
    Buf out = buf_in(cx->arena, (size_t)1 << 20);
    json_write(&out, options);
    *ret = str_of(buf_z(&out));
    return ST_OK;
}

/* The object's name or its plural. */
static Status plural_of(Ctx *cx, Client *c, const char *word, Str *ret)
{
    int status = 0;
    json_t *meta = NULL;
    TRY(client_call(cx, c, "GET", "/meta", NULL, &status, &meta));
    const json_t *all = json_object_get(meta, "objects");
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *o = json_array_get(all, i);
        Str plural = json_get_str(o, "plural");
        if (str_is(plural, word) || str_is(json_get_str(o, "object"), word))
            return *ret = plural, ST_OK;
    }
    return FAIL(cx, ST_NOT_FOUND, "app.no_object", "There is no object \"%s\"", word);
}

static void save_errors(Ctx *cx, const Settings *s, Client *c, const json_t *job)
{
    Str url = json_get_str(json_object_get(job, "result"), "error_file");
    if (!str_starts(url, STR("/api/v1")))
        return;
    Str to = str_format(cx->arena, "%s.errors.csv", s->rest[1]);
    Str path = str_sub(url, 7, url.n);
    if (client_download(cx, c, str_z(cx->arena, path), str_z(cx->arena, to)) == ST_OK)
        fprintf(stderr, "failed rows: %.*s\n", STR_ARG(to));
    else
        error_clear(cx);
}

static int import_run(Ctx *cx, const Settings *s, Client *c)
{
    int status = 0;
    json_t *answer = NULL, *job = NULL;
    Str options = STR_NULL, plural = STR_NULL;
    if (import_options(cx, s, &options) != ST_OK || plural_of(cx, c, s->rest[0], &plural) != ST_OK)
        return fail(cx);
    Str path = str_format(cx->arena, "/%.*s/import", STR_ARG(plural));
    if (client_upload(cx, c, str_z(cx->arena, path), s->rest[1], options.p, &status, &answer) !=
        ST_OK)
        return fail(cx);
    int failed = follow(cx, c, status, answer, &job);
    if (failed)
        return failed;
    print_result(cx, job);
    save_errors(cx, s, c, job);
    return json_get_int(json_object_get(job, "result"), "failed", 0) ? 3 : 0;
}

/* ---- import all FILE.zip */
static int archive_run(Ctx *cx, const Settings *s, Client *c)
{
    int status = 0;
    json_t *answer = NULL, *job = NULL;
    const char *options = s->dry_run ? "{\"dry_run\":true}" : "{}";
    if (client_upload(cx, c, "/import", s->rest[1], options, &status, &answer) != ST_OK)
        return fail(cx);
    int failed = follow(cx, c, status, answer, &job);
    if (failed)
        return failed;
    print_result(cx, job);
    return json_get_int(json_object_get(job, "result"), "failed", 0) ? 3 : 0;
}

int verb_import(Ctx *cx, const Settings *s)
{
    if (s->n_rest != 2) {
        fputs("usage: guanxi import --data DIR OBJECT FILE [--mapping F] [--dry-run]\n"
              "       guanxi import --data DIR all FILE.zip [--dry-run]\n",
              stderr);
        return 2;
    }
    if (!strcmp(s->rest[0], "all"))
        return verb_with_client(cx, s, archive_run);
    return verb_with_client(cx, s, import_run);
}

/* ---- export OBJECT FILE */
static const char *format_of(const Settings *s)
{
    static const char *const FORMATS[][2] = {{"xlsx", "xlsx"}, {"jsonl", "jsonl"}, {"zsav", "zsav"},
                                             {"sav", "sav"},   {"vcf", "vcard"},   {"ics", "ics"}};
    Str file = str_of(s->rest[1]);
    for (size_t i = 0; !s->format && i < COUNT_OF(FORMATS); i++)
        if (str_ends(file, str_of(FORMATS[i][0])))
            return FORMATS[i][1];
    return s->format ? s->format : "csv";
}

/* a,b:month → ["a",{"field":"b","bucket":"month"}] */
static void add_list(Buf *out, const char *name, const char *words)
{
    Str rest = str_of(words ? words : ""), part;
    if (!words)
        return;
    buf_printf(out, ",\"%s\":[", name);
    for (bool first = true; str_split(&rest, ',', &part); first = false) {
        Str field, bucket = str_trim(part);
        (void)str_split(&bucket, ':', &field);
        buf_str_add(out, first ? STR("") : STR(","));
        buf_str_add(out, bucket.n ? STR("{\"field\":") : STR(""));
        buf_json_str(out, field);
        if (!bucket.n)
            continue;
        buf_lit(out, ",\"bucket\":");
        buf_json_str(out, bucket);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static Str export_body(Ctx *cx, const Settings *s)
{
    const char *const words[][2] = {
        {"filter", s->filter}, {"fields", s->fields}, {"sort", s->sort}, {"values", s->values}};
    Buf out = buf_in(cx->arena, 65536);
    buf_lit(&out, "{\"format\":");
    buf_json_str(&out, str_of(format_of(s)));
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (!words[i][1])
            continue;
        buf_printf(&out, ",\"%s\":", words[i][0]);
        buf_json_str(&out, str_of(words[i][1]));
    }
    add_list(&out, "group", s->group);
    add_list(&out, "sums", s->sums);
    add_list(&out, "group_sort", s->group_sort);
    buf_char(&out, '}');
    return str_of(buf_z(&out));
}

static int export_run(Ctx *cx, const Settings *s, Client *c)
{
    int status = 0;
    json_t *answer = NULL, *job = NULL;
    Str plural = STR_NULL;
    bool all = !strcmp(s->rest[0], "all");
    if (!all && plural_of(cx, c, s->rest[0], &plural) != ST_OK)
        return fail(cx);
    Str path = all ? STR("/export") : str_format(cx->arena, "/%.*s/export", STR_ARG(plural));
    const char *body = !all                                     ? export_body(cx, s).p
                       : s->format && !strcmp(s->format, "csv") ? "{\"format\":\"csv\"}"
                                                                : "{}";
    if (client_call(cx, c, "POST", str_z(cx->arena, path), body, &status, &answer) != ST_OK)
        return fail(cx);
    int failed = follow(cx, c, status, answer, &job);
    if (failed)
        return failed;
    Str id = json_get_str(json_object_get(json_object_get(job, "result"), "file"), "id");
    path = str_format(cx->arena, "/files/%.*s", STR_ARG(id));
    if (client_download(cx, c, str_z(cx->arena, path), s->rest[1]) != ST_OK)
        return fail(cx);
    print_result(cx, job);
    return 0;
}

int verb_export(Ctx *cx, const Settings *s)
{
    if (s->n_rest != 2) {
        fputs("usage: guanxi export --data DIR OBJECT FILE [--filter E] [--fields N,…] [--sort S] "
              "[--format csv|xlsx|jsonl] [--values labels|codes] [--group F,…] [--sums F,…] "
              "[--group-sort S]\n",
              stderr);
        return 2;
    }
    return verb_with_client(cx, s, export_run);
}

/* ---- user api-key LOGIN */
static int key_run(Ctx *cx, const Settings *s, Client *c)
{
    int status = 0;
    json_t *answer = NULL;
    (void)s;
    if (client_call(cx, c, "POST", "/api-keys", "{\"name\":\"command line\"}", &status, &answer) !=
        ST_OK)
        return fail(cx);
    if (status != 201)
        return client_complain(status, answer);
    Str key = json_get_str(answer, "key");
    printf("%.*s\n", STR_ARG(key));
    return 0;
}

/* user password LOGIN: reads the new password from standard input. */
static int password_run(Ctx *cx, const Settings *s, Client *c)
{
    char line[256] = "";
    int status = 0;
    json_t *answer = NULL;
    if (!fgets(line, sizeof line, stdin))
        return fputs("guanxi: no password on standard input\n", stderr), 1;
    Buf body = buf_in(cx->arena, 4096);
    buf_lit(&body, "{\"password\":");
    buf_json_str(&body, str_trim(str_of(line)));
    buf_char(&body, '}');
    if (client_call(cx, c, "POST", "/me/password", buf_z(&body), &status, &answer) != ST_OK)
        return fail(cx);
    if (status != 204)
        return client_complain(status, answer);
    printf("password of %s set\n", s->login);
    return 0;
}

int verb_user(Ctx *cx, const Settings *s)
{
    Settings as = *s;
    if (s->n_rest == 2)
        as.login = s->rest[1];
    if (s->n_rest == 2 && !strcmp(s->rest[0], "api-key"))
        return verb_with_client(cx, &as, key_run);
    if (s->n_rest == 2 && !strcmp(s->rest[0], "password"))
        return verb_with_client(cx, &as, password_run);
    fputs("usage: guanxi user api-key|password --data DIR LOGIN\n", stderr);
    return 2;
}
