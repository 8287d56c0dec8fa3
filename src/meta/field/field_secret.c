/* SPDX-License-Identifier: Apache-2.0 */
/* secret: a password, a token, a number nobody may read. Sealed when the record is written
 * (meta_secret.c), because the record's id is sealed with it; until then the value is plain.
 *
 * Columns: the ciphertext; x: the blind index that `=` and `in` compare with. Lists, history, exports
 * show a mask, lists and records the value to whom the right `read_secrets` on the field is given. */
#include "base/vault.h"
#include "meta/field/field.h"
#include <assert.h>

static const char MASK[] = "••••••••";

static int secret_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    field_column(f, &out[0], "", DB_TEXT);
    field_column(f, &out[1], "x", DB_TEXT);
    return 2;
}

static Status secret_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                Value *out)
{
    Str none[VAULT_MAX];
    *out = VALUE_NULL;
    if (!in.n)
        return ST_OK;
    if (in.n > VAULT_TEXT)
        return FIELD_FAIL(cx, f->name, "too_long", "field.secret_too_long",
                          "is longer than %d bytes", VAULT_TEXT);
    if (str_is(in, MASK))
        return FIELD_FAIL(cx, f->name, "bad_value", "field.secret_mask",
                          "is what is shown in the place of a value");
    if (!cx->meta || !vault_blinds(cx->meta->vault, cx->arena, STR(""), STR(""), none))
        return FIELD_FAIL(cx, f->name, "no_key", "field.secret_no_key",
                          "cannot be kept: the key file of this server is missing");
    *out = (Value){.t = V_SECRET, .scale = SECRET_PLAIN, .s = in};
    return ST_OK;
}

static Status secret_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    if (!json_is_string(in))
        return field_wrong(cx, f);
    return secret_parse_text(cx, f, json_str(in), NULL, out);
}

static void secret_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    *out = VALUE_NULL;
    if (db_col_null(q, col))
        return;
    *out = (Value){.t = V_SECRET, .s = db_col_text(q, col)};
    if (!db_col_null(q, col + 1))
        out->shown = db_col_text(q, col + 1);
}

static void secret_store(Arena *a UNUSED, const Field *f UNUSED, const Value *v,
                         DbVal out[FIELD_COLUMNS])
{
    assert(v->t != V_SECRET || v->scale != SECRET_PLAIN); /* nothing plain reaches the database */
    out[0] = value_is_null(v) ? db_null(DB_TEXT) : db_text(v->s);
    out[1] = value_is_null(v) || !v->shown.n ? db_null(DB_TEXT) : db_text(v->shown);
}

static void secret_json(Buf *b, const Field *f UNUSED, const Value *v UNUSED)
{
    buf_json_str(b, str_of(MASK));
}

static void secret_text(Buf *b, const Field *f UNUSED, const Value *v UNUSED, Lang lang UNUSED)
{
    buf_str_add(b, str_of(MASK));
}

const FieldType field_secret_type = {
    .kind = F_SECRET,
    .name = "secret",
    .value = V_SECRET,
    .filterable = true,
    .reads = 2,
    .columns = secret_columns,
    .parse = secret_parse,
    .parse_text = secret_parse_text,
    .validate = field_validate_none,
    .load = secret_load,
    .store = secret_store,
    .json = secret_json,
    .text = secret_text,
    .declare = field_declare_none,
};
