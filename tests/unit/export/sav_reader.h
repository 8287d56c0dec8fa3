/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a system file back by the description of its format, knowing nothing of the writer; whatever is
 * not as described ends the program. For the unit test and the fuzzer of sav. */
#pragma once
#include "base/buf.h"
#include "base/status.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define SAV_READ_MOST 512
#define SAV_MUST(x)                                                                                \
    do {                                                                                           \
        if (!(x)) {                                                                                \
            fprintf(stderr, "sav: not so at %s:%d: %s\n", __FILE__, __LINE__, #x);                 \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

typedef struct SavReadVar {
    char short_name[9];
    Str name, label;
    int width, labels, place, segments, measure;
    double missing;
    bool has_missing;
} SavReadVar;

typedef struct SavRead {
    Arena *arena;
    Str all;
    size_t at;
    SavReadVar vars[SAV_READ_MOST];
    size_t n_vars;
    int eights, cases, declared;
    Str encoding, sets, notes;
    uint8_t codes[8];
    int code; /* of the block in hand */
} SavRead;

static inline const char *sav_take(SavRead *r, size_t n)
{
    SAV_MUST(n <= r->all.n - r->at);
    r->at += n;
    return r->all.p + r->at - n;
}
static inline int32_t sav_take_int(SavRead *r)
{
    int32_t v;
    memcpy(&v, sav_take(r, 4), 4);
    return v;
}
static inline double sav_take_double(SavRead *r)
{
    double v;
    memcpy(&v, sav_take(r, 8), 8);
    return v;
}
static inline Str sav_take_text(SavRead *r, size_t n) { return str_n(sav_take(r, n), n); }

static inline void sav_read_variable(SavRead *r)
{
    int width = sav_take_int(r), label = sav_take_int(r), missing = sav_take_int(r);
    int print = sav_take_int(r);
    SavReadVar *v = &r->vars[r->n_vars];
    SAV_MUST(sav_take_int(r) == print);
    Str name = sav_take_text(r, 8);
    r->declared++;
    if (width == -1) {
        SAV_MUST(r->n_vars > 0 && !label && !missing);
        SAV_MUST(r->declared - v[-1].place < (v[-1].width + 7) / 8);
        return;
    }
    SAV_MUST(r->n_vars < SAV_READ_MOST && width >= 0 && width <= 255);
    SAV_MUST(r->n_vars == 0 ||
             r->declared - v[-1].place == (v[-1].width ? (v[-1].width + 7) / 8 : 1));
    *v = (SavReadVar){.width = width, .place = r->declared, .segments = 1};
    while (name.n && name.p[name.n - 1] == ' ')
        name.n--;
    SAV_MUST(name.n > 0 && ((name.p[0] >= 'A' && name.p[0] <= 'Z')));
    memcpy(v->short_name, name.p, name.n);
    v->name = name;
    if (label) {
        int n = sav_take_int(r);
        SAV_MUST(n > 0 && n <= 255);
        v->label = str_n(sav_take(r, (size_t)(n + 3) / 4 * 4), (size_t)n);
    }
    SAV_MUST(missing == 0 || (missing == 1 && !width));
    v->has_missing = missing == 1;
    if (missing)
        v->missing = sav_take_double(r);
    r->n_vars++;
}

static inline void sav_read_labels(SavRead *r)
{
    int n = sav_take_int(r);
    SAV_MUST(n > 0);
    for (int i = 0; i < n; i++) {
        sav_take(r, 8);
        size_t length = (unsigned char)*sav_take(r, 1);
        SAV_MUST(length <= 120);
        sav_take(r, (length + 8) / 8 * 8 - 1);
    }
    SAV_MUST(sav_take_int(r) == 4 && sav_take_int(r) == 1);
    int place = sav_take_int(r), found = 0;
    for (size_t i = 0; i < r->n_vars; i++)
        if (r->vars[i].place == place) {
            SAV_MUST(r->vars[i].width <= 8);
            r->vars[i].labels = n;
            found++;
        }
    SAV_MUST(found == 1);
}

static inline SavReadVar *sav_read_find(SavRead *r, Str name, bool is_short)
{
    for (size_t i = 0; i < r->n_vars; i++)
        if (str_eq(is_short ? str_of(r->vars[i].short_name) : r->vars[i].name, name))
            return &r->vars[i];
    SAV_MUST(!"a variable of that name");
    return NULL;
}

static inline void sav_read_long_names(SavRead *r, Str text)
{
    Str pair, key;
    while (str_split(&text, '\t', &pair)) {
        SAV_MUST(str_split(&pair, '=', &key) && pair.n > 0 && pair.n <= 64);
        sav_read_find(r, key, true)->name = pair;
    }
}

/* Variables of one string become one. */
static inline void sav_read_wide(SavRead *r, Str text)
{
    Str pair, key;
    while (str_split(&text, '\t', &pair)) {
        int64_t width = 0;
        SAV_MUST(str_split(&pair, '=', &key) && pair.n && pair.p[pair.n - 1] == 0);
        SAV_MUST(str_int(str_n(pair.p, pair.n - 1), &width) && width > 255);
        SavReadVar *v = sav_read_find(r, key, true);
        int n = (int)(width + 251) / 252;
        for (int k = 0; k < n; k++)
            SAV_MUST(v[k].width == (k < n - 1 ? 255 : (int)width - (n - 1) * 252));
        v->width = (int)width;
        v->segments = n;
        size_t after = (size_t)(v - r->vars) + (size_t)n;
        memmove(v + 1, v + n, (r->n_vars - after) * sizeof(*v));
        r->n_vars -= (size_t)n - 1;
    }
}

static inline void sav_read_long_labels(SavRead *r, Str text)
{
    SavRead in = {.all = text};
    while (in.at < text.n) {
        SavReadVar *v = sav_read_find(r, sav_take_text(&in, (size_t)sav_take_int(&in)), false);
        SAV_MUST(v->width > 8 && sav_take_int(&in) == v->width);
        v->labels = sav_take_int(&in);
        for (int i = 0; i < v->labels; i++) {
            SAV_MUST(sav_take_int(&in) == v->width);
            sav_take(&in, (size_t)v->width);
            sav_take(&in, (size_t)sav_take_int(&in));
        }
    }
}

static inline void sav_read_extension(SavRead *r)
{
    int kind = sav_take_int(r), size = sav_take_int(r), count = sav_take_int(r);
    SAV_MUST(size > 0 && count >= 0);
    Str body = sav_take_text(r, (size_t)size * (size_t)count);
    if (kind == 3)
        SAV_MUST(size == 4 && count == 8);
    else if (kind == 4)
        SAV_MUST(size == 8 && count == 3);
    else if (kind == 7)
        r->sets = body;
    else if (kind == 11)
        SAV_MUST(size == 4 && count == 3 * (int)r->n_vars);
    else if (kind == 13)
        sav_read_long_names(r, body);
    else if (kind == 14)
        sav_read_wide(r, body);
    else if (kind == 20)
        r->encoding = body;
    else if (kind == 21)
        sav_read_long_labels(r, body);
    else
        SAV_MUST(kind == 16);
    if (kind == 11)
        for (size_t i = 0; i < r->n_vars; i++)
            memcpy(&r->vars[i].measure, body.p + i * 12, 4);
}

static inline void sav_read_dictionary(SavRead *r)
{
    SAV_MUST(!memcmp(sav_take(r, 4), "$FL2", 4));
    sav_take(r, 60);
    SAV_MUST(sav_take_int(r) == 2);
    r->eights = sav_take_int(r);
    SAV_MUST(sav_take_int(r) == 1 && sav_take_int(r) == 0);
    r->cases = sav_take_int(r);
    SAV_MUST(sav_take_double(r) == 100.0);
    sav_take(r, 9 + 8 + 64 + 3);
    for (int kind; (kind = sav_take_int(r)) != 999;) {
        if (kind == 2)
            sav_read_variable(r);
        else if (kind == 3)
            sav_read_labels(r);
        else if (kind == 6)
            r->notes = sav_take_text(r, (size_t)sav_take_int(r) * 80);
        else if (kind == 7)
            sav_read_extension(r);
        else
            SAV_MUST(!"a known kind of record");
    }
    SAV_MUST(sav_take_int(r) == 0 && r->eights == r->declared);
    r->code = 8;
}

/* The next eight bytes of data; false at the end. */
static inline bool sav_read_eight(SavRead *r, char *out)
{
    static const double MISSING = -__DBL_MAX__;
    for (;;) {
        if (r->code == 8) {
            memcpy(r->codes, sav_take(r, 8), 8);
            r->code = 0;
        }
        int code = r->codes[r->code++];
        double number = code - 100;
        if (code == 0)
            continue;
        if (code == 252)
            return false;
        if (code == 253)
            memcpy(out, sav_take(r, 8), 8);
        else if (code == 254)
            memset(out, ' ', 8);
        else
            memcpy(out, code == 255 ? &MISSING : &number, 8);
        return true;
    }
}

static inline double sav_read_number(SavRead *r)
{
    double v;
    char eight[8];
    SAV_MUST(sav_read_eight(r, eight));
    memcpy(&v, eight, 8);
    return v;
}

/* Without blanks at its end. */
static inline Str sav_read_text(SavRead *r, const SavReadVar *v)
{
    Buf out = buf_in(r->arena, 1 << 20);
    for (int k = 0; k < v->segments; k++) {
        bool last = k == v->segments - 1;
        int width = v->segments == 1 ? v->width : last ? v->width - k * 252 : 255;
        char eight[8];
        for (int i = 0; i < (width + 7) / 8; i++) {
            SAV_MUST(sav_read_eight(r, eight));
            buf_add(&out, eight, !last && i == 31 ? 7 : 8);
        }
    }
    while (out.n && out.p[out.n - 1] == ' ')
        out.n--;
    SAV_MUST((int)out.n <= v->width);
    return buf_str(&out);
}

static inline void sav_read_end(SavRead *r)
{
    char eight[8];
    SAV_MUST(!sav_read_eight(r, eight) && r->at == r->all.n);
    for (size_t i = 0; i < r->n_vars; i++)
        for (size_t k = 0; k < i; k++)
            SAV_MUST(r->vars[i].name.n != r->vars[k].name.n ||
                     strncasecmp(r->vars[i].name.p, r->vars[k].name.p, r->vars[i].name.n) != 0);
}
