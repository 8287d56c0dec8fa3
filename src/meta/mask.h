/* SPDX-License-Identifier: Apache-2.0 */
/* Masks: what is left of a value for those who may know that it is there and no more. The style follows
 * the kind of field: 138****5678, 张**, 110***********1234, a***@example.com, ***. */
#pragma once
#include "meta/object.h"

/* Can the field be shown masked? Text of one line, numbers, amounts, dates; neither links nor codes. */
bool mask_takes(const Field *f);
/* What stands for a value that is not null; lives in the arena. */
Str mask_value(Arena *a, const Field *f, const Value *v);
