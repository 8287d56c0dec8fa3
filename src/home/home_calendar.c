/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar of activities: one answer over all objects that stand on days. */
#include "base/calendar.h"
#include "base/id.h"
#include "home/home_internal.h"

enum {
    ENTRIES = 200, /* of a kind; an answer that has more says so by "next" */
    LONGEST = 31,  /* days: what began earlier and still goes on is not looked for */
};

typedef struct Source {
    const char *name, *object, *filter; /* what of it, beside days and people */
    const char *whose; /* "%s in (people)"; NULL: meetings, whose people are many */
    const char *at, *ends, *fields;
} Source;

#define SEEN                                                                                       \
    "(visibility is null or visibility = \"public\" or owner = me() or any(meeting_attendees, "    \
    "person = me()))"
#define HELD "status != \"cancelled\" and "
#define NO_TASK(relation) "none(" relation ", " HOME_OPEN_TASK ")"

/* clang-format off */
static const Source SOURCES[] = {
    {"meetings", "meeting", HELD SEEN, NULL, "starts_at", "ends_at",
     "subject,starts_at,ends_at,is_all_day,status,account,about,place,series,owner"},
    {"busy", "meeting", HELD "not " SEEN, NULL, "starts_at", "ends_at", "starts_at,ends_at,is_all_day,owner"},
    {"attendees", "meeting_attendee", "meeting is not null", "person", "meeting.starts_at", NULL, "meeting,person"},
    {"visits", "visit", "status in (\"planned\",\"checked_in\",\"done\")", "owner", "planned_at", NULL,
     "purpose,planned_at,planned_duration,status,account,lead,owner"},
    {"tasks", "task", "status != \"cancelled\"", "owner", "due_at", NULL,
     "subject,kind,status,start_at,due_at,is_all_day,account,about,series,owner"},
    {"calls", "call", "id is not null", "owner", "started_at", NULL,
     "direction,started_at,ended_at,result,account,contact,lead,owner"},
    {"accounts_due", "account", NO_TASK("account_tasks"), "owner", "next_followup_at", NULL, "name,next_followup_at,owner"},
    {"leads_due", "lead", HOME_OPEN_LEAD " and " NO_TASK("tasks"), "owner", "next_followup_at", NULL,
     "name,company,next_followup_at,owner"},
    {"opportunities_due", "opportunity", HOME_OPEN_DEAL " and " NO_TASK("tasks")
     " and (account is null or account.next_followup_at is null)", "owner", "next_followup_at", NULL,
     "name,account,next_followup_at,owner"},
};
/* clang-format on */

typedef struct People {
    Id ids[CALENDAR_PEOPLE + 1];
    size_t n;
    Str text; /* "1","2" as an expression takes it */
} People;

static Status refuse(Ctx *cx, const char *name)
{
    Status st = FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "home.calendar_people",
                          "up to 50 ids with commas between them, or a department");
    FIELD_FAIL(cx, str_of(name), "bad_value", "home.bad_people", "Not accepted");
    return st;
}

static Status read_people(Ctx *cx, Str text, People *p)
{
    for (Str one; str_split(&text, ',', &one); p->n++)
        if (p->n == CALENDAR_PEOPLE || !id_parse(one, &p->ids[p->n]))
            return refuse(cx, "people");
    return ST_OK;
}

/* Departments are a tree of a few levels; a path of links is what filters know. */
static Status read_department(Ctx *cx, Str text, People *p)
{
    const Object *user = meta_object(cx->meta, STR("user"));
    Str filter = STR("status = \"active\" and department in my_departments()");
    if (!str_is(text, "mine")) {
        Id id;
        if (!id_parse(text, &id))
            return refuse(cx, "department");
        filter = str_format(cx->arena,
                            "status = \"active\" and (department = \"%lld\" or department.parent = "
                            "\"%lld\" or department.parent.parent = \"%lld\" or "
                            "department.parent.parent.parent = \"%lld\")",
                            (long long)id, (long long)id, (long long)id, (long long)id);
    }
    return user ? query_ids(cx, user, filter, 0, CALENDAR_PEOPLE + 1, p->ids, &p->n) : ST_OK;
}

static Status who(Ctx *cx, const HomeCalendar *c, People *p, bool *ret_more)
{
    if (c->department.n)
        TRY(read_department(cx, c->department, p));
    else if (c->people.n)
        TRY(read_people(cx, c->people, p));
    else
        p->ids[p->n++] = cx->user_id;
    *ret_more = p->n > CALENDAR_PEOPLE;
    if (*ret_more)
        p->n = CALENDAR_PEOPLE;
    Buf b = buf_in(cx->arena, (size_t)CALENDAR_PEOPLE * 24);
    for (size_t i = 0; i < p->n; i++)
        buf_printf(&b, "%s\"%lld\"", i ? "," : "", (long long)p->ids[i]);
    p->text = buf_str(&b);
    return ST_OK;
}

