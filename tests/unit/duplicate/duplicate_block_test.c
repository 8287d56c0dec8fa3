/* SPDX-License-Identifier: Apache-2.0 */
/* Records of one plan that share a key are compared, others not. Rules, guards and claims: tests/api/duplicates.scenario.mjs. */
#include "duplicate/duplicate_internal.h"
#include "test.h"

TEST(duplicate_block, finds_a_shared_key_wherever_it_stands)
{
    static const int64_t KEYS[] = {-9, 3, 4, 70, INT64_MAX};
    const DuplicateWritten w = {.keys = KEYS, .n_keys = COUNT_OF(KEYS)};
    for (size_t i = 0; i < COUNT_OF(KEYS); i++) {
        const int64_t asked[] = {5, KEYS[i], -10};
        assert_true(duplicate_share_key(&w, asked, COUNT_OF(asked)));
        assert_false(duplicate_share_key(&w, asked, 1));
    }
    assert_false(duplicate_share_key(&w, KEYS, 0));
    assert_false(duplicate_share_key(&(DuplicateWritten){0}, KEYS, COUNT_OF(KEYS)));
}

TEST_MAIN("duplicate_block")
