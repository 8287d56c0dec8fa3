/* SPDX-License-Identifier: Apache-2.0 */
/* Differences of JSON values and taking them back. */
#include "meta/meta_diff.h"
#include "test.h"

static json_t *parse(Arena *a, const char *text)
{
    char *copy = arena_alloc(a, strlen(text) + 1);
    for (size_t i = 0; i <= strlen(text); i++)
        copy[i] = text[i] == '\'' ? '"' : text[i];
    json_t *j = json_loads(copy, 0, NULL);
    assert_non_null(j);
    json_own(a, j);
    return j;
}

static const char *told(Arena *a, const char *old, const char *now)
{
    MetaDiffs d = {0};
    Buf out = buf_in(a, 65536);
    meta_diff(a, parse(a, old), parse(a, now), &d);
    meta_diff_write(&d, &out);
    return buf_z(&out);
}

TEST(meta_diff, equal_values_have_no_difference)
{
    CLEANUP(arena) Arena *a = arena_new(4096);
    assert_string_equal(told(a, "{'a':[1,{'b':2}]}", "{'a':[1,{'b':2}]}"), "[]");
}

TEST(meta_diff, members_are_compared_one_by_one)
{
    CLEANUP(arena) Arena *a = arena_new(4096);
    assert_string_equal(told(a, "{'a':{'b':1,'c':2}}", "{'a':{'b':1,'d':3}}"),
                        "[{\"path\":[\"a\",\"c\"],\"old\":2},{\"path\":[\"a\",\"d\"],\"new\":3}]");
}

TEST(meta_diff, named_items_are_compared_by_name)
{
    CLEANUP(arena) Arena *a = arena_new(4096);
    assert_string_equal(told(a, "{'f':[{'name':'x','max':1},{'name':'y'}]}",
                             "{'f':[{'name':'x','max':2},{'name':'y'},{'name':'z'}]}"),
                        "[{\"path\":[\"f\",\"x\",\"max\"],\"old\":1,\"new\":2},"
                        "{\"path\":[\"f\",\"z\"],\"new\":{\"name\":\"z\"}}]");
}

TEST(meta_diff, a_changed_order_is_a_difference_of_its_own)
{
    CLEANUP(arena) Arena *a = arena_new(4096);
    assert_string_equal(told(a, "[{'value':'x'},{'value':'y'}]", "[{'value':'y'},{'value':'x'}]"),
                        "[{\"path\":[\"#order\"],\"old\":[\"x\",\"y\"],\"new\":[\"y\",\"x\"]}]");
}

TEST(meta_diff, lists_without_names_are_compared_whole)
{
    CLEANUP(arena) Arena *a = arena_new(4096);
    assert_string_equal(told(a, "{'s':['a','b']}", "{'s':['b']}"),
                        "[{\"path\":[\"s\"],\"old\":[\"a\",\"b\"],\"new\":[\"b\"]}]");
}

/* Everything that differs is taken back: the old value is there again. */
static void goes_back(const char *old, const char *now)
{
    CLEANUP(arena) Arena *a = arena_new(4096);
    json_t *before = parse(a, old), *root = json_deep_copy(parse(a, now));
    MetaDiffs d = {0};
    json_own(a, root);
    meta_diff(a, before, root, &d);
    for (size_t i = d.list.n; i-- > 0;)
        assert_true(meta_diff_revert(root, &d.list.v[i]));
    assert_true(json_equal(root, before));
}

TEST(meta_diff, differences_are_taken_back)
{
    goes_back("{'a':{'b':1,'c':2}}", "{'a':{'b':5,'d':3}}");
    goes_back("{'c':[{'value':'x','n':1},{'value':'y'}]}", "{'c':[{'value':'x','n':2}]}");
    goes_back("{'c':[{'value':'x'},{'value':'y'}]}", "{'c':[{'value':'y'},{'value':'x'}]}");
    goes_back("{'c':[{'value':'x'}]}", "{'c':[{'value':'w'},{'value':'x'},{'value':'z'}]}");
    goes_back("{'s':['a','b']}", "{}");
}

TEST(meta_diff, a_field_that_was_added_is_marked_as_removed)
{
    CLEANUP(arena) Arena *a = arena_new(4096);
    json_t *before = parse(a, "{'fields':[]}");
    json_t *root = parse(a, "{'fields':[{'name':'x','type':'text'}]}");
    MetaDiffs d = {0};
    meta_diff(a, before, root, &d);
    assert_int_equal(d.list.n, 1);
    assert_true(meta_diff_revert(root, &d.list.v[0]));
    const json_t *field = json_array_get(json_object_get(root, "fields"), 0);
    assert_true(json_get_bool(field, "removed", false));
}

TEST(meta_diff, what_has_changed_since_is_left_alone)
{
    CLEANUP(arena) Arena *a = arena_new(4096);
    json_t *root = parse(a, "{'a':7}");
    MetaDiffs d = {0};
    meta_diff(a, parse(a, "{'a':1}"), parse(a, "{'a':2}"), &d);
    assert_false(meta_diff_revert(root, &d.list.v[0]));
    assert_int_equal(json_get_int(root, "a", 0), 7);
}

TEST_MAIN("meta_diff")
