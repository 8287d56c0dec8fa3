/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and stopping: sockets, the two daemons of the library (TCP and the owner's unix socket),
 * workers and sweeper. Stopping goes in the order of dependence: no new work, work under way ends,
 * streams end, then threads. */
#include "http/http.h"

#include "base/log.h"
#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
    BACKLOG = 1024,
    LOCAL_CONNECTIONS = 64,
    SPARE_SLOTS = 16, /* a slot is free a moment before the library's own count */
    SPARE_FILES = 256,
};

static const HttpLimits DEFAULT_LIMITS = {
    .header_ms = 15000,
    .idle_ms = 75000,
    .grace_ms = 15000,
    .min_rate = 8 * 1024,
    .read_ms = 10000,
    .write_ms = 20000,
    .long_ms = 60000,
    .heartbeat_ms = 15000,
    .sweep_ms = 1000,
};

/* ---- sockets */

/* "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080" (every address). */
static Status read_listen(Ctx *cx, const char *listen, struct sockaddr_storage *ret,
                          socklen_t *ret_n)
{
    Str text = str_of(listen);
    size_t colon = text.n;
    while (colon > 0 && text.p[colon - 1] != ':')
        colon--;
    Str host = str_sub(text, 0, colon ? colon - 1 : 0), port = str_sub(text, colon, SIZE_MAX);
    int64_t number;
    if (!colon || !str_int(port, &number) || number < 0 || number > 65535)
        return FAIL(cx, ST_INVALID, "http.bad_listen", "%s is not address:port", listen);
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = str_sub(host, 1, host.n - 2);
    if (str_eq(host, STR("localhost")))
        host = STR("127.0.0.1");
    char *z = str_z(cx->arena, host.n ? host : STR("0.0.0.0"));
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)ret;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)ret;
    memset(ret, 0, sizeof(*ret));
    if (inet_pton(AF_INET, z, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)number);
        *ret_n = sizeof(*v4);
    } else if (inet_pton(AF_INET6, z, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)number);
        *ret_n = sizeof(*v6);
    } else {
        return FAIL(cx, ST_INVALID, "http.bad_listen", "%s is not address:port", listen);
    }
    return ST_OK;
}

static Status open_socket(Ctx *cx, Http *h, const char *where)
{
    struct sockaddr_storage address;
    socklen_t n;
    TRY(read_listen(cx, where, &address, &n));
    int on = 1, fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    h->tcp_fd = fd;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, (struct sockaddr *)&address, n) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &n) != 0)
        return FAIL(cx, ST_INTERNAL, "http.listen_failed", "cannot listen on %s: %s", where,
                    strerror(errno));
    h->port =
        ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)(void *)&address)->sin_port
                                           : ((struct sockaddr_in6 *)(void *)&address)->sin6_port);
    return ST_OK;
}

/* Files that connections, uploads and databases need; what the system grants at most. */
static void raise_file_limit(int connections)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)connections * 2 + SPARE_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log_warn((Ctx *)NULL, "http.file_limit", LOG_INT("wanted", (int64_t)wanted));
}

/* ---- the library's daemons */

static void log_library(void *arg, const char *fmt, va_list ap)
{
    char text[256];
    (void)arg;
    if (!log_enabled(LOG_DEBUG) || vsnprintf(text, sizeof(text), fmt, ap) < 0)
        return;
    Str s = str_trim(str_n(text, strnlen(text, sizeof(text))));
    log_write(LOG_DEBUG, 0, "http.library", &LOG_TEXT("text", s), 1);
}

/* Paths and names are decoded by ourselves, strictly. */
static size_t keep_escaped(void *arg, struct MHD_Connection *conn, char *text)
{
    (void)arg, (void)conn;
    return strlen(text);
}

static struct MHD_Daemon *start_daemon(Http *h, int fd, int loops, int connections, int per_ip)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem pool[] = {
        {loops > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, loops, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        flags, 0, NULL, NULL, loop_handle, h, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(DEFAULT_LIMITS.idle_ms / 1000),
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)per_ip, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)SERVER_CONNECTION_POOL, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_URI_LOG_CALLBACK, loop_uri, h,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        loop_completed, h, MHD_OPTION_NOTIFY_CONNECTION, loop_connection, h, MHD_OPTION_ARRAY, pool,
        MHD_OPTION_END);
}

static Status start_daemons(Ctx *cx, Http *h, const HttpConfig *config)
{
    TRY(open_socket(cx, h, config->listen));
    h->tcp = start_daemon(h, h->tcp_fd, config->loops, config->max_connections, config->per_ip);
    if (!h->tcp)
        return FAIL(cx, ST_INTERNAL, "http.start_failed", "the HTTP server cannot start");
    if (config->unix_fd < 0)
        return ST_OK;
    h->unix_fd = config->unix_fd;
    if (listen(h->unix_fd, LOCAL_CONNECTIONS) != 0 ||
        !(h->local = start_daemon(h, h->unix_fd, 1, LOCAL_CONNECTIONS, 0)))
        return FAIL(cx, ST_INTERNAL, "http.start_failed", "the HTTP server cannot start");
    return ST_OK;
}

/* ---- life */

