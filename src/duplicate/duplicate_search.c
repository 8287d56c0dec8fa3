/* SPDX-License-Identifier: Apache-2.0 */
/* The job "duplicates.search": pairs of existing records that look alike, for people to look at.
 *
 * Blocks are the records that share a key, read in the order of the keys. First a sample of pairs shows how often
 * fields agree (EM), then all pairs are scored with these weights. Killed, it goes on behind the last key that was
 * done; a pair that is met again is the same row. An incremental run takes the records that were changed since the
 * last one, and what shares a key with them. */
#include "base/id.h"
#include "duplicate/duplicate_internal.h"
#include <stdlib.h>

enum {
    KEYS = 4000, /* rows read at a time */
    PAIRS = 400, /* scored and written in one plan */
    SAMPLE = 20000,
    CHANGED = 100, /* records of an incremental piece */
    NEIGHBOURS = 40,
    LEAST_SAMPLE = 500
};
#define LIKELY 0.5

static const char SQL_KEYS[] = "SELECT key, record FROM {gx_match} WHERE object = ?1 AND key > ?2 "
                               "ORDER BY key, record LIMIT ?3";
static const char SQL_COUNT[] = "SELECT count(*) FROM {gx_match} WHERE object = ?1";
static const char SQL_STATE[] = "SELECT searched_change FROM {gx_match_state} WHERE object = ?1 "
                                "AND searched_change IS NOT NULL";
static const char SQL_NEWEST[] = "SELECT COALESCE(MAX(id), 0) FROM {gx_change}";
static const char SQL_PUT[] =
    "INSERT INTO {gx_duplicate} (id, object, a, b, score, because, status, at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7) ON CONFLICT (object, a, b) DO UPDATE SET "
    "score = excluded.score, because = excluded.because, at = excluded.at";
static const char SQL_OLD[] =
    "DELETE FROM {gx_duplicate} WHERE object = ?1 AND status = 0 AND at < ?2";
static const char SQL_FORGET[] =
    "DELETE FROM {gx_duplicate} WHERE object = ?1 AND status = 0 AND (a = ?2 OR b = ?2)";
static const char SQL_DONE[] = "UPDATE {gx_match_state} SET searched_at = ?2, searched_change = "
                               "?3, model = ?4 WHERE object = ?1";

typedef struct Pair {
    Id a, b;
} Pair;

typedef struct Search {
    const Object *object;
    bool whole;
    int64_t begun, newest, since;
    int64_t key; /* done up to here */
    Id after;    /* incremental: likewise */
    int64_t done, total, found;
    LinkageModel model;
    Pair pairs[PAIRS];
    size_t n_pairs;
    Id changed[CHANGED];
    size_t n_changed;
} Search;

static Status read_checkpoint(Ctx *cx, const Job *job, Search *s)
{
    json_t *j = NULL;
    if (!job->checkpoint.n)
        return ST_OK;
    TRY(json_parse(cx, job->checkpoint, &j));
    s->key = json_get_int(j, "key", INT64_MIN);
    s->after = json_get_int(j, "after", 0);
    s->done = json_get_int(j, "done", 0);
    s->found = json_get_int(j, "found", 0);
    s->begun = json_get_int(j, "begun", s->begun);
    s->newest = json_get_int(j, "newest", s->newest);
    return ST_OK;
}

static void write_checkpoint(Ctx *cx, Plan *plan, Job *job, const Search *s)
{
    job_checkpoint(cx, plan, job,
                   str_format(cx->arena,
                              "{\"key\":%lld,\"after\":%lld,\"done\":%lld,\"found\":%lld,"
                              "\"begun\":%lld,\"newest\":%lld}",
                              (long long)s->key, (long long)s->after, (long long)s->done,
                              (long long)s->found, (long long)s->begun, (long long)s->newest));
}

/* ---- scoring */
static int compare_ids(const void *x, const void *y)
{
    Id a = *(const Id *)x, b = *(const Id *)y;
    return (a > b) - (a < b);
}

static int compare_rows(const void *x, const void *y)
{
    return compare_ids(&((const DuplicateRow *)x)->id, &((const DuplicateRow *)y)->id);
}

typedef struct Loaded {
    DuplicateRow *rows;
    size_t n;
} Loaded;

static Status load_rows(Ctx *cx, const Search *s, Loaded *ret)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, 2 * s->n_pairs + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n_pairs; i++) {
        ids[2 * i] = s->pairs[i].a;
        ids[2 * i + 1] = s->pairs[i].b;
    }
    qsort(ids, 2 * s->n_pairs, sizeof *ids, compare_ids);
    for (size_t i = 0; i < 2 * s->n_pairs; i++)
        if (!n || ids[n - 1] != ids[i])
            ids[n++] = ids[i];
    DuplicateWhich which = {.ids = ids, .n = n};
    TRY(duplicate_rows(cx, s->object, &which, &ret->rows, &ret->n));
    if (ret->n > 1)
        qsort(ret->rows, ret->n, sizeof *ret->rows, compare_rows);
    return ST_OK;
}

