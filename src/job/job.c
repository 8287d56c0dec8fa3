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
    "started_at, finished_at FROM {gx_job} WHERE id = ?1";
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

static void write_row(Id id, const Stmt *q, Buf *out)
{
    bool first = true;
    buf_char(out, '{');
    buf_key(out, &first, "id");
    buf_json_id(out, id);
    buf_key(out, &first, "kind");
    buf_json_str(out, db_col_text(q, 0));
    buf_key(out, &first, "status");
    buf_json_str(out, db_col_text(q, 1));
    buf_key(out, &first, "progress");
    buf_lit(out, "{\"done\":");
    buf_int(out, db_col_int(q, 3));
    buf_lit(out, ",\"total\":");
    buf_int(out, db_col_int(q, 4));
    buf_char(out, '}');
    write_json(out, &first, "result", db_col_text(q, 5));
    buf_key(out, &first, "batch");
    if (db_col_null(q, 7))
        buf_lit(out, "null");
    else
        buf_json_id(out, db_col_id(q, 7));
    write_json(out, &first, "error", db_col_text(q, 6));
    write_time(out, &first, "created_at", q, 8);
    write_time(out, &first, "started_at", q, 9);
    write_time(out, &first, "finished_at", q, 10);
    buf_char(out, '}');
}

static Status show(Ctx *cx, Id id, bool anyones, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_SHOW, &q));
    TRY(db_bind_id(q, 1, id));
    TRY(db_next(q, &found));
    if (!found || (!anyones && !is_mine(cx, db_col_id(q, 2))))
        return not_found(cx);
    write_row(id, q, out);
    return ST_OK;
}

Status job_write(Ctx *cx, Id id, Buf *out) { return show(cx, id, false, out); }

Status job_write_any(Ctx *cx, Id id, Buf *out) { return show(cx, id, true, out); }

Status job_cancel(Ctx *cx, Plan *plan, Id id)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_STATUS, &q));
    TRY(db_bind_id(q, 1, id));
    TRY(db_next(q, &found));
    if (!found || !is_mine(cx, db_col_id(q, 0)))
        return not_found(cx);
    const DbVal v[] = {db_int(id), db_bool(true), db_int(cx->now_ms)};
    if (str_is(db_col_text(q, 1), "queued"))
        plan_expect(plan, STR_SQL(SQL_CANCEL_QUEUED), v, 3, 1);
    else if (str_is(db_col_text(q, 1), "running"))
        plan_expect(plan, STR_SQL(SQL_CANCEL_RUNNING), v, 2, 1);
    else
        return FAIL(cx, ST_CONFLICT, "job.finished", "the job has ended already");
    return ST_OK;
}
