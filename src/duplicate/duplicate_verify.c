/* SPDX-License-Identifier: Apache-2.0 */
/* Keys against records, for the doctor: what was written past record/, or is left of what is gone. Repaired is by making
 * all keys of the object again (duplicate_keys.c). */
#include "duplicate/duplicate_internal.h"

enum { PIECE = 500 };

static const char SQL_READY[] =
    "SELECT 1 FROM {gx_match_state} WHERE object = ?1 AND fingerprint = ?2 AND filled = "
    "9223372036854775807";
static const char SQL_STORED[] = "SELECT record, key FROM {gx_match} WHERE object = ?1 AND "
                                 "record > ?2 AND record <= ?3 ORDER BY record, key";
static const char SQL_AGAIN[] = "UPDATE {gx_match_state} SET filled = 0 WHERE object = ?1";

typedef struct Stored {
    Stmt *s;
    bool row;
    Id record;
} Stored;

static Status step(Stored *st)
{
    TRY(db_next(st->s, &st->row));
    st->record = st->row ? db_col_id(st->s, 0) : INT64_MAX;
    return ST_OK;
}

/* Reads past what is stored of records before `until`, none of which is there any more. */
static Status count_gone(Stored *st, Id until, DuplicateDrift *ret)
{
    Id last = 0;
    while (st->row && st->record < until) {
        ret->gone += st->record != last;
        last = st->record;
        TRY(step(st));
    }
    return ST_OK;
}

static Status compare_record(Ctx *cx, const Object *o, const DuplicateRow *row, Stored *st,
                             DuplicateDrift *ret)
{
    int64_t *keys = NULL;
    size_t n = match_record_keys(cx->arena, o, row->values, &keys), at = 0;
    bool same = true;
    TRY(count_gone(st, row->id, ret));
    bool any = st->row && st->record == row->id;
    while (st->row && st->record == row->id) {
        same = same && at < n && keys[at] == db_col_int(st->s, 1);
        at++;
        TRY(step(st));
    }
    if (n && !any)
        ret->missing++;
    else if (!same || at != n)
        ret->different++;
    return ST_OK;
}

/* *after 0: that was the last piece. */
Status duplicate_verify_piece(Ctx *cx, const Object *o, Id *after, DuplicateDrift *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    DuplicateRow *rows = NULL;
    DuplicateWhich which = {.after = *after, .n = PIECE};
    size_t n = 0;
    TRY(duplicate_rows(cx, o, &which, &rows, &n));
    Id last = n < PIECE ? INT64_MAX : rows[n - 1].id;
    const DbVal v[] = {db_int(o->number), db_int(*after), db_int(last)};
    TRY(db_prepare(cx, SQL_STORED, &s));
    TRY(db_bind_all(s, v, COUNT_OF(v)));
    Stored st = {.s = s};
    TRY(step(&st));
    for (size_t i = 0; i < n; i++)
        TRY(compare_record(cx, o, &rows[i], &st, ret));
    TRY(count_gone(&st, INT64_MAX, ret));
    ret->records += (int64_t)n;
    *after = last == INT64_MAX ? 0 : last;
    return ST_OK;
}

Status duplicate_verify(Ctx *cx, const Object *o, DuplicateDrift *ret)
{
    const DbVal v[] = {db_int(o->number), db_int(match_fingerprint(o))};
    int64_t one = 0;
    bool ready = false;
    *ret = (DuplicateDrift){0};
    TRY(db_get_int(cx, SQL_READY, v, COUNT_OF(v), &one, &ready));
    Arena *outer = cx->arena, *pad = arena_new(65536);
    Status st = ST_OK;
    Id after = 0;
    while (st == ST_OK && ready) { /* else the job makes them anyway */
        cx->arena = pad;
        st = db_read_begin(cx); /* one moment for rows and keys: writers go on meanwhile */
        if (st == ST_OK) {
            st = duplicate_verify_piece(cx, o, &after, ret);
            db_read_end(cx);
        }
        cx->arena = outer;
        arena_reset(pad);
        ready = after != 0;
    }
    arena_free(pad);
    return st;
}

void duplicate_keys_again(Plan *plan, const Object *o)
{
    const DbVal v = db_int(o->number);
    plan_exec(plan, STR_SQL(SQL_AGAIN), &v, 1);
}
