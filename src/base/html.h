/* SPDX-License-Identifier: Apache-2.0 */
/* HTML from outside: what people paste or write in an editor, made harmless; and its plain text.
 *
 * The sanitiser reads once, left to right, and writes only what its tables allow, with every text and
 * value escaped anew: what comes out is well nested, and sanitising it again changes nothing. */
#pragma once
#include "base/buf.h"

/* Adds the allowed part of `in` to out (check buf_overflowed). Pictures and links within `own` (such
 * as "/api/v1/files/") are kept, other pictures dropped; links lead to http, https, mailto, tel. */
void html_sanitise(Str in, Str own, Buf *out);
/* The words of sanitised HTML: a line a block, references resolved. */
Str html_text(Arena *a, Str html);
bool html_is_empty(Str html); /* neither words nor pictures nor rules */
/* Plain text as HTML: a paragraph a block of lines. */
void html_of_text(Str text, Buf *out);
