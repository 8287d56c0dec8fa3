/* SPDX-License-Identifier: Apache-2.0 */
/* Itemsets and rules against reference/association.json and against brute force on small data; both ways
 * of mining agree; Fisher's test; faults. Covers: itemset_rules.c */
#include "analytics/itemset.h"
#include "segment_data.h"

/* ---- the files of the reference ---- */
typedef struct Named {
    ItemsetBaskets b;
    char **name; /* by item, byte order */
} Named;

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static Named read_baskets(Arena *a, const char *file, const char *separator)
{
    char path[1024], *line = NULL;
    size_t cap = 0, cells = 0, baskets = 0;
    snprintf(path, sizeof(path), "%s/%s", segment_data_folder(), file);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    char **cell = arena_alloc(a, 100000 * sizeof(*cell));
    int64_t *start = arena_alloc(a, 20000 * sizeof(*start));
    while (getline(&line, &cap, f) > 0) {
        line[strcspn(line, "\r\n")] = 0;
        start[baskets++] = (int64_t)cells;
        char *rest = line, *part;
        while ((part = strsep(&rest, separator)))
            if (*part)
                cell[cells++] = arena_dup(a, part, strlen(part) + 1);
    }
    start[baskets] = (int64_t)cells;
    free(line);
    fclose(f);
    char **name = arena_dup(a, cell, cells * sizeof(*cell));
    qsort(name, cells, sizeof(*name), compare_names);
    size_t items = 0;
    for (size_t i = 0; i < cells; i++)
        if (i == 0 || strcmp(name[i], name[items - 1]))
            name[items++] = name[i];
    int32_t *item = arena_alloc(a, cells * sizeof(*item));
    for (size_t i = 0; i < cells; i++)
        item[i] =
            (int32_t)((char **)bsearch(&cell[i], name, items, sizeof(*name), compare_names) - name);
    return (Named){{baskets, items, start, item}, name};
}

static Itemsets find(Kernel *kn, const Named *d, int64_t min_count, ItemsetKind kind)
{
    ItemsetOptions o = {.min_count = min_count, .min_length = 1, .kind = kind};
    Itemsets s;
    ASSERT_OK(itemset_find(kn, &d->b, &o, &s));
    return s;
}

