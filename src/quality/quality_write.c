/* SPDX-License-Identifier: Apache-2.0 */
/* Figures as they are told, with the rights of who asks. */
#include "access/access.h"
#include "base/calendar.h"
#include "duplicate/duplicate.h"
#include "quality/quality_internal.h"

#define TREND_DAYS 90

static const char SQL_OBJECTS[] =
    "SELECT q.object, q.day, q.total, q.fields, q.filled, q.wrong, q.broken, q.stale, "
    "(SELECT s.value FROM {gx_setting} s WHERE s.name = 'quality.stale.' || q.object) FROM "
    "{gx_quality} q WHERE q.field = 0 AND q.day = (SELECT MAX(l.day) FROM {gx_quality} l WHERE "
    "l.object = q.object AND l.field = 0) ORDER BY q.object";
static const char SQL_FIELDS[] =
    "SELECT field, filled, wrong, total FROM {gx_quality} WHERE object = ?1 AND day = ?2 AND "
    "field > 0";
static const char SQL_TREND[] =
    "SELECT day, total, fields, filled, wrong, broken, stale, pairs FROM {gx_quality} WHERE "
    "object = ?1 AND field = 0 AND day > ?2 ORDER BY day";
static const char SQL_WRONG[] =
    "SELECT record FROM {gx_quality_wrong} WHERE object = ?1 AND field = ?2 ORDER BY record";

static void write_day(Buf *out, int64_t day)
{
    buf_lit(out, "\"day\":\"");
    calendar_write_date(out, day);
    buf_char(out, '"');
}

static void write_numbers(Buf *out, const Stmt *q, int first, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        buf_printf(out, ",\"%s\":%lld", names[i], (long long)db_col_int(q, first + i));
}

static const char *const NUMBERS[] = {"total",  "fields", "filled", "wrong",
                                      "broken", "stale",  NULL};

static const Object *object_of(const Ctx *cx, int64_t number)
{
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        if (cx->meta->objects[i]->number == number)
            return cx->meta->objects[i];
    return NULL;
}

Status quality_list_write(Ctx *cx, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool more = true, first = true;
    int64_t pairs = 0;
    buf_printf(out, "{\"stale_days\":%d,\"objects\":[", QUALITY_STALE_DAYS);
    TRY(db_prepare(cx, SQL_OBJECTS, &q));
    for (;;) {
        TRY(db_next(q, &more));
        if (!more)
            break;
        const Object *o = object_of(cx, db_col_int(q, 0));
        if (!o || !quality_may(cx, o))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_lit(out, "{\"object\":");
        buf_json_str(out, o->name);
        buf_char(out, ',');
        write_day(out, db_col_int(q, 1));
        write_numbers(out, q, 2, NUMBERS);
        TRY(duplicate_open(cx, o, &pairs));
        buf_printf(out, ",\"duplicates\":%lld,\"stale_days\":%d}", (long long)pairs,
                   quality_days_of(db_col_text(q, 8)));
    }
    buf_lit(out, "]}");
    return ST_OK;
}

/* ---- one object */
static Status wrong_filter(Ctx *cx, const Field *f, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    Buf filter = buf_in(cx->arena, 65536);
    bool more = true;
    TRY(db_prepare(cx, SQL_WRONG, &q));
    TRY(db_bind_int(q, 1, f->object->number));
    TRY(db_bind_int(q, 2, f->number));
    buf_lit(&filter, "id in (");
    for (int n = 0;; n++) {
        TRY(db_next(q, &more));
        if (!more)
            break;
        buf_printf(&filter, "%s\"%lld\"", n ? ", " : "", (long long)db_col_id(q, 0));
    }
    buf_char(&filter, ')');
    buf_json_str(out, buf_str(&filter));
    return ST_OK;
}

static const Field *field_of(const Object *o, int64_t number)
{
    for (size_t i = 0; i < o->n_fields; i++)
        if (o->fields[i]->number == number && !o->fields[i]->system)
            return o->fields[i];
    return NULL;
}

typedef struct FieldRow {
    const Field *field;
    int64_t filled, wrong, total;
} FieldRow;

