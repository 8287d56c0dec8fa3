/* SPDX-License-Identifier: Apache-2.0 */
/* correspondence: rows and columns of a table of counts as points in few dimensions.
 * Shapes: table r × c row-major, counts >= 0 (weights allowed). Greenacre (1984): singular values of
 * (P - r c') / √(r c'); total inertia · n is the table's chi-square. Dimensions: min(r, c) - 1.
 * Standard coordinates have weighted variance 1, principal ones the dimension's inertia λ. What is
 * printed depends on the normalisation: row (rows principal, columns standard), column, symmetric
 * (both standard · λ^¼, SPSS's default), principal (both principal).
 * wanted: dimensions with coordinates, 0 for all; a quarter of all or less is several times as fast.
 * O(r c min(r, c)). Errors: r or c < 2 (TOO_FEW), negative (RANGE, row and column), not finite, a row
 * or column without counts (EMPTY, its number). */
#pragma once
#include "analytics/work.h"

typedef enum CorrespondenceNorm {
    CORRESPONDENCE_SYMMETRIC,
    CORRESPONDENCE_ROW,
    CORRESPONDENCE_COLUMN,
    CORRESPONDENCE_PRINCIPAL
} CorrespondenceNorm;

typedef struct CorrespondencePoints { /* the rows, or the columns */
    size_t n;
    double *mass, *inertia; /* n */
    double *principal;      /* n × shown */
    double *standard;
    double *contribution; /* of the point to the dimension's inertia: columns add up to 1 */
    double *cos2;         /* of the dimension to the point's inertia: rows add up to 1 */
} CorrespondencePoints;

typedef struct Correspondence {
    size_t dimensions; /* min(r, c) − 1: that many singular values */
    size_t shown;      /* of them with coordinates */
    double n, inertia, chi2, df;
    double *singular, *value; /* dimensions; value = singular² */
    CorrespondencePoints rows, columns;
} Correspondence;

CHECKED Status correspondence_run(Kernel *kn, const double *table, size_t r, size_t c,
                                  size_t wanted, Correspondence *ret);
/* Coordinate of point i in dimension k as the normalisation shows it. */
double correspondence_at(const Correspondence *a, const CorrespondencePoints *p, size_t i, size_t k,
                         CorrespondenceNorm norm);