static int64_t whole(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static void check_sets(Kernel *kn, const Named *d, const json_t *want)
{
    int64_t least = whole(want, "min_count"), sum = 0, by_size[64] = {0};
    Itemsets s = find(kn, d, least, ITEMSET_FREQUENT);
    assert_int_equal(s.n, whole(want, "itemsets"));
    for (size_t i = 0; i < s.n; i++) {
        sum += s.count[i];
        by_size[s.start[i + 1] - s.start[i]]++;
    }
    assert_int_equal(sum, whole(want, "sum_of_supports"));
    const char *size;
    json_t *n;
    json_object_foreach(json_object_get(want, "by_size"), size, n)
        assert_int_equal(by_size[strtol(size, NULL, 10)], json_integer_value(n));
    assert_int_equal(find(kn, d, least, ITEMSET_CLOSED).n, whole(want, "closed"));
    assert_int_equal(find(kn, d, least, ITEMSET_MAXIMAL).n, whole(want, "maximal"));
}

static void check_rule(const Named *d, const ItemsetRule *r, const json_t *want)
{
    static const char *const KEYS[] = {"support", "confidence", "lift", "leverage"};
    const double mine[] = {r->support, r->confidence, r->lift, r->leverage};
    const json_t *left = json_object_get(want, "lhs");
    assert_int_equal(r->n_left, json_array_size(left));
    for (int i = 0; i < r->n_left; i++)
        assert_string_equal(d->name[r->left[i]],
                            json_string_value(json_array_get(left, (size_t)i)));
    assert_string_equal(d->name[r->right], json_string_value(json_object_get(want, "rhs")));
    assert_int_equal(r->count, whole(want, "count"));
    for (size_t i = 0; i < COUNT_OF(KEYS); i++)
        ASSERT_RELATIVE(mine[i], json_number_value(json_object_get(want, KEYS[i])), 1e-9);
    const json_t *conviction = json_object_get(want, "conviction");
    if (json_is_null(conviction))
        assert_true(isinf(r->conviction));
    else
        ASSERT_RELATIVE(r->conviction, json_number_value(conviction), 1e-9);
}

static void check_rules(Kernel *kn, const Named *d, const json_t *want)
{
    Itemsets s = find(kn, d, whole(want, "min_count"), ITEMSET_FREQUENT);
    ItemsetRuleOptions o = {.min_confidence =
                                json_number_value(json_object_get(want, "min_confidence")),
                            .min_length = 2,
                            .alpha = 1};
    ItemsetRules r;
    ASSERT_OK(itemset_rules(kn, &s, d->b.baskets, &o, &r));
    assert_int_equal(r.n, whole(want, "rules"));
    int64_t by_size[64] = {0};
    for (size_t i = 0; i < r.n; i++)
        by_size[r.rule[i].n_left + 1]++;
    const char *size;
    json_t *n, *row;
    json_object_foreach(json_object_get(want, "by_size"), size, n)
        assert_int_equal(by_size[strtol(size, NULL, 10)], json_integer_value(n));
    size_t i;
    json_array_foreach(json_object_get(want, "top_by_lift"), i, row) check_rule(d, &r.rule[i], row);
    assert_true(i > 0);
}

static void check_file(const char *file, const char *separator, const char *key)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Named d = read_baskets(a, file, separator);
    json_t *ref = segment_data_reference("association"), *want = json_object_get(ref, key), *one;
    assert_int_equal(d.b.baskets, whole(want, "transactions"));
    assert_int_equal(d.b.items, whole(want, "items"));
    size_t i;
    json_array_foreach(json_object_get(want, "itemsets"), i, one) check_sets(&kn, &d, one);
    json_array_foreach(json_object_get(want, "rules"), i, one) check_rules(&kn, &d, one);
    json_decref(ref);
    arena_free(a);
}

TEST(itemset, agrees_with_the_reference_on_groceries)
{
    NEED_DATA();
    check_file("groceries/groceries.csv", ",", "groceries");
}

TEST(itemset, agrees_with_the_reference_on_foodmart)
{
    NEED_DATA();
    check_file("fim/foodmart.dat", " ", "foodmart");
}

/* ---- brute force over all subsets of 10 items ---- */
enum { BASKETS = 200, ITEMS = 10 };
typedef struct Small {
    int64_t start[BASKETS + 1];
    int32_t item[BASKETS * ITEMS * 2];
    uint32_t mask[BASKETS];
} Small;

static ItemsetBaskets make(Small *d, uint64_t seed, double share)
{
    Random r = random_of(seed, 0);
    int64_t n = 0;
    for (int b = 0; b < BASKETS; b++) {
        d->start[b] = n;
        d->mask[b] = 0;
        for (int v = ITEMS - 1; v >= 0; v--) /* not ascending, some twice */
            if (random_unit(&r) < share * (1 + v) / ITEMS * 2) {
                d->mask[b] |= 1u << v;
                d->item[n++] = v;
                if (v % 3 == 0)
                    d->item[n++] = v;
            }
    }
    d->start[BASKETS] = n;
    return (ItemsetBaskets){BASKETS, ITEMS, d->start, d->item};
}

static int64_t holds(const Small *d, uint32_t set)
{
    int64_t n = 0;
    for (int b = 0; b < BASKETS; b++)
        n += (d->mask[b] & set) == set;
    return n;
}

static bool belongs(const Small *d, uint32_t set, int64_t least, ItemsetKind kind)
{
    int64_t count = holds(d, set);
    if (count < least)
        return false;
    for (int v = 0; v < ITEMS; v++) {
        uint32_t larger = set | 1u << v;
        if (larger != set && ((kind == ITEMSET_CLOSED && holds(d, larger) == count) ||
                              (kind == ITEMSET_MAXIMAL && holds(d, larger) >= least)))
            return false;
    }
    return true;
}

