/* SPDX-License-Identifier: Apache-2.0 */
/* Options of an import (CONTRACT 4) against object and header: which column goes to which field,
 * constants and templates, keys, mode. Everything wrong is told at once. */
#include "base/utf8.h"
#include "import/import_internal.h"

static Str path_of(Ctx *cx, const char *part, Str name)
{
    return str_format(cx->arena, "%s." STR_FMT, part, STR_ARG(name));
}

/* ---- fields */
/* created_at and the like belong to the server, unless history is brought over from elsewhere. */
static bool is_history(Ctx *cx, const Field *f)
{
    const Object *o = f->object;
    bool past = f == o->created_at || f == o->created_by ||
                (f->kind == F_DATETIME && str_ends(f->name, STR("_at")) && f != o->updated_at);
    return past && access_has_right(cx, "import_history");
}

bool import_may_set(Ctx *cx, const Field *f)
{
    if (f->kind == F_ID || field_is_computed(f) || access_field(cx, f) != FIELD_WRITE)
        return f->kind != F_ID && is_history(cx, f) && access_field(cx, f) >= FIELD_READ;
    return !f->readonly || is_history(cx, f);
}

static Status field_named(Ctx *cx, const Object *o, Str at, Str name, const Field **ret)
{
    const Field *f = object_field(o, name);
    if (f && import_may_set(cx, f)) {
        *ret = f;
        return ST_OK;
    }
    bool hidden = !f || access_field(cx, f) < FIELD_READ;
    FIELD_FAIL(cx, at, hidden ? "unknown_field" : "read_only", "import.field",
               "\"" STR_FMT "\" is not a field that an import can set", STR_ARG(name));
    Str nearest = meta_nearest_field(o, name, NULL, NULL);
    if (hidden && nearest.n)
        error_suggest(cx, nearest);
    return ST_INVALID;
}

/* ---- columns */
static size_t header_index(const Import *im, Str name)
{
    for (size_t i = 0; i < im->n_headers; i++)
        if (str_eq(im->headers[i], name))
            return i;
    return SIZE_MAX;
}

static bool listed(const json_t *list, Str a, Str b)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        Str s = json_str(json_array_get(list, i));
        if (str_eq(s, a) || str_eq(s, b))
            return true;
    }
    return false;
}

static const Field *sibling_of(const Field *f)
{
    for (size_t i = 0; f->to && f->to->parent && i < f->object->n_fields; i++) {
        const Field *own = f->object->fields[i];
        if (own->kind == F_LINK && own->to == f->to->parent->to)
            return own;
    }
    return NULL;
}

static Status link_column(Ctx *cx, Import *im, const json_t *options, Str at, Str match,
                          ImportColumn *c)
{
    const Field *f = c->field, *by = match.n ? object_field(f->to, match) : NULL;
    if (match.n && (!by || by->type->value != V_TEXT || access_field(cx, by) < FIELD_READ)) {
        FIELD_FAIL(cx, at, "unknown_field", "import.match",
                   "\"" STR_FMT "\" is not a text by which records can be found", STR_ARG(match));
        return ST_INVALID;
    }
    c->sibling = sibling_of(f);
    c->create_missing = listed(json_object_get(options, "create_missing"), f->name, f->to->name);
    return links_table(cx, im, f->to, by, &c->links);
}

static Status add_column(Ctx *cx, Import *im, const json_t *options, Str header, Str field,
                         const json_t *values)
{
    Str at = path_of(cx, "mapping", header);
    ImportColumn c = {.header = header, .index = header_index(im, header), .values = values};
    Str match = STR_NULL, name = field;
    size_t dot = str_find_char(field, '.');
    if (c.index == SIZE_MAX) {
        FIELD_FAIL(cx, at, "unknown_column", "import.column",
                   "the file has no column \"" STR_FMT "\"", STR_ARG(header));
        return ST_INVALID;
    }
    if (dot != SIZE_MAX) {
        name = str_sub(field, 0, dot);
        match = str_sub(field, dot + 1, field.n);
    }
    TRY(field_named(cx, im->object, at, name, &c.field));
    const Field *part = match.n ? field_named_part(c.field, match) : NULL;
    const Field *whole = c.field;
    c.field = part ? part : whole;
    if (import_column_of(im, c.field) || (part && import_column_of(im, whole))) {
        FIELD_FAIL(cx, at, "duplicate", "import.twice", "\"" STR_FMT "\" is set twice",
                   STR_ARG(name));
        return ST_INVALID;
    }
    if (c.field->to && !field_is_file(c.field))
        TRY(link_column(cx, im, options, at, match, &c));
    else if (match.n && !part)
        return field_named(cx, im->object, at, field, &c.field);
    im->columns[im->n_columns++] = c;
    return ST_OK;
}

