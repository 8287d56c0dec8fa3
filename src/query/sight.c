/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader sees, kept beside the searches: who sees part of the records would else have to hold hundreds of hits
 * against the predicate until ten are his, each of them at three places of the disk. A sight is the ids of the newest
 * SIGHT_MAX records that he sees of the objects searched, or of all. They come out of the indexes that lists are merged
 * from (list_merge.h), or are those of the whole object where it is read whole or no branches say it; so a sight may hold
 * more than is seen, and what is found in it still meets the predicate.
 *
 * Sights are kept between requests (docs/adr/0095), for the snapshot of rights under which they were read. Each
 * record that is written, and each that is shared, is told after its commit and before its answer; what was told
 * since a sight was read counts as seen. A sight therefore lacks nothing that was answered before the search
 * began. Reading one costs as much as many a search, so it is read once that much was looked at in vain. */
#include "query/list_merge.h"
#include "query/search_query.h"
#include <pthread.h>
#include <stdlib.h>

enum {
    SIGHT_MAX = 16384,
    SIGHT_GROWN = SIGHT_MAX + SIGHT_MAX / 4, /* with what was told since: read anew */
    SIGHTS = 48,                             /* kept; 160 KB each */
    TOLD = 1024,
    VAIN = 512,      /* hits looked at in vain (some 10 us each) that reading a sight is worth */
    VAIN_WALK = 4096 /* likewise where records have to be walked for it */
};

typedef struct SightRow {
    Id id;
    int64_t object; /* its number */
} SightRow;

struct Sight {
    int refs;         /* under the store's lock */
    uint64_t serial;  /* of the snapshot of rights */
    uint64_t objects; /* hash of which */
    uint64_t told;    /* what was told before is in it */
    uint64_t used;
    Id floor; /* all from here on; 0: all */
    size_t n;
    Id *ids; /* ascending */
    uint16_t *of;
};

struct SightStore {
    pthread_mutex_t lock;
    uint64_t told, used;
    SightRow rows[TOLD]; /* by told, in a ring */
    Sight *kept[SIGHTS];
};

/* ---- the store */
SightStore *sight_store_new(void)
{
    SightStore *s = calloc(1, sizeof *s);
    if (!s)
        abort(); /* as arenas do */
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

static void sight_drop(Sight *s)
{
    if (s && --s->refs == 0)
        free(s);
}

void sight_store_free(SightStore *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < SIGHTS; i++)
        sight_drop(s->kept[i]);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---- what is told */
typedef struct SightNews {
    SightStore *store;
    SightRow row;
    uint64_t step;
} SightNews;

static void sight_tell(void *arg)
{
    const SightNews *n = arg;
    pthread_mutex_lock(&n->store->lock);
    n->store->rows[n->store->told % TOLD] = n->row;
    n->store->told += n->step;
    pthread_mutex_unlock(&n->store->lock);
}

static void sight_news(Ctx *cx, Plan *plan, SightRow row, uint64_t step)
{
    if (!cx->sights)
        return;
    SightNews *n = ARENA_NEW(cx->arena, SightNews);
    *n = (SightNews){cx->sights, row, step};
    plan_after(plan, sight_tell, n);
}

void query_sights_change(Ctx *cx, Plan *plan, const Object *o, Id id)
{
    sight_news(cx, plan, (SightRow){id, o->number}, id ? 1 : TOLD + 1);
}

void query_sights_forget(Ctx *cx, Plan *plan) { sight_news(cx, plan, (SightRow){0, 0}, TOLD + 1); }

uint64_t sight_told(const Ctx *cx)
{
    if (!cx->sights)
        return 0;
    pthread_mutex_lock(&cx->sights->lock);
    uint64_t told = cx->sights->told;
    pthread_mutex_unlock(&cx->sights->lock);
    return told;
}

/* ---- making one */
static int sight_order(const void *a, const void *b)
{
    const SightRow *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static size_t sight_unique(SightRow *v, size_t n)
{
    size_t kept = 0;
    if (n > 0)
        qsort(v, n, sizeof *v, sight_order);
    for (size_t i = 0; i < n; i++)
        if (!kept || v[kept - 1].id != v[i].id)
            v[kept++] = v[i];
    return kept;
}

static Sight *sight_new(size_t n)
{
    Sight *s = calloc(1, sizeof *s + n * (sizeof *s->ids + sizeof *s->of));
    if (!s)
        abort();
    s->refs = 1;
    s->ids = (Id *)(s + 1);
    s->of = (uint16_t *)(s->ids + n);
    return s;
}

static void sight_add(Sight *s, SightRow row)
{
    s->ids[s->n] = row.id;
    s->of[s->n++] = (uint16_t)row.object;
}

static bool sight_covers(const Sight *s, const Object *const *objects, size_t n, SightRow row)
{
    for (size_t i = 0; i < n; i++)
        if (objects[i]->number == row.object)
            return row.id >= s->floor;
    return false;
}

/* The same with what was told since; NULL: too much. rows: as many as there is room for. */
static Sight *sight_with(const Sight *s, const Object *const *objects, size_t n, SightRow *rows,
                         size_t n_rows, uint64_t told)
{
    size_t kept = 0, at = 0;
    for (size_t i = 0; i < n_rows; i++)
        if (sight_covers(s, objects, n, rows[i]))
            rows[kept++] = rows[i];
    kept = sight_unique(rows, kept);
    if (s->n + kept > SIGHT_GROWN)
        return NULL;
    Sight *ret = sight_new(s->n + kept);
    ret->serial = s->serial, ret->objects = s->objects, ret->told = told, ret->floor = s->floor;
    for (size_t i = 0; i < kept; i++) {
        for (; at < s->n && s->ids[at] < rows[i].id; at++)
            sight_add(ret, (SightRow){s->ids[at], s->of[at]});
        if (at == s->n || s->ids[at] != rows[i].id)
            sight_add(ret, rows[i]);
    }
    for (; at < s->n; at++)
        sight_add(ret, (SightRow){s->ids[at], s->of[at]});
    return ret;
}

/* ---- keeping */
static uint64_t sight_hash(const Object *const *objects, size_t n)
{
    uint64_t h = n;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint64_t)objects[i]->number) * UINT64_C(0x9E3779B97F4A7C15);
    return h;
}

