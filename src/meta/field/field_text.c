/* SPDX-License-Identifier: Apache-2.0 */
/* text: one line, 200 code points unless declared otherwise. Kept as given; empty is null.
 *
 * Columns: the value; of a title the collation key (k); of titles, searched and unique texts the
 * folded text (f) that `~`, `starts` and `ends` compare with. */
#include "base/utf8.h"
#include "meta/field/field.h"

#define TEXT_DEFAULT 200
#define TEXT_LIMIT 4000

static int text_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    int n = 0;
    field_column(f, &out[n++], "", DB_TEXT);
    if (f->in_title || f->keyed)
        field_column(f, &out[n++], "k", DB_BLOB);
    if (f->in_title || f->search || f->unique || f->folded)
        field_column(f, &out[n++], "f", DB_TEXT);
    return n;
}

Status field_text_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    Str s = json_str(in);
    if (!json_is_string(in))
        return field_wrong(cx, f);
    return field_text_parse_text(cx, f, s, NULL, out);
}

Status field_text_parse_text(Ctx *cx UNUSED, const Field *f UNUSED, Str in,
                             const TextForm *form UNUSED, Value *out)
{
    *out = in.n ? (Value){.t = V_TEXT, .s = in} : VALUE_NULL;
    return ST_OK;
}

Status field_text_validate(Ctx *cx, const Field *f, const Value *v)
{
    if (v->s.n <= (size_t)f->max || utf8_length(v->s) <= (size_t)f->max)
        return ST_OK;
    return FIELD_FAIL(cx, f->name, "too_long", "field.too_long", "is longer than %d characters",
                      f->max);
}

void field_text_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    if (db_col_null(q, col))
        *out = VALUE_NULL;
    else
        *out = (Value){.t = V_TEXT, .s = db_col_text(q, col)};
}

void field_text_store(Arena *a, const Field *f, const Value *v, DbVal out[FIELD_COLUMNS])
{
    bool null = value_is_null(v);
    out[0] = null ? db_null(DB_TEXT) : db_text(v->s);
    for (int i = 1; i < f->n_columns; i++) {
        if (null)
            out[i] = db_null((DbType)f->columns[i].type);
        else if (f->columns[i].type == DB_BLOB)
            out[i] = db_blob(fold_sort_key(a, v->s));
        else
            out[i] = db_text(fold_text(a, v->s));
    }
}

void field_text_json(Buf *b, const Field *f UNUSED, const Value *v) { buf_json_str(b, v->s); }

void field_text_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_str_add(b, v->s);
}

Status field_text_declare_max(Ctx *cx, Field *f, const json_t *decl, int dflt, int limit)
{
    json_t *max = json_object_get(decl, "max");
    f->max = max ? (int)json_integer_value(max) : dflt;
    if (max && (!json_is_integer(max) || f->max < 1 || f->max > limit))
        return FIELD_FAIL(cx, STR("max"), "out_of_range", "field.max_range",
                          "must be a whole number from 1 to %d", limit);
    return ST_OK;
}

/* "format": only of plain texts; the stored form is the one that is checked. */
static Status text_declare(Ctx *cx, Field *f, const json_t *decl)
{
    const json_t *format = json_object_get(decl, "format");
    f->folded = json_get_str(decl, "derived").n > 0;
    f->keyed = str_is(json_get_str(decl, "derived"), "title");
    TRY(field_text_declare_max(cx, f, decl, TEXT_DEFAULT, TEXT_LIMIT));
    if (!format)
        return ST_OK;
    if (str_is(json_str(format), "registration_number"))
        f->format = FORMAT_REGISTRATION;
    else if (str_is(json_str(format), "registration_number_or_old"))
        f->format = FORMAT_REGISTRATION_OLD;
    else
        return FIELD_FAIL(cx, STR("format"), "bad_value", "field.bad_format",
                          "must be registration_number or registration_number_or_old");
    return ST_OK;
}

static Status text_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form, Value *out)
{
    if (f->format)
        in = field_registration_common(cx->arena, in);
    return field_text_parse_text(cx, f, in, form, out);
}

static Status text_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    if (!json_is_string(in))
        return field_wrong(cx, f);
    return text_parse_text(cx, f, json_str(in), NULL, out);
}

static Status text_validate(Ctx *cx, const Field *f, const Value *v)
{
    TRY(field_text_validate(cx, f, v));
    return f->format ? field_registration_check(cx, f, v->s) : ST_OK;
}

static Str text_literal(Arena *a, const Field *f, Str text)
{
    return f->format ? field_registration_common(a, text) : text;
}

const FieldType field_text_type = {
    .kind = F_TEXT,
    .name = "text",
    .value = V_TEXT,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .searchable = true,
    .columns = text_columns,
    .parse = text_parse,
    .parse_text = text_parse_text,
    .validate = text_validate,
    .load = field_text_load,
    .store = field_text_store,
    .json = field_text_json,
    .text = field_text_text,
    .declare = text_declare,
    .literal = text_literal,
};
