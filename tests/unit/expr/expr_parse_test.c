/* SPDX-License-Identifier: Apache-2.0 */
/* What the language accepts, what it refuses and where it says so, and the canonical form.
 * Covers: expr_lex.c expr_parse.c expr_name.c expr_type.c expr_call.c expr_text.c expr_json.c */
#include "expr_fixture.h"

typedef struct Refusal {
    const char *text;
    int64_t at;          /* code points */
    const char *says;    /* part of the message */
    const char *nearest; /* the suggestion, or NULL */
} Refusal;

static Status parse(Ctx *cx, World *w, const char *text, const Expr **ret)
{
    ExprScope scope = {.object = w->firms.object, .names = world_names(w)};
    return expr_parse(cx, str_of(text), &scope, EXPR_CONDITION, ret);
}

static void check_refusal(World *w, const Refusal *r)
{
    Arena *scratch = arena_new(16384);
    Ctx cx = world_ctx(w, scratch);
    const Expr *e;
    Status st = parse(&cx, w, r->text, &e);
    if (st != ST_MALFORMED || strcmp(cx.err.code, "bad_expression") != 0)
        fail_msg("%s: was not refused", r->text);
    const FieldError *f = &cx.err.fields.v[0];
    if (f->at != r->at || str_find(f->message, str_of(r->says)) == SIZE_MAX)
        fail_msg("%s: at %ld: %.*s", r->text, (long)f->at, STR_ARG(f->message));
    if (r->nearest ? !str_is(f->suggestion, r->nearest) : f->suggestion.n > 0)
        fail_msg("%s: suggests \"%.*s\"", r->text, STR_ARG(f->suggestion));
    arena_free(scratch);
}

static const Refusal REFUSALS[] = {
    {"", 0, "ends too early", NULL},
    {"staff >", 7, "ends too early", NULL},
    {"staff = 1 2", 10, "not expected", NULL},
    {"staff ! 1", 6, "no meaning", NULL},
    {"name = \"北京\" and 你", 16, "no meaning", NULL},
    {"name = \"ab", 7, "closing", NULL},
    {"name = \"a\\qb\"", 9, "means nothing", NULL},
    {"name = \"\\u0000\"", 8, "means nothing", NULL},
    {"name = \"\\ud800\"", 8, "means nothing", NULL},
    {"staff = 12ab", 10, "a number ends here", NULL},
    {"staff = 1.", 9, "a number ends here", NULL},
    {"staff = 99999999999999999999", 8, "too many digits", NULL},
    {"(staff = 1", 10, "\")\" is expected", NULL},
    {"staff in 5", 9, "a name is expected", NULL},
    {"staff is 5", 9, "\"null\" is expected", NULL},
    {"staff between 1 or 2", 16, "\"and\" is expected", NULL},
    {"staff not 5", 10, "\"in\" is expected", NULL},
    {"and = 1", 0, "a value is expected", NULL},
    {"parent.in = 1", 7, "a name is expected", NULL},
    {"stafff = 1", 0, "not a field of firm", "staff"},
    {"parent.nmae = \"x\"", 7, "not a field of firm", "name"},
    {"external_id = \"x\"", 0, "not a field of firm", NULL},
    {"name.x = 1", 0, "not a link", NULL},
    {"deals = 1", 0, "many records", NULL},
    {"parent.parent.parent.parent.parent.parent.name = \"a\"", 42, "at most 5 links", NULL},
    {"outer.staff = 1", 0, "\"outer\" is for", NULL},
    {"staff", 0, "a condition", NULL},
    {"staff = \"many\"", 8, "is not a whole number", NULL},
    {"founded_on = \"2026-02-30\"", 13, "is not a date", NULL},
    {"worth > \"1,000\"", 8, "is not money", NULL},
    {"level = \"golt\"", 8, "not a code of", "gold"},
    {"level = \"Gold\"", 8, "not a code of", "gold"},
    {"level in (\"gold\", \"tin\")", 18, "not a code of", NULL},
    {"phase = \"wonn\"", 8, "not a code of phase", "won"},
    {"\"nwe\" in marks", 0, "not a code of phase", "new"},
    {"parent = \"x\"", 9, "is not a link to firm", NULL},
    {"parent = phase", 7, "cannot be compared", NULL},
    {"me() = parent", 5, "cannot be compared", NULL},
    {"staff = name", 6, "cannot be compared", NULL},
    {"is_open > true", 8, "has no order", NULL},
    {"parent > \"3\"", 7, "has no order", NULL},
    {"name ~ 5", 7, "text is needed", NULL},
    {"name + 1 > 2", 5, "+ does not work", NULL},
    {"worth * worth > 2", 6, "* does not work", NULL},
    {"staff / 2 % 2 = 1", 10, "% does not work", NULL},
    {"worth * 0.123456789 * 0.123456789 > 0", 20, "decimals", NULL},
    {"not staff", 4, "true or false is needed", NULL},
    {"friends = \"3\"", 8, "cannot be compared", NULL},
    {"\"3\" in parent", 7, "needs a list", NULL},
    {"any(deals, pieces)", 11, "true or false is needed", NULL},
    {"any(name)", 4, "one value", NULL},
    {"any(5)", 4, "related records is expected", NULL},
    {"all(deals)", 0, "all() takes 2 values", NULL},
    {"any(friends, any(friends, any(friends, any(friends, any(friends)))))", 52, "at most 4 deep",
     NULL},
    {"any(deals, staff > 1)", 11, "not a field of deal", NULL},
    {"sum(deals, name) > 1", 11, "a number is needed", NULL},
    {"max(is_open, true) = true", 0, "has no order", NULL},
    {"anny(deals)", 0, "no function", "any"},
    {"round(size, 12) > 1", 12, "number of decimals", NULL},
    {"start_of(\"era\", founded_on) = today()", 9, "\"quarter\"", NULL},
    {"case(is_open, 1, is_open, 2) = 1", 0, "all other cases", NULL},
    {"changed(staff)", 0, "rules only", NULL},
    {"pinyin(staff) = \"x\"", 7, "text is needed", NULL},
    {"staff in my_teams()", 6, "cannot be compared", NULL},
    {"staff in length(name)", 9, "needs a list", NULL},
    {"hour(founded_on) = 1", 5, "a date with time is needed", NULL},
    {"concat(size) = \"\"", 7, "text is needed", NULL},
};

