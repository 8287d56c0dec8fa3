/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share: the server, a request, a connection's slot. Nobody outside
 * includes it (tests of this folder do, to shorten deadlines).
 *
 * Who may touch a Req: the loop thread until it hands it over (REQ_WORK), then whoever the app gave
 * it to, then from req_done on the loop thread again. Only Slot is shared with the sweeper, under
 * the slot's lock. Locks, outer first: streams_lock, SseStream.lock, Slot.lock. */
#pragma once
#include "http/gzip.h"
#include "http/http.h"
#include "http/multipart.h"
#include "http/proxy.h"
#include "http/query_string.h"
#include "http/router.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    SERVER_MAX_HEADERS = 64,
    SERVER_MAX_PARAMS = 32,
    SERVER_MAX_ANSWER_HEADERS = 16,
    SERVER_ARENA = 64 * 1024, /* first block of a request's arena */
    SERVER_CONNECTION_POOL =
        32 * 1024, /* libmicrohttpd's memory a connection: bounds the headers */
    SERVER_MAX_ANSWER = 64 * 1024 * 1024,
    SERVER_GZIP_FROM = 1024,
    SERVER_SWALLOW = 8 * 1024 * 1024, /* refused bodies read to their end: so the answer arrives */
};

typedef struct HttpLimits { /* milliseconds, bytes per second; atomic: tests change them at work */
    atomic_int header_ms, idle_ms, grace_ms, min_rate;
    atomic_int read_ms, write_ms, long_ms; /* suspended work, by the mode of its route */
    atomic_int heartbeat_ms, sweep_ms;
} HttpLimits;

typedef enum SlotPhase {
    SLOT_FREE,
    SLOT_IDLE, /* between requests, or before the first byte of one */
    SLOT_HEAD, /* request line read, headers outstanding */
    SLOT_BODY,
    SLOT_WORK, /* suspended */
    SLOT_SEND,
    SLOT_STREAM, /* no deadline */
} SlotPhase;

typedef struct Slot { /* one connection */
    pthread_mutex_t lock;
    SlotPhase phase;
    int fd;
    int64_t since_ms, deadline_ms; /* monotonic, of the phase */
    uint64_t body_bytes;           /* received in this phase */
    uint64_t idle_bytes;           /* TCP's count at the first sweep of this idle phase */
    bool idle_seen;
    Req *rq;
    char peer[64]; /* address; "" for the unix socket */
    bool trusted, local_owner;
    struct Slot *next_free;
} Slot;

typedef enum ReqState {
    REQ_HEAD,    /* only the request line is known */
    REQ_BODY,    /* body arrives, or there is none */
    REQ_SWALLOW, /* refused; the rest of the body is read and dropped */
    REQ_WORK,    /* suspended */
    REQ_ANSWER,  /* the answer is complete */
    REQ_SENDING,
} ReqState;

struct Req {
    Http *http;
    Slot *slot;
    struct MHD_Connection *conn;
    Arena *arena;
    Req *next; /* in the queue or the free list */
    ReqState state;
    bool began, counted; /* the app knows it; http_drain waits for it */
    bool head, packed, close_after;
    uint64_t id;
    int64_t started_us;
    Str method, target, path, raw_query, client, fault;
    bool https;
    RouterMatch match;
    QueryPair headers[SERVER_MAX_HEADERS], query[SERVER_MAX_PARAMS];
    size_t n_headers, n_query;
    bool too_many_headers;
    Buf body;
    Multipart *form;
    uint64_t declared, received; /* body; declared is UINT64_MAX when chunked */
    void *app;
    /* the answer */
    int status;
    QueryPair out_headers[SERVER_MAX_ANSWER_HEADERS];
    size_t n_out_headers;
    Buf out;
    Str sent; /* what goes over the wire: out, its gzip, or an embedded file */
    int fd;
    uint64_t fd_size, fd_from; /* what is sent of it */
    SseStream *stream;
};

