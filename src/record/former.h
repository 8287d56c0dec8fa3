/* SPDX-License-Identifier: Apache-2.0 */
/* former: names that a record had before. */
#pragma once
#include "record/record.h"

/* Names that a record had before, where its object has a text of that name; several stand behind each other. */
#define RECORD_FORMER_NAMES "former_names"
#define RECORD_FORMER_SEPARATOR "；"
bool record_former_next(Str *rest, Str *ret); /* one name after the other; false: no more */
void record_former_add(Ctx *cx, Record *r, Str names);
void record_former_take(Ctx *cx, Record *keep,
                        const Record *lost); /* names of one that becomes part of it */
