/* SPDX-License-Identifier: Apache-2.0 */
/* What a record's plan adds for its keys. */
#include "match/match.h"
#include <stdlib.h>

#define KEYS_AT_ONCE 6

static const char SQL_ADD[] = "INSERT INTO {gx_match} (object, record, key) VALUES (?1, ?2, ?3)";
/* Of several rows, on SQLite alone. OR IGNORE: what refuses no row needs no journal of its own. */
#define ADD_2                                                                                      \
    "INSERT OR IGNORE INTO {gx_match} (object, record, key) VALUES (?1, ?2, ?3), (?1, ?2, ?4)"
#define ADD_3 ADD_2 ", (?1, ?2, ?5)"
#define ADD_4 ADD_3 ", (?1, ?2, ?6)"
#define ADD_5 ADD_4 ", (?1, ?2, ?7)"
#define ADD_6 ADD_5 ", (?1, ?2, ?8)"
static const char SQL_UNINDEX[] = "DROP INDEX IF EXISTS {gx_match_key}";
static const char SQL_INDEX[] = "CREATE INDEX IF NOT EXISTS gx_match_key ON {gx_match} "
                                "(object, key, record)";
static const char SQL_DROP[] = "DELETE FROM {gx_match} WHERE object = ?1 AND record = ?2";

static int compare_keys(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

size_t match_record_keys(Arena *a, const Object *o, const Value *values, int64_t **ret)
{
    int64_t *keys = ARENA_ARRAY(a, int64_t, (o->n_match_fields + MATCH_SEVERAL) * MATCH_KEYS + 1);
    size_t n = 0, m = 0;
    for (size_t i = 0; i < o->n_match_fields; i++) {
        const DuplicateField *f = &o->match_fields[i];
        Str rest = match_of(a, f, values), one;
        while (f->as != MATCH_LINK && str_split(&rest, '\n', &one)) /* too many share a link */
            n += match_keys(a, f->as, one, f->fuzzy, keys + n);
    }
    if (n > 1)
        qsort(keys, n, sizeof *keys, compare_keys);
    for (size_t i = 0; i < n; i++)
        if (!m || keys[m - 1] != keys[i])
            keys[m++] = keys[i];
    *ret = keys;
    return m;
}

static Str add_sql(size_t n)
{
    static const char *const SQL_ADD_SEVERAL[] = {SQL_ADD, ADD_2, ADD_3, ADD_4, ADD_5, ADD_6};
    return str_of(SQL_ADD_SEVERAL[n - 1]);
}

/* On SQLite the keys of a record are one statement; it must not be one that may stop half-way: for such of several
 * rows SQLite keeps a journal, and before each journal its full-text index writes out what it has collected, which
 * cost more than all else of a record. On PostgreSQL rows of one text go together anyway (docs/adr/0097). */
void match_add(Ctx *cx, Plan *plan, const Object *o, Id id, const int64_t *keys, size_t n)
{
    size_t most = db_kind_of(cx->db) == DB_SQLITE ? KEYS_AT_ONCE : 1;
    for (size_t from = 0, m; from < n; from += m) {
        DbVal v[2 + KEYS_AT_ONCE] = {db_int(o->number), db_int(id)};
        m = n - from < most ? n - from : most;
        for (size_t i = 0; i < m; i++)
            v[2 + i] = db_int(keys[from + i]);
        plan_insert(plan, add_sql(m), v, 2 + m);
    }
}

void match_drop(Plan *plan, const Object *o, Id id)
{
    const DbVal v[] = {db_int(o->number), db_int(id)};
    if (o->n_match_fields)
        plan_exec(plan, STR_SQL(SQL_DROP), v, COUNT_OF(v));
}

/* Most updates touch no such field: nothing is folded then. */
static bool values_same(const Object *o, const Value *a, const Value *b)
{
    for (size_t i = 0; i < o->n_match_fields; i++) {
        size_t at = o->match_fields[i].field->index;
        if (!value_equal(&a[at], &b[at]))
            return false;
    }
    return true;
}

void match_put(Ctx *cx, Plan *plan, const Object *o, Id id, const Value *old, const Value *values)
{
    int64_t *before, *now;
    if (!o->n_match_fields || (old && values_same(o, old, values)))
        return;
    size_t n = match_record_keys(cx->arena, o, values, &now);
    if (old) {
        size_t m = match_record_keys(cx->arena, o, old, &before);
        if (m == n && !memcmp(before, now, n * sizeof *now))
            return;
        match_drop(plan, o, id);
    }
    match_add(cx, plan, o, id, now, n);
}

/* ---- filling in bulk */
void match_unindex(Plan *plan) { plan_ddl(plan, STR_SQL(SQL_UNINDEX)); }

void match_index(Plan *plan) { plan_ddl(plan, STR_SQL(SQL_INDEX)); }

int64_t match_fingerprint(const Object *o)
{
    uint64_t x = MATCH_VERSION;
    for (size_t i = 0; i < o->n_match_fields; i++) {
        const DuplicateField *f = &o->match_fields[i];
        x = x * UINT64_C(1099511628211) +
            ((uint64_t)f->field->number * 64 + (uint64_t)f->as * 2 + (uint64_t)f->fuzzy);
    }
    return (int64_t)(x >> 1) | 1;
}
