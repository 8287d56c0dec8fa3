/* SPDX-License-Identifier: Apache-2.0 */
/* Looking things up in one object of the catalogue. */
#include "meta/meta.h"

const Field *object_field(const Object *o, Str name) { return map_get(&o->by_name, name); }

const Field *object_column(const Object *o, Str physical_column)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        for (int c = 0; c < f->n_columns; c++) {
            if (str_is(physical_column, f->columns[c].name))
                return f;
        }
    }
    return NULL;
}

const Relation *object_relation(const Object *o, Str name)
{
    for (size_t i = 0; i < o->n_relations; i++) {
        if (str_eq(o->relations[i].name, name))
            return &o->relations[i];
    }
    return NULL;
}
