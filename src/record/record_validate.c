/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold before a record is written: required fields, the types' own checks, the object's
 * rules, the module's. Every field is looked at, so that one answer names every error. */
#include "record/record_internal.h"

const RecordHooks *record_hooks(const Ctx *cx, const Object *o)
{
    if (!cx->records)
        return NULL;
    for (const RecordHooks *const *h = cx->records->hooks; h && *h; h++)
        if (str_is(o->name, (*h)->object))
            return *h;
    return NULL;
}

/* ---- defaults of a new record */
static Status default_value(Ctx *cx, const Record *r, const Field *f, Value *ret)
{
    if (f->kind != F_LINK) {
        *ret = f->dflt;
        return ST_OK;
    }
    Id id = 0;
    json_t *code = json_stringn(f->dflt_text.p, f->dflt_text.n);
    json_own(cx->arena, code);
    TRY(record_resolve_link(cx, r, f, code, &id));
    *ret = (Value){.t = V_ID, .i = id};
    return ST_OK;
}

static void default_owner(Ctx *cx, Record *r)
{
    const Object *o = r->object;
    if (!o->owner)
        return;
    if (value_is_null(&r->values[o->owner->index]) && !record_touched(r, o->owner) &&
        cx->user->id != USER_SYSTEM)
        record_set(r, o->owner, (Value){.t = V_ID, .i = cx->user->id});
    if (o->department && value_is_null(&r->values[o->department->index]) && cx->user->department &&
        record_value_id(&r->values[o->owner->index]) == cx->user->id)
        record_set(r, o->department, (Value){.t = V_ID, .i = cx->user->department});
}

Status record_defaults(Ctx *cx, Record *r)
{
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        if (!f->has_default || record_touched(r, f) || !value_is_null(&r->values[i]))
            continue;
        Value v = VALUE_NULL;
        TRY(default_value(cx, r, f, &v));
        record_set(r, f, v);
    }
    default_owner(cx, r);
    return ST_OK;
}

/* ---- conditions see the record as it will be */
static Status row_follow(void *arg, Ctx *cx, const Field *link, Id id, const Value **ret)
{
    Record *r = NULL;
    (void)arg;
    *ret = NULL;
    Error before = cx->err;
    Status st = record_load(cx, link->to, id, &r);
    if (st == ST_NOT_FOUND) {
        cx->err = before;
        return ST_OK;
    }
    TRY(st);
    *ret = r->values;
    return ST_OK;
}

#define MAX_CHILDREN 1000 /* that a rule looks at */

static Status row_children(void *arg, Ctx *cx, const Object *of, Str relation, Id id,
                           const Object **ret_child, const Value ***ret_rows, size_t *ret_n)
{
    const Relation *rel = object_relation(of, relation);
    const Record *r = arg;
    *ret_n = 0;
    *ret_child = rel ? rel->child : NULL;
    if (!rel)
        return ST_OK;
    bool mine = of == r->object && id == r->id;
    size_t n = 0, most = mine && r->fresh ? 0 : MAX_CHILDREN;
    Id *ids = arena_alloc(cx->arena, (most + 1) * sizeof *ids);
    if (most)
        TRY(record_children(cx, rel->field, of, id, most, ids, &n));
    const Value **rows = ARENA_ARRAY(cx->arena, const Value *, n + r->n_lines + 1);
    for (size_t i = 0; i < n; i++) {
        const Value *v = NULL;
        Field link = *rel->field;
        link.to = rel->child;
        TRY(row_follow(NULL, cx, &link, ids[i], &v));
        if (!v)
            continue;
        ids[*ret_n] = ids[i];
        rows[(*ret_n)++] = v;
    }
    if (mine)
        record_overlay_lines(r, rel, ids, rows, ret_n);
    *ret_rows = rows;
    return ST_OK;
}

ExprRow record_expr_row(Record *r)
{
    return (ExprRow){.arg = r,
                     .values = r->values,
                     .old_values = r->old,
                     .follow = row_follow,
                     .children = row_children};
}

/* ---- checks */
static void fail_required(Ctx *cx, const Field *f)
{
    FIELD_FAIL(cx, f->name, "required", "record.required", "%.*s is required",
               STR_ARG(label_in(&f->label, cx->lang)));
}

