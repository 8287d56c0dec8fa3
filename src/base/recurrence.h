/* SPDX-License-Identifier: Apache-2.0 */
/* Days that come again: the part of RFC 5545's RRULE that people choose, written and expanded. Days are
 * local; the clock time of each is the caller's. A month without that day is passed over, as the RFC says. */
#pragma once
#include "base/buf.h"

typedef enum RecurrenceUnit {
    RECUR_DAY,
    RECUR_WEEK,
    RECUR_MONTH_DAY,     /* the 31st */
    RECUR_MONTH_WEEKDAY, /* the second Tuesday; the fifth is the last */
    RECUR_YEAR
} RecurrenceUnit;

typedef enum RecurrenceRest { /* on days that are not worked */
                              RECUR_KEEP,
                              RECUR_SKIP, /* it does not take place and does not count */
                              RECUR_NEXT  /* on the next workday, once where several meet */
} RecurrenceRest;

typedef struct Recurrence {
    RecurrenceUnit unit;
    int interval;      /* 1…99 */
    unsigned weekdays; /* RECUR_WEEK: bit 0 is Monday; 0: that of the first day */
    int64_t until;     /* the last day on which one may lie; RECUR_NO_END: none */
    int count;         /* how many, the first with them; 0: no matter */
    RecurrenceRest rest;
    bool (*works)(const void *arg, int64_t day); /* for `rest` */
    const void *arg;
} Recurrence;

#define RECUR_NO_END INT64_C(1000000000)
#define RECUR_DAYS 3660 /* no occurrence lies further ahead */

/* The days from `first` on, `first` always among them; *ret_more: there are more than `most`. */
size_t recurrence_days(const Recurrence *r, int64_t first, size_t most, int64_t *ret,
                       bool *ret_more);
/* FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU;COUNT=10. What `rest` says has no word in an RRULE.
 * until_ms: the last instant of the day `until`, which the RFC wants in UTC. */
void recurrence_write(const Recurrence *r, int64_t first, int64_t until_ms, Buf *out);
