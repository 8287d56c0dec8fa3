/* SPDX-License-Identifier: Apache-2.0 */
/* Home, calendar and to-dos of the one who asks. */
#include "api/api_routes.h"
#include "base/calendar.h"
#include "home/home.h"

static Status scope_of(Ctx *cx, Req *rq, HomeScope *ret)
{
    if (home_scope(req_query(rq, "scope"), ret))
        return ST_OK;
    return api_bad_parameter(
        cx, "scope",
        FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.home_scope", "scope is mine or all"));
}

static Status get_home(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    HomeScope scope;
    TRY(scope_of(cx, rq, &scope));
    return home_write(cx, scope, req_out(rq));
}

static Status get_figures(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    HomeScope scope;
    HomePeriod period;
    TRY(scope_of(cx, rq, &scope));
    if (!home_period(req_query(rq, "period"), &period))
        return api_bad_parameter(cx, "period",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.home_period",
                                           "period is month, quarter or year"));
    return home_figures_write(cx, scope, period, req_out(rq));
}

static bool read_span(Req *rq, HomeCalendar *ret, const char **ret_bad)
{
    *ret_bad = "from";
    if (!calendar_parse_date(req_query(rq, "from"), &ret->from))
        return false;
    *ret_bad = "to";
    return calendar_parse_date(req_query(rq, "to"), &ret->to) && ret->to > ret->from &&
           ret->to - ret->from <= CALENDAR_DAYS;
}

/* Days of the reader; to is excluded. Neither: his week. */
static Status calendar_span(Ctx *cx, Req *rq, HomeCalendar *ret)
{
    const char *bad;
    if (!req_query(rq, "from").p && !req_query(rq, "to").p) {
        int64_t today = calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms));
        ret->from = today - calendar_weekday(today) + 1;
        ret->to = ret->from + 7;
        return ST_OK;
    }
    if (read_span(rq, ret, &bad))
        return ST_OK;
    return api_bad_parameter(cx, bad,
                             FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.calendar_span",
                                       "from and to are days, at most 62 apart"));
}

static Status get_calendar(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    HomeCalendar c = {.people = req_query(rq, "people"), .department = req_query(rq, "department")};
    TRY(calendar_span(cx, rq, &c));
    return home_calendar_write(cx, &c, req_out(rq));
}

static Status get_todo(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    return home_todo_write(cx, req_out(rq));
}

static Status get_todo_count(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    return home_todo_count_write(cx, req_out(rq));
}

const Route api_home_routes[] = {
    {"GET", "/api/v1/me/calendar", READ, get_calendar, "",
     "Meetings, visits, tasks, calls and dates of follow-ups of some people on some days", 0, 0,
     "from to people department"},
    {"GET", "/api/v1/me/figures", READ, get_figures, "",
     "Funnel, pipeline, wins, customers, follow-ups, ranking, 80/20 and RFM of orders", 0, 0,
     "scope period"},
    {"GET", "/api/v1/me/home", READ, get_home, "",
     "What a day begins with: to-dos, calendar, figures, idle customers", 0, 0, "scope"},
    {"GET", "/api/v1/me/todo", READ, get_todo, "",
     "Everything that waits for me, by when it is due", 0, 0, NULL},
    {"GET", "/api/v1/me/todo/count", READ, get_todo_count, "",
     "How much of it is overdue or due today", 0, 0, NULL},
    {0},
};
