/* SPDX-License-Identifier: Apache-2.0 */
/* Meanings that the agreement of two back ends cannot show: the values themselves.
 * Covers: expr.c expr_date.c expr_number.c expr_eval.c */
#include "expr_fixture.h"

/* Evaluates a constant or a text over the first firm, writes the value as the canonical literal. */
static const char *value_of(World *w, const ExprRow *row, const char *text, bool is_rule)
{
    ExprScope scope = {.object = w->firms.object, .names = world_names(w), .is_rule = is_rule};
    const Expr *e;
    Value v;
    error_clear(&w->cx);
    if (expr_parse(&w->cx, str_of(text), &scope, EXPR_VALUE, &e) != ST_OK)
        world_fail(&w->cx, text);
    Buf b = buf_in(w->arena, 65536);
    if (expr_eval(&w->cx, e, row, &v) != ST_OK)
        return str_z(w->arena, w->cx.err.text);
    switch ((ValueType)v.t) {
    case V_NULL: return "null";
    case V_BOOL: return v.b ? "true" : "false";
    case V_REAL: buf_json_real(&b, v.r); break;
    case V_TEXT: buf_str_add(&b, v.s); break;
    case V_DATE: calendar_write_date(&b, v.i); break;
    case V_TIME: calendar_write_datetime(&b, v.i); break;
    case V_DURATION: duration_write(&b, v.i); break;
    case V_MONEY:
        buf_decimal(&b, v.money.value, v.scale);
        buf_char(&b, ' ');
        buf_str_add(&b, str_of(v.money.currency));
        break;
    default: buf_decimal(&b, v.i, v.t == V_DECIMAL ? v.scale : 0); break;
    }
    return buf_z(&b);
}

static const char *const CONSTANTS[][2] = {
    {"1 + 2 * 3", "7"},
    {"0.1 + 0.2", "0.3"},
    {"0.1 + 0.2 = 0.3", "true"},
    {"1.25 * 1.25", "1.5625"},
    {"7 / 2", "3.5"},
    {"7 / 0", "null"},
    {"7 % 0", "null"},
    {"-7 % 3", "-1"},
    {"9223372036854775807 + 1", "a number in an expression becomes too large"},
    {"9223372036854775807 * 2 > 1", "a number in an expression becomes too large"},
    {"round(2.5)", "3"},
    {"round(-2.5)", "-3"},
    {"round(2.345, 2)", "2.35"},
    {"round(1 / 3, 4)", "0.3333"},
    {"floor(-2.5)", "-3"},
    {"ceil(-2.5)", "-2"},
    {"abs(-3)", "3"},
    {"max(1, 2.5, -3)", "2.5"},
    {"min(1, null, 2)", "null"},
    {"null = null", "null"},
    {"null and false", "false"},
    {"null or true", "true"},
    {"not null", "null"},
    {"null is null", "true"},
    {"1 in (2, null)", "null"},
    {"1 in (1, null)", "true"},
    {"1 in ()", "false"},
    {"null in ()", "false"},
    {"5 between 1 and null", "null"},
    {"5 between 6 and null", "false"},
    {"coalesce(null, null, 3)", "3"},
    {"if(null, 1, 2)", "2"},
    {"case(false, 1, true, 2, 3)", "2"},
    {"\"B\" < \"a\"", "true"},
    {"\"ＡＢＣ\" ~ \"abc\"", "true"},
    {"\"xABCx\" ~ \"abc\"", "true"},
    {"length(\"北京a\")", "3"},
    {"left(\"北京市\", 2)", "北京"},
    {"right(\"北京市\", 2)", "京市"},
    {"right(\"ab\", -1)", ""},
    {"trim(\"\\u3000 a b\\t\")", "a b"},
    {"replace(\"aXbX\", \"X\", \"--\")", "a--b--"},
    {"concat(\"n\", null, 5)", "n5"},
    {"upper(\"straße é\")", "STRAßE é"},
    {"date(\"2026-03-01\") - \"2026-02-01\"", "28"},
    {"date(\"2024-02-28\") + 2", "2024-03-01"},
    {"add_months(\"2024-01-31\", 1)", "2024-02-29"},
    {"add_months(\"2024-03-31\", -13)", "2023-02-28"},
    {"week(\"2021-01-03\")", "53"},
    {"week(\"2018-12-31\")", "1"},
    {"weekday(\"2026-03-01\")", "7"},
    {"quarter(\"2026-03-01\")", "1"},
    {"start_of(\"week\", \"2026-03-01\")", "2026-02-23"},
    {"start_of(\"quarter\", \"2026-05-20\")", "2026-04-01"},
    {"days_between(\"2026-01-01\", \"2026-03-01\")", "59"},
    {"date(\"9999-12-31\") + 1", "a number in an expression becomes too large"},
    /* 2026-03-01 08:00 in Shanghai */
    {"today()", "2026-03-01"},
    {"now()", "2026-03-01T00:00:00.000Z"},
    {"hour(now())", "8"},
    {"days_ago(1)", "2026-02-28"},
    {"months_ago(1)", "2026-02-01"},
    {"date(add_days(now(), -1)) = days_ago(1)", "true"},
    {"now() > today()", "true"},
    {"now() - today() = \"PT8H\"", "true"},
    {"now() - \"PT8H\" = today()", "true"},
    {"now() + \"P1DT0.5S\"", "2026-03-02T00:00:00.500Z"},
    {"me() = \"3\"", "true"},
    {"my_department() is null", "true"},
    {"my_department() in my_departments()", "false"},
    {"my_department() in (my_departments())", "null"},
    {"\"4\" in my_departments()", "true"},
    {"\"5\" not in my_departments()", "true"},
    {"\"7\" in (my_teams(), \"9\")", "false"},
    {"\"9\" in (my_teams(), \"9\")", "true"},
    {"pinyin(\"张三 A，Lv\")", "zhangsan A，Lv"},
    {"pinyin(\"绿〇\")", "lvling"},
    {"pinyin(null) is null", "true"},
    {"workdays_between(\"2026-02-27\", \"2026-03-02\")", "2"},
    {"workdays_between(\"2026-03-02\", \"2026-02-27\")", "-2"},
    {"workdays_between(\"2026-02-28\", \"2026-03-01\")", "0"},
    {"workdays_between(\"2026-01-01\", \"2027-01-01\")", "249"},
    {"workdays_between(\"1969-12-28\", \"1970-01-01\")", "4"},
    {"workdays_between(\"2026-02-27\", now())", "1"},
    {"\"繁體\" ~ \"体\"", "true"},
    {"\"STRASSE\" ~ \"straße\"", "false"},
};

