/* SPDX-License-Identifier: Apache-2.0 */
/* Which records are like the one in hand. */
#include "duplicate/duplicate_internal.h"
#include <stdlib.h>

enum { CANDIDATES = 200 };

static const char SQL_NOT_SAME[] =
    "SELECT 1 FROM {gx_duplicate} WHERE object = ?1 AND a = ?2 AND b = ?3 "
    "AND status = 1";

typedef struct Find {
    const Record *r;
    Str *texts;
    LinkageModel model;
    DuplicateWrite *write; /* only rules that block are asked then */
    DuplicateRehearsal *rehearsal;
    DuplicateHit *hits;
    size_t n, room;
} Find;

bool duplicate_is_among(const Object *o, const DuplicateRule *rule, const Object *other)
{
    if (!rule->among)
        return o == other;
    for (size_t i = 0; i < json_array_size(rule->among); i++)
        if (str_eq(json_str(json_array_get(rule->among, i)), other->name))
            return true;
    return false;
}

static bool is_asked(const Find *f, const DuplicateRule *rule)
{
    return rule->action == DUPLICATE_BLOCK || (rule->action == DUPLICATE_WARN && !f->write);
}

static size_t index_of(const Object *o, const DuplicateField *f)
{
    for (size_t i = 0; i < o->n_match_fields; i++)
        if (o->match_fields[i].field == f->field && o->match_fields[i].as == f->as)
            return i;
    return SIZE_MAX;
}

/* A field that the asker may not read (or only masked) finds nothing out: not of the rules that block either, whose
 * answer would tell him. */
static bool may_compare(Ctx *cx, const Field *f) { return access_field(cx, f) >= FIELD_READ; }

/* How the i-th compared field of the record agrees with the other: with the same field of it; of another object with
 * whatever is compared in the same way. A phone number is looked for in every field of phone numbers, a name among the
 * former ones as well. */
static int level_with(Ctx *cx, const DuplicateSide *side, size_t i, const Object *other,
                      const DuplicateRow *row)
{
    const Object *o = side->object;
    const DuplicateField *mine = &o->match_fields[i];
    int best = LINKAGE_MISSING;
    for (size_t k = 0; k < other->n_match_fields; k++) {
        const DuplicateField *theirs = &other->match_fields[k];
        bool same = o == other && theirs->field == mine->field;
        if (theirs->as != mine->as || (mine->as == MATCH_LINK && !same) ||
            !may_compare(cx, theirs->field))
            continue;
        int level = duplicate_level(mine->as, side->texts[i], row->texts[k]);
        bool former = match_has_several(mine) || match_has_several(theirs);
        bool counts = same || o != other || ((former || mine->as == MATCH_PHONE) && level == 0);
        if (counts && level < best)
            best = level;
    }
    return best;
}

double duplicate_levels(Ctx *cx, const DuplicateSide *side, const Object *other,
                        const DuplicateRow *row, int levels[MATCH_FIELDS], uint32_t *ret_because)
{
    uint64_t bits = 0;
    *ret_because = 0;
    for (size_t i = 0; i < side->object->n_match_fields; i++) {
        levels[i] = level_with(cx, side, i, other, row);
        bits |= (uint64_t)levels[i] << (4 * i);
        if (levels[i] < 3)
            *ret_because |= 1U << i;
    }
    return linkage_probability(side->model, linkage_weight(side->model, bits, NULL));
}

bool duplicate_rule_holds(const Object *o, const DuplicateRule *rule, const int *levels,
                          double score)
{
    bool weak = false;
    for (size_t i = 0; i < rule->n_fields; i++) {
        size_t at = index_of(o, &rule->fields[i]);
        int level = at == SIZE_MAX ? LINKAGE_MISSING : levels[at];
        bool likeness = rule->fuzzy && rule->fields[i].as != MATCH_LINK;
        if (level > (likeness ? 2 : 0))
            return false;
        weak |= level > 0;
    }
    return !weak || score >= rule->threshold;
}

static void compare(Ctx *cx, Find *f, const Object *other, const DuplicateRow *row, bool twin)
{
    const Object *o = f->r->object;
    int levels[MATCH_FIELDS];
    const DuplicateSide side = {o, f->texts, &f->model};
    DuplicateHit hit = {.object = other, .id = row->id, .twin = twin};
    hit.score = duplicate_levels(cx, &side, other, row, levels, &hit.because);
    for (size_t i = 0; i < o->n_duplicates; i++) {
        const DuplicateRule *rule = &o->duplicates[i];
        if (!is_asked(f, rule) || !duplicate_is_among(o, rule, other) ||
            !duplicate_rule_holds(o, rule, levels, hit.score))
            continue;
        if (!hit.rule || rule->action > hit.rule->action)
            hit.rule = rule;
    }
    if (hit.rule && f->n < f->room)
        f->hits[f->n++] = hit;
}

