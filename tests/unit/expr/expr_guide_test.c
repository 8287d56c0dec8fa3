/* SPDX-License-Identifier: Apache-2.0 */
/* The guide of the language tells the truth: its examples are run, in both languages, and every
 * function has one. `a` → `b` means a = b; object: `a` is an expression over that object. */
#include "expr/expr_read.h"
#include "expr_fixture.h"
#include <stdio.h>

typedef struct Guide {
    World *w;
    const char *path;
    size_t examples;
    long calls[FN_FUNCTIONS];
} Guide;

static void count_calls(Guide *g, const Expr *e)
{
    if (e->op == OP_CALL)
        g->calls[e->call->fn]++;
    for (size_t i = 0; i < e->n; i++)
        count_calls(g, e->args[i]);
}

static const Expr *parsed(Guide *g, Ctx *cx, const Object *o, Str text)
{
    const Expr *e;
    ExprScope scope = {.object = o, .is_rule = true};
    if (expr_parse(cx, text, &scope, EXPR_VALUE, &e) != ST_OK)
        world_fail(cx, str_z(cx->arena, text));
    count_calls(g, e);
    g->examples++;
    return e;
}

static void check_equal(Guide *g, Ctx *cx, Str left, Str right)
{
    bool holds;
    Str text = str_format(cx->arena, "(" STR_FMT ") = " STR_FMT, STR_ARG(left), STR_ARG(right));
    const Expr *e = parsed(g, cx, NULL, text);
    ASSERT_OK(expr_is_true(cx, e, NULL, &holds));
    if (!holds)
        fail_msg("%s: %.*s", g->path, STR_ARG(text));
}

/* The text between the next two backticks; moves behind them. */
static bool next_code(Str *rest, Str *ret)
{
    size_t from = str_find_char(*rest, '`');
    if (from == SIZE_MAX)
        return false;
    Str behind = str_sub(*rest, from + 1, rest->n);
    size_t to = str_find_char(behind, '`');
    if (to == SIZE_MAX)
        return false;
    *ret = str_sub(behind, 0, to);
    *rest = str_sub(behind, to + 1, behind.n);
    return true;
}

static const Object *object_before(const Guide *g, Str cell)
{
    size_t colon = str_find_char(cell, ':');
    size_t code = str_find_char(cell, '`');
    if (colon == SIZE_MAX || colon > code)
        return NULL;
    return meta_object(g->w->cx.meta, str_trim(str_sub(cell, 0, colon)));
}

static void run_example(Guide *g, Str cell)
{
    Arena *scratch = arena_new(65536);
    Ctx cx = world_ctx(g->w, scratch);
    const Object *o = object_before(g, cell);
    Str left, right;
    if (next_code(&cell, &left)) {
        if (o)
            parsed(g, &cx, o, left);
        else if (str_starts(str_trim(cell), STR("→")) && next_code(&cell, &right))
            check_equal(g, &cx, left, right);
        else
            fail_msg("%s: no example in \"%.*s\"", g->path, STR_ARG(left));
    }
    arena_free(scratch);
}

/* The last of three cells of a table's row. */
static void read_row(Guide *g, Str row)
{
    Str cell = STR_NULL, part;
    size_t cells = 0;
    while (str_split(&row, '|', &part)) {
        if (str_trim(part).n)
            cell = part;
        cells++;
    }
    size_t at;
    if (cells < 4 || (str_find_char(cell, '`') == SIZE_MAX))
        return;
    while ((at = str_find(cell, STR("<br>"))) != SIZE_MAX) {
        run_example(g, str_sub(cell, 0, at));
        cell = str_sub(cell, at + 4, cell.n);
    }
    run_example(g, cell);
}

static Str read_file(Arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *p = arena_alloc(a, 65536);
    size_t n = fread(p, 1, 65536, f);
    fclose(f);
    return str_n(p, n);
}

static void check_guide(World *w)
{
    static const char *const PATHS[] = {"docs/user/expressions.md",
                                        "docs/user/expressions.zh-CN.md"};
    static const char *const FROM[] = {"## Functions", "## 函数"};
    for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
        Guide g = {.w = w, .path = PATHS[i]};
        Str text = read_file(w->arena, PATHS[i]), line;
        size_t from = str_find(text, str_of(FROM[i]));
        assert_true(from != SIZE_MAX);
        text = str_sub(text, from, text.n);
        while (str_split(&text, '\n', &line))
            if (str_starts(line, STR("|")) && !str_starts(line, STR("|---")))
                read_row(&g, line);
        const ExprCall *calls;
        size_t n;
        expr_call_all(&calls, &n);
        for (size_t k = 0; k < n; k++)
            if (!g.calls[calls[k].fn])
                fail_msg("%s: no example of %s()", PATHS[i], calls[k].name);
        assert_true(g.examples > 50);
    }
}

TEST(expr_guide, has_an_example_of_every_function_that_holds) { world_run_once(check_guide); }

TEST_MAIN("expr_guide")
