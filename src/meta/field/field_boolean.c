/* SPDX-License-Identifier: Apache-2.0 */
/* boolean: true or false; files may write yes, no, 是, 否, 1, 0 or a tick. */
#include "base/utf8.h"
#include "meta/field/field.h"

static int boolean_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    field_column(f, &out[0], "", DB_BOOL);
    return 1;
}

static Status boolean_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    if (!json_is_boolean(in))
        return field_wrong(cx, f);
    *out = (Value){.t = V_BOOL, .b = json_is_true(in)};
    return ST_OK;
}

static bool is_one_of(Str s, const char *const *words)
{
    for (; *words; words++) {
        if (str_is(s, *words))
            return true;
    }
    return false;
}

static Status boolean_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                 Value *out)
{
    static const char *const yes[] = {"true", "yes", "y", "t", "1",  "是", "真",
                                      "有",   "√",   "✓", "✔", "on", "对", NULL};
    static const char *const no[] = {"false", "no", "n", "f", "0",   "否", "假",
                                     "无",    "×",  "✗", "✘", "off", "错", NULL};
    Str word = fold_text(cx->arena, str_trim(in));
    bool is_yes = is_one_of(word, yes);
    if (!is_yes && !is_one_of(word, no))
        return field_wrong(cx, f);
    *out = (Value){.t = V_BOOL, .b = is_yes};
    return ST_OK;
}

static void boolean_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    *out = db_col_null(q, col) ? VALUE_NULL : (Value){.t = V_BOOL, .b = db_col_bool(q, col)};
}

static void boolean_store(Arena *a UNUSED, const Field *f UNUSED, const Value *v,
                          DbVal out[FIELD_COLUMNS])
{
    out[0] = value_is_null(v) ? db_null(DB_BOOL) : db_bool(v->b);
}

static void boolean_json(Buf *b, const Field *f UNUSED, const Value *v) { buf_json_bool(b, v->b); }

static void boolean_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang)
{
    static const Label yes = {{"是", 3}, {"yes", 3}}, no = {{"否", 3}, {"no", 2}};
    buf_str_add(b, label_in(v->b ? &yes : &no, lang));
}

const FieldType field_boolean_type = {
    .kind = F_BOOLEAN,
    .name = "boolean",
    .value = V_BOOL,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .columns = boolean_columns,
    .parse = boolean_parse,
    .parse_text = boolean_parse_text,
    .validate = field_validate_none,
    .load = boolean_load,
    .store = boolean_store,
    .json = boolean_json,
    .text = boolean_text,
    .declare = field_declare_none,
};
