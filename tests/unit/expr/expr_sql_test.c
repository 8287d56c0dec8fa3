/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that an index can serve: columns bare on the left, constants computed and bound; and
 * buckets, which aggregates share.
 * Covers: expr_sql.c expr_sql_compare.c expr_bucket.c expr_dialect.c */
#include "expr_fixture.h"

static const char *sql_of(World *w, DbKind kind, bool names, const char *text)
{
    ExprScope scope = {.object = w->firms.object, .names = names ? world_names(w) : NULL};
    const Expr *e;
    int next_alias = 0;
    if (expr_parse(&w->cx, str_of(text), &scope, EXPR_CONDITION, &e) != ST_OK)
        world_fail(&w->cx, text);
    Sql q = sql_new(w->arena);
    SqlScope s = scope_new(&w->cx, kind, w->firms.object, &q, &next_alias, NULL);
    if (expr_sql(&w->cx, e, &s, &q) != ST_OK)
        world_fail(&w->cx, text);
    return str_z(w->arena, sql_text(&q));
}

/* Physical columns by name: [staff] in a form is that field's first column, [worth:b] its part b. */
static const char *filled(World *w, const char *form)
{
    Buf b = buf_in(w->arena, 10000);
    Str rest = str_of(form), head, name;
    while (str_split(&rest, '[', &head)) {
        buf_str_add(&b, head);
        if (!rest.n || !str_split(&rest, ']', &name))
            break;
        char part = name.n > 2 && name.p[name.n - 2] == ':' ? name.p[name.n - 1] : 0;
        const Field *f = object_field(w->firms.object, str_sub(name, 0, name.n - (part ? 2 : 0)));
        buf_printf(&b, "t0.\"%s\"", f->columns[part ? field_part(f, part) : 0].name);
    }
    return buf_z(&b);
}

static const char *const FORMS[][2] = {
    {"staff = 5", "([staff] = ?1)"},
    {"5 < staff", "([staff] > ?1)"},
    {"staff in (1, 2)", "([staff] IN (?1, ?2))"},
    {"worth >= 100000", "([worth:b] >= ?1)"},
    {"worth > 0.005", "([worth:b] > ?1)"},
    {"worth = 0.005", "([worth:b] <> [worth:b])"},
    {"size between 1 and 2.5", "(([size] >= ?1) AND ([size] <= ?2))"},
    {"founded_on >= \"2026-03-01\"", "([founded_on] >= ?1)"},
    {"seen_at > days_ago(14)", "([seen_at] > ?1)"},
    {"founded_on < start_of(\"month\", today()) - 2 * 3", "([founded_on] < ?1)"},
    {"created_by = me()", "([created_by] = ?1)"},
    {"phase = \"won\"", "([phase] = ?1)"},
    {"phase not in (\"won\", \"new\")", "(NOT ([phase] IN (?1, ?2)))"},
    {"level != \"gold\"", "([level] <> ?1)"},
    {"name starts \"北京\"", "([name:f] >= ?1 AND [name:f] < ?2)"},
    {"is_open and staff is null", "([is_open] AND ([staff] IS NULL))"},
    {"1 + 1 = 2", "?1"},
};

static void is_index_friendly(World *w)
{
    for (size_t i = 0; i < COUNT_OF(FORMS); i++) {
        const char *got = sql_of(w, w->kind, true, FORMS[i][0]);
        if (strcmp(got, filled(w, FORMS[i][1])) != 0)
            fail_msg("%s: %s", FORMS[i][0], got);
    }
    assert_non_null(strstr(sql_of(w, w->kind, true, "\"5\" in friends"), "t0.\"id\" IN (SELECT"));
    assert_non_null(strstr(sql_of(w, w->kind, false, "phase = \"won\""), "t1.\"code\" = ?1"));
}

TEST(expr_sql, leaves_columns_bare_for_indexes) { world_run_once(is_index_friendly); }

static void binds_scaled(World *w)
{
    const Expr *e;
    int next_alias = 0;
    ExprScope scope = {.object = w->firms.object};
    ASSERT_OK(
        expr_parse(&w->cx, STR("worth >= 12.5 and name ~ \"ＡＢ\""), &scope, EXPR_CONDITION, &e));
    Sql q = sql_new(w->arena);
    SqlScope s = scope_new(&w->cx, w->kind, w->firms.object, &q, &next_alias, NULL);
    ASSERT_OK(expr_sql(&w->cx, e, &s, &q));
    assert_int_equal(q.vals->n, 2);
    assert_int_equal(q.vals->v[0].i, 1250);
    assert_true(str_is(q.vals->v[1].s, "ab"));
}

