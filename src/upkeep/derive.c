/* SPDX-License-Identifier: Apache-2.0 */
/* The job "meta.derive": title, search or uniqueness for a text of records that are there. From its
 * start on every write fills the columns that these need (meta_derive.c); the job fills them for all
 * rows, live and former, and then makes the change. A unique rule that records break is not made: the
 * result names them. With "dry_run" nothing changes, and the result says what stands in the way of
 * unique (records with the same value) and of required (records without one). */
#include "meta/meta_derive.h"
#include "upkeep/upkeep_internal.h"

typedef enum Phase { FILL_LIVE, FILL_TWIN, FILL_DONE } Phase;

typedef struct Marks {
    Phase phase;
    Id after, changed;
    int64_t filled;
} Marks;

typedef struct Derive {
    Str object, key;
    const json_t *body;
    bool of_object, dry;
    const Field *f;
    Marks now, next;
    int64_t total;
} Derive;

void upkeep_write_derived(Ctx *cx, const Field *f, Id id, Id changed, const Value *v, Plan *plan)
{
    DbVal columns[FIELD_COLUMNS];
    Sql q = sql_new(cx->arena);
    f->type->store(cx->arena, f, v, columns);
    sql_lit(&q, "UPDATE ");
    if (changed)
        sql_twin(&q, f->object);
    else
        sql_table(&q, f->object);
    sql_lit(&q, " SET ");
    for (int part = 1; part < f->n_columns; part++) {
        if (part > 1)
            sql_lit(&q, ", ");
        sql_column(&q, -1, f, part);
        sql_lit(&q, " = ");
        sql_bind(&q, columns[part]);
    }
    sql_lit(&q, " WHERE \"id\" = ");
    sql_bind_int(&q, id);
    if (changed) {
        sql_lit(&q, " AND \"changed\" = ");
        sql_bind_int(&q, changed);
    }
    sql_lit(&q, " AND ");
    sql_column(&q, -1, f, 0);
    sql_lit(&q, " = ");
    sql_bind(&q, columns[0]); /* nobody has written it since */
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
}

static Sql select_rows(Ctx *cx, const Derive *d)
{
    bool twin = d->next.phase == FILL_TWIN;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT \"id\", \"changed\", ");
    sql_column(&q, -1, d->f, 0);
    sql_lit(&q, " FROM ");
    if (twin)
        sql_twin(&q, d->f->object);
    else
        sql_table(&q, d->f->object);
    sql_lit(&q, " WHERE (\"id\", \"changed\") > (");
    sql_bind_int(&q, d->next.after);
    sql_lit(&q, ", ");
    sql_bind_int(&q, d->next.changed);
    sql_lit(&q, ") AND ");
    sql_column(&q, -1, d->f, 0);
    sql_lit(&q, " IS NOT NULL ORDER BY \"id\", \"changed\" LIMIT ");
    sql_number(&q, UPKEEP_PIECE);
    return q;
}

static Status fill_rows(Ctx *cx, Plan *plan, Derive *d, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    Sql q = select_rows(cx, d);
    bool twin = d->next.phase == FILL_TWIN, found = true;
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    for (*ret_n = 0;; (*ret_n)++) {
        TRY(db_next(stmt, &found));
        if (!found)
            return ST_OK;
        Value v = {.t = V_TEXT, .s = str_copy(cx->arena, db_col_text(stmt, 2))};
        d->next.after = db_col_id(stmt, 0);
        d->next.changed = db_col_id(stmt, 1);
        upkeep_write_derived(cx, d->f, d->next.after, twin ? d->next.changed : 0, &v, plan);
    }
}

static Status piece(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Derive *d = arg;
    size_t n = 0;
    d->next = d->now;
    TRY(fill_rows(cx, plan, d, &n));
    d->next.filled += d->next.phase == FILL_LIVE ? (int64_t)n : 0;
    if (n < UPKEEP_PIECE) {
        d->next.phase = d->next.phase == FILL_LIVE && d->f->object->history ? FILL_TWIN : FILL_DONE;
        d->next.after = d->next.changed = 0;
    }
    job_checkpoint(cx, plan, job,
                   str_format(cx->arena,
                              "{\"phase\":%d,\"after\":%lld,\"changed\":%lld,\"filled\":%lld}",
                              (int)d->next.phase, (long long)d->next.after,
                              (long long)d->next.changed, (long long)d->next.filled));
    return ST_OK;
}

/* ---- the job */
static Status find_again(Ctx *cx, void *arg)
{
    Derive *d = arg;
    d->f = upkeep_field(cx, d->object, d->key);
    if (d->f && (d->dry || d->f->folded))
        return ST_OK;
    return FAIL(cx, ST_CONFLICT, "upkeep.derive_gone", "the field is no longer there");
}

static Status change(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    const Derive *d = arg;
    Buf answer = buf_in(cx->arena, (size_t)4 * 1024 * 1024);
    MetaStore *s = cx->records->meta;
    (void)job;
    return d->of_object ? meta_patch_object(cx, s, d->f->object, d->body, plan, &answer)
                        : meta_patch_field(cx, s, d->f, d->body, plan, &answer);
}

static Status read_checkpoint(Ctx *cx, const Job *job, Derive *d)
{
    json_t *j = NULL;
    if (!job->checkpoint.n)
        return ST_OK;
    TRY(json_parse(cx, job->checkpoint, &j));
    d->now = (Marks){.phase = (Phase)json_get_int(j, "phase", 0),
                     .after = json_get_int(j, "after", 0),
                     .changed = json_get_int(j, "changed", 0),
                     .filled = json_get_int(j, "filled", 0)};
    return ST_OK;
}

