/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand in a saved view. Filter, sort, columns and group are tried as the list that they
 * make, with the rights of who saves: what he may not see he cannot name. */
#include "base/id.h"
#include "base/utf8.h"
#include "views/views_internal.h"

enum { LABEL_MAX = 60, FILTER_MAX = 8192, COLUMNS_MAX = 50, SORT_MAX = 4, SHARED_MAX = 50 };
enum { WIDTH_MIN = 40, WIDTH_MAX = 1000 };

static Status bad_form(Ctx *cx, const char *field)
{
    return FIELD_FAIL(cx, str_of(field), "bad_value", "views.bad_form",
                      "This is not of the form that a view has here");
}

static bool is_among(Str s, const char *const *words)
{
    for (; *words; words++)
        if (str_is(s, *words))
            return true;
    return false;
}

static void check_label(Ctx *cx, const json_t *label)
{
    static const char *const LANGS[] = {"zh-CN", "en", NULL};
    const char *lang;
    json_t *text;
    if (!json_is_object(label) || json_object_size(label) == 0) {
        FIELD_FAIL(cx, STR("label"), "required", "views.no_label", "A view has a name");
        return;
    }
    json_object_foreach((json_t *)label, lang, text)
    {
        Str words = str_trim(json_str(text));
        if (!is_among(str_of(lang), LANGS) || !words.n)
            bad_form(cx, "label");
        else if (utf8_length(words) > LABEL_MAX)
            FIELD_FAIL(cx, STR("label"), "too_long", "views.long_label",
                       "A name has at most %d characters", LABEL_MAX);
    }
}

static void check_text(Ctx *cx, const json_t *body, const char *name, size_t most)
{
    const json_t *v = json_object_get(body, name);
    if (v && !json_is_null(v) && (!json_is_string(v) || json_string_length(v) > most))
        bad_form(cx, name);
}

static bool is_column(const json_t *c)
{
    static const char *const KEYS[] = {"field", "width", "frozen", NULL};
    const char *key;
    json_t *v;
    const json_t *width = json_object_get(c, "width"), *frozen = json_object_get(c, "frozen");
    if (json_is_string(c))
        return true;
    json_object_foreach((json_t *)c, key, v) if (!is_among(str_of(key), KEYS)) return false;
    if (width && (!json_is_integer(width) || json_integer_value(width) < WIDTH_MIN ||
                  json_integer_value(width) > WIDTH_MAX))
        return false;
    return json_get_str(c, "field").n && (!frozen || json_is_boolean(frozen));
}

static bool is_key(const json_t *k) { return json_is_string(k); }

/* A name holds no comma: it would be two when the list is asked for. */
static void check_items(Ctx *cx, const json_t *body, const char *name, size_t most,
                        bool (*fits)(const json_t *))
{
    const json_t *list = json_object_get(body, name);
    if (!list || json_is_null(list))
        return;
    if (!json_is_array(list) || json_array_size(list) > most) {
        bad_form(cx, name);
        return;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        Str text = json_is_object(item) ? json_get_str(item, "field") : json_str(item);
        if (!fits(item) || !text.n || str_find_char(text, ',') != SIZE_MAX) {
            bad_form(cx, str_z(cx->arena, str_format(cx->arena, "%s[%zu]", name, i)));
            return;
        }
    }
}

/* ---- with whom: with people as one likes, with roles and all by the right to manage views */

static Status check_person(Ctx *cx, Str id_text, Str at)
{
    const Object *users = meta_object(cx->meta, STR("user"));
    Str title = STR_NULL;
    Id id = 0;
    if (users && id_parse(id_text, &id))
        TRY(query_titles(cx, users, &id, 1, &title, NULL));
    if (!title.p)
        FIELD_FAIL(cx, at, "no_match", "views.no_person", "There is no such person");
    return ST_OK;
}

static Status check_principal(Ctx *cx, Str who, Str at, bool *ret_wide)
{
    Str role = str_starts(who, STR("role:")) ? str_sub(who, 5, SIZE_MAX) : STR_NULL;
    if (str_starts(who, STR("user:")))
        return check_person(cx, str_sub(who, 5, SIZE_MAX), at);
    *ret_wide = true;
    if (role.n && !json_object_getn(cx->meta->access, role.p, role.n))
        FIELD_FAIL(cx, at, "no_match", "views.no_role", "There is no role \"" STR_FMT "\"",
                   STR_ARG(str_sub(role, 0, 80)));
    else if (!role.n && !str_is(who, "all"))
        FIELD_FAIL(cx, at, "bad_value", "views.bad_principal",
                   "One of all, role:<code>, user:<id>");
    return ST_OK;
}

static Status check_shared(Ctx *cx, const json_t *body)
{
    const json_t *with = json_object_get(body, "shared_with");
    bool wide = false;
    if (!with || json_is_null(with))
        return ST_OK;
    if (!json_is_array(with) || json_array_size(with) > SHARED_MAX)
        return bad_form(cx, "shared_with");
    for (size_t i = 0; i < json_array_size(with); i++) {
        Str at = str_format(cx->arena, "shared_with[%zu]", i);
        TRY(check_principal(cx, json_str(json_array_get(with, i)), at, &wide));
    }
    if (error_has_fields(cx) || !wide || access_has_right(cx, "customise"))
        return ST_OK;
    return access_require_right(cx, "manage_views");
}

/* An expression's error has no field of its own, and columns are asked for as "fields". */
static Status name_fields(Ctx *cx, Status st)
{
    for (size_t i = 0; i < cx->err.fields.n; i++) {
        FieldError *f = &cx->err.fields.v[i];
        if (!f->field.n)
            f->field = STR("filter");
        else if (str_is(f->field, "fields"))
            f->field = STR("columns");
    }
    return st;
}

Status views_check(Ctx *cx, const Object *o, const json_t *body)
{
    static const char *const KINDS[] = {"table", "board",    "calendar", "gallery", "chart",
                                        "split", "timeline", "pivot",    "map",     NULL};
    check_label(cx, json_object_get(body, "label"));
    if (!is_among(json_get_str(body, "kind"), KINDS))
        FIELD_FAIL(cx, STR("kind"), "bad_value", "views.bad_kind",
                   "One of table, board, calendar, gallery, chart, split, timeline, pivot, map");
    check_text(cx, body, "filter", FILTER_MAX);
    check_text(cx, body, "group", 200);
    check_text(cx, body, "look", 200);
    check_items(cx, body, "sort", SORT_MAX, is_key);
    check_items(cx, body, "columns", COLUMNS_MAX, is_column);
    TRY(check_shared(cx, body));
    if (error_has_fields(cx))
        return cx->err.status;
    ListQuery q = views_query(cx, body);
    return name_fields(cx, query_list_try(cx, o, &q));
}
