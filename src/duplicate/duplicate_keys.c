/* SPDX-License-Identifier: Apache-2.0 */
/* The job "duplicates.keys": keys of records that were there before their rules, or were written past record/. Every
 * minute it looks whether there is such work. It goes through an object in pieces; a record that somebody changes
 * meanwhile is a guard that fails, and its piece is done again. Records whose keys are right already are read alone:
 * all of them, where an organisation is so young that its first import came before the first look. */
#include "base/calendar.h"
#include "duplicate/duplicate_internal.h"

enum { PIECE = 200, RIGHT_PIECES = 10 };

static const char SQL_STATE[] =
    "SELECT fingerprint, filled FROM {gx_match_state} WHERE object = ?1";
static const char SQL_BEGIN[] = "INSERT INTO {gx_match_state} (object, fingerprint, filled) VALUES "
                                "(?1, ?2, 0) ON CONFLICT (object) "
                                "DO UPDATE SET fingerprint = excluded.fingerprint, filled = 0, "
                                "searched_at = NULL, searched_change = NULL, "
                                "model = NULL";
static const char SQL_FILLED[] = "UPDATE {gx_match_state} SET filled = ?2 WHERE object = ?1";
static const char SQL_CLEAR[] =
    "DELETE FROM {gx_match} WHERE object = ?1 AND record > ?2 AND record <= ?3";
#define ALL_FILLED INT64_MAX

typedef struct Fill {
    const Object *object;
    Id after, last;
    int64_t n; /* records of this plan */
    bool begins;
    bool differs; /* keys were found to be wrong: the rest is made anew without a look */
} Fill;

static Status read_state(Ctx *cx, const Object *o, int64_t *ret_fingerprint, int64_t *ret_filled)
{
    CLEANUP(stmt) Stmt *s = NULL;
    bool found = false;
    *ret_fingerprint = *ret_filled = 0;
    TRY(db_prepare(cx, SQL_STATE, &s));
    TRY(db_bind_int(s, 1, o->number));
    TRY(db_next(s, &found));
    if (found) {
        *ret_fingerprint = db_col_int(s, 0);
        *ret_filled = db_col_int(s, 1);
    }
    return ST_OK;
}

/* Goes on behind what is right. */
static Status pass_right(Ctx *cx, Fill *f)
{
    f->last = f->after;
    f->n = 0;
    for (int i = 0; i < RIGHT_PIECES && !f->differs && f->last != ALL_FILLED; i++) {
        DuplicateDrift drift = {0};
        Id after = f->last;
        TRY(duplicate_verify_piece(cx, f->object, &after, &drift));
        f->differs = drift.missing || drift.different || drift.gone;
        if (f->differs)
            break;
        f->last = after ? after : ALL_FILLED;
        f->n += drift.records;
    }
    return ST_OK;
}

static Status make_keys(Ctx *cx, Plan *plan, Fill *f)
{
    const Object *o = f->object;
    DuplicateRow *rows = NULL;
    DuplicateWhich which = {.after = f->after, .n = PIECE};
    size_t n = 0;
    TRY(duplicate_rows(cx, o, &which, &rows, &n));
    f->last = n < PIECE ? ALL_FILLED : rows[n - 1].id;
    f->n = (int64_t)n;
    const DbVal clear[] = {db_int(o->number), db_int(f->after), db_int(f->last)};
    plan_exec(plan, STR_SQL(SQL_CLEAR), clear, COUNT_OF(clear));
    for (size_t i = 0; i < n; i++) {
        int64_t *keys = NULL;
        size_t n_keys = match_record_keys(cx->arena, o, rows[i].values, &keys);
        plan_lock(plan, o->plural, rows[i].id, rows[i].version);
        match_add(cx, plan, o, rows[i].id, keys, n_keys);
    }
    return ST_OK;
}

static Status prepare(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Fill *f = arg;
    const Object *o = f->object;
    (void)job;
    if (f->begins) {
        const DbVal begin[] = {db_int(o->number), db_int(match_fingerprint(o))};
        plan_exec(plan, STR_SQL(SQL_BEGIN), begin, COUNT_OF(begin));
    }
    TRY(pass_right(cx, f));
    if (f->last == f->after)
        TRY(make_keys(cx, plan, f));
    const DbVal filled[] = {db_int(o->number), db_int(f->last)};
    plan_exec(plan, STR_SQL(SQL_FILLED), filled, COUNT_OF(filled));
    return ST_OK;
}

static Status fill_object(Ctx *cx, Job *job, const Object *o, int64_t *done)
{
    int64_t fingerprint = 0, filled = 0;
    TRY(read_state(cx, o, &fingerprint, &filled));
    Fill f = {.object = o, .after = filled};
    f.begins = fingerprint != match_fingerprint(o);
    if (f.begins)
        f.after = 0;
    while (f.after != ALL_FILLED) {
        TRY(job_apply(cx, job, prepare, &f));
        *done += f.n;
        f.after = f.last;
        f.begins = false;
        TRY(job_progress(cx, job, *done, 0));
    }
    return ST_OK;
}

Status duplicate_keys_run(Ctx *cx, Job *job, Buf *result)
{
    int64_t done = 0;
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        if (cx->meta->objects[i]->n_match_fields)
            TRY(fill_object(cx, job, cx->meta->objects[i], &done));
    buf_printf(result, "{\"records\":%lld}", (long long)done);
    return ST_OK;
}

/* ---- as people see it */
static const char SQL_SEARCHED[] =
    "SELECT searched_at FROM {gx_match_state} WHERE object = ?1 AND searched_at IS NOT NULL";

Status duplicate_state(Ctx *cx, const Object *o, Buf *out)
{
    int64_t fingerprint = 0, filled = 0, at = 0, open = 0;
    bool found = false;
    DbVal key = db_int(o->number);
    TRY(read_state(cx, o, &fingerprint, &filled));
    TRY(duplicate_open(cx, o, &open));
    TRY(db_get_int(cx, SQL_SEARCHED, &key, 1, &at, &found));
    buf_printf(out, ",\"keys\":\"%s\",\"rules\":%zu,\"searched_at\":",
               fingerprint == match_fingerprint(o) && filled == ALL_FILLED ? "ready" : "building",
               o->n_duplicates);
    if (!found)
        buf_lit(out, "null");
    else {
        buf_char(out, '"');
        calendar_write_datetime(out, at);
        buf_char(out, '"');
    }
    buf_printf(out, ",\"open\":%lld", (long long)open);
    return ST_OK;
}
