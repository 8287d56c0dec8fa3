/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of plan_insert put together: each statement costs the server more than the row it brings, so rows of
 * one text go as one, with an array for each value:
 *   INSERT INTO {t} (a, b) VALUES (?1, 0)   ->   INSERT INTO {t} (a, b) SELECT u.a1, 0 FROM unnest(?1) u (a1)
 * What such a text looks like is known: VALUES and one list of values, perhaps with ON CONFLICT behind it. */
#include "db/db_postgres_rows.h"
#include <endian.h>

#define ROWS_MIN 4
#define ARRAY_BYTES ((size_t)64 << 20)

/* ---- text */
static size_t list_end(Str s, size_t i)
{
    int depth = 1;
    for (; i < s.n; i++) {
        depth += (s.p[i] == '(') - (s.p[i] == ')');
        if (depth == 0)
            return i;
    }
    return SIZE_MAX;
}

/* ?3 becomes u.a3. */
static void write_list(Buf *out, Str list)
{
    for (size_t i = 0; i < list.n; i++) {
        if (list.p[i] == '?')
            buf_lit(out, "u.a");
        else
            buf_char(out, list.p[i]);
    }
}

static Str rows_text(Arena *a, Str sql, size_t n)
{
    static const char VALUES[] = ") VALUES (";
    size_t at = str_find(sql, str_of(VALUES));
    size_t from = at == SIZE_MAX ? 0 : at + sizeof(VALUES) - 1;
    size_t end = from ? list_end(sql, from) : SIZE_MAX;
    if (end == SIZE_MAX)
        return STR_NULL;
    Buf out = buf_in(a, sql.n * 3 + 200 + n * 16);
    buf_str_add(&out, str_sub(sql, 0, at + 1));
    buf_lit(&out, " SELECT ");
    write_list(&out, str_sub(sql, from, end - from));
    buf_lit(&out, " FROM unnest(");
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, i ? ", ?%zu" : "?%zu", i + 1);
    buf_lit(&out, ") u (");
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, i ? ", a%zu" : "a%zu", i + 1);
    buf_lit(&out, ") WHERE true"); /* ON CONFLICT behind a bare FROM is read as a join */
    buf_str_add(&out, str_sub(sql, end + 1, sql.n));
    return buf_overflowed(&out) ? STR_NULL : buf_str(&out);
}

/* ---- values */
static void put32(Buf *b, uint32_t v)
{
    v = htobe32(v);
    buf_add(b, &v, sizeof(v));
}

static void put_value(Buf *b, DbVal v)
{
    uint64_t bits = (uint64_t)v.i;
    if (v.null) {
        put32(b, UINT32_MAX);
        return;
    }
    switch (v.type) {
    case DB_BOOL:
        put32(b, 1);
        buf_char(b, v.b ? '\1' : '\0');
        return;
    case DB_TEXT:
    case DB_BLOB:
        put32(b, (uint32_t)v.s.n);
        buf_str_add(b, v.s);
        return;
    default:
        if (v.type == DB_REAL)
            memcpy(&bits, &v.r, sizeof(bits));
        bits = htobe64(bits);
        put32(b, 8);
        buf_add(b, &bits, sizeof(bits));
    }
}

/* Nulls fit any type; two types in one column do not go into one array. */
static bool column_type(const PgRows *rows, size_t column, uint8_t *ret)
{
    bool known = false;
    *ret = rows->vals[0][column].type;
    for (size_t i = 0; i < rows->n; i++) {
        const DbVal *v = &rows->vals[i][column];
        if (v->null)
            continue;
        if (known && v->type != *ret)
            return false;
        *ret = v->type;
        known = true;
    }
    return *ret <= DB_BLOB;
}

static bool column_array(Arena *a, const PgRows *rows, size_t column, DbVal *ret)
{
    uint8_t type;
    size_t bytes = 0;
    if (!column_type(rows, column, &type))
        return false;
    for (size_t i = 0; i < rows->n; i++) {
        const DbVal *v = &rows->vals[i][column];
        bytes += 12 + (!v->null && (type == DB_TEXT || type == DB_BLOB) ? v->s.n : 0);
    }
    if (bytes > ARRAY_BYTES)
        return false;
    Buf b = buf_in(a, bytes + 32);
    put32(&b, 1);
    put32(&b, 1); /* there may be nulls */
    put32(&b, db_postgres_type(type));
    put32(&b, (uint32_t)rows->n);
    put32(&b, 1);
    for (size_t i = 0; i < rows->n; i++)
        put_value(&b, rows->vals[i][column]);
    *ret = db_blob(buf_str(&b));
    ret->type = (uint8_t)(PG_ARRAYS + type);
    return true;
}

bool db_postgres_rows(Arena *a, const PgRows *rows, Str *ret_sql, DbVal **ret_vals)
{
    if (rows->n < ROWS_MIN || !rows->width)
        return false;
    *ret_sql = rows_text(a, rows->sql, rows->width);
    *ret_vals = ARENA_ARRAY(a, DbVal, rows->width);
    if (!ret_sql->p)
        return false;
    for (size_t i = 0; i < rows->width; i++)
        if (!column_array(a, rows, i, &(*ret_vals)[i]))
            return false;
    return true;
}
