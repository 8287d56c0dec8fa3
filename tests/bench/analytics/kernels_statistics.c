/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks of the bench: description, tables, means, ranks, surveys, power, baskets, value. */
#include "analytics/correlate.h"
#include "analytics/crosstab.h"
#include "analytics/describe.h"
#include "analytics/factorial.h"
#include "analytics/itemset.h"
#include "analytics/means.h"
#include "analytics/pareto.h"
#include "analytics/power.h"
#include "analytics/ranks.h"
#include "analytics/roc.h"
#include "analytics/survey.h"
#include "analytics/value.h"
#include "kernels.h"
#include <stdlib.h>

enum { GROUPS = 5, LABELS = 8 };

static void *space(size_t size)
{
    void *p = calloc(1, size);
    if (!p)
        exit(1);
    return p;
}

static double *doubles(const char *name) { return load(name, n * sizeof(double)); }

static int32_t *codes(const char *name) { return load(name, n * sizeof(int32_t)); }

static int32_t *yes_or_no(void)
{
    double *y = doubles("y01");
    int32_t *g = space(n * sizeof(*g));
    for (size_t i = 0; i < n; i++)
        g[i] = y[i] > 0;
    return g;
}

static double frequencies(void)
{
    int32_t *label = codes("label");
    double *x = space(n * sizeof(*x)), sum = 0;
    for (size_t i = 0; i < n; i++)
        x[i] = label[i];
    started = cpu();
    double *values, *counts;
    size_t found;
    need(describe_distinct(&kernel, x, NULL, n, &values, &counts, NULL, &found));
    for (size_t i = 0; i < found; i++)
        sum += values[i] * counts[i];
    return sum;
}

static double descriptives(void)
{
    double *y = doubles("y");
    started = cpu();
    Moments m;
    need(describe_moments(&kernel, y, NULL, n, &m));
    return m.kurtosis;
}

static double explore(void)
{
    double *y = doubles("y");
    started = cpu();
    Moments m;
    Sorted s;
    need(describe_moments(&kernel, y, NULL, n, &m));
    need(describe_sort(&kernel, y, NULL, n, &s));
    double sum = 0;
    for (int i = 0; i < 7; i++)
        sum += describe_percentile(&s, (double[]){.05, .1, .25, .5, .75, .9, .95}[i], 7);
    return sum + describe_trimmed_mean(&s, 0.05);
}

static double pareto(void)
{
    int64_t *amount = load("amount", n * sizeof(int64_t));
    double *x = space(n * sizeof(*x));
    for (size_t i = 0; i < n; i++)
        x[i] = (double)amount[i];
    started = cpu();
    Pareto p;
    need(pareto_concentration(&kernel, x, n, 0.8, &p));
    return p.gini;
}

static double crosstab(void)
{
    int32_t *g = codes("group"), *label = codes("label");
    started = cpu();
    double counts[GROUPS * LABELS] = {0};
    for (size_t i = 0; i < n; i++)
        counts[g[i] * LABELS + label[i]]++;
    Crosstab c;
    need(crosstab_test(&kernel, counts, GROUPS, LABELS, NULL, NULL, &c));
    return c.pearson;
}

static double ttest(void)
{
    double *z = doubles("z");
    int32_t *g = yes_or_no();
    started = cpu();
    GroupStat s[2];
    TTest pooled, welch;
    Test levene;
    need(means_groups(&kernel, z, NULL, g, n, 2, s));
    need(means_t_two(&kernel, &s[0], &s[1], true, 0.95, &pooled));
    need(means_t_two(&kernel, &s[0], &s[1], false, 0.95, &welch));
    need(means_levene(&kernel, z, NULL, g, n, 2, LEVENE_MEAN, &levene));
    return fabs(welch.t) + fabs(pooled.t) + levene.stat;
}

