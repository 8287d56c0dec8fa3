/* SPDX-License-Identifier: Apache-2.0 */
/* The server as its clients see it: routing, limits, bodies, keep-alive, compression, static files.
 * Covers: http.c loop.c body.c answer.c asset.c req.c */
#include "../test.h"

#include "http_fixture.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <zlib.h>

#define HOST "Host: localhost\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"

static void expect(const Fixture *f, const char *request, int status, const char *in_body)
{
    Answer a = client_ask(f, request);
    if (a.status != status || !a.body || !strstr(a.body, in_body))
        print_error("asked %s\ngot %s%s\n", request, a.head, a.body ? a.body : "");
    assert_int_equal(a.status, status);
    assert_non_null(strstr(a.body, in_body));
    assert_true(answer_has(&a, "X-Request-Id: "));
    answer_free(&a);
}

TEST(server, answers_with_decoded_parameters)
{
    Fixture *f = fixture_start();
    expect(f, GET("/api/v1/echo?filter=a%20%3D%20%22%E5%AE%A2%22&sort=-x"), 200,
           "filter=a = \"客\"");
    expect(f, GET("/api/v1/accounts/a%2Fb"), 200, "plural=accounts id=a/b");
    expect(f, "GET /api/v1/accounts/7 HTTP/1.1\r\n" HOST "Cookie: a=1; gx_session=tok\r\n\r\n", 200,
           "cookie=tok");
    expect(f, "GET http://localhost/api/v1/accounts/9 HTTP/1.1\r\n" HOST "\r\n", 200, "id=9");
    fixture_stop(f);
}

