/* SPDX-License-Identifier: Apache-2.0 */
/* The property that carries the language: for random typed expressions over random records, a
 * quarter of their values null, the evaluator and each engine's SQL give the same value for every
 * record, null included, in zones from -12 to +14 hours. 20,000 expressions an engine; GUANXI_SOAK=1:
 * 100,000; every operator and function at least 100 times. The canonical text of each must parse to
 * the same again, and so must its tree.
 * Covers: expr_eval.c expr_eval_call.c expr_eval_rows.c expr_sql.c expr_sql_call.c expr_sql_date.c
 * expr_bits.c expr_sql_chars.c expr_sql_rows.c expr_sql_text.c expr_sql_compare.c expr_dialect.c expr_number.c expr_bucket.c */
#include "expr/expr_read.h"
#include "expr_generate.h"
#include <math.h>

#define CASES 20000
#define SOAK_CASES 100000
#define LEAST 100 /* times that every operator and function must occur */

static const char *const OPS[] = {
    "literal", "path", "call", "and",    "or",      "not",     "=", "!=", "<", "<=", ">", ">=", "~",
    "starts",  "ends", "in",   "member", "between", "is null", "+", "-",  "*", "/",  "%", "neg"};

typedef struct Tally {
    long ops[COUNT_OF(OPS)], functions[FN_FUNCTIONS];
    const char *names[FN_FUNCTIONS];
    long cases, refused, overflows, deep, values, nulls, yes;
} Tally;

static void count(Tally *y, const Expr *e)
{
    y->ops[e->op]++;
    if (e->op == OP_CALL) {
        y->functions[e->call->fn]++;
        y->names[e->call->fn] = e->call->name;
    }
    for (size_t i = 0; i < e->n; i++)
        count(y, e->args[i]);
}

static void print_tally(const World *w, const Tally *y)
{
    printf("%s: %ld expressions (%ld with overflow, %ld refused, %ld deep), %ld values, %.0f %% of "
           "them null;",
           w->kind == DB_SQLITE ? "SQLite" : "PostgreSQL", y->cases, y->overflows, y->refused,
           y->deep, y->values, 100.0 * (double)y->nulls / (double)y->values);
    printf(" fields null: %.0f %%\n ", 100.0 * (double)w->nulls / (double)w->values);
    for (size_t i = 0; i < COUNT_OF(OPS); i++)
        printf(" %s %ld", OPS[i], y->ops[i]);
    printf("\n ");
    for (size_t i = 0; i < FN_FUNCTIONS; i++)
        if (y->names[i])
            printf(" %s() %ld", y->names[i], y->functions[i]);
    printf("\n");
}

/* ---- one value from the database */
static Value read_cell(const Expr *e, const Stmt *q, Arena *a)
{
    if (db_col_null(q, 1))
        return VALUE_NULL;
    switch ((ValueType)e->t) {
    case V_BOOL: return (Value){.t = V_BOOL, .b = db_col_bool(q, 1)};
    case V_REAL: return (Value){.t = V_REAL, .r = db_col_real(q, 1)};
    case V_TEXT: return (Value){.t = V_TEXT, .s = str_copy(a, db_col_text(q, 1))};
    default: return (Value){.t = e->t, .i = db_col_int(q, 1)};
    }
}

static void write_value(Buf *b, const Value *v)
{
    switch ((ValueType)v->t) {
    case V_NULL: buf_lit(b, "null"); break;
    case V_BOOL: buf_json_bool(b, v->b); break;
    case V_REAL: buf_printf(b, "%.17g", v->r); break;
    case V_TEXT: buf_json_str(b, v->s); break;
    case V_MONEY: buf_int(b, v->money.base); break;
    default: buf_int(b, v->i); break;
    }
}

static bool same(const Expr *e, const Value *memory, const Value *sql)
{
    if (memory->t == V_NULL || sql->t == V_NULL)
        return memory->t == sql->t;
    switch ((ValueType)e->t) {
    case V_BOOL: return memory->b == sql->b;
    case V_REAL: return memory->r == sql->r;
    case V_TEXT: return str_eq(memory->s, sql->s);
    case V_MONEY:
        return memory->money.base == sql->i && memory->scale == e->scale && memory->t == V_MONEY;
    case V_DECIMAL: return memory->i == sql->i && memory->scale == e->scale;
    default: return memory->i == sql->i;
    }
}

static void differ(World *w, const Expr *e, Str text, const Sql *q, size_t id, const Value *memory,
                   const Value *sql)
{
    Buf a = buf_in(w->arena, 1000), b = buf_in(w->arena, 1000);
    (void)e;
    write_value(&a, memory);
    write_value(&b, sql);
    fprintf(stderr, "%.*s\nrecord %zu: in memory %.*s, in SQL %.*s\n%.*s\n", STR_ARG(text), id,
            STR_ARG(buf_str(&a)), STR_ARG(buf_str(&b)), (int)sql_text(q).n, sql_text(q).p);
    fail_msg("memory and SQL differ");
}

