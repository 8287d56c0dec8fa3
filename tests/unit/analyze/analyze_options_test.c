/* SPDX-License-Identifier: Apache-2.0 */
/* Options and columns for which the reference files have no value, against R (recipe: tests/reference/options.R)
 * and scipy (tests/reference/studentised_range.py).
 * Covers: analyze_ttest.c analyze_factorial.c analyze_regress.c analyze_correspondence.c */
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
static const char SCORES[] =
    "z,s1,s2\n0,1,2\n0,2,1\n1,3,4\n0,3,6\n0,5,3\n1,6,5\n1,5,9\n0,8,7\n1,9,8\n1,9,10\n";
static const char TABLE[] =
    "r,c,n\n1,1,3\n1,2,1\n1,3,4\n2,1,2\n2,2,6\n2,3,2\n3,1,5\n3,2,1\n3,3,7\n";

typedef struct Expected {
    const char *path;
    double value;
} Expected;

static void expect(const char *command, const char *text, const Expected *e, size_t n)
{
    Ran r = fixture_json(command, text ? fixture_file(text) : NULL);
    for (size_t i = 0; i < n; i++)
        fixture_near(e[i].path, fixture_at(json_object_get(r.json, "tables"), e[i].path),
                     e[i].value, 1e-7);
    fixture_done(&r);
}
#define EXPECT(command, text, ...)                                                                 \
    expect(command, text, (const Expected[]){__VA_ARGS__},                                         \
           COUNT_OF(((const Expected[]){__VA_ARGS__})))

TEST(options, multiple_comparisons_are_those_of_r)
{
    EXPECT(
        "anova --csv %s --value y --by g --posthoc lsd,bonferroni,tukey,games-howell", DESIGN,
        {"anova.lsd.0.diff", -0.285}, {"anova.lsd.0.se", 1.0271839261699},
        {"anova.lsd.0.p", 0.786573892719894}, {"anova.lsd.0.ci95.0", -2.54581657818462},
        {"anova.lsd.2.p", 0.973428788314857}, {"anova.lsd.2.ci95.1", 2.22581657818462},
        {"anova.bonferroni.0.p", 1}, {"anova.bonferroni.1.ci95.0", -3.05102862251746},
        {"anova.bonferroni.1.ci95.1", 2.41102862251746}, {"anova.tukey_hsd.0.p", 0.958609146365996},
        {"anova.tukey_hsd.1.p", 0.941903149301884}, {"anova.games_howell.0.se", 1.37230645265553},
        {"anova.games_howell.0.df", 3.72628563714469}, {"anova.games_howell.0.p", 0.976651354196},
        {"anova.games_howell.0.ci95.1", 4.77647418837},
        {"anova.games_howell.1.ci95.0", -1.89902177452},
        {"anova.games_howell.2.p", 0.999616212985});
}

TEST(options, factorial_tables_are_those_of_r)
{
    EXPECT("anova --csv %s --value y --by g,h", DESIGN,
           {"anova.corrected_model.F", 24.2231516936672}, {"anova.corrected_model.df", 5},
           {"anova.corrected_model.p", 0.000123229591852294},
           {"anova.corrected_model.ss", 24.4754761904762}, {"anova.total.ss", 428.95},
           {"anova.total.df", 14}, {"anova.corrected_total.ss", 26.0921428571429},
           {"anova.r2", 0.938040095996788}, {"anova.adjusted_r2", 0.899315155994781},
           {"anova.estimated_marginal_means.g.a.mean", 5.39166666666667},
           {"anova.estimated_marginal_means.g.a.se", 0.205184537537419},
           {"anova.estimated_marginal_means.g.a.ci95.0", 4.91851027462543},
           {"anova.estimated_marginal_means.g.b.se", 0.224768399321019},
           {"anova.estimated_marginal_means.g.c.ci95.1", 5.62315639204124},
           {"anova.levene_mean.W", 1.25989010989011}, {"anova.levene_mean.df.0", 5},
           {"anova.levene_mean.df.1", 8}, {"anova.levene_mean.p", 0.366605014679995});
}

