/* SPDX-License-Identifier: Apache-2.0 */
/* Fields besides the current ones: removed fields, the former forms of a field whose type was
 * changed, and the form that one is about to get. Each has columns of its own, named after a number
 * of its own ("object.key~2" for the second generation), which hold data: the twin carries them all.
 *
 * A declaration says so in attributes that only the server writes:
 *   "generation": 2, "generations": 3 (highest given), "former": [{"generation": 1, "until": "id",
 *   "decl": {…}}], "retype": {"generation": 3, "job": "id", "decl": {…}}
 * What a former or removed field pointed at may be gone: its errors are nobody's, its columns stay. */
#include "base/id.h"
#include "meta/field/field.h"
#include "meta/meta_build.h"

#define FORMERS_MAX 50

static void keep_field(MetaBuild *b, Field *f)
{
    Object *o = b->object;
    o->kept = arena_grow(b->arena, o->kept, o->n_kept * sizeof(Field *),
                         (o->n_kept + 1) * sizeof(Field *));
    o->kept[o->n_kept++] = f;
}

/* A form of the past: read without complaint. */
static Field *read_quietly(MetaBuild *b, const json_t *decl, uint32_t generation)
{
    Error outer = b->cx->err;
    Field *f = NULL;
    Status st = meta_fields_read(b, decl, generation, &f);
    b->cx->err = outer;
    if (st != ST_OK || !f->number || f->kind == F_ROLLUP)
        return NULL;
    f->required = f->unique = false;
    keep_field(b, f);
    return f;
}

static void read_formers(MetaBuild *b, Field *f, const json_t *decl)
{
    const json_t *list = json_object_get(decl, "former");
    size_t n = json_array_size(list);
    if (!n || n > FORMERS_MAX)
        return;
    f->formers = ARENA_ARRAY(b->arena, Field *, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *former = json_array_get(list, i);
        Field *was = read_quietly(b, json_object_get(former, "decl"),
                                  (uint32_t)json_get_int(former, "generation", 1));
        if (was && id_parse(json_get_str(former, "until"), &was->until))
            f->formers[f->n_formers++] = was;
    }
}

void meta_variants_removed(MetaBuild *b, const json_t *decl, uint32_t generation)
{
    Field *f = read_quietly(b, decl, generation);
    if (f)
        read_formers(b, f, decl);
}

Status meta_variants_read(MetaBuild *b, Field *f)
{
    const json_t *coming = json_object_get(f->decl, "retype");
    Field *shadow = NULL;
    read_formers(b, f, f->decl);
    if (!coming)
        return ST_OK;
    TRY(meta_fields_read(b, json_object_get(coming, "decl"),
                         (uint32_t)json_get_int(coming, "generation", 0), &shadow));
    shadow->index = f->index;
    keep_field(b, shadow);
    f->shadow = shadow;
    return ST_OK;
}

Status meta_variants_resolve(MetaBuild *b, Field *f)
{
    return f->shadow ? meta_links_resolve(b, (Field *)f->shadow) : ST_OK;
}

int meta_variants_columns(MetaBuild *b)
{
    int n = 0;
    for (size_t i = 0; i < b->object->n_kept; i++) {
        Field *f = b->object->kept[i];
        Error outer = b->cx->err;
        if (!f->to && !f->choices) /* past ones find what is still there */
            (void)!meta_links_resolve(b, f);
        b->cx->err = outer;
        f->n_columns = f->type->columns(f, f->columns);
        field_parts_build(b->arena, b->m, f);
        n += f->n_columns;
    }
    return n;
}
