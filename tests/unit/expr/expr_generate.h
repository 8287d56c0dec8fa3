/* SPDX-License-Identifier: Apache-2.0 */
/* Writes random expressions of a wanted type over the world's objects. */
#pragma once
#include "expr_fixture.h"

typedef enum Kind {
    K_BOOL,
    K_INT,
    K_DECIMAL,
    K_MONEY,
    K_REAL,
    K_TEXT,
    K_DATE,
    K_TIME,
    K_DURATION,
    K_KINDS,
} Kind;

/* of: "firm" or "deal", whose names are used. */
void generate(World *w, Buf *out, Kind kind, const char *of, int depth);
