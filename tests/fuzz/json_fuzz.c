/* SPDX-License-Identifier: Apache-2.0 */
/* JSON bodies: whatever comes in, what was accepted is valid UTF-8 and reads the same again. */
#include "base/json.h"
#include "base/utf8.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static json_t *again(Ctx *cx, const json_t *j)
{
    json_t *second = NULL;
    Buf b = buf_in(cx->arena, 64 << 20);
    json_write(&b, j);
    if (buf_overflowed(&b) || !utf8_valid(buf_str(&b), NULL) ||
        json_parse(cx, buf_str(&b), &second) != ST_OK)
        abort();
    return second;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new(4096);
    Ctx cx = {.arena = arena, .lang = LANG_ZH};
    json_t *first = NULL;
    if (json_parse(&cx, str_n((const char *)data, size), &first) == ST_OK) {
        json_t *second = again(&cx, first); /* reals that are whole come back as integers */
        if (!json_equal(second, again(&cx, second)))
            abort();
    } else {
        Buf problem = buf_in(arena, 1 << 20);
        if (error_problem(&cx, &problem) != 400 || buf_overflowed(&problem))
            abort();
    }
    arena_free(arena);
    return 0;
}
