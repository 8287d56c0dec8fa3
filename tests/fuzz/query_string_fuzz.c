/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a query string: what is accepted consists of announced, distinct names and valid
 * UTF-8, and survives being encoded and read again. */
#include "base/utf8.h"
#include "http/query_string.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX = 6 };
static const char ALLOWED[] = "a b count filter sort";

static void encode(Buf *out, Str s)
{
    for (size_t i = 0; i < s.n; i++)
        buf_printf(out, "%%%02x", (unsigned char)s.p[i]);
}

static void check(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_new(4096);
    QueryPair one[MAX], two[MAX];
    size_t n, m, bad_at;
    Str bad;
    if (query_string_parse(a, str_n((const char *)data, size), ALLOWED, one, MAX, &n, &bad)) {
        Buf again = buf_in(a, 1 << 20);
        check(n <= MAX);
        for (size_t i = 0; i < n; i++) {
            check(utf8_valid(one[i].value, &bad_at));
            for (size_t j = 0; j < i; j++)
                check(!str_eq(one[i].name, one[j].name));
            encode(&again, one[i].name);
            buf_char(&again, '=');
            encode(&again, one[i].value);
            buf_char(&again, '&');
        }
        check(query_string_parse(a, buf_str(&again), ALLOWED, two, MAX, &m, &bad) && m == n);
        for (size_t i = 0; i < n; i++)
            check(str_eq(one[i].name, two[i].name) && str_eq(one[i].value, two[i].value));
    }
    arena_free(a);
    return 0;
}
