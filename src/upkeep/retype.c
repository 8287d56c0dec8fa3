/* SPDX-License-Identifier: Apache-2.0 */
/* The job "meta.retype": the values of a field become values of another type.
 *
 * From its start on every write goes to both columns (record_shadow.c), so that the job only fills
 * what nobody has written since: a row is written only at the version at which it was read, and the
 * copy neither raises it nor leaves a trace in the history. Three passes: live rows; former rows (the
 * twin); live rows whose new column is still empty, which are those that do not fit, until a pass
 * finds none to copy. Then the new column becomes the current one. A run that is cut off goes on from
 * its checkpoint; one that is cancelled leaves the field as it was. */
#include "base/id.h"
#include "upkeep/upkeep_internal.h"

#define LISTED 200 /* misfits that the result names */
#define MAX_LIST ((size_t)256 * 1024)

typedef enum Phase { COPY_LIVE, COPY_TWIN, COPY_REST, COPY_DONE } Phase;

typedef struct Marks { /* how far it has come */
    Phase phase;
    Id after, changed;
    int64_t converted, misfits, late;
    size_t listed, list_n;
} Marks;

typedef struct Copy {
    Str object, key;
    uint32_t generation;
    const Field *f, *to;
    bool dry;
    Marks now, next;
    Buf list; /* {"id","value"},… */
    int64_t total;
} Copy;

typedef struct Row {
    Id id;
    int64_t version; /* of the twin: changed */
    Value v;
    const Field *from;
} Row;

/* ---- reading */
static void add_columns(Sql *q, const Field *f)
{
    for (int part = 0; part < f->n_columns; part++) {
        sql_lit(q, ", ");
        sql_column(q, -1, f, part);
    }
}

/* Rows with a value; what did not fit at the last change of type and was not touched since has its
 * value in the column of before. */
static void where_value(Sql *q, const Copy *c, bool with_former)
{
    const Field *former = upkeep_last_former(c->f);
    sql_lit(q, "(");
    upkeep_filled(q, -1, c->f, true);
    if (with_former && former) {
        sql_lit(q, " OR (");
        upkeep_filled(q, -1, former, true);
        sql_lit(q, " AND \"changed\" < ");
        sql_bind_int(q, former->until);
        sql_lit(q, ")");
    }
    sql_lit(q, ")");
    if (c->dry)
        return;
    sql_lit(q, " AND ");
    upkeep_filled(q, -1, c->to, false);
}

static Sql select_live(Ctx *cx, const Copy *c)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT \"id\", \"version\"");
    add_columns(&q, c->f);
    if (upkeep_last_former(c->f))
        add_columns(&q, upkeep_last_former(c->f));
    sql_lit(&q, " FROM ");
    sql_table(&q, c->f->object);
    sql_lit(&q, " WHERE \"id\" > ");
    sql_bind_int(&q, c->next.after);
    sql_lit(&q, " AND ");
    where_value(&q, c, true);
    sql_lit(&q, " ORDER BY \"id\" LIMIT ");
    sql_number(&q, UPKEEP_PIECE);
    return q;
}

static Sql select_twin(Ctx *cx, const Copy *c)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT \"id\", \"changed\"");
    add_columns(&q, c->f);
    sql_lit(&q, " FROM ");
    sql_twin(&q, c->f->object);
    sql_lit(&q, " WHERE (\"id\", \"changed\") > (");
    sql_bind_int(&q, c->next.after);
    sql_lit(&q, ", ");
    sql_bind_int(&q, c->next.changed);
    sql_lit(&q, ") AND ");
    where_value(&q, c, false);
    sql_lit(&q, " ORDER BY \"id\", \"changed\" LIMIT ");
    sql_number(&q, UPKEEP_PIECE);
    return q;
}

