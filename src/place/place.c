/* SPDX-License-Identifier: Apache-2.0 */
/* Which region an address lies in. */
#include "place/place_internal.h"

static const Field *region_field(const Object *o)
{
    const Field *f = object_field(o, STR("region"));
    return f && f->kind == F_LINK && f->to && f->to->code ? f : NULL;
}

static const Field *address_field(const Object *o)
{
    const Field *f = object_field(o, STR("address"));
    return f && f->kind == F_ADDRESS ? f : NULL;
}

bool place_applies(const Object *o) { return region_field(o) && address_field(o); }

static Status find_code(Ctx *cx, const Field *f, Str code, Place *p)
{
    const ExprNames *names = query_names(cx);
    const Id *ids = NULL;
    size_t n = 0;
    Record *region = NULL;
    if (!code.n)
        return ST_OK;
    TRY(names->code_ids(names->arg, cx, f->to, code, &ids, &n));
    if (!n || p->n == COUNT_OF(p->regions))
        return ST_OK;
    p->regions[p->n++] = ids[0];
    TRY(record_load_stored(cx, f->to, ids[0], &region));
    const Field *active = object_field(f->to, STR("is_active"));
    const Value *v = region && active ? record_get(region, active) : NULL;
    bool usable = region && (!v || v->t != V_BOOL || v->b);
    if (usable && !p->best)
        p->best = ids[0];
    return ST_OK;
}

Status place_find(Ctx *cx, const Field *region, const Value *address, Place *ret)
{
    *ret = (Place){.n = 0};
    if (address->t != V_ADDRESS)
        return ST_OK;
    Str country = address->address[ADDRESS_COUNTRY];
    if (country.n && !str_is(country, "CN"))
        return find_code(cx, region, STR("overseas"), ret);
    TRY(find_code(cx, region, address->address[ADDRESS_CITY], ret));
    return find_code(cx, region, address->address[ADDRESS_PROVINCE], ret);
}

bool place_is_one_of(const Place *p, const Value *region)
{
    if (region->t != V_ID)
        return true; /* none: nobody chose */
    for (size_t i = 0; i < p->n; i++)
        if (p->regions[i] == region->i)
            return true;
    return false;
}

Status place_set(Ctx *cx, Record *r, const Value *before, bool *ret_changed)
{
    const Field *f = region_field(r->object), *address = address_field(r->object);
    Place was, is;
    *ret_changed = false;
    TRY(place_find(cx, f, before, &was));
    if (!place_is_one_of(&was, record_get(r, f)))
        return ST_OK; /* chosen */
    TRY(place_find(cx, f, record_get(r, address), &is));
    Id now = record_get(r, f)->t == V_ID ? record_get(r, f)->i : 0;
    if (is.best == now || (!is.best && !now))
        return ST_OK;
    record_set(r, f, is.best ? (Value){.t = V_ID, .i = is.best} : VALUE_NULL);
    *ret_changed = true;
    return ST_OK;
}

Status place_region(Ctx *cx, Record *r)
{
    const Field *f = region_field(r->object), *address = address_field(r->object);
    static const Value none = {.t = V_NULL};
    bool changed = false;
    if (!f || !address || !record_touched(r, address) || record_touched(r, f))
        return ST_OK;
    return place_set(cx, r, r->old ? &r->old[address->index] : &none, &changed);
}
