/* SPDX-License-Identifier: Apache-2.0 */
/* geo: a place, {"lat":30.2741,"lng":120.1551} in degrees (WGS 84), kept as whole numbers of 10^-7
 * degrees, about a centimetre. Paths name its parts: place.lat, place.lng. */
#include "base/decimal.h"
#include "meta/field/field.h"
#include <math.h>

#define GEO_SCALE 7

static int geo_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    field_column(f, &out[0], "", DB_INT);
    field_column(f, &out[1], "g", DB_INT);
    return 2;
}

static Status geo_wrong(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_geo",
                      "is not a place such as {\"lat\":30.2741,\"lng\":120.1551}");
}

static Status geo_value(Ctx *cx, const Field *f, int64_t lat, int64_t lng, Value *out)
{
    int64_t degree = decimal_pow10(GEO_SCALE);
    if (lat < -90 * degree || lat > 90 * degree || lng < -180 * degree || lng > 180 * degree)
        return FIELD_FAIL(cx, f->name, "out_of_range", "field.geo_range",
                          "latitude goes from -90 to 90, longitude from -180 to 180");
    *out = (Value){.t = V_GEO, .geo = {.lat = (int32_t)lat, .lng = (int32_t)lng}};
    return ST_OK;
}

/* Receivers give more digits than there are: rounded. */
static bool geo_degrees(const json_t *in, int64_t *ret)
{
    if (json_is_string(in))
        return decimal_parse(json_str(in), GEO_SCALE, true, ret);
    double v = json_number_value(in);
    if (!json_is_number(in) || !(fabs(v) <= 180))
        return json_is_number(in) ? (*ret = INT64_C(1) << 40, true) : false;
    *ret = llround(v * 1e7);
    return true;
}

static Status geo_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    int64_t lat, lng;
    if (!json_is_object(in) || json_object_size(in) != 2 ||
        !geo_degrees(json_object_get(in, "lat"), &lat) ||
        !geo_degrees(json_object_get(in, "lng"), &lng))
        return geo_wrong(cx, f);
    return geo_value(cx, f, lat, lng, out);
}

/* "30.2741,120.1551" */
static Status geo_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                             Value *out)
{
    int64_t lat, lng;
    Str rest = str_trim(in), head;
    *out = VALUE_NULL;
    if (!rest.n)
        return ST_OK;
    if (!str_split(&rest, ',', &head) || !decimal_parse(str_trim(head), GEO_SCALE, true, &lat) ||
        !decimal_parse(str_trim(rest), GEO_SCALE, true, &lng))
        return geo_wrong(cx, f);
    return geo_value(cx, f, lat, lng, out);
}

static void geo_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    *out = VALUE_NULL;
    if (!db_col_null(q, col) && !db_col_null(q, col + 1))
        *out = (Value){
            .t = V_GEO,
            .geo = {.lat = (int32_t)db_col_int(q, col), .lng = (int32_t)db_col_int(q, col + 1)}};
}

static void geo_store(Arena *a UNUSED, const Field *f UNUSED, const Value *v,
                      DbVal out[FIELD_COLUMNS])
{
    bool null = value_is_null(v);
    out[0] = null ? db_null(DB_INT) : db_int(v->geo.lat);
    out[1] = null ? db_null(DB_INT) : db_int(v->geo.lng);
}

static void geo_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_lit(b, "{\"lat\":");
    buf_decimal(b, v->geo.lat, GEO_SCALE);
    buf_lit(b, ",\"lng\":");
    buf_decimal(b, v->geo.lng, GEO_SCALE);
    buf_char(b, '}');
}

static void geo_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_decimal(b, v->geo.lat, GEO_SCALE);
    buf_char(b, ',');
    buf_decimal(b, v->geo.lng, GEO_SCALE);
}

static Status geo_declare(Ctx *cx UNUSED, Field *f, const json_t *decl UNUSED)
{
    f->scale = GEO_SCALE;
    return ST_OK;
}

const FieldType field_geo_type = {
    .kind = F_GEO,
    .name = "geo",
    .value = V_GEO,
    .filterable = true,
    .reads = 2,
    .columns = geo_columns,
    .parse = geo_parse,
    .parse_text = geo_parse_text,
    .validate = field_validate_none,
    .load = geo_load,
    .store = geo_store,
    .json = geo_json,
    .text = geo_text,
    .declare = geo_declare,
};
