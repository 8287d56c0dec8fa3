/* SPDX-License-Identifier: Apache-2.0 */
/* Differences of JSON values (see meta_diff.h). */
#include "meta/meta_diff.h"
#include "base/map.h"

#define ORDER "#order"

const char *meta_diff_name(const json_t *item)
{
    static const char *const members[] = {"layout",   "view", "list", "value",
                                          "relation", "key",  "name", "field"};
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const char *name = json_string_value(json_object_get(item, members[i]));
        if (name)
            return name;
    }
    return NULL;
}

typedef struct Walk {
    Arena *a;
    MetaDiffs *to;
    json_t *path;
} Walk;

static json_t *kept(Walk *w, const json_t *j)
{
    json_t *held = json_incref((json_t *)j);
    if (held)
        json_own(w->a, held);
    return held;
}

static void add(Walk *w, const json_t *old, const json_t *now)
{
    json_t *path = json_copy(w->path);
    json_own(w->a, path);
    MetaDiff d = {path, kept(w, old), kept(w, now)};
    VEC_PUSH(w->a, &w->to->list, d);
}

static void compare(Walk *w, const json_t *old, const json_t *now);

static void compare_at(Walk *w, const char *name, const json_t *old, const json_t *now)
{
    json_array_append_new(w->path, json_string(name));
    compare(w, old, now);
    json_array_remove(w->path, json_array_size(w->path) - 1);
}

static void compare_objects(Walk *w, const json_t *old, const json_t *now)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)old, key, value)
    {
        compare_at(w, key, value, json_object_get(now, key));
    }
    json_object_foreach((json_t *)now, key, value)
    {
        if (!json_object_get(old, key))
            compare_at(w, key, NULL, value);
    }
}

/* ---- lists of named items */
static bool by_name(Arena *a, const json_t *list, Map *ret)
{
    size_t i;
    json_t *item;
    *ret = map_in(a);
    json_array_foreach((json_t *)list, i, item)
    {
        const char *name = meta_diff_name(item);
        if (!name || map_has(ret, str_of(name)))
            return false;
        map_put(ret, str_of(name), item);
    }
    return true;
}

static json_t *common_names(Walk *w, const json_t *list, const Map *other)
{
    json_t *names = json_array(), *item;
    size_t i;
    json_own(w->a, names);
    json_array_foreach((json_t *)list, i, item)
    {
        if (map_has(other, str_of(meta_diff_name(item))))
            json_array_append_new(names, json_string(meta_diff_name(item)));
    }
    return names;
}

static void compare_lists(Walk *w, const json_t *old, const json_t *now)
{
    Map before, after;
    size_t i;
    json_t *item;
    if (!by_name(w->a, old, &before) || !by_name(w->a, now, &after)) {
        add(w, old, now);
        return;
    }
    json_array_foreach((json_t *)old, i, item)
    {
        const char *name = meta_diff_name(item);
        compare_at(w, name, item, map_get(&after, str_of(name)));
    }
    json_array_foreach((json_t *)now, i, item)
    {
        const char *name = meta_diff_name(item);
        if (!map_has(&before, str_of(name)))
            compare_at(w, name, NULL, item);
    }
    const json_t *order = common_names(w, old, &after), *fresh = common_names(w, now, &before);
    if (!json_equal(order, fresh))
        compare_at(w, ORDER, order, fresh);
}

static bool is_named_list(const json_t *list)
{
    return json_is_array(list) && json_array_size(list) && meta_diff_name(json_array_get(list, 0));
}

static bool is_list_of_names(const json_t *list)
{
    return is_named_list(list) || (json_is_array(list) && !json_array_size(list));
}

static const char *step(const Walk *w, size_t i)
{
    const char *name = json_string_value(json_array_get(w->path, i));
    return name ? name : "";
}

/* Parts of an overlay or of rights that are only there to hold others: absent is empty. */
static bool is_holder(const Walk *w)
{
    size_t n = json_array_size(w->path);
    if (strcmp(step(w, 0), "overlay") != 0 && strcmp(step(w, 0), "access") != 0)
        return false;
    return n == 2 || n == 3 || (n == 4 && !strcmp(step(w, 2), "fields"));
}

