/* SPDX-License-Identifier: Apache-2.0 */
/* The sweep: records of files that nothing refers to a day after their upload, then bytes that no
 * record knows and that are a day old. */
#include "file/file.h"
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define AGE_HOURS 24
#define CHUNK 100

static const char SQL_UNUSED[] =
    "SELECT f.id FROM {files} f WHERE f.created_at < ?1 AND f.id > ?2 AND NOT EXISTS "
    "(SELECT 1 FROM {gx_file_use} u WHERE u.file = f.id) ORDER BY f.id LIMIT ?3";
static const char SQL_STILL_UNUSED[] =
    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM {gx_file_use} WHERE file = ?1)";
static const char SQL_UPLOADS[] = "SELECT id FROM {gx_upload} WHERE hash = ?1";

typedef struct Sweep {
    int64_t before_ms; /* what is younger stays */
    Id ids[CHUNK];
    size_t n;
    int64_t records, blobs;
} Sweep;

static Status read_unused(Ctx *cx, Id after, Sweep *s)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal v[] = {db_int(s->before_ms), db_int(after), db_int(CHUNK)};
    TRY(db_prepare(cx, SQL_UNUSED, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    for (s->n = 0; s->n < CHUNK; s->n++) {
        bool more;
        TRY(db_next(q, &more));
        if (!more)
            break;
        s->ids[s->n] = db_col_id(q, 0);
    }
    return ST_OK;
}

static Status prepare(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    const Sweep *s = arg;
    const Object *o = meta_object(cx->meta, STR("file"));
    (void)job;
    for (size_t i = 0; i < s->n; i++) {
        Record *r = NULL;
        const DbVal id = db_int(s->ids[i]);
        Status st = record_load_any(cx, o, s->ids[i], &r);
        if (st == ST_NOT_FOUND) {
            error_clear(cx);
            continue;
        }
        TRY(st);
        plan_guard(plan, STR_SQL(SQL_STILL_UNUSED), &id, 1);
        TRY(record_delete(cx, plan, r));
    }
    return ST_OK;
}

static Status sweep_records(Ctx *cx, Job *job, Sweep *s)
{
    Id after = 0;
    do {
        TRY(read_unused(cx, after, s));
        if (s->n)
            TRY(job_apply(cx, job, prepare, s));
        after = s->n ? s->ids[s->n - 1] : 0;
        s->records += (int64_t)s->n;
        TRY(job_progress(cx, job, s->records, 0));
    } while (s->n == CHUNK);
    return ST_OK;
}

/* ---- bytes */
static bool is_old(const Sweep *s, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    int64_t ms = (int64_t)st.st_mtim.tv_sec * 1000;
    int64_t named = (int64_t)st.st_ctim.tv_sec * 1000;
    return ms < s->before_ms && named < s->before_ms;
}

Status file_content_known(Ctx *cx, Str hash, bool *ret)
{
    const Object *o = meta_object(cx->meta, STR("file"));
    const Field *f = object_field(o, STR("hash"));
    const DbVal v = db_text(hash);
    int64_t id = 0;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT \"id\" FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, f, 0);
    sql_lit(&q, " = ");
    sql_bind(&q, v);
    sql_lit(&q, " LIMIT 1");
    CLEANUP(stmt) Stmt *s = NULL;
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    TRY(db_next(s, ret));
    return *ret ? ST_OK : db_get_int(cx, SQL_UPLOADS, &v, 1, &id, ret);
}

/* Moved aside first: whoever uploads the same bytes meanwhile either touched them before, which is
 * seen here, or finds them gone and keeps its own. */
static Status sweep_blob(Ctx *cx, Sweep *s, const char *folder, Str hash)
{
    bool known = false;
    char *path = str_z(cx->arena, str_format(cx->arena, "%s/" STR_FMT, folder, STR_ARG(hash)));
    char *aside = str_z(cx->arena, str_format(cx->arena, "%s.sweep", path));
    if (!is_old(s, path))
        return ST_OK;
    TRY(file_content_known(cx, hash, &known));
    if (known || rename(path, aside) != 0)
        return ST_OK;
    Status st = file_content_known(cx, hash, &known);
    struct stat now;
    bool touched = stat(aside, &now) == 0 && (int64_t)now.st_mtim.tv_sec * 1000 >= s->before_ms;
    if (st != ST_OK || known || touched) {
        if (link(aside, path) == 0 || access(path, F_OK) == 0)
            unlink(aside);
        return st;
    }
    s->blobs += unlink(aside) == 0;
    return ST_OK;
}

static bool is_hash(const char *name)
{
    return strlen(name) == 64 && strspn(name, "0123456789abcdef") == 64;
}

/* A sweep that was killed between its two steps left the bytes aside: they go back. */
static void put_back(Ctx *cx, const char *folder, const char *name)
{
    Str s = str_of(name);
    if (s.n != 64 + 6 || !str_ends(s, STR(".sweep")))
        return;
    char *aside = str_z(cx->arena, str_format(cx->arena, "%s/%s", folder, name));
    char *path = str_z(cx->arena, str_format(cx->arena, "%s/%.64s", folder, name));
    if (link(aside, path) == 0 || access(path, F_OK) == 0)
        unlink(aside);
}

static Status sweep_folder(Ctx *cx, Sweep *s, const char *folder)
{
    DIR *d = opendir(folder);
    Status st = ST_OK;
    if (!d)
        return ST_OK;
    for (const struct dirent *e; st == ST_OK && (e = readdir(d));) {
        if (is_hash(e->d_name))
            st = sweep_blob(cx, s, folder, str_copy(cx->arena, str_of(e->d_name)));
        else
            put_back(cx, folder, e->d_name);
    }
    closedir(d);
    return st;
}

static Status sweep_blobs(Ctx *cx, Job *job, Sweep *s)
{
    for (int i = 0; i < 65536; i++) {
        char *folder = str_z(cx->arena, str_format(cx->arena, "%s/files/%02x/%02x",
                                                   cx->records->dir, i >> 8, i & 255));
        if (!(i & 255) &&
            access(str_z(cx->arena, str_sub(str_of(folder), 0, strlen(folder) - 3)), F_OK) != 0) {
            i |= 255; /* no such outer folder */
            continue;
        }
        TRY(sweep_folder(cx, s, folder));
        if (!(i & 255))
            TRY(job_progress(cx, job, s->records + s->blobs, 0));
    }
    return ST_OK;
}

static Status run(Ctx *cx, Job *job, Buf *result)
{
    const json_t *hours = json_object_get(job->params, "age_hours"); /* for tests and repair */
    int64_t age = json_is_integer(hours) ? json_integer_value(hours) : AGE_HOURS;
    Sweep s = {.before_ms = cx->now_ms - age * 3600 * 1000};
    if (!json_get_bool(job->params, "contents_only", false))
        TRY(sweep_records(cx, job, &s));
    TRY(sweep_blobs(cx, job, &s));
    buf_printf(result, "{\"files\":%lld,\"contents\":%lld}", (long long)s.records,
               (long long)s.blobs);
    return ST_OK;
}

const JobDef file_jobs[] = {
    {.name = "files.sweep",
     .run = run,
     .max_attempts = 3,
     .every = "17 3 * * *",
     .summary = "Removes files that nothing refers to a day after their upload"},
    {.name = NULL},
};
