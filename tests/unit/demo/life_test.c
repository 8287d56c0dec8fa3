/* SPDX-License-Identifier: Apache-2.0 */
/* Lives of customers: told alike for the same seed, in order, and with the patterns that analysis should
 * find again: repeat purchase, churn, seasons, goods that go together.
 * Covers: demo_words.c */
#include "base/arena.h"
#include "base/calendar.h"
#include "demo/life.h"
#include "test.h"

enum { TODAY = 20700, MANY = 30000 };

static size_t product(const char *code)
{
    for (size_t i = 0; i < demo_n_products; i++)
        if (!strcmp(demo_products[i].code, code))
            return i;
    fail_msg("no product %s", code);
    return 0;
}

static bool holds(const LifeOrder *o, size_t p)
{
    for (int i = 0; i < o->n_lines; i++)
        if (o->lines[i].product == p)
            return true;
    return false;
}

TEST(life, same_seed_same_life)
{
    Life a, b, c;
    life_of(5, 17, TODAY, &a);
    life_of(5, 17, TODAY, &b);
    life_of(6, 17, TODAY, &c);
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(a.born != c.born || a.city != c.city || a.spent_cents != c.spent_cents);
}

TEST(life, everything_lies_in_the_five_years_and_in_order)
{
    for (uint64_t i = 0; i < MANY; i++) {
        Life l;
        life_of(1, i, TODAY, &l);
        assert_true(l.born <= TODAY && l.born >= TODAY - LIFE_DAYS - 1);
        for (int k = 0; k < l.n_orders; k++) {
            assert_true(l.orders[k].day >= l.born && l.orders[k].day <= TODAY);
            assert_true(l.orders[k].n_lines > 0 && l.orders[k].n_lines <= LIFE_LINES);
            assert_true(!k || l.orders[k - 1].day <= l.orders[k].day);
            assert_true(life_order_cents(&l.orders[k]) > 0);
        }
        for (int k = 0; k < l.n_deals; k++) {
            const LifeDeal *d = &l.deals[k];
            assert_true(d->stage < DEMO_STAGES);
            assert_int_equal(d->closed != 0, d->stage >= DEMO_OPEN_STAGES);
            assert_true(!d->closed || (d->closed >= d->started && d->closed <= TODAY));
        }
        for (int k = 1; k < l.n_notes; k++)
            assert_true(l.notes[k - 1].day <= l.notes[k].day);
        assert_true(l.lead_on == 0 || l.lead_on < l.born);
    }
}

TEST(life, customers_repeat_leave_and_follow_the_season)
{
    int buyers = 0, repeat = 0, silent = 0;
    int months[13] = {0};
    for (uint64_t i = 0; i < MANY; i++) {
        Life l;
        life_of(1, i, TODAY, &l);
        buyers += l.n_orders > 0;
        repeat += l.n_orders > 1;
        silent += l.n_orders > 0 && TODAY - l.orders[l.n_orders - 1].day > 365;
        for (int k = 1; k < l.n_orders; k++)
            months[calendar_civil(l.orders[k].day).month]++;
    }
    assert_true(buyers > MANY / 3 && repeat > buyers / 4 && repeat < buyers);
    assert_true(silent > buyers / 5 && silent < buyers * 9 / 10);
    assert_true(months[2] * 3 < months[12] * 2); /* February low, December high */
}

TEST(life, goods_go_together)
{
    size_t fryer = product("KI-05"), liners = product("KI-06");
    int orders = 0, with = 0, with_liners = 0, both = 0;
    for (uint64_t i = 0; i < MANY; i++) {
        Life l;
        life_of(1, i, TODAY, &l);
        for (int k = 0; k < l.n_orders; k++) {
            bool a = holds(&l.orders[k], fryer), b = holds(&l.orders[k], liners);
            orders++;
            with += a;
            with_liners += b;
            both += a && b;
        }
    }
    double confidence = (double)both / with, support = (double)with_liners / orders;
    assert_true(with > 50);
    assert_true(confidence > 0.6 && confidence / support > 3);
}

TEST_MAIN("life")
