/* SPDX-License-Identifier: Apache-2.0 */
/* The dictionary of a system file: header, variables, labels of values, then the records that later
 * versions of the format added (type 7). */
#include "export/sav.h"
#include "base/calendar.h"
#include "export/sav_internal.h"
#include <math.h>
#include <stdio.h>

#define MAX_LABEL 255       /* of a variable */
#define MAX_VALUE_LABEL 120 /* of a value */
#define NOTE 80
#define TEXT_COLUMNS 24 /* shown of a string */

/* ---- pieces */
void sav_int(Buf *b, int32_t v)
{
    uint32_t u = (uint32_t)v;
    const unsigned char p[4] = {(unsigned char)u, (unsigned char)(u >> 8), (unsigned char)(u >> 16),
                                (unsigned char)(u >> 24)};
    buf_add(b, p, sizeof(p));
}

void sav_double(Buf *b, double v)
{
    uint64_t u;
    memcpy(&u, &v, sizeof(u));
    sav_int(b, (int32_t)(uint32_t)u);
    sav_int(b, (int32_t)(uint32_t)(u >> 32));
}

Str sav_cut(Str text, size_t most)
{
    if (text.n <= most)
        return text;
    while (most > 0 && ((unsigned char)text.p[most] & 0xc0) == 0x80)
        most--;
    return str_n(text.p, most);
}

void sav_padded(Buf *b, Str text, size_t width, char with)
{
    text = sav_cut(text, width);
    buf_str_add(b, text);
    for (size_t i = text.n; i < width; i++)
        buf_char(b, with);
}

static void text_record(Buf *out, int subtype, Str text)
{
    sav_int(out, 7);
    sav_int(out, subtype);
    sav_int(out, 1);
    sav_int(out, (int32_t)text.n);
    buf_str_add(out, text);
}

/* ---- header and variables */
static int32_t eights_of_case(const SavFile *f)
{
    int32_t n = 0;
    for (size_t i = 0; i < f->n_vars; i++) {
        int width = f->vars[i].width;
        for (int k = 0; k < sav_segments(width); k++)
            n += width ? sav_eights(sav_segment_width(width, k)) : 1;
    }
    return n;
}

