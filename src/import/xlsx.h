/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks (.xlsx, ECMA-376): one sheet written as CSV, a row at a time. Shared strings lie in a
 * nameless temporary file, so memory stays small whatever the size of the workbook.
 * Cells are written as a person sees them, in forms that fields read: dates by their number format as
 * 2026-03-01 or 2026-03-01 10:30:00 (1900 and 1904 systems), percents as 15%, numbers with the fifteen
 * digits that spreadsheets show, true and false in words, the error of a formula as its name (#N/A).
 *   Xlsx *book; TRY(xlsx_open(cx, bytes, &book)); TRY(xlsx_write_csv(cx, book, STR(""), 0, fd, &name)); */
#pragma once
#include "base/ctx.h"

#define XLSX_MAX_SHEETS 1000
#define XLSX_MAX_STYLES 65536
#define XLSX_MAX_STRINGS ((uint64_t)16 << 20)

typedef struct Xlsx Xlsx; /* gone with the arena of the context that opened it */

bool xlsx_is(Str bytes);
/* An .xls of before 2007, or a workbook under a password: not readable, and worth an own word. */
bool xlsx_is_old(Str bytes);
CHECKED Status xlsx_open(Ctx *cx, Str bytes, Xlsx **ret); /* bytes stay where they are */
size_t xlsx_n_sheets(const Xlsx *x);
Str xlsx_sheet(const Xlsx *x, size_t i);
/* Empty name: the first sheet that is not hidden; head > 0: its first rows only. *ret_name: the sheet
 * taken. */
CHECKED Status xlsx_write_csv(Ctx *cx, Xlsx *x, Str sheet, int64_t head, int fd, Str *ret_name);
