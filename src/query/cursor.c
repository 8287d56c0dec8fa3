/* SPDX-License-Identifier: Apache-2.0 */
/* Cursors: the key values of the last row, bound to what was asked. Bytes: version, hash of the
 * question (8), of lists of the past the change they stand at (8), then per key a tag and its value; all as base64url. Opaque, not secret: what a
 * forged one selects still passes the reader's predicate. */
#include "base/utf8.h"
#include "query/query_internal.h"

#define CURSOR_VERSION 1
#define CURSOR_PAST 2
#define CURSOR_MAX ((size_t)8192)
enum { CURSOR_NULL, CURSOR_INT, CURSOR_REAL, CURSOR_BYTES };

static const char CURSOR_DIGITS[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

uint64_t cursor_hash(const Ctx *cx, const Object *o, const ListQuery *q)
{
    Buf b = buf_in(cx->arena, (size_t)64 * 1024);
    buf_str_add(&b, o->name);
    buf_char(&b, 0);
    buf_str_add(&b, q->filter);
    buf_char(&b, 0);
    buf_str_add(&b, q->sort);
    buf_char(&b, 0);
    if (q->q.n) {
        buf_lit(&b, "q");
        buf_str_add(&b, q->q);
        buf_char(&b, 0);
    }
    if (q->as_of.n) {
        buf_str_add(&b, q->as_of);
        buf_char(&b, 0);
    }
    if (q->deleted)
        buf_lit(&b, "deleted");
    if (q->parent_field)
        buf_str_add(&b, q->parent_field->name);
    buf_add(&b, &q->parent, sizeof(q->parent));
    Id user = cx->access ? cx->access->me(cx) : 0;
    buf_add(&b, &user, sizeof(user));
    return str_hash(buf_str(&b));
}

void cursor_take(Arena *a, const Sort *s, const Stmt *q, DbVal *values)
{
    for (size_t i = 0; i < s->n; i++) {
        const SortKey *k = &s->keys[i];
        if (db_col_null(q, k->col))
            values[i] = db_null(k->type);
        else if (k->type == DB_TEXT)
            values[i] = db_text(str_copy(a, db_col_text(q, k->col)));
        else if (k->type == DB_BLOB)
            values[i] = db_blob(str_copy(a, db_col_blob(q, k->col)));
        else if (k->type == DB_BOOL)
            values[i] = db_bool(db_col_bool(q, k->col));
        else if (k->type == DB_REAL)
            values[i] = db_real(db_col_real(q, k->col));
        else
            values[i] = db_int(db_col_int(q, k->col));
    }
}

static void cursor_value(Buf *b, const DbVal *v)
{
    int64_t whole = v->type == DB_BOOL ? v->b : v->i;
    if (v->null) {
        buf_char(b, CURSOR_NULL);
    } else if (v->type == DB_TEXT || v->type == DB_BLOB) {
        uint32_t n = (uint32_t)v->s.n;
        buf_char(b, CURSOR_BYTES);
        buf_add(b, &n, sizeof(n));
        buf_add(b, v->s.p, n);
    } else if (v->type == DB_REAL) {
        buf_char(b, CURSOR_REAL);
        buf_add(b, &v->r, sizeof(v->r));
    } else {
        buf_char(b, CURSOR_INT);
        buf_add(b, &whole, sizeof(whole));
    }
}

static void cursor_base64(Buf *out, Str in)
{
    const unsigned char *p = (const unsigned char *)in.p;
    for (size_t i = 0; i < in.n; i += 3) {
        size_t left = in.n - i;
        uint32_t v = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
                     (left > 2 ? p[i + 2] : 0);
        buf_char(out, CURSOR_DIGITS[v >> 18]);
        buf_char(out, CURSOR_DIGITS[v >> 12 & 63]);
        if (left > 1)
            buf_char(out, CURSOR_DIGITS[v >> 6 & 63]);
        if (left > 2)
            buf_char(out, CURSOR_DIGITS[v & 63]);
    }
}

void cursor_encode(const Ctx *cx, uint64_t hash, const DbVal *values, size_t n, Buf *out)
{
    Buf raw = buf_in(cx->arena, CURSOR_MAX * 8);
    buf_char(&raw, cx->as_of ? CURSOR_PAST : CURSOR_VERSION);
    buf_add(&raw, &hash, sizeof(hash));
    if (cx->as_of)
        buf_add(&raw, &cx->as_of, sizeof(cx->as_of));
    for (size_t i = 0; i < n; i++)
        cursor_value(&raw, &values[i]);
    cursor_base64(out, buf_str(&raw));
}

static int cursor_digit(char c)
{
    const char *at = c ? strchr(CURSOR_DIGITS, c) : NULL;
    return at ? (int)(at - CURSOR_DIGITS) : -1;
}

static bool cursor_bytes(Str text, Buf *out)
{
    if (text.n % 4 == 1)
        return false;
    uint32_t bits = 0;
    int have = 0;
    for (size_t i = 0; i < text.n; i++) {
        int d = cursor_digit(text.p[i]);
        if (d < 0)
            return false;
        bits = bits << 6 | (uint32_t)d;
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_char(out, (char)(bits >> have & 255));
        }
    }
    return !buf_overflowed(out);
}

