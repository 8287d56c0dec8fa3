/* SPDX-License-Identifier: Apache-2.0 */
/* Time zones: transitions read once from ICU; offsets looked up by binary search. Immutable, shared. */
#pragma once
#include "base/str.h"

typedef struct ZoneStep {
    int64_t from_ms;   /* UTC from which the offset holds; first entry INT64_MIN */
    int64_t offset_ms; /* local = UTC + offset */
} ZoneStep;

typedef struct Zone {
    char name[64];
    const ZoneStep *steps; /* ascending */
    size_t n;
} Zone;

/* Cached for the life of the process (thread-safe); NULL for an unknown name.
 * Steps cover 1970…2099. "UTC" always works. */
const Zone *zone_get(Str name);
int64_t zone_offset(const Zone *z, int64_t utc_ms);
/* UTC of a local wall time; in a gap the later, in an overlap the earlier. */
int64_t zone_to_utc(const Zone *z, int64_t local_ms);
