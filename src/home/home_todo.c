/* SPDX-License-Identifier: Apache-2.0 */
/* To-dos: what waits for the reader, due or not yet, over all objects. */
#include "base/calendar.h"
#include "home/home_internal.h"

enum {
    TASKS = 200,
    DATES = 100, /* of a kind */
};

typedef struct Waiting {
    const char *name, *object;
    const char *filter;
    const char *at, *until; /* due: at < until; NULL: however late */
    const char *fields;
    int limit;
    bool due; /* is counted where it is overdue or due today */
} Waiting;

#define TODAY "days_ahead(1)"
#define SOON "days_ahead(31)"
#define NO_TASK(relation) "none(" relation ", " HOME_MY_TASK ")"

/* clang-format off */
static const Waiting WAITING[] = {
    {"tasks", "task", HOME_MY_TASK, "due_at", NULL,
     "subject,kind,status,priority,due_at,is_all_day,about,account,origin", TASKS, true},
    {"accounts_due", "account", "owner = me() and " NO_TASK("account_tasks"), "next_followup_at", SOON,
     "name,next_followup_at", DATES, true},
    {"leads_due", "lead", "owner = me() and " HOME_OPEN_LEAD " and " NO_TASK("tasks"), "next_followup_at", SOON,
     "name,company,next_followup_at", DATES, true},
    {"opportunities_due", "opportunity", "owner = me() and " HOME_OPEN_DEAL " and " NO_TASK("tasks") " and "
     "(account is null or account.next_followup_at is null)", "next_followup_at", SOON,
     "name,account,next_followup_at", DATES, true},
    {"accounts_pool", "account", "owner = me()", "recycle_at", "days_ahead(8)", "name,recycle_at", DATES, false},
    {"leads_pool", "lead", "owner = me()", "recycle_at", "days_ahead(8)", "name,company,recycle_at", DATES, false},
};
/* clang-format on */

static Str filter_of(Ctx *cx, const Waiting *w, const char *until)
{
    return until ? str_format(cx->arena, "%s and %s < %s", w->filter, w->at, until)
                 : str_of(w->filter);
}

static Status write_cards(Ctx *cx, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < COUNT_OF(WAITING); i++) {
        const Waiting *w = &WAITING[i];
        HomeRead r = {.name = w->name,
                      .object = w->object,
                      .filter = filter_of(cx, w, w->until),
                      .sort = w->at,
                      .fields = w->fields,
                      .limit = w->limit,
                      .count = COUNT_CAPPED};
        TRY(home_card_write(cx, &r, &first, out));
    }
    return ST_OK;
}

Status home_todo_write(Ctx *cx, Buf *out)
{
    buf_lit(out, "{\"at\":\"");
    calendar_write_datetime(out, cx->now_ms);
    buf_lit(out, "\",\"cards\":{");
    TRY(db_read_begin(cx));
    Status st = write_cards(cx, out);
    db_read_end(cx);
    buf_lit(out, "}}");
    return st;
}

static Status count_due(Ctx *cx, int64_t *ret)
{
    for (size_t i = 0; i < COUNT_OF(WAITING) && *ret <= HOME_TODO_COUNT; i++) {
        const Waiting *w = &WAITING[i];
        const Object *o = meta_object(cx->meta, str_of(w->object));
        int64_t n = 0;
        if (!w->due || !o || !cx->access->object(cx, o))
            continue;
        Status st = query_count(cx, o, filter_of(cx, w, TODAY), false, HOME_TODO_COUNT + 1, &n);
        if (st != ST_OK && !home_is_not_for_him(cx, st))
            return st;
        error_clear(cx);
        *ret += n;
    }
    return ST_OK;
}

Status home_todo_count_write(Ctx *cx, Buf *out)
{
    int64_t n = 0;
    TRY(db_read_begin(cx));
    Status st = count_due(cx, &n);
    db_read_end(cx);
    TRY(st);
    buf_printf(out, "{\"due\":%d,\"over\":%s}", (int)(n > HOME_TODO_COUNT ? HOME_TODO_COUNT : n),
               n > HOME_TODO_COUNT ? "true" : "false");
    return ST_OK;
}
