/* SPDX-License-Identifier: Apache-2.0 */
/* What a record's plan adds for its keys. */
#include "match/match.h"
#include <stdlib.h>

static const char SQL_ADD[] = "INSERT INTO {gx_match} (object, record, key) VALUES (?1, ?2, ?3)";
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

/* A row a statement: of several rows SQLite keeps a journal for each statement, and before each journal its
 * full-text index writes out what it has collected, which cost more than all else of a record. */
void match_add(Ctx *cx, Plan *plan, const Object *o, Id id, const int64_t *keys, size_t n)
{
    (void)cx;
    for (size_t i = 0; i < n; i++) {
        const DbVal v[] = {db_int(o->number), db_int(id), db_int(keys[i])};
        plan_insert(plan, STR_SQL(SQL_ADD), v, COUNT_OF(v));
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
