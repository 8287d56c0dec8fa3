/* SPDX-License-Identifier: Apache-2.0 */
/* Number formats: whether a number is a day, a time or a percent is told by the format of its cell alone
 * (ECMA-376 part 1, 18.8.30). Numbers as text. */
#include "base/calendar.h"
#include "base/map.h"
#include "import/xlsx_internal.h"
#include <math.h>
#include <stdlib.h>

#define MAX_SERIAL 2958465.0 /* 9999-12-31 */
#define DAY_SECONDS 86400

NumberKind xlsx_kind_of_builtin(int id)
{
    if (id == 9 || id == 10)
        return NUMBER_PERCENT;
    if (id == 22)
        return NUMBER_DATETIME;
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47) || (id >= 32 && id <= 35) || id == 55 ||
        id == 56)
        return NUMBER_TIME; /* 32–35, 55, 56: 时分 of East Asian locales */
    bool date = (id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
    return date ? NUMBER_DATE : NUMBER_PLAIN;
}

/* Length of what is not a code of the format: "text", \c, _c, *c, [colour]; *ret_elapsed for [h]. */
static size_t literal_at(Str s, size_t i, bool *ret_elapsed)
{
    char c = s.p[i];
    if (c == '\\' || c == '_' || c == '*')
        return 2;
    if (c != '"' && c != '[')
        return 0;
    size_t n = str_find_char(str_sub(s, i + 1, s.n), c == '[' ? ']' : '"');
    if (c == '[' && n != SIZE_MAX && n > 0 && strchr("hHmMsS", s.p[i + 1]) && n <= 3)
        *ret_elapsed = true;
    return n == SIZE_MAX ? s.n : n + 2;
}

NumberKind xlsx_kind_of_format(Str code)
{
    bool day = false, month = false, clock = false, percent = false;
    for (size_t i = 0; i < code.n && code.p[i] != ';'; i++) {
        size_t literal = literal_at(code, i, &clock);
        if (literal) {
            i += literal - 1;
            continue;
        }
        if (str_starts(str_sub(code, i, code.n), STR("General"))) {
            i += sizeof("General") - 2;
            continue;
        }
        char c = code.p[i] | 0x20;
        day = day || c == 'y' || c == 'd';
        month = month || c == 'm';
        clock = clock || c == 'h' || c == 's';
        percent = percent || code.p[i] == '%';
    }
    if (day || (month && !clock))
        return clock ? NUMBER_DATETIME : NUMBER_DATE;
    return clock ? NUMBER_TIME : percent ? NUMBER_PERCENT : NUMBER_PLAIN;
}

/* ---- the part */
typedef struct Styles {
    Xlsx *book;
    Map formats; /* number → NumberKind, stored as pointer into kinds */
    bool in_cells;
} Styles;

static const uint8_t KINDS[] = {NUMBER_PLAIN, NUMBER_DATE, NUMBER_DATETIME, NUMBER_TIME,
                                NUMBER_PERCENT};

static void add_style(Styles *s, Str id)
{
    int64_t number = 0;
    const uint8_t *known = map_get(&s->formats, id);
    NumberKind kind = known ? (NumberKind)*known : NUMBER_PLAIN;
    if (!known && str_int(id, &number) && number >= 0 && number < 164)
        kind = xlsx_kind_of_builtin((int)number);
    if (s->book->n_styles < XLSX_MAX_STYLES)
        s->book->styles[s->book->n_styles++] = (uint8_t)kind;
}

static Status start(Ctx *cx, void *arg, const char *name, const char **attributes)
{
    Styles *s = arg;
    if (!strcmp(name, "cellXfs"))
        s->in_cells = true;
    if (!strcmp(name, "numFmt") && s->formats.n < XLSX_MAX_STYLES)
        map_put(&s->formats, str_copy(cx->arena, xml_attribute(attributes, "numFmtId")),
                (void *)&KINDS[xlsx_kind_of_format(xml_attribute(attributes, "formatCode"))]);
    if (!strcmp(name, "xf") && s->in_cells)
        add_style(s, xml_attribute(attributes, "numFmtId"));
    return ST_OK;
}

static Status end(Ctx *cx UNUSED, void *arg, const char *name)
{
    if (!strcmp(name, "cellXfs"))
        ((Styles *)arg)->in_cells = false;
    return ST_OK;
}

Status xlsx_read_styles(Ctx *cx, Xlsx *x)
{
    static const XmlHandler HANDLER = {.start = start, .end = end};
    const ZipEntry *e = x->styles_path.n ? zip_find(&x->zip, x->styles_path) : NULL;
    Styles s = {.book = x, .formats = map_in(cx->arena)};
    if (!e || x->styles)
        return ST_OK;
    x->styles = ARENA_ARRAY(cx->arena, uint8_t, XLSX_MAX_STYLES);
    return xml_read(cx, &x->zip, e, &HANDLER, &s);
}

/* ---- numbers */
static void write_plain(Buf *b, double v)
{
    char text[400];
    snprintf(text, sizeof(text), "%.15g", v); /* as spreadsheets show it: 0.1 + 0.2 is 0.3 */
    if (strchr(text, 'e') && fabs(v) < 1e300 && fabs(v) > 1e-15)
        snprintf(text, sizeof(text), "%.*f", fabs(v) >= 1 ? 0 : 17, v);
    buf_str_add(b, str_of(text));
}

static void write_clock(Buf *b, int64_t seconds)
{
    buf_printf(b, "%02lld:%02lld:%02lld", (long long)(seconds / 3600),
               (long long)(seconds / 60 % 60), (long long)(seconds % 60));
}

/* Day 1 is 1900-01-01, and a 1900-02-29 that never was is day 60; or day 0 is 1904-01-01. */
static int64_t day_number(int64_t serial, bool since_1904)
{
    enum { DAY_1899_12_30 = -25569, DAY_1904_01_01 = -24107 };
    if (since_1904)
        return serial + DAY_1904_01_01;
    return serial + DAY_1899_12_30 + (serial < 60);
}

static void write_moment(Buf *b, double v, NumberKind kind, bool since_1904)
{
    int64_t seconds = llround(v * DAY_SECONDS), day = seconds / DAY_SECONDS;
    if (kind == NUMBER_DATE)
        seconds = (day = (int64_t)floor(v)) * DAY_SECONDS;
    if (kind == NUMBER_TIME) {
        write_clock(b, seconds);
        return;
    }
    calendar_write_date(b, day_number(day, since_1904));
    if (seconds % DAY_SECONDS == 0)
        return;
    buf_char(b, ' ');
    write_clock(b, seconds % DAY_SECONDS);
}

void xlsx_number(Buf *b, double v, NumberKind kind, bool since_1904)
{
    bool moment = kind == NUMBER_DATE || kind == NUMBER_DATETIME || kind == NUMBER_TIME;
    if (moment && v >= 0 && v <= MAX_SERIAL) {
        write_moment(b, v, kind, since_1904);
    } else if (kind == NUMBER_PERCENT) {
        write_plain(b, v * 100);
        buf_char(b, '%');
    } else {
        write_plain(b, v);
    }
}
