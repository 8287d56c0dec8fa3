/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of a compressed system file, read back by what its header and list say. */
#include "export/sav_zip.h"
#include "test.h"
#include <string.h>
#include <zlib.h>

static int64_t number(const uint8_t *p, int n)
{
    uint64_t v = 0;
    for (int i = n - 1; i >= 0; i--)
        v = v << 8 | p[i];
    return n == 4 ? (int32_t)v : (int64_t)v;
}

/* Bytes that do not repeat soon, given in lumps of odd sizes. */
static void fill(char *p, size_t n)
{
    uint32_t x = 7;
    for (size_t i = 0; i < n; i++) {
        x = x * 1664525 + 1013904223;
        p[i] = (char)(i % 3 ? 'a' : x >> 24);
    }
}

static void round_trip(size_t n, size_t want_pieces)
{
    static const char DICTIONARY[] = "a dictionary";
    Arena *a = arena_new(0);
    char *in = arena_alloc(a, n + 1), *out = arena_alloc(a, n + 1);
    FILE *file = tmpfile();
    SavZip z;
    Buf bytes = buf_in(a, 32 << 20);
    fill(in, n);
    assert_non_null(file);
    assert_int_equal(fwrite(DICTIONARY, 1, strlen(DICTIONARY), file), strlen(DICTIONARY));
    assert_true(sav_zip_begin(&z, a, file, (int64_t)strlen(DICTIONARY)));
    for (size_t i = 0; i < n; i += 700001) {
        buf_add(&bytes, in + i, n - i < 700001 ? n - i : 700001);
        assert_true(sav_zip_take(&z, &bytes, false));
        assert_true(bytes.n < SAV_ZIP_PIECE);
    }
    assert_true(sav_zip_take(&z, &bytes, true));
    assert_int_equal(bytes.n, 0);
    assert_true(sav_zip_end(&z));

    long size = ftell(file);
    uint8_t *all = arena_alloc(a, (size_t)size);
    rewind(file);
    assert_int_equal(fread(all, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    const uint8_t *header = all + strlen(DICTIONARY);
    int64_t at = number(header + 8, 8), length = number(header + 16, 8);
    assert_int_equal(number(header, 8), strlen(DICTIONARY));
    assert_int_equal(at + length, size);
    const uint8_t *list = all + at;
    size_t pieces = (size_t)number(list + 20, 4), got = 0;
    int64_t packed_at = (int64_t)strlen(DICTIONARY) + 24;
    assert_int_equal(number(list, 8), -100);
    assert_int_equal(number(list + 8, 8), 0);
    assert_int_equal(number(list + 16, 4), SAV_ZIP_PIECE);
    assert_int_equal(pieces, want_pieces);
    assert_int_equal(length, 24 + 24 * pieces);
    for (size_t i = 0; i < pieces; i++) {
        const uint8_t *one = list + 24 + 24 * i;
        uLongf plain = n - got;
        assert_int_equal(number(one, 8), strlen(DICTIONARY) + got);
        assert_int_equal(number(one + 8, 8), packed_at);
        assert_int_equal(
            uncompress((Bytef *)out + got, &plain, all + packed_at, (uLong)number(one + 20, 4)),
            Z_OK);
        assert_int_equal(plain, number(one + 16, 4));
        assert_true(i + 1 == pieces || plain == SAV_ZIP_PIECE);
        got += plain;
        packed_at += number(one + 20, 4);
    }
    assert_int_equal(packed_at, at);
    assert_int_equal(got, n);
    assert_memory_equal(in, out, n);
    arena_free(a);
}

static void test_one_piece(void **state UNUSED) { round_trip(5000, 1); }
static void test_whole_pieces(void **state UNUSED) { round_trip((size_t)2 * SAV_ZIP_PIECE, 2); }
static void test_pieces_and_rest(void **state UNUSED)
{
    round_trip((size_t)2 * SAV_ZIP_PIECE + 8, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_piece),
        cmocka_unit_test(test_whole_pieces),
        cmocka_unit_test(test_pieces_and_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
