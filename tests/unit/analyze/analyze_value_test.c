/* SPDX-License-Identifier: Apache-2.0 */
/* bgnbd, paretonbd, gammagamma, clv and valuescore from summaries and logs; refusals.
 * Covers: analyze_valuescore.c analyze_purchases.c analyze_gammagamma.c analyze_clv.c */
#include "analyze_fixture.h"

static const char *summary(void)
{
    static char path[1024];
    snprintf(path, sizeof(path), "%s/cdnow/cdnow_customers_summary_with_transactions.csv",
             fixture_data());
    return path;
}
#define SUMMARY "--customer ID --frequency x --recency t_x --age T"

TEST(value, bgnbd_has_the_keys_and_values_of_the_reference)
{
    if (!fixture_data())
        skip();
    json_t *ref = fixture_reference("clv"), *row;
    const json_t *want = fixture_tree(ref, "cdnow_customers_summary_weeks");
    Ran r = fixture_json("bgnbd --csv %s " SUMMARY, summary());
    const json_t *got = fixture_tree(r.json, "tables.bgnbd");
    static const char *const KEYS[] = {"n",
                                       "sum_x",
                                       "zero_repeat",
                                       "r",
                                       "alpha",
                                       "a",
                                       "b",
                                       "mean_purchase_rate",
                                       "sum_p_alive",
                                       "expected_purchases_of_new_customer.39",
                                       "sum_conditional.52"};
    for (size_t i = 0; i < COUNT_OF(KEYS); i++)
        fixture_near(KEYS[i], fixture_at(got, KEYS[i]), fixture_at(want, KEYS[i]), 1e-3);
    assert_true(fabs(fixture_at(got, "loglik") - fixture_at(want, "loglik")) < 0.01);
    size_t i;
    json_array_foreach(json_object_get(want, "conditional"), i, row)
    {
        const json_t *mine =
            json_array_get(json_object_get(got, "conditional"),
                           (size_t)json_integer_value(json_object_get(row, "row")));
        assert_string_equal(json_string_value(json_object_get(mine, "id")),
                            json_string_value(json_object_get(row, "id")));
        fixture_near("p_alive", fixture_at(mine, "p_alive"), fixture_at(row, "p_alive"), 1e-3);
        fixture_near("expected", fixture_at(mine, "expected.39"), fixture_at(row, "expected.39"),
                     5e-3);
    }
    fixture_done(&r);
    json_decref(ref);
}

TEST(value, gammagamma_and_clv_agree_with_the_reference)
{
    if (!fixture_data())
        skip();
    json_t *ref = fixture_reference("clv"), *row;
    Ran r = fixture_json("gammagamma --csv %s " SUMMARY " --mean zbar", summary());
    fixture_near("p", fixture_at(r.json, "tables.gammagamma.p"),
                 fixture_at(ref, "cdnow_gamma_gamma.p"), 0.01);
    fixture_near("mean", fixture_at(r.json, "tables.gammagamma.population_mean"),
                 fixture_at(ref, "cdnow_gamma_gamma.population_mean"), 2e-3);
    fixture_done(&r);
    r = fixture_json("clv --csv %s " SUMMARY " --mean zbar --horizon 12 --discount 0.01",
                     summary());
    const json_t *rows = fixture_tree(r.json, "tables.clv.rows");
    size_t i;
    json_array_foreach(json_object_get(json_object_get(ref, "clv_12_months"), "rows"), i, row)
    {
        const json_t *mine =
            json_array_get(rows, (size_t)json_integer_value(json_object_get(row, "id")) - 1);
        fixture_near("clv", fixture_at(mine, "clv"), fixture_at(row, "clv"), 5e-3);
    }
    fixture_done(&r);
    json_decref(ref);
}

TEST(value, pareto_has_the_published_figures)
{
    if (!fixture_data())
        skip();
    Ran r = fixture_json("paretonbd --csv %s " SUMMARY " --horizon 39", summary());
    fixture_near("r", fixture_at(r.json, "tables.paretonbd.r"), 0.553, 2e-3);
    fixture_near("alpha", fixture_at(r.json, "tables.paretonbd.alpha"), 10.578, 2e-3);
    fixture_near("s", fixture_at(r.json, "tables.paretonbd.s"), 0.606, 2e-3);
    fixture_near("beta", fixture_at(r.json, "tables.paretonbd.beta"), 11.669, 2e-3);
    fixture_done(&r);
}

TEST(value, a_log_is_summarised_first)
{
    const char *file =
        fixture_file("c,d,m\na,2024-01-01,5\na,2024-01-15,7\na,2024-01-15,2\nb,2024-01-08,3\n"
                     "b,2024-02-05,4\nc,2024-01-10,1\nd,2024-05-01,9\nc,2024-03-01,6\n"
                     "e,2024-01-02,3\nf,2024-01-05,2\nf,2024-01-20,2\n");
    Ran r = fixture_json(
        "bgnbd --csv %s --customer c --date d --until 2024-03-31 --unit day --horizon 30", file);
    const json_t *a = fixture_tree(r.json, "tables.bgnbd.conditional.0");
    fixture_near("customers", fixture_at(r.json, "tables.bgnbd.n"), 5, 0); /* d came later */
    fixture_near("x", fixture_at(a, "x"), 1, 0); /* one day is one purchase */
    fixture_near("t_x", fixture_at(a, "t_x"), 14, 0);
    fixture_near("T", fixture_at(a, "T"), 90, 0);
    fixture_done(&r);
}

TEST(value, score_is_written_by_row)
{
    const char *file = fixture_file("gain,calls\n1,9\n2,7\n3,1\n");
    Ran r = fixture_json("valuescore --csv %s --columns gain,calls --weights 3,-1", file);
    fixture_near("mean", fixture_at(r.json, "tables.valuescore.mean"), 50, 1e-12);
    fixture_near("r", fixture_at(r.json, "tables.valuescore.columns.0.correlation"), 1, 1e-12);
    fixture_done(&r);
    fixture_refuses("valuescore --csv %s --columns gain,calls --weights 3", file, 2, "2 numbers");
}

TEST(value, refusals_name_column_and_line)
{
    const char *file = fixture_file("x,t,T\n1,2,9\n2,11,9\n0,0,9\n"),
               *half = fixture_file("x,t,T\n1.5,2,9\n2,1,9\n");
    const char *none = fixture_file("x,t,T\n0,0,9\n0,0,8\n");
    fixture_refuses("bgnbd --csv %s --frequency x --recency t --age T", file, 1,
                    "column \"t\", line 3");
    fixture_refuses("bgnbd --csv %s --frequency x --recency t --age T", half, 1,
                    "column \"x\", line 2");
    fixture_refuses("paretonbd --csv %s --frequency x --recency t --age T", none, 1,
                    "column \"x\"");
    fixture_refuses("bgnbd --csv %s --frequency x", file, 2, "--recency");
    fixture_refuses("clv --csv %s --frequency x --recency t --age T", file, 2, "--mean");
    fixture_refuses("bgnbd --csv %s --frequency x --recency t --age T --horizon a", file, 2,
                    "--horizon");
}

TEST_MAIN("value")
