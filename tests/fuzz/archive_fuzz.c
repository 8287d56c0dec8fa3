/* SPDX-License-Identifier: Apache-2.0 */
/* Archives from anybody: every length is checked, values lie in readable memory, and rows written again are
 * read the same. */
#include "backup/archive.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Status read_bytes(Ctx *cx, void *from, void *p, size_t n, size_t *ret_n)
{
    Str *rest = from;
    (void)cx;
    *ret_n = n < rest->n ? n : rest->n;
    if (*ret_n)
        memcpy(p, rest->p, *ret_n);
    *rest = str_sub(*rest, *ret_n, SIZE_MAX);
    return ST_OK;
}

static void write_again(Arena *a, const DbTable *t, const DbVal *v)
{
    Buf one = buf_in(a, ROWS_MAX), two = buf_in(a, ROWS_MAX);
    DbVal *again = ARENA_ARRAY(a, DbVal, t->n);
    row_encode(&one, t, v);
    Str rest = buf_str(&one);
    if (!row_decode(&rest, t, again) || rest.n)
        abort();
    row_encode(&two, t, again);
    if (!str_eq(buf_str(&one), buf_str(&two)))
        abort();
}

static void read_rows(Ctx *cx, ArchiveReader *r, const DbTable *t)
{
    DbVal *v = ARENA_ARRAY(cx->arena, DbVal, t->n);
    bool row = true;
    for (int i = 0; i < 200 && archive_next_row(cx, r, v, &row) == ST_OK && row; i++)
        write_again(cx->arena, t, v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new(4096);
    Ctx cx = {.arena = arena, .lang = LANG_EN};
    Str rest = str_n((const char *)data, size);
    ArchiveReader *r = NULL;
    const DbTable *t = NULL;
    json_t *j = NULL;
    if (archive_open(&cx, read_bytes, &rest, &r, &j) == ST_OK) {
        for (int i = 0; i < 20 && archive_next(&cx, r, &t) == ST_OK && t; i++)
            read_rows(&cx, r, t);
        for (int i = 0; i < 20 && archive_next_files(&cx, r, &j) == ST_OK && j; i++)
            ;
    }
    arena_free(arena);
    return 0;
}
