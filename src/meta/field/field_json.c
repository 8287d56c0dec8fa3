/* SPDX-License-Identifier: Apache-2.0 */
/* json: data of other systems, kept whole. Canonical text (keys sorted, no white space), so that equal
 * data are equal texts; at most `max` bytes. Nothing looks inside: only `is null` filters. */
#include "meta/field/field.h"

#define JSON_BYTES_DEFAULT 65536
#define JSON_BYTES_LIMIT 262144
#define JSON_DEPTH 100 /* of a patch; what is read from outside is no deeper */

static Status json_field_value(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    char *text = json_dumps(in, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    if (!text)
        return field_wrong(cx, f);
    *out = (Value){.t = V_JSON, .s = str_copy(cx->arena, str_of(text))};
    free(text);
    if (out->s.n <= (size_t)f->max)
        return ST_OK;
    return FIELD_FAIL(cx, f->name, "too_long", "field.json_too_long", "is longer than %d bytes",
                      f->max);
}

static Status json_field_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    return json_field_value(cx, f, in, out);
}

/* RFC 7396: null takes a member away, an object is merged, all else replaces. */
static void merge(json_t *into, const json_t *patch, int depth)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)patch, key, value)
    {
        json_t *own = json_object_get(into, key);
        if (json_is_null(value)) {
            json_object_del(into, key);
        } else if (!json_is_object(value) || depth == 0) {
            json_object_set(into, key, value);
        } else {
            if (!json_is_object(own)) {
                own = json_object();
                json_object_set_new(into, key, own);
            }
            merge(own, value, depth - 1);
        }
    }
}

Status field_json_merge(Ctx *cx, const Field *f, const Value *now, const json_t *in, Value *out)
{
    json_t *whole = now->t == V_JSON ? json_loadb(now->s.p, now->s.n, JSON_DECODE_ANY, NULL) : NULL;
    if (!json_is_object(whole)) {
        json_decref(whole);
        whole = json_object();
    }
    json_own(cx->arena, whole);
    merge(whole, in, JSON_DEPTH);
    return json_field_value(cx, f, whole, out);
}

static Status json_field_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                    Value *out)
{
    json_error_t e;
    Str s = str_trim(in);
    *out = VALUE_NULL;
    if (!s.n)
        return ST_OK;
    json_t *j = s.n > JSON_BYTES_LIMIT
                    ? NULL
                    : json_loadb(s.p, s.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
    if (!j)
        return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_json", "is not JSON");
    json_own(cx->arena, j);
    return json_is_null(j) ? ST_OK : json_field_value(cx, f, j, out);
}

static void json_field_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col,
                            Value *out)
{
    if (db_col_null(q, col))
        *out = VALUE_NULL;
    else
        *out = (Value){.t = V_JSON, .s = db_col_text(q, col)};
}

static void json_field_json(Buf *b, const Field *f UNUSED, const Value *v) { buf_str_add(b, v->s); }

static void json_field_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_str_add(b, v->s);
}

static Status json_field_declare(Ctx *cx, Field *f, const json_t *decl)
{
    return field_text_declare_max(cx, f, decl, JSON_BYTES_DEFAULT, JSON_BYTES_LIMIT);
}

const FieldType field_json_type = {
    .kind = F_JSON,
    .name = "json",
    .value = V_JSON,
    .filterable = true,
    .columns = field_column_text,
    .parse = json_field_parse,
    .parse_text = json_field_parse_text,
    .validate = field_validate_none,
    .load = json_field_load,
    .store = field_text_store,
    .json = json_field_json,
    .text = json_field_text,
    .declare = json_field_declare,
};
