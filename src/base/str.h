/* SPDX-License-Identifier: Apache-2.0 */
/* Str: a view of bytes, not owned, not terminated. Text is UTF-8 (checked at the door, utf8.h). */
#pragma once
#include "base/arena.h"
#include <stdbool.h>
#include <string.h>

typedef struct Str {
    const char *p;
    size_t n;
} Str;

#define STR(lit) ((Str){("" lit), sizeof(lit) - 1})
#define STR_SQL(array) ((Str){(array), sizeof(array) - 1}) /* static const char SQL_…[] */
#define STR_NULL ((Str){NULL, 0})
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p

static inline Str str_of(const char *z) { return z ? (Str){z, strlen(z)} : STR_NULL; }
static inline Str str_n(const char *p, size_t n) { return (Str){p, n}; }
static inline bool str_eq(Str a, Str b)
{
    return a.n == b.n && (a.n == 0 || !memcmp(a.p, b.p, a.n));
}
static inline bool str_is(Str a, const char *z) { return str_eq(a, str_of(z)); }
int str_cmp(Str a, Str b); /* byte order */
bool str_starts(Str s, Str head);
bool str_ends(Str s, Str tail);
Str str_trim(Str s);                       /* ASCII white space, and U+3000 */
Str str_sub(Str s, size_t from, size_t n); /* clamped */
/* Index of the byte or needle, or SIZE_MAX. */
size_t str_find_char(Str s, char c);
size_t str_find(Str s, Str needle);
/* Cuts s at the first sep: gives the head, leaves the tail in *s; false when s was empty. */
bool str_split(Str *s, char sep, Str *ret_head);
Str str_copy(Arena *a, Str s);
char *str_z(Arena *a, Str s); /* NUL-terminated copy */
Str str_format(Arena *a, const char *fmt, ...) PRINTF(2, 3);
uint64_t str_hash(Str s);
/* Strict decimal int64 with optional '-'; false on anything else or overflow. */
bool str_int(Str s, int64_t *ret);
bool str_uint(Str s, uint64_t *ret);
