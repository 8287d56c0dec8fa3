/* SPDX-License-Identifier: Apache-2.0 */
/* home: the page with which a day begins. To-dos, the week's calendar, own figures, what lies idle: each
 * card is a list or an aggregate of an object, read on the ordinary way (query/) with the reader's
 * rights, and says the filter that it used, so that each number opens the list it counts.
 *
 * What a person may not read, or an organisation has removed, is not among the cards.
 * Any thread, one Ctx each. */
#pragma once
#include "query/query.h"

typedef enum HomeScope {
    HOME_MINE, /* figures of what I own */
    HOME_ALL,  /* of all that I see */
} HomeScope;

/* "mine", "all"; false: neither. */
bool home_scope(Str word, HomeScope *ret);
/* {"at":"…","scope":"mine","cards":{"tasks":{"object","filter","sort","list":{…}},"pipeline":{"object",
 * "filter","aggregate":{…}},…},"recent":[…]}, all of one moment. */
CHECKED Status home_write(Ctx *cx, HomeScope scope, Buf *out);

enum { CALENDAR_DAYS = 62, CALENDAR_PEOPLE = 50 };

typedef struct HomeCalendar {
    int64_t from, to; /* days in the reader's zone, to excluded; at most CALENDAR_DAYS apart */
    Str people;       /* ids with commas; empty: the reader */
    Str department; /* instead: an id, or "mine" — its people and those of the departments below */
} HomeCalendar;

/* What stands in the calendar of these people on these days, as far as the reader may see it: meetings (of
 * those that are others' and not public only the times, in "busy"), who takes part in them, visits, tasks,
 * calls, dates of follow-ups that no task stands for. {"from","to","people":[{"id","title"}],
 * "people_more":false,"off":[days],"work":[days],"cards":{…}}: off are workdays of the week that are
 * holidays, work the weekends worked instead. */
CHECKED Status home_calendar_write(Ctx *cx, const HomeCalendar *c, Buf *out);

/* Everything that waits for the reader, whenever it is due: {"at","cards":{…}} */
CHECKED Status home_todo_write(Ctx *cx, Buf *out);
/* {"due":n,"over":false}: what is overdue or due today, counted to HOME_TODO_COUNT. */
enum { HOME_TODO_COUNT = 99 };
CHECKED Status home_todo_count_write(Ctx *cx, Buf *out);

typedef enum HomePeriod { HOME_MONTH, HOME_QUARTER, HOME_YEAR } HomePeriod; /* the one that runs */

/* "month" (also nothing), "quarter", "year"; false: none of them. */
bool home_period(Str word, HomePeriod *ret);
/* Figures of sales with the filters of their records: {"at","scope","period","cards":{…},"buyers":{…}|null}.
 * buyers: the orders of two years by customer, {"n","cut","days","filter","pareto":{"total","reach","top_fifth",
 * "lorenz","filter"}|null,"rfm":[{"r","f","count","sum","filter"}]|null,"top":[rows]}; null for whoever does
 * not see orders; filters of pareto and rfm are of customers. */
CHECKED Status home_figures_write(Ctx *cx, HomeScope scope, HomePeriod period, Buf *out);
