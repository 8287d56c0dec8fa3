/* SPDX-License-Identifier: Apache-2.0 */
/* transfer: whole tables in and out, for backups and for moving between engines.
 *
 * A table is told by the names and kinds of its columns, which mean the same on both engines; columns are
 * in the order of their names, so a row reads the same wherever it lies. What an engine keeps only for
 * itself is no table: the full-text index (made from gx_search_doc_…), id nodes, the list of
 * migrations.
 *   DbTables all; TRY(db_tables(cx, &all));
 *   TRY(db_table_read(cx, &all.v[i], &q)); while (…db_next…) db_table_row(q, t, arena, vals);
 *
 * A DbLoader fills an organisation that nobody has open: its own connection, each table in one
 * transaction, indexes taken off before and made again behind. It may be killed anywhere: what
 * was whole stays, and the indexes it took off are remembered in the database. */
#pragma once
#include "db/db.h"

typedef struct DbColumn {
    Str name;
    DbType type;
    int key; /* place in the primary key, 0: none */
    bool not_null;
    bool tokens; /* words of the full-text index: tsvector on PostgreSQL */
} DbColumn;
typedef struct DbTable {
    Str name;
    DbColumn *columns;
    size_t n;
} DbTable;
typedef VEC(DbTable) DbTables;

/* The tables of cx->db, by name. */
CHECKED Status db_tables(Ctx *cx, DbTables *ret);
const DbTable *db_tables_find(const DbTables *all, Str name);
/* All rows in no certain order, one by one. Left out: rows that only mean this place (id mark). */
CHECKED Status db_table_read(Ctx *cx, const DbTable *t, Stmt **ret);
/* The row in hand; texts live until the next db_next, or in `a`. */
void db_table_row(const Stmt *q, const DbTable *t, Arena *a, DbVal *ret);

/* Names of the migrations this database has had, without their engine's folder, by space. */
CHECKED Status db_migrations(Ctx *cx, Str *ret);
/* The first of the list that this program does not know; empty: it knows them all. */
Str db_migrations_unknown(Str list);
/* Whether this program has migrations that the list lacks. */
bool db_migrations_behind(Str list);

/* A read transaction without the limit of ten seconds; db_read_end ends it. */
CHECKED Status db_read_begin_long(Ctx *cx);

/* SQLite: copies the file to `path` while others go on reading and writing: the writer copies 256 pages
 * between batches. `path` must not exist; it is synced at the end. */
typedef struct DbCopy {
    _Atomic int64_t done, total; /* pages; may be read while it runs */
    _Atomic bool stop;           /* set by another thread: gives up */
} DbCopy;
CHECKED Status db_copy(Ctx *cx, DbPool *p, const char *path, DbCopy *progress);
/* The engine's own check of a whole file: ST_INTERNAL key db.damaged with its words. */
CHECKED Status db_integrity(Ctx *cx);

/* ---- filling */
typedef struct DbLoader DbLoader;
CHECKED Status db_loader_open(Ctx *cx, const DbConfig *config, DbLoader **ret);
void db_loader_free(DbLoader *l); /* closes it */
DEFINE_CLEANUP(db_loader, DbLoader)
Db *db_loader_db(DbLoader *l); /* to read what was filled */
CHECKED Status db_loader_tables(Ctx *cx, DbLoader *l, DbTables *ret);
/* Makes the table, or the columns that it lacks; types as told. */
CHECKED Status db_loader_shape(Ctx *cx, DbLoader *l, const DbTable *t);
/* Takes all indexes off that are no part of a table's key; they are remembered. Tables whose names begin
 * with `except` keep theirs (NULL: none does). */
CHECKED Status db_loader_bare(Ctx *cx, DbLoader *l, const char *except);
/* Replaces the table's rows by those that follow, whole or not at all. `t`: columns in the order of the
 * values; they must be there. */
CHECKED Status db_loader_begin(Ctx *cx, DbLoader *l, const DbTable *t);
CHECKED Status db_loader_row(Ctx *cx, DbLoader *l, const DbVal *v);
CHECKED Status db_loader_end(Ctx *cx, DbLoader *l);
void db_loader_cancel(DbLoader *l);
/* Makes one of the indexes taken off, of tables whose names begin with `of` (NULL: of any), the costly ones
 * first; false in *ret_more: there are none left that no other loader is making. Several loaders of one
 * PostgreSQL place make several at a time. */
CHECKED Status db_loader_index(Ctx *cx, DbLoader *l, const char *of, bool *ret_more);
/* Behind the last index. */
CHECKED Status db_loader_indexed(Ctx *cx, DbLoader *l);
/* The full-text index, the mark above all ids in use, statistics; everything on the disk. */
CHECKED Status db_loader_finish(Ctx *cx, DbLoader *l, Id above);
/* The largest id that the nodes of a PostgreSQL organisation may have given, or SQLite's mark. */
CHECKED Status db_ids_given(Ctx *cx, Id *ret);

/* DIR/lock for a command that must be alone: ST_CONFLICT key db.locked if a process owns it. */
CHECKED Status db_own(Ctx *cx, const char *dir, int *ret_lock);
void db_disown(int lock);

/* How many processes have the organisation open, this one among them (SQLite: always one). */
CHECKED Status db_nodes(Ctx *cx, int64_t *ret);

/* ---- places. Where an organisation is filled before it gets its name. */
/* Whether there is an organisation in this place already. */
CHECKED Status db_place_taken(Ctx *cx, const DbConfig *config, bool *ret);
/* Removes what a filling that was cut off left (a place that is only called so). */
CHECKED Status db_place_clear(Ctx *cx, const DbConfig *config);
/* The place `from` becomes `to`, in one step. What was at `to` is kept as `aside` (file or schema name;
 * NULL: there must be nothing). SQLite: names of the folders; nobody has either open. */
CHECKED Status db_place_take(Ctx *cx, const DbConfig *from, const DbConfig *to, const char *aside);
