/* SPDX-License-Identifier: Apache-2.0 */
/* A renamed field is renamed wherever its own object speaks of it: layouts, views, indexes, title,
 * and the expressions of rules, formulas and conditions. Paths from other objects are found by the
 * compiler, which names the place. */
#include "meta/meta_change.h"

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t skip_string(Str s, size_t i)
{
    for (i++; i < s.n && s.p[i] != '"'; i++) {
        if (s.p[i] == '\\')
            i++;
    }
    return i < s.n ? i + 1 : s.n;
}

static size_t skip_space(Str s, size_t i)
{
    while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\t' || s.p[i] == '\r'))
        i++;
    return i;
}

static Str word_at(Str s, size_t i)
{
    size_t end = i;
    while (end < s.n && is_word_char(s.p[end]))
        end++;
    return str_sub(s, i, end - i);
}

/* The end of a call like any(contacts, …), whose names are the child's; `i` behind the function. */
static size_t skip_child_call(const Object *o, Str s, size_t i)
{
    size_t open = skip_space(s, i);
    if (open >= s.n || s.p[open] != '(' || !object_relation(o, word_at(s, skip_space(s, open + 1))))
        return i;
    int depth = 0;
    for (size_t k = open; k < s.n; k++) {
        if (s.p[k] == '"')
            k = skip_string(s, k) - 1;
        else if (s.p[k] == '(')
            depth++;
        else if (s.p[k] == ')' && --depth == 0)
            return k + 1;
    }
    return s.n;
}

static bool is_own_name(Str s, size_t at, size_t end)
{
    size_t next = skip_space(s, end);
    bool after_dot = at > 0 && s.p[at - 1] == '.';
    return !after_dot && !(next < s.n && s.p[next] == '(');
}

Str meta_rename_text(Arena *a, const Object *o, Str text, Str old, Str name)
{
    Buf out = buf_in(a, 2 * text.n + 1024);
    for (size_t i = 0; i < text.n;) {
        size_t end = i + 1;
        if (text.p[i] == '"') {
            end = skip_string(text, i);
        } else if (is_word_char(text.p[i])) {
            Str word = word_at(text, i);
            end = i + word.n;
            if (str_eq(word, old) && is_own_name(text, i, end)) {
                buf_str_add(&out, name);
                i = end;
                continue;
            }
            end = skip_child_call(o, text, end);
        }
        buf_add(&out, text.p + i, end - i);
        i = end;
    }
    return buf_str(&out);
}

typedef struct Rename {
    Arena *a;
    const Object *o;
    Str old, name; /* name empty: removed, takes the places out */
} Rename;

static json_t *text_json(Str s) { return json_stringn(s.p, s.n); }

static bool names_field(const char *key)
{
    return !strcmp(key, "field") || !strcmp(key, "group") || !strcmp(key, "group_by") ||
           !strcmp(key, "sum");
}

static bool is_expression(const char *key)
{
    return !strcmp(key, "filter") || !strcmp(key, "check");
}

/* One name or, as saved views group by up to three, several with commas. NULL: the field is not among them. */
static json_t *renamed_names(const Rename *r, Str names)
{
    Buf out = buf_in(r->a, (names.n + 1) * (r->name.n + 1));
    bool found = false;
    Str one;
    while (str_split(&names, ',', &one)) {
        bool same = str_eq(one, r->old);
        Str now = same ? r->name : one;
        found |= same;
        if (out.n && now.n)
            buf_char(&out, ',');
        buf_str_add(&out, now);
    }
    if (!found)
        return NULL;
    return out.n ? text_json(buf_str(&out)) : json_null();
}

static void rename_node(const Rename *r, json_t *node);

static void rename_member(const Rename *r, json_t *node, const char *key, json_t *item)
{
    Str text = json_str(item);
    json_t *names = names_field(key) ? renamed_names(r, text) : NULL;
    if (names)
        json_object_set_new(node, key, names);
    else if (is_expression(key) && text.n && r->name.n)
        json_object_set_new(node, key,
                            text_json(meta_rename_text(r->a, r->o, text, r->old, r->name)));
    else if (strcmp(key, "related") != 0) /* those fields are the child's */
        rename_node(r, item);
}

/* "name" and, in a sort, "-name". */
static bool is_name(const Rename *r, const json_t *item, bool *minus)
{
    Str text = json_str(item);
    *minus = text.n && text.p[0] == '-';
    if (*minus)
        text = str_sub(text, 1, text.n);
    return str_eq(text, r->old) || str_eq(json_get_str(item, "field"), r->old);
}

