/* SPDX-License-Identifier: Apache-2.0 */
/* archive: the tables of an organisation as one sealed stream, the same from both engines.
 *
 *   "GXARC1\n", then parts: one letter, 4 bytes of length (little-endian), that many bytes.
 *     H  JSON: what it is (ArchiveHead)            once, first
 *     T  JSON: {"table","columns":[[name,type,key,not null,tokens],…]}
 *     R  rows of the table above, at most ROWS_MAX bytes
 *     E  8 bytes how many rows, 16 bytes their hash
 *     F  JSON: [[sha256,size],…] files              any number, behind the tables
 *     Z  nothing: the end
 *
 * The hash of a table is the sum of the hashes of its rows, so it does not depend on their order, nor
 * on the engine: truth values count as 0 and 1. */
#pragma once
#include "backup/seal.h"
#include "base/json.h"
#include "db/transfer.h"

enum { ROW_HASH = 16, ROWS_MAX = 64 << 20, HEAD_MAX = 8 << 20, COLUMNS_MAX = 2000 };

typedef struct TableSum {
    int64_t rows;
    uint64_t hash[2];
} TableSum;

/* ---- rows */
void row_encode(Buf *out, const DbTable *t, const DbVal *v); /* also what is hashed */
/* False: not a row. Texts point into the bytes. */
bool row_decode(Str *rest, const DbTable *t, DbVal *ret);
void row_sum(TableSum *sum, Str encoded);
bool row_sum_equal(const TableSum *a, const TableSum *b);
Str row_sum_text(Arena *a, const TableSum *s); /* 32 hexadecimal digits */

/* ---- writing */
typedef struct Archive Archive; /* in cx->arena of who opens it */
CHECKED Status archive_begin(Ctx *cx, Sealer *to, const json_t *head, Archive **ret);
CHECKED Status archive_table(Ctx *cx, Archive *a, const DbTable *t);
CHECKED Status archive_row(Ctx *cx, Archive *a, const DbVal *v);
CHECKED Status archive_table_end(Ctx *cx, Archive *a, TableSum *ret);
CHECKED Status archive_files(Ctx *cx, Archive *a, const json_t *list);
CHECKED Status archive_end(Ctx *cx, Archive *a);

/* ---- reading: every length and type is checked, so any bytes may come. */
typedef struct ArchiveReader ArchiveReader;
typedef Status (*ArchiveRead)(Ctx *cx, void *from, void *p, size_t n, size_t *ret_n);
CHECKED Status archive_open(Ctx *cx, ArchiveRead read, void *from, ArchiveReader **ret,
                            json_t **ret_head);
/* The next table, or *ret NULL behind the last. */
CHECKED Status archive_next(Ctx *cx, ArchiveReader *r, const DbTable **ret);
/* The table's next row; *ret false behind the last, whose number and hash were compared. Values live
 * until the next call. */
CHECKED Status archive_next_row(Ctx *cx, ArchiveReader *r, DbVal *v, bool *ret);
const TableSum *archive_sum(const ArchiveReader *r); /* of the table that has ended */
/* The next list of files, NULL at the end of the whole. */
CHECKED Status archive_next_files(Ctx *cx, ArchiveReader *r, json_t **ret);
