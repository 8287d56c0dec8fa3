/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in: jansson with duplicate keys refused. jansson recurses once per level, so the depth is
 * counted before. Numbers beyond int64 or double are errors of jansson's. */
#include "base/json.h"

#define MAX_DEPTH 64

static void json_drop(void *j) { json_decref(j); }

void json_own(Arena *a, json_t *j)
{
    if (j)
        arena_on_free(a, json_drop, j);
}

/* Offset of the bracket that opens level MAX_DEPTH + 1, or SIZE_MAX. */
static size_t too_deep_at(Str text)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++depth > MAX_DEPTH)
                return i;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return SIZE_MAX;
}

static Status json_fail(Ctx *cx, int64_t at, const char *code, Str why)
{
    Status st = FAIL_CODE(cx, ST_MALFORMED, "bad_json", "json.bad", "not valid JSON at byte %lld",
                          (long long)at);
    FIELD_FAIL_AT(cx, STR(""), at, code, NULL, STR_FMT, STR_ARG(why));
    return st;
}

static Status json_fail_parse(Ctx *cx, const json_error_t *error)
{
    int64_t at = error->position;
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        return json_fail(cx, at, "duplicate_key",
                         text_in(cx, "json.duplicate_key", "a key stands twice"));
    case json_error_end_of_input_expected:
        return json_fail(cx, at, "trailing_text",
                         text_in(cx, "json.trailing_text", "there is text behind the value"));
    case json_error_invalid_utf8:
        return json_fail(cx, at, "bad_utf8", text_in(cx, "json.bad_utf8", "not UTF-8"));
    case json_error_null_byte_in_key:
    case json_error_null_character:
        return json_fail(cx, at, "nul", text_in(cx, "json.nul", "a NUL is not allowed"));
    case json_error_numeric_overflow:
        return json_fail(cx, at, "out_of_range",
                         text_in(cx, "json.out_of_range", "the number is too large"));
    case json_error_premature_end_of_input:
        return json_fail(cx, at, "cut_off", text_in(cx, "json.cut_off", "the text ends too early"));
    default:
        return json_fail(cx, at, "syntax",
                         text_in(cx, "json.syntax", "this is not JSON's grammar"));
    }
}

Status json_parse(Ctx *cx, Str text, json_t **ret)
{
    size_t deep = too_deep_at(text);
    if (deep != SIZE_MAX)
        return json_fail(cx, (int64_t)deep, "too_deep",
                         text_in(cx, "json.too_deep", "nested too deeply"));
    json_error_t error;
    json_t *j =
        json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!j)
        return json_fail_parse(cx, &error);
    json_own(cx->arena, j);
    *ret = j;
    return ST_OK;
}

Str json_str(const json_t *j)
{
    return json_is_string(j) ? str_n(json_string_value(j), json_string_length(j)) : STR_NULL;
}

Str json_get_str(const json_t *obj, const char *key) { return json_str(json_object_get(obj, key)); }

bool json_get_bool(const json_t *obj, const char *key, bool dflt)
{
    const json_t *j = json_object_get(obj, key);
    return json_is_boolean(j) ? json_is_true(j) : dflt;
}

int64_t json_get_int(const json_t *obj, const char *key, int64_t dflt)
{
    const json_t *j = json_object_get(obj, key);
    return json_is_integer(j) ? (int64_t)json_integer_value(j) : dflt;
}

static void json_write_object(Buf *b, const json_t *j)
{
    json_t *object = (json_t *)j; /* jansson's iterators take no const; nothing is changed */
    bool first = true;
    buf_char(b, '{');
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        if (!first)
            buf_char(b, ',');
        first = false;
        buf_json_str(b, str_n(json_object_iter_key(at), json_object_iter_key_len(at)));
        buf_char(b, ':');
        json_write(b, json_object_iter_value(at));
    }
    buf_char(b, '}');
}

void json_write(Buf *b, const json_t *j)
{
    switch (j ? json_typeof(j) : JSON_NULL) {
    case JSON_OBJECT: json_write_object(b, j); break;
    case JSON_ARRAY:
        buf_char(b, '[');
        for (size_t i = 0; i < json_array_size(j); i++) {
            if (i)
                buf_char(b, ',');
            json_write(b, json_array_get(j, i));
        }
        buf_char(b, ']');
        break;
    case JSON_STRING: buf_json_str(b, json_str(j)); break;
    case JSON_INTEGER: buf_int(b, json_integer_value(j)); break;
    case JSON_REAL: buf_json_real(b, json_real_value(j)); break;
    case JSON_TRUE: buf_lit(b, "true"); break;
    case JSON_FALSE: buf_lit(b, "false"); break;
    case JSON_NULL: buf_lit(b, "null"); break;
    }
}
