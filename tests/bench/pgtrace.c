/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into a server to learn which statements it sends to PostgreSQL, with which values.
 *
 * The counterpart of sqltrace.c: sits before libpq, records prepared statements as they run while
 * the file $SQLTRACE.on exists, in the form of trace.h; floor_pg.c replays the recording. One
 * client connection must drive the server meanwhile, so that transactions do not interleave. */
#include <dlfcn.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "trace.h"

typedef struct Named { /* what a name means on a connection */
    PGconn *conn;
    char *name;
    char *sql;
    int count;
    Oid *types;
    uint32_t id; /* 0: not written yet */
    struct Named *next;
} Named;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Named *all;
static uint32_t last_id;
static FILE *out;

static void *real(void **slot, const char *name)
{
    if (!*slot && !(*slot = dlsym(RTLD_NEXT, name)))
        abort();
    return *slot;
}

#define DECLARE_REAL(name) static void *real_##name
#define REAL(name) ((__typeof__(&name))real(&real_##name, #name))

static bool recording(void)
{
    char control[4096];
    const char *path = getenv("SQLTRACE");
    if (!path)
        return false;
    snprintf(control, sizeof(control), "%s.on", path);
    if (access(control, F_OK) != 0)
        return false;
    if (!out)
        out = fopen(path, "ab");
    return out != NULL;
}

static Named *find(PGconn *conn, const char *name)
{
    for (Named *n = all; n; n = n->next)
        if (n->conn == conn && strcmp(n->name, name) == 0)
            return n;
    return NULL;
}

static void keep(PGconn *conn, const char *name, const char *sql, int count, const Oid *types)
{
    pthread_mutex_lock(&lock);
    Named *n = find(conn, name);
    if (!n) {
        n = calloc(1, sizeof(*n));
        if (!n)
            abort();
        n->conn = conn;
        n->name = strdup(name);
        n->next = all;
        all = n;
    }
    free(n->sql);
    free(n->types);
    n->sql = strdup(sql);
    n->count = count;
    n->types = calloc((size_t)count + 1, sizeof(Oid));
    if (!n->sql || !n->types)
        abort();
    for (int i = 0; i < count && types; i++)
        n->types[i] = types[i];
    n->id = 0;
    pthread_mutex_unlock(&lock);
}

static void define(Named *n)
{
    uint32_t size = (uint32_t)strlen(n->sql);
    uint16_t count = (uint16_t)n->count;
    n->id = ++last_id;
    fputc(TRACE_DEFINE, out);
    fwrite(&n->id, sizeof(n->id), 1, out);
    fwrite(&size, sizeof(size), 1, out);
    fwrite(n->sql, 1, size, out);
    fwrite(&count, sizeof(count), 1, out);
    fwrite(n->types, sizeof(Oid), count, out);
}

static void record(PGconn *conn, const char *name, int count, const char *const *values,
                   const int *lengths, const int *formats)
{
    pthread_mutex_lock(&lock);
    Named *n = recording() ? find(conn, name) : NULL;
    if (n && !trace_is_job(n->sql)) {
        uint16_t values_count = (uint16_t)count;
        if (!n->id)
            define(n);
        fputc(TRACE_RUN, out);
        fwrite(&n->id, sizeof(n->id), 1, out);
        fwrite(&values_count, sizeof(values_count), 1, out);
        for (int i = 0; i < count; i++) {
            bool binary = formats && formats[i];
            int32_t size = !values[i] ? -1 : binary ? lengths[i] : (int32_t)strlen(values[i]);
            fwrite(&size, sizeof(size), 1, out);
            fputc(binary, out);
            if (size > 0)
                fwrite(values[i], 1, (size_t)size, out);
        }
        fflush(out);
    }
    pthread_mutex_unlock(&lock);
}

static void note_transaction(const char *sql)
{
    pthread_mutex_lock(&lock);
    if (recording() && strncasecmp(sql, "begin", 5) == 0)
        fputc(TRACE_BEGIN, out);
    else if (recording() && strncasecmp(sql, "commit", 6) == 0)
        fputc(TRACE_COMMIT, out);
    if (out)
        fflush(out);
    pthread_mutex_unlock(&lock);
}

DECLARE_REAL(PQprepare);
PGresult *PQprepare(PGconn *conn, const char *name, const char *sql, int count, const Oid *types)
{
    keep(conn, name, sql, count, types);
    return REAL(PQprepare)(conn, name, sql, count, types);
}

DECLARE_REAL(PQsendPrepare);
int PQsendPrepare(PGconn *conn, const char *name, const char *sql, int count, const Oid *types)
{
    keep(conn, name, sql, count, types);
    return REAL(PQsendPrepare)(conn, name, sql, count, types);
}

DECLARE_REAL(PQexecPrepared);
PGresult *PQexecPrepared(PGconn *conn, const char *name, int count, const char *const *values,
                         const int *lengths, const int *formats, int result_format)
{
    record(conn, name, count, values, lengths, formats);
    return REAL(PQexecPrepared)(conn, name, count, values, lengths, formats, result_format);
}

DECLARE_REAL(PQsendQueryPrepared);
int PQsendQueryPrepared(PGconn *conn, const char *name, int count, const char *const *values,
                        const int *lengths, const int *formats, int result_format)
{
    record(conn, name, count, values, lengths, formats);
    return REAL(PQsendQueryPrepared)(conn, name, count, values, lengths, formats, result_format);
}

DECLARE_REAL(PQsendQueryParams);
int PQsendQueryParams(PGconn *conn, const char *sql, int count, const Oid *types,
                      const char *const *values, const int *lengths, const int *formats,
                      int result_format)
{
    note_transaction(sql);
    return REAL(PQsendQueryParams)(conn, sql, count, types, values, lengths, formats,
                                   result_format);
}

DECLARE_REAL(PQexec);
PGresult *PQexec(PGconn *conn, const char *sql)
{
    note_transaction(sql);
    return REAL(PQexec)(conn, sql);
}
