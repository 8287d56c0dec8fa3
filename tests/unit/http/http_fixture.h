/* SPDX-License-Identifier: Apache-2.0 */
/* A real server on a free port with a tiny app, and a client of raw sockets that says exactly what a
 * test wants said. */
#pragma once
#include "http/server.h"

typedef struct Fixture {
    Arena *arena;
    Ctx cx;
    HttpApp app;
    Http *http;
    char *dir;
    atomic_int handled, finished, interrupted, closed;
    atomic_bool release; /* lets /api/v1/slow answer */
    pthread_mutex_t lock;
    SseStream *streams[256];
    int n_streams;
} Fixture;

/* Deadlines of the fixture are short; change f->limits-like values through http_limits(). */
Fixture *fixture_start(void);
Fixture *fixture_start_with(int unix_fd, const char *const *proxies);
void fixture_stop(Fixture *f);

typedef struct Answer {
    int status; /* 0: the connection ended first */
    char *head; /* status line and headers */
    char *body;
    size_t n;
} Answer;

int client_open(const Fixture *f);
void client_send(int fd, const char *text);
Answer client_read(int fd);                            /* one answer by its Content-Length */
Answer client_read_head(int fd);                       /* no body: HEAD, 304, streams */
Answer client_ask(const Fixture *f, const char *text); /* open, send, read, close */
bool answer_has(const Answer *a, const char *text);    /* in the head, case-insensitive */
void answer_free(Answer *a);
bool client_is_closed(int fd, int within_ms); /* the server ended the connection */
size_t client_wait_for(int fd, const char *text,
                       int within_ms); /* bytes read until text came; 0 = never */
