/* SPDX-License-Identifier: Apache-2.0 */
/* Text in SQL: ~ starts ends, and the functions over text. A field with a folded column is compared
 * there, by what fold_text makes of the other side; any other text character by character
 * (expr_sql_chars.c). */
#include "expr/expr_emit.h"

#define MAX_CHARS 1000000
#define WALK_AROUND 36 /* a walk through a text always gets a name, where names are needed at all */

/* ---- ~ starts ends */
/* Codes and telephone numbers. */
static bool is_ascii(const Expr *e)
{
    FieldKind kind = e->op == OP_PATH ? e->hops[e->n_hops - 1]->kind : F_TEXT;
    return kind == F_CHOICE || kind == F_PHONE;
}

/* True if the fragment may be written several times. */
static Status write_operand(Emit *m, const Expr *e, bool folded, Sql *out, bool *ret_bare)
{
    *ret_bare = true;
    if (e->constant) {
        Value v;
        TRY(expr_eval(m->cx, e, NULL, &v));
        if (v.t == V_TEXT)
            v.s = folded ? fold_text(m->cx->arena, v.s) : fold_chars(m->cx->arena, v.s);
        return expr_sql_value(m, &v, V_TEXT, out);
    }
    if (folded) {
        Emit *at;
        int alias;
        const Field *f = e->hops[e->n_hops - 1];
        TRY(expr_sql_path_alias(m, e, e->n_hops - 1u, &at, &alias));
        sql_column(out, alias, f, field_part(f, 'f'));
        return ST_OK;
    }
    Sql text = sql_fragment(out), walk = sql_fragment(out);
    *ret_bare = is_ascii(e) && expr_sql_is_bare(e);
    if (is_ascii(e)) {
        TRY(expr_sql_node(m, e, &text));
        expr_dialect_fold_ascii(m->scope->dialect, false, &text, out);
        return ST_OK;
    }
    TRY(expr_sql_chars_fold(m, e, &walk));
    TRY(expr_sql_flat(m, e, WALK_AROUND, &walk));
    sql_append(out, &walk);
    return ST_OK;
}

/* The least text behind every text that starts with s; false if there is none. */
static bool next_text(Arena *a, Str s, Str *ret)
{
    size_t last = 0;
    for (size_t n = s.p ? s.n : 0; n > 0; n = last) {
        last = n - 1;
        while (last > 0 && ((unsigned char)s.p[last] & 0xC0) == 0x80)
            last--;
        size_t pos = last;
        uint32_t cp = utf8_next(str_sub(s, 0, n), &pos) + 1;
        if (cp > 0x10FFFF)
            continue;
        Buf b = buf_in(a, s.n + 8);
        buf_str_add(&b, str_sub(s, 0, last));
        utf8_put(&b, cp == 0xD800 ? 0xE000 : cp);
        *ret = buf_str(&b);
        return true;
    }
    return false;
}

/* starts with a constant over a folded column: a range of its index. */
static Status write_prefix_range(Emit *m, const Expr *e, Str prefix, Sql *out)
{
    Sql column = sql_fragment(out);
    bool bare;
    Str next;
    TRY(write_operand(m, e->args[0], true, &column, &bare));
    sql_lit(out, "(");
    sql_append(out, &column);
    sql_lit(out, " >= ");
    sql_bind_text(out, prefix.p ? prefix : STR(""));
    if (next_text(m->cx->arena, prefix, &next)) {
        sql_lit(out, " AND ");
        sql_append(out, &column);
        sql_lit(out, " < ");
        sql_bind_text(out, next);
    }
    sql_lit(out, ")");
    return ST_OK;
}

static void write_starts(const Sql *text, const Sql *part, Sql *out)
{
    sql_lit(out, "(substr(");
    sql_append(out, text);
    sql_lit(out, ", 1, length(");
    sql_append(out, part);
    sql_lit(out, ")) = ");
    sql_append(out, part);
    sql_lit(out, ")");
}

static void write_ends(const Sql *text, const Sql *part, Sql *out)
{
    sql_lit(out, "(substr(");
    sql_append(out, text);
    sql_lit(out, ", length(");
    sql_append(out, text);
    sql_lit(out, ") - length(");
    sql_append(out, part);
    sql_lit(out, ") + 1) = ");
    sql_append(out, part);
    sql_lit(out, " AND length(");
    sql_append(out, text);
    sql_lit(out, ") >= length(");
    sql_append(out, part);
    sql_lit(out, "))");
}

static void write_contains(Emit *m, const Sql *text, const Sql *part, Sql *out)
{
    sql_lit(out, "(");
    expr_dialect_find(m->scope->dialect, text, part, out);
    sql_lit(out, " > 0)");
}

/* A constant as a pattern. */
static Status write_pattern_test(Emit *m, const Expr *e, Sql *out, bool *ret_done)
{
    Value v;
    Sql pattern = sql_fragment(out);
    TRY(expr_eval(m->cx, e->args[1], NULL, &v));
    *ret_done = v.t == V_TEXT && expr_sql_chars_pattern(m, (ExprOp)e->op, v.s, &pattern);
    if (!*ret_done)
        return ST_OK;
    sql_lit(out, "(");
    TRY(expr_sql_node(m, e->args[0], out));
    sql_append(out, &pattern);
    sql_lit(out, ")");
    return ST_OK;
}

