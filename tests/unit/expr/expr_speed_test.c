/* SPDX-License-Identifier: Apache-2.0 */
/* What a check costs: a condition over one record takes no memory where it needs none, and its time
 * is printed (CPU of this thread; a figure, not a condition). */
#include "expr_fixture.h"
#include <time.h>

#define TIMES 200000

typedef struct Speed {
    const char *text;
    size_t most_bytes; /* of the arena, a check */
} Speed;

static const Speed SPEEDS[] = {
    {"staff > 3", 0},
    {"worth >= 1000.50", 0},
    {"level = \"gold\"", 0},
    {"founded_on < today()", 0},
    {"parent = \"5\" or name is null", 0},
    {"staff > 3 and worth between 1 and 100000 and is_open", 0},
    {"level in (\"gold\", \"iron\")", 0},
    {"coalesce(staff, 0) * 2 + 1 > 7", 0},
    {"parent.staff > 3", 0},
    {"name ~ \"abc\"", 256},
    {"note ~ \"abc\"", 256},
};

static double cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void measure(World *w, const Speed *s)
{
    Arena *scratch = arena_new(1 << 20);
    Ctx cx = world_ctx(w, scratch);
    const Expr *e;
    bool holds;
    ExprScope scope = {.object = w->firms.object};
    ASSERT_OK(expr_parse(&cx, str_of(s->text), &scope, EXPR_CONDITION, &e));
    size_t before = arena_used(scratch), most = 0;
    double began = cpu_ns();
    for (int i = 0; i < TIMES; i++) {
        ExprRow row = world_row(w, &w->firms, (size_t)i % w->firms.n);
        ASSERT_OK(expr_is_true(&cx, e, &row, &holds));
        if (i == (int)w->firms.n)
            most = arena_used(scratch) - before;
        if (i % 1000 == 0 && arena_used(scratch) > 900000) {
            arena_reset(scratch);
            cx = world_ctx(w, scratch);
            ASSERT_OK(expr_parse(&cx, str_of(s->text), &scope, EXPR_CONDITION, &e));
        }
    }
    double ns = (cpu_ns() - began) / TIMES;
    printf("%7.0f ns %5zu bytes  %s\n", ns, most / (w->firms.n + 1), s->text);
    if (most > s->most_bytes * (w->firms.n + 1))
        fail_msg("%s takes %zu bytes", s->text, most / (w->firms.n + 1));
    arena_free(scratch);
}

static void measures(World *w)
{
    for (size_t i = 0; i < COUNT_OF(SPEEDS); i++)
        measure(w, &SPEEDS[i]);
}

TEST(expr_speed, takes_no_memory_for_a_simple_check) { world_run_once(measures); }

static void parses(World *w)
{
    Arena *scratch = arena_new(1 << 20);
    ExprScope scope = {.object = w->firms.object};
    size_t bytes = 0;
    double began = cpu_ns();
    for (int i = 0; i < 20000; i++) {
        Ctx cx = world_ctx(w, scratch);
        const Expr *e;
        size_t before = arena_used(scratch);
        ASSERT_OK(
            expr_parse(&cx, STR("staff > 3 and worth >= 1000.50"), &scope, EXPR_CONDITION, &e));
        bytes = arena_used(scratch) - before;
    }
    printf("%7.0f ns %5zu bytes  parse\n", (cpu_ns() - began) / 20000, bytes);
    assert_true(bytes < 8192);
    arena_free(scratch);
}

TEST(expr_speed, parses_with_little_memory) { world_run_once(parses); }

TEST_MAIN("expr_speed")
