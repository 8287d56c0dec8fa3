/* SPDX-License-Identifier: Apache-2.0 */
/* Markers of one SQL text, expanded for both engines. */
#include "db_fixture.h"

static bool expand(Arena *a, DbKind kind, const char *sql, const char **ret, int *ret_params)
{
    Buf out = buf_in(a, 10000);
    bool ok = db_sql_expand(&out, kind, STR("acme"), str_of(sql), ret_params);
    *ret = str_z(a, buf_str(&out));
    return ok;
}

static void expect(const char *sql, const char *sqlite, const char *postgres, int params)
{
    Arena *a = arena_new(4096);
    const char *got;
    int n;
    assert_true(expand(a, DB_SQLITE, sql, &got, &n));
    assert_string_equal(got, sqlite);
    assert_int_equal(n, params);
    assert_true(expand(a, DB_POSTGRES, sql, &got, &n));
    assert_string_equal(got, postgres);
    assert_int_equal(n, params);
    arena_free(a);
}

TEST(db_sql, qualifies_tables_on_postgres_only)
{
    expect("SELECT a FROM {account} JOIN {c_1}", "SELECT a FROM \"account\" JOIN \"c_1\"",
           "SELECT a FROM \"acme\".\"account\" JOIN \"acme\".\"c_1\"", 0);
}

TEST(db_sql, rewrites_and_counts_placeholders)
{
    expect("?1 ?12 ?1", "?1 ?12 ?1", "$1 $12 $1", 12);
}

TEST(db_sql, names_types_of_each_engine)
{
    expect("a $int, b $text, c $bool, d $real, e $blob) $strict",
           "a INTEGER, b TEXT, c INTEGER, d REAL, e BLOB) STRICT",
           "a bigint, b text COLLATE \"C\", c boolean, d double precision, e bytea) ", 0);
}

TEST(db_sql, leaves_quoted_text_and_comments_alone)
{
    expect("'{a} ?1 $int' \"{b}\" -- {c} ?9\n'it''s ?2' ?3",
           "'{a} ?1 $int' \"{b}\" -- {c} ?9\n'it''s ?2' ?3",
           "'{a} ?1 $int' \"{b}\" -- {c} ?9\n'it''s ?2' $3", 3);
}

TEST(db_sql, refuses_broken_markers)
{
    static const char *const BAD[] = {"{", "{}", "{a", "{a b}", "{A}", "?", "?0", "?99999", "?x"};
    Arena *a = arena_new(4096);
    const char *got;
    int n;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_false(expand(a, DB_SQLITE, BAD[i], &got, &n));
    arena_free(a);
}

TEST_MAIN("db_sql")
