/* SPDX-License-Identifier: Apache-2.0 */
/* Reading ZIP archives that lie in memory (mapped): names, and one entry's bytes in pieces. Knows stored
 * and deflated entries and ZIP64; nothing encrypted, nothing in several volumes.
 * What an archive claims is not believed: sizes are counted as they come, and an entry that swells
 * beyond the limits below stops the reading.
 *   Zip zip; TRY(zip_open(cx, bytes, ZIP_MAX_ENTRIES, &zip));
 *   const ZipEntry *e = zip_find(&zip, STR("xl/workbook.xml"));
 *   TRY(zip_read(cx, &zip, e, take, arg)); */
#pragma once
#include "base/ctx.h"

#define ZIP_MAX_ENTRIES 10000              /* of a workbook */
#define ZIP_MAX_BYTES ((uint64_t)8 << 30)  /* of one entry, unpacked */
#define ZIP_FREE_BYTES ((uint64_t)1 << 20) /* so much may come out of any entry, however small */
#define ZIP_MAX_RATIO 300                  /* beyond that; sheets of real files stay below 60 */

typedef struct ZipEntry {
    Str name;
    uint64_t packed, offset; /* of the local header */
    uint32_t crc;
    uint16_t method;
} ZipEntry;

typedef struct Zip {
    Str bytes;
    ZipEntry *entries;
    size_t n;
} Zip;

bool zip_is(Str bytes);
/* ST_INVALID for what is no readable archive; ST_TOO_LARGE for more entries. */
CHECKED Status zip_open(Ctx *cx, Str bytes, size_t max_entries, Zip *ret);
/* Names differ in case from writer to writer. NULL: there is none. */
const ZipEntry *zip_find(const Zip *z, Str name);
typedef Status (*ZipTake)(Ctx *cx, void *arg, Str piece);
/* Gives the bytes of the entry in pieces of at most 64 KB; stops when take does. The checksum is tested. */
CHECKED Status zip_read(Ctx *cx, const Zip *z, const ZipEntry *e, ZipTake take, void *arg);