static void compare(Walk *w, const json_t *old, const json_t *now)
{
    bool holds = is_holder(w);
    if (old && now && json_equal(old, now))
        return;
    if ((json_is_object(old) || (!old && holds)) && json_is_object(now))
        compare_objects(w, old, now);
    else if (((!old && holds) || is_list_of_names(old)) && is_list_of_names(now))
        compare_lists(w, old, now);
    else
        add(w, old, now);
}

void meta_diff(Arena *a, const json_t *old, const json_t *now, MetaDiffs *ret)
{
    Walk w = {a, ret, json_array()};
    json_own(a, w.path);
    compare(&w, old, now);
}

void meta_diff_write(const MetaDiffs *d, Buf *out)
{
    buf_char(out, '[');
    for (size_t i = 0; i < d->list.n; i++) {
        const MetaDiff *x = &d->list.v[i];
        if (i)
            buf_char(out, ',');
        buf_lit(out, "{\"path\":");
        json_write(out, x->path);
        if (x->old) {
            buf_lit(out, ",\"old\":");
            json_write(out, x->old);
        }
        if (x->now) {
            buf_lit(out, ",\"new\":");
            json_write(out, x->now);
        }
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

/* ---- taking back */
static size_t item_at(const json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *own = meta_diff_name(json_array_get(list, i));
        if (own && !strcmp(own, name))
            return i;
    }
    return SIZE_MAX;
}

static json_t *child(json_t *of, const char *name)
{
    if (json_is_object(of))
        return json_object_get(of, name);
    size_t at = item_at(of, name);
    return at == SIZE_MAX ? NULL : json_array_get(of, at);
}

static bool is_field(const json_t *item)
{
    return json_object_get(item, "type") && json_object_get(item, "name");
}

static bool revert_item(json_t *list, const char *name, const MetaDiff *d)
{
    size_t at = item_at(list, name);
    if (d->old && at == SIZE_MAX)
        json_array_append_new(list, json_deep_copy(d->old));
    else if (d->old)
        json_array_set_new(list, at, json_deep_copy(d->old));
    else if (is_field(json_array_get(list, at)))
        json_object_set_new(json_array_get(list, at), "removed", json_true());
    else
        json_array_remove(list, at);
    return true;
}

/* The old order for what is still there; what came since stays behind. */
static bool revert_order(json_t *list, const json_t *order)
{
    json_t *sorted = json_array(), *name;
    size_t i;
    json_array_foreach((json_t *)order, i, name)
    {
        size_t at = item_at(list, json_string_value(name));
        if (at == SIZE_MAX)
            continue;
        json_array_append(sorted, json_array_get(list, at));
        json_array_remove(list, at);
    }
    json_array_extend(sorted, list);
    json_array_clear(list);
    json_array_extend(list, sorted);
    json_decref(sorted);
    return true;
}

static bool is_object_row(const MetaDiff *d)
{
    const char *kind = json_string_value(json_array_get(d->path, 0));
    return json_array_size(d->path) == 2 && kind && !strcmp(kind, "object");
}

static bool revert_in(json_t *parent, const char *name, const MetaDiff *d)
{
    if (json_is_array(parent) && !strcmp(name, ORDER))
        return revert_order(parent, d->old);
    json_t *there = child(parent, name);
    if ((there != NULL) != (d->now != NULL) || (there && !json_equal(there, d->now)))
        return false;
    if (json_is_array(parent))
        return revert_item(parent, name, d);
    if (!d->old && is_object_row(d)) /* its table stays, so does its row */
        json_object_set_new(there, "removed", json_true());
    else if (d->old)
        json_object_set_new(parent, name, json_deep_copy(d->old));
    else
        json_object_del(parent, name);
    return true;
}

bool meta_diff_revert(json_t *root, const MetaDiff *d)
{
    size_t n = json_array_size(d->path);
    json_t *at = root;
    for (size_t i = 0; at && i + 1 < n; i++)
        at = child(at, json_string_value(json_array_get(d->path, i)));
    return at && n && revert_in(at, json_string_value(json_array_get(d->path, n - 1)), d);
}
