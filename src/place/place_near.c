/* SPDX-License-Identifier: Apache-2.0 */
/* Records around a place: a box of the filter language (so that the reader's rights and the index do the work),
 * then the exact distance. Where the box holds more than is looked at, a smaller one is taken, so that the
 * nearest are told in any case. */
#include "access/access.h"
#include "base/id.h"
#include "base/json.h"
#include "place/place_internal.h"
#include <math.h>
#include <stdlib.h>

#define EARTH_M 6371008.8 /* mean radius */
#define FEW 5000          /* in a box, of which the nearest are told */
#define MANY 20000
#define SMALLER 0.5
#define LEAST_KM 0.02
#define KM_DEGREE (EARTH_M * M_PI / 180.0 / 1000.0)
#define LIST_BYTES ((size_t)4 << 20)

typedef struct Near {
    Id id;
    int64_t m;
} Near;

typedef struct Found {
    Near *v;
    size_t n;
} Found;

static int compare_near(const void *x, const void *y)
{
    const Near *a = x, *b = y;
    if (a->m != b->m)
        return a->m < b->m ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

/* ---- the box, a little larger than the circle */

static void longitudes(Buf *b, const char *f, double lng, double half)
{
    double west = lng - half, east = lng + half;
    if (half >= 180)
        return;
    if (west < -180)
        buf_printf(b, " and (%s.lng >= %.7f or %s.lng <= %.7f)", f, west + 360, f, east);
    else if (east > 180)
        buf_printf(b, " and (%s.lng >= %.7f or %s.lng <= %.7f)", f, west, f, east - 360);
    else
        buf_printf(b, " and %s.lng >= %.7f and %s.lng <= %.7f", f, west, f, east);
}

static Str box_filter(Ctx *cx, const PlaceNear *q, double km)
{
    const char *f = str_z(cx->arena, q->field->name);
    double lat = q->at.lat / 1e7, up = km / KM_DEGREE * 1.001;
    double south = fmax(lat - up, -90), north = fmin(lat + up, 90);
    double narrow = cos(fmax(fabs(south), fabs(north)) * M_PI / 180.0);
    double half = narrow > 1e-6 ? up / narrow : 180;
    Buf b = buf_in(cx->arena, q->filter.n + 1000);
    buf_printf(&b, "%s.lat >= %.7f and %s.lat <= %.7f", f, south, f, north);
    longitudes(&b, f, q->at.lng / 1e7, half);
    if (q->filter.n) {
        buf_lit(&b, " and (");
        buf_str_add(&b, q->filter);
        buf_lit(&b, ")");
    }
    return buf_str(&b);
}

/* ---- looked at */

static void take(const PlaceNear *q, double km, const Value *id, const Value *geo, Found *f)
{
    if (id->t != V_ID || geo->t != V_GEO || id->i == q->except)
        return;
    int64_t m = place_distance_m(q->at, geo->geo);
    if ((double)m <= km * 1000)
        f->v[f->n++] = (Near){id->i, m};
}

/* So small a circle that its box holds fewer than `most`. */
static Status bounded(Ctx *cx, const PlaceNear *q, int64_t most, double *km)
{
    int64_t n = 0;
    for (;;) {
        TRY(query_count(cx, q->object, box_filter(cx, q, *km), false, most, &n));
        if (n < most || *km < LEAST_KM)
            return ST_OK;
        *km *= SMALLER;
    }
}

/* In the order of the latitude, which the index gives. */
static Status look(Ctx *cx, const PlaceNear *q, double km, Found *f)
{
    QueryRows *rows = NULL;
    ListQuery list = {.filter = box_filter(cx, q, km)};
    const Value *v = NULL;
    size_t looked = 0, n = 0;
    list.sort = str_format(cx->arena, STR_FMT ".lat", STR_ARG(q->field->name));
    list.fields = str_format(cx->arena, "id," STR_FMT, STR_ARG(q->field->name));
    TRY(query_rows_open(cx, q->object, &list, &rows));
    do {
        TRY(query_rows_next(rows, &v, &n));
        for (size_t i = 0; i < n && looked < MANY; i++, looked++)
            take(q, km, &v[i * 2], &v[i * 2 + 1], f);
    } while (n && looked < MANY);
    return ST_OK;
}

static Status search(Ctx *cx, const PlaceNear *q, int64_t most, double *km, Found *f)
{
    *km = q->km;
    f->n = 0;
    TRY(bounded(cx, q, most, km));
    return look(cx, q, *km, f);
}

/* ---- told */

static Status items_of(Ctx *cx, const PlaceNear *q, const Found *f, size_t n, json_t **ret)
{
    Buf filter = buf_in(cx->arena, n * 24 + 32), out = buf_in(cx->arena, LIST_BYTES);
    buf_lit(&filter, "id in (");
    for (size_t i = 0; i < n; i++)
        buf_printf(&filter, "%s\"%lld\"", i ? "," : "", (long long)f->v[i].id);
    buf_lit(&filter, ")");
    ListQuery list = {.filter = buf_str(&filter),
                      .sort = STR("id"),
                      .fields = q->fields,
                      .limit = PLACE_NEAR_MOST};
    TRY(query_list(cx, q->object, &list, &out));
    if (buf_overflowed(&out))
        return FAIL(cx, ST_TOO_LARGE, "place.too_large", "The answer is too large");
    return json_parse(cx, buf_str(&out), ret);
}

static const json_t *item_of(const json_t *list, Id id)
{
    const json_t *items = json_object_get(list, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        Id is = 0;
        if (id_parse(json_get_str(item, "id"), &is) && is == id)
            return item;
    }
    return NULL;
}

static Status write_near(Ctx *cx, const PlaceNear *q, const Found *f, double km, Buf *out)
{
    size_t n = f->n < PLACE_NEAR_MOST ? f->n : PLACE_NEAR_MOST;
    json_t *list = NULL;
    bool first = true;
    if (n)
        TRY(items_of(cx, q, f, n, &list));
    buf_lit(out, "{\"at\":{\"lat\":");
    buf_decimal(out, q->at.lat, 7);
    buf_lit(out, ",\"lng\":");
    buf_decimal(out, q->at.lng, 7);
    buf_printf(out, "},\"km\":%.4g,\"complete\":%s,\"items\":[", km,
               f->n <= PLACE_NEAR_MOST && km >= q->km ? "true" : "false");
    for (size_t i = 0; i < n; i++) {
        const json_t *item = item_of(list, f->v[i].id);
        if (!item)
            continue;
        buf_printf(out, "%s{\"distance_m\":%lld,\"record\":", first ? "" : ",",
                   (long long)f->v[i].m);
        json_write(out, item);
        buf_char(out, '}');
        first = false;
    }
    buf_lit(out, "]}");
    return ST_OK;
}

const Field *place_field(const Ctx *cx, const Object *o)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (f->kind == F_GEO && !f->readonly && access_field(cx, f) >= FIELD_READ)
            return f;
    }
    return NULL;
}

Status place_near(Ctx *cx, const PlaceNear *q, Buf *out)
{
    Found f = {.v = ARENA_ARRAY(cx->arena, Near, MANY)};
    double km = 0;
    ListQuery asked = {.filter = q->filter, .fields = q->fields, .limit = PLACE_NEAR_MOST};
    TRY(query_list_try(cx, q->object, &asked));
    TRY(search(cx, q, FEW, &km, &f));
    if (f.n < PLACE_NEAR_MOST && km < q->km) /* they lie in a ring */
        TRY(search(cx, q, MANY, &km, &f));
    if (f.n > 1)
        qsort(f.v, f.n, sizeof *f.v, compare_near);
    return write_near(cx, q, &f, km, out);
}
