/* SPDX-License-Identifier: Apache-2.0 */
/* ZIP (APPNOTE 6.3): the directory at the end is read first; local headers are used only for where the
 * bytes begin. All offsets are checked against the file before they are followed. */
#include "import/zip.h"
#include <zlib.h>

#define PIECE ((size_t)64 * 1024)
#define END_BYTES 22 /* end of central directory, without its comment */
#define LOCAL_BYTES 30
#define CENTRAL_BYTES 46

bool zip_is(Str bytes) { return str_starts(bytes, STR("PK\x03\x04")); }

static uint64_t number_at(Str s, uint64_t at, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v |= (uint64_t)(unsigned char)s.p[at + i] << (8 * i);
    return v;
}

static Status broken(Ctx *cx)
{
    return FAIL(cx, ST_INVALID, "import.zip_broken", "the workbook is damaged or not a workbook");
}

/* ---- the directory */
typedef struct Directory {
    uint64_t at, bytes, n;
} Directory;

static bool find_end(Str s, uint64_t *ret)
{
    if (s.n < END_BYTES)
        return false;
    for (uint64_t back = END_BYTES; back <= s.n && back <= END_BYTES + 65535; back++) {
        if (number_at(s, s.n - back, 4) != 0x06054b50)
            continue;
        *ret = s.n - back;
        return true;
    }
    return false;
}

/* The ZIP64 record is named by a locator just before the end. */
static bool read_end64(Str s, uint64_t end, Directory *d)
{
    if (end < 20 || number_at(s, end - 20, 4) != 0x07064b50)
        return true;
    uint64_t at = number_at(s, end - 20 + 8, 8);
    if (at > s.n || s.n - at < 56 || number_at(s, at, 4) != 0x06064b50)
        return false;
    *d = (Directory){.n = number_at(s, at + 32, 8),
                     .bytes = number_at(s, at + 40, 8),
                     .at = number_at(s, at + 48, 8)};
    return true;
}

static bool read_end(Str s, Directory *d)
{
    uint64_t end = 0;
    if (!find_end(s, &end))
        return false;
    *d = (Directory){.n = number_at(s, end + 10, 2),
                     .bytes = number_at(s, end + 12, 4),
                     .at = number_at(s, end + 16, 4)};
    return read_end64(s, end, d) && d->at <= s.n && d->bytes <= s.n - d->at;
}

/* Extra field 1 holds, in this order, those of size, packed size and offset that did not fit. */
static void read_extra64(Str s, uint64_t at, uint64_t n, uint64_t size, ZipEntry *e)
{
    for (uint64_t i = 0; n - i >= 4;) {
        uint64_t kind = number_at(s, at + i, 2), length = number_at(s, at + i + 2, 2);
        if (length > n - i - 4)
            return;
        uint64_t from = at + i + 4, left = length;
        i += 4 + length;
        if (kind != 1)
            continue;
        if (size == UINT32_MAX && left >= 8) {
            from += 8;
            left -= 8;
        }
        if (e->packed == UINT32_MAX && left >= 8) {
            e->packed = number_at(s, from, 8);
            from += 8;
            left -= 8;
        }
        if (e->offset == UINT32_MAX && left >= 8)
            e->offset = number_at(s, from, 8);
        return;
    }
}

/* *at: of this entry's header, then of the next one's. */
static bool read_entry(Str s, uint64_t end, uint64_t *at, ZipEntry *ret)
{
    uint64_t h = *at;
    if (end - h < CENTRAL_BYTES || number_at(s, h, 4) != 0x02014b50)
        return false;
    uint64_t name = number_at(s, h + 28, 2), extra = number_at(s, h + 30, 2),
             comment = number_at(s, h + 32, 2);
    if (end - h - CENTRAL_BYTES < name + extra + comment)
        return false;
    *ret = (ZipEntry){.name = str_n(s.p + h + CENTRAL_BYTES, name),
                      .method = (uint16_t)number_at(s, h + 10, 2),
                      .crc = (uint32_t)number_at(s, h + 16, 4),
                      .packed = number_at(s, h + 20, 4),
                      .offset = number_at(s, h + 42, 4)};
    read_extra64(s, h + CENTRAL_BYTES + name, extra, number_at(s, h + 24, 4), ret);
    *at = h + CENTRAL_BYTES + name + extra + comment;
    return true;
}

