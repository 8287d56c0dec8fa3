/* SPDX-License-Identifier: Apache-2.0 */
/* Places, the catalogue of a place that is being filled, doctor's look at what came back. */
#include "app/backup_host.h"
#include "base/vault.h"
#include "meta/meta_purge.h"
#include "meta/meta_secret.h"
#include "search/search.h"
#include "upkeep/upkeep.h"
#include <glob.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#define VERSION "0.1.0"

/* ---- places ------------------------------------------------------------------------------- */
DbConfig backup_host_place(const Settings *s)
{
    return (DbConfig){.dir = s->data, .url = s->database, .schema = s->schema};
}

DbConfig backup_host_beside(Ctx *cx, const Settings *s, const char *word)
{
    DbConfig c = backup_host_place(s);
    if (c.url)
        c.schema = str_format(cx->arena, "%s_%s", s->schema, word).p;
    else
        c.dir = str_format(cx->arena, "%s/%s", s->data, word).p;
    return c;
}

static const char *key_path(Ctx *cx, const Settings *s)
{
    return s->key_file ? s->key_file : str_z(cx->arena, str_format(cx->arena, "%s/key", s->data));
}

static Str fingerprint(Ctx *cx, const char *path)
{
    unsigned char key[VAULT_KEY], hash[16];
    if (access(path, R_OK) != 0 || vault_key_file(path, false, key) != VAULT_READ)
        return STR_NULL;
    crypto_generichash(hash, sizeof(hash), key, sizeof(key), (const unsigned char *)"guanxi key",
                       10);
    sodium_memzero(key, sizeof(key));
    Buf out = buf_in(cx->arena, 64);
    buf_hex(&out, hash, 8);
    return buf_str(&out);
}

Str backup_host_vault(Ctx *cx, const Settings *s) { return fingerprint(cx, key_path(cx, s)); }

/* ---- an organisation opened for a moment --------------------------------------------------- */
static Status open_meta(Ctx *cx, const BackupHost *h, DbPool *pool, MetaStore **ret)
{
    MetaHooks hooks = *api_meta_hooks();
    hooks.vault = h->app ? h->app->vault : NULL;
    return meta_open(cx, pool, &hooks, ret);
}

/* Files that a rotation of the key has kept. */
static const char *find_key(Ctx *cx, const Settings *s, Str vault_key)
{
    const char *path = key_path(cx, s), *found = NULL;
    glob_t g = {0};
    Str pattern = str_format(cx->arena, "%s.before-*", path);
    if (str_eq(fingerprint(cx, path), vault_key))
        return path;
    if (glob(pattern.p, 0, NULL, &g) == 0)
        for (size_t i = 0; i < g.gl_pathc && !found; i++)
            if (str_eq(fingerprint(cx, g.gl_pathv[i]), vault_key))
                found = str_z(cx->arena, str_of(g.gl_pathv[i]));
    globfree(&g);
    return found;
}

Status backup_host_meta(Ctx *cx, void *arg, DbPool *pool, Str vault_key, MetaStore **ret)
{
    BackupHost *h = arg;
    MetaHooks hooks = *api_meta_hooks();
    const char *path = vault_key.n ? find_key(cx, h->app->settings, vault_key) : NULL;
    bool locked = false;
    if (path)
        TRY(meta_secret_open(cx, pool, path, &h->then, &locked));
    hooks.vault = h->then ? h->then : h->app->vault;
    return meta_open(cx, pool, &hooks, ret);
}

char *backup_host_key(Ctx *cx, const Settings *s)
{
    return str_z(cx->arena, str_format(cx->arena, "%s/restore-key", s->data));
}

static Status prepare(Ctx *cx, void *arg, DbPool *pool)
{
    MetaStore *meta = NULL;
    const Meta *before = cx->meta;
    const RecordEnv *records = cx->records;
    RecordEnv env = {.pool = pool, .hooks = app_hooks, .verbs = app_verbs};
    cx->meta = NULL;
    cx->records = &env;
    Status st = open_meta(cx, arg, pool, &meta);
    if (st == ST_OK) {
        st = meta_bin_shape(cx, meta);
        meta_close(meta);
    }
    cx->meta = before;
    cx->records = records;
    return st;
}

static Status tell_job(Ctx *cx, BackupHost *h, int64_t done, int64_t total)
{
    Db *before = cx->db;
    cx->db = h->home;
    Status st = job_progress(cx, h->job, done, total);
    cx->db = before;
    return st;
}

