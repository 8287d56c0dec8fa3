/* SPDX-License-Identifier: Apache-2.0 */
/* Text in SQL, character by character, where an engine has no function of its own for it.
 *
 * `~`, starts, ends with a constant over any text: a pattern that lists for every character all those
 * that fold to it: [aAａＡ]. Everything else (pinyin(), folding a text that only the row knows) walks
 * through the text in a recursive query; what becomes of a character stands in one bound table, at
 * its code point. */
#include "base/pinyin.h"
#include "expr/expr_emit.h"

#define MAX_VARIANTS 40
#define MAX_PATTERN 40000 /* bytes; SQLite refuses more than 50,000 */
#define WALK_NESTING 36
#define PAD 1 /* fills short entries: a character that no text in a table ends with */

/* ---- patterns */
static void write_glob_char(Buf *b, const uint32_t *all, size_t n)
{
    bool bracket = false, caret = false, dash = false;
    buf_char(b, '[');
    for (size_t i = 0; i < n; i++)
        bracket = bracket || all[i] == ']';
    if (bracket) /* means itself when it comes first */
        buf_char(b, ']');
    for (size_t i = 0; i < n; i++) {
        caret = caret || all[i] == '^';
        dash = dash || all[i] == '-';
        if (all[i] != ']' && all[i] != '^' && all[i] != '-')
            utf8_put(b, all[i]);
    }
    if (caret) /* not first */
        buf_char(b, '^');
    if (dash) /* last */
        buf_char(b, '-');
    buf_char(b, ']');
}

static void write_pattern(Buf *b, DbKind kind, Str folded)
{
    for (size_t at = 0; at < folded.n;) {
        uint32_t all[MAX_VARIANTS];
        size_t n = fold_chars_variants(utf8_next(folded, &at), all, MAX_VARIANTS);
        if (kind == DB_POSTGRES) {
            buf_char(b, '[');
            for (size_t i = 0; i < n; i++)
                buf_printf(b, "\\U%08x", all[i]);
            buf_char(b, ']');
        } else if (n == 1 && !strchr("*?[^", (int)(all[0] < 128 ? all[0] : 'a'))) {
            utf8_put(b, all[0]);
        } else if (n == 1 && all[0] == '^') {
            buf_char(b, '^'); /* a class of nothing but ^ cannot be written */
        } else {
            write_glob_char(b, all, n);
        }
    }
}

bool expr_sql_chars_pattern(Emit *m, ExprOp op, Str constant, Sql *out)
{
    DbKind kind = m->scope->dialect;
    Str folded = fold_chars(m->cx->arena, constant);
    Buf b = buf_in(m->cx->arena, MAX_PATTERN);
    buf_str_add(&b, str_of(expr_dialect_pattern_start(kind, op)));
    write_pattern(&b, kind, folded);
    buf_str_add(&b, str_of(expr_dialect_pattern_end(kind, op)));
    if (buf_overflowed(&b))
        return false;
    buf_str_add(&out->text, str_of(expr_dialect_matches(kind)));
    sql_bind_text(out, b.n ? buf_str(&b) : STR(""));
    return true;
}

/* ---- tables */
typedef struct CharTable {
    uint32_t from, to; /* code points, both included */
    size_t width;      /* bytes of an entry */
    Str bytes;
} CharTable;

static CharTable table_new(Arena *a, uint32_t from, uint32_t to, size_t width)
{
    size_t n = (to - from + 1) * width;
    char *p = arena_alloc(a, n);
    memset(p, PAD, n);
    return (CharTable){.from = from, .to = to, .width = width, .bytes = str_n(p, n)};
}

static void table_put(CharTable *t, uint32_t cp, Str s)
{
    if (s.n > 0 && s.n <= t->width)
        memcpy((char *)t->bytes.p + (cp - t->from) * t->width, s.p, s.n);
}

static CharTable pinyin_table(Arena *a)
{
    CharTable t = table_new(a, 0x3007, 0x9fff, 6);
    for (uint32_t c = t.from; c <= t.to; c++)
        table_put(&t, c, pinyin_first(c));
    return t;
}

