/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a list as people type it on the command line. */
#include "analyze/split.h"

void split_list(Arena *a, Str list, Str **ret, size_t *ret_n)
{
    VEC(Str) parts = {0};
    for (size_t i = 0; i < list.n || parts.n == 0; i++) {
        size_t from = i;
        bool is_quoted = i < list.n && list.p[i] == '"';
        for (i += is_quoted; i < list.n && (is_quoted || list.p[i] != ','); i++)
            if (is_quoted && list.p[i] == '"' && (i + 1 == list.n || list.p[i + 1] == ','))
                is_quoted = false;
        Str part = str_sub(list, from, i - from);
        if (part.n >= 2 && part.p[0] == '"' && part.p[part.n - 1] == '"')
            part = str_sub(part, 1, part.n - 2);
        VEC_PUSH(a, &parts, part);
    }
    *ret = parts.v;
    *ret_n = parts.n;
}
