/* SPDX-License-Identifier: Apache-2.0 */
/* Inside analyze/: the rows of a segmentation as a matrix, prepared by a recipe that is stored with the
 * result and can be replayed (--prepare recipe.json). */
#pragma once
#include "analytics/prepare.h"
#include "analyze/method.h"

typedef struct Prepared {
    size_t n, p;
    double *x;        /* n × p, prepared */
    double *original; /* n × p, as in the file, missing filled */
    Str *names;       /* p: column, or column=value of text */
    Series **columns; /* p: for messages */
    double *fill;     /* p: what closed the gaps; NAN: nothing did */
} Prepared;

/* Options columns, prepare, fill, clip, save-recipe of the method. */
#define ANALYZE_PREPARE_OPTIONS                                                                    \
    {"clip",                                                                                       \
     OPTION_NUMBER,                                                                                \
     false,                                                                                        \
     NULL,                                                                                         \
     "两端截尾的比例（如 0.01）",                                                                  \
     "share clipped at each end (0.01, say)"},                                                     \
        {"columns",                                                                                \
         OPTION_COLUMNS,                                                                           \
         false,                                                                                    \
         NULL,                                                                                     \
         "参与分群的列（默认全部）",                                                               \
         "columns (default: all)"},                                                                \
        {"fill",                                                                                   \
         OPTION_WORD,                                                                              \
         false,                                                                                    \
         "none|mean|median",                                                                       \
         "缺失值填补（默认 none：剔除该行）",                                                      \
         "missing values (default none: the row is left out)"},                                    \
        {"prepare",                                                                                \
         OPTION_TEXT,                                                                              \
         false,                                                                                    \
         NULL,                                                                                     \
         "z0|z1|log|none 或配方文件（默认 z0）",                                                   \
         "z0|z1|log|none or a recipe file (default z0)"},                                          \
    {                                                                                              \
        "save-recipe", OPTION_FILE, false, NULL, "把配方写入文件", "write the recipe to a file"    \
    }
/* is_free: the rows may stand in an order of their own, so that what draws rows at random does not depend on that of the
 * file. */
CHECKED Status analyze_prepare(Analysis *an, bool is_free, Prepared *ret);
/* The codes for missing that a stored recipe was made with; empty if how is no file or has none. */
CHECKED Status analyze_prepare_codes(Ctx *cx, Str how, Str *ret);
/* analyze_order.c: puts the rows of the frame in the order of the hashes of these columns. */
CHECKED Status analyze_order(Analysis *an, Series *const *columns, size_t n_columns);
