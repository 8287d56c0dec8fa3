/* SPDX-License-Identifier: Apache-2.0 */
/* A record in memory → the JSON of CONTRACT 3, with the titles of what it links to. Used for answers
 * to writes, which are rendered before the commit, and for history. */
#include "record/record_internal.h"

#define MAX_TITLES 64

typedef struct Titles { /* of one target object */
    const Object *object;
    VEC(Id) ids;
    Str *titles, *codes;
} Titles;

struct RecordTitles {
    Ctx *cx;
    const Meta *meta;
    Titles of[MAX_TITLES];
    size_t n;
    Titles files;
};

static bool is_masked(const Ctx *cx, const Field *f)
{
    return cx->access->masked && cx->access->masked(cx, f);
}

RecordTitles *record_titles_new(Ctx *cx)
{
    RecordTitles *t = ARENA_NEW(cx->arena, RecordTitles);
    t->cx = cx;
    t->meta = cx->meta;
    return t;
}

static Titles *titles_of(RecordTitles *t, const Object *o)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->of[i].object == o)
            return &t->of[i];
    if (t->n == MAX_TITLES)
        return NULL;
    t->of[t->n].object = o;
    return &t->of[t->n++];
}

static void want(Ctx *cx, Titles *t, Id id)
{
    for (size_t i = 0; i < t->ids.n; i++)
        if (t->ids.v[i] == id)
            return;
    VEC_PUSH(cx->arena, &t->ids, id);
}

void record_titles_want(Ctx *cx, RecordTitles *t, const Field *f, const Value *v)
{
    const Object *to = v->t == V_REF ? meta_object(t->meta, v->ref.object) : f->to;
    bool leads = v->t == V_ID || v->t == V_IDS || v->t == V_REF;
    Titles *of = !to || !leads ? NULL : field_is_file(f) ? &t->files : titles_of(t, to);
    if (!of)
        return;
    if (v->t == V_REF)
        want(cx, of, v->ref.id);
    if (v->t == V_ID)
        want(cx, of, v->i);
    for (size_t i = 0; v->t == V_IDS && i < v->ids.n; i++)
        want(cx, of, v->ids.p[i]);
}

Status record_titles_load(Ctx *cx, RecordTitles *t)
{
    for (size_t i = 0; i < t->n; i++) {
        Titles *of = &t->of[i];
        of->titles = ARENA_ARRAY(cx->arena, Str, of->ids.n + 1);
        of->codes = ARENA_ARRAY(cx->arena, Str, of->ids.n + 1);
        TRY(query_titles(cx, of->object, of->ids.v, of->ids.n, of->titles, of->codes));
    }
    t->files.titles = ARENA_ARRAY(cx->arena, Str, t->files.ids.n + 1);
    return query_files(cx, t->files.ids.v, t->files.ids.n, t->files.titles);
}

static void write_file(Buf *out, const RecordTitles *t, Id id)
{
    for (size_t i = 0; i < t->files.ids.n; i++)
        if (t->files.ids.v[i] == id)
            buf_str_add(out, t->files.titles[i]);
}

static void write_link(Buf *out, RecordTitles *t, const Field *f, const Object *to, Id id)
{
    if (field_is_file(f)) {
        write_file(out, t, id);
        return;
    }
    Titles *of = to ? titles_of(t, to) : NULL;
    buf_char(out, '{');
    if (f->kind == F_ANY_LINK && to) {
        buf_lit(out, "\"object\":");
        buf_json_str(out, to->name);
        buf_char(out, ',');
    }
    buf_lit(out, "\"id\":");
    buf_json_id(out, id);
    for (size_t i = 0; of && i < of->ids.n; i++) {
        if (of->ids.v[i] != id)
            continue;
        buf_lit(out, ",\"title\":");
        if (of->titles[i].p)
            buf_json_str(out, of->titles[i]);
        else
            buf_lit(out, "null");
        if (of->codes[i].p) {
            buf_lit(out, ",\"code\":");
            buf_json_str(out, of->codes[i]);
        }
    }
    buf_char(out, '}');
}

static bool reads_kind(const RecordTitles *t, Str object)
{
    const Object *to = meta_object(t->meta, object);
    const QueryAccess *access = t->cx->access;
    return !to || !access || access->object(t->cx, to);
}

void record_value_json(RecordTitles *t, const Field *f, const Value *v, Buf *out)
{
    if (v->t == V_NULL && field_is_many(f)) {
        buf_lit(out, "[]");
    } else if (v->t == V_NULL) {
        buf_lit(out, "null");
    } else if (is_masked(t->cx, f)) {
        buf_json_str(out, query_mask(t->cx, f, v));
    } else if (v->t == V_ID && f->to) {
        write_link(out, t, f, f->to, v->i);
    } else if (v->t == V_REF && !reads_kind(t, v->ref.object)) {
        buf_lit(out, "null");
    } else if (v->t == V_REF) {
        write_link(out, t, f, meta_object(t->meta, v->ref.object), v->ref.id);
    } else if (v->t == V_IDS) {
        buf_char(out, '[');
        for (size_t i = 0; i < v->ids.n; i++) {
            if (i)
                buf_char(out, ',');
            write_link(out, t, f, f->to, v->ids.p[i]);
        }
        buf_char(out, ']');
    } else {
        f->type->json(out, f, v);
    }
}

/* Asked for by its name a formula gives its declared result (a quotient as money, say), as in lists. */
static Status formulas(Ctx *cx, Record *r, Value *shown)
{
    ExprRow row = record_expr_row(r);
    ExprScope names = {.object = r->object};
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        const Expr *e = NULL;
        if (f->kind == F_ROLLUP && (!r->old || r->n_lines) && cx->access->field(cx, f))
            TRY(expr_rollup_value(cx, f, &row, &shown[i]));
        if (!f->formula_expr || !cx->access->field(cx, f))
            continue;
        TRY(expr_parse(cx, f->name, &names, EXPR_VALUE, &e));
        TRY(expr_eval(cx, e, &row, &shown[i]));
    }
    return ST_OK;
}

Status record_json(Ctx *cx, Record *r, Buf *out)
{
    const Object *o = r->object;
    RecordTitles *t = record_titles_new(cx);
    Value *shown = arena_dup(cx->arena, r->values, sizeof(Value) * o->n_fields);
    TRY(formulas(cx, r, shown));
    for (size_t i = 0; i < o->n_fields; i++)
        record_titles_want(cx, t, o->fields[i], &shown[i]);
    TRY(record_titles_load(cx, t));
    buf_char(out, '{');
    bool first = true;
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (!cx->access->field(cx, f) && !is_masked(cx, f))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_json_str(out, f->name);
        buf_char(out, ':');
        if (f->kind == F_ID)
            buf_json_id(out, r->id);
        else
            record_value_json(t, f, &shown[i], out);
    }
    buf_char(out, '}');
    return ST_OK;
}
