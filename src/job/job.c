/* SPDX-License-Identifier: Apache-2.0 */
/* The queue as others see it: enqueue, show, cancel. The rows stand in {gx_job}. */
#include "job/job.h"
#include "job/job_internal.h"

static const char SQL_ENQUEUE[] =
    "INSERT INTO {gx_job} (id, kind, status, run_as, params, progress_done, progress_total, batch, "
    "attempts, max_attempts, run_at, created_at, cancel) "
    "VALUES (?1, ?2, 'queued', ?3, ?4, 0, 0, ?5, 0, 1, ?6, ?7, ?8)";
static const char SQL_SHOW[] =
    "SELECT kind, status, run_as, progress_done, progress_total, result, error, batch, created_at, "
    "started_at, finished_at, attempts, max_attempts, run_at, id FROM {gx_job} WHERE id = ?1";
static const char SQL_MINE[] =
    "SELECT kind, status, run_as, progress_done, progress_total, result, error, batch, created_at, "
    "started_at, finished_at, attempts, max_attempts, run_at, id FROM {gx_job} "
    "WHERE run_as = ?1 AND id < ?2 AND (?3 = '' OR status = ?3) AND (?4 = '' OR kind = ?4) "
    "ORDER BY id DESC LIMIT ?5";
static const char SQL_ALL[] =
    "SELECT kind, status, run_as, progress_done, progress_total, result, error, batch, created_at, "
    "started_at, finished_at, attempts, max_attempts, run_at, id FROM {gx_job} "
    "WHERE id < ?1 AND (?2 = '' OR status = ?2) AND (?3 = '' OR kind = ?3) "
    "ORDER BY id DESC LIMIT ?4";
static const char SQL_RETRY[] =
    "UPDATE {gx_job} SET status = 'queued', cancel = ?2, attempts = 0, run_at = ?3, error = NULL, "
    "finished_at = NULL WHERE id = ?1 AND status IN ('failed', 'cancelled')";
static const char SQL_DISCARD[] =
    "DELETE FROM {gx_job} WHERE id = ?1 AND status IN ('done', 'failed', 'cancelled')";
static const char SQL_SWEEP[] =
    "DELETE FROM {gx_job} WHERE id IN (SELECT id FROM {gx_job} "
    "WHERE status IN ('done', 'cancelled') AND finished_at < ?1 ORDER BY id LIMIT 1000)";
static const char SQL_STATUS[] = "SELECT run_as, status FROM {gx_job} WHERE id = ?1";
static const char SQL_CANCEL_QUEUED[] =
    "UPDATE {gx_job} SET cancel = ?2, status = 'cancelled', finished_at = ?3 "
    "WHERE id = ?1 AND status = 'queued'";
static const char SQL_CANCEL_RUNNING[] =
    "UPDATE {gx_job} SET cancel = ?2 WHERE id = ?1 AND status = 'running'";

Status job_enqueue(Ctx *cx, Plan *plan, const char *kind, const json_t *params, Id batch,
                   int64_t run_at_ms, Id *ret)
{
    Buf text = buf_in(cx->arena, 1 << 20);
    json_write(&text, params);
    if (buf_overflowed(&text))
        return FAIL(cx, ST_TOO_LARGE, "job.params_too_large", "the job's options are too large");
    *ret = idgen_next(db_ids(db_pool_of(cx->db)));
    const DbVal v[] = {db_int(*ret),
                       db_text(str_of(kind)),
                       db_int(cx->user_id ? cx->user_id : JOB_SYSTEM_USER),
                       db_text(buf_str(&text)),
                       db_id_or_null(batch),
                       db_int(run_at_ms ? run_at_ms : cx->now_ms),
                       db_int(cx->now_ms),
                       db_bool(false)};
    plan_exec(plan, STR_SQL(SQL_ENQUEUE), v, COUNT_OF(v));
    return ST_OK;
}

static Status not_found(Ctx *cx)
{
    return FAIL(cx, ST_NOT_FOUND, "job.not_found", "there is no such job");
}

static bool is_mine(const Ctx *cx, Id run_as)
{
    return run_as == (cx->user_id ? cx->user_id : JOB_SYSTEM_USER);
}

static void write_time(Buf *out, bool *first, const char *name, const Stmt *q, int col)
{
    buf_key(out, first, name);
    if (db_col_null(q, col)) {
        buf_lit(out, "null");
        return;
    }
    buf_char(out, '"');
    calendar_write_datetime(out, db_col_int(q, col));
    buf_char(out, '"');
}

/* Stored JSON as it is, or null. */
static void write_json(Buf *out, bool *first, const char *name, Str json)
{
    buf_key(out, first, name);
    buf_str_add(out, json.n ? json : STR("null"));
}

static void write_number(Buf *out, bool *first, const char *name, int64_t v)
{
    buf_key(out, first, name);
    buf_int(out, v);
}

static void write_head(const Stmt *q, Buf *out, bool *first)
{
    buf_key(out, first, "id");
    buf_json_id(out, db_col_id(q, 14));
    buf_key(out, first, "kind");
    buf_json_str(out, db_col_text(q, 0));
    buf_key(out, first, "status");
    buf_json_str(out, db_col_text(q, 1));
    buf_key(out, first, "progress");
    buf_lit(out, "{\"done\":");
    buf_int(out, db_col_int(q, 3));
    buf_lit(out, ",\"total\":");
    buf_int(out, db_col_int(q, 4));
    buf_char(out, '}');
}

