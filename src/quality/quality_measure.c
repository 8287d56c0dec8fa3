/* SPDX-License-Identifier: Apache-2.0 */
/* The job: every value once, by the rules of today. Wrong is what its type would not take now, a choice
 * that is in no list, a link that leads nowhere. Ids of the first wrong ones are kept, so that they are
 * found again. An object's figures are written at once, those of a day in the place of earlier ones. */
#include "access/access.h"
#include "base/calendar.h"
#include "duplicate/duplicate.h"
#include "quality/quality_internal.h"

#define MAX_WRONG 100 /* ids kept of a field */
#define KEPT_DAYS 800
#define MAX_TEXT 65536

static const char SQL_FIGURE[] =
    "INSERT INTO {gx_quality} (day, object, field, total, fields, filled, wrong, broken, stale, "
    "pairs) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (day, object, field) DO "
    "UPDATE SET "
    "total = excluded.total, fields = excluded.fields, filled = excluded.filled, "
    "wrong = excluded.wrong, broken = excluded.broken, stale = excluded.stale, "
    "pairs = excluded.pairs";
static const char SQL_FORGET_WRONG[] =
    "DELETE FROM {gx_quality_wrong} WHERE object = ?1 AND field = ?2";
static const char SQL_WRONG[] =
    "INSERT INTO {gx_quality_wrong} (object, field, record) VALUES (?1, ?2, ?3)";
static const char SQL_FORGET[] = "DELETE FROM {gx_quality} WHERE day < ?1";

typedef struct FieldFigures {
    const Field *field;
    int64_t filled, wrong;
    VEC(Id) ids;
} FieldFigures;

typedef struct Measured {
    const Object *o;
    int64_t day, total, stale, broken, pairs;
    FieldFigures *fields;
    size_t n;
} Measured;

/* ---- a value */
static bool is_there(const Value *v)
{
    return v->t != V_NULL &&
           !((v->t == V_IDS && v->ids.n == 0) || (v->t == V_TEXTS && v->texts.n == 0));
}

static bool leads_nowhere(const QueryRows *rows, const QueryColumn *c, Id id)
{
    Str title, code;
    query_rows_title(rows, c->to, id, &title, &code);
    return !title.p && !code.p;
}

static bool is_dead(const QueryRows *rows, const QueryColumn *c, const Value *v)
{
    if (c->to && v->t == V_ID)
        return leads_nowhere(rows, c, v->i);
    for (size_t i = 0; c->to && v->t == V_IDS && i < v->ids.n; i++)
        if (leads_nowhere(rows, c, v->ids.p[i]))
            return true;
    return false;
}

static bool is_no_choice(const Field *f, const Value *v)
{
    if (!f->choices)
        return false;
    if (v->t == V_TEXT)
        return !map_has(&f->choices->by_value, v->s);
    for (size_t i = 0; v->t == V_TEXTS && i < v->texts.n; i++)
        if (!map_has(&f->choices->by_value, v->texts.p[i]))
            return true;
    return false;
}

/* The type would not take it if it came in today. */
static bool is_refused(Ctx *cx, const Field *f, const Value *v)
{
    Value again;
    bool refused = f->type->validate(cx, f, v) != ST_OK || error_has_fields(cx);
    if (!refused && (f->kind == F_EMAIL || f->kind == F_PHONE || f->kind == F_URL) &&
        v->s.n < MAX_TEXT) {
        json_t *json = json_stringn(v->s.p, v->s.n);
        json_own(cx->arena, json);
        refused = f->type->parse(cx, f, json, &again) != ST_OK || error_has_fields(cx);
    }
    error_clear(cx);
    return refused;
}

static bool is_wrong(Ctx *cx, const QueryRows *rows, const QueryColumn *c, const Value *v)
{
    if (field_has_id(c->field) || field_has_ids(c->field) || v->t == V_REF)
        return is_dead(rows, c, v);
    return is_no_choice(c->field, v) || is_refused(cx, c->field, v);
}

/* ---- an object */
static void look_at(Ctx *cx, Measured *m, QueryRows *rows, const Value *row)
{
    size_t n_columns;
    const QueryColumn *c = query_rows_columns(rows, &n_columns);
    for (size_t i = 0; i < m->n; i++) {
        FieldFigures *f = &m->fields[i];
        if (!is_there(&row[i + 1]))
            continue;
        f->filled++;
        if (!is_wrong(cx, rows, &c[i + 1], &row[i + 1]))
            continue;
        f->wrong++;
        if (f->ids.n < MAX_WRONG)
            f->ids.v[f->ids.n++] = row[0].i;
    }
}

static Status read_all(Ctx *cx, Job *job, Measured *m, QueryRows *rows)
{
    Arena *outer = cx->arena, *pad = arena_new(65536);
    Status st = ST_OK;
    for (size_t n = 1; st == ST_OK && n > 0;) {
        const Value *v;
        size_t n_columns;
        (void)query_rows_columns(rows, &n_columns);
        st = job_progress(cx, job, m->total, 0);
        if (st == ST_OK)
            st = query_rows_next(rows, &v, &n);
        cx->arena = pad;
        for (size_t i = 0; st == ST_OK && i < n; i++) {
            look_at(cx, m, rows, &v[i * n_columns]);
            m->total++;
            arena_reset(pad);
        }
        cx->arena = outer;
    }
    arena_free(pad);
    return st;
}

