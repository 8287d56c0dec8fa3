/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into a server (LD_PRELOAD) to learn which statements it runs, with which values.
 *
 * The floor of the bench must run "the same SQL text and values" as the server (DESIGN 13). Asking
 * the server would measure what it says; this library sits before libsqlite3 and sees what it does.
 * Recording runs while the file $SQLTRACE.on exists and appends to $SQLTRACE; a traced server is
 * never a measured one. Transactions are not recorded: the floor makes its own. A run is written when it
 * ends, with the rows that were read: who has enough of them (search) does not read on, and the floor
 * must not either. */
#include <dlfcn.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "trace.h"

typedef struct Value {
    int type;
    union {
        sqlite3_int64 i;
        double r;
        struct {
            char *p;
            uint32_t n;
        } s;
    };
} Value;

typedef struct Bound { /* one prepared statement and what is bound to it */
    sqlite3_stmt *stmt;
    char *sql;       /* its text: a freed statement's address may come back with another */
    uint32_t sql_id; /* 0: its text was not written yet */
    int count;
    Value *values;
    bool running;  /* stepped while recording, not written yet */
    uint32_t rows; /* that it has given so far */
    struct Bound *next;
} Bound;

enum { BUCKETS = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Bound *table[BUCKETS];
static uint32_t last_sql_id;
static FILE *out;
static char control[4096];

/* The function behind ours, looked up once. */
static void *real(void **slot, const char *name)
{
    if (!*slot && !(*slot = dlsym(RTLD_NEXT, name)))
        abort();
    return *slot;
}

#define REAL(name) ((__typeof__(&name))real(&real_##name, #name))
#define DECLARE_REAL(name) static void *real_##name

static size_t bucket_of(sqlite3_stmt *stmt) { return ((uintptr_t)stmt >> 4) % BUCKETS; }

static void value_clear(Value *v)
{
    if (v->type == SQLITE_TEXT || v->type == SQLITE_BLOB)
        free(v->s.p);
    v->type = SQLITE_NULL;
}

static void bound_free(Bound *b)
{
    for (int i = 0; i < b->count; i++)
        value_clear(&b->values[i]);
    free(b->values);
    free(b->sql);
    free(b);
}

static void forget(sqlite3_stmt *stmt)
{
    for (Bound **p = &table[bucket_of(stmt)]; *p; p = &(*p)->next) {
        Bound *b = *p;
        if (b->stmt != stmt)
            continue;
        *p = b->next;
        bound_free(b);
        return;
    }
}

static Bound *bound_new(sqlite3_stmt *stmt, const char *sql)
{
    Bound *b = calloc(1, sizeof(*b));
    int count = sqlite3_bind_parameter_count(stmt);
    if (!b || count > TRACE_MAX_VALUES)
        abort();
    b->stmt = stmt;
    b->sql = strdup(sql);
    b->count = count;
    b->values = calloc((size_t)count + 1, sizeof(Value));
    if (!b->sql || !b->values)
        abort();
    for (int i = 0; i < count; i++)
        b->values[i].type = SQLITE_NULL;
    b->next = table[bucket_of(stmt)];
    table[bucket_of(stmt)] = b;
    return b;
}

static Bound *bound_of(sqlite3_stmt *stmt)
{
    const char *sql = sqlite3_sql(stmt) ? sqlite3_sql(stmt) : "";
    for (Bound *b = table[bucket_of(stmt)]; b; b = b->next) {
        if (b->stmt != stmt)
            continue;
        if (strcmp(b->sql, sql) == 0)
            return b;
        forget(stmt);
        break;
    }
    return bound_new(stmt, sql);
}

static void remember(sqlite3_stmt *stmt, int index, Value v)
{
    pthread_mutex_lock(&lock);
    Bound *b = bound_of(stmt);
    if (index >= 1 && index <= b->count) {
        value_clear(&b->values[index - 1]);
        b->values[index - 1] = v;
    } else if (v.type == SQLITE_TEXT || v.type == SQLITE_BLOB) {
        free(v.s.p);
    }
    pthread_mutex_unlock(&lock);
}

static Value bytes_value(int type, const void *p, sqlite3_uint64 n)
{
    Value v = {.type = p ? type : SQLITE_NULL};
    if (p) {
        v.s.p = malloc(n + 1);
        v.s.n = (uint32_t)n;
        memcpy(v.s.p, p, n);
    }
    return v;
}

DECLARE_REAL(sqlite3_bind_int64);
int sqlite3_bind_int64(sqlite3_stmt *stmt, int index, sqlite3_int64 i)
{
    remember(stmt, index, (Value){.type = SQLITE_INTEGER, .i = i});
    return REAL(sqlite3_bind_int64)(stmt, index, i);
}

DECLARE_REAL(sqlite3_bind_int);
int sqlite3_bind_int(sqlite3_stmt *stmt, int index, int i)
{
    remember(stmt, index, (Value){.type = SQLITE_INTEGER, .i = i});
    return REAL(sqlite3_bind_int)(stmt, index, i);
}

DECLARE_REAL(sqlite3_bind_double);
int sqlite3_bind_double(sqlite3_stmt *stmt, int index, double r)
{
    remember(stmt, index, (Value){.type = SQLITE_FLOAT, .r = r});
    return REAL(sqlite3_bind_double)(stmt, index, r);
}

DECLARE_REAL(sqlite3_bind_null);
int sqlite3_bind_null(sqlite3_stmt *stmt, int index)
{
    remember(stmt, index, (Value){.type = SQLITE_NULL});
    return REAL(sqlite3_bind_null)(stmt, index);
}

DECLARE_REAL(sqlite3_bind_text);
int sqlite3_bind_text(sqlite3_stmt *stmt, int index, const char *p, int n, void (*done)(void *))
{
    sqlite3_uint64 size = p ? (n < 0 ? strlen(p) : (sqlite3_uint64)n) : 0;
    remember(stmt, index, bytes_value(SQLITE_TEXT, p, size));
    return REAL(sqlite3_bind_text)(stmt, index, p, n, done);
}

DECLARE_REAL(sqlite3_bind_text64);
int sqlite3_bind_text64(sqlite3_stmt *stmt, int index, const char *p, sqlite3_uint64 n,
                        void (*done)(void *), unsigned char encoding)
{
    remember(stmt, index, bytes_value(SQLITE_TEXT, p, n));
    return REAL(sqlite3_bind_text64)(stmt, index, p, n, done, encoding);
}

DECLARE_REAL(sqlite3_bind_blob);
int sqlite3_bind_blob(sqlite3_stmt *stmt, int index, const void *p, int n, void (*done)(void *))
{
    remember(stmt, index, bytes_value(SQLITE_BLOB, p, n > 0 ? (sqlite3_uint64)n : 0));
    return REAL(sqlite3_bind_blob)(stmt, index, p, n, done);
}

DECLARE_REAL(sqlite3_bind_blob64);
int sqlite3_bind_blob64(sqlite3_stmt *stmt, int index, const void *p, sqlite3_uint64 n,
                        void (*done)(void *))
{
    remember(stmt, index, bytes_value(SQLITE_BLOB, p, n));
    return REAL(sqlite3_bind_blob64)(stmt, index, p, n, done);
}

DECLARE_REAL(sqlite3_clear_bindings);
int sqlite3_clear_bindings(sqlite3_stmt *stmt)
{
    pthread_mutex_lock(&lock);
    Bound *b = bound_of(stmt);
    for (int i = 0; i < b->count; i++)
        value_clear(&b->values[i]);
    pthread_mutex_unlock(&lock);
    return REAL(sqlite3_clear_bindings)(stmt);
}

DECLARE_REAL(sqlite3_finalize);
int sqlite3_finalize(sqlite3_stmt *stmt)
{
    pthread_mutex_lock(&lock);
    if (stmt)
        forget(stmt);
    pthread_mutex_unlock(&lock);
    return REAL(sqlite3_finalize)(stmt);
}

static bool is_transaction(const char *sql)
{
    static const char *const words[] = {"begin",     "commit",  "rollback",
                                        "savepoint", "release", "pragma"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strncasecmp(sql, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

static bool recording(void)
{
    if (!control[0]) {
        const char *path = getenv("SQLTRACE");
        if (!path)
            return false;
        snprintf(control, sizeof(control), "%s.on", path);
    }
    if (access(control, F_OK) != 0)
        return false;
    if (!out)
        out = fopen(getenv("SQLTRACE"), "ab");
    return out != NULL;
}

static void write_value(const Value *v)
{
    fputc(v->type, out);
    if (v->type == SQLITE_INTEGER) {
        fwrite(&v->i, sizeof(v->i), 1, out);
    } else if (v->type == SQLITE_FLOAT) {
        fwrite(&v->r, sizeof(v->r), 1, out);
    } else if (v->type != SQLITE_NULL) {
        fwrite(&v->s.n, sizeof(v->s.n), 1, out);
        fwrite(v->s.p, 1, v->s.n, out);
    }
}

static void write_run(Bound *b, const char *sql, uint32_t rows)
{
    if (!b->sql_id) {
        uint32_t size = (uint32_t)strlen(sql);
        b->sql_id = ++last_sql_id;
        fputc(TRACE_DEFINE, out);
        fwrite(&b->sql_id, sizeof(b->sql_id), 1, out);
        fwrite(&size, sizeof(size), 1, out);
        fwrite(sql, 1, size, out);
    }
    uint16_t count = (uint16_t)b->count;
    fputc(TRACE_RUN, out);
    fwrite(&b->sql_id, sizeof(b->sql_id), 1, out);
    fwrite(&rows, sizeof(rows), 1, out);
    fwrite(&count, sizeof(count), 1, out);
    for (int i = 0; i < b->count; i++)
        write_value(&b->values[i]);
    fflush(out);
}

/* What FTS5 asks of its own tables comes again when its statement is replayed. */
static int is_inner(const char *sql) { return strstr(sql, "'main'.'") != NULL; }

/* Under the lock: a run that was recorded has ended. */
static void run_ends(Bound *b, uint32_t rows)
{
    if (b && b->running)
        write_run(b, b->sql, rows);
    if (b)
        b->running = false;
}

static Bound *bound_known(sqlite3_stmt *stmt)
{
    for (Bound *b = table[bucket_of(stmt)]; b; b = b->next)
        if (b->stmt == stmt)
            return b;
    return NULL;
}

DECLARE_REAL(sqlite3_reset);
int sqlite3_reset(sqlite3_stmt *stmt)
{
    pthread_mutex_lock(&lock);
    Bound *b = bound_known(stmt);
    run_ends(b, b ? b->rows : 0);
    pthread_mutex_unlock(&lock);
    return REAL(sqlite3_reset)(stmt);
}

DECLARE_REAL(sqlite3_step);
int sqlite3_step(sqlite3_stmt *stmt)
{
    const char *sql = sqlite3_sql(stmt);
    bool ours = sql && !is_transaction(sql) && !is_inner(sql) && !trace_is_job(sql);
    if (ours && !sqlite3_stmt_busy(stmt)) {
        pthread_mutex_lock(&lock);
        Bound *b = bound_of(stmt);
        run_ends(b, b->rows);
        b->running = recording();
        b->rows = 0;
        pthread_mutex_unlock(&lock);
    }
    int rc = REAL(sqlite3_step)(stmt);
    if (!ours)
        return rc;
    pthread_mutex_lock(&lock);
    Bound *b = bound_of(stmt);
    if (rc == SQLITE_ROW)
        b->rows++;
    else
        run_ends(b, TRACE_ALL_ROWS);
    pthread_mutex_unlock(&lock);
    return rc;
}
