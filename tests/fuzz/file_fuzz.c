/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the head, the name and the range of a file: names stay short, valid UTF-8, without
 * path or control; a range lies inside; a type is one that a header may carry. */
#include "base/utf8.h"
#include "file/file.h"
#include "http/range.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_new(4096);
    Str all = str_n((const char *)data, size);
    Str name = file_name_clean(a, all), type = file_type_check(a, all, all);
    uint64_t from = 0, n = 0, whole = size ? data[0] : 0;
    check(name.n > 0 && utf8_valid(name, NULL) && utf8_length(name) <= 255);
    for (size_t i = 0; i < name.n; i++)
        check((unsigned char)name.p[i] >= 0x20 && name.p[i] != '/' && name.p[i] != '\\');
    check(!type.p || (type.n <= 80 && str_find(type, STR("/")) != SIZE_MAX));
    for (size_t i = 0; i < type.n; i++)
        check(type.p[i] > 0x20 && type.p[i] < 0x7f);
    if (range_parse(all, whole, &from, &n) == RANGE_PART)
        check(n > 0 && from < whole && n <= whole - from);
    arena_free(a);
    return 0;
}