static Str names_of(Ctx *cx, const Measured *m)
{
    Buf b = buf_in(cx->arena, MAX_TEXT);
    buf_lit(&b, "id");
    for (size_t i = 0; i < m->n; i++) {
        buf_char(&b, ',');
        buf_str_add(&b, m->fields[i].field->name);
    }
    return buf_str(&b);
}

static Status count_rules(Ctx *cx, Measured *m)
{
    for (size_t i = 0; i < m->o->n_rules; i++) {
        int64_t n = 0;
        Str filter = quality_broken_filter(cx, &m->o->rules[i]);
        if (query_count(cx, m->o, filter, false, INT64_MAX, &n) != ST_OK)
            error_clear(cx); /* a rule that cannot be asked of a set */
        m->broken += n;
    }
    int days = 0;
    TRY(quality_stale_days(cx, m->o, &days));
    return query_count(cx, m->o, quality_stale_filter(cx, m->o, days), false, INT64_MAX, &m->stale);
}

static void figure(const Measured *m, Plan *plan, int64_t field, int64_t filled, int64_t wrong)
{
    const DbVal v[] = {db_int(m->day),
                       db_int(m->o->number),
                       db_int(field),
                       db_int(m->total),
                       db_int((int64_t)m->n),
                       db_int(filled),
                       db_int(wrong),
                       db_int(field ? 0 : m->broken),
                       db_int(field ? 0 : m->stale),
                       field ? db_null(DB_INT) : db_int(m->pairs)};
    plan_exec(plan, STR_SQL(SQL_FIGURE), v, COUNT_OF(v));
}

static Status prepare_figures(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    const Measured *m = arg;
    int64_t filled = 0, wrong = 0;
    (void)cx;
    (void)job;
    for (size_t i = 0; i < m->n; i++) {
        const FieldFigures *f = &m->fields[i];
        const DbVal of[] = {db_int(m->o->number), db_int(f->field->number)};
        filled += f->filled;
        wrong += f->wrong;
        figure(m, plan, f->field->number, f->filled, f->wrong);
        plan_exec(plan, STR_SQL(SQL_FORGET_WRONG), of, COUNT_OF(of));
        for (size_t k = 0; k < f->ids.n; k++) {
            const DbVal v[] = {of[0], of[1], db_int(f->ids.v[k])};
            plan_exec(plan, STR_SQL(SQL_WRONG), v, COUNT_OF(v));
        }
    }
    figure(m, plan, 0, filled, wrong);
    const DbVal before = db_int(m->day - KEPT_DAYS);
    plan_exec(plan, STR_SQL(SQL_FORGET), &before, 1);
    return ST_OK;
}

static void take_fields(Ctx *cx, Measured *m)
{
    m->fields = ARENA_ARRAY(cx->arena, FieldFigures, m->o->n_fields + 1);
    for (size_t i = 0; i < m->o->n_fields; i++) {
        const Field *f = m->o->fields[i];
        if (!quality_counts_field(f) || access_field(cx, f) < FIELD_READ)
            continue;
        FieldFigures *to = &m->fields[m->n++];
        *to = (FieldFigures){.field = f};
        to->ids.v = ARENA_ARRAY(cx->arena, Id, MAX_WRONG);
    }
}

static Status measure(Ctx *cx, Job *job, const Object *o)
{
    QueryRows *rows;
    int64_t local = cx->now_ms + zone_offset(cx->zone, cx->now_ms);
    Measured m = {.o = o, .day = calendar_floor_div(local, 86400000)};
    take_fields(cx, &m);
    ListQuery q = {.fields = names_of(cx, &m), .sort = STR("id")};
    if (m.n == 0)
        return ST_OK;
    TRY(query_rows_open(cx, o, &q, &rows));
    TRY(read_all(cx, job, &m, rows));
    TRY(count_rules(cx, &m));
    TRY(duplicate_open(cx, o, &m.pairs));
    return job_apply(cx, job, prepare_figures, &m);
}

static Status quality_run(Ctx *cx, Job *job, Buf *result)
{
    int64_t n = 0;
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        Arena *outer = cx->arena;
        if (!quality_may(cx, o))
            continue;
        cx->arena = arena_new(65536);
        Status st = measure(cx, job, o);
        if (st != ST_OK && cx->err.text.p)
            cx->err.text = str_copy(outer, cx->err.text);
        arena_free(cx->arena);
        cx->arena = outer;
        TRY(st);
        n++;
    }
    buf_printf(result, "{\"objects\":%lld}", (long long)n);
    return ST_OK;
}

Status quality_enqueue(Ctx *cx, Plan *plan, Id *ret_job)
{
    json_t *none = json_object();
    json_own(cx->arena, none);
    return job_enqueue(cx, plan, "quality", none, 0, 0, ret_job);
}

const JobDef quality_jobs[] = {
    {"quality", quality_run, 3, 6 * 3600, "17 2 * * *", "Counts what is empty, wrong, stale"},
    {0},
};
