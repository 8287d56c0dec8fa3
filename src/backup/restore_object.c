/* SPDX-License-Identifier: Apache-2.0 */
/* The records of one object out of a backup: the place beside, its catalogue, chunks of one batch. */
#include "backup/restore_object.h"
#include "base/map.h"
#include "record/batch.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { CHUNK = 100, OBJECT_MANIFEST_MAX = 4 << 20, STATEMENT_MS = 600000 };

/* ---- which tables are brought back beside: the catalogue, the records, those of lines */
static const char *const CATALOGUE[] = {"gx_data_key", "gx_epoch", "gx_meta", "gx_meta_number",
                                        "gx_setting"};

typedef struct Picking {
    BackupSource source;
    Map plurals;
} Picking;

static bool is_wanted(const Picking *p, Str table)
{
    for (size_t i = 0; i < COUNT_OF(CATALOGUE); i++)
        if (str_is(table, CATALOGUE[i]))
            return true;
    return map_has(&p->plurals, table);
}

static Status skip_rows(Ctx *cx, ArchiveReader *r, const DbTable *t)
{
    DbVal *v = ARENA_ARRAY(cx->arena, DbVal, t->n);
    for (bool row = true; row;)
        TRY(archive_next_row(cx, r, v, &row));
    return ST_OK;
}

static Status next_table(Ctx *cx, void *arg, const DbTable **ret)
{
    Picking *p = arg;
    for (;;) {
        TRY(archive_next(cx, p->source.reader, ret));
        if (!*ret || is_wanted(p, (*ret)->name))
            return ST_OK;
        TRY(skip_rows(cx, p->source.reader, *ret));
    }
}

static Status next_row(Ctx *cx, void *arg, DbVal *v, bool *ret)
{
    return archive_next_row(cx, ((Picking *)arg)->source.reader, v, ret);
}

static Status fill_beside(Ctx *cx, const ObjectRun *run)
{
    const ObjectBack *what = run->what;
    FillReport report = {0};
    Picking p = {.plurals = map_in(cx->arena)};
    TRY(db_place_clear(cx, &what->scratch));
    if (!what->scratch.url && mkdir(what->scratch.dir, 0700) != 0)
        return FAIL(cx, ST_INTERNAL, "backup.not_written", "cannot write %s: %s", what->scratch.dir,
                    strerror(errno));
    for (size_t i = 0; i < run->n_parts; i++)
        map_put(&p.plurals, run->parts[i].now->plural, (void *)&run->parts[i]);
    Str from = str_format(cx->arena, "%s/%.*s", what->dir, STR_ARG(what->id));
    Status st = backup_source_open(cx, run->key, from.p, &p.source);
    if (st == ST_OK) {
        FillSource source = p.source.fill;
        source.arg = &p;
        source.table = next_table;
        source.row = next_row;
        st = fill_run(cx, &what->scratch, &source, &what->host.fill, false, &report);
    }
    backup_source_close(&p.source);
    return st;
}

/* ---- what is asked for */
static Status check_verified(Ctx *cx, const ObjectBack *what, Str *ret_key)
{
    json_t *manifest = NULL;
    Str text = STR_NULL;
    Str path = str_format(cx->arena, "%s/%.*s/manifest.json", what->dir, STR_ARG(what->id));
    if (!backup_is_id(what->id))
        return FAIL(cx, ST_NOT_FOUND, "backup.missing", "%s is missing",
                    str_z(cx->arena, what->id));
    TRY(backup_read_file(cx, path.p, OBJECT_MANIFEST_MAX, &text));
    TRY(json_parse(cx, text, &manifest));
    *ret_key = json_get_str(manifest, "vault_key");
    return json_get_bool(json_object_get(manifest, "verified"), "ok", false)
               ? ST_OK
               : FAIL(cx, ST_INVALID, "backup.object_unchecked",
                      "this backup was not brought back and compared yet: check it first");
}

