/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the PostgreSQL driver share: prepared statements, parameters, results. */
#pragma once
#include "db/db_internal.h"
#include <libpq-fe.h>

/* Internal types of a value: the bytes of an array of that DbType. */
enum { PG_ARRAYS = DB_BLOB + 1, PG_IDS = PG_ARRAYS + DB_INT };

/* A text on the server; types of parameters make it another statement. */
typedef struct PgVariant {
    struct PgVariant *next;
    uint64_t serial; /* its name is s<serial> */
    bool ready;      /* the server said so */
    uint8_t types[]; /* DbType of each parameter */
} PgVariant;

typedef struct PgText {
    DbCached cached;
    int n_params;
    char *sql; /* expanded */
    PgVariant *variants;
} PgText;

typedef struct PgParams {
    const char **values;
    int *lengths, *formats;
    uint64_t *numbers;
    int n;
} PgParams;

/* The text's entry; NULL for a marker that cannot be read. */
PgText *db_postgres_text(Db *db, Str sql, uint64_t hash);
PgVariant *db_postgres_variant(Db *db, PgText *text, const DbVal *vals);
void db_postgres_name(const PgVariant *v, char ret[24]);
/* Types of a variant for Parse. */
void db_postgres_types(const PgVariant *v, int n, Oid *ret);
Oid db_postgres_type(uint8_t type); /* of a DbType or an array of it */
PgParams db_postgres_params(Arena *a, const DbVal *vals, int n);

typedef enum PgTrouble {
    PG_FINE,
    PG_LINK,       /* lost, or the server goes down or became a standby: connect again */
    PG_AGAIN,      /* serialisation, deadlock, lock timeout: the same may work now */
    PG_STALE_PLAN, /* a table changed under a prepared statement */
    PG_TIMEOUT,
    PG_OTHER,
} PgTrouble;
PgTrouble db_postgres_trouble(const PGconn *c, const PGresult *r);
/* Status of a failed result; fills constraint and detail. */
Status db_postgres_status(const PGconn *c, const PGresult *r, PlanResult *ret);

/* Frees what the cache dropped, on the server; tells it the statement limit. */
PgTrouble db_postgres_settle(Db *db);
/* All prepared statements are gone or stale. */
void db_postgres_forget(Db *db, bool on_server);
/* The advisory lock of the organisation's schema, held by cx->db: migrations, node numbers. */
CHECKED Status db_postgres_lock(Ctx *cx, bool lock);
