/* SPDX-License-Identifier: Apache-2.0 */
/* Fields made, changed, renamed and removed at run time.
 *
 * A rename touches metadata only: the column is named after the field's number, the number hangs on
 * the key. Removal hides: the column stays, so that the field can come back with its data. */
#include "meta/meta_change.h"
#include "meta/meta_shares.h"

static const char changeable[] =
    "name label help required unique search personal readonly default required_when visible_when "
    "readonly_when removed max min scale list choices depends_on inverse inverse_label on_delete "
    "visible_with number of result type format accept max_size";

/* Errors of the object's field[at] become errors of the body that was sent. */
static void strip_paths(Ctx *cx, size_t at)
{
    Str head = str_format(cx->arena, "fields[%zu]", at);
    for (size_t i = 0; i < cx->err.fields.n; i++) {
        FieldError *e = &cx->err.fields.v[i];
        if (!str_starts(e->field, head))
            continue;
        e->field = str_sub(e->field, head.n, e->field.n);
        if (e->field.n && e->field.p[0] == '.')
            e->field = str_sub(e->field, 1, e->field.n);
    }
}

static Status build_and_commit(MetaChange *c, MetaEdit *e, size_t at)
{
    Str object = e->object->name;
    Status st = meta_change_build(c, object);
    if (st == ST_OK)
        st = meta_change_commit(c);
    if (st == ST_OK)
        st = meta_change_check_data(c, object);
    if (st != ST_OK)
        strip_paths(c->cx, at);
    return st;
}

static void answer_field(const MetaChange *c, Str object, Str key, Buf *answer)
{
    const Object *o = meta_object(c->candidate->m, object);
    for (size_t i = 0; i < o->n_fields; i++) {
        if (str_eq(o->fields[i]->key, key)) {
            buf_str_add(answer, o->fields[i]->json);
            return;
        }
    }
    buf_lit(answer, "{\"removed\":true}");
}

/* The name is the key unless a field that was renamed or removed has it: those keep theirs. */
static Str free_key(Ctx *cx, const json_t *decl, Str name)
{
    Str key = name;
    for (int i = 2; meta_source_field(decl, key) != SIZE_MAX; i++)
        key = str_format(cx->arena, STR_FMT "_%d", STR_ARG(str_sub(name, 0, 36)), i);
    return key;
}

static Status check_new(Ctx *cx, const json_t *body)
{
    Str name = json_get_str(body, "name");
    if (!json_is_object(body))
        return FIELD_FAIL(cx, STR(""), "bad_value", "meta.not_an_object", "must be an object");
    if (!meta_name_is_word(name))
        return FIELD_FAIL(cx, STR("name"), "bad_name", "meta.bad_name",
                          "must match [a-z][a-z0-9_]{0,39}");
    return meta_change_no_internals(cx, body, "");
}

Status meta_create_field(Ctx *cx, MetaStore *s, const Object *o, const json_t *body, Plan *plan,
                         Buf *answer)
{
    MetaChange c;
    MetaEdit e;
    Str name = json_get_str(body, "name");
    TRY(meta_change_begin(cx, s, plan, "field.create", o->name, name, &c));
    TRY(check_new(cx, body));
    TRY(meta_change_edit(&c, o->name, &e));
    Str key = free_key(cx, e.object->decl, name);
    json_t *field = json_deep_copy(body);
    if (!str_eq(key, name))
        json_object_set_new(field, "key", json_stringn(key.p, key.n));
    size_t at = json_array_size(json_object_get(e.object->decl, "fields"));
    meta_change_add_field(&e, field);
    TRY(build_and_commit(&c, &e, at));
    answer_field(&c, o->name, key, answer);
    return ST_OK;
}

/* ---- patch */

static Status refuse(Ctx *cx, const char *part)
{
    return FIELD_FAIL(cx, str_of(part), "not_available", "meta.not_yet_changeable",
                      "cannot be changed in this version once the field exists");
}