static Status mapped_column(Ctx *cx, Import *im, const json_t *options, Str header,
                            const json_t *to)
{
    if (json_is_null(to))
        return ST_OK;
    if (json_is_string(to))
        return add_column(cx, im, options, header, json_str(to), NULL);
    Str field = json_get_str(to, "field");
    const json_t *values = json_object_get(to, "values");
    if (field.n && (!values || json_is_object(values)))
        return add_column(cx, im, options, header, field, values);
    FIELD_FAIL(cx, path_of(cx, "mapping", header), "bad_value", "import.mapping_form",
               "must be a field, null or {\"field\":…,\"values\":{…}}");
    return ST_INVALID;
}

static bool passes(Status st) { return st == ST_OK || st == ST_INVALID; }

static Status guessed_columns(Ctx *cx, Import *im, const json_t *options)
{
    Str *paths = ARENA_ARRAY(cx->arena, Str, im->n_headers + 1);
    TRY(import_guess(cx, im, NULL, 0, paths));
    for (size_t i = 0; i < im->n_headers; i++) {
        Status st =
            paths[i].n ? add_column(cx, im, options, im->headers[i], paths[i], NULL) : ST_OK;
        if (!passes(st))
            return st;
    }
    return ST_OK;
}

static Status compile_columns(Ctx *cx, Import *im, const json_t *options)
{
    const json_t *mapping = json_object_get(options, "mapping");
    im->columns = ARENA_ARRAY(im->arena, ImportColumn, im->n_headers + 1);
    if (!mapping)
        return guessed_columns(cx, im, options);
    const char *header;
    json_t *to;
    json_object_foreach((json_t *)mapping, header, to)
    {
        Status st = mapped_column(cx, im, options, str_of(header), to);
        if (!passes(st))
            return st;
    }
    return ST_OK;
}

/* ---- set */
static Status check_template(Ctx *cx, const Import *im, Str at, Str template)
{
    for (size_t i = 0; i < template.n; i++) {
        if (template.p[i] != '{')
            continue;
        Str rest = str_sub(template, i + 1, template.n);
        Str name = str_sub(rest, 0, str_find_char(rest, '}'));
        Str column = str_sub(name, 0, str_find_char(name, '|'));
        if (header_index(im, column) == SIZE_MAX) {
            FIELD_FAIL(cx, at, "unknown_column", "import.column",
                       "the file has no column \"" STR_FMT "\"", STR_ARG(column));
            return ST_INVALID;
        }
    }
    return ST_OK;
}

/* Constants are read once, as the API reads them, on a record that is never written. */
static Status add_set(Ctx *cx, Import *im, Record *scratch, Str name, const json_t *v)
{
    Str at = path_of(cx, "set", name), template = json_get_str(v, "template");
    ImportSet s = {.template = template};
    TRY(field_named(cx, im->object, at, name, &s.field));
    if (import_column_of(im, s.field)) {
        FIELD_FAIL(cx, at, "duplicate", "import.twice", "\"" STR_FMT "\" is set twice",
                   STR_ARG(name));
        return ST_INVALID;
    }
    if (template.n) {
        TRY(check_template(cx, im, at, template));
    } else {
        TRY(record_set_field_json(cx, scratch, s.field, v));
        s.value = value_copy(im->arena, *record_get(scratch, s.field));
    }
    im->sets[im->n_sets++] = s;
    return ST_OK;
}

/* A stage's code needs its pipeline: such links come after the others. */
static bool is_late(const Import *im, const char *name)
{
    const Field *f = object_field(im->object, str_of(name));
    return f && sibling_of(f);
}

static Status compile_sets(Ctx *cx, Import *im, const json_t *options)
{
    const json_t *set = json_object_get(options, "set");
    Record *scratch = record_new(cx, im->object);
    im->sets = ARENA_ARRAY(im->arena, ImportSet, json_object_size(set) + im->object->n_fields);
    for (int late = 0; late < 2; late++) {
        const char *name;
        json_t *v;
        json_object_foreach((json_t *)set, name, v)
        {
            if (is_late(im, name) != late)
                continue;
            Status st = add_set(cx, im, scratch, str_of(name), v);
            if (!passes(st))
                return st;
        }
    }
    return ST_OK;
}

/* A default that is a link is resolved once here instead of once a row. */
static Status compile_defaults(Ctx *cx, Import *im)
{
    Record *scratch = record_new(cx, im->object);
    for (size_t i = 0; i < im->object->n_fields; i++) {
        const Field *f = im->object->fields[i];
        bool set = import_column_of(im, f) != NULL;
        for (size_t k = 0; k < im->n_sets; k++)
            set = set || im->sets[k].field == f;
        if (f->kind != F_LINK || !f->has_default || set || !import_may_set(cx, f))
            continue;
        json_t *code = json_stringn(f->dflt_text.p, f->dflt_text.n);
        json_own(im->arena, code);
        TRY(record_set_field_json(cx, scratch, f, code));
        im->sets[im->n_sets++] =
            (ImportSet){.field = f, .value = *record_get(scratch, f), .only_new = true};
    }
    return ST_OK;
}

