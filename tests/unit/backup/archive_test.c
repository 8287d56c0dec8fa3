/* SPDX-License-Identifier: Apache-2.0 */
/* Archives: tables and files come back as they were; rows that are missing or changed are noticed; the hash of
 * a table does not depend on the order of rows nor on how an engine keeps truth values.
 * Covers: archive_read.c row.c */
#include "backup/archive.h"
#include "test.h"
#include <float.h>
#include <stdio.h>

typedef struct Fixture {
    Arena *arena;
    Ctx cx;
    char *dir;
    SealKey *key;
} Fixture;

static DbColumn COLUMNS[] = {{.name = {"a", 1}, .type = DB_INT, .key = 1, .not_null = true},
                             {.name = {"b", 1}, .type = DB_TEXT},
                             {.name = {"c", 1}, .type = DB_REAL},
                             {.name = {"d", 1}, .type = DB_BLOB},
                             {.name = {"e", 1}, .type = DB_BOOL}};
static const DbTable TABLE = {.name = {"things", 6}, .columns = COLUMNS, .n = COUNT_OF(COLUMNS)};

static Fixture fixture(void)
{
    Arena *a = arena_new(0);
    Fixture f = {a, {.arena = a, .lang = LANG_EN}, test_tempdir(), NULL};
    const char *pass = str_format(a, "%s/pass", f.dir).p;
    FILE *out = fopen(pass, "w");
    fputs("correct horse battery", out);
    fclose(out);
    ASSERT_OK(seal_key_read(&f.cx, pass, &f.key));
    return f;
}

static void fixture_end(Fixture *f)
{
    seal_key_free(f->key);
    test_tempdir_remove(f->dir);
    arena_free(f->arena);
}

static void row_of(Arena *a, int64_t i, DbVal v[5])
{
    v[0] = db_int(i % 3 ? i * 1234567891011 : -i);
    v[1] = i % 5 ? db_text(str_format(a, "文字 %lld", (long long)i)) : db_null(DB_TEXT);
    v[2] = db_real(i % 2 ? DBL_MAX / (double)(i + 1) : -0.5);
    v[3] = i % 7 ? db_blob(STR("\0\1\377")) : db_blob(STR(""));
    v[4] = db_bool(i % 2 != 0);
}

static void write_archive(Fixture *f, int64_t rows, TableSum *ret)
{
    CLEANUP(seal_out) Sealer *s = NULL;
    Archive *a = NULL;
    int64_t bytes;
    json_t *head = json_pack("{s:i,s:s}", "format", 1, "engine", "sqlite");
    json_t *files = json_pack("[[s,i]]", "ab", 12);
    json_own(f->arena, head);
    json_own(f->arena, files);
    ASSERT_OK(seal_out_open(&f->cx, f->key, str_format(f->arena, "%s/data", f->dir).p, &s));
    ASSERT_OK(archive_begin(&f->cx, s, head, &a));
    ASSERT_OK(archive_table(&f->cx, a, &TABLE));
    for (int64_t i = 0; i < rows; i++) {
        DbVal v[5];
        row_of(f->arena, i, v);
        ASSERT_OK(archive_row(&f->cx, a, v));
    }
    ASSERT_OK(archive_table_end(&f->cx, a, ret));
    ASSERT_OK(archive_files(&f->cx, a, files));
    ASSERT_OK(archive_end(&f->cx, a));
    ASSERT_OK(seal_out_end(&f->cx, s, &bytes));
}

static Status read_opener(Ctx *cx, void *from, void *p, size_t n, size_t *ret_n)
{
    return seal_in_read(cx, from, p, n, ret_n);
}

static void same_value(DbVal a, DbVal b)
{
    assert_int_equal(a.type, b.type);
    assert_int_equal(a.null, b.null);
    if (a.null)
        return;
    if (a.type == DB_TEXT || a.type == DB_BLOB)
        assert_true(str_eq(a.s, b.s));
    else if (a.type == DB_BOOL)
        assert_int_equal(a.b, b.b);
    else
        assert_int_equal(a.i, b.i); /* also the bits of a real */
}

TEST(archive, tables_and_files_come_back)
{
    enum { ROWS = 20000 };
    Fixture f = fixture();
    CLEANUP(seal_in) Opener *o = NULL;
    ArchiveReader *r = NULL;
    const DbTable *t = NULL;
    json_t *head = NULL, *files = NULL;
    TableSum sum;
    DbVal v[5], was[5];
    bool row = true;
    write_archive(&f, ROWS, &sum);
    ASSERT_OK(seal_in_open(&f.cx, f.key, str_format(f.arena, "%s/data", f.dir).p, &o));
    ASSERT_OK(archive_open(&f.cx, read_opener, o, &r, &head));
    assert_true(str_is(json_get_str(head, "engine"), "sqlite"));
    ASSERT_OK(archive_next(&f.cx, r, &t));
    assert_true(str_is(t->name, "things"));
    assert_int_equal(t->n, 5);
    assert_true(t->columns[0].key == 1 && t->columns[0].not_null && !t->columns[1].not_null);
    for (int64_t i = 0; i < ROWS; i++) {
        ASSERT_OK(archive_next_row(&f.cx, r, v, &row));
        assert_true(row);
        row_of(f.arena, i, was);
        for (int k = 0; k < 5; k++)
            same_value(v[k], was[k]);
    }
    ASSERT_OK(archive_next_row(&f.cx, r, v, &row));
    assert_false(row);
    assert_true(row_sum_equal(archive_sum(r), &sum));
    assert_int_equal(sum.rows, ROWS);
    ASSERT_OK(archive_next(&f.cx, r, &t));
    assert_null(t);
    ASSERT_OK(archive_next_files(&f.cx, r, &files));
    assert_int_equal(json_array_size(files), 1);
    ASSERT_OK(archive_next_files(&f.cx, r, &files));
    assert_null(files);
    fixture_end(&f);
}

