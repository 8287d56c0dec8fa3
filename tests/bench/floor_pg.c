/* SPDX-License-Identifier: Apache-2.0 */
/* The floor of the bench on PostgreSQL: the server's own statements and values, by hand in libpq.
 *
 *     floor_pg URL TRACE REQUESTS ROUNDS
 *
 * Each statement is prepared once; a lone one runs by itself, those of a transaction go out in one
 * pipeline as the server sends them. Columns are copied into a fixed buffer. Prints one JSON object;
 * the CPU is that of this process and of its backend, per request. */
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "trace.h"

enum { MAX_STATEMENTS = 65536, ANSWER_BYTES = 4 << 20 };

typedef struct Floor {
    PGconn *pg;
    bool prepared[MAX_STATEMENTS];
    char *trace, *answer;
    size_t trace_bytes, at, answer_bytes;
    bool in_transaction, writes;
    int open;     /* begins without commit: another connection's may lie within */
    long pending; /* results of the pipeline still to be read */
    long long runs, rows;
} Floor;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "floor_pg: %s: %s\n", what, why);
    exit(1);
}

static void take(Floor *f, void *to, size_t n)
{
    if (f->trace_bytes - f->at < n)
        die("trace", "ends in the middle of a record");
    memcpy(to, f->trace + f->at, n);
    f->at += n;
}

static const char *take_bytes(Floor *f, size_t n)
{
    const char *p = f->trace + f->at;
    if (f->trace_bytes - f->at < n)
        die("trace", "ends in the middle of a record");
    f->at += n;
    return p;
}

static void keep_rows(Floor *f, const PGresult *r)
{
    ExecStatusType st = PQresultStatus(r);
    if (st != PGRES_TUPLES_OK && st != PGRES_COMMAND_OK && st != PGRES_PIPELINE_SYNC)
        die("statement", PQerrorMessage(f->pg));
    int rows = PQntuples(r), columns = PQnfields(r);
    f->rows += rows;
    for (int i = 0; i < rows; i++) {
        for (int c = 0; c < columns; c++) {
            size_t n = (size_t)PQgetlength(r, i, c);
            if (f->answer_bytes + n > ANSWER_BYTES)
                f->answer_bytes = 0;
            memcpy(f->answer + f->answer_bytes, PQgetvalue(r, i, c), n);
            f->answer_bytes += n;
        }
    }
}

static void read_define(Floor *f)
{
    uint32_t id, size, types[TRACE_MAX_VALUES];
    uint16_t count;
    char name[24];
    take(f, &id, sizeof(id));
    take(f, &size, sizeof(size));
    char *sql = strndup(take_bytes(f, size), size);
    take(f, &count, sizeof(count));
    if (!sql || id >= MAX_STATEMENTS || count > TRACE_MAX_VALUES)
        die("trace", "bad statement");
    take(f, types, count * sizeof(types[0]));
    snprintf(name, sizeof(name), "f%u", id);
    if (!f->prepared[id]) {
        if (f->in_transaction)
            die("trace", "a statement must be known before the measured transactions");
        PGresult *r = PQprepare(f->pg, name, sql, count, types);
        if (PQresultStatus(r) != PGRES_COMMAND_OK)
            die(sql, PQerrorMessage(f->pg));
        PQclear(r);
        f->prepared[id] = true;
    }
    free(sql);
}

static void read_run(Floor *f, bool run)
{
    static const char *values[TRACE_MAX_VALUES];
    static int lengths[TRACE_MAX_VALUES], formats[TRACE_MAX_VALUES];
    static char texts[TRACE_MAX_VALUES][64];
    uint32_t id;
    uint16_t count;
    char name[24];
    take(f, &id, sizeof(id));
    take(f, &count, sizeof(count));
    for (int i = 0; i < count; i++) {
        int32_t size;
        char format;
        take(f, &size, sizeof(size));
        take(f, &format, 1);
        values[i] = size < 0 ? NULL : take_bytes(f, (size_t)size);
        lengths[i] = size;
        formats[i] = format;
        if (!format && size >= 0) { /* text form must end in NUL */
            if (size >= (int32_t)sizeof(texts[0]))
                die("trace", "a long value in text form");
            memcpy(texts[i], values[i], (size_t)size);
            texts[i][size] = 0;
            values[i] = texts[i];
        }
    }
    if (!run)
        return;
    f->runs++;
    snprintf(name, sizeof(name), "f%u", id);
    if (f->in_transaction) {
        if (!PQsendQueryPrepared(f->pg, name, count, values, lengths, formats, 1))
            die(name, PQerrorMessage(f->pg));
        f->pending++;
        return;
    }
    PGresult *r = PQexecPrepared(f->pg, name, count, values, lengths, formats, 1);
    keep_rows(f, r);
    PQclear(r);
}

