/* SPDX-License-Identifier: Apache-2.0 */
/* What is looked at. Values that the system makes itself say nothing about the care of people. */
#include "access/access.h"
#include "quality/quality_internal.h"

bool quality_counts(const Object *o)
{
    if (o->traits & (TRAIT_LINE | TRAIT_APPEND_ONLY))
        return false;
    for (size_t i = 0; i < o->n_fields; i++)
        if (quality_counts_field(o->fields[i]))
            return true;
    return false;
}

bool quality_counts_field(const Field *f)
{
    return !f->system && !f->readonly && f->n_columns > 0 && !field_is_computed(f) &&
           f->kind != F_BOOLEAN && f->kind != F_SECRET && f->kind != F_AUTO_NUMBER;
}

bool quality_may(const Ctx *cx, const Object *o)
{
    return quality_counts(o) && access_scope(cx, o, ACCESS_READ) == SCOPE_ALL;
}

Str quality_stale_filter(Ctx *cx, const Object *o)
{
    if (!(o->traits & TRAIT_FOLLOWED))
        return str_format(cx->arena, "updated_at < days_ago(%d)", QUALITY_STALE_DAYS);
    return str_format(cx->arena,
                      "created_at < days_ago(%d) and (last_followup_at is null or "
                      "last_followup_at < days_ago(%d))",
                      QUALITY_STALE_DAYS, QUALITY_STALE_DAYS);
}

Str quality_broken_filter(Ctx *cx, const Rule *r)
{
    return str_format(cx->arena, "not (" STR_FMT ")", STR_ARG(r->check));
}
