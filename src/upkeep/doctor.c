/* SPDX-License-Identifier: Apache-2.0 */
/* Doctor: finds what drifted and repairs what can be repaired without losing anything.
 *
 * schema: tables, columns, twin columns, side tables and indexes that the catalogue has and the
 * database lacks. side_table: the index over lists of links, choices, tags against the lists in the
 * rows themselves, which are the truth. derived: sort keys and folded texts that a row with a value
 * lacks. rollup: stored figures against their expressions.
 * match: keys by which duplicates are found. secret: values under a key that is not at hand. share: shares that do not know when their record was changed.
 * counter: numbers that would be given twice. extra: columns of no field, tables of no object; empty ones
 * can go, and figures of no roll-up; others are told and left. file: bytes that no record knows go by the
 * sweep; records without their bytes are told. mark: marks and pins that lead to nothing. search: tokens. */
#include "access/share.h"
#include "duplicate/duplicate.h"
#include "file/file.h"
#include "meta/meta_purge.h"
#include "record/number.h"
#include "search/search.h"
#include "upkeep/upkeep_internal.h"

static void tell(Ctx *cx, DoctorReport *r, const char *check, Str object, Str what, bool repaired)
{
    DoctorProblem p = {check, object, str_copy(cx->arena, what), repaired};
    VEC_PUSH(cx->arena, &r->problems, p);
}

static Status apply(Ctx *cx, DbPool *pool, Plan *plan)
{
    PlanResult result;
    return plan_is_empty(plan) ? ST_OK : db_apply(pool, cx, plan, &result);
}

/* ---- schema */
static Status check_schema(Ctx *cx, DbPool *pool, bool repair, DoctorReport *r)
{
    MetaMissing missing = {0};
    Plan *plan = plan_new(cx);
    TRY(meta_database_missing(cx, cx->meta, plan, &missing));
    if (repair)
        TRY(apply(cx, pool, plan));
    for (size_t i = 0; i < missing.list.n; i++)
        tell(cx, r, "schema", STR_NULL, missing.list.v[i], repair);
    return ST_OK;
}

/* ---- side tables */
static void from_side(const Field *f, Sql *q)
{
    sql_lit(q, "SELECT record, target FROM ");
    sql_links_table(q, f);
}

static Sql difference(Ctx *cx, const Field *f, DbKind kind, bool missing)
{
    Sql q = sql_new(cx->arena);
    if (missing)
        record_side_rows(&q, f, kind);
    else
        from_side(f, &q);
    sql_lit(&q, " EXCEPT ");
    if (missing)
        from_side(f, &q);
    else
        record_side_rows(&q, f, kind);
    return q;
}

static Status count(Ctx *cx, const Sql *of, int64_t *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    bool found = false;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT count(*) FROM (");
    sql_append(&q, of);
    sql_lit(&q, ") d");
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_next(stmt, &found));
    *ret = found ? db_col_int(stmt, 0) : 0;
    return ST_OK;
}

static void repair_side(Ctx *cx, const Field *f, const Sql *missing, const Sql *ghosts, Plan *plan)
{
    Sql drop = sql_new(cx->arena), add = sql_new(cx->arena);
    sql_lit(&drop, "DELETE FROM ");
    sql_links_table(&drop, f);
    sql_lit(&drop, " WHERE (record, target) IN (");
    sql_append(&drop, ghosts);
    sql_lit(&drop, ")");
    sql_lit(&add, "INSERT INTO ");
    sql_links_table(&add, f);
    sql_lit(&add, " (record, target) ");
    sql_append(&add, missing);
    plan_exec(plan, sql_text(&drop), NULL, 0);
    plan_exec(plan, sql_text(&add), NULL, 0);
}

static Status check_side(Ctx *cx, DbPool *pool, const Field *f, bool repair, DoctorReport *r)
{
    DbKind kind = db_kind(pool);
    int64_t lacks = 0, ghosts = 0;
    Sql missing = difference(cx, f, kind, true), extra = difference(cx, f, kind, false);
    TRY(count(cx, &missing, &lacks));
    TRY(count(cx, &extra, &ghosts));
    if (!lacks && !ghosts)
        return ST_OK;
    Plan *plan = plan_new(cx);
    if (repair) {
        repair_side(cx, f, &missing, &extra, plan);
        TRY(apply(cx, pool, plan));
    }
    tell(cx, r, "side_table", f->object->name,
         str_format(cx->arena, STR_FMT ": %lld missing, %lld too many", STR_ARG(f->name),
                    (long long)lacks, (long long)ghosts),
         repair);
    return ST_OK;
}

