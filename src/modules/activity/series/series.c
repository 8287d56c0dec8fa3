/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs of what comes again: make the others, carry a change to them, call them off. What took place stays as it
 * was; each record is written under the right of who acts. */
#include "modules/activity/series/series.h"
#include "base/calendar.h"
#include "base/zone.h"

#define DAY_MS INT64_C(86400000)
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* clang-format off */
static const SeriesKind KINDS[] = {
    {"meeting", "starts_at", NULL, "ends_at", "planned", "cancelled", "meeting_attendees", NAMES("minutes"),
     NAMES("subject", "about", "account", "is_all_day", "visibility", "place", "address", "online_url", "agenda", "remind", "reminders")},
    {"task", "due_at", "start_at", NULL, "open", "cancelled", NULL, NAMES("result", "progress_rate"),
     NAMES("subject", "kind", "priority", "about", "contact", "is_all_day", "participants", "description", "remind", "reminders")},
};
/* clang-format on */

const SeriesKind *series_kind(const Record *r)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (str_is(r->object->name, KINDS[i].object))
            return &KINDS[i];
    return NULL;
}

int64_t series_day(const Ctx *cx, int64_t at, int64_t *ret_ms_of_day)
{
    int64_t local = at + zone_offset(cx->zone, at), day = calendar_floor_div(local, DAY_MS);
    *ret_ms_of_day = local - day * DAY_MS;
    return day;
}

static void shift(Record *r, const char *name, int64_t by)
{
    const Value *v = name ? verb_get(r, name) : &VALUE_NULL;
    if (v->t == V_TIME)
        verb_set(r, name, (Value){.t = V_TIME, .i = v->i + by});
}

void series_move(Record *r, const SeriesKind *k, int64_t at)
{
    int64_t by = at - verb_get(r, k->at)->i;
    if (!by)
        return;
    shift(r, k->at, by);
    shift(r, k->before, by);
    shift(r, k->after, by);
}

static Status starts_at(Ctx *cx, const Record *r, const SeriesKind *k, int64_t *ret)
{
    const Value *v = verb_get(r, k->at);
    if (v->t != V_TIME)
        return FIELD_FAIL(cx, str_of(k->at), "required", "activity.series_time",
                          "What shall come again needs a time");
    *ret = v->i;
    return ST_OK;
}

/* ---- repeat */

static Status make_one(Ctx *cx, Plan *plan, const VerbCall *c, const SeriesKind *k, int64_t at)
{
    Record *copy = verb_copy(cx, c->record);
    for (const char *const *name = k->cleared; *name; name++)
        verb_set(copy, *name, VALUE_NULL);
    verb_set_text(copy, "status", k->open);
    verb_set(copy, "series", *verb_get(c->record, "series"));
    series_move(copy, k, at);
    TRY(record_write(cx, plan, copy));
    return k->lines ? verb_copy_lines(cx, plan, c->record, copy, k->lines) : ST_OK;
}

static Status check_rows(Ctx *cx, const Record *r, const SeriesKind *k, size_t n, bool more)
{
    const Relation *rel = k->lines ? object_relation(r->object, str_of(k->lines)) : NULL;
    Id ids[VERB_EFFECTS + 1];
    size_t lines = 0;
    if (rel)
        TRY(record_children(cx, rel->field, r->object, r->id, COUNT_OF(ids), ids, &lines));
    if (!more && (n - 1) * (1 + lines) <= SERIES_ROWS)
        return ST_OK;
    return FIELD_FAIL(cx, STR("last_day"), "out_of_range", "activity.series_long",
                      "At most %d times, and %d records with those who take part; end it earlier",
                      SERIES_MOST, SERIES_ROWS);
}

static void write_rule(Ctx *cx, Record *r, const Recurrence *rule, int64_t first)
{
    Buf text = buf_in(cx->arena, 256);
    int64_t end =
        rule->until == RECUR_NO_END ? 0 : zone_to_utc(cx->zone, (rule->until + 1) * DAY_MS) - 1000;
    recurrence_write(rule, first, end, &text);
    verb_set(r, "recurrence", (Value){.t = V_TEXT, .s = buf_str(&text)});
    verb_set(r, "series",
             (Value){.t = V_TEXT, .s = str_format(cx->arena, "%lld", (long long)r->id)});
}