static void begin(Floor *f)
{
    if (f->open++)
        return;
    if (!PQenterPipelineMode(f->pg) ||
        !PQsendQueryParams(f->pg, "begin", 0, NULL, NULL, NULL, NULL, 1))
        die("begin", PQerrorMessage(f->pg));
    f->in_transaction = true;
    f->pending = 1;
}

static void commit(Floor *f)
{
    if (--f->open)
        return;
    if (!PQsendQueryParams(f->pg, "commit", 0, NULL, NULL, NULL, NULL, 1) || !PQpipelineSync(f->pg))
        die("commit", PQerrorMessage(f->pg));
    for (long left = f->pending + 2; left > 0; left--) {
        PGresult *r = PQgetResult(f->pg);
        keep_rows(f, r);
        bool is_sync = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
        PQclear(r);
        if (!is_sync)
            PQclear(PQgetResult(f->pg)); /* the NULL after each statement */
    }
    if (!PQexitPipelineMode(f->pg))
        die("commit", PQerrorMessage(f->pg));
    f->in_transaction = false;
}

/* The trace once; without `run` it only prepares the statements. */
static void replay(Floor *f, bool run)
{
    f->at = 0;
    while (f->at < f->trace_bytes) {
        char kind = f->trace[f->at++];
        f->answer_bytes = f->in_transaction ? f->answer_bytes : 0;
        if (kind == TRACE_DEFINE)
            read_define(f);
        else if (kind == TRACE_RUN)
            read_run(f, run);
        else if (kind == TRACE_BEGIN && run)
            begin(f);
        else if (kind == TRACE_COMMIT && run && f->in_transaction)
            commit(f);
        else if (kind != TRACE_BEGIN && kind != TRACE_COMMIT)
            die("trace", "unknown record");
        f->writes = f->writes || kind == TRACE_BEGIN;
    }
    f->open = f->in_transaction;
    if (f->in_transaction)
        commit(f);
}

static double cpu_us(Floor *f)
{
    struct rusage u;
    char path[64];
    unsigned long long ns = 0;
    snprintf(path, sizeof(path), "/proc/%d/schedstat", PQbackendPID(f->pg));
    FILE *in = fopen(path, "r");
    if (!in || fscanf(in, "%llu", &ns) != 1)
        die(path, "the backend must run on this machine");
    fclose(in);
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) + (double)ns / 1e3;
}

static void read_trace(Floor *f, const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in || fseek(in, 0, SEEK_END) != 0)
        die(path, "cannot be read");
    f->trace_bytes = (size_t)ftell(in);
    rewind(in);
    f->trace = malloc(f->trace_bytes + 1);
    if (!f->trace || fread(f->trace, 1, f->trace_bytes, in) != f->trace_bytes)
        die(path, "cannot be read");
    fclose(in);
}

int main(int argc, char **argv)
{
    static Floor floor;
    Floor *f = &floor;
    if (argc < 5)
        die("usage", "floor_pg URL TRACE REQUESTS ROUNDS");
    double n = (double)strtol(argv[3], NULL, 10);
    long rounds = strtol(argv[4], NULL, 10);
    f->pg = PQconnectdb(argv[1]);
    if (PQstatus(f->pg) != CONNECTION_OK)
        die("connection", PQerrorMessage(f->pg));
    f->answer = malloc(ANSWER_BYTES);
    read_trace(f, argv[2]);
    if (!f->answer || n < 1 || rounds < 1)
        die("usage", "at least one request and one round");
    /* as the server has it (db_postgres.c): with others the planner takes other ways */
    PQclear(PQexec(f->pg, "set jit = off; set plan_cache_mode = auto; set random_page_cost = 1.1"));
    replay(f, false);
    if (!f->writes)
        replay(f, true); /* warm, with the plans that are kept after the first few runs */
    f->runs = f->rows = 0;
    double cpu = cpu_us(f);
    for (long i = 0; i < rounds; i++)
        replay(f, true);
    n *= (double)rounds;
    printf("{\"requests\":%.0f,\"cpu_us\":%.3f,\"statements\":%.3f,\"rows\":%.3f}\n", n,
           (cpu_us(f) - cpu) / n, (double)f->runs / n, (double)f->rows / n);
    PQfinish(f->pg);
    free(f->answer);
    free(f->trace);
    return 0;
}
