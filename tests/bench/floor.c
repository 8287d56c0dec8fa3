/* SPDX-License-Identifier: Apache-2.0 */
/* The floor of the bench: the server's own statements and values (trace.h) run by hand.
 *
 *     floor DATABASE TRACE REQUESTS ROUNDS [--write BATCH]
 *
 * Each statement is prepared once, its values are bound, its rows are stepped and rendered as JSON
 * into a fixed buffer: no HTTP, no rights, no catalogue, no memory management. With --write the
 * statements run in transactions of BATCH requests with synchronous=FULL (the raw group commit).
 * Prints one JSON object: CPU (user and system) and wall time per request. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "trace.h"

enum { MAX_STATEMENTS = 65536, ANSWER_BYTES = 4 << 20 };

typedef struct Floor {
    sqlite3 *db;
    sqlite3_stmt *stmts[MAX_STATEMENTS];
    char *trace;
    size_t trace_bytes, at;
    char *answer;
    size_t answer_bytes;
    long long runs, rows;
} Floor;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "floor: %s: %s\n", what, why);
    exit(1);
}

static void run_sql(Floor *f, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(f->db, sql, NULL, NULL, &why) != SQLITE_OK)
        die(sql, why ? why : "failed");
}

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static double wall_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void take(Floor *f, void *to, size_t n)
{
    if (f->trace_bytes - f->at < n)
        die("trace", "ends in the middle of a record");
    memcpy(to, f->trace + f->at, n);
    f->at += n;
}

static void put(Floor *f, const char *p, size_t n)
{
    if (f->answer_bytes + n > ANSWER_BYTES)
        die("answer", "does not fit");
    memcpy(f->answer + f->answer_bytes, p, n);
    f->answer_bytes += n;
}

static void put_text(Floor *f, const char *p, size_t n)
{
    put(f, "\"", 1);
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        char escape[8];
        put(f, p + from, i - from);
        put(f, escape, (size_t)snprintf(escape, sizeof(escape), "\\u%04x", c));
        from = i + 1;
    }
    put(f, p + from, n - from);
    put(f, "\",", 2);
}

static void put_integer(Floor *f, sqlite3_int64 v)
{
    char digits[24];
    int at = sizeof(digits);
    digits[--at] = ',';
    unsigned long long rest = v < 0 ? 0 - (unsigned long long)v : (unsigned long long)v;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (v < 0)
        digits[--at] = '-';
    put(f, digits + at, sizeof(digits) - (size_t)at);
}

static void put_row(Floor *f, sqlite3_stmt *stmt)
{
    int columns = sqlite3_column_count(stmt);
    put(f, "{", 1);
    for (int i = 0; i < columns; i++) {
        const char *name = sqlite3_column_name(stmt, i);
        put_text(f, name, strlen(name));
        switch (sqlite3_column_type(stmt, i)) {
        case SQLITE_NULL: put(f, "null,", 5); break;
        case SQLITE_INTEGER: put_integer(f, sqlite3_column_int64(stmt, i)); break;
        default:
            put_text(f, (const char *)sqlite3_column_text(stmt, i),
                     (size_t)sqlite3_column_bytes(stmt, i));
        }
    }
    put(f, "},", 2);
}

static void read_define(Floor *f)
{
    uint32_t id, size;
    take(f, &id, sizeof(id));
    take(f, &size, sizeof(size));
    if (id >= MAX_STATEMENTS || f->trace_bytes - f->at < size)
        die("trace", "bad statement");
    if (!f->stmts[id] &&
        sqlite3_prepare_v3(f->db, f->trace + f->at, (int)size, SQLITE_PREPARE_PERSISTENT,
                           &f->stmts[id], NULL) != SQLITE_OK)
        die(f->trace + f->at, sqlite3_errmsg(f->db));
    f->at += size;
}

static void bind_value(Floor *f, sqlite3_stmt *stmt, int index)
{
    unsigned char type;
    take(f, &type, 1);
    sqlite3_int64 i;
    double r;
    uint32_t size;
    switch (type) {
    case SQLITE_INTEGER:
        take(f, &i, sizeof(i));
        sqlite3_bind_int64(stmt, index, i);
        return;
    case SQLITE_FLOAT:
        take(f, &r, sizeof(r));
        sqlite3_bind_double(stmt, index, r);
        return;
    case SQLITE_NULL: sqlite3_bind_null(stmt, index); return;
    default: break;
    }
    take(f, &size, sizeof(size));
    if (f->trace_bytes - f->at < size)
        die("trace", "bad value");
    if (type == SQLITE_TEXT)
        sqlite3_bind_text(stmt, index, f->trace + f->at, (int)size, SQLITE_STATIC);
    else
        sqlite3_bind_blob(stmt, index, f->trace + f->at, (int)size, SQLITE_STATIC);
    f->at += size;
}

static void read_run(Floor *f)
{
    uint32_t id, most, rows = 0;
    uint16_t count;
    take(f, &id, sizeof(id));
    take(f, &most, sizeof(most));
    take(f, &count, sizeof(count));
    sqlite3_stmt *stmt = id < MAX_STATEMENTS ? f->stmts[id] : NULL;
    if (!stmt)
        die("trace", "runs an unknown statement");
    for (int i = 1; i <= count; i++)
        bind_value(f, stmt, i);
    int rc = SQLITE_DONE;
    while (rows < most && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        put_row(f, stmt);
        rows++;
    }
    f->rows += rows;
    if (rc != SQLITE_DONE && rc != SQLITE_ROW)
        die(sqlite3_sql(stmt), sqlite3_errmsg(f->db));
    sqlite3_reset(stmt);
    f->runs++;
}

/* The trace once; a commit after each `batch` statements if batch > 0. */
static void replay(Floor *f, long batch)
{
    long in_batch = 0;
    f->at = 0;
    while (f->at < f->trace_bytes) {
        char kind = f->trace[f->at++];
        if (kind == TRACE_DEFINE) {
            read_define(f);
            continue;
        }
        if (kind != TRACE_RUN)
            die("trace", "unknown record");
        if (batch && in_batch == 0)
            run_sql(f, "begin immediate");
        f->answer_bytes = 0;
        read_run(f);
        if (batch && ++in_batch >= batch) {
            run_sql(f, "commit");
            in_batch = 0;
        }
    }
    if (in_batch)
        run_sql(f, "commit");
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

static long count_runs(Floor *f)
{
    long runs = 0;
    size_t at = 0;
    while (at < f->trace_bytes) {
        uint32_t size;
        uint16_t count;
        if (f->trace[at] == TRACE_DEFINE) {
            memcpy(&size, f->trace + at + 5, sizeof(size));
            at += 9 + (size_t)size;
            continue;
        }
        runs++;
        memcpy(&count, f->trace + at + 9, sizeof(count));
        at += 11;
        for (int i = 0; i < count; i++) {
            char type = f->trace[at++];
            if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
                at += 8;
            } else if (type != SQLITE_NULL) {
                memcpy(&size, f->trace + at, sizeof(size));
                at += 4 + (size_t)size;
            }
        }
    }
    return runs;
}

