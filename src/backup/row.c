/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as bytes. A value: 0 null; 1 integer (zigzag, seven bits a byte); 2 real (8 bytes); 3 text or bytes
 * (length, then themselves). */
#include "backup/archive.h"
#include <endian.h>
#include <sodium.h>

enum { ROW_NULL, ROW_INT, ROW_REAL, ROW_TEXT };

static void put_number(Buf *out, uint64_t v)
{
    while (v >= 0x80) {
        buf_char(out, (char)(v | 0x80));
        v >>= 7;
    }
    buf_char(out, (char)v);
}

void row_encode(Buf *out, const DbTable *t, const DbVal *v)
{
    for (size_t i = 0; i < t->n; i++) {
        uint64_t bits = 0;
        int64_t n = v[i].type == DB_BOOL ? v[i].b : v[i].i;
        if (v[i].null) {
            buf_char(out, ROW_NULL);
        } else if (v[i].type == DB_BOOL || v[i].type == DB_INT) {
            buf_char(out, ROW_INT);
            put_number(out, ((uint64_t)n << 1) ^ (uint64_t)(n >> 63));
        } else if (v[i].type == DB_REAL) {
            memcpy(&bits, &v[i].r, sizeof(bits));
            bits = htole64(bits);
            buf_char(out, ROW_REAL);
            buf_add(out, &bits, sizeof(bits));
        } else {
            buf_char(out, ROW_TEXT);
            put_number(out, v[i].s.n);
            buf_str_add(out, v[i].s);
        }
    }
}

static bool take_number(Str *rest, uint64_t *ret)
{
    *ret = 0;
    for (unsigned shift = 0; shift < 64 && rest->n; shift += 7) {
        uint64_t c = (unsigned char)*rest->p;
        rest->p++;
        rest->n--;
        *ret |= (c & 0x7f) << shift;
        if (!(c & 0x80))
            return true;
    }
    return false;
}

static bool take_text(Str *rest, Str *ret)
{
    uint64_t n;
    if (!take_number(rest, &n) || n > rest->n)
        return false;
    *ret = n ? str_n(rest->p, (size_t)n) : STR("");
    rest->p += n;
    rest->n -= (size_t)n;
    return true;
}

static bool take_value(Str *rest, DbType type, DbVal *ret)
{
    uint64_t bits;
    char kind;
    if (!rest->n)
        return false;
    kind = *rest->p;
    rest->p++;
    rest->n--;
    *ret = db_null(type);
    if (kind == ROW_NULL)
        return true;
    ret->null = false;
    if (kind == ROW_INT && (type == DB_INT || type == DB_BOOL)) {
        if (!take_number(rest, &bits))
            return false;
        int64_t v = (int64_t)(bits >> 1) ^ -(int64_t)(bits & 1);
        *ret = type == DB_BOOL ? db_bool(v != 0) : db_int(v);
        return type == DB_INT || v == 0 || v == 1;
    }
    if (kind == ROW_REAL && type == DB_REAL && rest->n >= sizeof(bits)) {
        memcpy(&bits, rest->p, sizeof(bits));
        bits = le64toh(bits);
        memcpy(&ret->r, &bits, sizeof(bits));
        rest->p += sizeof(bits);
        rest->n -= sizeof(bits);
        return true;
    }
    return kind == ROW_TEXT && (type == DB_TEXT || type == DB_BLOB) && take_text(rest, &ret->s);
}

bool row_decode(Str *rest, const DbTable *t, DbVal *ret)
{
    for (size_t i = 0; i < t->n; i++)
        if (!take_value(rest, t->columns[i].type, &ret[i]))
            return false;
    return true;
}

void row_sum(TableSum *sum, Str encoded)
{
    unsigned char hash[ROW_HASH];
    uint64_t h[2];
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)encoded.p, encoded.n, NULL, 0);
    memcpy(h, hash, sizeof(h));
    h[0] = le64toh(h[0]);
    h[1] = le64toh(h[1]);
    sum->rows++;
    sum->hash[0] += h[0];
    sum->hash[1] += h[1] + (sum->hash[0] < h[0]);
}

bool row_sum_equal(const TableSum *a, const TableSum *b)
{
    return a->rows == b->rows && a->hash[0] == b->hash[0] && a->hash[1] == b->hash[1];
}

Str row_sum_text(Arena *a, const TableSum *s)
{
    return str_format(a, "%016llx%016llx", (unsigned long long)s->hash[1],
                      (unsigned long long)s->hash[0]);
}