TEST(expr_sql, binds_constants_at_the_columns_scale) { world_run_once(binds_scaled); }

/* ---- SQLite's parser holds 100 waiting words: what nests deeper is named in a WITH */
typedef struct Deep {
    const char *open, *core, *close;
    int times;
} Deep;
static const Deep DEEP[] = {
    {"not (", "is_open", ")", 60},
    {"(staff + ", "staff", ")", 60},
    {"if(is_open, staff, ", "staff", ")", 60},
    {"abs(1 - ", "staff", ")", 60},
    {"coalesce(staff, ", "1", ")", 60},
    {"right(", "note", ", staff)", 60},
    {"round(1.0 / ", "staff / 7", ", 1)", 30},
    {"start_of(\"quarter\", ", "founded_on", ")", 30},
    {"(is_open and (is_open or ", "is_open", "))", 30},
    {"staff + ", "staff", "", 99},
    {"any(friends, staff > 1 and ", "is_open", ")", 4},
};

static void nests_deep(World *w)
{
    for (size_t i = 0; i < COUNT_OF(DEEP); i++) {
        Buf b = buf_in(w->arena, 8192);
        const Expr *e;
        int next_alias = 0;
        for (int k = 0; k < DEEP[i].times; k++)
            buf_str_add(&b, str_of(DEEP[i].open));
        buf_str_add(&b, str_of(DEEP[i].core));
        for (int k = 0; k < DEEP[i].times; k++)
            buf_str_add(&b, str_of(DEEP[i].close));
        ExprScope scope = {.object = w->firms.object};
        if (expr_parse(&w->cx, buf_str(&b), &scope, EXPR_VALUE, &e) != ST_OK)
            world_fail(&w->cx, buf_z(&b));
        Sql q = sql_new(w->arena), value = sql_fragment(&q);
        SqlScope s = scope_new(&w->cx, w->kind, w->firms.object, &q, &next_alias, NULL);
        ASSERT_OK(expr_sql(&w->cx, e, &s, &value));
        sql_lit(&q, "SELECT count(*) FROM ");
        sql_table(&q, w->firms.object);
        sql_lit(&q, " t0 WHERE (");
        sql_append(&q, &value);
        sql_lit(&q, ") IS NULL");
        CLEANUP(stmt) Stmt *stmt = NULL;
        if (db_prepare_str(&w->cx, sql_text(&q), &stmt) != ST_OK)
            world_fail(&w->cx, buf_z(&b));
    }
}

TEST(expr_sql, nests_deeper_than_the_parser_of_sqlite) { world_run(nests_deep); }

static void knows_its_depth(World *w)
{
    Buf b = buf_in(w->arena, 8192);
    const Expr *e;
    int next_alias = 0;
    for (int i = 0; i < 60; i++)
        buf_lit(&b, "week(founded_on + ");
    buf_lit(&b, "staff");
    for (int i = 0; i < 60; i++)
        buf_lit(&b, ")");
    ExprScope scope = {.object = w->firms.object};
    ASSERT_OK(expr_parse(&w->cx, buf_str(&b), &scope, EXPR_VALUE, &e));
    Sql q = sql_new(w->arena);
    SqlScope s = scope_new(&w->cx, DB_SQLITE, w->firms.object, &q, &next_alias, NULL);
    ASSERT_ST(ST_MALFORMED, expr_sql(&w->cx, e, &s, &q));
    assert_true(str_is(w->cx.err.text, "nested too deep for a query"));
}

TEST(expr_sql, refuses_what_no_query_can_hold) { world_run_once(knows_its_depth); }

/* ---- what leaves 64 bits is refused, not another number */
static const char *const TOO_LARGE[] = {
    "staff * 9223372036854775807",
    "worth * 99999999999999",
    "-(staff * 9223372036854775807)",
    "abs(staff * 9223372036854775807) > 5",
    "(staff * 9223372036854775807) * 0 = 0",
    "coalesce(staff * 9223372036854775807, 1) - 1",
    "staff * 9223372036854775807 % 7",
    "max(staff * 9223372036854775807, 1)",
    "9223372036854775807 - staff * staff * -9999",
    "sum(deals, pieces * 9223372036854775807)",
    "span * 9223372036854775807 > \"PT1H\"",
    "round(staff * 9223372036854775807)",
    "(staff * 9223372036854775807) / 2",
};

