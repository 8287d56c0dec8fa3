/* SPDX-License-Identifier: Apache-2.0 */
/* The SQL builder: placeholders are numbered as values are bound, joins are made once and carry the
 * reader's predicate.
 * Covers: scope.c */
#include "meta_fixture.h"

static void shares_values(MetaTest *t)
{
    const Object *o = meta_object(t->cx.meta, STR("account"));
    Sql q = sql_new(t->arena), where = sql_fragment(&q);
    sql_bind_int(&where, 7);
    sql_lit(&q, "SELECT ");
    sql_bind_text(&q, STR("x"));
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE id = ");
    sql_append(&q, &where);
    sql_lit(&q, " LIMIT ");
    sql_number(&q, 5);
    assert_string_equal(buf_z(&q.text), "SELECT ?2 FROM {accounts} WHERE id = ?1 LIMIT 5");
    assert_int_equal(q.vals->n, 2);
    assert_int_equal(q.vals->v[0].i, 7);
    assert_true(str_is(q.vals->v[1].s, "x"));
}

TEST(sql, numbers_values_as_they_are_bound) { meta_fixture_run(shares_values); }

static void names(MetaTest *t)
{
    const Object *o = meta_object(t->cx.meta, STR("account"));
    const Field *name = object_field(o, STR("name"));
    const Field *roles = object_field(meta_object(t->cx.meta, STR("user")), STR("roles"));
    char expected[100];
    Sql q = sql_new(t->arena);
    sql_column(&q, 3, name, field_part(name, 'k'));
    sql_lit(&q, " ");
    sql_column(&q, -1, o->owner, 0);
    sql_lit(&q, " ");
    sql_twin(&q, o);
    sql_lit(&q, " ");
    sql_links_table(&q, roles);
    snprintf(expected, sizeof(expected), "t3.\"c_%u_k\" \"owner\" {accounts_h} {l_%u}",
             name->number, roles->number);
    assert_string_equal(buf_z(&q.text), expected);
}

TEST(sql, names_columns_and_tables_from_the_catalogue) { meta_fixture_run(names); }

static Status only_mine(Ctx *cx, const Object *o, DbKind dialect, int alias, Sql *q, int *next)
{
    (void)cx, (void)dialect, (void)next;
    if (!o->owner)
        return ST_OK;
    sql_lit(q, " AND (");
    sql_column(q, alias, o->owner, 0);
    sql_lit(q, " = ");
    sql_bind_int(q, 42);
    sql_lit(q, ")");
    return ST_OK;
}

static void joins(MetaTest *t)
{
    static const QueryAccess access = {.predicate = only_mine};
    const Object *contact = meta_object(t->cx.meta, STR("contact"));
    const Field *account = object_field(contact, STR("account"));
    const Field *region = object_field(account->to, STR("region"));
    int next = 0, first, again, second;
    char expected[300];
    t->cx.access = &access;
    Sql q = sql_new(t->arena);
    SqlScope scope = scope_new(&t->cx, DB_SQLITE, contact, &q, &next, NULL);
    ASSERT_OK(scope_join(&scope, scope.alias, account, &first));
    ASSERT_OK(scope_join(&scope, first, region, &second));
    ASSERT_OK(scope_join(&scope, scope.alias, account, &again));
    assert_int_equal(first, again);
    assert_int_equal(second, 2);
    snprintf(expected, sizeof(expected),
             " LEFT JOIN {accounts} t1 ON t1.\"id\" = t0.\"c_%u\" AND (t1.\"owner\" = ?1)"
             " LEFT JOIN {regions} t2 ON t2.\"id\" = t1.\"c_%u\"",
             account->number, region->number);
    assert_string_equal(buf_z(&scope.from.text), expected);
    t->cx.access = NULL;
}

/* Few texts, however many sizes somebody asks for. */
TEST(sql, usual_limits_are_text_on_postgres)
{
    Arena *a = arena_new(4096);
    static const struct {
        DbKind dialect;
        int64_t n;
        const char *text;
    } of[] = {{DB_POSTGRES, 51, " LIMIT 51"},   {DB_POSTGRES, 2, " LIMIT 2"},
              {DB_POSTGRES, 201, " LIMIT 201"}, {DB_POSTGRES, 52, " LIMIT ?1"},
              {DB_POSTGRES, 206, " LIMIT ?1"},  {DB_POSTGRES, 0, " LIMIT ?1"},
              {DB_SQLITE, 51, " LIMIT ?1"}};
    for (size_t i = 0; i < COUNT_OF(of); i++) {
        Sql q = sql_new(a);
        sql_limit(&q, of[i].dialect, of[i].n);
        assert_string_equal(buf_z(&q.text), of[i].text);
    }
    arena_free(a);
}

TEST(sql, joins_once_with_the_predicate) { meta_fixture_run(joins); }

TEST_MAIN("sql")
