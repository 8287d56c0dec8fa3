/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a form with the boundary "B", once whole and once in pieces (the first byte says how
 * long): both must come to the same end, the same texts and the same file. */
#include "http/multipart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const MultipartLimits LIMITS = {200, 5, 4000, P_tmpdir};

static MultipartState feed(Multipart *m, Str body, size_t step)
{
    for (size_t i = 0; i < body.n; i += step)
        multipart_feed(m, str_sub(body, i, step));
    return multipart_end(m);
}

static void check(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    Arena *a = arena_new(8192);
    Str body = str_n((const char *)data + 1, size - 1);
    Multipart *whole = multipart_new(a, STR("B"), &LIMITS);
    Multipart *pieces = multipart_new(a, STR("B"), &LIMITS);
    MultipartState state = feed(whole, body, body.n);
    check(feed(pieces, body, (size_t)data[0] % 13 + 1) == state);
    if (state == MULTIPART_OK) {
        check(str_eq(multipart_text(whole, STR("a")), multipart_text(pieces, STR("a"))));
        const HttpFile *one = multipart_file(whole, STR("f")),
                       *two = multipart_file(pieces, STR("f"));
        check(!one == !two);
        check(!one || (one->size == two->size && !memcmp(one->sha256, two->sha256, 32)));
        check(!one || access(one->path, F_OK) == 0);
    }
    multipart_drop(whole);
    multipart_drop(pieces);
    arena_free(a);
    return 0;
}
