/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 of URLs by libsodium. */
#include "base/base64.h"

#include <sodium.h>

#define FORM sodium_base64_VARIANT_URLSAFE_NO_PADDING

Str base64_text(Arena *a, const void *p, size_t n)
{
    size_t size = sodium_base64_encoded_len(n, FORM);
    char *text = arena_zero(a, size);
    sodium_bin2base64(text, size, p, n, FORM);
    return str_of(text);
}

bool base64_read(Str text, unsigned char *ret, size_t max, size_t *ret_n)
{
    while (text.n && text.p[text.n - 1] == '=')
        text.n--;
    return text.n && sodium_base642bin(ret, max, text.p, text.n, NULL, ret_n, NULL, FORM) == 0;
}
