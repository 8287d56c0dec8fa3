/* SPDX-License-Identifier: Apache-2.0 */
/* The job "duplicates.trial": how many pairs rules would find that are not saved yet. Nothing is written: the keys of the
 * rules on trial are kept in memory, sorted, and what shares one is compared as at entry, with the usual weights. Other
 * objects that a rule looks among are met by the keys that they have. What was said not to be the same is left out.
 * Memory is bounded: of more records, keys or pairs than that the result says that it is not the whole. */
#include "access/access.h"
#include "base/id.h"
#include "duplicate/duplicate_internal.h"
#include <stdlib.h>

enum {
    RECORDS = 300000,
    KEYS = 2000000,  /* 32 MB */
    PAIRS = 1000000, /* 16 MB */
    PIECE = 200,
    THEIRS = 4000,
    KEPT = 20,
    SHOWN = 5
};

typedef struct Pair {
    Id a, b;
} Pair;

typedef struct Sample {
    const Object *other;
    Pair pair;
    double score;
} Sample;

typedef struct Tried { /* of a rule */
    int64_t pairs;
    Sample kept[KEPT]; /* least alike first */
    size_t n;
} Tried;

typedef struct Trial {
    const Object *object; /* with the rules on trial */
    LinkageModel model;
    DuplicateKeyed *keys; /* by key and record */
    size_t n_keys;
    Pair *pairs;
    size_t n_pairs;
    int64_t records, looked_at;
    bool cut;
    Tried *tried;
} Trial;

static int compare_ids(Id a, Id b) { return (a > b) - (a < b); }

static int compare_keyed(const void *x, const void *y)
{
    const DuplicateKeyed *a = x, *b = y;
    return a->key != b->key ? (a->key > b->key) - (a->key < b->key)
                            : compare_ids(a->record, b->record);
}

static int compare_pairs(const void *x, const void *y)
{
    const Pair *p = x, *q = y;
    return p->a != q->a ? compare_ids(p->a, q->a) : compare_ids(p->b, q->b);
}

static int compare_rows(const void *x, const void *y)
{
    return compare_ids(((const DuplicateRow *)x)->id, ((const DuplicateRow *)y)->id);
}

/* ---- keys of the rules on trial */
static void take_keys(Ctx *cx, Trial *t, const DuplicateRow *row)
{
    int64_t *keys = NULL;
    size_t n = match_record_keys(cx->arena, t->object, row->values, &keys);
    t->looked_at++;
    for (size_t i = 0; i < n; i++)
        t->keys[t->n_keys++] = (DuplicateKeyed){keys[i], row->id};
}

static bool has_room(const Trial *t)
{
    return t->looked_at + PIECE <= RECORDS &&
           t->n_keys + (size_t)PIECE * MATCH_FIELDS * MATCH_KEYS <= KEYS;
}

static Status read_records(Ctx *cx, Job *job, Trial *t)
{
    Arena *outer = cx->arena;
    CLEANUP(arena) Arena *page = arena_new((size_t)64 * 1024);
    Id after = 0;
    for (size_t n = PIECE; n == PIECE && !t->cut;) {
        DuplicateRow *rows = NULL;
        DuplicateWhich which = {.after = after, .n = PIECE};
        arena_reset(page);
        cx->arena = page;
        Status st = duplicate_rows(cx, t->object, &which, &rows, &n);
        for (size_t i = 0; st == ST_OK && i < n; i++)
            take_keys(cx, t, &rows[i]);
        after = st == ST_OK && n ? rows[n - 1].id : 0;
        cx->arena = outer;
        TRY(st);
        t->cut = n == PIECE && !has_room(t);
        TRY(job_progress(cx, job, t->looked_at, 2 * t->records));
    }
    if (t->n_keys > 1)
        qsort(t->keys, t->n_keys, sizeof *t->keys, compare_keyed);
    return ST_OK;
}

/* ---- pairs */
static void drop_repeats(Trial *t)
{
    size_t n = 0;
    if (t->n_pairs > 1)
        qsort(t->pairs, t->n_pairs, sizeof *t->pairs, compare_pairs);
    for (size_t i = 0; i < t->n_pairs; i++)
        if (!n || compare_pairs(&t->pairs[n - 1], &t->pairs[i]))
            t->pairs[n++] = t->pairs[i];
    t->n_pairs = n;
}

static void add_pair(Trial *t, Id a, Id b)
{
    if (t->n_pairs == PAIRS)
        drop_repeats(t);
    if (t->n_pairs < PAIRS)
        t->pairs[t->n_pairs++] = (Pair){a, b};
    else
        t->cut = true;
}

static void pair_own(Trial *t)
{
    for (size_t at = 0, m; at < t->n_keys; at += m) {
        m = duplicate_block(t->keys + at, t->n_keys - at);
        for (size_t i = at; m <= DUPLICATE_BLOCK_MOST && i < at + m; i++)
            for (size_t j = i + 1; j < at + m; j++)
                add_pair(t, t->keys[i].record, t->keys[j].record);
    }
}

