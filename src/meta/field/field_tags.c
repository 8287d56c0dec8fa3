/* SPDX-License-Identifier: Apache-2.0 */
/* tags: words that people put on records, at most 40 characters each, as they were written. */
#include "base/utf8.h"
#include "meta/field/field.h"

#define TAG_MAX 40

/* No separators of files and no control characters in a tag, so that it survives a spreadsheet. */
static bool tag_is_plain(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || strchr(";|,", s.p[i]))
            return false;
    return s.n > 0 && utf8_length(s) <= TAG_MAX;
}

static Status tag_wrong(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_tag",
                      "a tag has 1 to %d characters, none of ; | ,", TAG_MAX);
}

static Status tags_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    size_t n = json_array_size(in);
    if (!json_is_array(in) || n > FIELD_SET_MAX)
        return field_set_too_many(cx, f);
    Str *texts = ARENA_ARRAY(cx->arena, Str, n + 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(in, i);
        if (!json_is_string(item))
            return field_set_too_many(cx, f);
        texts[i] = str_trim(json_str(item));
        if (!tag_is_plain(texts[i]))
            return tag_wrong(cx, f);
    }
    *out = field_set_value(texts, n);
    return ST_OK;
}

static Status tags_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                              Value *out)
{
    Str *texts = ARENA_ARRAY(cx->arena, Str, FIELD_SET_MAX);
    size_t n = 0;
    Str part;
    while (field_set_split(&in, &part)) {
        if (!part.n)
            continue;
        if (!tag_is_plain(part))
            return tag_wrong(cx, f);
        if (n == FIELD_SET_MAX)
            return field_set_too_many(cx, f);
        texts[n++] = part;
    }
    *out = field_set_value(texts, n);
    return ST_OK;
}

static Status tags_validate(Ctx *cx, const Field *f, const Value *v)
{
    return v->texts.n > FIELD_SET_MAX ? field_set_too_many(cx, f) : ST_OK;
}

static void tags_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    for (size_t i = 0; i < v->texts.n; i++) {
        if (i)
            buf_char(b, ';');
        buf_str_add(b, v->texts.p[i]);
    }
}

const FieldType field_tags_type = {
    .kind = F_TAGS,
    .name = "tags",
    .value = V_TEXTS,
    .groupable = true,
    .filterable = true,
    .columns = field_column_text,
    .parse = tags_parse,
    .parse_text = tags_parse_text,
    .validate = tags_validate,
    .load = field_set_load,
    .store = field_set_store,
    .json = field_set_json,
    .text = tags_text,
    .declare = field_declare_none,
};
