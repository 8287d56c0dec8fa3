/* SPDX-License-Identifier: Apache-2.0 */
/* Cursors: every kind of value comes back; whatever is not ours is refused. */
#include "query/query_internal.h"
#include "test.h"

static Sort keys(void)
{
    Sort s = {.n = 5};
    static const DbType TYPES[] = {DB_TEXT, DB_BLOB, DB_REAL, DB_BOOL, DB_INT};
    for (size_t i = 0; i < s.n; i++)
        s.keys[i] = (SortKey){.type = TYPES[i], .nullable = i + 1 < s.n};
    return s;
}

static Str encoded(Arena *a, uint64_t hash, const DbVal *values, size_t n)
{
    Buf out = buf_in(a, 1 << 16);
    Ctx cx = {.arena = a};
    cursor_encode(&cx, hash, values, n, &out);
    return buf_str(&out);
}

TEST(cursor, carries_every_type)
{
    Arena *a = arena_new(4096);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    Sort s = keys();
    DbVal in[] = {db_text(STR("北辰")), db_blob(STR("\0\xff")), db_real(-0.125), db_bool(true),
                  db_int(INT64_MIN)};
    DbVal out[5];
    Str text = encoded(a, 77, in, 5);
    ASSERT_OK(cursor_decode(&cx, text, 77, &s, out));
    assert_true(str_eq(out[0].s, in[0].s) && str_eq(out[1].s, in[1].s));
    assert_true(out[2].r == -0.125 && out[3].b && out[4].i == INT64_MIN);
    for (size_t i = 0; i < 4; i++)
        in[i] = db_null((DbType)in[i].type);
    ASSERT_OK(cursor_decode(&cx, encoded(a, 77, in, 5), 77, &s, out));
    assert_true(out[0].null && out[3].null && !out[4].null);
    for (size_t i = 0; i < text.n; i++)
        assert_non_null(
            strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", text.p[i]));
    arena_free(a);
}

static void refuse(Ctx *cx, Str text, uint64_t hash, const Sort *s)
{
    DbVal out[5];
    ASSERT_ST(ST_MALFORMED, cursor_decode(cx, text, hash, s, out));
    error_clear(cx);
}

TEST(cursor, refuses_what_is_not_its_own)
{
    Arena *a = arena_new(4096);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    Sort s = keys();
    DbVal in[] = {db_text(STR("x")), db_blob(STR("y")), db_real(1), db_bool(true), db_int(5)};
    Str text = encoded(a, 77, in, 5);
    refuse(&cx, text, 78, &s);
    for (size_t n = 0; n < text.n; n++)
        refuse(&cx, str_sub(text, 0, n), 77, &s);
    refuse(&cx, STR("***"), 77, &s);
    in[4] = db_null(DB_INT); /* the id is never null */
    refuse(&cx, encoded(a, 77, in, 5), 77, &s);
    in[4] = db_real(1); /* nor a real number */
    refuse(&cx, encoded(a, 77, in, 5), 77, &s);
    in[4] = db_int(5);
    in[0] = db_text(STR("\xff\xfe")); /* text is UTF-8 */
    refuse(&cx, encoded(a, 77, in, 5), 77, &s);
    in[0] = db_text(STR("x"));
    refuse(&cx, encoded(a, 77, in, 4), 77, &s);
    arena_free(a);
}

/* Damaged cursors are refused or give other values, never more than there is. */
TEST(cursor, survives_damage)
{
    Arena *a = arena_new(1 << 16);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    Sort s = keys();
    DbVal in[] = {db_text(STR("some text")), db_blob(STR("bytes")), db_real(1), db_bool(true),
                  db_int(5)};
    DbVal out[5];
    Str text = encoded(a, 77, in, 5);
    int refused = 0;
    for (size_t i = 0; i < text.n; i++) {
        for (int c = 0; c < 64; c += 7) {
            char *copy = arena_dup(a, text.p, text.n);
            copy[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[c];
            if (cursor_decode(&cx, str_n(copy, text.n), 77, &s, out) != ST_OK)
                refused++;
            else
                assert_true(out[0].s.n <= text.n && out[1].s.n <= text.n);
            error_clear(&cx);
        }
    }
    assert_true(refused > 100);
    arena_free(a);
}

TEST_MAIN("cursor")
