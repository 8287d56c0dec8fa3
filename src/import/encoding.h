/* SPDX-License-Identifier: Apache-2.0 */
/* Which encoding a text file is in, and turning it into UTF-8. */
#pragma once
#include "base/ctx.h"

/* By BOM, then UTF-8 if all of it is valid, else what its bytes look like. *ret_skip: bytes of BOM. */
Str encoding_guess(Arena *a, Str bytes, size_t *ret_skip);
bool encoding_is_utf8(Str name);
/* Writes bytes as UTF-8 to fd; what cannot be read becomes U+FFFD. */
CHECKED Status encoding_convert(Ctx *cx, Str bytes, Str name, int fd);
