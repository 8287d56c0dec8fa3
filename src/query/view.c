/* SPDX-License-Identifier: Apache-2.0 */
/* Saved views of a list: the filter is added to what is asked for; sort and columns stand in where
 * nothing is asked for. What names a field the reader may not see is left out, and a view whose
 * filter does is not there for him: an error about it would tell that the field exists. */
#include "query/query_internal.h"

#define VIEW_TEXT ((size_t)32 * 1024)

static const json_t *view_find(const Object *o, Str name)
{
    size_t i;
    const json_t *view;
    json_array_foreach((json_t *)o->views, i,
                       view) if (str_eq(json_get_str(view, "view"), name)) return view;
    return NULL;
}

static Status view_unknown(Ctx *cx, Str name)
{
    return path_bad(cx, "view",
                    FAIL(cx, ST_MALFORMED, "query.no_view", "there is no view " STR_FMT,
                         STR_ARG(str_sub(name, 0, 80))));
}

/* First name of a path, without the sign of a sort key. */
static bool view_shows(const Ctx *cx, const Object *o, Str path)
{
    Str head = str_starts(path, STR("-")) ? str_sub(path, 1, path.n) : path;
    size_t dot = str_find_char(head, '.');
    const Field *f = object_field(o, dot == SIZE_MAX ? head : str_sub(head, 0, dot));
    return f && path_visible(cx, f);
}

/* Names of a list, or of the "field" of its objects, joined by commas. */
static Str view_names(Ctx *cx, const Object *o, const json_t *list)
{
    size_t i;
    const json_t *item;
    Buf names = buf_in(cx->arena, VIEW_TEXT);
    json_array_foreach((json_t *)list, i, item)
    {
        Str name = json_is_object(item) ? json_get_str(item, "field") : json_str(item);
        if (!name.n || !view_shows(cx, o, name))
            continue;
        if (names.n)
            buf_char(&names, ',');
        buf_str_add(&names, name);
    }
    return buf_str(&names);
}

static Status view_filter(Ctx *cx, const Object *o, Str name, Str filter, ListQuery *q)
{
    const Expr *parsed;
    TRY(filter_parse(cx, o, q->filter, &parsed)); /* its own errors, at its own places */
    if (!str_trim(filter).n)
        return ST_OK;
    if (filter_parse(cx, o, filter, &parsed) != ST_OK) {
        error_clear(cx);
        return view_unknown(cx, name);
    }
    if (str_trim(q->filter).n)
        q->filter = str_format(cx->arena, "(" STR_FMT ") and (" STR_FMT ")", STR_ARG(filter),
                               STR_ARG(q->filter));
    else
        q->filter = filter;
    return ST_OK;
}

Status query_view_use(Ctx *cx, const Object *o, const json_t *view, ListQuery *q)
{
    TRY(view_filter(cx, o, q->view, json_get_str(view, "filter"), q));
    if (!q->sort.n)
        q->sort = view_names(cx, o, json_object_get(view, "sort"));
    if (!q->fields.n)
        q->fields = view_names(cx, o, json_object_get(view, "columns"));
    q->view = STR_NULL;
    return ST_OK;
}

Status view_apply(Ctx *cx, const Object *o, ListQuery *q)
{
    if (!q->view.n)
        return ST_OK;
    const json_t *view = view_find(o, q->view);
    return view ? query_view_use(cx, o, view, q) : view_unknown(cx, q->view);
}
