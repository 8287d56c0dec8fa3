/* SPDX-License-Identifier: Apache-2.0 */
/* What a change of type makes of a value (the pairs that may be changed stand in meta_retype.c).
 *
 * The general way is through text: as people read it in the old type, as a file would be read in the
 * new one, in the language and zone of the organisation, so that the copying job and everyone who
 * writes meanwhile agree. Numbers, dates and links go their own ways, because their text says less
 * or more than their value. */
#include "record/record_internal.h"

#define MAX_TEXT ((size_t)1024 * 1024)

/* ---- links: titles and codes, whoever asks */
static Status ask_text(Ctx *cx, const Sql *q, Str *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    bool found = false;
    *ret = STR_NULL;
    TRY(db_prepare_str(cx, sql_text(q), &stmt));
    TRY(db_bind_all(stmt, q->vals->v, q->vals->n));
    TRY(db_next(stmt, &found));
    if (found && !db_col_null(stmt, 0))
        *ret = str_copy(cx->arena, db_col_text(stmt, 0));
    return ST_OK;
}

static Status text_of_link(Ctx *cx, const Field *f, Id id, const Field *part, Str *ret)
{
    Sql q = sql_new(cx->arena);
    *ret = STR_NULL;
    if (!part || !part->n_columns || part->columns[0].type != DB_TEXT)
        return ST_OK;
    sql_lit(&q, "SELECT ");
    sql_column(&q, -1, part, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, f->to);
    sql_lit(&q, " WHERE \"id\" = ");
    sql_bind_int(&q, id);
    return ask_text(cx, &q, ret);
}

/* The one record whose field says so; 0 if there is none or several. */
static Status link_by(Ctx *cx, const Object *to, const Field *part, Str text, Id *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    Sql q = sql_new(cx->arena);
    bool found = false, more = false;
    *ret = 0;
    if (!part || !part->n_columns || part->columns[0].type != DB_TEXT)
        return ST_OK;
    sql_lit(&q, "SELECT \"id\" FROM ");
    sql_table(&q, to);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, part, 0);
    sql_lit(&q, " = ");
    sql_bind_text(&q, text);
    sql_lit(&q, " LIMIT 2");
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    TRY(db_next(stmt, &found));
    if (!found)
        return ST_OK;
    Id id = db_col_id(stmt, 0);
    TRY(db_next(stmt, &more));
    *ret = more ? 0 : id;
    return ST_OK;
}

static Status link_of_text(Ctx *cx, const Field *to, Str text, Id *ret)
{
    *ret = 0;
    if (!to->to || !text.n)
        return ST_OK;
    TRY(link_by(cx, to->to, object_field(to->to, STR("code")), text, ret));
    return *ret ? ST_OK : link_by(cx, to->to, to->to->title, text, ret);
}

/* ---- numbers */
static bool is_number(const Value *v)
{
    return v->t == V_INT || v->t == V_DECIMAL || v->t == V_MONEY;
}

static bool is_foreign(const Ctx *cx, const Value *v)
{
    return v->t == V_MONEY && !str_is(cx->meta->currency, v->money.currency);
}

static void write_number(Buf *b, const Value *v)
{
    if (v->t == V_MONEY)
        buf_decimal(b, v->money.value, v->scale);
    else
        buf_decimal(b, v->i, v->t == V_DECIMAL ? v->scale : 0);
}

/* Money keeps its currency and rate; digits that the new scale cannot hold do not fit. */
static bool money_at_scale(const Value *v, int scale, Value *ret)
{
    int64_t value = v->money.value, base = v->money.base;
    *ret = VALUE_NULL;
    for (int s = v->scale; s < scale; s++) {
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_mul_overflow(base, 10, &base))
            return false;
    }
    for (int s = v->scale; s > scale; s--) {
        if (value % 10)
            return false;
        value /= 10;
        base = (base + (base < 0 ? -5 : 5)) / 10;
    }
    *ret = *v;
    ret->scale = (uint8_t)scale;
    ret->money.value = value;
    ret->money.base = base;
    return true;
}

/* "12.50" fits a whole number as little as 12.5 does, "12.00" does. */
static Str without_zeros(Str s)
{
    if (str_find_char(s, '.') == SIZE_MAX)
        return s;
    while (s.n && s.p[s.n - 1] == '0')
        s.n--;
    if (s.n && s.p[s.n - 1] == '.')
        s.n--;
    return s;
}

