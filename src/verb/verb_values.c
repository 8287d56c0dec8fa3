/* SPDX-License-Identifier: Apache-2.0 */
/* Values by name, for deeds: an organisation may have removed a field, which then is null. */
#include "verb/verb.h"

const Field *verb_field(const Record *r, const char *name)
{
    return object_field(r->object, str_of(name));
}

const Value *verb_get(const Record *r, const char *name)
{
    static const Value none = {.t = V_NULL};
    const Field *f = verb_field(r, name);
    return f ? record_get(r, f) : &none;
}

Id verb_link(const Record *r, const char *name)
{
    const Value *v = verb_get(r, name);
    return v->t == V_ID ? v->i : 0;
}

bool verb_is(const Record *r, const char *name, const char *code)
{
    const Value *v = verb_get(r, name);
    return v->t == V_TEXT && str_is(v->s, code);
}

void verb_set(Record *r, const char *name, Value v)
{
    const Field *f = verb_field(r, name);
    if (f)
        record_set(r, f, v);
}

void verb_set_text(Record *r, const char *name, const char *word)
{
    verb_set(r, name, (Value){.t = V_TEXT, .s = str_of(word)});
}

void verb_set_link(Record *r, const char *name, Id id)
{
    verb_set(r, name, id ? (Value){.t = V_ID, .i = id} : VALUE_NULL);
}

const Value *verb_arg(const VerbCall *c, const char *name)
{
    static const Value none = {.t = V_NULL};
    for (size_t i = 0; i < c->verb->n_params; i++)
        if (str_is(c->verb->params[i].name, name))
            return &c->args[i];
    return &none;
}

Id verb_arg_link(const VerbCall *c, const char *name)
{
    const Value *v = verb_arg(c, name);
    return v->t == V_ID ? v->i : 0;
}

bool verb_arg_true(const VerbCall *c, const char *name)
{
    const Value *v = verb_arg(c, name);
    return v->t == V_BOOL && v->b;
}

bool verb_arg_has(const VerbCall *c, const char *name, const char *code)
{
    return value_has_text(verb_arg(c, name), str_of(code));
}

void verb_take(const VerbCall *c, const char *name)
{
    const Value *v = verb_arg(c, name);
    if (!value_is_null(v))
        verb_set(c->record, name, *v);
}

Status verb_set_owner(Ctx *cx, Record *r, Id owner, const char *param)
{
    const Object *users = meta_object(cx->meta, STR("user"));
    Record *user = NULL;
    if (!r->object->owner)
        return ST_OK;
    if (users)
        TRY(record_load_stored(cx, users, owner, &user));
    if (!user || !verb_is(user, "status", "active"))
        return FIELD_FAIL(cx, str_of(param), "no_match", "verb.owner_inactive",
                          "The new owner must be an active user");
    record_set(r, r->object->owner, (Value){.t = V_ID, .i = owner});
    Id department = verb_link(user, "department");
    if (r->object->department)
        record_set(r, r->object->department,
                   department ? (Value){.t = V_ID, .i = department} : VALUE_NULL);
    return ST_OK;
}
