/* SPDX-License-Identifier: Apache-2.0 */
/* Cells that name records: links by code, unique text, title or id; links to any object as
 * object:key; files by id, which pass the checks of a body. */
#include "base/id.h"
#include "base/utf8.h"
#include "import/import_internal.h"
#include "meta/field/field.h"

typedef struct Place { /* where a key is sought */
    const Field *field;
    const Object *to;
    LinkTable *links;
    const char *prefix; /* before a suggestion */
} Place;

static Status link_none(Ctx *cx, const Place *p, Str text)
{
    const Str *why = map_get(&p->links->failures, text);
    if (why)
        FIELD_FAIL(cx, p->field->name, "no_match", "import.not_created",
                   "\"" STR_FMT "\" could not be created: " STR_FMT, STR_ARG(text), STR_ARG(*why));
    else
        FIELD_FAIL(cx, p->field->name, "no_match", "import.no_match",
                   "\"" STR_FMT "\" was not found", STR_ARG(text));
    Str nearest = why ? STR("") : links_nearest(cx, p->links, text);
    if (nearest.n)
        error_suggest(cx, str_format(cx->arena, "%s" STR_FMT, p->prefix, STR_ARG(nearest)));
    return ST_INVALID;
}

/* What nobody is called may be an id, as an export of codes writes it. */
static Status look_up(Ctx *cx, const Place *p, Id parent, Str text, LinkFound *ret_found, Id *ret)
{
    bool seen = false;
    Id id;
    TRY(links_find(cx, p->links, parent, text, ret_found, ret));
    if (*ret_found != LINK_NONE || !id_parse(text, &id))
        return ST_OK;
    TRY(query_visible(cx, p->to, id, &seen));
    if (seen) {
        *ret_found = LINK_ONE;
        *ret = id;
    }
    return ST_OK;
}

static Status find_link(Ctx *cx, const Place *p, Id parent, Str text, Id *ret)
{
    LinkFound found;
    TRY(look_up(cx, p, parent, text, &found, ret));
    if (found == LINK_ONE)
        return ST_OK;
    if (found == LINK_NONE)
        return link_none(cx, p, text);
    FIELD_FAIL(cx, p->field->name, "ambiguous", "import.ambiguous",
               "several records are called \"" STR_FMT "\"", STR_ARG(text));
    return ST_INVALID;
}

static Place place_of(const ImportColumn *c)
{
    return (Place){.field = c->field, .to = c->field->to, .links = c->links, .prefix = ""};
}

/* A record of the same kind that is not there yet may stand further down in the file. */
static Status set_own_link(Ctx *cx, Chunk *chunk, const ImportColumn *c, Str text, Record *r,
                           int64_t number)
{
    const Place place = place_of(c);
    LinkFound found;
    Id id = 0;
    TRY(look_up(cx, &place, 0, text, &found, &id));
    if (found == LINK_NONE) {
        LateLink late = {.row = number,
                         .column = (size_t)(c - chunk->import->columns),
                         .text = str_copy(cx->arena, text)};
        VEC_PUSH(cx->arena, &chunk->late, late);
        return ST_OK;
    }
    TRY(find_link(cx, &place, 0, text, &id));
    record_set(r, c->field, (Value){.t = V_ID, .i = id});
    return ST_OK;
}

static bool is_list_separator(Str rest, size_t *ret_n)
{
    static const char *const MARKS[] = {";", "|", "、", "；"};
    for (size_t i = 0; i < COUNT_OF(MARKS); i++) {
        *ret_n = strlen(MARKS[i]);
        if (str_starts(rest, str_of(MARKS[i])))
            return true;
    }
    return false;
}

static int by_id(const void *a, const void *b)
{
    Id x = *(const Id *)a, y = *(const Id *)b;
    return (x > y) - (x < y);
}

static Status set_links(Ctx *cx, const ImportColumn *c, Str text, Record *r)
{
    const Place place = place_of(c);
    VEC(Id) ids = {0};
    size_t from = 0, mark = 0, n = 0;
    for (size_t i = 0; i <= text.n; i++) {
        if (i < text.n && !is_list_separator(str_sub(text, i, text.n), &mark))
            continue;
        Str part = str_trim(str_sub(text, from, i - from));
        Id id = 0;
        if (part.n) {
            TRY(find_link(cx, &place, row_parent(c, r), part, &id));
            VEC_PUSH(cx->arena, &ids, id);
        }
        i += i < text.n ? mark - 1 : 0;
        from = i + 1;
    }
    if (ids.n)
        qsort(ids.v, ids.n, sizeof(Id), by_id);
    for (size_t i = 0; i < ids.n; i++)
        if (!n || ids.v[n - 1] != ids.v[i])
            ids.v[n++] = ids.v[i];
    if (n)
        record_set(r, c->field, (Value){.t = V_IDS, .ids = {.p = ids.v, .n = n}});
    return ST_OK;
}

