/* SPDX-License-Identifier: Apache-2.0 */
/* Making one record of several: what the body asks for, what it would come to (preview), and the job, which is one
 * plan: all of it or nothing.
 *
 * Of each field the person may write, a value is chosen: that of the record named in "choose", "all" of lists, else the
 * kept record's own, else the first of the others that has one. Fields he may not write keep what the kept one has. */
#include "base/id.h"
#include "duplicate/duplicate_internal.h"
#include "record/batch.h"
#include "record/merge.h"
#include <stdlib.h>

enum { RECORDS_MAX = 20, SAMPLE_ROOM = 2000 };
#define ALL_VALUES (-1)

typedef struct Wanted {
    const Object *object;
    Record *records[RECORDS_MAX + 1]; /* the kept one first */
    size_t n;
    const json_t *choose;
    int64_t moved;
} Wanted;

/* ---- the body */
static Status bad(Ctx *cx, const char *field)
{
    return FIELD_FAIL(cx, str_of(field), "bad_value", "duplicate.merge_ids",
                      "\"keep\" is an id, \"merge\" a list of 1 to %d others of the same kind",
                      RECORDS_MAX);
}

static Status check_keys(Ctx *cx, const json_t *body)
{
    static const char *const KNOWN[] = {"keep", "merge", "choose", "dry_run"};
    const char *key;
    json_t *v;
    if (!json_is_object(body))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "duplicate.not_object",
                         "the body must be a JSON object");
    json_object_foreach((json_t *)body, key, v)
    {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(KNOWN); i++)
            known = known || !strcmp(key, KNOWN[i]);
        if (!known)
            return FIELD_FAIL(cx, str_sub(str_of(key), 0, 80), "unknown_field",
                              "duplicate.unknown_key", "unknown here");
    }
    return ST_OK;
}

static Status load_one(Ctx *cx, Wanted *w, const json_t *v, const char *name)
{
    Id id = 0;
    if (!id_parse(json_str(v), &id))
        return bad(cx, name);
    for (size_t i = 0; i < w->n; i++)
        if (w->records[i]->id == id)
            return bad(cx, name);
    return record_load(cx, w->object, id, &w->records[w->n++]);
}

static bool can_merge(const Object *o)
{
    return o->owner && !o->parent && !o->code && !(o->traits & TRAIT_APPEND_ONLY) &&
           !str_is(o->name, "user");
}

static Status read_body(Ctx *cx, const Object *o, const json_t *body, Wanted *w)
{
    const json_t *list = json_object_get(body, "merge");
    size_t n = json_array_size(list);
    *w = (Wanted){.object = o, .choose = json_object_get(body, "choose")};
    TRY(check_keys(cx, body));
    if (!can_merge(o))
        return FAIL(cx, ST_INVALID, "duplicate.merge_object",
                    "records of this kind are not merged");
    if (!json_is_array(list) || !n || n > RECORDS_MAX)
        return bad(cx, "merge");
    if (w->choose && !json_is_object(w->choose))
        return FIELD_FAIL(cx, STR("choose"), "bad_value", "duplicate.choose",
                          "fields, each with the id of the record whose value is taken");
    TRY(load_one(cx, w, json_object_get(body, "keep"), "keep"));
    for (size_t i = 0; i < n; i++)
        TRY(load_one(cx, w, json_array_get(list, i), "merge"));
    return ST_OK;
}

/* ---- fields */
static bool is_list(const Field *f) { return f->kind == F_LINKS || field_is_set(f); }

static bool is_chosen(Ctx *cx, const Field *f)
{
    bool stored = f->n_columns > 0 && f->kind != F_ROLLUP && f->kind != F_FORMULA;
    return stored && !f->system && !f->readonly && f->kind != F_SECRET &&
           f->kind != F_AUTO_NUMBER && access_field(cx, f) == FIELD_WRITE;
}

/* The record whose value is taken unless something else is said: the kept one's own, else the first there is. */
static int usual(const Wanted *w, const Field *f)
{
    if (is_list(f))
        return ALL_VALUES;
    for (size_t i = 0; i < w->n; i++)
        if (!value_is_null(record_get(w->records[i], f)))
            return (int)i;
    return 0;
}

static Status choice_of(Ctx *cx, const Wanted *w, const Field *f, int *ret)
{
    const json_t *said = json_object_getn(w->choose, f->name.p, f->name.n);
    Id id = 0;
    *ret = usual(w, f);
    if (!said)
        return ST_OK;
    if (is_list(f) && str_is(json_str(said), "all")) {
        *ret = ALL_VALUES;
        return ST_OK;
    }
    for (size_t i = 0; id_parse(json_str(said), &id) && i < w->n; i++)
        if (w->records[i]->id == id) {
            *ret = (int)i;
            return ST_OK;
        }
    return FIELD_FAIL(cx, str_format(cx->arena, "choose." STR_FMT, STR_ARG(f->name)), "bad_value",
                      "duplicate.choose",
                      "fields, each with the id of the record whose value is taken");
}

