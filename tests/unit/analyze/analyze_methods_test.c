/* SPDX-License-Identifier: Apache-2.0 */
/* What the reference files do not hold: values of R (recipe: tests/reference/statistics.R), properties
 * (order of rows, weights as repetition, scales, totals), refusals.
 * Covers: analyze_ranks.c analyze_roc.c analyze_power.c analyze_frequencies.c analyze_pareto.c
 * analytics/ranks.c analytics/crosstab.c analytics/correlate.c
 * analytics/ols.c analytics/factorial.c analytics/logistic.c analytics/roc.c analytics/normality.c analytics/pareto.c
 * analytics/survey.c analytics/power.c analytics/means.c */
#include "analytics/kernel.h"
#include "analyze_fixture.h"

static const char PAIRS[] =
    "a,b,i\n12.1,13.4,1\n14.3,13.9,2\n9.8,11.1,3\n11.2,12.8,4\n15.6,17.2,5\n"
    "13.3,12.2,6\n10.7,12.5,7\n12.9,15.1,8\n";
static const char LONG[] =
    "v,s\n12.1,a\n14.3,a\n9.8,a\n11.2,a\n15.6,a\n13.3,a\n10.7,a\n12.9,a\n13.4,b\n13.9,b\n"
    "11.1,b\n12.8,b\n17.2,b\n12.2,b\n12.5,b\n15.1,b\n";
static const char DESIGN[] =
    "g,h,y\na,u,4.1\na,u,5.0\na,v,6.2\na,v,5.9\na,v,6.6\nb,u,3.2\nb,u,2.9\nb,v,7.1\n"
    "b,v,7.9\nc,u,5.5\nc,u,6.1\nc,u,5.2\nc,v,5.0\nc,v,4.4\n";
static const char BINARY[] =
    "n,z,s\n1,0,1\n2,0,2\n3,1,3\n4,0,3\n5,0,5\n6,1,6\n7,1,5\n8,0,8\n9,1,9\n10,1,9\n";

typedef struct Expected {
    const char *path;
    double value;
} Expected;

static void expect(const char *command, const char *text, const Expected *e, size_t n,
                   double tolerance)
{
    Ran r = fixture_json(command, text ? fixture_file(text) : NULL);
    for (size_t i = 0; i < n; i++)
        fixture_near(e[i].path, fixture_at(json_object_get(r.json, "tables"), e[i].path),
                     e[i].value, tolerance);
    fixture_done(&r);
}
#define EXPECT(command, text, tolerance, ...)                                                      \
    expect(command, text, (const Expected[]){__VA_ARGS__},                                         \
           COUNT_OF(((const Expected[]){__VA_ARGS__})), tolerance)

TEST(methods, rank_tests_are_those_of_r)
{
    EXPECT("ranks --csv %s --paired a,b", PAIRS, 1e-9, {"ranks.wilcoxon.sum_positive", 33},
           {"ranks.wilcoxon.p_exact", 0.0390625}, {"ranks.wilcoxon.p", 0.0356919001168044});
    EXPECT("ranks --csv %s --value v --by s", LONG, 1e-9, {"ranks.mann_whitney.U", 23},
           {"ranks.mann_whitney.p_exact", 0.382284382284382});
    EXPECT("ranks --csv %s --value y --by g", DESIGN, 1e-9,
           {"ranks.kruskal_wallis.H", 0.206167400881058},
           {"ranks.kruskal_wallis.p", 0.902051468216379});
    EXPECT("ranks --csv %s --paired p,q,r", "p,q,r\n7,6,9\n5,6,7\n8,9,9\n6,4,8\n9,7,9\n4,3,6\n",
           1e-9, {"ranks.friedman.chi2", 7.18181818181818},
           {"ranks.friedman.p", 0.0275732524327691});
}

static const char TABLE[] =
    "r,c,n\n1,1,3\n1,2,1\n1,3,4\n2,1,2\n2,2,6\n2,3,2\n3,1,5\n3,2,1\n3,3,7\n";

