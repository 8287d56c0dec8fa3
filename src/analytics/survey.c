/* SPDX-License-Identifier: Apache-2.0 */
/* Net promoter score and shares with their intervals (survey.h). */
#include "analytics/survey.h"
#include "analytics/dist.h"

#define Z95 1.959963984540054

static void score(double promoters, double detractors, double n, double *ret, double *ret_se)
{
    double p = promoters / n, d = detractors / n;
    *ret = 100 * (promoters - detractors) / n;
    *ret_se = 100 * sqrt(fmax(0, p + d - (p - d) * (p - d)) / n);
}

Status survey_nps(Kernel *k, const double counts[11], Nps *ret)
{
    double sum = 0, adjusted, se;
    *ret = (Nps){0};
    for (int i = 0; i <= 10; i++) {
        if (!(counts[i] >= 0) || isinf(counts[i]))
            return kernel_fail(k, FAULT_RANGE, 0, i);
        *(i >= 9 ? &ret->promoters : i >= 7 ? &ret->passives : &ret->detractors) += counts[i];
        sum += counts[i] * i;
        ret->n += counts[i];
    }
    if (!(ret->n > 0))
        return kernel_fail(k, FAULT_EMPTY, 0, -1);
    score(ret->promoters, ret->detractors, ret->n, &ret->nps, &ret->se);
    ret->se_n_minus_1 = ret->n > 1 ? ret->se * sqrt(ret->n / (ret->n - 1)) : NAN;
    ret->low = ret->nps - Z95 * ret->se;
    ret->high = ret->nps + Z95 * ret->se;
    score(ret->promoters + 0.75, ret->detractors + 0.75, ret->n + 3, &adjusted, &se);
    ret->adjusted_low = adjusted - Z95 * se;
    ret->adjusted_high = adjusted + Z95 * se;
    ret->mean = sum / ret->n;
    return ST_OK;
}

void survey_compare(double a, double se_a, double b, double se_b, Difference *ret)
{
    ret->difference = a - b;
    ret->se = sqrt(se_a * se_a + se_b * se_b);
    ret->z = ret->se > 0 ? ret->difference / ret->se : NAN;
    ret->p = dist_normal_two(ret->z);
    ret->low = ret->difference - Z95 * ret->se;
    ret->high = ret->difference + Z95 * ret->se;
}

void survey_share(double hits, double n, double level, Share *ret)
{
    double z = dist_normal_quantile(0.5 + level / 2), z2 = z * z, p = hits / n;
    double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
    double reach = z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    *ret = (Share){n, hits, p, hits == 0 ? 0 : middle - reach, hits == n ? 1 : middle + reach};
}

void survey_compare_shares(const Share *a, const Share *b, Difference *ret)
{
    double pooled = (a->hits + b->hits) / (a->n + b->n);
    double se = sqrt(pooled * (1 - pooled) * (1 / a->n + 1 / b->n));
    double d = a->share - b->share;
    ret->difference = d;
    ret->se = se;
    ret->z = se > 0 ? d / se : NAN;
    ret->p = dist_normal_two(ret->z);
    ret->low = d - hypot(a->share - a->low, b->high - b->share);
    ret->high = d + hypot(a->high - a->share, b->share - b->low);
}
