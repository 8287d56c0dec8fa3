/* SPDX-License-Identifier: Apache-2.0 */
/* BG/NBD, Gamma-Gamma, CLV against reference/clv.json; Pareto/NBD against scipy and the published
 * figures; invariances, limits, the value score, faults. Covers: value_bgnbd.c value_pareto.c value_spend.c */
#include "analytics/value.h"
#include "base/calendar.h"
#include "segment_data.h"

#define CUSTOMERS 2357

typedef struct Summary {
    double x[CUSTOMERS], recency[CUSTOMERS], age[CUSTOMERS], mean[CUSTOMERS];
    ValueData d;
} Summary;

static Summary *read_summary(Arena *a)
{
    Summary *s = ARENA_NEW(a, Summary);
    char path[1024], line[256];
    snprintf(path, sizeof(path), "%s/cdnow/cdnow_customers_summary_with_transactions.csv",
             segment_data_folder());
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof(line), f));
    size_t n = 0;
    int id;
    while (fgets(line, sizeof(line), f) && sscanf(line, "%d,%lf,%lf,%lf,%lf", &id, &s->x[n],
                                                  &s->recency[n], &s->age[n], &s->mean[n]) == 5)
        n++;
    fclose(f);
    assert_int_equal(n, CUSTOMERS);
    s->d = (ValueData){n, s->x, s->recency, s->age};
    return s;
}

static double value(const json_t *o, const char *key)
{
    return json_number_value(json_object_get(o, key));
}

static void check_customers(const ValueModel *m, const ValueData *d, const json_t *rows)
{
    size_t i;
    json_t *row, *t;
    const char *horizon;
    json_array_foreach(rows, i, row)
    {
        size_t at = (size_t)json_integer_value(json_object_get(row, "row"));
        double x = d->x[at], recency = d->recency[at], age = d->age[at];
        ASSERT_CLOSE(x, value(row, "x"), 0);
        ASSERT_RELATIVE(value_bgnbd_alive(m, x, recency, age), value(row, "p_alive"), 1e-3);
        json_object_foreach(json_object_get(row, "expected"), horizon, t)
            ASSERT_RELATIVE(value_bgnbd_expected(m, x, recency, age, strtod(horizon, NULL)),
                            json_number_value(t), 5e-3);
    }
}

static void check_bgnbd(const ValueModel *m, const ValueData *d, const json_t *want)
{
    ASSERT_CLOSE(m->loglik, value(want, "loglik"), 0.01);
    ASSERT_RELATIVE(m->v[0], value(want, "r"), 1e-3);
    ASSERT_RELATIVE(m->v[1], value(want, "alpha"), 1e-3);
    ASSERT_RELATIVE(m->v[2], value(want, "a"), 3e-3);
    ASSERT_RELATIVE(m->v[3], value(want, "b"), 3e-3);
    const char *horizon;
    json_t *t;
    json_object_foreach(json_object_get(want, "expected_purchases_of_new_customer"), horizon, t)
        ASSERT_RELATIVE(value_bgnbd_new(m, strtod(horizon, NULL)), json_number_value(t), 1e-4);
    check_customers(m, d, json_object_get(want, "conditional"));
    double alive = 0;
    for (size_t i = 0; i < d->n; i++)
        alive += value_bgnbd_alive(m, d->x[i], d->recency[i], d->age[i]);
    ASSERT_RELATIVE(alive, value(want, "sum_p_alive"), 1e-4);
    json_object_foreach(json_object_get(want, "sum_conditional"), horizon, t)
    {
        double sum = 0;
        for (size_t i = 0; i < d->n; i++)
            sum +=
                value_bgnbd_expected(m, d->x[i], d->recency[i], d->age[i], strtod(horizon, NULL));
        ASSERT_RELATIVE(sum, json_number_value(t), 1e-3);
    }
}

