/* SPDX-License-Identifier: Apache-2.0 */
/* See http_fixture.h. The app answers what it was told, so tests can see what the server understood. */
#include "http_fixture.h"

#include "../test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>

/* ---- the app */

static Status no_fn(Ctx *cx, Req *rq, struct Plan *plan)
{
    (void)cx, (void)rq, (void)plan;
    return ST_OK;
}

static const Route ROUTES[] = {
    {"GET", "/api/v1/again", READ, no_fn, "", "", 0, 0, NULL},
    {"GET", "/api/v1/big", READ, no_fn, "", "", 0, 0, NULL},
    {"GET", "/api/v1/echo", READ, no_fn, "", "", 0, 0, "filter sort"},
    {"GET", "/api/v1/events", STREAM, no_fn, "", "", 0, 0, NULL},
    {"GET", "/api/v1/file", READ, no_fn, "", "", 0, 0, NULL},
    {"POST", "/api/v1/files", WRITE, no_fn, "", "", 0, 1024 * 1024, NULL},
    {"GET", "/api/v1/huge", READ, no_fn, "", "", 0, 0, NULL},
    {"GET", "/api/v1/later", WRITE, no_fn, "", "", 0, 0, NULL},
    {"GET", "/api/v1/refused", READ, no_fn, "", "", 0, 0, NULL},
    {"GET", "/api/v1/slow", READ, no_fn, "", "", 0, 0, NULL},
    {"POST", "/api/v1/{plural}", WRITE, no_fn, "", "", 1000, 0, NULL},
    {"GET", "/api/v1/{plural}/{id}", READ, no_fn, "", "", 0, 0, NULL},
    {"PATCH", "/api/v1/{plural}/{id}", WRITE, no_fn, "", "", 1000, 0, NULL},
    {0},
};
static const Route *const TABLES[] = {ROUTES, NULL};

static const unsigned char PAGE[] = "<script nonce=\"__CSP_NONCE__\"></script>"
                                    "<style nonce=\"__CSP_NONCE__\"></style>";
static const unsigned char SCRIPT[] = "plain script", SCRIPT_BR[] = "br script", ICON[] = "icon";
static const EmbedFile FILES[] = {
    {"assets/app-1234.js", SCRIPT, sizeof(SCRIPT) - 1},
    {"assets/app-1234.js.br", SCRIPT_BR, sizeof(SCRIPT_BR) - 1},
    {"favicon.ico", ICON, sizeof(ICON) - 1},
    {"index.html", PAGE, sizeof(PAGE) - 1},
};

static void *answer_later(void *arg)
{
    usleep(20000);
    buf_lit(req_out(arg), "{\"later\":true}");
    req_done(arg);
    return NULL;
}

static void stream_closed(void *arg)
{
    Fixture *f = arg;
    atomic_fetch_add(&f->closed, 1);
}

static void open_stream(Fixture *f, Req *rq)
{
    pthread_mutex_lock(&f->lock);
    f->streams[f->n_streams++] = req_stream(rq, stream_closed, f);
    pthread_mutex_unlock(&f->lock);
}

static void echo_upload(Req *rq)
{
    const HttpFile *file = req_file(rq, "file");
    Buf *out = req_out(rq);
    if (file) {
        buf_printf(out, "%s %llu ", file->name.p, (unsigned long long)file->size);
        buf_hex(out, file->sha256, 32);
        buf_lit(out, " ");
        buf_lit(out, "readable=");
        buf_int(out, access(file->path, R_OK) == 0);
        buf_lit(out, " ");
    }
    buf_str_add(out, req_form(rq, "options"));
}

static void fill(Buf *out, size_t bytes)
{
    while (out->n < bytes && !buf_overflowed(out))
        buf_lit(out, "{\"name\":\"a customer\"},");
}

static void echo(Req *rq)
{
    Buf *out = req_out(rq);
    buf_printf(out, "filter=%.*s", STR_ARG(req_query(rq, "filter")));
    buf_printf(out, " plural=%.*s id=%.*s", STR_ARG(req_param(rq, "plural")),
               STR_ARG(req_param(rq, "id")));
    buf_printf(out, " client=%.*s https=%d owner=%d", STR_ARG(req_client(rq)), req_is_https(rq),
               req_is_local_owner(rq));
    buf_printf(out, " cookie=%.*s body=", STR_ARG(req_cookie(rq, "gx_session")));
    buf_str_add(out, req_body(rq));
}

static bool handle_special(Fixture *f, Req *rq, const char *what)
{
    if (!strcmp(what, "slow")) {
        while (!atomic_load(&f->interrupted) && !atomic_load(&f->release))
            usleep(5000);
    } else if (!strcmp(what, "later")) {
        pthread_t thread;
        pthread_create(&thread, NULL, answer_later, rq);
        pthread_detach(thread);
        return true;
    } else if (!strcmp(what, "events")) {
        open_stream(f, rq);
        return true;
    } else if (!strcmp(what, "again") && !req_app(rq)) {
        req_set_app(rq, f);
        buf_lit(req_out(rq), "first try");
        http_run_again(rq);
        return true;
    }
    return false;
}

static void handle(void *arg, Req *rq)
{
    Fixture *f = arg;
    const char *what = strrchr(req_route(rq)->path, '/') + 1;
    atomic_fetch_add(&f->handled, 1);
    if (handle_special(f, rq, what))
        return;
    req_reset_answer(rq);
    if (!strcmp(what, "big"))
        fill(req_out(rq), 20000);
    else if (!strcmp(what, "huge"))
        fill(req_out(rq), SIZE_MAX);
    else if (!strcmp(what, "files"))
        echo_upload(rq);
    else if (!strcmp(what, "file"))
        req_file_out(rq, "/proc/self/cmdline", STR("text/plain"), STR("表.txt"), false);
    else
        echo(rq);
    req_done(rq);
}

