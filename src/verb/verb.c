/* SPDX-License-Identifier: Apache-2.0 */
/* From a body to a deed. Everything that is wrong with a body is told in one answer. */
#include "verb/verb.h"
#include "record/batch.h"
#include <assert.h>

Status verb_find(Ctx *cx, const Object *o, Str name, const ObjectVerb **ret)
{
    const RecordVerb *const *list = cx->records ? cx->records->verbs : NULL;
    for (size_t i = 0; i < o->n_verbs; i++) {
        if (!str_eq(o->verbs[i].name, name))
            continue;
        *ret = &o->verbs[i];
        for (; list && *list; list++)
            for (const RecordVerb *v = *list; v->name; v++)
                if (str_is(name, v->name) && str_is(o->name, v->object))
                    return ST_OK;
    }
    return FAIL(cx, ST_NOT_FOUND, "verb.unknown", "There is nothing called \"%.*s\" to be done",
                STR_ARG(str_sub(name, 0, 80)));
}

static const RecordVerb *find_deed(Ctx *cx, const Object *o, const ObjectVerb *verb)
{
    for (const RecordVerb *const *list = cx->records->verbs; list && *list; list++)
        for (const RecordVerb *v = *list; v->name; v++)
            if (str_is(verb->name, v->name) && str_is(o->name, v->object))
                return v;
    return NULL;
}

Status verb_load(Ctx *cx, const ObjectVerb *v, const Object *o, Id id, Record **ret)
{
    if (str_is(v->needs, "none"))
        return record_load_any(cx, o, id, ret);
    return record_load(cx, o, id, ret);
}

/* ---- may it be done */

bool verb_needs(const ObjectVerb *v, AccessAction *ret)
{
    *ret = str_is(v->needs, "transfer") ? ACCESS_TRANSFER
           : str_is(v->needs, "create") ? ACCESS_CREATE
                                        : ACCESS_UPDATE;
    return !str_is(v->needs, "none");
}

static Status check_right(Ctx *cx, const ObjectVerb *v, const Record *r)
{
    AccessRecord ar;
    AccessAction action;
    if (!verb_needs(v, &action))
        return ST_OK;
    TRY(record_access(cx, action, r, r->values, &ar));
    return access_require(cx, r->object, action, &ar);
}

Status verb_may_now(Ctx *cx, const ObjectVerb *v, Record *r)
{
    bool holds = true;
    if (v->when_expr)
        TRY(record_holds(cx, r, v->when_expr, &holds));
    if (holds)
        return ST_OK;
    return FAIL(cx, ST_CONFLICT, "verb.not_now", "\"%.*s\" cannot be done with this record now",
                STR_ARG(label_in(&v->label, cx->lang)));
}

static Status is_possible(Ctx *cx, const ObjectVerb *v, Record *r, bool *ret)
{
    Error before = cx->err;
    *ret = false;
    if (!find_deed(cx, r->object, v))
        return ST_OK;
    Status st = check_right(cx, v, r);
    if (st == ST_OK)
        st = verb_may_now(cx, v, r);
    *ret = st == ST_OK;
    if (st != ST_DENIED && st != ST_CONFLICT)
        return st;
    cx->err = before;
    return ST_OK;
}

Status verb_possible(Ctx *cx, Record *r, Buf *out)
{
    bool first = true;
    buf_char(out, '[');
    for (size_t i = 0; i < r->object->n_verbs; i++) {
        bool can = false;
        TRY(is_possible(cx, &r->object->verbs[i], r, &can));
        if (!can)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_json_str(out, r->object->verbs[i].name);
    }
    buf_char(out, ']');
    return ST_OK;
}

/* ---- what was said */

static const VerbParam *find_param(const ObjectVerb *v, Str name)
{
    for (size_t i = 0; i < v->n_params; i++)
        if (str_eq(v->params[i].name, name))
            return &v->params[i];
    return NULL;
}

static Status read_param(Ctx *cx, const Record *r, const VerbParam *p, const json_t *v, Value *ret)
{
    *ret = VALUE_NULL;
    if (json_is_null(v))
        return ST_OK;
    TRY(p->is_own ? record_read_value(cx, r, p->field, v, ret)
                  : record_read_field(cx, r, p->field, v, ret));
    return value_is_null(ret) || !p->field->type->validate
               ? ST_OK
               : p->field->type->validate(cx, p->field, ret);
}

static Status check_given(Ctx *cx, const ObjectVerb *v, const Value *args)
{
    for (size_t i = 0; i < v->n_params; i++) {
        const VerbParam *p = &v->params[i];
        if (p->required && value_is_null(&args[i]))
            FIELD_FAIL(cx, p->name, "required", "record.required", "%.*s is required",
                       STR_ARG(label_in(&p->field->label, cx->lang)));
    }
    return error_has_fields(cx) ? ST_INVALID : ST_OK;
}

