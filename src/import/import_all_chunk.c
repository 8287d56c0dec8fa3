/* SPDX-License-Identifier: Apache-2.0 */
/* Records of an archive in chunks, each a plan with its checkpoint; one that the database refuses goes row by
 * row. Rows that cannot be brought are told, the first ALL_ERRORS of them in words. */
#include "import/import_all.h"

enum { TELL_EVERY = 50 };

typedef struct AllChunk {
    ImportAll *a;
    AllPart *part;
    Arena *arena;
    VEC(Str) lines;
    size_t bytes;
    AllCounts after;
    int64_t resumed;         /* lines that an earlier attempt has written */
    size_t errors, n_errors; /* told before them: the plan may be prepared again */
} AllChunk;

/* ---- rows */
static void tell_error(ImportAll *a, const AllPart *part, Str line)
{
    Ctx *cx = a->cx;
    Buf *b = &a->errors;
    json_t *row = NULL;
    Str text = cx->err.fields.n ? cx->err.fields.v[0].message : cx->err.text;
    Str field = cx->err.fields.n ? cx->err.fields.v[0].field : STR_NULL;
    if (a->n_errors++ >= ALL_ERRORS)
        return;
    buf_str_add(b, b->n ? STR(",{\"object\":") : STR("{\"object\":"));
    buf_json_str(b, part->name);
    buf_lit(b, ",\"field\":");
    buf_json_str(b, field.p ? field : STR(""));
    buf_lit(b, ",\"message\":");
    buf_json_str(b, text.p ? text : STR(""));
    error_clear(cx);
    buf_lit(b, ",\"id\":");
    buf_json_str(b, json_parse(cx, line, &row) == ST_OK ? json_get_str(row, "id") : STR(""));
    buf_char(b, '}');
    error_clear(cx);
}

static void write_checkpoint(const ImportAll *a, const AllChunk *chunk, Buf *out)
{
    buf_char(out, '[');
    for (size_t i = 0; i < a->n_parts; i++) {
        const AllPart *p = &a->parts[i];
        bool now = p == chunk->part;
        const int64_t *n = import_all_figures(now ? &chunk->after : &p->counts);
        buf_printf(out, "%s[%lld", i ? "," : "",
                   (long long)p->done + (now ? (long long)chunk->lines.n : 0));
        for (size_t k = 0; k < ALL_FIGURES; k++)
            buf_printf(out, ",%lld", (long long)n[k]);
        buf_char(out, ']');
    }
    buf_char(out, ']');
}

Status import_all_resume(ImportAll *a)
{
    json_t *list = NULL;
    if (!a->job->checkpoint.n)
        return ST_OK;
    TRY(json_parse(a->cx, a->job->checkpoint, &list));
    for (size_t i = 0; i < a->n_parts; i++) {
        const json_t *said = json_array_get(list, i);
        int64_t *n = (int64_t *)&a->parts[i].counts;
        a->parts[i].done = json_integer_value(json_array_get(said, 0));
        for (size_t k = 0; k < ALL_FIGURES; k++)
            n[k] = json_integer_value(json_array_get(said, k + 1));
    }
    return ST_OK;
}

/* A row that cannot be brought is told and left; what the database refuses ends the plan. */
static Status prepare_chunk(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    AllChunk *chunk = arg;
    ImportAll *a = chunk->a;
    chunk->after = chunk->part->counts;
    buf_truncate(&a->errors, chunk->errors);
    a->n_errors = chunk->n_errors;
    for (size_t i = 0; i < chunk->lines.n; i++) {
        Status st = import_all_row(a, chunk->part, plan, chunk->lines.v[i], &chunk->after);
        if (st != ST_INVALID)
            TRY(st);
        if (st == ST_INVALID) {
            chunk->after.failed++;
            tell_error(a, chunk->part, chunk->lines.v[i]);
        }
    }
    if (a->dry_run)
        return ST_OK;
    Buf checkpoint = buf_in(cx->arena, 1 << 20);
    write_checkpoint(a, chunk, &checkpoint);
    job_checkpoint(cx, plan, job, buf_str(&checkpoint));
    return ST_OK;
}

