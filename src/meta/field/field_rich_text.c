/* SPDX-License-Identifier: Apache-2.0 */
/* rich_text: HTML, made harmless when it comes in (base/html.h), so that every reader may show it.
 *
 * Columns: the HTML; f: its words, folded, which `~`, `starts` and `ends` compare with. */
#include "base/html.h"
#include "base/utf8.h"
#include "meta/field/field.h"

#define RICH_TEXT_MAX 200000 /* bytes of HTML */

static const char OWN_FILES[] = "/api/v1/files/";

static int rich_text_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    field_column(f, &out[0], "", DB_TEXT);
    field_column(f, &out[1], "f", DB_TEXT);
    return 2;
}

static Status rich_text_too_long(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "too_long", "field.rich_too_long", "is longer than %d bytes",
                      RICH_TEXT_MAX);
}

static Status rich_text_value(Ctx *cx, const Field *f, Str html, Value *out)
{
    Buf b = buf_in(cx->arena, RICH_TEXT_MAX + 1);
    html_sanitise(html, str_of(OWN_FILES), &b);
    if (buf_overflowed(&b) || b.n > RICH_TEXT_MAX)
        return rich_text_too_long(cx, f);
    *out = html_is_empty(buf_str(&b)) ? VALUE_NULL : (Value){.t = V_HTML, .s = buf_str(&b)};
    return ST_OK;
}

static Status rich_text_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    if (!json_is_string(in))
        return field_wrong(cx, f);
    return rich_text_value(cx, f, json_str(in), out);
}

/* A cell is plain text unless it closes a tag or breaks a line as HTML does. */
static Status rich_text_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                   Value *out)
{
    bool is_html = str_find(in, STR("</")) != SIZE_MAX || str_find(in, STR("<br")) != SIZE_MAX;
    if (is_html)
        return rich_text_value(cx, f, in, out);
    Buf b = buf_in(cx->arena, RICH_TEXT_MAX + 1);
    html_of_text(in, &b);
    if (buf_overflowed(&b) || b.n > RICH_TEXT_MAX)
        return rich_text_too_long(cx, f);
    *out = b.n ? (Value){.t = V_HTML, .s = buf_str(&b)} : VALUE_NULL;
    return ST_OK;
}

static void rich_text_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col,
                           Value *out)
{
    if (db_col_null(q, col))
        *out = VALUE_NULL;
    else
        *out = (Value){.t = V_HTML, .s = db_col_text(q, col)};
}

static void rich_text_store(Arena *a, const Field *f UNUSED, const Value *v,
                            DbVal out[FIELD_COLUMNS])
{
    bool null = value_is_null(v);
    out[0] = null ? db_null(DB_TEXT) : db_text(v->s);
    out[1] = null ? db_null(DB_TEXT) : db_text(fold_text(a, html_text(a, v->s)));
}

static void rich_text_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_str_add(b, html_text(b->arena, v->s));
}

const FieldType field_rich_text_type = {
    .kind = F_RICH_TEXT,
    .name = "rich_text",
    .value = V_HTML,
    .filterable = true,
    .searchable = true,
    .columns = rich_text_columns,
    .parse = rich_text_parse,
    .parse_text = rich_text_parse_text,
    .validate = field_validate_none,
    .load = rich_text_load,
    .store = rich_text_store,
    .json = field_text_json,
    .text = rich_text_text,
    .declare = field_declare_none,
};
