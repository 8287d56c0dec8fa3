/* SPDX-License-Identifier: Apache-2.0 */
/* Names of variables: a letter first, then letters, digits and _, at most 64 bytes, none twice whatever
 * the case, none that the language keeps for itself. Short names of eight are for old readers. */
#include "export/sav_internal.h"
#include <ctype.h>
#include <stdio.h>

#define MAX_NAME 64

static bool is_kept(Str name)
{
    static const char *const WORDS[] = {"ALL", "AND", "BY", "EQ",  "GE", "GT",  "LE",
                                        "LT",  "NE",  "OR", "NOT", "TO", "WITH"};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (name.n == strlen(WORDS[i]) && !strncasecmp(name.p, WORDS[i], name.n))
            return true;
    return false;
}

static Str cleaned(Arena *a, Str wished)
{
    Buf out = buf_in(a, (size_t)4 * MAX_NAME);
    if (!wished.n || !isalpha((unsigned char)wished.p[0]))
        buf_lit(&out, "v_");
    for (size_t i = 0; i < wished.n && out.n < MAX_NAME; i++)
        buf_char(&out, isalnum((unsigned char)wished.p[i]) ? wished.p[i] : '_');
    while (out.n > 1 && out.p[out.n - 1] == '_')
        buf_truncate(&out, out.n - 1);
    if (is_kept(buf_str(&out)))
        buf_lit(&out, "_1");
    return buf_str(&out);
}

static bool is_taken(const SavFile *f, size_t before, Str name)
{
    for (size_t i = 0; i < before; i++)
        if (f->vars[i].name.n == name.n && !strncasecmp(f->vars[i].name.p, name.p, name.n))
            return true;
    return false;
}

static Str unique(const SavFile *f, size_t i)
{
    Str base = cleaned(f->arena, f->vars[i].name), name = base;
    for (int k = 2; is_taken(f, i, name); k++) {
        Str end = str_format(f->arena, "_%d", k);
        Str head = str_sub(base, 0, MAX_NAME - end.n);
        name = str_format(f->arena, STR_FMT STR_FMT, STR_ARG(head), STR_ARG(end));
    }
    return name;
}

/* Made names are V and digits: a name of that form is not taken as it stands. */
static bool is_short(Str name)
{
    return name.n <= 8 && !((name.p[0] == 'v' || name.p[0] == 'V') && name.n > 1 &&
                            isdigit((unsigned char)name.p[1]));
}

/* Names of sets stand by themselves; of two alike the later one has its number. */
Str sav_set_name(const SavFile *f, size_t i)
{
    Str name = str_sub(cleaned(f->arena, f->sets[i].name), 0, MAX_NAME - 8);
    for (size_t k = 0; k < i; k++)
        if (str_eq(str_sub(cleaned(f->arena, f->sets[k].name), 0, MAX_NAME - 8), name))
            return str_format(f->arena, STR_FMT "_%u", STR_ARG(name), (unsigned)i + 1);
    return name;
}

void sav_names(SavFile *f)
{
    for (size_t i = 0; i < f->n_vars; i++) {
        SavVariable *v = &f->vars[i];
        v->name = unique(f, i);
        if (!is_short(v->name)) {
            snprintf(v->short_name, sizeof(v->short_name), "V%u", (unsigned)(i + 1) % 10000000U);
            continue;
        }
        for (size_t k = 0; k < v->name.n; k++)
            v->short_name[k] = (char)toupper((unsigned char)v->name.p[k]);
        v->short_name[v->name.n] = 0;
    }
    f->segments = f->n_vars;
}
