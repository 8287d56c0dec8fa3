/* SPDX-License-Identifier: Apache-2.0 */
/* Search over all objects. Candidates come best first: the title itself, titles that begin with the
 * query, the rest newest first; they are read a few at a time, loaded under the reader's rights,
 * and the search ends as soon as the answer is full or SEARCH_CANDIDATES have been looked at. */
#include "query/search_query.h"

#define MAX_PIECE 200
#define MAX_SEARCH_LIMIT 50

typedef struct Candidate {
    Id id;
    int64_t object;
    SearchStep step;
} Candidate;

typedef struct Hit {
    const Object *object;
    FoundRow row;
    SearchStep step;
    size_t order; /* of the candidate */
} Hit;

typedef struct Search {
    Ctx *cx;
    SearchQuery q;
    const Object **objects; /* that may be found */
    size_t n_objects, limit;
    bool narrowed;   /* not all that are indexed */
    bool old_unread; /* PostgreSQL: the index was not asked, the newest sufficed */
    uint64_t told;   /* before the snapshot */
    size_t vain;     /* candidates that are not seen, already told of */
    Sight *sight;    /* the newest that the reader sees; NULL: not kept */
    VEC(Candidate) seen;
    VEC(Hit) hits;
} Search;

/* ---- which objects */
static bool may_find(const Ctx *cx, const Object *o)
{
    bool hidden;
    return search_covers(o) && (!cx->access || cx->access->object(cx, o)) &&
           found_readable(cx, o, &hidden);
}

static Status add_named(Search *s, Str name)
{
    const Object *o = meta_object(s->cx->meta, name);
    if (!o || (s->cx->access && !s->cx->access->object(s->cx, o)))
        return path_bad(s->cx, "objects",
                        FAIL(s->cx, ST_MALFORMED, "query.search_object",
                             "there is no object called \"" STR_FMT "\"", STR_ARG(name)));
    if (may_find(s->cx, o) && s->n_objects < s->cx->meta->n_objects)
        s->objects[s->n_objects++] = o;
    return ST_OK;
}

static Status choose_objects(Search *s, Str names)
{
    const Meta *m = s->cx->meta;
    s->objects = ARENA_ARRAY(s->cx->arena, const Object *, m->n_objects + 1);
    s->narrowed = names.n > 0;
    for (Str name; str_split(&names, ',', &name);)
        TRY(add_named(s, str_trim(name)));
    for (size_t i = 0; !s->narrowed && i < m->n_objects; i++)
        if (may_find(s->cx, m->objects[i]))
            s->objects[s->n_objects++] = m->objects[i];
    for (size_t i = 0; i < m->n_objects && !s->narrowed; i++)
        s->narrowed = search_covers(m->objects[i]) && !may_find(s->cx, m->objects[i]);
    return ST_OK;
}

static const Object *object_numbered(const Search *s, int64_t number)
{
    for (size_t i = 0; i < s->n_objects; i++)
        if (s->objects[i]->number == number)
            return s->objects[i];
    return NULL;
}

static bool is_lite(const Search *s) { return db_kind_of(s->cx->db) == DB_SQLITE; }

static Str match_of(const Search *s, SearchTier tier)
{
    return search_match(s->cx->arena, &s->q, db_kind_of(s->cx->db), tier);
}

/* STR_NULL: the step does not exist for this query. */
static Str step_match(const Search *s, SearchStep step)
{
    static const SearchTier tiers[] = {SEARCH_TITLE, SEARCH_HEAD, SEARCH_ALL};
    return match_of(s, tiers[step]);
}

static SearchScope scope_of(const Search *s)
{
    return (SearchScope){.cx = s->cx,
                         .q = &s->q,
                         .objects = s->objects,
                         .n_objects = s->narrowed ? s->n_objects : 0,
                         .below = s->sight ? sight_floor(s->sight) : 0};
}

static bool was_seen(const Search *s, Id id)
{
    for (size_t i = 0; i < s->seen.n; i++)
        if (s->seen.v[i].id == id)
            return true;
    return false;
}