static void sum_rows(Arena *a, const int64_t *order, size_t n, bool as_numbers, TableSum *ret)
{
    *ret = (TableSum){0};
    for (size_t i = 0; i < n; i++) {
        DbVal v[5];
        Buf out = buf_in(a, 65536);
        row_of(a, order[i], v);
        if (as_numbers)
            v[4] = db_int(v[4].b);
        row_encode(&out, &TABLE, v);
        row_sum(ret, buf_str(&out));
    }
}

TEST(archive, a_hash_knows_no_order_and_no_engine)
{
    Arena *a = arena_new(0);
    static const int64_t HERE[] = {1, 2, 3, 4}, THERE[] = {4, 2, 1, 3}, LESS[] = {4, 2, 1},
                         TWICE[] = {4, 2, 1, 1};
    TableSum one, two;
    sum_rows(a, HERE, 4, false, &one);
    sum_rows(a, THERE, 4, true, &two);
    assert_true(row_sum_equal(&one, &two));
    assert_true(str_eq(row_sum_text(a, &one), row_sum_text(a, &two)));
    sum_rows(a, LESS, 3, false, &two);
    assert_false(row_sum_equal(&one, &two));
    sum_rows(a, TWICE, 4, false, &two);
    assert_false(row_sum_equal(&one, &two));
    arena_free(a);
}

/* ---- bytes that were not written by us */
typedef struct Bytes {
    Str rest;
} Bytes;

static Status read_bytes(Ctx *cx, void *from, void *p, size_t n, size_t *ret_n)
{
    Bytes *b = from;
    (void)cx;
    *ret_n = n < b->rest.n ? n : b->rest.n;
    memcpy(p, b->rest.p, *ret_n);
    b->rest = str_sub(b->rest, *ret_n, SIZE_MAX);
    return ST_OK;
}

static void part(Buf *out, char letter, Str body)
{
    uint32_t n = (uint32_t)body.n;
    buf_char(out, letter);
    buf_add(out, &n, sizeof(n));
    buf_str_add(out, body);
}

static Status read_table_of(Arena *a, Str table, Str rows)
{
    Ctx cx = {.arena = a, .lang = LANG_EN};
    Buf out = buf_in(a, 65536);
    ArchiveReader *r = NULL;
    const DbTable *t = NULL;
    json_t *head;
    DbVal v[16];
    bool row = true;
    buf_lit(&out, "GXARC1\n");
    part(&out, 'H', STR("{\"format\":1}"));
    part(&out, 'T', table);
    part(&out, 'R', rows);
    Bytes b = {buf_str(&out)};
    ASSERT_OK(archive_open(&cx, read_bytes, &b, &r, &head));
    TRY(archive_next(&cx, r, &t));
    while (row)
        TRY(archive_next_row(&cx, r, v, &row));
    return ST_OK;
}

TEST(archive, strange_parts_are_refused)
{
    Arena *a = arena_new(0);
    static const char *const TABLES[] = {
        "{}",
        "{\"table\":\"a b\",\"columns\":[[\"a\",\"int\",0,false,false]]}",
        "{\"table\":\"a\",\"columns\":[]}",
        "{\"table\":\"a\",\"columns\":[[\"a\",\"number\",0,false,false]]}",
        "{\"table\":\"a\",\"columns\":[[\"a\\\"; drop\",\"int\",0,false,false]]}",
        "[1",
    };
    static const Str ROWS[] = {{"\x04", 1},
                               {"\x01", 1},
                               {"\x01\xff\xff", 3},
                               {"\x03\x7f"
                                "ab",
                                4},
                               {"\x02"
                                "1234567",
                                8}};
    for (size_t i = 0; i < COUNT_OF(TABLES); i++)
        assert_int_equal(read_table_of(a, str_of(TABLES[i]), STR("")), ST_INVALID);
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        assert_int_equal(read_table_of(a,
                                       STR("{\"table\":\"a\",\"columns\":[[\"a\",\"int\",1,true,"
                                           "false]]}"),
                                       ROWS[i]),
                         ST_INVALID);
    arena_free(a);
}

TEST_MAIN("archive")