TEST(options, t_tests_of_one_sample_and_of_pairs_are_those_of_r)
{
    EXPECT("ttest --csv %s --value a --mu 11", PAIRS, {"ttest.t", 2.1818471960164}, {"ttest.df", 7},
           {"ttest.p", 0.0654619465071834}, {"ttest.ci95.0", -0.124610408403607},
           {"ttest.ci95.1", 3.09961040840361}, {"ttest.cohen_d", 0.771399473908026},
           {"ttest.sample.mean", 12.4875}, {"ttest.sample.sd", 1.92831347481234},
           {"ttest.sample.se", 0.681761767146602});
    EXPECT("ttest --csv %s --paired a,b", PAIRS, {"ttest.t", -2.54060848493},
           {"ttest.p", 0.0386296710050725}, {"ttest.cohen_d", -0.898240744017041},
           {"ttest.correlation.r", 0.818325147874947}, {"ttest.correlation.p", 0.0130224182109613},
           {"ttest.samples.0.mean", 12.4875});
}

TEST(options, regression_through_the_origin_is_that_of_r)
{
    EXPECT("regress --csv %s --target b --columns i,a --no-intercept", PAIRS,
           {"regress.b.0", 0.168449056088887}, {"regress.b.1", 1.01782695775924},
           {"regress.se.0", 0.184249872376389}, {"regress.se.1", 0.0737424715765799},
           {"regress.r2", 0.993921579765403}, {"regress.adj_r2", 0.991895439687203},
           {"regress.F", 490.549291463004}, {"regress.se_of_estimate", 1.22809533482133});
}

TEST(options, curves_and_rank_effects_are_those_of_r)
{
    EXPECT("roc --csv %s --score s1,s2 --target z", SCORES, {"roc.comparisons.0.difference", -0.04},
           {"roc.comparisons.0.se", 0.13114877048604}, {"roc.comparisons.0.z", -0.304997140665209},
           {"roc.comparisons.0.p", 0.760368330055203});
    EXPECT("ranks --csv %s --value y --by g", DESIGN,
           {"ranks.kruskal_wallis.epsilon2", 0.0158590308370045});
    Ran r = fixture_json("ranks --csv %s --value v --by s", fixture_file(LONG));
    fixture_near("rank biserial",
                 fabs(fixture_at(r.json, "tables.ranks.mann_whitney.rank_biserial")), 0.28125,
                 1e-12);
    fixture_done(&r);
}

TEST(options, tests_of_tables_are_those_of_r)
{
    EXPECT("crosstab --csv %s --rows r --cols c --counts n", "r,c,n\n1,1,8\n1,2,2\n2,1,1\n2,2,5\n",
           {"crosstab.odds_ratio", 20}, {"crosstab.odds_ratio_ci95.0", 1.41618513939395},
           {"crosstab.odds_ratio_ci95.1", 282.448946026348}, {"crosstab.yates", 3.80952380952381},
           {"crosstab.p_yates", 0.0509619369677633});
    EXPECT("crosstab --csv %s --rows r --cols c --counts n", TABLE,
           {"crosstab.linear_by_linear", 0.0174266627940749},
           {"crosstab.p_linear", 0.894976314130338}, {"crosstab.pearson", 9.13273298816568},
           {"crosstab.likelihood_ratio", 8.94974794386198});
}

TEST(options, shapes_and_percentiles_are_those_of_r)
{
    EXPECT("explore --csv %s --columns a", PAIRS, {"explore.a.skewness", 0.24968575732344},
           {"explore.a.se_skewness", 0.752101433090355}, {"explore.a.kurtosis", -0.678181044791448},
           {"explore.a.se_kurtosis", 1.48088047897425}, {"explore.a.percentiles_haverage.0", 9.8},
           {"explore.a.percentiles_haverage.2", 10.825}, {"explore.a.percentiles_haverage.3", 12.5},
           {"explore.a.percentiles_haverage.4", 14.05}, {"explore.a.percentiles_haverage.6", 15.6});
    EXPECT("power --test paired --effect .4", NULL, {"power.n", 51.0094481444591});
}

