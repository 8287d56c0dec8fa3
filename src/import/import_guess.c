/* SPDX-License-Identifier: Apache-2.0 */
/* Which field a column means: by the field's name or label, by words that other tables use for it
 * (ready.c), by the object's own name (a column "Company" of companies holds their title), at last by
 * what its cells look like. A field is given to one column only, the surest first. */
#include "import/import_internal.h"

#define SURE 0.8 /* share of the filled cells that must look alike */

typedef struct Guess {
    Ctx *cx;
    const Import *import;
    Map words;
    Map taken; /* paths given */
    Str *out;
} Guess;

static bool give(Guess *g, size_t column, Str path)
{
    const Field *f = object_field(g->import->object, str_sub(path, 0, str_find_char(path, '.')));
    bool part = str_find_char(path, '.') != SIZE_MAX;
    if (!f || g->out[column].n || !import_may_set(g->cx, f) || map_has(&g->taken, path) ||
        (part && map_has(&g->taken, f->name)))
        return false;
    map_put(&g->taken, path, g);
    g->out[column] = path;
    return true;
}

/* ---- by name */
static bool is_named(Guess *g, Str header, Str name)
{
    return name.n && str_eq(ready_normal(g->cx->arena, header), ready_normal(g->cx->arena, name));
}

static void by_field(Guess *g, bool labels)
{
    const Import *im = g->import;
    for (size_t i = 0; i < im->n_headers; i++) {
        for (size_t k = 0; k < im->object->n_fields && !g->out[i].n; k++) {
            const Field *f = im->object->fields[k];
            bool same = labels ? is_named(g, im->headers[i], f->label.zh) ||
                                     is_named(g, im->headers[i], f->label.en)
                               : is_named(g, im->headers[i], f->name);
            if (same)
                give(g, i, f->name);
        }
    }
}

static void by_part(Guess *g) /* address.city */
{
    const Import *im = g->import;
    for (size_t i = 0; i < im->n_headers; i++) {
        size_t dot = str_find_char(im->headers[i], '.');
        const Field *f =
            dot == SIZE_MAX ? NULL : object_field(im->object, str_sub(im->headers[i], 0, dot));
        if (f && field_named_part(f, str_sub(im->headers[i], dot + 1, im->headers[i].n)))
            give(g, i, im->headers[i]);
    }
}

static void by_word(Guess *g)
{
    const Import *im = g->import;
    for (size_t i = 0; i < im->n_headers; i++) {
        const Str *path = map_get(&g->words, ready_normal(g->cx->arena, im->headers[i]));
        if (path)
            give(g, i, *path);
    }
}

static void by_object(Guess *g)
{
    const Object *o = g->import->object;
    for (size_t i = 0; o->title && i < g->import->n_headers; i++) {
        Str header = g->import->headers[i];
        if (is_named(g, header, o->name) || is_named(g, header, o->plural) ||
            is_named(g, header, o->label.zh) || is_named(g, header, o->label.en))
            give(g, i, o->title->name);
    }
}

/* ---- by content */
static bool all_digits(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static bool is_mobile(Str s)
{
    return s.n == 11 && s.p[0] == '1' && s.p[1] >= '3' && all_digits(s);
}

static bool is_phone(Str s) /* 010-12345678, 0571 8888 6666, +86… */
{
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            digits++;
        else if (!strchr("+-() ", s.p[i]))
            return false;
    }
    return (s.n && (s.p[0] == '0' || s.p[0] == '+' || s.p[0] == '(')) && digits >= 10 &&
           digits <= 15;
}

static bool is_email(Str s)
{
    size_t at = str_find_char(s, '@');
    Str host = at == SIZE_MAX ? STR_NULL : str_sub(s, at + 1, s.n);
    size_t dot = str_find_char(host, '.');
    return at != SIZE_MAX && at > 0 && dot != SIZE_MAX && dot > 0 && dot + 1 < host.n &&
           str_find_char(s, ' ') == SIZE_MAX;
}

static bool is_url(Str s)
{
    return str_starts(s, STR("http://")) || str_starts(s, STR("https://")) ||
           str_starts(s, STR("www."));
}

/* 统一社会信用代码: eighteen, without I O S V Z, ten digits of place and register in front. */
static bool is_registration(Str s)
{
    if (s.n != 18 || !all_digits(str_sub(s, 2, 6)))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789ABCDEFGHJKLMNPQRTUWXY", s.p[i]))
            return false;
    return s.p[0] == '9' || s.p[0] == '1' || s.p[0] == '5';
}

static double share(const Guess *g, size_t column, const CsvRow *rows, size_t n, bool (*is)(Str))
{
    size_t filled = 0, hits = 0;
    (void)g;
    for (size_t i = 0; i < n; i++) {
        Str cell =
            column < rows[i].n && !rows[i].bad_text ? str_trim(rows[i].cells[column]) : STR_NULL;
        filled += cell.n > 0;
        hits += cell.n > 0 && is(cell);
    }
    return filled ? (double)hits / (double)filled : 0;
}

/* The first free field of that kind whose name speaks for it, else the first free one. */
static void give_kind(Guess *g, size_t column, FieldKind kind, TextFormat format, const char *name)
{
    const Object *o = g->import->object;
    const Field *preferred = name ? object_field(o, str_of(name)) : NULL;
    if (preferred && preferred->kind == kind && give(g, column, preferred->name))
        return;
    for (size_t i = 0; i < o->n_fields && !g->out[column].n; i++)
        if (o->fields[i]->kind == kind && o->fields[i]->format == (uint8_t)format)
            give(g, column, o->fields[i]->name);
}

static void by_content(Guess *g, const CsvRow *rows, size_t n)
{
    static const struct {
        bool (*is)(Str);
        FieldKind kind;
        TextFormat format;
        const char *name;
    } LOOKS[] = {
        {is_email, F_EMAIL, FORMAT_NONE, NULL},
        {is_mobile, F_PHONE, FORMAT_NONE, "mobile"},
        {is_phone, F_PHONE, FORMAT_NONE, "phone"},
        {is_url, F_URL, FORMAT_NONE, "website"},
        {is_registration, F_TEXT, FORMAT_REGISTRATION, NULL},
    };
    for (size_t i = 0; i < g->import->n_headers; i++)
        for (size_t k = 0; k < COUNT_OF(LOOKS) && !g->out[i].n; k++)
            if (share(g, i, rows, n, LOOKS[k].is) >= SURE)
                give_kind(g, i, LOOKS[k].kind, LOOKS[k].format, LOOKS[k].name);
}

Status import_guess(Ctx *cx, const Import *im, const CsvRow *rows, size_t n, Str *ret)
{
    Guess g = {
        .cx = cx, .import = im, .words = map_in(cx->arena), .taken = map_in(cx->arena), .out = ret};
    TRY(ready_words(cx, im->object, &g.words));
    by_field(&g, false);
    by_part(&g);
    by_field(&g, true);
    by_word(&g);
    by_object(&g);
    by_content(&g, rows, n);
    return ST_OK;
}
