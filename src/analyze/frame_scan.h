/* SPDX-License-Identifier: Apache-2.0 */
/* The scanner below the reader: rows and cells of a text as RFC 4180 has them, blank lines passed
 * over, line ends of every kind. Cells are views; one with doubled quotes is copied. */
#pragma once
#include "base/ctx.h"

#define FRAME_MAX_ROW_BYTES ((size_t)1 << 20)

typedef struct FrameScan {
    Str text;
    size_t at;
    char separator;
    size_t columns;
    size_t row_at; /* where the row began */
    Arena *arena;
} FrameScan;

/* Moves past blank lines to the next row; false at the end. */
bool frame_scan_row(FrameScan *s);
/* ST_INVALID when a quote is left open. *ret_more: another cell follows in the row. */
CHECKED Status frame_scan_cell(Ctx *cx, FrameScan *s, Str *ret, bool *ret_more);
/* Which of , ; tab | the first line uses; *ret_at: where the header begins (a line "sep=;" is taken). */
char frame_scan_separator(Str text, size_t *ret_at);
/* Line, from 1, that holds the byte `at`. */
int64_t frame_scan_line(Str text, size_t at);