/* ---- the rest */
static Status one_of(Ctx *cx, const json_t *options, const char *name, const char *const *words,
                     int dflt, int *ret)
{
    const json_t *v = json_object_get(options, name);
    *ret = dflt;
    if (!v || json_is_null(v))
        return ST_OK;
    for (int i = 0; words[i]; i++) {
        if (str_is(json_str(v), words[i])) {
            *ret = i;
            return ST_OK;
        }
    }
    FIELD_FAIL(cx, str_of(name), "bad_value", "import.option", "is not a known value");
    return ST_INVALID;
}

static Status add_key(Ctx *cx, Import *im, Str name)
{
    const Field *f = object_field(im->object, name);
    if (f && import_column_of(im, f) && !f->to && im->n_keys < MAX_KEYS) {
        im->keys[im->n_keys++] = f;
        return ST_OK;
    }
    FIELD_FAIL(cx, STR("key"), "bad_value", "import.key",
               "\"" STR_FMT "\" is not a field with a column of its own", STR_ARG(name));
    return ST_INVALID;
}

static Status compile_keys(Ctx *cx, Import *im, const json_t *options)
{
    const json_t *key = json_object_get(options, "key");
    for (size_t i = 0; i < json_array_size(key); i++)
        TRY(add_key(cx, im, json_str(json_array_get(key, i))));
    for (size_t i = 0; i < im->n_columns; i++) {
        const Field *f = im->columns[i].field;
        if (f->unique && f->type->value == V_TEXT && im->n_uniques < MAX_UNIQUE)
            im->uniques[im->n_uniques++] = f;
    }
    if (im->n_keys || im->mode == IMPORT_CREATE)
        return ST_OK;
    const Field *external = object_field(im->object, STR("external_id"));
    if (external && import_column_of(im, external))
        return add_key(cx, im, external->name);
    if (im->n_uniques)
        return add_key(cx, im, im->uniques[0]->name);
    FIELD_FAIL(cx, STR("key"), "required", "import.no_key",
               "name the fields by which existing records are found");
    return ST_INVALID;
}

static void compile_recommended(Import *im)
{
    const json_t *list = json_object_get(im->object->decl, "recommended");
    im->recommended = ARENA_ARRAY(im->arena, const Field *, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const Field *f = object_field(im->object, json_str(json_array_get(list, i)));
        if (f)
            im->recommended[im->n_recommended++] = f;
    }
}

static Status compile_form(Ctx *cx, Import *im, const json_t *options)
{
    static const char *const ORDERS[] = {"ymd", "dmy", "mdy", NULL};
    im->form.zone = cx->zone;
    im->form.currency = str_copy(im->arena, json_get_str(options, "currency"));
    return one_of(cx, options, "date_order", ORDERS, 0, &im->form.date_order);
}

Status import_check_names(Ctx *cx, const json_t *options)
{
    static const char *const KNOWN[] = {
        "mapping", "set",     "create_missing", "mode",       "key",   "duplicates", "encoding",
        "similar", "dry_run", "currency",       "date_order", "sheet", "separator",  "header_row"};
    const char *name;
    json_t *v;
    json_object_foreach((json_t *)options, name, v)
    {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(KNOWN); i++)
            known = known || !strcmp(name, KNOWN[i]);
        if (!known)
            FIELD_FAIL(cx, str_of(name), "unknown_field", "import.unknown_option",
                       "there is no such option");
    }
    return ST_OK;
}

Status import_compile(Ctx *cx, Import *im, const json_t *options)
{
    static const char *const MODES[] = {"create", "update", "upsert", NULL};
    static const char *const POLICIES[] = {"report", "skip", "update", "create", NULL};
    static const char *const LIKE[] = {"ignore", "report", "skip", "update", "review", NULL};
    int mode = 0, policy = 0, similar = 0;
    if (access_scope(cx, im->object, ACCESS_IMPORT) == SCOPE_NONE)
        return FAIL(cx, ST_DENIED, "import.denied", "you may not import records of this kind");
    TRY(import_check_names(cx, options));
    TRY(compile_columns(cx, im, options));
    TRY(compile_sets(cx, im, options));
    Status modes = one_of(cx, options, "mode", MODES, 0, &mode);
    Status policies = one_of(cx, options, "duplicates", POLICIES, 0, &policy);
    Status like = one_of(cx, options, "similar", LIKE, 0, &similar);
    Status form = compile_form(cx, im, options);
    im->mode = (ImportMode)mode;
    im->duplicates = (Duplicates)policy;
    im->similar = (Similar)similar;
    im->dry_run = json_get_bool(options, "dry_run", false);
    if (modes != ST_OK || policies != ST_OK || like != ST_OK || form != ST_OK ||
        error_has_fields(cx))
        return cx->err.status;
    if (!im->n_columns)
        return FAIL(cx, ST_INVALID, "import.nothing", "no column of the file goes to a field");
    TRY(compile_keys(cx, im, options));
    TRY(compile_defaults(cx, im));
    compile_recommended(im);
    return ST_OK;
}