static size_t sight_place(const SightStore *s, uint64_t serial, uint64_t objects)
{
    size_t oldest = 0;
    for (size_t i = 0; i < SIGHTS; i++) {
        const Sight *k = s->kept[i];
        if (k && k->serial == serial && k->objects == objects)
            return i;
        if (s->kept[oldest] && (!k || k->used < s->kept[oldest]->used))
            oldest = i;
    }
    return oldest;
}

static void sight_keep(SightStore *s, Sight *sight)
{
    pthread_mutex_lock(&s->lock);
    size_t at = sight_place(s, sight->serial, sight->objects);
    sight_drop(s->kept[at]);
    sight->used = ++s->used;
    sight->refs++;
    s->kept[at] = sight;
    pthread_mutex_unlock(&s->lock);
}

void sight_release(const Ctx *cx, Sight *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&cx->sights->lock);
    sight_drop(s);
    pthread_mutex_unlock(&cx->sights->lock);
}

static Sight *sight_kept(SightStore *s, uint64_t serial, uint64_t objects, SightRow *rows,
                         size_t *ret_rows, uint64_t *ret_told)
{
    pthread_mutex_lock(&s->lock);
    Sight *found = s->kept[sight_place(s, serial, objects)];
    if (found && (found->serial != serial || found->objects != objects))
        found = NULL;
    uint64_t since = found ? s->told - found->told : 0;
    *ret_told = s->told;
    *ret_rows = since <= TOLD ? (size_t)since : TOLD + 1;
    for (size_t i = 0; found && i < *ret_rows && since <= TOLD; i++)
        rows[i] = s->rows[(found->told + i) % TOLD];
    if (found) {
        found->refs++;
        found->used = ++s->used;
    }
    pthread_mutex_unlock(&s->lock);
    return found;
}

static bool sight_may(const Ctx *cx, const Object *const *objects, size_t n)
{
    bool may =
        cx->sights && cx->access && cx->access->snapshot(cx) && db_kind_of(cx->db) == DB_SQLITE;
    for (size_t i = 0; i < n && may; i++)
        may = objects[i]->number <= UINT16_MAX;
    return may;
}

Sight *sight_take(Ctx *cx, const Object *const *objects, size_t n)
{
    SightRow rows[TOLD];
    size_t n_rows;
    uint64_t told;
    if (!sight_may(cx, objects, n))
        return NULL;
    Sight *s = sight_kept(cx->sights, cx->access->snapshot(cx)->serial, sight_hash(objects, n),
                          rows, &n_rows, &told);
    if (!s || n_rows == 0)
        return s;
    Sight *now = n_rows <= TOLD ? sight_with(s, objects, n, rows, n_rows, told) : NULL;
    if (now)
        sight_keep(cx->sights, now);
    sight_release(cx, s);
    return now;
}

