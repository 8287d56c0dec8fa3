/* SPDX-License-Identifier: Apache-2.0 */
/* Rollups by differences: what a child adds to its parents' figures before and after a change is
 * computed in memory, from its values alone; one statement a parent adds the difference. Beside the
 * figure stand how many values it is of (a sum of nothing is null) and, for sums and averages, the exact
 * sum. An extreme that went away is drawn anew from the rows, by a second statement that changes a row
 * only then. Differences to one parent within a plan become one (plan_merge). */
#include "record/record_internal.h"

/* ---- once per catalogue */
static void param(Sql *q, size_t n)
{
    sql_lit(q, "?");
    sql_number(q, (int64_t)n);
}

static void moved(Sql *q, const Field *f, int part, size_t by)
{
    sql_lit(q, "d.");
    sql_column(q, -1, f, part);
    sql_lit(q, " + ");
    param(q, by);
}

static void set_moved(Sql *q, const Field *f, int part, size_t by)
{
    sql_column(q, -1, f, part);
    sql_lit(q, " = ");
    moved(q, f, part, by);
}

/* The better one of the stored extreme and what is added, either of which may be null. */
static void write_extreme(const RollupPart *p, size_t value, Sql *q)
{
    sql_lit(q, "CASE WHEN d.");
    sql_column(q, -1, p->field, 0);
    sql_lit(q, " IS NULL OR ");
    param(q, value);
    if (p->fold == FOLD_MIN)
        sql_lit(q, " < d.");
    else
        sql_lit(q, " > d.");
    sql_column(q, -1, p->field, 0);
    sql_lit(q, " THEN ");
    param(q, value);
    sql_lit(q, " ELSE d.");
    sql_column(q, -1, p->field, 0);
    sql_lit(q, " END");
}

/* c_n = …, [c_s = …,] c = CASE WHEN n > 0 THEN … END: a figure that has not been filled stays null. */
static void write_value(Ctx *cx, const RollupPart *p, size_t value, SqlScope *scope, Sql *q)
{
    const Field *f = p->field;
    size_t count = value + 1;
    set_moved(q, f, 1, count);
    if (f->n_derived > 2) {
        sql_lit(q, ", ");
        set_moved(q, f, 2, value);
    }
    sql_lit(q, ", ");
    sql_column(q, -1, f, 0);
    sql_lit(q, " = CASE WHEN ");
    moved(q, f, 1, count);
    sql_lit(q, " > 0 THEN ");
    if (f->n_derived > 2) {
        Sql sum = sql_fragment(q), n = sql_fragment(q);
        sql_lit(&sum, "(");
        moved(&sum, f, 2, value);
        sql_lit(&sum, ")");
        sql_lit(&n, "(");
        moved(&n, f, 1, count);
        sql_lit(&n, ")");
        expr_rollup_of_parts(cx, f, scope, &sum, &n, q);
    } else {
        write_extreme(p, value, q);
    }
    sql_lit(q, " END");
}

/* INSERT INTO {t_d} AS d (id) VALUES (?1) ON CONFLICT (id) DO UPDATE SET … = d.… + ?n */
static void write_add(Ctx *cx, const Object *o, RollupSource *s)
{
    int aliases = 1;
    size_t next = 2;
    uint8_t *merge = ARENA_ARRAY(cx->arena, uint8_t, 2 * s->n_parts + 1);
    Sql q = sql_new(cx->arena);
    SqlScope scope = scope_new(cx, db_kind_of(cx->db), o, &q, &aliases, NULL);
    sql_lit(&q, "INSERT INTO ");
    sql_derived(&q, o);
    sql_lit(&q, " AS d (id) VALUES (?1) ON CONFLICT (id) DO UPDATE SET ");
    for (size_t i = 0; i < s->n_parts; i++) {
        const RollupPart *p = &s->parts[i];
        if (i)
            sql_lit(&q, ", ");
        merge[next - 1] = p->fold == FOLD_MIN   ? PLAN_LEAST
                          : p->fold == FOLD_MAX ? PLAN_GREATEST
                                                : PLAN_ADD;
        if (p->fold == FOLD_COUNT) {
            set_moved(&q, p->field, 0, next++);
            continue;
        }
        write_value(cx, p, next, &scope, &q);
        merge[next] = PLAN_ADD;
        next += 2;
    }
    s->merge = merge;
    s->add = (RollupText){.sql = sql_text(&q), .n = next - 1};
}

/* UPDATE {t_d} SET c = (SELECT <the figure> FROM {t} t0 WHERE t0.id = ?) WHERE id = ? AND c >= ? */
static Status write_again(Ctx *cx, const Object *o, RollupPart *p)
{
    int aliases = 0;
    Sql q = sql_new(cx->arena), figure = sql_fragment(&q);
    SqlScope scope = scope_new(cx, db_kind_of(cx->db), o, &q, &aliases, NULL);
    TRY(expr_rollup_sql(cx, p->field, &scope, &figure));
    sql_lit(&q, "UPDATE ");
    sql_derived(&q, o);
    sql_lit(&q, " SET ");
    sql_column(&q, -1, p->field, 0);
    sql_lit(&q, " = (SELECT ");
    sql_append(&q, &figure);
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    sql_lit(&q, " t0");
    sql_append(&q, &scope.from);
    sql_lit(&q, " WHERE t0.\"id\" = ");
    sql_bind_int(&q, 0);
    sql_lit(&q, ") WHERE id = ");
    sql_bind_int(&q, 0);
    sql_lit(&q, " AND ");
    sql_column(&q, -1, p->field, 0);
    if (p->fold == FOLD_MIN)
        sql_lit(&q, " >= ");
    else
        sql_lit(&q, " <= ");
    sql_bind_int(&q, 0);
    p->again = (RollupText){.sql = sql_text(&q), .vals = q.vals->v, .n = q.vals->n};
    return ST_OK;
}

