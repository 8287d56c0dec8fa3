/* SPDX-License-Identifier: Apache-2.0 */
/* Masks: what is left of a value for those who may know that it is there and no more. The style follows
 * the kind of field, 138****5678, 张**, 110***********1234, a***@example.com, ***, unless a role names
 * another: "masked:amount". */
#pragma once
#include "meta/object.h"

/* Ascending by what is left, but for `full`, which leaves nothing. */
typedef enum MaskStyle {
    MASK_AUTO,   /* as the kind of field and the value suggest */
    MASK_NAME,   /* 张** */
    MASK_AMOUNT, /* 1******: the first digit and how many there are before the point */
    MASK_YEAR,   /* 1985-**-** */
    MASK_EMAIL,  /* a***@example.com */
    MASK_PHONE,  /* 138****5678 */
    MASK_ID,     /* 110***********1234 */
    MASK_FULL,   /* *** */
    MASK_STYLES
} MaskStyle;

/* Can the field be shown masked? Text of one line, numbers, amounts, dates; neither links nor codes. */
bool mask_takes(const Field *f);
/* "masked", "reveal", each with ":style" of one that fits the kind of field; false for other words. */
bool mask_word(const Field *f, Str word, MaskStyle *ret);
const char *mask_style_name(MaskStyle style);        /* "auto", "name" … */
MaskStyle mask_shows_more(MaskStyle a, MaskStyle b); /* of two roles that both mask */
/* What stands for a value that is not null; lives in the arena. */
Str mask_value(Arena *a, const Field *f, MaskStyle style, const Value *v);
