/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the loader share. Nobody outside src/db includes it. */
#pragma once
#include "db/db_internal.h"
#include "db/transfer.h"

enum { LOAD_BUFFER = 256 * 1024 };

struct DbLoader {
    DbPool *pool; /* of which only the settings are used */
    Db db;
    const DbTable *table; /* being filled */
    /* SQLite */
    struct sqlite3_stmt *insert;
    /* PostgreSQL: rows in the form of COPY */
    char *buffer;
    size_t used;
    bool copying;
};

CHECKED Status db_load_sqlite_open(Ctx *cx, DbLoader *l);
CHECKED Status db_load_sqlite_begin(Ctx *cx, DbLoader *l, const DbTable *t);
CHECKED Status db_load_sqlite_row(Ctx *cx, DbLoader *l, const DbVal *v);
CHECKED Status db_load_sqlite_end(Ctx *cx, DbLoader *l);
void db_load_sqlite_cancel(DbLoader *l);
CHECKED Status db_load_sqlite_finish(Ctx *cx, DbLoader *l, Id above);

CHECKED Status db_load_postgres_open(Ctx *cx, DbLoader *l);
CHECKED Status db_load_postgres_begin(Ctx *cx, DbLoader *l, const DbTable *t);
CHECKED Status db_load_postgres_row(Ctx *cx, DbLoader *l, const DbVal *v);
CHECKED Status db_load_postgres_end(Ctx *cx, DbLoader *l);
void db_load_postgres_cancel(DbLoader *l);
CHECKED Status db_load_postgres_finish(Ctx *cx, DbLoader *l, Id above);
