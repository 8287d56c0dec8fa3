/* SPDX-License-Identifier: Apache-2.0 */
/* Encodings: BOM, validity, uchardet's guess; conversion by ICU in pieces. uchardet answers GB18030
 * for everything Chinese of that family, which also reads GB2312 and GBK. */
#include "import/encoding.h"
#include "base/utf8.h"
#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unistd.h>

#define SAMPLE_BYTES ((size_t)1 << 20)
#define PIECE ((size_t)64 * 1024)

static Str by_bom(Str bytes, size_t *ret_skip)
{
    static const struct {
        const char *bom;
        size_t n;
        const char *name;
    } BOMS[] = {{"\xef\xbb\xbf", 3, "UTF-8"},
                {"\xff\xfe", 2, "UTF-16LE"},
                {"\xfe\xff", 2, "UTF-16BE"},
                {"\x84\x31\x95\x33", 4, "GB18030"}};
    for (size_t i = 0; i < COUNT_OF(BOMS); i++) {
        if (!str_starts(bytes, str_n(BOMS[i].bom, BOMS[i].n)))
            continue;
        *ret_skip = BOMS[i].n;
        return str_of(BOMS[i].name);
    }
    return STR_NULL;
}

/* Text without BOM in which every other byte is mostly zero. */
static Str by_zeros(Str bytes)
{
    size_t even = 0, odd = 0, n = bytes.n < 4096 ? bytes.n : 4096;
    for (size_t i = 0; i < n; i++)
        *(i % 2 ? &odd : &even) += bytes.p[i] == 0;
    if (odd > n / 4 && even < n / 64 + 1)
        return STR("UTF-16LE");
    return even > n / 4 && odd < n / 64 + 1 ? STR("UTF-16BE") : STR_NULL;
}

static Str by_bytes(Arena *a, Str bytes)
{
    uchardet_t detector = uchardet_new();
    uchardet_handle_data(detector, bytes.p, bytes.n < SAMPLE_BYTES ? bytes.n : SAMPLE_BYTES);
    uchardet_data_end(detector);
    Str name = str_copy(a, str_of(uchardet_get_charset(detector)));
    uchardet_delete(detector);
    bool ascii = !name.n || str_is(name, "ASCII"); /* the bytes that matter lie behind the sample */
    if (str_is(name, "GB2312") || str_is(name, "GBK") || ascii)
        return STR("GB18030");
    return name;
}

Str encoding_guess(Arena *a, Str bytes, size_t *ret_skip)
{
    *ret_skip = 0;
    Str name = by_bom(bytes, ret_skip);
    if (name.n)
        return name;
    name = by_zeros(bytes);
    if (name.n)
        return name;
    return utf8_valid(bytes, NULL) ? STR("UTF-8") : by_bytes(a, bytes);
}

bool encoding_is_utf8(Str name)
{
    static const char *const NAMES[] = {"UTF-8", "utf-8", "UTF8", "utf8"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (str_is(name, NAMES[i]))
            return true;
    return false;
}

static Status write_all(Ctx *cx, int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, p, n);
        if (written <= 0)
            return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
        p += written;
        n -= (size_t)written;
    }
    return ST_OK;
}

static Status convert(Ctx *cx, UConverter *from, UConverter *to, Str bytes, int fd)
{
    char out[PIECE];
    UChar pivot[4096], *pivot_source = pivot, *pivot_target = pivot;
    const char *source = bytes.p, *end = bytes.p + bytes.n;
    for (bool more = bytes.n > 0; more;) {
        char *target = out;
        UErrorCode error = U_ZERO_ERROR;
        ucnv_convertEx(to, from, &target, out + sizeof(out), &source, end, pivot, &pivot_source,
                       &pivot_target, pivot + COUNT_OF(pivot), false, true, &error);
        more = error == U_BUFFER_OVERFLOW_ERROR;
        if (U_FAILURE(error) && !more)
            return FAIL(cx, ST_INVALID, "import.encoding_broken",
                        "the file cannot be read in its encoding");
        TRY(write_all(cx, fd, out, (size_t)(target - out)));
    }
    return ST_OK;
}

Status encoding_convert(Ctx *cx, Str bytes, Str name, int fd)
{
    UErrorCode error = U_ZERO_ERROR;
    UConverter *from = name.n && name.n < 64 ? ucnv_open(str_z(cx->arena, name), &error) : NULL;
    if (!from || U_FAILURE(error))
        return FAIL(cx, ST_INVALID, "import.encoding_unknown",
                    "the encoding \"" STR_FMT "\" is not known", STR_ARG(name));
    UConverter *to = ucnv_open("UTF-8", &error);
    Status st = U_SUCCESS(error) ? convert(cx, from, to, bytes, fd)
                                 : FAIL(cx, ST_INTERNAL, "import.encoding_broken",
                                        "the file cannot be read in its encoding");
    ucnv_close(from);
    ucnv_close(to);
    return st;
}
