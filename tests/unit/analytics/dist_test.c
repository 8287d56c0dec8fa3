/* SPDX-License-Identifier: Apache-2.0 */
/* Against R 4.2.2 (recipe: tests/reference/dist.R), and identities that R is not needed for.
 * Covers: dist_normal.c dist_gamma.c dist_beta.c dist_range.c dist_noncentral.c dist_solve.c */
#include "analytics/dist.h"
#include "test.h"

typedef struct Row {
    const char *name;
    double a[3], expected;
} Row;

static const Row ROWS[] = {
    {"normal_upper", {1.5, 0, 0}, 0.066807201268858071},
    {"normal_upper", {30, 0, 0}, 4.9067139271481872e-198},
    {"normal_upper", {-2, 0, 0}, 0.97724986805182079},
    {"normal_quantile", {0.97499999999999998, 0, 0}, 1.9599639845400536},
    {"normal_quantile", {9.9999999999999995e-21, 0, 0}, -9.2623400897984052},
    {"normal_quantile", {0.29999999999999999, 0, 0}, -0.52440051270804067},
    {"gamma", {0.5, 0.10000000000000001, 0}, 0.34527915398142295},
    {"gamma_upper", {3, 50, 0}, 2.5093035522010571e-19},
    {"gamma_upper", {1000000, 1001000, 0}, 0.15865521363165971},
    {"chi2_upper", {3.8399999999999999, 1, 0}, 0.050043521248705224},
    {"chi2_upper", {1381.0761619104776, 6, 0}, 3.0319707718157952e-295},
    {"chi2_upper", {0.01, 250, 0}, 1},
    {"chi2_upper", {900, 1000, 0}, 0.98928276190871023},
    {"chi2_quantile", {0.94999999999999996, 3, 0}, 7.8147279032511792},
    {"chi2_quantile", {0.001, 10, 0}, 1.4787434638356649},
    {"beta", {0.29999999999999999, 2, 5}, 0.57982500000000015},
    {"beta", {0.999, 200, 0.5}, 0.52724410702523539},
    {"beta_upper", {0.90000000000000002, 5, 3}, 0.025691499999999978},
    {"beta_quantile", {0.025000000000000001, 6, 15}, 0.11893159040572764},
    {"beta_quantile", {0.97499999999999998, 1, 30}, 0.11570330822202779},
    {"t_upper", {2.1000000000000001, 7, 0}, 0.036935598106461298},
    {"t_upper", {34.823818696312976, 4048.2876094948351, 0}, 5.9774727363032378e-233},
    {"t_upper", {-1, 3, 0}, 0.80449889052211476},
    {"t_upper", {10000000000, 2, 0}, 4.9999999999999997e-21},
    {"t_upper", {0.001, 100000000, 0}, 0.4996010577870863},
    {"t_quantile", {0.97499999999999998, 10.5, 0}, 2.2138402929187873},
    {"t_quantile", {9.9999999999999995e-07, 2, 0}, -707.10572052593386},
    {"t_quantile", {0.97499999999999998, 7041, 0}, 1.9603009639674098},
    {"f_upper", {4.2000000000000002, 3, 20}, 0.0185574198348262},
    {"f_upper", {446.46688624797162, 3, 7039}, 1.503848361286961e-265},
    {"f_upper", {0.20000000000000001, 5, 2}, 0.93584997009004156},
    {"f_quantile", {0.94999999999999996, 2, 30}, 3.3158295010135221},
    {"binomial", {3, 20, 0.20000000000000001}, 0.41144886195656849},
    {"binomial_upper", {15, 20, 0.20000000000000001}, 1.8027639734272039e-07},
    {"binomial_density", {4, 50, 0.10000000000000001}, 0.18090450087575399},
    {"poisson", {3, 5.5, 0}, 0.20169919870252861},
    {"range_upper", {3.5, 3, 20}, 0.055891849082059353},
    {"range_upper", {4.5, 6, 8}, 0.093687137076953531},
    {"range_upper", {3.2999999999999998, 2, 7041}, 0.019652417632294306},
    {"range_upper", {1, 10, 50}, 0.9993483432931286},
    {"range_upper", {5, 20, INFINITY}, 0.0513646634542545},
    {"range_upper", {8, 4, 5}, 0.0089865422912420723},
    {"range_quantile_upper", {0.050000000000000003, 3, 20}, 3.577934581525569},
    {"range_quantile_upper", {0.01, 5, 12}, 5.8363083557707771},
    {"chi2_noncentral_upper", {10, 3, 4}, 0.22407800430132777},
    {"chi2_noncentral_upper", {200, 5, 150}, 0.040691654122274046},
    {"f_noncentral_upper", {3, 10, 0}, 0.45103210923571185},
    {"t_noncentral_upper", {2, 10, 1.5}, 0.34084592755797372},
    {"t_noncentral_upper", {-1, 5, 2}, 0.99768362434583657},
    {"t_noncentral_upper", {2.0003000000000002, 1000, 20}, 1},
};

