/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces, the list of them, and the header that is known last. */
#include "export/sav_zip.h"
#include "export/sav_internal.h"
#include <string.h>
#include <zlib.h>

#define HEADER 24 /* where the header, where the list, how long the list: 8 bytes each */
#define LIST_HEAD 24
#define LIST_ENTRY 24
#define BIAS (-100)

static void put_long(Buf *b, int64_t v)
{
    const uint64_t bits = (uint64_t)v;
    for (int i = 0; i < 8; i++)
        buf_char(b, (char)(bits >> (8 * i) & 0xff));
}

static bool put(const SavZip *z, const Buf *b) { return fwrite(b->p, 1, b->n, z->file) == b->n; }

static bool put_header(const SavZip *z, int64_t list_at, int64_t list_bytes)
{
    Buf b = buf_in(z->arena, HEADER);
    put_long(&b, z->begin);
    put_long(&b, list_at);
    put_long(&b, list_bytes);
    return put(z, &b);
}

bool sav_zip_begin(SavZip *z, Arena *a, FILE *file, int64_t begin)
{
    *z = (SavZip){.arena = a, .file = file, .begin = begin};
    z->room = arena_alloc(a, compressBound(SAV_ZIP_PIECE));
    return put_header(z, 0, 0);
}

static bool add_piece(SavZip *z, const char *p, size_t n)
{
    uLongf packed = compressBound(SAV_ZIP_PIECE);
    if (compress2(z->room, &packed, (const Bytef *)p, n, Z_DEFAULT_COMPRESSION) != Z_OK)
        return false;
    VEC_PUSH(z->arena, &z->pieces, ((SavPiece){(uint32_t)n, (uint32_t)packed}));
    return fwrite(z->room, 1, packed, z->file) == packed;
}

bool sav_zip_take(SavZip *z, Buf *bytes, bool last)
{
    size_t done = 0;
    while (bytes->n - done >= SAV_ZIP_PIECE || (last && bytes->n > done)) {
        size_t left = bytes->n - done, n = left < SAV_ZIP_PIECE ? left : SAV_ZIP_PIECE;
        if (!add_piece(z, bytes->p + done, n))
            return false;
        done += n;
    }
    if (done && bytes->n > done)
        memmove(bytes->p, bytes->p + done, bytes->n - done);
    buf_truncate(bytes, bytes->n - done);
    return true;
}

bool sav_zip_end(SavZip *z)
{
    size_t n = z->pieces.n;
    Buf list = buf_in(z->arena, LIST_HEAD + LIST_ENTRY * n);
    int64_t plain = z->begin, packed = z->begin + HEADER;
    put_long(&list, BIAS);
    put_long(&list, 0);
    sav_int(&list, SAV_ZIP_PIECE);
    sav_int(&list, (int32_t)n);
    for (size_t i = 0; i < n; i++) {
        put_long(&list, plain);
        put_long(&list, packed);
        sav_int(&list, (int32_t)z->pieces.v[i].plain);
        sav_int(&list, (int32_t)z->pieces.v[i].packed);
        plain += z->pieces.v[i].plain;
        packed += z->pieces.v[i].packed;
    }
    return put(z, &list) && fseek(z->file, (long)z->begin, SEEK_SET) == 0 &&
           put_header(z, packed, (int64_t)list.n) && fseek(z->file, 0, SEEK_END) == 0;
}
