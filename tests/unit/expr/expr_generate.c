/* SPDX-License-Identifier: Apache-2.0 */
/* Random expressions. Numbers stay far inside int64: a product has one factor that is a small literal.
 * Both engines and the evaluator must agree there; beyond it the evaluator refuses. */
#include "expr_generate.h"

typedef struct Gen {
    World *w;
    Buf *out;
    const char *of, *around; /* around: what outer.x means, or NULL */
} Gen;

static void gen(Gen *g, Kind kind, int depth);

static uint32_t pick(Gen *g, uint32_t n) { return world_random(g->w, n); }
static void put(Gen *g, const char *text) { buf_str_add(g->out, str_of(text)); }

/* @ stands for an argument of the next kind. */
static void form(Gen *g, int depth, const char *text, const Kind *kinds)
{
    for (; *text; text++) {
        if (*text == '@')
            gen(g, *kinds++, depth - 1);
        else
            buf_char(g->out, *text);
    }
}
#define FORM(text, ...) form(g, depth, text, (const Kind[]){__VA_ARGS__})

/* ---- fields */
static const char *const FIRM_FIELDS[K_KINDS][5] = {
    [K_BOOL] = {"is_open", NULL},
    [K_INT] = {"staff", "score", NULL},
    [K_DECIMAL] = {"size", "share", "density", "rough", NULL},
    [K_MONEY] = {"worth", "stake", NULL},
    [K_REAL] = {NULL},
    [K_TEXT] = {"name", "alias", "note", "caption", "home.street"},
    [K_DATE] = {"founded_on", NULL},
    [K_TIME] = {"seen_at", "created_at", NULL},
    [K_DURATION] = {"span", NULL},
};
static const char *const DEAL_FIELDS[K_KINDS][5] = {
    [K_BOOL] = {"is_won", NULL},
    [K_INT] = {"pieces", NULL},
    [K_DECIMAL] = {NULL},
    [K_MONEY] = {"amount", "price", "total", NULL},
    [K_REAL] = {NULL},
    [K_TEXT] = {"name", NULL},
    [K_DATE] = {"closed_on", NULL},
    [K_TIME] = {"met_at", "created_at", NULL},
    [K_DURATION] = {"took", NULL},
};

static const char *field_of(Gen *g, Kind kind, const char *of)
{
    const char *const *names = strcmp(of, "firm") == 0 ? FIRM_FIELDS[kind] : DEAL_FIELDS[kind];
    uint32_t n = 0;
    while (n < 5 && names[n])
        n++;
    return n ? names[pick(g, n)] : NULL;
}

static void gen_path(Gen *g, Kind kind)
{
    const char *of = g->of;
    if (g->around && pick(g, 5) == 0) {
        put(g, "outer.");
        of = g->around;
    }
    bool firm = strcmp(of, "firm") == 0, only_firm = !field_of(g, kind, of);
    if (!firm && (only_firm || pick(g, 3) == 0)) {
        put(g, "firm.");
        of = "firm";
        firm = true;
    }
    if (firm && pick(g, 4) == 0)
        put(g, pick(g, 2) ? "parent." : "parent.parent.");
    put(g, field_of(g, kind, of));
}

/* ---- literals */
static void gen_literal(Gen *g, Kind kind)
{
    static const char *const TEXTS[] = {"\"alpha\"", "\"北京\"", "\"ABC\"", "\"ａ\"", "\"\"",
                                        "\"公司\"",  "\"ss\"",   "\" \"",   "\"漢\"", "\"x\\ty\""};
    int64_t n = (int64_t)pick(g, 400) - 100;
    switch (kind) {
    case K_BOOL: put(g, pick(g, 2) ? "true" : "false"); break;
    case K_INT: buf_int(g->out, n); break;
    case K_DECIMAL:
    case K_REAL: buf_decimal(g->out, n * 7, 1 + (int)pick(g, 3)); break;
    case K_MONEY: buf_decimal(g->out, n * 5000 + (int64_t)pick(g, 3), (int)pick(g, 4)); break;
    case K_TEXT: put(g, TEXTS[pick(g, COUNT_OF(TEXTS))]); break;
    case K_DATE:
        put(g, "date(\"");
        calendar_write_date(g->out, (int64_t)pick(g, 30000) - 8000);
        put(g, "\")");
        break;
    case K_DURATION:
        put(g, "(now() - add_days(now(), ");
        buf_int(g->out, n);
        put(g, "))");
        break;
    default:
        put(g, "add_days(now(), ");
        buf_int(g->out, n * 20);
        put(g, ")");
        break;
    }
}

