/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines of slow clients and of work, and stopping. Times are shortened; each test would hang or
 * fail with the library's own timeout, which only counts silence.
 * Covers: slot.c worker.c pool.c */
#include "../test.h"

#include "http_fixture.h"

#include <sys/socket.h>

#define HOST "Host: localhost\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"

/* Sends one byte every 20 ms until the server ends the connection; gives the ms it took, -1 never. */
static int trickle(int fd, const char *text, int most_ms)
{
    for (int ms = 0; ms < most_ms; ms += 20) {
        if (*text && send(fd, text, 1, MSG_NOSIGNAL) == 1)
            text++;
        if (client_is_closed(fd, 20))
            return ms;
    }
    return -1;
}

static const char SLOW_HEADERS[] =
    "GET /api/v1/a/b HTTP/1.1\r\n" HOST "X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

TEST(slot, ends_a_new_connection_that_trickles)
{
    Fixture *f = fixture_start();
    http_limits(f->http)->header_ms = 300;
    int fd = client_open(f);
    int took = trickle(fd, SLOW_HEADERS, 3000);
    assert_in_range(took, 200, 1500);
    close(fd);
    assert_int_equal(atomic_load(&f->handled), 0);
    fixture_stop(f);
}

TEST(slot, ends_a_kept_connection_that_trickles)
{
    Fixture *f = fixture_start();
    http_limits(f->http)->header_ms = 300;
    int fd = client_open(f);
    client_send(fd, GET("/api/v1/a/b"));
    Answer a = client_read(fd);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    assert_false(client_is_closed(fd, 700)); /* silence is allowed longer */
    assert_in_range(trickle(fd, SLOW_HEADERS, 3000), 200, 1500);
    close(fd);
    fixture_stop(f);
}

TEST(slot, ends_a_body_that_trickles)
{
    Fixture *f = fixture_start();
    http_limits(f->http)->grace_ms = 300;
    int fd = client_open(f);
    client_send(fd, "POST /api/v1/accounts HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
                    "Content-Length: 900\r\n\r\n");
    assert_in_range(trickle(fd, SLOW_HEADERS, 3000), 200, 1500);
    close(fd);
    fixture_stop(f);
}

TEST(slot, ends_a_reader_that_stalls)
{
    Fixture *f = fixture_start();
    http_limits(f->http)->grace_ms = 100;
    http_limits(f->http)->min_rate = 1024 * 1024;
    int fd = client_open(f), small = 2048;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    for (int i = 0; i < 400; i++)
        client_send(fd, GET("/api/v1/big")); /* 8 MB of answers that nobody reads */
    usleep(800000);
    char block[4096];
    size_t got = 0;
    for (ssize_t n; (n = recv(fd, block, sizeof(block), 0)) > 0;)
        got += (size_t)n;
    assert_true(got < 400 * 20000);
    close(fd);
    fixture_stop(f);
}

TEST(slot, interrupts_work_past_its_time)
{
    Fixture *f = fixture_start();
    http_limits(f->http)->read_ms = 200;
    Answer a = client_ask(f, GET("/api/v1/slow"));
    assert_int_equal(a.status, 200);
    assert_true(atomic_load(&f->interrupted) >= 1);
    answer_free(&a);
    fixture_stop(f);
}

TEST(slot, is_free_again_after_each_connection)
{
    Fixture *f = fixture_start();
    for (int i = 0; i < 1500; i++) { /* more than there are slots */
        Answer a = client_ask(f, GET("/api/v1/a/b"));
        assert_int_equal(a.status, 200);
        answer_free(&a);
    }
    for (int i = 0; i < 100 && http_facts(f->http).connections; i++)
        usleep(10000);
    assert_int_equal(http_facts(f->http).connections, 0);
    assert_int_equal(atomic_load(&f->finished), 1500);
    fixture_stop(f);
}

TEST(slot, lets_work_end_when_stopping)
{
    Fixture *f = fixture_start();
    int fd = client_open(f), idle = client_open(f);
    client_send(fd, GET("/api/v1/slow"));
    while (!atomic_load(&f->handled))
        usleep(1000);
    http_quiesce(f->http);
    assert_false(http_drain(f->http, 100));
    atomic_store(&f->release, true);
    assert_true(http_drain(f->http, 5000));
    Answer a = client_read(fd);
    assert_int_equal(a.status, 200);
    assert_true(answer_has(&a, "Connection: close"));
    answer_free(&a);
    close(fd);
    close(idle);
    fixture_stop(f);
}

TEST(slot, serves_many_clients_at_once)
{
    enum { CLIENTS = 100, EACH = 50 };
    Fixture *f = fixture_start();
    int fds[CLIENTS];
    for (int c = 0; c < CLIENTS; c++)
        fds[c] = client_open(f);
    for (int i = 0; i < EACH; i++) {
        char ask[128], want[32];
        for (int c = 0; c < CLIENTS; c++) {
            snprintf(ask, sizeof(ask), "GET /api/v1/a/%d HTTP/1.1\r\n" HOST "\r\n", c * EACH + i);
            client_send(fds[c], ask);
        }
        for (int c = 0; c < CLIENTS; c++) {
            Answer a = client_read(fds[c]);
            snprintf(want, sizeof(want), "id=%d ", c * EACH + i);
            assert_non_null(strstr(a.body, want));
            answer_free(&a);
        }
    }
    for (int c = 0; c < CLIENTS; c++)
        close(fds[c]);
    fixture_stop(f);
}

TEST_MAIN("slot")
