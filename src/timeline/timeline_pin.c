/* SPDX-License-Identifier: Apache-2.0 */
/* Pins are rows of {gx_pin}; what they point at is read with the rights of the reader of then, a list of each source and
 * one version of each change. What was taken off stays as a row, with who and when. */
#include "base/id.h"
#include "timeline/timeline_internal.h"

enum { PAST = 100 };

static const char SQL_NOW[] =
    "SELECT kind, entry, source, by_user, at, off_by, off_at FROM {gx_pin} WHERE record = ?1 AND "
    "object = ?2 AND off_at IS NULL ORDER BY at DESC, id DESC LIMIT ?3";
static const char SQL_EVER[] =
    "SELECT kind, entry, source, by_user, at, off_by, off_at FROM {gx_pin} WHERE record = ?1 AND "
    "object = ?2 ORDER BY at DESC, id DESC LIMIT ?3";
static const char SQL_IS[] =
    "SELECT 1 FROM {gx_pin} WHERE record = ?1 AND object = ?2 AND kind = ?3 AND entry = ?4 AND "
    "source = ?5 AND off_at IS NULL";
static const char SQL_COUNT[] =
    "SELECT count(*) FROM {gx_pin} WHERE record = ?1 AND object = ?2 AND off_at IS NULL";
static const char SQL_PIN[] =
    "INSERT INTO {gx_pin} (id, object, record, kind, entry, source, by_user, at) VALUES (?1, ?2, "
    "?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
static const char SQL_UNPIN[] =
    "UPDATE {gx_pin} SET off_by = ?1, off_at = ?2 WHERE record = ?3 AND object = ?4 AND kind = ?5 "
    "AND entry = ?6 AND source = ?7 AND off_at IS NULL";

typedef struct Pins {
    TimelinePin *v;
    size_t n;
} Pins;

static Status read_rows(const TimelineRead *t, bool past, Pins *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    Ctx *cx = t->cx;
    size_t most = past ? PAST : TIMELINE_PINS;
    const DbVal v[] = {db_int(t->id), db_text(t->object->name), db_int((int64_t)most)};
    TRY(db_prepare(cx, past ? SQL_EVER : SQL_NOW, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    ret->v = ARENA_ARRAY(cx->arena, TimelinePin, most);
    for (bool more; ret->n < most;) {
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        bool off = !db_col_null(q, 6);
        ret->v[ret->n++] = (TimelinePin){.kind = str_copy(cx->arena, db_col_text(q, 0)),
                                         .entry = db_col_id(q, 1),
                                         .source = db_col_id(q, 2),
                                         .by = db_col_id(q, 3),
                                         .at = db_col_int(q, 4),
                                         .off_by = off ? db_col_id(q, 5) : 0,
                                         .off_at = off ? db_col_int(q, 6) : 0};
    }
    return ST_OK;
}

/* ---- what they point at */

static void found(const TimelineSource *s, Pins *pins)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = 0; k < pins->n; k++)
            if (!pins->v[k].found && pins->v[k].entry == s->page[i].place.id &&
                str_eq(pins->v[k].kind, s->kind)) {
                pins->v[k].from = s;
                pins->v[k].found = &s->page[i];
            }
}

static Status find_children(TimelineRead *t, const TimelineSource *of, Pins *pins)
{
    TimelineSource *s = ARENA_NEW(t->cx->arena, TimelineSource);
    Buf filter = buf_in(t->cx->arena, 8192);
    int n = 0;
    *s = *of;
    buf_lit(&filter, "id in (");
    for (size_t i = 0; i < pins->n; i++)
        if (!pins->v[i].found && str_eq(pins->v[i].kind, s->kind))
            buf_printf(&filter, "%s\"%lld\"", n++ ? "," : "", (long long)pins->v[i].entry);
    buf_char(&filter, ')');
    if (!n)
        return ST_OK;
    t->page = n;
    TRY(timeline_source_filtered(t, s, buf_str(&filter), STR_NULL));
    found(s, pins);
    return ST_OK;
}

static Status find_change(TimelineRead *t, const TimelineSource *of, TimelinePin *pin)
{
    TimelineSource *s = ARENA_NEW(t->cx->arena, TimelineSource);
    *s = *of;
    TRY(timeline_source_version(t, s, pin->source, pin->entry));
    if (s->n) {
        pin->from = s;
        pin->found = &s->page[0];
    }
    return ST_OK;
}

static Status find(TimelineRead *t, Pins *pins)
{
    TimelineRead own = *t;
    own.has_after = false;
    for (size_t i = 0; i < t->n; i++) {
        const TimelineSource *s = &t->sources[i];
        if (s->is_unwanted)
            continue;
        if (s->child)
            TRY(find_children(&own, s, pins));
        for (size_t k = 0; !s->child && k < pins->n; k++)
            if (str_eq(pins->v[k].kind, s->kind))
                TRY(find_change(&own, s, &pins->v[k]));
    }
    return ST_OK;
}

/* ---- who */

static Status name_people(Ctx *cx, Pins *pins)
{
    const Object *user = meta_object(cx->meta, STR("user"));
    Id *ids = ARENA_ARRAY(cx->arena, Id, pins->n * 2 + 1);
    Str *names = ARENA_ARRAY(cx->arena, Str, pins->n * 2 + 1);
    for (size_t i = 0; i < pins->n; i++) {
        ids[i] = pins->v[i].by;
        ids[pins->n + i] = pins->v[i].off_by ? pins->v[i].off_by : pins->v[i].by;
    }
    if (!user || !pins->n)
        return ST_OK;
    TRY(query_titles(cx, user, ids, pins->n * 2, names, NULL));
    for (size_t i = 0; i < pins->n; i++) {
        pins->v[i].by_name = names[i];
        pins->v[i].off_name = names[pins->n + i];
    }
    return ST_OK;
}

