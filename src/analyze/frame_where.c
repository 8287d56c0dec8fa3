/* SPDX-License-Identifier: Apache-2.0 */
/* --where: the expression language over columns. The names of a file are anything, those of the
 * language are not, so each name of a column is replaced by c_<position> before parsing; an object of
 * the catalogue made for the purpose gives these names their types. `row` is the number of the row.
 * A name with blanks or signs stands in back quotes: `Total Charges` > 100.
 * Numbers compare exactly: they become decimals at the column's scale. */
#include "analyze/frame_internal.h"
#include "base/utf8.h"
#include "expr/expr.h"
#include "meta/meta.h"
#include <math.h>

#define MAX_WHERE 8192
#define MS_PER_DAY 86400000.0
#define SCRATCH_ROWS 4096

/* Where a word begins in the text as written and as translated, in characters. */
typedef struct Mark {
    int64_t in, out, in_n;
} Mark;

typedef struct Translation {
    Ctx *cx;
    const Frame *f;
    Str in;
    Buf out;
    uint8_t *used; /* by column */
    VEC(Mark) marks;
} Translation;

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_keyword(Str w)
{
    static const char *const WORDS[] = {"and",  "or",    "not",    "in",      "is",  "null",
                                        "true", "false", "starts", "between", "ends"};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (str_is(w, WORDS[i]))
            return true;
    return false;
}

static bool is_call(Str in, size_t at)
{
    while (at < in.n && in.p[at] == ' ')
        at++;
    return at < in.n && in.p[at] == '(';
}

static Status unknown(Translation *t, Str name)
{
    Series *none;
    return frame_find(t->cx, t->f, name, &none);
}

static Status put_column(Translation *t, Str name)
{
    for (size_t i = 0; i < t->f->n_columns; i++) {
        if (!str_eq(t->f->columns[i].name, name))
            continue;
        t->used[i] = 1;
        buf_printf(&t->out, "c_%zu", i);
        return ST_OK;
    }
    return unknown(t, name);
}

static size_t string_end(Str in, size_t at)
{
    for (at++; at < in.n && in.p[at] != '"'; at++)
        at += in.p[at] == '\\';
    return at < in.n ? at + 1 : in.n;
}

static Status put_word(Translation *t, size_t from, size_t end)
{
    Str word = str_sub(t->in, from, end - from);
    bool is_function = is_call(t->in, end) && !str_is(word, "in");
    if (is_keyword(word) || is_function) {
        buf_str_add(&t->out, word);
    } else if (str_is(word, "row")) {
        buf_lit(&t->out, "row_number");
    } else {
        return put_column(t, word);
    }
    return ST_OK;
}

static Status translate(Translation *t)
{
    size_t i = 0;
    int64_t in = 0;
    while (i < t->in.n) {
        size_t end = i + 1, from = t->out.n;
        int64_t out = t->marks.n ? t->marks.v[t->marks.n - 1].out : 0;
        char c = t->in.p[i];
        if (c == '"') {
            end = string_end(t->in, i);
            buf_str_add(&t->out, str_sub(t->in, i, end - i));
        } else if (c == '`') {
            while (end < t->in.n && t->in.p[end] != '`')
                end++;
            TRY(put_column(t, str_sub(t->in, i + 1, end - i - 1)));
            end++;
        } else if (is_word(c)) {
            while (end < t->in.n && (is_word(t->in.p[end]) || (t->in.p[end] == '.' && c <= '9')))
                end++;
            if (c >= '0' && c <= '9')
                buf_str_add(&t->out, str_sub(t->in, i, end - i));
            else
                TRY(put_word(t, i, end));
        } else {
            buf_char(&t->out, c);
        }
        int64_t in_n = (int64_t)utf8_length(str_sub(t->in, i, end - i));
        VEC_PUSH(t->cx->arena, &t->marks, ((Mark){in, out, in_n}));
        in += in_n;
        out += (int64_t)utf8_length(str_n(t->out.p + from, t->out.n - from));
        VEC_PUSH(t->cx->arena, &t->marks, ((Mark){in, out, 0}));
        i = end;
    }
    return ST_OK;
}