Status zip_open(Ctx *cx, Str bytes, size_t max_entries, Zip *ret)
{
    Directory d;
    *ret = (Zip){.bytes = bytes};
    if (!read_end(bytes, &d))
        return broken(cx);
    if (d.n > max_entries)
        return FAIL(cx, ST_TOO_LARGE, "import.zip_entries", "the workbook has more than %d parts",
                    (int)max_entries);
    if (d.n > d.bytes / CENTRAL_BYTES)
        return broken(cx);
    ret->entries = ARENA_ARRAY(cx->arena, ZipEntry, d.n + 1);
    for (uint64_t at = d.at; ret->n < d.n; ret->n++)
        if (!read_entry(bytes, d.at + d.bytes, &at, &ret->entries[ret->n]))
            return broken(cx);
    return ST_OK;
}

static bool same_name(Str a, Str b)
{
    for (size_t i = 0; i < a.n && a.n == b.n; i++) {
        char x = a.p[i] == '\\' ? '/' : a.p[i], y = b.p[i];
        x = x >= 'A' && x <= 'Z' ? (char)(x | 0x20) : x;
        y = y >= 'A' && y <= 'Z' ? (char)(y | 0x20) : y;
        if (x != y)
            return false;
    }
    return a.n == b.n;
}

const ZipEntry *zip_find(const Zip *z, Str name)
{
    for (size_t i = 0; i < z->n; i++)
        if (same_name(z->entries[i].name, name))
            return &z->entries[i];
    return NULL;
}

/* ---- the bytes of one entry */
typedef struct Unpack {
    const ZipEntry *entry;
    ZipTake take;
    void *arg;
    uint64_t out;
    uLong crc;
} Unpack;

static Status give(Ctx *cx, Unpack *u, Str piece)
{
    u->out += piece.n;
    if (u->out > ZIP_MAX_BYTES ||
        (u->out > ZIP_FREE_BYTES && u->out / ZIP_MAX_RATIO > u->entry->packed))
        return FAIL(cx, ST_TOO_LARGE, "import.zip_bomb",
                    "the workbook swells beyond what a workbook can hold");
    u->crc = crc32(u->crc, (const Bytef *)piece.p, (uInt)piece.n);
    return piece.n ? u->take(cx, u->arg, piece) : ST_OK;
}

static Status read_stored(Ctx *cx, Unpack *u, Str packed)
{
    for (size_t at = 0; at < packed.n; at += PIECE)
        TRY(give(cx, u, str_sub(packed, at, PIECE)));
    return ST_OK;
}

static Status inflate_all(Ctx *cx, Unpack *u, Str packed, z_stream *z)
{
    char *out = arena_alloc(cx->arena, PIECE);
    size_t at = 0;
    for (int got = Z_OK; got != Z_STREAM_END;) {
        if (!z->avail_in) {
            Str piece = str_sub(packed, at, PIECE);
            z->next_in = (Bytef *)piece.p;
            z->avail_in = (uInt)piece.n;
            at += piece.n;
        }
        z->next_out = (Bytef *)out;
        z->avail_out = (uInt)PIECE;
        got = inflate(z, Z_NO_FLUSH);
        if (got != Z_OK && got != Z_STREAM_END)
            return broken(cx);
        TRY(give(cx, u, str_n(out, PIECE - z->avail_out)));
    }
    return ST_OK;
}

static Status read_deflated(Ctx *cx, Unpack *u, Str packed)
{
    z_stream z = {0};
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return FAIL(cx, ST_INTERNAL, "import.zip_broken",
                    "the workbook is damaged or not a workbook");
    Status st = inflate_all(cx, u, packed, &z);
    inflateEnd(&z);
    return st;
}

/* Where the packed bytes begin: behind the local header, whose name and extra may differ in length. */
static bool find_packed(Str s, const ZipEntry *e, Str *ret)
{
    if (e->offset > s.n || s.n - e->offset < LOCAL_BYTES ||
        number_at(s, e->offset, 4) != 0x04034b50)
        return false;
    uint64_t from =
        e->offset + LOCAL_BYTES + number_at(s, e->offset + 26, 2) + number_at(s, e->offset + 28, 2);
    if (from > s.n || e->packed > s.n - from)
        return false;
    *ret = str_n(s.p + from, e->packed);
    return true;
}

Status zip_read(Ctx *cx, const Zip *z, const ZipEntry *e, ZipTake take, void *arg)
{
    Unpack u = {.entry = e, .take = take, .arg = arg, .crc = crc32(0, NULL, 0)};
    Str packed;
    if (!find_packed(z->bytes, e, &packed) || (e->method != 0 && e->method != 8))
        return broken(cx);
    TRY(e->method ? read_deflated(cx, &u, packed) : read_stored(cx, &u, packed));
    return u.crc == e->crc ? ST_OK : broken(cx);
}
