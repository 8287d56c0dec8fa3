/* SPDX-License-Identifier: Apache-2.0 */
/* serve: a small parent that restarts a crashed child (back-off), and the child that serves until
 * SIGTERM. SIGHUP re-reads the log level. */
#include "app/app.h"
#include "base/calendar.h"
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONGEST_PAUSE_S 30
#define MOST_ARENAS 8
#define EXIT_REFUSED 1 /* wrong settings, locked data: starting again would not help */

static void set_level(const char *text)
{
    log_level(!strcmp(text, "error")   ? LOG_ERROR
              : !strcmp(text, "warn")  ? LOG_WARN
              : !strcmp(text, "debug") ? LOG_DEBUG
                                       : LOG_INFO);
}

/* Loopback only, unless https stands in front or somebody says that he knows. */
static Status check_listen(Ctx *cx, const Settings *s)
{
    Str where = str_of(s->listen);
    bool loopback = str_starts(where, STR("127.")) || str_starts(where, STR("[::1]")) ||
                    str_starts(where, STR("localhost:"));
    bool https = s->public_url && str_starts(str_of(s->public_url), STR("https://"));
    if (loopback || https || s->insecure_http)
        return ST_OK;
    return FAIL(
        cx, ST_INVALID, "app.listen_beyond",
        "%s is not loopback: give --public-url https://… (nginx in front) or --insecure-http",
        s->listen);
}

static void announce(const Settings *s, const App *app, Str password)
{
    if (s->public_url)
        printf("Guanxi: %s\n", s->public_url);
    else
        printf("Guanxi: http://localhost:%d\n", http_port(app->http));
    if (password.n)
        printf("login: admin\npassword: %.*s  (shown once)\n", STR_ARG(password));
    fflush(stdout);
}

static void wait_for_end(Ctx *cx, const Settings *s)
{
    sigset_t set;
    int got = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    while (sigwait(&set, &got) == 0 && got == SIGHUP) {
        Settings again = {0};
        char *words[] = {"guanxi", "--data", (char *)(uintptr_t)s->data};
        if (settings_read(cx, 3, words, 1, &again) == ST_OK)
            set_level(again.log_level);
        error_clear(cx);
    }
}

/* By default each of many threads gets an arena of its own, which keeps what it once needed: beside an index
 * build these were a third of all memory. */
static void share_memory(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    mallopt(M_ARENA_MAX, processors > MOST_ARENAS ? MOST_ARENAS
                         : processors > 2         ? (int)processors
                                                  : 2);
}

static int serve_here(Ctx *cx, const Settings *s)
{
    App app;
    Str password = STR_NULL;
    share_memory();
    Status st = app_open(cx, s, &app, &password);
    if (st != ST_OK) {
        app_complain(cx);
        app_close(&app);
        return EXIT_REFUSED;
    }
    announce(s, &app, password);
    log_info(cx, "serve.started", LOG_INT("port", http_port(app.http)),
             LOG_INT("ms", clock_ms() - cx->now_ms));
    wait_for_end(cx, s);
    log_info(cx, "serve.stopping", LOG_INT("port", http_port(app.http)));
    app_close(&app);
    return 0;
}

static void block_signals(sigset_t *old)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, old);
}

/* Passes signals on; true when the child has ended. */
static bool watch(pid_t child, int *ret_status, bool *ret_asked)
{
    sigset_t set;
    int got = 0;
    sigfillset(&set);
    if (sigwait(&set, &got) != 0)
        return false;
    if (got == SIGTERM || got == SIGINT) {
        *ret_asked = true;
        kill(child, SIGTERM);
    } else if (got == SIGHUP) {
        kill(child, SIGHUP);
    }
    return waitpid(child, ret_status, WNOHANG) == child;
}

static int run_child(Ctx *cx, const Settings *s, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        return EXIT_REFUSED;
    return serve_here(cx, s);
}

int serve_verb(Ctx *cx, const Settings *s)
{
    sigset_t old;
    pid_t parent = getpid();
    set_level(s->log_level);
    if (check_listen(cx, s) != ST_OK) {
        app_complain(cx);
        return EXIT_REFUSED;
    }
    block_signals(&old);
    if (s->no_supervisor)
        return serve_here(cx, s);
    for (unsigned pause = 0;; pause = pause ? pause * 2 : 1) {
        int status = 0;
        bool asked = false;
        int64_t begun = clock_ms();
        sleep(pause > LONGEST_PAUSE_S ? LONGEST_PAUSE_S : pause);
        pid_t child = fork();
        if (child == 0)
            return run_child(cx, s, parent);
        if (child < 0)
            return EXIT_REFUSED;
        while (!watch(child, &status, &asked))
            ;
        if (asked || WIFEXITED(status))
            return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
        log_error(cx, "serve.crashed", LOG_INT("signal", WTERMSIG(status)));
        if (clock_ms() - begun > 60000)
            pause = 0;
    }
}
