/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a fit (logistic.c) and one pass over its rows (logistic_pass.c). */
#pragma once
#include "analytics/logistic.h"

enum { LOGISTIC_BLOCK = 128 }; /* rows: 21 columns of a block stay in the first cache */

/* Rows at equal distances, copied together; n is 0 where there are too few for it. */
typedef struct Sample {
    size_t n;
    const double **x, *y, *w;
    double weight; /* of all its rows */
} Sample;

typedef struct Fit {
    Kernel *k;
    const double *const *x;
    const double *y, *w;
    size_t n, p;
    size_t m;       /* columns in use, the constant is column 0 */
    size_t *column; /* column of x for 1 … m−1 */
    double *mean, *scale;
    double *b, start;    /* standardised coefficients, m; the constant alone */
    double *information; /* m × m, lower triangle */
    double *score;
    long double loglik;
    Sample sample;
    double *block, *weighted;                         /* m columns of LOGISTIC_BLOCK rows */
    double eta[LOGISTIC_BLOCK], rest[LOGISTIC_BLOCK]; /* linear predictor; w (y − p) */
    double least_yes, most_no;                        /* complete separation */
} Fit;

/* Built for the plain processor and for AVX2; the sums run in the same order, so the bits are the same. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LOGISTIC_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define LOGISTIC_WIDE
#endif
typedef double V4 __attribute__((vector_size(32), aligned(8)));
#define AT(p) (*(const V4 *)(const void *)(p)) /* macros: a vector as argument depends on the ABI */
#define SUM(v) (((v)[0] + (v)[1]) + ((v)[2] + (v)[3]))

/* Log likelihood, score and, if asked, information at f->b. ST_BUSY when cancelled. */
CHECKED Status logistic_pass(Fit *f, bool with_information);
/* Weight of all rows and of those with y = 1. */
CHECKED Status logistic_check(Fit *f, double *ret_n, double *ret_yes);
/* Fills f->sample. */
void logistic_sample(Fit *f);
/* Fills mean and scale; n: weight of all rows. */
CHECKED Status logistic_scale(Fit *f, double n);
bool logistic_has_spread(const Fit *f, size_t j); /* else the column is a constant */
/* After a pass over all rows: FAULT_NOT_FINITE where the columns made the likelihood or a score so. */
CHECKED Status logistic_find_unreal(const Fit *f);
