/* SPDX-License-Identifier: Apache-2.0 */
/* Declarations as a reader with hidden fields may see them: layouts, views, rules, indexes and
 * conditions name fields, and a name alone would tell that the field is there. What names a hidden
 * field is left out: the entry of a list, a view that filters by it, a rule that checks it. Readers
 * from whom nothing is hidden (nearly all) get the declaration itself. */
#include "meta/meta_write.h"

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool mentions(Str text, Str name)
{
    for (size_t at; (at = str_find(text, name)) != SIZE_MAX;
         text = str_sub(text, at + name.n, SIZE_MAX)) {
        bool begins = at == 0 || !is_name_char(text.p[at - 1]);
        bool ends = at + name.n == text.n || !is_name_char(text.p[at + name.n]);
        if (begins && ends)
            return true;
    }
    return false;
}

static bool is_hidden(const MetaView *view, const Field *f)
{
    return view && view->field && !view->field(view->arg, f);
}

bool meta_hides_any(const Object *o, const MetaView *view)
{
    for (size_t i = 0; i < o->n_fields; i++)
        if (is_hidden(view, o->fields[i]))
            return true;
    return false;
}

bool meta_mentions_hidden(const Object *o, const MetaView *view, Str text)
{
    for (size_t i = 0; text.n && i < o->n_fields; i++)
        if (is_hidden(view, o->fields[i]) && mentions(text, o->fields[i]->name))
            return true;
    return false;
}

/* Texts for people may contain any word. */
static bool is_prose(const char *key)
{
    return !strcmp(key, "label") || !strcmp(key, "help") || !strcmp(key, "message");
}

/* NULL: the value itself names a hidden field. */
static json_t *visible_copy(const Object *o, const MetaView *view, const json_t *v);

static json_t *visible_array(const Object *o, const MetaView *view, const json_t *v)
{
    json_t *copy = json_array();
    for (size_t i = 0; i < json_array_size(v); i++) {
        json_t *item = visible_copy(o, view, json_array_get(v, i));
        if (item)
            json_array_append_new(copy, item);
    }
    return copy;
}

static json_t *visible_object(const Object *o, const MetaView *view, const json_t *v)
{
    json_t *copy = json_object();
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)v, key, member)
    {
        json_t *kept = is_prose(key) ? json_incref(member) : visible_copy(o, view, member);
        if (!kept) {
            json_decref(copy);
            return NULL;
        }
        json_object_set_new(copy, key, kept);
    }
    return copy;
}

static json_t *visible_copy(const Object *o, const MetaView *view, const json_t *v)
{
    if (json_is_array(v))
        return visible_array(o, view, v);
    if (json_is_object(v))
        return visible_object(o, view, v);
    if (json_is_string(v) && meta_mentions_hidden(o, view, json_str(v)))
        return NULL;
    return json_incref((json_t *)v);
}

void meta_write_visible(const Object *o, const MetaView *view, const json_t *list, Buf *out)
{
    if (!json_is_array(list)) {
        buf_lit(out, "[]");
        return;
    }
    if (!meta_hides_any(o, view)) {
        json_write(out, list);
        return;
    }
    json_t *copy = visible_array(o, view, list);
    json_write(out, copy);
    json_decref(copy);
}

/* A set of fields is shown whole or not at all. */
void meta_write_visible_sets(const Object *o, const MetaView *view, const json_t *sets, Buf *out)
{
    bool first = true;
    buf_char(out, '[');
    for (size_t i = 0; i < json_array_size(sets); i++) {
        const json_t *set = json_array_get(sets, i);
        json_t *copy = visible_array(o, view, set);
        if (json_array_size(copy) == json_array_size(set)) {
            if (!first)
                buf_char(out, ',');
            first = false;
            json_write(out, set);
        }
        json_decref(copy);
    }
    buf_char(out, ']');
}

/* Conditions on hidden fields are not told: the server keeps them. */
void meta_write_visible_field(const Field *f, const MetaView *view, Buf *out)
{
    static const char *const TEXTS[] = {"required_when", "visible_when", "readonly_when"};
    const Str texts[] = {f->required_when, f->visible_when, f->readonly_when};
    json_t *copy = NULL;
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        if (!meta_mentions_hidden(f->object, view, texts[i]))
            continue;
        copy = copy ? copy : json_loadb(f->json.p, f->json.n, 0, NULL);
        json_object_del(copy, TEXTS[i]);
    }
    if (copy)
        json_write(out, copy);
    else
        buf_str_add(out, f->json);
    json_decref(copy);
}
