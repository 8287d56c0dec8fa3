/* SPDX-License-Identifier: Apache-2.0 */
/* An allow-list sanitiser. Everything that is not read with certainty is dropped: a tag that does not
 * end, a comment, an attribute that is not in the table. Elements that hold no text of people (script,
 * style …) go with all that is in them, other unknown elements go and leave their text. */
#include "base/html.h"
#include "base/utf8.h"

#define MAX_OPEN 64    /* deeper elements lose their tags, not their text */
#define MAX_NAME 16    /* bytes of an element's or attribute's name that matter */
#define MAX_VALUE 2048 /* bytes of an attribute */

enum { IS_VOID = 1, IS_BLOCK = 2, IS_CELL = 4 };

static const struct {
    const char *name, *as; /* written as */
    int flags;
} ELEMENTS[] = {
    {"a", "a", 0},
    {"b", "strong", 0},
    {"blockquote", "blockquote", IS_BLOCK},
    {"br", "br", IS_VOID | IS_BLOCK},
    {"code", "code", 0},
    {"del", "s", 0},
    {"div", "p", IS_BLOCK},
    {"em", "em", 0},
    {"h1", "h1", IS_BLOCK},
    {"h2", "h2", IS_BLOCK},
    {"h3", "h3", IS_BLOCK},
    {"h4", "h4", IS_BLOCK},
    {"hr", "hr", IS_VOID | IS_BLOCK},
    {"i", "em", 0},
    {"img", "img", IS_VOID},
    {"li", "li", IS_BLOCK},
    {"ol", "ol", IS_BLOCK},
    {"p", "p", IS_BLOCK},
    {"pre", "pre", IS_BLOCK},
    {"s", "s", 0},
    {"strong", "strong", 0},
    {"table", "table", IS_BLOCK},
    {"tbody", "tbody", 0},
    {"td", "td", IS_CELL},
    {"th", "th", IS_CELL},
    {"thead", "thead", 0},
    {"tr", "tr", IS_BLOCK},
    {"u", "u", 0},
    {"ul", "ul", IS_BLOCK},
};

static const char *const SILENT[] = {
    "script", "style",    "iframe", "object", "embed", "template", "svg",      "math", "head",
    "title",  "textarea", "select", "audio",  "video", "canvas",   "noscript", "xmp",  "noembed"};

static const struct {
    const char *name, *text;
} REFERENCES[] = {{"amp", "&"},   {"lt", "<"},          {"gt", ">"},     {"quot", "\""},
                  {"apos", "'"},  {"nbsp", "\xc2\xa0"}, {"hellip", "…"}, {"mdash", "—"},
                  {"ndash", "–"}, {"ldquo", "“"},       {"rdquo", "”"},  {"lsquo", "‘"},
                  {"rsquo", "’"}, {"middot", "·"},      {"bull", "•"},   {"times", "×"},
                  {"copy", "©"},  {"reg", "®"},         {"trade", "™"},  {"yen", "¥"},
                  {"euro", "€"},  {"laquo", "«"},       {"raquo", "»"},  {"deg", "°"}};

typedef struct Html {
    Str in, own;
    size_t pos;
    Buf *out;
    uint8_t open[MAX_OPEN]; /* indexes into ELEMENTS */
    size_t n_open;
} Html;

/* ---- characters and references */
static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }

static bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* &#123; or &#x7b; : the code point, 0 if it is none that text may hold. */
static uint32_t numeric(Str digits)
{
    bool hex = digits.n > 1 && lower(digits.p[0]) == 'x';
    uint32_t cp = 0;
    for (size_t i = hex; i < digits.n; i++) {
        char c = lower(digits.p[i]);
        if (!is_digit(c) && !(hex && c >= 'a' && c <= 'f'))
            return 0;
        cp = cp * (hex ? 16 : 10) + (uint32_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
        if (cp > 0x10ffff)
            return 0;
    }
    bool control = cp < ' ' && cp != '\n' && cp != '\t';
    return control || cp == 0x7f || (cp >= 0xd800 && cp <= 0xdfff) ? 0 : cp;
}

/* The text of the reference at s ("&amp;…"): its length there, 0 if it is none we know. */
static size_t reference(Str s, Buf *out)
{
    size_t end = str_find_char(str_sub(s, 0, 12), ';');
    if (end == SIZE_MAX || end < 2)
        return 0;
    Str name = str_sub(s, 1, end - 1);
    if (name.p[0] == '#') {
        uint32_t cp = name.n > 1 ? numeric(str_sub(name, 1, name.n)) : 0;
        if (cp)
            utf8_put(out, cp);
        return end + 1;
    }
    for (size_t i = 0; i < COUNT_OF(REFERENCES); i++)
        if (str_is(name, REFERENCES[i].name)) {
            buf_str_add(out, str_of(REFERENCES[i].text));
            return end + 1;
        }
    return 0;
}

/* s with its references resolved and without control characters. */
static void resolve(Str s, Buf *out)
{
    for (size_t i = 0; i < s.n;) {
        size_t n = s.p[i] == '&' ? reference(str_sub(s, i, s.n), out) : 0;
        if (n == 0) {
            unsigned char c = (unsigned char)s.p[i];
            if ((c >= ' ' && c != 0x7f) || c == '\n' || c == '\t')
                buf_char(out, s.p[i]);
            n = 1;
        }
        i += n;
    }
}

/* Escaped, in one spelling for each character. */
static void escape(Str s, bool value, Buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '&')
            buf_lit(out, "&amp;");
        else if (c == '<')
            buf_lit(out, "&lt;");
        else if (c == '>')
            buf_lit(out, "&gt;");
        else if (c == '"' && value)
            buf_lit(out, "&quot;");
        else
            buf_char(out, c);
    }
}

static void text(Html *h, Str s)
{
    for (size_t i = 0; i < s.n;) {
        char one[8];
        Buf b = {.p = one, .cap = sizeof(one), .max = sizeof(one)};
        size_t n = s.p[i] == '&' ? reference(str_sub(s, i, s.n), &b) : 0;
        if (n) {
            escape(buf_str(&b), false, h->out);
        } else {
            n = 1;
            unsigned char c = (unsigned char)s.p[i];
            if ((c >= ' ' && c != 0x7f) || c == '\n' || c == '\t')
                escape(str_sub(s, i, 1), false, h->out);
        }
        i += n;
    }
}

/* ---- attributes */
typedef struct Attribute {
    char name[MAX_NAME + 1];
    Str value; /* as it stands */
} Attribute;

static void skip_spaces(Html *h)
{
    while (h->pos < h->in.n && is_space(h->in.p[h->pos]))
        h->pos++;
}

static size_t read_name(Html *h, char *name)
{
    size_t n = 0;
    while (h->pos < h->in.n && (is_letter(h->in.p[h->pos]) || is_digit(h->in.p[h->pos]) ||
                                h->in.p[h->pos] == '-' || h->in.p[h->pos] == ':')) {
        if (n < MAX_NAME)
            name[n] = lower(h->in.p[h->pos]);
        n++;
        h->pos++;
    }
    name[n > MAX_NAME ? 0 : n] = '\0'; /* a longer name is none of ours */
    return n;
}

static void read_value(Html *h, Attribute *a)
{
    char quote = h->pos < h->in.n ? h->in.p[h->pos] : ' ';
    size_t from = h->pos;
    if (quote == '"' || quote == '\'') {
        from = ++h->pos;
        while (h->pos < h->in.n && h->in.p[h->pos] != quote)
            h->pos++;
        a->value = str_sub(h->in, from, h->pos - from);
        h->pos += h->pos < h->in.n;
        return;
    }
    while (h->pos < h->in.n && !is_space(h->in.p[h->pos]) && h->in.p[h->pos] != '>')
        h->pos++;
    a->value = str_sub(h->in, from, h->pos - from);
}

/* The next attribute; false at the end of the tag, which is moved past. */
static bool next_attribute(Html *h, Attribute *a)
{
    for (;;) {
        skip_spaces(h);
        if (h->pos >= h->in.n)
            return false;
        if (h->in.p[h->pos] == '>') {
            h->pos++;
            return false;
        }
        a->value = STR_NULL;
        if (read_name(h, a->name) == 0) {
            h->pos++; /* a slash, a stray quote */
            continue;
        }
        skip_spaces(h);
        if (h->pos < h->in.n && h->in.p[h->pos] == '=') {
            h->pos++;
            skip_spaces(h);
            read_value(h, a);
        }
        return true;
    }
}

static bool is_safe_url(Str url, Str own, bool picture)
{
    static const char *const SCHEMES[] = {"https://", "http://", "mailto:", "tel:"};
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || url.p[i] == '\\')
            return false;
    if (own.n && str_starts(url, own))
        return str_find(url, STR("..")) == SIZE_MAX;
    for (size_t i = 0; i < COUNT_OF(SCHEMES) && !picture; i++)
        if (str_starts(url, str_of(SCHEMES[i])))
            return url.n > strlen(SCHEMES[i]);
    return false;
}