int main(int argc, char **argv)
{
    static Floor floor;
    Floor *f = &floor;
    if (argc < 5)
        die("usage", "floor DATABASE TRACE REQUESTS ROUNDS [--write BATCH]");
    long requests = strtol(argv[3], NULL, 10), rounds = strtol(argv[4], NULL, 10);
    long batch = argc > 6 && strcmp(argv[5], "--write") == 0 ? strtol(argv[6], NULL, 10) : 0;
    if (sqlite3_open_v2(argv[1], &f->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
        die(argv[1], sqlite3_errmsg(f->db));
    run_sql(f, "pragma journal_mode=wal");
    run_sql(f, "pragma synchronous=full");
    run_sql(f, batch ? "pragma cache_size=-16384" : "pragma cache_size=-4096");
    f->answer = malloc(ANSWER_BYTES);
    read_trace(f, argv[2]);
    long statements = count_runs(f);
    if (requests <= 0 || rounds <= 0 || statements == 0 || !f->answer)
        die("trace", "is empty");
    if (batch)
        batch = batch * statements / requests;
    else
        replay(f, 0); /* warm */
    f->runs = f->rows = 0;
    double cpu = cpu_us(), wall = wall_us();
    for (long i = 0; i < rounds; i++)
        replay(f, batch);
    double n = (double)requests * (double)rounds;
    printf(
        "{\"requests\":%.0f,\"cpu_us\":%.3f,\"wall_us\":%.3f,\"statements\":%.3f,\"rows\":%.3f}\n",
        n, (cpu_us() - cpu) / n, (wall_us() - wall) / n, (double)f->runs / n, (double)f->rows / n);
    for (int i = 0; i < MAX_STATEMENTS; i++)
        sqlite3_finalize(f->stmts[i]);
    sqlite3_close(f->db);
    free(f->answer);
    free(f->trace);
    return 0;
}
