/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-decoding and strict query strings: every name must be announced, none may come twice. */
#pragma once
#include "base/str.h"

typedef struct QueryPair {
    Str name, value; /* decoded, valid UTF-8 without NUL */
} QueryPair;

/* %XX decoded (and '+' → space where plus is set). False for a broken escape, bad UTF-8 or NUL.
 * Without anything to decode the answer is raw itself. */
bool query_string_decode(Arena *a, Str raw, bool plus, Str *ret);

/* Reads "a=1&b=2" into out[0..max). allowed: names separated by a space, NULL = none. False if a
 * name is unknown, repeated, not decodable or one too many; *ret_bad then names it (raw if need be). */
bool query_string_parse(Arena *a, Str raw, const char *allowed, QueryPair *out, size_t max,
                        size_t *ret_n, Str *ret_bad);