static void check_spend(const ValueSpend *s, const json_t *want)
{
    assert_int_equal(s->model.n, json_integer_value(json_object_get(want, "n_used")));
    ASSERT_CLOSE(s->model.loglik, value(want, "loglik"), 0.01);
    ASSERT_RELATIVE(s->model.v[0], value(want, "p"), 1e-2);
    ASSERT_RELATIVE(s->model.v[1], value(want, "q"), 1e-2);
    ASSERT_RELATIVE(s->model.v[2], value(want, "v_gamma"), 1e-2);
    ASSERT_RELATIVE(s->mean, value(want, "population_mean"), 2e-3);
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(want, "conditional_mean_first_5_used"), i, row)
        ASSERT_RELATIVE(value_spend_expected(s, value(row, "x"), value(row, "zbar")),
                        value(row, "expected"), 5e-3);
}

TEST(value, bgnbd_agrees_with_the_reference_on_the_cdnow_summary)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Summary *s = read_summary(a);
    json_t *ref = segment_data_reference("clv");
    ValueModel m;
    ASSERT_OK(value_bgnbd(&kn, &s->d, &m));
    assert_int_equal(m.status, MINIMISE_CONVERGED);
    check_bgnbd(&m, &s->d, json_object_get(ref, "cdnow_customers_summary_weeks"));
    ASSERT_CLOSE(value_bgnbd_loglik(&m, &s->d), m.loglik, 1e-6);
    const json_t *published = json_object_get(ref, "published");
    ASSERT_CLOSE(m.v[0], value(published, "r"), 0.0006);
    ASSERT_CLOSE(m.v[3], value(published, "b"), 0.0006);
    ValueSpend spend;
    ASSERT_OK(value_spend(&kn, s->x, s->mean, CUSTOMERS, &spend));
    check_spend(&spend, json_object_get(ref, "cdnow_gamma_gamma"));
    ASSERT_RELATIVE(spend.model.v[0], value(json_object_get(published, "gamma_gamma"), "p"), 2e-3);
    json_decref(ref);
    arena_free(a);
}

TEST(value, clv_agrees_with_the_reference)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Summary *s = read_summary(a);
    json_t *ref = segment_data_reference("clv"), *row;
    ValueModel m;
    ValueSpend spend;
    ASSERT_OK(value_bgnbd(&kn, &s->d, &m));
    ASSERT_OK(value_spend(&kn, s->x, s->mean, CUSTOMERS, &spend));
    ValueHorizon h = {.periods = 12, .length = 52.0 / 12, .discount = 0.01, .margin = 1};
    size_t i;
    json_array_foreach(json_object_get(json_object_get(ref, "clv_12_months"), "rows"), i, row)
    {
        double x = value(row, "x"), e = value_spend_expected(&spend, x, value(row, "zbar"));
        double clv = value_lifetime(&m, &h, x, value(row, "t_x"), value(row, "T"), e);
        ASSERT_RELATIVE(clv, value(row, "clv"), 5e-3);
    }
    assert_int_equal(i, 5);
    json_decref(ref);
    arena_free(a);
}

TEST(value, the_log_gives_what_the_reference_says)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Log log = segment_data_cdnow(a);
    double *amount = arena_alloc(a, log.rows * sizeof(double));
    for (size_t i = 0; i < log.rows; i++)
        amount[i] = (double)log.amount[i] / 100;
    int32_t until = (int32_t)calendar_days((Civil){1997, 9, 30});
    ValueSummary s;
    ASSERT_OK(
        value_summary(&kn, log.customer, log.day, amount, log.rows, log.customers, until, 7, &s));
    assert_int_equal(s.used, CUSTOMERS);
    ValueData d = {CUSTOMERS, s.x, s.recency, s.age};
    json_t *ref = segment_data_reference("clv"), *want = json_object_get(ref, "from_log");
    ValueModel m;
    ASSERT_OK(value_bgnbd(&kn, &d, &m));
    check_bgnbd(&m, &d, json_object_get(want, "bgnbd"));
    ValueSpend spend;
    ASSERT_OK(value_spend(&kn, s.x, s.mean, CUSTOMERS, &spend));
    check_spend(&spend, json_object_get(want, "gamma_gamma"));
    json_decref(ref);
    arena_free(a);
}

