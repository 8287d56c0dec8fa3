/* SPDX-License-Identifier: Apache-2.0 */
/* Every value of statistics.json, nps.json and the logistic part of churn.json, by the command, within the
 * tolerances that those files state.
 * Covers: analyze_ttest.c analyze_anova.c analyze_factorial.c analyze_crosstab.c analyze_correlate.c
 * analyze_regress.c analyze_logistic.c analyze_explore.c analyze_survey.c grouped.c outcome.c */
#include "analyze_fixture.h"

static const char *telco_path;

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = NULL;
    size_t n = 0;
    if (!f || getdelim(&text, &n, EOF, f) < 0)
        fail_msg("%s cannot be read", path);
    fclose(f);
    return text;
}

/* The preparation of the reference: blank TotalCharges read as 0. */
static const char *telco(void)
{
    char path[600];
    if (telco_path)
        return telco_path;
    snprintf(path, sizeof(path), "%s/telco/Telco-Customer-Churn.csv", fixture_data());
    char *text = read_file(path);
    for (char *at = text; (at = strstr(at, ", ,"));)
        at[1] = '0';
    telco_path = fixture_file(text);
    free(text);
    return telco_path;
}

static const char *wholesale(void)
{
    static char path[600];
    snprintf(path, sizeof(path), "%s/wholesale/wholesale_customers.csv", fixture_data());
    return path;
}

/* ---- comparing trees */
static size_t compared;

static bool is_p(const char *key)
{
    return !strcmp(key, "p") || !strncmp(key, "p_", 2) || strstr(key, "_p") != NULL;
}

static bool near_p(double a, double b, bool tukey)
{
    if (tukey)
        return fabs(a - b) < 1e-3;
    if (b > 1e-12)
        return fabs(a - b) <= 1e-6 * b;
    return b < 1e-300 ? a < 1e-299 : fabs(log10(a) - log10(b)) < 0.01;
}

static void compare_number(const char *path, const char *key, double a, double b)
{
    bool tukey = strstr(path, "tukey") != NULL;
    double tolerance = tukey ? 1e-6 : 1e-8;
    bool ok =
        is_p(key) ? near_p(a, b, tukey) : fabs(a - b) <= tolerance * fabs(b) + (b == 0 ? 1e-12 : 0);
    compared++;
    if (!ok)
        fail_msg("%s: %.17g, reference %.17g", path, a, b);
}

static void compare(const char *path, const char *key, const json_t *ours, const json_t *reference)
{
    char below[1000];
    const char *name;
    json_t *value;
    size_t i;
    if (json_is_null(reference))
        return;
    if (!ours)
        fail_msg("%s is missing", path);
    if (json_is_object(reference)) {
        json_object_foreach((json_t *)(uintptr_t)reference, name, value)
        {
            if (!strcmp(name, "note"))
                continue;
            snprintf(below, sizeof(below), "%s/%s", path, name);
            compare(below, name, json_object_get(ours, name), value);
        }
    } else if (json_is_array(reference)) {
        if (json_array_size(ours) < json_array_size(reference))
            fail_msg("%s has %zu items, reference %zu", path, json_array_size(ours),
                     json_array_size(reference));
        json_array_foreach(reference, i, value)
        {
            snprintf(below, sizeof(below), "%s/%zu", path, i);
            compare(below, key, json_array_get(ours, i), value);
        }
    } else if (json_is_number(reference)) {
        if (!json_is_number(ours))
            fail_msg("%s is no number", path);
        else
            compare_number(path, key, json_number_value(ours), json_number_value(reference));
    } else if (json_is_string(reference)) {
        assert_string_equal(json_string_value(ours), json_string_value(reference));
    }
}

static json_t *all_reference;

static void check(const char *command, const char *file, const char *table, const char *entry)
{
    Ran r = fixture_json(command, file);
    const json_t *ours = json_object_get(json_object_get(r.json, "tables"), table);
    compare(entry, entry, ours, fixture_tree(all_reference, entry));
    fixture_done(&r);
}

#define NEED_DATA()                                                                                \
    if (!fixture_data())                                                                           \
        skip();                                                                                    \
    if (!all_reference)                                                                            \
        all_reference = fixture_reference("statistics");