static bool is_extreme(const RollupPart *p) { return p->fold == FOLD_MIN || p->fold == FOLD_MAX; }

Status record_rollup_compile_adds(Ctx *cx, const Object *o, RollupSource *s)
{
    s->parts = ARENA_ARRAY(cx->arena, RollupPart, o->n_fields);
    s->adds = !s->own;
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (f->kind != F_ROLLUP || expr_rollup_is_own(f) != s->own ||
            expr_rollup_link(f) != s->link)
            continue;
        s->adds = s->adds && expr_rollup_adds(f);
        s->parts[s->n_parts++] = (RollupPart){.field = f, .fold = expr_rollup_fold(f)};
    }
    if (!s->adds)
        return ST_OK;
    for (size_t i = 0; i < s->n_parts; i++)
        if (is_extreme(&s->parts[i]))
            TRY(write_again(cx, o, &s->parts[i]));
    write_add(cx, o, s);
    return ST_OK;
}

/* ---- in plans */
typedef struct Share {
    bool counts;
    int64_t value;
} Share;

static Status shares_of(Ctx *cx, const RollupSource *s, const Value *child, Share *ret, bool *any)
{
    *any = false;
    for (size_t i = 0; child && i < s->n_parts; i++) {
        TRY(expr_rollup_share(cx, s->parts[i].field, child, &ret[i].counts, &ret[i].value));
        *any = *any || ret[i].counts;
    }
    return ST_OK;
}

static void draw_again(Ctx *cx, Plan *plan, const Object *parent, const RollupPart *p, Id id,
                       int64_t gone)
{
    size_t n = p->again.n;
    uint8_t *merge = ARENA_ARRAY(cx->arena, uint8_t, n);
    DbVal *v = arena_dup(cx->arena, p->again.vals, n * sizeof(*v));
    v[n - 3] = v[n - 2] = db_int(id);
    v[n - 1] = db_int(gone);
    merge[n - 1] = p->fold == FOLD_MIN ? PLAN_LEAST : PLAN_GREATEST;
    plan_merge(plan, ROLLUP_PHASE_DRAW, parent->plural, id, p->again.sql, v, n, merge);
}

/* sign 1: the child comes to the parent; -1: it goes. */
static void add_shares(Ctx *cx, Plan *plan, const RollupFeed *feed, Id id, const Share *shares,
                       int sign)
{
    const RollupSource *s = feed->source;
    DbVal *v = ARENA_ARRAY(cx->arena, DbVal, s->add.n);
    size_t next = 0;
    v[next++] = db_int(id);
    for (size_t i = 0; i < s->n_parts; i++) {
        const RollupPart *p = &s->parts[i];
        const Share *share = &shares[i];
        int64_t value = share->counts ? share->value : 0;
        if (is_extreme(p))
            v[next++] = share->counts && sign > 0 ? db_int(value) : db_null(DB_INT);
        else
            v[next++] = db_int(sign > 0 ? value : -value);
        if (p->fold != FOLD_COUNT)
            v[next++] = db_int(share->counts ? sign : 0);
        if (is_extreme(p) && share->counts && sign < 0)
            draw_again(cx, plan, feed->parent, p, id, value);
    }
    plan_merge(plan, ROLLUP_PHASE_ADD, feed->parent->plural, id, s->add.sql, v, s->add.n, s->merge);
}

static bool has_id(const Id *ids, size_t n, Id id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static bool same_shares(const Share *a, const Share *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i].counts != b[i].counts || (a[i].counts && a[i].value != b[i].value))
            return false;
    return true;
}

Status record_rollup_add(Ctx *cx, Plan *plan, const RollupFeed *feed, const Value *before,
                         const Value *after)
{
    const RollupSource *s = feed->source;
    Share *was = ARENA_ARRAY(cx->arena, Share, s->n_parts);
    Share *is = ARENA_ARRAY(cx->arena, Share, s->n_parts);
    const Id *left = NULL, *joined = NULL;
    bool any_was, any_is;
    size_t n_left = before ? record_rollup_parents(feed, &before[s->link->index], &left) : 0;
    size_t n_joined = after ? record_rollup_parents(feed, &after[s->link->index], &joined) : 0;
    TRY(shares_of(cx, s, n_left ? before : NULL, was, &any_was));
    TRY(shares_of(cx, s, n_joined ? after : NULL, is, &any_is));
    bool same = same_shares(was, is, s->n_parts);
    for (size_t i = 0; any_was && i < n_left; i++)
        if (!same || !has_id(joined, n_joined, left[i]))
            add_shares(cx, plan, feed, left[i], was, -1);
    for (size_t i = 0; any_is && i < n_joined; i++)
        if (!same || !has_id(left, n_left, joined[i]))
            add_shares(cx, plan, feed, joined[i], is, 1);
    return ST_OK;
}