static Status find_parts(Ctx *cx, ObjectRun *run)
{
    const Object *o = meta_object(cx->meta, run->what->object);
    if (!o || str_is(o->name, "user")) /* people are never deleted */
        return FAIL(cx, ST_NOT_FOUND, "backup.object_none",
                    "there is no object %.*s whose records could be brought back",
                    STR_ARG(run->what->object));
    run->parts[run->n_parts++] = (ObjectPart){.now = o};
    for (size_t i = 0; i < o->n_relations && run->n_parts < OBJECT_PARTS; i++) {
        const Relation *rel = &o->relations[i];
        if (rel->child->parent == rel->field && (rel->child->traits & TRAIT_LINE))
            run->parts[run->n_parts++] = (ObjectPart){.now = rel->child};
    }
    return ST_OK;
}

static Status count_rows(Ctx *cx, const Object *o, int64_t *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    bool row = false;
    sql_lit(&q, "SELECT COUNT(*) FROM ");
    sql_table(&q, o);
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_next(s, &row));
    *ret = row ? db_col_int(s, 0) : 0;
    return ST_OK;
}

/* The object of then under the same number: another one that has got its name since is none. */
static Status match_parts(Ctx *cx, ObjectRun *run)
{
    for (size_t i = 0; i < run->n_parts; i++) {
        ObjectPart *p = &run->parts[i];
        int64_t rows = 0;
        p->then = meta_object(run->then.meta, p->now->name);
        if (p->then &&
            (p->then->number != p->now->number || !str_eq(p->then->plural, p->now->plural)))
            p->then = NULL;
        if (!p->then && i == 0)
            return FAIL(cx, ST_INVALID, "backup.object_other",
                        "the object was not there yet when this backup was made");
        if (!p->then)
            continue;
        restore_object_fields(cx, p);
        TRY(count_rows(&run->then, p->then, &rows));
        TRY(count_rows(cx, p->now, &p->counts.newer)); /* less what is found */
        run->total += rows;
    }
    return ST_OK;
}

/* ---- chunks */
typedef struct ObjectChunk {
    ObjectRun *run;
    ObjectPart *part;
    const Id *ids;
    size_t n;
    ObjectCounts after;
    size_t samples, n_samples, errors, n_errors; /* told before: the plan may be prepared again */
} ObjectChunk;

static void remember(ObjectChunk *c)
{
    c->samples = c->run->samples.n;
    c->n_samples = c->run->n_samples;
    c->errors = c->run->errors.n;
    c->n_errors = c->run->n_errors;
}

static void forget(ObjectChunk *c)
{
    buf_truncate(&c->run->samples, c->samples);
    c->run->n_samples = c->n_samples;
    buf_truncate(&c->run->errors, c->errors);
    c->run->n_errors = c->n_errors;
    c->after = c->part->counts;
}

static Status prepare_chunk(Ctx *cx, Job *job UNUSED, Plan *plan, void *arg)
{
    ObjectChunk *c = arg;
    forget(c);
    for (size_t i = 0; i < c->n; i++) {
        Status st = restore_object_row(cx, c->run, c->part, c->ids[i], plan, &c->after);
        if (st == ST_INVALID) {
            c->after.failed++;
            restore_object_error(cx, c->run, c->part, c->ids[i]);
        } else {
            TRY(st);
        }
    }
    return ST_OK;
}

static Status look_only(Ctx *cx, ObjectChunk *c)
{
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    Arena *outer = cx->arena;
    cx->arena = scratch;
    Status st = prepare_chunk(cx, c->run->job, plan_new(cx), c);
    cx->arena = outer;
    if (st != ST_OK) {
        cx->err.text = cx->err.text.p ? str_copy(outer, cx->err.text) : STR_NULL;
        cx->err.fields.n = 0;
    }
    return st;
}

static Status prepare_batch(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    const ObjectRun *run = arg;
    Id batch = 0;
    Str label = str_format(cx->arena, "%.*s %.*s", STR_ARG(run->what->id),
                           STR_ARG(run->parts[0].now->plural));
    TRY(batch_begin(cx, plan, "backup", label, &batch));
    job_set_batch(cx, plan, job, batch);
    return ST_OK;
}