static bool cursor_cut(Str *in, void *to, size_t n)
{
    if (in->n < n)
        return false;
    memcpy(to, in->p, n);
    *in = str_sub(*in, n, in->n);
    return true;
}

static bool cursor_read_value(Str *in, const SortKey *k, DbVal *ret)
{
    char tag;
    uint32_t n;
    *ret = db_null(k->type);
    if (!cursor_cut(in, &tag, 1))
        return false;
    if (tag == CURSOR_NULL)
        return k->nullable;
    ret->null = false;
    bool wants_bytes = k->type == DB_TEXT || k->type == DB_BLOB;
    if (tag == CURSOR_BYTES && wants_bytes) {
        if (!cursor_cut(in, &n, sizeof(n)) || in->n < n)
            return false;
        ret->s = str_sub(*in, 0, n);
        *in = str_sub(*in, n, in->n);
        return k->type == DB_BLOB || utf8_valid(ret->s, NULL);
    }
    if (tag == CURSOR_REAL && k->type == DB_REAL)
        return cursor_cut(in, &ret->r, sizeof(ret->r));
    int64_t whole;
    if (tag != CURSOR_INT || wants_bytes || !cursor_cut(in, &whole, sizeof(whole)))
        return false;
    if (k->type == DB_BOOL)
        ret->b = whole != 0;
    else
        ret->i = whole;
    return true;
}

static bool cursor_head(Str *in, uint64_t *ret_hash, Id *ret_as_of)
{
    char version;
    *ret_as_of = 0;
    if (!cursor_cut(in, &version, 1) || (version != CURSOR_VERSION && version != CURSOR_PAST))
        return false;
    if (!cursor_cut(in, ret_hash, sizeof(*ret_hash)))
        return false;
    return version == CURSOR_VERSION ||
           (cursor_cut(in, ret_as_of, sizeof(*ret_as_of)) && *ret_as_of > 0);
}

static bool cursor_read(const Ctx *cx, Str in, uint64_t hash, const Sort *s, DbVal *values)
{
    uint64_t made_for;
    Id as_of;
    if (!cursor_head(&in, &made_for, &as_of) || made_for != hash || as_of != cx->as_of)
        return false;
    for (size_t i = 0; i < s->n; i++)
        if (!cursor_read_value(&in, &s->keys[i], &values[i]))
            return false;
    return in.n == 0;
}

Status cursor_decode(Ctx *cx, Str text, uint64_t hash, const Sort *s, DbVal *values)
{
    Buf raw = buf_in(cx->arena, CURSOR_MAX * 8);
    if (text.n <= CURSOR_MAX * 8 && cursor_bytes(text, &raw) &&
        cursor_read(cx, buf_str(&raw), hash, s, values))
        return ST_OK;
    return path_bad(
        cx, "after",
        FAIL(cx, ST_MALFORMED, "query.bad_cursor", "the cursor does not belong to this list"));
}

Id cursor_as_of(Ctx *cx, Str text)
{
    Buf raw = buf_in(cx->arena, CURSOR_MAX * 8);
    uint64_t hash;
    Id as_of = 0;
    if (text.n > CURSOR_MAX * 8 || !cursor_bytes(text, &raw))
        return 0;
    Str in = buf_str(&raw);
    return cursor_head(&in, &hash, &as_of) ? as_of : 0;
}