/* ---- derived columns */
static bool has_derived(const Field *f)
{
    return f->n_columns > 1 && f->type->value == V_TEXT && !f->system;
}

static void where_lacks(const Field *f, Sql *q)
{
    sql_lit(q, " FROM ");
    sql_table(q, f->object);
    sql_lit(q, " WHERE ");
    sql_column(q, -1, f, 0);
    sql_lit(q, " IS NOT NULL AND (");
    for (int part = 1; part < f->n_columns; part++) {
        if (part > 1)
            sql_lit(q, " OR ");
        sql_column(q, -1, f, part);
        sql_lit(q, " IS NULL");
    }
    sql_lit(q, ")");
}

/* A piece at a time, upwards: a text that gives no key at all (an empty fold) ends no loop. */
static Status repair_derived(Ctx *cx, DbPool *pool, const Field *f, Id *after, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    Sql q = sql_new(cx->arena);
    Plan *plan = plan_new(cx);
    sql_lit(&q, "SELECT \"id\", ");
    sql_column(&q, -1, f, 0);
    where_lacks(f, &q);
    sql_lit(&q, " AND \"id\" > ");
    sql_bind_int(&q, *after);
    sql_lit(&q, " ORDER BY \"id\" LIMIT ");
    sql_number(&q, UPKEEP_PIECE);
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    for (*ret_n = 0;; (*ret_n)++) {
        bool found = false;
        TRY(db_next(stmt, &found));
        if (!found)
            break;
        Value v = {.t = V_TEXT, .s = str_copy(cx->arena, db_col_text(stmt, 1))};
        *after = db_col_id(stmt, 0);
        upkeep_write_derived(cx, f, *after, 0, &v, plan);
    }
    return apply(cx, pool, plan);
}

static Status check_derived(Ctx *cx, DbPool *pool, const Field *f, bool repair, DoctorReport *r)
{
    Sql q = sql_new(cx->arena);
    int64_t lacks = 0;
    Id after = 0;
    sql_lit(&q, "SELECT \"id\"");
    where_lacks(f, &q);
    TRY(count(cx, &q, &lacks));
    if (!lacks)
        return ST_OK;
    for (size_t n = UPKEEP_PIECE; repair && n == UPKEEP_PIECE;)
        TRY(repair_derived(cx, pool, f, &after, &n));
    tell(cx, r, "derived", f->object->name,
         str_format(cx->arena, STR_FMT ": %lld rows without sort key or folded text",
                    STR_ARG(f->name), (long long)lacks),
         repair);
    return ST_OK;
}

/* ---- rollups: computed anew by their job */
static Status ask_job(Ctx *cx, Plan *plan, const char *kind)
{
    json_t *params = json_object();
    Id job = 0;
    json_own(cx->arena, params);
    return job_enqueue(cx, plan, kind, params, 0, 0, &job);
}

static Status check_rollups(Ctx *cx, DbPool *pool, const Object *o, bool repair, DoctorReport *r)
{
    int64_t wrong = 0, ghosts = 0;
    TRY(record_rollup_verify(cx, o, &wrong, &ghosts));
    if (!wrong && !ghosts)
        return ST_OK;
    if (repair) {
        Plan *plan = plan_new(cx);
        record_rollup_repair(cx, plan, o);
        TRY(ask_job(cx, plan, "rollups"));
        TRY(apply(cx, pool, plan));
    }
    tell(cx, r, "rollup", o->name,
         str_format(cx->arena, "%lld records with other figures, %lld figures of records gone",
                    (long long)wrong, (long long)ghosts),
         repair);
    return ST_OK;
}

/* ---- search */
static Status check_search(Ctx *cx, DbPool *pool, bool repair, DoctorReport *r)
{
    SearchReport found = {0};
    TRY(search_verify(cx, &found));
    if (!found.missing && !found.different && !found.ghosts)
        return ST_OK;
    if (repair) {
        Plan *plan = plan_new(cx);
        TRY(ask_job(cx, plan, "search.build"));
        TRY(apply(cx, pool, plan));
    }
    tell(cx, r, "search", STR_NULL,
         str_format(cx->arena, "%lld records not indexed, %lld otherwise, %lld that are gone",
                    (long long)found.missing, (long long)found.different, (long long)found.ghosts),
         repair);
    return ST_OK;
}