static const DuplicateRow *row_of(const Loaded *l, Id id)
{
    DuplicateRow key = {.id = id};
    return l->n ? bsearch(&key, l->rows, l->n, sizeof key, compare_rows) : NULL;
}

static uint64_t levels_of(const Object *o, const DuplicateRow *a, const DuplicateRow *b,
                          uint32_t *ret_because)
{
    uint64_t bits = 0;
    *ret_because = 0;
    for (size_t c = 0; c < o->n_match_fields; c++) {
        int level = duplicate_level(o->match_fields[c].as, a->texts[c], b->texts[c]);
        bits |= (uint64_t)level << (4 * c);
        if (level < 3)
            *ret_because |= 1U << c;
    }
    return bits;
}

static bool pair_levels(const Search *s, const Loaded *l, size_t i, uint64_t *ret,
                        uint32_t *because)
{
    const DuplicateRow *a = row_of(l, s->pairs[i].a), *b = row_of(l, s->pairs[i].b);
    if (a && b)
        *ret = levels_of(s->object, a, b, because);
    return a && b;
}

static void put(Ctx *cx, Plan *plan, const Search *s, const Pair *p, double score, uint32_t because)
{
    const DbVal v[] = {db_int(idgen_next(db_ids(cx->records->pool))),
                       db_int(s->object->number),
                       db_int(p->a),
                       db_int(p->b),
                       db_real(score),
                       db_text(str_format(cx->arena, "%u", because)),
                       db_int(s->begun)};
    plan_exec(plan, STR_SQL(SQL_PUT), v, COUNT_OF(v));
}

static Status prepare_pairs(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Search *s = arg;
    Loaded l = {0};
    int64_t found = s->found;
    if (s->n_pairs)
        TRY(load_rows(cx, s, &l));
    for (size_t i = 0; i < s->n_changed; i++) {
        const DbVal v[] = {db_int(s->object->number), db_int(s->changed[i])};
        plan_exec(plan, STR_SQL(SQL_FORGET), v, COUNT_OF(v));
    }
    for (size_t i = 0; i < s->n_pairs; i++) {
        uint64_t bits = 0;
        uint32_t because = 0;
        if (!pair_levels(s, &l, i, &bits, &because))
            continue;
        double score = linkage_probability(&s->model, linkage_weight(&s->model, bits, NULL));
        if (score < LIKELY)
            continue;
        put(cx, plan, s, &s->pairs[i], score, because);
        found++;
    }
    Search now = *s;
    now.found = found;
    write_checkpoint(cx, plan, job, &now);
    s->done = now.done;
    return ST_OK;
}

static int compare_pairs(const void *x, const void *y)
{
    const Pair *p = x, *q = y;
    return p->a != q->a ? compare_ids(&p->a, &q->a) : compare_ids(&p->b, &q->b);
}

static void drop_repeats(Search *s)
{
    size_t n = 0;
    if (s->n_pairs > 1)
        qsort(s->pairs, s->n_pairs, sizeof *s->pairs, compare_pairs);
    for (size_t i = 0; i < s->n_pairs; i++)
        if (!n || compare_pairs(&s->pairs[n - 1], &s->pairs[i]))
            s->pairs[n++] = s->pairs[i];
    s->n_pairs = n;
}

static Status flush(Ctx *cx, Job *job, Search *s)
{
    drop_repeats(s);
    TRY(job_apply(cx, job, prepare_pairs, s));
    s->n_pairs = s->n_changed = 0;
    return job_progress(cx, job, s->done < s->total ? s->done : s->total, s->total);
}

static void add_pair(Search *s, Id a, Id b)
{
    s->pairs[s->n_pairs++] = a < b ? (Pair){a, b} : (Pair){b, a};
}

