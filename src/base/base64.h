/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 of URLs, without padding (RFC 4648, 5). */
#pragma once
#include "base/arena.h"
#include "base/str.h"

Str base64_text(Arena *a, const void *p, size_t n);
/* Of at most `max` bytes into ret; false: something else, or longer. Padding at the end is passed over. */
bool base64_read(Str text, unsigned char *ret, size_t max, size_t *ret_n);
