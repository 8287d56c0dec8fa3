/* SPDX-License-Identifier: Apache-2.0 */
/* sav, private parts: what dictionary and cases must agree about. A string of more than 255 bytes is
 * declared as segments of 255 for every 252 bytes of it, and its bytes fill them 255 by 255. */
#pragma once
#include "export/sav.h"

#define SEGMENT 255
#define SEGMENT_COUNTED 252
#define SHORT_TEXT 8 /* labels of longer strings stand in a record of their own */

static inline int sav_segments(int width)
{
    return width <= SEGMENT ? 1 : (width + SEGMENT_COUNTED - 1) / SEGMENT_COUNTED;
}
static inline int sav_segment_width(int width, int k)
{
    return k < sav_segments(width) - 1 ? SEGMENT
                                       : width - k * (width > SEGMENT ? SEGMENT_COUNTED : 0);
}
static inline int sav_eights(int bytes) { return (bytes + 7) / 8; }

void sav_names(SavFile *f); /* sav_names.c: names as SPSS wants them */
Str sav_set_name(const SavFile *f, size_t i);
void sav_int(Buf *b, int32_t v);
void sav_double(Buf *b, double v);
void sav_padded(Buf *b, Str text, size_t width, char with);
