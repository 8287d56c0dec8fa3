/* SPDX-License-Identifier: Apache-2.0 */
/* The cards of the home page. A card is a row of a table: which records, and how they are shown or
 * measured; there is no other way to the data than that of lists and aggregates. */
#include "home/home.h"
#include "base/calendar.h"
#include "base/json.h"
#include "marks/marks.h"

enum {
    TODOS = 30, /* of a kind, shown under the to-dos */
    WEEK = 100, /* entries of the calendar strip */
    IDLE = 6,   /* customers that nobody spoke to */
    RANKING = 5,
    RECENT = 8,
    MAX_FILTER = 2048,
};

typedef struct HomeCard {
    const char *name, *object, *filter;
    const char *sort, *fields; /* of a list */
    const char *measure;       /* of an aggregate: its body without the filter */
    int limit;
    bool scoped;   /* mine or all, as asked for; else the filter says whose */
    bool only_all; /* compares people: nothing to see in one's own */
} HomeCard;

#define OPEN_TASK "status in (\"open\",\"doing\",\"waiting\")"
#define MY_TASK "owner = me() and " OPEN_TASK
#define DUE "next_followup_at < days_ahead(1)"
#define MONTH "start_of(\"month\", today())"
#define LAST_MONTH "start_of(\"month\", months_ago(1))"
#define SAME_DAY "add_days(months_ago(1), 1)" /* the day behind today's in the month before */
#define WEEK_BEGINS "start_of(\"week\", today())"
#define WEEK_ENDS "add_days(" WEEK_BEGINS ", 7)"
#define IN_WEEK(at) at " >= " WEEK_BEGINS " and " at " < " WEEK_ENDS
#define COUNT_AND(sum) "{\"measures\":[\"count\",{\"sum\":\"" sum "\"}]}"
#define COUNT "{\"measures\":[\"count\"]}"

/* A date that a task stands for is told by the task alone, and that of a customer not again by the deal.
 * Of those nobody spoke to the ones come first that were left last: they can still be won back. */
/* clang-format off */
static const HomeCard CARDS[] = {
    {"tasks", "task", MY_TASK " and due_at < days_ahead(1)", "due_at",
     "subject,kind,status,priority,due_at,is_all_day,about,account,origin", NULL, TODOS, false, false},
    {"accounts_due", "account", "owner = me() and " DUE " and none(account_tasks, " MY_TASK ")",
     "next_followup_at", "name,next_followup_at", NULL, TODOS, false, false},
    {"leads_due", "lead", "owner = me() and status in (\"assigned\",\"working\") and " DUE
     " and none(tasks, " MY_TASK ")", "next_followup_at", "name,company,next_followup_at", NULL, TODOS, false, false},
    {"opportunities_due", "opportunity", "owner = me() and outcome = \"open\" and " DUE
     " and none(tasks, " MY_TASK ") and (account is null or account.next_followup_at is null"
     " or account.next_followup_at >= days_ahead(1))",
     "next_followup_at", "name,account,next_followup_at", NULL, TODOS, false, false},
    {"accounts_pool", "account", "owner = me() and recycle_at < days_ahead(8)", "recycle_at",
     "name,recycle_at", NULL, TODOS, false, false},
    {"leads_pool", "lead", "owner = me() and recycle_at < days_ahead(8)", "recycle_at",
     "name,company,recycle_at", NULL, TODOS, false, false},
    {"week_meetings", "meeting", "(owner = me() or any(meeting_attendees, person = me())) and status != \"cancelled\""
     " and " IN_WEEK("starts_at"), "starts_at",
     "subject,starts_at,ends_at,is_all_day,status,account,place", NULL, WEEK, false, false},
    {"week_visits", "visit", "owner = me() and status in (\"planned\",\"checked_in\",\"done\") and "
     IN_WEEK("planned_at"), "planned_at", "purpose,planned_at,status,account,lead", NULL, WEEK, false, false},
    {"week_tasks", "task", MY_TASK " and " IN_WEEK("due_at"), "due_at",
     "subject,kind,due_at,is_all_day,account,about", NULL, WEEK, false, false},
    {"pipeline", "opportunity", "outcome = \"open\"", NULL, NULL, "{\"group\":[\"stage\"],\"measures\":[\"count\",{\"sum\":\"amount\"},{\"sum\":\"weighted_amount\"}]}",
     0, true, false},
    {"won", "opportunity", "outcome = \"won\" and closed_on >= " MONTH, NULL, NULL, COUNT_AND("amount"),
     0, true, false},
    {"won_before", "opportunity", "outcome = \"won\" and closed_on >= " LAST_MONTH
     " and closed_on < " SAME_DAY, NULL, NULL, COUNT_AND("amount"), 0, true, false},
    {"customers", "account", "created_at >= " MONTH, NULL, NULL, COUNT, 0, true, false},
    {"customers_before", "account", "created_at >= " LAST_MONTH " and created_at < " SAME_DAY,
     NULL, NULL, COUNT, 0, true, false},
    {"followups", "followup", "occurred_at >= " MONTH, NULL, NULL, COUNT, 0, true, false},
    {"followups_before", "followup", "occurred_at >= " LAST_MONTH " and occurred_at < " SAME_DAY,
     NULL, NULL, COUNT, 0, true, false},
    {"orders", "order", "placed_on >= " MONTH " and status != \"cancelled\"", NULL, NULL, COUNT_AND("total"),
     0, true, false},
    {"orders_before", "order", "placed_on >= " LAST_MONTH " and placed_on < " SAME_DAY
     " and status != \"cancelled\"", NULL, NULL, COUNT_AND("total"), 0, true, false},
    {"idle", "account", "(last_followup_at < days_ago(14) or last_followup_at is null and "
     "created_at < days_ago(14))", "-last_followup_at", "name,level,last_followup_at,recycle_at,owner",
     NULL, IDLE, true, false},
    {"known", "account", "id is not null", "-id", "name", NULL, 1, true, false},
    {"ranking", "opportunity", "outcome = \"won\" and closed_on >= " MONTH, NULL, NULL, "{\"group\":[\"owner\"],\"measures\":[\"count\",{\"sum\":\"amount\"}],\"sort\":[\"-sum_amount\"]}",
     RANKING, true, true},
};
/* clang-format on */

