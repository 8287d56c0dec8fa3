/* SPDX-License-Identifier: Apache-2.0 */
/* Times one kernel on arrays that peers.py wrote: kernels TASK N FOLDER → "cpu_s peak_mb figure" on one line.
 * CPU seconds of the kernel alone (reading is not counted), one thread; figure is compared with the
 * peer's, so that both are known to have done the same. */
#include "kernels.h"
#include "analytics/cluster.h"
#include "analytics/cohort.h"
#include "analytics/correlate.h"
#include "analytics/correspondence.h"
#include "analytics/factor.h"
#include "analytics/hierarchical.h"
#include "analytics/logistic.h"
#include "analytics/means.h"
#include "analytics/ols.h"
#include "analytics/reliability.h"
#include "analytics/rfm.h"
#include "analytics/som.h"
#include "analytics/value.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const char *folder;
Kernel kernel;
size_t n;
double started;

void *load(const char *name, size_t size)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s_%zu.bin", folder, name, n);
    FILE *f = fopen(path, "rb");
    void *p = malloc(size);
    if (!f || !p || fread(p, 1, size, f) != size) {
        fprintf(stderr, "kernels: cannot read %s\n", path);
        exit(1);
    }
    fclose(f);
    return p;
}

double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void need(Status st)
{
    if (st == ST_OK)
        return;
    fprintf(stderr, "kernels: status %d, fault %d at row %ld, column %ld\n", st, kernel.fault.kind,
            (long)kernel.fault.row, (long)kernel.fault.column);
    exit(1);
}

static double kmeans(void)
{
    double *x = load("x8", n * 8 * sizeof(double));
    started = cpu();
    KmeansOptions o = {.k = 8, .starts = 1, .max_iterations = 20};
    Kmeans m;
    need(kmeans_run(&kernel, x, n, 8, &o, &m));
    return m.inertia / (double)n;
}

static double rfm(void)
{
    int64_t *customer = load("customer", n * 8), *amount = load("amount", n * 8), *keys;
    int32_t *day = load("day", n * 4), *code;
    size_t customers;
    started = cpu();
    RfmTable t;
    RfmScores s;
    need(rfm_number(&kernel, customer, n, &code, &keys, &customers));
    need(rfm_group(&kernel, code, day, amount, NULL, n, customers, 400, &t));
    need(rfm_score(&kernel, &t, 5, RFM_CUTPOINT, &s));
    return (double)s.sum;
}

static double cohort(void)
{
    int64_t *customer = load("customer", n * 8), *keys;
    int32_t *day = load("day", n * 4), *code;
    size_t customers;
    started = cpu();
    int32_t *month = malloc(n * 4);
    for (size_t i = 0; i < n; i++)
        month[i] = day[i] / 31;
    CohortTable t;
    need(rfm_number(&kernel, customer, n, &code, &keys, &customers));
    need(cohort_table(&kernel, code, month, NULL, n, customers, 13, false, &t));
    double sum = 0;
    for (size_t i = 0; i < t.cohorts * t.periods; i++)
        sum += (double)t.active[i];
    return sum;
}

static double bgnbd(void)
{
    double *x = load("clv", n * 3 * sizeof(double));
    ValueData d = {n, x, x + n, x + 2 * n};
    started = cpu();
    ValueModel m;
    need(value_bgnbd(&kernel, &d, &m));
    return m.loglik;
}

static double som(void)
{
    double *x = load("x8", n * 8 * sizeof(double));
    started = cpu();
    SomOptions o = {.rows = 10, .columns = 10, .passes = 10};
    Som s;
    need(som_run(&kernel, x, n, 8, &o, &s));
    return s.quantisation_error;
}

static double ward(void)
{
    double *x = load("x8", n * 8 * sizeof(double));
    started = cpu();
    Hierarchical h;
    need(hierarchical_run(&kernel, x, n, 8, HIERARCHICAL_WARD, &h));
    return h.joins[n - 2].height;
}

static double average(void)
{
    double *x = load("x8", n * 8 * sizeof(double));
    started = cpu();
    Hierarchical h;
    need(hierarchical_run(&kernel, x, n, 8, HIERARCHICAL_AVERAGE, &h));
    return h.joins[n - 2].height;
}