static double value_of(const Row *r)
{
    const double *a = r->a;
    static const struct {
        const char *name;
        double (*one)(double);
        double (*two)(double, double);
        double (*three)(double, double, double);
    } FUNCTIONS[] = {{"normal_upper", dist_normal_upper, NULL, NULL},
                     {"normal_quantile", dist_normal_quantile, NULL, NULL},
                     {"gamma", NULL, dist_gamma, NULL},
                     {"gamma_upper", NULL, dist_gamma_upper, NULL},
                     {"chi2_upper", NULL, dist_chi2_upper, NULL},
                     {"chi2_quantile", NULL, dist_chi2_quantile, NULL},
                     {"beta", NULL, NULL, dist_beta},
                     {"beta_upper", NULL, NULL, dist_beta_upper},
                     {"beta_quantile", NULL, NULL, dist_beta_quantile},
                     {"t_upper", NULL, dist_t_upper, NULL},
                     {"t_quantile", NULL, dist_t_quantile, NULL},
                     {"f_upper", NULL, NULL, dist_f_upper},
                     {"f_quantile", NULL, NULL, dist_f_quantile},
                     {"binomial", NULL, NULL, dist_binomial},
                     {"binomial_upper", NULL, NULL, dist_binomial_upper},
                     {"binomial_density", NULL, NULL, dist_binomial_density},
                     {"poisson", NULL, dist_poisson, NULL},
                     {"range_upper", NULL, NULL, dist_range_upper},
                     {"range_quantile_upper", NULL, NULL, dist_range_quantile_upper},
                     {"chi2_noncentral_upper", NULL, NULL, dist_chi2_noncentral_upper},
                     {"t_noncentral_upper", NULL, NULL, dist_t_noncentral_upper}};
    if (!strcmp(r->name, "f_noncentral_upper"))
        return dist_f_noncentral_upper(a[0], 2, a[1], 4);
    for (size_t i = 0; i < COUNT_OF(FUNCTIONS); i++)
        if (!strcmp(FUNCTIONS[i].name, r->name))
            return FUNCTIONS[i].one   ? FUNCTIONS[i].one(a[0])
                   : FUNCTIONS[i].two ? FUNCTIONS[i].two(a[0], a[1])
                                      : FUNCTIONS[i].three(a[0], a[1], a[2]);
    fail_msg("%s", r->name);
    return NAN;
}

/* R's own ptukey and noncentral functions keep about 10 digits; its large-df tails about 11. */
static double tolerance(const Row *r)
{
    if (strstr(r->name, "range_quantile"))
        return 1e-7; /* qtukey stops there */
    return strstr(r->name, "range") || strstr(r->name, "noncentral") ? 2e-8 : 2e-11;
}

TEST(dist, agrees_with_r)
{
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        double v = value_of(&ROWS[i]), e = ROWS[i].expected;
        if (!(fabs(v - e) <= tolerance(&ROWS[i]) * fabs(e)))
            print_error("%s(%.10g, %.10g, %.10g) = %.17g, R %.17g (%.2e)\n", ROWS[i].name,
                        ROWS[i].a[0], ROWS[i].a[1], ROWS[i].a[2], v, e, v / e - 1);
    }
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        assert_true(fabs(value_of(&ROWS[i]) - ROWS[i].expected) <=
                    tolerance(&ROWS[i]) * fabs(ROWS[i].expected));
}

TEST(dist, known_values)
{
    assert_true(fabs(dist_hypergeometric_density(3, 8, 10, 30) - 0.31787183331411212) < 1e-14);
    /* t with 1 df is Cauchy, F with 2 numerator df a power, chi-square with 2 df exponential */
    assert_true(fabs(dist_t_upper(1e150, 1) * 3.14159265358979 * 1e150 - 1) < 1e-12);
    assert_true(fabs(dist_chi2_upper(1300, 2) / exp(-650) - 1) < 1e-12);
    assert_true(fabs(dist_f_upper(50, 2, 30) / pow(1 + 100.0 / 30, -15) - 1) < 1e-12);
    /* the range of two means is a t in disguise, also far out */
    for (double t = 1; t < 40; t *= 2)
        assert_true(fabs(dist_range_upper(t * sqrt(2), 2, 12) / dist_t_two(t, 12) - 1) < 1e-9);
    /* no noncentrality is none */
    assert_true(fabs(dist_t_noncentral_upper(1.3, 9, 0) / dist_t_upper(1.3, 9) - 1) < 1e-12);
    assert_true(fabs(dist_f_noncentral_upper(3, 2, 9, 0) / dist_f_upper(3, 2, 9) - 1) < 1e-12);
}

TEST(dist, quantiles_undo_their_functions)
{
    for (double p = 1e-9; p < 1; p = p < 0.4 ? p * 7 : p + 0.09) {
        assert_true(fabs(dist_normal(dist_normal_quantile(p)) / p - 1) < 1e-12);
        assert_true(fabs(dist_t(dist_t_quantile(p, 3.5), 3.5) / p - 1) < 1e-11);
        assert_true(fabs(dist_chi2(dist_chi2_quantile(p, 4), 4) / p - 1) < 1e-11);
        assert_true(fabs(dist_f(dist_f_quantile(p, 3, 8), 3, 8) / p - 1) < 1e-11);
        assert_true(fabs(dist_beta(dist_beta_quantile(p, 2, 3), 2, 3) / p - 1) < 1e-11);
        double q = dist_range_quantile_upper(p, 4, 15);
        assert_true(fabs(dist_range_upper(q, 4, 15) / p - 1) < 1e-8);
    }
}

TEST(dist, outside_the_domain_is_nan)
{
    assert_true(isnan(dist_normal_quantile(1.5)) && isnan(dist_gamma(-1, 2)));
    assert_true(isnan(dist_t_quantile(.5, -1)) && isnan(dist_beta_quantile(-.1, 1, 1)));
    assert_true(isnan(dist_range_upper(3, 1, 10)) && isnan(dist_chi2_upper(NAN, 3)));
    assert_true(isnan(dist_f_noncentral_upper(1, 2, 3, -1)));
}

TEST_MAIN("dist")
