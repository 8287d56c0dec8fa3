/* SPDX-License-Identifier: Apache-2.0 */
/* Cron times: minute hour day month weekday; lists, ranges, steps; weekday 0 and 7 are Sunday. As in
 * every cron, day and weekday are alternatives when both are given. */
#pragma once
#include "base/zone.h"

typedef struct Cron {
    uint64_t minutes; /* bit per minute */
    uint32_t hours, days, months;
    uint8_t weekdays; /* bit 0 = Sunday */
    bool any_day, any_weekday;
} Cron;

bool cron_parse(Str text, Cron *ret);
/* First time after after_ms, in the zone; 0 if there is none within five years (31 February). */
int64_t cron_next(const Cron *c, const Zone *zone, int64_t after_ms);
