/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL's binary forms of values, in both directions. */
#include "db/db_postgres.h"
#include <endian.h>

enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_BOOL_ARRAY = 1000,
    OID_BYTEA_ARRAY = 1001,
    OID_TEXT_ARRAY = 1009,
    OID_INT8_ARRAY = 1016,
    OID_FLOAT8_ARRAY = 1022,
    OID_NUMERIC = 1700,
};

/* ---- parameters -------------------------------------------------------------------------- */
Oid db_postgres_type(uint8_t type)
{
    static const Oid OIDS[] = {
        [DB_BOOL] = OID_BOOL,
        [DB_INT] = OID_INT8,
        [DB_REAL] = OID_FLOAT8,
        [DB_TEXT] = OID_TEXT,
        [DB_BLOB] = OID_BYTEA,
        [PG_ARRAYS + DB_BOOL] = OID_BOOL_ARRAY,
        [PG_ARRAYS + DB_INT] = OID_INT8_ARRAY,
        [PG_ARRAYS + DB_REAL] = OID_FLOAT8_ARRAY,
        [PG_ARRAYS + DB_TEXT] = OID_TEXT_ARRAY,
        [PG_ARRAYS + DB_BLOB] = OID_BYTEA_ARRAY,
    };
    return OIDS[type];
}

void db_postgres_types(const PgVariant *v, int n, Oid *ret)
{
    for (int i = 0; i < n; i++)
        ret[i] = db_postgres_type(v->types[i]);
}

static void encode(PgParams *p, int i, DbVal v)
{
    uint64_t bits = 0;
    p->formats[i] = 1;
    if (v.null)
        return;
    p->values[i] = (const char *)&p->numbers[i];
    p->lengths[i] = 8;
    switch (v.type) {
    case DB_BOOL:
        p->lengths[i] = 1;
        *(char *)&p->numbers[i] = v.b;
        return;
    case DB_INT: bits = (uint64_t)v.i; break;
    case DB_REAL: memcpy(&bits, &v.r, sizeof(bits)); break;
    default:
        p->values[i] = v.s.p ? v.s.p : "";
        p->lengths[i] = (int)v.s.n;
        return;
    }
    p->numbers[i] = htobe64(bits);
}

PgParams db_postgres_params(Arena *a, const DbVal *vals, int n)
{
    PgParams p = {.n = n};
    if (n == 0)
        return p;
    p.values = ARENA_ARRAY(a, const char *, n);
    p.lengths = ARENA_ARRAY(a, int, n);
    p.formats = ARENA_ARRAY(a, int, n);
    p.numbers = ARENA_ARRAY(a, uint64_t, n);
    for (int i = 0; i < n; i++)
        encode(&p, i, vals[i]);
    return p;
}

/* ---- columns ----------------------------------------------------------------------------- */
typedef struct Field {
    const char *p;
    size_t n;
    Oid type;
    bool null;
} Field;

static Field field_of(const Stmt *q, int col)
{
    return (Field){
        .p = PQgetvalue(q->result, q->row, col),
        .n = (size_t)PQgetlength(q->result, q->row, col),
        .type = PQftype(q->result, col),
        .null = PQgetisnull(q->result, q->row, col),
    };
}

static int16_t read16(const char *p)
{
    uint16_t v;
    memcpy(&v, p, sizeof(v));
    return (int16_t)be16toh(v);
}

static int32_t read32(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof(v));
    return (int32_t)be32toh(v);
}

static uint64_t read64(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return be64toh(v);
}

static double read_real(Field f)
{
    double d = 0;
    float s;
    uint64_t bits = f.n == 8 ? read64(f.p) : 0;
    uint32_t small = f.n == 4 ? (uint32_t)read32(f.p) : 0;
    if (f.n == 8) {
        memcpy(&d, &bits, sizeof(d));
    } else if (f.n == 4) {
        memcpy(&s, &small, sizeof(s));
        d = (double)s;
    }
    return d;
}

/* numeric: digits of base 10,000; the first has the weight given. Gives whole and real part. */
static int64_t read_numeric(Field f, double *ret_real)
{
    int n = read16(f.p), weight = read16(f.p + 2), sign = (uint16_t)read16(f.p + 4);
    __int128 whole = 0;
    double real = 0, unit = 1;
    for (int i = 0; i <= weight && i < 20; i++) /* 10^80 is past every int64 */
        whole = whole * 10000 + (i < n ? read16(f.p + 8 + 2 * i) : 0);
    for (int i = 0; i < n; i++) {
        unit = 1;
        for (int k = weight - i; k > 0; k--)
            unit *= 10000;
        for (int k = weight - i; k < 0; k++)
            unit /= 10000;
        real += read16(f.p + 8 + 2 * i) * unit;
    }
    if (sign == 0x4000)
        whole = -whole, real = -real;
    *ret_real = real;
    return (int64_t)(whole > INT64_MAX ? INT64_MAX : whole < INT64_MIN ? INT64_MIN : whole);
}

bool db_postgres_col_null(const Stmt *q, int col) { return PQgetisnull(q->result, q->row, col); }

int64_t db_postgres_col_int(const Stmt *q, int col)
{
    Field f = field_of(q, col);
    double real;
    int64_t parsed = 0;
    if (f.null)
        return 0;
    switch (f.type) {
    case OID_INT8: return (int64_t)read64(f.p);
    case OID_INT4: return read32(f.p);
    case OID_INT2: return read16(f.p);
    case OID_BOOL: return f.p[0] != 0;
    case OID_FLOAT4:
    case OID_FLOAT8: return (int64_t)read_real(f);
    case OID_NUMERIC: return read_numeric(f, &real);
    default: return str_int(str_n(f.p, f.n), &parsed) ? parsed : 0;
    }
}

double db_postgres_col_real(const Stmt *q, int col)
{
    Field f = field_of(q, col);
    double real = 0;
    if (f.null)
        return 0;
    if (f.type == OID_FLOAT8 || f.type == OID_FLOAT4)
        return read_real(f);
    if (f.type == OID_NUMERIC) {
        read_numeric(f, &real);
        return real;
    }
    return (double)db_postgres_col_int(q, col);
}

/* A number read as text is written as SQLite would. */
static Str number_text(const Stmt *q, int col, Oid type)
{
    Arena *a = q->cx->arena;
    if (type == OID_FLOAT8 || type == OID_FLOAT4)
        return str_format(a, "%.15g", db_postgres_col_real(q, col));
    return str_format(a, "%lld", (long long)db_postgres_col_int(q, col));
}

Str db_postgres_col_text(const Stmt *q, int col)
{
    Field f = field_of(q, col);
    if (f.null)
        return STR_NULL;
    switch (f.type) {
    case OID_INT8:
    case OID_INT4:
    case OID_INT2:
    case OID_BOOL:
    case OID_FLOAT4:
    case OID_FLOAT8:
    case OID_NUMERIC: return number_text(q, col, f.type);
    default: return str_n(f.p, f.n);
    }
}
