/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimals: int64 value × 10^-scale (scale 0…9); products in __int128, half-even. */
#pragma once
#include "base/buf.h"

/* "1234.5" at scale 2 → 123450; digits lost beyond the scale are an error unless they are zeros
 * (round = true: half-even instead). Accepts a sign; no exponent, no separators. */
bool decimal_parse(Str s, int scale, bool round, int64_t *ret);
/* As people write it: thousands separators, full-width digits, currency signs, 万 亿, trailing %. */
bool decimal_parse_loose(Str s, int scale, int64_t *ret);
bool decimal_rescale(int64_t v, int from, int to, int64_t *ret); /* half-even; false on overflow */
bool decimal_mul(int64_t a, int64_t b, int divide_pow10, int64_t *ret);
/* a × b × c / 10^divide_pow10, rounded once; false when it does not fit. */
bool decimal_mul3(int64_t a, int64_t b, int64_t c, int divide_pow10, int64_t *ret);
int64_t decimal_pow10(int n); /* 0…18 */
/* num / den with `digits` places, half-even (for averages): den > 0. */
void decimal_write_ratio(Buf *b, __int128 num, __int128 den, int digits);
void decimal_write128(Buf *b, __int128 v, int scale);