/* ---- a piece: candidates from..end become hits */
static int hit_order(const void *a, const void *b)
{
    const Hit *x = a, *y = b;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    if (x->row.in_title != y->row.in_title)
        return x->row.in_title ? -1 : 1;
    uint32_t p = x->row.ranges[0].from, r = y->row.ranges[0].from;
    if (x->row.in_title && !p != !r)
        return p ? 1 : -1;
    if (!x->row.in_title && x->row.field->index != y->row.field->index)
        return x->row.field->index < y->row.field->index ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static Status load_object(Search *s, const Object *o, size_t from)
{
    Id ids[MAX_PIECE];
    size_t n = 0, found;
    for (size_t i = from; i < s->seen.n; i++)
        if (s->seen.v[i].object == o->number)
            ids[n++] = s->seen.v[i].id;
    if (!n)
        return ST_OK;
    FoundRow *rows = arena_alloc(s->cx->arena, n * sizeof *rows);
    TRY(found_load(s->cx, o, &s->q, ids, n, rows, &found));
    for (size_t i = 0; i < found; i++) {
        Hit hit = {.object = o, .row = rows[i]};
        for (hit.order = from; s->seen.v[hit.order].id != rows[i].id; hit.order++)
            ;
        hit.step = s->seen.v[hit.order].step;
        VEC_PUSH(s->cx->arena, &s->hits, hit);
    }
    return ST_OK;
}

static Status load_piece(Search *s, size_t from)
{
    size_t before = s->hits.n;
    for (size_t i = 0; i < s->n_objects; i++)
        TRY(load_object(s, s->objects[i], from));
    if (s->hits.n > before)
        qsort(s->hits.v + before, s->hits.n - before, sizeof *s->hits.v, hit_order);
    return ST_OK;
}

/* Somebody of whose candidates many are not to be seen. */
static Status look_at_sight(Search *s)
{
    size_t vain = s->seen.n - s->hits.n;
    if (s->sight || vain <= s->vain)
        return ST_OK;
    vain -= s->vain;
    s->vain += vain;
    return sight_gather(s->cx, s->objects, s->n_objects, s->told, vain, &s->sight);
}

static bool is_full(const Search *s)
{
    return s->hits.n > s->limit || s->seen.n >= SEARCH_CANDIDATES;
}

typedef struct Pieces {
    size_t from, piece; /* the first candidate that was not loaded; how many are loaded together */
} Pieces;

/* PostgreSQL: as many as the answer probably still needs, by what was seen of those before; each piece is a round trip. */
static size_t next_piece(const Search *s, size_t before)
{
    size_t need = s->limit + 1 - (s->hits.n < s->limit ? s->hits.n : s->limit);
    size_t n = is_lite(s)  ? before * 4
               : s->hits.n ? need * s->seen.n / s->hits.n * 3 / 2
                           : MAX_PIECE;
    return n < before ? before : n < MAX_PIECE ? n : MAX_PIECE;
}

/* *ret_full: the piece in hand is, and was loaded. */
static Status add_candidate(Search *s, Pieces *p, Candidate c, bool *ret_full)
{
    *ret_full = false;
    if (was_seen(s, c.id) || !object_numbered(s, c.object))
        return ST_OK;
    VEC_PUSH(s->cx->arena, &s->seen, c);
    if (s->seen.n - p->from < p->piece && s->seen.n < SEARCH_CANDIDATES)
        return ST_OK;
    *ret_full = true;
    TRY(load_piece(s, p->from));
    p->from = s->seen.n;
    p->piece = next_piece(s, p->piece);
    return ST_OK;
}

/* ---- with a sight: what is in it and under the match, newest first */
static Status read_sight_rows(Search *s, SearchStep step, Str match, Pieces *p)
{
    Sql text = sql_new(s->cx->arena);
    CLEANUP(stmt) Stmt *q = NULL;
    bool row, full;
    SearchScope scope = scope_of(s);
    search_step_sight(&scope, match, &text);
    TRY(filter_prepare(s->cx, &text, &q));
    TRY(db_next(q, &row));
    while (row && !is_full(s)) {
        Candidate c = {.id = db_col_id(q, 0), .step = step};
        c.object = sight_find(s->sight, c.id);
        if (c.object)
            TRY(add_candidate(s, p, c, &full));
        TRY(db_next(q, &row));
    }
    return ST_OK;
}

static Status read_sight(Search *s, SearchStep step, Str match, Pieces *p)
{
    size_t n, n_ids;
    const Id *found, *ids = sight_ids(s->sight, &n_ids);
    bool known, full;
    TRY(search_among(s->cx, match, ids, n_ids, &found, &n, &known));
    if (!known)
        return read_sight_rows(s, step, match, p);
    for (size_t i = n; i > 0 && !is_full(s); i--) {
        Candidate c = {.id = found[i - 1], .step = step};
        c.object = sight_find(s->sight, c.id);
        TRY(add_candidate(s, p, c, &full));
    }
    return ST_OK;
}

/* ---- without one, and below it. *ret_again: there is one now; this step from its beginning. */
static Status read_rows(Search *s, SearchStep step, Str match, Pieces *p, bool *ret_again)
{
    Sql text = sql_new(s->cx->arena);
    CLEANUP(stmt) Stmt *q = NULL;
    bool row, full, had = s->sight != NULL;
    SearchScope scope = scope_of(s);
    search_step_rows(&scope, step, match, &text);
    TRY(filter_prepare(s->cx, &text, &q));
    TRY(db_next(q, &row));
    while (row && !is_full(s) && !*ret_again) {
        TRY(add_candidate(s, p, (Candidate){db_col_id(q, 0), db_col_int(q, 1), step}, &full));
        if (full && !is_full(s))
            TRY(look_at_sight(s));
        *ret_again = !had && s->sight;
        if (!is_full(s))
            TRY(db_next(q, &row));
    }
    return ST_OK;
}

/* Reads on in one step until the piece is full; the piece goes on in the next step. */
static Status read_step(Search *s, SearchStep step, Pieces *p, bool *ret_again)
{
    Str match = step_match(s, step);
    *ret_again = false;
    if (!match.n)
        return ST_OK;
    if (s->sight)
        TRY(read_sight(s, step, match, p));
    if (is_full(s) || (s->sight && !sight_floor(s->sight)))
        return ST_OK;
    return read_rows(s, step, match, p, ret_again);
}

/* Where no title begins as the query does, which is so of most, one look spares two steps. */
static Status first_step(Search *s, SearchStep *ret)
{
    Sql q = sql_new(s->cx->arena);
    CLEANUP(stmt) Stmt *found = NULL;
    bool begins = true;
    Str match = match_of(s, SEARCH_BEGINS);
    *ret = STEP_TITLE;
    if (!match.n)
        return ST_OK;
    search_step_any(s->cx, match, &q);
    TRY(filter_prepare(s->cx, &q, &found));
    TRY(db_next(found, &begins));
    if (!begins)
        *ret = STEP_ALL;
    return ST_OK;
}

static Status run_steps(Search *s)
{
    Pieces p = {.piece = s->limit + 2};
    SearchStep first;
    bool again;
    s->seen.n = s->hits.n = s->vain = 0;
    TRY(first_step(s, &first));
    for (SearchStep step = first; step < STEPS && !is_full(s); step += !again)
        TRY(read_step(s, step, &p, &again));
    if (s->seen.n > p.from)
        TRY(load_piece(s, p.from));
    return look_at_sight(s);
}

/* ---- PostgreSQL: all steps in one statement, or two */
static Status read_all(Search *s, Sql *text, Pieces *p)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row, full;
    TRY(filter_prepare(s->cx, text, &q));
    TRY(db_next(q, &row));
    while (row && !is_full(s)) {
        Candidate c = {db_col_id(q, 0), db_col_int(q, 1), (SearchStep)db_col_int(q, 2)};
        s->old_unread = s->old_unread || c.step == STEP_HEAD;
        TRY(add_candidate(s, p, c, &full));
        TRY(db_next(q, &row));
    }
    return is_full(s) || s->seen.n == p->from ? ST_OK : load_piece(s, p->from);
}

