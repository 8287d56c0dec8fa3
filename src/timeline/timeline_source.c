/* SPDX-License-Identifier: Apache-2.0 */
/* Sources of a timeline. A list is asked for what lies at or before the cursor's time, newest first; what
 * shares that very time and was given already is passed over. */
#include "base/calendar.h"
#include "base/id.h"
#include "record/history.h"
#include "timeline/timeline_internal.h"

#define PAGE_BYTES ((size_t)4 << 20)

int timeline_source_compare(const TimelineAt *a, const TimelineAt *b)
{
    if (a->at != b->at)
        return a->at > b->at ? -1 : 1;
    int c = str_cmp(a->kind, b->kind);
    return c ? c : (a->id < b->id) - (a->id > b->id);
}

/* ---- which there are */

static const Field *first_field(const Ctx *cx, const Object *o, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const Field *f = object_field(o, str_of(names[i]));
        if (f && cx->access->field(cx, f))
            return f;
    }
    return NULL;
}

/* When it took place, where that is always known; else when it was written down. */
static const Field *time_of(const Ctx *cx, const Object *o)
{
    static const char *const names[] = {"occurred_at", "started_at", "starts_at"};
    const Field *f = first_field(cx, o, names, COUNT_OF(names));
    return f && f->kind == F_DATETIME ? f : o->created_at;
}

static void files_of(const Ctx *cx, const Object *o, TimelineSource *s)
{
    size_t n = 0;
    for (size_t i = 0; i < o->n_fields && n < TIMELINE_FILES; i++) {
        const Field *f = o->fields[i];
        if ((f->kind == F_FILE || f->kind == F_IMAGE) && cx->access->field(cx, f))
            s->files[n++] = f;
    }
}

static TimelineSource source_of(const Ctx *cx, const Relation *r)
{
    static const char *const texts[] = {"content", "body",   "summary",    "minutes",
                                        "result",  "detail", "description"};
    static const char *const methods[] = {"method", "direction", "reason"};
    const Object *o = r->child;
    static const char *const people[] = {"mentions"};
    const Field *mentions = first_field(cx, o, people, COUNT_OF(people));
    bool named = o->title != o->id && cx->access->field(cx, o->title);
    TimelineSource s = {.kind = o->name,
                        .child = o,
                        .link = r->field,
                        .at = time_of(cx, o),
                        .title = named ? o->title : NULL,
                        .method = first_field(cx, o, methods, COUNT_OF(methods)),
                        .mentions = mentions && mentions->kind == F_LINKS ? mentions : NULL,
                        .text = first_field(cx, o, texts, COUNT_OF(texts))};
    files_of(cx, o, &s);
    return s;
}

static bool is_source(const Ctx *cx, const Object *o, const Relation *r)
{
    return r->child != o && json_get_bool(r->child->decl, "timeline", false) &&
           cx->access->object(cx, r->child) && cx->access->field(cx, r->field);
}

static bool is_wanted(Str kinds, Str kind)
{
    Str rest = kinds, word;
    while (str_split(&rest, ',', &word))
        if (str_eq(str_trim(word), kind))
            return true;
    return !kinds.n;
}

static Status check_kinds(const TimelineRead *t, Str kinds)
{
    Str rest = kinds, word;
    while (kinds.n && str_split(&rest, ',', &word)) {
        bool known = false;
        for (size_t i = 0; i < t->n; i++)
            known = known || str_eq(t->sources[i].kind, str_trim(word));
        if (known)
            continue;
        Status st = FAIL_CODE(t->cx, ST_MALFORMED, "bad_parameter", "timeline.unknown_kind",
                              "There is no kind \"%.*s\" here", STR_ARG(str_sub(word, 0, 80)));
        FIELD_FAIL(t->cx, STR("kind"), "bad_value", "timeline.unknown_kind",
                   "There is no kind \"%.*s\" here", STR_ARG(str_sub(word, 0, 80)));
        return st;
    }
    return ST_OK;
}

Status timeline_source_all(TimelineRead *t, Str kinds)
{
    const Object *o = t->object;
    t->sources = ARENA_ARRAY(t->cx->arena, TimelineSource, o->n_relations + 1);
    t->sources[t->n++] = (TimelineSource){.kind = STR(TIMELINE_CHANGE)};
    for (size_t i = 0; i < o->n_relations; i++)
        if (is_source(t->cx, o, &o->relations[i]))
            t->sources[t->n++] = source_of(t->cx, &o->relations[i]);
    TRY(check_kinds(t, kinds));
    for (size_t i = 0; i < t->n; i++)
        if (!is_wanted(kinds, t->sources[i].kind)) {
            t->sources[i].page = ARENA_NEW(t->cx->arena, TimelineEntry); /* read to its end */
            t->sources[i].is_unwanted = true;
        }
    return ST_OK;
}

/* ---- a page of one */

/* Of one moment the record's own changes come first, behind them those of records that became part of it. */
static Id place_of_change(const json_t *item)
{
    Id version = json_get_int(item, "version", 0), merged = 0;
    Str from = json_get_str(json_object_get(item, "merged_from"), "id");
    return id_parse(from, &merged) ? version - merged : version;
}