static bool admit(void *arg, Req *rq)
{
    (void)arg;
    if (strcmp(req_route(rq)->path, "/api/v1/refused") != 0)
        return true;
    req_status(rq, 401);
    buf_lit(req_out(rq), "{\"code\":\"unauthenticated\"}");
    return false;
}

static void interrupt(void *arg, Req *rq)
{
    (void)rq;
    atomic_fetch_add(&((Fixture *)arg)->interrupted, 1);
}

static void finished(void *arg, Req *rq)
{
    (void)rq;
    atomic_fetch_add(&((Fixture *)arg)->finished, 1);
}

static void problem(void *arg, Req *rq, int http_status, const char *code)
{
    (void)arg;
    req_status(rq, http_status);
    req_set_header(rq, "Content-Type", STR("application/problem+json"));
    buf_printf(req_out(rq), "{\"code\":\"%s\",\"fault\":\"%.*s\"}", code, STR_ARG(req_fault(rq)));
}

Fixture *fixture_start_with(int unix_fd, const char *const *proxies)
{
    Fixture *f = calloc(1, sizeof(*f));
    f->arena = arena_new(4096);
    f->cx = (Ctx){.arena = f->arena, .lang = LANG_EN};
    f->dir = test_tempdir();
    pthread_mutex_init(&f->lock, NULL);
    f->app = (HttpApp){f, admit, handle, interrupt, finished, problem};
    HttpConfig config = {.listen = "127.0.0.1:0",
                         .unix_fd = unix_fd,
                         .loops = 2,
                         .workers = 4,
                         .max_connections = 600,
                         .upload_dir = f->dir,
                         .trusted_proxies = proxies,
                         .tables = TABLES,
                         .files = FILES,
                         .file_count = COUNT_OF(FILES)};
    assert_int_equal(http_start(&f->cx, &config, &f->app, &f->http), ST_OK);
    http_limits(f->http)->sweep_ms = 50;
    return f;
}

Fixture *fixture_start(void) { return fixture_start_with(-1, NULL); }

void fixture_stop(Fixture *f)
{
    atomic_store(&f->release, true);
    http_stop(f->http);
    for (int i = 0; i < f->n_streams; i++)
        sse_release(f->streams[i]);
    assert_int_equal(atomic_load(&f->closed), f->n_streams);
    test_tempdir_remove(f->dir);
    pthread_mutex_destroy(&f->lock);
    arena_free(f->arena);
    free(f);
}

/* ---- the client */

int client_open(const Fixture *f)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)http_port(f->http)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 10};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

void client_send(int fd, const char *text)
{
    size_t n = strlen(text);
    while (n) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the server refused: the answer tells */
        text += sent;
        n -= (size_t)sent;
    }
}

static bool read_exactly(int fd, char *out, size_t n)
{
    while (n) {
        ssize_t got = recv(fd, out, n, 0);
        if (got <= 0)
            return false;
        out += got;
        n -= (size_t)got;
    }
    return true;
}

/* Byte by byte, so that nothing of a next, pipelined answer is taken. */
Answer client_read_head(int fd)
{
    Answer a = {.head = calloc(1, 16384)};
    size_t n = 0;
    while (n < 16383 && !(n >= 4 && !memcmp(a.head + n - 4, "\r\n\r\n", 4))) {
        if (recv(fd, a.head + n, 1, 0) <= 0)
            return a;
        n++;
    }
    a.status = (int)strtol(a.head + 9, NULL, 10);
    return a;
}

Answer client_read(int fd)
{
    Answer a = client_read_head(fd);
    const char *length = a.head ? strcasestr(a.head, "Content-Length:") : NULL;
    a.n = length ? strtoul(length + 15, NULL, 10) : 0;
    a.body = calloc(1, a.n + 1);
    if (!read_exactly(fd, a.body, a.n))
        a.status = 0;
    return a;
}

Answer client_ask(const Fixture *f, const char *text)
{
    int fd = client_open(f);
    client_send(fd, text);
    Answer a = client_read(fd);
    close(fd);
    return a;
}

bool answer_has(const Answer *a, const char *text) { return strcasestr(a->head, text) != NULL; }

void answer_free(Answer *a)
{
    free(a->head);
    free(a->body);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool client_is_closed(int fd, int within_ms)
{
    int64_t until = now_ms() + within_ms;
    for (int64_t left = within_ms; left > 0; left = until - now_ms()) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        char byte;
        if (poll(&p, 1, (int)left) == 1 && recv(fd, &byte, 1, 0) <= 0)
            return true;
    }
    return false;
}

size_t client_wait_for(int fd, const char *text, int within_ms)
{
    char *seen = calloc(1, 1 << 20);
    size_t n = 0;
    bool found = false;
    int64_t until = now_ms() + within_ms;
    for (int64_t left = within_ms; left > 0 && !found; left = until - now_ms()) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        ssize_t got = poll(&p, 1, (int)left) == 1 ? recv(fd, seen + n, (1 << 20) - 1 - n, 0) : 0;
        if (got <= 0 && p.revents)
            break;
        n += got > 0 ? (size_t)got : 0;
        found = memmem(seen, n, text, strlen(text)) != NULL;
    }
    free(seen);
    return found ? n : 0;
}
