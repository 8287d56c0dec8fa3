/* SPDX-License-Identifier: Apache-2.0 */
/* iCalendar (RFC 5545): activities with a time become events, what is due becomes a task (VTODO), out of
 * fields of the usual names. Instants are UTC; what repeats keeps its wall clock and names its zone,
 * whose rules stand in front. Whole days are days in the reader's zone. A row without a time is no
 * entry; it is counted. */
#include "base/calendar.h"
#include "export/export_line.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define DAY_MS 86400000
#define MAX_STEPS 64 /* of a zone that are told: enough for any zone's laws of the last decades */

static const char *const STARTS[] = {"starts_at", "start_at", "planned_at", "started_at", NULL};
static const char *const ENDS[] = {"ends_at", "ended_at", "checkout_at", NULL};

static bool has_time(const Object *o, const char *name)
{
    const Field *f = object_field(o, str_of(name));
    return f && (f->kind == F_DATETIME || f->kind == F_DATE);
}

static bool calendar_fits(const Object *o)
{
    bool fits = has_time(o, "due_at");
    for (size_t i = 0; STARTS[i]; i++)
        fits |= has_time(o, STARTS[i]);
    return fits;
}

static bool is_todo(const Export *x) { return has_time(x->object, "due_at"); }

/* ---- the zone */
static Str offset_text(Arena *a, int64_t ms)
{
    int minutes = (int)((ms < 0 ? -ms : ms) / 60000);
    return str_format(a, "%c%02d%02d", ms < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static void zone_step(Cards *c, const ZoneStep *before, const ZoneStep *step)
{
    bool summer = before->offset_ms < step->offset_ms;
    bool first = step->from_ms == INT64_MIN;
    export_line_raw(c, "BEGIN", summer ? STR("DAYLIGHT") : STR("STANDARD"));
    export_line_raw(c, "DTSTART",
                    first ? STR("19700101T000000")
                          : export_line_instant(c->pad, step->from_ms + before->offset_ms, false));
    export_line_raw(c, "TZOFFSETFROM", offset_text(c->pad, before->offset_ms));
    export_line_raw(c, "TZOFFSETTO", offset_text(c->pad, step->offset_ms));
    export_line_raw(c, "END", summer ? STR("DAYLIGHT") : STR("STANDARD"));
}

/* The steps from ten years ago on, behind the one that held before. */
static void write_zone(const Export *x, Cards *c)
{
    const Zone *z = x->cx->zone;
    int64_t from = x->cx->now_ms - (int64_t)3652 * DAY_MS;
    size_t i = 0;
    while (i + 1 < z->n && z->steps[i + 1].from_ms <= from)
        i++;
    export_line_raw(c, "BEGIN", STR("VTIMEZONE"));
    export_line_text(c, "TZID", str_of(z->name));
    ZoneStep first = {.from_ms = INT64_MIN, .offset_ms = z->n ? z->steps[i].offset_ms : 0};
    zone_step(c, &first, &first);
    for (size_t n = 0; i + 1 < z->n && n < MAX_STEPS; i++, n++)
        zone_step(c, &z->steps[i], &z->steps[i + 1]);
    export_line_raw(c, "END", STR("VTIMEZONE"));
}

/* ---- times */
typedef struct Entry {
    bool whole_days, repeats;
    Str rule;
} Entry;

static void write_time(const Export *x, Cards *c, const char *name, const Value *v, const Entry *e,
                       int more_days)
{
    const Zone *z = x->cx->zone;
    if (v->t == V_DATE || e->whole_days) {
        int64_t local = v->t == V_DATE ? 0 : v->i + zone_offset(z, v->i);
        int64_t day = v->t == V_DATE ? v->i : calendar_floor_div(local, DAY_MS);
        Str head = str_format(c->pad, "%s;VALUE=DATE", name);
        export_line_raw(c, str_z(c->pad, head), export_line_day(c->pad, day + more_days, false));
    } else if (e->repeats) {
        Str head = str_format(c->pad, "%s;TZID=%s", name, z->name);
        export_line_raw(c, str_z(c->pad, head),
                        export_line_instant(c->pad, v->i + zone_offset(z, v->i), false));
    } else {
        export_line_raw(c, name, export_line_instant(c->pad, v->i, true));
    }
}

/* The end of a day is the day after it. */
static void write_end(const Export *x, Cards *c, const Value *start, const Entry *e)
{
    const Value *end = export_cards_value(x, c, ENDS, NULL);
    const Value *lasts = export_cards_value(x, c, NAMES("planned_duration"), NULL);
    if (end && end->t == start->t && end->i >= start->i)
        write_time(x, c, "DTEND", end, e, 1);
    else if (lasts && lasts->t == V_DURATION && start->t == V_TIME && lasts->i > 0)
        write_time(x, c, "DTEND", &(Value){.t = V_TIME, .i = start->i + lasts->i}, e, 1);
    else if (start->t == V_DATE || e->whole_days)
        write_time(x, c, "DTEND", start, e, 1);
}

static Str word_of(const Export *x, const Cards *c, const char *name)
{
    const Value *v = export_cards_value(x, c, NAMES(name), NULL);
    return v && v->t == V_TEXT ? v->s : STR("");
}

static void write_status(const Export *x, Cards *c)
{
    static const struct {
        const char *status, *event, *todo;
    } WORDS[] = {
        {"open", NULL, "NEEDS-ACTION"},    {"waiting", NULL, "NEEDS-ACTION"},
        {"doing", NULL, "IN-PROCESS"},     {"done", "CONFIRMED", "COMPLETED"},
        {"held", "CONFIRMED", NULL},       {"planned", "CONFIRMED", "NEEDS-ACTION"},
        {"checked_in", "CONFIRMED", NULL}, {"cancelled", "CANCELLED", "CANCELLED"},
        {"no_show", "CANCELLED", NULL},    {"missed", "CANCELLED", NULL},
    };
    Str status = word_of(x, c, "status");
    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        const char *word = is_todo(x) ? WORDS[i].todo : WORDS[i].event;
        if (word && str_is(status, WORDS[i].status))
            export_line_raw(c, "STATUS", str_of(word));
    }
}

static void write_todo(const Export *x, Cards *c, const Entry *e)
{
    const Value *due = export_cards_value(x, c, NAMES("due_at"), NULL);
    const Value *start = export_cards_value(x, c, STARTS, NULL);
    const Value *done = export_cards_value(x, c, NAMES("completed_at"), NULL);
    const Value *rate = export_cards_value(x, c, NAMES("progress_rate"), NULL);
    Str priority = word_of(x, c, "priority");
    if (start)
        write_time(x, c, "DTSTART", start, e, 0);
    if (due && (!start || due->i > start->i))
        write_time(x, c, "DUE", due, e, 0);
    if (done && done->t == V_TIME)
        export_line_raw(c, "COMPLETED", export_line_instant(c->pad, done->i, true));
    if (rate && rate->t == V_DECIMAL) {
        Buf out = buf_in(c->pad, 64);
        int64_t whole = rate->i;
        for (int i = 0; i < rate->scale; i++)
            whole /= 10;
        buf_int(&out, whole < 0 ? 0 : whole > 100 ? 100 : whole);
        export_line_raw(c, "PERCENT-COMPLETE", buf_str(&out));
    }
    export_line_raw(c, "PRIORITY",
                    str_is(priority, "urgent") ? STR("1")
                    : str_is(priority, "high") ? STR("3")
                    : str_is(priority, "low")  ? STR("9")
                                               : STR("5"));
}

/* ---- an entry */
static void write_summary(const Export *x, Cards *c)
{
    const Field *title = x->object->title;
    Buf out = buf_in(c->pad, (size_t)64 * 1024);
    if (title->kind != F_ID)
        buf_str_add(&out, export_cards_text(x, c, NAMES(str_z(c->pad, title->name))));
    if (!out.n) {
        buf_str_add(&out, label_in(&x->object->label, x->cx->lang));
        Str about = export_cards_text(x, c, NAMES("account", "lead", "contact", "about"));
        if (about.n) {
            buf_lit(&out, " · ");
            buf_str_add(&out, about);
        }
    }
    export_line_text(c, "SUMMARY", buf_str(&out));
}

static void write_words(const Export *x, Cards *c)
{
    write_summary(x, c);
    export_line_text(c, "DESCRIPTION",
                     export_cards_text(x, c, NAMES("description", "agenda", "result", "summary")));
    export_line_text(c, "LOCATION",
                     export_cards_text(x, c, NAMES("place", "address", "checkin_address")));
    export_line_text(c, "CATEGORIES", export_cards_text(x, c, NAMES("kind", "purpose")));
    Str url = export_cards_text(x, c, NAMES("online_url"));
    if (url.n)
        export_line_raw(c, "URL", url);
    if (str_is(word_of(x, c, "visibility"), "private"))
        export_line_raw(c, "CLASS", STR("PRIVATE"));
    write_status(x, c);
}

static void write_marks(const Export *x, Cards *c)
{
    const Value *id = export_cards_value(x, c, NAMES("id"), NULL);
    const Value *made = export_cards_value(x, c, NAMES("created_at"), NULL);
    const Value *changed = export_cards_value(x, c, NAMES("updated_at"), NULL);
    const Value *sequence = export_cards_value(x, c, NAMES("sequence"), NULL);
    Str uid = export_cards_text(x, c, NAMES("uid"));
    if (uid.n || id)
        export_line_text(c, "UID", uid.n ? uid : export_line_urn(c->pad, x, id->i));
    export_line_raw(
        c, "DTSTAMP",
        export_line_instant(c->pad, changed && changed->t == V_TIME ? changed->i : x->cx->now_ms,
                            true));
    if (made && made->t == V_TIME)
        export_line_raw(c, "CREATED", export_line_instant(c->pad, made->i, true));
    if (changed && changed->t == V_TIME)
        export_line_raw(c, "LAST-MODIFIED", export_line_instant(c->pad, changed->i, true));
    if (sequence && sequence->t == V_INT)
        export_line_raw(c, "SEQUENCE", str_format(c->pad, "%lld", (long long)sequence->i));
}

/* FREQ=WEEKLY;… as a rule of its own; any other words are none. */
static Str rule_of(const Export *x, Cards *c)
{
    Str rule = export_cards_text(x, c, NAMES("recurrence"));
    if (str_starts(rule, STR("RRULE:")))
        rule = str_sub(rule, 6, SIZE_MAX);
    Str series = export_cards_text(x, c, NAMES("series")); /* its others are entries themselves */
    bool fits = !series.n && str_starts(rule, STR("FREQ="));
    for (size_t i = 0; fits && i < rule.n; i++)
        fits = (unsigned char)rule.p[i] > ' ' && (unsigned char)rule.p[i] < 0x7f;
    return fits ? str_copy(c->pad, rule) : STR_NULL;
}

static void write_entry(Export *x, Cards *c)
{
    bool todo = is_todo(x);
    const Value *start = export_cards_value(x, c, STARTS, NULL);
    const Value *whole = export_cards_value(x, c, NAMES("is_all_day"), NULL);
    Entry e = {.whole_days = whole && whole->t == V_BOOL && whole->b, .rule = rule_of(x, c)};
    e.repeats = e.rule.n > 0;
    if (start && start->t != V_TIME && start->t != V_DATE) /* masked */
        start = NULL;
    if (!start && !todo) {
        x->skipped++;
        return;
    }
    export_line_raw(c, "BEGIN", todo ? STR("VTODO") : STR("VEVENT"));
    write_marks(x, c);
    write_words(x, c);
    if (todo) {
        write_todo(x, c, &e);
    } else {
        write_time(x, c, "DTSTART", start, &e, 0);
        write_end(x, c, start, &e);
    }
    if (e.repeats && (start || export_cards_value(x, c, NAMES("due_at"), NULL)))
        export_line_raw(c, "RRULE", e.rule);
    export_line_raw(c, "END", todo ? STR("VTODO") : STR("VEVENT"));
}

/* ---- the writer */
static Status calendar_begin(Export *x, const char *path, void **ret)
{
    Cards *c = NULL;
    Status st = export_cards_begin(x, path, write_entry, &c);
    *ret = c;
    export_line_raw(c, "BEGIN", STR("VCALENDAR"));
    export_line_raw(c, "VERSION", STR("2.0"));
    export_line_raw(c, "PRODID", STR("-//Guanxi//Guanxi//EN"));
    export_line_raw(c, "CALSCALE", STR("GREGORIAN"));
    export_line_text(c, "X-WR-CALNAME", label_in(&x->object->label, x->cx->lang));
    export_line_text(c, "X-WR-TIMEZONE", str_of(x->cx->zone->name));
    write_zone(x, c);
    arena_reset(c->pad);
    return st;
}

static Status calendar_end(Export *x, void *state)
{
    export_line_raw(state, "END", STR("VCALENDAR"));
    return export_cards_end(x, state);
}

const ExportWriter export_calendar = {.begin = calendar_begin,
                                      .rows = export_cards_rows,
                                      .end = calendar_end,
                                      .close = export_cards_close,
                                      .fits = calendar_fits,
                                      .ending = "ics",
                                      .type = "text/calendar; charset=utf-8"};
