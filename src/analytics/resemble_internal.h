/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the kernels that look into texts. */
#pragma once
#include "base/str.h"

uint32_t resemble_next(Str s, size_t *at); /* the code point at *at, moves on; any bytes */
bool resemble_is_word(uint32_t c);         /* part of a word: a letter, a digit, Han */