/* Whether an attribute is in the body and differs from the declaration. */
static bool differs(const json_t *body, const json_t *decl, const char *part)
{
    json_t *value = json_object_get(body, part);
    return value && !json_equal(value, json_object_get(decl, part));
}

static Status check_choices(Ctx *cx, const Field *f, const json_t *body)
{
    size_t i;
    json_t *entry, *choices = json_object_get(body, "choices");
    if (!choices || f->list_name.n)
        return ST_OK;
    for (size_t k = 0; k < f->choices->n; k++) {
        bool kept = false;
        json_array_foreach(choices, i, entry)
        {
            kept = kept || str_eq(json_get_str(entry, "value"), f->choices->items[k].value);
        }
        if (!kept)
            return FIELD_FAIL(cx, STR("choices"), "required", "meta.choice_stays",
                              "the choice \"" STR_FMT "\" cannot be left out: retire it",
                              STR_ARG(f->choices->items[k].value));
    }
    return ST_OK;
}

static Status check_patch(Ctx *cx, const Field *f, const json_t *body)
{
    TRY(meta_change_allow(cx, body, changeable));
    if (!f->decl)
        return FIELD_FAIL(cx, f->name, "readonly", "meta.system_field",
                          "is part of every object and cannot be changed");
    if (differs(body, f->decl, "type") || differs(body, f->decl, "scale"))
        return refuse(cx, json_object_get(body, "type") ? "type" : "scale"); /* meta_retype.h */
    if (f->shadow && (json_object_get(body, "name") || json_object_get(body, "removed") ||
                      json_object_get(body, "choices") || json_object_get(body, "max")))
        return FAIL(cx, ST_CONFLICT, "meta.retype_runs",
                    "the type of this field is being changed already");
    if (differs(body, f->decl, "list") || (f->list_name.n && json_object_get(body, "choices")))
        return refuse(cx, "list");
    int64_t max = json_get_int(body, "max", f->max);
    if ((f->kind == F_TEXT || f->kind == F_LONG_TEXT) && max < f->max)
        return FIELD_FAIL(cx, STR("max"), "out_of_range", "meta.max_narrower",
                          "cannot be less than it is (%d)", f->max);
    return check_choices(cx, f, body);
}

static Status check_removed(Ctx *cx, const Field *f, const json_t *body)
{
    if (!json_get_bool(body, "removed", false) || f->object->custom ||
        json_get_bool(f->decl, "custom", false))
        return ST_OK;
    return FIELD_FAIL(cx, STR("removed"), "readonly", "meta.shipped_field",
                      "a field that comes with the program cannot be removed");
}

/* An entry that names a known code changes what it mentions and keeps the rest. */
static json_t *merge_choices(const json_t *old, const json_t *fresh)
{
    json_t *all = json_array(), *entry;
    size_t i;
    json_array_foreach((json_t *)fresh, i, entry)
    {
        const json_t *known = meta_change_entry(old, json_get_str(entry, "value"));
        json_t *merged = known ? json_copy((json_t *)known) : json_object();
        json_object_update(merged, entry);
        json_array_append_new(all, merged);
    }
    return all;
}

static void apply_patch(MetaEdit *e, const Field *f, const json_t *body)
{
    const char *part;
    json_t *value, *patch = meta_change_field_patch(e, f->key);
    bool whole = e->object->custom || json_object_get(patch, "type"); /* not an overlay's patch */
    json_object_foreach((json_t *)body, part, value)
    {
        if (json_is_null(value) && whole)
            json_object_del(patch, part);
        else if (!strcmp(part, "choices") && json_is_array(value))
            json_object_set_new(patch, part,
                                merge_choices(json_object_get(f->decl, "choices"), value));
        else
            json_object_set(patch, part, value);
    }
    if (json_get_bool(body, "removed", false))
        json_object_set_new(patch, "removed_at", json_integer(e->change->cx->now_ms));
    if (!json_object_get(patch, "key") && json_object_get(body, "name"))
        json_object_set_new(patch, "key", json_stringn(f->key.p, f->key.n));
}

