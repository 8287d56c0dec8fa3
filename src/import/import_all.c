/* SPDX-License-Identifier: Apache-2.0 */
/* The job "import_all": an archive is checked, its configuration laid over the catalogue, the bytes of its
 * files kept, then its records brought in chunks, each with a checkpoint; all records are one batch,
 * which can be taken back. The system brings them: nobody is told of records that came this way. */
#include "import/import_all.h"
#include "file/file.h"
#include "meta/meta_export.h"
#include "record/batch.h"
#include "record/number.h"
#include <unistd.h>

/* ---- the way in */
static Status only_administrators(Ctx *cx)
{
    return cx->user->is_administrator
               ? ST_OK
               : FAIL(cx, ST_DENIED, "import.all_denied",
                      "only administrators bring an archive of everything in");
}

Status import_all_enqueue(Ctx *cx, Plan *plan, Str path, Str file_name, const json_t *options,
                          Id *ret_job)
{
    const char *key;
    json_t *v, *params = json_object();
    json_own(cx->arena, params);
    TRY(only_administrators(cx));
    json_object_foreach((json_t *)options, key, v)
    {
        if (strcmp(key, "dry_run") != 0 || !json_is_boolean(v))
            return FIELD_FAIL(cx, str_of(key), "bad_value", "import.all_option",
                              "is no option of bringing an archive in");
    }
    json_object_set_new(params, "path", json_stringn(path.p, path.n));
    json_object_set_new(params, "file_name",
                        json_stringn(file_name.n ? file_name.p : "", file_name.n));
    json_object_set_new(params, "dry_run", json_boolean(json_get_bool(options, "dry_run", false)));
    return job_enqueue(cx, plan, "import_all", params, 0, 0, ret_job);
}

/* ---- the configuration */
static Status lay_over(Ctx *cx, ImportAll *a, bool dry_run, Plan *plan)
{
    MetaDiffs diffs = {0};
    MetaApply how = {.files = a->configuration, .dry_run = dry_run};
    TRY(meta_apply(cx, cx->records->meta, &how, plan, &diffs));
    a->differs = (int64_t)diffs.list.n;
    return ST_OK;
}

static Status prepare_configuration(Ctx *cx, Job *job UNUSED, Plan *plan, void *arg)
{
    TRY(lay_over(cx, arg, false, plan));
    if (!plan_is_empty(plan))
        access_changed(cx, plan);
    return ST_OK;
}

static Status follow_catalogue(ImportAll *a)
{
    Ctx *cx = a->cx;
    TRY(meta_refresh(cx, cx->records->meta));
    const Meta *fresh = meta_acquire(cx->records->meta);
    meta_release(cx->meta);
    cx->meta = fresh;
    cx->catalogue_version = fresh->version;
    for (size_t i = 0; i < a->n_parts; i++) {
        a->parts[i].object = meta_object(fresh, a->parts[i].name);
        if (!a->parts[i].object)
            return import_all_broken(cx, a->parts[i].entry->name);
    }
    return ST_OK;
}

static Status bring_configuration(ImportAll *a)
{
    Ctx *cx = a->cx;
    if (!json_object_size(a->configuration))
        return ST_OK;
    TRY(lay_over(cx, a, true, plan_new(cx)));
    if (a->dry_run || !a->differs)
        return ST_OK;
    TRY(job_apply(cx, a->job, prepare_configuration, a));
    return follow_catalogue(a);
}

/* ---- the order: what others need comes before them, so that taking the batch back, newest first, finds
 * nothing that is still needed. Circles are cut where they are met. */
typedef struct Order {
    ImportAll *a;
    bool *seen;
    AllPart *sorted;
    size_t n;
} Order;

static bool needs(const Field *f)
{
    return f->to && !f->system && f->kind == F_LINK &&
           (f->on_delete == DELETE_RESTRICT || f == f->object->parent);
}

static void put_in_order(Order *o, size_t i)
{
    const Object *object = o->a->parts[i].object;
    if (o->seen[i])
        return;
    o->seen[i] = true;
    for (size_t k = 0; object && k < object->n_fields; k++) {
        const Field *f = object->fields[k];
        const AllPart *to = needs(f) ? import_all_part(o->a, f->to) : NULL;
        if (to)
            put_in_order(o, (size_t)(to - o->a->parts));
    }
    o->sorted[o->n++] = o->a->parts[i];
}

static void sort_parts(ImportAll *a)
{
    Order o = {.a = a,
               .seen = ARENA_ARRAY(a->arena, bool, a->n_parts + 1),
               .sorted = ARENA_ARRAY(a->arena, AllPart, a->n_parts + 1)};
    for (size_t i = 0; i < a->n_parts; i++)
        put_in_order(&o, i);
    a->parts = o.sorted;
}

/* ---- files */
static Status keep_file(ImportAll *a, const ZipEntry *e, Str hash, const char *path)
{
    Ctx *cx = a->cx;
    CLEANUP(arena) Arena *scratch = arena_new(4096);
    Arena *outer = cx->arena;
    TRY(import_all_write(a, e, path));
    cx->arena = scratch;
    Status st = file_store_keep(cx, cx->records->dir, path, hash);
    cx->arena = outer;
    if (st != ST_OK)
        cx->err.text = cx->err.text.p ? str_copy(outer, cx->err.text) : STR_NULL;
    unlink(path);
    return st;
}

