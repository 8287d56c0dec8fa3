/* SPDX-License-Identifier: Apache-2.0 */
/* id: the record's own id, given by the server; text in JSON because it passes 2^53. */
#include "base/id.h"
#include "meta/field/field.h"

static Status id_parse_json(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    Id id;
    if (!json_is_string(in) || !id_parse(json_str(in), &id))
        return field_wrong(cx, f);
    *out = (Value){.t = V_ID, .i = id};
    return ST_OK;
}

static Status id_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                            Value *out)
{
    Id id;
    if (!id_parse(str_trim(in), &id))
        return field_wrong(cx, f);
    *out = (Value){.t = V_ID, .i = id};
    return ST_OK;
}

static void id_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    *out = (Value){.t = V_ID, .i = db_col_id(q, col)};
}

static void id_json(Buf *b, const Field *f UNUSED, const Value *v) { buf_json_id(b, v->i); }

static void id_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_int(b, v->i);
}

const FieldType field_id_type = {
    .kind = F_ID,
    .name = "id",
    .value = V_ID,
    .sortable = true,
    .filterable = true,
    .columns = field_column_int,
    .parse = id_parse_json,
    .parse_text = id_parse_text,
    .validate = field_validate_none,
    .load = id_load,
    .store = field_int_store,
    .json = id_json,
    .text = id_text,
    .declare = field_declare_none,
};
