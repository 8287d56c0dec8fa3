/* SPDX-License-Identifier: Apache-2.0 */
/* Indexes and unique rules that a change of the catalogue takes away go from the database with it: a rule
 * that is gone must not go on refusing. Those of fields in the bin, or of a field's former columns, stay:
 * they come back with them. */
#include "meta/meta_change.h"
#include "meta/sql.h"

static bool has_index(const Object *o, const char *name)
{
    for (size_t i = 0; i < o->n_indexes; i++) {
        if (strcmp(o->indexes[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool has_columns(const Object *o, const Index *x)
{
    for (int k = 0; k < x->n; k++) {
        bool found = false;
        for (size_t i = 0; i < o->n_fields && !found; i++)
            found = str_eq(o->fields[i]->key, x->fields[k]->key) &&
                    o->fields[i]->number == x->fields[k]->number;
        if (!found)
            return false;
    }
    return true;
}

void meta_drop_indexes(const Meta *old, const Meta *fresh, Plan *plan, Arena *a)
{
    for (size_t i = 0; i < old->n_objects; i++) {
        const Object *o = old->objects[i], *now = meta_object(fresh, o->name);
        for (size_t k = 0; now && k < o->n_indexes; k++) {
            const Index *x = &o->indexes[k];
            if (has_index(now, x->name) || !has_columns(now, x))
                continue;
            Sql q = sql_new(a);
            sql_lit(&q, "DROP INDEX IF EXISTS {");
            sql_index(&q, x, false);
            sql_lit(&q, "}");
            plan_ddl(plan, sql_text(&q));
        }
    }
}