static Status run_postgres(Search *s)
{
    Pieces p = {.piece = s->limit + 2};
    SearchScope scope = scope_of(s);
    Sql first = sql_new(s->cx->arena), rest = sql_new(s->cx->arena);
    s->seen.n = s->hits.n = 0;
    s->old_unread = false;
    if (!match_of(s, SEARCH_ALL).n)
        return ST_OK;
    search_step_first(&scope, s->limit, &first);
    TRY(read_all(s, &first, &p));
    if (is_full(s) || !s->old_unread)
        return ST_OK;
    p.from = s->seen.n;
    search_step_rest(&scope, &rest);
    return read_all(s, &rest, &p);
}

static Status run(Search *s) { return is_lite(s) ? run_steps(s) : run_postgres(s); }

static Status run_corrected(Search *s)
{
    bool near = false;
    TRY(run(s));
    if (!s->hits.n)
        TRY(search_correct(s->cx, &s->q, &near));
    return near ? run(s) : ST_OK;
}

/* With a sight in one snapshot of the records; what was told before it is in it. Without one each row is held against
 * the rights when it is loaded. */
static Status search(Search *s)
{
    if (!is_lite(s))
        return run_corrected(s);
    s->told = sight_told(s->cx);
    TRY(db_read_begin(s->cx));
    s->sight = sight_take(s->cx, s->objects, s->n_objects);
    Status st = run_corrected(s);
    sight_release(s->cx, s->sight);
    db_read_end(s->cx);
    return st;
}

