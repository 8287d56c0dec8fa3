/* SPDX-License-Identifier: Apache-2.0 */
/* The job: which records, with their versions; what goes along; the archive; then one plan keeps the file
 * and enqueues the bulk delete of exactly those records. What has changed since is left by it. The archive is
 * there before the first record goes. */
#include "access/share.h"
#include "bulk/bulk.h"
#include "cleanup/cleanup_internal.h"
#include "export/export.h"
#include "query/query.h"
#include <unistd.h>

typedef struct Run {
    Cleanup c;
    Id *ids;
    int64_t *versions;
    size_t n;
    int64_t left;   /* found by the rule, for a next run */
    size_t refused; /* cannot be deleted */
    Reach reach;
    FileUpload file;
    Str result; /* as the plan keeps it */
} Run;

/* Those that may be exported, ascending; made before the job. */
static Status find(Ctx *cx, const Job *job, Run *u)
{
    QueryRows *rows;
    int64_t total = 0;
    ListQuery q = {
        .filter = u->c.filter, .fields = STR("id,version"), .sort = STR("id"), .exports = true};
    u->ids = ARENA_ARRAY(cx->arena, Id, CLEANUP_MOST);
    u->versions = ARENA_ARRAY(cx->arena, int64_t, CLEANUP_MOST);
    TRY(query_rows_open(cx, u->c.object, &q, &rows));
    TRY(query_rows_count(rows, &total));
    for (;;) {
        const Value *v;
        size_t n;
        TRY(query_rows_next(rows, &v, &n));
        for (size_t i = 0; i < n && u->n < CLEANUP_MOST; i++) {
            if (v[2 * i].i > job->id)
                continue;
            u->ids[u->n] = v[2 * i].i;
            u->versions[u->n++] = v[2 * i + 1].i;
        }
        if (n == 0 || u->n == CLEANUP_MOST)
            break;
    }
    u->left = total - (int64_t)u->n;
    return ST_OK;
}

/* Nothing goes that the archive does not hold. */
static Status check_kept(Ctx *cx, const ExportPick *picks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (picks[i].rows != (int64_t)picks[i].n)
            return FAIL(cx, ST_CONFLICT, "cleanup.not_kept",
                        "%.*s: %lld of %zu records could not be archived (you may not export them, "
                        "or they have gone meanwhile); nothing was deleted",
                        STR_ARG(label_in(&picks[i].object->label, cx->lang)),
                        (long long)((int64_t)picks[i].n - picks[i].rows), picks[i].n);
    return ST_OK;
}

static Status archive(Ctx *cx, Job *job, Run *u)
{
    size_t n = u->reach.n + 1;
    ExportPick *picks = ARENA_ARRAY(cx->arena, ExportPick, n);
    picks[0] = (ExportPick){.object = u->c.object, .ids = u->ids, .n = u->n};
    for (size_t i = 1; i < n; i++) {
        const ReachSet *set = &u->reach.v[i - 1];
        picks[i] = (ExportPick){.object = set->object, .ids = set->ids.v, .n = set->ids.n};
        if (!access_may_some(cx, set->object, ACCESS_EXPORT))
            return check_kept(cx, &picks[i], 1);
    }
    TRY(export_pick_make(cx, job, picks, n, "cleanup", u->c.filter, &u->file));
    Status st = check_kept(cx, picks, n);
    for (size_t i = 1; i < n; i++)
        u->reach.v[i - 1].kept = picks[i].rows;
    if (st != ST_OK)
        unlink(u->file.path);
    return st;
}

/* ---- the plan */
static json_t *delete_body(Ctx *cx, const Run *u)
{
    json_t *body = json_object(), *ids = json_array(), *versions = json_array();
    json_own(cx->arena, body);
    for (size_t i = 0; i < u->n; i++) {
        Str id = str_format(cx->arena, "%lld", (long long)u->ids[i]);
        json_array_append_new(ids, json_stringn(id.p, id.n));
        json_array_append_new(versions, json_integer(u->versions[i]));
    }
    json_object_set_new(body, "ids", ids);
    json_object_set_new(body, "versions", versions);
    json_object_set_new(body, "delete", json_true());
    return body;
}

static void write_result(const Run *u, Id file, Id delete_job, Buf *out)
{
    buf_printf(out, "{\"records\":%zu,\"refused\":%zu,\"left\":%lld,\"with\":", u->n, u->refused,
               (long long)u->left);
    cleanup_reach_write(&u->reach, out);
    if (file) {
        buf_lit(out, ",\"file\":{\"id\":");
        buf_json_id(out, file);
        buf_lit(out, ",\"name\":");
        buf_json_str(out, u->file.name);
        buf_printf(out,
                   ",\"size\":%llu,\"type\":\"application/zip\",\"url\":\"/api/v1/files/%lld\"}",
                   (unsigned long long)u->file.size, (long long)file);
        buf_lit(out, ",\"delete_job\":");
        buf_json_id(out, delete_job);
    }
    buf_char(out, '}');
}

static Status prepare(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Run *u = arg;
    Record *r = NULL;
    Id delete_job = 0;
    Buf out = buf_in(cx->arena, 65536);
    TRY(file_create(cx, plan, &u->file, NULL, &r));
    access_log_export(cx, plan, u->c.object, (int64_t)u->n, "zip, jsonl", u->c.filter);
    TRY(bulk_enqueue(cx, plan, u->c.object, delete_body(cx, u), &delete_job));
    write_result(u, r->id, delete_job, &out);
    job_checkpoint(cx, plan, job, buf_str(&out));
    u->result = buf_str(&out);
    return ST_OK;
}

static Status work(Ctx *cx, Job *job, Run *u, Buf *result)
{
    TRY(find(cx, job, u));
    size_t found = u->n;
    TRY(cleanup_sift(cx, u->c.object, u->ids, u->versions, &u->n, job));
    u->refused = found - u->n;
    if (!u->n) {
        write_result(u, 0, 0, result);
        return ST_OK;
    }
    TRY(cleanup_reach(cx, u->c.object, u->ids, u->n, &u->reach));
    TRY(archive(cx, job, u));
    Status st = job_apply(cx, job, prepare, u);
    unlink(u->file.path);
    TRY(st);
    buf_str_add(result, u->result);
    return ST_OK;
}

Status cleanup_run(Ctx *cx, Job *job, Buf *result)
{
    Run *u = ARENA_NEW(cx->arena, Run);
    if (job->checkpoint.n) { /* the plan was written; the server ended before the job did */
        buf_str_add(result, job->checkpoint);
        return ST_OK;
    }
    cx->cause = "cleanup";
    TRY(cleanup_parse(cx, job->params, &u->c));
    return work(cx, job, u, result);
}
