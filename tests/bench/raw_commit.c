/* SPDX-License-Identifier: Apache-2.0 */
/* The raw group commit that durable writes are held against (DESIGN 13).
 *
 *     raw_commit DATABASE TRACE REQUESTS CLIENTS
 *
 * The server's own writing statements and values (trace.h), in the server's thread structure and
 * nothing else: CLIENTS threads each ask for one request's rows at a time and wait; one writer takes
 * what has queued (at most 64 or 5 ms), runs their statements, commits with synchronous=FULL and
 * wakes them. No HTTP, no guards, no savepoints, no reading. Statements that only read are left out.
 * Prints one JSON object: requests per second, mean batch, wall and CPU time per request. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "trace.h"

enum { MAX_STATEMENTS = 65536, BATCH = 64, BATCH_US = 5000 };

typedef struct Raw {
    sqlite3 *db;
    sqlite3_stmt *stmts[MAX_STATEMENTS];
    char *trace;
    size_t bytes, at;
    size_t *runs; /* where each writing statement stands in the trace */
    size_t n_runs, next_run;
    double per_request; /* writing statements */
    long requests;

    pthread_mutex_t lock;
    pthread_cond_t queued;
    long asked;                  /* requests handed out; guarded by lock */
    struct Client *head, **tail; /* waiting; guarded by lock */
    int running;                 /* clients; guarded by lock */
    long commits;
} Raw;

typedef struct Client {
    Raw *raw;
    pthread_t thread;
    pthread_cond_t answered;
    bool done;
    struct Client *next;
} Client;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "raw_commit: %s: %s\n", what, why);
    exit(1);
}

static void run_sql(Raw *r, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(r->db, sql, NULL, NULL, &why) != SQLITE_OK)
        die(sql, why ? why : "failed");
}

static double wall_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* ---- trace ------------------------------------------------------------------------------- */
static void take(Raw *r, void *to, size_t n)
{
    if (r->bytes - r->at < n)
        die("trace", "ends in the middle of a record");
    memcpy(to, r->trace + r->at, n);
    r->at += n;
}

static void read_trace(Raw *r, const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in || fseek(in, 0, SEEK_END) != 0)
        die(path, "cannot be read");
    r->bytes = (size_t)ftell(in);
    rewind(in);
    r->trace = malloc(r->bytes + 1);
    if (!r->trace || fread(r->trace, 1, r->bytes, in) != r->bytes)
        die(path, "cannot be read");
    fclose(in);
}

static void define(Raw *r)
{
    uint32_t id, size;
    take(r, &id, sizeof(id));
    take(r, &size, sizeof(size));
    if (id >= MAX_STATEMENTS || r->bytes - r->at < size)
        die("trace", "bad statement");
    if (!r->stmts[id] && sqlite3_prepare_v3(r->db, r->trace + r->at, (int)size,
                                            SQLITE_PREPARE_PERSISTENT, &r->stmts[id], NULL))
        die(r->trace + r->at, sqlite3_errmsg(r->db));
    r->at += size;
}

static sqlite3_stmt *statement_at(Raw *r)
{
    uint32_t id, rows; /* writes run to their end */
    take(r, &id, sizeof(id));
    take(r, &rows, sizeof(rows));
    if (id >= MAX_STATEMENTS || !r->stmts[id])
        die("trace", "runs an unknown statement");
    return r->stmts[id];
}

static void bind_value(Raw *r, sqlite3_stmt *stmt, int index)
{
    unsigned char type;
    sqlite3_int64 i;
    double d;
    uint32_t size;
    take(r, &type, 1);
    if (type == SQLITE_INTEGER) {
        take(r, &i, sizeof(i));
        sqlite3_bind_int64(stmt, index, i);
    } else if (type == SQLITE_FLOAT) {
        take(r, &d, sizeof(d));
        sqlite3_bind_double(stmt, index, d);
    } else if (type == SQLITE_NULL) {
        sqlite3_bind_null(stmt, index);
    } else {
        take(r, &size, sizeof(size));
        if (r->bytes - r->at < size)
            die("trace", "bad value");
        if (type == SQLITE_TEXT)
            sqlite3_bind_text(stmt, index, r->trace + r->at, (int)size, SQLITE_STATIC);
        else
            sqlite3_bind_blob(stmt, index, r->trace + r->at, (int)size, SQLITE_STATIC);
        r->at += size;
    }
}

static void bind_run(Raw *r, sqlite3_stmt *stmt)
{
    uint16_t count;
    take(r, &count, sizeof(count));
    for (int i = 1; i <= count; i++)
        bind_value(r, stmt, i);
}

