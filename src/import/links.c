/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of a file that name records: code, unique text or title, folded. A table of up to 50,000
 * records is read once; beyond that each new text costs one statement and is remembered. */
#include "base/utf8.h"
#include "import/import_internal.h"

#define PRELOAD 50000
#define NAMES_MAX 5000 /* candidates for suggestions */
#define SCRATCH_BYTES ((size_t)32 * 1024)

typedef struct LinkHit {
    Id id;
    size_t rank; /* position of the field that gave it: a code outranks a title */
    bool many;
} LinkHit;

static Str hit_key(Arena *a, Id parent, Str text)
{
    Str folded = fold_text(a, str_trim(text));
    return parent ? str_format(a, "%lld\x1f" STR_FMT, (long long)parent, STR_ARG(folded)) : folded;
}

static void put_hit(LinkTable *t, Str key, Id id, size_t rank)
{
    LinkHit *hit = map_get(&t->hits, key);
    if (!hit) {
        hit = ARENA_NEW(t->arena, LinkHit);
        *hit = (LinkHit){.id = id, .rank = rank};
        map_put(&t->hits, str_copy(t->arena, key), hit);
    } else if (rank < hit->rank) {
        *hit = (LinkHit){.id = id, .rank = rank};
    } else if (hit->id != id && rank == hit->rank) {
        hit->many = true;
    }
}

static void add_at(LinkTable *t, Id parent, Str text, Id id, size_t rank)
{
    if (parent)
        put_hit(t, hit_key(t->arena, parent, text), id, rank);
    put_hit(t, hit_key(t->arena, 0, text), id, rank);
}

void links_add(LinkTable *t, Id parent, Str text, Id id)
{
    add_at(t, parent, text, id, 0);
    if (t->names.n < NAMES_MAX)
        VEC_PUSH(t->arena, &t->names, str_copy(t->arena, text));
}

/* ---- which texts count */
static void compare_by(LinkTable *t, const Field *f)
{
    for (size_t i = 0; i < t->n_fields; i++)
        if (t->fields[i] == f)
            return;
    if (f && f->type->value == V_TEXT && f->n_columns > 0 && t->n_fields < MAX_UNIQUE)
        t->fields[t->n_fields++] = f;
}

static void choose_fields(Ctx *cx, LinkTable *t)
{
    if (t->match) {
        compare_by(t, t->match);
        return;
    }
    compare_by(t, t->to->code);
    for (size_t i = 0; i < t->to->n_fields; i++)
        if (t->to->fields[i]->unique && access_field(cx, t->to->fields[i]) >= FIELD_READ)
            compare_by(t, t->to->fields[i]);
    compare_by(t, t->to->title);
    if (t->to->code)
        compare_by(t, object_field(t->to, STR("name_en")));
}

/* ---- reading */
static Status select_links(Ctx *cx, const LinkTable *t, Sql *q, const Sql *where, int64_t limit)
{
    int next_alias = 1;
    sql_lit(q, "SELECT t0.\"id\"");
    for (size_t i = 0; i < t->n_fields; i++) {
        sql_lit(q, ", ");
        sql_column(q, 0, t->fields[i], 0);
    }
    if (t->to->parent) {
        sql_lit(q, ", ");
        sql_column(q, 0, t->to->parent, 0);
    }
    sql_lit(q, " FROM ");
    sql_table(q, t->to);
    sql_lit(q, " t0 WHERE ");
    if (where)
        sql_append(q, where);
    else
        sql_lit(q, "1=1");
    TRY(cx->access->predicate(cx, t->to, db_kind_of(cx->db), 0, q, &next_alias));
    sql_lit(q, " LIMIT ");
    sql_number(q, limit);
    return ST_OK;
}

static Status read_links(Ctx *cx, LinkTable *t, const Sql *sql, int64_t limit, int64_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = true;
    TRY(db_prepare_str(cx, sql_text(sql), &q));
    TRY(db_bind_all(q, sql->vals->v, sql->vals->n));
    db_stream(q);
    for (*ret_n = 0; *ret_n < limit; (*ret_n)++) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        Id id = db_col_id(q, 0);
        Id parent = t->to->parent ? db_col_id(q, (int)t->n_fields + 1) : 0;
        for (size_t i = 0; i < t->n_fields; i++)
            if (!db_col_null(q, (int)i + 1))
                add_at(t, parent, db_col_text(q, (int)i + 1), id, i);
        for (size_t i = 0; i < t->n_fields && t->names.n < NAMES_MAX; i++)
            if (!db_col_null(q, (int)i + 1))
                VEC_PUSH(t->arena, &t->names, str_copy(t->arena, db_col_text(q, (int)i + 1)));
    }
    return ST_OK;
}

