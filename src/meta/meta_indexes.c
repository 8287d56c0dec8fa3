/* SPDX-License-Identifier: Apache-2.0 */
/* Indexes of an object. Each is named after what it holds, u_<object>_<parts> when unique and
 * i_<object>_<parts> otherwise (a part is a field's number, or the name of a system field), so that
 * the same declaration always meets the same index and a changed one gets a new name. */
#include "meta/meta_build.h"
#include <assert.h>
#include <stdio.h>

#define INDEX_FIELDS_MAX 6
#define INDEXES_MAX 64

typedef struct IndexList {
    Index *items;
    size_t n;
} IndexList;

static void name_index(const Object *o, Index *x)
{
    char parts[256];
    size_t n = 0;
    for (int i = 0; i < x->n && n < sizeof(parts) - 64; i++) {
        const Field *f = x->fields[i];
        assert(f);
        if (f->number)
            n += (size_t)snprintf(parts + n, sizeof(parts) - n, "_%u", f->number);
        else
            n += (size_t)snprintf(parts + n, sizeof(parts) - n, "_" STR_FMT, STR_ARG(f->name));
    }
    if (x->ownerless && n < sizeof(parts) - 8)
        n += (size_t)snprintf(parts + n, sizeof(parts) - n, "_free");
    if (n > 34) /* room for u_<object>, and for the _h of the twin's */
        snprintf(parts, sizeof(parts), "_%016llx", (unsigned long long)str_hash((Str){parts, n}));
    snprintf(x->name, sizeof(x->name), "%c_%u%.34s", x->unique ? 'u' : 'i', o->number, parts);
}

static bool have_index(const IndexList *list, const Index *x)
{
    for (size_t i = 0; i < list->n; i++) {
        if (!strcmp(list->items[i].name, x->name))
            return true;
    }
    return false;
}

static void add_index(MetaBuild *b, IndexList *list, Index x)
{
    name_index(b->object, &x);
    if (list->n < INDEXES_MAX && !have_index(list, &x))
        list->items[list->n++] = x;
}

static void add_on(MetaBuild *b, IndexList *list, bool unique, const Field *first,
                   const Field *second)
{
    Index x = {.unique = unique, .n = second ? 2 : 1};
    x.fields[0] = first;
    x.fields[1] = second;
    add_index(b, list, x);
}

/* Records without owner, which their department or pool opens, in the order of the id and of the time of change;
 * the latter holds those alone, for records with owner it costs nothing. */
static void add_ownerless(MetaBuild *b, IndexList *list, const Field *by)
{
    Object *o = b->object;
    if (!by)
        return;
    add_index(b, list, (Index){.n = 3, .fields = {by, o->owner, o->id}});
    assert(!by->required); /* what meta_database.c relies on */
    add_index(b, list, (Index){.n = 2, .fields = {by, o->updated_at}, .ownerless = true});
}

static bool can_be_indexed(const Field *f)
{
    switch (f->kind) {
    case F_LONG_TEXT:
    case F_RICH_TEXT:
    case F_CHOICES:
    case F_TAGS:
    case F_ADDRESS:
    case F_JSON:
    case F_SECRET: return false;
    default: return f->n_columns > 0 && !field_has_ids(f);
    }
}

static Status read_index(MetaBuild *b, const json_t *decl, Index *x)
{
    size_t i;
    json_t *name;
    size_t n = json_array_size(decl);
    if (!json_is_array(decl) || !n || n > INDEX_FIELDS_MAX)
        return FIELD_FAIL(b->cx, meta_path(b, ""), "bad_value", "meta.bad_index",
                          "must be a list of 1 to %d fields", INDEX_FIELDS_MAX);
    json_array_foreach(decl, i, name)
    {
        const Field *f = object_field(b->object, json_str(name));
        if (!f || !can_be_indexed(f) || (x->unique && f->kind == F_GEO))
            return FIELD_FAIL(b->cx, meta_path(b, ""), "no_match", "meta.no_index_field",
                              "\"" STR_FMT "\" is not a field that can be indexed",
                              STR_ARG(json_str(name)));
        x->fields[x->n++] = f;
    }
    return ST_OK;
}

static Status read_indexes(MetaBuild *b, const char *part, bool unique, IndexList *list)
{
    json_t *decls = json_object_get(b->object->decl, part), *decl;
    size_t i;
    Status st = ST_OK;
    if ((decls && !json_is_array(decls)) || json_array_size(decls) > 20)
        return FIELD_FAIL(b->cx, meta_path(b, part), "bad_value", "meta.bad_indexes",
                          "must be a list of at most 20 lists of fields");
    json_array_foreach(decls, i, decl)
    {
        Index x = {.unique = unique};
        b->path = str_format(b->arena, "%s[%zu]", part, i);
        if (read_index(b, decl, &x) == ST_OK)
            add_index(b, list, x);
        else
            st = ST_INVALID;
    }
    b->path = STR_NULL;
    return st;
}

static void add_unique(MetaBuild *b, IndexList *list)
{
    Object *o = b->object;
    /* The id first: imports find by it alone. */
    add_on(b, list, true, object_field(o, STR("external_id")),
           object_field(o, STR("external_system")));
    for (size_t i = 0; i < o->n_fields; i++) {
        if (o->fields[i]->unique)
            add_on(b, list, true, o->fields[i], NULL);
    }
    if (o->parent && o->code)
        add_on(b, list, true, o->parent, o->code);
}

/* An index that begins with the field serves what one of the field alone would. */
static bool leads_an_index(const IndexList *list, const Field *f)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].fields[0] == f)
            return true;
    }
    return false;
}

static void add_standard(MetaBuild *b, IndexList *list)
{
    Object *o = b->object;
    add_on(b, list, false, o->updated_at, o->id);
    if (o->title != o->id) {
        add_on(b, list, false, o->title, o->id); /* by the sort key, for lists */
        if (!o->title->unique)
            add_on(b, list, false, o->title, NULL); /* by the value, for matches of imports */
    }
    if (o->owner) { /* "mine", newest first, is the list that people open most */
        add_on(b, list, false, o->owner, o->updated_at);
        add_on(b, list, false, o->owner, o->id); /* the order of lists that ask for none */
        add_ownerless(b, list, o->department);
        if (o->traits & TRAIT_POOLED)
            add_ownerless(b, list, object_field(o, STR("pool")));
    }
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        bool sought =
            f->kind == F_LINK || f->kind == F_ANY_LINK || (field_is_file(f) && field_has_id(f));
        if (sought && f->decl && !leads_an_index(list, f))
            add_on(b, list, false, f, o->id);
    }
}

Status meta_indexes_build(MetaBuild *b)
{
    Object *o = b->object;
    IndexList list = {.items = ARENA_ARRAY(b->arena, Index, INDEXES_MAX)};
    add_unique(b, &list);
    TRY(read_indexes(b, "unique", true, &list));
    TRY(read_indexes(b, "indexes", false, &list));
    add_standard(b, &list);
    o->indexes = list.items;
    o->n_indexes = list.n;
    return ST_OK;
}
