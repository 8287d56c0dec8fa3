/* SPDX-License-Identifier: Apache-2.0 */
/* Merging the sources and writing entries. The cursor names the last entry given and the page of the
 * history it lay on, so that a long history is not read from its beginning again. */
#include "base/calendar.h"
#include "base/html.h"
#include "base/id.h"
#include "base/utf8.h"
#include "timeline/timeline_internal.h"

#define TEXT_SHOWN 500 /* characters */

/* ---- cursor: at.kind.id.history */

static Status bad_cursor(Ctx *cx)
{
    return FAIL(cx, ST_MALFORMED, "record.bad_cursor", "\"after\" is not a cursor of this list");
}

static Status read_cursor(TimelineRead *t, Str after, Str *ret_history)
{
    Str rest = after, at, kind, id;
    *ret_history = STR_NULL;
    if (!after.n)
        return ST_OK;
    bool whole = str_split(&rest, '.', &at) && str_split(&rest, '.', &kind) &&
                 str_split(&rest, '.', &id) && str_int(at, &t->after.at) && kind.n &&
                 str_int(id, &t->after.id) && llabs(t->after.at) < INT64_C(250000000000000);
    Id history = 0;
    if (!whole || (!str_is(rest, "0") && !id_parse(rest, &history)))
        return bad_cursor(t->cx);
    t->after.kind = kind;
    t->has_after = true;
    if (history)
        *ret_history = rest;
    return ST_OK;
}

static void write_cursor(const TimelineRead *t, const TimelineAt *last, Buf *out)
{
    Str from = t->sources[0].from;
    buf_printf(out, "\"%lld." STR_FMT ".%lld." STR_FMT "\"", (long long)last->at,
               STR_ARG(last->kind), (long long)last->id, STR_ARG(from.n ? from : STR("0")));
}

/* ---- one entry */

static Str text_in_lang(const Ctx *cx, const Field *f, const json_t *item)
{
    Str code = json_get_str(item, f->name.p ? str_z(cx->arena, f->name) : "");
    const Choice *c = f->choices ? choice_find(f->choices, code) : NULL;
    return c ? label_in(&c->label, cx->lang) : STR_NULL;
}

static void write_text_or_null(Buf *out, const char *key, Str s)
{
    buf_printf(out, ",\"%s\":", key);
    if (s.n)
        buf_json_str(out, s);
    else
        buf_lit(out, "null");
}

/* Its own title, else how it was done, else what it is. */
static Str title_of(const Ctx *cx, const TimelineSource *s, const json_t *item)
{
    Str title = s->title ? json_get_str(item, str_z(cx->arena, s->title->name)) : STR_NULL;
    if (!title.n && s->method)
        title = text_in_lang(cx, s->method, item);
    return title.n ? title : label_in(&s->child->label, cx->lang);
}

static Str text_of(const Ctx *cx, const TimelineSource *s, const json_t *item)
{
    Str text = s->text ? json_get_str(item, str_z(cx->arena, s->text->name)) : STR_NULL;
    if (s->text && s->text->kind == F_RICH_TEXT)
        text = html_text(cx->arena, text);
    return str_sub(text, 0, utf8_offset(text, TEXT_SHOWN));
}

static void write_by(Buf *out, const json_t *by)
{
    buf_lit(out, ",\"by\":");
    if (json_is_object(by))
        json_write(out, by);
    else
        buf_lit(out, "null");
}

static void write_change(const TimelineRead *t, const json_t *item, Buf *out)
{
    static const char *const same[] = {"version", "action", "cause", "batch", "changes"};
    buf_lit(out, ",\"object\":");
    buf_json_str(out, t->object->name);
    buf_lit(out, ",\"id\":");
    buf_json_id(out, t->id);
    buf_lit(out, ",\"title\":null,\"text\":null");
    write_by(out, json_object_get(item, "by"));
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        buf_printf(out, ",\"%s\":", same[i]);
        json_write(out, json_object_get(item, same[i]));
    }
    if (json_object_get(item, "merged_from")) {
        buf_lit(out, ",\"merged_from\":");
        json_write(out, json_object_get(item, "merged_from"));
    }
}

/* Of one file its object, of several a list. */
static void write_files(const TimelineRead *t, const TimelineSource *s, const json_t *item,
                        Buf *out)
{
    size_t told = 0;
    for (size_t i = 0; i < TIMELINE_FILES && s->files[i]; i++) {
        const json_t *v = json_object_get(item, str_z(t->cx->arena, s->files[i]->name));
        size_t n = json_is_array(v) ? json_array_size(v) : json_is_object(v) ? 1 : 0;
        for (size_t k = 0; k < n; k++) {
            buf_str_add(out, told++ ? STR(",") : STR(",\"files\":["));
            json_write(out, json_is_array(v) ? json_array_get(v, k) : v);
        }
    }
    if (told)
        buf_char(out, ']');
}

