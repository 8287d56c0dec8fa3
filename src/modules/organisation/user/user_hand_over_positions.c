/* SPDX-License-Identifier: Apache-2.0 */
/* Positions given on. They bring roles: offered to who may write positions of people, and left with the
 * leaver unless it is asked for. */
#include "modules/organisation/user/user_hand_over.h"

static const Field *positions_field(const Object *o, const char *name, FieldKind kind)
{
    const Field *f = o ? object_field(o, str_of(name)) : NULL;
    return f && f->kind == kind ? f : NULL;
}

/* "id in ("1","2")": those the person holds now. */
static Str positions_filter(Ctx *cx, const Record *r, const Field *main, const Field *others)
{
    const Value *one = record_get(r, main), *many = record_get(r, others);
    Buf b = buf_in(cx->arena, 65536);
    size_t n = 0;
    buf_lit(&b, "id in (");
    if (one->t == V_ID && ++n)
        buf_printf(&b, "\"%lld\"", (long long)one->i);
    for (size_t i = 0; many->t == V_IDS && i < many->ids.n; i++)
        buf_printf(&b, "%s\"%lld\"", n++ ? "," : "", (long long)many->ids.p[i]);
    buf_char(&b, ')');
    return n ? buf_str(&b)
             : STR("id is null"); /* none: a job that goes on has given them already */
}

Status user_hand_over_positions(Ctx *cx, const HandOver *h, HandPart *ret, bool *ret_there)
{
    const Object *users = meta_object(cx->meta, STR("user")),
                 *o = meta_object(cx->meta, STR("position"));
    const Field *main = positions_field(users, "position", F_LINK),
                *others = positions_field(users, "other_positions", F_LINKS);
    Record *r = NULL;
    *ret_there = false;
    if (!o || !main || !others || access_field(cx, main) != FIELD_WRITE ||
        access_field(cx, others) != FIELD_WRITE || !access_may_some(cx, users, ACCESS_UPDATE))
        return ST_OK;
    TRY(record_load_stored(cx, users, h->user, &r));
    if (!r)
        return ST_OK;
    *ret = (HandPart){.object = o,
                      .field = main,
                      .name = STR("position"),
                      .filter = positions_filter(cx, r, main, others),
                      .way = HAND_LEAVE,
                      .positions = true,
                      .to = h->to};
    *ret_there = true;
    return ST_OK;
}

/* The list without one, or with it at the end. */
static void positions_list(Ctx *cx, Record *r, const Field *others, Id position, bool with)
{
    const Value *v = record_get(r, others);
    size_t most = v->t == V_IDS ? v->ids.n : 0, n = 0;
    Id *ids = ARENA_ARRAY(cx->arena, Id, most + 1);
    for (size_t i = 0; i < most; i++)
        if (v->ids.p[i] != position)
            ids[n++] = v->ids.p[i];
    if (with)
        ids[n++] = position;
    if (n != most || with)
        record_set(r, others, (Value){.t = V_IDS, .ids = {.p = ids, .n = n}});
}

Status user_hand_over_position(Ctx *cx, Plan *plan, const HandOver *h, const HandPart *p,
                               Id position)
{
    const Object *users = p->field->object;
    const Field *others = object_field(users, STR("other_positions"));
    Record *leaver = NULL, *heir = NULL;
    TRY(record_load_any(cx, users, h->user, &leaver));
    TRY(record_load_any(cx, users, p->to, &heir));
    if (verb_link(leaver, "position") == position)
        record_set(leaver, p->field, VALUE_NULL);
    positions_list(cx, leaver, others, position, false);
    if (!verb_link(heir, "position"))
        record_set(heir, p->field, (Value){.t = V_ID, .i = position});
    else if (verb_link(heir, "position") != position)
        positions_list(cx, heir, others, position, true);
    TRY(record_write_by_rule(cx, plan, leaver));
    return record_write_by_rule(cx, plan, heir);
}