static void rename_items(const Rename *r, json_t *node)
{
    for (size_t i = 0; i < json_array_size(node);) {
        json_t *item = json_array_get(node, i);
        bool minus, found = is_name(r, item, &minus);
        if (found && !r->name.n) {
            json_array_remove(node, i);
            continue;
        }
        if (found && json_is_string(item))
            json_array_set_new(
                node, i,
                text_json(str_format(r->a, "%s" STR_FMT, minus ? "-" : "", STR_ARG(r->name))));
        else
            rename_node(r, item);
        i++;
    }
}

static void rename_node(const Rename *r, json_t *node)
{
    const char *key;
    json_t *item;
    void *next;
    if (json_is_array(node))
        rename_items(r, node);
    json_object_foreach_safe(node, next, key, item) { rename_member(r, node, key, item); }
}

static void rename_parts(MetaEdit *e, const Rename *r, const char *const *parts)
{
    for (; *parts; parts++) {
        const json_t *declared = json_object_get(e->object->decl, *parts);
        if (!declared)
            continue;
        json_t *copy = json_deep_copy(declared);
        rename_node(r, copy);
        if (json_equal(copy, declared))
            json_decref(copy);
        else
            meta_change_set(e, *parts, copy);
    }
}

static void rename_in_field(MetaEdit *e, const Rename *r, const Field *f)
{
    static const char *const parts[] = {"of", "required_when", "visible_when", "readonly_when"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        Str text = json_get_str(f->decl, parts[i]);
        Str renamed = meta_rename_text(r->a, r->o, text, r->old, r->name);
        if (!str_eq(text, renamed))
            json_object_set_new(meta_change_field_patch(e, f->key), parts[i], text_json(renamed));
    }
    if (str_eq(json_get_str(f->decl, "depends_on"), r->old))
        json_object_set_new(meta_change_field_patch(e, f->key), "depends_on", text_json(r->name));
}

void meta_rename(MetaEdit *e, const Field *f, Str name)
{
    static const char *const parts[] = {"layouts", "views",       "unique",     "indexes",
                                        "rules",   "recommended", "duplicates", NULL};
    Rename r = {e->change->cx->arena, e->object, f->name, name};
    rename_parts(e, &r, parts);
    for (size_t i = 0; i < e->object->n_fields; i++) {
        if (e->object->fields[i]->decl)
            rename_in_field(e, &r, e->object->fields[i]);
    }
    if (str_eq(json_get_str(e->object->decl, "title"), f->name))
        meta_change_set(e, "title", text_json(name));
    if (e->object->record_type == f)
        meta_change_set(e, "record_type", text_json(name));
}

static json_t *renamed(const Rename *r, const json_t *declared)
{
    json_t *copy = json_deep_copy(declared);
    rename_node(r, copy);
    if (!json_equal(copy, declared))
        return copy;
    json_decref(copy);
    return NULL;
}

json_t *meta_rename_without(Arena *a, const Object *o, const json_t *declared, Str field)
{
    return renamed(&(Rename){a, o, field, STR_NULL}, declared);
}

json_t *meta_rename_parts(Arena *a, const MetaRename *r, const json_t *declared)
{
    return renamed(&(Rename){a, r->object, r->old, r->name}, declared);
}

Status meta_rename_kept(Ctx *cx, const char *sql, const Object *o, MetaKeptList *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = false;
    TRY(db_prepare(cx, sql, &q));
    TRY(db_bind_text(q, 1, o->name));
    for (;;) {
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        MetaKept k = {db_col_id(q, 0), str_copy(cx->arena, db_col_text(q, 1))};
        VEC_PUSH(cx->arena, ret, k);
    }
}

bool meta_rename_next(const Object *before, const Object *after, size_t *at, MetaRename *ret)
{
    while (*at < before->n_fields) {
        const Field *was = before->fields[(*at)++];
        for (size_t i = 0; i < after->n_fields; i++) {
            const Field *f = after->fields[i];
            if (!str_eq(f->key, was->key) || str_eq(f->name, was->name))
                continue;
            *ret = (MetaRename){before, was->name, f->name};
            return true;
        }
    }
    return false;
}

bool meta_rename_mentions(Arena *a, const Object *o, Str text, Str field)
{
    return text.n && !str_eq(meta_rename_text(a, o, text, field, STR("")), text);
}
