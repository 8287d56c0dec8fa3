/* SPDX-License-Identifier: Apache-2.0 */
/* Encodings: whatever the bytes, a name is found that the converter knows, what comes out is UTF-8, and
 * UTF-8 is called so. */
#include "base/utf8.h"
#include "import/encoding.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_converted(Arena *a, int fd)
{
    off_t n = lseek(fd, 0, SEEK_END);
    char *text = arena_alloc(a, (size_t)n + 1);
    if (pread(fd, text, (size_t)n, 0) != n)
        abort();
    for (off_t i = 0; i < n; i++) /* a NUL stays one; rows with it are refused later */
        if (!text[i])
            text[i] = ' ';
    if (!utf8_valid(str_n(text, (size_t)n), NULL))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new(4096);
    Ctx cx = {.arena = arena, .lang = LANG_EN};
    Str bytes = str_n((const char *)data, size);
    size_t skip = 0;
    Str name = encoding_guess(arena, bytes, &skip);
    FILE *out = tmpfile();
    if (!name.n || skip > size || (utf8_valid(bytes, NULL) && !encoding_is_utf8(name)))
        abort();
    if (out && !encoding_is_utf8(name)) {
        if (encoding_convert(&cx, str_sub(bytes, skip, size), name, fileno(out)) != ST_OK)
            abort();
        check_converted(arena, fileno(out));
    }
    if (out)
        fclose(out);
    arena_free(arena);
    return 0;
}
