/* SPDX-License-Identifier: Apache-2.0 */
/* Frame: a CSV file as columns in memory, only those that are asked for.
 *
 * Read by frame_read from a mapped file (.gz and pipes are first unpacked into a nameless temporary
 * file); separator, quotes and encoding are recognised as by import. A column is a number when each
 * cell that is not blank is one (digits, sign, point, exponent; at most 15 digits if whole, so that
 * long identifiers stay text), else a date when each is one, else text, coded by a dictionary in
 * byte order. Blank cells are missing: NAN, or code -1. Rows are counted from 0 behind the header.
 * Cells that say inf or nan in a column of numbers are an error that names line and column. */
#pragma once
#include "base/ctx.h"
#include <math.h>
#include <stdatomic.h>

#define FRAME_MAX_COLUMNS 2000

typedef enum ColumnKind { COLUMN_NUMBER, COLUMN_DATE, COLUMN_TEXT } ColumnKind;

/* A value that stands for a gap: a text, or the numbers from low to high. */
typedef struct FrameCode {
    Str text; /* as it was asked for */
    bool is_number;
    double low, high;
} FrameCode;

/* The codes of some columns. */
typedef struct FrameCodes {
    Str *columns;
    size_t n_columns;
    bool is_all; /* every column */
    FrameCode *codes;
    size_t n;
} FrameCodes;

typedef struct Series {
    Str name;
    ColumnKind kind;
    bool is_read;    /* false: nobody asked for it, it has no values */
    double *num;     /* numbers; dates as days since 1970-01-01, the time of day as fraction */
    size_t num_room; /* how many num has room for */
    void *code;      /* text: index into values, see frame_code; as narrow as their number allows */
    uint8_t code_bytes; /* 1, 2 or 4 */
    Str *values;        /* text: distinct values, byte order */
    size_t n_values;    /* text */
    size_t n_missing;   /* of the rows kept */
    bool is_order_open; /* dates: day/month or month/day, no cell says which; read as month/day */
    bool has_groups;    /* numbers: some are written 1,234,567 */
    int scale;          /* numbers: most digits behind the point, ≤ 9 */
    int64_t odd_row;    /* text: first row that is no number, for messages; -1: none */
    Str odd_cell;
    FrameCode *codes; /* values that were read as gaps (--missing-codes) */
    size_t n_codes;
    bool is_asked;  /* some of the codes are for this column by its name */
    uint8_t *coded; /* by row: which of the codes it was, from 1; 0: none; NULL without codes */
} Series;

typedef struct Frame {
    Series *columns;
    size_t n_columns;
    size_t n;      /* rows kept */
    size_t n_read; /* rows of the file */
    int64_t *row;  /* number of each kept row in the file; NULL: all were kept */
    char separator;
    Str encoding;
    Str text;       /* the mapped file, for line numbers */
    bool is_mapped; /* its pages may be given back and read again */
} Frame;

typedef struct FrameWanted {
    const Str *names; /* columns to read; NULL: all */
    size_t n;
    Str where;               /* its columns are read too */
    Str test;                /* another expression whose columns are read (see frame_mask) */
    Str encoding;            /* empty: recognised */
    const FrameCodes *codes; /* values that stand for a gap */
    size_t n_codes;
    const atomic_bool *cancel; /* may be NULL */
    void (*progress)(void *arg, double share);
    void *progress_arg;
} FrameWanted;

/* path: a file, or "-" for standard input. The frame lives as long as cx->arena. Errors: ST_NOT_FOUND
 * (no such file or column), ST_INVALID (rows of another width, open quotes, inf or nan), ST_BUSY
 * (cancelled). Reads, then keeps the rows for which `where` is true. */
CHECKED Status frame_read(Ctx *cx, const char *path, const FrameWanted *wanted, Frame *ret);
/* The same for a text in memory (tests, uploads). */
CHECKED Status frame_read_text(Ctx *cx, Str text, const FrameWanted *wanted, Frame *ret);

/* "a,b=9,99;c=不知道;*=-1,97..98" as codes. ST_MALFORMED with what is wrong. */
CHECKED Status frame_codes_parse(Ctx *cx, Str text, FrameCodes **ret, size_t *ret_n);

/* mask[i] = the expression is true for row i. */
CHECKED Status frame_mask(Ctx *cx, Frame *f, Str expr, const atomic_bool *cancel, uint8_t *mask);

/* Row i of the frame as a line of the file (1 = header) and as the number that `row` has. */
int64_t frame_line(const Frame *f, size_t i);
static inline int64_t frame_row(const Frame *f, size_t i)
{
    return f->row ? f->row[i] : (int64_t)i;
}

/* NULL if there is none (or it was not read). */
Series *frame_column(const Frame *f, Str name);
/* ST_NOT_FOUND with the nearest name. */
CHECKED Status frame_find(Ctx *cx, const Frame *f, Str name, Series **ret);

/* Fails with the first cell that is not one. */
CHECKED Status frame_need_numbers(Ctx *cx, const Frame *f, const Series *c);
/* Makes a column of dates of it: dates stay, whole numbers like 20170301 become days. */
CHECKED Status frame_need_dates(Ctx *cx, const Frame *f, Series *c);

/* Text: the position in values, -1 where there is none. */
static inline int32_t frame_code(const Series *c, size_t i)
{
    uint32_t v;
    switch (c->code_bytes) {
    case 1: v = ((const uint8_t *)c->code)[i]; return v == UINT8_MAX ? -1 : (int32_t)v;
    case 2: v = ((const uint16_t *)c->code)[i]; return v == UINT16_MAX ? -1 : (int32_t)v;
    default: return ((const int32_t *)c->code)[i];
    }
}
static inline bool frame_is_missing(const Series *c, size_t i)
{
    return c->num ? isnan(c->num[i]) : frame_code(c, i) < 0;
}
/* Keeps the rows with keep[i] != 0, in all columns, in place. */
void frame_keep(Ctx *cx, Frame *f, const uint8_t *keep);
/* Row i becomes what row at[i] was, in all columns, in place. */
void frame_reorder(Ctx *cx, Frame *f, const uint32_t *at);
/* Gives the values of a column back that nobody will look at again: large files leave room for the kernels. */
void frame_release(Series *c);
/* Drops the rows with a missing value in one of the columns; gives how many. */
size_t frame_listwise(Ctx *cx, Frame *f, Series *const *columns, size_t n);

/* A column as groups: distinct values in order (numbers by size, text by bytes), whatever its kind. */
typedef struct Groups {
    const Series *column;
    int32_t *of;   /* by row: group, -1 missing */
    Str *labels;   /* as written: 1, 2.5, 2017-03-01, text */
    double *value; /* numbers and dates; else NULL */
    size_t n;
} Groups;
CHECKED Status frame_groups(Ctx *cx, const Frame *f, const Series *c, Groups *ret);
/* Position of the label in g, or -1. */
int32_t frame_group_of(const Groups *g, Str label);
Str frame_label(Arena *a, const Series *c, double v); /* a number or date as people write it */
