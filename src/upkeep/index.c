/* SPDX-License-Identifier: Apache-2.0 */
/* The job "meta.index": what the catalogue wants indexed and the database has not. Each index is
 * looked for by its name, so that running twice builds nothing twice. A unique rule that existing
 * records break is not built: the records are named, and the rule stays pending. */
#include "base/calendar.h"
#include "upkeep/upkeep_internal.h"

#define GROUPS_MAX 20 /* of records with the same values that are named */

static const char SQL_IS_SQLITE[] =
    "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?1";
static const char SQL_IS_POSTGRES[] =
    "SELECT 1 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
    "WHERE i.indisvalid AND c.relname = ?1 AND c.relnamespace = "
    "(SELECT k.relnamespace FROM pg_catalog.pg_class k WHERE k.oid = "
    "(SELECT e.tableoid FROM {gx_epoch} e WHERE e.id = 1))";
static const char SQL_STATE[] = "SELECT state, detail FROM {gx_index} WHERE name = ?1";
static const char SQL_FORGET[] = "DELETE FROM {gx_index} WHERE name = ?1";
static const char SQL_FAILED[] =
    "INSERT INTO {gx_index} (name, object, state, detail, at) VALUES (?1, ?2, 'failed', ?3, ?4) "
    "ON CONFLICT (name) DO UPDATE SET state = 'failed', detail = excluded.detail, at = excluded.at";

static Status is_there(Ctx *cx, const Index *x, bool *ret)
{
    DbVal name = db_text(str_of(x->name));
    int64_t one = 0;
    const char *sql = db_kind_of(cx->db) == DB_SQLITE ? SQL_IS_SQLITE : SQL_IS_POSTGRES;
    return db_get_int(cx, sql, &name, 1, &one, ret);
}

/* ---- duplicates */
static Sql select_groups(Ctx *cx, const Object *o, const Index *x)
{
    Sql q = sql_new(cx->arena), columns = sql_fragment(&q), filled = sql_fragment(&q);
    for (int i = 0; i < x->n; i++) {
        if (i) {
            sql_lit(&columns, ", ");
            sql_lit(&filled, " AND ");
        }
        sql_column(&columns, -1, x->fields[i], 0);
        sql_column(&filled, -1, x->fields[i], 0);
        sql_lit(&filled, " IS NOT NULL");
    }
    sql_lit(&q, "SELECT min(\"id\"), max(\"id\"), count(*) FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE ");
    sql_append(&q, &filled);
    sql_lit(&q, " GROUP BY ");
    sql_append(&q, &columns);
    sql_lit(&q, " HAVING count(*) > 1 ORDER BY 3 DESC, 1 LIMIT ");
    sql_number(&q, GROUPS_MAX);
    return q;
}

static Status write_group(Ctx *cx, const Object *o, Id first, Id last, int64_t count, bool *any,
                          Buf *out)
{
    Id ids[] = {first, last};
    Str titles[2];
    TRY(query_titles(cx, o, ids, 2, titles, NULL));
    if (*any)
        buf_char(out, ',');
    *any = true;
    buf_printf(out, "{\"count\":%lld,\"records\":[", (long long)count);
    for (int i = 0, shown = 0; i < 2; i++) {
        if (!titles[i].p) /* not to be seen by who asked */
            continue;
        if (shown++)
            buf_char(out, ',');
        buf_lit(out, "{\"id\":");
        buf_json_id(out, ids[i]);
        buf_lit(out, ",\"title\":");
        buf_json_str(out, titles[i]);
        buf_char(out, '}');
    }
    buf_lit(out, "]}");
    return ST_OK;
}

/* [{"count","records":[first, last]}]; *ret says whether there are any. */
Status upkeep_duplicates(Ctx *cx, const Object *o, const Index *x, Buf *out, bool *ret)
{
    struct Group {
        Id first, last;
        int64_t count;
    } groups[GROUPS_MAX];
    size_t n = 0;
    *ret = false;
    {
        CLEANUP(stmt) Stmt *stmt = NULL;
        Sql q = select_groups(cx, o, x);
        TRY(db_prepare_str(cx, sql_text(&q), &stmt));
        for (bool found = true; n < GROUPS_MAX; n++) {
            TRY(db_next(stmt, &found));
            if (!found)
                break;
            groups[n].first = db_col_id(stmt, 0);
            groups[n].last = db_col_id(stmt, 1);
            groups[n].count = db_col_int(stmt, 2);
        }
    }
    buf_char(out, '[');
    for (size_t i = 0; i < n; i++)
        TRY(write_group(cx, o, groups[i].first, groups[i].last, groups[i].count, ret, out));
    buf_char(out, ']');
    return ST_OK;
}