TEST(methods, exact_tables_are_those_of_r)
{
    EXPECT("crosstab --csv %s --rows r --cols c --counts n --exact", TABLE, 1e-9,
           {"crosstab.fisher_exact_p", 0.0848244308885214});
    EXPECT("crosstab --csv %s --rows r --cols c --counts n", "r,c,n\n1,1,8\n1,2,2\n2,1,1\n2,2,5\n",
           1e-9, {"crosstab.fisher_two_sided_p", 0.034965034965035});
    Ran r = fixture_json("crosstab --csv %s --rows r --cols c --counts n --monte-carlo 40000",
                         fixture_file(TABLE));
    const json_t *m = fixture_tree(r.json, "tables.crosstab.monte_carlo");
    assert_true(fixture_at(m, "ci99_fisher.0") < 0.0848244 &&
                fixture_at(m, "ci99_fisher.1") > 0.0848244);
    assert_true(fixture_at(m, "ci99_fisher.1") - fixture_at(m, "ci99_fisher.0") < 0.01);
    fixture_done(&r);
}

TEST(methods, factorial_and_robust_anova_are_those_of_r)
{
    EXPECT("anova --csv %s --value y --by g", DESIGN, 1e-9, {"anova.welch.F", 0.163769513976674},
           {"anova.welch.df.1", 5.69817875030814}, {"anova.welch.p", 0.852795413964514});
    EXPECT("anova --csv %s --value y --by g,h", DESIGN, 1e-9,
           {"anova.type1.C(g, Sum).ss", 0.300642857142859},
           {"anova.type1.C(h, Sum).ss", 8.54473529411764},
           {"anova.type1.C(g, Sum):C(h, Sum).F", 38.672407519709},
           {"anova.type3.C(g, Sum).ss", 0.140215686274509},
           {"anova.type3.C(h, Sum).ss", 10.2704166666667},
           {"anova.type3.C(h, Sum).p", 9.91175731481485e-05},
           {"anova.type3.C(g, Sum):C(h, Sum).p", 7.72060585570667e-05});
}

TEST(methods, correlations_and_regressions_are_those_of_r)
{
    EXPECT("correlate --csv %s --columns a,b --control i --method partial", PAIRS, 1e-9,
           {"correlate.partial.a|b.r", 0.827167658025186},
           {"correlate.partial.a|b.p", 0.021680710780288});
    EXPECT("regress --csv %s --target y --columns g", DESIGN, 1e-9, {"regress.b.0", 5.56},
           {"regress.b.1", -0.285}, {"regress.b.2", -0.32});
    EXPECT("logistic --csv %s --target z --columns n", BINARY, 1e-8,
           {"logistic.coef.0", -2.44128795063772}, {"logistic.coef.1", 0.443870536479586},
           {"logistic.se.0", 1.79977434493755}, {"logistic.se.1", 0.298086167426537},
           {"logistic.loglik", -5.43336500857444});
    EXPECT("roc --csv %s --score s --target z", BINARY, 1e-9, {"roc.auc", 0.8},
           {"roc.se", 0.148323969741913});
    EXPECT("explore --csv %s --columns a", PAIRS, 1e-6,
           {"explore.a.shapiro_wilk.W", 0.984039802515942},
           {"explore.a.shapiro_wilk.p", 0.98007599646762});
}

TEST(methods, diagnostics_are_those_of_r)
{
    static const double COOK[] = {0.0947001273029225, 0.0139322386574389, 0.0181972096750221};
    static const double STUDENT[] = {-1.06602135421157, -0.408884902985261, 0.467297031983154};
    static const double DELETED[] = {-1.07336693339311, -0.392853339972181, 0.450039610942366};
    char *dir = test_tempdir(), command[700], path[600], line[300];
    snprintf(path, sizeof(path), "%s/rows.csv", dir);
    snprintf(command, sizeof(command), "regress --csv %%s --target y --columns g --out %s", path);
    Ran r = fixture_run(command, fixture_file(DESIGN));
    assert_int_equal(r.status, 0);
    FILE *f = fopen(path, "r");
    assert_non_null(fgets(line, sizeof(line), f));
    assert_string_equal(line,
                        "row,predicted,residual,leverage,studentised,studentised_deleted,cook\n");
    for (int i = 0; i < 3; i++) {
        double v[7];
        assert_non_null(fgets(line, sizeof(line), f));
        assert_int_equal(sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf,%lf", v, v + 1, v + 2, v + 3, v + 4,
                                v + 5, v + 6),
                         7);
        fixture_near("leverage", v[3], 0.2, 1e-12);
        fixture_near("studentised", v[4], STUDENT[i], 1e-12);
        fixture_near("deleted", v[5], DELETED[i], 1e-12);
        fixture_near("cook", v[6], COOK[i], 1e-12);
    }
    fclose(f);
    fixture_done(&r);
    test_tempdir_remove(dir);
}

