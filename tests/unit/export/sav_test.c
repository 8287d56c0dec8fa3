/* SPDX-License-Identifier: Apache-2.0 */
/* System files of SPSS, read back by a reader that knows only the format.
 * Covers: sav_case.c sav_names.c */
#include "export/sav.h"
#include "export/sav_reader.h"
#include "test.h"

static SavFile written(Arena *a, SavVariable *vars, size_t n)
{
    return (SavFile){.arena = a, .out = buf_in(a, 16 << 20), .vars = vars, .n_vars = n};
}

static SavRead *read_back(Arena *a, SavFile *f)
{
    SavRead *r = ARENA_NEW(a, SavRead);
    *r = (SavRead){.arena = a, .all = buf_str(&f->out)};
    sav_read_dictionary(r);
    return r;
}

static void test_numbers(void **state UNUSED)
{
    static const double VALUES[] = {0,    1,    -99, -100, 151, 152,         1.5, -0.25, 1e300,
                                    1e15, -1e9, 42,  100,  7,   SAV_MISSING, 0.1, 151.5};
    Arena *a = arena_new(0);
    SavVariable v = {.name = STR("amount"), .format = SAV_PLAIN, .measure = SAV_SCALE};
    SavFile f = written(a, &v, 1);
    f.cases = COUNT_OF(VALUES);
    sav_begin(&f);
    for (size_t i = 0; i < COUNT_OF(VALUES); i++)
        sav_number(&f, VALUES[i]);
    sav_end(&f);
    SavRead *r = read_back(a, &f);
    assert_int_equal(r->n_vars, 1);
    assert_int_equal(r->cases, COUNT_OF(VALUES));
    assert_int_equal(r->vars[0].measure, SAV_SCALE);
    for (size_t i = 0; i < COUNT_OF(VALUES); i++)
        assert_true(sav_read_number(r) == VALUES[i]);
    sav_read_end(r);
    arena_free(a);
}

/* Widths where a segment more begins, each filled to the last byte and not at all. */
static void test_texts(void **state UNUSED)
{
    static const int WIDTHS[] = {1, 7, 8, 9, 254, 255, 256, 260, 504, 505, 511, 765, 1008, 32767};
    Arena *a = arena_new(0);
    char *text = arena_alloc(a, 32768);
    for (int i = 0; i < 32768; i++)
        text[i] = (char)('a' + i % 26);
    for (size_t k = 0; k < COUNT_OF(WIDTHS); k++) {
        SavVariable v[] = {
            {.name = STR("t"), .width = WIDTHS[k], .format = SAV_TEXT, .measure = SAV_NOMINAL},
            {.name = STR("n"), .format = SAV_PLAIN, .measure = SAV_SCALE}};
        SavFile f = written(a, v, 2);
        Str full = str_n(text, (size_t)WIDTHS[k]);
        sav_begin(&f);
        assert_false(sav_text(&f, v, full));
        sav_number(&f, 5);
        assert_false(sav_text(&f, v, STR("")));
        sav_number(&f, 6);
        assert_true(sav_text(&f, v, str_n(text, (size_t)WIDTHS[k] + 1)));
        sav_number(&f, 7);
        sav_end(&f);
        SavRead *r = read_back(a, &f);
        assert_int_equal(r->n_vars, 2);
        assert_int_equal(r->vars[0].width, WIDTHS[k]);
        for (int i = 0; i < 3; i++) {
            Str got = sav_read_text(r, &r->vars[0]);
            assert_true(str_eq(got, i == 1 ? STR("") : full));
            assert_true(sav_read_number(r) == 5 + i);
        }
        sav_read_end(r);
    }
    arena_free(a);
}

static void test_cut(void **state UNUSED)
{
    assert_true(str_is(sav_cut(STR("客户"), 5), "客"));
    assert_true(str_is(sav_cut(STR("客户"), 6), "客户"));
    assert_true(str_is(sav_cut(STR("客户"), 2), ""));
}

