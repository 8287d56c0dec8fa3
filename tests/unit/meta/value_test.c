/* SPDX-License-Identifier: Apache-2.0 */
/* Values: equality by type and content, copies that do not borrow. */
#include "meta/value.h"
#include "test.h"

TEST(value, compares_type_and_content)
{
    Value null = VALUE_NULL, one = {.t = V_INT, .i = 1}, id = {.t = V_ID, .i = 1};
    Value a = {.t = V_DECIMAL, .scale = 1, .i = 10}, b = {.t = V_DECIMAL, .scale = 2, .i = 10};
    Value cny = {.t = V_MONEY, .scale = 2, .money = {.value = 5, .currency = "CNY"}}, usd = cny;
    memcpy(usd.money.currency, "USD", 4);
    assert_true(value_equal(&null, &null));
    assert_false(value_equal(&null, &one));
    assert_false(value_equal(&one, &id));
    assert_false(value_equal(&a, &b));
    assert_false(value_equal(&cny, &usd));
    assert_true(value_equal(&cny, &cny));
}

TEST(value, copies_texts_and_ids)
{
    Arena *arena = arena_new(0);
    char text[] = "abc";
    Id ids[] = {1, 2};
    Value s = {.t = V_TEXT, .s = {text, 3}}, l = {.t = V_IDS, .ids = {ids, 2}};
    Value s2 = value_copy(arena, s), l2 = value_copy(arena, l);
    text[0] = 'x';
    ids[0] = 9;
    assert_true(str_is(s2.s, "abc"));
    assert_int_equal(l2.ids.p[0], 1);
    assert_false(value_equal(&s, &s2));
    assert_false(value_equal(&l, &l2));
    arena_free(arena);
}

TEST(value, holds_an_id_alone_or_among_others)
{
    Id ids[] = {1, 2};
    Value one = {.t = V_ID, .i = 2}, many = {.t = V_IDS, .ids = {ids, 2}}, null = VALUE_NULL;
    Value number = {.t = V_INT, .i = 2};
    assert_true(value_has_id(&one, 2) && value_has_id(&many, 1) && value_has_id(&many, 2));
    assert_false(value_has_id(&one, 1) || value_has_id(&many, 3) || value_has_id(&null, 0) ||
                 value_has_id(&number, 2));
}

TEST_MAIN("value")
