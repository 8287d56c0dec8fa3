/* SPDX-License-Identifier: Apache-2.0 */
/* Purge: what was removed goes for good, columns and tables included. One change of the catalogue
 * each, in one plan with its DDL: writes prepared under the former catalogue are prepared again, and a
 * process that dies leaves either all or nothing. Taking it back is not possible, and refused. */
#include "meta/meta_purge.h"
#include "base/id.h"
#include "meta/meta_change.h"
#include "meta/sql.h"

static const char SQL_FORGET_FILES[] = "DELETE FROM {gx_file_use} WHERE object = ?1";
static const char SQL_FORGET_MARKS[] = "DELETE FROM {gx_mark} WHERE object = ?1";
static const char SQL_FORGET_PINS[] = "DELETE FROM {gx_pin} WHERE object = ?1";
static const char SQL_FORGET_ROLLUP[] = "DELETE FROM {gx_rollup} WHERE field = ?1";

static Status not_there(Ctx *cx)
{
    return FAIL(cx, ST_NOT_FOUND, "meta.not_in_bin", "nothing of that name was removed");
}

/* The number that a generation of a field was given; 0: none. */
static uint32_t number_of(const MetaChange *c, Str object, Str key, int64_t generation)
{
    Str name =
        str_format(c->cx->arena, "field " STR_FMT "." STR_FMT, STR_ARG(object), STR_ARG(key));
    if (generation > 1)
        name = str_format(c->cx->arena, STR_FMT "~%lld", STR_ARG(name), (long long)generation);
    const MetaNumber *n = map_get(&c->old->numbers.given, name);
    return n ? n->number : 0;
}

static Status drop_generation(MetaChange *c, Str object, Str plural, Str key, int64_t generation)
{
    uint32_t number = number_of(c, object, key, generation);
    if (!number)
        return ST_OK;
    const DbVal v = db_int(number);
    plan_exec(c->plan, STR_SQL(SQL_FORGET_ROLLUP), &v, 1);
    return meta_database_drop_columns(c->cx, plural, number, c->plan);
}

static Status drop_columns(MetaChange *c, const Object *o, const json_t *decl, Str key)
{
    int64_t last = json_get_int(decl, "generations", json_get_int(decl, "generation", 1));
    for (int64_t g = 1; g <= last; g++)
        TRY(drop_generation(c, o->name, o->plural, key, g));
    return ST_OK;
}

static Str key_of(const json_t *decl)
{
    Str key = json_get_str(decl, "key");
    return key.n ? key : json_get_str(decl, "name");
}

static json_t *removed_of(json_t *list, Str key, size_t *ret_at)
{
    size_t i;
    json_t *decl;
    json_array_foreach(list, i, decl)
    {
        if (json_get_bool(decl, "removed", false) && str_eq(key_of(decl), key)) {
            *ret_at = i;
            return decl;
        }
    }
    return NULL;
}

Status meta_purge_field(Ctx *cx, MetaStore *s, const Object *o, Str key, Plan *plan)
{
    MetaChange c;
    MetaEdit e;
    size_t at = 0;
    TRY(meta_change_begin(cx, s, plan, "field.purge", o->name, key, &c));
    TRY(meta_change_edit(&c, o->name, &e));
    json_t *list = json_object_get(e.row, e.object->custom ? "fields" : "added");
    json_t *decl = removed_of(list, key, &at);
    if (!decl)
        return not_there(cx);
    json_t *gone = json_deep_copy(decl);
    json_own(cx->arena, gone);
    json_array_remove(list, at);
    TRY(meta_change_build(&c, o->name));
    TRY(meta_change_commit(&c));
    return drop_columns(&c, e.object, gone, key_of(gone));
}

Status meta_purge_formers(Ctx *cx, MetaStore *s, const Field *f, Plan *plan)
{
    MetaChange c;
    MetaEdit e;
    size_t i;
    json_t *former;
    TRY(meta_change_begin(cx, s, plan, "field.purge_former", f->object->name, f->name, &c));
    TRY(meta_change_edit(&c, f->object->name, &e));
    json_t *item = meta_change_field_patch(&e, f->key);
    json_t *list = item ? json_object_get(item, "former") : NULL;
    if (!json_array_size(list))
        return not_there(cx);
    if (json_object_get(item, "retype"))
        return FAIL(cx, ST_CONFLICT, "meta.retype_runs",
                    "the type of this field is being changed already");
    json_own(cx->arena, json_incref(list));
    json_object_del(item, "former");
    TRY(meta_change_build(&c, f->object->name));
    TRY(meta_change_commit(&c));
    json_array_foreach(list, i, former)
    {
        TRY(drop_generation(&c, f->object->name, f->object->plural, f->key,
                            json_get_int(former, "generation", 1)));
    }
    return ST_OK;
}

