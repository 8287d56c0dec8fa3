/* SPDX-License-Identifier: Apache-2.0 */
/* Inside itemset_*.c only: a set is found by a hash that does not depend on the order of its items, so
 * that of a set without one item is a subtraction. */
#pragma once
#include "analytics/itemset.h"

typedef struct ItemsetIndex {
    const Itemsets *sets;
    uint32_t *slots;
    size_t mask;
} ItemsetIndex;

ItemsetIndex itemset_index(Arena *a, const Itemsets *sets);
/* Position of set i without its item at place `skip`; SIZE_MAX if it is not there. */
size_t itemset_without(const ItemsetIndex *x, size_t i, int skip);