static void gen_leaf(Gen *g, Kind kind)
{
    if (kind == K_REAL) {
        gen_path(g, K_INT);
        put(g, " / ");
        gen_path(g, K_DECIMAL);
    } else if (pick(g, 4) == 0) {
        gen_literal(g, kind);
    } else {
        gen_path(g, kind);
    }
}

/* ---- relations */
typedef struct Related {
    const char *of, *name, *child;
} Related;
static const Related RELATED[] = {
    {"firm", "deals", "deal"},        {"firm", "friends", "firm"},
    {"firm", "fans", "firm"},         {"firm", "daughters", "firm"},
    {"firm", "parent.deals", "deal"}, {"deal", "firm.deals", "deal"},
    {"deal", "firm.friends", "firm"},
};

static const Related *find_related(Gen *g)
{
    for (;;) {
        const Related *r = &RELATED[pick(g, COUNT_OF(RELATED))];
        if (strcmp(r->of, g->of) == 0)
            return r;
    }
}

/* fn(relation[, value][, condition]) in the child's names. */
static void gen_rows(Gen *g, const char *fn, Kind value, bool condition, int depth)
{
    const Related *r = find_related(g);
    Gen inner = {.w = g->w, .out = g->out, .of = r->child, .around = g->of};
    put(g, fn);
    put(g, "(");
    put(g, r->name);
    if (value != K_KINDS) {
        put(g, ", ");
        gen(&inner, value, depth > 2 ? 1 : 0);
    }
    if (condition) {
        put(g, ", ");
        gen(&inner, K_BOOL, depth > 2 ? 1 : depth - 1);
    }
    put(g, ")");
}

/* ---- conditions */
static void gen_compare(Gen *g, int depth)
{
    static const char *const SIGNS[] = {"=", "!=", "<", "<=", ">", ">="};
    Kind kind = (Kind)(1 + pick(g, K_KINDS - 1)), other = kind;
    if (kind <= K_REAL && pick(g, 2))
        other = (Kind)(K_INT + pick(g, 4));
    if ((kind == K_DATE || kind == K_TIME) && pick(g, 3) == 0)
        other = pick(g, 2) ? K_DATE : K_TIME;
    gen(g, kind, depth - 1);
    put(g, " ");
    put(g, SIGNS[pick(g, 6)]);
    put(g, " ");
    if (kind == K_DATE && pick(g, 3) == 0)
        put(g, "\"1999-12-31\"");
    else if (kind == K_TIME && pick(g, 3) == 0)
        put(g, pick(g, 2) ? "\"2001-02-03\"" : "\"2001-02-03T04:05:06+02:00\"");
    else if (kind == K_DURATION && pick(g, 3) == 0)
        put(g, pick(g, 2) ? "\"P3DT1H\"" : "\"-PT90M\"");
    else if (pick(g, 12) == 0)
        put(g, "null");
    else
        gen(g, other, depth - 1);
}

static void gen_in(Gen *g, int depth)
{
    Kind kind = (Kind)(1 + pick(g, K_KINDS - 1));
    uint32_t n = pick(g, 4);
    if (kind == K_REAL)
        kind = K_DECIMAL;
    gen(g, kind, depth - 1);
    put(g, pick(g, 3) ? " in (" : " not in (");
    for (uint32_t i = 0; i < n; i++) {
        put(g, i ? ", " : "");
        if (pick(g, 6) == 0)
            put(g, "null");
        else
            gen(g, kind, pick(g, 3) ? 0 : 1);
    }
    put(g, ")");
}

