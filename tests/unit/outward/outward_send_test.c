/* SPDX-License-Identifier: Apache-2.0 */
/* Requests against a small server on loopback; names are resolved here, so that they can change their mind. */
#include "../test.h"

#include "outward/outward.h"
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

/* ---- names: libcurl asks this one */

static char fake_answers[4][16];
static int fake_n, fake_asked;

int getaddrinfo(const char *name, const char *port, const struct addrinfo *hints UNUSED,
                struct addrinfo **ret)
{
    int at = fake_asked++;
    const char *text =
        strcmp(name, "changing.test") != 0 ? name : fake_answers[at < fake_n ? at : fake_n - 1];
    struct sockaddr_in *sa = calloc(1, sizeof *sa);
    *ret = calloc(1, sizeof **ret);
    sa->sin_family = AF_INET;
    sa->sin_port = htons((uint16_t)(port ? strtol(port, NULL, 10) : 0));
    unsigned char bytes[16];
    assert_true(network_address(str_of(text), bytes));
    memcpy(&sa->sin_addr, bytes + 12, 4);
    **ret = (struct addrinfo){.ai_family = AF_INET,
                              .ai_socktype = SOCK_STREAM,
                              .ai_protocol = IPPROTO_TCP,
                              .ai_addrlen = sizeof *sa,
                              .ai_addr = (struct sockaddr *)sa};
    return 0;
}

void freeaddrinfo(struct addrinfo *one)
{
    free(one->ai_addr);
    free(one);
}

/* ---- a server that answers each connection with the next text */

typedef struct Server {
    int fd, port, n;
    const char *answers[8];
    char asked[8][2048];
    pthread_t thread;
} Server;

/* Reads the head, and as much of a body as the tests send. */
static void read_request(int fd, char *text, size_t size)
{
    const char *end = NULL;
    size_t n = 0;
    while (n < size - 1 && !(end && (strncmp(text, "POST", 4) != 0 || strlen(end) >= 8))) {
        ssize_t got = read(fd, text + n, size - 1 - n);
        if (got <= 0)
            return;
        n += (size_t)got;
        text[n] = 0;
        end = strstr(text, "\r\n\r\n");
    }
}

static void *serve(void *arg)
{
    Server *s = arg;
    for (int i = 0; s->answers[i]; i++) {
        int fd = accept(s->fd, NULL, NULL);
        if (fd < 0)
            break;
        read_request(fd, s->asked[i], sizeof s->asked[i]);
        s->n += s->asked[i][0] != 0;
        if (write(fd, s->answers[i], strlen(s->answers[i])) < 0)
            s->n = -1;
        close(fd);
    }
    return NULL;
}

static void server_start(Server *s)
{
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof sa;
    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(s->fd, (struct sockaddr *)&sa, sizeof sa), 0);
    assert_int_equal(listen(s->fd, 8), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&sa, &n), 0);
    s->port = ntohs(sa.sin_port);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_stop(Server *s)
{
    shutdown(s->fd, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->fd);
}

/* ---- asking */

typedef struct Asking {
    Arena *arena;
    Ctx cx;
    OutwardRules rules;
    Outward *o;
    OutwardAnswer answer;
} Asking;

static void begin(Asking *a, const char *rules)
{
    a->arena = arena_new(4096);
    a->cx = (Ctx){.arena = a->arena, .lang = LANG_EN};
    a->answer = (OutwardAnswer){0};
    fake_asked = 0;
    ASSERT_OK(outward_rules_read(&a->cx, rules, &a->rules));
    ASSERT_OK(outward_open(&a->cx, &a->rules, &a->o));
}

static void end(Asking *a)
{
    outward_free(a->o);
    arena_free(a->arena);
}

static Str url(Asking *a, const char *host, int port)
{
    return str_format(a->arena, "http://%s:%d/x", host, port);
}

static const char *const HEADERS[] = {"X-Secret: yes", NULL};
#define OK_TEXT "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nRetry-After: 7\r\n\r\nhi"

TEST(send, reaches_what_is_named)
{
    Server s = {.answers = {OK_TEXT, NULL}};
    Asking a;
    begin(&a, "127.0.0.1");
    server_start(&s);
    ASSERT_OK(outward_send(&a.cx, a.o,
                           &(OutwardRequest){.method = "POST",
                                             .url = url(&a, "127.0.0.1", s.port),
                                             .headers = HEADERS,
                                             .body = STR("body")},
                           &a.answer));
    assert_int_equal(a.answer.status, 200);
    assert_int_equal(a.answer.retry_after_s, 7);
    assert_true(str_is(a.answer.body, "hi"));
    server_stop(&s);
    assert_non_null(strstr(s.asked[0], "POST /x HTTP/1.1\r\n"));
    assert_non_null(strstr(s.asked[0], "X-Secret: yes\r\n"));
    assert_non_null(strstr(s.asked[0], "\r\n\r\nbody"));
    end(&a);
}

TEST(send, connects_nothing_that_is_not_named)
{
    static const char *const HOSTS[] = {"127.0.0.1",         "changing.test", "[::1]",
                                        "0.0.0.0",           "2130706433",    "0x7f.1",
                                        "[::ffff:127.0.0.1]"};
    snprintf(fake_answers[0], sizeof fake_answers[0], "127.0.0.1");
    fake_n = 1;
    for (size_t i = 0; i < COUNT_OF(HOSTS); i++) {
        Server s = {.answers = {OK_TEXT, NULL}};
        Asking a;
        begin(&a, "127.0.0.1:1");
        server_start(&s);
        Status st = outward_send(
            &a.cx, a.o, &(OutwardRequest){.method = "GET", .url = url(&a, HOSTS[i], s.port)},
            &a.answer);
        server_stop(&s);
        if (st != ST_DENIED || s.n != 0)
            fail_msg("%s: %d, asked %d", HOSTS[i], st, s.n);
        end(&a);
    }
}