static Status series_repeat(Ctx *cx, Plan *plan, VerbCall *c)
{
    const SeriesKind *k = series_kind(c->record);
    Recurrence rule;
    int64_t at = 0, clock, days[SERIES_MOST];
    bool more;
    TRY(starts_at(cx, c->record, k, &at));
    int64_t first = series_day(cx, at, &clock);
    TRY(series_rule(cx, c, first, &rule));
    size_t n = recurrence_days(&rule, first, SERIES_MOST, days, &more);
    if (n == 1)
        return FIELD_FAIL(cx, STR("last_day"), "out_of_range", "activity.series_none",
                          "With this rule it does not come again");
    TRY(check_rows(cx, c->record, k, n, more));
    write_rule(cx, c->record, &rule, first);
    TRY(record_write(cx, plan, c->record));
    for (size_t i = 1; i < n; i++)
        TRY(make_one(cx, plan, c, k, zone_to_utc(cx->zone, days[i] * DAY_MS + clock)));
    return ST_OK;
}

/* ---- the others of a series */

typedef struct Others {
    Record *all[SERIES_MOST];
    size_t n;
} Others;

/* Those still to come that are meant, without the one in hand. */
static Status others(Ctx *cx, const VerbCall *c, const SeriesKind *k, Others *ret)
{
    Id ids[SERIES_MOST];
    size_t n = 0;
    Buf filter = buf_in(cx->arena, 512);
    buf_lit(&filter, "series = ");
    buf_json_str(&filter, verb_get(c->record, "series")->s);
    buf_printf(&filter, " and status = \"%s\"", k->open);
    if (str_is(verb_arg(c, "scope")->s, "following")) {
        int64_t at;
        TRY(starts_at(cx, c->record, k, &at));
        buf_printf(&filter, " and %s >= \"", k->at);
        calendar_write_datetime(&filter, at);
        buf_char(&filter, '"');
    }
    TRY(query_ids(cx, c->record->object, buf_str(&filter), 0, SERIES_MOST, ids, &n));
    ret->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (ids[i] == c->record->id)
            continue;
        TRY(record_load(cx, c->record->object, ids[i], &ret->all[ret->n]));
        ret->n++;
    }
    return ST_OK;
}

/* Words, people and time of day as in the one in hand; each stays on its day. */
static Status series_carry(Ctx *cx, Plan *plan, VerbCall *c)
{
    const SeriesKind *k = series_kind(c->record);
    Others o;
    int64_t at = 0, clock, unused;
    TRY(starts_at(cx, c->record, k, &at));
    (void)series_day(cx, at, &clock);
    TRY(others(cx, c, k, &o));
    for (size_t i = 0; i < o.n; i++) {
        Record *r = o.all[i];
        int64_t day = series_day(cx, verb_get(r, k->at)->i, &unused);
        for (const char *const *name = k->shared; *name; name++)
            verb_set(r, *name, *verb_get(c->record, *name));
        series_move(r, k, zone_to_utc(cx->zone, day * DAY_MS + clock));
        for (int side = 0; side < 2; side++) { /* as long as this one */
            const char *name = side ? k->after : k->before;
            const Value *here = name ? verb_get(c->record, name) : &VALUE_NULL;
            if (name && here->t == V_TIME)
                verb_set(r, name, (Value){.t = V_TIME, .i = verb_get(r, k->at)->i + here->i - at});
        }
        TRY(record_write(cx, plan, r));
    }
    return ST_OK;
}

/* Called off: they stay in lists and history, and leave calendars. */
static Status series_cancel(Ctx *cx, Plan *plan, VerbCall *c)
{
    const SeriesKind *k = series_kind(c->record);
    Others o;
    TRY(others(cx, c, k, &o));
    for (size_t i = 0; i < o.n; i++) {
        verb_set_text(o.all[i], "status", k->off);
        TRY(record_write(cx, plan, o.all[i]));
    }
    verb_set_text(c->record, "status", k->off);
    return record_write(cx, plan, c->record);
}

/* To the recycle bin, this one too; the right to delete is asked for each. */
static Status series_delete(Ctx *cx, Plan *plan, VerbCall *c)
{
    const SeriesKind *k = series_kind(c->record);
    Others o;
    TRY(others(cx, c, k, &o));
    for (size_t i = 0; i < o.n; i++)
        TRY(record_delete(cx, plan, o.all[i]));
    return record_delete(cx, plan, c->record);
}

const RecordVerb series_verbs[] = {
    {"meeting", "repeat", series_repeat},
    {"meeting", "series_cancel", series_cancel},
    {"meeting", "series_carry", series_carry},
    {"meeting", "series_delete", series_delete},
    {"task", "repeat", series_repeat},
    {"task", "series_cancel", series_cancel},
    {"task", "series_carry", series_carry},
    {"task", "series_delete", series_delete},
    {0},
};