/* An error of the parser speaks of the translation: turns its place and names back. */
static void turn_back(const Translation *t, FieldError *e)
{
    size_t k = 0;
    Str rest = e->message;
    while (k + 1 < t->marks.n && (t->marks.v[k + 1].out <= e->at || !t->marks.v[k].in_n))
        k++;
    if (t->marks.n && e->at >= 0) {
        const Mark *m = &t->marks.v[k];
        int64_t inside = e->at - m->out;
        e->at = m->in + (inside < m->in_n ? inside : m->in_n ? m->in_n - 1 : 0);
    }
    Buf b = buf_in(t->cx->arena, 65536);
    for (size_t at; (at = str_find(rest, STR("\"c_"))) != SIZE_MAX;) {
        size_t from = at + 3, end = from;
        while (end < rest.n && rest.p[end] >= '0' && rest.p[end] <= '9')
            end++;
        uint64_t column = UINT64_MAX;
        str_uint(str_sub(rest, from, end - from), &column);
        buf_str_add(&b, str_sub(rest, 0, column < t->f->n_columns ? at + 1 : end));
        if (column < t->f->n_columns)
            buf_str_add(&b, t->f->columns[column].name);
        rest = str_sub(rest, end, rest.n);
    }
    buf_str_add(&b, rest);
    e->message = buf_str(&b);
}

static Status translation(Ctx *cx, const Frame *f, Str where, uint8_t *used, Translation *ret)
{
    if (where.n > MAX_WHERE || !utf8_valid(where, NULL))
        return FAIL(cx, ST_MALFORMED, "analyze.where_long",
                    "--where is longer than 8 KiB or no UTF-8");
    *ret =
        (Translation){.cx = cx, .f = f, .in = where, .out = buf_in(cx->arena, 65536), .used = used};
    return translate(ret);
}

Status frame_where_names(Ctx *cx, const Frame *f, Str where, uint8_t *used)
{
    Translation t = {0};
    return translation(cx, f, where, used, &t);
}

/* ---- the object and its values */
typedef struct Where {
    Ctx *cx;
    Frame *f;
    Object *object;
    const Expr *expr;
    Value *values;  /* by field */
    size_t *fields; /* columns of the fields */
} Where;

static bool whole_days(const Frame *f, const Series *c)
{
    for (size_t i = 0; i < f->n; i++)
        if (!isnan(c->num[i]) && c->num[i] != floor(c->num[i]))
            return false;
    return true;
}

/* Digits behind the point that the largest value leaves room for in int64. */
static Status number_scale(Ctx *cx, const Frame *f, const Series *c, int *ret)
{
    double most = 1;
    for (size_t i = 0; i < f->n; i++)
        if (fabs(c->num[i]) > most)
            most = fabs(c->num[i]);
    int scale = c->scale;
    while (scale > 0 && most * pow(10, scale) > 1e18)
        scale--;
    *ret = scale;
    if (most > 1e18)
        return FAIL(cx, ST_INVALID, "analyze.where_range",
                    "column \"" STR_FMT "\" holds numbers too large for --where", STR_ARG(c->name));
    return ST_OK;
}

static Status field_of(Where *w, const Series *c, Str name, Field *field)
{
    field->name = field->key = name;
    field->object = w->object;
    if (c->kind == COLUMN_TEXT) {
        field->kind = F_TEXT;
    } else if (c->kind == COLUMN_DATE) {
        field->kind = whole_days(w->f, c) ? F_DATE : F_DATETIME;
    } else {
        TRY(number_scale(w->cx, w->f, c, &field->scale));
        field->kind = field->scale ? F_DECIMAL : F_INTEGER;
    }
    return ST_OK;
}

static void add_field(Where *w, Field *field, size_t column)
{
    Object *o = w->object;
    field->type = field_type_of(field->kind);
    field->index = (uint16_t)o->n_fields;
    w->fields[o->n_fields] = column;
    o->fields[o->n_fields++] = field;
    map_put(&o->by_name, field->name, field);
}

