/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and cells of a text: the contract stands in frame_scan.h. */
#include "analyze/frame_scan.h"

static bool is_end(char c) { return c == '\n' || c == '\r'; }

bool frame_scan_row(FrameScan *s)
{
    for (;;) {
        size_t i = s->at;
        while (i < s->text.n &&
               (s->text.p[i] == ' ' || (s->text.p[i] == '\t' && s->separator != '\t')))
            i++;
        if (i >= s->text.n)
            return false;
        if (!is_end(s->text.p[i])) {
            s->row_at = s->at;
            return true;
        }
        s->at = i + 1;
    }
}

static Str plain_cell(FrameScan *s)
{
    const char *p = s->text.p + s->at, *end = s->text.p + s->text.n, *from = p;
    char separator = s->separator;
    while (p < end && *p != separator && !is_end(*p))
        p++;
    s->at += (size_t)(p - from);
    return str_n(from, (size_t)(p - from));
}

static Str undouble(Arena *a, Str s)
{
    char *out = arena_alloc(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        out[n++] = s.p[i];
        if (s.p[i] == '"')
            i++;
    }
    return str_n(out, n);
}

/* Behind the opening quote; what follows the closing one up to the separator belongs to the cell
 * unless it is blank, as spreadsheets read it. */
static Status quoted_cell(Ctx *cx, FrameScan *s, Str *ret)
{
    size_t from = ++s->at;
    bool is_doubled = false;
    for (;; s->at++) {
        if (s->at >= s->text.n || s->at - from > FRAME_MAX_ROW_BYTES)
            return FAIL(cx, ST_INVALID, "analyze.open_quote",
                        "the quote opened in line %lld is not closed",
                        (long long)frame_scan_line(s->text, from - 1));
        if (s->text.p[s->at] != '"')
            continue;
        if (s->at + 1 >= s->text.n || s->text.p[s->at + 1] != '"')
            break;
        is_doubled = true;
        s->at++;
    }
    Str cell = str_sub(s->text, from, s->at - from);
    s->at++;
    if (is_doubled)
        cell = undouble(s->arena, cell);
    Str rest = str_trim(plain_cell(s));
    *ret = rest.n ? str_format(s->arena, STR_FMT STR_FMT, STR_ARG(cell), STR_ARG(rest)) : cell;
    return ST_OK;
}

Status frame_scan_cell(Ctx *cx, FrameScan *s, Str *ret, bool *ret_more)
{
    if (s->at < s->text.n && s->text.p[s->at] == '"')
        TRY(quoted_cell(cx, s, ret));
    else
        *ret = plain_cell(s);
    if (s->at - s->row_at > FRAME_MAX_ROW_BYTES)
        return FAIL(cx, ST_INVALID, "analyze.long_row", "line %lld is longer than 1 MB",
                    (long long)frame_scan_line(s->text, s->row_at));
    *ret_more = s->at < s->text.n && s->text.p[s->at] == s->separator;
    if (*ret_more || s->at >= s->text.n) {
        s->at += *ret_more;
        return ST_OK;
    }
    s->at += s->text.p[s->at] == '\r' && s->at + 1 < s->text.n && s->text.p[s->at + 1] == '\n';
    s->at++;
    return ST_OK;
}

static char most_frequent(Str line)
{
    static const char CANDIDATES[] = {',', ';', '\t', '|'};
    size_t counts[COUNT_OF(CANDIDATES)] = {0}, best = 0;
    bool is_quoted = false;
    for (size_t i = 0; i < line.n && (is_quoted || !is_end(line.p[i])); i++) {
        is_quoted ^= line.p[i] == '"';
        for (size_t k = 0; !is_quoted && k < COUNT_OF(CANDIDATES); k++)
            counts[k] += line.p[i] == CANDIDATES[k];
    }
    for (size_t k = 1; k < COUNT_OF(CANDIDATES); k++)
        if (counts[k] > counts[best])
            best = k;
    return CANDIDATES[best];
}

char frame_scan_separator(Str text, size_t *ret_at)
{
    *ret_at = 0;
    bool is_declared = text.n > 5 && str_starts(text, STR("sep=")) && is_end(text.p[5]);
    if (is_declared && text.p[4] != '"' && !is_end(text.p[4])) {
        *ret_at = 6;
        return text.p[4];
    }
    return most_frequent(str_sub(text, 0, FRAME_MAX_ROW_BYTES));
}

int64_t frame_scan_line(Str text, size_t at)
{
    int64_t line = 1;
    for (size_t i = 0; i < at && i < text.n; i++)
        line +=
            text.p[i] == '\n' || (text.p[i] == '\r' && !(i + 1 < text.n && text.p[i + 1] == '\n'));
    return line;
}
