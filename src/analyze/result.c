/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of a result and its views; how they are written stands in result_text.c. */
#include "analyze/result_internal.h"
#include <math.h>

void result_init(Ctx *cx, Result *r, const char *method)
{
    *r = (Result){.cx = cx, .method = method, .weight = NAN};
    r->tables = json_object();
    r->notes = json_array();
    json_own(cx->arena, r->tables);
    json_own(cx->arena, r->notes);
}

json_t *result_object(json_t *in, const char *key)
{
    json_object_set_new(in, key, json_object());
    return json_object_get(in, key);
}

json_t *result_array(json_t *in, const char *key)
{
    json_object_set_new(in, key, json_array());
    return json_object_get(in, key);
}

json_t *result_item(json_t *array)
{
    json_array_append_new(array, json_object());
    return json_array_get(array, json_array_size(array) - 1);
}

static json_t *number(double v)
{
    if (!isfinite(v))
        return json_null();
    if (v == floor(v) && fabs(v) < 9007199254740992.0)
        return json_integer((json_int_t)v);
    return json_real(v);
}

void result_put(json_t *in, const char *key, double v) { json_object_set_new(in, key, number(v)); }

void result_put_text(json_t *in, const char *key, Str v)
{
    json_object_set_new(in, key, json_stringn(v.p ? v.p : "", v.n));
}

void result_put_bool(json_t *in, const char *key, bool v)
{
    json_object_set_new(in, key, json_boolean(v));
}

void result_puts(json_t *in, const char *key, const double *v, size_t n)
{
    json_t *array = result_array(in, key);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, number(v[i]));
}

void result_put_texts(json_t *in, const char *key, const Str *v, size_t n)
{
    json_t *array = result_array(in, key);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_stringn(v[i].p ? v[i].p : "", v[i].n));
}

void result_add(json_t *array, double v) { json_array_append_new(array, number(v)); }

const char *result_key(Result *r, Str name) { return str_z(r->cx->arena, name); }

/* ---- views */
View *result_view(Result *r, const char *zh, const char *en, const ViewColumn *columns, size_t n)
{
    View *v = ARENA_NEW(r->cx->arena, View);
    bool is_zh = r->cx->lang == LANG_ZH;
    v->arena = r->cx->arena;
    v->title = str_of(is_zh ? zh : en);
    for (size_t i = 0; i < n; i++)
        result_view_column(v, str_of(is_zh ? columns[i].zh : columns[i].en), str_of(columns[i].key),
                           columns[i].form);
    v->next = NULL;
    *(r->last_view ? &r->last_view->next : &r->views) = v;
    r->last_view = v;
    return v;
}

void result_view_column(View *v, Str heading, Str key, CellForm form)
{
    VEC_PUSH(v->arena, &v->columns, ((ViewHead){heading, key, form}));
}

void result_view_title(View *v, Str title) { v->title = title; }

void result_row(View *v, Str label, const json_t *source)
{
    VEC_PUSH(v->arena, &v->rows, ((ViewRow){label, source}));
}

void result_reading(Result *r, Str sentence) { r->reading = sentence; }

void result_note(Result *r, Str sentence)
{
    json_array_append_new(r->notes, json_stringn(sentence.p, sentence.n));
}

void result_out(Result *r, size_t n, OutColumn column)
{
    r->out_n = n;
    VEC_PUSH(r->cx->arena, &r->out, column);
}
