/* SPDX-License-Identifier: Apache-2.0 */
/* The job "secrets.reseal": after a new data key everything that former ones sealed is sealed anew, values of the
 * past and of removed fields too, and the former keys go once nothing needs them. What is done falls out of the
 * question, so a run that was killed goes on where it was. A value whose key is not at hand is left and counted,
 * and the keys stay. Versions do not move: what is kept is the same. */
#include "meta/meta_purge.h"
#include "meta/meta_secret.h"
#include "upkeep/upkeep_internal.h"
#include <unistd.h>

enum { PAUSE_US = 100000, PAUSES = 50 };

static const char SQL_FORMER[] = "SELECT count(*) FROM {gx_data_key} WHERE number < ?1";
static const char SQL_RETIRE[] = "DELETE FROM {gx_data_key} WHERE number < ?1";
static const char SQL_SETTINGS[] =
    "SELECT name, value FROM {gx_setting} WHERE name = 'push.key' AND value NOT LIKE ?1";
static const char SQL_SET[] = "UPDATE {gx_setting} SET value = ?2 WHERE name = ?1 AND value = ?3";

typedef struct Place { /* where the piece in hand begins */
    const Field *field;
    bool twin;
    Id after, changed;
    size_t n; /* of this piece */
} Place;

typedef struct Progress {
    Place at;
    int64_t done, lost;
} Progress;

typedef struct Reseal {
    Progress now, next; /* next: as prepared, now once it is applied */
} Reseal;

static Str newest_mark(Ctx *cx)
{
    return str_format(cx->arena, "1.%u.%%", (unsigned)vault_newest(cx->meta->vault));
}

static void from_place(Sql *q, const Place *p)
{
    if (p->twin)
        sql_twin(q, p->field->object);
    else
        sql_table(q, p->field->object);
}

static void select_piece(Ctx *cx, const Place *p, Sql *q)
{
    sql_lit(q, "SELECT \"id\", \"changed\", ");
    sql_column(q, -1, p->field, 0);
    sql_lit(q, " FROM ");
    from_place(q, p);
    sql_lit(q, " WHERE ");
    sql_column(q, -1, p->field, 0);
    sql_lit(q, " NOT LIKE ");
    sql_bind_text(q, newest_mark(cx));
    sql_lit(q, " AND (\"id\" > ");
    sql_bind_int(q, p->after);
    sql_lit(q, " OR (\"id\" = ");
    sql_bind_int(q, p->after);
    sql_lit(q, " AND \"changed\" > ");
    sql_bind_int(q, p->changed);
    sql_lit(q, ")) ORDER BY \"id\", \"changed\" LIMIT ");
    sql_number(q, UPKEEP_PIECE);
}

/* Only what is still as it was read: a later value is sealed with the newest key already. */
static void write_one(Ctx *cx, Plan *plan, const Place *p, Str before, Str plain)
{
    Sql q = sql_new(cx->arena);
    const Value given = {.t = V_SECRET, .scale = SECRET_PLAIN, .s = plain};
    Value v = meta_secret_sealed(cx, p->field, p->after, &given);
    sql_lit(&q, "UPDATE ");
    from_place(&q, p);
    sql_lit(&q, " SET ");
    sql_column(&q, -1, p->field, 0);
    sql_lit(&q, " = ");
    sql_bind_text(&q, v.s);
    sql_lit(&q, ", ");
    sql_column(&q, -1, p->field, 1);
    sql_lit(&q, " = ");
    sql_bind_text(&q, v.shown);
    sql_lit(&q, " WHERE \"id\" = ");
    sql_bind_int(&q, p->after);
    sql_lit(&q, " AND \"changed\" = ");
    sql_bind_int(&q, p->changed);
    sql_lit(&q, " AND ");
    sql_column(&q, -1, p->field, 0);
    sql_lit(&q, " = ");
    sql_bind_text(&q, before);
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
}

static void take_row(Ctx *cx, Plan *plan, const Stmt *stmt, Progress *p)
{
    Str plain, before = str_copy(cx->arena, db_col_text(stmt, 2));
    const Value v = {.t = V_SECRET, .s = before};
    p->at.after = db_col_id(stmt, 0);
    p->at.changed = db_col_id(stmt, 1);
    bool opens = meta_secret_plain(cx, p->at.field, p->at.after, &v, &plain);
    if (opens)
        write_one(cx, plan, &p->at, before, plain);
    p->done += opens;
    p->lost += !opens;
}

static Status prepare_piece(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Reseal *r = arg;
    Progress *next = &r->next;
    CLEANUP(stmt) Stmt *stmt = NULL;
    Sql q = sql_new(cx->arena);
    bool row = true;
    (void)job;
    *next = r->now;
    next->at.n = 0;
    select_piece(cx, &next->at, &q);
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    for (;;) {
        TRY(db_next(stmt, &row));
        if (!row)
            return ST_OK;
        take_row(cx, plan, stmt, next);
        next->at.n++;
    }
}

static Status reseal_table(Ctx *cx, Job *job, Reseal *r, const Field *f, bool twin)
{
    r->now.at = (Place){.field = f, .twin = twin};
    do {
        TRY(job_apply(cx, job, prepare_piece, r));
        r->now = r->next;
        TRY(job_progress(cx, job, r->now.done, 0));
    } while (r->now.at.n == UPKEEP_PIECE);
    return ST_OK;
}