Status expr_sql_text_test(Emit *m, const Expr *e, Sql *out)
{
    bool folded = e->mode == MODE_FOLDED, text_bare, part_bare;
    Sql text = sql_fragment(out), part = sql_fragment(out);
    if (folded && e->op == OP_STARTS && e->args[1]->constant) {
        Value v;
        TRY(expr_eval(m->cx, e->args[1], NULL, &v));
        if (v.t == V_TEXT)
            return write_prefix_range(m, e, fold_text(m->cx->arena, v.s), out);
    }
    if (!folded && e->args[1]->constant) {
        bool done;
        TRY(write_pattern_test(m, e, out, &done));
        if (done)
            return ST_OK;
    }
    TRY(write_operand(m, e->args[0], folded, &text, &text_bare));
    TRY(write_operand(m, e->args[1], folded, &part, &part_bare));
    if (e->op == OP_CONTAINS) {
        write_contains(m, &text, &part, out);
        return ST_OK;
    }
    Let a, b;
    expr_sql_let_fragment(m, &text, text_bare || e->op == OP_STARTS, out, &a);
    expr_sql_let_fragment(m, &part, part_bare, out, &b);
    if (e->op == OP_STARTS)
        write_starts(&a.value, &b.value, out);
    else
        write_ends(&a.value, &b.value, out);
    expr_sql_let_end(&b, out);
    expr_sql_let_end(&a, out);
    return ST_OK;
}

/* ---- functions */
/* A count of characters as both engines take it: 0 … MAX_CHARS, null stays null. */
static void write_count(const Sql *n, Sql *out)
{
    sql_lit(out, "CASE WHEN ");
    sql_append(out, n);
    sql_lit(out, " < 0 THEN 0 WHEN ");
    sql_append(out, n);
    sql_lit(out, " > ");
    sql_number(out, MAX_CHARS);
    sql_lit(out, " THEN ");
    sql_number(out, MAX_CHARS);
    sql_lit(out, " ELSE CAST(");
    sql_append(out, n);
    sql_lit(out, " AS integer) END");
}

static Status write_left(Emit *m, const Expr *e, Sql *out)
{
    Let n;
    TRY(expr_sql_let(m, e->args[1], V_INT, 0, out, &n));
    sql_lit(out, "substr(");
    TRY(expr_sql_node(m, e->args[0], out));
    sql_lit(out, ", 1, ");
    write_count(&n.value, out);
    sql_lit(out, ")");
    expr_sql_let_end(&n, out);
    return ST_OK;
}

/* substr with a start before the text means something else on each engine: never asked for. */
static Status write_right(Emit *m, const Expr *e, Sql *out)
{
    Let s, n;
    TRY(expr_sql_let(m, e->args[0], V_TEXT, 0, out, &s));
    TRY(expr_sql_let(m, e->args[1], V_INT, 0, out, &n));
    sql_lit(out, "CASE WHEN ");
    sql_append(out, &n.value);
    sql_lit(out, " >= length(");
    sql_append(out, &s.value);
    sql_lit(out, ") THEN ");
    sql_append(out, &s.value);
    sql_lit(out, " ELSE substr(");
    sql_append(out, &s.value);
    sql_lit(out, ", length(");
    sql_append(out, &s.value);
    sql_lit(out, ") - ");
    write_count(&n.value, out);
    sql_lit(out, " + 1) END");
    expr_sql_let_end(&n, out);
    expr_sql_let_end(&s, out);
    return ST_OK;
}

static Status write_case(Emit *m, const Expr *e, Sql *out)
{
    Sql text = sql_fragment(out);
    TRY(expr_sql_node(m, e->args[0], &text));
    expr_dialect_fold_ascii(m->scope->dialect, e->call->fn == FN_UPPER, &text, out);
    return ST_OK;
}

static Status write_concat(Emit *m, const Expr *e, Sql *out)
{
    sql_lit(out, "(");
    for (size_t i = 0; i < e->n; i++) {
        if (i)
            sql_lit(out, " || ");
        sql_lit(out, "coalesce(CAST(");
        TRY(expr_sql_node(m, e->args[i], out));
        sql_lit(out, " AS text), '')");
    }
    sql_lit(out, ")");
    return ST_OK;
}

/* SQLite's replace() of nothing does not look at its third argument: null must be asked for. */
static Status write_replace(Emit *m, const Expr *e, Sql *out)
{
    Let by;
    TRY(expr_sql_let(m, e->args[2], V_TEXT, 0, out, &by));
    sql_lit(out, "CASE WHEN ");
    sql_append(out, &by.value);
    sql_lit(out, " IS NOT NULL THEN replace(");
    TRY(expr_sql_node(m, e->args[0], out));
    sql_lit(out, ", ");
    TRY(expr_sql_node(m, e->args[1], out));
    sql_lit(out, ", ");
    sql_append(out, &by.value);
    sql_lit(out, ") END");
    expr_sql_let_end(&by, out);
    return ST_OK;
}

Status expr_sql_text_call(Emit *m, const Expr *e, Sql *out)
{
    switch (e->call->fn) {
    case FN_LOWER:
    case FN_UPPER: return write_case(m, e, out);
    case FN_PINYIN: return expr_sql_chars_pinyin(m, e, out);
    case FN_LEFT: return write_left(m, e, out);
    case FN_RIGHT: return write_right(m, e, out);
    case FN_CONCAT: return write_concat(m, e, out);
    case FN_REPLACE: return write_replace(m, e, out);
    case FN_TRIM:
        sql_lit(out, "trim(");
        TRY(expr_sql_node(m, e->args[0], out));
        sql_lit(out, ", ");
        sql_bind_text(out, STR(EXPR_SPACES));
        sql_lit(out, ")");
        return ST_OK;
    default:
        sql_lit(out, "CAST(length(");
        TRY(expr_sql_node(m, e->args[0], out));
        sql_lit(out, ") AS bigint)");
        return ST_OK;
    }
}
