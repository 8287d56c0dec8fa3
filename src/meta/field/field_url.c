/* SPDX-License-Identifier: Apache-2.0 */
/* url: an address of the web. Without a scheme https is meant; what a browser would run (javascript:,
 * data:) is refused, since people click on it. Host and scheme in lower case. */
#include "base/utf8.h"
#include "meta/field/field.h"

#define URL_MAX 2000

static bool url_is_host_char(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
}

/* The length of "https://" or "http://" at the start; 0 if another scheme or none is there. */
static size_t url_scheme(Str s)
{
    static const char *const SCHEMES[] = {"https://", "http://"};
    for (size_t i = 0; i < COUNT_OF(SCHEMES); i++) {
        size_t n = strlen(SCHEMES[i]);
        if (s.n > n && !strncasecmp(s.p, SCHEMES[i], n))
            return n;
    }
    return 0;
}

/* host[:port], a dot in it or "localhost"; [v6] addresses are not for customers' pages. */
static size_t url_host(Str s)
{
    size_t n = 0, port = 0;
    while (n < s.n && url_is_host_char((unsigned char)s.p[n]))
        n++;
    Str host = str_sub(s, 0, n);
    if (n == 0 || n > 253 || host.p[0] == '.' || host.p[0] == '-' ||
        str_find(host, STR("..")) != SIZE_MAX ||
        (str_find_char(host, '.') == SIZE_MAX && !str_is(host, "localhost")))
        return 0;
    if (n < s.n && s.p[n] == ':') {
        n++;
        while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9' && port++ < 5)
            n++;
        if (port == 0)
            return 0;
    }
    return n == s.n || strchr("/?#", s.p[n]) ? n : 0;
}

static bool url_rest_is_plain(Str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == 0x7f || strchr("\"<>\\^`{|}", c))
            return false;
    }
    return true;
}

static Status url_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                             Value *out)
{
    Str s = str_trim(in);
    *out = VALUE_NULL;
    if (!s.n)
        return ST_OK;
    size_t scheme = url_scheme(s);
    Str rest = str_sub(s, scheme, s.n);
    size_t host = url_host(rest);
    if (!host || s.n > URL_MAX - 8 || !url_rest_is_plain(rest))
        return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_url",
                          "is not an address such as https://example.com/page");
    Buf b = buf_in(cx->arena, URL_MAX + 1);
    buf_str_add(&b, scheme ? str_sub(s, 0, scheme) : STR("https://"));
    buf_str_add(&b, rest);
    for (size_t i = 0; i < b.n - rest.n + host; i++)
        if (b.p[i] >= 'A' && b.p[i] <= 'Z')
            b.p[i] = (char)(b.p[i] + ('a' - 'A'));
    *out = (Value){.t = V_TEXT, .s = buf_str(&b)};
    return ST_OK;
}

static Status url_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    if (!json_is_string(in))
        return field_wrong(cx, f);
    return url_parse_text(cx, f, json_str(in), NULL, out);
}

static Status url_declare(Ctx *cx UNUSED, Field *f, const json_t *decl UNUSED)
{
    f->max = URL_MAX;
    return ST_OK;
}

const FieldType field_url_type = {
    .kind = F_URL,
    .name = "url",
    .value = V_TEXT,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .searchable = true,
    .columns = field_column_text,
    .parse = url_parse,
    .parse_text = url_parse_text,
    .validate = field_text_validate,
    .load = field_text_load,
    .store = field_text_store,
    .json = field_text_json,
    .text = field_text_text,
    .declare = url_declare,
};
