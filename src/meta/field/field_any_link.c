/* SPDX-License-Identifier: Apache-2.0 */
/* any_link: one record of one of several objects. Two columns: the id, and the name of its object
 * (names never change). Which objects, and whether the record is there, is asked in record/. */
#include "base/id.h"
#include "meta/field/field.h"

static int any_link_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    field_column(f, &out[0], "", DB_INT);
    field_column(f, &out[1], "o", DB_TEXT);
    return 2;
}

static Status any_link_wrong(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_any_link",
                      "must be {\"object\":…,\"id\":…}");
}

static Status any_link_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    Id id;
    Str object = json_get_str(in, "object");
    if (!json_is_object(in) || !object.n || !id_parse(json_get_str(in, "id"), &id))
        return any_link_wrong(cx, f);
    *out = (Value){.t = V_REF, .ref = {.id = id, .object = object}};
    return ST_OK;
}

/* order:84213377 */
static Status any_link_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                  Value *out)
{
    Id id;
    Str rest = str_trim(in), object;
    if (!str_split(&rest, ':', &object) || !str_trim(object).n || !id_parse(str_trim(rest), &id))
        return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_any_link_text",
                          "must be object:id, as in order:84213377");
    *out = (Value){.t = V_REF, .ref = {.id = id, .object = str_trim(object)}};
    return ST_OK;
}

static void any_link_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col,
                          Value *out)
{
    *out = VALUE_NULL;
    if (!db_col_null(q, col) && !db_col_null(q, col + 1))
        *out = (Value){.t = V_REF,
                       .ref = {.id = db_col_id(q, col), .object = db_col_text(q, col + 1)}};
}

static void any_link_store(Arena *a UNUSED, const Field *f UNUSED, const Value *v,
                           DbVal out[FIELD_COLUMNS])
{
    bool none = value_is_null(v);
    out[0] = none ? db_null(DB_INT) : db_int(v->ref.id);
    out[1] = none ? db_null(DB_TEXT) : db_text(v->ref.object);
}

static void any_link_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_lit(b, "{\"object\":");
    buf_json_str(b, v->ref.object);
    buf_lit(b, ",\"id\":");
    buf_json_id(b, v->ref.id);
    buf_char(b, '}');
}

static void any_link_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_str_add(b, v->ref.object);
    buf_char(b, ':');
    buf_int(b, v->ref.id);
}

const FieldType field_any_link_type = {
    .kind = F_ANY_LINK,
    .name = "any_link",
    .value = V_REF,
    .filterable = true,
    .columns = any_link_columns,
    .parse = any_link_parse,
    .parse_text = any_link_parse_text,
    .validate = field_validate_none,
    .load = any_link_load,
    .store = any_link_store,
    .json = any_link_json,
    .text = any_link_text,
    .declare = field_declare_none, /* "to" needs the catalogue: meta_links.c */
};