static Status parse_page(TimelineRead *t, TimelineSource *s, Buf *text)
{
    json_t *page = NULL;
    if (buf_overflowed(text))
        return FAIL(t->cx, ST_TOO_LARGE, "timeline.too_large", "The timeline is too large");
    TRY(json_parse(t->cx, buf_str(text), &page));
    const json_t *items = json_object_get(page, "items");
    s->n = json_array_size(items);
    s->next = 0;
    s->more = json_get_str(page, "next");
    s->page = ARENA_ARRAY(t->cx->arena, TimelineEntry, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        const json_t *item = json_array_get(items, i);
        TimelineEntry *e = &s->page[i];
        Str at = json_get_str(item, s->child ? str_z(t->cx->arena, s->at->name) : "at");
        *e = (TimelineEntry){.place = {.kind = s->kind}, .item = item};
        if (!calendar_parse_datetime(at, &e->place.at))
            e->place.at = 0;
        if (!s->child)
            e->place.id = place_of_change(item);
        else if (!id_parse(json_get_str(item, "id"), &e->place.id))
            return FAIL(t->cx, ST_INTERNAL, "timeline.no_id", "an entry without id");
    }
    return ST_OK;
}

static void add_name(Buf *b, const Field *f)
{
    if (!f)
        return;
    buf_char(b, ',');
    buf_str_add(b, f->name);
}

/* A change of which the reader may see nothing is none. */
static bool is_empty_change(const TimelineSource *s, const json_t *item)
{
    return !s->child && str_is(json_get_str(item, "action"), "update") &&
           !str_is(json_get_str(item, "cause"), "merge") &&
           json_array_size(json_object_get(item, "changes")) == 0;
}

Status timeline_source_filtered(TimelineRead *t, TimelineSource *s, Str filter, Str after)
{
    Buf fields = buf_in(t->cx->arena, 1024), out = buf_in(t->cx->arena, PAGE_BYTES);
    buf_lit(&fields, "id,created_by");
    add_name(&fields, s->at);
    add_name(&fields, s->title);
    add_name(&fields, s->method);
    add_name(&fields, s->text);
    add_name(&fields, s->mentions);
    for (size_t i = 0; i < TIMELINE_FILES; i++)
        add_name(&fields, s->files[i]);
    add_name(&fields, s->child->owner);
    ListQuery q = {.filter = filter,
                   .fields = buf_str(&fields),
                   .sort = str_format(t->cx->arena, "-" STR_FMT, STR_ARG(s->at->name)),
                   .after = after,
                   .limit = t->page,
                   .count = COUNT_NONE,
                   .parent_field = s->link,
                   .parent_object = t->object,
                   .parent = t->id};
    TRY(query_list(t->cx, s->child, &q, &out));
    return parse_page(t, s, &out);
}

static Status read_children(TimelineRead *t, TimelineSource *s, Str after)
{
    Buf filter = buf_in(t->cx->arena, 1024);
    if (t->has_after) {
        buf_str_add(&filter, s->at->name);
        buf_lit(&filter, " <= \"");
        calendar_write_datetime(&filter, t->after.at);
        buf_lit(&filter, "\"");
    }
    return timeline_source_filtered(t, s, buf_str(&filter), after);
}

/* The item of that version alone, if it is there. */
static void keep_version(TimelineRead *t, TimelineSource *s, Id of, int64_t version)
{
    for (size_t i = 0; i < s->n; i++) {
        const json_t *item = s->page[i].item;
        Id merged = t->id;
        (void)!id_parse(json_get_str(json_object_get(item, "merged_from"), "id"), &merged);
        if (merged != of || json_get_int(item, "version", 0) != version ||
            str_is(json_get_str(item, "action"), "delete") || is_empty_change(s, item))
            continue;
        s->page[0] = s->page[i];
        s->n = 1;
        return;
    }
    s->n = 0;
}

Status timeline_source_version(TimelineRead *t, TimelineSource *s, Id of, int64_t version)
{
    Buf out = buf_in(t->cx->arena, PAGE_BYTES);
    bool found = false;
    s->n = 0;
    TRY(record_history_version(t->cx, t->object, t->id, of, version, &out, &found));
    if (!found)
        return ST_OK;
    TRY(parse_page(t, s, &out));
    keep_version(t, s, of, version);
    return ST_OK;
}

static Status read_page(TimelineRead *t, TimelineSource *s, Str after)
{
    s->from = after;
    if (s->child)
        return read_children(t, s, after);
    Buf out = buf_in(t->cx->arena, PAGE_BYTES);
    TRY(record_history(t->cx, t->object, t->id, after, t->page, &out));
    return parse_page(t, s, &out);
}

Status timeline_source_peek(TimelineRead *t, TimelineSource *s, const TimelineEntry **ret)
{
    *ret = NULL;
    if (!s->page)
        TRY(read_page(t, s, s->from));
    for (;;) {
        for (; s->page && s->next < s->n; s->next++) {
            const TimelineEntry *e = &s->page[s->next];
            if ((t->has_after && timeline_source_compare(&e->place, &t->after) <= 0) ||
                is_empty_change(s, e->item))
                continue;
            *ret = e;
            return ST_OK;
        }
        if (!s->more.n)
            return ST_OK;
        TRY(read_page(t, s, s->more));
    }
}