static void computes(World *w)
{
    for (size_t i = 0; i < COUNT_OF(CONSTANTS); i++) {
        const char *got = value_of(w, NULL, CONSTANTS[i][0], false);
        if (strcmp(got, CONSTANTS[i][1]) != 0)
            fail_msg("%s = %s, not %s", CONSTANTS[i][0], got, CONSTANTS[i][1]);
    }
}

TEST(expr_eval, computes_constants) { world_run_once(computes); }

/* ---- a record */
static void set(World *w, Value *row, const char *field, Value v)
{
    row[object_field(w->firms.object, str_of(field))->index] = v;
}

static Value number(int scale, int64_t i)
{
    return (Value){.t = scale ? V_DECIMAL : V_INT, .scale = (uint8_t)scale, .i = i};
}

static Value money(int64_t value, int64_t base, const char *currency)
{
    Value v = {.t = V_MONEY, .scale = 2, .money = {.value = value, .base = base}};
    memcpy(v.money.currency, currency, 4);
    return v;
}

static Value *new_row(World *w)
{
    Value *row = ARENA_ARRAY(w->arena, Value, w->firms.object->n_fields);
    set(w, row, "name", (Value){.t = V_TEXT, .s = STR("ＡＢＣ 漢語")});
    set(w, row, "note", (Value){.t = V_TEXT, .s = STR("ＡＢＣ")});
    set(w, row, "staff", number(0, 12));
    set(w, row, "size", number(3, 8000));
    set(w, row, "share", number(2, 5000));
    set(w, row, "worth", money(10010, 70070, "USD"));
    return row;
}

static const char *const OF_RECORD[][2] = {
    {"worth", "100.10 USD"},     /* the field itself */
    {"worth + 0", "700.70 CNY"}, /* computed with: in the base currency */
    {"worth = 700.7", "true"},
    {"worth > 700.699", "true"},
    {"stake", "350.35 CNY"}, /* worth * share / 100 */
    {"density", "1.5000"},   /* staff / size */
    {"rough", "1.8"},        /* density + 0.25 at one decimal */
    {"caption", "ＡＢＣ/12"},
    {"name ~ \"abc\"", "true"}, /* folded: width */
    {"name starts \"abc\"", "true"},
    {"name ends \"汉语\"", "true"}, /* folded: traditional */
    {"note ~ \"abc\"", "true"},     /* no folded column: character by character */
    {"founded_on > today()", "null"},
    {"parent.name is null", "true"},
    {"any(deals)", "false"}, /* not saved yet */
    {"sum(deals, amount)", "null"},
};

