/* SPDX-License-Identifier: Apache-2.0 */
/* For those who watch the server: alive, ready, numbers in Prometheus' text form. Numbers are told
 * only to this machine: they say how much goes on here. */
#include "api/api_routes.h"
#include "base/calendar.h"

static Status get_healthz(Ctx *cx, Req *rq, Plan *plan)
{
    (void)cx, (void)plan;
    buf_lit(req_out(rq), "{\"status\":\"ok\"}");
    return ST_OK;
}

static Status get_readyz(Ctx *cx, Req *rq, Plan *plan)
{
    (void)plan;
    TRY(db_ready(cx, req_app_of(rq)->pool));
    buf_lit(req_out(rq), "{\"status\":\"ready\"}");
    return ST_OK;
}

static bool is_this_machine(Req *rq)
{
    Str client = req_client(rq);
    return req_is_local_owner(rq) || str_starts(client, STR("127.")) || str_is(client, "::1") ||
           str_starts(client, STR("::ffff:127."));
}

static void metric(Buf *out, const char *name, const char *type, const char *help, int64_t value)
{
    buf_printf(out, "# HELP guanxi_%s %s\n# TYPE guanxi_%s %s\nguanxi_%s %lld\n", name, help, name,
               type, name, (long long)value);
}

static void write_http(const HttpFacts *f, Buf *out)
{
    metric(out, "http_requests_total", "counter", "Requests read", (int64_t)f->requests);
    metric(out, "http_errors_total", "counter", "Answers of 500 and above", (int64_t)f->errors);
    metric(out, "http_bytes_out_total", "counter", "Bytes of bodies sent", (int64_t)f->bytes_out);
    metric(out, "http_connections", "gauge", "Open connections", (int64_t)f->connections);
    metric(out, "http_streams", "gauge", "Open event streams", (int64_t)f->streams);
}

static void write_db(const DbFacts *f, Buf *out)
{
    metric(out, "db_commits_total", "counter", "Group commits", f->commits);
    metric(out, "db_plans_total", "counter", "Plans applied", f->plans);
    metric(out, "db_retries_total", "counter", "Plans prepared again", f->retries);
    metric(out, "db_unknown_total", "counter", "Commits whose answer was lost", f->unknown);
    metric(out, "db_batch_max", "gauge", "Most plans in one commit", f->batch_max);
    metric(out, "db_wal_bytes", "gauge", "Size of the write-ahead log", f->wal_bytes);
    metric(out, "db_writer_microseconds_total", "counter", "Time the writer worked", f->writer_us);
}

static Status get_metrics(Ctx *cx, Req *rq, Plan *plan)
{
    App *app = req_app_of(rq);
    (void)plan;
    if (!is_this_machine(rq))
        return FAIL(cx, ST_DENIED, "api.metrics_local", "Metrics are read on the server itself");
    HttpFacts http = http_facts(app->http);
    DbFacts db = db_facts(app->pool);
    Buf *out = req_out(rq);
    write_http(&http, out);
    write_db(&db, out);
    metric(out, "uptime_seconds", "gauge", "Since the start",
           (cx->now_ms - app->started_ms) / 1000);
    metric(out, "catalogue_version", "gauge", "Version of the metadata", cx->meta->version);
    metric(out, "event_last", "counter", "Number of the last event", event_last(app->events));
    req_set_header(rq, "Content-Type", STR("text/plain; version=0.0.4; charset=utf-8"));
    return ST_OK;
}

const Route api_health_routes[] = {
    {"GET", "/healthz", READ, get_healthz, "public", "The process answers", 0, 0, NULL},
    {"GET", "/metrics", READ, get_metrics, "public", "Numbers for Prometheus, from this machine", 0,
     0, NULL},
    {"GET", "/readyz", READ, get_readyz, "public", "The database answers", 0, 0, NULL},
    {0},
};
