/* SPDX-License-Identifier: Apache-2.0 */
/* The page of figures: funnel, pipeline by person and month, what was won, new customers, follow-ups,
 * ranking, the newest wins; each an aggregate or a list with its filter. Who buys how much stands in
 * home_buyers.c. */
#include "base/calendar.h"
#include "home/home_internal.h"

typedef struct Figure {
    const char *name, *object;
    const char *filter; /* beside the period */
    const char *at;     /* in the period: at >= its beginning; NULL: the filter says when */
    const char *sort, *fields;
    const char *measure;
    int limit;
} Figure;

#define THIS_MONTH "start_of(\"month\", today())"
#define YEAR_AGO "add_months(" THIS_MONTH ", -11)"
#define COUNT_AND_SUM "\"measures\":[\"count\",{\"sum\":\"amount\"}]"
#define BY_MONTH(at) "{\"group\":[{\"field\":\"" at "\",\"bucket\":\"month\"}],"

enum { PEOPLE = 10, WINS = 8, CELLS = 600 };

/* clang-format off */
static const Figure FIGURES[] = {
    {"funnel", "opportunity", HOME_OPEN_DEAL, NULL, NULL, NULL,
     "{\"group\":[\"stage\"],\"measures\":[\"count\",{\"sum\":\"amount\"},{\"sum\":\"weighted_amount\"}]}", 0},
    {"expected", "opportunity", HOME_OPEN_DEAL " and expected_close_on >= " THIS_MONTH " and expected_close_on < add_months("
     THIS_MONTH ", 6)", NULL, NULL, NULL,
     "{\"group\":[\"owner\",{\"field\":\"expected_close_on\",\"bucket\":\"month\"}]," COUNT_AND_SUM "}", CELLS},
    {"won", "opportunity", "outcome = \"won\"", "closed_on", NULL, NULL, "{" COUNT_AND_SUM "}", 0},
    {"lost", "opportunity", "outcome = \"lost\"", "closed_on", NULL, NULL, "{" COUNT_AND_SUM "}", 0},
    {"won_months", "opportunity", "outcome = \"won\" and closed_on >= " YEAR_AGO, NULL, NULL, NULL,
     BY_MONTH("closed_on") COUNT_AND_SUM "}", 0},
    {"customers", "account", "id is not null", "created_at", NULL, NULL, "{\"measures\":[\"count\"]}", 0},
    {"customer_months", "account", "created_at >= " YEAR_AGO, NULL, NULL, NULL,
     BY_MONTH("created_at") "\"measures\":[\"count\"]}", 0},
    {"followups", "followup", "id is not null", "occurred_at", NULL, NULL, "{\"measures\":[\"count\"]}", 0},
    {"followup_days", "followup", "occurred_at >= days_ago(29) and occurred_at < days_ahead(1)", NULL, NULL, NULL,
     "{\"group\":[{\"field\":\"occurred_at\",\"bucket\":\"day\"}],\"measures\":[\"count\"]}", 0},
    {"followup_people", "followup", "id is not null", "occurred_at", NULL, NULL,
     "{\"group\":[\"owner\"],\"measures\":[\"count\"],\"sort\":[\"-count\"]}", PEOPLE},
    {"orders", "order", "status != \"cancelled\"", "placed_on", NULL, NULL,
     "{\"measures\":[\"count\",{\"sum\":\"total\"}]}", 0},
    {"ranking", "opportunity", "outcome = \"won\"", "closed_on", NULL, NULL,
     "{\"group\":[\"owner\"]," COUNT_AND_SUM ",\"sort\":[\"-sum_amount\"]}", PEOPLE},
    {"wins", "opportunity", "outcome = \"won\" and closed_on is not null", NULL, "-closed_on,-id",
     "name,account,owner,amount,closed_on", NULL, WINS},
};
/* clang-format on */

bool home_period(Str word, HomePeriod *ret)
{
    static const char *const WORDS[] = {"month", "quarter", "year"};
    *ret = HOME_MONTH;
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (str_is(word, WORDS[i])) {
            *ret = (HomePeriod)i;
            return true;
        }
    return !word.n;
}

static const char *period_begins(HomePeriod p)
{
    switch (p) {
    case HOME_QUARTER: return "start_of(\"quarter\", today())";
    case HOME_YEAR: return "start_of(\"year\", today())";
    default: return THIS_MONTH;
    }
}

static Str filter_of(Ctx *cx, const Figure *f, HomeScope scope, HomePeriod period)
{
    Buf b = buf_in(cx->arena, 2048);
    if (scope == HOME_MINE)
        buf_lit(&b, "owner = me() and ");
    if (f->at)
        buf_printf(&b, "%s >= %s and ", f->at, period_begins(period));
    buf_printf(&b, "%s", f->filter);
    return buf_str(&b);
}

static Status write_figures(Ctx *cx, HomeScope scope, HomePeriod period, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < COUNT_OF(FIGURES); i++) {
        const Figure *f = &FIGURES[i];
        HomeRead r = {.name = f->name,
                      .object = f->object,
                      .filter = filter_of(cx, f, scope, period),
                      .sort = f->sort,
                      .fields = f->fields,
                      .measure = f->measure,
                      .limit = f->limit,
                      .count = COUNT_NONE};
        TRY(home_card_write(cx, &r, &first, out));
    }
    buf_lit(out, "},\"buyers\":");
    return home_buyers_write(cx, scope, out);
}

Status home_figures_write(Ctx *cx, HomeScope scope, HomePeriod period, Buf *out)
{
    static const char *const WORDS[] = {"month", "quarter", "year"};
    buf_lit(out, "{\"at\":\"");
    calendar_write_datetime(out, cx->now_ms);
    buf_printf(out, "\",\"scope\":\"%s\",\"period\":\"%s\",\"cards\":{",
               scope == HOME_ALL ? "all" : "mine", WORDS[period]);
    TRY(db_read_begin(cx));
    Status st = write_figures(cx, scope, period, out);
    db_read_end(cx);
    buf_char(out, '}');
    return st;
}
