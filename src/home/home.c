/* SPDX-License-Identifier: Apache-2.0 */
/* The cards of the home page. A card is a row of a table: which records, and how they are shown or
 * measured; there is no other way to the data than that of lists and aggregates (home_card.c). */
#include "base/calendar.h"
#include "home/home_internal.h"
#include "marks/marks.h"

enum {
    TODOS = 30, /* of a kind, shown under the to-dos */
    WEEK = 100, /* entries of the calendar strip */
    IDLE = 6,   /* customers that nobody spoke to */
    RANKING = 5,
    RECENT = 8,
};

typedef struct HomeCard {
    const char *name, *object, *filter;
    const char *sort, *fields; /* of a list */
    const char *measure;       /* of an aggregate: its body without the filter */
    int limit;
    bool scoped;   /* mine or all, as asked for; else the filter says whose */
    bool only_all; /* compares people: nothing to see in one's own */
} HomeCard;

#define DUE "next_followup_at < days_ahead(1)"
#define MONTH "start_of(\"month\", today())"
#define LAST_MONTH "start_of(\"month\", months_ago(1))"
#define SAME_DAY "add_days(months_ago(1), 1)" /* the day behind today's in the month before */
#define WEEK_BEGINS "start_of(\"week\", today())"
#define WEEK_ENDS "add_days(" WEEK_BEGINS ", 7)"
#define IN_WEEK(at) at " >= " WEEK_BEGINS " and " at " < " WEEK_ENDS
#define COUNT_AND(sum) "{\"measures\":[\"count\",{\"sum\":\"" sum "\"}]}"
#define COUNT "{\"measures\":[\"count\"]}"

/* Of those nobody spoke to the ones come first that were left last: they can still be won back. */
/* clang-format off */
static const HomeCard CARDS[] = {
    {"tasks", "task", HOME_MY_TASK " and due_at < days_ahead(1)", "due_at",
     "subject,kind,status,priority,due_at,is_all_day,about,account,origin", NULL, TODOS, false, false},
    {"accounts_due", "account", "owner = me() and " DUE " and none(account_tasks, " HOME_MY_TASK ")",
     "next_followup_at", "name,next_followup_at", NULL, TODOS, false, false},
    {"leads_due", "lead", "owner = me() and " HOME_OPEN_LEAD " and " DUE
     " and none(tasks, " HOME_MY_TASK ")", "next_followup_at", "name,company,next_followup_at", NULL, TODOS, false, false},
    {"opportunities_due", "opportunity", "owner = me() and " HOME_OPEN_DEAL " and " DUE
     " and none(tasks, " HOME_MY_TASK ") and " HOME_NOT_BY_ACCOUNT("days_ahead(1)"),
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
    {"week_tasks", "task", HOME_MY_TASK " and " IN_WEEK("due_at"), "due_at",
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

static Status write_cards(Ctx *cx, HomeScope scope, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < COUNT_OF(CARDS); i++) {
        const HomeCard *c = &CARDS[i];
        bool mine = c->scoped && scope == HOME_MINE;
        HomeRead r = {.name = c->name,
                      .object = c->object,
                      .filter = mine ? str_format(cx->arena, "owner = me() and %s", c->filter)
                                     : str_of(c->filter),
                      .sort = c->sort,
                      .fields = c->fields,
                      .measure = c->measure,
                      .limit = c->limit,
                      .count = COUNT_CAPPED};
        if (!c->only_all || scope == HOME_ALL)
            TRY(home_card_write(cx, &r, &first, out));
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
