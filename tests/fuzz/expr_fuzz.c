/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions over the shipped catalogue: every text is refused with a place in it, or has types, a
 * canonical text that reads the same, a tree in JSON that gives this text, a value for records with and
 * without values, and SQL on both engines. Completion takes every text, at any place. The first byte
 * chooses the object and the place. */
#include "expr/expr_internal.h"
#include "meta/meta_store.h"
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Meta *catalogue;

static void need(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerInitialize(int *argc UNUSED, char ***argv UNUSED)
{
    Arena *a = arena_new(1 << 20);
    Ctx cx = {.arena = a, .lang = LANG_EN, .zone = zone_get(STR("Asia/Shanghai"))};
    MetaHooks hooks = {.compile = expr_compile_meta};
    MetaNumbers numbers = meta_numbers_in(a);
    MetaSource source = {0};
    Meta *m = NULL;
    json_t *shipped, *rows = json_object();
    Str hash;
    need(meta_shipped_read(&cx, &shipped, &hash) == ST_OK);
    need(meta_source_merge(&cx, a, shipped, rows, &source) == ST_OK);
    source.settings = json_object();
    json_own(a, shipped);
    json_own(a, rows);
    json_own(a, source.settings);
    need(meta_build(&cx, a, &source, &numbers, &hooks, &m) == ST_OK);
    catalogue = m;
    return 0;
}

static Value value_of(const Field *f)
{
    static const Id IDS[] = {3, 7};
    static const Str TEXTS[] = {{"a", 1}, {"北京", 6}}, ADDRESS[ADDRESS_PARTS] = {{"CN", 2}};
    switch (f->type->value) {
    case V_BOOL: return (Value){.t = V_BOOL, .b = true};
    case V_INT: return (Value){.t = V_INT, .i = 1000003};
    case V_DECIMAL: return (Value){.t = V_DECIMAL, .scale = (uint8_t)f->scale, .i = -12345};
    case V_MONEY:
        return (Value){.t = V_MONEY,
                       .scale = (uint8_t)f->scale,
                       .money = {.value = 999999, .base = 999999, .currency = "CNY"}};
    case V_TEXT: return (Value){.t = V_TEXT, .s = STR("Ａb北京")};
    case V_DATE: return (Value){.t = V_DATE, .i = 20000};
    case V_TIME: return (Value){.t = V_TIME, .i = 1772323200000};
    case V_ID: return (Value){.t = V_ID, .i = 7};
    case V_DURATION: return (Value){.t = V_DURATION, .i = -5400000};
    case V_IDS: return (Value){.t = V_IDS, .ids = {.p = IDS, .n = COUNT_OF(IDS)}};
    case V_TEXTS: return (Value){.t = V_TEXTS, .texts = {.p = TEXTS, .n = COUNT_OF(TEXTS)}};
    case V_ADDRESS: return (Value){.t = V_ADDRESS, .address = ADDRESS};
    case V_GEO: return (Value){.t = V_GEO, .geo = {.lat = 302700000, .lng = 1201500000}};
    case V_REF: return (Value){.t = V_REF, .ref = {.id = 9, .object = STR("account")}};
    default: return VALUE_NULL;
    }
}

static const Value *make_row(Ctx *cx, const Object *o, bool filled)
{
    Value *row = ARENA_ARRAY(cx->arena, Value, o->n_fields);
    for (size_t i = 0; filled && i < o->n_fields; i++)
        row[i] = value_of(o->fields[i]);
    return row;
}

static Status follow(void *arg UNUSED, Ctx *cx, const Field *link, Id id UNUSED,
                     const Value **ret_values)
{
    *ret_values = make_row(cx, link->to, true);
    return ST_OK;
}

static Status children(void *arg UNUSED, Ctx *cx, const Object *of, Str name, Id id UNUSED,
                       const Object **ret_child, const Value ***ret_rows, size_t *ret_n)
{
    *ret_child = object_relation(of, name)->child;
    *ret_rows = ARENA_ARRAY(cx->arena, const Value *, 2);
    *ret_n = 2;
    for (size_t i = 0; i < 2; i++)
        (*ret_rows)[i] = make_row(cx, *ret_child, i == 0);
    return ST_OK;
}

static void evaluate(const Ctx *outer, const Expr *e, const Object *o, bool filled)
{
    Ctx cx = *outer;
    Value v;
    ExprRow row = {.values = make_row(&cx, o, filled), .follow = follow, .children = children};
    Status st = expr_eval(&cx, e, &row, &v);
    need(st == ST_OK || st == ST_INVALID || st == ST_TOO_LARGE);
}

static void write_sql(const Ctx *outer, const Expr *e, const Object *o, DbKind kind)
{
    Ctx cx = *outer;
    int next_alias = 0;
    Sql q = sql_new(cx.arena);
    SqlScope scope = scope_new(&cx, kind, o, &q, &next_alias, NULL);
    Status st = expr_sql(&cx, e, &scope, &q);
    need(st == ST_OK || st == ST_INVALID || st == ST_TOO_LARGE || st == ST_MALFORMED);
}

static void read_again(const Ctx *outer, const Expr *e, const ExprScope *scope)
{
    Ctx cx = *outer;
    const Expr *other;
    Buf text = buf_in(cx.arena, 1 << 20), again = buf_in(cx.arena, 1 << 20);
    Buf json = buf_in(cx.arena, 1 << 22);
    expr_text(e, &text);
    expr_json(e, &json);
    /* Not json_parse: a long sum nests deeper than bodies may. */
    json_t *parsed = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
    need(parsed != NULL);
    json_own(cx.arena, parsed);
    if (text.n > EXPR_MAX_BYTES)
        return;
    Buf tree = buf_in(cx.arena, 1 << 20);
    Status st = expr_from_json(&cx, parsed, &tree);
    need(st == ST_OK || st == ST_MALFORMED); /* a tree may nest deeper than it may be read */
    if (st == ST_OK) {
        need(expr_parse(&cx, buf_str(&tree), scope, EXPR_VALUE, &other) == ST_OK);
        expr_text(other, &again);
        need(str_eq(buf_str(&text), buf_str(&again)));
        buf_truncate(&again, 0);
    }
    error_clear(&cx);
    need(expr_parse(&cx, buf_str(&text), scope, EXPR_VALUE, &other) == ST_OK);
    expr_text(other, &again);
    need(str_eq(buf_str(&text), buf_str(&again)));
}

static void check_error(const Ctx *cx, Str text)
{
    need(cx->err.status == ST_MALFORMED && strcmp(cx->err.code, "bad_expression") == 0);
    need(cx->err.fields.n == 1 && cx->err.fields.v[0].at >= 0);
    need(cx->err.fields.v[0].at <= (int64_t)text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    Arena *arena = arena_new(64 * 1024);
    Ctx cx = {.arena = arena,
              .lang = LANG_EN,
              .meta = catalogue,
              .zone = zone_get(STR("America/New_York")),
              .now_ms = 1772323200000};
    const Object *o = catalogue->objects[data[0] % catalogue->n_objects];
    ExprScope scope = {.object = o};
    Str text = str_n((const char *)data + 1, size - 1);
    const Expr *e;
    ExprCompletions all;
    expr_complete(&cx, text, data[0] < 128 ? size : data[0] - 128u, &scope, &all);
    need(cx.err.status == ST_OK && all.from <= size);
    if (expr_parse(&cx, text, &scope, EXPR_VALUE, &e) != ST_OK) {
        check_error(&cx, text);
    } else {
        read_again(&cx, e, &scope);
        evaluate(&cx, e, o, false);
        evaluate(&cx, e, o, true);
        write_sql(&cx, e, o, DB_SQLITE);
        write_sql(&cx, e, o, DB_POSTGRES);
    }
    arena_free(arena);
    return 0;
}