static CharTable fold_table(Arena *a)
{
    CharTable t = table_new(a, 'A', 0xffff, 3);
    Buf one = buf_in(a, 8);
    for (uint32_t c = t.from; c <= t.to; c++) {
        uint32_t to = c >= 0xd800 && c <= 0xdfff ? c : fold_chars_of(c);
        buf_truncate(&one, 0);
        if (to != c) {
            utf8_put(&one, to);
            table_put(&t, c, buf_str(&one));
        }
    }
    return t;
}

/* The entry of the character c of alias `t`; c itself where there is none. */
static void write_entry(Emit *m, const CharTable *table, int t, Sql *out)
{
    DbKind kind = m->scope->dialect;
    Sql c = sql_fragment(out), cp = sql_fragment(out), at = sql_fragment(out),
        bytes = sql_fragment(out);
    sql_alias(&c, t);
    sql_lit(&c, ".\"c\"");
    expr_dialect_code_point(kind, &c, &cp);
    sql_lit(&at, "(");
    sql_append(&at, &cp);
    sql_lit(&at, " - ");
    sql_number(&at, table->from);
    sql_lit(&at, ") * ");
    sql_number(&at, (int64_t)table->width);
    sql_lit(&at, " + 1");
    sql_bind(&bytes, db_blob(table->bytes));
    sql_lit(out, "CASE WHEN ");
    sql_append(out, &cp);
    sql_lit(out, " BETWEEN ");
    sql_number(out, table->from);
    sql_lit(out, " AND ");
    sql_number(out, table->to);
    sql_lit(out, " THEN coalesce(NULLIF(rtrim(");
    expr_dialect_bytes(kind, &bytes, &at, table->width, out);
    sql_lit(out, ", ");
    sql_bind_text(out, STR("\x01"));
    sql_lit(out, "), ''), ");
    sql_append(out, &c);
    sql_lit(out, ") ELSE ");
    sql_append(out, &c);
    sql_lit(out, " END");
}

/* substr(x, from, n), with the one collation that PostgreSQL wants in both parts of a walk. */
static void write_part(Emit *m, const Sql *x, const char *from, Sql *out)
{
    sql_lit(out, "substr(");
    sql_append(out, x);
    buf_str_add(&out->text, str_of(from));
    buf_str_add(&out->text, str_of(expr_dialect_bytewise(m->scope->dialect)));
}

/* Row by row one character further; the last row holds the whole. */
static Status write_walk(Emit *m, const CharTable *table, const Expr *e, Sql *out)
{
    Let x;
    int t = (*m->scope->next_alias)++;
    Sql text = sql_fragment(out);
    TRY(expr_sql_node(m, e, &text));
    TRY(expr_sql_flat(m, e, WALK_NESTING, &text));
    expr_sql_let_fragment(m, &text, expr_sql_is_bare(e), out, &x);
    sql_lit(out, "(WITH RECURSIVE ");
    sql_alias(out, t);
    sql_lit(out, "(\"i\", \"c\", \"o\") AS (SELECT 1, ");
    write_part(m, &x.value, ", 1, 1)", out);
    sql_lit(out, ", ");
    write_part(m, &x.value, ", 1, 0)", out);
    sql_lit(out, " UNION ALL SELECT \"i\" + 1, ");
    write_part(m, &x.value, ", \"i\" + 1, 1)", out);
    sql_lit(out, ", \"o\" || ");
    write_entry(m, table, t, out);
    sql_lit(out, " FROM ");
    sql_alias(out, t);
    sql_lit(out, " WHERE \"c\" <> '') SELECT \"o\" FROM ");
    sql_alias(out, t);
    sql_lit(out, " WHERE \"c\" = '')");
    expr_sql_let_end(&x, out);
    return ST_OK;
}

Status expr_sql_chars_fold(Emit *m, const Expr *e, Sql *out)
{
    CharTable t = fold_table(m->cx->arena);
    return write_walk(m, &t, e, out);
}

Status expr_sql_chars_pinyin(Emit *m, const Expr *e, Sql *out)
{
    CharTable t = pinyin_table(m->cx->arena);
    return write_walk(m, &t, e->args[0], out);
}