/* ---- both back ends */
static bool evaluate(World *w, Ctx *cx, const WorldTable *t, const Expr *e, Value *ret)
{
    for (size_t i = 0; i < t->n; i++) {
        ExprRow row = world_row(w, t, i);
        Status st = expr_eval(cx, e, &row, &ret[i]);
        if (st != ST_OK && strcmp(cx->err.key, "expr.overflow") == 0)
            return false;
        if (st != ST_OK)
            world_fail(cx, "eval");
    }
    return true;
}

/* False for an expression that nests too deep for SQLite. */
static bool select_text(Ctx *cx, const World *w, const WorldTable *t, const Expr *e, Sql *ret)
{
    int next_alias = 0;
    Sql q = sql_new(cx->arena), value = sql_fragment(&q);
    SqlScope scope = scope_new(cx, w->kind, t->object, &q, &next_alias, NULL);
    Status st = expr_sql(cx, e, &scope, &value);
    if (st == ST_MALFORMED && str_find(cx->err.text, STR("too deep")) != SIZE_MAX)
        return false;
    if (st != ST_OK)
        world_fail(cx, "sql");
    sql_lit(&q, "SELECT t0.\"id\", ");
    sql_append(&q, &value);
    sql_lit(&q, " FROM ");
    sql_table(&q, t->object);
    sql_lit(&q, " t0");
    sql_append(&q, &scope.from);
    sql_lit(&q, " ORDER BY t0.\"id\"");
    *ret = q;
    return true;
}

static void compare(World *w, Ctx *cx, const WorldTable *t, const Expr *e, Str text,
                    const Value *values, Tally *y)
{
    Sql q;
    if (!select_text(cx, w, t, e, &q)) {
        y->refused++;
        return;
    }
    y->deep += str_find(sql_text(&q), STR("(WITH ")) != SIZE_MAX;
    CLEANUP(stmt) Stmt *s = NULL;
    if (db_prepare_str(cx, sql_text(&q), &s) != ST_OK ||
        db_bind_all(s, q.vals->v, q.vals->n) != ST_OK)
        fail_msg("%.*s\n%.*s\n%.*s", STR_ARG(text), STR_ARG(cx->err.text), (int)sql_text(&q).n,
                 sql_text(&q).p);
    size_t i = 0;
    for (bool row = true; row; i++) {
        if (db_next(s, &row) != ST_OK)
            fail_msg("%.*s\n%.*s\n%.*s", STR_ARG(text), STR_ARG(cx->err.text), (int)sql_text(&q).n,
                     sql_text(&q).p);
        if (!row)
            break;
        Value sql = read_cell(e, s, cx->arena);
        if (!same(e, &values[i], &sql))
            differ(w, e, text, &q, i + 1, &values[i], &sql);
        y->values++;
        y->nulls += sql.t == V_NULL;
        y->yes += sql.t == V_BOOL && sql.b;
    }
    assert_int_equal(i, t->n);
}

/* The canonical text reads as the same expression, and is its own canonical text. */
static void check_text(Ctx *cx, const Expr *e, const ExprScope *scope)
{
    Buf text = buf_in(cx->arena, 65536), again = buf_in(cx->arena, 65536);
    Buf json = buf_in(cx->arena, 1 << 20);
    const Expr *other;
    json_t *parsed;
    expr_text(e, &text);
    if (expr_parse(cx, buf_str(&text), scope, EXPR_VALUE, &other) != ST_OK)
        world_fail(cx, buf_z(&text));
    expr_text(other, &again);
    if (!str_eq(buf_str(&text), buf_str(&again)))
        fail_msg("%s\n%s", buf_z(&text), buf_z(&again));
    expr_json(e, &json);
    if (json_parse(cx, buf_str(&json), &parsed) != ST_OK) {
        assert_true(buf_str(&json).n > 1000); /* nests deeper than bodies may */
        error_clear(cx);
        return;
    }
    Buf tree = buf_in(cx->arena, 65536);
    if (expr_from_json(cx, parsed, &tree) != ST_OK)
        world_fail(cx, buf_z(&text));
    if (expr_parse(cx, buf_str(&tree), scope, EXPR_VALUE, &other) != ST_OK)
        world_fail(cx, buf_z(&tree));
    buf_truncate(&again, 0);
    expr_text(other, &again);
    if (!str_eq(buf_str(&text), buf_str(&again)))
        fail_msg("%s\n%s", buf_z(&text), buf_z(&again));
}

static const char *const ZONES[] = {
    "Asia/Shanghai",  "America/New_York", "Pacific/Kiritimati", "Etc/GMT+12",
    "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia",       "UTC"};