static void write_attribute(Html *h, const char *name, Str value)
{
    buf_char(h->out, ' ');
    buf_str_add(h->out, str_of(name));
    buf_lit(h->out, "=\"");
    escape(value, true, h->out);
    buf_char(h->out, '"');
}

/* Writes the attribute if the element may have it; true for the address of a picture or link. */
static bool attribute(Html *h, const char *element, const Attribute *a)
{
    char bytes[MAX_VALUE];
    Buf b = {.p = bytes, .cap = sizeof(bytes), .max = sizeof(bytes)};
    bool picture = !strcmp(element, "img"), cell = element[0] == 't' && element[2] == '\0';
    resolve(a->value, &b);
    Str value = buf_str(&b);
    if (buf_overflowed(&b))
        return false;
    if (!strcmp(a->name, picture ? "src" : "href") && (picture || !strcmp(element, "a"))) {
        if (!is_safe_url(value, h->own, picture))
            return false;
        write_attribute(h, a->name, value);
        return true;
    }
    uint64_t span;
    if (picture && !strcmp(a->name, "alt"))
        write_attribute(h, a->name, value);
    else if (cell && (!strcmp(a->name, "colspan") || !strcmp(a->name, "rowspan")) &&
             str_uint(value, &span) && span > 1 && span <= 100)
        write_attribute(h, a->name, value);
    return false;
}

/* Attributes in a fixed order, the first of each name: so the second pass finds the same. */
static bool attributes(Html *h, const char *element)
{
    static const char *const ORDER[] = {"href", "src", "alt", "colspan", "rowspan"};
    Attribute found[COUNT_OF(ORDER)] = {0}, a;
    bool address = false;
    while (next_attribute(h, &a))
        for (size_t i = 0; i < COUNT_OF(ORDER); i++)
            if (!strcmp(a.name, ORDER[i]) && !found[i].name[0])
                found[i] = a;
    for (size_t i = 0; i < COUNT_OF(ORDER); i++)
        if (found[i].name[0])
            address = attribute(h, element, &found[i]) || address;
    return address;
}

/* ---- tags */
static int element_of(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(ELEMENTS); i++)
        if (!strcmp(name, ELEMENTS[i].name))
            return (int)i;
    return -1;
}

static bool is_silent(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(SILENT); i++)
        if (!strcmp(name, SILENT[i]))
            return true;
    return false;
}

static void skip_tag(Html *h)
{
    Attribute a;
    while (next_attribute(h, &a))
        ;
}

/* Behind </name…>; to the end of everything if there is none. */
static void skip_element(Html *h, const char *name)
{
    size_t n = strlen(name);
    skip_tag(h);
    while (h->pos < h->in.n) {
        Str rest = str_sub(h->in, h->pos, h->in.n);
        size_t at = str_find_char(rest, '<');
        if (at == SIZE_MAX)
            break;
        h->pos += at + 1;
        rest = str_sub(rest, at + 1, rest.n);
        bool is = rest.n > n && rest.p[0] == '/';
        for (size_t i = 0; i < n && is; i++)
            is = lower(rest.p[i + 1]) == name[i];
        if (!is)
            continue;
        h->pos += n + 1;
        skip_tag(h);
        return;
    }
    h->pos = h->in.n;
}

static void close_last(Html *h)
{
    buf_lit(h->out, "</");
    buf_str_add(h->out, str_of(ELEMENTS[h->open[--h->n_open]].as));
    buf_char(h->out, '>');
}

static void open_element(Html *h, int element)
{
    const char *as = ELEMENTS[element].as;
    size_t start = h->out->n;
    buf_char(h->out, '<');
    buf_str_add(h->out, str_of(as));
    bool address = attributes(h, as);
    bool pointless = (!strcmp(as, "img") || !strcmp(as, "a")) && !address;
    if (pointless || (h->n_open == MAX_OPEN && !(ELEMENTS[element].flags & IS_VOID))) {
        buf_truncate(h->out, start);
        return;
    }
    if (!strcmp(as, "a"))
        buf_lit(h->out, " rel=\"noopener noreferrer nofollow\"");
    buf_char(h->out, '>');
    if (!(ELEMENTS[element].flags & IS_VOID))
        h->open[h->n_open++] = (uint8_t)element;
}

