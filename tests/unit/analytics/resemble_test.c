/* SPDX-License-Identifier: Apache-2.0 */
/* Measures of texts against the cases of reference/linkage.json, and by words against cases by hand. */
#include "analytics/resemble.h"
#include "segment_data.h"

TEST(resemble, gives_the_reference_values)
{
    NEED_DATA();
    json_t *reference = segment_data_reference("linkage"), *one;
    size_t i;
    json_array_foreach(json_object_get(reference, "string_metric_cases"), i, one)
    {
        Str a = str_of(json_string_value(json_object_get(one, "a")));
        Str b = str_of(json_string_value(json_object_get(one, "b")));
        ASSERT_CLOSE(resemble_jaro(a, b), json_number_value(json_object_get(one, "jaro")), 1e-9);
        ASSERT_CLOSE(resemble_jaro_winkler(a, b),
                     json_number_value(json_object_get(one, "jaro_winkler")), 1e-9);
        assert_int_equal(resemble_levenshtein(a, b),
                         json_integer_value(json_object_get(one, "levenshtein")));
        assert_int_equal(resemble_damerau(a, b),
                         json_integer_value(json_object_get(one, "damerau")));
    }
    assert_int_equal(i, 10);
    json_decref(reference);
}

TEST(resemble, is_symmetric_and_bounded)
{
    static const char *const TEXTS[] = {"",
                                        "a",
                                        "ab",
                                        "ba",
                                        "华为",
                                        "华为技术",
                                        "joe's 24 hour deli",
                                        "24 hour deli joe's",
                                        "\xff\xfe",
                                        "aaaaaaaaaa"};
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++)
        for (size_t j = 0; j < COUNT_OF(TEXTS); j++) {
            Str a = str_of(TEXTS[i]), b = str_of(TEXTS[j]);
            ASSERT_CLOSE(resemble_jaro_winkler(a, b), resemble_jaro_winkler(b, a), 1e-12);
            ASSERT_CLOSE(resemble_words(a, b), resemble_words(b, a), 1e-12);
            assert_int_equal(resemble_damerau(a, b), resemble_damerau(b, a));
            assert_true(resemble_damerau(a, b) <= resemble_levenshtein(a, b));
            assert_true(resemble_words(a, b) >= 0 && resemble_words(a, b) <= 1);
        }
}

TEST(resemble, words_may_change_places_and_be_cut_short)
{
    ASSERT_CLOSE(resemble_words(STR("palm the"), STR("the palm")), 1, 1e-12);
    assert_true(resemble_words(STR("art's delicatessen"), STR("art's deli")) > .85);
    assert_true(resemble_words(STR("restaurant katsu"), STR("katsu")) >= .7);
    assert_true(resemble_words(STR("12 main street"), STR("13 main street")) < .9);
    assert_true(resemble_words(STR("cafe roma"), STR("palace court")) == 0);
    assert_true(resemble_words(STR("字节跳动网络"), STR("字节跳动科技")) > .5);
}

/* What is longer than is looked at counts as its beginning. */
TEST(resemble, long_texts_are_compared_up_to_a_bound)
{
    char a[2000], b[2000];
    memset(a, 'x', sizeof a);
    memset(b, 'x', sizeof b);
    b[1999] = 'y';
    assert_int_equal(resemble_damerau(str_n(a, sizeof a), str_n(b, sizeof b)), 0);
    b[10] = 'y';
    assert_int_equal(resemble_damerau(str_n(a, sizeof a), str_n(b, sizeof b)), 1);
}

TEST_MAIN("resemble")
