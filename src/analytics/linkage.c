/* SPDX-License-Identifier: Apache-2.0 */
/* Levels, EM over patterns, scores, groups. */
#include "analytics/linkage.h"
#include "analytics/resemble.h"
#include "base/map.h"
#include <stdlib.h>

enum { ROUNDS = 200 };
#define KEEPS_NAME 0.5
#define PRIOR 0.02 /* observations of each level that are taken for granted, through all */

/* ---- levels */
static int by_steps(double s, double near, double far) { return s >= near ? 1 : s >= far ? 2 : 3; }

static int number_level(Str a, Str b)
{
    char *end_a, *end_b, x[64], y[64];
    if (a.n >= sizeof x || b.n >= sizeof y)
        return 3;
    memcpy(x, a.p, a.n);
    memcpy(y, b.p, b.n);
    x[a.n] = y[b.n] = 0;
    double p = strtod(x, &end_a), q = strtod(y, &end_b);
    if (*end_a || *end_b || !isfinite(p) || !isfinite(q))
        return 3;
    double off = fabs(p - q), size = fmax(fabs(p), fabs(q));
    return off == 0 ? 0 : off <= .01 * size ? 1 : off <= .1 * size ? 2 : 3;
}

int linkage_level(LinkageKind kind, Str a, Str b)
{
    if (!a.n || !b.n)
        return LINKAGE_MISSING;
    if (str_eq(a, b))
        return 0;
    double s;
    switch (kind) {
    case LINKAGE_NAME: return by_steps(resemble_jaro_winkler(a, b), .92, .8);
    case LINKAGE_TEXT:
        s = resemble_words(a, b);
        return by_steps(fmax(s, resemble_jaro_winkler(a, b) - .04), .9, .65);
    case LINKAGE_CODE: {
        size_t d = resemble_damerau(a, b);
        return d <= 1 ? 1 : d == 2 && a.n > 4 && b.n > 4 ? 2 : 3;
    }
    case LINKAGE_NUMBER: return number_level(a, b);
    }
    return 3;
}

uint64_t linkage_levels(const LinkageTable *t, size_t a, size_t b)
{
    uint64_t bits = 0;
    for (size_t c = 0; c < t->n_columns; c++) {
        const LinkageColumn *column = &t->columns[c];
        bits |= (uint64_t)linkage_level(column->kind, column->values[a], column->values[b])
                << (4 * c);
    }
    return bits;
}

/* ---- EM over patterns */
typedef struct Pattern {
    uint64_t levels;
    double n;
} Pattern;

static int compare_patterns(const void *a, const void *b)
{
    const Pattern *x = a, *y = b;
    return (x->levels > y->levels) - (x->levels < y->levels);
}

static size_t count_patterns(Kernel *k, const LinkagePair *pairs, size_t n, Pattern **ret)
{
    Pattern *p = ARENA_ARRAY(k->arena, Pattern, n);
    for (size_t i = 0; i < n; i++)
        p[i] = (Pattern){pairs[i].levels, 1};
    qsort(p, n, sizeof *p, compare_patterns);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (m && p[m - 1].levels == p[i].levels)
            p[m - 1].n++;
        else
            p[m++] = p[i];
    *ret = p;
    return m;
}

/* Logarithms of the chances of the levels; near ones share both tables. */
typedef struct Chances {
    double match, near, none; /* with the share of the class */
} Chances;

static Chances chances(const LinkageModel *model, uint64_t levels, const double *occurs)
{
    double rest = 1 - model->share - model->near_share;
    Chances ch = {log(model->share), -INFINITY, log(rest)};
    if (model->near_share > 0)
        ch.near = log(model->near_share);
    for (size_t c = 0; c < model->n_columns; c++) {
        int level = linkage_level_of(levels, c);
        if (level >= LINKAGE_LEVELS)
            continue;
        bool rare = level == 0 && occurs && occurs[c] > 0;
        double m = log(model->m[c][level]), u = log(rare ? occurs[c] : model->u[c][level]);
        ch.match += m;
        ch.none += u;
        ch.near += model->names[c] ? u : m;
    }
    return ch;
}

static double log_sum(double a, double b)
{
    double top = fmax(a, b);
    return top + log(exp(a - top) + exp(b - top));
}

