/* SPDX-License-Identifier: Apache-2.0 */
/* How far places are from each other, and in which order a day's ones are a short way: the nearest next, then
 * pieces of the way turned round as long as that makes it shorter. */
#include "place/place.h"
#include <math.h>

#define EARTH_M 6371008.8 /* mean radius */
#define DEGREE (M_PI / 180.0 / 1e7)

int64_t place_distance_m(Geo a, Geo b)
{
    double lat1 = a.lat * DEGREE, lat2 = b.lat * DEGREE;
    double up = sin((lat2 - lat1) / 2), over = sin((b.lng * DEGREE - a.lng * DEGREE) / 2);
    double h = up * up + cos(lat1) * cos(lat2) * over * over;
    return (int64_t)llround(2 * EARTH_M * asin(sqrt(h < 1 ? h : 1)));
}

typedef struct Way {
    const int64_t *between; /* n × n metres */
    size_t n;
    size_t *order; /* of the n */
    bool fixed;    /* the first one stays first */
} Way;

static int64_t step(const Way *w, size_t i, size_t j)
{
    return w->between[w->order[i] * w->n + w->order[j]];
}

static int64_t length(const Way *w)
{
    int64_t m = 0;
    for (size_t i = 1; i < w->n; i++)
        m += step(w, i - 1, i);
    return m;
}

static void swap(size_t *a, size_t *b)
{
    size_t kept = *a;
    *a = *b;
    *b = kept;
}

static void nearest_next(const Way *w, size_t first)
{
    for (size_t i = 0; i < w->n; i++)
        w->order[i] = i;
    swap(&w->order[0], &w->order[first]);
    for (size_t i = 1; i < w->n; i++) {
        size_t best = i;
        for (size_t j = i + 1; j < w->n; j++)
            if (step(w, i - 1, j) < step(w, i - 1, best))
                best = j;
        swap(&w->order[i], &w->order[best]);
    }
}

/* What the way grows by when i … j are gone backwards; its ends are open. */
static int64_t turned(const Way *w, size_t i, size_t j)
{
    int64_t m = 0;
    if (i > 0)
        m += step(w, i - 1, j) - step(w, i - 1, i);
    if (j + 1 < w->n)
        m += step(w, i, j + 1) - step(w, j, j + 1);
    return m;
}

static bool turn_one(const Way *w)
{
    for (size_t i = w->fixed; i + 1 < w->n; i++)
        for (size_t j = i + 1; j < w->n; j++) {
            if (turned(w, i, j) >= 0)
                continue;
            for (size_t a = i, b = j; a < b; a++, b--)
                swap(&w->order[a], &w->order[b]);
            return true;
        }
    return false;
}

static const int64_t *all_between(Arena *a, const Geo *at, size_t n)
{
    int64_t *m = ARENA_ARRAY(a, int64_t, n * n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            m[i * n + j] = m[j * n + i] = place_distance_m(at[i], at[j]);
    return m;
}

void place_order(Arena *a, const Geo *at, size_t n, bool from_first, size_t *ret)
{
    Way w = {.between = all_between(a, at, n),
             .n = n,
             .order = ARENA_ARRAY(a, size_t, n),
             .fixed = from_first};
    int64_t best = INT64_MAX;
    for (size_t first = 0; first < (from_first && n ? 1 : n); first++) {
        nearest_next(&w, first);
        while (turn_one(&w)) {}
        if (length(&w) >= best)
            continue;
        best = length(&w);
        memcpy(ret, w.order, n * sizeof *ret);
    }
}