TEST(server, refuses_what_no_route_allows)
{
    Fixture *f = fixture_start();
    expect(f, GET("/api/v1/nothing"), 405, "method");
    expect(f, GET("/api/v1/a/b/c/d"), 404, "not_found");
    expect(f, GET("/api/v1/echo?filter=a&colour=red"), 400, "\"fault\":\"colour\"");
    expect(f, GET("/api/v1/echo?filter=a&filter=b"), 400, "\"fault\":\"filter\"");
    expect(f, GET("/api/v1/echo?filter=%ff"), 400, "\"fault\":\"filter\"");
    expect(f, GET("/api/v1/echo?filter=%00"), 400, "\"fault\":\"filter\"");
    expect(f, GET("/api/v1/accounts/%zz"), 400, "\"fault\":\"path\"");
    Answer a = client_ask(f, "DELETE /api/v1/accounts/7 HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(a.status, 405);
    assert_true(answer_has(&a, "Allow: GET, HEAD, PATCH\r\n"));
    answer_free(&a);
    fixture_stop(f);
}

TEST(server, admits_before_it_works)
{
    Fixture *f = fixture_start();
    expect(f, GET("/api/v1/refused"), 401, "unauthenticated");
    assert_int_equal(atomic_load(&f->handled), 0);
    fixture_stop(f);
}

static char *post(const char *type, const char *extra, const char *body)
{
    char *text = NULL;
    assert_true(asprintf(&text,
                         "POST /api/v1/accounts HTTP/1.1\r\n" HOST
                         "Content-Type: %s\r\n%sContent-Length: %zu\r\n\r\n%s",
                         type, extra, strlen(body), body) > 0);
    return text;
}

static void expect_post(const Fixture *f, const char *type, const char *extra, const char *body,
                        int status, const char *in_body)
{
    char *text = post(type, extra, body);
    expect(f, text, status, in_body);
    free(text);
}

TEST(server, takes_json_and_nothing_else)
{
    Fixture *f = fixture_start();
    expect_post(f, "application/json", "", "{\"a\":1}", 200, "body={\"a\":1}");
    expect_post(f, "application/merge-patch+json; charset=utf-8", "", "{}", 200, "body={}");
    expect_post(f, "text/plain", "", "{}", 415, "media_type");
    expect_post(f, "application/json", "Content-Encoding: gzip\r\n", "{}", 415, "media_type");
    expect(f,
           "POST /api/v1/accounts HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
           "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
           200, "body={}");
    fixture_stop(f);
}

TEST(server, refuses_big_bodies)
{
    Fixture *f = fixture_start();
    char *big = malloc(3 * 1024 * 1024 + 1);
    memset(big, 'x', 3 * 1024 * 1024);
    big[3 * 1024 * 1024] = '\0';
    expect_post(f, "application/json", "", big, 413, "too_large");
    big[1001] = '\0';
    expect_post(f, "application/json", "", big, 413, "too_large");
    big[1000] = '\0';
    expect_post(f, "application/json", "", big, 200, "body=x");
    expect(f,
           "POST /api/v1/accounts HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
           "Expect: 100-continue\r\nContent-Length: 999999999999\r\n\r\n",
           413, "too_large");
    expect(f, "GET /api/v1/big HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}", 413, "too_large");
    char chunked[3000];
    snprintf(chunked, sizeof(chunked),
             "POST /api/v1/accounts HTTP/1.1\r\n" HOST
             "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
             "3e8\r\n%.1000s\r\n3e8\r\n%.1000s\r\n0\r\n\r\n",
             big, big);
    expect(f, chunked, 413, "too_large");
    free(big);
    fixture_stop(f);
}

TEST(server, refuses_ambiguous_framing)
{
    Fixture *f = fixture_start();
    expect(f,
           "POST /api/v1/accounts HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           400, "");
    expect(f,
           "POST /api/v1/accounts HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
           "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           400, "");
    expect(f, "GET /api/v1/big HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "");
    assert_int_equal(atomic_load(&f->handled), 0);
    fixture_stop(f);
}

TEST(server, keeps_connections_and_order)
{
    Fixture *f = fixture_start();
    int fd = client_open(f);
    client_send(fd, GET("/api/v1/later") GET("/api/v1/accounts/1") GET("/api/v1/x/y/z")
                        GET("/api/v1/accounts/2"));
    static const char *const WANT[] = {"later", "id=1", "not_found", "id=2"};
    for (size_t i = 0; i < COUNT_OF(WANT); i++) {
        Answer a = client_read(fd);
        if (!strstr(a.body, WANT[i]))
            print_error("%zu: %s%s\n", i, a.head, a.body);
        assert_non_null(strstr(a.body, WANT[i]));
        answer_free(&a);
    }
    char *text = post("text/plain", "", "refused, but read"); /* keeps the connection as well */
    client_send(fd, text);
    client_send(fd, GET("/api/v1/accounts/3"));
    Answer a = client_read(fd);
    assert_int_equal(a.status, 415);
    answer_free(&a);
    a = client_read(fd);
    assert_non_null(strstr(a.body, "id=3"));
    answer_free(&a);
    free(text);
    close(fd);
    fixture_stop(f);
}

TEST(server, runs_again_when_told)
{
    Fixture *f = fixture_start();
    Answer a = client_ask(f, GET("/api/v1/again"));
    assert_null(strstr(a.body, "first try"));
    assert_int_equal(atomic_load(&f->handled), 2);
    answer_free(&a);
    fixture_stop(f);
}

TEST(server, compresses_what_is_long)
{
    Fixture *f = fixture_start();
    Answer a =
        client_ask(f, "GET /api/v1/big HTTP/1.1\r\n" HOST "Accept-Encoding: br, gzip\r\n\r\n");
    assert_int_equal(a.status, 200);
    assert_true(answer_has(&a, "Content-Encoding: gzip"));
    assert_true(answer_has(&a, "Cache-Control: private, no-store"));
    assert_true(a.n < 2000);
    char plain[32768];
    z_stream z = {.next_in = (Bytef *)a.body,
                  .avail_in = (uInt)a.n,
                  .next_out = (Bytef *)plain,
                  .avail_out = sizeof(plain)};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_in_range(z.total_out, 20000, 20100);
    inflateEnd(&z);
    answer_free(&a);
    a = client_ask(f, "GET /api/v1/big HTTP/1.1\r\n" HOST "Accept-Encoding: gzip;q=0, br\r\n\r\n");
    assert_false(answer_has(&a, "Content-Encoding"));
    assert_true(answer_has(&a, "Vary: Accept-Encoding"));
    assert_in_range(a.n, 20000, 20100);
    answer_free(&a);
    fixture_stop(f);
}

TEST(server, answers_head_without_body)
{
    Fixture *f = fixture_start();
    int fd = client_open(f);
    client_send(fd, "HEAD /api/v1/big HTTP/1.1\r\n" HOST "\r\n" GET("/api/v1/accounts/5"));
    Answer a = client_read_head(fd);
    assert_int_equal(a.status, 200);
    assert_true(answer_has(&a, "Content-Length: 20"));
    answer_free(&a);
    a = client_read(fd);
    assert_non_null(strstr(a.body, "id=5"));
    answer_free(&a);
    close(fd);
    fixture_stop(f);
}

TEST(server, gives_problem_instead_of_too_long_answer)
{
    Fixture *f = fixture_start();
    expect(f, GET("/api/v1/huge"), 500, "internal");
    for (int i = 0; i < 100 && !http_facts(f->http).errors; i++) /* counted once it is sent */
        usleep(20000);
    assert_int_equal(http_facts(f->http).errors, 1);
    fixture_stop(f);
}

TEST(server, sends_files_as_attachments)
{
    Fixture *f = fixture_start();
    Answer a = client_ask(f, GET("/api/v1/file"));
    assert_int_equal(a.status, 200);
    assert_true(answer_has(&a, "Content-Disposition: attachment; filename*=UTF-8''%E8%A1%A8.txt"));
    assert_true(answer_has(&a, "Content-Type: text/plain"));
    answer_free(&a);
    fixture_stop(f);
}

TEST(server, serves_the_client)
{
    Fixture *f = fixture_start();
    Answer a = client_ask(f, "GET /assets/app-1234.js HTTP/1.1\r\n" HOST
                             "Accept-Encoding: gzip, br\r\n\r\n");
    assert_string_equal(a.body, "br script");
    assert_true(answer_has(&a, "Content-Encoding: br"));
    assert_true(answer_has(&a, "immutable"));
    assert_true(answer_has(&a, "Content-Type: text/javascript"));
    answer_free(&a);
    expect(f, GET("/assets/app-1234.js"), 200, "plain script");
    expect(f, GET("/assets/other.js"), 404, "not_found");
    expect(f, GET("/api/nothing"), 404, "not_found");
    a = client_ask(f, GET("/favicon.ico"));
    assert_string_equal(a.body, "icon");
    char again[400], *etag = strstr(a.head, "ETag: ");
    assert_non_null(etag);
    snprintf(again, sizeof(again),
             "GET /favicon.ico HTTP/1.1\r\n" HOST "If-None-Match: %.18s\r\n\r\n", etag + 6);
    answer_free(&a);
    int fd = client_open(f);
    client_send(fd, again);
    a = client_read_head(fd);
    assert_int_equal(a.status, 304);
    answer_free(&a);
    close(fd);
    fixture_stop(f);
}

TEST(server, renders_pages_with_a_fresh_nonce)
{
    Fixture *f = fixture_start();
    char nonces[2][64];
    for (int i = 0; i < 2; i++) {
        Answer a = client_ask(f, i ? GET("/accounts/7") : GET("/"));
        assert_int_equal(a.status, 200);
        assert_null(strstr(a.body, "__CSP_NONCE__"));
        assert_int_equal(sscanf(a.body, "<script nonce=\"%63[^\"]", nonces[i]), 1);
        char wanted[128];
        snprintf(wanted, sizeof(wanted), "script-src 'self' 'nonce-%s'", nonces[i]);
        assert_true(answer_has(&a, wanted));
        assert_true(answer_has(&a, "frame-ancestors 'none'"));
        assert_true(answer_has(&a, "Cache-Control: no-store"));
        answer_free(&a);
    }
    assert_string_not_equal(nonces[0], nonces[1]);
    fixture_stop(f);
}

TEST(server, believes_only_its_proxies)
{
    static const char *const PROXIES[] = {"127.0.0.0/8", "10.0.0.1", NULL};
    Fixture *f = fixture_start_with(-1, PROXIES);
    expect(f,
           "GET /api/v1/a/b HTTP/1.1\r\n" HOST
           "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.1\r\nX-Forwarded-Proto: https\r\n\r\n",
           200, "client=203.0.113.9 https=1");
    fixture_stop(f);
    f = fixture_start();
    expect(f,
           "GET /api/v1/a/b HTTP/1.1\r\n" HOST
           "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n\r\n",
           200, "client=127.0.0.1 https=0");
    fixture_stop(f);
}

TEST(server, knows_its_owner_on_the_unix_socket)
{
    char *dir = test_tempdir();
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof(at.sun_path), "%s/s", dir);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
    Fixture *f = fixture_start_with(listener, NULL);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    client_send(fd, GET("/api/v1/a/b"));
    Answer a = client_read(fd);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "owner=1"));
    answer_free(&a);
    close(fd);
    fixture_stop(f);
    test_tempdir_remove(dir);
}

TEST(server, refuses_too_many_headers)
{
    Fixture *f = fixture_start();
    char text[8192];
    size_t n = (size_t)snprintf(text, sizeof(text), "GET /api/v1/a/b HTTP/1.1\r\n" HOST);
    for (int i = 0; i < 70; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "X-%d: y\r\n", i);
    snprintf(text + n, sizeof(text) - n, "\r\n");
    expect(f, text, 431, "too_large");
    fixture_stop(f);
}

/* These never come to the app: the library answers by itself, or ends the connection. */
TEST(server, survives_what_is_no_request)
{
    static const char *const STARTS[] = {"garbage\r\n\r\n",
                                         "GET\r\n\r\n",
                                         "\r\n\r\n\r\n",
                                         "GET / HTTP/9.9\r\n\r\n",
                                         "GET / HTTP/1.1\r\n\r\n", /* no Host */
                                         "POST /api/v1/accounts HTTP/1.1\r\n" HOST
                                         "Content-Type: application/json\r\n"
                                         "Transfer-Encoding: chunked\r\n\r\nzz\r\n"};
    Fixture *f = fixture_start();
    for (size_t i = 0; i < COUNT_OF(STARTS); i++) {
        int fd = client_open(f);
        client_send(fd, STARTS[i]);
        shutdown(fd, SHUT_WR);
        Answer a = client_read_head(fd);
        if (a.status)
            assert_in_range(a.status, 400, 599);
        answer_free(&a);
        close(fd);
    }
    char *longer = malloc(100001);
    memset(longer, 'a', 100000);
    longer[100000] = '\0';
    int fd = client_open(f);
    client_send(fd, "GET /api/v1/echo?filter=");
    client_send(fd, longer);
    client_send(fd, " HTTP/1.1\r\n" HOST "\r\n");
    Answer a = client_read_head(fd);
    if (a.status)
        assert_in_range(a.status, 400, 599);
    answer_free(&a);
    close(fd);
    free(longer);
    assert_int_equal(atomic_load(&f->handled), 0);
    expect(f, GET("/api/v1/a/b"), 200, "id=b");
    fixture_stop(f);
}

TEST_MAIN("server")
