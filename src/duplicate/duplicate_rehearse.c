/* SPDX-License-Identifier: Apache-2.0 */
/* Records that a dry run would have written, so that what comes after them finds them as if they were there. They lie
 * in two generations: when the younger one is full, the older is forgotten. */
#include "duplicate/duplicate_internal.h"

#define BUCKETS ((size_t)1 << 14)

typedef struct Rehearsed {
    Id id;           /* of a stored record that a row would have changed; else 0 */
    int64_t row;     /* that made it */
    int64_t by;      /* that wrote it last */
    int64_t gone_by; /* the row since which it is another; 0: it is as it stands here */
    uint64_t asked;
    Str *texts;
    bool visible;
    struct Rehearsed *before;
} Rehearsed;

typedef struct Slot {
    int64_t key;
    Rehearsed *of;
    struct Slot *next;
} Slot;

typedef struct Generation {
    Arena *arena;
    Slot **buckets;
    Rehearsed *last;
} Generation;

struct DuplicateRehearsal {
    Generation young, old;
    size_t bytes;
    uint64_t asked;
};

static Slot **bucket_of(const Generation *g, int64_t key)
{
    return &g->buckets[((uint64_t)key * UINT64_C(0x9e3779b97f4a7c15)) >> 50];
}

static void begin(Generation *g)
{
    arena_reset(g->arena);
    g->buckets = ARENA_ARRAY(g->arena, Slot *, BUCKETS);
    g->last = NULL;
}

static void end(void *arg)
{
    DuplicateRehearsal *h = arg;
    arena_free(h->young.arena);
    arena_free(h->old.arena);
}

DuplicateRehearsal *duplicate_rehearsal(Arena *a, size_t bytes)
{
    DuplicateRehearsal *h = ARENA_NEW(a, DuplicateRehearsal);
    h->bytes = bytes / 2;
    h->young.arena = arena_new(4096);
    h->old.arena = arena_new(4096);
    begin(&h->young);
    begin(&h->old);
    arena_on_free(a, end, h);
    return h;
}

size_t duplicate_rehearsal_bytes(const DuplicateRehearsal *h)
{
    return arena_used(h->young.arena) + arena_used(h->old.arena);
}

/* As it stands now; NULL if no row changed it, or that is forgotten. */
static Rehearsed *now_in(const Generation *g, Id id, int64_t row)
{
    for (Slot *s = *bucket_of(g, id ? id : row); s; s = s->next)
        if (!s->of->gone_by && s->of->id == id && (id || s->of->row == row))
            return s->of;
    return NULL;
}

static Rehearsed *now(const DuplicateRehearsal *h, Id id, int64_t row)
{
    Rehearsed *found = now_in(&h->young, id, row);
    return found ? found : now_in(&h->old, id, row);
}

bool duplicate_rehearsed(const DuplicateRehearsal *h, Id id) { return h && now(h, id, 0); }

static void add_slot(Generation *g, int64_t key, Rehearsed *of)
{
    Slot **bucket = bucket_of(g, key), *slot = ARENA_NEW(g->arena, Slot);
    *slot = (Slot){key, of, *bucket};
    *bucket = slot;
}

/* A row that would have changed one of before leaves what its empty cells do not speak of. */
static Str *texts_over(Ctx *cx, Arena *a, const Record *r, const Rehearsed *before)
{
    const Object *o = r->object;
    Str *texts = duplicate_texts(cx, o, r->values);
    Str *own = ARENA_ARRAY(a, Str, o->n_match_fields + 1);
    for (size_t i = 0; i < o->n_match_fields; i++)
        own[i] = str_copy(a, before && !texts[i].n ? before->texts[i] : texts[i]);
    return own;
}

static void add_keys(Ctx *cx, Generation *g, const Object *o, Rehearsed *one)
{
    int64_t keys[MATCH_KEYS];
    add_slot(g, one->id ? one->id : one->row, one);
    for (size_t i = 0; i < o->n_match_fields; i++) {
        const DuplicateField *f = &o->match_fields[i];
        size_t n =
            f->as == MATCH_LINK ? 0 : match_keys(cx->arena, f->as, one->texts[i], f->fuzzy, keys);
        for (size_t k = 0; k < n; k++)
            add_slot(g, keys[k], one);
    }
}

static Status may_see(Ctx *cx, const Record *r, bool *ret)
{
    AccessRecord ar;
    *ret = false;
    TRY(record_access(cx, ACCESS_READ, r, r->values, &ar));
    return access_may(cx, r->object, ACCESS_READ, &ar, ret);
}

Status duplicate_rehearse(Ctx *cx, DuplicateRehearsal *h, const Record *r, int64_t row,
                          int64_t into)
{
    Id id = r->fresh ? 0 : r->id;
    int64_t made = into ? into : row;
    if (arena_used(h->young.arena) > h->bytes) {
        Generation spare = h->old;
        h->old = h->young;
        h->young = spare;
        begin(&h->young);
    }
    Rehearsed *before = now(h, id, made);
    Rehearsed *one = ARENA_NEW(h->young.arena, Rehearsed);
    *one = (Rehearsed){.id = id, .row = made, .by = row, .before = h->young.last};
    one->texts = texts_over(cx, h->young.arena, r, into ? before : NULL);
    if (into && before)
        one->visible = before->visible;
    else
        TRY(may_see(cx, r, &one->visible));
    if (before)
        before->gone_by = row;
    h->young.last = one;
    add_keys(cx, &h->young, r->object, one);
    return ST_OK;
}

static void forget_in(const Generation *g, int64_t row)
{
    for (Rehearsed *one = g->last; one; one = one->before) {
        if (one->gone_by >= row)
            one->gone_by = 0;
        if (one->by >= row)
            one->gone_by = one->by;
    }
}

void duplicate_rehearsal_back(DuplicateRehearsal *h, int64_t row)
{
    forget_in(&h->young, row);
    forget_in(&h->old, row);
}

static void ask(const Generation *g, int64_t key, uint64_t asked, RehearsedSeen *seen, void *arg)
{
    size_t n = 0;
    for (Slot *s = *bucket_of(g, key); s && n < DUPLICATE_PER_KEY; s = s->next) {
        Rehearsed *one = s->of;
        if (s->key != key || one->gone_by)
            continue;
        n++;
        if (one->asked == asked)
            continue;
        one->asked = asked;
        const DuplicateRow row = {.id = one->id, .texts = one->texts};
        seen(arg, &row, one->id ? 0 : one->row, one->visible);
    }
}

void duplicate_rehearsed_each(DuplicateRehearsal *h, const int64_t *keys, size_t n,
                              RehearsedSeen *seen, void *arg)
{
    h->asked++;
    for (size_t i = 0; i < n; i++) {
        ask(&h->young, keys[i], h->asked, seen, arg);
        ask(&h->old, keys[i], h->asked, seen, arg);
    }
}