static Status run_sql(World *w, Ctx *cx, const Expr *e)
{
    int next_alias = 0;
    Sql q = sql_new(cx->arena), value = sql_fragment(&q);
    SqlScope s = scope_new(cx, w->kind, w->firms.object, &q, &next_alias, NULL);
    ASSERT_OK(expr_sql(cx, e, &s, &value));
    sql_lit(&q, "SELECT ");
    sql_append(&q, &value);
    sql_lit(&q, " FROM ");
    sql_table(&q, w->firms.object);
    sql_lit(&q, " t0");
    sql_append(&q, &s.from);
    CLEANUP(stmt) Stmt *stmt = NULL;
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    for (bool row = true; row;)
        TRY(db_next(stmt, &row));
    return ST_OK;
}

static void refuses_large(World *w)
{
    Arena *scratch = arena_new(65536);
    for (size_t i = 0; i < COUNT_OF(TOO_LARGE); i++) {
        Ctx cx = world_ctx(w, scratch);
        ExprScope scope = {.object = w->firms.object};
        const Expr *e;
        Value v;
        Status st = ST_OK;
        ASSERT_OK(expr_parse(&cx, str_of(TOO_LARGE[i]), &scope, EXPR_VALUE, &e));
        if (run_sql(w, &cx, e) != ST_INVALID)
            fail_msg("%s: SQL gives a value", TOO_LARGE[i]);
        for (size_t k = 0; k < w->firms.n && st == ST_OK; k++) {
            ExprRow row = world_row(w, &w->firms, k);
            error_clear(&cx);
            st = expr_eval(&cx, e, &row, &v);
        }
        if (st != ST_INVALID)
            fail_msg("%s: memory gives a value", TOO_LARGE[i]);
    }
    arena_free(scratch);
}

TEST(expr_sql, refuses_what_leaves_64_bits) { world_run(refuses_large); }

/* ---- buckets */
static void bucket_in_sql(World *w, const Zone *z, ExprBucket unit, int64_t ms)
{
    Sql q = sql_new(w->arena), value = sql_fragment(&q), day = sql_fragment(&q);
    sql_lit(&q, "SELECT ");
    sql_bind_int(&value, ms);
    expr_sql_local_day(&day, &value, z);
    expr_sql_bucket(&q, &day, unit);
    int64_t got, want_day = calendar_floor_div(ms + zone_offset(z, ms), INT64_C(86400000));
    bool found;
    if (db_get_int(&w->cx, str_z(w->arena, sql_text(&q)), q.vals->v, q.vals->n, &got, &found) !=
        ST_OK)
        world_fail(&w->cx, "bucket");
    assert_true(got == expr_bucket_of(want_day, unit));
    assert_true(expr_bucket_day(got, unit) <= want_day);
    assert_true(expr_bucket_day(got + 1, unit) > want_day);
    assert_true(expr_bucket_of(expr_bucket_day(got, unit), unit) == got);
}

static void numbers_buckets(World *w)
{
    static const int64_t TIMES[] = {0, -1, 951782399999, 951782400000, /* 2000-02-29 */
                                    1772323200000, 4102444800000, -62135596800000, 253402214400000,
                                    546883200000,
                                    /* around a change of New York's clocks: 2026-03-08 07:00 UTC */
                                    1772953199999, 1772953200000};
    static const char *const ZONES[] = {"UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata"};
    for (size_t z = 0; z < COUNT_OF(ZONES); z++)
        for (size_t i = 0; i < COUNT_OF(TIMES); i++)
            for (ExprBucket unit = BUCKET_DAY; unit <= BUCKET_YEAR; unit++)
                if (TIMES[i] > -62135596800000 || z == 0)
                    bucket_in_sql(w, zone_get(str_of(ZONES[z])), unit, TIMES[i]);
}

TEST(expr_bucket, numbers_days_in_every_zone) { world_run(numbers_buckets); }

TEST_MAIN("expr_sql")
