/* SPDX-License-Identifier: Apache-2.0 */
/* series: meetings and tasks that come again. Each occurrence is a record of its own, made ahead (ADR 0130), so
 * that rights, history, calendars, home and reminders hold of it as of any other; `series` holds them together,
 * `recurrence` tells the rule as an RRULE. */
#pragma once
#include "base/recurrence.h"
#include "modules/activity/activity.h"

#define SERIES_MOST 180  /* occurrences */
#define SERIES_ROWS 1000 /* records that one verb makes, people who take part counted */

typedef struct SeriesKind {
    const char *object, *at, *before,
        *after;                 /* fields: its time; others that keep their distance to it */
    const char *open, *off;     /* status: still to come; called off */
    const char *lines;          /* who takes part; NULL: nobody */
    const char *const *cleared; /* what came of one is not that of the next */
    const char *const *shared;  /* what a change carries to others */
} SeriesKind;

const SeriesKind *series_kind(const Record *r);
/* What the parameters of "repeat" say. */
CHECKED Status series_rule(Ctx *cx, const VerbCall *c, int64_t first, Recurrence *ret);
/* The day and the time of day of an instant, where the acting person is. */
int64_t series_day(const Ctx *cx, int64_t at, int64_t *ret_ms_of_day);
/* Moves the record to that instant, with what keeps its distance. */
void series_move(Record *r, const SeriesKind *k, int64_t at);
