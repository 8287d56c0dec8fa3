/* SPDX-License-Identifier: Apache-2.0 */
/* Streams: delivery, heartbeat, slow readers, clients that leave, stopping with streams open. */
#include "../test.h"

#include "http_fixture.h"

#include <sys/socket.h>

static const char ASK[] = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n";

static int open_stream(Fixture *f)
{
    int fd = client_open(f), before = f->n_streams;
    client_send(fd, ASK);
    Answer a = client_read_head(fd);
    assert_int_equal(a.status, 200);
    assert_true(answer_has(&a, "Content-Type: text/event-stream"));
    assert_true(answer_has(&a, "Cache-Control: no-store"));
    answer_free(&a);
    for (int i = 0; i < 200; i++) {
        pthread_mutex_lock(&f->lock);
        bool there = f->n_streams > before;
        pthread_mutex_unlock(&f->lock);
        if (there)
            break;
        usleep(1000);
    }
    return fd;
}

TEST(sse, reaches_two_hundred_clients)
{
    enum { CLIENTS = 200 };
    Fixture *f = fixture_start();
    int fds[CLIENTS];
    for (int c = 0; c < CLIENTS; c++)
        fds[c] = open_stream(f);
    assert_int_equal(http_facts(f->http).streams, CLIENTS);
    for (int round = 0; round < 3; round++) {
        char frame[64];
        snprintf(frame, sizeof(frame), "id: %d\nevent: record\ndata: {}\n\n", round);
        for (int c = 0; c < CLIENTS; c++)
            assert_true(sse_send(f->streams[c], str_of(frame)));
        snprintf(frame, sizeof(frame), "id: %d\n", round);
        for (int c = 0; c < CLIENTS; c++)
            assert_true(client_wait_for(fds[c], frame, 5000) > 0);
    }
    Answer a = client_ask(f, "GET /api/v1/a/b HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_int_equal(a.status, 200); /* streams hold no worker */
    answer_free(&a);
    for (int c = 0; c < CLIENTS; c++)
        close(fds[c]);
    fixture_stop(f);
}

TEST(sse, keeps_silent_streams_alive_and_finds_dead_ones)
{
    Fixture *f = fixture_start();
    http_limits(f->http)->heartbeat_ms = 100;
    int fd = open_stream(f), left = open_stream(f);
    assert_true(client_wait_for(fd, ":", 2000) > 0);
    close(left);
    for (int i = 0; i < 300 && !atomic_load(&f->closed); i++)
        usleep(10000);
    assert_int_equal(atomic_load(&f->closed), 1);
    assert_false(sse_send(f->streams[1], STR("data: x\n\n")));
    assert_true(sse_send(f->streams[0], STR("data: still\n\n")));
    assert_true(client_wait_for(fd, "still", 2000) > 0);
    close(fd);
    fixture_stop(f);
}

TEST(sse, finds_a_client_that_left_before_anything_is_sent)
{
    Fixture *f = fixture_start();
    http_limits(f->http)->heartbeat_ms = 3600000;
    int stays = open_stream(f), left = open_stream(f);
    close(left);
    for (int i = 0; i < 400 && !atomic_load(&f->closed); i++)
        usleep(10000);
    assert_int_equal(atomic_load(&f->closed), 1);
    assert_false(sse_send(f->streams[1], STR("data: x\n\n")));
    assert_true(sse_send(f->streams[0], STR("data: still\n\n")));
    assert_true(client_wait_for(stays, "still", 2000) > 0);
    close(stays);
    fixture_stop(f);
}

TEST(sse, drops_a_client_that_does_not_read)
{
    Fixture *f = fixture_start();
    int fd = open_stream(f), small = 2048, sent = 0;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    char frame[8192];
    memset(frame, 'x', sizeof(frame) - 2);
    memcpy(frame + sizeof(frame) - 2, "\n\n", 2);
    while (sent < 10000 && sse_send(f->streams[0], str_n(frame, sizeof(frame)))) {
        sent++;
        usleep(100);
    }
    assert_in_range(sent, 256 / 8 - 1, 9999); /* at least what its queue holds */
    for (int i = 0; i < 300 && !atomic_load(&f->closed); i++)
        usleep(10000);
    assert_int_equal(atomic_load(&f->closed), 1);
    close(fd);
    fixture_stop(f);
}

TEST(sse, ends_when_the_app_says_so)
{
    Fixture *f = fixture_start();
    int fd = open_stream(f);
    assert_true(sse_send(f->streams[0], STR("event: last\n\n")));
    sse_close(f->streams[0]);
    assert_true(client_wait_for(fd, "0\r\n\r\n", 2000) > 0); /* the last chunk */
    assert_false(sse_send(f->streams[0], STR("late")));
    close(fd);
    fixture_stop(f);
}

TEST(sse, does_not_hinder_stopping)
{
    Fixture *f = fixture_start();
    int fds[20];
    for (int i = 0; i < 20; i++)
        fds[i] = open_stream(f);
    http_quiesce(f->http);
    assert_true(http_drain(f->http, 1000));
    fixture_stop(f); /* asserts that each stream was reported closed */
    for (int i = 0; i < 20; i++) {
        assert_true(client_is_closed(fds[i], 2000));
        close(fds[i]);
    }
}

TEST_MAIN("sse")