/* A name that is no field, or one whose value the person may not write, is refused: nothing is chosen blindly. */
static Status check_choose(Ctx *cx, const Wanted *w)
{
    const char *name;
    json_t *v;
    json_object_foreach((json_t *)w->choose, name, v)
    {
        const Field *f = object_field(w->object, str_of(name));
        if (!f || access_field(cx, f) == FIELD_HIDDEN || !is_chosen(cx, f))
            return FIELD_FAIL(cx, str_format(cx->arena, "choose.%s", name), "unknown_field",
                              "duplicate.choose_field", "this cannot be chosen");
    }
    return ST_OK;
}

static int compare_ids(const void *x, const void *y)
{
    Id a = *(const Id *)x, b = *(const Id *)y;
    return (a > b) - (a < b);
}

static Value all_ids(Ctx *cx, const Wanted *w, const Field *f)
{
    size_t room = 1, n = 0, m = 0;
    for (size_t i = 0; i < w->n; i++)
        room += record_get(w->records[i], f)->t == V_IDS ? record_get(w->records[i], f)->ids.n : 0;
    Id *ids = ARENA_ARRAY(cx->arena, Id, room);
    for (size_t i = 0; i < w->n; i++) {
        const Value *v = record_get(w->records[i], f);
        for (size_t k = 0; v->t == V_IDS && k < v->ids.n; k++)
            ids[n++] = v->ids.p[k];
    }
    if (n > 1)
        qsort(ids, n, sizeof *ids, compare_ids);
    for (size_t i = 0; i < n; i++)
        if (!m || ids[m - 1] != ids[i])
            ids[m++] = ids[i];
    return m ? (Value){.t = V_IDS, .ids = {.p = ids, .n = m}} : VALUE_NULL;
}

static int compare_texts(const void *x, const void *y)
{
    return str_cmp(*(const Str *)x, *(const Str *)y);
}

static Value all_texts(Ctx *cx, const Wanted *w, const Field *f)
{
    size_t room = 1, n = 0, m = 0;
    for (size_t i = 0; i < w->n; i++)
        room +=
            record_get(w->records[i], f)->t == V_TEXTS ? record_get(w->records[i], f)->texts.n : 0;
    Str *texts = ARENA_ARRAY(cx->arena, Str, room);
    for (size_t i = 0; i < w->n; i++) {
        const Value *v = record_get(w->records[i], f);
        for (size_t k = 0; v->t == V_TEXTS && k < v->texts.n; k++)
            texts[n++] = v->texts.p[k];
    }
    if (n > 1)
        qsort(texts, n, sizeof *texts, compare_texts);
    for (size_t i = 0; i < n; i++)
        if (!m || !str_eq(texts[m - 1], texts[i]))
            texts[m++] = texts[i];
    return m ? (Value){.t = V_TEXTS, .texts = {.p = texts, .n = m}} : VALUE_NULL;
}

static Status set_fields(Ctx *cx, const Wanted *w)
{
    Record *keep = w->records[0];
    TRY(check_choose(cx, w));
    for (size_t i = 0; i < w->object->n_fields; i++) {
        const Field *f = w->object->fields[i];
        int choice = 0;
        if (!is_chosen(cx, f))
            continue;
        TRY(choice_of(cx, w, f, &choice));
        Value v = choice != ALL_VALUES ? *record_get(w->records[choice], f)
                  : f->kind == F_LINKS ? all_ids(cx, w, f)
                                       : all_texts(cx, w, f);
        if (!value_equal(&v, record_get(keep, f)))
            record_set(keep, f, v);
    }
    return ST_OK;
}

/* ---- preview */
static bool differs(const Wanted *w, const Field *f)
{
    for (size_t i = 1; i < w->n; i++)
        if (!value_equal(record_get(w->records[0], f), record_get(w->records[i], f)))
            return true;
    return false;
}

static Status write_fields(Ctx *cx, const Wanted *w, Buf *out)
{
    bool any = false;
    buf_lit(out, "],\"fields\":[");
    for (size_t i = 0; i < w->object->n_fields; i++) {
        const Field *f = w->object->fields[i];
        int choice = 0;
        bool chosen = is_chosen(cx, f);
        if (access_field(cx, f) < FIELD_READ || f->system || f->kind == F_SECRET)
            continue;
        if (chosen)
            TRY(choice_of(cx, w, f, &choice));
        if (any)
            buf_char(out, ',');
        any = true;
        buf_lit(out, "{\"field\":");
        buf_json_str(out, f->name);
        buf_lit(out, ",\"from\":");
        if (choice == ALL_VALUES)
            buf_lit(out, "\"all\"");
        else
            buf_json_id(out, w->records[choice]->id);
        buf_printf(out, ",\"differs\":%s,\"may_choose\":%s,\"list\":%s}",
                   differs(w, f) ? "true" : "false", chosen ? "true" : "false",
                   is_list(f) ? "true" : "false");
    }
    return ST_OK;
}