static void write_tail(const Stmt *q, Buf *out, bool *first)
{
    buf_key(out, first, "batch");
    if (db_col_null(q, 7))
        buf_lit(out, "null");
    else
        buf_json_id(out, db_col_id(q, 7));
    write_json(out, first, "error", db_col_text(q, 6));
    write_number(out, first, "attempts", db_col_int(q, 11));
    write_number(out, first, "max_attempts", db_col_int(q, 12));
    write_time(out, first, "created_at", q, 8);
    write_time(out, first, "started_at", q, 9);
    write_time(out, first, "finished_at", q, 10);
    write_time(out, first, "run_at", q, 13); /* of one that waits for another attempt */
}

Status job_write(Ctx *cx, Id id, bool anyones, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false, first = true;
    TRY(db_prepare(cx, SQL_SHOW, &q));
    TRY(db_bind_id(q, 1, id));
    TRY(db_next(q, &found));
    if (!found || (!anyones && !is_mine(cx, db_col_id(q, 2))))
        return not_found(cx);
    buf_char(out, '{');
    write_head(q, out, &first);
    write_json(out, &first, "result", db_col_text(q, 5));
    write_tail(q, out, &first);
    buf_char(out, '}');
    return ST_OK;
}

static Status open_list(Ctx *cx, const JobView *view, Stmt **ret)
{
    const DbVal mine = db_int(cx->user_id ? cx->user_id : JOB_SYSTEM_USER);
    const DbVal v[] = {mine, db_int(view->before ? view->before : INT64_MAX),
                       db_text(view->status.p ? view->status : STR("")),
                       db_text(view->kind.p ? view->kind : STR("")),
                       db_int((int64_t)view->limit + 1)};
    size_t skip = view->anyones ? 1 : 0;
    TRY(db_prepare(cx, view->anyones ? SQL_ALL : SQL_MINE, ret));
    return db_bind_all(*ret, v + skip, COUNT_OF(v) - skip);
}

/* Names of people are asked for after the rows: a connection may have one statement under way. */
static void write_who(Ctx *cx, const JobView *view, Id user, Buf *out)
{
    buf_lit(out, ",\"run_as\":");
    if (view->who)
        view->who(cx, user, out);
    else
        buf_json_id(out, user);
    buf_char(out, '}');
}

Status job_list(Ctx *cx, const JobView *view, Buf *out)
{
    typedef struct Row {
        Id id, user;
        Str text;
    } Row;
    VEC(Row) rows = {0};
    bool more = true;
    {
        CLEANUP(stmt) Stmt *q = NULL;
        TRY(open_list(cx, view, &q));
        for (;;) {
            TRY(db_next(q, &more));
            if (!more || (int)rows.n == view->limit)
                break;
            bool first = true;
            Buf text = buf_in(cx->arena, 1 << 20);
            write_head(q, &text, &first);
            write_tail(q, &text, &first);
            Row row = {.id = db_col_id(q, 14), .user = db_col_id(q, 2), .text = buf_str(&text)};
            VEC_PUSH(cx->arena, &rows, row);
        }
    }
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < rows.n; i++) {
        buf_str_add(out, i ? STR(",{") : STR("{"));
        buf_str_add(out, rows.v[i].text);
        write_who(cx, view, rows.v[i].user, out);
    }
    buf_json_next(out, more && rows.n ? rows.v[rows.n - 1].id : 0);
    return ST_OK;
}

/* ---- changing */
static Status read_status(Ctx *cx, Id id, bool anyones, Str *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_STATUS, &q));
    TRY(db_bind_id(q, 1, id));
    TRY(db_next(q, &found));
    if (!found || (!anyones && !is_mine(cx, db_col_id(q, 0))))
        return not_found(cx);
    *ret = str_copy(cx->arena, db_col_text(q, 1));
    return ST_OK;
}

Status job_cancel(Ctx *cx, Plan *plan, Id id, bool anyones)
{
    Str status = STR_NULL;
    TRY(read_status(cx, id, anyones, &status));
    const DbVal v[] = {db_int(id), db_bool(true), db_int(cx->now_ms)};
    if (str_is(status, "queued"))
        plan_expect(plan, STR_SQL(SQL_CANCEL_QUEUED), v, 3, 1);
    else if (str_is(status, "running"))
        plan_expect(plan, STR_SQL(SQL_CANCEL_RUNNING), v, 2, 1);
    else
        return FAIL(cx, ST_CONFLICT, "job.finished", "the job has ended already");
    return ST_OK;
}

Status job_retry(Ctx *cx, Plan *plan, Id id, bool anyones)
{
    Str status = STR_NULL;
    TRY(read_status(cx, id, anyones, &status));
    if (!str_is(status, "failed") && !str_is(status, "cancelled"))
        return FAIL(cx, ST_CONFLICT, "job.not_failed", "the job has not failed");
    const DbVal v[] = {db_int(id), db_bool(false), db_int(cx->now_ms)};
    plan_expect(plan, STR_SQL(SQL_RETRY), v, COUNT_OF(v), 1);
    return ST_OK;
}

Status job_discard(Ctx *cx, Plan *plan, Id id, bool anyones)
{
    Str status = STR_NULL;
    TRY(read_status(cx, id, anyones, &status));
    if (str_is(status, "queued") || str_is(status, "running"))
        return FAIL(cx, ST_CONFLICT, "job.not_finished", "the job has not ended yet");
    DbVal v = db_int(id);
    plan_expect(plan, STR_SQL(SQL_DISCARD), &v, 1, 1);
    return ST_OK;
}

Status job_sweep(Ctx *cx, DbPool *pool, int64_t before_ms)
{
    PlanResult result;
    Plan *plan = plan_new(cx);
    DbVal v = db_int(before_ms);
    plan_exec(plan, STR_SQL(SQL_SWEEP), &v, 1);
    return db_apply(pool, cx, plan, &result);
}
