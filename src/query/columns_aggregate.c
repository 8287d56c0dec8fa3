/* SPDX-License-Identifier: Apache-2.0 */
/* Groups, counts and sums out of columns: one pass over the rows of a table. */
#include "query/columns.h"

#define MAX_EQUALS 6

typedef struct Pick { /* rows that are counted: per column the codes that pass */
    const ColumnData *column;
    bool *pass; /* by code */
} Pick;

typedef struct Question {
    Aggregate *a;
    ExprEqual equals[MAX_EQUALS];
    size_t n_equals;
    QueryReach reach;
    bool reads_all;
    const Field *fields[COLUMNS_MAX_FIELDS];
    size_t n_fields;
} Question;

typedef struct Scan {
    const ColumnTable *table;
    Pick picks[MAX_EQUALS + 2];
    size_t n_picks;
    const bool *mine, *ours; /* by code of owner, of department */
    const ColumnData *owner, *department;
    const ColumnData *groups[2], *sums[AGGREGATE_MAX_MEASURES];
    uint32_t width[2]; /* codes of each group */
    Figure *cells;     /* group 0 × group 1 × measures */
    int64_t *counts;
} Scan;

/* ---- can columns answer it? */
static bool wants(Question *q, const Field *f)
{
    bool is_code;
    int part;
    for (size_t i = 0; i < q->n_fields; i++)
        if (q->fields[i] == f)
            return true;
    if (f->object != q->a->o || q->n_fields == COLUMNS_MAX_FIELDS ||
        !columns_takes(f, &is_code, &part))
        return false;
    q->fields[q->n_fields++] = f;
    return true;
}

static bool is_code(const Field *f)
{
    bool code;
    int part;
    return columns_takes(f, &code, &part) && code;
}

static bool takes_groups(Question *q)
{
    const Aggregate *a = q->a;
    if (a->n_groups < 1 || a->n_groups > 2)
        return false;
    for (size_t i = 0; i < a->n_groups; i++) {
        const Group *g = &a->groups[i];
        if (g->bucketed || str_find_char(g->name, '.') != SIZE_MAX || !is_code(g->field) ||
            !wants(q, g->field))
            return false;
    }
    for (size_t i = 0; i < a->n_measures; i++) {
        const Measure *m = &a->measures[i];
        bool counts = m->kind == MEASURE_COUNT && !m->name.p;
        bool sums = (m->kind == MEASURE_SUM || m->kind == MEASURE_AVG) && m->field &&
                    str_find_char(m->name, '.') == SIZE_MAX && !is_code(m->field) &&
                    wants(q, m->field);
        if (!counts && !sums)
            return false;
    }
    return true;
}

static bool takes_rights(Question *q)
{
    const Ctx *cx = q->a->cx;
    q->reads_all = cx->access->reads_all(cx, q->a->o);
    if (q->reads_all)
        return true;
    return cx->access->reach && cx->access->reach(cx, q->a->o, &q->reach) &&
           wants(q, q->reach.owner) && (!q->reach.department || wants(q, q->reach.department));
}

static Status takes_filter(Question *q, bool *ret)
{
    *ret = true;
    if (!q->a->filter)
        return ST_OK;
    TRY(expr_equal(q->a->cx, q->a->filter, q->equals, MAX_EQUALS, &q->n_equals, ret));
    for (size_t i = 0; *ret && i < q->n_equals; i++)
        *ret = is_code(q->equals[i].field) && wants(q, q->equals[i].field);
    return ST_OK;
}

/* ---- which codes pass */
static DbVal column_value(const Value *v)
{
    return v->t == V_TEXT ? db_text(v->s) : v->t == V_BOOL ? db_bool(v->b) : db_int(v->i);
}

static bool *passing(Arena *arena, const ColumnData *c)
{
    return ARENA_ARRAY(arena, bool, c->dict.n + 1);
}

static void let_pass(const ColumnData *c, bool *pass, const DbVal *v)
{
    uint32_t code = columns_code(&c->dict, v);
    if (code != UINT32_MAX)
        pass[code] = true;
}

static void pick_equals(const Question *q, Scan *s)
{
    for (size_t i = 0; i < q->n_equals; i++) {
        const ExprEqual *e = &q->equals[i];
        Pick *p = &s->picks[s->n_picks++];
        p->column = columns_find(s->table, e->field);
        p->pass = passing(q->a->cx->arena, p->column);
        for (size_t k = 0; k < e->values.n; k++) {
            DbVal v = column_value(&e->values.v[k]);
            let_pass(p->column, p->pass, &v);
        }
    }
}

static const bool *pick_ids(Arena *arena, const ColumnData *c, const Id *ids, size_t n,
                            const Id *more, size_t n_more)
{
    bool *pass = passing(arena, c);
    for (size_t i = 0; i < n + n_more; i++) {
        DbVal id = db_int(i < n ? ids[i] : more[i - n]);
        let_pass(c, pass, &id);
    }
    return pass;
}