Status record_requires(Ctx *cx, Record *r, const Field *f, bool *ret)
{
    *ret = false;
    if (!f->required_when_expr)
        return ST_OK;
    ExprRow row = record_expr_row(r);
    return expr_is_true(cx, f->required_when_expr, &row, ret);
}

Status record_holds(Ctx *cx, Record *r, const struct Expr *condition, bool *ret)
{
    ExprRow row = record_expr_row(r);
    return expr_is_true(cx, condition, &row, ret);
}

Status record_evaluate(Ctx *cx, Record *r, const struct Expr *e, Value *ret)
{
    ExprRow row = record_expr_row(r);
    return expr_eval(cx, e, &row, ret);
}

/* A city belongs to the province that stands beside it. */
static void check_parent_choice(Ctx *cx, const Record *r, const Field *f)
{
    const Field *up = f->depends_on;
    if (!up || !f->choices || (!record_touched(r, f) && !record_touched(r, up)))
        return;
    const Value *v = record_get(r, f), *above = record_get(r, up);
    const Choice *choice = v->t == V_TEXT ? choice_find(f->choices, v->s) : NULL;
    if (!choice || !choice->parent.n || above->t != V_TEXT || str_eq(choice->parent, above->s))
        return;
    FIELD_FAIL(cx, f->name, "other_parent", "record.other_parent", "%.*s does not belong to %.*s",
               STR_ARG(label_in(&choice->label, cx->lang)),
               STR_ARG(label_in(&up->label, cx->lang)));
}

static Status check_field(Ctx *cx, Record *r, const Field *f)
{
    const Value *v = &r->values[f->index];
    check_parent_choice(cx, r, f);
    if (!value_is_null(v))
        return record_touched(r, f) && f->type->validate ? f->type->validate(cx, f, v) : ST_OK;
    bool due = f->required && f->kind != F_AUTO_NUMBER;
    if (!due && !r->import)
        TRY(record_requires(cx, r, f, &due));
    if (due && (!r->old || record_touched(r, f) || f->required_when_expr))
        fail_required(cx, f);
    return ST_OK;
}

/* What is unknown is not a violation. */
static Status is_broken(Ctx *cx, Record *r, const Rule *rule, bool *ret)
{
    Value v = VALUE_NULL;
    ExprRow row = record_expr_row(r);
    TRY(expr_eval(cx, rule->check_expr, &row, &v));
    *ret = v.t == V_BOOL && !v.b;
    return ST_OK;
}

Status record_breaks_rule(Ctx *cx, Record *r, bool *ret)
{
    *ret = false;
    for (size_t i = 0; !*ret && i < r->object->n_rules; i++)
        if (r->object->rules[i].check_expr)
            TRY(is_broken(cx, r, &r->object->rules[i], ret));
    return ST_OK;
}

static Status check_rule(Ctx *cx, Record *r, const Rule *rule)
{
    bool broken = false;
    TRY(is_broken(cx, r, rule, &broken));
    if (!broken)
        return ST_OK;
    Str message = label_in(&rule->message, cx->lang);
    FIELD_FAIL(cx, rule->field, "rule", "record.rule", "%.*s", STR_ARG(message));
    return ST_OK;
}

Status record_validate(Ctx *cx, Record *r)
{
    const RecordHooks *hooks = record_hooks(cx, r->object);
    for (size_t i = 0; i < r->object->n_fields; i++) {
        Status st = check_field(cx, r, r->object->fields[i]);
        if (st != ST_OK && st != ST_INVALID)
            return st;
    }
    Status st = record_check_trees(cx, r, NULL);
    if (st != ST_OK && st != ST_INVALID)
        return st;
    if (error_has_fields(cx))
        return ST_INVALID;
    for (size_t i = 0; i < r->object->n_rules; i++)
        if (r->object->rules[i].check_expr)
            TRY(check_rule(cx, r, &r->object->rules[i]));
    if (hooks && hooks->validate)
        TRY(hooks->validate(cx, r));
    return error_has_fields(cx) ? ST_INVALID : ST_OK;
}