/* ---- counters: below a number that is given they would give it twice */
static Status check_counter(Ctx *cx, DbPool *pool, const Field *f, bool repair, DoctorReport *r)
{
    int64_t counter = 0, greatest = 0;
    TRY(number_verify(cx, f, &counter, &greatest));
    if (counter >= greatest)
        return ST_OK;
    if (repair) {
        Plan *plan = plan_new(cx);
        number_raise(cx, plan, f, greatest);
        TRY(apply(cx, pool, plan));
        number_forget(cx, f);
    }
    tell(cx, r, "counter", f->object->name,
         str_format(cx->arena, STR_FMT ": the counter stands at %lld, a record has %lld",
                    STR_ARG(f->name), (long long)counter, (long long)greatest),
         repair);
    return ST_OK;
}

/* ---- columns and tables that nothing knows */
static Str extra_text(Ctx *cx, const MetaExtra *x, int64_t filled)
{
    if (!x->column.n)
        return str_format(cx->arena, "table " STR_FMT ": %lld rows", STR_ARG(x->table),
                          (long long)filled);
    return str_format(cx->arena, "column " STR_FMT " of " STR_FMT ": %lld values",
                      STR_ARG(x->column), STR_ARG(x->table), (long long)filled);
}

static Status check_extra(Ctx *cx, DbPool *pool, bool repair, DoctorReport *r)
{
    MetaExtraList list = {0};
    Map bin;
    if (cx->records->meta)
        TRY(meta_bin_plurals(cx, cx->records->meta, &bin));
    TRY(meta_database_extra(cx, cx->meta, cx->records->meta ? &bin : NULL, &list));
    for (size_t i = 0; i < list.n; i++) {
        const MetaExtra *x = &list.v[i];
        int64_t filled = 0;
        TRY(meta_database_extra_filled(cx, x, &filled));
        bool drops = repair && (!filled || (x->object && x->which == META_EXTRA_FIGURES));
        if (drops) {
            Plan *plan = plan_new(cx);
            TRY(meta_database_extra_drop(cx, x, plan));
            TRY(apply(cx, pool, plan));
        }
        tell(cx, r, "extra", x->object ? x->object->name : STR_NULL, extra_text(cx, x, filled),
             drops);
    }
    return ST_OK;
}

/* ---- files: bytes without record, records without bytes */
static Status check_files(Ctx *cx, DbPool *pool, bool repair, DoctorReport *r)
{
    FileReport found;
    TRY(file_verify(cx, &found));
    if (found.lost)
        tell(
            cx, r, "file", STR("file"),
            str_format(cx->arena,
                       "%lld files without their whole bytes, to be copied from a backup: " STR_FMT,
                       (long long)found.lost, STR_ARG(buf_str(&found.ids))),
            false);
    if (!found.strays)
        return ST_OK;
    if (repair) {
        Plan *plan = plan_new(cx);
        json_t *params = json_object();
        Id job = 0;
        json_own(cx->arena, params);
        json_object_set_new(params, "contents_only", json_true());
        json_object_set_new(params, "age_hours", json_integer(FILE_STRAY_HOURS));
        TRY(job_enqueue(cx, plan, "files.sweep", params, 0, 0, &job));
        TRY(apply(cx, pool, plan));
    }
    tell(cx, r, "file", STR_NULL,
         str_format(cx->arena, "%lld contents that no file knows", (long long)found.strays),
         repair);
    return ST_OK;
}

/* ---- shares: when their records were last changed */
static Status check_shares(Ctx *cx, DbPool *pool, const Object *o, bool repair, DoctorReport *r)
{
    int64_t wrong = 0;
    Plan *plan = plan_new(cx);
    TRY(access_share_check(cx, plan, o, &wrong));
    if (!wrong)
        return ST_OK;
    if (repair)
        TRY(apply(cx, pool, plan));
    tell(cx, r, "share", o->name,
         str_format(cx->arena, "%lld do not know when their record was changed", (long long)wrong),
         repair);
    return ST_OK;
}

