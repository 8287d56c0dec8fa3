/* SPDX-License-Identifier: Apache-2.0 */
/* zip_writer: writes an archive entry by entry in bounded memory; sizes and counts beyond 32 bits are told in
 * the form of ZIP64. Names are UTF-8. */
#pragma once
#include "base/ctx.h"
#include <stdio.h>

typedef struct ZipWriter {
    Ctx *cx;
    FILE *file;
    Buf central; /* of all entries, written at the end */
    uint64_t at, n_entries;
    uint32_t stamp; /* of MS-DOS */
} ZipWriter;

/* Of what stood in an entry. */
typedef struct ZipEntry {
    uint64_t size;
    uint8_t sha256[32];
} ZipEntry;

/* Makes the file; local_ms dates the entries. zip_writer_close gives the file back, whether ended or not. */
CHECKED Status zip_writer_open(Ctx *cx, const char *path, int64_t local_ms, ZipWriter *ret);
/* packed: deflated; else kept as it is (what is packed already). *ret_found: false where there is no
 * file at that path, and nothing was added. */
CHECKED Status zip_writer_add_file(ZipWriter *z, Str name, const char *path, bool packed,
                                   ZipEntry *ret, bool *ret_found);
CHECKED Status zip_writer_add_text(ZipWriter *z, Str name, Str text, ZipEntry *ret);
CHECKED Status zip_writer_end(ZipWriter *z);
void zip_writer_close(ZipWriter *z);
