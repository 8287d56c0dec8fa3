/* SPDX-License-Identifier: Apache-2.0 */
/* The edge: one request from worker to answer.
 *
 * A worker prepares (authenticate, handler, answer rendered) and hands the plan over; the applying
 * thread calls `applied`, which either sends the answer or gives the request to a worker again: to
 * prepare once more (somebody was faster) or to render the failure. The applying thread itself
 * renders nothing. */
#include "api/api_internal.h"
#include "base/calendar.h"

enum { READ_ONLY_RETRY_S = 60 };

static const char SQL_EPOCH[] =
    "SELECT 1 FROM {gx_epoch} WHERE id = 1 AND catalogue = ?1 AND security = ?2";

/* ---- ending */
static void log_request(Edge *e, int64_t us)
{
    const Route *route = req_route(e->rq);
    const Error *err = &e->cx.err;
    int status = req_answer_status(e->rq);
    LogField f[] = {
        LOG_TEXT("method", req_method(e->rq)),
        LOG_STR("route", route ? route->path : "-"),
        LOG_INT("status", status),
        LOG_INT("us", us),
        LOG_INT("sql", e->statements),
        LOG_INT("user", e->user_id),
        LOG_STR("why", err->key ? err->key : "-"),
        LOG_STR("at", err->file ? err->file : "-"),
        LOG_INT("line", err->line),
    };
    size_t n = COUNT_OF(f) - (err->status == ST_OK ? 3 : 0);
    LogLevel level = status >= 500 ? LOG_ERROR : LOG_INFO;
    if (log_enabled(level))
        log_write(level, req_id(e->rq), "request", f, n);
}

static void finish(Edge *e)
{
    idempotency_end(e);
    api_leave_request(e);
    req_done(e->rq);
}

static void render_problem(Edge *e)
{
    req_reset_answer(e->rq);
    int status = error_problem(&e->cx, req_out(e->rq));
    req_status(e->rq, status);
    req_set_header(e->rq, "Content-Type", STR("application/problem+json"));
    if (e->cx.err.retry_after_s)
        req_set_header(e->rq, "Retry-After",
                       str_format(e->cx.arena, "%d", e->cx.err.retry_after_s));
}

static void answer_problem(Edge *e)
{
    render_problem(e);
    finish(e);
}

/* ---- applying */
static void applied(void *arg, Status st, const PlanResult *r)
{
    Edge *e = arg;
    e->applied = st;
    e->result = *r;
    e->phase = EDGE_APPLIED;
    if (st == ST_OK)
        finish(e);
    else
        http_run_again(e->rq);
}

static void submit(Edge *e)
{
    const DbVal epoch[] = {db_int(e->cx.catalogue_version), db_int(e->cx.security_epoch)};
    idempotency_store(e);
    if (e->cx.user)
        plan_guard(e->plan, STR_SQL(SQL_EPOCH), epoch, COUNT_OF(epoch));
    if (db_kind(e->app->pool) == DB_SQLITE) { /* readers are few, the writer may take a while */
        db_release(e->cx.db);
        e->cx.db = NULL;
    }
    db_submit(e->app->pool, &e->cx, e->plan, applied, e);
}

/* ---- preparing */
/* Signing in and out go on: who reads must be able to. */
static Status check_read_only(Edge *e)
{
    RouteMode mode = req_route(e->rq)->mode;
    if ((mode != WRITE && mode != LONG) || str_starts(req_path(e->rq), STR("/api/v1/session")))
        return ST_OK;
    if (!e->writes) /* counted before the flag is looked at: who sets it waits for those counted */
        e->app->writing++;
    e->writes = true;
    if (!e->app->read_only)
        return ST_OK;
    Status st =
        FAIL(&e->cx, ST_BUSY, "api.read_only",
             "The organisation is being moved: it can be read, not changed, until that is done");
    e->cx.err.retry_after_s = READ_ONLY_RETRY_S;
    return st;
}

static Status run_handler(Edge *e, bool *ret_answered)
{
    bool replayed = false;
    *ret_answered = false;
    TRY(api_enter_request(e->app, e));
    TRY(api_authenticate(e));
    TRY(idempotency_begin(e, &replayed));
    if (replayed)
        return *ret_answered = true, ST_OK;
    TRY(check_read_only(e));
    e->plan = plan_new(&e->cx);
    return req_route(e->rq)->fn(&e->cx, e->rq, e->plan);
}

static void prepare(Edge *e)
{
    bool answered = false, is_stream = req_route(e->rq)->mode == STREAM;
    e->cx.err = (Error){.status = ST_OK};
    e->location = e->etag = STR_NULL;
    Status st = run_handler(e, &answered);
    if (st == ST_OK && is_stream)
        return; /* the connection is a stream now: e may be gone already */
    if (st != ST_OK && e->cx.err.status == ST_OK)
        st = FAIL(&e->cx, st, "api.internal", "An error of the server");
    if (st != ST_OK)
        answer_problem(e);
    else if (answered || plan_is_empty(e->plan))
        finish(e);
    else
        submit(e);
}

/* ---- after a plan that did not go through (on a worker) */
static Status refresh(Edge *e)
{
    Ctx *cx = &e->cx;
    if (!cx->db)
        cx->db = db_lease(e->app->pool);
    TRY(meta_refresh(cx, e->app->meta));
    return access_refresh(cx, e->app->access);
}

