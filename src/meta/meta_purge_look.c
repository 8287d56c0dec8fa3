/* SPDX-License-Identifier: Apache-2.0 */
/* What a purge would take, counted before anybody does it. */
#include "meta/meta_purge.h"
#include "meta/meta_store.h"

static const json_t *removed_field(const Object *o, Str key)
{
    size_t i;
    json_t *decl;
    json_array_foreach(json_object_get(o->decl, "fields"), i, decl)
    {
        Str own = json_get_str(decl, "key");
        if (json_get_bool(decl, "removed", false) &&
            str_eq(own.n ? own : json_get_str(decl, "name"), key))
            return decl;
    }
    return NULL;
}

static bool is_computed(const json_t *decl)
{
    Str type = json_get_str(decl, "type");
    return str_is(type, "formula") || str_is(type, "rollup");
}

/* Records with a value in that generation of the field's columns. */
static Status count_filled(Ctx *cx, const MetaSnapshot *snap, const Object *o, Str key,
                           int64_t generation, int64_t *ret)
{
    Str name = str_format(cx->arena, "field " STR_FMT "." STR_FMT, STR_ARG(o->name), STR_ARG(key));
    if (generation > 1)
        name = str_format(cx->arena, STR_FMT "~%lld", STR_ARG(name), (long long)generation);
    const MetaNumber *n = map_get(&snap->numbers.given, name);
    *ret = 0;
    if (!n)
        return ST_OK;
    MetaExtra x = {.object = o, .table = o->plural};
    x.column = str_format(cx->arena, "c_%u", n->number);
    return meta_database_extra_filled(cx, &x, ret);
}

static Status write_look(Ctx *cx, Str plural, int64_t filled, Buf *out)
{
    int64_t rows = 0;
    TRY(meta_database_rows(cx, plural, &rows));
    buf_printf(out, "{\"records\":%lld,\"filled\":%lld}", (long long)rows, (long long)filled);
    return ST_OK;
}

static Status not_there(Ctx *cx)
{
    return FAIL(cx, ST_NOT_FOUND, "meta.not_in_bin", "nothing of that name was removed");
}

static Status look_formers(Ctx *cx, const MetaSnapshot *snap, const Object *o, const Field *f,
                           Buf *out)
{
    int64_t most = 0;
    if (!f->n_formers)
        return not_there(cx);
    for (size_t i = 0; i < f->n_formers; i++) {
        int64_t n = 0;
        TRY(count_filled(cx, snap, o, f->key, f->formers[i]->generation, &n));
        most = n > most ? n : most;
    }
    return write_look(cx, o->plural, most, out);
}

static Status look_field(Ctx *cx, const MetaSnapshot *snap, Str object, Str key, Buf *out)
{
    const Object *o = meta_object(snap->m, object);
    const Field *f = o ? object_field(o, key) : NULL;
    if (f)
        return look_formers(cx, snap, o, f, out);
    const json_t *decl = o ? removed_field(o, key) : NULL;
    int64_t filled = 0;
    if (!decl)
        return not_there(cx);
    if (!is_computed(decl))
        TRY(count_filled(cx, snap, o, key, json_get_int(decl, "generation", 1), &filled));
    return write_look(cx, o->plural, filled, out);
}

Status meta_purge_look_field(Ctx *cx, MetaStore *s, const Object *o, Str key, Buf *out)
{
    MetaSnapshot *snap;
    TRY(meta_store_latest(cx, s, &snap));
    Status st = look_field(cx, snap, o->name, key, out);
    meta_release(snap->m);
    return st;
}

Status meta_purge_look_object(Ctx *cx, MetaStore *s, Str object, Buf *out)
{
    MetaSnapshot *snap;
    TRY(meta_store_latest(cx, s, &snap));
    const json_t *rows = json_object_get(snap->rows, "object");
    const json_t *row = json_object_getn(rows, object.p, object.n);
    Str plural = str_copy(cx->arena, json_get_str(row, "plural"));
    bool removed = json_get_bool(row, "removed", false);
    meta_release(snap->m);
    if (!removed)
        return not_there(cx);
    int64_t n = 0;
    TRY(meta_database_rows(cx, plural, &n));
    buf_printf(out, "{\"records\":%lld,\"filled\":%lld}", (long long)n, (long long)n);
    return ST_OK;
}
