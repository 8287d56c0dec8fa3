/* SPDX-License-Identifier: Apache-2.0 */
/* Looking things up in the catalogue. */
#include "meta/meta.h"
#include "base/utf8.h"

const Object *meta_object(const Meta *m, Str name) { return map_get(&m->by_name, name); }
const Object *meta_plural(const Meta *m, Str plural) { return map_get(&m->by_plural, plural); }

const Index *meta_index(const Meta *m, Str physical_name, const Object **ret_object)
{
    for (size_t i = 0; i < m->n_objects; i++) {
        const Object *o = m->objects[i];
        for (size_t k = 0; k < o->n_indexes; k++) {
            if (!str_is(physical_name, o->indexes[k].name))
                continue;
            if (ret_object)
                *ret_object = o;
            return &o->indexes[k];
        }
    }
    return NULL;
}

Str meta_nearest_field(const Object *o, Str wrong, bool (*ok)(void *arg, const Field *f), void *arg)
{
    Str best = STR_NULL;
    size_t best_distance = wrong.n < 4 ? 2 : 3;
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (ok && !ok(arg, f))
            continue;
        size_t d = fold_distance(wrong, f->name, best_distance);
        if (d < best_distance) {
            best_distance = d;
            best = f->name;
        }
    }
    return best;
}