/* Closes what was opened inside, too; a closing tag without its opening one is nothing. */
static void close_element(Html *h, int element)
{
    skip_tag(h);
    size_t i = h->n_open;
    while (i > 0 && strcmp(ELEMENTS[h->open[i - 1]].as, ELEMENTS[element].as) != 0)
        i--;
    while (i > 0 && h->n_open >= i)
        close_last(h);
}

/* At '<'. Moves past what it is; false if it is a mere character. */
static bool markup(Html *h)
{
    Str rest = str_sub(h->in, h->pos, h->in.n);
    char name[MAX_NAME + 1];
    if (str_starts(rest, STR("<!--"))) {
        size_t end = str_find(str_sub(rest, 4, rest.n), STR("-->"));
        h->pos = end == SIZE_MAX ? h->in.n : h->pos + 4 + end + 3;
        return true;
    }
    bool closing = rest.n > 1 && rest.p[1] == '/';
    if (rest.n > 1 && (rest.p[1] == '!' || rest.p[1] == '?')) {
        size_t end = str_find_char(rest, '>');
        h->pos = end == SIZE_MAX ? h->in.n : h->pos + end + 1;
        return true;
    }
    if (rest.n < 2u + closing || !is_letter(rest.p[1 + closing]))
        return false;
    h->pos += 1u + closing;
    read_name(h, name);
    int element = element_of(name);
    if (element >= 0 && closing)
        close_element(h, element);
    else if (element >= 0)
        open_element(h, element);
    else if (!closing && is_silent(name))
        skip_element(h, name);
    else
        skip_tag(h);
    return true;
}

void html_sanitise(Str in, Str own, Buf *out)
{
    Html h = {.in = in, .own = own, .out = out};
    while (h.pos < in.n && !buf_overflowed(out)) {
        size_t n = str_find_char(str_sub(in, h.pos, in.n), '<');
        if (n == SIZE_MAX)
            n = in.n - h.pos;
        text(&h, str_sub(in, h.pos, n));
        h.pos += n;
        if (h.pos < in.n && !markup(&h)) {
            buf_lit(out, "&lt;");
            h.pos++;
        }
    }
    while (h.n_open)
        close_last(&h);
}

/* ---- the words */
static void end_line(Buf *out)
{
    while (out->n && (out->p[out->n - 1] == ' ' || out->p[out->n - 1] == '\t'))
        buf_truncate(out, out->n - 1);
    if (out->n && out->p[out->n - 1] != '\n')
        buf_char(out, '\n');
}

Str html_text(Arena *a, Str html)
{
    Buf out = buf_in(a, html.n + 1);
    Html h = {.in = html};
    while (h.pos < html.n) {
        char name[MAX_NAME + 1];
        size_t n = str_find_char(str_sub(html, h.pos, html.n), '<');
        if (n == SIZE_MAX)
            n = html.n - h.pos;
        resolve(str_sub(html, h.pos, n), &out);
        h.pos += n;
        if (h.pos >= html.n)
            break;
        h.pos++;
        h.pos += h.pos < html.n && html.p[h.pos] == '/';
        read_name(&h, name);
        skip_tag(&h);
        int element = element_of(name);
        if (element >= 0 && (ELEMENTS[element].flags & IS_BLOCK))
            end_line(&out);
        else if (element >= 0 && (ELEMENTS[element].flags & IS_CELL) && out.n &&
                 !strchr(" \n", out.p[out.n - 1]))
            buf_char(&out, ' ');
    }
    return str_trim(buf_str(&out));
}

bool html_is_empty(Str html)
{
    if (str_find(html, STR("<img")) != SIZE_MAX || str_find(html, STR("<hr")) != SIZE_MAX)
        return false;
    bool tag = false;
    for (size_t i = 0; i < html.n; i++) {
        if (html.p[i] == '<')
            tag = true;
        else if (!tag && !is_space(html.p[i]))
            return false;
        else if (html.p[i] == '>')
            tag = false;
    }
    return true;
}

void html_of_text(Str text, Buf *out)
{
    Str rest = text, line;
    bool inside = false, any = false;
    while (str_split(&rest, '\n', &line)) {
        Str words = str_trim(line);
        if (!words.n) {
            if (inside)
                buf_lit(out, "</p>");
            inside = any = false;
            continue;
        }
        if (!inside)
            buf_lit(out, "<p>");
        if (any)
            buf_lit(out, "<br>");
        inside = any = true;
        escape(words, false, out);
    }
    if (inside)
        buf_lit(out, "</p>");
}
