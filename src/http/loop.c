/* SPDX-License-Identifier: Apache-2.0 */
/* The callbacks of libmicrohttpd, all on its loop threads: a request's line, its headers, its body in
 * chunks, its hand-over to a worker and, once resumed, its answer; and the birth and death of
 * connections. The library allows an answer to be queued only at the headers or after the whole body;
 * a request refused in between is therefore read to its end (bounded) before it is answered. */
#include "http/server.h"

#include <arpa/inet.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_word(Str a, Str b) { return a.n == b.n && !strncasecmp(a.p, b.p, a.n); }

/* ---- connections */

static void note_peer(Http *h, Slot *s, const struct sockaddr *address)
{
    if (address && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, s->peer,
                  sizeof(s->peer));
    else if (address && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
                  s->peer, sizeof(s->peer));
    s->trusted = proxy_trusts(&h->proxies, str_of(s->peer));
}

static bool peer_is_owner(int fd)
{
    struct ucred peer;
    socklen_t n = sizeof(peer);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 && n == sizeof(peer) &&
           peer.uid == geteuid();
}

static void open_connection(Http *h, struct MHD_Connection *conn, void **slot)
{
    int fd = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    Slot *s = *slot = slot_open(h, fd);
    atomic_fetch_add_explicit(&h->connections, 1, memory_order_relaxed);
    if (!s) {
        shutdown(fd, SHUT_RDWR);
        return;
    }
    struct sockaddr_storage own = {0};
    socklen_t n = sizeof(own);
    if (getsockname(fd, (struct sockaddr *)&own, &n) == 0 && own.ss_family == AF_UNIX) {
        s->local_owner = peer_is_owner(fd);
        if (!s->local_owner)
            slot_shut(s);
    } else {
        note_peer(h, s,
                  MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    }
}

void loop_connection(void *http, struct MHD_Connection *conn, void **slot,
                     enum MHD_ConnectionNotificationCode what)
{
    Http *h = http;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        open_connection(h, conn, slot);
    } else {
        if (*slot)
            slot_close(h, *slot);
        *slot = NULL;
        atomic_fetch_sub_explicit(&h->connections, 1, memory_order_relaxed);
    }
}

void *loop_uri(void *http, const char *uri, struct MHD_Connection *conn)
{
    Http *h = http;
    Slot *s = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    Req *rq = s ? pool_take(h) : NULL;
    if (!rq)
        return NULL;
    rq->slot = s;
    rq->conn = conn;
    rq->target = str_copy(rq->arena, str_of(uri)); /* the library changes its own in place */
    slot_phase(h, s, SLOT_HEAD, rq);
    return rq;
}

/* ---- headers */

static enum MHD_Result take_header(void *arg, enum MHD_ValueKind kind, const char *key,
                                   size_t key_n, const char *value, size_t value_n)
{
    Req *rq = arg;
    (void)kind;
    if (rq->n_headers == SERVER_MAX_HEADERS) {
        rq->too_many_headers = true;
        return MHD_NO;
    }
    rq->headers[rq->n_headers++] = (QueryPair){str_n(key, key_n), str_n(value, value_n)};
    return MHD_YES;
}

/* One length, one way of framing, one host: what proxies and we might otherwise read differently
 * (RFC 9112 6.3, 11.2). */
static bool framing_is_sane(Req *rq)
{
    int lengths = 0, codings = 0, hosts = 0;
    for (size_t i = 0; i < rq->n_headers; i++) {
        Str name = rq->headers[i].name, value = rq->headers[i].value;
        if (is_word(name, STR("Content-Length"))) {
            lengths++;
            if (!str_uint(str_trim(value), &rq->declared) || rq->declared == UINT64_MAX)
                return false;
        } else if (is_word(name, STR("Transfer-Encoding"))) {
            codings++;
            rq->declared = UINT64_MAX;
            if (!is_word(str_trim(value), STR("chunked")))
                return false;
        } else if (is_word(name, STR("Host"))) {
            hosts++;
        }
    }
    return lengths + codings <= 1 && hosts <= 1;
}

/* Splits the target; the absolute form (for proxies, RFC 9112 3.2.2) loses scheme and authority. */
static bool read_target(Req *rq, Str *ret_raw_path)
{
    Str t = rq->target;
    size_t authority = str_find(t, STR("://"));
    if (t.n && t.p[0] != '/' && authority != SIZE_MAX) {
        t = str_sub(t, authority + 3, SIZE_MAX);
        size_t slash = str_find_char(t, '/');
        t = slash == SIZE_MAX ? STR("/") : str_sub(t, slash, SIZE_MAX);
    }
    size_t mark = str_find_char(t, '?');
    *ret_raw_path = str_sub(t, 0, mark);
    rq->raw_query = mark == SIZE_MAX ? STR("") : str_sub(t, mark + 1, SIZE_MAX);
    rq->path = *ret_raw_path;
    return ret_raw_path->n && ret_raw_path->p[0] == '/' &&
           query_string_decode(rq->arena, *ret_raw_path, false, &rq->path);
}

static void note_client(Req *rq)
{
    Slot *s = rq->slot;
    rq->client = str_of(s->peer);
    if (!s->trusted)
        return;
    rq->client = proxy_client(&rq->http->proxies, rq->client, req_header(rq, "X-Forwarded-For"));
    Str proto = str_trim(req_header(rq, "X-Forwarded-Proto"));
    rq->https = proto.n >= 5 && is_word(str_sub(proto, proto.n - 5, 5), STR("https"));
}

