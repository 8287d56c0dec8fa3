/* SPDX-License-Identifier: Apache-2.0 */
/* What goes along: records that cascading links lead from, from level to level, as record_delete follows
 * them. Found without rights: a delete takes them along whether the person sees them or not. */
#include "cleanup/cleanup_internal.h"
#include "export/export.h"

#define MAX_LEVELS 5 /* as record_delete */
#define MAX_CHILDREN 201
#define PIECE 250

typedef struct Walk {
    Ctx *cx;
    Reach *reach;
    Map seen;
    size_t n;
} Walk;

typedef struct Node {
    const Object *object;
    Id id;
} Node;
typedef VEC(Node) Nodes;

static ReachSet *set_of(Walk *w, const Object *o)
{
    for (size_t i = 0; i < w->reach->n; i++)
        if (w->reach->v[i].object == o)
            return &w->reach->v[i];
    VEC_PUSH(w->cx->arena, w->reach, (ReachSet){.object = o});
    return &w->reach->v[w->reach->n - 1];
}

static Str key_of(Arena *a, const Object *o, Id id)
{
    return str_format(a, "%u:%lld", o->number, (long long)id);
}

static Status meet(Walk *w, const Object *o, Id id, Nodes *next)
{
    Str key = key_of(w->cx->arena, o, id);
    if (map_has(&w->seen, key))
        return ST_OK;
    if (++w->n > CLEANUP_WITH)
        return FAIL(w->cx, ST_TOO_LARGE, "cleanup.too_much",
                    "more than %d records would go along; narrow the rule", CLEANUP_WITH);
    map_put(&w->seen, key, w);
    ReachSet *set = set_of(w, o);
    VEC_PUSH(w->cx->arena, &set->ids, id);
    VEC_PUSH(w->cx->arena, next, ((Node){o, id}));
    return ST_OK;
}

static Status follow(Walk *w, Node of, Nodes *next)
{
    Id ids[MAX_CHILDREN];
    for (size_t i = 0; i < of.object->n_relations; i++) {
        const Relation *rel = &of.object->relations[i];
        size_t n = 0;
        if (rel->field->kind == F_LINKS || rel->field->on_delete != DELETE_CASCADE)
            continue;
        TRY(record_children(w->cx, rel->field, rel->of, of.id, MAX_CHILDREN, ids, &n));
        for (size_t k = 0; k < n; k++)
            TRY(meet(w, rel->field->object, ids[k], next));
    }
    return ST_OK;
}

Status cleanup_reach(Ctx *cx, const Object *o, const Id *ids, size_t n, Reach *ret)
{
    Walk w = {.cx = cx, .reach = ret, .seen = map_in(cx->arena)};
    Nodes now = {0};
    for (size_t i = 0; i < n; i++) {
        map_put(&w.seen, key_of(cx->arena, o, ids[i]), &w);
        VEC_PUSH(cx->arena, &now, ((Node){o, ids[i]}));
    }
    for (int level = 0; level < MAX_LEVELS && now.n; level++) {
        Nodes next = {0};
        for (size_t i = 0; i < now.n; i++)
            TRY(follow(&w, now.v[i], &next));
        now = next;
    }
    return ST_OK;
}

static Status kept_of(Ctx *cx, ReachSet *set)
{
    set->kept = 0;
    if (!access_may_some(cx, set->object, ACCESS_EXPORT))
        return ST_OK;
    for (size_t at = 0; at < set->ids.n; at += PIECE) {
        QueryRows *rows;
        int64_t n = 0;
        size_t left = set->ids.n - at;
        ListQuery q = {
            .fields = STR("id"),
            .exports = true,
            .filter = export_pick_filter(cx->arena, set->ids.v + at, left < PIECE ? left : PIECE)};
        TRY(query_rows_open(cx, set->object, &q, &rows));
        TRY(query_rows_count(rows, &n));
        set->kept += n;
    }
    return ST_OK;
}

Status cleanup_reach_kept(Ctx *cx, Reach *reach)
{
    for (size_t i = 0; i < reach->n; i++)
        TRY(kept_of(cx, &reach->v[i]));
    return ST_OK;
}

void cleanup_reach_write(const Reach *reach, Buf *out)
{
    buf_char(out, '[');
    for (size_t i = 0; i < reach->n; i++) {
        buf_printf(out, "%s{\"object\":", i ? "," : "");
        buf_json_str(out, reach->v[i].object->name);
        buf_printf(out, ",\"records\":%zu,\"kept\":%lld}", reach->v[i].ids.n,
                   (long long)reach->v[i].kept);
    }
    buf_char(out, ']');
}