static double silhouette(void)
{
    double *x = load("x8", n * 8 * sizeof(double));
    int32_t *label = load("label", n * 4);
    started = cpu();
    ClusterQuality q;
    need(cluster_quality(&kernel, x, n, 8, label, 8, SIZE_MAX, &q));
    return q.silhouette;
}

static double factor(void)
{
    double *x = load("x8", n * 8 * sizeof(double));
    started = cpu();
    FactorOptions o = {.factors = 3, .varimax = true};
    Factor f;
    need(factor_run(&kernel, x, n, 8, &o, &f));
    return f.eigenvalue[0];
}

static double reliability(void)
{
    double *x = load("x8", n * 8 * sizeof(double));
    started = cpu();
    Reliability r;
    need(reliability_run(&kernel, x, n, 8, &r));
    return r.alpha;
}

static double correspondence(void)
{
    double *t = load("table", n * n * sizeof(double));
    started = cpu();
    Correspondence c;
    need(correspondence_run(&kernel, t, n, n, 10, &c));
    double sum = 0;
    for (size_t k = 0; k < c.dimensions; k++)
        sum += c.singular[k];
    return sum;
}

const double **columns(double *x, size_t p)
{
    const double **c = malloc(p * sizeof(*c));
    for (size_t j = 0; j < p; j++)
        c[j] = x + j * n;
    return c;
}

static double logistic(void)
{
    double *x = load("x20", n * 20 * sizeof(double)), *y = load("y01", n * sizeof(double));
    started = cpu();
    Logistic r;
    need(logistic_fit(&kernel, columns(x, 20), 20, y, NULL, n, 0.95, &r));
    return r.loglik / (double)n;
}

static double ols(void)
{
    double *x = load("x20", n * 20 * sizeof(double)), *y = load("y", n * sizeof(double));
    started = cpu();
    Ols r;
    need(ols_fit(&kernel, columns(x, 20), 20, y, NULL, n, true, 0.95, &r));
    return r.r2;
}

static double anova(void)
{
    double *y = load("y", n * sizeof(double));
    int32_t *g = load("group", n * 4);
    started = cpu();
    GroupStat s[5];
    Oneway r;
    need(means_groups(&kernel, y, NULL, g, n, 5, s));
    need(means_oneway(&kernel, s, 5, &r));
    return r.f.stat;
}

static double pearson(void)
{
    double *x = load("z", n * sizeof(double)), *y = load("y", n * sizeof(double));
    started = cpu();
    Correlation r;
    need(correlate_pearson(&kernel, x, y, NULL, n, 0.95, &r));
    return r.r;
}

static double spearman(void)
{
    double *x = load("z", n * sizeof(double)), *y = load("y", n * sizeof(double));
    started = cpu();
    Correlation r;
    need(correlate_spearman(&kernel, x, y, NULL, n, &r));
    return r.r;
}

static const Task TASKS[] = {
    {"average", average},
    {"bgnbd", bgnbd},
    {"cohort", cohort},
    {"correspondence", correspondence},
    {"factor", factor},
    {"kmeans", kmeans},
    {"reliability", reliability},
    {"rfm", rfm},
    {"silhouette", silhouette},
    {"som", som},
    {"ward", ward},
    {"anova", anova},
    {"logistic", logistic},
    {"ols", ols},
    {"pearson", pearson},
    {"spearman", spearman},
};

static const Task *find(const Task *tasks, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(tasks[i].name, name) == 0)
            return &tasks[i];
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    n = strtoul(argv[2], NULL, 10);
    folder = argv[3];
    kernel = (Kernel){.arena = arena_new(1 << 20), .threads = 1, .seed = 1};
    const Task *task = find(TASKS, sizeof(TASKS) / sizeof(TASKS[0]), argv[1]);
    if (!task)
        task = find(statistics_tasks, statistics_count, argv[1]);
    if (!task)
        return 3; /* not built */
    double figure = task->run(), used = cpu() - started;
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    printf("%.6f %.1f %.12g\n", used, (double)u.ru_maxrss / 1024, figure);
    return 0;
}