/* ---- the job */
static void write_fields(const Index *x, Buf *out)
{
    buf_lit(out, "\"fields\":[");
    for (int i = 0; i < x->n; i++) {
        if (i)
            buf_char(out, ',');
        buf_json_str(out, x->fields[i]->name);
    }
    buf_char(out, ']');
}

static Status remember(Ctx *cx, const Object *o, const Index *x, bool failed, Str detail)
{
    Plan *plan = plan_new(cx);
    PlanResult result;
    const DbVal v[] = {db_text(str_of(x->name)), db_text(o->name), db_text(detail),
                       db_int(clock_ms())};
    if (failed)
        plan_exec(plan, STR_SQL(SQL_FAILED), v, COUNT_OF(v));
    else
        plan_exec(plan, STR_SQL(SQL_FORGET), v, 1);
    return db_apply(cx->records->pool, cx, plan, &result);
}

typedef struct Building {
    int64_t built, failed;
    Buf told;
} Building;

static Status build(Ctx *cx, const Object *o, const Index *x, Building *b)
{
    Buf duplicates = buf_in(cx->arena, (size_t)1024 * 1024);
    bool any = false;
    if (x->unique)
        TRY(upkeep_duplicates(cx, o, x, &duplicates, &any));
    if (!any) {
        b->built++;
        TRY(db_index_build(cx, cx->records->pool, str_of(x->name), x->unique,
                           meta_database_index_rest(cx, o, x)));
        return remember(cx, o, x, false, STR_NULL);
    }
    if (b->failed++)
        buf_char(&b->told, ',');
    buf_lit(&b->told, "{\"object\":");
    buf_json_str(&b->told, o->name);
    buf_char(&b->told, ',');
    write_fields(x, &b->told);
    buf_lit(&b->told, ",\"duplicates\":");
    buf_str_add(&b->told, buf_str(&duplicates));
    buf_char(&b->told, '}');
    return remember(cx, o, x, true, buf_str(&duplicates));
}

static Status build_missing(Ctx *cx, const Object *o, Building *b)
{
    for (size_t i = 0; i < o->n_indexes; i++) {
        bool there = false;
        TRY(is_there(cx, &o->indexes[i], &there));
        if (!there)
            TRY(build(cx, o, &o->indexes[i], b));
    }
    return ST_OK;
}

Status upkeep_index_run(Ctx *cx, Job *job, Buf *result)
{
    Building b = {.told = buf_in(cx->arena, (size_t)4 * 1024 * 1024)};
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        TRY(job_progress(cx, job, (int64_t)i, (int64_t)cx->meta->n_objects));
        TRY(build_missing(cx, cx->meta->objects[i], &b));
    }
    buf_printf(result, "{\"built\":%lld,\"failed\":[", (long long)b.built);
    buf_str_add(result, buf_str(&b.told));
    buf_lit(result, "]}");
    return ST_OK;
}

Status upkeep_index(Ctx *cx, Plan *plan, Id *ret_job)
{
    json_t *params = json_object();
    json_own(cx->arena, params);
    return job_enqueue(cx, plan, "meta.index", params, 0, 0, ret_job);
}

Status upkeep_check(Ctx *cx, DbPool *pool, MetaStore *s)
{
    const Meta *m = meta_acquire(s);
    size_t pending = m->pending_indexes;
    const struct Vault *vault = m->vault; /* the server's own, as long as it runs */
    Plan *plan = plan_new(cx);
    PlanResult result;
    Id job = 0;
    meta_release(m);
    TRY(upkeep_reseal_check(cx, pool, vault));
    if (!pending)
        return ST_OK;
    TRY(upkeep_index(cx, plan, &job));
    return db_apply(pool, cx, plan, &result);
}

/* ---- as people see them */
static Status write_state(Ctx *cx, const Index *x, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool there = false, known = false;
    TRY(is_there(cx, x, &there));
    if (there) {
        buf_lit(out, ",\"state\":\"ready\"");
        return ST_OK;
    }
    TRY(db_prepare(cx, SQL_STATE, &q));
    TRY(db_bind_text(q, 1, str_of(x->name)));
    TRY(db_next(q, &known));
    buf_lit(out, ",\"state\":");
    buf_json_str(out, known ? db_col_text(q, 0) : STR("pending"));
    if (known && !db_col_null(q, 1)) {
        buf_lit(out, ",\"duplicates\":");
        buf_str_add(out, db_col_text(q, 1));
    }
    return ST_OK;
}

Status upkeep_indexes(Ctx *cx, const Object *o, Buf *out)
{
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < o->n_indexes; i++) {
        const Index *x = &o->indexes[i];
        if (i)
            buf_char(out, ',');
        buf_printf(out, "{\"name\":\"%s\",", x->name);
        write_fields(x, out);
        buf_printf(out, ",\"unique\":%s", x->unique ? "true" : "false");
        TRY(write_state(cx, x, out));
        buf_char(out, '}');
    }
    buf_lit(out, "]}");
    return ST_OK;
}
