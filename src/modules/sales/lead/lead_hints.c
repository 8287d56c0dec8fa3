/* SPDX-License-Identifier: Apache-2.0 */
/* Before a lead is converted: accounts and contacts that the person may see and that it may be already, by
 * name of the company, telephone or e-mail. Exact after the types' own normalising; the fuzzy search for
 * duplicates is another verb's work. */
#include "modules/sales/lead/lead.h"

#define MOST 5 /* of each kind */

typedef struct Hint {
    const char *object, *field; /* where it is sought */
    const char *from;           /* the lead's value */
} Hint;

static const Hint HINTS[] = {
    {"account", "name", "company"},        {"account", "phone", "phone"},
    {"account", "phone", "mobile"},        {"account", "email", "email"},
    {"contact", "mobile", "mobile"},       {"contact", "email", "email"},
    {"contact", "wechat_id", "wechat_id"},
};

static void write_hint(VerbCall *c, const Object *o, Id id, Str title, const char *because)
{
    Buf *out = c->hints;
    if (c->n_hints++)
        buf_char(out, ',');
    buf_printf(out,
               "{\"object\":\"" STR_FMT "\",\"param\":\"" STR_FMT "\",\"id\":\"%lld\",\"title\":",
               STR_ARG(o->name), STR_ARG(o->name), (long long)id);
    if (title.p)
        buf_json_str(out, title);
    else
        buf_lit(out, "null");
    buf_printf(out, ",\"because\":[\"%s\"]}", because);
}

static bool known(const Id *seen, size_t n, Id id)
{
    for (size_t i = 0; i < n; i++)
        if (seen[i] == id)
            return true;
    return false;
}

static Status look(Ctx *cx, VerbCall *c, const Hint *h, Id *seen, size_t *n_seen)
{
    const Object *o = meta_object(cx->meta, str_of(h->object));
    const Value *v = verb_get(c->record, h->from);
    Buf filter = buf_in(cx->arena, 4096);
    Id ids[MOST];
    Str titles[MOST];
    size_t n = 0;
    const Field *f = o ? object_field(o, str_of(h->field)) : NULL;
    if (!f || v->t != V_TEXT || !cx->access->object(cx, o) || !cx->access->field(cx, f))
        return ST_OK;
    buf_printf(&filter, "%s = ", h->field);
    buf_json_str(&filter, v->s);
    if (buf_overflowed(&filter))
        return ST_OK;
    TRY(query_ids(cx, o, buf_str(&filter), 0, MOST, ids, &n));
    TRY(query_titles(cx, o, ids, n, titles, NULL));
    for (size_t i = 0; i < n; i++) {
        if (known(seen, *n_seen, ids[i]))
            continue;
        seen[(*n_seen)++] = ids[i];
        write_hint(c, o, ids[i], titles[i], h->field);
    }
    return ST_OK;
}

Status lead_hints(Ctx *cx, VerbCall *c)
{
    Id seen[COUNT_OF(HINTS) * MOST];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(HINTS); i++)
        TRY(look(cx, c, &HINTS[i], seen, &n));
    return ST_OK;
}
