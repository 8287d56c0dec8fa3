/* SPDX-License-Identifier: Apache-2.0 */
/* Tables against other programs: cohorts of pandas, histograms of numpy, power of statsmodels (tests/reference/tables.py),
 * corrections and maps of R (tests/reference/corrections.R).
 * Covers: analyze_cohort.c analyze_explore.c analyze_power.c analyze_rules.c analyze_correspondence.c */
#include "analyze_fixture.h"

static json_t *outside(const char *name)
{
    char path[100];
    json_error_t e;
    snprintf(path, sizeof(path), "tests/fixtures/analytics/%s.json", name);
    json_t *ret = json_load_file(path, 0, &e);
    assert_non_null(ret);
    return ret;
}

/* Numbers in lists of lists, one by one; at least one of them. */
static void same_numbers(const char *name, const json_t *got, const json_t *want, double tolerance)
{
    assert_true(json_array_size(want) > 0);
    assert_int_equal(json_array_size(got), json_array_size(want));
    for (size_t i = 0; i < json_array_size(want); i++) {
        const json_t *w = json_array_get(want, i), *g = json_array_get(got, i);
        if (json_is_array(w))
            same_numbers(name, g, w, tolerance);
        else
            fixture_near(name, json_number_value(g), json_number_value(w), tolerance);
    }
}

/* The shown share of a cell nobody can know yet is none, of all others the active over the size. */
static void check_shares(const json_t *got, const json_t *want)
{
    const json_t *seen = json_object_get(want, "observed"), *row;
    size_t i, none = 0;
    json_array_foreach(seen, i, row)
    {
        char path[60];
        snprintf(path, sizeof(path), "rows.%zu.retention", i);
        const json_t *shown = fixture_tree(got, path);
        double size = json_number_value(json_array_get(json_object_get(want, "size"), i));
        for (size_t age = 0; age < json_array_size(row); age++) {
            const json_t *active = json_array_get(json_object_get(want, "active"), i);
            const json_t *cell = json_array_get(shown, age);
            bool is_seen = json_integer_value(json_array_get(row, age)) != 0;
            none += !is_seen;
            assert_int_equal(json_is_number(cell), is_seen);
            if (is_seen)
                fixture_near("share", json_number_value(cell),
                             json_number_value(json_array_get(active, age)) / size, 1e-15);
        }
    }
    assert_true(none > 0);
}

TEST(outside, cohorts_by_quarter_week_and_day_are_those_of_pandas)
{
    json_t *ref = outside("tables"), *want;
    const char *period;
    json_object_foreach(json_object_get(ref, "cohort"), period, want)
    {
        char command[200];
        snprintf(command, sizeof(command),
                 "cohort --csv %%s --customer c --date d --amount m --period %s", period);
        Ran r =
            fixture_json(command, fixture_file(json_string_value(json_object_get(want, "csv"))));
        const json_t *got = fixture_tree(r.json, "tables.cohort");
        assert_true(json_equal(json_object_get(got, "cohorts"), json_object_get(want, "cohorts")));
        same_numbers("size", json_object_get(got, "size"), json_object_get(want, "size"), 0);
        same_numbers("active", json_object_get(got, "active"), json_object_get(want, "active"), 0);
        same_numbers("revenue", json_object_get(got, "revenue"), json_object_get(want, "revenue"),
                     1e-13);
        same_numbers("pooled", json_object_get(got, "overall_retention_by_age"),
                     json_object_get(want, "pooled"), 1e-14);
        check_shares(got, want);
        fixture_done(&r);
    }
    assert_int_equal(json_object_size(json_object_get(ref, "cohort")), 3);
    json_decref(ref);
}

TEST(outside, histograms_are_those_of_numpy)
{
    json_t *ref = outside("tables"), *want;
    size_t i;
    json_array_foreach(json_object_get(ref, "histogram"), i, want)
    {
        char command[200] = "explore --csv %s --columns x";
        long long bins = json_integer_value(json_object_get(want, "bins"));
        if (bins)
            snprintf(command, sizeof(command), "explore --csv %%s --columns x --bins %lld", bins);
        Ran r =
            fixture_json(command, fixture_file(json_string_value(json_object_get(want, "csv"))));
        const char *name = json_string_value(json_object_get(want, "name"));
        same_numbers(name, fixture_tree(r.json, "tables.explore.x.histogram.counts"),
                     json_object_get(want, "counts"), 0);
        same_numbers(name, fixture_tree(r.json, "tables.explore.x.histogram.edges"),
                     json_object_get(want, "edges"), 1e-14);
        fixture_done(&r);
    }
    assert_int_equal(i, 6);
    json_decref(ref);
}

