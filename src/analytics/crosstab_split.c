/* SPDX-License-Identifier: Apache-2.0 */
/* All ways to give one column's count to the rows, none more than it needs. Rows that need the same take falling shares
 * only: other orders of the same shares cost the same and leave the same, so one stands for all of them. */
#include "analytics/crosstab_exact_internal.h"

/* Adds ln of how many orders more there are with row i: its place among rows alike over its place among equal shares. */
static double more_orders(ExactSplit *s, size_t i)
{
    const double *f = s->net->f;
    bool is_alike = i > 0 && s->need[i] == s->need[i - 1];
    int place = s->alike[i] = is_alike ? s->alike[i - 1] + 1 : 1;
    int same = s->same[i] = is_alike && s->take[i] == s->take[i - 1] ? s->same[i - 1] + 1 : 1;
    return place == same ? 0 : (f[place] - f[place - 1]) - (f[same] - f[same - 1]);
}

/* What row i and those behind it take of what is `left` of the column; after: what they need in all. */
static bool choose(ExactSplit *s, size_t i, int32_t left, int32_t after, int64_t cost, double log_p)
{
    const double *f = s->net->f;
    int32_t need = s->need[i], behind = after - need;
    int32_t low = left > behind ? left - behind : 0, high = left < need ? left : need;
    if (i > 0 && need == s->need[i - 1] && high > s->take[i - 1])
        high = s->take[i - 1];
    for (int32_t x = low; x <= high; x++) {
        s->take[i] = x;
        int64_t next = cost + s->net->cost[x];
        double log_next = log_p + f[need] - f[x] - f[need - x] + more_orders(s, i);
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