static void pair_block(Trial *t, size_t *at, const DuplicateKeyed *theirs, size_t n)
{
    while (*at < t->n_keys && t->keys[*at].key < theirs->key)
        (*at)++;
    if (*at == t->n_keys || t->keys[*at].key != theirs->key)
        return;
    size_t m = duplicate_block(t->keys + *at, t->n_keys - *at);
    for (size_t i = 0; m + n <= DUPLICATE_BLOCK_MOST && i < m; i++)
        for (size_t j = 0; j < n; j++)
            add_pair(t, t->keys[*at + i].record, theirs[j].record);
}

/* A block that is cut by the end of what was read is read again from its beginning, unless it is the whole. */
static Status pair_other(Ctx *cx, Trial *t, const Object *other)
{
    DuplicateKeyed *theirs = ARENA_ARRAY(cx->arena, DuplicateKeyed, THEIRS);
    int64_t after = INT64_MIN;
    size_t at = 0;
    for (size_t n = THEIRS; n == THEIRS;) {
        TRY(duplicate_keyed(cx, other, after, THEIRS, theirs, &n));
        for (size_t i = 0, m; i < n; i += m) {
            m = duplicate_block(theirs + i, n - i);
            if (i + m == n && n == THEIRS && i)
                break;
            pair_block(t, &at, theirs + i, m);
            after = theirs[i].key;
        }
    }
    return ST_OK;
}

/* ---- comparing */
static void keep(Tried *of, const Sample *s)
{
    size_t at = of->n;
    while (at > 0 && of->kept[at - 1].score > s->score)
        at--;
    if (at == KEPT)
        return;
    if (of->n < KEPT)
        of->n++;
    memmove(&of->kept[at + 1], &of->kept[at], (of->n - 1 - at) * sizeof *of->kept);
    of->kept[at] = *s;
}

static Status compare(Ctx *cx, Trial *t, const Object *other, const DuplicateRow *a,
                      const DuplicateRow *b)
{
    int levels[MATCH_FIELDS];
    uint32_t because = 0;
    bool apart = false, asked = other != t->object;
    const DuplicateSide side = {t->object, a->texts, &t->model};
    Sample s = {.other = other, .pair = {a->id, b->id}};
    s.score = duplicate_levels(cx, &side, other, b, levels, &because);
    for (size_t i = 0; i < t->object->n_duplicates && !apart; i++) {
        const DuplicateRule *rule = &t->object->duplicates[i];
        if (!duplicate_is_among(t->object, rule, other) ||
            !duplicate_rule_holds(t->object, rule, levels, s.score))
            continue;
        if (!asked)
            TRY(duplicate_told_apart(cx, t->object, a->id, b->id, &apart));
        asked = true;
        if (apart)
            break;
        t->tried[i].pairs++;
        keep(&t->tried[i], &s);
    }
    return ST_OK;
}

static Status load_side(Ctx *cx, const Object *o, const Pair *pairs, size_t n, bool second,
                        DuplicateRow **ret, size_t *ret_n)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, n);
    for (size_t i = 0; i < n; i++)
        ids[i] = second ? pairs[i].b : pairs[i].a;
    DuplicateWhich which = {.ids = ids, .n = n};
    TRY(duplicate_rows(cx, o, &which, ret, ret_n));
    if (*ret_n > 1)
        qsort(*ret, *ret_n, sizeof **ret, compare_rows);
    return ST_OK;
}

static Status compare_piece(Ctx *cx, Trial *t, const Object *other, const Pair *pairs, size_t n)
{
    DuplicateRow *left = NULL, *right = NULL;
    size_t n_left = 0, n_right = 0;
    TRY(load_side(cx, t->object, pairs, n, false, &left, &n_left));
    TRY(load_side(cx, other, pairs, n, true, &right, &n_right));
    for (size_t i = 0; i < n && n_left && n_right; i++) {
        DuplicateRow x = {.id = pairs[i].a}, y = {.id = pairs[i].b};
        const DuplicateRow *a = bsearch(&x, left, n_left, sizeof x, compare_rows);
        const DuplicateRow *b = bsearch(&y, right, n_right, sizeof y, compare_rows);
        if (a && b)
            TRY(compare(cx, t, other, a, b));
    }
    return ST_OK;
}

/* Progress: reading is the first half, comparing the second. */
static Status compare_all(Ctx *cx, Job *job, Trial *t, const Object *other)
{
    Arena *outer = cx->arena;
    CLEANUP(arena) Arena *page = arena_new((size_t)64 * 1024);
    drop_repeats(t);
    for (size_t at = 0; at < t->n_pairs; at += PIECE) {
        size_t n = t->n_pairs - at < PIECE ? t->n_pairs - at : PIECE;
        arena_reset(page);
        cx->arena = page;
        Status st = compare_piece(cx, t, other, t->pairs + at, n);
        cx->arena = outer;
        TRY(st);
        double part = (double)at / (double)t->n_pairs;
        TRY(job_progress(cx, job, t->records + (int64_t)(part * (double)t->records),
                         2 * t->records));
    }
    t->n_pairs = 0;
    return ST_OK;
}