static void gen_people(Gen *g)
{
    static const char *const FIRM[] = {
        "branch in my_departments()",
        "branch not in my_departments()",
        "branch in (my_departments())",
        "branch not in (my_departments(), \"9\")",
        "parent.branch in my_departments()",
        "branch = my_department()",
        "\"5\" in my_departments()",
        "created_by in (me(), \"9\")",
        "\"3\" not in my_teams()",
        "\"3\" in (my_teams(), \"3\")",
        "created_by = me()",
        "parent.branch = my_department()",
        "(branch = my_department()) is null",
    };
    static const char *const DEAL[] = {"created_by = me()", "firm.branch in my_departments()",
                                       "firm.branch = my_department()", "\"4\" not in my_teams()"};
    if (strcmp(g->of, "firm") == 0)
        put(g, FIRM[pick(g, COUNT_OF(FIRM))]);
    else
        put(g, DEAL[pick(g, COUNT_OF(DEAL))]);
}

static void gen_link(Gen *g)
{
    static const char *const FIRM[] = {
        "phase = \"won\"",
        "phase != \"won\"",
        "phase in (\"new\", \"talk\")",
        "phase = \"lost\"",
        "parent.phase = \"won\"",
        "phase not in (\"won\", \"lost\")",
        "phase.code = \"won\"",
        "parent = \"5\"",
        "parent in (\"5\", \"6\", \"9\")",
        "parent = parent.parent",
        "\"7\" in friends",
        "\"7\" in parent.friends",
        "parent in friends",
        "id in friends",
        "friends in (\"3\", \"8\")",
        "parent.friends in (\"3\", \"8\")",
        "\"won\" in marks",
        "\"won\" in parent.marks",
        "marks in (\"new\", \"lost\")",
        "friends is null",
        "friends is not null",
        "level = \"gold\"",
        "level in (\"gold\", \"iron\")",
        "level != parent.level",
        "parent.name is null",
        "friends in (parent, \"4\")",
        "\"9\" not in friends",
        "coalesce(level, \"none\") = \"none\"",
        "id = \"12\"",
        "\"red\" in tags",
        "\"漢\" not in tags",
        "tags in (\"red\", \"blue\", note)",
        "parent.tags in (\"red\")",
        "name in tags",
        "tags is null",
        "grades is not null",
        "\"a\" in grades",
        "grades in (\"a\", \"b\")",
        "\"c\" in parent.grades",
        "home.province = \"zhejiang\"",
        "home.city in (\"hangzhou\")",
        "parent.home.province != home.province",
        "home is null",
        "story ~ \"漢\"",
        "story ~ \"pha\"",
        "story starts \"ALP\"",
        "story ends \"公司\"",
        "story is null",
        "about is null",
        "about.object = \"firm\"",
        "about.object in (\"deal\", \"firm\")",
        "about.firm.staff > 3",
        "about.firm.level = \"gold\"",
        "about.deal.amount is null",
        "about.deal.firm.name ~ \"a\"",
        "about.firm is null",
        "about.firm = \"5\"",
        "about.firm in (parent, \"7\")",
        "parent.about.deal.is_won",
        "home.street ~ \"Ａ\"",
        "is_open",
        "not is_open",
    };
    static const char *const DEAL[] = {
        "phase = \"won\"",
        "firm.phase != \"won\"",
        "\"5\" in firm.friends",
        "phase is null",
        "firm in (\"1\", \"2\", \"3\")",
        "firm.parent = firm",
        "firm in firm.friends",
        "phase = firm.phase",
        "firm.friends in (firm.parent)",
        "firm.level = \"iron\"",
        "\"talk\" in firm.marks",
        "firm.phase in (\"new\", \"won\")",
        "firm.phase.name ~ \"O\"",
    };
    if (strcmp(g->of, "firm") == 0)
        put(g, FIRM[pick(g, COUNT_OF(FIRM))]);
    else
        put(g, DEAL[pick(g, COUNT_OF(DEAL))]);
}