TEST(outside, power_of_unequal_groups_and_of_one_share_is_that_of_statsmodels)
{
    json_t *ref = outside("tables"), *want;
    size_t i;
    json_array_foreach(json_object_get(ref, "power"), i, want)
    {
        const char *command = json_string_value(json_object_get(want, "command"));
        char path[60];
        snprintf(path, sizeof(path), "tables.power.%s",
                 json_string_value(json_object_get(want, "key")));
        Ran r = fixture_json(command, NULL);
        fixture_near(command, fixture_at(r.json, path),
                     json_number_value(json_object_get(want, "value")), 1e-9);
        fixture_done(&r);
    }
    assert_int_equal(i, 18);
    json_decref(ref);
}

/* Which of R's rules this is: "x+y>z". */
static size_t rule_at(const json_t *names, const json_t *rule)
{
    char name[100] = "";
    size_t i, n = 0;
    const json_t *item;
    json_array_foreach(json_object_get(rule, "lhs"), i, item) n +=
        (size_t)snprintf(name + n, sizeof(name) - n, "%s%s", i ? "+" : "", json_string_value(item));
    snprintf(name + n, sizeof(name) - n, ">%s", json_string_value(json_object_get(rule, "rhs")));
    json_array_foreach(names, i, item) if (strcmp(json_string_value(item), name) == 0) return i;
    fail_msg("R has no rule %s", name);
    return 0;
}

TEST(outside, corrections_of_rules_are_those_of_r)
{
    json_t *ref = outside("corrections");
    static const char *const HOW[] = {"bonferroni", "holm", "bh"};
    const char *file = fixture_file(json_string_value(json_object_get(ref, "csv")));
    const json_t *names = json_object_get(ref, "rules");
    for (int k = 0; k < 3; k++) {
        char command[200];
        snprintf(command, sizeof(command),
                 "rules --csv %%s --basket b --item i --min-support 0.0001 "
                 "--min-confidence 0.000001 --max-len 5 --adjust %s",
                 HOW[k]);
        Ran r = fixture_json(command, file);
        const json_t *list = fixture_tree(r.json, "tables.rules.top_by_lift"), *rule;
        size_t i;
        assert_int_equal(json_array_size(list), json_array_size(names));
        json_array_foreach(list, i, rule)
        {
            size_t at = rule_at(names, rule);
            fixture_near("p", fixture_at(rule, "p"),
                         json_number_value(json_array_get(json_object_get(ref, "p"), at)), 1e-12);
            fixture_near(HOW[k], fixture_at(rule, "p_adjusted"),
                         json_number_value(json_array_get(json_object_get(ref, HOW[k]), at)),
                         1e-12);
        }
        fixture_done(&r);
    }
    json_decref(ref);
}

static void check_map(const json_t *got, const json_t *want, const char *side)
{
    assert_int_equal(json_array_size(json_object_get(want, side)), 6);
    for (size_t i = 0; i < 6; i++) {
        char path[100];
        snprintf(path, sizeof(path), "tables.correspondence.%s.%zu.coordinate.%zu", side, i / 2,
                 i % 2);
        fixture_near(path, fabs(fixture_at(got, path)),
                     json_number_value(json_array_get(json_object_get(want, side), i)), 1e-9);
    }
}

TEST(outside, normalisations_of_a_map_are_those_of_ca)
{
    json_t *ref = outside("corrections");
    static const char *const HOW[] = {"symmetric", "row", "column", "principal"};
    for (int k = 0; k < 4; k++) {
        char command[200];
        snprintf(command, sizeof(command),
                 "correspondence --csv %%s --rows r --cols c --counts n --normalise %s", HOW[k]);
        Ran r = fixture_json(command, fixture_file("r,c,n\n1,1,3\n1,2,1\n1,3,4\n2,1,2\n2,2,6\n"
                                                   "2,3,2\n3,1,5\n3,2,1\n3,3,7\n"));
        check_map(r.json, json_object_get(ref, HOW[k]), "rows");
        check_map(r.json, json_object_get(ref, HOW[k]), "columns");
        fixture_done(&r);
    }
    json_decref(ref);
}

TEST_MAIN("outside")
