/* SPDX-License-Identifier: Apache-2.0 */
/* regress --test: rows held out of the fit. Covers: analyze_regress.c */
#include "analyze_fixture.h"

static const char ROWS[] =
    "x,g,y\n1,a,2.1\n2,b,3.9\n3,a,6.2\n4,b,7.8\n5,a,10.1\n6,b,12.2\n7,a,13.8\n8,b,16.1\n"
    "9,a,18.3\n10,c,19.7\n";

/* By hand: the line through rows 0 … 7 is that of `--where 'row < 8'`. */
TEST(regress, test_rows_are_predicted_by_the_others)
{
    const char *file = fixture_file(ROWS);
    Ran fit = fixture_json("regress --csv %s --target y --columns x --where 'row < 8'", file);
    Ran both = fixture_json("regress --csv %s --target y --columns x --test 'row >= 8'", file);
    const json_t *f = fixture_tree(fit.json, "tables.regress"),
                 *b = fixture_tree(both.json, "tables.regress");
    double b0 = fixture_at(f, "b.0"), b1 = fixture_at(f, "b.1");
    fixture_near("constant", fixture_at(b, "b.0"), b0, 1e-12);
    fixture_near("slope", fixture_at(b, "b.1"), b1, 1e-12);
    fixture_near("r2 of the fit", fixture_at(b, "r2"), fixture_at(f, "r2"), 1e-12);
    double d1 = 18.3 - b0 - 9 * b1, d2 = 19.7 - b0 - 10 * b1, squares = d1 * d1 + d2 * d2;
    fixture_near("rmse", fixture_at(b, "test.rmse"), sqrt(squares / 2), 1e-9);
    fixture_near("mae", fixture_at(b, "test.mae"), (fabs(d1) + fabs(d2)) / 2, 1e-9);
    fixture_near("r2", fixture_at(b, "test.r2"), 1 - squares / (2 * 0.7 * 0.7), 1e-9);
    fixture_near("n", fixture_at(b, "n_train") * 10 + fixture_at(b, "n_test"), 82, 0);
    fixture_done(&fit);
    fixture_done(&both);
}

TEST(regress, a_value_of_the_test_rows_alone_has_no_coefficient)
{
    Ran r = fixture_json("regress --csv %s --target y --columns x,g --test 'row >= 8'",
                         fixture_file(ROWS));
    assert_non_null(strstr(r.out, "g=c"));
    assert_true(isfinite(fixture_at(r.json, "tables.regress.test.rmse")));
    fixture_done(&r);
}

TEST(regress, test_rows_must_leave_both_parts)
{
    const char *file = fixture_file(ROWS);
    fixture_refuses("regress --csv %s --target y --columns x --test 'row >= 0'", file, 1,
                    "no row to fit");
    fixture_refuses("regress --csv %s --target y --columns x --test 'row > 99'", file, 1,
                    "no row to test");
    fixture_refuses("regress --csv %s --target y --columns x --test 'nowhere > 1'", file, 1,
                    "nowhere");
}

TEST_MAIN("regress")
