/* SPDX-License-Identifier: Apache-2.0 */
/* Rollups are kept in the transaction that changes what they read (docs/adr/0043).
 *
 * For each object with rollups the catalogue holds texts per source: the child's link, or the object's
 * own set of links. A record that is made, changed, moved, deleted or brought back tells the records
 * it hung on before and hangs on now by how much their figures differ (record_rollup_delta.c). Where the
 * difference is not known from the child's own values, and for sets of links, which are short, the
 * figures are drawn anew from the rows, after everything else, in the order of (object, id). On
 * PostgreSQL the derived rows are locked first, so that the statement that draws sees what another
 * transaction has committed meanwhile. */
#include "record/record_internal.h"

/* Of this source; NULL: all. */
static bool is_of(const Field *f, const RollupSource *s)
{
    return f->kind == F_ROLLUP &&
           (!s || (expr_rollup_link(f) == s->link && expr_rollup_is_own(f) == s->own));
}

static void write_names(const Object *o, const RollupSource *s, Sql *q)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!is_of(o->fields[i], s))
            continue;
        for (int part = 0; part < o->fields[i]->n_derived; part++) {
            sql_lit(q, ", ");
            sql_column(q, -1, o->fields[i], part);
        }
    }
}

static void write_update(const Object *o, const RollupSource *s, Sql *q)
{
    bool first = true;
    for (size_t i = 0; i < o->n_fields; i++)
        for (int part = 0; is_of(o->fields[i], s) && part < o->fields[i]->n_derived; part++) {
            if (first)
                sql_lit(q, " ON CONFLICT (id) DO UPDATE SET ");
            else
                sql_lit(q, ", ");
            first = false;
            sql_column(q, -1, o->fields[i], part);
            sql_lit(q, " = excluded.");
            sql_column(q, -1, o->fields[i], part);
        }
}

static Status write_select(Ctx *cx, const Object *o, const RollupSource *s, Sql *q)
{
    int aliases = 0;
    SqlScope scope = scope_new(cx, db_kind_of(cx->db), o, q, &aliases, NULL);
    sql_lit(q, " SELECT t0.\"id\"");
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!is_of(o->fields[i], s))
            continue;
        for (int part = 0; part < o->fields[i]->n_derived; part++) {
            sql_lit(q, ", ");
            TRY(expr_rollup_part_sql(cx, o->fields[i], part, &scope, q));
        }
    }
    sql_lit(q, " FROM ");
    sql_table(q, o);
    sql_lit(q, " t0");
    sql_append(q, &scope.from);
    return ST_OK;
}

typedef enum Which { ONE, OF_TARGET, RANGE } Which;

static void write_where(const RollupSource *s, Which which, Sql *q)
{
    if (which == OF_TARGET) {
        sql_lit(q, " WHERE t0.\"id\" IN (SELECT \"record\" FROM ");
        sql_links_table(q, s->link);
        sql_lit(q, " WHERE \"target\" = ");
        sql_bind_int(q, 0);
        sql_lit(q, ")");
        return;
    }
    if (which == RANGE)
        sql_lit(q, " WHERE t0.\"id\" > ");
    else
        sql_lit(q, " WHERE t0.\"id\" = ");
    sql_bind_int(q, 0);
    if (which == RANGE) {
        sql_lit(q, " AND t0.\"id\" <= ");
        sql_bind_int(q, 0);
    }
}

/* INSERT INTO {t_d} (id, …) SELECT t0.id, … FROM {t} t0 WHERE <which: the last values>
 * ON CONFLICT (id) DO UPDATE SET … */
static Status write_statement(Ctx *cx, const Object *o, const RollupSource *s, Which which,
                              RollupText *ret)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "INSERT INTO ");
    sql_derived(&q, o);
    sql_lit(&q, " (id");
    write_names(o, s, &q);
    sql_lit(&q, ")");
    TRY(write_select(cx, o, s, &q));
    write_where(s, which, &q);
    write_update(o, s, &q);
    if (buf_overflowed(&q.text))
        return FAIL(cx, ST_TOO_LARGE, "record.rollup_too_large", "the rollups are too large");
    *ret = (RollupText){.sql = sql_text(&q), .vals = q.vals->v, .n = q.vals->n};
    return ST_OK;
}