static Status dry_chunk(ImportAll *a, AllChunk *chunk)
{
    Ctx *cx = a->cx;
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    Arena *outer = cx->arena;
    cx->arena = scratch;
    Status st = prepare_chunk(cx, a->job, plan_new(cx), chunk);
    cx->arena = outer;
    if (st != ST_OK) {
        cx->err.text = cx->err.text.p ? str_copy(outer, cx->err.text) : STR_NULL;
        cx->err.fields.n = 0;
    }
    return st;
}

static Status apply_lines(ImportAll *a, AllChunk *chunk)
{
    chunk->errors = a->errors.n;
    chunk->n_errors = a->n_errors;
    Status st = a->dry_run ? dry_chunk(a, chunk) : job_apply(a->cx, a->job, prepare_chunk, chunk);
    if (st == ST_OK) {
        chunk->part->counts = chunk->after;
        chunk->part->done += (int64_t)chunk->lines.n;
        return ST_OK;
    }
    buf_truncate(&a->errors, chunk->errors);
    a->n_errors = chunk->n_errors;
    return st;
}

/* The database refuses one of them (a unique value that another record has): one by one. */
static Status apply_singly(ImportAll *a, AllChunk *chunk)
{
    for (size_t i = 0; i < chunk->lines.n; i++) {
        AllChunk one = {.a = a, .part = chunk->part};
        error_clear(a->cx);
        VEC_PUSH(chunk->arena, &one.lines, chunk->lines.v[i]);
        Status st = apply_lines(a, &one);
        if (st == ST_OK)
            continue;
        if (st != ST_CONFLICT)
            return st;
        if (a->cx->err.constraint.n)
            (void)!record_explain_conflict(a->cx, str_copy(chunk->arena, a->cx->err.constraint));
        tell_error(a, chunk->part, chunk->lines.v[i]);
        chunk->part->counts.failed++;
        chunk->part->done++;
    }
    return ST_OK;
}

static Status apply_chunk(ImportAll *a, AllChunk *chunk)
{
    if (!chunk->lines.n)
        return ST_OK;
    Status st = apply_lines(a, chunk);
    bool cancelled = a->cx->err.key && !strcmp(a->cx->err.key, "job.cancelled");
    if (st == ST_CONFLICT && !cancelled)
        st = apply_singly(a, chunk);
    chunk->lines.n = 0;
    chunk->lines.v = NULL;
    chunk->lines.cap = 0;
    chunk->bytes = 0;
    arena_reset(chunk->arena);
    return st;
}

static Status take_line(ImportAll *a, void *arg, Str line, int64_t number)
{
    AllChunk *chunk = arg;
    if (++a->told % TELL_EVERY == 0)
        TRY(import_all_tell(a, a->told));
    if (number <= chunk->resumed)
        return ST_OK;
    VEC_PUSH(chunk->arena, &chunk->lines, str_copy(chunk->arena, line));
    chunk->bytes += line.n;
    return chunk->lines.n >= CHUNK_ROWS || chunk->bytes >= CHUNK_BYTES ? apply_chunk(a, chunk)
                                                                       : ST_OK;
}

static Status bring_part(ImportAll *a, AllPart *p)
{
    CLEANUP(arena) Arena *arena = arena_new(CHUNK_BYTES);
    AllChunk chunk = {.a = a, .part = p, .arena = arena, .resumed = p->done};
    if (!p->object) { /* a dry run; the configuration would make it */
        p->counts.created = p->rows;
        return ST_OK;
    }
    TRY(import_all_lines(a, p->entry, take_line, &chunk));
    return apply_chunk(a, &chunk);
}

Status import_all_rows(ImportAll *a)
{
    for (size_t i = 0; i < a->n_parts; i++)
        TRY(bring_part(a, &a->parts[i]));
    return ST_OK;
}