/* ---- corrections for many tests: by their definitions over all candidates (Holm 1979, Benjamini & Hochberg 1995) */
enum { MOST = 400 };

static size_t all_rules(const char *file, const char *adjust, double *p, double *adjusted)
{
    char command[300];
    snprintf(
        command, sizeof(command),
        "rules --csv %%s --basket b --item i --min-support 1 --min-confidence 0.000001 --adjust %s",
        adjust);
    Ran r = fixture_json(command, file);
    const json_t *list = fixture_tree(r.json, "tables.rules.top_by_lift");
    size_t n = json_array_size(list);
    assert_true(n < MOST && (double)n == fixture_at(r.json, "tables.rules.candidates"));
    for (size_t k = 0; k < n; k++) {
        p[k] = fixture_at(json_array_get(list, k), "p");
        adjusted[k] = fixture_at(json_array_get(list, k), "p_adjusted");
    }
    fixture_done(&r);
    return n;
}

TEST(options, corrections_are_those_of_their_definitions)
{
    static double p[MOST], adjusted[MOST];
    const char *file =
        fixture_file("b,i\n1,x\n1,y\n2,x\n2,y\n2,z\n3,z\n3,w\n4,x\n4,y\n5,w\n5,z\n6,w\n7,x\n"
                     "7,y\n8,z\n8,w\n9,y\n9,x\n");
    for (int how = 0; how < 2; how++) {
        size_t n = all_rules(file, how ? "bh" : "holm", p, adjusted);
        assert_true(n > 5);
        for (size_t k = 0; k < n; k++) {
            double want =
                how ? 1
                    : 0; /* Holm: greatest of (n − rank + 1)·p below; BH: least of n·p / rank above */
            for (size_t j = 0; j < n; j++) {
                size_t below = 0, upto = 0;
                for (size_t l = 0; l < n; l++) {
                    below += p[l] < p[j];
                    upto += p[l] <= p[j];
                }
                if (!how && p[j] <= p[k])
                    want = fmax(want, fmin(1, (double)(n - below) * p[j]));
                if (how && p[j] >= p[k])
                    want = fmin(want, (double)n * p[j] / (double)upto);
            }
            fixture_near(how ? "bh" : "holm", adjusted[k], want, 1e-12);
        }
    }
}

/* Normalisations of a map differ by powers of the singular values alone: coordinates in principal form are d times those
 * in standard form, the symmetric ones √d times. */
TEST(options, normalisations_are_powers_of_the_singular_values)
{
    static const char *const HOW[] = {"symmetric", "row", "column", "principal"};
    static const double ROWS[] = {.5, 1, 0, 1}, COLUMNS[] = {.5, 0, 1, 1};
    Ran base =
        fixture_json("correspondence --csv %s --rows r --cols c --counts n --normalise principal",
                     fixture_file(TABLE));
    double d = fixture_at(base.json, "tables.correspondence.dimensions.0.singular_value");
    for (int k = 0; k < 4; k++) {
        char command[200];
        snprintf(command, sizeof(command),
                 "correspondence --csv %%s --rows r --cols c --counts n --normalise %s", HOW[k]);
        Ran r = fixture_json(command, fixture_file(TABLE));
        for (int i = 0; i < 3; i++) {
            char path[100];
            snprintf(path, sizeof(path), "tables.correspondence.rows.%d.coordinate.0", i);
            fixture_near(path, fixture_at(r.json, path),
                         fixture_at(base.json, path) / d * pow(d, ROWS[k]), 1e-10);
            snprintf(path, sizeof(path), "tables.correspondence.columns.%d.coordinate.0", i);
            fixture_near(path, fixture_at(r.json, path),
                         fixture_at(base.json, path) / d * pow(d, COLUMNS[k]), 1e-10);
        }
        fixture_done(&r);
    }
    fixture_done(&base);
}

TEST_MAIN("options")
