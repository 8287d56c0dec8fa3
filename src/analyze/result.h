/* SPDX-License-Identifier: Apache-2.0 */
/* Result: what a method found, once; written as tables for people or as JSON for programs.
 *
 * The method fills r->tables, a JSON object with the keys of its documentation (full precision, NAN
 * and infinity become null), and lays views over it: a view is a table whose rows point at objects of
 * that tree and whose columns name a key each ("mean", "df.0", "ci95.1").
 *   json_t *t = result_object(r->tables, "ttest");
 *   result_put(t, "diff", d); result_puts(t, "df", (double[]){2, 7}, 2);
 *   View *v = result_view(r, "组统计", "Group Statistics", COLUMNS, COUNT_OF(COLUMNS));
 *   result_row(v, STR("Yes"), t);
 *   result_reading(r, text_in(cx, "analyze.read_ttest", "The means differ by %.3g …", d)); */
#pragma once
#include "base/json.h"
#include <stdio.h>

typedef enum CellForm {
    CELL_AUTO,    /* text as it is, whole numbers without point, others like CELL_STAT */
    CELL_COUNT,   /* 1234 */
    CELL_STAT,    /* five significant digits or three decimals, whichever shows more */
    CELL_P,       /* .012, <.001 */
    CELL_PERCENT, /* share 0 … 1 shown as 12.3% */
} CellForm;

typedef struct ViewColumn {
    const char *key; /* path into the row's object; digits are positions in arrays */
    const char *zh, *en;
    CellForm form;
} ViewColumn;

typedef struct View View;

typedef struct OutColumn {
    Str name;
    const double *num; /* NAN: empty; one of num, code, text */
    const int32_t *code;
    const Str *text; /* alone: by row; with code: by code, code < 0 is empty */
} OutColumn;

typedef struct Result {
    Ctx *cx;
    const char *method;
    double n;        /* cases used (sum of the weights) */
    double missing;  /* cases left out because a value is missing */
    double weight;   /* sum of the weights; NAN: unweighted */
    Str weight_name; /* column of the weights */
    uint64_t seed;
    json_t *tables;
    json_t *notes; /* array of sentences: conventions, warnings */
    View *views, *last_view;
    Str reading;
    /* per-row results for --out */
    VEC(OutColumn) out;
    size_t out_n;
    const int64_t *out_row; /* row numbers put before them; NULL and out_rows: 0, 1, 2 … */
    bool out_rows;
    const uint32_t *
        out_at; /* the rows were put in another order: where the i-th of the file stands; NULL: at i */
} Result;

void result_init(Ctx *cx, Result *r, const char *method);

/* JSON building; json_t of these live with the arena. */
json_t *result_object(json_t *in, const char *key); /* made new in an object (key) */
json_t *result_array(json_t *in, const char *key);
json_t *result_item(json_t *array);                     /* a new object at the end of the array */
void result_put(json_t *in, const char *key, double v); /* whole numbers below 2^53 stay whole */
void result_put_text(json_t *in, const char *key, Str v);
void result_put_bool(json_t *in, const char *key, bool v);
void result_puts(json_t *in, const char *key, const double *v, size_t n);
void result_put_texts(json_t *in, const char *key, const Str *v, size_t n);
void result_add(json_t *array, double v);
/* Key of a column or group name: NUL-terminated copy in the arena. */
const char *result_key(Result *r, Str name);

View *result_view(Result *r, const char *zh, const char *en, const ViewColumn *columns, size_t n);
void result_view_title(View *v, Str title); /* where the title is data */
void result_row(View *v, Str label, const json_t *source);
/* A column whose heading is data (a group, a variable) or is made while running. */
void result_view_column(View *v, Str heading, Str key, CellForm form);

void result_reading(Result *r, Str sentence);
void result_note(Result *r, Str sentence);
/* Adds a column of per-row results; all have the same number of rows n. */
void result_out(Result *r, size_t n, OutColumn column);

void result_write_json(const Result *r, Buf *out);
void result_write_text(const Result *r, Buf *out);
void result_write_out(const Result *r, FILE *out); /* CSV */
