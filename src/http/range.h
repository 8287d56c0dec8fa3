/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a file that a client asks for. */
#pragma once
#include "base/str.h"

typedef enum RangeKind {
    RANGE_WHOLE, /* no range, or one that is not served */
    RANGE_PART,
    RANGE_NONE, /* behind the end: 416 */
} RangeKind;
RangeKind range_parse(Str header, uint64_t size, uint64_t *ret_from, uint64_t *ret_n);
