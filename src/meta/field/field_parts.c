/* SPDX-License-Identifier: Apache-2.0 */
/* Parts: values inside the value of a field that paths may name. Each is a field of one column, so
 * that filters, sorts, groups and lists read it like any other; it is never written by itself. */
#include "meta/field/field.h"

static Field *part_new(Arena *a, const Field *f, int i, const char *name, Label label,
                       FieldKind kind)
{
    Field *p = (Field *)&f->parts[i];
    (void)a;
    p->name = p->key = str_of(name);
    p->label = label;
    p->kind = kind;
    p->type = field_type_of(kind);
    p->object = f->object;
    p->index = f->index;
    p->number = f->number;
    p->system = f->system;
    p->readonly = f->readonly;
    p->part_of = f;
    p->part = (uint8_t)i;
    p->columns[0] = f->columns[i];
    p->n_columns = 1;
    return p;
}

static void address_parts(Arena *a, const Meta *m, Field *f)
{
    f->n_parts = ADDRESS_PARTS;
    f->parts = ARENA_ARRAY(a, Field, ADDRESS_PARTS);
    for (int i = 0; i < ADDRESS_PARTS; i++) {
        const char *name, *list;
        Label label;
        int max;
        field_address_part(i, &name, &label, &max, &list);
        Field *p = part_new(a, f, i, name, label, F_TEXT);
        p->max = max;
        if (!list)
            continue;
        p->list_name = str_of(list);
        p->choices = map_get(&m->lists_by_name, p->list_name);
        if (p->choices)
            ((ChoiceList *)p->choices)->used = true;
    }
}

static void geo_parts(Arena *a, Field *f)
{
    f->n_parts = 2;
    f->parts = ARENA_ARRAY(a, Field, 2);
    Field *lat = part_new(a, f, 0, "lat", (Label){STR("纬度"), STR("Latitude")}, F_DECIMAL);
    Field *lng = part_new(a, f, 1, "lng", (Label){STR("经度"), STR("Longitude")}, F_DECIMAL);
    lat->scale = lng->scale = f->scale;
}

void field_parts_build(Arena *a, const Meta *m, Field *f)
{
    if (f->kind == F_ADDRESS)
        address_parts(a, m, f);
    else if (f->kind == F_GEO)
        geo_parts(a, f);
}

const Field *field_named_part(const Field *f, Str name)
{
    for (int i = 0; i < f->n_parts; i++)
        if (str_eq(f->parts[i].name, name))
            return &f->parts[i];
    return NULL;
}

Value field_part_value(const Field *part, const Value *whole)
{
    if (whole->t == V_ADDRESS && whole->address[part->part].n)
        return (Value){.t = V_TEXT, .s = whole->address[part->part]};
    if (whole->t == V_GEO)
        return (Value){.t = V_DECIMAL,
                       .scale = (uint8_t)part->scale,
                       .i = part->part ? whole->geo.lng : whole->geo.lat};
    return VALUE_NULL;
}