/* How many records hang on those that go, by relation; only relations that the person sees. */
static Status write_moves(Ctx *cx, const Wanted *w, Buf *out)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, SAMPLE_ROOM);
    bool any = false;
    buf_lit(out, "],\"moves\":[");
    for (size_t i = 0; i < w->object->n_relations; i++) {
        const Relation *rel = &w->object->relations[i];
        size_t total = 0;
        if (!cx->access->object(cx, rel->child) || access_field(cx, rel->field) < FIELD_READ)
            continue;
        for (size_t k = 1; k < w->n; k++) {
            size_t n = 0;
            TRY(record_children(cx, rel->field, rel->of, w->records[k]->id, SAMPLE_ROOM, ids, &n));
            total += n;
        }
        if (!total)
            continue;
        if (any)
            buf_char(out, ',');
        any = true;
        buf_lit(out, "{\"relation\":");
        buf_json_str(out, rel->name);
        buf_lit(out, ",\"object\":");
        buf_json_str(out, rel->child->name);
        buf_lit(out, ",\"label\":");
        buf_json_str(out, label_in(&rel->label, cx->lang));
        buf_printf(out, ",\"count\":%zu}", total);
    }
    buf_char(out, ']');
    return ST_OK;
}

/* The plan is made and thrown away, so that what would be refused is told before. */
static Status try_it(Ctx *cx, Wanted *w, Buf *out)
{
    int64_t moved = 0;
    Status st = set_fields(cx, w);
    if (st == ST_OK)
        st = record_merge(cx, plan_new(cx), w->records[0], w->records + 1, w->n - 1, &moved);
    if (st != ST_OK && st != ST_INVALID && st != ST_DENIED && st != ST_CONFLICT)
        return st;
    buf_lit(out, ",\"error\":");
    if (st == ST_OK)
        buf_lit(out, "null");
    else
        error_problem(cx, out);
    error_clear(cx);
    return ST_OK;
}

Status duplicate_merge_preview(Ctx *cx, const Object *o, const json_t *body, Buf *out)
{
    Wanted w;
    TRY(read_body(cx, o, body, &w));
    TRY(check_choose(cx, &w));
    buf_lit(out, "{\"records\":[");
    for (size_t i = 0; i < w.n; i++) {
        if (i)
            buf_char(out, ',');
        TRY(record_json(cx, w.records[i], out));
    }
    TRY(write_fields(cx, &w, out));
    TRY(write_moves(cx, &w, out));
    TRY(try_it(cx, &w, out));
    buf_char(out, '}');
    return ST_OK;
}

/* ---- the job */
Status duplicate_merge_enqueue(Ctx *cx, Plan *plan, const Object *o, const json_t *body,
                               Id *ret_job)
{
    Wanted w;
    int64_t moved = 0;
    TRY(read_body(cx, o, body, &w));
    TRY(set_fields(cx, &w));
    TRY(record_merge(cx, plan_new(cx), w.records[0], w.records + 1, w.n - 1, &moved));
    json_t *params = json_object();
    json_own(cx->arena, params);
    json_object_set_new(params, "object", json_stringn(o->name.p, o->name.n));
    json_object_set_new(params, "body", json_deep_copy(body));
    return job_enqueue(cx, plan, "merge", params, 0, 0, ret_job);
}

static Status prepare(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Wanted *outer = arg, w;
    Str title = STR_NULL;
    Id batch = 0;
    TRY(read_body(cx, outer->object, json_object_get(job->params, "body"), &w));
    TRY(query_titles(cx, w.object, &w.records[0]->id, 1, &title, NULL));
    TRY(batch_begin(cx, plan, "merge", str_sub(title.n ? title : w.object->name, 0, 200), &batch));
    job_set_batch(cx, plan, job, batch);
    TRY(set_fields(cx, &w));
    TRY(record_merge(cx, plan, w.records[0], w.records + 1, w.n - 1, &w.moved));
    outer->moved = w.moved;
    return ST_OK;
}

Status duplicate_merge_run(Ctx *cx, Job *job, Buf *result)
{
    const json_t *body = json_object_get(job->params, "body");
    Wanted w = {.object = meta_object(cx->meta, json_get_str(job->params, "object"))};
    if (!w.object)
        return FAIL(cx, ST_NOT_FOUND, "duplicate.no_object", "there are no such records any more");
    cx->cause = "merge";
    if (!job->batch) { /* else it is done, and only the end was not noted */
        Status st = job_apply(cx, job, prepare, &w);
        if (st == ST_CONFLICT && cx->err.constraint.n)
            (void)record_explain_conflict(cx, cx->err.constraint);
        TRY(st);
    }
    buf_lit(result, "{\"kept\":");
    buf_json_str(result, json_get_str(body, "keep"));
    buf_printf(result, ",\"merged\":%zu,\"moved\":%lld}",
               json_array_size(json_object_get(body, "merge")), (long long)w.moved);
    job_all_done(job, 1);
    return ST_OK;
}
