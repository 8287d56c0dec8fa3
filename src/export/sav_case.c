/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of a system file: for every eight bytes a code, eight codes to a block, and behind them those
 * eights that no code stands for. */
#include "export/sav_internal.h"
#include <math.h>

#define BIAS 100
#define CODE_END 252
#define CODE_RAW 253
#define CODE_BLANKS 254
#define CODE_MISSING 255

static void flush(SavFile *f)
{
    buf_add(&f->out, f->codes, sizeof(f->codes));
    buf_add(&f->out, f->raw, f->n_raw);
    f->n_codes = 0;
    f->n_raw = 0;
    memset(f->codes, 0, sizeof(f->codes));
}

static void code(SavFile *f, int c, const void *eight)
{
    f->codes[f->n_codes++] = (uint8_t)c;
    if (eight) {
        memcpy(f->raw + f->n_raw, eight, 8);
        f->n_raw += 8;
    }
    if (f->n_codes == 8)
        flush(f);
}

void sav_number(SavFile *f, double v)
{
    if (v == SAV_MISSING || !isfinite(v))
        code(f, CODE_MISSING, NULL);
    else if (v >= 1 - BIAS && v <= 251 - BIAS && v == floor(v) && !(v == 0 && signbit(v)))
        code(f, (int)v + BIAS, NULL);
    else
        code(f, CODE_RAW, &v);
}

/* One segment: its bytes, blanks up to a whole number of eights. */
static void segment(SavFile *f, Str part, int width)
{
    for (int i = 0; i < sav_eights(width); i++) {
        char eight[8];
        Str piece = str_sub(part, (size_t)i * 8, 8);
        memset(eight, ' ', sizeof(eight));
        if (piece.n)
            memcpy(eight, piece.p, piece.n);
        if (memcmp(eight, "        ", 8) != 0)
            code(f, CODE_RAW, eight);
        else
            code(f, CODE_BLANKS, NULL);
    }
}

bool sav_text(SavFile *f, const SavVariable *v, Str text)
{
    Str kept = sav_cut(text, (size_t)v->width);
    for (int k = 0; k < sav_segments(v->width); k++)
        segment(f, str_sub(kept, (size_t)k * SEGMENT, SEGMENT), sav_segment_width(v->width, k));
    return kept.n < text.n;
}

void sav_end(SavFile *f)
{
    code(f, CODE_END, NULL);
    if (f->n_codes)
        flush(f);
}