/* A record that is only being made: nothing counts, nothing is added up, the figures are null. */
static Str write_new(Ctx *cx, const Object *o)
{
    Sql q = sql_new(cx->arena), values = sql_fragment(&q);
    sql_lit(&q, "INSERT INTO ");
    sql_derived(&q, o);
    sql_lit(&q, " (id");
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        bool counts = f->kind == F_ROLLUP && expr_rollup_fold(f) == FOLD_COUNT;
        for (int part = counts ? 0 : 1; f->kind == F_ROLLUP && part < f->n_derived; part++) {
            sql_lit(&q, ", ");
            sql_column(&q, -1, f, part);
            sql_lit(&values, ", 0");
        }
    }
    sql_lit(&q, ") VALUES (?1");
    sql_append(&q, &values);
    sql_lit(&q, ") ON CONFLICT (id) DO NOTHING");
    return sql_text(&q);
}

static Str write_rows(Ctx *cx, const Object *o)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "INSERT INTO ");
    sql_derived(&q, o);
    sql_lit(&q, " (id) SELECT \"id\" FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE \"id\" > ?1 AND \"id\" <= ?2 ON CONFLICT (id) DO NOTHING");
    return sql_text(&q);
}

static Str write_hold(Ctx *cx, const Object *o)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "UPDATE ");
    sql_derived(&q, o);
    sql_lit(&q, " SET id = id WHERE id > ?1 AND id <= ?2");
    return sql_text(&q);
}

/* ---- once per catalogue */
static RollupSource *source_of(RecordTexts *t, const Field *f)
{
    for (size_t i = 0; i < t->n_sources; i++)
        if (is_of(f, &t->sources[i]))
            return &t->sources[i];
    RollupSource *s = &t->sources[t->n_sources++];
    s->link = expr_rollup_link(f);
    s->child = expr_rollup_child(f);
    s->own = expr_rollup_is_own(f);
    return s;
}

static Status add_sources(Ctx *cx, const Object *o, RecordTexts *t)
{
    t->sources = ARENA_ARRAY(cx->arena, RollupSource, o->n_fields + 1);
    for (size_t i = 0; i < o->n_fields; i++) {
        if (o->fields[i]->kind != F_ROLLUP)
            continue;
        RollupSource *s = source_of(t, o->fields[i]);
        expr_rollup_fields(o->fields[i], s->bits, COUNT_OF(s->bits));
    }
    for (size_t i = 0; i < t->n_sources; i++) {
        RollupSource *s = &t->sources[i];
        TRY(write_statement(cx, o, s, ONE, &s->one));
        if (s->own)
            TRY(write_statement(cx, o, s, OF_TARGET, &s->of_target));
        TRY(record_rollup_compile_adds(cx, o, s));
    }
    if (!t->n_sources)
        return ST_OK;
    t->rollup_new = write_new(cx, o);
    t->rollup_rows = write_rows(cx, o);
    t->rollup_hold = write_hold(cx, o);
    TRY(write_statement(cx, o, NULL, RANGE, &t->rollup_range));
    return write_statement(cx, o, NULL, ONE, &t->rollup_all);
}

static void add_feeds(Ctx *cx, const Object *parent, const RecordTexts *t)
{
    for (size_t i = 0; i < t->n_sources; i++) {
        RecordTexts *child = t->sources[i].child->cache;
        RollupFeed feed = {.parent = parent, .source = &t->sources[i]};
        VEC_PUSH(cx->arena, &child->feeds, feed);
    }
}

Status record_compile_rollups(Ctx *outer, Meta *m)
{
    Ctx inner = *outer, *cx = &inner; /* works in the catalogue's arena */
    inner.arena = m->arena;
    for (size_t i = 0; i < m->n_objects; i++)
        if (add_sources(cx, m->objects[i], m->objects[i]->cache) != ST_OK)
            return FAIL(outer, ST_INTERNAL, "record.rollup_failed",
                        "the rollups of %.*s cannot be compiled", STR_ARG(m->objects[i]->name));
    for (size_t i = 0; i < m->n_objects; i++)
        add_feeds(cx, m->objects[i], m->objects[i]->cache);
    return ST_OK;
}

