/* SPDX-License-Identifier: Apache-2.0 */
/* Words of the expression language: names, numbers, JSON strings, signs; each with the place where
 * it starts, counted in code points as people count. */
#include "expr/expr_read.h"

static const char *const KEYWORDS[] = {"and", "between", "ends", "false", "in",     "is",
                                       "not", "null",    "or",   "outer", "starts", "true"};

bool expr_lex_is_keyword(Str name)
{
    for (size_t i = 0; i < COUNT_OF(KEYWORDS); i++)
        if (str_is(name, KEYWORDS[i]))
            return true;
    return false;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
static bool is_name_char(char c) { return is_name_start(c) || is_digit(c); }

static char peek(const Lexer *x, size_t ahead)
{
    return x->pos + ahead < x->text.n ? x->text.p[x->pos + ahead] : '\0';
}

/* All words but strings are ASCII, so bytes are characters there. */
static void take(Lexer *x, size_t n)
{
    x->pos += n;
    x->at += (uint32_t)n;
}

static void lex_name(Lexer *x, Token *ret)
{
    size_t n = 1;
    while (is_name_char(peek(x, n)))
        n++;
    ret->kind = TOKEN_NAME;
    ret->text = str_sub(x->text, x->pos, n);
    take(x, n);
}

static Status lex_number(Lexer *x, Token *ret)
{
    size_t n = 1;
    while (is_digit(peek(x, n)))
        n++;
    if (peek(x, n) == '.' && is_digit(peek(x, n + 1))) {
        n += 2;
        while (is_digit(peek(x, n)))
            n++;
    }
    if (is_name_char(peek(x, n)) || peek(x, n) == '.')
        return expr_fail(x->cx, x->at + (uint32_t)n,
                         text_in(x->cx, "expr.bad_number", "a number ends here in something else"));
    ret->kind = TOKEN_NUMBER;
    ret->text = str_sub(x->text, x->pos, n);
    take(x, n);
    return ST_OK;
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits behind \u; -1 if they are not. */
static int32_t lex_hex4(const Lexer *x, size_t ahead)
{
    int32_t v = 0;
    for (size_t i = 0; i < 4; i++) {
        int d = hex_digit(peek(x, ahead + i));
        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

static bool lex_unicode(Lexer *x, Buf *out)
{
    int32_t cp = lex_hex4(x, 2);
    size_t n = 6;
    if (cp >= 0xD800 && cp <= 0xDBFF && peek(x, 6) == '\\' && peek(x, 7) == 'u') {
        int32_t low = lex_hex4(x, 8);
        if (low < 0xDC00 || low > 0xDFFF)
            return false;
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
        n = 12;
    }
    if (cp <= 0 || (cp >= 0xD800 && cp <= 0xDFFF))
        return false;
    utf8_put(out, (uint32_t)cp);
    take(x, n);
    return true;
}

static bool lex_escape(Lexer *x, Buf *out)
{
    static const char FROM[] = "\"\\/bfnrt", TO[] = "\"\\/\b\f\n\r\t";
    char c = peek(x, 1);
    if (c == 'u')
        return lex_unicode(x, out);
    const char *found = c ? strchr(FROM, c) : NULL;
    if (!found)
        return false;
    buf_char(out, TO[found - FROM]);
    take(x, 2);
    return true;
}

static Status lex_string(Lexer *x, Token *ret)
{
    Buf out = buf_in(x->cx->arena, EXPR_MAX_BYTES);
    take(x, 1);
    for (;;) {
        unsigned char c = (unsigned char)peek(x, 0);
        if (x->pos >= x->text.n)
            return expr_fail(x->cx, ret->at,
                             text_in(x->cx, "expr.open_string", "this text has no closing \""));
        if (c == '"')
            break;
        if (c < 0x20)
            return expr_fail(x->cx, x->at,
                             text_in(x->cx, "expr.bad_escape", "this character must be escaped"));
        if (c == '\\') {
            if (!lex_escape(x, &out))
                return expr_fail(x->cx, x->at,
                                 text_in(x->cx, "expr.bad_backslash", "this \\ means nothing"));
            continue;
        }
        size_t end = x->pos;
        utf8_put(&out, utf8_next(x->text, &end));
        x->pos = end;
        x->at++;
    }
    take(x, 1);
    ret->kind = TOKEN_STRING;
    ret->text = out.n ? buf_str(&out) : STR("");
    return ST_OK;
}

static bool lex_sign(Lexer *x, Token *ret)
{
    static const char *const SIGNS[] = {"!=", "<=", ">=", "=", "<", ">", "~", "(",
                                        ")",  ",",  ".",  "+", "-", "*", "/", "%"};
    Str rest = str_sub(x->text, x->pos, x->text.n - x->pos);
    for (size_t i = 0; i < COUNT_OF(SIGNS); i++) {
        if (!str_starts(rest, str_of(SIGNS[i])))
            continue;
        ret->kind = TOKEN_SIGN;
        ret->text = str_of(SIGNS[i]);
        take(x, ret->text.n);
        return true;
    }
    return false;
}

Status expr_lex_next(Lexer *x, Token *ret)
{
    while (peek(x, 0) && strchr(" \t\r\n", peek(x, 0)))
        take(x, 1);
    *ret = (Token){.kind = TOKEN_END, .text = STR(""), .at = x->at};
    if (x->pos >= x->text.n)
        return ST_OK;
    char c = peek(x, 0);
    if (c == '"')
        return lex_string(x, ret);
    if (is_digit(c))
        return lex_number(x, ret);
    if (is_name_start(c)) {
        lex_name(x, ret);
        return ST_OK;
    }
    if (lex_sign(x, ret))
        return ST_OK;
    size_t end = x->pos;
    utf8_next(x->text, &end);
    Str bad = str_sub(x->text, x->pos, end - x->pos);
    return expr_fail(
        x->cx, x->at,
        text_in(x->cx, "expr.bad_character", "\"" STR_FMT "\" has no meaning here", STR_ARG(bad)));
}