static void init_locks(Http *h)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&h->slots_lock, NULL);
    pthread_mutex_init(&h->sweep_lock, NULL);
    pthread_cond_init(&h->sweep_cond, &monotonic);
    pthread_mutex_init(&h->queue_lock, NULL);
    pthread_cond_init(&h->queue_cond, &monotonic);
    pthread_mutex_init(&h->pool_lock, NULL);
    pthread_cond_init(&h->pool_idle, &monotonic);
    pthread_mutex_init(&h->streams_lock, NULL);
    pthread_condattr_destroy(&monotonic);
}

static Status build(Ctx *cx, Http *h, const HttpConfig *config, const HttpApp *app)
{
    h->app = *app;
    h->limits = DEFAULT_LIMITS;
    h->tcp_fd = h->unix_fd = -1;
    h->arena = arena_new(16 * 1024);
    h->files = config->files;
    h->file_count = config->file_count;
    h->upload_dir = config->upload_dir ? str_z(h->arena, str_of(config->upload_dir)) : P_tmpdir;
    /* Numbers of requests go on from the clock, so that they differ between two runs. */
    atomic_store(&h->next_id, (uint64_t)time(NULL) << 20);
    if (config->upload_dir)
        multipart_clean(config->upload_dir);
    init_locks(h);
    h->gzip = gzip_new();
    if (!h->gzip || sodium_init() < 0)
        return FAIL(cx, ST_INTERNAL, "http.no_memory", "no memory for the HTTP server");
    TRY(router_new(cx, h->arena, config->tables, &h->router));
    TRY(proxy_list_read(cx, h->arena, config->trusted_proxies, &h->proxies));
    raise_file_limit(config->max_connections);
    TRY(slot_table_new(cx, h, (size_t)config->max_connections + LOCAL_CONNECTIONS + SPARE_SLOTS));
    TRY(worker_start(cx, h, config->workers));
    TRY(start_daemons(cx, h, config));
    return slot_sweeper_start(cx, h);
}

Status http_start(Ctx *cx, const HttpConfig *config, const HttpApp *app, Http **ret)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    Http *h = calloc(1, sizeof(*h));
    if (!h)
        return FAIL(cx, ST_INTERNAL, "http.no_memory", "no memory for the HTTP server");
    *ret = h; /* before the first request can come */
    Status st = build(cx, h, config, app);
    if (st != ST_OK) {
        http_stop(h);
        *ret = NULL;
    }
    return st;
}

int http_port(const Http *h) { return h->port; }

HttpLimits *http_limits(Http *h) { return &h->limits; }

void http_quiesce(Http *h)
{
    if (atomic_exchange(&h->quiesced, true))
        return;
    if (h->tcp)
        MHD_quiesce_daemon(h->tcp);
    if (h->local)
        MHD_quiesce_daemon(h->local);
    if (h->tcp_fd >= 0)
        close(h->tcp_fd);
    if (h->unix_fd >= 0)
        close(h->unix_fd);
    h->tcp_fd = h->unix_fd = -1;
}

bool http_drain(Http *h, int ms) { return pool_wait_idle(h, ms); }

/* Ends everything that waits for a client; what works is left to end by itself. */
static void shut_clients(Http *h)
{
    for (size_t i = 0; i < h->slot_count; i++) {
        Slot *s = &h->slots[i];
        pthread_mutex_lock(&s->lock);
        bool waits = s->phase == SLOT_BODY || s->phase == SLOT_SEND || s->phase == SLOT_HEAD;
        if (waits)
            shutdown(s->fd, SHUT_RDWR);
        pthread_mutex_unlock(&s->lock);
    }
}

/* The library may not stop with suspended connections, so work is awaited without limit (the sweeper
 * goes on interrupting it), and streams are woken to end. */
static void end_work(Http *h)
{
    while (!pool_wait_idle(h, 100))
        shut_clients(h);
    sse_end_all(h);
    for (int i = 0; i < 100 && atomic_load(&h->stream_count); i++)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

void http_stop(Http *h)
{
    atomic_store(&h->stopping, true);
    http_quiesce(h);
    end_work(h);
    worker_stop(h);
    slot_sweeper_stop(h);
    if (h->tcp)
        MHD_stop_daemon(h->tcp);
    if (h->local)
        MHD_stop_daemon(h->local);
    slot_table_free(h);
    pool_free(h);
    if (h->gzip)
        gzip_free(h->gzip);
    pthread_mutex_destroy(&h->slots_lock);
    pthread_mutex_destroy(&h->sweep_lock);
    pthread_cond_destroy(&h->sweep_cond);
    pthread_mutex_destroy(&h->queue_lock);
    pthread_cond_destroy(&h->queue_cond);
    pthread_mutex_destroy(&h->pool_lock);
    pthread_cond_destroy(&h->pool_idle);
    pthread_mutex_destroy(&h->streams_lock);
    arena_free(h->arena);
    free(h);
}

void http_run_again(Req *rq) { worker_push(rq->http, rq); }

HttpFacts http_facts(const Http *h)
{
    return (HttpFacts){.requests = atomic_load(&h->requests),
                       .errors = atomic_load(&h->errors),
                       .streams = atomic_load(&h->stream_count),
                       .connections = atomic_load(&h->connections),
                       .bytes_out = atomic_load(&h->bytes_out)};
}
