/* SPDX-License-Identifier: Apache-2.0 */
/* link: one record of another object, by id. Codes, titles and {"match":…} need the database and
 * are resolved in record/ before this. */
#include "base/id.h"
#include "meta/field/field.h"

static Status link_wrong(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_link", "is not the id of a record");
}

static Status link_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    Id id;
    if (json_is_object(in))
        in = json_object_get(in, "id");
    if (!in || !json_is_string(in) || !id_parse(json_str(in), &id))
        return link_wrong(cx, f);
    *out = (Value){.t = V_ID, .i = id};
    return ST_OK;
}

static Status link_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                              Value *out)
{
    Id id;
    if (!id_parse(str_trim(in), &id))
        return link_wrong(cx, f);
    *out = (Value){.t = V_ID, .i = id};
    return ST_OK;
}

static void link_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    *out = db_col_null(q, col) ? VALUE_NULL : (Value){.t = V_ID, .i = db_col_id(q, col)};
}

static void link_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_lit(b, "{\"id\":");
    buf_json_id(b, v->i);
    buf_char(b, '}');
}

static void link_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_int(b, v->i);
}

const FieldType field_link_type = {
    .kind = F_LINK,
    .name = "link",
    .value = V_ID,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .columns = field_column_int,
    .parse = link_parse,
    .parse_text = link_parse_text,
    .validate = field_validate_none,
    .load = link_load,
    .store = field_int_store,
    .json = link_json,
    .text = link_text,
    .declare = field_declare_none, /* "to" needs the catalogue: meta_compile.c */
};
