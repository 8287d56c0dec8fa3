/* SPDX-License-Identifier: Apache-2.0 */
/* Compiles a catalogue (see meta_build.h). */
#include "meta/meta_build.h"
#include "base/decimal.h"
#include "meta/meta_write.h"
#include <stdlib.h>

#define OBJECTS_MAX 1000

static const char object_attributes[] =
    "object plural area icon traits label title number fields rules unique indexes history files "
    "duplicates "
    "timeline recommended record_type help layouts views custom key was removed";

Str meta_path(const MetaBuild *b, const char *part)
{
    Str object = b->object ? b->object->name : STR_NULL;
    if (!object.n || str_eq(object, b->source->focus))
        object = STR_NULL;
    const char *dot1 = object.n && (b->path.n || *part) ? "." : "";
    const char *dot2 = b->path.n && *part ? "." : "";
    return str_format(b->cx->arena, STR_FMT "%s" STR_FMT "%s%s", STR_ARG(object), dot1,
                      STR_ARG(b->path), dot2, part);
}

void meta_path_errors(const MetaBuild *b, size_t first)
{
    for (size_t i = first; i < b->cx->err.fields.n; i++) {
        FieldError *e = &b->cx->err.fields.v[i];
        e->field = meta_path(b, str_z(b->cx->arena, e->field));
    }
}

/* ---- numbers */

MetaNumbers meta_numbers_in(Arena *a) { return (MetaNumbers){.arena = a, .given = map_in(a)}; }

void meta_numbers_add(MetaNumbers *n, Str kind, Str name, uint32_t number)
{
    MetaNumber *row = ARENA_NEW(n->arena, MetaNumber);
    *row = (MetaNumber){str_copy(n->arena, kind), str_copy(n->arena, name), number};
    map_put(&n->given, str_format(n->arena, STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(name)),
            row);
    uint32_t *last = str_is(kind, "object") ? &n->last_object : &n->last_field;
    if (number > *last)
        *last = number;
}

uint32_t meta_numbers_get(MetaNumbers *n, const char *kind, Str name)
{
    Str key = str_format(n->arena, "%s " STR_FMT, kind, STR_ARG(name));
    const MetaNumber *row = map_get(&n->given, key);
    if (!row) {
        uint32_t last = !strcmp(kind, "object") ? n->last_object : n->last_field;
        meta_numbers_add(n, str_of(kind), name, last + 1);
        row = map_get(&n->given, key);
        VEC_PUSH(n->arena, &n->fresh, *row);
    }
    return row->number;
}

/* ---- objects */

static Status read_object(MetaBuild *b, const json_t *decl)
{
    Object *o = b->object;
    o->decl = decl;
    o->custom = json_get_bool(decl, "custom", false);
    o->name = json_get_str(decl, "object");
    o->plural = json_get_str(decl, "plural");
    TRY(meta_name_check_object(b, o->name, o->plural));
    TRY(meta_check_attributes(b, decl, object_attributes, o->custom ? NULL : "verbs"));
    TRY(meta_check_text(b, decl, "area", &o->area));
    TRY(meta_check_text(b, decl, "icon", &o->icon));
    TRY(meta_check_label(b, decl, "label", meta_name_in_words(b->arena, o->name), &o->label));
    TRY(meta_check_flag(b, decl, "history", true, &o->history));
    bool flag;
    TRY(meta_check_flag(b, decl, "files", false, &flag));
    TRY(meta_check_flag(b, decl, "timeline", false, &flag));
    TRY(meta_traits_read(b, decl));
    o->number = meta_numbers_get(b->numbers, "object", o->name);
    return meta_fields_build(b, decl);
}

static int compare_objects(const void *a, const void *b)
{
    return str_cmp((*(Object *const *)a)->name, (*(Object *const *)b)->name);
}

static Status first_pass(MetaBuild *b)
{
    Meta *m = b->m;
    size_t n = json_array_size(b->source->objects);
    if (n > OBJECTS_MAX)
        return FAIL(b->cx, ST_TOO_LARGE, "meta.too_many_objects", "there are at most %d objects",
                    OBJECTS_MAX);
    m->objects = ARENA_ARRAY(b->arena, Object *, n + 1);
    m->by_name = map_in(b->arena);
    m->by_plural = map_in(b->arena);
    for (size_t i = 0; i < n; i++) {
        Object *o = b->object = ARENA_NEW(b->arena, Object);
        TRY(read_object(b, json_array_get(b->source->objects, i)));
        m->objects[m->n_objects++] = o;
        map_put(&m->by_name, o->name, o);
        map_put(&m->by_plural, o->plural, o);
    }
    qsort(m->objects, m->n_objects, sizeof(Object *), compare_objects);
    return ST_OK;
}