TEST(methods, power_is_that_of_r)
{
    EXPECT("power --test two-means --effect 0.5", NULL, 1e-7, {"power.n", 63.7656101909419},
           {"power.n_rounded", 64}, {"power.n_total", 128});
    EXPECT("power --test two-proportions --p1 .3 --p2 .45 --power .9", NULL, 1e-7,
           {"power.n", 216.81987752213});
    EXPECT("power --test anova --groups 4 --effect 0.27386127875258306", NULL, 1e-5,
           {"power.n", 37.3333190237037});
    /* tests/reference/survey.R */
    EXPECT("power --test correlation --effect .3", NULL, 1e-10, {"power.n", 84.0736377442961});
    EXPECT("power --test chi2 --effect .3 --df 3 --power .9", NULL, 1e-10,
           {"power.n", 157.460970049647});
    EXPECT("power --test one-mean --effect .4", NULL, 1e-9, {"power.n", 51.0094481444591});
    EXPECT("power --test one-mean --effect .4 --n 51", NULL, 1e-8,
           {"power.power", 0.799924434336667});
    EXPECT("power --test two-means --effect .5 --n 30 --one-sided", NULL, 1e-8,
           {"power.power", 0.606025327886807});
    EXPECT("power --test anova --groups 4 --effect 0.27386127875258306 --n 30", NULL, 1e-8,
           {"power.power", 0.69499496024265});
    fixture_refuses("power --test two-means", NULL, 2, "--effect");
    fixture_refuses("power --test two-proportions --p1 .2 --p2 .2", NULL, 2, "--p1 and --p2");
    fixture_refuses("power --test anova --effect .2", NULL, 2, "--groups");
    fixture_refuses("power --test two-means --effect .5 --power 1.5", NULL, 2, "between 0 and 1");
    fixture_refuses("power --test two-means --effect 0.0000001", NULL, 1, "thousand million");
}

TEST(methods, wampler_and_longley)
{
    /* NIST StRD Wampler1: y = 1 + x + … + x^5 at x = 0 … 20: all coefficients 1, R² 1 */
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    fputs("y,x1,x2,x3,x4,x5\n", f);
    for (long x = 0; x <= 20; x++)
        fprintf(f, "%ld,%ld,%ld,%ld,%ld,%ld\n",
                1 + x + x * x + x * x * x + x * x * x * x + x * x * x * x * x, x, x * x, x * x * x,
                x * x * x * x, x * x * x * x * x);
    fclose(f);
    EXPECT("regress --csv %s --target y --columns x1,x2,x3,x4,x5", text, 1e-9, {"regress.b.0", 1},
           {"regress.b.1", 1}, {"regress.b.2", 1}, {"regress.b.3", 1}, {"regress.b.4", 1},
           {"regress.b.5", 1});
    free(text);
    static const char LONGLEY[] =
        "y,x1,x2,x3,x4,x5,x6\n60323,83.0,234289,2356,1590,107608,1947\n61122,88.5,259426,2325,1456,"
        "108632,1948\n"
        "60171,88.2,258054,3682,1616,109773,1949\n61187,89.5,284599,3351,1650,110929,1950\n"
        "63221,96.2,328975,2099,3099,112075,1951\n63639,98.1,346999,1932,3594,113270,1952\n"
        "64989,99.0,365385,1870,3547,115094,1953\n63761,100.0,363112,3578,3350,116219,1954\n"
        "66019,101.2,397469,2904,3048,117388,1955\n67857,104.6,419180,2822,2857,118734,1956\n"
        "68169,108.4,442769,2936,2798,120445,1957\n66513,110.8,444546,4681,2637,121950,1958\n"
        "68655,112.6,482704,3813,2552,123366,1959\n69564,114.2,502601,3931,2514,125368,1960\n"
        "69331,115.7,518173,4806,2572,127852,1961\n70551,116.9,554894,4007,2827,130081,1962\n";
    EXPECT("regress --csv %s --target y --columns x1,x2,x3,x4,x5,x6", LONGLEY, 1e-12,
           {"regress.b.0", -3482258.63459582}, {"regress.b.1", 15.0618722713733},
           {"regress.b.2", -0.358191792925910E-01}, {"regress.b.3", -2.02022980381683},
           {"regress.b.6", 1829.15146461355}, {"regress.se.0", 890420.383607373},
           {"regress.se_of_estimate", 304.854073561965}, {"regress.r2", 0.995479004577296});
}

