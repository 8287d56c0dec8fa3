/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the frame share: the source text, cells, the reader's columns. */
#pragma once
#include "analyze/frame.h"

/* frame_source.c: the file as UTF-8 text in memory behind its BOM; unmapped with cx->arena. */
CHECKED Status frame_source(Ctx *cx, const char *path, Str encoding, Frame *f);
CHECKED Status frame_source_text(Ctx *cx, Str text, Str encoding, Frame *f);

/* Gives the whole pages of text[from, to) back: they count as memory no more, and come again from the file if they are
 * looked at. Nothing where the text is not mapped. */
void frame_source_drop(const Frame *f, size_t from, size_t to);

/* frame_cell.c */
typedef struct CellNumber {
    double v;
    int digits;      /* significant digits written */
    int scale;       /* digits behind the point */
    bool whole;      /* neither point nor exponent */
    bool is_grouped; /* 1,234,567 */
} CellNumber;
bool frame_cell_number(Str cell, CellNumber *ret);
bool frame_cell_is_unreal(Str cell); /* inf, infinity, nan with or without sign */
/* Days with the time of day as fraction. day_first: 31/12/2011; else 12/31/2011. */
bool frame_cell_date(Str cell, bool day_first, double *ret);
/* Says of a date with the year last whether day or month must come first. True if it could be either, and
 * would be another day. */
bool frame_cell_date_order(Str cell, bool *ret_day_first, bool *ret_month_first);

/* frame_codes.c */
/* The codes that hold for the column, and room for rows of them. */
CHECKED Status frame_codes_take(Ctx *cx, const FrameWanted *w, size_t rows, Series *c);
/* Every column that is named must be there. */
CHECKED Status frame_codes_check(Ctx *cx, const Frame *f, const FrameWanted *w);
/* Whether the cell is one of the column's codes; remembers which. */
bool frame_codes_hit(Series *c, size_t row, Str cell);

/* frame_dict.c: text → code in order of appearance; then sorted by bytes. */
typedef struct FrameDict FrameDict;
FrameDict *frame_dict_new(Arena *a);
int32_t frame_dict_code(FrameDict *d, Str s);
size_t frame_dict_count(const FrameDict *d);
/* values sorted by bytes; map[old code] = new code. */
Str *frame_dict_sorted(FrameDict *d, Arena *a, int32_t **ret_map);

/* Writes a code; room must hold 4 bytes a row, of which a narrow column touches only as many as it needs: widened in place,
 * from row `rows` down, when a code no longer fits. */
void frame_set_code(Series *c, size_t i, int32_t code, size_t rows);

/* frame_where.c */
/* Names of columns that the expression uses (for reading), and its application. */
CHECKED Status frame_where_names(Ctx *cx, const Frame *f, Str where, uint8_t *used);
CHECKED Status frame_where(Ctx *cx, Frame *f, Str where, const atomic_bool *cancel);

CHECKED Status frame_cancelled(Ctx *cx);