TEST(reference, descriptives)
{
    NEED_DATA();
    check("descriptives --csv %s --columns tenure,MonthlyCharges,TotalCharges", telco(),
          "descriptives", "descriptives");
}

TEST(reference, analysis_of_variance)
{
    NEED_DATA();
    check("anova --csv %s --value MonthlyCharges --by Contract", telco(), "anova",
          "anova_MonthlyCharges_by_Contract");
    check("anova --csv %s --value tenure --by PaymentMethod", telco(), "anova",
          "anova_tenure_by_PaymentMethod");
    check("anova --csv %s --value Grocery --by Region", wholesale(), "anova",
          "anova_wholesale_Grocery_by_Region");
    check("anova --csv %s --value Fresh --by Channel", wholesale(), "anova",
          "anova_wholesale_Fresh_by_Channel");
    check("anova --csv %s --value MonthlyCharges --by Contract,Churn", telco(), "anova",
          "twoway_MonthlyCharges_Contract_Churn");
}

TEST(reference, t_tests)
{
    NEED_DATA();
    check("ttest --csv %s --value tenure --by Churn", telco(), "ttest",
          "ttest_tenure_by_Churn_No_vs_Yes");
    check("ttest --csv %s --value MonthlyCharges --by gender", telco(), "ttest",
          "ttest_MonthlyCharges_by_gender_Female_vs_Male");
    check("ttest --csv %s --paired Milk,Grocery", wholesale(), "ttest",
          "paired_wholesale_Milk_vs_Grocery");
}

TEST(reference, crosstabs)
{
    NEED_DATA();
    check("crosstab --csv %s --rows Contract --cols Churn", telco(), "crosstab",
          "chi2_Contract_by_Churn");
    check("crosstab --csv %s --rows gender --cols Churn", telco(), "crosstab",
          "chi2_gender_by_Churn");
    check("crosstab --csv %s --rows PaymentMethod --cols InternetService", telco(), "crosstab",
          "chi2_PaymentMethod_by_InternetService");
}

TEST(reference, correlations)
{
    NEED_DATA();
    check("correlate --csv %s --columns tenure,MonthlyCharges,TotalCharges --method "
          "pearson,spearman,kendall",
          telco(), "correlate", "correlation_telco");
    check("correlate --csv %s --columns Fresh,Milk,Grocery,Frozen,Detergents_Paper,Delicassen "
          "--method "
          "pearson,spearman,kendall",
          wholesale(), "correlate", "correlation_wholesale");
}

TEST(reference, regressions)
{
    NEED_DATA();
    check("regress --csv %s --target TotalCharges --columns tenure,MonthlyCharges,SeniorCitizen",
          telco(), "regress", "ols_TotalCharges");
    check("regress --csv %s --target Grocery --columns Milk,Detergents_Paper,Fresh,Frozen",
          wholesale(), "regress", "ols_wholesale_Grocery");
}

TEST(reference, normality)
{
    NEED_DATA();
    Ran r = fixture_json("explore --csv %s --columns Fresh --where 'row < 200'", wholesale());
    const json_t *ours = fixture_tree(r.json, "tables.explore.Fresh.shapiro_wilk");
    const json_t *expected = json_object_get(all_reference, "normality_wholesale_Fresh_first_200");
    /* The reference is of scipy 1.10, whose routine works in single precision; R 4.2.2's shapiro.test
     * gives W = 0.74654140342958408, p = 3.1852140852223864e-17. */
    fixture_near("W", fixture_at(ours, "W"), fixture_at(expected, "W"), 1e-6);
    fixture_near("W of R", fixture_at(ours, "W"), 0.74654140342958408, 1e-12);
    fixture_near("p of R", fixture_at(ours, "p"), 3.1852140852223864e-17, 1e-9);
    assert_true(fabs(log10(fixture_at(ours, "p") / fixture_at(expected, "p"))) < 0.01);
    fixture_done(&r);
}

#define TELCO_MODEL                                                                                \
    "logistic --csv %s --target Churn --columns SeniorCitizen,tenure,MonthlyCharges,TotalCharges," \
    "gender,Partner,Dependents,MultipleLines,InternetService,Contract,PaperlessBilling,"           \
    "PaymentMethod,OnlineSecurity,OnlineBackup,DeviceProtection,TechSupport,StreamingTV,"          \
    "StreamingMovies --test 'row % 5 = 4'"