void loop_refuse(Req *rq, int http_status, const char *code)
{
    req_reset_answer(rq);
    rq->status = http_status;
    rq->http->app.problem(rq->http->app.arg, rq, http_status, code);
    rq->state = REQ_ANSWER;
}

static void find_route(Req *rq, Str raw_path)
{
    if (!router_match(rq->http->router, rq->arena, rq->method, raw_path, &rq->match)) {
        rq->fault = STR("path");
        loop_refuse(rq, 400, "bad_parameter");
    } else if (rq->match.route) {
        if (!query_string_parse(rq->arena, rq->raw_query, rq->match.route->query, rq->query,
                                SERVER_MAX_PARAMS, &rq->n_query, &rq->fault))
            loop_refuse(rq, 400, "bad_parameter");
    } else if (rq->match.allow.n) {
        loop_refuse(rq, 405, "method");
        req_set_header(rq, "Allow", rq->match.allow);
    } else if (!asset_answer(rq)) {
        loop_refuse(rq, 404, "not_found");
    }
}

/* Everything that can be said before the body comes. Leaves REQ_BODY, or REQ_ANSWER if the answer is
 * there already. */
static void read_head(Req *rq, const char *method)
{
    Http *h = rq->http;
    Str raw_path = STR_NULL;
    rq->began = rq->counted = true;
    pool_running(h, 1);
    atomic_fetch_add_explicit(&h->requests, 1, memory_order_relaxed);
    rq->method = str_of(method);
    rq->head = str_eq(rq->method, STR("HEAD"));
    MHD_get_connection_values_n(rq->conn, MHD_HEADER_KIND, take_header, rq);
    note_client(rq);
    rq->state = REQ_BODY;
    bool sane = framing_is_sane(rq), target = read_target(rq, &raw_path);
    if (!sane || !target) {
        rq->close_after = !sane;
        rq->fault = sane ? STR("path") : STR("headers");
        loop_refuse(rq, 400, "bad_parameter");
    } else if (rq->too_many_headers) {
        loop_refuse(rq, 431, "too_large");
    } else if (atomic_load_explicit(&h->stopping, memory_order_relaxed)) {
        loop_refuse(rq, 503, "busy");
    } else {
        find_route(rq, raw_path);
        if (rq->state == REQ_BODY && body_begin(rq) && h->app.admit &&
            !h->app.admit(h->app.arg, rq))
            rq->state = REQ_ANSWER;
    }
}

static enum MHD_Result first_call(Req *rq, const char *method)
{
    read_head(rq, method);
    if (rq->declared)
        slot_phase(rq->http, rq->slot, SLOT_BODY, rq);
    if (rq->state == REQ_BODY || !rq->declared)
        return MHD_YES; /* an answer queued now would cost the connection: the next call does it */
    bool asks_first = req_header(rq, "Expect").n > 0;
    bool readable = rq->declared <= SERVER_SWALLOW || rq->declared == UINT64_MAX;
    if (rq->close_after || asks_first || !readable)
        return answer_queue(rq);
    rq->state = REQ_SWALLOW;
    return MHD_YES;
}

/* ---- body and answer */

static enum MHD_Result take_body(Req *rq, Str chunk)
{
    slot_body(rq->http, rq->slot, chunk.n);
    rq->received += chunk.n;
    if (rq->state == REQ_SWALLOW)
        return rq->received <= SERVER_SWALLOW ? MHD_YES : MHD_NO;
    if (!body_feed(rq, chunk)) { /* refused: what still comes is dropped, counted from here */
        rq->state = REQ_SWALLOW;
        rq->received = 0;
    }
    return MHD_YES;
}

static enum MHD_Result hand_over(Req *rq)
{
    if (!body_end(rq))
        return answer_queue(rq);
    rq->state = REQ_WORK;
    slot_phase(rq->http, rq->slot, SLOT_WORK, rq);
    MHD_suspend_connection(rq->conn);
    worker_push(rq->http, rq);
    return MHD_YES;
}

enum MHD_Result loop_handle(void *http, struct MHD_Connection *conn, const char *url,
                            const char *method, const char *version, const char *data,
                            size_t *data_n, void **req)
{
    Req *rq = *req;
    (void)http, (void)conn, (void)url, (void)version;
    if (!rq)
        return MHD_NO;
    if (rq->state == REQ_HEAD)
        return first_call(rq, method);
    if (*data_n && (rq->state == REQ_BODY || rq->state == REQ_SWALLOW)) {
        Str chunk = str_n(data, *data_n);
        *data_n = 0;
        return take_body(rq, chunk);
    }
    if (rq->state == REQ_BODY)
        return hand_over(rq);
    return answer_queue(rq);
}

void loop_completed(void *http, struct MHD_Connection *conn, void **req,
                    enum MHD_RequestTerminationCode why)
{
    Http *h = http;
    Req *rq = *req;
    (void)conn, (void)why;
    *req = NULL;
    if (!rq)
        return;
    slot_phase(h, rq->slot, SLOT_IDLE, NULL);
    if (rq->stream)
        sse_gone(rq->stream);
    if (rq->state != REQ_SENDING && rq->fd >= 0)
        close(rq->fd); /* else the library's response closes it */
    body_drop(rq);
    if (rq->began) {
        if (rq->status >= 500)
            atomic_fetch_add_explicit(&h->errors, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&h->bytes_out, req_sent_bytes(rq), memory_order_relaxed);
        if (h->app.finished)
            h->app.finished(h->app.arg, rq);
    }
    bool counted = rq->counted;
    pool_give(h, rq);
    if (counted)
        pool_running(h, -1);
}
