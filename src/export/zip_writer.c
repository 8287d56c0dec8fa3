/* SPDX-License-Identifier: Apache-2.0 */
/* The archive as APPNOTE.TXT has it: each entry a header, its bytes; then the directory. Sizes of an entry
 * are known when it is written, so its header is written again then. */
#include "export/zip_writer.h"
#include "base/calendar.h"
#include <errno.h>
#include <sodium.h>
#include <zlib.h>

#define BLOCK 65536
#define MAX_CENTRAL ((size_t)256 * 1024 * 1024)
#define VERSION 45 /* ZIP64 */
#define FLAG_UTF8 0x0800

static Status failed(ZipWriter *z)
{
    return FAIL(z->cx, errno == ENOSPC || errno == EDQUOT ? ST_FULL : ST_INTERNAL, "export.file",
                "the file cannot be written");
}

static void put(Buf *b, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_char(b, (char)(v >> (8 * i)));
}

static Status write_all(ZipWriter *z, const void *p, size_t n)
{
    z->at += n;
    return n == 0 || fwrite(p, 1, n, z->file) == n ? ST_OK : failed(z);
}

Status zip_writer_open(Ctx *cx, const char *path, int64_t local_ms, ZipWriter *ret)
{
    int64_t day = calendar_floor_div(local_ms, 86400000);
    int64_t second = (local_ms - day * 86400000) / 1000;
    Civil c = calendar_civil(day);
    *ret = (ZipWriter){.cx = cx, .central = buf_in(cx->arena, MAX_CENTRAL)};
    ret->stamp = (uint32_t)(c.year - 1980) << 25 | (uint32_t)c.month << 21 | (uint32_t)c.day << 16 |
                 (uint32_t)(second / 3600) << 11 | (uint32_t)(second / 60 % 60) << 5 |
                 (uint32_t)(second % 60 / 2);
    ret->file = fopen(path, "w+e");
    return ret->file ? ST_OK : failed(ret);
}

/* ---- an entry */
typedef struct Entry {
    Str name;
    uint64_t at, size, packed;
    uint32_t crc;
    bool deflated;
    crypto_hash_sha256_state hash;
    z_stream stream;
    unsigned char *out;
} Entry;

/* What both headers say, from the version on; the sizes stand in the extra field. */
static void common(const ZipWriter *z, const Entry *e, size_t extra, Buf *b)
{
    put(b, VERSION, 2);
    put(b, FLAG_UTF8, 2);
    put(b, e->deflated ? 8 : 0, 2);
    put(b, z->stamp, 4);
    put(b, e->crc, 4);
    put(b, 0xffffffff, 4);
    put(b, 0xffffffff, 4);
    put(b, e->name.n, 2);
    put(b, extra, 2);
}

static Status local_header(ZipWriter *z, const Entry *e)
{
    Buf b = buf_in(z->cx->arena, 1024 + e->name.n);
    put(&b, 0x04034b50, 4);
    common(z, e, 20, &b);
    buf_str_add(&b, e->name);
    put(&b, 1, 2);
    put(&b, 16, 2);
    put(&b, e->size, 8);
    put(&b, e->packed, 8);
    return write_all(z, b.p, b.n);
}

static void central_header(ZipWriter *z, const Entry *e)
{
    Buf *b = &z->central;
    put(b, 0x02014b50, 4);
    put(b, VERSION | 3 << 8, 2); /* made under Unix: the mode below counts */
    common(z, e, 28, b);
    put(b, 0, 2 + 2 + 2); /* comment, disk, kind */
    put(b, (uint64_t)0100644 << 16, 4);
    put(b, 0xffffffff, 4);
    buf_str_add(b, e->name);
    put(b, 1, 2);
    put(b, 24, 2);
    put(b, e->size, 8);
    put(b, e->packed, 8);
    put(b, e->at, 8);
    z->n_entries++;
}