Status duplicate_told_apart(Ctx *cx, const Object *o, Id one, Id other, bool *ret)
{
    const DbVal v[] = {db_int(o->number), db_int(one < other ? one : other),
                       db_int(one < other ? other : one)};
    int64_t found = 0;
    return db_get_int(cx, SQL_NOT_SAME, v, COUNT_OF(v), &found, ret);
}

static bool any_rule_among(const Find *f, const Object *other)
{
    const Object *o = f->r->object;
    for (size_t i = 0; i < o->n_duplicates; i++)
        if (is_asked(f, &o->duplicates[i]) && duplicate_is_among(o, &o->duplicates[i], other))
            return true;
    return false;
}

static void find_twins(Ctx *cx, Find *f, const Object *other, const int64_t *keys, size_t n)
{
    const DuplicateWritten *w = f->write ? f->write->written : NULL;
    for (; w; w = w->next) {
        DuplicateRow row = {.id = w->r->id, .texts = w->texts};
        if (w->r->object == other && w->r != f->r && (!w->r->id || w->r->id != f->r->id) &&
            duplicate_share_key(w, keys, n))
            compare(cx, f, other, &row, true);
    }
}

typedef struct Rehearse {
    Ctx *cx;
    Find *find;
} Rehearse;

static void find_rehearsed(void *arg, const DuplicateRow *one, int64_t row, bool visible)
{
    const Rehearse *h = arg;
    Find *f = h->find;
    size_t before = f->n;
    if (one->id && one->id == f->r->id)
        return;
    compare(h->cx, f, f->r->object, one, row > 0);
    if (f->n == before)
        return;
    f->hits[before].row = row;
    f->hits[before].visible = visible;
}

/* What the plan in hand writes stands in it as it will be, and is found there. */
static bool is_as_stored(const Find *f, const Object *other, Id id)
{
    if (duplicate_rehearsed(f->rehearsal, id))
        return false;
    const DuplicateWritten *w = f->write ? f->write->written : NULL;
    for (; w; w = w->next)
        if (w->r->object == other && w->r->id == id)
            return false;
    return !f->write || !plan_is_gone(f->write->plan, id);
}

static Status find_among(Ctx *cx, Find *f, const Object *other, const int64_t *keys, size_t n)
{
    Id *ids = NULL;
    size_t n_ids = 0, n_rows = 0;
    DuplicateRow *rows = NULL;
    if (!other->n_match_fields || !any_rule_among(f, other))
        return ST_OK;
    find_twins(cx, f, other, keys, n);
    if (f->rehearsal && other == f->r->object)
        duplicate_rehearsed_each(f->rehearsal, keys, n, find_rehearsed, &(Rehearse){cx, f});
    if (f->write)
        TRY(duplicate_guard(cx, f->write->plan, other, keys, n));
    TRY(duplicate_candidates(cx, other, keys, n, CANDIDATES, &ids, &n_ids));
    DuplicateWhich which = {.ids = ids, .n = n_ids};
    if (!n_ids)
        return ST_OK;
    TRY(duplicate_rows(cx, other, &which, &rows, &n_rows));
    for (size_t i = 0; i < n_rows; i++) {
        bool apart = other == f->r->object && rows[i].id == f->r->id;
        if (!apart && other == f->r->object && f->r->version)
            TRY(duplicate_told_apart(cx, other, f->r->id, rows[i].id, &apart));
        if (!apart && is_as_stored(f, other, rows[i].id))
            compare(cx, f, other, &rows[i], false);
    }
    return ST_OK;
}

static int compare_hits(const void *x, const void *y)
{
    const DuplicateHit *a = x, *b = y;
    if (a->rule->action != b->rule->action)
        return a->rule->action < b->rule->action ? 1 : -1;
    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    if (a->row != b->row) /* what is stored was made before */
        return a->row > b->row ? 1 : -1;
    return (a->id > b->id) - (a->id < b->id);
}

static bool is_of_asked_rule(const Find *f, const DuplicateField *m)
{
    const Object *o = f->r->object;
    for (size_t i = 0; i < o->n_duplicates; i++) {
        const DuplicateRule *rule = &o->duplicates[i];
        for (size_t k = 0; is_asked(f, rule) && k < rule->n_fields; k++)
            if (rule->fields[k].field == m->field && rule->fields[k].as == m->as)
                return true;
    }
    return false;
}

/* Keys of the fields that the person may read; of what he typed in others nothing is looked for. */
static size_t keys_of(Ctx *cx, const Find *f, int64_t *keys)
{
    const Object *o = f->r->object;
    size_t n = 0;
    for (size_t i = 0; i < o->n_match_fields; i++) {
        const DuplicateField *m = &o->match_fields[i];
        if (m->as != MATCH_LINK && is_of_asked_rule(f, m) && may_compare(cx, m->field))
            n += match_keys(cx->arena, m->as, f->texts[i], m->fuzzy, keys + n);
    }
    return n;
}

