/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: whatever comes in, columns have values for each row, codes lie in their dictionaries, and
 * an error names a line. The text up to the first NUL is --where and, behind a byte 1, --missing-codes; the rest is the
 * file. */
#include "analyze/frame.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const Frame *f, const Series *c)
{
    size_t missing = 0;
    for (size_t i = 0; i < f->n; i++) {
        missing += frame_is_missing(c, i);
        if (c->coded && c->coded[i] && (!frame_is_missing(c, i) || c->coded[i] > c->n_codes))
            abort();
        if (c->kind == COLUMN_TEXT && frame_code(c, i) >= (int32_t)c->n_values)
            abort();
        if (c->kind != COLUMN_TEXT && isinf(c->num[i]))
            abort();
    }
    if (missing != c->n_missing)
        abort();
    for (size_t i = 1; i < c->n_values; i++)
        if (str_cmp(c->values[i - 1], c->values[i]) >= 0)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Frame f;
    Groups g;
    CLEANUP(arena) Arena *arena = arena_new(4096);
    Ctx cx = {.arena = arena, .lang = LANG_ZH, .zone = zone_get(STR("UTC"))};
    const char *text = (const char *)data;
    const char *nul = size ? memchr(text, 0, size) : NULL;
    size_t cut = nul ? (size_t)(nul - text) : 0, skip = nul ? cut + 1 : 0;
    const char *one = cut ? memchr(text, 1, cut) : NULL;
    size_t where = one ? (size_t)(one - text) : cut;
    FrameWanted w = {.where = str_n(text, where), .encoding = STR("UTF-8")};
    FrameCodes *codes = NULL;
    if (size > 65536)
        return 0;
    if (one &&
        frame_codes_parse(&cx, str_n(one + 1, cut - where - 1), &codes, &w.n_codes) != ST_OK) {
        if (cx.err.text.n == 0)
            abort();
        return 0;
    }
    w.codes = codes;
    if (frame_read_text(&cx, str_n(text + skip, size - skip), &w, &f) != ST_OK) {
        if (cx.err.text.n == 0)
            abort();
        return 0;
    }
    for (size_t k = 0; k < f.n_columns; k++) {
        check(&f, &f.columns[k]);
        if (frame_groups(&cx, &f, &f.columns[k], &g) == ST_OK)
            for (size_t i = 0; i < f.n; i++)
                if (g.of[i] >= (int32_t)g.n)
                    abort();
        error_clear(&cx);
    }
    if (f.n)
        frame_line(&f, f.n - 1);
    return 0;
}