/* ---- */
static const Zone *home_zone(const Ctx *cx)
{
    const Zone *z = zone_get(cx->meta->time_zone);
    return z ? z : zone_get(STR("UTC"));
}

static Lang home_language(const Ctx *cx)
{
    return str_starts(cx->meta->language, STR("en")) ? LANG_EN : LANG_ZH;
}

static Status text_of(Ctx *cx, const Field *from, const Value *v, Str *ret)
{
    Buf b = buf_in(cx->arena, MAX_TEXT);
    if (v->t == V_ID)
        return text_of_link(cx, from, v->i, from->to ? from->to->title : NULL, ret);
    if (is_number(v)) {
        write_number(&b, v);
        *ret = without_zeros(buf_str(&b));
        return ST_OK;
    }
    if (v->t == V_BOOL)
        buf_str_add(&b, v->b ? STR("true") : STR("false"));
    else
        from->type->text(&b, from, v, home_language(cx));
    *ret = buf_overflowed(&b) ? STR_NULL : buf_str(&b);
    return ST_OK;
}

static void read_text(Ctx *cx, const Field *to, Str text, Value *ret, bool *ret_fits)
{
    TextForm form = {.zone = home_zone(cx)};
    Error outer = cx->err;
    cx->err = (Error){.status = ST_OK};
    Status st = to->type->parse_text ? to->type->parse_text(cx, to, text, &form, ret) : ST_INVALID;
    if (st == ST_OK && !value_is_null(ret) && to->type->validate)
        st = to->type->validate(cx, to, ret);
    *ret_fits = st == ST_OK && !value_is_null(ret);
    if (!*ret_fits)
        *ret = VALUE_NULL;
    cx->err = outer;
}

static bool by_clock(const Ctx *cx, const Field *to, const Value *v, Value *ret)
{
    const Zone *zone = home_zone(cx);
    if (v->t == V_DATE && to->kind == F_DATETIME)
        *ret = (Value){.t = V_TIME, .i = zone_to_utc(zone, v->i * 86400000)};
    else if (v->t == V_TIME && to->kind == F_DATE)
        *ret =
            (Value){.t = V_DATE, .i = calendar_floor_div(v->i + zone_offset(zone, v->i), 86400000)};
    else
        return false;
    return true;
}

/* A choice keeps its code where the new type knows it: in another list, or in a coded list. */
static Status by_code(Ctx *cx, const Field *to, Str code, Value *ret, bool *ret_fits)
{
    Id id = 0;
    if (to->kind == F_CHOICE && to->choices && choice_find(to->choices, code)) {
        *ret = (Value){.t = V_TEXT, .s = code};
        *ret_fits = true;
    } else if (to->kind == F_LINK) {
        TRY(link_of_text(cx, to, code, &id));
        *ret_fits = id != 0;
        *ret = id ? (Value){.t = V_ID, .i = id} : VALUE_NULL;
    }
    return ST_OK;
}

Status record_convert(Ctx *cx, const Field *from, const Field *to, const Value *v, Value *ret,
                      bool *ret_fits)
{
    Str text = STR_NULL;
    *ret = VALUE_NULL;
    *ret_fits = value_is_null(v);
    if (value_is_null(v))
        return ST_OK;
    if (v->t == V_MONEY && to->kind == F_MONEY) {
        *ret_fits = money_at_scale(v, to->scale, ret);
        return ST_OK;
    }
    if (is_foreign(cx, v)) /* the new type cannot say the currency */
        return ST_OK;
    if (v->t == V_BOOL && to->kind == F_INTEGER) {
        *ret = (Value){.t = V_INT, .i = v->b};
        *ret_fits = true;
        return ST_OK;
    }
    *ret_fits = by_clock(cx, to, v, ret);
    if (!*ret_fits && from->kind == F_CHOICE)
        TRY(by_code(cx, to, v->s, ret, ret_fits));
    if (!*ret_fits && from->kind == F_LINK && to->kind == F_CHOICE && from->to) {
        TRY(text_of_link(cx, from, v->i, object_field(from->to, STR("code")), &text));
        TRY(by_code(cx, to, text, ret, ret_fits));
    }
    if (*ret_fits)
        return ST_OK;
    TRY(text_of(cx, from, v, &text));
    if (to->kind == F_LINK)
        return by_code(cx, to, str_trim(text), ret, ret_fits);
    if (text.n)
        read_text(cx, to, text, ret, ret_fits);
    return ST_OK;
}