static Status bring_files(ImportAll *a)
{
    Ctx *cx = a->cx;
    Str hash;
    char *path = str_z(cx->arena, str_format(cx->arena, "%s/imports/%lld.file", cx->records->dir,
                                             (long long)a->job->id));
    for (size_t i = 0; i < a->zip.n; i++) {
        if (!import_all_is_file(&a->zip.entries[i], &hash))
            continue;
        if (!a->dry_run)
            TRY(keep_file(a, &a->zip.entries[i], hash, path));
        a->files++;
        TRY(import_all_tell(a, a->told));
    }
    return ST_OK;
}

/* ---- around them */
static Status prepare_batch(Ctx *cx, Job *job, Plan *plan, void *arg UNUSED)
{
    Id batch = 0;
    TRY(batch_begin(cx, plan, "import", json_get_str(job->params, "file_name"), &batch));
    job_set_batch(cx, plan, job, batch);
    return ST_OK;
}

static Status raise_numbers(Ctx *cx, Plan *plan, const Object *o)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        int64_t counter = 0, greatest = 0;
        if (f->kind != F_AUTO_NUMBER)
            continue;
        TRY(number_verify(cx, f, &counter, &greatest));
        if (greatest <= counter)
            continue;
        number_raise(cx, plan, f, greatest);
        number_forget(cx, f);
    }
    return ST_OK;
}

/* Numbers go on behind those that came; figures drawn from other records are computed. */
static Status prepare_derived(Ctx *cx, Job *job UNUSED, Plan *plan, void *arg)
{
    const ImportAll *a = arg;
    Id ignored;
    json_t *params = json_object();
    json_own(cx->arena, params);
    for (size_t i = 0; i < a->n_parts; i++)
        TRY(raise_numbers(cx, plan, a->parts[i].object));
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        record_rollup_mark(plan, cx->meta->objects[i]);
    access_changed(cx, plan);
    return job_enqueue(cx, plan, "rollups", params, 0, 0, &ignored);
}

static void write_counts(const AllCounts *c, int64_t rows, Buf *out)
{
    buf_printf(out,
               "\"rows\":%lld,\"created\":%lld,\"equal\":%lld,\"updated\":%lld,\"kept\":%lld,"
               "\"failed\":%lld,\"lost_links\":%lld",
               (long long)rows, (long long)c->created, (long long)c->equal, (long long)c->updated,
               (long long)c->kept, (long long)c->failed, (long long)c->lost_links);
}

static void write_result(const ImportAll *a, Buf *out)
{
    AllCounts all = {0};
    for (size_t i = 0; i < a->n_parts; i++)
        for (size_t k = 0; k < ALL_FIGURES; k++)
            ((int64_t *)&all)[k] += import_all_figures(&a->parts[i].counts)[k];
    buf_printf(out, "{\"dry_run\":%s,", a->dry_run ? "true" : "false");
    write_counts(&all, a->rows, out);
    buf_printf(out, ",\"files\":%lld,\"lost_files\":%lld,\"configuration\":%lld,\"objects\":[",
               (long long)a->files, (long long)a->lost_files, (long long)a->differs);
    for (size_t i = 0; i < a->n_parts; i++) {
        buf_str_add(out, i ? STR(",{\"object\":") : STR("{\"object\":"));
        buf_json_str(out, a->parts[i].name);
        buf_char(out, ',');
        write_counts(&a->parts[i].counts, a->parts[i].rows, out);
        buf_printf(out, ",\"moved\":%zu}", a->parts[i].moved.n);
    }
    buf_lit(out, "],\"errors\":[");
    buf_str_add(out, buf_str(&a->errors));
    buf_lit(out, "]}");
}

/* The system writes the rows, so the log of changes names it, and nobody is told of them. */
static Status as_system(ImportAll *a, Status (*work)(ImportAll *))
{
    Ctx *cx = a->cx;
    const User *person = cx->user;
    User *system = ARENA_NEW(cx->arena, User);
    *system = *person;
    system->id = USER_SYSTEM;
    cx->user = system;
    Status st = work(a);
    cx->user = person;
    return st;
}

static Status bring(ImportAll *a)
{
    Ctx *cx = a->cx;
    TRY(import_all_check(a));
    TRY(bring_configuration(a));
    sort_parts(a);
    TRY(import_all_scan(a));
    TRY(bring_files(a));
    if (!a->dry_run && !a->job->batch)
        TRY(job_apply(cx, a->job, prepare_batch, a));
    TRY(import_all_resume(a));
    TRY(as_system(a, import_all_rows));
    if (a->dry_run)
        return ST_OK;
    TRY(job_apply(cx, a->job, prepare_derived, a));
    return db_analyze(cx, cx->records->pool);
}

Status import_all_run(Ctx *cx, Job *job, Buf *result)
{
    ImportAll a = {.cx = cx, .job = job, .arena = cx->arena, .errors = buf_in(cx->arena, 1 << 20)};
    a.dry_run = json_get_bool(job->params, "dry_run", false);
    cx->cause = "import";
    TRY(only_administrators(cx));
    Status st = import_all_open(&a, json_get_str(job->params, "path"));
    if (st == ST_OK)
        st = bring(&a);
    import_all_close(&a);
    TRY(st);
    TRY(job_progress(cx, job, 2 * a.rows, 2 * a.rows));
    write_result(&a, result);
    return ST_OK;
}
