/* SPDX-License-Identifier: Apache-2.0 */
/* Names that a record had before: the newest first, each once, without the present one. As many as the field holds. */
#include "base/utf8.h"
#include "record/former.h"
#include "record/record_internal.h"

enum { FORMER_BYTES = 4000 };

static bool is_kept(const Buf *b, Str name, Str now)
{
    Str rest = buf_str(b), piece;
    if (!name.n || str_eq(name, now))
        return false;
    while (record_former_next(&rest, &piece))
        if (str_eq(piece, name))
            return false;
    return b->n + name.n + sizeof RECORD_FORMER_SEPARATOR < FORMER_BYTES;
}

bool record_former_next(Str *rest, Str *ret)
{
    static const Str separator = {RECORD_FORMER_SEPARATOR, sizeof RECORD_FORMER_SEPARATOR - 1};
    while (rest->n) {
        size_t at = str_find(*rest, separator);
        size_t end = at == SIZE_MAX ? rest->n : at;
        size_t next = at == SIZE_MAX ? rest->n : at + separator.n;
        *ret = str_trim(str_sub(*rest, 0, end));
        *rest = str_sub(*rest, next, rest->n - next);
        if (ret->n)
            return true;
    }
    return false;
}

static void add(Buf *b, Str name, Str now)
{
    if (!is_kept(b, name, now))
        return;
    if (b->n)
        buf_lit(b, RECORD_FORMER_SEPARATOR);
    buf_str_add(b, name);
}

void record_former_add(Ctx *cx, Record *r, Str names)
{
    const Field *f = object_field(r->object, STR(RECORD_FORMER_NAMES));
    const Value *title = record_get(r, r->object->title);
    Buf b = buf_in(cx->arena, FORMER_BYTES);
    Str piece, now = title->t == V_TEXT ? title->s : STR("");
    if (!f || f->type->value != V_TEXT)
        return;
    const Value *v = record_get(r, f);
    Str sources[] = {names, v->t == V_TEXT ? v->s : STR("")};
    for (size_t i = 0; i < COUNT_OF(sources); i++)
        while (record_former_next(&sources[i], &piece))
            add(&b, piece, now);
    Str text = buf_str(&b);
    if (f->max > 0)
        text = str_sub(text, 0, utf8_offset(text, (size_t)f->max));
    record_set(r, f, text.n ? (Value){.t = V_TEXT, .s = text} : VALUE_NULL);
}

void record_former_take(Ctx *cx, Record *keep, const Record *lost)
{
    const Field *f = object_field(lost->object, STR(RECORD_FORMER_NAMES));
    const Value *title = record_get(lost, lost->object->title);
    if (!f)
        return;
    const Value *v = record_get(lost, f);
    if (v->t == V_TEXT)
        record_former_add(cx, keep, v->s);
    if (title->t == V_TEXT)
        record_former_add(cx, keep, title->s);
}
