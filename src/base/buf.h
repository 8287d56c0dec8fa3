/* SPDX-License-Identifier: Apache-2.0 */
/* Buf: growing text or bytes in an arena, with a maximum stated at birth. Past it nothing is added
 * and buf_overflowed() is true; the builder checks once, at the end.
 *   Buf b = buf_in(cx->arena, MAX_BODY); buf_lit(&b, "{"); buf_json_str(&b, name); */
#pragma once
#include "base/str.h"

typedef struct Buf {
    char *p;
    size_t n, cap, max;
    Arena *arena;
    bool overflow;
} Buf;

Buf buf_in(Arena *a, size_t max_bytes);
static inline bool buf_overflowed(const Buf *b) { return b->overflow; }
static inline Str buf_str(const Buf *b) { return (Str){b->p, b->n}; }
const char *buf_z(Buf *b); /* NUL behind the end, not counted */
bool buf_reserve(Buf *b, size_t more);
void buf_add(Buf *b, const void *p, size_t n);
void buf_char(Buf *b, char c);
void buf_str_add(Buf *b, Str s);
void buf_int(Buf *b, int64_t v);
void buf_uint(Buf *b, uint64_t v);
void buf_hex(Buf *b, const void *p, size_t n);
void buf_printf(Buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_html(Buf *b, Str s); /* escaped for HTML text and attributes */
void buf_csv(Buf *b, Str s);  /* RFC 4180 quoting when needed */
void buf_truncate(Buf *b, size_t n);
#define buf_lit(b, lit) buf_add((b), "" lit, sizeof(lit) - 1)

/* JSON out. Strings were validated at the door; escapes " \ and control bytes. */
void buf_json_str(Buf *b, Str s);
void buf_json_id(Buf *b, int64_t id);               /* "84213377" */
void buf_json_named(Buf *b, int64_t id, Str title); /* {"id":…,"title":…}, null without title */
void buf_json_next(Buf *b, int64_t id);             /* ends a page: ],"next":"84213377"}; 0: null */
void buf_json_real(Buf *b, double v); /* shortest that reads back; NaN, Inf → null */
void buf_json_bool(Buf *b, bool v);
void buf_decimal(Buf *b, int64_t v, int scale);      /* 123450 scale 2 → 1234.50, no quotes */
void buf_key(Buf *b, bool *first, const char *name); /* [,]"name":  name is a literal */