static Status reseal_fields(Ctx *cx, Job *job, Reseal *r, const Object *o, Field **fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fields[i]->kind != F_SECRET)
            continue;
        TRY(reseal_table(cx, job, r, fields[i], false));
        if (o->history)
            TRY(reseal_table(cx, job, r, fields[i], true));
    }
    return ST_OK;
}

/* What the server itself keeps sealed: sealed for its name. */
static Status prepare_settings(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Reseal *r = arg;
    CLEANUP(stmt) Stmt *stmt = NULL;
    bool row = true;
    (void)job;
    r->next = r->now;
    TRY(db_prepare(cx, SQL_SETTINGS, &stmt));
    TRY(db_bind_text(stmt, 1, newest_mark(cx)));
    for (;;) {
        TRY(db_next(stmt, &row));
        if (!row)
            return ST_OK;
        Str name = str_copy(cx->arena, db_col_text(stmt, 0)), plain;
        Str before = str_copy(cx->arena, db_col_text(stmt, 1));
        bool opens = vault_unseal(cx->meta->vault, cx->arena, name, before, &plain);
        r->next.done += opens;
        r->next.lost += !opens;
        if (!opens)
            continue;
        const DbVal v[] = {db_text(name),
                           db_text(vault_seal(cx->meta->vault, cx->arena, name, plain)),
                           db_text(before)};
        plan_exec(plan, STR_SQL(SQL_SET), v, COUNT_OF(v));
    }
}

/* Everything once; what was written meanwhile from values read before (a version of the past brought back) is
 * met by the next pass. */
static Status pass(Ctx *cx, Job *job, Reseal *r)
{
    r->now.lost = 0;
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        TRY(reseal_fields(cx, job, r, o, o->fields, o->n_fields));
        TRY(reseal_fields(cx, job, r, o, o->kept, o->n_kept));
    }
    TRY(job_apply(cx, job, prepare_settings, r));
    r->now = r->next;
    return ST_OK;
}

static Status prepare_retire(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    const DbVal v = db_int(vault_newest(cx->meta->vault));
    (void)job;
    (void)arg;
    plan_exec(plan, STR_SQL(SQL_RETIRE), &v, 1);
    return ST_OK;
}

/* A request that has read a former value may still be about to write it: nobody is by then. */
static Status wait_for_writers(Ctx *cx, Job *job, const Reseal *r)
{
    for (int i = 0; i < PAUSES; i++) {
        usleep(PAUSE_US);
        TRY(job_progress(cx, job, r->now.done, 0));
    }
    return ST_OK;
}

/* Removed objects are not in the catalogue; their values keep the keys until they are purged. */
static Status may_retire(Ctx *cx, const Reseal *r, bool *ret)
{
    Map bin = map_in(cx->arena);
    TRY(meta_bin_plurals(cx, cx->records->meta, &bin));
    *ret = r->now.lost == 0 && bin.n == 0;
    return ST_OK;
}

static Status former_keys(Ctx *cx, const Vault *vault, int64_t *ret)
{
    const DbVal v = db_int(vault_newest(vault));
    bool found = false;
    return db_get_int(cx, SQL_FORMER, &v, 1, ret, &found);
}

Status upkeep_reseal_run(Ctx *cx, Job *job, Buf *result)
{
    Reseal r = {0};
    int64_t former = 0, before = -1;
    bool retires = false;
    TRY(former_keys(cx, cx->meta->vault, &former));
    while (former && before != r.now.done) {
        if (before >= 0)
            TRY(wait_for_writers(cx, job, &r));
        before = r.now.done;
        TRY(pass(cx, job, &r));
    }
    if (former)
        TRY(may_retire(cx, &r, &retires));
    if (retires)
        TRY(job_apply(cx, job, prepare_retire, NULL));
    buf_printf(result, "{\"sealed\":%lld,\"closed\":%lld,\"keys_retired\":%lld}",
               (long long)r.now.done, (long long)r.now.lost, (long long)(retires ? former : 0));
    return ST_OK;
}

/* At the start: the keys are read then, so a new one is met here first. */
Status upkeep_reseal_check(Ctx *cx, DbPool *pool, const Vault *vault)
{
    int64_t former = 0;
    Id job = 0;
    PlanResult applied;
    Plan *plan = plan_new(cx);
    json_t *params = json_object();
    json_own(cx->arena, params);
    TRY(former_keys(cx, vault, &former));
    if (!former)
        return ST_OK;
    TRY(job_enqueue(cx, plan, "secrets.reseal", params, 0, 0, &job));
    return db_apply(pool, cx, plan, &applied);
}

/* ---- doctor */
static Status count_closed(Ctx *cx, const Field *f, bool twin, int64_t *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    const Place p = {.field = f, .twin = twin};
    bool found = false;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT count(*) FROM ");
    from_place(&q, &p);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, f, 0);
    sql_lit(&q, " IS NOT NULL");
    for (uint32_t n = 1; n <= vault_newest(cx->meta->vault); n++) {
        if (!vault_has(cx->meta->vault, n))
            continue;
        sql_lit(&q, " AND ");
        sql_column(&q, -1, f, 0);
        sql_lit(&q, " NOT LIKE ");
        sql_bind_text(&q, str_format(cx->arena, "1.%u.%%", (unsigned)n));
    }
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    TRY(db_next(stmt, &found));
    *ret += found ? db_col_int(stmt, 0) : 0;
    return ST_OK;
}

Status upkeep_closed(Ctx *cx, const Field *f, int64_t *ret)
{
    *ret = 0;
    TRY(count_closed(cx, f, false, ret));
    return f->object->history ? count_closed(cx, f, true, ret) : ST_OK;
}
