/* SPDX-License-Identifier: Apache-2.0 */
/* Setting fields by name, and filling a record. */
#include "base/decimal.h"
#include "base/id.h"
#include "demo/demo_internal.h"
#include <stdio.h>

static const Field *field(const Record *r, const char *name)
{
    return object_field(r->object, str_of(name));
}

static void set(Record *r, const char *name, Value v)
{
    const Field *f = r ? field(r, name) : NULL;
    if (f && f->n_columns)
        record_set(r, f, v);
}

bool demo_has(const Demo *d, const char *object)
{
    return meta_object(d->cx->meta, str_of(object)) != NULL;
}

Record *demo_fresh(Demo *d, const char *object)
{
    const Object *o = meta_object(d->cx->meta, str_of(object));
    Record *r = o ? record_new(d->cx, o) : NULL;
    if (r)
        r->import = true;
    return r;
}

void demo_text(Record *r, const char *name, Str s) { set(r, name, (Value){.t = V_TEXT, .s = s}); }

void demo_word(Record *r, const char *name, const char *word)
{
    if (word)
        demo_text(r, name, str_of(word));
}

void demo_link(Record *r, const char *name, Id id)
{
    if (id)
        set(r, name, (Value){.t = V_ID, .i = id});
}

void demo_about(Record *r, const char *name, const char *object, Id id)
{
    const Field *f = r ? field(r, name) : NULL;
    if (f && f->kind == F_ANY_LINK && id)
        record_set(r, f, (Value){.t = V_REF, .ref = {.object = str_of(object), .id = id}});
}

void demo_int(Record *r, const char *name, int64_t v) { set(r, name, (Value){.t = V_INT, .i = v}); }

void demo_bool(Record *r, const char *name, bool v) { set(r, name, (Value){.t = V_BOOL, .b = v}); }

void demo_date(Record *r, const char *name, int64_t day)
{
    set(r, name, (Value){.t = V_DATE, .i = day});
}

void demo_time(Record *r, const char *name, int64_t ms)
{
    if (ms)
        set(r, name, (Value){.t = V_TIME, .i = ms});
}

void demo_cents(Demo *d, Record *r, const char *name, int64_t cents)
{
    const Field *f = r ? field(r, name) : NULL;
    int64_t v = 0;
    if (!f || f->kind != F_MONEY || !decimal_rescale(cents, 2, f->scale, &v))
        return;
    Value money = {.t = V_MONEY, .scale = (uint8_t)f->scale};
    money.money = (Money){.value = v, .base = v, .rate = 1000000000};
    snprintf(money.money.currency, sizeof money.money.currency, "%.*s",
             STR_ARG(d->cx->meta->currency));
    record_set(r, f, money);
}

static void scaled(Record *r, const char *name, int64_t whole)
{
    const Field *f = r ? field(r, name) : NULL;
    if (f && f->kind == F_INTEGER)
        record_set(r, f, (Value){.t = V_INT, .i = whole});
    else if (f)
        record_set(r, f,
                   (Value){.t = V_DECIMAL,
                           .scale = (uint8_t)f->scale,
                           .i = whole * decimal_pow10(f->scale)});
}

void demo_percent(Record *r, const char *name, int64_t whole) { scaled(r, name, whole); }

void demo_number(Record *r, const char *name, int64_t whole) { scaled(r, name, whole); }

Status demo_loose(Demo *d, Record *r, const char *name, Str text)
{
    const Field *f = r ? field(r, name) : NULL;
    const TextForm form = {.zone = d->cx->zone};
    Value v = VALUE_NULL;
    if (!f || !f->type->parse_text)
        return ST_OK;
    TRY(f->type->parse_text(d->cx, f, text, &form, &v));
    record_set(r, f, v);
    return ST_OK;
}

int64_t demo_at(const Demo *d, int64_t day, int hour, int minute)
{
    int64_t ms = d->day_ms + (day - d->today) * INT64_C(86400000) +
                 (hour * INT64_C(60) + minute) * INT64_C(60000);
    return ms;
}

Status demo_fill(Demo *d, Record *r, int64_t at_ms, Id owner)
{
    if (!r)
        return ST_OK;
    if (r->object->owner)
        demo_link(r, "owner", owner);
    if (r->object->department)
        demo_link(r, "department", demo_department_of(d, owner));
    set(r, "created_by", (Value){.t = V_ID, .i = owner ? owner : d->cx->user->id});
    int64_t now_ms = d->cx->now_ms;
    d->cx->now_ms = at_ms < now_ms ? at_ms : now_ms;
    Status st = record_fill(d->cx, d->plan, d->numbers, r);
    d->cx->now_ms = now_ms;
    TRY(st);
    if (d->events)
        record_event(d->cx, d->plan, r->object, r->id, r->version, "create");
    return ST_OK;
}
