/* SPDX-License-Identifier: Apache-2.0 */
/* Titles kept in memory. A slot holds one title as readers of one language see it, and says under which
 * catalogue and security epoch it was read and how often its object had changed by then; with another
 * one of these it is not there. Changes are counted after their commit, before they are answered, and once
 * more when their event comes, on every node. A title that was read before a commit and is put after it
 * is refused by the count; one put in between goes with it. Users and departments are exact on every node,
 * because the epoch is read with each request; rows of coded lists follow on other nodes with their event. */
#include "query/title_store.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SETS = 1024, WAYS = 4, SLOTS = SETS * WAYS, COUNTS = 64, TEXT_BYTES = 88 };

typedef struct TitleSlot {
    Id id; /* 0: empty */
    int64_t catalogue, epoch, position;
    uint64_t count;
    uint32_t object;
    uint8_t lang, n_title, n_code; /* of text */
    bool has_title, has_code;
    char text[TEXT_BYTES];
} TitleSlot;

struct TitleStore {
    pthread_rwlock_t lock;
    TitleSlot *slots; /* SETS of WAYS, by id */
    unsigned victim;  /* which way goes when a set is full */
    _Atomic uint64_t counts[COUNTS];
};

TitleStore *title_store_new(void)
{
    TitleStore *s = calloc(1, sizeof *s);
    TitleSlot *slots = calloc(SLOTS, sizeof *slots);
    if (!s || !slots)
        abort(); /* as arenas do */
    s->slots = slots;
    pthread_rwlock_init(&s->lock, NULL);
    return s;
}

void title_store_free(TitleStore *s)
{
    if (!s)
        return;
    pthread_rwlock_destroy(&s->lock);
    free(s->slots);
    free(s);
}

/* ---- changes */
static _Atomic uint64_t *count_of(TitleStore *s, Str object)
{
    return &s->counts[str_hash(object) % COUNTS];
}

void query_titles_changed(TitleStore *s, Str object)
{
    if (s)
        atomic_fetch_add(count_of(s, object), 1);
}

static void count_one(void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, 1); }

/* What the security epoch speaks of, and coded lists. */
static bool is_known_widely(const Object *o)
{
    return o->code || str_is(o->name, "user") || str_is(o->name, "department") ||
           str_is(o->name, "team") || str_is(o->name, "pool");
}

void query_titles_change(Ctx *cx, Plan *plan, const Object *o)
{
    if (cx->titles && is_known_widely(o))
        plan_after(plan, count_one, count_of(cx->titles, o->name));
}

/* ---- reading */
bool title_is_kept(const Ctx *cx, const Object *o)
{
    return cx->titles && !cx->as_of && is_known_widely(o) && title_is_text(o->title) &&
           path_visible(cx, o->title) && (!o->code || path_visible(cx, o->code)) &&
           (!cx->access || (cx->access->object(cx, o) && cx->access->reads_all(cx, o)));
}

/* Sequences of ids differ in their low bits, times in the bits above these. */
static TitleSlot *set_of(TitleStore *s, const Object *o, Lang lang, Id id)
{
    uint64_t x = (uint64_t)id ^ (uint64_t)o->number << 40 ^ (uint64_t)lang << 60;
    x *= 0x9E3779B97F4A7C15ULL;
    return &s->slots[(x >> 54) * WAYS];
}

static bool is_current(const TitleSlot *t, const Ctx *cx)
{
    return t->catalogue == cx->meta->version && t->epoch == cx->security_epoch;
}

static bool is_of(const TitleSlot *t, const Ctx *cx, const Object *o, Id id)
{
    return t->id == id && t->object == o->number && t->lang == (uint8_t)cx->lang;
}

static const TitleSlot *find(TitleStore *s, const Ctx *cx, const Object *o, Id id, uint64_t count)
{
    const TitleSlot *t = set_of(s, o, cx->lang, id);
    for (const TitleSlot *end = t + WAYS; t < end; t++)
        if (is_of(t, cx, o, id) && is_current(t, cx) && t->count == count)
            return t;
    return NULL;
}

/* Its own former one, else one that is empty or of the past, else each in turn. */
static TitleSlot *room(TitleStore *s, const Ctx *cx, const Object *o, Id id)
{
    TitleSlot *t = set_of(s, o, cx->lang, id), *old = NULL;
    for (int i = 0; i < WAYS; i++) {
        if (is_of(&t[i], cx, o, id))
            return &t[i];
        if (!t[i].id || !is_current(&t[i], cx))
            old = &t[i];
    }
    return old ? old : &t[s->victim++ % WAYS];
}

static TitleRow row_of(Arena *a, const TitleSlot *t)
{
    TitleRow row = {.id = t->id, .position = t->position};
    Str text = str_copy(a, str_n(t->text, (size_t)t->n_title + t->n_code));
    if (t->has_title)
        row.title = str_sub(text, 0, t->n_title);
    if (t->has_code)
        row.code = str_sub(text, t->n_title, t->n_code);
    return row;
}

uint64_t title_store_take(Ctx *cx, const Object *o, Id *ids, size_t n, TitleRow *rows,
                          size_t *ret_rest)
{
    TitleStore *s = cx->titles;
    size_t found = 0, rest = 0;
    uint64_t count = atomic_load(count_of(s, o->name));
    pthread_rwlock_rdlock(&s->lock);
    for (size_t i = 0; i < n; i++) {
        const TitleSlot *t = find(s, cx, o, ids[i], count);
        if (t)
            rows[found++] = row_of(cx->arena, t);
        else
            ids[rest++] = ids[i];
    }
    pthread_rwlock_unlock(&s->lock);
    *ret_rest = rest;
    return count;
}

static void slot_set(TitleSlot *t, const Ctx *cx, const Object *o, const TitleRow *row,
                     uint64_t count)
{
    *t = (TitleSlot){.id = row->id,
                     .catalogue = cx->meta->version,
                     .epoch = cx->security_epoch,
                     .position = row->position,
                     .count = count,
                     .object = (uint32_t)o->number,
                     .lang = (uint8_t)cx->lang,
                     .n_title = (uint8_t)row->title.n,
                     .n_code = (uint8_t)row->code.n,
                     .has_title = row->title.p != NULL,
                     .has_code = row->code.p != NULL};
    if (row->title.p)
        memcpy(t->text, row->title.p, row->title.n);
    if (row->code.p)
        memcpy(t->text + row->title.n, row->code.p, row->code.n);
}

void title_store_put(Ctx *cx, const Object *o, const TitleRow *rows, size_t n, uint64_t since)
{
    TitleStore *s = cx->titles;
    pthread_rwlock_wrlock(&s->lock);
    for (size_t i = 0; i < n && atomic_load(count_of(s, o->name)) == since; i++)
        if (rows[i].title.n + rows[i].code.n <= TEXT_BYTES)
            slot_set(room(s, cx, o, rows[i].id), cx, o, &rows[i], since);
    pthread_rwlock_unlock(&s->lock);
}