TEST(value, pareto_agrees_with_scipy_and_the_published_figures)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Summary *s = read_summary(a);
    json_error_t e;
    json_t *ref = json_load_file("tests/fixtures/analytics/value.json", 0, &e), *row;
    const json_t *want = json_object_get(ref, "pareto_cdnow");
    ValueModel m;
    ASSERT_OK(value_pareto(&kn, &s->d, &m));
    assert_int_equal(m.status, MINIMISE_CONVERGED);
    ASSERT_CLOSE(m.loglik, value(want, "loglik"), 1e-4);
    ASSERT_CLOSE(value_pareto_loglik(&m, &s->d), m.loglik, 1e-6);
    ASSERT_RELATIVE(m.v[0], value(want, "r"), 1e-3);
    ASSERT_RELATIVE(m.v[1], value(want, "alpha"), 1e-3);
    ASSERT_RELATIVE(m.v[2], value(want, "s"), 2e-3);
    ASSERT_RELATIVE(m.v[3], value(want, "beta"), 2e-3);
    ASSERT_RELATIVE(value_pareto_new(&m, 39), value(want, "new_39"), 1e-4);
    size_t i;
    json_array_foreach(json_object_get(want, "customers"), i, row)
    {
        size_t at = (size_t)json_integer_value(json_object_get(row, "row"));
        ASSERT_RELATIVE(value_pareto_alive(&m, s->x[at], s->recency[at], s->age[at]),
                        value(row, "p_alive"), 1e-3);
        ASSERT_RELATIVE(value_pareto_expected(&m, s->x[at], s->recency[at], s->age[at], 39),
                        value(row, "expected_39"), 1e-3);
    }
    json_decref(ref);
    arena_free(a);
}

/* ---- made-up data ---- */
enum { N = 400 };
typedef struct Made {
    double x[N], recency[N], age[N], mean[N];
} Made;

static void make(Made *d, double unit)
{
    Random r = random_of(6, 0);
    for (int i = 0; i < N; i++) {
        double age = 20 + floor(20 * random_unit(&r)), t = 0, last = 0;
        double rate = 0.02 + 0.3 * random_unit(&r) * random_unit(&r);
        d->x[i] = 0;
        while ((t += -log(1 - random_unit(&r)) / rate) < age) {
            d->x[i]++;
            last = t;
            if (random_unit(&r) < 0.15)
                break;
        }
        d->recency[i] = last * unit;
        d->age[i] = age * unit;
        d->mean[i] = d->x[i] > 0 ? 5 + 30 * random_unit(&r) : 0;
    }
}

TEST(value, another_unit_of_time_scales_only_rates)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Made weeks, days;
    make(&weeks, 1);
    make(&days, 7);
    for (int pareto = 0; pareto < 2; pareto++) {
        ValueModel w, d;
        ValueData dw = {N, weeks.x, weeks.recency, weeks.age},
                  dd = {N, days.x, days.recency, days.age};
        ASSERT_OK((pareto ? value_pareto : value_bgnbd)(&kn, &dw, &w));
        ASSERT_OK((pareto ? value_pareto : value_bgnbd)(&kn, &dd, &d));
        ASSERT_RELATIVE(d.v[0], w.v[0], 2e-3);
        ASSERT_RELATIVE(d.v[1], 7 * w.v[1], 2e-3);
        double ew = (pareto ? value_pareto_expected : value_bgnbd_expected)(&w, 3, 15, 30, 10);
        double ed = (pareto ? value_pareto_expected : value_bgnbd_expected)(&d, 3, 105, 210, 70);
        ASSERT_RELATIVE(ed, ew, 1e-3);
    }
    arena_free(a);
}

TEST(value, order_of_customers_changes_nothing)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Made d, e;
    make(&d, 1);
    for (int i = 0; i < N; i++) {
        e.x[i] = d.x[N - 1 - i];
        e.recency[i] = d.recency[N - 1 - i];
        e.age[i] = d.age[N - 1 - i];
    }
    ValueModel one, two;
    ValueData dd = {N, d.x, d.recency, d.age}, de = {N, e.x, e.recency, e.age};
    ASSERT_OK(value_bgnbd(&kn, &dd, &one));
    ASSERT_OK(value_bgnbd(&kn, &de, &two));
    assert_memory_equal(one.v, two.v, sizeof(one.v));
    arena_free(a);
}

