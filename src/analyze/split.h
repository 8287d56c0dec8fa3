/* SPDX-License-Identifier: Apache-2.0 */
/* Lists on the command line: parts between commas, "…" for a part with commas. */
#pragma once
#include "base/ctx.h"

/* At least one part, which may be empty. */
void split_list(Arena *a, Str list, Str **ret, size_t *ret_n);