static void run_case(World *w, Arena *scratch, const ExprNames *names, Tally *y)
{
    Ctx cx = world_ctx(w, scratch);
    bool firm = world_random(w, 3) > 0;
    const WorldTable *t = firm ? &w->firms : &w->deals;
    cx.zone = zone_get(str_of(ZONES[world_random(w, COUNT_OF(ZONES))]));
    Buf text = buf_in(scratch, 65536);
    Kind kind = world_random(w, 2) ? K_BOOL : (Kind)world_random(w, K_KINDS);
    int depth = world_random(w, 15) ? 1 + (int)world_random(w, 3) : 6;
    generate(w, &text, kind, firm ? "firm" : "deal", depth);
    ExprScope scope = {.object = t->object, .names = world_random(w, 2) ? names : NULL};
    const Expr *e;
    if (expr_parse(&cx, buf_str(&text), &scope, EXPR_VALUE, &e) != ST_OK) {
        bool size = strcmp(cx.err.key, "expr.bad") == 0 &&
                    (str_find(cx.err.text, STR("parts")) != SIZE_MAX ||
                     str_find(cx.err.text, STR("decimals")) != SIZE_MAX);
        if (!size)
            world_fail(&cx, buf_z(&text));
        y->refused++;
        return;
    }
    y->cases++;
    count(y, e);
    Value *values = ARENA_ARRAY(scratch, Value, t->n);
    if (!evaluate(w, &cx, t, e, values)) {
        y->overflows++;
        return;
    }
    compare(w, &cx, t, e, buf_str(&text), values, y);
    check_text(&cx, e, &scope);
}

/* ---- changed(), old(), is_new(): memory alone knows them */
static void check_rule(Ctx *cx, const ExprScope *scope, const ExprRow *row, const char *text,
                       const Value *want, Tally *y)
{
    const Expr *e;
    Value got;
    if (expr_parse(cx, str_of(text), scope, EXPR_VALUE, &e) != ST_OK ||
        expr_eval(cx, e, row, &got) != ST_OK)
        world_fail(cx, text);
    count(y, e);
    if (!value_equal(&got, want))
        fail_msg("%s", text);
}

/* Any two records as one before and after. */
static void check_rules(World *w, Arena *scratch, Tally *y)
{
    static const char *const FIELDS[] = {"staff",  "name",    "worth",
                                         "parent", "friends", "founded_on"};
    for (int i = 0; i < 2 * LEAST; i++) {
        Ctx cx = world_ctx(w, scratch);
        size_t now = world_random(w, (uint32_t)w->firms.n), old = world_random(w, 3);
        const Field *f = object_field(w->firms.object, str_of(FIELDS[world_random(w, 6)]));
        ExprScope scope = {.object = w->firms.object, .is_rule = true};
        ExprRow row = world_row(w, &w->firms, now);
        Value is_new = {.t = V_BOOL, .b = old == 0}, was = VALUE_NULL;
        if (old > 0) {
            row.old_values = w->firms.rows[(now + old) % w->firms.n];
            was = row.old_values[f->index];
        }
        Value changed = {.t = V_BOOL, .b = !value_equal(&was, &row.values[f->index])};
        char *text = str_z(scratch, str_format(scratch, "old(" STR_FMT ")", STR_ARG(f->name)));
        check_rule(&cx, &scope, &row, text, &was, y);
        text = str_z(scratch, str_format(scratch, "changed(" STR_FMT ")", STR_ARG(f->name)));
        check_rule(&cx, &scope, &row, text, &changed, y);
        check_rule(&cx, &scope, &row, "is_new()", &is_new, y);
    }
}

static void agrees(World *w)
{
    const char *soak = getenv("GUANXI_SOAK");
    long cases = soak && *soak == '1' ? SOAK_CASES : CASES;
    Tally y = {0};
    Arena *scratch = arena_new(1 << 20);
    const ExprNames *names = world_names(w);
    const char *seed = getenv("GUANXI_SEED");
    if (seed)
        w->random ^= strtoull(seed, NULL, 10) * 0x2545f4914f6cdd1d;
    while (y.cases < cases)
        run_case(w, scratch, names, &y);
    check_rules(w, scratch, &y);
    print_tally(w, &y);
    assert_true(y.refused < cases / 10);
    assert_true(y.overflows < cases / 20);
    assert_true(w->nulls * 5 >= w->values);
    for (size_t i = 0; i < COUNT_OF(OPS); i++)
        if (y.ops[i] < LEAST)
            fail_msg("%s only %ld times", OPS[i], y.ops[i]);
    const ExprCall *calls;
    size_t n;
    expr_call_all(&calls, &n);
    for (size_t i = 0; i < n; i++)
        if (y.functions[calls[i].fn] < LEAST)
            fail_msg("%s() only %ld times", calls[i].name, y.functions[calls[i].fn]);
    arena_free(scratch);
}

TEST(expr, agrees_with_both_engines) { world_run(agrees); }

TEST_MAIN("expr_agree")