static bool again(Edge *e)
{
    Str constraint = str_of(e->result.constraint);
    bool key_race =
        e->applied == ST_CONFLICT && str_find(constraint, STR("gx_idempotency")) != SIZE_MAX;
    if ((e->applied != ST_RETRY && e->applied != ST_UNKNOWN && !key_race) ||
        ++e->attempts >= (plan_meets_others(e->plan) ? MAX_NUMBER_ATTEMPTS : MAX_ATTEMPTS))
        return false;
    return refresh(e) == ST_OK;
}

static void fail_applied(Edge *e)
{
    Ctx *cx = &e->cx;
    Str constraint = str_of(e->result.constraint);
    Status st = e->applied;
    if (!cx->db)
        cx->db = db_lease(e->app->pool);
    cx->err = (Error){.status = ST_OK};
    if (st == ST_CONFLICT)
        st = record_explain_conflict(cx, constraint);
    else if (st == ST_RETRY)
        st = FAIL(cx, ST_CONFLICT, "api.busy_record",
                  "Others are writing the same records; try again");
    else if (st == ST_FULL)
        st = FAIL(cx, ST_FULL, "api.full", "The disk is nearly full: nothing can be written");
    else if (st == ST_BUSY || st == ST_UNKNOWN)
        st = FAIL(cx, ST_BUSY, "api.busy", "The database is busy; try again");
    else
        st = FAIL(cx, ST_INTERNAL, "api.internal", "An error of the server");
    if (req_answer_status(e->rq) >= 500 || st == ST_INTERNAL)
        log_error(cx, "apply.failed", LOG_TEXT("why", str_of(e->result.detail)));
    answer_problem(e);
}

static Edge *edge_of(App *app, Req *rq)
{
    Edge *e = req_app(rq);
    if (e)
        return e;
    e = ARENA_NEW(req_arena(rq), Edge);
    e->app = app;
    e->rq = rq;
    req_set_app(rq, e);
    return e;
}

static void edge_handle(void *arg, Req *rq)
{
    Edge *e = edge_of(arg, rq);
    if (e->phase == EDGE_APPLIED) {
        if (!again(e)) {
            fail_applied(e);
            return;
        }
        api_leave_request(e);
        req_reset_answer(rq);
        e->phase = EDGE_PREPARE;
    }
    prepare(e);
}

/* Statements end by themselves at the connection's limit, so there is nothing to interrupt here;
 * the line says that a request was slow. */
static void edge_interrupt(void *arg, Req *rq)
{
    (void)arg;
    const Route *route = req_route(rq);
    const LogField f[] = {LOG_STR("route", route ? route->path : "-"),
                          LOG_INT("us", clock_us() - req_started_us(rq))};
    log_write(LOG_WARN, req_id(rq), "request.slow", f, COUNT_OF(f));
}

/* What never came to a handler: refused at the door, or a file of the client. */
static void log_unhandled(Req *rq, int64_t us)
{
    const Route *route = req_route(rq);
    int status = req_answer_status(rq);
    LogLevel level = status >= 500 ? LOG_ERROR : status >= 400 ? LOG_INFO : LOG_DEBUG;
    const LogField f[] = {LOG_TEXT("method", req_method(rq)),
                          LOG_STR("route", route ? route->path : "-"), LOG_INT("status", status),
                          LOG_INT("us", us)};
    if (log_enabled(level))
        log_write(level, req_id(rq), "request", f, COUNT_OF(f));
}

static void edge_finished(void *arg, Req *rq)
{
    (void)arg;
    Edge *e = req_app(rq);
    int64_t us = clock_us() - req_started_us(rq);
    if (e)
        log_request(e, us);
    else
        log_unhandled(rq, us);
    req_set_app(rq, NULL);
}

/* Failures before any handler: no user is known; the language is the header's. */
static void edge_problem(void *arg, Req *rq, int http_status, const char *code)
{
    App *app = arg;
    const Meta *m = meta_acquire(app->meta);
    Ctx cx = {.arena = req_arena(rq), .meta = m, .now_ms = clock_ms(), .request_id = req_id(rq)};
    Str header = req_header(rq, "Accept-Language");
    bool english =
        str_starts(header, STR("en")) || (!header.n && str_starts(m->language, STR("en")));
    cx.lang = english ? LANG_EN : LANG_ZH;
    Status st = http_status >= 500   ? ST_BUSY
                : http_status == 404 ? ST_NOT_FOUND
                : http_status == 413 ? ST_TOO_LARGE
                                     : ST_MALFORMED;
    Str fault = req_fault(rq);
    if (fault.n)
        st = FAIL_CODE(&cx, st, code, "api.edge_parameter", "Not accepted here: %.*s",
                       STR_ARG(fault));
    else
        st = FAIL_CODE(&cx, st, code, "api.edge", "The request cannot be handled");
    (void)st;
    error_problem(&cx, req_out(rq));
    req_status(rq, http_status);
    req_set_header(rq, "Content-Type", STR("application/problem+json"));
    meta_release(m);
}

/* Files are taken only from people who are signed in: before a byte of one is on the disk. */
static bool edge_admit(void *arg, Req *rq)
{
    if (!req_route(rq)->max_file)
        return true;
    Edge *e = ARENA_NEW(req_arena(rq), Edge);
    e->app = arg;
    e->rq = rq;
    Status st = api_enter_request(e->app, e);
    if (st == ST_OK)
        st = api_authenticate(e);
    if (st != ST_OK)
        render_problem(e);
    api_leave_request(e);
    return st == ST_OK;
}

HttpApp api_edge(App *app)
{
    return (HttpApp){
        .arg = app,
        .admit = edge_admit,
        .handle = edge_handle,
        .interrupt = edge_interrupt,
        .finished = edge_finished,
        .problem = edge_problem,
    };
}
