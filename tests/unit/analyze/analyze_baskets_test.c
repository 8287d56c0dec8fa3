/* SPDX-License-Identifier: Apache-2.0 */
/* itemsets and rules by command: keys of the reference, both forms of input, recommendations, refusals.
 * Covers: analyze_itemsets.c analyze_rules.c */
#include "analyze_fixture.h"

static const char *groceries(void)
{
    static char path[1024];
    snprintf(path, sizeof(path), "%s/groceries/groceries.csv", fixture_data());
    return path;
}

TEST(baskets, have_the_keys_and_values_of_the_reference)
{
    if (!fixture_data())
        skip();
    json_t *ref = fixture_reference("association");
    const json_t *want = fixture_tree(ref, "groceries.itemsets.2");
    Ran r = fixture_json("itemsets --baskets %s --min-support 0.01", groceries());
    const json_t *got = fixture_tree(r.json, "tables.itemsets");
    static const char *const KEYS[] = {"min_count", "itemsets", "by_size", "sum_of_supports"};
    for (size_t i = 0; i < COUNT_OF(KEYS); i++)
        assert_true(json_equal(json_object_get(got, KEYS[i]), json_object_get(want, KEYS[i])));
    fixture_near("items", fixture_at(got, "items"), 169, 0);
    fixture_done(&r);
    want = fixture_tree(ref, "groceries.rules.0");
    r = fixture_json("rules --baskets %s --min-support 0.001 --min-confidence 0.8", groceries());
    got = fixture_tree(r.json, "tables.rules");
    assert_true(json_equal(json_object_get(got, "rules"), json_object_get(want, "rules")));
    assert_true(json_equal(json_object_get(got, "by_size"), json_object_get(want, "by_size")));
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(want, "top_by_lift"), i, row)
    {
        const json_t *mine = json_array_get(json_object_get(got, "top_by_lift"), i);
        assert_true(json_equal(json_object_get(mine, "lhs"), json_object_get(row, "lhs")));
        assert_true(json_equal(json_object_get(mine, "rhs"), json_object_get(row, "rhs")));
        fixture_near("lift", fixture_at(mine, "lift"), fixture_at(row, "lift"), 1e-9);
        fixture_near("conviction", fixture_at(mine, "conviction"), fixture_at(row, "conviction"),
                     1e-9);
    }
    fixture_done(&r);
    json_decref(ref);
}

static const char LINES[] = "bread, milk\nbread,milk,tea\n\nmilk\n\"bread\",tea,tea\n";
static const char TABLE[] =
    "bill,thing\n1,bread\n1,milk\n2,tea\n2,bread\n2,milk\n3,milk\n4,tea\n4,bread\n4,tea\n";

/* An empty line is a basket with nothing in it; a table cannot say that. */
TEST(baskets, both_forms_of_input_say_the_same)
{
    Ran a = fixture_json("itemsets --baskets %s --min-support 1", fixture_file(LINES));
    Ran b = fixture_json("itemsets --csv %s --basket bill --item thing --min-support 1",
                         fixture_file(TABLE));
    fixture_near("baskets", fixture_at(a.json, "tables.itemsets.transactions"), 5, 0);
    fixture_near("baskets", fixture_at(b.json, "tables.itemsets.transactions"), 4, 0);
    fixture_near("sets", fixture_at(a.json, "tables.itemsets.itemsets"), 7, 0);
    assert_true(json_equal(fixture_tree(a.json, "tables.itemsets.by_size"),
                           fixture_tree(b.json, "tables.itemsets.by_size")));
    assert_string_equal(json_string_value(fixture_tree(b.json, "tables.itemsets.sets.0.items.0")),
                        "bread");
    fixture_done(&a);
    fixture_done(&b);
    a = fixture_json("itemsets --baskets %s --min-support 1 --kind maximal", fixture_file(LINES));
    fixture_near("maximal", fixture_at(a.json, "tables.itemsets.itemsets"), 1, 0);
    fixture_done(&a);
}

TEST(baskets, rules_recommend_what_is_not_in_the_basket)
{
    const char *file = fixture_file(TABLE);
    Ran r = fixture_json(
        "rules --csv %s --basket bill --item thing --min-support 1 --min-confidence 0.5 "
        "--for tea --adjust holm",
        file);
    const json_t *first = fixture_tree(r.json, "tables.rules.recommendations.0");
    assert_string_equal(json_string_value(json_object_get(first, "item")), "bread");
    fixture_near("confidence", fixture_at(first, "confidence"), 1, 0);
    assert_true(fixture_at(r.json, "tables.rules.top_by_lift.0.p_adjusted") <= 1);
    fixture_done(&r);
    fixture_refuses("rules --csv %s --basket bill --item thing --min-support 1 --for jam", file, 1,
                    "jam");
}

TEST(baskets, refusals)
{
    const char *file = fixture_file(LINES);
    fixture_refuses("itemsets --baskets %s", file, 2, "min-support");
    fixture_refuses("itemsets --baskets %s --min-support 1.5", file, 2, "--min-support");
    fixture_refuses("itemsets --baskets %s --min-support 0", file, 2, "--min-support");
    fixture_refuses("itemsets --baskets /nowhere --min-support 1", NULL, 1, "/nowhere");
    fixture_refuses("itemsets --min-support 1", NULL, 2, "--baskets");
    fixture_refuses("rules --baskets %s --min-support 1 --min-confidence 2", file, 2,
                    "--min-confidence");
    fixture_refuses("itemsets --baskets %s --min-support 1 --min-len 3 --max-len 2", file, 2,
                    "--max-len");
}

TEST_MAIN("baskets")