static void pick_reach(const Question *q, Scan *s)
{
    const QueryReach *r = &q->reach;
    Arena *arena = q->a->cx->arena;
    if (q->reads_all)
        return;
    s->owner = columns_find(s->table, r->owner);
    s->mine = pick_ids(arena, s->owner, r->owners, r->n_owners, r->people, r->n_people);
    if (!r->department)
        return;
    s->department = columns_find(s->table, r->department);
    s->ours = pick_ids(arena, s->department, r->departments, r->n_departments, NULL, 0);
}

/* Code 0 is null: a record without owner is its department's. */
static bool row_passes(const Scan *s, size_t row)
{
    for (size_t i = 0; i < s->n_picks; i++)
        if (!s->picks[i].pass[s->picks[i].column->codes[row]])
            return false;
    if (!s->owner || s->mine[s->owner->codes[row]])
        return true;
    return s->department && !s->owner->codes[row] && s->ours[s->department->codes[row]];
}

/* ---- the pass */
static void add_row(Scan *s, const Aggregate *a, size_t row)
{
    size_t cell = s->groups[0]->codes[row];
    if (s->groups[1])
        cell = cell * s->width[1] + s->groups[1]->codes[row];
    s->counts[cell]++;
    for (size_t i = 0; i < a->n_measures; i++) {
        if (!s->sums[i] || s->sums[i]->numbers[row] == INT64_MIN)
            continue;
        Figure *f = &s->cells[cell * a->n_measures + i];
        f->n++;
        f->sum += s->sums[i]->numbers[row];
    }
}

static bool prepare_cells(const Question *q, Scan *s)
{
    const Aggregate *a = q->a;
    size_t cells = 1;
    for (size_t i = 0; i < a->n_groups; i++) {
        s->groups[i] = columns_find(s->table, a->groups[i].field);
        s->width[i] = s->groups[i]->dict.n ? s->groups[i]->dict.n : 1;
        cells *= s->width[i];
    }
    if (cells > COLUMNS_MAX_CELLS)
        return false;
    for (size_t i = 0; i < a->n_measures; i++)
        if (a->measures[i].name.p)
            s->sums[i] = columns_find(s->table, a->measures[i].field);
    s->counts = ARENA_ARRAY(a->cx->arena, int64_t, cells);
    s->cells = ARENA_ARRAY(a->cx->arena, Figure, cells * a->n_measures + 1);
    return true;
}

static void take_rows(const Question *q, const Scan *s, AggregateRows *ret)
{
    Aggregate *a = q->a;
    Arena *arena = a->cx->arena;
    size_t cells = (size_t)s->width[0] * (s->groups[1] ? s->width[1] : 1);
    for (size_t cell = 0; cell < cells; cell++) {
        if (!s->counts[cell])
            continue;
        AggregateRow row = {.groups = ARENA_ARRAY(arena, DbVal, a->n_groups + 1),
                            .figures = s->cells + cell * a->n_measures};
        size_t codes[2] = {s->groups[1] ? cell / s->width[1] : cell,
                           s->groups[1] ? cell % s->width[1] : 0};
        for (size_t i = 0; i < a->n_groups; i++) {
            const ColumnData *c = s->groups[i];
            a->groups[i].type = (DbType)c->type;
            row.groups[i] = codes[i] ? c->dict.values[codes[i]] : db_null((DbType)c->type);
            if (codes[i] && c->type == DB_TEXT)
                row.groups[i].s = str_copy(arena, row.groups[i].s);
        }
        for (size_t i = 0; i < a->n_measures; i++)
            if (!a->measures[i].name.p)
                row.figures[i].n = s->counts[cell];
        VEC_PUSH(arena, &ret->rows, row);
    }
}

static bool scan(const Question *q, const ColumnTable *t, AggregateRows *ret)
{
    Scan s = {.table = t};
    if (!prepare_cells(q, &s))
        return false;
    pick_equals(q, &s);
    pick_reach(q, &s);
    bool all = q->reads_all && !s.n_picks;
    for (size_t row = 0; row < t->n; row++)
        if (all || row_passes(&s, row))
            add_row(&s, q->a, row);
    take_rows(q, &s, ret);
    return true;
}

Status columns_aggregate(Aggregate *a, AggregateRows *ret, bool *ret_done)
{
    Question q = {.a = a};
    ColumnTable *t = NULL;
    bool simple = false;
    *ret_done = false;
    if (!a->cx->columns || a->cx->as_of || !takes_groups(&q) || !takes_rights(&q))
        return ST_OK;
    TRY(takes_filter(&q, &simple));
    if (!simple)
        return ST_OK;
    TRY(columns_hold(a->cx, a->o, q.fields, q.n_fields, &t));
    if (!t)
        return ST_OK;
    *ret = (AggregateRows){.cut = false};
    *ret_done = scan(&q, t, ret) && (int64_t)ret->rows.n <= a->limit;
    columns_release(t);
    return ST_OK;
}