double linkage_weight(const LinkageModel *model, uint64_t levels, const double *occurs)
{
    Chances ch = chances(model, levels, occurs);
    double prior = log(model->share / (1 - model->share));
    return (ch.match - log_sum(ch.near, ch.none) - prior) / M_LN2;
}

double linkage_probability(const LinkageModel *model, double weight)
{
    double prior = log(model->share / (1 - model->share));
    return 1 / (1 + exp(-(prior + weight * M_LN2)));
}

/* Where one starts from: matches mostly agree, others mostly do not. */
static void begin(LinkageModel *model, const LinkageTable *t)
{
    static const double M[] = {.8, .1, .05, .05}, U[] = {.05, .05, .1, .8};
    *model = (LinkageModel){.n_columns = t->n_columns, .share = .2, .threshold = .5};
    for (size_t c = 0; c < t->n_columns; c++) {
        model->names[c] = t->columns[c].names;
        if (model->names[c])
            model->near_share = .01;
        memcpy(model->m[c], M, sizeof M);
        memcpy(model->u[c], U, sizeof U);
    }
}

typedef struct Sums {
    double counts[3][LINKAGE_COLUMNS][LINKAGE_LEVELS], of[3], all;
} Sums;
enum { MATCH, NEAR_ONE, NONE };

/* Near ones agree like matches, but in their names like strangers. */
static int as_match(const LinkageModel *model, int class, size_t column)
{
    return class == NEAR_ONE ? (model->names[column] ? NONE : MATCH) : class;
}

static void expect(const LinkageModel *model, const Pattern *p, size_t n, Sums *s)
{
    *s = (Sums){0};
    for (size_t i = 0; i < n; i++) {
        Chances ch = chances(model, p[i].levels, NULL);
        double all = log_sum(ch.match, log_sum(ch.near, ch.none));
        double q[3] = {exp(ch.match - all), exp(ch.near - all), exp(ch.none - all)};
        s->all += p[i].n;
        for (int k = 0; k < 3; k++) {
            s->of[k] += q[k] * p[i].n;
            for (size_t c = 0; c < model->n_columns; c++) {
                int level = linkage_level_of(p[i].levels, c);
                if (level < LINKAGE_LEVELS)
                    s->counts[as_match(model, k, c)][c][level] += q[k] * p[i].n;
            }
        }
    }
}

static double shares(double *ret, const double *counts)
{
    double sum = 0, moved = 0;
    for (int l = 0; l < LINKAGE_LEVELS; l++)
        sum += counts[l];
    double some = PRIOR * (1 + sum * .02);
    for (int l = 0; l < LINKAGE_LEVELS; l++) {
        double share = (counts[l] + some) / (sum + some * LINKAGE_LEVELS);
        moved = fmax(moved, fabs(share - ret[l]));
        ret[l] = share;
    }
    return moved;
}

/* A match with another name and a near one look the same; a thing is taken to keep its name, or the data
 * could not say which of the two they are. */
static void keep_names(const LinkageModel *model, Sums *s)
{
    for (size_t c = 0; c < model->n_columns; c++)
        if (model->names[c])
            s->counts[MATCH][c][LINKAGE_LEVELS - 1] *= KEEPS_NAME;
}

static double maximise(LinkageModel *model, const Sums *s)
{
    double share = (s->of[MATCH] + .5) / (s->all + 1.5), moved = fabs(share - model->share);
    model->share = share;
    if (model->near_share > 0)
        model->near_share = (s->of[NEAR_ONE] + .5) / (s->all + 1.5);
    for (size_t c = 0; c < model->n_columns; c++) {
        moved = fmax(moved, shares(model->m[c], s->counts[MATCH][c]));
        moved = fmax(moved, shares(model->u[c], s->counts[NONE][c]));
    }
    return moved;
}

Status linkage_fit(Kernel *k, const LinkageTable *t, const LinkagePair *pairs, size_t n,
                   LinkageModel *ret)
{
    Pattern *p;
    Sums s;
    if (!n || !t->n_columns || t->n_columns > LINKAGE_COLUMNS)
        return kernel_too_few(k, -1, 1);
    size_t n_patterns = count_patterns(k, pairs, n, &p);
    begin(ret, t);
    for (double moved = 1; ret->rounds < ROUNDS && moved > 1e-9; ret->rounds++) {
        if (kernel_cancelled(k))
            return ST_BUSY;
        expect(ret, p, n_patterns, &s);
        keep_names(ret, &s);
        moved = maximise(ret, &s);
    }
    return ST_OK;
}

