/* SPDX-License-Identifier: Apache-2.0 */
/* What choices and tags share: a sorted list of texts without repeats, in the row as a JSON array, so
 * that twin, history and undo carry it; the side table is its index. */
#include "meta/field/field.h"
#include <stdlib.h>

#define SET_MAX_BYTES 65536

static int compare_texts(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

Value field_set_value(Str *texts, size_t n)
{
    if (!n)
        return VALUE_NULL;
    qsort(texts, n, sizeof(*texts), compare_texts);
    size_t kept = 1;
    for (size_t i = 1; i < n; i++)
        if (!str_eq(texts[i], texts[kept - 1]))
            texts[kept++] = texts[i];
    return (Value){.t = V_TEXTS, .texts = {.p = texts, .n = kept}};
}

bool field_set_split(Str *rest, Str *ret_part)
{
    static const char *const MARKS[] = {";", "|", ",", "、", "；", "，"};
    if (!rest->n)
        return false;
    size_t i = 0, mark = 0;
    for (; i < rest->n && !mark; i += mark ? 0 : 1)
        for (size_t k = 0; k < COUNT_OF(MARKS) && !mark; k++)
            if (str_starts(str_sub(*rest, i, rest->n), str_of(MARKS[k])))
                mark = strlen(MARKS[k]);
    *ret_part = str_trim(str_sub(*rest, 0, i));
    *rest = str_sub(*rest, i + mark, rest->n);
    return true;
}

void field_set_load(Arena *a, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    *out = VALUE_NULL;
    if (db_col_null(q, col))
        return;
    Str s = db_col_text(q, col);
    json_t *list = json_loadb(s.p, s.n, 0, NULL); /* our own text, written by field_set_store */
    size_t n = json_array_size(list);
    Str *texts = ARENA_ARRAY(a, Str, n + 1);
    for (size_t i = 0; i < n; i++)
        texts[i] = str_copy(a, json_str(json_array_get(list, i)));
    json_decref(list);
    *out = field_set_value(texts, n);
}

void field_set_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_char(b, '[');
    for (size_t i = 0; v->t == V_TEXTS && i < v->texts.n; i++) {
        if (i)
            buf_char(b, ',');
        buf_json_str(b, v->texts.p[i]);
    }
    buf_char(b, ']');
}

void field_set_store(Arena *a, const Field *f, const Value *v, DbVal out[FIELD_COLUMNS])
{
    Buf b = buf_in(a, SET_MAX_BYTES);
    if (v->t == V_TEXTS)
        field_set_json(&b, f, v);
    out[0] = v->t == V_TEXTS ? db_text(buf_str(&b)) : db_null(DB_TEXT);
}

Status field_set_too_many(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_set",
                      "is not a list of at most %d texts", FIELD_SET_MAX);
}

Value field_set_merge(Arena *a, const Value *now, const Value *plus, const Value *minus)
{
    size_t most = (now->t == V_TEXTS ? now->texts.n : 0) + (plus->t == V_TEXTS ? plus->texts.n : 0);
    Str *texts = ARENA_ARRAY(a, Str, most + 1);
    size_t n = 0;
    for (size_t i = 0; now->t == V_TEXTS && i < now->texts.n; i++)
        if (!value_has_text(minus, now->texts.p[i]))
            texts[n++] = now->texts.p[i];
    for (size_t i = 0; plus->t == V_TEXTS && i < plus->texts.n; i++)
        texts[n++] = plus->texts.p[i];
    return field_set_value(texts, n);
}