Status timeline_pin_list(TimelineRead *t, bool past, Buf *out)
{
    Pins pins = {0};
    bool first = true;
    TRY(read_rows(t, past, &pins));
    TRY(find(t, &pins));
    TRY(name_people(t->cx, &pins));
    buf_char(out, '[');
    for (size_t i = 0; i < pins.n; i++) {
        const TimelinePin *p = &pins.v[i];
        if (!p->found)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        timeline_entry_write(t, p->from, p->found, p, out);
    }
    buf_char(out, ']');
    return ST_OK;
}

Status timeline_pins_write(Ctx *cx, const Object *o, Id id, Buf *out)
{
    TimelineRead t = {.cx = cx, .object = o, .id = id};
    bool visible = false;
    TRY(query_visible(cx, o, id, &visible));
    if (!visible)
        return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
    TRY(timeline_source_all(&t, STR_NULL));
    buf_lit(out, "{\"items\":");
    TRY(timeline_pin_list(&t, true, out));
    buf_char(out, '}');
    return ST_OK;
}

/* ---- pinning */

static Status no_entry(Ctx *cx)
{
    return FAIL(cx, ST_NOT_FOUND, "timeline.no_entry", "There is no such entry in this timeline");
}

/* "id", or for a change "version" or "version.id". */
static Status read_entry(Ctx *cx, Id id, Str kind, Str entry, TimelinePin *ret)
{
    size_t dot = str_find_char(entry, '.');
    bool change = str_is(kind, TIMELINE_CHANGE);
    *ret = (TimelinePin){.kind = str_copy(cx->arena, kind), .source = change ? id : 0};
    bool whole = id_parse(str_sub(entry, 0, dot), &ret->entry);
    if (change && dot != SIZE_MAX)
        whole = whole && id_parse(str_sub(entry, dot + 1, SIZE_MAX), &ret->source);
    else if (dot != SIZE_MAX)
        whole = false;
    return whole ? ST_OK : no_entry(cx);
}

static Status may_pin(Ctx *cx, const Object *o, Id id, Record **ret)
{
    AccessRecord ar;
    TRY(record_load(cx, o, id, ret));
    TRY(record_access(cx, ACCESS_UPDATE, *ret, (*ret)->values, &ar));
    return access_require(cx, o, ACCESS_UPDATE, &ar);
}

static Status is_entry(Ctx *cx, const Object *o, Id id, TimelinePin *pin)
{
    TimelineRead t = {.cx = cx, .object = o, .id = id};
    Pins one = {.v = pin, .n = 1};
    TRY(timeline_source_all(&t, STR_NULL));
    TRY(find(&t, &one));
    return pin->found ? ST_OK : no_entry(cx);
}

static Status check_room(Ctx *cx, const Object *o, Id id)
{
    const DbVal v[] = {db_int(id), db_text(o->name)};
    int64_t n = 0;
    bool any = false;
    TRY(db_get_int(cx, SQL_COUNT, v, COUNT_OF(v), &n, &any));
    if (n < TIMELINE_PINS)
        return ST_OK;
    return FAIL(cx, ST_INVALID, "timeline.too_many_pins",
                "%d entries are pinned; take one off first", TIMELINE_PINS);
}

static Status is_pinned(Ctx *cx, const Object *o, Id id, const TimelinePin *pin, bool *ret)
{
    const DbVal v[] = {db_int(id), db_text(o->name), db_text(pin->kind), db_int(pin->entry),
                       db_int(pin->source)};
    int64_t one = 0;
    return db_get_int(cx, SQL_IS, v, COUNT_OF(v), &one, ret);
}

Status timeline_pin(Ctx *cx, Plan *plan, const Object *o, Id id, Str kind, Str entry)
{
    TimelinePin pin;
    Record *r = NULL;
    bool pinned = false;
    TRY(may_pin(cx, o, id, &r));
    TRY(read_entry(cx, id, kind, entry, &pin));
    TRY(is_entry(cx, o, id, &pin));
    TRY(is_pinned(cx, o, id, &pin, &pinned));
    if (pinned)
        return ST_OK;
    TRY(check_room(cx, o, id));
    const DbVal v[] = {db_int(record_id_next(cx)), db_text(o->name),  db_int(id),
                       db_text(pin.kind),          db_int(pin.entry), db_int(pin.source),
                       db_int(cx->user->id),       db_int(cx->now_ms)};
    plan_exec(plan, STR_SQL(SQL_PIN), v, COUNT_OF(v));
    record_event(cx, plan, o, id, r->version, "pin");
    return ST_OK;
}

/* Also of what he does not see: it would stand there for ever otherwise. */
Status timeline_unpin(Ctx *cx, Plan *plan, const Object *o, Id id, Str kind, Str entry)
{
    TimelinePin pin;
    Record *r = NULL;
    bool pinned = false;
    TRY(may_pin(cx, o, id, &r));
    TRY(read_entry(cx, id, kind, entry, &pin));
    TRY(is_pinned(cx, o, id, &pin, &pinned));
    if (!pinned)
        return ST_OK;
    const DbVal v[] = {db_int(cx->user->id), db_int(cx->now_ms), db_int(id),
                       db_text(o->name),     db_text(pin.kind),  db_int(pin.entry),
                       db_int(pin.source)};
    plan_exec(plan, STR_SQL(SQL_UNPIN), v, COUNT_OF(v));
    record_event(cx, plan, o, id, r->version, "pin");
    return ST_OK;
}