static void write_child(const TimelineRead *t, const TimelineSource *s, const TimelineEntry *e,
                        Buf *out)
{
    const json_t *by = json_object_get(e->item, "created_by");
    if (!json_is_object(by) && s->child->owner)
        by = json_object_get(e->item, "owner");
    buf_lit(out, ",\"object\":");
    buf_json_str(out, s->child->name);
    buf_lit(out, ",\"id\":");
    buf_json_id(out, e->place.id);
    write_text_or_null(out, "title", title_of(t->cx, s, e->item));
    write_text_or_null(out, "text", text_of(t->cx, s, e->item));
    write_by(out, by);
    buf_printf(out, ",\"version\":%lld", (long long)json_get_int(e->item, "version", 1));
    if (s->mentions) {
        buf_lit(out, ",\"mentions\":");
        json_write(out, json_object_get(e->item, "mentions"));
    }
    write_files(t, s, e->item, out);
}

static void write_moment(Buf *out, const char *key, int64_t at, Id by, Str name)
{
    buf_printf(out, "\"%s\":\"", key);
    calendar_write_datetime(out, at);
    buf_printf(out, "\",\"%s_by\":{\"id\":\"%lld\"", key, (long long)by);
    write_text_or_null(out, "title", name);
    buf_char(out, '}');
}

static void write_pin(const TimelinePin *pin, Buf *out)
{
    buf_lit(out, ",\"pinned\":{");
    write_moment(out, "at", pin->at, pin->by, pin->by_name);
    if (pin->off_at) {
        buf_char(out, ',');
        write_moment(out, "off", pin->off_at, pin->off_by, pin->off_name);
    }
    buf_char(out, '}');
}

void timeline_entry_write(const TimelineRead *t, const TimelineSource *s, const TimelineEntry *e,
                          const TimelinePin *pin, Buf *out)
{
    buf_lit(out, "{\"at\":\"");
    calendar_write_datetime(out, e->place.at);
    buf_lit(out, "\",\"kind\":");
    buf_json_str(out, s->kind);
    if (s->child)
        write_child(t, s, e, out);
    else
        write_change(t, e->item, out);
    if (pin)
        write_pin(pin, out);
    buf_char(out, '}');
}

/* ---- merged */

/* A record that points here in two ways (about the account, and of it) is one entry. */
static Status newest(TimelineRead *t, const TimelineAt *given, TimelineSource **ret,
                     const TimelineEntry **ret_entry)
{
    *ret_entry = NULL;
    for (size_t i = 0; i < t->n; i++) {
        TimelineSource *s = &t->sources[i];
        const TimelineEntry *e = NULL;
        TRY(timeline_source_peek(t, s, &e));
        while (e && given->kind.n && timeline_source_compare(&e->place, given) == 0) {
            s->next++;
            TRY(timeline_source_peek(t, s, &e));
        }
        if (!e || (*ret_entry && timeline_source_compare(&(*ret_entry)->place, &e->place) <= 0))
            continue;
        *ret = s;
        *ret_entry = e;
    }
    return ST_OK;
}

static void write_kinds(const TimelineRead *t, Buf *out)
{
    buf_lit(out, "],\"kinds\":[");
    for (size_t i = 0; i < t->n; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || str_eq(t->sources[k].kind, t->sources[i].kind);
        if (again)
            continue;
        if (i)
            buf_char(out, ',');
        buf_json_str(out, t->sources[i].kind);
    }
    buf_char(out, ']');
}

/* One more than asked for tells whether there is more; as many as make the size of a usual page (docs/adr/0128). */
static int page_of(int limit) { return limit / 5 * 5 + 5; }

static Status write_page(TimelineRead *t, int limit, Buf *out)
{
    TimelineAt last = {0};
    TimelineSource *s = NULL;
    const TimelineEntry *e = NULL;
    buf_lit(out, "{\"items\":[");
    for (int i = 0;; i++) {
        TRY(newest(t, &last, &s, &e));
        if (!e || i == limit)
            break;
        if (i)
            buf_char(out, ',');
        timeline_entry_write(t, s, e, NULL, out);
        last = e->place;
        s->next++;
    }
    write_kinds(t, out);
    if (!t->has_after) {
        buf_lit(out, ",\"pinned\":");
        TRY(timeline_pin_list(t, false, out));
    }
    buf_lit(out, ",\"next\":");
    if (e)
        write_cursor(t, &last, out);
    else
        buf_lit(out, "null");
    buf_char(out, '}');
    return ST_OK;
}

Status timeline_write(Ctx *cx, const Object *o, Id id, const TimelineQuery *q, Buf *out)
{
    TimelineRead t = {.cx = cx, .object = o, .id = id, .page = page_of(q->limit)};
    Str history = STR_NULL;
    bool visible = false;
    TRY(query_visible(cx, o, id, &visible));
    if (!visible)
        return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
    TRY(read_cursor(&t, q->after, &history));
    TRY(timeline_source_all(&t, q->kinds));
    t.sources[0].from = history;
    return write_page(&t, q->limit, out);
}
