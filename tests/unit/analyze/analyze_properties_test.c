/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold whatever the data: the order of rows changes nothing, the unit of measurement goes through as it
 * should (scaling laws), totals add up. One drawn table of 120 rows serves all methods; it is written again with its
 * rows shuffled, its columns x, y, z as A·v + B, its money m times M, or every row K times.
 * Covers: analyze_order.c analytics/order.c */
#include "analytics/kernel.h"
#include "analytics/order.h"
#include "analyze_fixture.h"

enum { ROWS = 120 };
#define A 2.5
#define B 7.0
#define M 4.0
#define K 3

typedef struct Shape {
    bool is_shuffled;
    double a, b, money;
    int repeat;
} Shape;
static const Shape PLAIN = {false, 1, 0, 1, 1};

/* x, y, z: quarters; z depends on x. g, b: groups; s: scores 0 to 10; c, d, m: who bought when for how much;
 * f, r, t: repeat purchases, recency, age. */
static const char *table(const Shape *shape)
{
    char *text;
    size_t n, order[ROWS];
    Random r = random_of(17, 5), other = random_of(5, 17);
    char lines[ROWS][200];
    for (size_t i = 0; i < ROWS; i++) {
        double x = floor(100 * random_unit(&r)) / 4, y = floor(100 * random_unit(&r)) / 4;
        double z = x + floor(100 * random_unit(&r)) / 4;
        int f = (int)random_below(&r, 5), recency = f ? 2 + (int)random_below(&r, 25) : 0;
        bool yes = x + 30 * random_unit(&r) > 27;
        double v[3] = {shape->a * x + shape->b, shape->a * y + shape->b, shape->a * z + shape->b};
        int g = (int)random_below(&r, 3), s = (int)random_below(&r, 11);
        int c = (int)random_below(&r, 40), month = 1 + (int)random_below(&r, 9);
        int day = 10 + (int)random_below(&r, 19);
        /* customers differ, and so do their purchases: the mean of as many exponentials */
        double level = 5 + 60 * random_unit(&r) * random_unit(&r), money = 0;
        for (int k = 0; k <= f; k++)
            money -= log(1 - random_unit(&r)) * level / (f + 1);
        money = .5 + floor(100 * money) / 100;
        money *= shape->money;
        int age = 30 + (int)random_below(&r, 9);
        snprintf(lines[i], sizeof(lines[i]),
                 "%.17g,%.17g,%.17g,%c,%s,%d,k%d,2024-0%d-%d,%.2f,%d,%d,%d\n", v[0], v[1], v[2],
                 "pqr"[g], yes ? "yes" : "no", s, c, month, day, money, f, recency, age);
        order[i] = i;
    }
    for (size_t i = ROWS; shape->is_shuffled && i-- > 1;) {
        size_t j = random_below(&other, i + 1), swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    FILE *to = open_memstream(&text, &n);
    fputs("x,y,z,g,b,s,c,d,m,f,r,t\n", to);
    for (int k = 0; k < shape->repeat; k++)
        for (size_t i = 0; i < ROWS; i++)
            fputs(lines[order[i]], to);
    fclose(to);
    const char *path = fixture_file(text);
    free(text);
    return path;
}

/* ---- the order of rows */
static void same(const char *path, const json_t *a, const json_t *b)
{
    /* tables of rows are in the order of the file */
    static const char *const BY_ROW[] = {"/conditional", "/rows", "/joins", "/iterations"};
    char below[600];
    const char *key;
    json_t *v;
    size_t i;
    for (i = 0; i < COUNT_OF(BY_ROW); i++)
        if (strstr(path, BY_ROW[i]) && !strstr(path, "cohort") && !strstr(path, "corresp"))
            return;
    if (json_typeof(a) != json_typeof(b) && !(json_is_number(a) && json_is_number(b)))
        fail_msg("%s: of another kind", path);
    if (json_is_number(a)) {
        double p = json_number_value(a), q = json_number_value(b);
        if (fabs(p - q) > 1e-9 * fmax(fabs(q), 1e-3))
            fail_msg("%s: %.17g and %.17g", path, p, q);
    } else if (json_is_string(a)) {
        if (strcmp(json_string_value(a), json_string_value(b)) != 0)
            fail_msg("%s: %s and %s", path, json_string_value(a), json_string_value(b));
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
    }
}

static const char *const MOVED[] = {
    "kmeans --csv %s --columns x,y,z --k 2..4 --starts 5 --bootstrap 5",
    "kmeans --csv %s --columns x,g --k 3 --starts 1 --bootstrap 0 --prepare none",
    "som --csv %s --columns x,y,z --grid 3x3",
    "som --csv %s --columns x,y,z --grid 3x3 --mode online",
    "silhouette --csv %s --columns x,y,z --label g",
    "silhouette --csv %s --columns x,y --k 2..4 --starts 2",
    "hierarchical --csv %s --columns x,y,z --k 3",
    "correspondence --csv %s --rows g --cols s",
    "rfm --csv %s --customer c --date d --amount m --snapshot 2025-01-01",
    "rfm --csv %s --customer c --date d --amount m --snapshot 2025-01-01 --convention nested",
    "cohort --csv %s --customer c --date d --amount m",
    "bgnbd --csv %s --frequency f --recency r --age t",
    "paretonbd --csv %s --frequency f --recency r --age t",
    "gammagamma --csv %s --frequency f --recency r --age t --mean m",
    "clv --csv %s --frequency f --recency r --age t --mean m",
    "clv --csv %s --customer c --date d --amount m --until 2024-12-31",
    "itemsets --csv %s --basket c --item g --min-support 2",
    "rules --csv %s --basket c --item g --min-support 2 --min-confidence .1",
};

TEST(properties, order_of_rows_changes_nothing)
{
    Shape moved = PLAIN;
    moved.is_shuffled = true;
    const char *plain = table(&PLAIN), *shuffled = table(&moved);
    for (size_t i = 0; i < COUNT_OF(MOVED); i++) {
        Ran a = fixture_json(MOVED[i], plain), b = fixture_json(MOVED[i], shuffled);
        same(MOVED[i], json_object_get(a.json, "tables"), json_object_get(b.json, "tables"));
        fixture_done(&a);
        fixture_done(&b);
    }
}

/* The group that each row gets, whatever the order: lines of --out, found by what the row holds. */
static void groups_by_row(const char *file, const char *out, char found[ROWS][230])
{
    char command[400], row[300], line[300];
    snprintf(command, sizeof(command),
             "kmeans --csv %%s --columns x,y,z --k 4 --starts 3 --bootstrap 0 --out %s", out);
    Ran r = fixture_run(command, file);
    assert_int_equal(r.status, 0);
    fixture_done(&r);
    FILE *data = fopen(file, "r"), *groups = fopen(out, "r");
    assert_non_null(fgets(row, sizeof(row), data));
    assert_non_null(fgets(line, sizeof(line), groups));
    for (int i = 0; i < ROWS; i++) {
        int at = -1, group = 0;
        assert_non_null(fgets(row, sizeof(row), data));
        assert_non_null(fgets(line, sizeof(line), groups));
        assert_int_equal(sscanf(line, "%d,%d", &at, &group), 2);
        assert_int_equal(at, i); /* --out is in the order of the file */
        row[strcspn(row, "\n")] = '\0';
        snprintf(found[i], sizeof(found[i]), "%.200s %d", row, group);
    }
    fclose(data);
    fclose(groups);
}

static int by_text(const void *a, const void *b) { return strcmp(a, b); }

TEST(properties, rows_keep_their_group_wherever_they_stand)
{
    static char a[ROWS][230], b[ROWS][230];
    char *dir = test_tempdir(), out[600];
    Shape moved = PLAIN;
    moved.is_shuffled = true;
    snprintf(out, sizeof(out), "%s/rows.csv", dir);
    groups_by_row(table(&PLAIN), out, a);
    groups_by_row(table(&moved), out, b);
    assert_true(strcmp(a[0], b[0]) != 0);
    qsort(a, ROWS, sizeof(a[0]), by_text);
    qsort(b, ROWS, sizeof(b[0]), by_text);
    for (int i = 0; i < ROWS; i++)
        assert_string_equal(a[i], b[i]);
    test_tempdir_remove(dir);
}

TEST(properties, equal_rows_have_equal_hashes_and_the_order_is_of_hashes)
{
    uint64_t zero = order_mix(3, 0.0), minus = order_mix(3, -0.0);
    assert_true(zero == minus && zero != order_mix(3, 1) && zero != order_mix(4, 0));
    assert_true(order_mix(3, NAN) == order_mix(3, -NAN));
    Random r = random_of(2, 2);
    enum { N = 5000 };
    static uint64_t hash[N];
    static uint32_t at[N];
    static bool seen[N];
    for (size_t i = 0; i < N; i++) /* many agree in their first 53 bits */
        hash[i] = (random_bits(&r) % 7) << 60 | random_bits(&r) % 2000;
    Kernel k = {.threads = 1, .arena = arena_new(65536)};
    ASSERT_OK(order_rows(&k, hash, N, at));
    for (size_t i = 0; i < N; i++) {
        assert_true(i == 0 || hash[at[i - 1]] <= hash[at[i]]);
        assert_false(seen[at[i]]);
        seen[at[i]] = true;
    }
    arena_free(k.arena);
}

/* ---- scaling laws */
typedef enum Law { SAME, TIMES, SQUARE, AFFINE, INVERSE, MONEY, REPEAT } Law;

static double lawful(Law law, double v)
{
    switch (law) {
    case SAME: return v;
    case TIMES: return A * v;
    case SQUARE: return A * A * v;
    case AFFINE: return A * v + B;
    case INVERSE: return v / A;
    case MONEY: return M * v;
    case REPEAT: return K * v;
    }
    return NAN;
}

typedef struct Rule {
    const char *command, *path;
    Law law;
} Rule;

static void obey(const Rule *rules, size_t n, const Shape *shape, double tolerance)
{
    const char *plain = table(&PLAIN), *other = table(shape);
    for (size_t i = 0; i < n;) {
        const char *command = rules[i].command;
        Ran a = fixture_json(command, plain), b = fixture_json(command, other);
        for (; i < n && rules[i].command == command; i++) {
            char name[400];
            snprintf(name, sizeof(name), "%s: %s", command, rules[i].path);
            double was = fixture_at(json_object_get(a.json, "tables"), rules[i].path),
                   is = fixture_at(json_object_get(b.json, "tables"), rules[i].path);
            fixture_near(name, is, lawful(rules[i].law, was), tolerance);
        }
        fixture_done(&a);
        fixture_done(&b);
    }
}

/* x, y, z become A·v + B. */
static const char FREQUENCIES[] = "frequencies --csv %s --columns x",
                  DESCRIPTIVES[] = "descriptives --csv %s --columns x,y",
                  EXPLORE[] = "explore --csv %s --columns x",
                  TTEST[] = "ttest --csv %s --value x --by b",
                  PAIRED[] = "ttest --csv %s --paired x,y",
                  ANOVA[] =
                      "anova --csv %s --value z --by g --posthoc tukey,lsd,bonferroni,games-howell",
                  FACTORIAL[] = "anova --csv %s --value z --by g,b",
                  RANKS2[] = "ranks --csv %s --value x --by b",
                  RANKS3[] = "ranks --csv %s --value x --by g",
                  SIGNED[] = "ranks --csv %s --paired x,y",
                  FRIEDMAN[] = "ranks --csv %s --paired x,y,z",
                  CORRELATE[] =
                      "correlate --csv %s --columns x,z --method pearson,spearman,kendall",
                  PARTIAL[] = "correlate --csv %s --columns x,z --control y --method partial",
                  REGRESS[] = "regress --csv %s --target z --columns x,y",
                  TARGET[] = "regress --csv %s --target z --columns s",
                  LOGISTIC[] = "logistic --csv %s --target b --columns x,y",
                  ROC[] = "roc --csv %s --score x --target b",
                  RELIABILITY[] = "reliability --csv %s --columns x,y,z",
                  FACTOR[] = "factor --csv %s --columns x,y,z --factors 1",
                  KMEANS_Z[] = "kmeans --csv %s --columns x,y,z --k 3 --bootstrap 0",
                  HIER_Z[] = "hierarchical --csv %s --columns x,y,z --k 3",
                  HIER_RAW[] = "hierarchical --csv %s --columns x,y,z --k 3 --prepare none",
                  SILHOUETTE[] = "silhouette --csv %s --columns x,y --label g --prepare none",
                  VALUESCORE[] = "valuescore --csv %s --columns x,y",
                  CES[] = "ces --csv %s --score x --by g";

static const Rule UNITS[] = {
    {FREQUENCIES, "frequencies.x.values.3.count", SAME},
    {FREQUENCIES, "frequencies.x.values.3.value", AFFINE},
    {DESCRIPTIVES, "descriptives.x.mean", AFFINE},
    {DESCRIPTIVES, "descriptives.x.median", AFFINE},
    {DESCRIPTIVES, "descriptives.x.sd", TIMES},
    {DESCRIPTIVES, "descriptives.x.se_mean", TIMES},
    {DESCRIPTIVES, "descriptives.x.variance", SQUARE},
    {DESCRIPTIVES, "descriptives.x.skewness", SAME},
    {DESCRIPTIVES, "descriptives.x.kurtosis", SAME},
    {DESCRIPTIVES, "descriptives.x.percentiles_haverage.1", AFFINE},
    {DESCRIPTIVES, "descriptives.x.percentiles_type7.4", AFFINE},
    {EXPLORE, "explore.x.trimmed_mean_5pct", AFFINE},
    {EXPLORE, "explore.x.ci95.0", AFFINE},
    {EXPLORE, "explore.x.iqr", TIMES},
    {EXPLORE, "explore.x.box.whisker_low", AFFINE},
    {EXPLORE, "explore.x.histogram.edges.1", AFFINE},
    {EXPLORE, "explore.x.histogram.counts.1", SAME},
    {EXPLORE, "explore.x.shapiro_wilk.W", SAME},
    {TTEST, "ttest.diff", TIMES},
    {TTEST, "ttest.pooled.t", SAME},
    {TTEST, "ttest.welch.df", SAME},
    {TTEST, "ttest.welch.ci95.0", TIMES},
    {TTEST, "ttest.levene_mean.W", SAME},
    {TTEST, "ttest.cohen_d_pooled", SAME},
    {PAIRED, "ttest.diff", TIMES},
    {PAIRED, "ttest.t", SAME},
    {PAIRED, "ttest.correlation.r", SAME},
    {PAIRED, "ttest.samples.0.mean", AFFINE},
    {ANOVA, "anova.F", SAME},
    {ANOVA, "anova.ss_between", SQUARE},
    {ANOVA, "anova.ss_within", SQUARE},
    {ANOVA, "anova.eta2", SAME},
    {ANOVA, "anova.welch.F", SAME},
    {ANOVA, "anova.brown_forsythe.F", SAME},
    {ANOVA, "anova.tukey_hsd.0.diff", TIMES},
    {ANOVA, "anova.tukey_hsd.0.p", SAME},
    {ANOVA, "anova.lsd.1.ci95.0", TIMES},
    {ANOVA, "anova.bonferroni.1.p", SAME},
    {ANOVA, "anova.games_howell.2.se", TIMES},
    {FACTORIAL, "anova.type1.C(g, Sum).ss", SQUARE},
    {FACTORIAL, "anova.type2.C(b, Sum).F", SAME},
    {FACTORIAL, "anova.type3.C(g, Sum):C(b, Sum).F", SAME},
    {FACTORIAL, "anova.type3.C(g, Sum).partial_eta2", SAME},
    {FACTORIAL, "anova.corrected_model.F", SAME},
    {FACTORIAL, "anova.corrected_total.ss", SQUARE},
    {FACTORIAL, "anova.estimated_marginal_means.g.p.mean", AFFINE},
    {FACTORIAL, "anova.estimated_marginal_means.g.p.se", TIMES},
    {RANKS2, "ranks.mann_whitney.U", SAME},
    {RANKS2, "ranks.mann_whitney.p", SAME},
    {RANKS3, "ranks.kruskal_wallis.H", SAME},
    {SIGNED, "ranks.wilcoxon.z", SAME},
    {FRIEDMAN, "ranks.friedman.chi2", SAME},
    {CORRELATE, "correlate.pearson.x|z.r", SAME},
    {CORRELATE, "correlate.pearson.x|z.p", SAME},
    {CORRELATE, "correlate.spearman.x|z.rho", SAME},
    {CORRELATE, "correlate.kendall_tau_b.x|z.tau", SAME},
    {PARTIAL, "correlate.partial.x|z.r", SAME},
    {REGRESS, "regress.b.1", SAME},
    {REGRESS, "regress.se.2", SAME},
    {REGRESS, "regress.r2", SAME},
    {REGRESS, "regress.F", SAME},
    {REGRESS, "regress.vif.0", SAME},
    {REGRESS, "regress.beta_standardised.1", SAME},
    {REGRESS, "regress.se_of_estimate", TIMES},
    {REGRESS, "regress.durbin_watson", SAME},
    {TARGET, "regress.b.0", AFFINE},
    {TARGET, "regress.b.1", TIMES},
    {TARGET, "regress.ss.0", SQUARE},
    {TARGET, "regress.t.1", SAME},
    {LOGISTIC, "logistic.coef.1", INVERSE},
    {LOGISTIC, "logistic.se.2", INVERSE},
    {LOGISTIC, "logistic.wald.1", SAME},
    {LOGISTIC, "logistic.loglik", SAME},
    {LOGISTIC, "logistic.nagelkerke", SAME},
    {LOGISTIC, "logistic.hosmer_lemeshow.chi2", SAME},
    {LOGISTIC, "logistic.train.auc", SAME},
    {ROC, "roc.auc", SAME},
    {ROC, "roc.se", SAME},
    {ROC, "roc.best_threshold", AFFINE},
    {RELIABILITY, "reliability.alpha", SAME},
    {RELIABILITY, "reliability.scale_sd", TIMES},
    {RELIABILITY, "reliability.item_statistics.1.item_total", SAME},
    {FACTOR, "factor.kmo", SAME},
    {FACTOR, "factor.bartlett.chi2", SAME},
    {FACTOR, "factor.variance.0.eigenvalue", SAME},
    {FACTOR, "factor.loadings.2.loading.0", SAME},
    {KMEANS_Z, "kmeans.3.inertia_best", SAME},
    {KMEANS_Z, "kmeans.3.silhouette", SAME},
    {HIER_Z, "hierarchical.silhouette", SAME},
    {HIER_Z, "hierarchical.clusters.0.size", SAME},
    {HIER_RAW, "hierarchical.joins.118.height", TIMES},
    {HIER_RAW, "hierarchical.clusters.0.size", SAME},
    {SILHOUETTE, "silhouette.silhouette", SAME},
    {SILHOUETTE, "silhouette.davies_bouldin", SAME},
    {VALUESCORE, "valuescore.mean", SAME},
    {VALUESCORE, "valuescore.columns.0.correlation", SAME},
    {CES, "ces.mean", AFFINE},
    {CES, "ces.sd", TIMES},
    {CES, "ces.comparisons.0.t", SAME},
};

TEST(properties, units_of_measurement_go_through)
{
    Shape shape = PLAIN;
    shape.a = A;
    shape.b = B;
    obey(UNITS, COUNT_OF(UNITS), &shape, 1e-8);
}

static const char PARETO[] = "pareto --csv %s --customer c --amount m",
                  RFM[] = "rfm --csv %s --customer c --date d --amount m --snapshot 2025-01-01",
                  COHORT[] = "cohort --csv %s --customer c --date d --amount m",
                  GAMMA[] = "gammagamma --csv %s --frequency f --recency r --age t --mean m",
                  CLV[] = "clv --csv %s --frequency f --recency r --age t --mean m";

static const Rule CURRENCY[] = {
    {PARETO, "pareto.total", MONEY},
    {PARETO, "pareto.gini", SAME},
    {PARETO, "pareto.top_20pct_share", SAME},
    {PARETO, "pareto.reach_customers", SAME},
    {RFM, "rfm.M.mean", MONEY},
    {RFM, "rfm.M.quantiles.0", MONEY},
    {RFM, "rfm.methods.cutpoint.counts_M.3", SAME},
    {RFM, "rfm.methods.cutpoint.sum_of_scores", SAME},
    {COHORT, "cohort.revenue.0.0", MONEY},
    {COHORT, "cohort.retention.0.1", SAME},
    {GAMMA, "gammagamma.population_mean", MONEY},
    {GAMMA, "gammagamma.correlation_x_mean", SAME},
    {CLV, "clv.bgnbd.loglik", SAME},
    {CLV, "clv.sum_clv", MONEY},
    {CLV, "clv.rows.3.p_alive", SAME},
};

TEST(properties, currency_goes_through)
{
    Shape shape = PLAIN;
    shape.money = M;
    obey(CURRENCY, COUNT_OF(CURRENCY), &shape, 1e-5); /* the models' maxima are found to that */
}

static const char CROSSTAB[] = "crosstab --csv %s --rows g --cols s",
                  CORRESPONDENCE[] = "correspondence --csv %s --rows g --cols s",
                  ITEMSETS[] = "itemsets --csv %s --basket c --item g --min-support .05",
                  NPS[] = "nps --csv %s --score s", CSAT[] = "csat --csv %s --score s",
                  BGNBD[] = "bgnbd --csv %s --frequency f --recency r --age t",
                  PARETONBD[] = "paretonbd --csv %s --frequency f --recency r --age t",
                  KMEANS_K[] = "kmeans --csv %s --columns x,y,z --k 3 --bootstrap 0";
/* Every row three times: counts treble, shares and shapes stay. */
static const Rule TREBLED[] = {
    {CROSSTAB, "crosstab.pearson", REPEAT},
    {CROSSTAB, "crosstab.likelihood_ratio", REPEAT},
    {CROSSTAB, "crosstab.cramers_v", SAME},
    {CORRESPONDENCE, "correspondence.total_inertia", SAME},
    {CORRESPONDENCE, "correspondence.chi2", REPEAT},
    {CORRESPONDENCE, "correspondence.dimensions.0.singular_value", SAME},
    {ITEMSETS, "itemsets.sets.0.support", SAME},
    {NPS, "nps.nps", SAME},
    {NPS, "nps.promoters", REPEAT},
    {CSAT, "csat.top2_share", SAME},
    {BGNBD, "bgnbd.sum_x", REPEAT},
    {BGNBD, "bgnbd.loglik", REPEAT},
    {PARETONBD, "paretonbd.loglik", REPEAT},
    {KMEANS_K, "kmeans.3.total_ss", REPEAT},
};

TEST(properties, repetition_changes_counts_alone)
{
    Shape shape = PLAIN;
    shape.repeat = K;
    obey(TREBLED, COUNT_OF(TREBLED), &shape, 1e-6);
}

/* ---- totals */
static double sum_of(const json_t *list, const char *key)
{
    double sum = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        sum += fixture_at(json_array_get(list, i), key);
    return sum;
}

static double at(const Ran *r, const char *path)
{
    return fixture_at(json_object_get(r->json, "tables"), path);
}

static const json_t *tree(const Ran *r, const char *path)
{
    return fixture_tree(json_object_get(r->json, "tables"), path);
}

TEST(properties, totals_of_tables_add_up)
{
    const char *file = table(&PLAIN);
    Ran r = fixture_json("crosstab --csv %s --rows g --cols b", file);
    fixture_near("rows",
                 at(&r, "crosstab.row_totals.0") + at(&r, "crosstab.row_totals.1") +
                     at(&r, "crosstab.row_totals.2"),
                 ROWS, 0);
    for (int i = 0; i < 3; i++) {
        char path[80];
        double sum = 0, share = 0, expected = 0;
        for (int j = 0; j < 2; j++) {
            snprintf(path, sizeof(path), "crosstab.observed.%d.%d", i, j);
            sum += at(&r, path);
            snprintf(path, sizeof(path), "crosstab.row_shares.%d.%d", i, j);
            share += at(&r, path);
            snprintf(path, sizeof(path), "crosstab.expected.%d.%d", i, j);
            expected += at(&r, path);
        }
        snprintf(path, sizeof(path), "crosstab.row_totals.%d", i);
        fixture_near(path, sum, at(&r, path), 0);
        fixture_near(path, expected, at(&r, path), 1e-12);
        fixture_near("share", share, 1, 1e-12);
    }
    fixture_done(&r);
    r = fixture_json(RANKS3, file);
    fixture_near("ranks", sum_of(tree(&r, "ranks.groups"), "rank_sum"), ROWS * (ROWS + 1) / 2.0, 0);
    fixture_done(&r);
    r = fixture_json("nps --csv %s --score s --by g", file);
    fixture_near("answers",
                 at(&r, "nps.promoters") + at(&r, "nps.passives") + at(&r, "nps.detractors"), ROWS,
                 0);
    fixture_near("groups", sum_of(tree(&r, "nps.groups"), "n"), ROWS, 0);
    fixture_done(&r);
    r = fixture_json(FACTORIAL, file);
    fixture_near("type I",
                 at(&r, "anova.type1.C(g, Sum).ss") + at(&r, "anova.type1.C(b, Sum).ss") +
                     at(&r, "anova.type1.C(g, Sum):C(b, Sum).ss") +
                     at(&r, "anova.type1.Residual.ss"),
                 at(&r, "anova.corrected_total.ss"), 1e-12);
    fixture_near("model", at(&r, "anova.corrected_model.ss") + at(&r, "anova.type1.Residual.ss"),
                 at(&r, "anova.corrected_total.ss"), 1e-12);
    fixture_near("cells", sum_of(tree(&r, "anova.cells"), "n"), at(&r, "anova.total.df"), 0);
    fixture_done(&r);
    r = fixture_json(LOGISTIC, file);
    const json_t *c = tree(&r, "logistic.train.confusion");
    fixture_near("confusion",
                 fixture_at(c, "tp") + fixture_at(c, "fp") + fixture_at(c, "tn") +
                     fixture_at(c, "fn"),
                 ROWS, 0);
    fixture_done(&r);
    r = fixture_json(EXPLORE, file);
    const json_t *counts = tree(&r, "explore.x.histogram.counts");
    double sum = 0;
    for (size_t i = 0; i < json_array_size(counts); i++)
        sum += json_number_value(json_array_get(counts, i));
    fixture_near("histogram", sum, ROWS, 0);
    fixture_done(&r);
}

TEST(properties, totals_of_groups_add_up)
{
    const char *file = table(&PLAIN);
    static const char *const GROUPED[][2] = {
        {KMEANS_Z, "kmeans.solution.clusters"},
        {HIER_Z, "hierarchical.clusters"},
        {"som --csv %s --columns x,y --grid 3x3", "som.clusters"}};
    for (size_t i = 0; i < COUNT_OF(GROUPED); i++) {
        Ran r = fixture_json(GROUPED[i][0], file);
        fixture_near(GROUPED[i][0], sum_of(tree(&r, GROUPED[i][1]), "size"), ROWS, 0);
        fixture_near(GROUPED[i][0], sum_of(tree(&r, GROUPED[i][1]), "share"), 1, 1e-12);
        fixture_done(&r);
    }
    Ran r = fixture_json(KMEANS_Z, file);
    double error = 0, total = 0;
    const json_t *list = tree(&r, "kmeans.solution.anova");
    for (size_t j = 0; j < json_array_size(list); j++) {
        const json_t *o = json_array_get(list, j);
        double within = fixture_at(o, "ms_error") * fixture_at(o, "df_error");
        error += within;
        total += within + fixture_at(o, "ms_cluster") * fixture_at(o, "df_cluster");
    }
    fixture_near("within", error, at(&r, "kmeans.3.inertia_best"), 1e-10);
    fixture_near("total", total, at(&r, "kmeans.3.total_ss"), 1e-10);
    fixture_done(&r);
    r = fixture_json(RFM, file);
    fixture_near("scores", sum_of(tree(&r, "rfm.methods.cutpoint.counts"), "R"), at(&r, "rfm.n"),
                 0);
    fixture_near("scores", sum_of(tree(&r, "rfm.methods.cutpoint.counts"), "M"), at(&r, "rfm.n"),
                 0);
    fixture_done(&r);
    r = fixture_json(COHORT, file);
    fixture_near("cohorts", sum_of(tree(&r, "cohort.rows"), "size"), at(&r, "cohort.customers"), 0);
    fixture_done(&r);
    r = fixture_json(FACTOR, file);
    fixture_near("eigenvalues", sum_of(tree(&r, "factor.variance"), "eigenvalue"), 3, 1e-12);
    fixture_done(&r);
    r = fixture_json(PARETO, file);
    const json_t *top = tree(&r, "pareto.top");
    fixture_near("first", fixture_at(top, "0.share"), fixture_at(top, "0.cumulative"), 1e-12);
    fixture_near("second", fixture_at(top, "0.share") + fixture_at(top, "1.share"),
                 fixture_at(top, "1.cumulative"), 1e-12);
    fixture_done(&r);
    r = fixture_json(CLV, file);
    fixture_near("clv", sum_of(tree(&r, "clv.rows"), "clv"), at(&r, "clv.sum_clv"), 1e-10);
    fixture_done(&r);
}

TEST_MAIN("properties")