/* ---- properties: a table of 120 rows; the same rows in another order; and with whole weights written out */
typedef struct Tables {
    char *plain, *shuffled, *weighted, *repeated;
} Tables;

static void write_row(FILE *f, const double *v, const char *tail)
{
    fprintf(f, "%.17g,%.17g,%.17g,%s,%s,%d%s\n", v[0], v[1], v[2],
            v[3] > 1   ? "p"
            : v[3] > 0 ? "q"
                       : "r",
            v[4] > 0 ? "yes" : "no", (int)v[5], tail);
}

static Tables tables(void)
{
    enum { N = 120 };
    static double v[N][6];
    size_t order[N], n;
    int weight[N];
    char tail[20];
    Random r = random_of(11, 3);
    Tables t;
    for (size_t i = 0; i < N; i++) {
        for (int k = 0; k < 3; k++)
            v[i][k] = floor(100 * random_unit(&r)) / 4;
        v[i][2] += v[i][0];
        v[i][3] = (double)random_below(&r, 3);
        v[i][4] = v[i][0] + 30 * random_unit(&r) > 27;
        v[i][5] = (double)random_below(&r, 11);
        weight[i] = (int)random_below(&r, 4);
        order[i] = i;
    }
    for (size_t i = N; i-- > 1;) {
        size_t j = random_below(&r, i + 1), swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    FILE *f[4] = {open_memstream(&t.plain, &n), open_memstream(&t.shuffled, &n),
                  open_memstream(&t.weighted, &n), open_memstream(&t.repeated, &n)};
    for (int k = 0; k < 4; k++)
        fprintf(f[k], "x,y,z,g,b,s%s\n", k == 2 ? ",w" : "");
    for (size_t i = 0; i < N; i++) {
        write_row(f[0], v[i], "");
        write_row(f[1], v[order[i]], "");
        snprintf(tail, sizeof(tail), ",%d", weight[i]);
        write_row(f[2], v[i], tail);
        for (int k = 0; k < weight[i]; k++)
            write_row(f[3], v[i], "");
    }
    for (int k = 0; k < 4; k++)
        fclose(f[k]);
    return t;
}

/* Numbers of both trees at the same places; rows' own statistics excepted. */
static void same(const char *path, const json_t *a, const json_t *b)
{
    static const char *const ORDERED[] = {"durbin_watson",  "train",      "hosmer_lemeshow",
                                          "train_auc",      "p_exact",    "shapiro_wilk",
                                          "outlier_values", "iterations", "joins"};
    char below[600];
    const char *key;
    json_t *v;
    size_t i;
    for (i = 0; i < COUNT_OF(ORDERED); i++)
        if (strstr(path, ORDERED[i]))
            return;
    if (json_is_number(a) && json_is_number(b)) {
        double x = json_number_value(a), y = json_number_value(b);
        if (fabs(x - y) > 1e-8 * fmax(fabs(y), 1e-3))
            fail_msg("%s: %.17g and %.17g", path, x, y);
    } else if (json_is_object(a)) {
        json_object_foreach((json_t *)(uintptr_t)a, key, v)
        {
            snprintf(below, sizeof(below), "%s/%s", path, key);
            same(below, v, json_object_get(b, key));
        }
    } else if (json_is_array(a)) {
        assert_int_equal(json_array_size(a), json_array_size(b));
        json_array_foreach(a, i, v)
        {
            snprintf(below, sizeof(below), "%s/%zu", path, i);
            same(below, v, json_array_get(b, i));
        }
    } else if (json_typeof(a) != json_typeof(b)) {
        fail_msg("%s: of another kind", path);
    }
}

static const char *const ALL[] = {
    "frequencies --csv %s --columns g,b",
    "descriptives --csv %s --columns x,y,z",
    "explore --csv %s --columns x,y",
    "crosstab --csv %s --rows g --cols b",
    "ttest --csv %s --value x --by b",
    "ttest --csv %s --paired x,y",
    "ttest --csv %s --value x --mu 3",
    "anova --csv %s --value z --by g --posthoc tukey,lsd,bonferroni,games-howell",
    "anova --csv %s --value z --by g,b",
    "ranks --csv %s --value y --by b",
    "ranks --csv %s --value y --by g",
    "ranks --csv %s --paired x,y",
    "ranks --csv %s --paired x,y,z",
    "correlate --csv %s --columns x,y,z --method pearson,spearman,kendall",
    "correlate --csv %s --columns x,y --control z --method partial",
    "regress --csv %s --target z --columns x,y,g",
    "logistic --csv %s --target b --columns x,y,g",
    "nps --csv %s --score s --by g",
    "csat --csv %s --score s --by b",
    "ces --csv %s --score s --by g",
    "pareto --csv %s --customer g --amount z",
    "explore --csv %s --columns x --by b",
};
/* Methods without --weight. */
static const char *const UNWEIGHTED[] = {
    "roc --csv %s --score x,y --target b",  "hierarchical --csv %s --columns x,y --k 3",
    "reliability --csv %s --columns x,y,z", "factor --csv %s --columns x,y,s --factors 1",
    "valuescore --csv %s --columns x,y",
};

TEST(methods, order_of_rows_changes_nothing)
{
    Tables t = tables();
    const char *plain = fixture_file(t.plain), *shuffled = fixture_file(t.shuffled);
    for (size_t i = 0; i < COUNT_OF(ALL) + COUNT_OF(UNWEIGHTED); i++) {
        const char *command = i < COUNT_OF(ALL) ? ALL[i] : UNWEIGHTED[i - COUNT_OF(ALL)];
        Ran a = fixture_json(command, plain), b = fixture_json(command, shuffled);
        same(command, json_object_get(a.json, "tables"), json_object_get(b.json, "tables"));
        fixture_done(&a);
        fixture_done(&b);
    }
    free(t.plain);
    free(t.shuffled);
    free(t.weighted);
    free(t.repeated);
}

TEST(methods, weights_equal_repetition)
{
    Tables t = tables();
    const char *weighted = fixture_file(t.weighted), *repeated = fixture_file(t.repeated);
    char command[300];
    for (size_t i = 0; i < COUNT_OF(ALL); i++) {
        snprintf(command, sizeof(command), "%s --weight w", ALL[i]);
        Ran a = fixture_json(command, weighted), b = fixture_json(ALL[i], repeated);
        fixture_near("n", fixture_at(a.json, "n"), fixture_at(b.json, "n"), 0);
        same(ALL[i], json_object_get(a.json, "tables"), json_object_get(b.json, "tables"));
        fixture_done(&a);
        fixture_done(&b);
    }
    free(t.plain);
    free(t.shuffled);
    free(t.weighted);
    free(t.repeated);
}

/* Their kernels have no weights: asked to weigh, they refuse rather than leave the weights out. */
TEST(methods, without_weights_refuse_them)
{
    Tables t = tables();
    char command[300];
    for (size_t i = 0; i < COUNT_OF(UNWEIGHTED); i++) {
        snprintf(command, sizeof(command), "%s --weight w", UNWEIGHTED[i]);
        fixture_refuses(command, fixture_file(t.weighted), 2, "does not weigh its rows");
    }
    free(t.plain);
    free(t.shuffled);
    free(t.weighted);
    free(t.repeated);
}

TEST(methods, totals_add_up)
{
    Tables t = tables();
    const char *file = fixture_file(t.plain);
    Ran r = fixture_json("anova --csv %s --value z --by g", file);
    const json_t *a = fixture_tree(r.json, "tables.anova.anova_table");
    fixture_near("ss", fixture_at(a, "0.ss") + fixture_at(a, "1.ss"), fixture_at(a, "2.ss"), 1e-12);
    fixture_done(&r);
    r = fixture_json("frequencies --csv %s --columns g", file);
    const json_t *values = fixture_tree(r.json, "tables.frequencies.g.values");
    double sum = 0;
    for (size_t i = 0; i < json_array_size(values); i++)
        sum += fixture_at(json_array_get(values, i), "count");
    assert_true(sum == 120);
    fixture_done(&r);
    r = fixture_json("regress --csv %s --target z --columns x,y,g", file);
    const json_t *m = fixture_tree(r.json, "tables.regress");
    fixture_near("r2", fixture_at(m, "ss.0") / (fixture_at(m, "ss.0") + fixture_at(m, "ss.1")),
                 fixture_at(m, "r2"), 1e-12);
    assert_true(fabs(fixture_at(m, "residual_statistics.residual.mean")) < 1e-12);
    fixture_done(&r);
    free(t.plain);
    free(t.shuffled);
    free(t.weighted);
    free(t.repeated);
}

TEST(methods, pareto_names_those_behind_the_share)
{
    static const char TEXT[] = "who,amount\nann,50\nbo,10\nann,20\ncy,15\ndi,5\neve,0\n";
    EXPECT("pareto --csv %s --customer who --amount amount", TEXT, 1e-12, {"pareto.customers", 5},
           {"pareto.total", 100}, {"pareto.reach_customers", 2}, {"pareto.top_20pct_share", .7},
           {"pareto.top.0.amount", 70}, {"pareto.top.1.cumulative", .85}, {"pareto.gini", .6},
           {"pareto.lorenz.10", 1}, {"pareto.lorenz.8", .3});
    fixture_refuses("pareto --csv %s --customer who --amount amount",
                    fixture_file("who,amount\na,0\nb,0\n"), 1, "no valid value");
    fixture_refuses("pareto --csv %s --customer who --amount amount --threshold 2",
                    fixture_file(TEXT), 2, "threshold");
}

/* ---- refusals: single group, constant, all missing, one row, n < p, infinite */
static const struct {
    const char *command, *text;
    int status;
    const char *says;
} REFUSED[] = {
    {"anova --csv %s --value y --by g", "y,g\n1,a\n2,a\n", 1,
     "column \"g\" makes fewer than two groups"},
    {"anova --csv %s --value y --by g", "y,g\n5,a\n5,a\n5,b\n5,b\n", 1,
     "column \"y\" has the same value"},
    {"anova --csv %s --value y --by g", "y,g\n1,a\n2,b\n", 1, "at least 3 cases"},
    {"anova --csv %s --value y --by g", "y,g\n,a\n,b\n", 1, "no row has a value"},
    {"anova --csv %s --value y --by g", "y,g\n1,a\ninf,b\n", 1, "column \"y\", line 3: \"inf\""},
    {"anova --csv %s --value y --by g,h", "y,g,h\n1,a,u\n2,b,v\n3,a,v\n4,b,u\n", 1,
     "at least 5 cases"},
    {"anova --csv %s --value g --by y", "y,g\n1,a\n2,b\n", 1,
     "column \"g\", line 2: \"a\" is not a number"},
    {"ttest --csv %s --value y --by g", "y,g\n1,a\n2,b\n3,c\n", 1, "makes 3 groups"},
    {"ttest --csv %s --value y --by g", "y,g\n1,a\n1,b\n1,b\n", 1, "same value"},
    {"ttest --csv %s --value y", "y\n3\n", 1, "at least 2 cases"},
    {"ttest --csv %s --by g", "y,g\n1,a\n", 2, "give --value"},
    {"ranks --csv %s --value y --by g", "y,g\n2,a\n2,b\n", 1, "same value"},
    {"ranks --csv %s --paired a,b", "a,b\n1,1\n2,2\n", 1, "same value"},
    {"crosstab --csv %s --rows a --cols b", "a,b\n1,1\n1,2\n", 1,
     "column \"a\" makes fewer than two groups"},
    {"crosstab --csv %s --rows a --cols b --counts n", "a,b,n\n1,1,3\n1,2,-4\n", 1,
     "line 3: a weight may not"},
    {"correlate --csv %s --columns a,b", "a,b\n1,5\n2,5\n3,5\n", 1,
     "column \"b\" has the same value"},
    {"correlate --csv %s --columns a,b", "a,b\n1,5\n2,6\n", 1, "at least 3 cases"},
    {"correlate --csv %s --columns a", "a\n1\n2\n", 1, "two numeric columns"},
    {"correlate --csv %s --columns a,b --control c --method partial",
     "a,b,c\n1,2,2\n2,1,4\n3,5,6\n4,0,8\n", 1, "\"a\" is a combination"},
    {"regress --csv %s --target y --columns x", "y,x\n1,1\n2,2\n", 1, "at least 3 cases"},
    {"regress --csv %s --target y --columns x", "y,x\n1,1\n1,2\n1,3\n", 1,
     "column \"y\" has the same value"},
    {"regress --csv %s --target y --columns x", "y,x\n1,1\nnan,2\n1,3\n", 1,
     "column \"y\", line 3"},
    {"regress --csv %s --target y --columns y", "y,x\n1,1\n2,2\n", 2, "named twice"},
    {"logistic --csv %s --target y --columns x", "y,x\n0,1\n0,2\n1,3\n1,4\n", 1,
     "\"x\" separates the two classes"},
    {"logistic --csv %s --target y --columns x,t",
     "y,x,t\n0,1,a\n1,2,a\n0,3,a\n1,2,b\n1,1,b\n1,3,b\n0,2,a\n1,4,a\n", 1,
     "\"t=b\" separates the two classes"},
    {"logistic --csv %s --target y --columns x", "y,x\n1,1\n1,2\n", 1,
     "has 1 values, two are needed"},
    {"logistic --csv %s --target y --columns x --positive 7", "y,x\n1,1\n0,2\n", 1,
     "no value \"7\""},
    {"roc --csv %s --score x --target y", "y,x\n1,1\n1,2\n", 1, "two are needed"},
    {"nps --csv %s --score s", "s\n11\n", 1, "column \"s\", line 2: 11 is not a score"},
    {"nps --counts 1,2,3", NULL, 2, "for nps: 11"},
    {"descriptives --csv %s", "a\n\"\"\n\"\"\n", 1, "column \"a\" has no valid value"},
    {"frequencies --csv %s", "a,b\n,1\n,2\n", 1, "column \"a\" has no valid value"},
};

TEST(methods, refuse_what_has_no_answer)
{
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++)
        fixture_refuses(REFUSED[i].command, REFUSED[i].text ? fixture_file(REFUSED[i].text) : NULL,
                        REFUSED[i].status, REFUSED[i].says);
}

TEST(methods, collinear_terms_are_left_out_and_named)
{
    Ran r =
        fixture_json("regress --csv %s --target y --columns x,double,t",
                     fixture_file("y,x,double,t\n1,1,2,a\n3,2,4,b\n2,3,6,a\n5,4,8,b\n4,6,12,a\n"));
    assert_non_null(strstr(json_string_value(fixture_tree(r.json, "notes.0")), "\"double\""));
    assert_true(json_is_null(fixture_tree(r.json, "tables.regress.b.2")));
    fixture_done(&r);
}

TEST_MAIN("methods")
