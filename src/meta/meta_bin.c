/* SPDX-License-Identifier: Apache-2.0 */
/* The bin of the catalogue: removed objects and fields, which keep their data until they are
 * brought back or purged. */
#include "base/calendar.h"
#include "meta/meta_purge.h"
#include "meta/meta_store.h"

static void write_label(const json_t *decl, Buf *out)
{
    const json_t *label = json_object_get(decl, "label");
    buf_lit(out, ",\"label\":");
    if (label)
        json_write(out, label);
    else
        buf_lit(out, "null");
    if (json_object_get(decl, "removed_at")) {
        buf_lit(out, ",\"removed_at\":\"");
        calendar_write_datetime(out, json_get_int(decl, "removed_at", 0));
        buf_char(out, '"');
    }
    buf_char(out, '}');
}

static void write_objects(const json_t *rows, Buf *out)
{
    const char *name;
    json_t *row;
    bool first = true;
    json_object_foreach(json_object_get(rows, "object"), name, row)
    {
        if (!json_get_bool(row, "removed", false))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_lit(out, "{\"object\":");
        buf_json_str(out, str_of(name));
        buf_lit(out, ",\"plural\":");
        buf_json_str(out, json_get_str(row, "plural"));
        write_label(row, out);
    }
}

static void write_fields(const Object *o, bool *first, Buf *out)
{
    size_t i;
    json_t *decl;
    json_array_foreach(json_object_get(o->decl, "fields"), i, decl)
    {
        Str key = json_get_str(decl, "key");
        if (!json_get_bool(decl, "removed", false))
            continue;
        if (!*first)
            buf_char(out, ',');
        *first = false;
        buf_lit(out, "{\"object\":");
        buf_json_str(out, o->name);
        buf_lit(out, ",\"field\":");
        buf_json_str(out, json_get_str(decl, "name"));
        buf_lit(out, ",\"key\":");
        buf_json_str(out, key.n ? key : json_get_str(decl, "name"));
        buf_lit(out, ",\"type\":");
        buf_json_str(out, json_get_str(decl, "type"));
        write_label(decl, out);
    }
}

Status meta_bin_plurals(Ctx *cx, MetaStore *s, Map *ret)
{
    MetaSnapshot *snap;
    const char *name;
    json_t *row;
    *ret = map_in(cx->arena);
    TRY(meta_store_latest(cx, s, &snap));
    json_object_foreach(json_object_get(snap->rows, "object"), name, row)
    {
        if (json_get_bool(row, "removed", false))
            map_put(ret, str_copy(cx->arena, json_get_str(row, "plural")), (void *)"");
    }
    meta_release(snap->m);
    return ST_OK;
}

Status meta_write_bin(Ctx *cx, MetaStore *s, const MetaView *view, Buf *out)
{
    MetaSnapshot *snap;
    bool first = true;
    TRY(meta_store_latest(cx, s, &snap));
    buf_lit(out, "{\"objects\":[");
    write_objects(snap->rows, out);
    buf_lit(out, "],\"fields\":[");
    for (size_t i = 0; i < snap->m->n_objects; i++) {
        const Object *o = snap->m->objects[i];
        if (!view || !view->object || view->object(view->arg, o))
            write_fields(o, &first, out);
    }
    buf_printf(out, "],\"days\":%lld}", (long long)meta_purge_days(snap->settings));
    meta_release(snap->m);
    return ST_OK;
}
