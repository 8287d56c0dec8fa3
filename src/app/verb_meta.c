/* SPDX-License-Identifier: Apache-2.0 */
/* guanxi meta export|diff|apply DIR: the configuration as files, one an object, list, layout or role,
 * with sorted members, so that two exports are compared by any tool. */
#include "app/app.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE ((size_t)4 * 1024 * 1024)
#define MAX_FILES ((size_t)16 * 1024 * 1024)

static const char *const folders[] = {"access", "layouts", "lists", "objects"};

static int fail(const Ctx *cx)
{
    app_complain(cx);
    return 1;
}

static int broken(const char *path, const char *why)
{
    fprintf(stderr, "guanxi: %s: %s\n", path, why);
    return 1;
}

/* ---- writing */
static bool make_folders(Ctx *cx, const char *dir)
{
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return false;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        Str path = str_format(cx->arena, "%s/%s", dir, folders[i]);
        if (mkdir(str_z(cx->arena, path), 0777) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool write_file(const char *path, const json_t *body)
{
    FILE *f = fopen(path, "we");
    if (!f)
        return false;
    bool ok = json_dumpf(body, f, JSON_INDENT(2) | JSON_SORT_KEYS) == 0 && fputc('\n', f) != EOF;
    return fclose(f) == 0 && ok;
}

static bool is_ours(const char *name)
{
    size_t n = strlen(name);
    return n > 5 && !strcmp(name + n - 5, ".json");
}

/* Files of what is no longer there go, so that the folder is the export and nothing else. */
static void remove_stale(Ctx *cx, const char *dir, const json_t *files)
{
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        Str path = str_format(cx->arena, "%s/%s", dir, folders[i]);
        DIR *d = opendir(str_z(cx->arena, path));
        for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
            Str key = str_format(cx->arena, "%s/%s", folders[i], e->d_name);
            if (!is_ours(e->d_name) || json_object_getn(files, key.p, key.n))
                continue;
            Str file = str_format(cx->arena, "%s/" STR_FMT, dir, STR_ARG(key));
            unlink(str_z(cx->arena, file));
        }
        if (d)
            closedir(d);
    }
}

static int export_run(Ctx *cx, const Settings *s, Client *c)
{
    const char *dir = s->rest[1], *name;
    int status = 0;
    json_t *answer = NULL, *body;
    if (client_call(cx, c, "GET", "/meta/export", NULL, &status, &answer) != ST_OK)
        return fail(cx);
    if (status != 200)
        return client_complain(status, answer);
    const json_t *files = json_object_get(answer, "files");
    if (!make_folders(cx, dir))
        return broken(dir, strerror(errno));
    json_object_foreach((json_t *)files, name, body)
    {
        Str path = str_format(cx->arena, "%s/%s", dir, name);
        if (!write_file(str_z(cx->arena, path), body))
            return broken(str_z(cx->arena, path), strerror(errno));
    }
    remove_stale(cx, dir, files);
    printf("%zu files in %s\n", json_object_size(files), dir);
    return 0;
}

/* ---- reading */
static json_t *read_file(Ctx *cx, const char *path)
{
    json_error_t error;
    struct stat st;
    if (stat(path, &st) != 0 || (size_t)st.st_size > MAX_FILE) {
        broken(path, "cannot be read, or is too large");
        return NULL;
    }
    json_t *body = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!body)
        fprintf(stderr, "guanxi: %s:%d:%d: %s\n", path, error.line, error.column, error.text);
    (void)cx;
    return body;
}

static bool read_folder(Ctx *cx, const char *dir, const char *folder, json_t *files)
{
    Str path = str_format(cx->arena, "%s/%s", dir, folder);
    DIR *d = opendir(str_z(cx->arena, path));
    bool ok = true;
    for (struct dirent *e = d ? readdir(d) : NULL; e && ok; e = readdir(d)) {
        if (!is_ours(e->d_name))
            continue;
        Str file = str_format(cx->arena, STR_FMT "/%s", STR_ARG(path), e->d_name);
        Str key = str_format(cx->arena, "%s/%s", folder, e->d_name);
        json_t *body = read_file(cx, str_z(cx->arena, file));
        ok = body != NULL;
        if (ok)
            json_object_setn_new(files, key.p, key.n, body);
    }
    if (d)
        closedir(d);
    return ok;
}

static json_t *read_files(Ctx *cx, const char *dir)
{
    json_t *files = json_object();
    struct stat st;
    json_own(cx->arena, files);
    if (stat(dir, &st) != 0) {
        broken(dir, strerror(errno));
        return NULL;
    }
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        if (!read_folder(cx, dir, folders[i], files))
            return NULL;
    }
    return files;
}

/* ---- diff, apply */
static void print_value(const char *sign, const json_t *value)
{
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    if (text)
        printf("    %s %s\n", sign, text);
    free(text);
}

static void print_diff(const json_t *diff)
{
    size_t i, k;
    json_t *d, *part;
    json_array_foreach((json_t *)diff, i, d)
    {
        json_array_foreach(json_object_get(d, "path"), k, part)
        {
            printf("%s%s", k ? (k == 1 ? ": " : ".") : "", json_string_value(part));
        }
        putchar('\n');
        print_value("-", json_object_get(d, "old"));
        print_value("+", json_object_get(d, "new"));
    }
}

static int send_files(Ctx *cx, const Settings *s, Client *c, bool dry)
{
    int status = 0;
    json_t *answer = NULL, *files = read_files(cx, s->rest[1]);
    Buf body = buf_in(cx->arena, MAX_FILES);
    if (!files)
        return 1;
    buf_printf(&body, "{\"dry_run\":%s,\"allow_drop\":%s,\"files\":", dry ? "true" : "false",
               s->allow_drop ? "true" : "false");
    json_write(&body, files);
    buf_char(&body, '}');
    if (client_call(cx, c, "POST", "/meta/apply", buf_z(&body), &status, &answer) != ST_OK)
        return fail(cx);
    if (status != 200)
        return client_complain(status, answer);
    const json_t *diff = json_object_get(answer, "diff");
    print_diff(diff);
    printf("%zu differences%s\n", json_array_size(diff), dry ? "" : " applied");
    return dry && json_array_size(diff) ? 3 : 0;
}

static int diff_run(Ctx *cx, const Settings *s, Client *c) { return send_files(cx, s, c, true); }
static int apply_run(Ctx *cx, const Settings *s, Client *c)
{
    return send_files(cx, s, c, s->dry_run);
}

int verb_meta(Ctx *cx, const Settings *s)
{
    const char *verb = s->n_rest == 2 ? s->rest[0] : "";
    if (!strcmp(verb, "export"))
        return verb_with_client(cx, s, export_run);
    if (!strcmp(verb, "diff"))
        return verb_with_client(cx, s, diff_run);
    if (!strcmp(verb, "apply"))
        return verb_with_client(cx, s, apply_run);
    fputs("usage: guanxi meta export|diff|apply --data DIR FILES [--allow-drop] [--dry-run]\n",
          stderr);
    return 2;
}