/* ---- blocks, in the order of keys */
Status duplicate_keyed(Ctx *cx, const Object *o, int64_t after, size_t most, DuplicateKeyed *ret,
                       size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal v[] = {db_int(o->number), db_int(after), db_int((int64_t)most)};
    TRY(db_prepare(cx, SQL_KEYS, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    *ret_n = 0;
    for (bool row = true; *ret_n < most;) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        ret[(*ret_n)++] = (DuplicateKeyed){db_col_int(q, 0), db_col_id(q, 1)};
    }
    return ST_OK;
}

size_t duplicate_block(const DuplicateKeyed *k, size_t n)
{
    size_t m = 1;
    while (m < n && k[m].key == k[0].key)
        m++;
    return m;
}

/* What is done with a full set of pairs. */
typedef Status (*Take)(Ctx *cx, Job *job, Search *s, void *arg);

static Status take_block(Ctx *cx, Job *job, Search *s, const DuplicateKeyed *k, size_t n, Take take,
                         void *arg)
{
    for (size_t i = 0; n <= DUPLICATE_BLOCK_MOST && i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            add_pair(s, k[i].record, k[j].record);
            if (s->n_pairs == PAIRS)
                TRY(take(cx, job, s, arg));
        }
    return ST_OK;
}

/* A block that is cut by the end of what was read is read again from its beginning, unless it is the whole. */
static Status walk(Ctx *cx, Job *job, Search *s, Take take, void *arg, bool *go_on)
{
    DuplicateKeyed *k = malloc(KEYS * sizeof *k);
    Status st = ST_OK;
    if (!k)
        return ST_INTERNAL;
    while (st == ST_OK && *go_on) {
        size_t n = 0;
        st = duplicate_keyed(cx, s->object, s->key, KEYS, k, &n);
        for (size_t i = 0, m; st == ST_OK && *go_on && i < n; i += m) {
            m = duplicate_block(k + i, n - i);
            if (i + m == n && n == KEYS && i)
                break;
            st = take_block(cx, job, s, k + i, m, take, arg);
            s->key = k[i].key;
            s->done += (int64_t)m;
        }
        if (st == ST_OK && *go_on && n < KEYS)
            break;
    }
    free(k);
    return st;
}

static Status take_score(Ctx *cx, Job *job, Search *s, void *arg)
{
    (void)arg;
    return flush(cx, job, s);
}

/* ---- weights from a sample */
typedef struct Sample {
    LinkagePair *pairs;
    size_t n;
    bool go_on;
} Sample;

static Status take_sample(Ctx *cx, Job *job, Search *s, void *arg)
{
    Sample *sample = arg;
    Loaded l = {0};
    (void)job;
    drop_repeats(s);
    TRY(load_rows(cx, s, &l));
    for (size_t i = 0; i < s->n_pairs && sample->n < SAMPLE; i++) {
        uint32_t because = 0;
        uint64_t bits = 0;
        if (pair_levels(s, &l, i, &bits, &because))
            sample->pairs[sample->n++].levels = bits;
    }
    s->n_pairs = 0;
    sample->go_on = sample->n < SAMPLE;
    return ST_OK;
}

static Status fit(Ctx *cx, Job *job, Search *s)
{
    LinkageColumn columns[LINKAGE_COLUMNS] = {0};
    LinkageTable t = {.columns = columns, .n_columns = s->object->n_match_fields};
    Sample sample = {.pairs = ARENA_ARRAY(cx->arena, LinkagePair, SAMPLE), .go_on = true};
    Kernel k = {.arena = cx->arena, .threads = 1};
    LinkageModel model;
    Search look = *s;
    look.key = INT64_MIN;
    look.n_pairs = 0;
    TRY(walk(cx, job, &look, take_sample, &sample, &sample.go_on));
    if (look.n_pairs && sample.n < SAMPLE)
        TRY(take_sample(cx, job, &look, &sample));
    for (size_t c = 0; c < t.n_columns; c++)
        columns[c].names = s->object->match_fields[c].field == s->object->title;
    duplicate_usual(s->object, &s->model);
    if (sample.n < LEAST_SAMPLE || linkage_fit(&k, &t, sample.pairs, sample.n, &model) != ST_OK ||
        !duplicate_model_is_sound(&model))
        return ST_OK;
    s->model = model;
    return ST_OK;
}

/* ---- incremental */
static Status pair_changed(Ctx *cx, Job *job, Search *s, const DuplicateRow *row)
{
    int64_t *keys = NULL;
    Id *ids = NULL;
    size_t n_ids = 0, n = match_record_keys(cx->arena, s->object, row->values, &keys);
    TRY(duplicate_candidates(cx, s->object, keys, n, NEIGHBOURS, &ids, &n_ids));
    s->changed[s->n_changed++] = row->id;
    for (size_t i = 0; i < n_ids; i++)
        if (ids[i] != row->id)
            add_pair(s, ids[i], row->id);
    s->after = row->id;
    s->done++;
    bool full = s->n_pairs + NEIGHBOURS > PAIRS || s->n_changed == CHANGED;
    return full ? flush(cx, job, s) : ST_OK;
}

static Status walk_changed(Ctx *cx, Job *job, Search *s)
{
    Arena *outer = cx->arena;
    CLEANUP(arena) Arena *page = arena_new((size_t)64 * 1024);
    for (size_t n = CHANGED; n == CHANGED;) {
        DuplicateRow *rows = NULL;
        DuplicateWhich which = {.after = s->after, .since = s->since, .n = CHANGED};
        arena_reset(page);
        cx->arena = page;
        Status st = duplicate_rows(cx, s->object, &which, &rows, &n);
        for (size_t i = 0; st == ST_OK && i < n; i++)
            st = pair_changed(cx, job, s, &rows[i]);
        cx->arena = outer;
        TRY(st);
    }
    return ST_OK;
}

/* ---- the whole */
static Status prepare_end(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    const Search *s = arg;
    Buf model = buf_in(cx->arena, (size_t)16 * 1024);
    (void)job;
    duplicate_model_write(&s->model, &model);
    const DbVal old[] = {db_int(s->object->number), db_int(s->begun)};
    if (s->whole)
        plan_exec(plan, STR_SQL(SQL_OLD), old, COUNT_OF(old));
    const DbVal v[] = {db_int(s->object->number), db_int(cx->now_ms), db_int(s->newest),
                       db_text(buf_str(&model))};
    plan_exec(plan, STR_SQL(SQL_DONE), v, COUNT_OF(v));
    return ST_OK;
}

static Status begin(Ctx *cx, const Job *job, Search *s)
{
    DbVal key = db_int(s->object->number);
    bool found = false;
    s->begun = cx->now_ms;
    s->key = INT64_MIN;
    TRY(db_get_int(cx, SQL_STATE, &key, 1, &s->since, &found));
    s->whole = !found || json_get_bool(job->params, "whole", false);
    TRY(db_get_int(cx, SQL_NEWEST, NULL, 0, &s->newest, &found));
    TRY(db_get_int(cx, SQL_COUNT, &key, 1, &s->total, &found));
    return read_checkpoint(cx, job, s);
}

Status duplicate_search_run(Ctx *cx, Job *job, Buf *result)
{
    Search *s = ARENA_NEW(cx->arena, Search);
    Buf keys = buf_in(cx->arena, 1024);
    bool go_on = true;
    s->object = meta_object(cx->meta, json_get_str(job->params, "object"));
    if (!s->object || !s->object->n_match_fields)
        return FAIL(cx, ST_NOT_FOUND, "duplicate.no_rules",
                    "these records have no rules of duplicates");
    TRY(duplicate_keys_run(cx, job, &keys)); /* none may be missing */
    TRY(begin(cx, job, s));
    if (s->whole)
        TRY(fit(cx, job, s));
    else
        TRY(duplicate_model(cx, s->object, &s->model));
    TRY(s->whole ? walk(cx, job, s, take_score, NULL, &go_on) : walk_changed(cx, job, s));
    TRY(flush(cx, job, s));
    TRY(job_apply(cx, job, prepare_end, s));
    buf_printf(result, "{\"whole\":%s,\"looked_at\":%lld}", s->whole ? "true" : "false",
               (long long)s->done);
    job_all_done(job, s->total);
    return ST_OK;
}

Status duplicate_search(Ctx *cx, Plan *plan, const Object *o, bool whole, Id *ret_job)
{
    if (!o->n_match_fields)
        return FAIL(cx, ST_INVALID, "duplicate.no_rules",
                    "these records have no rules of duplicates");
    if (!access_may_some(cx, o, ACCESS_DELETE) || !access_may_some(cx, o, ACCESS_UPDATE))
        return FAIL(cx, ST_DENIED, "duplicate.no_right",
                    "Looking for duplicates takes the rights to change and to delete records");
    json_t *params = json_object();
    json_own(cx->arena, params);
    json_object_set_new(params, "object", json_stringn(o->name.p, o->name.n));
    json_object_set_new(params, "whole", json_boolean(whole));
    return job_enqueue(cx, plan, "duplicates.search", params, 0, 0, ret_job);
}

const JobDef duplicate_jobs[] = {
    {.name = "duplicates.keys",
     .run = duplicate_keys_run,
     .max_attempts = 5,
     .every = "* * * * *",
     .summary = "Makes the keys by which duplicates are found, where rules are new"},
    {.name = "duplicates.search",
     .run = duplicate_search_run,
     .max_attempts = 5,
     .timeout_s = 6 * 3600,
     .summary = "Looks for pairs of records that may be the same"},
    {.name = "duplicates.trial",
     .run = duplicate_trial_run,
     .max_attempts = 2,
     .timeout_s = 3600,
     .summary = "Tries rules of duplicates on what is there, before they are saved"},
    {.name = "merge",
     .run = duplicate_merge_run,
     .max_attempts = 3,
     .summary = "Makes one record of several"},
    {.name = NULL},
};
