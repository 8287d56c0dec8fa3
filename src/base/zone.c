/* SPDX-License-Identifier: Apache-2.0 */
/* Time zones: ICU's transitions of 1970 … 2099, read once per zone into an immutable table. The list
 * of known zones only grows (there are some 600 names), is read without a lock and lives as long as
 * the process. */
#include "base/zone.h"
#include "base/base_internal.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#define END_MS INT64_C(4102444800000) /* 2100-01-01 UTC */

typedef struct ZoneEntry {
    Zone zone;
    const struct ZoneEntry *next;
} ZoneEntry;

static const ZoneStep UTC_STEP = {INT64_MIN, 0};
static const ZoneEntry UTC_ENTRY = {{"UTC", &UTC_STEP, 1}, NULL};
static _Atomic(const ZoneEntry *) known_zones = &UTC_ENTRY;
static pthread_mutex_t read_lock = PTHREAD_MUTEX_INITIALIZER;

typedef struct Steps {
    ZoneStep *v;
    size_t n, cap;
} Steps;

/* Transitions that change only the name or the daylight flag are left out. */
static void steps_add(Steps *s, int64_t from_ms, int64_t offset_ms)
{
    if (s->n && s->v[s->n - 1].offset_ms == offset_ms)
        return;
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 8;
        s->v = realloc(s->v, s->cap * sizeof(*s->v));
        if (!s->v)
            arena_exhausted(s->cap * sizeof(*s->v));
    }
    s->v[s->n++] = (ZoneStep){from_ms, offset_ms};
}

static int64_t offset_at(UCalendar *calendar, double ms, UErrorCode *error)
{
    ucal_setMillis(calendar, ms, error);
    return (int64_t)ucal_get(calendar, UCAL_ZONE_OFFSET, error) +
           ucal_get(calendar, UCAL_DST_OFFSET, error);
}

static bool read_steps(UCalendar *calendar, Steps *steps)
{
    UErrorCode error = U_ZERO_ERROR;
    steps_add(steps, INT64_MIN, offset_at(calendar, 0, &error));
    UDate at = 0;
    while (U_SUCCESS(error) &&
           ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &at, &error) &&
           at < (double)END_MS)
        steps_add(steps, (int64_t)at, offset_at(calendar, at, &error));
    return U_SUCCESS(error);
}

/* Names of ICU's own data only: "GMT+5" and the like would let the list grow without bound. */
static bool is_known_to_icu(const UChar *id, int32_t n)
{
    UChar canonical[128];
    UBool system = false;
    UErrorCode error = U_ZERO_ERROR;
    ucal_getCanonicalTimeZoneID(id, n, canonical, 128, &system, &error);
    return U_SUCCESS(error) && system;
}

static const ZoneEntry *read_zone(Str name)
{
    UChar id[64];
    int32_t n;
    UErrorCode error = U_ZERO_ERROR;
    u_strFromUTF8(id, 64, &n, name.p, (int32_t)name.n, &error);
    if (U_FAILURE(error) || !is_known_to_icu(id, n))
        return NULL;
    UCalendar *calendar = ucal_open(id, n, "en", UCAL_GREGORIAN, &error);
    if (U_FAILURE(error))
        return NULL;
    Steps steps = {0};
    bool read = read_steps(calendar, &steps);
    ucal_close(calendar);
    ZoneEntry *entry = read ? calloc(1, sizeof(*entry)) : NULL;
    if (!entry) {
        free(steps.v);
        return NULL;
    }
    memcpy(entry->zone.name, name.p, name.n);
    entry->zone.steps = steps.v;
    entry->zone.n = steps.n;
    entry->next = atomic_load(&known_zones);
    return entry;
}

static const ZoneEntry *find_zone(Str name)
{
    const ZoneEntry *e = atomic_load_explicit(&known_zones, memory_order_acquire);
    while (e && !str_is(name, e->zone.name))
        e = e->next;
    return e;
}

const Zone *zone_get(Str name)
{
    const ZoneEntry *e = find_zone(name);
    if (!e && name.n > 0 && name.n < sizeof(e->zone.name)) {
        pthread_mutex_lock(&read_lock);
        e = find_zone(name);
        if (!e && (e = read_zone(name)))
            atomic_store_explicit(&known_zones, e, memory_order_release);
        pthread_mutex_unlock(&read_lock);
    }
    return e ? &e->zone : NULL;
}

int64_t zone_offset(const Zone *z, int64_t utc_ms)
{
    size_t low = 0, high = z->n; /* the step is the last one with from_ms ≤ utc_ms */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (z->steps[middle].from_ms <= utc_ms)
            low = middle;
        else
            high = middle;
    }
    return z->steps[low].offset_ms;
}

/* The step whose span holds the local time is found by trying each offset that could be meant: the
 * earlier instant of an overlap is the one under the older step. In a gap no step fits; then the
 * old offset gives an instant behind the transition, which is the later reading. */
int64_t zone_to_utc(const Zone *z, int64_t local_ms)
{
    size_t low = 0, high = z->n;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        int64_t older = z->steps[middle - 1].offset_ms;
        if (z->steps[middle].from_ms <= local_ms - older)
            low = middle;
        else
            high = middle;
    }
    int64_t utc = local_ms - z->steps[low].offset_ms;
    if (low > 0 && utc < z->steps[low].from_ms) /* in the gap before this step */
        utc = local_ms - z->steps[low - 1].offset_ms;
    return utc;
}