static void set_defaults(const ObjectVerb *v, Value *args)
{
    for (size_t i = 0; i < v->n_params; i++)
        if (v->params[i].is_own && v->params[i].field->has_default)
            args[i] = v->params[i].field->dflt;
}

static bool waits_for_record(const Field *f) { return f->kind == F_LINK && f->to && f->to->parent; }

Status verb_check_body(Ctx *cx, const ObjectVerb *v, const Object *o, const json_t *body)
{
    const char *key;
    json_t *value;
    Record *scratch = record_new(cx, o);
    Value *args = ARENA_ARRAY(cx->arena, Value, v->n_params + 1);
    set_defaults(v, args);
    json_object_foreach((json_t *)body, key, value)
    {
        const VerbParam *p = find_param(v, str_of(key));
        Status st = ST_OK;
        if (!p)
            st = FIELD_FAIL(cx, str_sub(str_of(key), 0, 80), "unknown_field", "verb.unknown_param",
                            "This verb takes no such value");
        else if (waits_for_record(p->field) && !json_is_null(value))
            args[p - v->params] = (Value){.t = V_ID, .i = 1}; /* said; which, each record tells */
        else
            st = read_param(cx, scratch, p, value, &args[p - v->params]);
        if (st != ST_OK && st != ST_INVALID)
            return st;
    }
    return error_has_fields(cx) ? ST_INVALID : check_given(cx, v, args);
}

static Status read_body(Ctx *cx, const ObjectVerb *v, const Record *r, const json_t *body,
                        VerbCall *c)
{
    const char *key;
    json_t *value;
    Value *args = ARENA_ARRAY(cx->arena, Value, v->n_params + 1);
    c->args = args;
    set_defaults(v, args);
    if (body && !json_is_object(body))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "record.not_an_object",
                         "The body must be a JSON object");
    json_object_foreach((json_t *)body, key, value)
    {
        const VerbParam *p = find_param(v, str_of(key));
        if (!p && strcmp(key, "dry_run") == 0 && json_is_boolean(value)) {
            c->dry_run = json_is_true(value);
            continue;
        }
        Status st = p ? read_param(cx, r, p, value, &args[p - v->params])
                      : FIELD_FAIL(cx, str_sub(str_of(key), 0, 80), "unknown_field",
                                   "verb.unknown_param", "This verb takes no such value");
        if (st != ST_OK && st != ST_INVALID)
            return st;
    }
    if (error_has_fields(cx))
        return ST_INVALID;
    return c->dry_run ? ST_OK : check_given(cx, v, args);
}

/* ---- and done */

static Status begin_batch(Ctx *cx, Plan *plan, const VerbCall *c, Id *ret)
{
    Str title = STR_NULL;
    TRY(query_titles(cx, c->record->object, &c->record->id, 1, &title, NULL));
    Str label = label_in(&c->verb->label, cx->lang);
    if (title.n)
        label = str_format(cx->arena, "%.*s: %.*s", STR_ARG(label), STR_ARG(title));
    TRY(batch_begin(cx, plan, "verb", label, ret));
    cx->batch = *ret;
    return ST_OK;
}

Status verb_run(Ctx *cx, Plan *plan, const ObjectVerb *v, Record *r, const json_t *body,
                VerbCall *ret, Id *ret_batch)
{
    const RecordVerb *deed = find_deed(cx, r->object, v);
    assert(deed && "verb_find was asked first");
    *ret = (VerbCall){.verb = v, .record = r};
    *ret_batch = 0;
    TRY(check_right(cx, v, r));
    if (!str_is(v->needs, "none"))
        TRY(verb_may_now(cx, v, r));
    TRY(read_body(cx, v, r, body, ret));
    if (!ret->dry_run)
        TRY(begin_batch(cx, plan, ret, ret_batch));
    Buf *hints = ARENA_NEW(cx->arena, Buf);
    *hints = buf_in(cx->arena, (size_t)64 * 1024);
    ret->hints = hints;
    return deed->run(cx, ret->dry_run ? plan_new(cx) : plan, ret);
}

Status verb_run_within(Ctx *cx, Plan *plan, const ObjectVerb *v, Record *r, const json_t *body)
{
    const RecordVerb *deed = find_deed(cx, r->object, v);
    VerbCall call = {.verb = v, .record = r};
    Buf hints = buf_in(cx->arena, (size_t)64 * 1024);
    assert(deed && "verb_find was asked first");
    call.hints = &hints;
    TRY(check_right(cx, v, r));
    if (!str_is(v->needs, "none"))
        TRY(verb_may_now(cx, v, r));
    TRY(read_body(cx, v, r, body, &call));
    return deed->run(cx, plan, &call);
}
