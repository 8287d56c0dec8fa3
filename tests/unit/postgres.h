/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations on PostgreSQL for unit tests, each a copy of one that was made once.
 *
 * Making the shipped catalogue's tables costs the server some 1.5 s, copying a database 0.2 s. The
 * first test of a cluster makes the original: a database named after the catalogue and `kind` (what
 * `make` fills it with); every test works in a copy of its own, dropped at its end. */
#pragma once
#include <libpq-fe.h>

#include "base/embed.h"
#include "base/str.h"
#include "test.h"

#define TEST_POSTGRES_SCHEMA "guanxi"
enum { TEST_POSTGRES_LOCK = 1987 };

typedef struct TestPostgres {
    char name[80], url[512];
} TestPostgres;

/* Leaves a finished organisation in TEST_POSTGRES_SCHEMA of url, and no connection to it. */
typedef void TestPostgresMake(const char *url);

static inline void test_postgres_url(const char *name, char *ret, size_t size)
{
    const char *base = test_postgres(), *end = strrchr(base, '/');
    assert_non_null(end);
    snprintf(ret, size, "%.*s/%s", (int)(end - base), base, name);
}

static inline int test_postgres_sql(PGconn *c, const char *sql)
{
    PGresult *r = PQexec(c, sql);
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    int rows = PQntuples(r);
    PQclear(r);
    return rows;
}

static inline void test_postgres_ignore(void *arg, const PGresult *r) { (void)arg, (void)r; }

static inline PGconn *test_postgres_connect(void)
{
    PGconn *c = PQconnectdb(test_postgres());
    if (PQstatus(c) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(c));
    PQsetNoticeReceiver(c, test_postgres_ignore, NULL);
    return c;
}

static inline uint64_t test_postgres_catalogue(void)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < embed_meta_count; i++)
        hash = hash * 31 + str_hash(str_n((const char *)embed_meta[i].data, embed_meta[i].size));
    for (size_t i = 0; i < embed_migrations_count; i++)
        hash = hash * 31 +
               str_hash(str_n((const char *)embed_migrations[i].data, embed_migrations[i].size));
    return hash;
}

/* The original is made under another name and renamed when it is whole. */
static inline void test_postgres_original(PGconn *c, const char *name, TestPostgresMake *make)
{
    char sql[256], url[512];
    snprintf(sql, sizeof sql, "SELECT 1 FROM pg_database WHERE datname = '%s'", name);
    if (test_postgres_sql(c, sql))
        return;
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s_new", name);
    test_postgres_sql(c, sql);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s_new", name);
    test_postgres_sql(c, sql);
    snprintf(sql, sizeof sql, "%s_new", name);
    test_postgres_url(sql, url, sizeof url);
    make(url);
    snprintf(sql, sizeof sql, "ALTER DATABASE %s_new RENAME TO %s", name, name);
    test_postgres_sql(c, sql);
}

static inline void test_postgres_open(TestPostgres *p, const char *kind, TestPostgresMake *make)
{
    static int runs;
    char original[64], sql[256];
    PGconn *c = test_postgres_connect();
    snprintf(original, sizeof original, "%s_%016llx", kind,
             (unsigned long long)test_postgres_catalogue());
    snprintf(p->name, sizeof p->name, "%s_%d_%d", kind, (int)getpid(), runs++);
    snprintf(sql, sizeof sql, "SELECT pg_advisory_lock(%d)", TEST_POSTGRES_LOCK);
    test_postgres_sql(c, sql);
    test_postgres_original(c, original, make);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", p->name,
             original);
    test_postgres_sql(c, sql);
    PQfinish(c);
    test_postgres_url(p->name, p->url, sizeof p->url);
}

static inline void test_postgres_drop(const TestPostgres *p)
{
    char sql[256];
    PGconn *c = test_postgres_connect();
    snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", p->name);
    test_postgres_sql(c, sql);
    PQfinish(c);
}