static void tell_terminal(BackupHost *h, const char *what, int64_t done, int64_t total)
{
    if (!isatty(STDERR_FILENO))
        return;
    if (h->said && h->said != what)
        fputc('\n', stderr);
    h->said = what;
    fprintf(stderr, total ? "\r%s %lld / %lld" : "\r%s %lld", what, (long long)done,
            (long long)total);
}

static Status progress(Ctx *cx, void *arg, const char *what, int64_t done, int64_t total)
{
    BackupHost *h = arg;
    if (h->job)
        return tell_job(cx, h, done, total);
    tell_terminal(h, what, done, total);
    return ST_OK;
}

FillHost backup_host(BackupHost *h)
{
    return (FillHost){.arg = h, .prepare = prepare, .progress = progress};
}

/* ---- the check ---------------------------------------------------------------------------- */
typedef struct Opened {
    App app;
    Arena *arena;
    Ctx cx;
    bool entered;
} Opened;

static Status open_all(Ctx *cx, const BackupHost *h, DbPool *pool, Opened *o)
{
    *o = (Opened){.arena = arena_new(65536)};
    o->app = (App){.dir = h->app ? h->app->dir : ".", .pool = pool};
    o->app.records = (RecordEnv){.pool = pool,
                                 .dir = o->app.dir,
                                 .hooks = app_hooks,
                                 .verbs = app_verbs,
                                 .numbers = number_blocks_new(),
                                 .words = search_words_new()};
    o->app.columns = column_store_new();
    o->app.titles = title_store_new();
    o->app.sights = sight_store_new();
    Ctx work = {.arena = o->arena, .lang = cx->lang, .now_ms = cx->now_ms, .zone = cx->zone};
    work.records = &o->app.records;
    work.db = db_lease(pool);
    Status st = open_meta(&work, h, pool, &o->app.meta);
    o->app.records.meta = o->app.meta;
    if (st == ST_OK) {
        work.meta = meta_acquire(o->app.meta);
        st = access_open(&work, pool, &o->app.access);
        meta_release(work.meta);
    }
    db_release(work.db);
    if (st == ST_OK)
        st = api_enter(&o->app, o->arena, 0, &o->cx);
    o->entered = st == ST_OK;
    if (st != ST_OK && !o->entered && cx->err.status == ST_OK)
        return FAIL(cx, st, "app.check_failed", "what came back cannot be opened: %.*s",
                    STR_ARG(work.err.text));
    return st;
}

static void close_all(Opened *o)
{
    if (o->entered)
        api_leave(&o->app, &o->cx);
    if (o->app.access)
        access_close(o->app.access);
    if (o->app.meta)
        meta_close(o->app.meta);
    number_blocks_free(o->app.records.numbers);
    search_words_free(o->app.records.words);
    column_store_free(o->app.columns);
    title_store_free(o->app.titles);
    sight_store_free(o->app.sights);
    arena_free(o->arena);
}

Status backup_host_check(Ctx *cx, void *arg, DbPool *pool, int64_t *ret_problems, Str *ret_first)
{
    Opened o;
    DoctorReport report = {0};
    Status st = open_all(cx, arg, pool, &o);
    if (st == ST_OK) {
        db_statement_limit(o.cx.db, 600000);
        st = upkeep_doctor(&o.cx, pool, false, &report);
        if (st != ST_OK)
            st = FAIL(cx, st, "app.check_failed", "what came back cannot be opened: %.*s",
                      STR_ARG(o.cx.err.text));
    }
    *ret_problems = (int64_t)report.problems.n;
    *ret_first = STR_NULL;
    if (report.problems.n) {
        const DoctorProblem *p = &report.problems.v[0];
        *ret_first =
            str_format(cx->arena, "%s %.*s: %.*s", p->check, STR_ARG(p->object), STR_ARG(p->what));
    }
    close_all(&o);
    return st;
}

Status backup_host_env(Ctx *cx, BackupHost *h, BackupEnv *ret)
{
    const Settings *s = h->app->settings;
    if (!s->backup_key_file)
        return FAIL(
            cx, ST_INVALID, "app.backup_not_set",
            "set --backup-key-file: a passphrase or the public key that backups are made with");
    *ret = (BackupEnv){
        .data = s->data,
        .dir = s->backup_dir ? s->backup_dir
                             : str_z(cx->arena, str_format(cx->arena, "%s/backups", s->data)),
        .key_file = s->backup_key_file,
        .vault_key = backup_host_vault(cx, s),
        .pool = h->app->pool,
        .scratch = backup_host_beside(cx, s, "check"),
        .host = backup_host(h),
        .check = backup_host_check,
        .program = VERSION,
    };
    return ST_OK;
}