/* ---- in plans */
static void lock_row(Ctx *cx, Plan *plan, const Object *o, Id id)
{
    if (db_kind_of(cx->db) == DB_SQLITE) /* one writer */
        return;
    const DbVal v = db_int(id);
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "UPDATE ");
    sql_derived(&q, o);
    sql_lit(&q, " SET id = id WHERE id = ?1");
    plan_last(plan, ROLLUP_PHASE_ADD, o->plural, id, sql_text(&q), &v, 1);
}

static void compute(Ctx *cx, Plan *plan, const Object *o, const RollupText *text, Id id)
{
    DbVal *v = arena_dup(cx->arena, text->vals, text->n * sizeof(*v));
    v[text->n - 1] = db_int(id);
    plan_last(plan, ROLLUP_PHASE_DRAW, o->plural, id, text->sql, v, text->n);
}

static void compute_one(Ctx *cx, Plan *plan, const Object *o, const RollupText *text, Id id)
{
    lock_row(cx, plan, o, id);
    compute(cx, plan, o, text, id);
}

size_t record_rollup_parents(const RollupFeed *feed, const Value *link, const Id **ret)
{
    if (link->t == V_IDS) {
        *ret = link->ids.p;
        return link->ids.n;
    }
    bool is_ref = link->t == V_REF && str_eq(link->ref.object, feed->parent->name);
    *ret = link->t == V_REF ? &link->ref.id : &link->i;
    return is_ref || link->t == V_ID;
}

/* The parents that a link of the child names. */
static void compute_parents(Ctx *cx, Plan *plan, const RollupFeed *feed, const Value *v)
{
    const Id *ids;
    size_t n = record_rollup_parents(feed, v, &ids);
    for (size_t i = 0; i < n; i++)
        compute_one(cx, plan, feed->parent, &feed->source->one, ids[i]);
}

static bool any_touched(const Record *r, const uint64_t *bits)
{
    for (size_t i = 0; i < r->object->n_fields; i++)
        if ((bits[i / 64] >> (i % 64) & 1) && record_touched(r, r->object->fields[i]))
            return true;
    return false;
}

static Status feed_parents(Ctx *cx, Plan *plan, const Record *r, const RollupFeed *feed,
                           const Value *before, const Value *after)
{
    const RollupSource *s = feed->source;
    bool is_update = before && after;
    if (s->own) { /* the parents hold the links: told by the table beside them */
        if (is_update && any_touched(r, s->bits))
            compute(cx, plan, feed->parent, &s->of_target, r->id);
        return ST_OK;
    }
    if (is_update && !record_touched(r, s->link) && !any_touched(r, s->bits))
        return ST_OK;
    if (s->adds)
        return record_rollup_add(cx, plan, feed, before, after);
    if (before)
        compute_parents(cx, plan, feed, &before[s->link->index]);
    if (after)
        compute_parents(cx, plan, feed, &after[s->link->index]);
    return ST_OK;
}

/* What hangs on a record that comes back comes back as well, or is there already. */
static void make_figures(Ctx *cx, Plan *plan, const Record *r)
{
    const Object *o = r->object;
    const RecordTexts *t = record_texts(o);
    const DbVal v = db_int(r->id);
    if (r->version > 1) {
        compute(cx, plan, o, &t->rollup_all, r->id);
        return;
    }
    plan_last_insert(plan, ROLLUP_PHASE_NEW, o->plural, r->id, t->rollup_new, &v, 1);
    for (size_t i = 0; i < t->n_sources; i++)
        if (t->sources[i].own && r->values[t->sources[i].link->index].t == V_IDS)
            compute(cx, plan, o, &t->sources[i].one, r->id);
}

static void drop_figures(Ctx *cx, Plan *plan, const Record *r)
{
    const DbVal v = db_int(r->id);
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "DELETE FROM ");
    sql_derived(&q, r->object);
    sql_lit(&q, " WHERE id = ?1");
    plan_last(plan, ROLLUP_PHASE_DRAW, r->object->plural, r->id, sql_text(&q), &v, 1);
}

static void own_figures(Ctx *cx, Plan *plan, const Record *r, bool is_new, bool stays)
{
    const RecordTexts *t = record_texts(r->object);
    if (is_new)
        make_figures(cx, plan, r);
    else if (!stays)
        drop_figures(cx, plan, r);
    for (size_t i = 0; !is_new && stays && i < t->n_sources; i++)
        if (t->sources[i].own && record_touched(r, t->sources[i].link))
            compute_one(cx, plan, r->object, &t->sources[i].one, r->id);
}

