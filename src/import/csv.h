/* SPDX-License-Identifier: Apache-2.0 */
/* CSV as people have it: RFC 4180, separators , ; tab |, any encoding (BOM, named, or recognised),
 * line ends of every kind. The file is mapped; a file in another encoding is first rewritten as UTF-8
 * into a nameless temporary file, so memory stays small whatever its size. Cells are views into it.
 *   CsvReader *csv; TRY(csv_open(cx, path, STR_NULL, &csv));
 *   CsvRow row; bool found; TRY(csv_next(cx, csv, arena, &row, &found)); */
#pragma once
#include "base/ctx.h"

#define CSV_MAX_ROW_BYTES (1 << 20)
#define CSV_MAX_COLUMNS 500

typedef struct CsvReader CsvReader; /* closed with the arena of the context that opened it */

typedef struct CsvRow {
    Str *cells;
    size_t n;
    int64_t number; /* rows with content, counted from 0 (the header) */
    bool bad_text;  /* holds bytes that are not of the encoding, or NUL */
} CsvRow;

/* How a file is to be read; all zero: as it looks. */
typedef struct CsvHow {
    Str encoding;   /* a name that ICU knows; empty: recognised */
    Str sheet;      /* of a workbook; empty: the first that is not hidden */
    char separator; /* 0: recognised */
    int64_t head;   /* of a workbook or JSON lines: no more rows than that; 0: all */
} CsvHow;

/* A CSV file, and what becomes one in a temporary file first: workbooks (.xlsx) and JSON lines, told by
 * their bytes. ST_INVALID if the encoding is unknown. */
CHECKED Status csv_open(Ctx *cx, const char *path, const CsvHow *how, CsvReader **ret);
CHECKED Status csv_open_text(Ctx *cx, Str bytes, Str encoding, CsvReader **ret);
/* CSV in memory, read as told. */
CHECKED Status csv_open_bytes(Ctx *cx, Str bytes, const CsvHow *how, CsvReader **ret);
Str csv_encoding(const CsvReader *r);
char csv_separator(const CsvReader *r);
const char *csv_format(const CsvReader *r); /* "csv", "xlsx", "jsonl" */
/* Sheets of a workbook, and the one that is read. */
size_t csv_n_sheets(const CsvReader *r);
Str csv_sheet(const CsvReader *r, size_t i);
Str csv_sheet_read(const CsvReader *r);
/* Blank lines are passed over. ST_INVALID for a row past the limits above (a quote left open). */
CHECKED Status csv_next(Ctx *cx, CsvReader *r, Arena *a, CsvRow *ret, bool *ret_found);
void csv_rewind(CsvReader *r);