static void gen_text_test(Gen *g, int depth)
{
    static const char *const SIGNS[] = {" ~ ", " starts ", " ends "};
    if (pick(g, 2))
        gen_path(g, K_TEXT);
    else
        gen(g, K_TEXT, depth - 1);
    put(g, SIGNS[pick(g, 3)]);
    if (pick(g, 2))
        gen_literal(g, K_TEXT);
    else
        gen(g, K_TEXT, depth - 1);
}

static void gen_rows_condition(Gen *g, int depth)
{
    static const char *const FNS[] = {"any", "all", "none"};
    uint32_t which = pick(g, 3);
    if (g->around)
        gen_leaf(g, K_BOOL);
    else
        gen_rows(g, FNS[which], K_KINDS, which == 1 || pick(g, 4), depth);
}

static void gen_bool(Gen *g, int depth)
{
    static const char *const NULLS[] = {" is null", " is not null"};
    switch (pick(g, 20)) {
    case 12: gen_people(g); break;
    case 0: FORM("(@ and @)", K_BOOL, K_BOOL); break;
    case 1: FORM("(@ or @)", K_BOOL, K_BOOL); break;
    case 2: FORM("not (@)", K_BOOL); break;
    case 3: FORM("(@ and @ or @)", K_BOOL, K_BOOL, K_BOOL); break;
    case 4: gen_in(g, depth); break;
    case 5: gen_link(g); break;
    case 6: gen_text_test(g, depth); break;
    case 7: gen_rows_condition(g, depth); break;
    case 8:
        put(g, "(");
        gen(g, (Kind)pick(g, K_KINDS), depth - 1);
        put(g, ")");
        put(g, NULLS[pick(g, 2)]);
        break;
    case 9: FORM("@ between @ and @", K_MONEY, K_INT, K_DECIMAL); break;
    case 10: FORM("@ between @ and @", K_DATE, K_DATE, K_DATE); break;
    case 11: FORM("if(@, @, @)", K_BOOL, K_BOOL, K_BOOL); break;
    default: gen_compare(g, depth); break;
    }
}

/* ---- numbers */
static void gen_number_rows(Gen *g, Kind kind, int depth)
{
    static const char *const FNS[] = {"sum", "min", "max"};
    if (g->around || strcmp(g->of, "deal") == 0)
        gen_leaf(g, kind);
    else if (kind == K_INT && pick(g, 2))
        gen_rows(g, "count", K_KINDS, pick(g, 2), depth);
    else
        gen_rows(g, FNS[pick(g, 3)], kind, pick(g, 2), depth);
}

static void gen_int(Gen *g, int depth)
{
    static const char *const PARTS[] = {"year", "quarter", "month", "week", "day", "weekday"};
    switch (pick(g, 20)) {
    case 0: FORM("@ + @", K_INT, K_INT); break;
    case 1: FORM("(@ - (@))", K_DATE, K_DATE); break;
    case 2: FORM("(@) * 3", K_INT); break;
    case 3: FORM("(@) % 7", K_INT); break;
    case 4: FORM("-(@)", K_INT); break;
    case 5: FORM("length(@)", K_TEXT); break;
    case 6: FORM("round(@)", K_DECIMAL); break;
    case 7: FORM("floor(@)", K_REAL); break;
    case 8: FORM("ceil(@)", K_DECIMAL); break;
    case 9:
        put(g, PARTS[pick(g, 6)]);
        FORM("(@)", pick(g, 2) ? K_DATE : K_TIME);
        break;
    case 10: FORM("hour(@)", K_TIME); break;
    case 11: FORM("days_between(@, @)", K_DATE, K_TIME); break;
    case 12: FORM("abs(@)", K_INT); break;
    case 13:
        put(g, PARTS[pick(g, 6)]);
        FORM("(@)", pick(g, 2) ? K_DATE : K_TIME);
        break;
    case 14: FORM("workdays_between(@, @)", pick(g, 2) ? K_DATE : K_TIME, K_DATE); break;
    case 15: FORM("length(pinyin(@))", K_TEXT); break;
    case 16: FORM("case(@, @, @, @, @)", K_BOOL, K_INT, K_BOOL, K_INT, K_INT); break;
    default: gen_number_rows(g, K_INT, depth); break;
    }
}