/* Side tables of every list that the object's fields were. */
static Status drop_side_tables(MetaChange *c, Str object, Str plural, const json_t *row)
{
    size_t i;
    json_t *decl;
    json_array_foreach(json_object_get(row, "fields"), i, decl)
    {
        int64_t last = json_get_int(decl, "generations", json_get_int(decl, "generation", 1));
        for (int64_t g = 1; g <= last; g++) {
            uint32_t number = number_of(c, object, key_of(decl), g);
            if (number)
                TRY(meta_database_drop_side(c->cx, plural, number, c->plan));
        }
    }
    return ST_OK;
}

Status meta_purge_object(Ctx *cx, MetaStore *s, Str object, Plan *plan)
{
    MetaChange c;
    TRY(meta_change_begin(cx, s, plan, "object.purge", object, STR_NULL, &c));
    json_t *rows = json_object_get(c.rows, "object");
    json_t *row = json_object_getn(rows, object.p, object.n);
    if (!json_get_bool(row, "removed", false))
        return not_there(cx);
    json_own(cx->arena, json_incref(row));
    Str plural = json_get_str(row, "plural");
    json_object_del(rows, str_z(cx->arena, object));
    TRY(meta_change_build(&c, STR_NULL));
    TRY(meta_change_commit(&c));
    const DbVal name = db_text(str_copy(cx->arena, object));
    plan_exec(plan, STR_SQL(SQL_FORGET_FILES), &name, 1);
    plan_exec(plan, STR_SQL(SQL_FORGET_MARKS), &name, 1);
    plan_exec(plan, STR_SQL(SQL_FORGET_PINS), &name, 1);
    TRY(drop_side_tables(&c, object, plural, row));
    return meta_database_drop_tables(cx, plural, plan);
}

/* ---- what is due */
static void add_due(Ctx *cx, MetaDueList *ret, Str object, Str key, MetaDueKind kind)
{
    MetaDue due = {kind, str_copy(cx->arena, object), str_copy(cx->arena, key)};
    VEC_PUSH(cx->arena, ret, due);
}

static bool is_due(const json_t *decl, int64_t before_ms)
{
    int64_t at = json_get_int(decl, "removed_at", 0);
    return json_get_bool(decl, "removed", false) && at && at < before_ms;
}

static void due_of_object(Ctx *cx, const Object *o, int64_t before_ms, MetaDueList *ret)
{
    size_t i;
    json_t *decl;
    json_array_foreach(json_object_get(o->decl, "fields"), i, decl)
    {
        if (is_due(decl, before_ms))
            add_due(cx, ret, o->name, key_of(decl), META_DUE_FIELD);
    }
    for (size_t k = 0; k < o->n_fields; k++) {
        const Field *f = o->fields[k];
        if (f->n_formers && !f->shadow &&
            id_time_ms(f->formers[f->n_formers - 1]->until) < before_ms)
            add_due(cx, ret, o->name, f->key, META_DUE_FORMERS);
    }
}

int64_t meta_purge_days(const json_t *settings)
{
    Str text = json_get_str(settings, "bin_days");
    int64_t days = META_BIN_DAYS;
    if (text.n)
        (void)str_int(text, &days); /* checked when it was set */
    return days;
}

Status meta_purge_due(Ctx *cx, MetaStore *s, int64_t now_ms, MetaDueList *ret)
{
    MetaSnapshot *snap;
    const char *name;
    json_t *row;
    TRY(meta_store_latest(cx, s, &snap));
    int64_t before_ms = now_ms - meta_purge_days(snap->settings) * 86400000;
    json_object_foreach(json_object_get(snap->rows, "object"), name, row)
    {
        if (is_due(row, before_ms))
            add_due(cx, ret, str_of(name), STR_NULL, META_DUE_OBJECT);
    }
    for (size_t i = 0; i < snap->m->n_objects; i++)
        due_of_object(cx, snap->m->objects[i], before_ms, ret);
    meta_release(snap->m);
    return ST_OK;
}
