/* SPDX-License-Identifier: Apache-2.0 */
/* The writer of system files: whatever variables, labels and values come, the file is one by the
 * description of the format, and its cases read back as they were written. */
#include "export/sav.h"
#include "export/sav_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Feed {
    const uint8_t *p;
    size_t n;
} Feed;

static int feed_byte(Feed *f)
{
    if (!f->n)
        return 0;
    f->n--;
    return *f->p++;
}

static Str feed_text(Arena *a, Feed *f, size_t most)
{
    size_t n = (size_t)feed_byte(f) | (size_t)feed_byte(f) << 8;
    n %= most + 1;
    if (n > f->n)
        n = f->n;
    Str s = str_n(arena_dup(a, (const char *)f->p, n), n);
    f->p += n;
    f->n -= n;
    return s;
}

static double feed_number(Feed *f)
{
    double v = 0;
    unsigned char p[8];
    if (feed_byte(f) & 1)
        return feed_byte(f) - 110;
    for (int i = 0; i < 8; i++)
        p[i] = (unsigned char)feed_byte(f);
    memcpy(&v, p, 8);
    return v == v && v <= DBL_MAX && v >= -DBL_MAX ? v : SAV_MISSING;
}

static void feed_variable(Arena *a, Feed *f, SavVariable *v)
{
    int kind = feed_byte(f), n = feed_byte(f) % 5;
    SavLabel *labels = ARENA_ARRAY(a, SavLabel, 5);
    *v = (SavVariable){.name = feed_text(a, f, 80),
                       .label = feed_text(a, f, 400),
                       .format = SAV_PLAIN,
                       .measure = SAV_SCALE};
    if (kind & 1) {
        v->width = 1 + (feed_byte(f) | feed_byte(f) << 8) % (kind & 2 ? 2000 : 12);
        v->format = SAV_TEXT;
    }
    for (int i = 0; i < n; i++)
        labels[i] = (SavLabel){feed_number(f), feed_text(a, f, 30), feed_text(a, f, 200)};
    v->labels = labels;
    v->n_labels = (size_t)n;
    v->has_missing = kind & 4;
    v->missing = -9;
}

static Str without_blanks(Str s)
{
    while (s.n && s.p[s.n - 1] == ' ')
        s.n--;
    return s;
}

static void compare(SavRead *r, const SavVariable *v, const SavReadVar *got, const Str *text,
                    double number)
{
    SAV_MUST(got->width == v->width && got->labels == (int)v->n_labels);
    if (!v->width) {
        double back = sav_read_number(r);
        SAV_MUST(back == number);
        return;
    }
    Str wanted = without_blanks(sav_cut(*text, (size_t)v->width));
    Str back = sav_read_text(r, got);
    SAV_MUST(str_eq(back, wanted));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST_VARS = 12, MOST_CASES = 6 };
    Feed f = {data, size};
    Arena *a = arena_new(4096);
    size_t n = 1 + (size_t)feed_byte(&f) % MOST_VARS, cases = (size_t)feed_byte(&f) % MOST_CASES;
    SavVariable *vars = ARENA_ARRAY(a, SavVariable, n);
    for (size_t i = 0; i < n; i++)
        feed_variable(a, &f, &vars[i]);
    SavFile file = {
        .arena = a, .out = buf_in(a, 16 << 20), .vars = vars, .n_vars = n, .cases = (int64_t)cases};
    Str *texts = ARENA_ARRAY(a, Str, n * cases + 1);
    double *numbers = ARENA_ARRAY(a, double, n *cases + 1);
    sav_begin(&file);
    for (size_t i = 0; i < n * cases; i++) {
        texts[i] = feed_text(a, &f, 2200);
        numbers[i] = feed_number(&f);
        if (vars[i % n].width)
            (void)sav_text(&file, &vars[i % n], texts[i]);
        else
            sav_number(&file, numbers[i]);
    }
    sav_end(&file);
    SavRead *r = ARENA_NEW(a, SavRead);
    *r = (SavRead){.arena = a, .all = buf_str(&file.out)};
    sav_read_dictionary(r);
    SAV_MUST(r->n_vars == n);
    for (size_t i = 0; i < n * cases; i++)
        compare(r, &vars[i % n], &r->vars[i % n], &texts[i], numbers[i]);
    sav_read_end(r);
    arena_free(a);
    return 0;
}