static void test_names(void **state UNUSED)
{
    static const char *const WISHED[] = {
        "name",   "NAME",
        "all",    "account.region.name",
        "2nd",    "名称",
        "",       "V3",
        "name_2", "with",
        "ends_",  "a_very_long_name_that_goes_on_and_on_and_on_until_it_is_cut_short"};
    static const char *const MADE[] = {
        "name",     "NAME_2",
        "all_1",    "account_region_name",
        "v_2nd",    "v",
        "v_2",      "V3",
        "name_2_2", "with_1",
        "ends",     "a_very_long_name_that_goes_on_and_on_and_on_until_it_is_cut_shor"};
    Arena *a = arena_new(0);
    SavVariable *v = ARENA_ARRAY(a, SavVariable, COUNT_OF(WISHED));
    for (size_t i = 0; i < COUNT_OF(WISHED); i++)
        v[i] = (SavVariable){
            .name = str_of(WISHED[i]), .format = SAV_PLAIN, .measure = SAV_SCALE, .width = 0};
    SavFile f = written(a, v, COUNT_OF(WISHED));
    sav_begin(&f);
    sav_end(&f);
    SavRead *r = read_back(a, &f);
    for (size_t i = 0; i < COUNT_OF(WISHED); i++)
        assert_string_equal(str_z(a, r->vars[i].name), MADE[i]);
    assert_string_equal(r->vars[0].short_name, "NAME");
    assert_string_equal(r->vars[7].short_name, "V8"); /* V3 might be another's made name */
    sav_read_end(r);
    arena_free(a);
}

static void test_labels(void **state UNUSED)
{
    static const SavLabel NUMBERS[] = {{.number = 1, .label = {"新客户", 9}},
                                       {.number = 2, .label = {"old", 3}},
                                       {.number = -9, .label = {"hidden", 6}}};
    static const SavLabel TEXTS[] = {{.text = {"a", 1}, .label = {"Label a", 7}},
                                     {.text = {"negotiation", 11}, .label = {"谈判", 6}}};
    static const SavSet SET = {.name = {"channels", 8}, .label = {"渠道", 6}, .first = 2, .n = 2};
    Arena *a = arena_new(0);
    SavVariable v[] = {
        {.name = STR("kind"),
         .label = STR("类型"),
         .format = SAV_PLAIN,
         .measure = SAV_NOMINAL,
         .labels = NUMBERS,
         .n_labels = 3,
         .has_missing = true,
         .missing = -9},
        {.name = STR("stage"),
         .format = SAV_TEXT,
         .width = 11,
         .measure = SAV_NOMINAL,
         .labels = TEXTS,
         .n_labels = 2},
        {.name = STR("channels_a"), .format = SAV_PLAIN, .measure = SAV_NOMINAL},
        {.name = STR("channels_b"), .format = SAV_PLAIN, .measure = SAV_NOMINAL},
    };
    const Str note = STR("张三 · 2026-03-01 10:00");
    SavFile f = written(a, v, COUNT_OF(v));
    f.sets = &SET;
    f.n_sets = 1;
    f.notes = &note;
    f.n_notes = 1;
    sav_begin(&f);
    sav_end(&f);
    SavRead *r = read_back(a, &f);
    assert_int_equal(r->vars[0].labels, 3);
    assert_true(r->vars[0].has_missing && r->vars[0].missing == -9);
    assert_true(str_is(r->vars[0].label, "类型"));
    assert_int_equal(r->vars[1].labels, 2);
    assert_true(str_is(r->encoding, "UTF-8"));
    assert_true(str_starts(r->notes, note));
    assert_true(str_is(r->sets, "$channels=D1 1 6 渠道 v3 v4\n"));
    sav_read_end(r);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers), cmocka_unit_test(test_texts),
                                       cmocka_unit_test(test_cut), cmocka_unit_test(test_names),
                                       cmocka_unit_test(test_labels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
