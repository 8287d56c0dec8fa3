/* SPDX-License-Identifier: Apache-2.0 */
/* Finds a text by its key in the generated table, by halving. */
#include "base/message.h"
#include <string.h>

const char *message_zh(const char *key)
{
    size_t low = 0, high = message_row_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(key, message_rows[middle].key);
        if (order == 0)
            return message_rows[middle].zh;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