static void gen_decimal(Gen *g, int depth)
{
    switch (pick(g, 11)) {
    case 0: FORM("@ + @", K_DECIMAL, K_INT); break;
    case 1: FORM("@ - @", K_DECIMAL, K_DECIMAL); break;
    case 2: FORM("(@) * 0.25", K_DECIMAL); break;
    case 3: FORM("(@) % (@)", K_DECIMAL, K_INT); break;
    case 4: FORM("round(@, 2)", K_REAL); break;
    case 5: FORM("round(@, 1)", K_DECIMAL); break;
    case 6: FORM("max(@, @, @)", K_DECIMAL, K_INT, K_DECIMAL); break;
    case 7: FORM("coalesce(@, @)", K_DECIMAL, K_INT); break;
    case 8: FORM("floor(@)", K_DECIMAL); break;
    default: gen_leaf(g, K_DECIMAL); break;
    }
}

static void gen_money(Gen *g, int depth)
{
    switch (pick(g, 11)) {
    case 0: FORM("@ + @", K_MONEY, K_MONEY); break;
    case 1: FORM("@ - @", K_MONEY, K_INT); break;
    case 2: FORM("(@) * 1.5", K_MONEY); break;
    case 3: FORM("abs(@)", K_MONEY); break;
    case 4: FORM("round(@, 1)", K_MONEY); break;
    case 5: FORM("floor(@)", K_MONEY); break;
    case 6: FORM("min(@, @)", K_MONEY, K_MONEY); break;
    case 7: FORM("if(@, @, @)", K_BOOL, K_MONEY, K_MONEY); break;
    case 8: FORM("-(@)", K_MONEY); break;
    case 9: gen_number_rows(g, K_MONEY, depth); break;
    default: gen_leaf(g, K_MONEY); break;
    }
}

static void gen_real(Gen *g, int depth)
{
    switch (pick(g, 8)) {
    case 7: FORM("(@) / (@)", K_DURATION, K_DURATION); break;
    case 0: FORM("(@) / (@)", K_MONEY, K_INT); break;
    case 1: FORM("(@) / (@)", K_DECIMAL, K_DECIMAL); break;
    case 2: FORM("@ + @", K_REAL, K_DECIMAL); break;
    case 3: FORM("(@) * 0.5 - @", K_REAL, K_INT); break;
    case 4: FORM("coalesce(@, @)", K_REAL, K_INT); break;
    case 5:
        if (!g->around && strcmp(g->of, "firm") == 0) {
            gen_rows(g, "avg", pick(g, 2) ? K_INT : K_MONEY, pick(g, 2), depth);
            break;
        }
        gen_leaf(g, K_REAL);
        break;
    default: gen_leaf(g, K_REAL); break;
    }
}

/* ---- text and dates */
static void gen_text(Gen *g, int depth)
{
    switch (pick(g, 14)) {
    case 10: FORM("pinyin(@)", K_TEXT); break;
    case 0: FORM("lower(@)", K_TEXT); break;
    case 1: FORM("upper(@)", K_TEXT); break;
    case 2: FORM("trim(@)", K_TEXT); break;
    case 3: FORM("left(@, @)", K_TEXT, K_INT); break;
    case 4: FORM("right(@, @)", K_TEXT, K_INT); break;
    case 5: FORM("concat(@, \"-\", @)", K_TEXT, K_INT); break;
    case 6: FORM("replace(@, @, @)", K_TEXT, K_TEXT, K_TEXT); break;
    case 7: FORM("coalesce(@, @)", K_TEXT, K_TEXT); break;
    case 8: FORM("if(@, @, @)", K_BOOL, K_TEXT, K_TEXT); break;
    case 9: FORM("max(@, @)", K_TEXT, K_TEXT); break;
    default: gen_leaf(g, K_TEXT); break;
    }
}