static double factorial(void)
{
    double *y = doubles("y");
    int32_t *g = codes("group"), *label = codes("label");
    started = cpu();
    int32_t *cell = space(n * sizeof(*cell));
    for (size_t i = 0; i < n; i++)
        cell[i] = g[i] * LABELS + label[i];
    GroupStat s[GROUPS * LABELS];
    Factorial f;
    need(means_groups(&kernel, y, NULL, cell, n, GROUPS * LABELS, s));
    need(factorial_fit(&kernel, (size_t[]){GROUPS, LABELS}, 2, s, &f));
    return f.type[2][3].f;
}

static double mannwhitney(void)
{
    double *z = doubles("z");
    int32_t *g = yes_or_no();
    started = cpu();
    MannWhitney m;
    need(ranks_mann_whitney(&kernel, z, NULL, g, n, &m));
    return m.u_min;
}

static double kruskal(void)
{
    double *y = doubles("y");
    int32_t *g = codes("group");
    started = cpu();
    KruskalWallis k;
    need(ranks_kruskal_wallis(&kernel, y, NULL, g, n, GROUPS, &k));
    return k.h;
}

static double wilcoxon(void)
{
    double *z = doubles("z"), *y = doubles("y");
    started = cpu();
    Wilcoxon w;
    need(ranks_wilcoxon(&kernel, z, y, NULL, n, &w));
    return fmin(w.sum_positive, w.sum_negative);
}

enum { MEASURES = 5 };
static double friedman(void)
{
    double *x = load("x20", n * 20 * sizeof(double));
    const double *c[MEASURES];
    for (size_t j = 0; j < MEASURES; j++)
        c[j] = x + j * n;
    started = cpu();
    Friedman f;
    need(ranks_friedman(&kernel, c, MEASURES, NULL, n, &f));
    return f.chi2;
}

static double exact(void)
{
    double *t = load("exact", 24 * sizeof(double)), p;
    started = cpu();
    need(crosstab_exact(&kernel, t, 4, 6, &p));
    return p;
}

static double kendall(void)
{
    double *z = doubles("z"), *y = doubles("y");
    started = cpu();
    Correlation r;
    need(correlate_kendall(&kernel, z, y, NULL, n, &r));
    return r.r;
}

static double partial(void)
{
    double *x = load("x20", n * 20 * sizeof(double));
    const double *c[4] = {doubles("z"), doubles("y"), x, x + n};
    started = cpu();
    Correlation r;
    need(correlate_partial(&kernel, c, 4, NULL, n, 0.95, &r));
    return r.r;
}

static double roc(void)
{
    double *y = doubles("y"), *yes = doubles("y01");
    started = cpu();
    Roc r;
    need(roc_curve(&kernel, y, yes, n, 0.95, &r));
    return r.auc;
}

/* Answers 0 … 7 by group. */
static double nps(void)
{
    int32_t *g = codes("group"), *label = codes("label");
    started = cpu();
    double counts[GROUPS][11] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        counts[g[i]][label[i] + 3]++;
    for (size_t k = 0; k < GROUPS; k++) {
        Nps r;
        need(survey_nps(&kernel, counts[k], &r));
        sum += r.nps + r.se;
    }
    return sum;
}

static double csat(void)
{
    int32_t *g = codes("group"), *label = codes("label");
    started = cpu();
    double hits[GROUPS] = {0}, all[GROUPS] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++) {
        all[g[i]]++;
        hits[g[i]] += label[i] >= 6;
    }
    for (size_t k = 0; k < GROUPS; k++) {
        Share s;
        survey_share(hits[k], all[k], 0.95, &s);
        sum += s.share + s.low + s.high;
    }
    return sum;
}

static double ces(void)
{
    int32_t *g = codes("group"), *label = codes("label");
    double *x = space(n * sizeof(*x)), sum = 0;
    for (size_t i = 0; i < n; i++)
        x[i] = label[i];
    started = cpu();
    GroupStat s[GROUPS];
    need(means_groups(&kernel, x, NULL, g, n, GROUPS, s));
    for (size_t k = 0; k < GROUPS; k++)
        sum += (double)s[k].mean + s[k].se;
    return sum;
}