TEST(value, expectations_behave)
{
    ValueModel bg = {.v = {0.243, 4.414, 0.793, 2.426}}, pa = {.v = {0.553, 10.578, 0.606, 11.669}};
    ASSERT_CLOSE(value_bgnbd_alive(&bg, 0, 0, 30), 1, 0);
    assert_true(value_bgnbd_alive(&bg, 5, 10, 30) < value_bgnbd_alive(&bg, 5, 25, 30));
    assert_true(value_pareto_alive(&pa, 5, 10, 30) < value_pareto_alive(&pa, 5, 25, 30));
    ASSERT_CLOSE(value_pareto_alive(&pa, 3, 30, 30), 1, 1e-15);
    double before = 0;
    for (double t = 1; t < 1e5; t *= 3) {
        double e = value_bgnbd_expected(&bg, 2, 20, 30, t);
        assert_true(e > before && isfinite(e));
        before = e;
    }
    /* a = 1 is a removable singularity; a + b < 1 goes by the series, and both forms meet at 1 */
    ValueModel at = bg, below = bg, above = bg;
    at.v[2] = 1;
    below.v[2] = 0.999;
    above.v[2] = 1.001;
    double middle = (value_bgnbd_new(&below, 50) + value_bgnbd_new(&above, 50)) / 2;
    ASSERT_RELATIVE(value_bgnbd_new(&at, 50), middle, 1e-6);
    ValueModel low = {.v = {0.5, 5, 0.3, 0.6999999}}, high = {.v = {0.5, 5, 0.3, 0.7000001}};
    ASSERT_RELATIVE(value_bgnbd_new(&low, 20), value_bgnbd_new(&high, 20), 1e-5);
    /* no dropout at all: purchases go on at the rate r/α */
    ValueModel never = {.v = {0.5, 5, 1e-7, 3}};
    ASSERT_RELATIVE(value_bgnbd_new(&never, 40), 0.5 / 5 * 40, 1e-4);
    ASSERT_RELATIVE(value_bgnbd_expected(&never, 4, 10, 30, 40),
                    4.5 / 35 * 40 * value_bgnbd_alive(&never, 4, 10, 30), 1e-4);
}

/* Customers who never drop out: no maximum inside; the status must say so. */
TEST(value, says_when_dropout_is_not_in_the_data)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[200], recency[200], age[200];
    Random r = random_of(12, 0);
    for (int i = 0; i < 200; i++) {
        x[i] = 5 + (double)random_below(&r, 20);
        age[i] = 40;
        recency[i] = 40 - 1e-3 * random_unit(&r);
    }
    ValueData d = {200, x, recency, age};
    ValueModel m;
    ASSERT_OK(value_bgnbd(&kn, &d, &m));
    assert_int_not_equal(m.status, MINIMISE_CONVERGED);
    assert_true(m.v[2] / (m.v[2] + m.v[3]) < 1e-3);
    assert_true(isfinite(value_bgnbd_expected(&m, 10, 40, 40, 52)));
    arena_free(a);
}

TEST(value, discount_margin_and_horizon_scale_the_clv)
{
    ValueModel bg = {.v = {0.243, 4.414, 0.793, 2.426}};
    ValueHorizon h = {.periods = 12, .length = 4, .discount = 0, .margin = 1};
    double whole = value_lifetime(&bg, &h, 3, 20, 30, 50);
    ASSERT_RELATIVE(whole, 50 * value_bgnbd_expected(&bg, 3, 20, 30, 48), 1e-12);
    h.margin = 0.3;
    ASSERT_RELATIVE(value_lifetime(&bg, &h, 3, 20, 30, 50), 0.3 * whole, 1e-12);
    h.discount = 0.02;
    assert_true(value_lifetime(&bg, &h, 3, 20, 30, 50) < 0.3 * whole);
    ASSERT_RELATIVE(value_lifetime(&bg, &h, 3, 20, 30, 100),
                    2 * value_lifetime(&bg, &h, 3, 20, 30, 50), 1e-12);
}

