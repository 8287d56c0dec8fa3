/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader sees, gathered before a search: who sees little of many records would else have to hold hundreds of
 * hits against the predicate until ten are his, each of them at three places of the disk. The ids come out of the
 * indexes that lists are merged from (list_merge.h), or are those of the whole object where it is read whole or no
 * branches say it; so the set may hold more than is seen, and what is found in it still meets the predicate. That
 * somebody sees too much to gather is kept with his rights, so that it is tried once. */
#include "query/list_merge.h"
#include "query/search_query.h"

#define SIGHT_MAX 16384
#define SIGHT_SLOTS (2 * SIGHT_MAX) /* a power of two */

struct Sight {
    const Object *const *objects;
    Id *ids;      /* by slot; 0: free */
    uint16_t *of; /* index in objects */
    size_t n;
};

static size_t sight_slot(Id id)
{
    return (size_t)((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 40) & (SIGHT_SLOTS - 1);
}

static void sight_add(Sight *s, Id id, size_t object)
{
    size_t at = sight_slot(id);
    while (s->ids[at] && s->ids[at] != id)
        at = (at + 1) & (SIGHT_SLOTS - 1);
    if (s->ids[at])
        return;
    s->ids[at] = id;
    s->of[at] = (uint16_t)object;
    s->n++;
}

const Object *sight_find(const Sight *s, Id id)
{
    for (size_t at = sight_slot(id); s->ids[at]; at = (at + 1) & (SIGHT_SLOTS - 1))
        if (s->ids[at] == id)
            return s->objects[s->of[at]];
    return NULL;
}

static void sight_whole(Base *b, int64_t most, Sql *out)
{
    sql_lit(out, "SELECT \"id\" AS k FROM ");
    sql_table(out, b->o);
    sql_lit(out, " WHERE \"id\" >= ");
    sql_number(out, SEARCH_FIRST_ID); /* no others are in the index */
    sql_lit(out, " LIMIT ");
    sql_bind_int(out, most);
}

/* False: more than are kept. */
static Status sight_object(Ctx *cx, Sight *s, size_t i, bool *ret)
{
    Base *b = filter_bare(cx, s->objects[i]);
    Sql text = sql_fragment(&b->sql);
    CLEANUP(stmt) Stmt *q = NULL;
    size_t rows = 0;
    int64_t most = SIGHT_MAX - (int64_t)s->n + 1;
    *ret = false;
    if (cx->access->reads_all(cx, s->objects[i]) || !list_merge_ids(b, most, &text))
        sight_whole(b, most, &text);
    TRY(filter_prepare(cx, &text, &q));
    for (bool row = true; row; rows++) {
        TRY(db_next(q, &row));
        if (row)
            sight_add(s, db_col_id(q, 0), i);
    }
    *ret = rows <= (size_t)most; /* one step more than there are rows */
    return ST_OK;
}

Status sight_gather(Ctx *cx, const Object *const *objects, size_t n, Sight **ret)
{
    bool few = true, *many = cx->access ? cx->access->sees_many(cx) : NULL;
    *ret = NULL;
    if (!many || __atomic_load_n(many, __ATOMIC_RELAXED) || n > UINT16_MAX ||
        db_kind_of(cx->db) != DB_SQLITE)
        return ST_OK;
    Sight *s = ARENA_NEW(cx->arena, Sight);
    s->objects = objects;
    s->ids = ARENA_ARRAY(cx->arena, Id, SIGHT_SLOTS);
    s->of = ARENA_ARRAY(cx->arena, uint16_t, SIGHT_SLOTS);
    for (size_t i = 0; i < n && few; i++)
        TRY(sight_object(cx, s, i, &few));
    if (few)
        *ret = s;
    else
        __atomic_store_n(many, true, __ATOMIC_RELAXED);
    return ST_OK;
}