/* ---- reading */
typedef VEC(SightRow) SightRows;

static void sight_whole(Base *b, int64_t most, Sql *out)
{
    sql_lit(out, "SELECT \"id\" AS k FROM ");
    sql_table(out, b->o);
    sql_lit(out, " WHERE \"id\" >= ");
    sql_number(out, SEARCH_FIRST_ID); /* no others are in the index */
    sql_lit(out, " ORDER BY \"id\" DESC LIMIT ");
    sql_bind_int(out, most);
}

/* One more than is kept: then there are others. Without order it goes faster, but only the whole is of use. */
static Status sight_read(Ctx *cx, const Object *o, bool ordered, SightRows *rows, size_t *ret_n)
{
    static const ListQuery newest = {.sort = {0}};
    Base *b = filter_bare(cx, o);
    Sql text = sql_fragment(&b->sql);
    CLEANUP(stmt) Stmt *q = NULL;
    bool row, walks;
    *ret_n = 0;
    if (cx->access->reads_all(cx, o) || cx->access->branches(cx, o, false, &walks) == 0)
        sight_whole(b, SIGHT_MAX + 1, &text);
    else if (ordered || !list_merge_ids(b, SIGHT_MAX + 1, &text))
        list_merge_page(b, &newest, NULL, SIGHT_MAX + 1, &text);
    TRY(filter_prepare(cx, &text, &q));
    TRY(db_next(q, &row));
    for (; row; ++*ret_n) {
        VEC_PUSH(cx->arena, rows, ((SightRow){db_col_id(q, 0), o->number}));
        TRY(db_next(q, &row));
    }
    return ST_OK;
}

/* *floor rises to where the object's rows end, if there are more. */
static Status sight_object(Ctx *cx, const Object *o, SightRows *rows, Id *floor)
{
    size_t before = rows->n, n;
    TRY(sight_read(cx, o, false, rows, &n));
    if (n <= SIGHT_MAX)
        return ST_OK;
    rows->n = before;
    TRY(sight_read(cx, o, true, rows, &n));
    if (n > SIGHT_MAX && rows->n > before && rows->v[rows->n - 1].id > *floor)
        *floor = rows->v[rows->n - 1].id;
    return ST_OK;
}

static Status sight_make(Ctx *cx, const Object *const *objects, size_t n, uint64_t told,
                         Sight **ret)
{
    SightRows rows = {0};
    Id floor = 0;
    for (size_t i = 0; i < n; i++)
        TRY(sight_object(cx, objects[i], &rows, &floor));
    rows.n = sight_unique(rows.v, rows.n);
    if (rows.n > SIGHT_MAX && rows.v[rows.n - SIGHT_MAX].id > floor)
        floor = rows.v[rows.n - SIGHT_MAX].id;
    Sight *s = sight_new(rows.n);
    s->serial = cx->access->snapshot(cx)->serial;
    s->objects = sight_hash(objects, n);
    s->told = told;
    s->floor = floor;
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].id >= floor)
            sight_add(s, rows.v[i]);
    sight_keep(cx->sights, s);
    *ret = s;
    return ST_OK;
}

/* Some branch says only which records to walk. */
static bool sight_walks(const Ctx *cx, const Object *const *objects, size_t n)
{
    bool walks = false;
    for (size_t i = 0; i < n && !walks; i++)
        walks = cx->access->branches(cx, objects[i], false, &walks) > 0 && walks;
    return walks;
}

Status sight_gather(Ctx *cx, const Object *const *objects, size_t n, uint64_t told, size_t vain,
                    Sight **ret)
{
    *ret = NULL;
    if (!sight_may(cx, objects, n))
        return ST_OK;
    QuerySnapshot *snapshot = cx->access->snapshot(cx);
    size_t sum = __atomic_add_fetch(&snapshot->vain, vain, __ATOMIC_RELAXED);
    if (sum < VAIN || (sum < VAIN_WALK && sight_walks(cx, objects, n)))
        return ST_OK;
    __atomic_store_n(&snapshot->vain, 0, __ATOMIC_RELAXED);
    return sight_make(cx, objects, n, told, ret);
}

/* ---- looking into one */
const Id *sight_ids(const Sight *s, size_t *ret_n)
{
    *ret_n = s->n;
    return s->ids;
}

Id sight_floor(const Sight *s) { return s->floor; }

int64_t sight_find(const Sight *s, Id id)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < s->n && s->ids[low] == id ? s->of[low] : 0;
}
