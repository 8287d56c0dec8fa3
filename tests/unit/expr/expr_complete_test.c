/* SPDX-License-Identifier: Apache-2.0 */
/* Completion: what is offered at the place marked by | in a text, and what is not. */
#include "expr_fixture.h"

typedef struct Case {
    const char *text;          /* | is the place */
    size_t from;               /* code point at which the replaced word starts */
    const char *has, *has_not; /* words separated by spaces */
} Case;

static const Case CASES[] = {
    {"|", 0, "name staff phase sum today not", "external_id changed deals ="},
    {"st|", 0, "staff stake start_of", "name"},
    {"staff |", 6, "= in and", "name"},
    {"staff > |", 8, "staff density length", "="},
    {"staff > 3 and na|", 14, "name", "staff"},
    {"parent.|", 7, "name parent staff", "external_id today"},
    {"parent.parent.na|", 14, "name", "staff"},
    {"nothing.|", 8, "", "name"},
    {"level = |", 8, "\"gold\" \"iron\" name", NULL},
    {"level = \"|", 9, "gold iron", "name \"gold\""},
    {"level in (\"gold\", \"i|", 19, "iron", "gold"},
    {"phase = \"|", 9, "new won lost", "gold"},
    {"phase in (|", 10, "\"won\"", NULL},
    {"any(|", 4, "deals daughters friends", "="},
    {"any(deals, |", 11, "amount pieces outer firm", "staff"},
    {"any(deals, pieces > 1 and am|", 26, "amount", "pieces"},
    {"any(deals, outer.|", 17, "staff", "amount"},
    {"any(deals, pieces > 1) and st|", 27, "staff stake", "amount"},
    {"sum(parent.deals, |", 18, "amount", "staff"},
    {"max(deals, |", 11, "amount", "staff"},
    {"max(staff, |", 11, "staff", "amount"},
    {"人数|", 0, "staff", "name"},
    {"staff > 3 and 名|", 14, "name", "staff"},
    {"\"北京\" = na|", 7, "name", "staff"},
    {"staff = 3..|", 11, "", "name"},
    {"((((name ~ \"x\") and |", 20, "staff", "="},
};

static bool offers(const ExprCompletions *all, Str word)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i].text, word))
            return true;
    return false;
}

static void check_words(const Case *c, const ExprCompletions *all, const char *words, bool wanted)
{
    Str rest = str_of(words), word;
    while (rest.p && str_split(&rest, ' ', &word))
        if (offers(all, word) != wanted)
            fail_msg("%s: %.*s is %s", c->text, STR_ARG(word), wanted ? "missing" : "offered");
}

static void completes(World *w)
{
    Arena *scratch = arena_new(65536);
    ExprScope scope = {.object = w->firms.object, .names = world_names(w)};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const Case *c = &CASES[i];
        Ctx cx = world_ctx(w, scratch);
        ExprCompletions all;
        Str text = str_of(c->text);
        size_t at = str_find_char(text, '|');
        Str whole = str_format(scratch, STR_FMT STR_FMT, STR_ARG(str_sub(text, 0, at)),
                               STR_ARG(str_sub(text, at + 1, text.n)));
        expr_complete(&cx, whole, utf8_length(str_sub(text, 0, at)), &scope, &all);
        if (all.from != c->from)
            fail_msg("%s: from %zu, not %zu", c->text, all.from, c->from);
        check_words(c, &all, c->has, true);
        check_words(c, &all, c->has_not, false);
        assert_int_equal(cx.err.status, ST_OK);
    }
    arena_free(scratch);
}

TEST(expr_complete, offers_what_fits_the_place) { world_run_once(completes); }

static void offers_rules(World *w)
{
    ExprCompletions all;
    ExprScope scope = {.object = w->firms.object, .is_rule = true};
    expr_complete(&w->cx, STR("ch"), 2, &scope, &all);
    assert_true(offers(&all, STR("changed")));
    expr_complete(&w->cx, STR("\xff"), 1, &scope, &all);
    assert_int_equal(all.n, 0);
}

TEST(expr_complete, offers_old_and_changed_in_rules_only) { world_run_once(offers_rules); }

TEST_MAIN("expr_complete")