static void follow_names(MetaEdit *e, const Field *f, const json_t *body)
{
    Str name = json_get_str(body, "name");
    if (json_get_bool(body, "removed", false)) { /* layouts and views say so (meta_missing.c) */
        e->change->entry.action = STR("field.remove");
    } else if (name.n && !str_eq(name, f->name)) {
        e->change->entry.action = STR("field.rename");
        meta_rename(e, f, name);
    }
}

Status meta_patch_field(Ctx *cx, MetaStore *s, const Field *field, const json_t *body, Plan *plan,
                        Buf *answer)
{
    MetaChange c;
    MetaEdit e;
    TRY(meta_change_begin(cx, s, plan, "field.change", field->object->name, field->name, &c));
    TRY(meta_change_edit(&c, field->object->name, &e));
    const Field *f = object_field(e.object, field->name);
    if (!f)
        return FAIL(cx, ST_NOT_FOUND, "meta.field_gone", "there is no field \"" STR_FMT "\"",
                    STR_ARG(field->name));
    TRY(check_patch(cx, f, body));
    TRY(check_removed(cx, f, body));
    size_t at = meta_source_field(e.object->decl, f->key);
    apply_patch(&e, f, body);
    follow_names(&e, f, body);
    if (json_get_bool(body, "removed", false))
        meta_shares_close(plan, f);
    TRY(build_and_commit(&c, &e, at));
    answer_field(&c, e.object->name, f->key, answer);
    return ST_OK;
}

/* ---- removal */
Status meta_remove_field(Ctx *cx, MetaStore *s, const Field *f, Plan *plan)
{
    Buf answer = buf_in(cx->arena, 4096);
    json_t *body = json_object();
    json_own(cx->arena, body);
    json_object_set_new(body, "removed", json_true());
    return meta_patch_field(cx, s, f, body, plan, &answer);
}

static const json_t *removed_decl(const Object *o, Str key)
{
    size_t i;
    json_t *decl;
    json_array_foreach(json_object_get(o->decl, "fields"), i, decl)
    {
        bool named = str_eq(json_get_str(decl, "key"), key) ||
                     (!json_get_str(decl, "key").n && str_eq(json_get_str(decl, "name"), key));
        if (named && json_get_bool(decl, "removed", false))
            return decl;
    }
    json_array_foreach(json_object_get(o->decl, "fields"), i, decl)
    {
        if (json_get_bool(decl, "removed", false) && str_eq(json_get_str(decl, "name"), key))
            return decl;
    }
    return NULL;
}

Status meta_restore_field(Ctx *cx, MetaStore *s, const Object *o, Str key, Plan *plan, Buf *answer)
{
    MetaChange c;
    MetaEdit e;
    TRY(meta_change_begin(cx, s, plan, "field.restore", o->name, key, &c));
    TRY(meta_change_edit(&c, o->name, &e));
    const json_t *decl = removed_decl(e.object, key);
    if (!decl)
        return FAIL(cx, ST_NOT_FOUND, "meta.not_in_bin", "nothing of that name was removed");
    Str own = json_get_str(decl, "key");
    own = str_copy(cx->arena, own.n ? own : json_get_str(decl, "name"));
    json_object_del(meta_change_field_patch(&e, own), "removed");
    json_object_del(meta_change_field_patch(&e, own), "removed_at");
    TRY(build_and_commit(&c, &e, meta_source_field(e.object->decl, own)));
    const Object *restored = meta_object(c.candidate->m, o->name);
    for (size_t i = 0; i < restored->n_fields; i++)
        if (restored->fields[i]->shares && str_eq(restored->fields[i]->key, own))
            meta_shares_open(cx, plan, restored->fields[i]);
    answer_field(&c, o->name, own, answer);
    return ST_OK;
}
