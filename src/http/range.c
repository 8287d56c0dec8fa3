/* SPDX-License-Identifier: Apache-2.0 */
/* Range: bytes=… (RFC 9110, 14). One range; several, other units and anything odd mean the whole, as the
 * RFC allows; one that lies behind the end is told so. */
#include "http/range.h"

static bool number(Str s, uint64_t *ret)
{
    *ret = 0;
    if (!s.n || s.n > 18)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *ret = *ret * 10 + (uint64_t)(s.p[i] - '0');
    }
    return true;
}

RangeKind range_parse(Str header, uint64_t size, uint64_t *ret_from, uint64_t *ret_n)
{
    Str s = str_trim(header);
    uint64_t from = 0, to = 0;
    if (!str_starts(s, STR("bytes=")) || str_find(s, STR(",")) != SIZE_MAX)
        return RANGE_WHOLE;
    s = str_sub(s, 6, s.n);
    size_t dash = str_find(s, STR("-"));
    if (dash == SIZE_MAX)
        return RANGE_WHOLE;
    Str first = str_trim(str_sub(s, 0, dash)), last = str_trim(str_sub(s, dash + 1, s.n));
    if ((first.n && !number(first, &from)) || (last.n && !number(last, &to)) ||
        (!first.n && !last.n))
        return RANGE_WHOLE;
    if (!first.n) { /* the last so many bytes */
        from = to < size ? size - to : 0;
        to = to ? size : 0;
    } else {
        if (last.n && to < from)
            return RANGE_WHOLE;
        to = last.n && to < size ? to + 1 : size;
    }
    if (from >= size || to <= from)
        return RANGE_NONE;
    *ret_from = from;
    *ret_n = to - from;
    return RANGE_PART;
}
