/* SPDX-License-Identifier: Apache-2.0 */
/* Ids as text, and the time that is in them. */
#include "base/id.h"
#include "base/base_internal.h"

bool id_parse(Str s, Id *ret)
{
    uint64_t v;
    if (s.n == 0 || s.p[0] == '0' || !str_uint(s, &v) || v > INT64_MAX)
        return false;
    *ret = (Id)v;
    return true;
}

int64_t id_time_ms(Id id) { return (id >> ID_LOW_BITS) + ID_EPOCH_MS; }

Id id_last_of_ms(int64_t ms)
{
    const int64_t most = (INT64_MAX >> ID_LOW_BITS) - 1;
    int64_t since = ms - ID_EPOCH_MS;
    if (since < 0)
        return 1;
    return (((since < most ? since : most) + 1) << ID_LOW_BITS) - 1;
}