static void read_row(Ctx *cx, const Copy *c, const Stmt *q, bool twin, Row *r)
{
    const Field *former = twin ? NULL : upkeep_last_former(c->f);
    Value v = VALUE_NULL;
    r->id = db_col_id(q, 0);
    r->version = db_col_int(q, 1);
    r->from = c->f;
    c->f->type->load(cx->arena, c->f, q, 2, &v);
    if (value_is_null(&v) && former) {
        r->from = former;
        former->type->load(cx->arena, former, q, 2 + c->f->n_columns, &v);
    }
    r->v = value_copy(cx->arena, v);
}

static Status read_piece(Ctx *cx, const Copy *c, Row *rows, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    bool twin = c->next.phase == COPY_TWIN, found = true;
    Sql q = twin ? select_twin(cx, c) : select_live(cx, c);
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    for (*ret_n = 0; *ret_n < UPKEEP_PIECE; (*ret_n)++) {
        TRY(db_next(stmt, &found));
        if (!found)
            break;
        read_row(cx, c, stmt, twin, &rows[*ret_n]);
    }
    return ST_OK;
}

/* ---- writing */
static void write_row(Ctx *cx, Plan *plan, const Copy *c, const Row *r, const Value *v)
{
    DbVal columns[FIELD_COLUMNS];
    bool twin = c->next.phase == COPY_TWIN;
    Sql q = sql_new(cx->arena);
    c->to->type->store(cx->arena, c->to, v, columns);
    sql_lit(&q, "UPDATE ");
    if (twin)
        sql_twin(&q, c->f->object);
    else
        sql_table(&q, c->f->object);
    sql_lit(&q, " SET ");
    for (int part = 0; part < c->to->n_columns; part++) {
        if (part)
            sql_lit(&q, ", ");
        sql_column(&q, -1, c->to, part);
        sql_lit(&q, " = ");
        sql_bind(&q, columns[part]);
    }
    sql_lit(&q, " WHERE \"id\" = ");
    sql_bind_int(&q, r->id);
    if (twin)
        sql_lit(&q, " AND \"changed\" = ");
    else
        sql_lit(&q, " AND \"version\" = ");
    sql_bind_int(&q, r->version);
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
    if (!twin && field_is_many(c->to))
        record_side_renew(cx, plan, c->to, r->id);
}

static void list_misfit(Ctx *cx, Copy *c, const Row *r)
{
    c->next.misfits++;
    if (c->next.listed == LISTED)
        return;
    if (c->next.listed++)
        buf_char(&c->list, ',');
    buf_lit(&c->list, "{\"id\":");
    buf_json_id(&c->list, r->id);
    buf_lit(&c->list, ",\"value\":");
    buf_json_str(&c->list, upkeep_misfit_text(cx, r->from, &r->v));
    buf_char(&c->list, '}');
    c->next.list_n = c->list.n;
}

static Status copy_row(Ctx *cx, Plan *plan, Copy *c, const Row *r)
{
    Value v = VALUE_NULL;
    bool fits = false;
    TRY(record_convert(cx, r->from, c->to, &r->v, &v, &fits));
    if (!fits || value_is_null(&v)) {
        if (c->dry || c->next.phase == COPY_REST)
            list_misfit(cx, c, r);
        return ST_OK;
    }
    c->next.converted += c->next.phase != COPY_TWIN;
    c->next.late += c->next.phase == COPY_REST;
    if (!c->dry)
        write_row(cx, plan, c, r, &v);
    return ST_OK;
}

/* The pass has come to its end. */
static void next_phase(Copy *c)
{
    Marks *m = &c->next;
    m->after = m->changed = 0;
    if (m->phase == COPY_LIVE)
        m->phase = c->dry ? COPY_DONE : c->f->object->history ? COPY_TWIN : COPY_REST;
    else if (m->phase == COPY_TWIN)
        m->phase = COPY_REST;
    else if (!m->late)
        m->phase = COPY_DONE;
    if (m->phase != COPY_REST)
        return;
    m->late = m->misfits = 0; /* a pass over the rest tells who they are */
    m->listed = m->list_n = 0;
    buf_truncate(&c->list, 0);
}