struct Http {
    HttpApp app;
    HttpLimits limits;
    Arena *arena; /* router, proxies, copies of the configuration */
    Router *router;
    ProxyList proxies;
    GzipPool *gzip;
    const EmbedFile *files;
    size_t file_count;
    const char *upload_dir;
    struct MHD_Daemon *tcp, *local;
    int port, tcp_fd, unix_fd;
    atomic_bool quiesced, stopping;

    pthread_mutex_t slots_lock; /* of free_slots only */
    Slot *slots, *free_slots;
    size_t slot_count;
    pthread_t sweeper;
    pthread_mutex_t sweep_lock;
    pthread_cond_t sweep_cond;
    bool sweep_stop, sweeping;

    pthread_mutex_t queue_lock;
    pthread_cond_t queue_cond;
    Req *queue_head, *queue_tail;
    bool queue_stop;
    pthread_t *workers;
    int worker_count;

    pthread_mutex_t pool_lock; /* free_reqs, running, streams in number */
    pthread_cond_t pool_idle;
    Req *free_reqs;
    int running;

    pthread_mutex_t streams_lock;
    SseStream *streams;

    atomic_uint_fast64_t next_id, requests, errors, stream_count, connections, bytes_out;
};

/* http.c */
HttpLimits *http_limits(Http *h); /* for tests: may be changed before the first request */

/* slot.c: every connection from its accept to its close */
CHECKED Status slot_table_new(Ctx *cx, Http *h, size_t n);
void slot_table_free(Http *h);
Slot *slot_open(Http *h, int fd);  /* NULL if none is free */
void slot_close(Http *h, Slot *s); /* before the descriptor is closed */
void slot_phase(Http *h, Slot *s, SlotPhase phase, Req *rq);
void slot_body(Http *h, Slot *s, size_t bytes); /* bytes of a body came */
void slot_shut(Slot *s);                        /* ends the connection from any thread */
bool slot_peer_left(Slot *s);                   /* it has closed its end */
CHECKED Status slot_sweeper_start(Ctx *cx, Http *h);
void slot_sweeper_stop(Http *h);
int64_t slot_now_ms(void);

/* worker.c */
CHECKED Status worker_start(Ctx *cx, Http *h, int n);
void worker_push(Http *h, Req *rq);
void worker_stop(Http *h); /* runs what is queued first */
bool worker_is_self(const Http *h);

/* pool.c: requests with their arenas */
Req *pool_take(Http *h);
void pool_give(Http *h, Req *rq);
void pool_free(Http *h);
void pool_running(Http *h, int by);           /* requests between their headers and their end */
bool pool_wait_idle(Http *h, int timeout_ms); /* -1 = for ever */

/* loop.c: what libmicrohttpd calls */
void *loop_uri(void *http, const char *uri, struct MHD_Connection *conn);
enum MHD_Result loop_handle(void *http, struct MHD_Connection *conn, const char *url,
                            const char *method, const char *version, const char *data,
                            size_t *data_n, void **req);
void loop_completed(void *http, struct MHD_Connection *conn, void **req,
                    enum MHD_RequestTerminationCode why);
void loop_connection(void *http, struct MHD_Connection *conn, void **slot,
                     enum MHD_ConnectionNotificationCode what);
void loop_refuse(Req *rq, int http_status, const char *code); /* the app renders the problem */

/* body.c */
bool body_begin(Req *rq); /* checks lengths and types before a byte is read; false: refused */
bool body_feed(Req *rq, Str chunk);
bool body_end(Req *rq);
void body_drop(Req *rq);

/* answer.c */
void answer_pack(Req *rq); /* chooses the bytes to send: once, before answer_queue */
enum MHD_Result answer_queue(Req *rq);
/* asset.c: the client's files */
bool asset_answer(Req *rq); /* true if the path is one of them (or a page of the client) */

/* sse.c */
SseStream *sse_open(Req *rq, void (*closed)(void *arg), void *arg);
struct MHD_Response *sse_response(SseStream *s);
void sse_gone(SseStream *s); /* the connection ended */
void sse_beat(Http *h);      /* comments to streams that were silent */
void sse_end_all(Http *h);
