/* SPDX-License-Identifier: Apache-2.0 */
/* http: the one door to the HTTP library (libmicrohttpd, HTTP/1.1, epoll threads, suspend/resume).
 * Knows routes, requests, uploads, streams and static files; knows no object and no database.
 *
 * Life of a request: a loop thread reads headers (HttpApp.admit may refuse), then the body (bounded;
 * file parts stream to disk), suspends the connection and gives the Req to a worker, which calls
 * HttpApp.handle. The app answers from any thread with req_done; the loop thread then sends. A Req
 * owns an arena (pooled); it lives until HttpApp.finished.
 * Deadlines: header 15 s whatever trickles; body and response ≥ 8 KB/s; suspended work its route's
 * limit, then HttpApp.interrupt. A sweeper shuts the sockets down. */
#pragma once
#include "base/ctx.h"
#include "base/embed.h"
#include "base/map.h"

struct Plan;
typedef struct Req Req;
typedef struct Http Http;

typedef enum RouteMode {
    READ,   /* answers from what it reads */
    WRITE,  /* fills the plan; may run again, so it touches nothing but its plan */
    LONG,   /* starts a job (fills the plan with it) */
    STREAM, /* keeps the connection: server-sent events */
} RouteMode;

typedef Status (*RouteFn)(Ctx *cx, Req *rq, struct Plan *plan);
typedef struct Route {
    const char *method, *path; /* "/api/v1/{plural}/{id}/history"; literal segments win over {…} */
    RouteMode mode;
    RouteFn fn;
    const char *right;   /* "" = signed in; "public" = nobody needed; else a system right */
    const char *summary; /* English, for OpenAPI */
    size_t max_body;     /* bytes of a body in memory; 0 = none allowed */
    size_t max_file;     /* bytes of a streamed file part; 0 = no multipart */
    const char *query;   /* "filter sort fields": parameters allowed, others are 400 */
} Route;

typedef struct HttpFile { /* a part of multipart/form-data kept on disk until the request ends */
    Str field, name, type;
    const char *path;
    uint64_t size;
    uint8_t sha256[32];
} HttpFile;

typedef struct HttpApp {
    void *arg;
    /* Loop thread, headers read, body not: must be quick. False refuses; the answer is then filled as
     * in problem. May be NULL. */
    bool (*admit)(void *arg, Req *rq);
    /* Worker thread: do the work. Must end, now or later, from any thread, in req_done or req_stream. */
    void (*handle)(void *arg, Req *rq);
    /* The request's time is up (sweeper thread, again each second until it is answered): interrupt its
     * statement if one runs. Must not call req_done. */
    void (*interrupt)(void *arg, Req *rq);
    /* Response sent or connection lost (loop thread); last use of rq (arena is reset after). Called for
     * every request whose headers were read, also for those that never came to handle. */
    void (*finished)(void *arg, Req *rq);
    /* Renders a problem for failures of the edge itself (404 route, 405, 413, 415, 431, bad form): fills
     * the answer, does not call req_done. Any thread. */
    void (*problem)(void *arg, Req *rq, int http_status, const char *code);
} HttpApp;

typedef struct HttpConfig {
    const char *listen; /* "127.0.0.1:8080"; port 0 = any free one */
    int unix_fd;        /* a bound AF_UNIX socket to serve as well; -1 = none */
    int loops, workers; /* 2, 4 */
    int max_connections, per_ip;
    const char *upload_dir;             /* where file parts go */
    const char *const *trusted_proxies; /* X-Forwarded-For/-Proto believed from these; NULL-ended */
    const Route *const *tables;         /* NULL-ended list of arrays ended by method == NULL */
    const EmbedFile *files;             /* static client; path without leading slash */
    size_t file_count;
} HttpConfig;

CHECKED Status http_start(Ctx *cx, const HttpConfig *config, const HttpApp *app, Http **ret);
int http_port(const Http *h);
void http_quiesce(Http *h);       /* stop accepting */
bool http_drain(Http *h, int ms); /* waits for running requests; true if all ended */
void http_stop(Http *h);
void http_run_again(Req *rq); /* any thread: give the request to a worker once more */

/* ---- request */
Arena *req_arena(const Req *rq);
uint64_t req_id(const Req *rq); /* number of the request, in logs and problems */
const Route *req_route(const Req *rq);
Str req_method(const Req *rq);
Str req_path(const Req *rq);                    /* decoded, without query */
Str req_target(const Req *rq);                  /* as sent, with query */
Str req_param(const Req *rq, const char *name); /* path parameter; STR_NULL if none */
Str req_query(const Req *rq, const char *name); /* query parameter, decoded; STR_NULL if absent */
Str req_header(const Req *rq, const char *name);
Str req_cookie(const Req *rq, const char *name);
Str req_body(const Req *rq);
Str req_form(const Req *rq, const char *name); /* text part of a multipart body */
const HttpFile *req_file(const Req *rq, const char *name);
Str req_client(const Req *rq); /* peer address, through trusted proxies */
bool req_is_https(const Req *rq);
Str req_fault(const Req *rq);           /* in problem: the parameter that the edge refused */
bool req_is_local_owner(const Req *rq); /* came over the unix socket with our own uid */
int64_t req_started_us(const Req *rq);
void req_set_app(Req *rq, void *p); /* the app's own state of this request */
void *req_app(const Req *rq);

/* ---- answer: set, then req_done once. Bodies live in the request's arena. */
void req_status(Req *rq, int status);
void req_set_header(Req *rq, const char *name, Str value);
Buf *req_out(Req *rq); /* response body; type application/json by default */
/* Answer with a file from disk, or the range asked for; shown: in the browser, else to be kept. */
void req_file_out(Req *rq, const char *path, Str type, Str name, bool shown);
void req_reset_answer(Req *rq); /* before running again */
void req_done(Req *rq);         /* gzip level 1 above 1 KB if accepted; no-store on data */
int req_answer_status(const Req *rq);
size_t req_sent_bytes(const Req *rq);

/* ---- server-sent events: turns rq into a stream (status 200, text/event-stream) in place of
 * req_done: rq is not to be used after. closed is called exactly once, when the client left or after
 * sse_close (loop thread, at the earliest before req_stream has returned); sse_release comes after. */
typedef struct SseStream SseStream;
SseStream *req_stream(Req *rq, void (*closed)(void *arg), void *arg);
/* Any thread; copies. False if the stream is gone or its queue (256 KB) is full (then it closes). */
bool sse_send(SseStream *s, Str frame);
void sse_close(SseStream *s);
void sse_release(SseStream *s); /* the app's reference ends */

/* ---- for OpenAPI and /metrics */
typedef struct HttpFacts {
    uint64_t requests, errors, streams, connections, bytes_out;
} HttpFacts;
HttpFacts http_facts(const Http *h);