static void write_checkpoint(Ctx *cx, Plan *plan, Job *job, const Copy *c)
{
    const Marks *m = &c->next;
    Buf b = buf_in(cx->arena, 2 * MAX_LIST);
    buf_printf(&b,
               "{\"phase\":%d,\"after\":%lld,\"changed\":%lld,\"converted\":%lld,\"misfits\":%lld,"
               "\"late\":%lld,\"listed\":%zu,\"list\":",
               (int)m->phase, (long long)m->after, (long long)m->changed, (long long)m->converted,
               (long long)m->misfits, (long long)m->late, m->listed);
    buf_json_str(&b, (Str){c->list.p, m->list_n});
    buf_char(&b, '}');
    job_checkpoint(cx, plan, job, buf_str(&b));
}

static Status piece(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Copy *c = arg;
    Row rows[UPKEEP_PIECE];
    size_t n = 0;
    c->next = c->now;
    buf_truncate(&c->list, c->now.list_n);
    TRY(read_piece(cx, c, rows, &n));
    for (size_t i = 0; i < n; i++)
        TRY(copy_row(cx, plan, c, &rows[i]));
    if (n) {
        c->next.after = rows[n - 1].id;
        c->next.changed = rows[n - 1].version;
    }
    if (n < UPKEEP_PIECE)
        next_phase(c);
    write_checkpoint(cx, plan, job, c);
    return ST_OK;
}

/* ---- the job */
static Status gone(Ctx *cx)
{
    return FAIL(cx, ST_CONFLICT, "upkeep.retype_gone",
                "the change of type was given up, or the field is no longer there");
}

static Status find_again(Ctx *cx, void *arg)
{
    Copy *c = arg;
    if (c->dry) /* its candidate stays as it was made */
        return ST_OK;
    c->f = upkeep_field(cx, c->object, c->key);
    if (!c->f || !c->f->shadow || c->f->shadow->generation != c->generation)
        return gone(cx);
    c->to = c->f->shadow;
    return ST_OK;
}

static Status swap(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Copy *c = arg;
    Id until = idgen_next(db_ids(cx->records->pool));
    c->next = c->now;
    c->next.after = 1; /* swapped: a run that only lost its answer finds it so */
    write_checkpoint(cx, plan, job, c);
    return meta_retype_swap(cx, cx->records->meta, c->f, until, plan);
}

static Status read_checkpoint(Ctx *cx, const Job *job, Copy *c)
{
    json_t *j = NULL;
    if (!job->checkpoint.n)
        return ST_OK;
    TRY(json_parse(cx, job->checkpoint, &j));
    Str list = json_get_str(j, "list");
    c->now = (Marks){.phase = (Phase)json_get_int(j, "phase", 0),
                     .after = json_get_int(j, "after", 0),
                     .changed = json_get_int(j, "changed", 0),
                     .converted = json_get_int(j, "converted", 0),
                     .misfits = json_get_int(j, "misfits", 0),
                     .late = json_get_int(j, "late", 0),
                     .listed = (size_t)json_get_int(j, "listed", 0),
                     .list_n = list.n};
    buf_str_add(&c->list, list);
    return ST_OK;
}

static Status count_values(Ctx *cx, Copy *c)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    bool found = false;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT count(*) FROM ");
    sql_table(&q, c->f->object);
    sql_lit(&q, " WHERE ");
    upkeep_filled(&q, -1, c->f, true);
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_next(stmt, &found));
    c->total = found ? db_col_int(stmt, 0) : 0;
    return ST_OK;
}