static Status begin(ZipWriter *z, Str name, bool deflated, Entry *e)
{
    *e = (Entry){.name = name, .at = z->at, .deflated = deflated};
    e->out = arena_alloc(z->cx->arena, BLOCK);
    crypto_hash_sha256_init(&e->hash);
    if (deflated && deflateInit2(&e->stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return failed(z);
    return local_header(z, e);
}

static Status pack(ZipWriter *z, Entry *e, int flush)
{
    do {
        e->stream.next_out = e->out;
        e->stream.avail_out = BLOCK;
        (void)deflate(&e->stream, flush); /* no other answer while there is room */
        size_t n = BLOCK - e->stream.avail_out;
        e->packed += n;
        TRY(write_all(z, e->out, n));
    } while (e->stream.avail_out == 0);
    return ST_OK;
}

static Status add(ZipWriter *z, Entry *e, const unsigned char *p, size_t n)
{
    e->crc = (uint32_t)crc32(e->crc, p, (uInt)n);
    e->size += n;
    crypto_hash_sha256_update(&e->hash, p, n);
    if (e->deflated) {
        e->stream.next_in = (unsigned char *)p;
        e->stream.avail_in = (uInt)n;
        return pack(z, e, Z_NO_FLUSH);
    }
    e->packed += n;
    return write_all(z, p, n);
}

static Status finish(ZipWriter *z, Entry *e, ZipEntry *ret)
{
    if (e->deflated) {
        e->stream.avail_in = 0;
        TRY(pack(z, e, Z_FINISH));
    }
    uint64_t end = z->at;
    if (fseeko(z->file, (off_t)e->at, SEEK_SET) != 0)
        return failed(z);
    TRY(local_header(z, e));
    z->at = end;
    if (fseeko(z->file, (off_t)end, SEEK_SET) != 0)
        return failed(z);
    central_header(z, e);
    ret->size = e->size;
    crypto_hash_sha256_final(&e->hash, ret->sha256);
    return ST_OK;
}

static Status copy(ZipWriter *z, Entry *e, FILE *in)
{
    unsigned char *block = arena_alloc(z->cx->arena, BLOCK);
    for (size_t n; (n = fread(block, 1, BLOCK, in)) > 0;)
        TRY(add(z, e, block, n));
    return ferror(in) ? failed(z) : ST_OK;
}

static Status add_stream(ZipWriter *z, Str name, bool packed, FILE *in, ZipEntry *ret)
{
    Entry e;
    Status st = begin(z, name, packed, &e);
    if (st == ST_OK)
        st = copy(z, &e, in);
    if (st == ST_OK)
        st = finish(z, &e, ret);
    if (packed)
        deflateEnd(&e.stream);
    return st;
}

Status zip_writer_add_file(ZipWriter *z, Str name, const char *path, bool packed, ZipEntry *ret,
                           bool *ret_found)
{
    Arena *outer = z->cx->arena;
    FILE *in = fopen(path, "re");
    *ret_found = in != NULL;
    if (!in)
        return errno == ENOENT ? ST_OK : failed(z);
    z->cx->arena = arena_new((size_t)4 * BLOCK);
    Status st = add_stream(z, name, packed, in, ret);
    arena_free(z->cx->arena);
    z->cx->arena = outer;
    fclose(in);
    return st;
}

Status zip_writer_add_text(ZipWriter *z, Str name, Str text, ZipEntry *ret)
{
    Entry e;
    Status st = begin(z, name, true, &e);
    if (st == ST_OK)
        st = add(z, &e, (const unsigned char *)text.p, text.n);
    if (st == ST_OK)
        st = finish(z, &e, ret);
    deflateEnd(&e.stream);
    return st;
}

Status zip_writer_end(ZipWriter *z)
{
    uint64_t at = z->at, size = z->central.n, end = at + size;
    Buf *b = &z->central;
    put(b, 0x06064b50, 4);
    put(b, 44, 8);
    put(b, VERSION | 3 << 8, 2);
    put(b, VERSION, 2);
    put(b, 0, 8); /* disks */
    put(b, z->n_entries, 8);
    put(b, z->n_entries, 8);
    put(b, size, 8);
    put(b, at, 8);
    put(b, 0x07064b50, 4);
    put(b, 0, 4);
    put(b, end, 8);
    put(b, 1, 4);
    put(b, 0x06054b50, 4);
    put(b, 0, 4);
    put(b, 0xffff, 2);
    put(b, 0xffff, 2);
    put(b, 0xffffffff, 4);
    put(b, 0xffffffff, 4);
    put(b, 0, 2);
    if (buf_overflowed(b))
        return FAIL(z->cx, ST_TOO_LARGE, "export.too_many_files", "there are too many files");
    TRY(write_all(z, b->p, b->n));
    return fflush(z->file) == 0 ? ST_OK : failed(z);
}

void zip_writer_close(ZipWriter *z)
{
    if (z->file)
        fclose(z->file);
    z->file = NULL;
}
