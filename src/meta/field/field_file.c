/* SPDX-License-Identifier: Apache-2.0 */
/* file, image: an uploaded file, by the id of its record; with "multiple" a list, held as links
 * are. What may be uploaded there (types, size) stands in the declaration and is checked against the
 * file's record when a record refers to it (record/record_file.c). */
#include "base/id.h"
#include "meta/field/field.h"

#define ACCEPT_MAX 20
#define FILE_MAX_BYTES (4LL * 1024 * 1024 * 1024)

static const FieldType *same_as(const Field *f)
{
    return f->multiple ? &field_links_type : &field_link_type;
}

static int file_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    return same_as(f)->columns(f, out);
}

static Status file_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    return same_as(f)->parse(cx, f, in, out);
}

static Status file_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form, Value *out)
{
    return same_as(f)->parse_text(cx, f, in, form, out);
}

static void file_load(Arena *a, const Field *f, const Stmt *q, int col, Value *out)
{
    same_as(f)->load(a, f, q, col, out);
}

static void file_store(Arena *a, const Field *f, const Value *v, DbVal out[FIELD_COLUMNS])
{
    same_as(f)->store(a, f, v, out);
}

static void file_json(Buf *b, const Field *f, const Value *v) { same_as(f)->json(b, f, v); }

static void file_text(Buf *b, const Field *f, const Value *v, Lang lang)
{
    same_as(f)->text(b, f, v, lang);
}

/* "application/pdf", or a beginning that ends in a slash: "image/". */
static bool is_media_type(Str s)
{
    size_t slash = str_find(s, STR("/"));
    if (slash == SIZE_MAX || slash == 0 || s.n > 100)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '+' ||
                     c == '-' || (c == '/' && i == slash);
        if (!plain)
            return false;
    }
    return true;
}

static Status bad_accept(Ctx *cx)
{
    return FIELD_FAIL(cx, STR("accept"), "bad_value", "field.bad_accept",
                      "must be a list of at most %d media types such as \"application/pdf\" or "
                      "\"image/\"",
                      ACCEPT_MAX);
}

static Status read_accept(Ctx *cx, Field *f, const json_t *decl)
{
    const json_t *list = json_object_get(decl, "accept");
    if (!list)
        return ST_OK;
    if (!json_is_array(list) || !json_array_size(list) || json_array_size(list) > ACCEPT_MAX)
        return bad_accept(cx);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!is_media_type(json_str(json_array_get(list, i))))
            return bad_accept(cx);
    f->accept = list;
    return ST_OK;
}

static Status read_size(Ctx *cx, Field *f, const json_t *decl)
{
    const json_t *size = json_object_get(decl, "max_size");
    if (!size)
        return ST_OK;
    if (!json_is_integer(size) || json_integer_value(size) < 1 ||
        json_integer_value(size) > FILE_MAX_BYTES)
        return FIELD_FAIL(cx, STR("max_size"), "bad_value", "field.bad_max_size",
                          "must be a number of bytes up to %lld", FILE_MAX_BYTES);
    f->max_bytes = json_integer_value(size);
    return ST_OK;
}

static Status file_declare(Ctx *cx, Field *f, const json_t *decl)
{
    const json_t *multiple = json_object_get(decl, "multiple");
    if (multiple && !json_is_boolean(multiple))
        return FIELD_FAIL(cx, STR("multiple"), "bad_value", "field.bad_multiple",
                          "must be true or false");
    f->multiple = json_is_true(multiple);
    f->to_name = STR("file");
    f->on_delete = DELETE_RESTRICT;
    TRY(read_accept(cx, f, decl));
    return read_size(cx, f, decl);
}

const FieldType field_file_type = {
    .kind = F_FILE,
    .name = "file",
    .value = V_ID, /* several: V_IDS */
    .filterable = true,
    .columns = file_columns,
    .parse = file_parse,
    .parse_text = file_parse_text,
    .validate = field_validate_none,
    .load = file_load,
    .store = file_store,
    .json = file_json,
    .text = file_text,
    .declare = file_declare,
};

const FieldType field_image_type = {
    .kind = F_IMAGE,
    .name = "image",
    .value = V_ID,
    .filterable = true,
    .columns = file_columns,
    .parse = file_parse,
    .parse_text = file_parse_text,
    .validate = field_validate_none,
    .load = file_load,
    .store = file_store,
    .json = file_json,
    .text = file_text,
    .declare = file_declare,
};
