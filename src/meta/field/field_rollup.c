/* SPDX-License-Identifier: Apache-2.0 */
/* rollup: a figure over the records that hang on this one, count(lines), sum(orders, total, …). It
 * is stored in the derived table <plural>_d, which has neither version nor history, and kept by
 * record/record_rollup.c in the transaction that changes the records it reads. Its type is that of
 * its expression (expr/expr_rollup.c); its forms are those of a formula. */
#include "meta/field/field.h"

/* They do not stand in the object's own table, so there is nothing to store with the row. How many of
 * them there are (n_derived) is known when the expression is compiled. */
static int rollup_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    field_column(f, &out[0], "", DB_INT);
    field_column(f, &out[1], "n", DB_INT);
    field_column(f, &out[2], "s", DB_INT);
    return 0;
}

static Status rollup_parse(Ctx *cx, const Field *f, const json_t *in UNUSED, Value *out UNUSED)
{
    return FIELD_FAIL(cx, f->name, "readonly", "field.formula_readonly", "is computed");
}

static Status rollup_parse_text(Ctx *cx, const Field *f, Str in UNUSED, const TextForm *form UNUSED,
                                Value *out UNUSED)
{
    return FIELD_FAIL(cx, f->name, "readonly", "field.formula_readonly", "is computed");
}

static void rollup_load(Arena *a UNUSED, const Field *f, const Stmt *q, int col, Value *out)
{
    *out = VALUE_NULL;
    if (db_col_null(q, col))
        return;
    switch (f->result) {
    case F_TEXT: *out = (Value){.t = V_TEXT, .s = db_col_text(q, col)}; return;
    case F_BOOLEAN: *out = (Value){.t = V_BOOL, .b = db_col_bool(q, col)}; return;
    case F_DATE: *out = (Value){.t = V_DATE, .i = db_col_int(q, col)}; return;
    case F_DATETIME: *out = (Value){.t = V_TIME, .i = db_col_int(q, col)}; return;
    case F_INTEGER: *out = (Value){.t = V_INT, .i = db_col_int(q, col)}; return;
    case F_MONEY: {
        int64_t n = db_col_int(q, col); /* in the organisation's currency: the reader names it */
        *out = (Value){.t = V_MONEY,
                       .scale = (uint8_t)f->scale,
                       .money = {.value = n, .base = n, .rate = 1000000000}};
        return;
    }
    default:
        *out = (Value){.t = V_DECIMAL, .scale = (uint8_t)f->scale, .i = db_col_int(q, col)};
        return;
    }
}

static void rollup_store(Arena *a UNUSED, const Field *f UNUSED, const Value *v UNUSED,
                         DbVal out[FIELD_COLUMNS] UNUSED)
{
}

static void rollup_json(Buf *b, const Field *f, const Value *v)
{
    field_formula_type.json(b, f, v);
}

static void rollup_text(Buf *b, const Field *f, const Value *v, Lang lang)
{
    field_formula_type.text(b, f, v, lang);
}

static Status rollup_declare(Ctx *cx, Field *f, const json_t *decl)
{
    f->readonly = true;
    f->max = 4000;
    f->n_derived = 1;
    f->result = F_INTEGER;
    f->scale = -1; /* that of the expression, unless declared */
    f->formula = f->rollup_text = json_get_str(decl, "of");
    if (!f->formula.n)
        return FIELD_FAIL(cx, STR("of"), "required", "field.rollup_of",
                          "a rollup needs a text such as count(order_lines)");
    if (!json_object_get(decl, "scale"))
        return ST_OK;
    return field_number_declare(cx, f, decl, 2);
}

const FieldType field_rollup_type = {
    .kind = F_ROLLUP,
    .name = "rollup",
    .value = V_NULL,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .summable = true,
    .columns = rollup_columns,
    .parse = rollup_parse,
    .parse_text = rollup_parse_text,
    .validate = field_validate_none,
    .load = rollup_load,
    .store = rollup_store,
    .json = rollup_json,
    .text = rollup_text,
    .declare = rollup_declare,
};
