/* SPDX-License-Identifier: Apache-2.0 */
/* fill: an organisation made in an empty place out of tables that come one by one, from an archive or from
 * another database. Platform tables first: they say what the catalogue is, which makes the tables of
 * objects. Every table is read back and compared by number and hash of its rows. */
#pragma once
#include "backup/archive.h"

/* What is known only above: the catalogue's tables, and how far it has got. */
typedef struct FillHost {
    void *arg;
    Status (*prepare)(Ctx *cx, void *arg, DbPool *pool); /* makes the tables of objects */
    Status (*progress)(Ctx *cx, void *arg, const char *what, int64_t done, int64_t total);
} FillHost;

typedef struct FillSource {
    void *arg;
    Str migrations;
    Id ids;        /* above all that were given */
    int64_t total; /* rows, about; 0: unknown */
    /* The next table, NULL behind the last; its rows; each after the one before has ended. */
    Status (*table)(Ctx *cx, void *arg, const DbTable **ret);
    Status (*row)(Ctx *cx, void *arg, DbVal *v, bool *ret);
    /* Of the table in hand, before its rows: NULL, or reads them for their sum and begins again. */
    Status (*sum)(Ctx *cx, void *arg, TableSum *ret);
} FillSource;

typedef struct FillTable {
    Str name;
    TableSum sum;
    bool kept; /* was whole already */
} FillTable;
typedef struct FillReport {
    VEC(FillTable) tables;
    int64_t rows, indexes;
    int64_t rows_ms, check_ms, index_ms; /* writing, reading back, indexes and statistics */
} FillReport;

/* With `again` what an earlier attempt left is used: tables that are equal are kept (source->sum). */
CHECKED Status fill_run(Ctx *cx, const DbConfig *place, const FillSource *source,
                        const FillHost *host, bool again, FillReport *ret);
/* Number and hash of the rows of a table of cx->db. */
CHECKED Status fill_sum(Ctx *cx, const DbTable *t, TableSum *ret);
bool fill_is_platform(Str table);
