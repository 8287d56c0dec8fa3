/* SPDX-License-Identifier: Apache-2.0 */
/* sav_zip: the cases of a compressed system file (.zsav): pieces of their bytes as zlib streams, and a list of
 * where each lies behind them. The header in front says where the list is, so the file is sought once. */
#pragma once
#include "base/buf.h"
#include "base/vec.h"
#include <stdio.h>

#define SAV_ZIP_PIECE                                                                              \
    0x3ff000 /* bytes of a piece before they are compressed; the last may be shorter */

typedef struct SavPiece {
    uint32_t plain, packed;
} SavPiece;
typedef struct SavZip {
    Arena *arena;
    FILE *file;
    int64_t begin; /* where the header lies: behind the dictionary */
    uint8_t *room;
    VEC(SavPiece) pieces;
} SavZip;

/* False: the file cannot be written. `begin`: bytes that stand in it already. */
bool sav_zip_begin(SavZip *z, Arena *a, FILE *file, int64_t begin);
/* Takes whole pieces out of `bytes`; at the end what is left too. */
bool sav_zip_take(SavZip *z, Buf *bytes, bool last);
bool sav_zip_end(SavZip *z);