static Status find(Ctx *cx, Find *f, DuplicateHit **ret, size_t *ret_n)
{
    const Object *o = f->r->object;
    int64_t keys[MATCH_FIELDS * MATCH_KEYS];
    *ret_n = 0;
    if (!o->n_match_fields)
        return ST_OK;
    f->texts = duplicate_texts(cx, o, f->r->values);
    size_t n = keys_of(cx, f, keys);
    if (!n)
        return ST_OK;
    f->room = cx->meta->n_objects * CANDIDATES;
    f->hits = ARENA_ARRAY(cx->arena, DuplicateHit, f->room);
    TRY(duplicate_model(cx, o, &f->model));
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        TRY(find_among(cx, f, cx->meta->objects[i], keys, n));
    if (f->n > 1)
        qsort(f->hits, f->n, sizeof *f->hits, compare_hits);
    *ret_n = f->n < DUPLICATE_HITS ? f->n : DUPLICATE_HITS;
    *ret = f->hits;
    for (size_t i = 0; i < *ret_n; i++) {
        if (!f->hits[i].twin && cx->access->object(cx, f->hits[i].object))
            TRY(query_visible(cx, f->hits[i].object, f->hits[i].id, &f->hits[i].visible));
    }
    return ST_OK;
}

Status duplicate_find(Ctx *cx, const Record *r, DuplicateHit **ret, size_t *ret_n)
{
    Find f = {.r = r};
    return find(cx, &f, ret, ret_n);
}

Status duplicate_find_rehearsed(Ctx *cx, DuplicateRehearsal *h, const Record *r, DuplicateHit **ret,
                                size_t *ret_n)
{
    Find f = {.r = r, .rehearsal = h};
    return find(cx, &f, ret, ret_n);
}

Status duplicate_find_blocking(Ctx *cx, DuplicateWrite *write, const Record *r, DuplicateHit **ret,
                               size_t *ret_n)
{
    Find f = {.r = r, .write = write};
    return find(cx, &f, ret, ret_n);
}

/* ---- answer */
void duplicate_because(Ctx *cx, const Object *o, uint32_t bits, Buf *out)
{
    bool any = false;
    buf_char(out, '[');
    for (size_t i = 0; i < o->n_match_fields; i++) {
        const Field *f = o->match_fields[i].field;
        if (!(bits >> i & 1) || !may_compare(cx, f))
            continue;
        if (any)
            buf_char(out, ',');
        any = true;
        buf_json_str(out, f->name);
    }
    buf_char(out, ']');
}

/* The first character; of a short text nothing. */
static Str masked(Ctx *cx, Str title)
{
    size_t first = title.n ? 1 : 0;
    while (first < title.n && ((unsigned char)title.p[first] & 0xc0) == 0x80)
        first++;
    return first < title.n ? str_format(cx->arena, STR_FMT "***", STR_ARG(str_sub(title, 0, first)))
                           : STR("***");
}

/* Without the reader's rights: what is shown of it is masked. */
static Status hidden_title(Ctx *cx, const DuplicateHit *hit, Str *ret, Id *ret_owner)
{
    Record *r = NULL;
    const Object *o = hit->object;
    TRY(record_load_stored(cx, o, hit->id, &r));
    const Value *title = r ? record_get(r, o->title) : NULL;
    *ret = masked(cx, title && title->t == V_TEXT ? title->s : STR(""));
    *ret_owner =
        r && o->owner && record_get(r, o->owner)->t == V_ID ? record_get(r, o->owner)->i : 0;
    return ST_OK;
}

static Status write_hit(Ctx *cx, const Object *o, const DuplicateHit *hit, Buf *out)
{
    Str title = STR_NULL;
    Id owner = 0;
    buf_lit(out, "{\"object\":");
    buf_json_str(out, hit->object->name);
    buf_lit(out, ",\"id\":");
    if (hit->visible) {
        buf_json_id(out, hit->id);
        TRY(query_titles(cx, hit->object, &hit->id, 1, &title, NULL));
    } else {
        buf_lit(out, "null");
        TRY(hidden_title(cx, hit, &title, &owner));
    }
    buf_lit(out, ",\"title\":");
    buf_json_str(out, title);
    buf_printf(out, ",\"score\":%.4f,\"because\":", hit->score);
    duplicate_because(cx, o, hit->because, out);
    buf_lit(out, ",\"rule\":");
    buf_json_str(out, hit->rule->name);
    buf_printf(out, ",\"action\":\"%s\"", hit->rule->action == DUPLICATE_BLOCK ? "block" : "warn");
    if (owner && hit->rule->tell_owner) {
        buf_lit(out, ",\"owner\":");
        query_person_json(cx, owner, out);
    }
    buf_char(out, '}');
    return ST_OK;
}

Status duplicate_write(Ctx *cx, const Object *o, const DuplicateHit *hits, size_t n, Buf *out)
{
    bool blocked = false, may = true;
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_char(out, ',');
        TRY(write_hit(cx, o, &hits[i], out));
        if (hits[i].rule->action == DUPLICATE_BLOCK) {
            blocked = true;
            may = may && duplicate_may_override(cx, hits[i].rule);
        }
    }
    buf_printf(out, "],\"blocked\":%s,\"may_override\":%s}", blocked ? "true" : "false",
               may ? "true" : "false");
    return ST_OK;
}