/* Prepares every text and notes where the writing statements run. */
static void index_trace(Raw *r)
{
    r->runs = malloc(sizeof(*r->runs) * (r->bytes / 7 + 1));
    while (r->at < r->bytes) {
        char kind = r->trace[r->at++];
        if (kind == TRACE_DEFINE) {
            define(r);
            continue;
        }
        if (kind != TRACE_RUN)
            die("trace", "unknown record");
        size_t here = r->at;
        sqlite3_stmt *stmt = statement_at(r);
        if (!sqlite3_stmt_readonly(stmt))
            r->runs[r->n_runs++] = here;
        bind_run(r, stmt);
    }
    if (r->n_runs == 0)
        die("trace", "writes nothing");
    r->per_request = (double)r->n_runs / (double)r->requests;
}

static void run_next(Raw *r)
{
    r->at = r->runs[r->next_run++];
    sqlite3_stmt *stmt = statement_at(r);
    bind_run(r, stmt);
    int rc;
    do
        rc = sqlite3_step(stmt);
    while (rc == SQLITE_ROW);
    if (rc != SQLITE_DONE)
        die(sqlite3_sql(stmt), sqlite3_errmsg(r->db));
    sqlite3_reset(stmt);
}

/* ---- threads ----------------------------------------------------------------------------- */
static void *client_main(void *arg)
{
    Client *c = arg;
    Raw *r = c->raw;
    pthread_mutex_lock(&r->lock);
    while (r->asked < r->requests) {
        r->asked++;
        c->done = false;
        c->next = NULL;
        *r->tail = c;
        r->tail = &c->next;
        pthread_cond_signal(&r->queued);
        while (!c->done)
            pthread_cond_wait(&c->answered, &r->lock);
    }
    r->running--;
    pthread_cond_signal(&r->queued);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static Client *take_client(Raw *r, bool wait)
{
    pthread_mutex_lock(&r->lock);
    while (wait && !r->head && r->running > 0)
        pthread_cond_wait(&r->queued, &r->lock);
    Client *c = r->head;
    if (c) {
        r->head = c->next;
        if (!r->head)
            r->tail = &r->head;
    }
    pthread_mutex_unlock(&r->lock);
    return c;
}

static void answer(Raw *r, Client **batch, int n)
{
    pthread_mutex_lock(&r->lock);
    for (int i = 0; i < n; i++) {
        batch[i]->done = true;
        pthread_cond_signal(&batch[i]->answered);
    }
    pthread_mutex_unlock(&r->lock);
}

static void write_all(Raw *r)
{
    Client *batch[BATCH], *c;
    long served = 0;
    while ((c = take_client(r, true))) {
        int n = 0;
        double began = wall_us();
        run_sql(r, "begin immediate");
        do {
            size_t until = (size_t)((double)++served * r->per_request + 0.5);
            while (r->next_run < until && r->next_run < r->n_runs)
                run_next(r);
            batch[n++] = c;
        } while (n < BATCH && wall_us() - began < BATCH_US && (c = take_client(r, false)));
        run_sql(r, "commit");
        r->commits++;
        answer(r, batch, n);
    }
}

int main(int argc, char **argv)
{
    static Raw raw;
    Raw *r = &raw;
    if (argc < 5)
        die("usage", "raw_commit DATABASE TRACE REQUESTS CLIENTS");
    r->requests = strtol(argv[3], NULL, 10);
    int clients = (int)strtol(argv[4], NULL, 10);
    if (sqlite3_open_v2(argv[1], &r->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
        die(argv[1], sqlite3_errmsg(r->db));
    run_sql(r, "pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-16384;"
               "pragma wal_autocheckpoint=1000; pragma secure_delete=fast");
    read_trace(r, argv[2]);
    if (r->requests <= 0 || clients <= 0)
        die("usage", "REQUESTS and CLIENTS are positive");
    index_trace(r);
    r->tail = &r->head;
    r->running = clients;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->queued, NULL);
    Client *all = calloc((size_t)clients, sizeof(*all));
    double cpu = cpu_us(), wall = wall_us();
    for (int i = 0; i < clients; i++) {
        all[i].raw = r;
        pthread_cond_init(&all[i].answered, NULL);
        if (pthread_create(&all[i].thread, NULL, client_main, &all[i]) != 0)
            die("thread", "cannot start");
    }
    write_all(r);
    double n = (double)r->requests;
    wall = wall_us() - wall;
    printf("{\"requests\":%.0f,\"per_second\":%.1f,\"batch\":%.1f,\"statements\":%.2f,"
           "\"wall_us\":%.3f,\"cpu_us\":%.3f}\n",
           n, n * 1e6 / wall, n / (double)r->commits, r->per_request, wall / n,
           (cpu_us() - cpu) / n);
    for (int i = 0; i < clients; i++)
        pthread_join(all[i].thread, NULL);
    return 0;
}