TEST(reference, logistic_regression)
{
    NEED_DATA();
    json_t *churn = fixture_reference("churn");
    Ran r = fixture_json(TELCO_MODEL, telco());
    const json_t *ours = fixture_tree(r.json, "tables.logistic");
    compare("logistic_mle", "logistic_mle", ours, fixture_tree(churn, "telco.logistic_mle"));
    const json_t *hl = fixture_tree(churn, "telco.hosmer_lemeshow_test_rows");
    fixture_near("HL", fixture_at(ours, "hosmer_lemeshow_test_rows.chi2"), fixture_at(hl, "chi2"),
                 1e-6);
    fixture_near("HL p", fixture_at(ours, "hosmer_lemeshow_test_rows.p"), fixture_at(hl, "p"),
                 1e-6);
    fixture_near("train", fixture_at(ours, "n_train"), fixture_at(churn, "telco.n_train"), 0);
    fixture_done(&r);
    json_decref(churn);
}

static void counts_text(const json_t *counts, char *to, size_t n)
{
    size_t at = 0, i;
    json_t *v;
    json_array_foreach(counts, i, v) at +=
        (size_t)snprintf(to + at, n - at, "%s%lld", i ? "," : "", (long long)json_integer_value(v));
}

TEST(reference, net_promoter_scores)
{
    NEED_DATA();
    json_t *nps = fixture_reference("nps"), *one, *cases = json_object_get(nps, "cases");
    char counts[300], command[400];
    size_t i;
    json_array_foreach(cases, i, one)
    {
        json_object_del(one, "ci95_adjusted_wald_note");
        counts_text(json_object_get(one, "counts_0_to_10"), counts, sizeof(counts));
        snprintf(command, sizeof(command), "nps --counts %s", counts);
        Ran r = fixture_json(command, NULL);
        compare("nps", "nps", fixture_tree(r.json, "tables.nps"), one);
        fixture_done(&r);
    }
    one = json_array_get(json_object_get(nps, "comparisons"), 0);
    char *text = NULL;
    size_t text_n = 0;
    FILE *f = open_memstream(&text, &text_n);
    fputs("score,n,period\n", f);
    for (int group = 0; group < 2; group++)
        for (size_t k = 0; k <= 10; k++)
            fprintf(f, "%zu,%lld,%d\n", k,
                    (long long)json_integer_value(
                        json_array_get(json_object_get(one, group ? "b" : "a"), k)),
                    group);
    fclose(f);
    Ran r = fixture_json("nps --csv %s --score score --weight n --by period", fixture_file(text));
    const json_t *ours = fixture_tree(r.json, "tables.nps.comparisons.0");
    static const char *const KEYS[] = {"difference", "se", "z", "p_two_sided", "ci95.0", "ci95.1"};
    for (i = 0; i < COUNT_OF(KEYS); i++)
        fixture_near(KEYS[i], fixture_at(ours, KEYS[i]), fixture_at(one, KEYS[i]), 1e-9);
    fixture_done(&r);
    free(text);
    json_decref(nps);
}

/* ---- NIST StRD: the certified values stand in the files */
static double log_relative_error(double ours, double certified)
{
    double e = fabs(ours - certified) / fabs(certified);
    return e > 0 ? -log10(e) : 16;
}

/* before: digits put before those of the second column (SmLs07 is SmLs01 at a larger offset). */
static const char *nist_csv(const char *name, const char *header, const char *before)
{
    char path[600];
    snprintf(path, sizeof(path), "%s/nist/%s.dat", fixture_data(), name);
    char *text = read_file(path), *line = text, *out = NULL;
    size_t n = 0, row = 0;
    FILE *f = open_memstream(&out, &n);
    fprintf(f, "%s\n", header);
    for (char *end; (end = strchr(line, '\n')); line = end + 1, row++) {
        char a[64], b[64];
        *end = '\0';
        if (row >= 60 && sscanf(line, "%63s %63s", a, b) == 2)
            fprintf(f, "%s,%s%s\n", a, before, b);
    }
    fclose(f);
    const char *file = fixture_file(out);
    free(out);
    free(text);
    return file;
}

