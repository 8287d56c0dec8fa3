/* SPDX-License-Identifier: Apache-2.0 */
/* order: an order of rows that depends on what they hold alone, so that a method that draws rows at random gives the
 * same result however the file is sorted. Rows are told by a 64-bit hash of their values: hash every value with
 * order_mix, then sort. Equal rows are interchangeable; two different rows of equal hash (one chance in 10⁵ among
 * 10⁷ rows) keep the order of the file. */
#pragma once
#include "analytics/kernel.h"

/* The hash so far and one more value; −0 counts as 0, every NAN as the same. */
uint64_t order_mix(uint64_t hash, double value);
uint64_t order_mix_bits(uint64_t hash, uint64_t bits);
/* ret[0 … n-1]: positions by rising hash. O(n). ST_TOO_LARGE for 2^32 rows; ST_BUSY. */
CHECKED Status order_rows(Kernel *k, const uint64_t *hash, size_t n, uint32_t *ret);