static double power(void)
{
    double sum = 0;
    started = cpu();
    for (size_t i = 0; i < n; i++) {
        PowerAsk ask = {.test = POWER_TWO_MEANS,
                        .effect = 0.1 + 0.01 * (double)i,
                        .ratio = 1,
                        .alpha = 0.05,
                        .n = NAN,
                        .power = 0.8};
        sum += power_n(&ask);
    }
    return sum;
}

enum { ITEMS = 200, PER_BASKET = 10 };
static Itemsets pairs(void)
{
    int32_t *item = load("basket", n * PER_BASKET * sizeof(int32_t));
    started = cpu();
    int64_t *start = space((n + 1) * sizeof(*start));
    for (size_t i = 0; i <= n; i++)
        start[i] = (int64_t)(i * PER_BASKET);
    ItemsetBaskets b = {n, ITEMS, start, item};
    ItemsetOptions o = {.min_count = (int64_t)(n / 500), .min_length = 1, .max_length = 2};
    Itemsets s;
    need(itemset_find(&kernel, &b, &o, &s));
    return s;
}

static double itemsets(void)
{
    Itemsets s = pairs();
    double sum = 0;
    for (size_t i = 0; i < s.n; i++)
        sum += s.start[i + 1] - s.start[i] == 2 ? (double)s.count[i] : 0;
    return sum;
}

static double rules(void)
{
    Itemsets s = pairs();
    ItemsetRuleOptions o = {.min_confidence = 0.1, .min_length = 2, .max_length = 2, .alpha = 1};
    ItemsetRules r;
    need(itemset_rules(&kernel, &s, n, &o, &r));
    double sum = 0;
    for (size_t i = 0; i < r.n; i++)
        sum += r.rule[i].lift;
    return sum;
}

static double paretonbd(void)
{
    double *x = load("clv", n * 3 * sizeof(double));
    ValueData d = {n, x, x + n, x + 2 * n};
    started = cpu();
    ValueModel m;
    need(value_pareto(&kernel, &d, &m));
    return m.loglik;
}

static double gammagamma(void)
{
    double *x = load("clv", n * 3 * sizeof(double)), *spend = doubles("spend");
    started = cpu();
    ValueSpend s;
    need(value_spend(&kernel, x, spend, n, &s));
    return s.model.loglik;
}

static double clv(void)
{
    double *x = load("clv", n * 3 * sizeof(double)), *spend = doubles("spend"), sum = 0;
    started = cpu();
    ValueModel m = {.parameters = 4, .v = {.243, 4.414, .793, 2.426}};
    ValueHorizon h = {.periods = 12, .length = 52.0 / 12, .discount = 0.01, .margin = 0.3};
    for (size_t i = 0; i < n; i++)
        sum += value_lifetime(&m, &h, x[i], x[n + i], x[2 * n + i], spend[i]);
    return sum;
}

static double valuescore(void)
{
    double *x = load("x8", n * 8 * sizeof(double)), *score = space(n * sizeof(*score));
    static const double WEIGHT[8] = {1, 1, 1, 1, 2, 2, 2, 2};
    started = cpu();
    need(value_score(&kernel, x, n, 8, WEIGHT, score));
    return score[0];
}

const Task statistics_tasks[] = {
    {"ces", ces},
    {"clv", clv},
    {"crosstab", crosstab},
    {"csat", csat},
    {"descriptives", descriptives},
    {"exact", exact},
    {"explore", explore},
    {"factorial", factorial},
    {"frequencies", frequencies},
    {"friedman", friedman},
    {"gammagamma", gammagamma},
    {"itemsets", itemsets},
    {"kendall", kendall},
    {"kruskal", kruskal},
    {"mannwhitney", mannwhitney},
    {"nps", nps},
    {"pareto", pareto},
    {"paretonbd", paretonbd},
    {"partial", partial},
    {"power", power},
    {"roc", roc},
    {"rules", rules},
    {"ttest", ttest},
    {"valuescore", valuescore},
    {"wilcoxon", wilcoxon},
};
const size_t statistics_count = sizeof(statistics_tasks) / sizeof(statistics_tasks[0]);