static Status for_each(MetaBuild *b, Status (*pass)(MetaBuild *))
{
    Status st = ST_OK;
    for (size_t i = 0; i < b->m->n_objects; i++) {
        b->object = b->m->objects[i];
        if (pass(b) != ST_OK)
            st = ST_INVALID;
    }
    return st;
}

static Status second_pass(MetaBuild *b)
{
    TRY(for_each(b, meta_links_build));
    TRY(meta_links_relations(b));
    TRY(for_each(b, meta_indexes_build));
    TRY(for_each(b, meta_rules_build));
    TRY(for_each(b, meta_duplicates_build));
    TRY(for_each(b, meta_verbs_build));
    return for_each(b, meta_layouts_build);
}

/* ---- settings */

static Str setting(const MetaBuild *b, const char *name, const char *dflt)
{
    Str s = json_get_str(b->source->settings, name);
    return s.n ? s : str_of(dflt);
}

/* exchange_rates: a JSON text {"USD":"7.1"}. */
static Status read_rates(MetaBuild *b)
{
    Str text = setting(b, "exchange_rates", "{}");
    json_t *rates, *rate;
    const char *currency;
    TRY(json_parse(b->cx, text, &rates));
    MoneyRate *list = ARENA_ARRAY(b->arena, MoneyRate, json_object_size(rates) + 1);
    json_object_foreach(rates, currency, rate)
    {
        MoneyRate *r = &list[b->m->n_rates];
        if (strlen(currency) != 3 || !decimal_parse(json_str(rate), 9, true, &r->rate))
            return FAIL(b->cx, ST_INTERNAL, "meta.bad_rates", "setting exchange_rates is damaged");
        memcpy(r->currency, currency, 3);
        b->m->n_rates++;
    }
    b->m->rates = list;
    return ST_OK;
}

static Status read_settings(MetaBuild *b)
{
    Meta *m = b->m;
    m->currency = setting(b, "currency", "CNY");
    m->organisation = setting(b, "organisation", "Guanxi");
    m->language = setting(b, "language", "zh-CN");
    m->time_zone = setting(b, "time_zone", "Asia/Shanghai");
    m->search.slot = str_is(setting(b, "search_slot", "0"), "1");
    m->search.building = setting(b, "search_building", "").n > 0;
    m->search.version = setting(b, "search_version", "");
    TRY(meta_workdays_build(b, setting(b, "work_calendar", "")));
    return read_rates(b);
}

static void write_fields(MetaBuild *b)
{
    for (size_t i = 0; i < b->m->n_objects; i++) {
        const Object *o = b->m->objects[i];
        for (size_t k = 0; k < o->n_fields; k++)
            meta_write_field(b->arena, o->fields[k]);
        meta_verbs_write_fields(b->arena, o);
    }
}

static Status compile(MetaBuild *b, const MetaHooks *hooks)
{
    TRY(read_settings(b));
    TRY(meta_lists_build(b, b->source->lists));
    TRY(first_pass(b));
    TRY(second_pass(b));
    b->object = NULL;
    if (hooks && hooks->compile)
        TRY(hooks->compile(hooks->arg, b->cx, b->m));
    write_fields(b);
    return ST_OK;
}

static void keep(MetaBuild *b, json_t *j) { json_own(b->arena, json_incref(j)); }

Status meta_build(Ctx *cx, Arena *arena, const MetaSource *source, MetaNumbers *numbers,
                  const MetaHooks *hooks, Meta **ret)
{
    Meta *m = ARENA_NEW(arena, Meta);
    MetaBuild b = {.cx = cx, .arena = arena, .m = m, .numbers = numbers, .source = source};
    m->arena = arena;
    m->refs = 1;
    m->version = source->version;
    m->access = source->access;
    keep(&b, source->objects);
    keep(&b, source->lists);
    keep(&b, source->access);
    keep(&b, source->settings);
    const Meta *outer = cx->meta;
    cx->meta = m; /* defaults of money need its currency */
    b.m->vault = hooks ? hooks->vault : NULL;
    Status st = compile(&b, hooks);
    cx->meta = outer;
    *ret = m;
    if (st == ST_OK && error_has_fields(cx))
        st = ST_INVALID;
    return st;
}
