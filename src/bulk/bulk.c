/* SPDX-License-Identifier: Apache-2.0 */
/* The way in: what would happen (preview), the job, and the list of one's batches. */
#include "base/calendar.h"
#include "bulk/bulk_internal.h"

#define PREVIEW_CHECKED 500 /* records whose outcome is found out by preparing it */
#define PREVIEW_SAMPLES 10
#define PREVIEW_COUNT 1000000

const JobDef bulk_jobs[] = {
    {.name = "bulk",
     .run = bulk_run,
     .max_attempts = 5,
     .summary = "Changes, deletes, restores or transfers many records, or does a verb to each"},
    {.name = "rollups",
     .run = bulk_rollup_run,
     .max_attempts = 5,
     .every = "* * * * *",
     .summary = "Computes rollups of records that were there before them"},
    {.name = NULL},
};

Status bulk_enqueue(Ctx *cx, Plan *plan, const Object *o, const json_t *body, Id *ret_job)
{
    Bulk b;
    TRY(bulk_parse(cx, o, body, &b));
    json_t *params = json_object();
    json_own(cx->arena, params);
    json_object_set_new(params, "object", json_stringn(o->name.p, o->name.n));
    json_object_set_new(params, "body", json_deep_copy(body));
    return job_enqueue(cx, plan, "bulk", params, 0, 0, ret_job);
}

/* ---- preview */
typedef struct Preview {
    const Bulk *bulk;
    int64_t outcomes[3]; /* BulkOutcome */
    size_t n;
    Buf samples;
} Preview;

static Status sample_body(Ctx *cx, Preview *p, Status st, BulkOutcome outcome, const Record *r)
{
    static const char *const NAMES[] = {"change", "unchanged", "failed"};
    buf_printf(&p->samples, ",\"outcome\":\"%s\"", NAMES[outcome]);
    if (st != ST_OK) {
        buf_lit(&p->samples, ",\"error\":");
        error_problem(cx, &p->samples);
        error_clear(cx);
    } else if (r && p->bulk->verb != BULK_DELETE && p->bulk->verb != BULK_RESTORE) {
        buf_lit(&p->samples, ",\"changes\":");
        TRY(record_changes_json(cx, r, &p->samples));
    }
    buf_char(&p->samples, '}');
    return ST_OK;
}

static Status sample(Ctx *cx, Preview *p, Id id, Status st, BulkOutcome outcome, const Record *r)
{
    Str title = STR_NULL;
    Error err = cx->err;
    error_clear(cx);
    TRY(query_titles(cx, p->bulk->object, &id, 1, &title, NULL));
    cx->err = err;
    buf_printf(&p->samples, "%s{\"id\":", p->samples.n ? "," : "");
    buf_json_id(&p->samples, id);
    buf_lit(&p->samples, ",\"title\":");
    if (title.p)
        buf_json_str(&p->samples, title);
    else
        buf_lit(&p->samples, "null");
    return sample_body(cx, p, st, outcome, r);
}

/* The plan is made and thrown away. */
static Status try_one(Ctx *cx, Preview *p, Id id)
{
    BulkOutcome outcome = BULK_CHANGED;
    Record *r = NULL;
    Status st = bulk_one(cx, plan_new(cx), p->bulk, id, &outcome, &r);
    if (st != ST_OK && !bulk_is_records_own(st))
        return st;
    if (st != ST_OK)
        outcome = BULK_REFUSED;
    p->outcomes[outcome]++;
    if (p->n++ < PREVIEW_SAMPLES)
        return sample(cx, p, id, st, outcome, r);
    error_clear(cx);
    return ST_OK;
}

static Status try_all(Ctx *cx, Preview *p, const Id *ids, size_t n)
{
    Arena *outer = cx->arena;
    CLEANUP(arena) Arena *one = arena_new((size_t)64 * 1024);
    for (size_t i = 0; i < n; i++) {
        arena_reset(one);
        cx->arena = one;
        Status st = try_one(cx, p, ids[i]);
        cx->arena = outer;
        if (st != ST_OK) {
            cx->err.text = str_copy(outer, cx->err.text);
            cx->err.fields.n = 0;
            return st;
        }
    }
    return ST_OK;
}

Status bulk_preview(Ctx *cx, const Object *o, const json_t *body, Buf *out)
{
    Bulk b;
    int64_t total = 0;
    size_t n = 0;
    Id *ids = ARENA_ARRAY(cx->arena, Id, PREVIEW_CHECKED);
    TRY(bulk_parse(cx, o, body, &b));
    TRY(bulk_total(cx, &b, PREVIEW_COUNT + 1, &total));
    TRY(bulk_page(cx, &b, 0, INT64_MAX, PREVIEW_CHECKED, ids, &n));
    Preview p = {.bulk = &b, .samples = buf_in(cx->arena, 1 << 20)};
    TRY(try_all(cx, &p, ids, n));
    bool exact = total <= PREVIEW_COUNT;
    buf_printf(out,
               "{\"dry_run\":true,\"count\":{\"value\":%lld,\"exact\":%s},\"checked\":%zu,"
               "\"change\":%lld,\"unchanged\":%lld,\"failed\":%lld,\"samples\":[" STR_FMT "]}",
               (long long)(exact ? total : PREVIEW_COUNT), exact ? "true" : "false", n,
               (long long)p.outcomes[BULK_CHANGED], (long long)p.outcomes[BULK_SAME],
               (long long)p.outcomes[BULK_REFUSED], STR_ARG(buf_str(&p.samples)));
    return ST_OK;
}

/* ---- one's batches */
static const char SQL_BATCHES[] = "SELECT id, at, kind, label, undone_by FROM {gx_batch} "
                                  "WHERE by_user = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";

static void write_batch(const Stmt *q, Buf *out)
{
    buf_lit(out, "{\"id\":");
    buf_json_id(out, db_col_id(q, 0));
    buf_lit(out, ",\"at\":\"");
    calendar_write_datetime(out, db_col_int(q, 1));
    buf_lit(out, "\",\"kind\":");
    buf_json_str(out, db_col_text(q, 2));
    buf_lit(out, ",\"label\":");
    if (db_col_null(q, 3))
        buf_lit(out, "null");
    else
        buf_json_str(out, db_col_text(q, 3));
    buf_lit(out, ",\"undone_by\":");
    if (db_col_null(q, 4))
        buf_lit(out, "null");
    else
        buf_json_id(out, db_col_id(q, 4));
    buf_char(out, '}');
}

Status bulk_batches(Ctx *cx, Id before, int limit, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal v[] = {db_int(cx->user_id), db_int(before), db_int((int64_t)limit + 1)};
    Id last = 0;
    bool row = true;
    TRY(db_prepare(cx, SQL_BATCHES, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    buf_lit(out, "{\"items\":[");
    for (int n = 0;; n++) {
        TRY(db_next(q, &row));
        if (!row || n == limit)
            break;
        if (n)
            buf_char(out, ',');
        last = db_col_id(q, 0);
        write_batch(q, out);
    }
    buf_json_next(out, row ? last : 0);
    return ST_OK;
}