static Status apply_ids(Ctx *cx, ObjectChunk *c)
{
    remember(c);
    Status st =
        c->run->what->dry_run ? look_only(cx, c) : job_apply(cx, c->run->job, prepare_chunk, c);
    if (st == ST_OK)
        c->part->counts = c->after;
    else
        forget(c);
    return st;
}

/* The database refuses one of them (somebody took its unique value meanwhile): one by one. */
static Status apply_singly(Ctx *cx, const ObjectChunk *chunk)
{
    for (size_t i = 0; i < chunk->n; i++) {
        ObjectChunk one = {.run = chunk->run, .part = chunk->part, .ids = chunk->ids + i, .n = 1};
        error_clear(cx);
        Status st = apply_ids(cx, &one);
        if (st == ST_OK)
            continue;
        if (st != ST_CONFLICT)
            return st;
        restore_object_error(cx, chunk->run, chunk->part, chunk->ids[i]);
        chunk->part->counts.records++;
        chunk->part->counts.failed++;
    }
    return ST_OK;
}

static Status apply_chunk(Ctx *cx, ObjectChunk *c)
{
    Status st = apply_ids(cx, c);
    bool cancelled = cx->err.key && !strcmp(cx->err.key, "job.cancelled");
    if (st == ST_CONFLICT && !cancelled)
        st = apply_singly(cx, c);
    TRY(st);
    c->run->done += (int64_t)c->n;
    return job_progress(cx, c->run->job, c->run->done, c->run->total);
}

static Status next_ids(ObjectRun *run, const Object *o, Id after, Id *ret, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *s = NULL;
    CLEANUP(arena) Arena *scratch = arena_new(4096);
    Ctx *cx = &run->then;
    Arena *outer = cx->arena;
    Sql q = sql_new(scratch);
    sql_lit(&q, "SELECT \"id\" FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE \"id\" > ");
    sql_bind_int(&q, after);
    sql_lit(&q, " ORDER BY \"id\" LIMIT ");
    sql_number(&q, CHUNK);
    cx->arena = scratch;
    Status st = db_prepare_str(cx, sql_text(&q), &s);
    if (st == ST_OK)
        st = db_bind_all(s, q.vals->v, q.vals->n);
    bool row = true;
    for (*ret_n = 0; st == ST_OK && *ret_n < CHUNK;) {
        st = db_next(s, &row);
        if (st != ST_OK || !row)
            break;
        ret[(*ret_n)++] = db_col_id(s, 0);
    }
    cx->arena = outer;
    return st;
}

static Status bring_part(Ctx *cx, ObjectRun *run, ObjectPart *part)
{
    Id ids[CHUNK], after = 0;
    for (;;) {
        ObjectChunk c = {.run = run, .part = part, .ids = ids};
        TRY(next_ids(run, part->then, after, ids, &c.n));
        if (!c.n)
            break;
        TRY(apply_chunk(cx, &c));
        after = ids[c.n - 1];
    }
    part->counts.newer -= part->counts.found;
    return ST_OK;
}

/* Figures drawn from other records are computed; who may see what may have changed. */
static Status prepare_derived(Ctx *cx, Job *job UNUSED, Plan *plan, void *arg)
{
    const ObjectRun *run = arg;
    Id ignored;
    json_t *params = json_object();
    json_own(cx->arena, params);
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        record_rollup_mark(plan, cx->meta->objects[i]);
    for (size_t i = 0; i < run->n_parts; i++)
        if (access_depends_on(run->parts[i].now))
            access_changed(cx, plan);
    return job_enqueue(cx, plan, "rollups", params, 0, 0, &ignored);
}

static Status bring(Ctx *cx, ObjectRun *run)
{
    bool dry = run->what->dry_run;
    if (!dry && !run->job->batch)
        TRY(job_apply(cx, run->job, prepare_batch, run));
    for (size_t i = 0; i < run->n_parts; i++)
        if (run->parts[i].then)
            TRY(bring_part(cx, run, &run->parts[i]));
    return dry ? ST_OK : job_apply(cx, run->job, prepare_derived, (void *)run);
}