static Status set_link(Ctx *cx, const ImportColumn *c, Str text, Record *r)
{
    const Place place = place_of(c);
    Id id = 0;
    TRY(find_link(cx, &place, row_parent(c, r), text, &id));
    record_set(r, c->field, (Value){.t = V_ID, .i = id});
    return ST_OK;
}

/* ---- links to any object: order:84213377, account:Northwind */
static Str nearest_object(Ctx *cx, const Field *f, Str name)
{
    size_t best = 4;
    Str nearest = STR("");
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        if (!field_leads_to(f, o) || !cx->access->object(cx, o))
            continue;
        size_t d = fold_distance(o->name, name, best);
        if (d < best) {
            best = d;
            nearest = o->name;
        }
    }
    return nearest;
}

static Status no_kind(Ctx *cx, const Field *f, Str name, Str key)
{
    Str nearest = nearest_object(cx, f, name);
    FIELD_FAIL(cx, f->name, "bad_value", "import.any_link_kind",
               STR_FMT " cannot lead to \"" STR_FMT "\"", STR_ARG(label_in(&f->label, cx->lang)),
               STR_ARG(str_sub(name, 0, 80)));
    if (nearest.n)
        error_suggest(cx,
                      str_format(cx->arena, STR_FMT ":" STR_FMT, STR_ARG(nearest), STR_ARG(key)));
    return ST_INVALID;
}

static Status any_link(Ctx *cx, Import *im, const Field *f, Str text, Value *ret)
{
    Str key = text, name = STR("");
    bool parted = str_split(&key, ':', &name);
    name = str_trim(name);
    key = str_trim(key);
    if (!parted || !name.n || !key.n)
        return FIELD_FAIL(cx, f->name, "bad_value", "import.any_link",
                          "must be object:key, as in order:84213377 or account:Northwind");
    const Object *to = meta_object(cx->meta, name);
    if (!to || !field_leads_to(f, to) || !cx->access->object(cx, to))
        return no_kind(cx, f, name, key);
    Place place = {.field = f,
                   .to = to,
                   .prefix =
                       str_z(cx->arena, str_format(cx->arena, STR_FMT ":", STR_ARG(to->name)))};
    Id id = 0;
    TRY(links_table(cx, im, to, NULL, &place.links));
    TRY(find_link(cx, &place, 0, key, &id));
    *ret = (Value){.t = V_REF, .ref = {.id = id, .object = to->name}};
    return ST_OK;
}

/* ---- any of them */
/* Ids that a template made. */
static Status refs_visible(Ctx *cx, const Field *f, const Value *v)
{
    const Id *ids = v->t == V_IDS ? v->ids.p : &v->i;
    size_t n = v->t == V_IDS ? v->ids.n : v->t == V_ID;
    for (size_t i = 0; i < n; i++) {
        bool seen = false;
        TRY(query_visible(cx, f->to, ids[i], &seen));
        if (!seen)
            return FIELD_FAIL(cx, f->name, "no_match", "import.no_match",
                              "\"" STR_FMT "\" was not found",
                              STR_ARG(str_format(cx->arena, "%lld", (long long)ids[i])));
    }
    return ST_OK;
}

Status refs_text(Ctx *cx, Import *im, const Field *f, Str text, Value *ret)
{
    if (f->kind == F_ANY_LINK)
        return any_link(cx, im, f, text, ret);
    TRY(f->type->parse_text(cx, f, text, &im->form, ret));
    if (field_is_file(f))
        return record_check_files(cx, f, ret);
    return f->to ? refs_visible(cx, f, ret) : ST_OK;
}

bool refs_take(const Field *f)
{
    return f->kind == F_LINK || f->kind == F_LINKS || f->kind == F_ANY_LINK || field_is_file(f);
}

Status refs_set(Ctx *cx, Chunk *chunk, const ImportColumn *c, Str text, Record *r, int64_t row)
{
    Value v = VALUE_NULL;
    if (c->field->kind == F_LINKS)
        return set_links(cx, c, text, r);
    if (c->field->kind == F_LINK && c->field->to == chunk->import->object)
        return set_own_link(cx, chunk, c, text, r, row);
    if (c->field->kind == F_LINK)
        return set_link(cx, c, text, r);
    TRY(refs_text(cx, chunk->import, c->field, text, &v));
    record_set(r, c->field, v);
    return ST_OK;
}