TEST(reference, nist_analysis_of_variance)
{
    NEED_DATA();
    static const struct {
        const char *file;
        double least;
    } SETS[] = {{"SiRstv", 9}, {"AtmWtAg", 7}, {"SmLs01", 9}, {"SmLs02", 9}, {"SmLs04", 7}};
    const json_t *nist = json_object_get(all_reference, "nist");
    for (size_t i = 0; i < COUNT_OF(SETS); i++) {
        const json_t *certified = json_object_get(json_array_get(nist, i), "certified");
        Ran r = fixture_json("anova --csv %s --value y --by g", nist_csv(SETS[i].file, "g,y", ""));
        const json_t *t = fixture_tree(r.json, "tables.anova");
        const char *const values[] = {json_string_value(fixture_tree(certified, "Between.1")),
                                      json_string_value(fixture_tree(certified, "Between.3")),
                                      json_string_value(fixture_tree(certified, "Within.1")),
                                      json_string_value(json_object_get(certified, "R2"))};
        const double ours[] = {fixture_at(t, "ss_between"), fixture_at(t, "F"),
                               fixture_at(t, "ss_within"), fixture_at(t, "eta2")};
        for (size_t k = 0; k < 4; k++) {
            double digits = log_relative_error(ours[k], strtod(values[k], NULL));
            if (digits < SETS[i].least)
                fail_msg("%s value %zu: %.15g, certified %s: %.1f digits", SETS[i].file, k, ours[k],
                         values[k], digits);
        }
        fixture_done(&r);
    }
}

/* SmLs07 of the higher level of difficulty: the values of SmLs01 with twelve digits before the point
 * constant. Doubles hold four digits of what differs. */
TEST(reference, nist_higher_difficulty)
{
    NEED_DATA();
    Ran r =
        fixture_json("anova --csv %s --value y --by g", nist_csv("SmLs01", "g,y", "100000000000"));
    const json_t *t = fixture_tree(r.json, "tables.anova");
    assert_true(log_relative_error(fixture_at(t, "ss_between"), 1.68) >= 4);
    assert_true(log_relative_error(fixture_at(t, "ss_within"), 1.8) >= 4);
    assert_true(log_relative_error(fixture_at(t, "F"), 21) >= 4);
    fixture_done(&r);
}

TEST(reference, nist_regression)
{
    NEED_DATA();
    /* Norris, from the header of the file */
    static const double CERTIFIED[] = {-0.262323073774029,    1.00211681802045,  0.232818234301152,
                                       0.429796848199937E-03, 0.884796396144373, 0.999993745883712};
    static const char *const PATHS[] = {"b.0", "b.1", "se.0", "se.1", "se_of_estimate", "r2"};
    Ran r = fixture_json("regress --csv %s --target y --columns x", nist_csv("Norris", "y,x", ""));
    for (size_t k = 0; k < COUNT_OF(PATHS); k++) {
        double digits = log_relative_error(
            fixture_at(fixture_tree(r.json, "tables.regress"), PATHS[k]), CERTIFIED[k]);
        if (digits < 12)
            fail_msg("Norris %s: %.1f digits", PATHS[k], digits);
    }
    fixture_done(&r);
}

TEST(reference, crm_satisfaction)
{
    NEED_DATA();
    char path[600];
    json_t *crm = fixture_reference("crm");
    snprintf(path, sizeof(path), "%s/tickets/customer_support_tickets.csv.gz", fixture_data());
    Ran r = fixture_json("csat --csv %s --score csat_score --by channel", path);
    const json_t *ours = fixture_tree(r.json, "tables.csat");
    compare("csat", "csat", ours, fixture_tree(crm, "tickets.csat"));
    for (size_t i = 0; i < json_array_size(json_object_get(ours, "groups")); i++) {
        const json_t *g = json_array_get(json_object_get(ours, "groups"), i);
        char key[200];
        snprintf(key, sizeof(key), "tickets.by_channel.%s.csat_mean",
                 json_string_value(json_object_get(g, "level")));
        fixture_near(key, fixture_at(g, "mean"), fixture_at(crm, key), 1e-9);
    }
    fixture_done(&r);
    json_decref(crm);
    json_decref(all_reference);
    print_message("%zu values compared with the reference\n", compared);
    assert_true(compared > 500);
}

TEST_MAIN("reference")