static void check_brute(double share, bool is_dense)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Small d;
    ItemsetBaskets b = make(&d, 3, share);
    for (int kind = 0; kind < 3; kind++)
        for (int longest = 0; longest < 5; longest += 2) {
            ItemsetOptions o = {
                .min_count = 6, .min_length = 2, .max_length = longest, .kind = (ItemsetKind)kind};
            Itemsets s;
            ASSERT_OK(itemset_find(&kn, &b, &o, &s));
            assert_int_equal(s.is_dense, is_dense);
            size_t want = 0, at = 0;
            for (uint32_t set = 1; set < 1u << ITEMS; set++) {
                int length = __builtin_popcount(set);
                want += length >= 2 && (!longest || length <= longest) &&
                        belongs(&d, set, 6, (ItemsetKind)kind);
            }
            assert_int_equal(s.n, want);
            for (; at < s.n; at++) {
                uint32_t set = 0;
                for (int64_t i = s.start[at]; i < s.start[at + 1]; i++)
                    set |= 1u << s.item[i];
                assert_int_equal(s.count[at], holds(&d, set));
                assert_true(belongs(&d, set, 6, (ItemsetKind)kind));
            }
        }
    arena_free(a);
}

TEST(itemset, finds_what_brute_force_finds_in_dense_data) { check_brute(0.35, true); }

/* Sparse: the same ten items among many that are frequent only just. */
TEST(itemset, both_ways_agree)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Small d;
    ItemsetBaskets b = make(&d, 9, 0.3);
    enum { MORE = 400 };
    int64_t cells = d.start[BASKETS],
            *start = arena_alloc(a, (BASKETS + 6 * MORE + 1) * sizeof(int64_t));
    int32_t *item = arena_alloc(a, (size_t)(cells + 6 * MORE) * sizeof(int32_t));
    memcpy(start, d.start, sizeof(d.start));
    memcpy(item, d.item, (size_t)cells * sizeof(int32_t));
    for (int i = 0; i < 6 * MORE; i++) { /* baskets of one other item each */
        item[cells + i] = ITEMS + i % MORE;
        start[BASKETS + i + 1] = cells + i + 1;
    }
    ItemsetBaskets wide = {BASKETS + 6 * MORE, ITEMS + MORE, start, item};
    for (int round = 0; round < 9; round++) { /* as long as they get, pairs, at most three */
        ItemsetOptions o = {.min_count = 6,
                            .min_length = 2,
                            .max_length = (int[]){0, 2, 3}[round / 3],
                            .kind = (ItemsetKind)(round % 3)};
        Itemsets dense, sparse;
        ASSERT_OK(itemset_find(&kn, &b, &o, &dense));
        ASSERT_OK(itemset_find(&kn, &wide, &o, &sparse));
        assert_true(dense.is_dense && !sparse.is_dense);
        assert_int_equal(dense.n, sparse.n);
        assert_memory_equal(dense.item, sparse.item,
                            (size_t)dense.start[dense.n] * sizeof(int32_t));
        assert_memory_equal(dense.count, sparse.count, dense.n * sizeof(int64_t));
    }
    arena_free(a);
}

/* A rule is redundant when any smaller left side has at least its confidence: by brute force. */
TEST(itemset, redundant_rules_are_those_of_the_definition)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Small d;
    ItemsetBaskets b = make(&d, 5, 0.4);
    ItemsetOptions o = {.min_count = 4, .min_length = 1};
    ItemsetRuleOptions ro = {.min_confidence = 0.2, .min_length = 2, .alpha = 1};
    Itemsets s;
    ItemsetRules all, lean;
    ASSERT_OK(itemset_find(&kn, &b, &o, &s));
    ASSERT_OK(itemset_rules(&kn, &s, BASKETS, &ro, &all));
    size_t redundant = 0;
    for (size_t i = 0; i < all.n; i++) {
        const ItemsetRule *r = &all.rule[i];
        uint32_t left = 0, right = 1u << r->right;
        for (int k = 0; k < r->n_left; k++)
            left |= 1u << r->left[k];
        bool want = false;
        for (uint32_t sub = (left - 1) & left;;
             sub = (sub - 1) & left) { /* proper subsets, empty last */
            want |= (double)holds(&d, sub | right) / (double)holds(&d, sub) >= r->confidence;
            if (sub == 0)
                break;
        }
        assert_int_equal(r->is_redundant, want);
        redundant += want;
        ASSERT_RELATIVE(r->lift,
                        (double)holds(&d, left | right) * BASKETS /
                            ((double)holds(&d, left) * (double)holds(&d, right)),
                        1e-14);
    }
    assert_true(redundant > 0);
    ro.drop_redundant = true;
    ASSERT_OK(itemset_rules(&kn, &s, BASKETS, &ro, &lean));
    assert_int_equal(lean.n, all.n - redundant);
    arena_free(a);
}

