/* SPDX-License-Identifier: Apache-2.0 */
/* Private to import/: which rows are there already, and which rows of the file mean the same record (keys.c). */
#pragma once
#include "import/import_internal.h"

Status keys_find(Ctx *cx, const Import *im, ImportRow *rows, size_t n);
/* What a row is found by, comparable with other rows of the file. */
typedef struct RowKeys {
    Str v[MAX_UNIQUE + 1]; /* empty: the row does not say */
    size_t n;
} RowKeys;
void keys_of_row(Ctx *cx, const Import *im, const ImportRow *row, Arena *a, RowKeys *ret);
bool keys_among(const RowKeys *keys, const Map *seen);
void keys_note(const RowKeys *keys, Map *seen);