static void reads(World *w)
{
    ExprRow row = {.values = new_row(w)};
    for (size_t i = 0; i < COUNT_OF(OF_RECORD); i++) {
        const char *got = value_of(w, &row, OF_RECORD[i][0], false);
        if (strcmp(got, OF_RECORD[i][1]) != 0)
            fail_msg("%s = %s, not %s", OF_RECORD[i][0], got, OF_RECORD[i][1]);
    }
}

TEST(expr_eval, reads_a_record) { world_run_once(reads); }

static void follows_rules(World *w)
{
    Value *before = new_row(w), *after = new_row(w);
    set(w, after, "staff", number(0, 13));
    set(w, after, "note", VALUE_NULL);
    ExprRow fresh = {.values = after}, row = {.values = after, .old_values = before};
    assert_string_equal(value_of(w, &fresh, "is_new()", true), "true");
    assert_string_equal(value_of(w, &row, "is_new()", true), "false");
    assert_string_equal(value_of(w, &row, "old(staff) + 1 = staff", true), "true");
    assert_string_equal(value_of(w, &fresh, "old(staff)", true), "null");
    assert_string_equal(value_of(w, &row, "changed(staff)", true), "true");
    assert_string_equal(value_of(w, &row, "changed(note)", true), "true");
    assert_string_equal(value_of(w, &row, "changed(worth)", true), "false");
    assert_string_equal(value_of(w, &fresh, "changed(parent)", true), "false");
}

TEST(expr_eval, knows_old_and_new_in_rules) { world_run_once(follows_rules); }

/* ---- what is asked about a tree */
static const Expr *parsed(World *w, const char *text)
{
    ExprScope scope = {.object = w->firms.object, .names = world_names(w)};
    const Expr *e;
    if (expr_parse(&w->cx, str_of(text), &scope, EXPR_VALUE, &e) != ST_OK)
        world_fail(&w->cx, text);
    return e;
}

static bool reads_field(World *w, const char *text, const char *field)
{
    uint64_t bits[4] = {0};
    expr_fields(parsed(w, text), bits, 4);
    size_t i = object_field(w->firms.object, str_of(field))->index;
    return bits[i / 64] >> (i % 64) & 1;
}

static void lists_fields(World *w)
{
    assert_true(reads_field(w, "staff > 1 and parent.size > 2", "staff"));
    assert_true(reads_field(w, "staff > 1 and parent.size > 2", "parent"));
    assert_false(reads_field(w, "staff > 1 and parent.size > 2", "size"));
    assert_true(reads_field(w, "stake > 1", "worth"));
    assert_true(reads_field(w, "stake > 1", "stake"));
    assert_true(reads_field(w, "any(deals, pieces > outer.staff)", "staff"));
    assert_true(reads_field(w, "any(friends, staff > 1)", "friends"));
    assert_false(reads_field(w, "any(friends, staff > 1)", "staff"));
}

TEST(expr, lists_the_fields_it_reads) { world_run_once(lists_fields); }

static void knows_results(World *w)
{
    int scale;
    assert_int_equal(expr_result(parsed(w, "worth * size"), &scale), F_MONEY);
    assert_int_equal(scale, 5);
    assert_int_equal(expr_result(parsed(w, "size + share"), &scale), F_DECIMAL);
    assert_int_equal(scale, 3);
    assert_int_equal(expr_result(parsed(w, "count(deals)"), &scale), F_INTEGER);
    assert_int_equal(expr_result(parsed(w, "seen_at > now()"), NULL), F_BOOLEAN);
    assert_true(expr_is_null_safe(parsed(w, "name is null or any(deals)")));
    assert_true(expr_is_null_safe(parsed(w, "coalesce(staff, 0) > 5")));
    assert_false(expr_is_null_safe(parsed(w, "staff > 5")));
    assert_false(expr_is_null_safe(parsed(w, "phase = \"won\"")));
}

TEST(expr, knows_results_and_nulls) { world_run_once(knows_results); }

TEST_MAIN("expr_eval")
