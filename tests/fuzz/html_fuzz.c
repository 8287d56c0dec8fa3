/* SPDX-License-Identifier: Apache-2.0 */
/* The sanitiser: whatever comes in, what comes out is valid UTF-8, holds no tag or attribute that is
 * not allowed, and sanitised again it is the same; its words come out in bounds. */
#include "base/html.h"
#include "base/utf8.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const ALLOWED[] = {
    "a",     "blockquote", "br", "code",  "s",  "p",  "em",  "h1",     "h2",
    "h3",    "h4",         "hr", "img",   "li", "ol", "pre", "strong", "table",
    "tbody", "td",         "th", "thead", "tr", "u",  "ul"};

static void expect(bool is)
{
    if (!is)
        abort();
}

/* Every '<' begins an allowed tag whose attributes are name="value". */
static void check(Str html)
{
    for (size_t i = 0; i < html.n; i++) {
        if (html.p[i] != '<')
            continue;
        size_t end = str_find_char(str_sub(html, i, html.n), '>');
        expect(end != SIZE_MAX);
        Str tag = str_sub(html, i + 1, end - 1), name;
        if (str_starts(tag, STR("/")))
            tag = str_sub(tag, 1, tag.n);
        Str rest = tag;
        expect(str_split(&rest, ' ', &name));
        bool known = false;
        for (size_t k = 0; k < COUNT_OF(ALLOWED); k++)
            known = known || str_is(name, ALLOWED[k]);
        expect(known);
        expect(str_find(tag, STR("javascript:")) == SIZE_MAX ||
               str_find(tag, STR("=\"javascript:")) == SIZE_MAX);
        expect(str_find(tag, STR(" on")) == SIZE_MAX || str_find_char(tag, '"') != SIZE_MAX);
        i += end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_new(4096);
    Str in = str_n((const char *)data, size);
    if (size < 100000 && utf8_valid(in, NULL)) {
        Buf once = buf_in(a, 4 << 20), twice = buf_in(a, 4 << 20);
        html_sanitise(in, STR("/api/v1/files/"), &once);
        expect(!buf_overflowed(&once));
        expect(utf8_valid(buf_str(&once), NULL));
        check(buf_str(&once));
        html_sanitise(buf_str(&once), STR("/api/v1/files/"), &twice);
        expect(str_eq(buf_str(&once), buf_str(&twice)));
        Str words = html_text(a, buf_str(&once));
        expect(words.n <= once.n && utf8_valid(words, NULL));
    }
    arena_free(a);
    return 0;
}