static Status make_object(Where *w, const uint8_t *used)
{
    Arena *a = w->cx->arena;
    Frame *f = w->f;
    Object *o = w->object = ARENA_NEW(a, Object);
    o->name = o->plural = STR("row");
    o->by_name = map_in(a);
    o->fields = ARENA_ARRAY(a, Field *, f->n_columns + 1);
    w->fields = ARENA_ARRAY(a, size_t, f->n_columns + 1);
    w->values = ARENA_ARRAY(a, Value, f->n_columns + 1);
    Field *row = ARENA_NEW(a, Field);
    *row = (Field){.name = STR("row_number"), .kind = F_INTEGER, .object = o};
    add_field(w, row, SIZE_MAX);
    o->title = o->id = row;
    for (size_t i = 0; i < f->n_columns; i++) {
        if (!used[i])
            continue;
        Field *field = ARENA_NEW(a, Field);
        TRY(field_of(w, &f->columns[i], str_format(a, "c_%zu", i), field));
        add_field(w, field, i);
    }
    return ST_OK;
}

static Value value_of(const Field *field, const Series *c, size_t i)
{
    if (frame_is_missing(c, i))
        return VALUE_NULL;
    if (c->kind == COLUMN_TEXT)
        return (Value){.t = V_TEXT, .s = c->values[frame_code(c, i)]};
    if (field->kind == F_DATE)
        return (Value){.t = V_DATE, .i = (int64_t)c->num[i]};
    if (field->kind == F_DATETIME)
        return (Value){.t = V_TIME, .i = llround(c->num[i] * MS_PER_DAY)};
    return (Value){.t = field->scale ? V_DECIMAL : V_INT,
                   .scale = (uint8_t)field->scale,
                   .i = llround(c->num[i] * pow(10, field->scale))};
}

static Status is_kept(Where *w, Ctx *scratch, size_t i, uint8_t *ret)
{
    bool is_true = false;
    w->values[0] = (Value){.t = V_INT, .i = frame_row(w->f, i)};
    for (size_t k = 1; k < w->object->n_fields; k++)
        w->values[k] = value_of(w->object->fields[k], &w->f->columns[w->fields[k]], i);
    ExprRow row = {.values = w->values};
    if (expr_is_true(scratch, w->expr, &row, &is_true) != ST_OK)
        return FAIL(w->cx, ST_INVALID, "analyze.where_row", "--where, line %lld: " STR_FMT,
                    (long long)frame_line(w->f, i), STR_ARG(scratch->err.text));
    *ret = is_true;
    return ST_OK;
}

static Status judge(Where *w, uint8_t *keep, const atomic_bool *cancel)
{
    CLEANUP(arena) Arena *arena = arena_new(65536);
    Ctx scratch = *w->cx;
    scratch.arena = arena;
    for (size_t i = 0; i < w->f->n; i++) {
        if (i % SCRATCH_ROWS == 0)
            arena_reset(arena);
        if (i % SCRATCH_ROWS == 0 && cancel && atomic_load(cancel))
            return frame_cancelled(w->cx);
        TRY(is_kept(w, &scratch, i, &keep[i]));
    }
    return ST_OK;
}

Status frame_mask(Ctx *cx, Frame *f, Str expr, const atomic_bool *cancel, uint8_t *mask)
{
    Translation t = {.cx = cx, .f = f};
    Where w = {.cx = cx, .f = f};
    uint8_t *used = ARENA_ARRAY(cx->arena, uint8_t, f->n_columns);
    TRY(translation(cx, f, expr, used, &t));
    TRY(make_object(&w, used));
    ExprScope scope = {.object = w.object};
    Status st = expr_parse(cx, buf_str(&t.out), &scope, EXPR_CONDITION, &w.expr);
    if (st != ST_OK && cx->err.fields.n)
        turn_back(&t, &cx->err.fields.v[0]);
    TRY(st);
    return judge(&w, mask, cancel);
}

Status frame_where(Ctx *cx, Frame *f, Str where, const atomic_bool *cancel)
{
    uint8_t *keep = ARENA_ARRAY(cx->arena, uint8_t, f->n + 1);
    TRY(frame_mask(cx, f, where, cancel, keep));
    frame_keep(cx, f, keep);
    return ST_OK;
}
