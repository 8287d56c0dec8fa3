/* SPDX-License-Identifier: Apache-2.0 */
/* What a list is asked for, from a URL or a JSON body. Unknown keys are errors. */
#include "query/query_internal.h"

#define LIST_DEFAULT_LIMIT 50

static Status list_limit(Ctx *cx, int64_t limit, ListQuery *q)
{
    if (limit < 1 || limit > QUERY_MAX_LIMIT)
        return path_bad(cx, "limit",
                        FAIL(cx, ST_MALFORMED, "query.limit", "limit is a number from 1 to %d",
                             QUERY_MAX_LIMIT));
    q->limit = (int)limit;
    return ST_OK;
}

Status query_list_check(Ctx *cx, ListQuery *q, Str limit, Str count)
{
    int64_t n = LIST_DEFAULT_LIMIT;
    if (limit.n > 0 && !str_int(limit, &n))
        n = 0;
    TRY(list_limit(cx, n, q));
    if (count.n == 0 || str_is(count, "capped"))
        q->count = COUNT_CAPPED;
    else if (str_is(count, "none"))
        q->count = COUNT_NONE;
    else if (str_is(count, "exact"))
        q->count = COUNT_EXACT;
    else
        return path_bad(cx, "count",
                        FAIL(cx, ST_MALFORMED, "query.count", "count is none, capped or exact"));
    return ST_OK;
}

/* A text, or an array of texts as one with commas. */
static Status list_text(Ctx *cx, const char *key, const json_t *v, Str *ret)
{
    bool good = json_is_string(v) || json_is_array(v) || json_is_null(v);
    *ret = json_is_string(v) ? json_str(v) : STR_NULL;
    Buf joined = buf_in(cx->arena, (size_t)64 * 1024);
    for (size_t i = 0; json_is_array(v) && i < json_array_size(v); i++) {
        const json_t *item = json_array_get(v, i);
        good = good && json_is_string(item);
        if (i > 0)
            buf_char(&joined, ',');
        buf_str_add(&joined, json_str(item));
    }
    if (!good)
        return path_bad(cx, key,
                        FAIL(cx, ST_MALFORMED, "query.not_text", "%s must be a text", key));
    if (json_is_array(v))
        *ret = buf_str(&joined);
    return ST_OK;
}

static Status list_key(Ctx *cx, const char *key, const json_t *v, ListQuery *q, Str *count)
{
    if (strcmp(key, "filter") == 0)
        return list_text(cx, "filter", v, &q->filter);
    if (strcmp(key, "q") == 0)
        return list_text(cx, "q", v, &q->q);
    if (strcmp(key, "sort") == 0)
        return list_text(cx, "sort", v, &q->sort);
    if (strcmp(key, "fields") == 0)
        return list_text(cx, "fields", v, &q->fields);
    if (strcmp(key, "expand") == 0)
        return list_text(cx, "expand", v, &q->expand);
    if (strcmp(key, "after") == 0)
        return list_text(cx, "after", v, &q->after);
    if (strcmp(key, "as_of") == 0)
        return list_text(cx, "as_of", v, &q->as_of);
    if (strcmp(key, "deleted") == 0 && json_is_boolean(v)) {
        q->deleted = json_is_true(v);
        return ST_OK;
    }
    if (strcmp(key, "view") == 0)
        return list_text(cx, "view", v, &q->view);
    if (strcmp(key, "count") == 0)
        return list_text(cx, "count", v, count);
    if (strcmp(key, "limit") == 0)
        return list_limit(cx, json_is_integer(v) ? json_integer_value(v) : 0, q);
    const char *name = str_z(cx->arena, str_copy(cx->arena, str_sub(str_of(key), 0, 40)));
    return path_bad(
        cx, name,
        FAIL(cx, ST_MALFORMED, "query.unknown_parameter", "there is no parameter %s", name));
}

Status query_list_from_json(Ctx *cx, const json_t *body, ListQuery *ret)
{
    *ret = (ListQuery){.limit = 0};
    Str count = STR_NULL;
    if (!json_is_object(body))
        return path_bad(cx, "",
                        FAIL(cx, ST_MALFORMED, "query.not_object", "the body must be an object"));
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)body, key, v) TRY(list_key(cx, key, v, ret, &count));
    int limit = ret->limit;
    TRY(query_list_check(cx, ret, STR_NULL, count));
    if (limit > 0)
        ret->limit = limit;
    return ST_OK;
}
