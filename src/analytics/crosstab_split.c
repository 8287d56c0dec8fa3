/* SPDX-License-Identifier: Apache-2.0 */
/* All ways to give one column's count to the rows, none more than it needs. */
#include "analytics/crosstab_exact_internal.h"

/* What row i and those behind it take of what is `left` of the column; after: what they need in all. */
static bool choose(ExactSplit *s, size_t i, int32_t left, int32_t after, int64_t cost, double log_p)
{
    const double *f = s->net->f;
    int32_t need = s->need[i], behind = after - need;
    int32_t low = left > behind ? left - behind : 0, high = left < need ? left : need;
    for (int32_t x = low; x <= high; x++) {
        int64_t next = cost + s->net->cost[x];
        double log_next = log_p + f[need] - f[x] - f[need - x];
        s->take[i] = x;
        if (!(i + 1 == s->net->rows ? s->each(s, next, log_next)
                                    : choose(s, i + 1, left - x, behind, next, log_next)))
            return false;
    }
    return true;
}

bool crosstab_split(ExactSplit *s, int32_t column)
{
    int32_t all = 0;
    for (size_t i = 0; i < s->net->rows; i++)
        all += s->need[i];
    return choose(s, 0, column, all, 0, 0);
}

void crosstab_split_left(const ExactSplit *s, int32_t *left)
{
    for (size_t i = 0; i < s->net->rows; i++) {
        int32_t v = s->need[i] - s->take[i];
        size_t at = i;
        for (; at > 0 && left[at - 1] < v; at--)
            left[at] = left[at - 1];
        left[at] = v;
    }
}
