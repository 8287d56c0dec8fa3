/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that look like a record that is there, as the rules of duplicates of the object see it (duplicate.h), and
 * what the option `similar` says of them. Rows of one chunk that might be alike are not written together: the later
 * one must find the earlier one, so such a chunk goes row by row. */
#include "import/similar.h"
#include "duplicate/duplicate.h"

static void tell(Ctx *cx, Issues *issues, Str message, bool warning)
{
    Issue issue = {.column = STR(""), .code = "similar", .message = message, .warning = warning};
    VEC_PUSH(cx->arena, issues, issue);
}

/* Of a record that the person does not see no more is said than that there is one. */
static Status describe(Ctx *cx, const DuplicateHit *hit, Str *ret)
{
    Str title = STR_NULL;
    int percent = (int)(hit->score * 100);
    if (hit->visible && hit->row) {
        *ret = text_in(cx, "import.similar_row", "looks like row %lld of the file (%d %%)",
                       (long long)hit->row, percent);
        return ST_OK;
    }
    if (hit->visible)
        TRY(query_titles(cx, hit->object, &hit->id, 1, &title, NULL));
    *ret = hit->visible ? text_in(cx, "import.similar", "looks like \"" STR_FMT "\" (%d %%)",
                                  STR_ARG(title), percent)
                        : text_in(cx, "import.similar_hidden",
                                  "looks like a record that you may not see (%d %%)", percent);
    return ST_OK;
}

/* A record with one of these keys is written by the chunk already. */
static bool meets_earlier(Ctx *cx, Chunk *chunk, const Record *r)
{
    int64_t *keys = NULL;
    size_t n = match_record_keys(cx->arena, r->object, r->values, &keys);
    bool met = false;
    for (size_t i = 0; i < n; i++) {
        Str key = str_format(cx->arena, "%llx", (unsigned long long)keys[i]);
        met = met || map_has(&chunk->keys, key);
        map_put(&chunk->keys, key, chunk);
    }
    return met;
}

static Status found(Ctx *cx, const Chunk *chunk, const DuplicateHit *hit, Issues *issues,
                    SimilarRow *ret)
{
    const Import *im = chunk->import;
    bool ours = hit->visible && hit->object == im->object;
    Str message;
    TRY(describe(cx, hit, &message));
    ret->found = true;
    ret->like = hit->id;
    ret->row = hit->row;
    ret->score = hit->score;
    ret->because = hit->because;
    if (im->similar == SIMILAR_SKIP)
        ret->what = SIMILAR_ROW_SKIP;
    else if (im->similar == SIMILAR_UPDATE && ours)
        ret->what = SIMILAR_ROW_UPDATE;
    else if (im->similar == SIMILAR_REPORT || im->similar == SIMILAR_UPDATE)
        ret->what = SIMILAR_ROW_FAIL;
    else if (hit->object == im->object)
        ret->what = SIMILAR_ROW_REVIEW; /* the queue holds pairs of one kind */
    tell(cx, issues, message, ret->what != SIMILAR_ROW_FAIL);
    return ST_OK;
}

Status similar_ask(Ctx *cx, Chunk *chunk, const Record *r, Issues *issues, SimilarRow *ret)
{
    DuplicateHit *hits = NULL;
    size_t n = 0, best = 0;
    *ret = (SimilarRow){.what = SIMILAR_ROW_NEW};
    if (!chunk->import->similar || r->version)
        return ST_OK;
    if (meets_earlier(cx, chunk, r) && !chunk->import->dry_run && !chunk->alone) {
        chunk->split = true;
        return FAIL(cx, ST_CONFLICT, "import.split", "the row is refused");
    }
    TRY(duplicate_find_rehearsed(cx, chunk->import->rehearsal, r, &hits, &n));
    while (best < n && !(hits[best].visible && hits[best].object == r->object))
        best++; /* one that can be shown and chosen, before others */
    return n ? found(cx, chunk, &hits[best < n ? best : 0], issues, ret) : ST_OK;
}

void similar_queue(Ctx *cx, Plan *plan, const Record *r, const SimilarRow *s)
{
    if (s->what == SIMILAR_ROW_REVIEW && !s->row)
        duplicate_put(cx, plan, r->object, r->id, s->like, s->score, s->because);
}

Status similar_note(Ctx *cx, const Import *im, const Record *r, int64_t row, const SimilarRow *s)
{
    int64_t into = s->what == SIMILAR_ROW_UPDATE ? s->row : 0;
    return im->rehearsal ? duplicate_rehearse(cx, im->rehearsal, r, row, into) : ST_OK;
}
