/* SPDX-License-Identifier: Apache-2.0 */
/* What files from elsewhere call things: seed/import/synonyms.json (words for fields) and one file a
 * system (seed/import/<system>.json: the columns of its exports, words of its choice lists, constants).
 * Names are compared folded and without blanks and signs. */
#include "base/embed.h"
#include "base/utf8.h"
#include "import/import_internal.h"

#define FOLDER STR("seed/import/")
#define LIKELY 2 /* columns that a file must share with a system to be offered its mapping */
#define SYNONYMS STR("seed/import/synonyms.json")

Str ready_normal(Arena *a, Str text)
{
    Str folded = fold_text(a, str_trim(text));
    char *p = arena_alloc(a, folded.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < folded.n; i++)
        if (!strchr(" _-./():*\t\n\r\"'#", folded.p[i]))
            p[n++] = folded.p[i];
    return str_n(p, n);
}

static bool of_folder(const EmbedFile *f) { return str_starts(str_of(f->path), FOLDER); }

static Status read_embedded(Ctx *cx, const EmbedFile *f, json_t **ret)
{
    return json_parse(cx, str_n((const char *)f->data, f->size), ret);
}

/* ---- words for fields */
static void add_word(Ctx *cx, Map *words, Str word, Str path)
{
    Str key = ready_normal(cx->arena, word);
    Str *value = ARENA_NEW(cx->arena, Str);
    *value = path;
    if (key.n && !map_has(words, key))
        map_put(words, key, value);
}

static void add_fields(Ctx *cx, Map *words, const json_t *fields)
{
    const char *path;
    json_t *list;
    json_object_foreach((json_t *)fields, path, list) for (size_t i = 0; i < json_array_size(list);
                                                           i++)
        add_word(cx, words, json_str(json_array_get(list, i)), str_of(path));
}

static void add_columns(Ctx *cx, Map *words, const json_t *columns)
{
    const char *column;
    json_t *path;
    json_object_foreach((json_t *)columns, column, path)
        add_word(cx, words, str_of(column), json_str(path));
}

static const json_t *part(const json_t *file, Str object)
{
    return json_object_getn(json_object_get(file, "objects"), object.p, object.n);
}

Status ready_words(Ctx *cx, const Object *o, Map *words)
{
    for (int systems = 0; systems < 2; systems++) {
        for (size_t i = 0; i < embed_meta_count; i++) {
            json_t *file = NULL;
            bool synonyms = str_eq(str_of(embed_meta[i].path), SYNONYMS);
            if (!of_folder(&embed_meta[i]) || synonyms == (systems != 0))
                continue;
            TRY(read_embedded(cx, &embed_meta[i], &file));
            if (synonyms)
                add_fields(cx, words, part(file, o->name));
            if (synonyms)
                add_fields(cx, words, json_object_get(file, "all"));
            else
                add_columns(cx, words, json_object_get(part(file, o->name), "columns"));
        }
    }
    return ST_OK;
}

/* ---- ready mappings */
static bool knows(Ctx *cx, const json_t *columns, Str header, Str *ret_path)
{
    Str wanted = ready_normal(cx->arena, header);
    const char *column;
    json_t *path;
    json_object_foreach((json_t *)columns, column, path)
    {
        if (!str_eq(ready_normal(cx->arena, str_of(column)), wanted))
            continue;
        *ret_path = json_str(path);
        return true;
    }
    return false;
}

static bool may_fill(Ctx *cx, const Object *o, Str path)
{
    const Field *f = object_field(o, str_sub(path, 0, str_find_char(path, '.')));
    return f && import_may_set(cx, f);
}

/* {"Account Name":"name","Industry":{"field":"industry","values":{…}}} for the columns of this file. */
static json_t *mapping_of(Ctx *cx, const Import *im, const json_t *ready, int *ret_hits)
{
    json_t *mapping = json_object();
    Map taken = map_in(cx->arena);
    json_own(cx->arena, mapping);
    *ret_hits = 0;
    for (size_t i = 0; i < im->n_headers; i++) {
        Str path = STR_NULL, header = im->headers[i];
        bool hit = knows(cx, json_object_get(ready, "columns"), header, &path) && path.n &&
                   may_fill(cx, im->object, path) && !map_has(&taken, path);
        json_t *values =
            hit ? json_object_getn(json_object_get(ready, "values"), path.p, path.n) : NULL;
        json_t *to = hit ? json_stringn(path.p, path.n) : json_null();
        if (values)
            to = json_pack("{s:o,s:O}", "field", to, "values", values);
        json_object_setn_new(mapping, header.p, header.n, to);
        *ret_hits += hit;
        if (hit)
            map_put(&taken, path, &taken);
    }
    return mapping;
}

static Status write_one(Ctx *cx, const Import *im, const EmbedFile *f, bool *first, Buf *out)
{
    json_t *file = NULL;
    int hits = 0;
    TRY(read_embedded(cx, f, &file));
    const json_t *ready = part(file, im->object->name);
    if (!ready)
        return ST_OK;
    const json_t *mapping = mapping_of(cx, im, ready, &hits);
    if (hits < LIKELY)
        return ST_OK;
    if (!*first)
        buf_char(out, ',');
    *first = false;
    buf_lit(out, "{\"name\":");
    buf_json_str(out, json_get_str(file, "system"));
    buf_lit(out, ",\"label\":");
    json_write(out, json_object_get(file, "label"));
    buf_printf(out, ",\"columns\":%d,\"options\":{\"mapping\":", hits);
    json_write(out, mapping);
    const char *name;
    json_t *option;
    json_object_foreach(json_object_get(ready, "options"), name, option)
    {
        buf_printf(out, ",\"%s\":", name);
        json_write(out, option);
    }
    buf_lit(out, "}}");
    return ST_OK;
}

Status ready_write(Ctx *cx, const Import *im, Buf *out)
{
    bool first = true;
    buf_char(out, '[');
    for (size_t i = 0; i < embed_meta_count; i++)
        if (of_folder(&embed_meta[i]) && !str_eq(str_of(embed_meta[i].path), SYNONYMS))
            TRY(write_one(cx, im, &embed_meta[i], &first, out));
    buf_char(out, ']');
    return ST_OK;
}