static Status check_match(Ctx *cx, DbPool *pool, const Object *o, bool repair, DoctorReport *r)
{
    DuplicateDrift drift;
    if (!o->n_match_fields)
        return ST_OK;
    TRY(duplicate_verify(cx, o, &drift));
    if (!drift.missing && !drift.different && !drift.gone)
        return ST_OK;
    if (repair) {
        Plan *plan = plan_new(cx);
        duplicate_keys_again(plan, o);
        TRY(ask_job(cx, plan, "duplicates.keys"));
        TRY(apply(cx, pool, plan));
    }
    tell(cx, r, "match", o->name,
         str_format(cx->arena, "%lld records without keys, %lld with others, %lld that are gone",
                    (long long)drift.missing, (long long)drift.different, (long long)drift.gone),
         repair);
    return ST_OK;
}

/* Nothing opens them but the key: to be brought back from where it is kept. */
static Status check_secret(Ctx *cx, const Field *f, DoctorReport *r)
{
    int64_t n = 0;
    TRY(upkeep_closed(cx, f, &n));
    if (n)
        tell(cx, r, "secret", f->object->name,
             str_format(cx->arena, STR_FMT ": %lld values sealed with a key that is not at hand",
                        STR_ARG(f->name), (long long)n),
             false);
    return ST_OK;
}

static Status check_object(Ctx *cx, DbPool *pool, const Object *o, bool repair, DoctorReport *r)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (field_is_many(f))
            TRY(check_side(cx, pool, f, repair, r));
        if (f->kind == F_AUTO_NUMBER)
            TRY(check_counter(cx, pool, f, repair, r));
        if (f->kind == F_SECRET)
            TRY(check_secret(cx, f, r));
        if (has_derived(f))
            TRY(check_derived(cx, pool, f, repair, r));
    }
    TRY(check_shares(cx, pool, o, repair, r));
    TRY(check_match(cx, pool, o, repair, r));
    return check_rollups(cx, pool, o, repair, r);
}

static Status check_marks(Ctx *cx, DbPool *pool, bool repair, DoctorReport *r)
{
    int64_t left = 0;
    Plan *plan = plan_new(cx);
    TRY(upkeep_left_rows(cx, plan, &left));
    if (!left)
        return ST_OK;
    if (repair)
        TRY(apply(cx, pool, plan));
    tell(cx, r, "mark", STR_NULL,
         str_format(cx->arena, "%lld marks and pins that lead to nothing", (long long)left),
         repair);
    return ST_OK;
}

Status upkeep_doctor(Ctx *cx, DbPool *pool, bool repair, DoctorReport *ret)
{
    TRY(check_schema(cx, pool, repair, ret));
    if (!repair && ret->problems.n) /* what lacks a column cannot be read */
        return ST_OK;
    TRY(check_extra(cx, pool, repair, ret));
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        TRY(check_object(cx, pool, cx->meta->objects[i], repair, ret));
        ret->checked++;
    }
    TRY(check_files(cx, pool, repair, ret));
    TRY(check_marks(cx, pool, repair, ret));
    return check_search(cx, pool, repair, ret);
}

void upkeep_doctor_write(const DoctorReport *r, Buf *out)
{
    buf_printf(out, "{\"checked\":%lld,\"problems\":[", (long long)r->checked);
    for (size_t i = 0; i < r->problems.n; i++) {
        const DoctorProblem *p = &r->problems.v[i];
        buf_printf(out, "%s{\"check\":\"%s\",\"object\":", i ? "," : "", p->check);
        if (p->object.n)
            buf_json_str(out, p->object);
        else
            buf_lit(out, "null");
        buf_lit(out, ",\"what\":");
        buf_json_str(out, p->what);
        buf_printf(out, ",\"repaired\":%s}", p->repaired ? "true" : "false");
    }
    buf_lit(out, "]}");
}

Status upkeep_doctor_run(Ctx *cx, Job *job, Buf *result)
{
    DoctorReport r = {0};
    TRY(job_progress(cx, job, 0, (int64_t)cx->meta->n_objects));
    TRY(upkeep_doctor(cx, cx->records->pool, json_get_bool(job->params, "repair", false), &r));
    upkeep_doctor_write(&r, result);
    return ST_OK;
}

Status upkeep_doctor_ask(Ctx *cx, Plan *plan, bool repair, Id *ret_job)
{
    json_t *params = json_object();
    json_own(cx->arena, params);
    json_object_set_new(params, "repair", json_boolean(repair));
    return job_enqueue(cx, plan, "doctor", params, 0, 0, ret_job);
}
