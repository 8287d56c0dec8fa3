/* SPDX-License-Identifier: Apache-2.0 */
/* Views as they are held until they are written. */
#pragma once
#include "analyze/result.h"

typedef struct ViewHead {
    Str heading, key;
    CellForm form;
} ViewHead;

typedef struct ViewRow {
    Str label;
    const json_t *source;
} ViewRow;

struct View {
    Arena *arena;
    Str title;
    VEC(ViewHead) columns;
    VEC(ViewRow) rows;
    View *next;
};
