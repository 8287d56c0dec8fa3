/* SPDX-License-Identifier: Apache-2.0 */
/* Columns in memory: what boards and pipelines count and add up, per object, on this node.
 *
 * A table holds, for every live record of an object, the columns that aggregates asked for: links, choices and
 * booleans as codes of a dictionary, numbers and money (base currency) as int64. It is loaded on first use and
 * fed by the event log: each question first reads what the log has new for the object and loads those records
 * again, in one snapshot, so that its answer is that of the database now. Tables beyond COLUMNS_MAX_ROWS or
 * the store's COLUMNS_MAX_BYTES are not kept: those questions stay with SQL.
 *
 *   bool done; TRY(columns_aggregate(a, &rows, &done)); if (!done) … by SQL
 *
 * Any thread: readers share a table, who brings it up to date has it alone. */
#pragma once
#include "query/aggregate.h"
#include <pthread.h>

#define COLUMNS_MAX_ROWS 500000
#define COLUMNS_MAX_BYTES ((size_t)24 * 1024 * 1024)
#define COLUMNS_MAX_FIELDS 12  /* of one table */
#define COLUMNS_MAX_CODES 4000 /* different values of one field */
#define COLUMNS_MAX_CELLS 8192 /* groups of one question */

/* Groups and figures of a, unless it asks what columns do not know (*ret_done false). */
CHECKED Status columns_aggregate(Aggregate *a, AggregateRows *ret, bool *ret_done);

/* ---- columns_table.c */
typedef struct ColumnDict { /* code → value; 0 is null */
    DbVal *values;
    uint32_t n, cap;
    uint32_t *slots, n_slots;
} ColumnDict;

typedef struct ColumnData {
    uint16_t index; /* of the field in object->fields */
    uint8_t type;   /* DbType of the physical column */
    bool is_code;
    int part;
    uint16_t *codes;
    int64_t *numbers; /* INT64_MIN: null */
    ColumnDict dict;
} ColumnData;

typedef struct ColumnTable ColumnTable;
struct ColumnTable { /* names nothing of a catalogue by address: it outlives them */
    pthread_rwlock_t lock;
    struct ColumnStore *store;
    uint32_t object_number;
    int64_t catalogue_version, seq; /* the log was read up to here; −1: not loaded */
    size_t n, cap, n_slots, bytes;
    Id *ids;
    uint32_t *slots; /* id → row + 1 */
    ColumnData columns[COLUMNS_MAX_FIELDS];
    size_t n_columns;
    bool refused; /* too large: not tried again before the catalogue changes */
    ColumnTable *next;
};

/* The table of o, up to date and held, with all of these fields; NULL if it cannot be kept. Release
 * when done. */
CHECKED Status columns_hold(Ctx *cx, const Object *o, const Field *const *fields, size_t n,
                            ColumnTable **ret);
void columns_release(ColumnTable *t);
const ColumnData *columns_find(const ColumnTable *t, const Field *f);
/* Code of a value; UINT32_MAX: no record has it. */
uint32_t columns_code(const ColumnDict *d, const DbVal *v);
bool columns_takes(const Field *f, bool *ret_is_code, int *ret_part);