static bool any_among(const Object *o, const Object *other)
{
    for (size_t i = 0; i < o->n_duplicates; i++)
        if (duplicate_is_among(o, &o->duplicates[i], other))
            return true;
    return false;
}

static Status try_all(Ctx *cx, Job *job, Trial *t)
{
    const Object *o = t->object;
    TRY(read_records(cx, job, t));
    if (any_among(o, o)) {
        pair_own(t);
        TRY(compare_all(cx, job, t, o));
    }
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *other = cx->meta->objects[i];
        if (other->number == o->number || !other->n_match_fields || !any_among(o, other))
            continue;
        TRY(pair_other(cx, t, other));
        TRY(compare_all(cx, job, t, other));
    }
    return ST_OK;
}

/* ---- result: samples that the person may see both sides of */
static Status write_sample(Ctx *cx, const Trial *t, const Sample *s, size_t *shown, Buf *out)
{
    Id own = s->pair.a, theirs = s->pair.b;
    Str a = STR_NULL, b = STR_NULL;
    if (*shown == SHOWN || !cx->access->object(cx, s->other))
        return ST_OK;
    TRY(query_titles(cx, t->object, &own, 1, &a, NULL));
    TRY(query_titles(cx, s->other, &theirs, 1, &b, NULL));
    if (!a.p || !b.p)
        return ST_OK;
    buf_printf(out, "%s{\"a\":", (*shown)++ ? "," : "");
    buf_json_id(out, own);
    buf_lit(out, ",\"other\":");
    buf_json_str(out, s->other->name);
    buf_lit(out, ",\"b\":");
    buf_json_id(out, theirs);
    buf_printf(out, ",\"score\":%.4f}", s->score);
    return ST_OK;
}

static Status write_result(Ctx *cx, const Trial *t, Buf *out)
{
    buf_printf(out, "{\"records\":%lld,\"looked_at\":%lld,\"whole\":%s,\"rules\":[",
               (long long)t->records, (long long)t->looked_at, t->cut ? "false" : "true");
    for (size_t i = 0; i < t->object->n_duplicates; i++) {
        size_t shown = 0;
        buf_printf(out, "%s{\"rule\":", i ? "," : "");
        buf_json_str(out, t->object->duplicates[i].name);
        buf_printf(out, ",\"pairs\":%lld,\"samples\":[", (long long)t->tried[i].pairs);
        for (size_t k = 0; k < t->tried[i].n; k++)
            TRY(write_sample(cx, t, &t->tried[i].kept[k], &shown, out));
        buf_lit(out, "]}");
    }
    buf_lit(out, "]}");
    return ST_OK;
}

/* ---- who may, and the job */
static Status begin(Ctx *cx, const Object *o, const json_t *rules, const Object **ret)
{
    TRY(meta_duplicates_try(cx, o, rules, ret));
    if (!(*ret)->n_duplicates)
        return FIELD_FAIL(cx, STR("duplicates"), "required", "duplicate.trial_rules",
                          "needs at least one rule");
    bool may = access_scope(cx, o, ACCESS_READ) == SCOPE_ALL;
    for (size_t i = 0; i < (*ret)->n_match_fields; i++)
        may = may && access_field(cx, (*ret)->match_fields[i].field) >= FIELD_READ;
    if (!may)
        return FAIL(cx, ST_DENIED, "duplicate.trial_right",
                    "Trying rules takes the right to read all records and the fields compared");
    return ST_OK;
}

Status duplicate_trial_run(Ctx *cx, Job *job, Buf *result)
{
    Trial t = {0};
    const Object *o = meta_object(cx->meta, json_get_str(job->params, "object"));
    if (!o)
        return FAIL(cx, ST_NOT_FOUND, "duplicate.no_object", "there are no such records any more");
    TRY(begin(cx, o, json_object_get(job->params, "duplicates"), &t.object));
    TRY(query_count(cx, o, STR_NULL, false, INT64_MAX, &t.records));
    duplicate_usual(t.object, &t.model);
    t.tried = ARENA_ARRAY(cx->arena, Tried, t.object->n_duplicates);
    t.keys = malloc((size_t)KEYS * sizeof *t.keys);
    t.pairs = malloc((size_t)PAIRS * sizeof *t.pairs);
    Status st = t.keys && t.pairs ? try_all(cx, job, &t) : ST_INTERNAL;
    free(t.keys);
    free(t.pairs);
    TRY(st);
    TRY(write_result(cx, &t, result));
    job_all_done(job, 2 * t.records);
    return ST_OK;
}

Status duplicate_trial(Ctx *cx, Plan *plan, const Object *o, const json_t *rules, Id *ret_job)
{
    const Object *as_if = NULL;
    TRY(begin(cx, o, rules, &as_if));
    json_t *params = json_object();
    json_own(cx->arena, params);
    json_object_set_new(params, "object", json_stringn(o->name.p, o->name.n));
    json_object_set(params, "duplicates", (json_t *)rules);
    return job_enqueue(cx, plan, "duplicates.trial", params, 0, 0, ret_job);
}