TEST(send, follows_to_what_is_named_without_the_headers_of_another)
{
    Server s = {0}, next = {.answers = {OK_TEXT, NULL}};
    char there[128];
    Asking a;
    begin(&a, "127.0.0.1");
    server_start(&next);
    snprintf(there, sizeof there, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/y\r\n\r\n",
             next.port);
    s.answers[0] = there;
    server_start(&s);
    ASSERT_OK(outward_send(
        &a.cx, a.o,
        &(OutwardRequest){
            .method = "GET", .url = url(&a, "127.0.0.1", s.port), .headers = HEADERS, .hops = 3},
        &a.answer));
    server_stop(&s);
    server_stop(&next);
    assert_int_equal(a.answer.status, 200);
    assert_non_null(strstr(s.asked[0], "X-Secret"));
    assert_non_null(strstr(next.asked[0], "GET /y "));
    assert_null(strstr(next.asked[0], "X-Secret"));
    end(&a);
}

/* The server is named, where it leads is not: the second one hears nothing. */
TEST(send, judges_where_a_redirect_leads)
{
    static const char *const TO[] = {"http://127.0.0.2:%d/", "http://changing.test:%d/",
                                     "https://[::1]:%d/"};
    snprintf(fake_answers[0], sizeof fake_answers[0], "127.0.0.3");
    fake_n = 1;
    for (size_t i = 0; i < COUNT_OF(TO); i++) {
        Server s = {0};
        char to[64], there[128];
        Asking a;
        begin(&a, "127.0.0.1");
        snprintf(to, sizeof to, TO[i], 9);
        snprintf(there, sizeof there, "HTTP/1.1 307 Elsewhere\r\nLocation: %s\r\n\r\n", to);
        s.answers[0] = there;
        server_start(&s);
        ASSERT_ST(ST_DENIED,
                  outward_send(&a.cx, a.o,
                               &(OutwardRequest){
                                   .method = "GET", .url = url(&a, "127.0.0.1", s.port), .hops = 3},
                               &a.answer));
        server_stop(&s);
        assert_int_equal(s.n, 1);
        end(&a);
    }
}

TEST(send, leaves_other_schemes_and_endless_redirects)
{
    Server s = {.answers = {"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n", NULL}};
    Asking a;
    begin(&a, "127.0.0.1");
    server_start(&s);
    Status st = outward_send(
        &a.cx, a.o,
        &(OutwardRequest){.method = "GET", .url = url(&a, "127.0.0.1", s.port), .hops = 3},
        &a.answer);
    assert_true(st == ST_INVALID || (st == ST_OK && a.answer.status == 302));
    server_stop(&s);
    end(&a);

#define ROUND "HTTP/1.1 302 Found\r\nLocation: /again\r\nConnection: close\r\n\r\n"
    Server round = {.answers = {ROUND, ROUND, ROUND, NULL}};
    begin(&a, "127.0.0.1");
    server_start(&round);
    ASSERT_OK(outward_send(
        &a.cx, a.o,
        &(OutwardRequest){.method = "GET", .url = url(&a, "127.0.0.1", round.port), .hops = 2},
        &a.answer));
    server_stop(&round);
    assert_int_equal(a.answer.status, 302);
    assert_int_equal(round.n, 3);
    end(&a);
}

/* The name is public when it is looked at first and the server's own network the next time. */
TEST(send, judges_a_name_again_that_changes_its_mind)
{
    Server s = {.answers = {OK_TEXT, OK_TEXT, NULL}};
    Asking a;
    snprintf(fake_answers[0], sizeof fake_answers[0], "127.0.0.1");
    snprintf(fake_answers[1], sizeof fake_answers[1], "127.0.0.2");
    fake_n = 2;
    begin(&a, "127.0.0.1");
    server_start(&s);
    OutwardRequest q = {.method = "GET", .url = url(&a, "changing.test", s.port)};
    ASSERT_OK(outward_send(&a.cx, a.o, &q, &a.answer));
    outward_free(a.o); /* a new session resolves anew */
    ASSERT_OK(outward_open(&a.cx, &a.rules, &a.o));
    ASSERT_ST(ST_DENIED, outward_send(&a.cx, a.o, &q, &a.answer));
    assert_int_equal(fake_asked, 2);
    server_stop(&s);
    assert_int_equal(s.n, 1);
    end(&a);
}

TEST(send, takes_no_more_than_it_asked_for)
{
    Server s = {
        .answers = {"HTTP/1.1 200 OK\r\n\r\n0123456789012345678901234567890123456789", NULL}};
    Asking a;
    begin(&a, "127.0.0.1");
    server_start(&s);
    ASSERT_ST(ST_TOO_LARGE, outward_send(&a.cx, a.o,
                                         &(OutwardRequest){.method = "GET",
                                                           .url = url(&a, "127.0.0.1", s.port),
                                                           .max_answer = 16},
                                         &a.answer));
    server_stop(&s);
    end(&a);
}

TEST(send, ignores_the_proxy_of_the_environment)
{
    Server s = {.answers = {OK_TEXT, NULL}};
    Asking a;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    begin(&a, "127.0.0.1");
    server_start(&s);
    ASSERT_OK(outward_send(&a.cx, a.o,
                           &(OutwardRequest){.method = "GET", .url = url(&a, "127.0.0.1", s.port)},
                           &a.answer));
    unsetenv("http_proxy");
    server_stop(&s);
    end(&a);
}

TEST_MAIN("outward_send")