static Status preload(Ctx *cx, LinkTable *t)
{
    Sql q = sql_new(cx->arena);
    int64_t n = 0;
    TRY(select_links(cx, t, &q, NULL, PRELOAD + 1));
    TRY(read_links(cx, t, &q, PRELOAD + 1, &n));
    t->complete = n <= PRELOAD;
    if (!t->complete)
        t->hits = map_in(t->arena); /* some only: a second one of a name could be missing */
    return ST_OK;
}

Status links_table(Ctx *cx, Import *im, const Object *to, const Field *match, LinkTable **ret)
{
    for (LinkTable *t = im->tables; t; t = t->next) {
        if (t->to == to && t->match == match) {
            *ret = t;
            return ST_OK;
        }
    }
    LinkTable *t = ARENA_NEW(im->arena, LinkTable);
    *t = (LinkTable){.to = to,
                     .match = match,
                     .arena = im->arena,
                     .hits = map_in(im->arena),
                     .failures = map_in(im->arena),
                     .nearest = map_in(im->arena),
                     .next = im->tables};
    choose_fields(cx, t);
    TRY(preload(cx, t));
    *ret = im->tables = t;
    return ST_OK;
}

/* The folded column where there is one; else the text as it is. */
static void where_equal(Ctx *cx, const LinkTable *t, Str text, Sql *w)
{
    sql_lit(w, "(");
    for (size_t i = 0; i < t->n_fields; i++) {
        int folded = field_part(t->fields[i], 'f');
        if (i)
            sql_lit(w, " OR ");
        sql_column(w, 0, t->fields[i], folded < 0 ? 0 : folded);
        sql_lit(w, " = ");
        sql_bind_text(w, folded < 0 ? text : fold_text(cx->arena, text));
    }
    sql_lit(w, ")");
}

static Status read_one(Ctx *cx, LinkTable *t, Str text)
{
    Sql q = sql_new(cx->arena), where = sql_fragment(&q);
    int64_t n = 0;
    where_equal(cx, t, text, &where);
    TRY(select_links(cx, t, &q, &where, 20));
    return read_links(cx, t, &q, 20, &n);
}

Status links_find(Ctx *cx, LinkTable *t, Id parent, Str text, LinkFound *ret_found, Id *ret)
{
    Str key = hit_key(cx->arena, parent, text);
    const LinkHit *hit = map_get(&t->hits, key);
    if (!hit && !t->complete && !map_has(&t->failures, text)) {
        TRY(read_one(cx, t, str_trim(text)));
        hit = map_get(&t->hits, key);
    }
    *ret = hit ? hit->id : 0;
    *ret_found = !hit ? LINK_NONE : hit->many ? LINK_MANY : LINK_ONE;
    return ST_OK;
}

/* ---- suggestions */
static Str squeezed(Arena *a, Str text)
{
    Str folded = fold_text(a, text);
    char *p = arena_alloc(a, folded.n);
    size_t n = 0;
    for (size_t i = 0; i < folded.n; i++)
        if (folded.p[i] != ' ' && folded.p[i] != '-' && folded.p[i] != '_')
            p[n++] = folded.p[i];
    return str_n(p, n);
}

static Str search_nearest(Arena *a, const LinkTable *t, Str text)
{
    Str wanted = squeezed(a, text), best = STR("");
    size_t limit = utf8_length(wanted) / 3, nearest = limit < 1 ? 1 : limit;
    for (size_t i = 0; i < t->names.n; i++) {
        size_t d = fold_distance(squeezed(a, t->names.v[i]), wanted, nearest);
        if (d < nearest || (d == nearest && !best.n)) {
            nearest = d;
            best = t->names.v[i];
        }
    }
    return best;
}

/* Empty if nothing is near. Remembered: the same misspelling comes a thousand times. */
Str links_nearest(Ctx *cx, LinkTable *t, Str text)
{
    Str *known = map_get(&t->nearest, text);
    if (!known) {
        CLEANUP(arena) Arena *scratch = arena_new(SCRATCH_BYTES);
        known = ARENA_NEW(t->arena, Str);
        *known = search_nearest(scratch, t, text);
        map_put(&t->nearest, str_copy(t->arena, text), known);
    }
    (void)cx;
    return *known;
}