static void refuses(World *w)
{
    for (size_t i = 0; i < COUNT_OF(REFUSALS); i++)
        check_refusal(w, &REFUSALS[i]);
}

TEST(expr_parse, refuses_at_the_character_with_the_nearest_name) { world_run_once(refuses); }

/* ---- limits */
static void repeat(Buf *b, const char *text, int n)
{
    while (n-- > 0)
        buf_str_add(b, str_of(text));
}

static void expect(World *w, Buf *b, const char *says)
{
    Arena *scratch = arena_new(16384);
    Ctx cx = world_ctx(w, scratch);
    const Expr *e;
    Status st = parse(&cx, w, buf_z(b), &e);
    assert_int_equal(st, says ? ST_MALFORMED : ST_OK);
    if (says && str_find(cx.err.text, str_of(says)) == SIZE_MAX)
        fail_msg("%.*s instead of %s", STR_ARG(cx.err.text), says);
    arena_free(scratch);
    buf_truncate(b, 0);
}

static void is_bounded(World *w)
{
    Buf b = buf_in(w->arena, 65536);
    repeat(&b, "(", 63);
    buf_lit(&b, "is_open");
    repeat(&b, ")", 63);
    expect(w, &b, NULL);
    repeat(&b, "(", 64);
    buf_lit(&b, "is_open");
    repeat(&b, ")", 64);
    expect(w, &b, "deeper than 64");
    repeat(&b, "(", 8000);
    expect(w, &b, "deeper than 64");
    repeat(&b, "is_open and ", 198);
    buf_lit(&b, "is_open");
    expect(w, &b, NULL);
    repeat(&b, "is_open and ", 199);
    buf_lit(&b, "is_open");
    expect(w, &b, "more than 200 parts");
    buf_lit(&b, "staff in (1");
    repeat(&b, ",2", 999);
    buf_lit(&b, ")");
    expect(w, &b, NULL);
    buf_lit(&b, "staff in (1");
    repeat(&b, ",2", 1001);
    buf_lit(&b, ")");
    expect(w, &b, "more than 1000 entries");
    repeat(&b, " ", 8193);
    expect(w, &b, "longer than 8192");
    buf_lit(&b, "name = \"\xff\"");
    expect(w, &b, "not UTF-8");
}

TEST(expr_parse, has_limits) { world_run_once(is_bounded); }

/* ---- canonical text */
static const char *const TEXTS[][2] = {
    {"staff=1", "staff = 1"},
    {"((staff)) = (1)", "staff = 1"},
    {"is_open and (is_open or not is_open)", NULL},
    {"(is_open and is_open) or is_open", "is_open and is_open or is_open"},
    {"not (is_open and is_open)", NULL},
    {"not (staff = 1)", "not staff = 1"},
    {"not staff in (1, 2)", "staff not in (1, 2)"},
    {"not (staff is null)", "staff is not null"},
    {"staff - (1 - 2) - 3 = 0", NULL},
    {"(staff - 1) - 2 = 0", "staff - 1 - 2 = 0"},
    {"staff * (1 + 2) / (3 * 4) = 0", NULL},
    {"-staff * -2 = -(3 + staff)", NULL},
    {"-(5) = -5", NULL},
    {"size = 1.50", "size = 1.5"},
    {"founded_on >= \"2026-03-01\"", NULL},
    {"seen_at < \"2026-03-01T08:00:00+08:00\"", "seen_at < \"2026-03-01T00:00:00.000Z\""},
    {"seen_at - \"P1DT2H\" < now()", "seen_at - \"PT26H\" < now()"},
    {"worth > \"12.5\"", "worth > 12.5"},
    {"\"won\" = phase", "phase = \"won\""},
    {"name ~ \"a\\\"b\\\\\\u4e2d\"", "name ~ \"a\\\"b\\\\中\""},
    {"any(deals, pieces > outer.staff and any(firm.friends, staff = outer.pieces))", NULL},
    {"staff between 1 and 2 and is_open", NULL},
    {"\"3\" not in friends", NULL},
    {"min(deals, amount, is_won) > min(1, 2)", NULL},
};