Status record_plan_rollups(Ctx *cx, Plan *plan, const Record *r, bool is_new, bool stays)
{
    const RecordTexts *t = record_texts(r->object);
    for (size_t i = 0; i < t->feeds.n; i++)
        TRY(feed_parents(cx, plan, r, &t->feeds.v[i], is_new ? NULL : r->old,
                         stays ? r->values : NULL));
    if (t->n_sources)
        own_figures(cx, plan, r, is_new, stays);
    return ST_OK;
}

/* ---- values in memory */
static void set_currency(const Ctx *cx, Value *v)
{
    Str home = cx->meta->currency;
    if (v->t == V_MONEY)
        memcpy(v->money.currency, home.p, home.n < 3 ? home.n : 3);
}

void record_rollup_load(Ctx *cx, const Object *o, const Stmt *q, int col, Value *ret)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (f->kind != F_ROLLUP)
            continue;
        f->type->load(cx->arena, f, q, col++, &ret[i]);
        set_currency(cx, &ret[i]);
    }
}

/* ---- filling: the next records of an object, all rollups */
static const char SQL_STALE[] = "UPDATE {gx_rollup} SET filled = ?1 WHERE object = ?2";

static Status last_of_range(Ctx *cx, const Object *o, Id after, int64_t limit, Id *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    Sql text = sql_new(cx->arena);
    sql_lit(&text, "SELECT MAX(p.id) FROM (SELECT \"id\" AS id FROM ");
    sql_table(&text, o);
    sql_lit(&text, " WHERE \"id\" > ");
    sql_bind_int(&text, after);
    sql_lit(&text, " ORDER BY \"id\" LIMIT ");
    sql_bind_int(&text, limit);
    sql_lit(&text, ") p");
    TRY(db_prepare_str(cx, sql_text(&text), &q));
    TRY(db_bind_all(q, text.vals->v, text.vals->n));
    bool found = false;
    TRY(db_next(q, &found));
    *ret = found && !db_col_null(q, 0) ? db_col_id(q, 0) : 0;
    return ST_OK;
}

Status record_rollup_fill(Ctx *cx, Plan *plan, const Object *o, Id after, int64_t limit, Id *ret)
{
    static const char SQL_SAME[] = "SELECT 1 FROM {gx_epoch} WHERE id = 1 AND catalogue = ?1";
    const RecordTexts *t = record_texts(o);
    const DbVal version = db_int(cx->meta->version);
    *ret = 0;
    plan_guard(plan, STR_SQL(SQL_SAME), &version, 1);
    if (t->n_sources)
        TRY(last_of_range(cx, o, after, limit, ret));
    if (!*ret) {
        const DbVal v[] = {db_bool(true), db_text(o->name)};
        plan_exec(plan, STR_SQL(SQL_STALE), v, COUNT_OF(v));
        return ST_OK;
    }
    if (db_kind_of(cx->db) != DB_SQLITE) { /* differences under way come before or after */
        const DbVal range[] = {db_int(after), db_int(*ret)};
        plan_exec(plan, t->rollup_rows, range, COUNT_OF(range));
        plan_exec(plan, t->rollup_hold, range, COUNT_OF(range));
    }
    DbVal *v = arena_dup(cx->arena, t->rollup_range.vals, t->rollup_range.n * sizeof(*v));
    v[t->rollup_range.n - 2] = db_int(after);
    v[t->rollup_range.n - 1] = db_int(*ret);
    plan_exec(plan, t->rollup_range.sql, v, t->rollup_range.n);
    return ST_OK;
}

Status record_rollup_stale(Ctx *cx, const Object **ret)
{
    static const char SQL_NEXT[] =
        "SELECT object FROM {gx_rollup} WHERE NOT filled ORDER BY object";
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = true;
    *ret = NULL;
    TRY(db_prepare(cx, SQL_NEXT, &q));
    while (found && !*ret) {
        TRY(db_next(q, &found));
        if (found)
            *ret = meta_object(cx->meta, db_col_text(q, 0));
    }
    return ST_OK;
}

void record_rollup_mark(Plan *plan, const Object *o)
{
    const DbVal v[] = {db_bool(false), db_text(o->name)};
    plan_exec(plan, STR_SQL(SQL_STALE), v, COUNT_OF(v));
}
