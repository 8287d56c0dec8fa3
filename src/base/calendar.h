/* SPDX-License-Identifier: Apache-2.0 */
/* Civil dates by integer arithmetic (proleptic Gregorian; H. Hinnant, "chrono-compatible low-level
 * date algorithms"). Dates are day numbers since 1970-01-01; instants are ms UTC. */
#pragma once
#include "base/buf.h"

typedef struct Civil {
    int32_t year;
    int month, day; /* 1-based */
} Civil;

int64_t calendar_days(Civil c);
Civil calendar_civil(int64_t day);
bool calendar_valid(Civil c);      /* real date, year 1…9999 */
int calendar_weekday(int64_t day); /* 1 = Monday … 7 = Sunday */
int calendar_iso_week(int64_t day, int32_t *ret_year);
int64_t calendar_add_months(int64_t day, int64_t months); /* clamps to the month's end */
int64_t calendar_floor_div(int64_t a, int64_t b);         /* b > 0 */
int64_t calendar_today(int64_t now_ms, int64_t offset_ms);

/* Strict forms of the API. */
bool calendar_parse_date(Str s, int64_t *ret_day);    /* 2026-03-01 */
bool calendar_parse_clock(Str s, int *ret_minute);    /* "09:30" → 570; only so, 00:00 to 23:59 */
bool calendar_parse_datetime(Str s, int64_t *ret_ms); /* RFC 3339 with zone */
/* The forms people write in files: 2026-3-1, 2026/3/1, 2026年3月1日, 20260301, 1/3/2026 by order. */
typedef enum DateOrder { DATE_YMD, DATE_DMY, DATE_MDY } DateOrder;
bool calendar_guess_date(Str s, DateOrder order, int64_t *ret_day);
void calendar_write_date(Buf *b, int64_t day);    /* 2026-03-01 */
void calendar_write_datetime(Buf *b, int64_t ms); /* 2026-03-01T10:00:00.000Z */
int64_t clock_ms(void);                           /* wall clock, ms UTC */
int64_t clock_us(void);                           /* monotonic */
