/* SPDX-License-Identifier: Apache-2.0 */
/* Choice lists: of the catalogue (seed/lists*.json and the organisation's) and of single fields. */
#include "meta/meta_build.h"

#define ENTRIES_MAX 5000
#define CODE_MAX 80

static const char list_attributes[] = "list label entries";
static const char entry_attributes[] = "value parent label color retired";

/* Codes may hold - and upper case (zh-CN): organisations bring codes of their own. */
static bool is_code(Str s)
{
    if (!s.n || s.n > CODE_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '"' || s.p[i] == '\\' || s.p[i] == ',')
            return false;
    }
    return true;
}

static Status read_entry(MetaBuild *b, const json_t *decl, ChoiceList *list, Choice *c)
{
    TRY(meta_check_attributes(b, decl, entry_attributes, NULL));
    c->value = json_get_str(decl, "value");
    if (!is_code(c->value))
        return FIELD_FAIL(b->cx, meta_path(b, "value"), "bad_value", "meta.bad_code",
                          "must be a code of at most %d characters without spaces", CODE_MAX);
    if (map_has(&list->by_value, c->value))
        return FIELD_FAIL(b->cx, meta_path(b, "value"), "duplicate", "meta.code_exists",
                          "the code \"" STR_FMT "\" stands twice in the list", STR_ARG(c->value));
    TRY(meta_check_label(b, decl, "label", meta_name_in_words(b->arena, c->value), &c->label));
    TRY(meta_check_text(b, decl, "parent", &c->parent));
    TRY(meta_check_text(b, decl, "color", &c->color));
    return meta_check_flag(b, decl, "retired", false, &c->retired);
}

Status meta_lists_build_one(MetaBuild *b, const json_t *decl, const json_t *entries,
                            ChoiceList *ret)
{
    const char *part = json_object_get(decl, "entries") ? "entries" : "choices";
    size_t n = json_array_size(entries);
    Str outer = b->path;
    Status st = ST_OK;
    if (!json_is_array(entries) || !n || n > ENTRIES_MAX)
        return FIELD_FAIL(b->cx, meta_path(b, part), "bad_value", "meta.bad_entries",
                          "must be a list of 1 to %d choices", ENTRIES_MAX);
    ret->items = ARENA_ARRAY(b->arena, Choice, n);
    ret->by_value = map_in(b->arena);
    for (size_t i = 0; i < n; i++) {
        Choice *c = &ret->items[ret->n];
        b->path =
            str_format(b->arena, STR_FMT "%s%s[%zu]", STR_ARG(outer), outer.n ? "." : "", part, i);
        if (read_entry(b, json_array_get(entries, i), ret, c) != ST_OK) {
            st = ST_INVALID;
            continue;
        }
        map_put(&ret->by_value, c->value, c);
        ret->n++;
    }
    b->path = outer;
    return st;
}

static Status read_list(MetaBuild *b, const json_t *decl, ChoiceList *list)
{
    TRY(meta_check_attributes(b, decl, list_attributes, NULL));
    list->name = json_get_str(decl, "list");
    if (!meta_name_is_word(list->name))
        return FIELD_FAIL(b->cx, meta_path(b, "list"), "bad_name", "meta.bad_name",
                          "must match [a-z][a-z0-9_]{0,39}");
    if (map_has(&b->m->lists_by_name, list->name))
        return FIELD_FAIL(b->cx, meta_path(b, "list"), "duplicate", "meta.list_exists",
                          "there is a list \"" STR_FMT "\" already", STR_ARG(list->name));
    TRY(meta_check_label(b, decl, "label", meta_name_in_words(b->arena, list->name), &list->label));
    return meta_lists_build_one(b, decl, json_object_get(decl, "entries"), list);
}

Status meta_lists_build(MetaBuild *b, const json_t *lists)
{
    Meta *m = b->m;
    size_t n = json_array_size(lists);
    m->lists = ARENA_ARRAY(b->arena, ChoiceList *, n + 1);
    m->lists_by_name = map_in(b->arena);
    for (size_t i = 0; i < n; i++) {
        ChoiceList *list = ARENA_NEW(b->arena, ChoiceList);
        const json_t *decl = json_array_get(lists, i);
        Str name = json_get_str(decl, "list");
        b->path = str_eq(name, b->source->focus)
                      ? STR_NULL
                      : str_format(b->arena, "lists." STR_FMT, STR_ARG(name));
        TRY(read_list(b, decl, list));
        m->lists[m->n_lists++] = list;
        map_put(&m->lists_by_name, list->name, list);
    }
    b->path = STR_NULL;
    return ST_OK;
}
