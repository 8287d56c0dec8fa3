/* SPDX-License-Identifier: Apache-2.0 */
/* Load client of the bench: keep-alive HTTP/1.1 over loopback, one thread, many connections.
 *
 *     load PORT CONNECTIONS REQUESTS FILE [HEADER...]
 *
 * FILE has one request a line: METHOD, TAB, target, TAB, body (may be empty); requests are taken
 * in its order and start again at its end. Answers are read whole and must carry Content-Length.
 * Prints one JSON object: how many succeeded, rate, latencies; the first failure goes to stderr. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 1024, READ_BYTES = 1 << 20 };

typedef struct Text {
    char *p;
    size_t n;
} Text;

typedef struct Connection {
    int fd;
    char *in;
    size_t got, sent;
    const Text *request;
    double began_us;
} Connection;

typedef struct Load {
    int epoll, port;
    Text *requests;
    size_t request_count;
    long wanted, started, done, failed, bytes;
    double *latencies_us;
    Connection connections[MAX_CONNECTIONS];
} Load;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "load: %s: %s\n", what, why);
    exit(1);
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static Text render(char *line, const char *headers)
{
    char *method = line, *target = strchr(line, '\t');
    if (!target)
        die("request file", "a line without a tab");
    *target++ = 0;
    char *body = strchr(target, '\t');
    if (body)
        *body++ = 0;
    else
        body = "";
    Text t = {0};
    size_t n = strlen(body);
    int size =
        asprintf(&t.p, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s%sContent-Length: %zu\r\n\r\n%s",
                 method, target, headers, n ? "Content-Type: application/json\r\n" : "", n, body);
    if (size < 0)
        die("memory", "exhausted");
    t.n = (size_t)size;
    return t;
}

static void read_requests(Load *l, const char *path, char **header, int count)
{
    char headers[8192] = "";
    size_t used = 0;
    for (int i = 0; i < count; i++)
        used += (size_t)snprintf(headers + used, sizeof(headers) - used, "%s\r\n", header[i]);
    FILE *in = fopen(path, "r");
    if (!in)
        die(path, strerror(errno));
    char *line = NULL;
    size_t size = 0, room = 0;
    ssize_t n;
    while ((n = getline(&line, &size, in)) > 0) {
        if (line[n - 1] == '\n')
            line[n - 1] = 0;
        if (l->request_count == room) {
            room = room ? room * 2 : 1024;
            l->requests = realloc(l->requests, room * sizeof(Text));
            if (!l->requests)
                die("memory", "exhausted");
        }
        l->requests[l->request_count++] = render(line, headers);
    }
    free(line);
    fclose(in);
    if (!l->request_count)
        die(path, "is empty");
}

static void try_send(Connection *c)
{
    while (c->sent < c->request->n) {
        ssize_t n = send(c->fd, c->request->p + c->sent, c->request->n - c->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0)
            die("send", strerror(errno));
        c->sent += (size_t)n;
    }
}

static void next_request(Load *l, Connection *c)
{
    c->request = NULL;
    if (l->started == l->wanted)
        return;
    c->request = &l->requests[(size_t)l->started++ % l->request_count];
    c->got = c->sent = 0;
    c->began_us = now_us();
    try_send(c);
}

static void dial(Load *l, Connection *c)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)l->port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        die("connect", strerror(errno));
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e) != 0)
        die("epoll", strerror(errno));
    c->in = malloc(READ_BYTES + 1);
    if (!c->in)
        die("memory", "exhausted");
}

/* Bytes of the whole answer once its header is there, 0 before. */
static size_t answer_size(Connection *c)
{
    c->in[c->got] = 0;
    char *end = strstr(c->in, "\r\n\r\n");
    if (!end)
        return 0;
    char *length = strcasestr(c->in, "\r\ncontent-length:");
    size_t head = (size_t)(end - c->in) + 4;
    if (strncmp(c->in + 9, "204", 3) == 0)
        return head;
    if (!length || length > end)
        die("answer without Content-Length", c->in);
    return head + strtoul(length + 17, NULL, 10);
}

static void take_answer(Load *l, Connection *c, size_t size)
{
    l->latencies_us[l->done++] = now_us() - c->began_us;
    l->bytes += (long)size;
    if (c->in[9] != '2' && l->failed++ == 0)
        fprintf(stderr, "load: first failure:\n%s\n%s\n", c->request->p, c->in);
    next_request(l, c);
}

static void readable(Load *l, Connection *c)
{
    if (c->request && c->sent < c->request->n)
        try_send(c);
    ssize_t n = recv(c->fd, c->in + c->got, READ_BYTES - c->got, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        die("connection", n == 0 ? "closed by the server" : strerror(errno));
    c->got += (size_t)n;
    size_t size = answer_size(c);
    if (size > READ_BYTES)
        die("answer", "too large");
    if (size && c->got >= size)
        take_answer(l, c, size);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(Load *l, double seconds)
{
    qsort(l->latencies_us, (size_t)l->done, sizeof(double), by_value);
    printf("{\"requests\":%ld,\"failed\":%ld,\"seconds\":%.6f,\"per_second\":%.1f,\"bytes\":%ld,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
           l->done, l->failed, seconds, (double)l->done / seconds, l->bytes,
           l->latencies_us[l->done / 2] / 1e3, l->latencies_us[l->done * 99 / 100] / 1e3,
           l->latencies_us[l->done - 1] / 1e3);
}

int main(int argc, char **argv)
{
    static Load load;
    Load *l = &load;
    if (argc < 5)
        die("usage", "load PORT CONNECTIONS REQUESTS FILE [HEADER...]");
    l->port = (int)strtol(argv[1], NULL, 10);
    long connections = strtol(argv[2], NULL, 10);
    l->wanted = strtol(argv[3], NULL, 10);
    if (connections < 1 || connections > MAX_CONNECTIONS || l->wanted < 1)
        die("usage", "1 to 1024 connections, at least one request");
    read_requests(l, argv[4], argv + 5, argc - 5);
    l->latencies_us = calloc((size_t)l->wanted, sizeof(double));
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!l->latencies_us || l->epoll < 0)
        die("start", strerror(errno));
    for (long i = 0; i < connections; i++)
        dial(l, &l->connections[i]);
    double began = now_us();
    for (long i = 0; i < connections; i++)
        next_request(l, &l->connections[i]);
    struct epoll_event events[128];
    while (l->done < l->wanted) {
        int n = epoll_wait(l->epoll, events, 128, 30000);
        if (n == 0)
            die("server", "no answer for 30 s");
        for (int i = 0; i < n; i++)
            readable(l, events[i].data.ptr);
    }
    report(l, (now_us() - began) / 1e6);
    return l->failed ? 1 : 0;
}
