/* SPDX-License-Identifier: Apache-2.0 */
/* Every length there and back; what is none. */
#include "../test.h"

#include "base/base64.h"

TEST(base64, reads_what_it_writes)
{
    Arena *a = arena_new(4096);
    unsigned char in[70], out[70];
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (unsigned char)(i * 37 + 200);
    for (size_t n = 1; n <= sizeof in; n++) {
        size_t got = 0;
        Str text = base64_text(a, in, n);
        assert_true(base64_read(text, out, n, &got));
        assert_int_equal(got, n);
        assert_memory_equal(in, out, n);
        if (n > 1)
            assert_false(base64_read(text, out, n - 1, &got));
    }
    arena_free(a);
}

TEST(base64, takes_padding_and_nothing_else)
{
    unsigned char out[16];
    size_t n = 0;
    assert_true(base64_read(STR("-_8="), out, sizeof out, &n));
    assert_int_equal(n, 2);
    static const char *const BAD[] = {"", "=", "a", "+/8", "a b", "ab\n", "ab=c"};
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        if (base64_read(str_of(BAD[i]), out, sizeof out, &n))
            fail_msg("%s was taken", BAD[i]);
}

TEST_MAIN("base64")
