/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue's expressions: formulas of formulas, circles, results, errors that name their part.
 * Covers: expr_compile.c */
#include "expr_fixture.h"

/* The world's catalogue with one formula, rule or condition changed for the time of a test. */
static Status compile_with(World *w, const char *field, const char *of)
{
    Field *f = (Field *)object_field(w->firms.object, str_of(field));
    Meta *m = (Meta *)w->cx.meta;
    Str before = f->formula;
    f->formula = str_of(of);
    error_clear(&w->cx);
    Status st = expr_compile_meta(NULL, &w->cx, m);
    f->formula = before;
    Error kept = w->cx.err;
    error_clear(&w->cx);
    if (expr_compile_meta(NULL, &w->cx, m) != ST_OK)
        world_fail(&w->cx, "compile");
    w->cx.err = kept;
    return st;
}

static void expect_error(World *w, const char *part, const char *says)
{
    assert_string_equal(w->cx.err.code, "bad_expression");
    const FieldError *f = &w->cx.err.fields.v[0];
    if (!str_is(f->field, part) || str_find(f->message, str_of(says)) == SIZE_MAX)
        fail_msg("%.*s: %.*s", STR_ARG(f->field), STR_ARG(f->message));
}

static void compiles(World *w)
{
    assert_non_null(object_field(w->firms.object, STR("stake"))->formula_expr);
    ASSERT_OK(compile_with(w, "stake",
                           "parent.parent.stake + sum(deals, total)"
                           /* of other formulas, not of itself */
                           " - parent.parent.stake * 0 + worth") == ST_MALFORMED
                  ? ST_OK
                  : ST_INTERNAL);
    expect_error(w, "firm.stake.of", "comes back to itself");
    ASSERT_OK(compile_with(w, "stake", "density * worth"));
    ASSERT_OK(compile_with(w, "stake", "sum(deals, total)"));
}

TEST(expr_compile, finds_circles) { world_run_once(compiles); }

static void refuses(World *w)
{
    ASSERT_ST(ST_MALFORMED, compile_with(w, "stake", "name"));
    expect_error(w, "firm.stake.result", "not its result type");
    ASSERT_ST(ST_MALFORMED, compile_with(w, "caption", "staff + 1"));
    expect_error(w, "firm.caption.result", "not its result type");
    ASSERT_ST(ST_MALFORMED, compile_with(w, "rough", "densty + 1"));
    expect_error(w, "firm.rough.of", "not a field of firm");
    assert_true(str_is(w->cx.err.fields.v[0].suggestion, "density"));
    ASSERT_ST(ST_MALFORMED, compile_with(w, "stake", "worth +"));
    expect_error(w, "firm.stake.of", "ends too early");
}

TEST(expr_compile, names_the_part_that_fails) { world_run_once(refuses); }

/* Each use doubles what a formula costs: the limit is met long before memory is. */
static void is_bounded(World *w)
{
    Buf b = buf_in(w->arena, 8192);
    buf_lit(&b, "density");
    for (int i = 0; i < 90; i++)
        buf_lit(&b, " + density");
    ASSERT_OK(compile_with(w, "rough", buf_z(&b)));
    Field *f = (Field *)object_field(w->firms.object, STR("rough"));
    f->formula = buf_str(&b);
    ASSERT_OK(expr_compile_meta(NULL, &w->cx, (Meta *)w->cx.meta));
    ExprScope scope = {.object = w->firms.object};
    const Expr *e;
    ASSERT_ST(ST_MALFORMED, expr_parse(&w->cx, STR("rough + rough + rough + rough + rough > 1"),
                                       &scope, EXPR_CONDITION, &e));
    assert_non_null(strstr(str_z(w->arena, w->cx.err.text), "more than 2000 parts"));
}

TEST(expr_compile, bounds_what_formulas_cost) { world_run_once(is_bounded); }

TEST_MAIN("expr_compile")