static Status write_people(Ctx *cx, const People *p, bool more, Buf *out)
{
    const Object *user = meta_object(cx->meta, STR("user"));
    Str titles[CALENDAR_PEOPLE];
    memset(titles, 0, sizeof titles);
    if (user && p->n)
        TRY(query_titles(cx, user, p->ids, p->n, titles, NULL));
    buf_lit(out, ",\"people\":[");
    for (size_t i = 0; i < p->n; i++) {
        if (i)
            buf_char(out, ',');
        buf_json_named(out, p->ids[i], titles[i]);
    }
    buf_lit(out, "],\"people_more\":");
    buf_json_bool(out, more);
    return ST_OK;
}

/* Days that are not what their place in the week says. */
static void write_odd_days(const Ctx *cx, const HomeCalendar *c, bool works, Buf *out)
{
    bool first = true;
    for (int64_t day = c->from; day < c->to; day++) {
        int64_t more = meta_workdays_more(cx->meta, day) - meta_workdays_more(cx->meta, day - 1);
        if (more != (works ? 1 : -1))
            continue;
        buf_add(out, ",", first ? 0 : 1);
        buf_char(out, '"');
        calendar_write_date(out, day);
        buf_char(out, '"');
        first = false;
    }
}

static Str day_text(Ctx *cx, int64_t day)
{
    Buf b = buf_in(cx->arena, 16);
    calendar_write_date(&b, day);
    return buf_str(&b);
}

static Str filter_of(Ctx *cx, const Source *s, const HomeCalendar *c, Str people)
{
    Buf b = buf_in(cx->arena, 8192);
    int64_t from = s->ends ? c->from - LONGEST : c->from;
    buf_printf(&b, "%s >= \"" STR_FMT "\" and %s < \"" STR_FMT "\" and ", s->at,
               STR_ARG(day_text(cx, from)), s->at, STR_ARG(day_text(cx, c->to)));
    if (s->ends)
        buf_printf(&b, "(%s >= \"" STR_FMT "\" or %s > \"" STR_FMT "\") and ", s->at,
                   STR_ARG(day_text(cx, c->from)), s->ends, STR_ARG(day_text(cx, c->from)));
    if (s->whose)
        buf_printf(&b, "%s in (" STR_FMT ") and ", s->whose, STR_ARG(people));
    else
        buf_printf(&b,
                   "(owner in (" STR_FMT ") or any(meeting_attendees, person in (" STR_FMT ")))"
                   " and ",
                   STR_ARG(people), STR_ARG(people));
    buf_printf(&b, "%s", s->filter);
    return buf_str(&b);
}

static Status write_sources(Ctx *cx, const HomeCalendar *c, Str people, Buf *out)
{
    bool first = true;
    for (size_t i = 0; people.n && i < COUNT_OF(SOURCES); i++) {
        const Source *s = &SOURCES[i];
        HomeRead r = {.name = s->name,
                      .object = s->object,
                      .filter = filter_of(cx, s, c, people),
                      .sort = s->at,
                      .fields = s->fields,
                      .limit = ENTRIES,
                      .count = COUNT_NONE};
        TRY(home_card_write(cx, &r, &first, out));
    }
    return ST_OK;
}

static Status write_all(Ctx *cx, const HomeCalendar *c, Buf *out)
{
    People p = {.n = 0};
    bool more = false;
    TRY(who(cx, c, &p, &more));
    buf_lit(out, "{\"from\":\"");
    calendar_write_date(out, c->from);
    buf_lit(out, "\",\"to\":\"");
    calendar_write_date(out, c->to);
    buf_char(out, '"');
    TRY(write_people(cx, &p, more, out));
    buf_lit(out, ",\"off\":[");
    write_odd_days(cx, c, false, out);
    buf_lit(out, "],\"work\":[");
    write_odd_days(cx, c, true, out);
    buf_lit(out, "],\"cards\":{");
    TRY(write_sources(cx, c, p.text, out));
    buf_lit(out, "}}");
    return ST_OK;
}

Status home_calendar_write(Ctx *cx, const HomeCalendar *c, Buf *out)
{
    TRY(db_read_begin(cx));
    Status st = write_all(cx, c, out);
    db_read_end(cx);
    return st;
}
