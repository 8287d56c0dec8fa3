/* SPDX-License-Identifier: Apache-2.0 */
/* Durations: what is read, what is written, what is refused. */
#include "base/duration.h"
#include "test.h"

typedef struct Form {
    const char *in, *out; /* NULL: refused */
    int64_t ms;
} Form;

static const Form forms[] = {
    {"PT90M", "PT1H30M", 5400000},
    {"P1DT1S", "PT24H1S", 86401000},
    {"P2W", "PT336H", 1209600000},
    {"-PT1.5S", "-PT1.500S", -1500},
    {"PT0S", "PT0S", 0},
    {"PT1H1M1.001S", "PT1H1M1.001S", 3661001},
    {"P1M", NULL, 0}, /* a month has no length */
    {"P1Y", NULL, 0},
    {"P", NULL, 0},
    {"PT", NULL, 0},
    {"P1DT", NULL, 0},
    {"PT1.5H", NULL, 0}, /* only seconds have a fraction */
    {"PT1.0005S", NULL, 0},
    {"PT.5S", NULL, 0},
    {"PT1.S", NULL, 0},
    {"PT5", NULL, 0},
    {"1H", NULL, 0},
    {"", NULL, 0},
    {"-", NULL, 0},
    {"PTT1S", NULL, 0},
    {"P99999999999999999W", NULL, 0},
    {"P15250284453W", NULL, 0}, /* one week above 2^63 ms */
};

TEST(duration, reads_and_writes_iso_8601)
{
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        int64_t ms = 0;
        bool is = duration_parse(str_of(forms[i].in), &ms);
        if (is != (forms[i].out != NULL))
            fail_msg("\"%s\" is %s", forms[i].in, is ? "read" : "refused");
        if (!is)
            continue;
        Buf b = buf_in(a, 100);
        duration_write(&b, ms);
        assert_int_equal(ms, forms[i].ms);
        assert_string_equal(buf_z(&b), forms[i].out);
    }
    arena_free(a);
}

TEST_MAIN("duration")