bool home_scope(Str word, HomeScope *ret)
{
    *ret = str_is(word, "all") ? HOME_ALL : HOME_MINE;
    return !word.n || str_is(word, "all") || str_is(word, "mine");
}

static Status write_list(Ctx *cx, const Object *o, const HomeCard *c, Str filter, Buf *out)
{
    ListQuery q = {.filter = filter,
                   .sort = str_of(c->sort),
                   .fields = str_of(c->fields),
                   .limit = c->limit,
                   .count = COUNT_CAPPED};
    buf_lit(out, ",\"sort\":");
    buf_json_str(out, q.sort);
    buf_lit(out, ",\"list\":");
    return query_list(cx, o, &q, out);
}

static Status write_aggregate(Ctx *cx, const Object *o, const HomeCard *c, Str filter, Buf *out)
{
    json_t *body = NULL;
    TRY(json_parse(cx, str_of(c->measure), &body));
    json_object_set_new(body, "filter", json_stringn(filter.p, filter.n));
    if (c->limit)
        json_object_set_new(body, "limit", json_integer(c->limit));
    buf_lit(out, ",\"aggregate\":");
    return query_aggregate(cx, o, body, out);
}

static Status write_card(Ctx *cx, const Object *o, const HomeCard *c, HomeScope scope, Buf *out)
{
    bool mine = c->scoped && scope == HOME_MINE;
    Str filter = mine ? str_format(cx->arena, "owner = me() and %s", c->filter) : str_of(c->filter);
    buf_printf(out, "\"%s\":{\"object\":\"%s\",\"filter\":", c->name, c->object);
    buf_json_str(out, filter);
    TRY(c->measure ? write_aggregate(cx, o, c, filter, out) : write_list(cx, o, c, filter, out));
    buf_char(out, '}');
    return ST_OK;
}

/* Names a field that the reader may not see or that is gone: no card of his. */
static bool is_not_for_him(const Ctx *cx, Status st)
{
    return st == ST_MALFORMED || st == ST_INVALID || st == ST_NOT_FOUND ||
           (st == ST_DENIED && cx->err.status == st);
}

static Status write_cards(Ctx *cx, HomeScope scope, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < COUNT_OF(CARDS); i++) {
        const HomeCard *c = &CARDS[i];
        const Object *o = meta_object(cx->meta, str_of(c->object));
        size_t before = out->n;
        if (!o || !cx->access->object(cx, o) || (c->only_all && scope != HOME_ALL))
            continue;
        if (!first)
            buf_char(out, ',');
        Status st = write_card(cx, o, c, scope, out);
        if (st == ST_OK) {
            first = false;
            continue;
        }
        if (!is_not_for_him(cx, st))
            return st;
        error_clear(cx);
        buf_truncate(out, before);
    }
    return ST_OK;
}

Status home_write(Ctx *cx, HomeScope scope, Buf *out)
{
    buf_lit(out, "{\"at\":\"");
    calendar_write_datetime(out, cx->now_ms);
    buf_printf(out, "\",\"scope\":\"%s\",\"cards\":{", scope == HOME_ALL ? "all" : "mine");
    TRY(db_read_begin(cx));
    Status st = write_cards(cx, scope, out);
    buf_lit(out, "},\"recent\":");
    if (st == ST_OK)
        st = marks_write_kind(cx, STR("recent"), RECENT, out);
    db_read_end(cx);
    TRY(st);
    buf_char(out, '}');
    return ST_OK;
}
