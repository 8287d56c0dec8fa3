/* SPDX-License-Identifier: Apache-2.0 */
/* What matrix.c and matrix_svd.c share. */
#pragma once
#include "analytics/matrix.h"

typedef struct Ranked {
    double value;
    size_t at;
} Ranked;
/* Positions by falling value, equal ones in their order. */
Ranked *matrix_order_down(Arena *arena, const double *value, size_t n);
