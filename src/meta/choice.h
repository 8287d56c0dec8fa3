/* SPDX-License-Identifier: Apache-2.0 */
/* Choices by label, for files people write and for suggestions. */
#pragma once
#include "meta/meta.h"

/* By code, then by label in either language, folded. NULL if there is none. */
const Choice *choice_by_label(Arena *a, const ChoiceList *l, Str text);
/* The code whose code or label is nearest to `wrong`; STR_NULL if none is near. */
Str choice_nearest(const ChoiceList *l, Str wrong);