TEST(itemset, adjusted_p_grow_and_filter)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Small d;
    ItemsetBaskets b = make(&d, 5, 0.3);
    ItemsetOptions o = {.min_count = 4, .min_length = 1};
    Itemsets s;
    ASSERT_OK(itemset_find(&kn, &b, &o, &s));
    size_t n[4];
    for (int how = 0; how < 4; how++) {
        ItemsetRuleOptions ro = {.min_length = 2, .alpha = 0.05, .adjust = (ItemsetAdjust)how};
        ItemsetRules r;
        ASSERT_OK(itemset_rules(&kn, &s, BASKETS, &ro, &r));
        n[how] = r.n;
        for (size_t i = 0; i < r.n; i++) {
            assert_true(r.rule[i].adjusted >= r.rule[i].p && r.rule[i].adjusted <= 0.05);
            if (how == ITEMSET_BONFERRONI)
                ASSERT_RELATIVE(r.rule[i].adjusted, r.rule[i].p * (double)r.candidates, 1e-15);
        }
    }
    assert_true(n[ITEMSET_NONE] >= n[ITEMSET_BH] && n[ITEMSET_BH] >= n[ITEMSET_HOLM]);
    assert_true(n[ITEMSET_HOLM] >= n[ITEMSET_BONFERRONI]);
    arena_free(a);
}

/* scipy.stats.hypergeom.sf(k - 1, n, a, b) */
TEST(itemset, fisher_agrees_with_scipy)
{
    ASSERT_RELATIVE(itemset_fisher(20, 8, 7, 5), 0.0521155830753354, 1e-12);
    ASSERT_RELATIVE(itemset_fisher(9835, 21, 792, 19), 2.4032440202459893e-19, 1e-9);
    ASSERT_RELATIVE(itemset_fisher(100, 50, 40, 12), 0.9997755024655017, 1e-12);
    ASSERT_CLOSE(itemset_fisher(10, 4, 5, 0), 1, 0);
    ASSERT_CLOSE(itemset_fisher(10, 4, 5, 6), 0, 0);
    double sum = 0; /* P(K >= k) summed over k >= 1 is the mean */
    for (int k = 1; k <= 12; k++)
        sum += itemset_fisher(50, 12, 20, k);
    ASSERT_RELATIVE(sum, 12 * 20 / 50.0, 1e-12);
}

TEST(itemset, names_what_is_wrong)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    int64_t start[] = {0, 2, 3};
    int32_t item[] = {0, 1, 7};
    ItemsetBaskets b = {2, 2, start, item}, none = {0, 2, start, item};
    ItemsetOptions o = {.min_count = 1, .min_length = 1}, zero = {.min_count = 0, .min_length = 1};
    Itemsets s;
    ASSERT_ST(ST_INVALID, itemset_find(&kn, &b, &o, &s));
    assert_int_equal(kn.fault.kind, FAULT_RANGE);
    assert_int_equal(kn.fault.row, 1);
    ASSERT_ST(ST_INVALID, itemset_find(&kn, &none, &o, &s));
    assert_int_equal(kn.fault.kind, FAULT_EMPTY);
    item[2] = 1;
    ASSERT_ST(ST_INVALID, itemset_find(&kn, &b, &zero, &s));
    o.limit = 2;
    ASSERT_ST(ST_TOO_LARGE, itemset_find(&kn, &b, &o, &s));
    assert_int_equal(kn.fault.kind, FAULT_TOO_MANY);
    arena_free(a);
}

TEST_MAIN("itemset")