/* Misfits that the person may see; the number counts all. */
static Status write_result(Ctx *cx, const Copy *c, Buf *out)
{
    size_t i;
    json_t *list, *item;
    bool first = true;
    Str text = str_format(cx->arena, "[" STR_FMT "]", STR_ARG(buf_str(&c->list)));
    TRY(json_parse(cx, text, &list));
    buf_printf(out, "{\"converted\":%lld,\"misfit_count\":%lld,\"dry_run\":%s,\"misfits\":[",
               (long long)c->now.converted, (long long)c->now.misfits, c->dry ? "true" : "false");
    json_array_foreach(list, i, item)
    {
        bool visible = false;
        Id id = 0;
        if (id_parse(json_get_str(item, "id"), &id))
            TRY(query_visible(cx, meta_object(cx->meta, c->object), id, &visible));
        if (!visible)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        json_write(out, item);
    }
    buf_lit(out, "]}");
    return ST_OK;
}

static Status begin(Ctx *cx, Job *job, Copy *c)
{
    const json_t *p = job->params;
    c->object = json_get_str(p, "object");
    c->key = json_get_str(p, "key");
    c->generation = (uint32_t)json_get_int(p, "generation", 0);
    c->dry = json_get_bool(p, "dry_run", false);
    c->list = buf_in(cx->arena, MAX_LIST);
    TRY(read_checkpoint(cx, job, c));
    if (!c->dry)
        return find_again(cx, c);
    const Field *now = upkeep_field(cx, c->object, c->key);
    if (!now)
        return gone(cx);
    TRY(meta_retype_try(cx, cx->records->meta, now, json_object_get(p, "body"), &c->f));
    c->to = c->f->shadow;
    return ST_OK;
}

static Status work(Ctx *cx, Job *job, Copy *c)
{
    TRY(count_values(cx, c));
    while (c->now.phase != COPY_DONE) {
        TRY(job_progress(cx, job, c->now.converted + c->now.misfits, c->total));
        TRY(upkeep_apply(cx, job, piece, c, find_again));
        c->now = c->next;
    }
    return c->dry ? ST_OK : upkeep_apply(cx, job, swap, c, find_again);
}

/* What will not go better next time: the field stays what it was. */
static void give_up(Ctx *cx, const Copy *c)
{
    Error why = cx->err;
    Plan *plan = plan_new(cx);
    PlanResult result;
    if (c->f && meta_retype_abandon(cx, cx->records->meta, c->f, plan) == ST_OK)
        (void)!db_apply(cx->records->pool, cx, plan, &result);
    cx->err = why;
}

Status upkeep_retype_run(Ctx *cx, Job *job, Buf *result)
{
    Copy c = {0};
    Status st = begin(cx, job, &c);
    bool swapped = !c.dry && c.now.phase == COPY_DONE && c.now.after == 1;
    if (st != ST_OK && !swapped)
        return st;
    error_clear(cx);
    st = swapped ? ST_OK : work(cx, job, &c);
    if (st == ST_OK)
        return write_result(cx, &c, result);
    if (!c.dry && (st == ST_CONFLICT || st == ST_INVALID || st == ST_DENIED))
        give_up(cx, &c);
    return st;
}

/* ---- asked for */
Status upkeep_retype(Ctx *cx, Plan *plan, MetaStore *s, const Field *f, const json_t *body,
                     Id *ret_job)
{
    const Field *tried = NULL;
    bool dry = json_get_bool(body, "dry_run", false);
    json_t *params = json_object();
    json_own(cx->arena, params);
    TRY(meta_retype_check(cx, f, body));
    TRY(meta_retype_try(cx, s, f, body, &tried)); /* its errors are told now, not by the job */
    json_object_set_new(params, "object", json_stringn(f->object->name.p, f->object->name.n));
    json_object_set_new(params, "key", json_stringn(f->key.p, f->key.n));
    json_object_set_new(params, "generation", json_integer(tried->shadow->generation));
    json_object_set_new(params, "dry_run", json_boolean(dry));
    json_object_set(params, "body", (json_t *)body);
    TRY(job_enqueue(cx, plan, "meta.retype", params, 0, 0, ret_job));
    return dry ? ST_OK : meta_retype_start(cx, s, f, body, *ret_job, plan);
}