static Status field_row(Ctx *cx, const FieldRow *r, bool first, Buf *out)
{
    if (!first)
        buf_char(out, ',');
    buf_lit(out, "{\"field\":");
    buf_json_str(out, r->field->name);
    buf_printf(out, ",\"filled\":%lld,\"wrong\":%lld,\"required\":", (long long)r->filled,
               (long long)r->wrong);
    buf_json_bool(out, r->field->required);
    buf_lit(out, ",\"empty_filter\":");
    buf_json_str(out, str_format(cx->arena, STR_FMT " is null", STR_ARG(r->field->name)));
    buf_lit(out, ",\"wrong_filter\":");
    if (r->wrong)
        TRY(wrong_filter(cx, r->field, out));
    else
        buf_lit(out, "null");
    buf_char(out, '}');
    return ST_OK;
}

static Status write_fields(Ctx *cx, const Object *o, int64_t day, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    VEC(FieldRow) rows = {0};
    bool more = true;
    TRY(db_prepare(cx, SQL_FIELDS, &q));
    TRY(db_bind_int(q, 1, o->number));
    TRY(db_bind_int(q, 2, day));
    for (;;) {
        TRY(db_next(q, &more));
        if (!more)
            break;
        FieldRow r = {field_of(o, db_col_int(q, 0)), db_col_int(q, 1), db_col_int(q, 2),
                      db_col_int(q, 3)};
        if (r.field && access_field(cx, r.field) >= FIELD_READ)
            VEC_PUSH(cx->arena, &rows, r);
    }
    buf_lit(out, ",\"fields\":[");
    for (size_t i = 0; i < rows.n; i++)
        TRY(field_row(cx, &rows.v[i], i == 0, out));
    buf_char(out, ']');
    return ST_OK;
}

/* Counted now, as the person: few rules, and a rule may name what he may not filter by. */
static void write_rules(Ctx *cx, const Object *o, Buf *out)
{
    bool first = true;
    buf_lit(out, ",\"rules\":[");
    for (size_t i = 0; i < o->n_rules; i++) {
        int64_t n = 0;
        Str filter = quality_broken_filter(cx, &o->rules[i]);
        if (query_count(cx, o, filter, false, 10000, &n) != ST_OK) {
            error_clear(cx);
            continue;
        }
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_lit(out, "{\"rule\":");
        buf_json_str(out, o->rules[i].name);
        buf_lit(out, ",\"message\":");
        buf_json_str(out, label_in(&o->rules[i].message, cx->lang));
        buf_printf(out, ",\"broken\":%lld,\"filter\":", (long long)n);
        buf_json_str(out, filter);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static Status write_trend(Ctx *cx, const Object *o, Buf *out, int64_t *ret_last)
{
    CLEANUP(stmt) Stmt *q = NULL;
    int64_t today = calendar_floor_div(cx->now_ms, 86400000);
    bool more = true;
    TRY(db_prepare(cx, SQL_TREND, &q));
    TRY(db_bind_int(q, 1, o->number));
    TRY(db_bind_int(q, 2, today - TREND_DAYS));
    for (bool first = true;; first = false) {
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        buf_str_add(out, first ? STR("{") : STR(",{"));
        write_day(out, db_col_int(q, 0));
        write_numbers(out, q, 1, NUMBERS);
        if (db_col_null(q, 7))
            buf_lit(out, ",\"duplicates\":null}");
        else
            buf_printf(out, ",\"duplicates\":%lld}", (long long)db_col_int(q, 7));
        *ret_last = db_col_int(q, 0);
    }
}

Status quality_object_write(Ctx *cx, const Object *o, Buf *out)
{
    int64_t day = 0, pairs = 0;
    int days = 0;
    Buf trend = buf_in(cx->arena, (size_t)256 * 1024);
    if (!quality_may(cx, o))
        return FAIL(cx, ST_NOT_FOUND, "quality.none", "there are no figures of it for you");
    TRY(write_trend(cx, o, &trend, &day));
    TRY(quality_stale_days(cx, o, &days));
    TRY(duplicate_open(cx, o, &pairs));
    buf_lit(out, "{\"object\":");
    buf_json_str(out, o->name);
    buf_lit(out, ",\"day\":");
    if (day) {
        buf_char(out, '"');
        calendar_write_date(out, day);
        buf_char(out, '"');
    } else {
        buf_lit(out, "null");
    }
    buf_printf(out, ",\"duplicates\":%lld,\"stale_days\":%d,\"stale_filter\":", (long long)pairs,
               days);
    buf_json_str(out, quality_stale_filter(cx, o, days));
    TRY(write_fields(cx, o, day, out));
    write_rules(cx, o, out);
    buf_lit(out, ",\"trend\":[");
    buf_str_add(out, buf_str(&trend));
    buf_lit(out, "]}");
    return ST_OK;
}