static void gen_date(Gen *g, int depth)
{
    static const char *const UNITS[] = {"day", "week", "month", "quarter", "year"};
    switch (pick(g, 13)) {
    case 0: FORM("@ + 40", K_DATE); break;
    case 1: FORM("@ - (@) % 100", K_DATE, K_INT); break;
    case 2: FORM("date(@)", K_TIME); break;
    case 3: FORM("add_months(@, (@) % 50)", K_DATE, K_INT); break;
    case 4: FORM("add_days(@, (@) % 400)", K_DATE, K_INT); break;
    case 5:
        put(g, "start_of(\"");
        put(g, UNITS[pick(g, 5)]);
        FORM("\", @)", pick(g, 2) ? K_DATE : K_TIME);
        break;
    case 6: FORM("days_ago((@) % 300)", K_INT); break;
    case 10: FORM("days_ahead((@) % 300)", K_INT); break;
    case 7: FORM("months_ago((@) % 30)", K_INT); break;
    case 8: put(g, "today()"); break;
    case 9: FORM("min(@, @)", K_DATE, K_DATE); break;
    default: gen_leaf(g, K_DATE); break;
    }
}

static void gen_time(Gen *g, int depth)
{
    switch (pick(g, 9)) {
    case 5: FORM("(@) - (@)", K_TIME, K_DURATION); break;
    case 0: FORM("add_days(@, (@) % 100)", K_TIME, K_INT); break;
    case 1: FORM("@ + \"PT36H\"", K_TIME); break;
    case 2: FORM("@ + (@ - (@))", K_TIME, K_TIME, pick(g, 2) ? K_TIME : K_DATE); break;
    case 3: FORM("coalesce(@, @)", K_TIME, K_DATE); break;
    case 4: put(g, "now()"); break;
    default: gen_leaf(g, K_TIME); break;
    }
}

static void gen_duration(Gen *g, int depth)
{
    switch (pick(g, 12)) {
    case 0: FORM("(@) + (@)", K_DURATION, K_DURATION); break;
    case 1: FORM("(@) - (@)", K_DURATION, K_DURATION); break;
    case 2: FORM("(@) * 2", K_DURATION); break;
    case 3: FORM("(@) - (@)", K_TIME, pick(g, 2) ? K_TIME : K_DATE); break;
    case 4: FORM("abs(@)", K_DURATION); break;
    case 5: FORM("coalesce(@, @)", K_DURATION, K_DURATION); break;
    case 6: FORM("max(@, @)", K_DURATION, K_DURATION); break;
    case 7: FORM("if(@, @, @)", K_BOOL, K_DURATION, K_DURATION); break;
    case 8:
        if (!g->around && strcmp(g->of, "firm") == 0) {
            gen_rows(g, pick(g, 2) ? "avg" : "sum", K_DURATION, pick(g, 2), depth);
            break;
        }
        gen_leaf(g, K_DURATION);
        break;
    default: gen_leaf(g, K_DURATION); break;
    }
}

static void gen(Gen *g, Kind kind, int depth)
{
    static void (*const BY_KIND[])(Gen *, int) = {
        [K_BOOL] = gen_bool,   [K_INT] = gen_int,   [K_DECIMAL] = gen_decimal,
        [K_MONEY] = gen_money, [K_REAL] = gen_real, [K_TEXT] = gen_text,
        [K_DATE] = gen_date,   [K_TIME] = gen_time, [K_DURATION] = gen_duration,
    };
    if (depth <= 0)
        gen_leaf(g, kind);
    else
        BY_KIND[kind](g, depth);
}

void generate(World *w, Buf *out, Kind kind, const char *of, int depth)
{
    Gen g = {.w = w, .out = out, .of = of};
    gen(&g, kind, depth);
}
