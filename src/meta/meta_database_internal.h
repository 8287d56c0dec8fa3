/* SPDX-License-Identifier: Apache-2.0 */
/* What meta_database.c and meta_database_extra.c share: the tables of an object as the database has them. */
#pragma once
#include "meta/meta_purge.h"
#include "meta/sql.h"

enum { TABLE_LIVE, TABLE_TWIN, TABLE_DERIVED = META_EXTRA_FIGURES, TABLES };
void meta_database_table(Sql *q, const Object *o, int which);
/* Rows (table, column) of every table of the organisation. */
CHECKED Status meta_database_columns(Ctx *cx, Stmt **ret);
/* SQLite drops no column that an index holds; PostgreSQL drops the index with it. */
CHECKED Status meta_database_drop_indexes(Ctx *cx, Str table, const char *column, Map *dropped,
                                          Plan *plan);