static void is_canonical(World *w)
{
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        Arena *scratch = arena_new(16384);
        Ctx cx = world_ctx(w, scratch);
        const Expr *e;
        Buf out = buf_in(scratch, 65536);
        if (parse(&cx, w, TEXTS[i][0], &e) != ST_OK)
            world_fail(&cx, TEXTS[i][0]);
        expr_text(e, &out);
        assert_string_equal(buf_z(&out), TEXTS[i][1] ? TEXTS[i][1] : TEXTS[i][0]);
        arena_free(scratch);
    }
}

TEST(expr_parse, has_one_canonical_text) { world_run_once(is_canonical); }

static void writes_json(World *w)
{
    const Expr *e;
    Buf out = buf_in(w->arena, 65536);
    Ctx cx = w->cx;
    ASSERT_OK(parse(&cx, w, "phase in (\"won\") and not (parent.size < 0.5) and any(deals)", &e));
    expr_json(e, &out);
    assert_string_equal(
        buf_z(&out),
        "{\"op\":\"and\",\"args\":[{\"op\":\"in\",\"args\":[{\"field\":\"phase\"},{\"value\":"
        "\"won\"}]},{\"op\":\"not\",\"args\":[{\"op\":\"<\",\"args\":[{\"field\":\"parent.size\"},"
        "{\"value\":0.5}]}]},{\"call\":\"any\",\"args\":[{\"field\":\"deals\"}]}]}");
}

TEST(expr_parse, writes_json_for_the_filter_builder) { world_run_once(writes_json); }

/* ---- the tree as JSON gives the text again */
static const char *const TREES[][2] = {
    {"{'field':'outer.firm.name'}", "outer.firm.name"},
    {"{'op':'and','args':[{'field':'is_open'},{'op':'not','args':[{'op':'in','args':[{'field':"
     "'level'},{'value':'gold'}]}]}]}",
     "is_open and level not in (\"gold\")"},
    {"{'op':'*','args':[{'op':'+','args':[{'field':'staff'},{'value':1},{'value':-2.5}]},"
     "{'number':'12345678901234567.25'}]}",
     "(staff + 1 + -2.5) * 12345678901234567.25"},
    {"{'op':'member','args':[{'call':'my_department','args':[]},{'call':'my_departments'}]}",
     "my_department() in my_departments()"},
    {"{'op':'between','args':[{'field':'staff'},{'value':1},{'value':3}]}",
     "staff between 1 and 3"},
    {"{'op':'is null','args':[{'value':null}]}", "null is null"},
    {"{'value':0.1}", "0.1"},
    {"{'value':true}", "true"},
};
static const char *const BAD_TREES[] = {
    "[]",
    "{'op':'xor','args':[{'value':1},{'value':2}]}",
    "{'op':'=','args':[{'value':1}]}",
    "{'field':'a b'}",
    "{'field':'a.'}",
    "{'field':'and'}",
    "{'field':'a.b.c.d.e.f.g'}",
    "{'call':'a.b','args':[]}",
    "{'call':7}",
    "{'number':'1e5'}",
    "{'value':[1]}",
    "{'op':'member','args':[{'field':'a'},{'value':1}]}",
};

static json_t *tree_of(World *w, const char *text)
{
    char *copy = str_z(w->arena, str_of(text));
    json_t *tree;
    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    ASSERT_OK(json_parse(&w->cx, str_of(copy), &tree));
    return tree;
}

static void reads_trees(World *w)
{
    for (size_t i = 0; i < COUNT_OF(TREES); i++) {
        Buf out = buf_in(w->arena, 65536);
        ASSERT_OK(expr_from_json(&w->cx, tree_of(w, TREES[i][0]), &out));
        assert_string_equal(buf_z(&out), TREES[i][1]);
    }
    for (size_t i = 0; i < COUNT_OF(BAD_TREES); i++) {
        Buf out = buf_in(w->arena, 65536);
        if (expr_from_json(&w->cx, tree_of(w, BAD_TREES[i]), &out) != ST_MALFORMED)
            fail_msg("%s gives %s", BAD_TREES[i], buf_z(&out));
        error_clear(&w->cx);
    }
}

TEST(expr_parse, reads_the_tree_of_the_filter_builder) { world_run_once(reads_trees); }

TEST_MAIN("expr_parse")