static void header(SavFile *f)
{
    static const char MONTHS[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t day = calendar_floor_div(f->made_ms, 86400000);
    int64_t second = (f->made_ms - day * 86400000) / 1000;
    Civil c = calendar_civil(day);
    buf_str_add(&f->out, f->zipped ? STR("$FL3") : STR("$FL2"));
    sav_padded(&f->out, STR("@(#) SPSS DATA FILE Guanxi"), 60, ' ');
    sav_int(&f->out, 2);
    sav_int(&f->out, eights_of_case(f));
    sav_int(&f->out, f->zipped ? 2 : 1); /* by codes; their bytes by zlib as well */
    sav_int(&f->out, 0);
    sav_int(&f->out, f->cases > INT32_MAX ? -1 : (int32_t)f->cases);
    sav_double(&f->out, 100.0);
    buf_printf(&f->out, "%02d %s %02d%02d:%02d:%02d", c.day, MONTHS[c.month - 1], c.year % 100,
               (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
    sav_padded(&f->out, f->title, 64, ' ');
    buf_add(&f->out, "\0\0", 3);
}

static int32_t print_format(const SavVariable *v, int width)
{
    static const int WIDTHS[] = {
        [SAV_PLAIN] = 12, [SAV_INSTANT] = 20, [SAV_SPAN] = 16, [SAV_DAY] = 10};
    if (width)
        return SAV_TEXT << 16 | width << 8;
    return (int32_t)v->format << 16 | WIDTHS[v->format] << 8 | v->decimals;
}

static void variable_record(SavFile *f, const SavVariable *v, int width, Str name, Str label)
{
    bool missing = v->has_missing && !width;
    sav_int(&f->out, 2);
    sav_int(&f->out, width);
    sav_int(&f->out, label.n > 0);
    sav_int(&f->out, missing);
    sav_int(&f->out, print_format(v, width));
    sav_int(&f->out, print_format(v, width));
    sav_padded(&f->out, name, 8, ' ');
    label = sav_cut(label, MAX_LABEL);
    if (label.n) {
        sav_int(&f->out, (int32_t)label.n);
        sav_padded(&f->out, label, (label.n + 3) / 4 * 4, ' ');
    }
    if (missing)
        sav_double(&f->out, v->missing);
    for (int i = 1; i < sav_eights(width); i++) {
        static const int32_t GO_ON[] = {2, -1, 0, 0, 0, 0};
        for (size_t k = 0; k < COUNT_OF(GO_ON); k++)
            sav_int(&f->out, GO_ON[k]);
        sav_padded(&f->out, STR(""), 8, ' ');
    }
}

static void variable(SavFile *f, const SavVariable *v)
{
    variable_record(f, v, sav_segment_width(v->width, 0), str_of(v->short_name), v->label);
    for (int k = 1; k < sav_segments(v->width); k++) {
        Str name = str_format(f->arena, "V%zu", ++f->segments);
        variable_record(f, v, sav_segment_width(v->width, k), name, STR(""));
    }
}

/* ---- labels of values */
static int32_t place_of(const SavFile *f, size_t at) /* in eights, from 1 */
{
    SavFile before = *f;
    before.n_vars = at;
    return eights_of_case(&before) + 1;
}

static void value_labels(SavFile *f, size_t at)
{
    const SavVariable *v = &f->vars[at];
    if (!v->n_labels || v->width > SHORT_TEXT)
        return;
    sav_int(&f->out, 3);
    sav_int(&f->out, (int32_t)v->n_labels);
    for (size_t i = 0; i < v->n_labels; i++) {
        Str label = sav_cut(v->labels[i].label, MAX_VALUE_LABEL);
        if (v->width)
            sav_padded(&f->out, v->labels[i].text, 8, ' ');
        else
            sav_double(&f->out, v->labels[i].number);
        buf_char(&f->out, (char)label.n);
        sav_padded(&f->out, label, (label.n + 8) / 8 * 8 - 1, ' ');
    }
    sav_int(&f->out, 4);
    sav_int(&f->out, 1);
    sav_int(&f->out, place_of(f, at));
}

static void counted(Buf *b, Str text)
{
    sav_int(b, (int32_t)text.n);
    buf_str_add(b, text);
}

static void long_value_labels(SavFile *f)
{
    Buf all = buf_in(f->arena, f->out.max);
    for (size_t i = 0; i < f->n_vars; i++) {
        const SavVariable *v = &f->vars[i];
        if (!v->n_labels || v->width <= SHORT_TEXT)
            continue;
        counted(&all, v->name);
        sav_int(&all, v->width);
        sav_int(&all, (int32_t)v->n_labels);
        for (size_t k = 0; k < v->n_labels; k++) {
            sav_int(&all, v->width);
            sav_padded(&all, v->labels[k].text, (size_t)v->width, ' ');
            counted(&all, sav_cut(v->labels[k].label, MAX_VALUE_LABEL));
        }
    }
    if (all.n)
        text_record(&f->out, 21, buf_str(&all));
}

/* ---- records of type 7 */
static void machine(SavFile *f)
{
    static const int32_t INTEGERS[] = {20, 0, 0, -1, 1, 1, 2, 65001};
    sav_int(&f->out, 7);
    sav_int(&f->out, 3);
    sav_int(&f->out, 4);
    sav_int(&f->out, (int32_t)COUNT_OF(INTEGERS));
    for (size_t i = 0; i < COUNT_OF(INTEGERS); i++)
        sav_int(&f->out, INTEGERS[i]);
    sav_int(&f->out, 7);
    sav_int(&f->out, 4);
    sav_int(&f->out, 8);
    sav_int(&f->out, 3);
    sav_double(&f->out, SAV_MISSING);
    sav_double(&f->out, DBL_MAX);
    sav_double(&f->out, nextafter(-DBL_MAX, 0));
}

static void sets(SavFile *f)
{
    Buf all = buf_in(f->arena, f->out.max);
    for (size_t i = 0; i < f->n_sets; i++) {
        const SavSet *s = &f->sets[i];
        Str label = sav_cut(s->label, MAX_LABEL);
        Str name = sav_set_name(f, i);
        buf_printf(&all, "$" STR_FMT "=D1 1 %zu " STR_FMT, STR_ARG(name), label.n, STR_ARG(label));
        for (size_t k = 0; k < s->n; k++) {
            buf_char(&all, ' ');
            for (const char *c = f->vars[s->first + k].short_name; *c; c++)
                buf_char(&all, *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c);
        }
        buf_char(&all, '\n');
    }
    if (all.n)
        text_record(&f->out, 7, buf_str(&all));
}

static void show(SavFile *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_vars; i++)
        n += (size_t)sav_segments(f->vars[i].width);
    sav_int(&f->out, 7);
    sav_int(&f->out, 11);
    sav_int(&f->out, 4);
    sav_int(&f->out, (int32_t)(3 * n));
    for (size_t i = 0; i < f->n_vars; i++)
        for (int k = 0; k < sav_segments(f->vars[i].width); k++) {
            int width = f->vars[i].width;
            sav_int(&f->out, (int32_t)f->vars[i].measure);
            sav_int(&f->out, width && width < TEXT_COLUMNS ? width : width ? TEXT_COLUMNS : 12);
            sav_int(&f->out, width ? 0 : 1);
        }
}

static void long_names(SavFile *f)
{
    Buf names = buf_in(f->arena, f->out.max), wide = buf_in(f->arena, f->out.max);
    for (size_t i = 0; i < f->n_vars; i++) {
        const SavVariable *v = &f->vars[i];
        if (i)
            buf_char(&names, '\t');
        buf_printf(&names, "%s=" STR_FMT, v->short_name, STR_ARG(v->name));
        if (v->width <= SEGMENT)
            continue;
        buf_printf(&wide, "%s=%05d", v->short_name, v->width);
        buf_add(&wide, "\0\t", 2);
    }
    text_record(&f->out, 13, buf_str(&names));
    if (wide.n)
        text_record(&f->out, 14, buf_str(&wide));
}

static void count_of_cases(SavFile *f)
{
    sav_int(&f->out, 7);
    sav_int(&f->out, 16);
    sav_int(&f->out, 8);
    sav_int(&f->out, 2);
    sav_int(&f->out, 1);
    sav_int(&f->out, 0);
    sav_int(&f->out, (int32_t)(f->cases & 0xffffffff));
    sav_int(&f->out, (int32_t)(f->cases >> 32));
}

static void notes(SavFile *f)
{
    if (!f->n_notes)
        return;
    sav_int(&f->out, 6);
    sav_int(&f->out, (int32_t)f->n_notes);
    for (size_t i = 0; i < f->n_notes; i++)
        sav_padded(&f->out, f->notes[i], NOTE, ' ');
}

void sav_begin(SavFile *f)
{
    sav_names(f);
    header(f);
    for (size_t i = 0; i < f->n_vars; i++)
        variable(f, &f->vars[i]);
    for (size_t i = 0; i < f->n_vars; i++)
        value_labels(f, i);
    notes(f);
    machine(f);
    sets(f);
    show(f);
    long_names(f);
    count_of_cases(f);
    text_record(&f->out, 20, STR("UTF-8"));
    long_value_labels(f);
    sav_int(&f->out, 999);
    sav_int(&f->out, 0);
}