static Status begin(Ctx *cx, Job *job, Derive *d)
{
    d->object = json_get_str(job->params, "object");
    d->key = json_get_str(job->params, "key");
    d->of_object = json_get_bool(job->params, "of_object", false);
    d->dry = json_get_bool(job->params, "dry_run", false);
    d->body = json_object_get(job->params, "body");
    TRY(read_checkpoint(cx, job, d));
    return find_again(cx, d);
}

static Status count_rows(Ctx *cx, const Field *f, bool filled, int64_t *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    bool found = false;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT count(*) FROM ");
    sql_table(&q, f->object);
    sql_lit(&q, " WHERE ");
    upkeep_filled(&q, -1, f, filled);
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_next(stmt, &found));
    *ret = found ? db_col_int(stmt, 0) : 0;
    return ST_OK;
}

/* What stands in the way: {"changed":…,"records":…,"empty":…,"duplicates":[…]} */
static Status write_result(Ctx *cx, const Derive *d, Buf *out, bool *ret_twice)
{
    const Index x = {.fields = {d->f}, .n = 1, .unique = true};
    int64_t filled = 0, empty = 0;
    Buf twice = buf_in(cx->arena, (size_t)1024 * 1024);
    *ret_twice = false;
    TRY(count_rows(cx, d->f, true, &filled));
    TRY(count_rows(cx, d->f, false, &empty));
    if (json_get_bool(d->body, "unique", false))
        TRY(upkeep_duplicates(cx, d->f->object, &x, &twice, ret_twice));
    buf_printf(out,
               "{\"dry_run\":%s,\"changed\":%s,\"records\":%lld,\"empty\":%lld,\"duplicates\":",
               d->dry ? "true" : "false", d->dry || *ret_twice ? "false" : "true",
               (long long)(filled + empty), (long long)empty);
    if (twice.n)
        buf_str_add(out, buf_str(&twice));
    else
        buf_lit(out, "[]");
    buf_char(out, '}');
    return ST_OK;
}

Status upkeep_derive_run(Ctx *cx, Job *job, Buf *result)
{
    Derive d = {0};
    bool twice = false;
    TRY(begin(cx, job, &d));
    TRY(count_rows(cx, d.f, true, &d.total));
    while (!d.dry && d.now.phase != FILL_DONE) {
        TRY(job_progress(cx, job, d.now.filled, d.total));
        TRY(upkeep_apply(cx, job, piece, &d, find_again));
        d.now = d.next;
    }
    TRY(write_result(cx, &d, result, &twice));
    return d.dry || twice ? ST_OK : upkeep_apply(cx, job, change, &d, find_again);
}

/* ---- asked for */
static bool only_asks(const json_t *body)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)body, key, value)
    {
        if (strcmp(key, "unique") != 0 && strcmp(key, "required") != 0 &&
            strcmp(key, "search") != 0 && strcmp(key, "dry_run") != 0)
            return false;
    }
    return json_get_bool(body, "dry_run", false) && json_object_size(body) > 1;
}

/* The change is tried on a plan that nobody applies. */
static Status needs_job(Ctx *cx, MetaStore *s, const Object *o, const Field *f, const json_t *body,
                        bool *ret)
{
    Buf answer = buf_in(cx->arena, (size_t)4 * 1024 * 1024);
    Plan *plan = plan_new(cx);
    Status st = f ? meta_patch_field(cx, s, f, body, plan, &answer)
                  : meta_patch_object(cx, s, o, body, plan, &answer);
    *ret = st == ST_INVALID && meta_derive_missing(cx);
    error_clear(cx); /* its other errors are told by the change itself */
    return ST_OK;
}

static bool may_need_job(const json_t *body)
{
    return json_get_bool(body, "unique", false) || json_get_bool(body, "search", false) ||
           json_object_get(body, "title");
}

static Status ask(Ctx *cx, Plan *plan, const Field *f, bool of_object, const json_t *body,
                  Id *ret_job)
{
    json_t *params = json_object(), *copy = json_deep_copy(body);
    json_own(cx->arena, params);
    json_object_set_new(params, "dry_run", json_boolean(json_get_bool(body, "dry_run", false)));
    json_object_del(copy, "dry_run");
    json_object_set_new(params, "object", json_stringn(f->object->name.p, f->object->name.n));
    json_object_set_new(params, "key", json_stringn(f->key.p, f->key.n));
    json_object_set_new(params, "of_object", json_boolean(of_object));
    json_object_set_new(params, "body", copy);
    return job_enqueue(cx, plan, "meta.derive", params, 0, 0, ret_job);
}

Status upkeep_derive(Ctx *cx, Plan *plan, MetaStore *s, const Object *o, const Field *f,
                     const json_t *body, Id *ret_job)
{
    bool needs = false;
    const Field *of = f ? f : object_field(o, json_get_str(body, "title"));
    *ret_job = 0;
    if (!json_is_object(body) || !of)
        return ST_OK;
    if (f && f->n_columns && f->decl && only_asks(body))
        return ask(cx, plan, f, false, body, ret_job);
    if (may_need_job(body))
        TRY(needs_job(cx, s, o, f, body, &needs));
    if (!needs)
        return ST_OK;
    TRY(ask(cx, plan, of, !f, body, ret_job));
    return meta_derive_start(cx, s, of, !f, plan);
}