/* ---- the place beside, open */
static Status with_catalogue(Ctx *cx, ObjectRun *run)
{
    MetaStore *store = NULL;
    const ObjectHost *host = &run->what->host;
    TRY(host->open(&run->then, host->fill.arg, run->pool, run->vault_key, &store));
    run->then.meta = meta_acquire(store);
    Status st = match_parts(cx, run);
    if (st == ST_OK)
        st = bring(cx, run);
    meta_release(run->then.meta);
    meta_close(store);
    return st;
}

static Status with_place(Ctx *cx, ObjectRun *run)
{
    DbConfig place = run->what->scratch;
    place.readers = 2;
    TRY(db_open(cx, &place, &run->pool));
    run->then = *cx;
    run->then.meta = NULL;
    run->then.db = db_lease(run->pool);
    db_statement_limit(run->then.db, STATEMENT_MS);
    Status st = with_catalogue(cx, run);
    if (st != ST_OK && cx->err.status == ST_OK)
        cx->err = run->then.err;
    db_release(run->then.db);
    db_close(run->pool);
    return st;
}

/* ---- result */
static void write_counts(const ObjectCounts *c, Buf *out)
{
    const struct {
        const char *name;
        int64_t n;
    } all[] = {{"records", c->records},
               {"missing", c->missing},
               {"changed", c->changed},
               {"equal", c->equal},
               {"newer", c->newer},
               {"failed", c->failed},
               {"lost_links", c->lost_links},
               {"lost_files", c->lost_files},
               {"lost_secrets", c->lost_secrets}};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        buf_printf(out, "%s\"%s\":%lld", i ? "," : "", all[i].name, (long long)all[i].n);
}

static void write_part(const ObjectPart *p, Buf *out)
{
    buf_lit(out, "{\"object\":");
    buf_json_str(out, p->now->name);
    buf_char(out, ',');
    write_counts(&p->counts, out);
    buf_lit(out, ",\"left\":[");
    for (size_t i = 0; i < p->left.n; i++) {
        if (i)
            buf_char(out, ',');
        buf_json_str(out, p->left.v[i]->name);
    }
    buf_lit(out, "]}");
}

static void write_result(const ObjectRun *run, Buf *out)
{
    ObjectCounts all = {0};
    for (size_t i = 0; i < run->n_parts; i++)
        for (size_t k = 0; k < sizeof(all) / sizeof(int64_t); k++)
            ((int64_t *)&all)[k] += ((const int64_t *)&run->parts[i].counts)[k];
    buf_lit(out, "{\"backup\":");
    buf_json_str(out, run->what->id);
    buf_printf(out, ",\"dry_run\":%s,\"set_back\":%s,", run->what->dry_run ? "true" : "false",
               run->what->set_back ? "true" : "false");
    write_counts(&all, out);
    buf_lit(out, ",\"objects\":[");
    for (size_t i = 0; i < run->n_parts; i++) {
        if (i)
            buf_char(out, ',');
        write_part(&run->parts[i], out);
    }
    buf_lit(out, "],\"samples\":[");
    buf_str_add(out, buf_str(&run->samples));
    buf_lit(out, "],\"errors\":[");
    buf_str_add(out, buf_str(&run->errors));
    buf_lit(out, "]}");
}

Status restore_object(Ctx *cx, Job *job, const ObjectBack *what, Buf *result)
{
    CLEANUP(seal_key) SealKey *key = NULL;
    ObjectRun run = {.what = what,
                     .job = job,
                     .samples = buf_in(cx->arena, 1 << 18),
                     .errors = buf_in(cx->arena, 1 << 18)};
    cx->cause = "backup";
    TRY(check_verified(cx, what, &run.vault_key));
    TRY(find_parts(cx, &run));
    TRY(seal_key_read(cx, what->key_file, &key));
    run.key = key;
    Status st = fill_beside(cx, &run);
    if (st == ST_OK)
        st = with_place(cx, &run);
    Ctx quiet = *cx;
    (void)!db_place_clear(&quiet, &what->scratch);
    TRY(st);
    write_result(&run, result);
    return ST_OK;
}