/* ---- the answer */
static void write_ranges(const FoundRow *row, Buf *out)
{
    buf_lit(out, ",\"ranges\":[");
    for (size_t i = 0; i < row->n_ranges; i++)
        buf_printf(out, "%s[%u,%u]", i ? "," : "", row->ranges[i].from, row->ranges[i].to);
    buf_char(out, ']');
}

static void write_text(Str text, Buf *out)
{
    if (text.p)
        buf_json_str(out, text);
    else
        buf_lit(out, "null");
}

static void write_hit(const Hit *h, Buf *out)
{
    buf_lit(out, "{\"object\":");
    buf_json_str(out, h->object->name);
    buf_lit(out, ",\"id\":");
    buf_json_id(out, h->row.id);
    buf_lit(out, ",\"title\":");
    write_text(h->row.title, out);
    buf_lit(out, ",\"subtitle\":");
    write_text(h->row.subtitle, out);
    buf_lit(out, ",\"match\":{\"field\":");
    buf_json_str(out, h->row.field->name);
    write_ranges(&h->row, out);
    buf_lit(out, "}}");
}

static Status search_limit(Ctx *cx, Str text, size_t *ret)
{
    int64_t n = 10;
    if (text.n && (!str_int(text, &n) || n < 1 || n > MAX_SEARCH_LIMIT))
        return path_bad(cx, "limit",
                        FAIL(cx, ST_MALFORMED, "query.limit", "limit is a number from 1 to %d",
                             MAX_SEARCH_LIMIT));
    *ret = (size_t)n;
    return ST_OK;
}

Status query_search(Ctx *cx, Str text, Str objects, Str limit, Buf *out)
{
    Search s = {.cx = cx};
    TRY(search_limit(cx, limit, &s.limit));
    TRY(choose_objects(&s, objects));
    Status st = search_parse(cx, text, &s.q);
    if (st != ST_OK)
        return path_bad(cx, "q", st);
    if (s.q.n && s.n_objects)
        TRY(search(&s));
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < s.hits.n && i < s.limit; i++) {
        if (i)
            buf_char(out, ',');
        write_hit(&s.hits.v[i], out);
    }
    buf_lit(out, "],\"more\":");
    buf_json_bool(out, s.hits.n > s.limit);
    buf_char(out, '}');
    return ST_OK;
}
