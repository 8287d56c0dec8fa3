/* SPDX-License-Identifier: Apache-2.0 */
/* What files from elsewhere call things: seed/import/synonyms.json (words for fields) and one file a
 * system (seed/import/<system>.json: the columns of its exports, texts put together from several of them, words of its
 * choice lists, constants). Names are compared folded, without blanks and signs, and without the word that marks columns
 * of templates as required. */
#include "base/embed.h"
#include "base/utf8.h"
#include "import/import_internal.h"

#define FOLDER STR("seed/import/")
#define LIKELY 2 /* columns that a file must share with a system to be offered its mapping */
#define SYNONYMS STR("seed/import/synonyms.json")

/* 客户名称（必填）, 手机(选填): what is in brackets says nothing of the field. */
static Str unmarked(Str name)
{
    static const char *const MARKS[] = {"（必填）", "（选填）", "必填", "选填"};
    for (size_t i = 0; i < COUNT_OF(MARKS); i++)
        if (str_ends(name, str_of(MARKS[i])) && name.n > strlen(MARKS[i]))
            return str_n(name.p, name.n - strlen(MARKS[i]));
    return name;
}

Str ready_normal(Arena *a, Str text)
{
    Str folded = fold_text(a, str_trim(text));
    char *p = arena_alloc(a, folded.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < folded.n; i++)
        if (!strchr(" _-./():*\t\n\r\"'#", folded.p[i]))
            p[n++] = folded.p[i];
    return unmarked(str_n(p, n));
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

/* A link is filled once, by whichever of its texts: account, account.external_id. */
static Str filled_of(const Object *o, Str path)
{
    Str head = str_sub(path, 0, str_find_char(path, '.'));
    const Field *f = object_field(o, head);
    return f && f->to ? head : path;
}

static bool may_fill(Ctx *cx, const Object *o, Str path)
{
    const Field *f = object_field(o, str_sub(path, 0, str_find_char(path, '.')));
    return f && import_may_set(cx, f);
}

/* {"Account Name":"name","Industry":{"field":"industry","values":{…}}} for the columns of this file. */
static json_t *mapping_of(Ctx *cx, const Import *im, const json_t *ready, Map *taken, int *ret_hits)
{
    json_t *mapping = json_object();
    json_own(cx->arena, mapping);
    *ret_hits = 0;
    for (size_t i = 0; i < im->n_headers; i++) {
        Str path = STR_NULL, header = im->headers[i];
        bool hit = knows(cx, json_object_get(ready, "columns"), header, &path) && path.n &&
                   may_fill(cx, im->object, path) && !map_has(taken, filled_of(im->object, path));
        json_t *values =
            hit ? json_object_getn(json_object_get(ready, "values"), path.p, path.n) : NULL;
        json_t *to = hit ? json_stringn(path.p, path.n) : json_null();
        if (values)
            to = json_pack("{s:o,s:O}", "field", to, "values", values);
        json_object_setn_new(mapping, header.p, header.n, to);
        *ret_hits += hit;
        if (hit)
            map_put(taken, filled_of(im->object, path), taken);
    }
    return mapping;
}

/* "{First Name} {Last Name}" in the words of this file; false: it has not all of these columns. */
static bool in_words_of(Ctx *cx, const Import *im, Str template, Buf *out)
{
    for (Str rest = template; rest.n;) {
        size_t open = str_find_char(rest, '{'), close = str_find_char(rest, '}');
        if (open == SIZE_MAX || close == SIZE_MAX || close < open) {
            buf_str_add(out, rest);
            return true;
        }
        Str wanted = ready_normal(cx->arena, str_sub(rest, open + 1, close - open - 1));
        size_t at = 0;
        while (at < im->n_headers && !str_eq(ready_normal(cx->arena, im->headers[at]), wanted))
            at++;
        if (at == im->n_headers)
            return false;
        buf_str_add(out, str_sub(rest, 0, open + 1));
        buf_str_add(out, im->headers[at]);
        buf_char(out, '}');
        rest = str_sub(rest, close + 1, rest.n);
    }
    return true;
}

/* Fields that no column fills by itself, put together from several. */
static void add_templates(Ctx *cx, const Import *im, const json_t *ready, const Map *taken,
                          json_t *set, int *hits)
{
    const char *path;
    json_t *template;
    json_object_foreach(json_object_get(ready, "templates"), path, template)
    {
        Buf text = buf_in(cx->arena, 4096);
        if (map_has(taken, str_of(path)) || !may_fill(cx, im->object, str_of(path)) ||
            !in_words_of(cx, im, json_str(template), &text))
            continue;
        json_object_set_new(set, path,
                            json_pack("{s:o}", "template", json_stringn(text.p, text.n)));
        ++*hits;
    }
}

static json_t *options_of(Ctx *cx, const Import *im, const json_t *ready, int *ret_hits)
{
    const json_t *own = json_object_get(ready, "options");
    json_t *options = own ? json_deep_copy(own) : json_object(), *set;
    Map taken = map_in(cx->arena);
    json_own(cx->arena, options);
    json_object_set(options, "mapping", mapping_of(cx, im, ready, &taken, ret_hits));
    set = json_object_get(options, "set");
    if (!set) {
        set = json_object();
        json_object_set_new(options, "set", set);
    }
    add_templates(cx, im, ready, &taken, set, ret_hits);
    return options;
}

static Status write_one(Ctx *cx, const Import *im, const EmbedFile *f, bool *first, Buf *out)
{
    json_t *file = NULL;
    int hits = 0;
    TRY(read_embedded(cx, f, &file));
    const json_t *ready = part(file, im->object->name);
    if (!ready)
        return ST_OK;
    const json_t *options = options_of(cx, im, ready, &hits);
    if (hits < LIKELY)
        return ST_OK;
    if (!*first)
        buf_char(out, ',');
    *first = false;
    buf_lit(out, "{\"name\":");
    buf_json_str(out, json_get_str(file, "system"));
    buf_lit(out, ",\"label\":");
    json_write(out, json_object_get(file, "label"));
    buf_printf(out, ",\"columns\":%d,\"options\":", hits);
    json_write(out, options);
    buf_char(out, '}');
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