/* ---- scores */
/* Share of the rows that have the value, by value. */
static Map count_values(Arena *a, const LinkageColumn *column, size_t rows)
{
    Map counts = map_in(a);
    size_t *room = ARENA_ARRAY(a, size_t, rows);
    for (size_t i = 0, n = 0; i < rows; i++) {
        size_t *count = column->values[i].n ? map_get(&counts, column->values[i]) : NULL;
        if (count)
            ++*count;
        else if (column->values[i].n) {
            room[n] = 1;
            map_put(&counts, column->values[i], &room[n++]);
        }
    }
    return counts;
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static double choose_threshold(Kernel *k, const LinkagePair *pairs, size_t n)
{
    double *q = ARENA_ARRAY(k->arena, double, n + 1), total = 0, above = 0, best = 0, at = .5;
    for (size_t i = 0; i < n; i++)
        total += q[i] = pairs[i].score;
    qsort(q, n, sizeof *q, descending);
    for (size_t i = 0; i < n; i++) {
        above += q[i];
        double f1 = 2 * above / ((double)(i + 1) + total);
        if (f1 > best && (i + 1 == n || q[i + 1] < q[i])) {
            best = f1;
            at = i + 1 < n ? (q[i] + q[i + 1]) / 2 : q[i];
        }
    }
    return at;
}

/* A value's own share stands beside that of chance agreement as a whole: what is shared by few says more.
 * Among pairs of blocks chance is greater than among all; the value moves it by its own rarity. */
static double occurs_of(const LinkageModel *model, const Map *counts, size_t column, Str value,
                        double typical)
{
    const size_t *n = map_get(counts, value);
    double rarity = n ? sqrt((double)*n / typical) : 1;
    return fmin(.95, model->u[column][0] * fmin(4, fmax(.25, rarity)));
}

Status linkage_score(Kernel *k, const LinkageTable *t, LinkageModel *model, LinkagePair *pairs,
                     size_t n)
{
    Map *counts = ARENA_ARRAY(k->arena, Map, t->n_columns + 1);
    double occurs[LINKAGE_COLUMNS], typical[LINKAGE_COLUMNS];
    for (size_t c = 0; c < t->n_columns; c++) {
        double sum = 0, squares = 0;
        counts[c] = count_values(k->arena, &t->columns[c], t->rows);
        for (size_t i = 0; i < counts[c].n; i++) {
            double one = (double)*(const size_t *)counts[c].entries[i].value;
            sum += one;
            squares += one * one;
        }
        typical[c] = sum > 0 ? squares / sum : 1; /* as a row meets it */
    }
    for (size_t i = 0; i < n; i++) {
        if (i % 65536 == 0 && kernel_cancelled(k))
            return ST_BUSY;
        for (size_t c = 0; c < t->n_columns; c++)
            occurs[c] =
                linkage_level_of(pairs[i].levels, c)
                    ? 0
                    : occurs_of(model, &counts[c], c, t->columns[c].values[pairs[i].a], typical[c]);
        pairs[i].score = linkage_probability(model, linkage_weight(model, pairs[i].levels, occurs));
    }
    model->threshold = choose_threshold(k, pairs, n);
    return ST_OK;
}

static uint32_t root(uint32_t *of, uint32_t i)
{
    while (of[i] != i)
        i = of[i] = of[of[i]];
    return i;
}

void linkage_groups(const LinkagePair *pairs, size_t n, double threshold, size_t rows,
                    uint32_t *ret)
{
    for (size_t i = 0; i < rows; i++)
        ret[i] = (uint32_t)i;
    for (size_t i = 0; i < n; i++) {
        if (pairs[i].score < threshold)
            continue;
        uint32_t a = root(ret, pairs[i].a), b = root(ret, pairs[i].b);
        ret[a > b ? a : b] = a > b ? b : a;
    }
    for (size_t i = 0; i < rows; i++)
        ret[i] = root(ret, (uint32_t)i);
}
