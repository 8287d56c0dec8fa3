/* SPDX-License-Identifier: Apache-2.0 */
/* Reminders: how long before, as the choices of the field `remind` say (m15, h2, d1). For each choice the span that
 * was not looked at lies that much later: no row is written when a reminder is set, moved or taken away. */
#include "base/calendar.h"
#include "notify/notify_internal.h"

#define MINUTE_MS INT64_C(60000)
#define LONGEST_MS (INT64_C(31) * 1440 * MINUTE_MS)
#define PAGE 500
#define PEOPLE 50 /* of one meeting who are told */

static const struct {
    const char *object, *at, *also, *people; /* people: a relation with `person` */
} SOURCES[] = {
    {"meeting", "starts_at", "status = \"planned\"", "meeting_attendees"},
    {"visit", "planned_at", "status = \"planned\"", NULL},
    {"task", "due_at", "status in (\"open\",\"doing\",\"waiting\")", NULL},
};

/* A choice that reads as no time is none. */
static bool lead_of(Str code, int64_t *ret)
{
    int64_t n = 0, unit;
    if (code.n < 2 || code.n > 5)
        return false;
    switch (code.p[0]) {
    case 'm': unit = MINUTE_MS; break;
    case 'h': unit = 60 * MINUTE_MS; break;
    case 'd': unit = 1440 * MINUTE_MS; break;
    default: return false;
    }
    for (size_t i = 1; i < code.n; i++) {
        if (code.p[i] < '0' || code.p[i] > '9')
            return false;
        n = n * 10 + (code.p[i] - '0');
    }
    *ret = n * unit;
    return *ret <= LONGEST_MS;
}

static Str when(Ctx *cx, int64_t at)
{
    Buf b = buf_in(cx->arena, 64);
    calendar_write_datetime(&b, at);
    return buf_str(&b);
}

/* Users among those who take part; whether one may see the record is asked as for every message. */
static Status tell_people(Ctx *cx, const Record *r, const char *people, Message like, Messages *m)
{
    const Relation *rel = people ? object_relation(r->object, str_of(people)) : NULL;
    const Field *person = rel ? object_field(rel->child, STR("person")) : NULL;
    Id ids[PEOPLE];
    size_t n = 0;
    if (!person)
        return ST_OK;
    TRY(record_children(cx, rel->field, r->object, r->id, PEOPLE, ids, &n));
    for (size_t i = 0; i < n; i++) {
        Record *line = NULL;
        TRY(record_load_stored(cx, rel->child, ids[i], &line));
        const Value *who = line ? record_get(line, person) : &VALUE_NULL;
        if (who->t != V_REF || !str_is(who->ref.object, "user"))
            continue;
        like.user = who->ref.id;
        notify_push(cx, m, like);
    }
    return ST_OK;
}

static Status tell(Ctx *cx, const Object *o, Id id, size_t source, Str lead, Messages *m)
{
    Record *r = NULL;
    TRY(record_load_stored(cx, o, id, &r));
    if (!r)
        return ST_OK;
    const Value *owner = record_get(r, o->owner);
    int64_t at = record_get(r, object_field(o, str_of(SOURCES[source].at)))->i;
    Message one = {.kind = NOTIFY_REMIND,
                   .object = o->name,
                   .record = id,
                   .at = cx->now_ms,
                   .key =
                       str_format(cx->arena, "remind:" STR_FMT ":%lld:%lld:" STR_FMT,
                                  STR_ARG(o->name), (long long)id, (long long)at, STR_ARG(lead))};
    TRY(tell_people(cx, r, SOURCES[source].people, one, m));
    if (owner->t != V_ID)
        return ST_OK;
    one.user = owner->i;
    notify_push(cx, m, one);
    return ST_OK;
}

static Status tell_lead(Ctx *cx, const Object *o, size_t source, Str lead, int64_t from, int64_t to,
                        Messages *m)
{
    const char *at = SOURCES[source].at;
    Id *ids = ARENA_ARRAY(cx->arena, Id, PAGE), after = 0;
    size_t n = PAGE;
    Str filter = str_format(
        cx->arena,
        "%s > \"" STR_FMT "\" and %s <= \"" STR_FMT "\" and \"" STR_FMT "\" in remind and %s", at,
        STR_ARG(when(cx, from)), at, STR_ARG(when(cx, to)), STR_ARG(lead), SOURCES[source].also);
    while (n == PAGE) {
        TRY(query_ids(cx, o, filter, after, PAGE, ids, &n));
        for (size_t i = 0; i < n; i++)
            TRY(tell(cx, o, after = ids[i], source, lead, m));
    }
    return ST_OK;
}

static Status tell_source(Ctx *cx, size_t source, int64_t from, int64_t to, Messages *m)
{
    const Object *o = meta_object(cx->meta, str_of(SOURCES[source].object));
    const Field *at = o && o->owner ? object_field(o, str_of(SOURCES[source].at)) : NULL;
    const Field *remind = at ? object_field(o, STR("remind")) : NULL;
    if (!remind || remind->kind != F_CHOICES || !remind->choices || at->kind != F_DATETIME)
        return ST_OK;
    for (size_t i = 0; i < remind->choices->n; i++) {
        Str code = remind->choices->items[i].value;
        int64_t lead;
        if (!lead_of(code, &lead))
            continue;
        Status st = tell_lead(cx, o, source, code, from + lead, to + lead, m);
        if (st != ST_OK && st != ST_MALFORMED && st != ST_INVALID)
            return st;
        if (st != ST_OK) /* a field of the condition is gone */
            error_clear(cx);
    }
    return ST_OK;
}

Status notify_remind(Ctx *cx, int64_t from, int64_t to, Messages *m)
{
    for (size_t i = 0; i < COUNT_OF(SOURCES); i++)
        TRY(tell_source(cx, i, from, to, m));
    return ST_OK;
}
