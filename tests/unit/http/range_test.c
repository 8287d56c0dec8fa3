/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges of files, as RFC 9110 has them. */
#include "http/range.h"
#include "test.h"

TEST(range, reads_one_range)
{
    static const struct {
        const char *header;
        RangeKind kind;
        uint64_t from, n;
    } rows[] = {
        {"bytes=0-9", RANGE_PART, 0, 10},
        {"bytes=90-", RANGE_PART, 90, 10},
        {"bytes=-5", RANGE_PART, 95, 5},
        {"bytes=-500", RANGE_PART, 0, 100},
        {"bytes=5-1000", RANGE_PART, 5, 95},
        {"bytes=100-", RANGE_NONE, 0, 0},
        {"bytes=-0", RANGE_NONE, 0, 0},
        {"bytes=9-2", RANGE_WHOLE, 0, 0},
        {"bytes=0-1,3-4", RANGE_WHOLE, 0, 0},
        {"bytes=-", RANGE_WHOLE, 0, 0},
        {"bytes=a-", RANGE_WHOLE, 0, 0},
        {"lines=1-2", RANGE_WHOLE, 0, 0},
        {"", RANGE_WHOLE, 0, 0},
        {"bytes=99999999999999999999-", RANGE_WHOLE, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t from = 0, n = 0;
        RangeKind kind = range_parse(str_of(rows[i].header), 100, &from, &n);
        if (kind != rows[i].kind || from != rows[i].from || n != rows[i].n)
            fail_msg("%s", rows[i].header);
    }
    uint64_t from = 7, n = 7;
    assert_int_equal(range_parse(STR("bytes=0-"), 0, &from, &n), RANGE_NONE);
}

TEST_MAIN("range")
