/* SPDX-License-Identifier: Apache-2.0 */
/* The tokeniser and the matcher: whatever a value and a query hold, tokens are sorted, clean and the
 * same twice, the engine's query holds no letter that could be taken for its language, every range
 * lies in the value, and any one or two Han characters of a value are found in it again. The text up
 * to the first line end is the query, the rest the value; the first byte chooses the kind of field. */
#include "base/utf8.h"
#include "search/search.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_VALUE 4000

static void need(bool holds)
{
    if (!holds)
        abort();
}

static void check_tokens(Str text)
{
    Str last = STR(""), token;
    for (Str rest = text; str_split(&rest, ' ', &token);) {
        need(token.n > 0 && str_cmp(last, token) < 0);
        for (size_t i = 0; i < token.n; i++) {
            unsigned char c = (unsigned char)token.p[i];
            need((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '=' || c == '^' ||
                 c >= 0x80);
        }
        last = token;
    }
}

static void check_match(Str match, DbKind kind)
{
    const char *allowed = kind == DB_SQLITE ? "\"()* ANDOR" : "'()&|:* ";
    bool quoted = false;
    for (size_t i = 0; i < match.n; i++) {
        if (match.p[i] == (kind == DB_SQLITE ? '"' : '\''))
            quoted = !quoted;
        else
            need(quoted || strchr(allowed, match.p[i]));
    }
    need(!quoted);
}

static void check_han(Ctx *cx, const SearchText *t, Str value)
{
    SearchQuery q;
    SearchRange r;
    size_t n = 0;
    for (size_t at = 0; at < value.n && n < 50; n++) {
        size_t start = at;
        uint32_t cp = utf8_next(value, &at);
        if (cp < 0x4e00 || cp > 0x9fa5)
            continue;
        need(search_parse(cx, str_sub(value, start, at - start), &q) == ST_OK);
        need(q.n == 1 && search_find(t, &q.terms[0], &r));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const FieldKind kinds[] = {F_TEXT, F_LONG_TEXT, F_PHONE, F_AUTO_NUMBER, F_EMAIL};
    Str all = str_n((const char *)data + 1, size ? size - 1 : 0), query;
    size_t bad;
    if (!size || size > MAX_VALUE || !utf8_valid(all, &bad) || !str_split(&all, '\n', &query))
        return 0;
    Arena *a = arena_new(1 << 16);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    Object o = {.n_fields = 1};
    Field f = {.kind = kinds[data[0] % COUNT_OF(kinds)],
               .search = true,
               .n_columns = 1,
               .object = &o,
               .number_format = STR("C{0000}")};
    Field *list[] = {&f};
    Value v = {.t = V_TEXT, .s = all};
    SearchQuery q;
    o.fields = list;
    o.title = &f;
    Str tokens = search_tokens(a, &o, &v).text;
    check_tokens(tokens);
    need(str_eq(tokens, search_tokens(a, &o, &v).text));
    SearchText t = search_text(a, &f, all);
    check_han(&cx, &t, all);
    if (search_parse(&cx, query, &q) == ST_OK) {
        for (int tier = SEARCH_TITLE; tier <= SEARCH_ALL; tier++)
            for (int kind = DB_SQLITE; kind <= DB_POSTGRES; kind++)
                check_match(search_match(a, &q, (DbKind)kind, (SearchTier)tier), (DbKind)kind);
        for (size_t i = 0; i < q.n; i++) {
            SearchRange r;
            if (search_find(&t, &q.terms[i], &r))
                need(r.from < r.to && r.to <= utf8_length(all));
        }
    }
    check_match(search_needle(a, &f, query, DB_SQLITE), DB_SQLITE);
    arena_free(a);
    return 0;
}
