/* SPDX-License-Identifier: Apache-2.0 */
/* itemset: what is bought together: frequent, closed and maximal sets, and rules from them.
 *
 * Shapes: baskets as rows of item numbers 0 … items-1 (start[b] … start[b+1], any order; an item twice
 * counts once). A set is frequent when at least min_count baskets hold all of it; the empty set is not
 * counted. Closed: no larger set has the same count. Maximal: no larger set is frequent.
 * Method: depth first over items by rising count (Eclat, Zaki 2000). Dense data (baskets hold on average
 * at least 1/16 of the frequent items) by intersection of bit sets; sparse data by occurrence lists
 * (LCM's deliver, Uno et al. 2004): an occurrence is a place in the baskets' array, so the lists of all
 * levels together stay within the data's size times the depth, whatever the number of sets.
 * Memory: O(data + found sets). Bound: `limit` sets found (FAULT_TOO_MANY); item numbers out of range are
 * FAULT_RANGE (row = basket), no baskets FAULT_EMPTY. Order of baskets and items changes nothing. */
#pragma once
#include "analytics/work.h"

typedef enum ItemsetKind { ITEMSET_FREQUENT, ITEMSET_CLOSED, ITEMSET_MAXIMAL } ItemsetKind;

typedef struct ItemsetBaskets {
    size_t baskets, items;
    const int64_t *start; /* baskets + 1 */
    const int32_t *item;
} ItemsetBaskets;

typedef struct ItemsetOptions {
    int64_t min_count;          /* >= 1 */
    int min_length, max_length; /* 1 … 64; max 0: no bound */
    ItemsetKind kind;
    size_t limit; /* sets; 0: 50 million */
} ItemsetOptions;

typedef struct Itemsets {
    size_t n;
    int64_t *start; /* n + 1 */
    int32_t *item;  /* ascending within a set */
    int64_t *count; /* n: baskets that hold the set */
    bool is_dense;  /* which way was taken */
} Itemsets;

/* Sets in order: length, then items. */
CHECKED Status itemset_find(Kernel *kn, const ItemsetBaskets *b, const ItemsetOptions *o,
                            Itemsets *ret);

/* Rules A → c, one item on the right (Agrawal et al. 1993). n = baskets:
 *   support |Ac|/n   confidence |Ac|/|A|   coverage |A|/n   lift confidence/(|c|/n)
 *   leverage support - coverage·|c|/n   conviction (1 - |c|/n)/(1 - confidence), infinite at 1
 *   p: Fisher's exact test, one-sided: P(at least this many together by chance)
 *   is_redundant: a rule with fewer items on the left has at least this confidence (Bayardo 2000) */
typedef struct ItemsetRule {
    const int32_t *left; /* ascending */
    int n_left;
    int32_t right;
    int64_t count, left_count, right_count;
    double support, confidence, coverage, lift, leverage, conviction, p, adjusted;
    bool is_redundant;
} ItemsetRule;

typedef enum ItemsetAdjust {
    ITEMSET_NONE,
    ITEMSET_BONFERRONI,
    ITEMSET_HOLM,
    ITEMSET_BH
} ItemsetAdjust;

typedef struct ItemsetRuleOptions {
    double min_confidence;
    int min_length, max_length; /* items of the whole rule; 2 … */
    bool drop_redundant;
    ItemsetAdjust adjust; /* over all candidates A → c with enough support, confident or not */
    double alpha;         /* keep adjusted p <= alpha; >= 1: keep all */
} ItemsetRuleOptions;

typedef struct ItemsetRules {
    size_t n, candidates;
    ItemsetRule *rule; /* lift falling, count falling, left, right */
} ItemsetRules;

/* sets: all frequent sets (ITEMSET_FREQUENT, min_length 1) of `baskets` baskets. O(Σ length²). */
CHECKED Status itemset_rules(Kernel *kn, const Itemsets *sets, size_t baskets,
                             const ItemsetRuleOptions *o, ItemsetRules *ret);
/* One-sided Fisher: P(K >= k) for k of `a` marked among `b` drawn from n. */
double itemset_fisher(int64_t n, int64_t a, int64_t b, int64_t k);