TEST(value, score_ranks_and_weights)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[] = {1, 30, 2, 10, 3, 20, 4, 40, 5, 50}, s[5], t[5], w[] = {1, 3};
    ASSERT_OK(value_score(&kn, x, 5, 2, w, s));
    ASSERT_CLOSE(s[0], 100 * (0.25 * 0 + 0.75 * 0.5), 1e-12);
    ASSERT_CLOSE(s[4], 100, 1e-12);
    for (int i = 0; i < 10; i++)
        x[i] = x[i] * 100 + 7; /* order is all that counts */
    w[0] = 2;
    w[1] = 6;
    ASSERT_OK(value_score(&kn, x, 5, 2, w, t));
    assert_memory_equal(s, t, sizeof(s));
    double ties[] = {1, 1, 2, 2};
    ASSERT_OK(value_score(&kn, ties, 4, 1, (double[]){1}, s));
    ASSERT_CLOSE(s[0], 100 * 0.5 / 3, 1e-12);
    double flat[] = {3, 3, 3};
    ASSERT_ST(ST_INVALID, value_score(&kn, flat, 3, 1, (double[]){1}, s));
    assert_int_equal(kn.fault.kind, FAULT_CONSTANT);
    ASSERT_ST(ST_INVALID, value_score(&kn, x, 5, 2, (double[]){-1, 1}, s));
    assert_int_equal(kn.fault.kind, FAULT_WEIGHT);
    ASSERT_ST(ST_INVALID, value_score(&kn, x, 1, 2, w, s));
    arena_free(a);
}

static void expect_fault(Kernel *kn, double x, double recency, double age, FaultKind kind,
                         int column)
{
    double vx[] = {1, 0, x}, vr[] = {2, 0, recency}, va[] = {9, 9, age};
    ValueData d = {3, vx, vr, va};
    ValueModel m;
    ASSERT_ST(ST_INVALID, value_bgnbd(kn, &d, &m));
    assert_int_equal(kn->fault.kind, kind);
    assert_int_equal(kn->fault.row, 2);
    assert_int_equal(kn->fault.column, column);
    ASSERT_ST(ST_INVALID, value_pareto(kn, &d, &m));
}

TEST(value, names_what_is_wrong)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    expect_fault(&kn, NAN, 1, 9, FAULT_NOT_FINITE, 0);
    expect_fault(&kn, 1.5, 1, 9, FAULT_RANGE, 0);
    expect_fault(&kn, -1, 1, 9, FAULT_RANGE, 0);
    expect_fault(&kn, 1, 10, 9, FAULT_RANGE, 1);
    expect_fault(&kn, 0, 3, 9, FAULT_RANGE, 1);
    expect_fault(&kn, 1, 3, INFINITY, FAULT_NOT_FINITE, 2);
    double none[3] = {0}, age[3] = {4, 5, 6};
    ValueData d = {3, none, none, age};
    ValueModel m;
    ValueSpend s;
    ASSERT_ST(ST_INVALID, value_bgnbd(&kn, &d, &m));
    assert_int_equal(kn.fault.kind, FAULT_TOO_FEW);
    d.n = 1;
    ASSERT_ST(ST_INVALID, value_bgnbd(&kn, &d, &m));
    ASSERT_ST(ST_INVALID, value_spend(&kn, none, age, 3, &s));
    ASSERT_ST(ST_INVALID, value_spend(&kn, age, (double[]){7, 7, 7}, 3, &s));
    assert_int_equal(kn.fault.kind, FAULT_CONSTANT);
    ASSERT_ST(ST_INVALID, value_spend(&kn, age, (double[]){7, NAN, 7}, 3, &s));
    assert_int_equal(kn.fault.row, 1);
    ValueSummary u;
    int32_t customer[] = {0}, day[] = {100};
    ASSERT_ST(ST_INVALID, value_summary(&kn, customer, day, NULL, 1, 1, 50, 7, &u));
    assert_int_equal(kn.fault.kind, FAULT_EMPTY);
    arena_free(a);
}

TEST_MAIN("value")
