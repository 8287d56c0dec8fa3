/* SPDX-License-Identifier: Apache-2.0 */
/* place: the region of a record from its address, where nobody has chosen another. Of objects with a field
 * `address` and a link `region` to the coded object of that name: the region whose code is the city's,
 * else the province's, else (abroad) "overseas"; only active ones.
 *
 * Where records are: what lies around a place, and a short way through several.
 *
 * Modules call place_region from before_write. When regions change a job computes anew what was not
 * chosen. */
#pragma once
#include "job/job.h"
#include "record/record.h"

extern const RecordHooks place_region_hooks;
extern const JobDef place_jobs[];

/* Sets r's region if its address was written and the region was not, and the one it has was not chosen. */
CHECKED Status place_region(Ctx *cx, Record *r);

/* Metres along the great circle. */
int64_t place_distance_m(Geo a, Geo b);

/* place_route.c: places in the order of a short way through all of them, *ret their indices; it begins with
 * the first of them, or wherever it is shortest. Made for at most a hundred. */
void place_order(Arena *a, const Geo *at, size_t n, bool from_first, size_t *ret);

/* place_near.c: records around a place, the nearest first, under the reader's rights. */
#define PLACE_NEAR_MOST 200
typedef struct PlaceNear {
    const Object *object;
    const Field *field; /* place_field of the object */
    Geo at;
    double km;
    Id except;          /* the record in the middle; 0: none */
    Str filter, fields; /* as of lists; may be empty */
} PlaceNear;
/* Where the object's records are: its first geo field that the reader may read and that nobody reads off a
 * device; NULL: none. */
const Field *place_field(const Ctx *cx, const Object *o);
/* {"at","km","complete","items":[{"distance_m","record"}]}: at most PLACE_NEAR_MOST, the nearest. Not complete
 * where there are more, or where so many lie around that a smaller circle (its km is told) was looked at. */
CHECKED Status place_near(Ctx *cx, const PlaceNear *q, Buf *out);
