/* SPDX-License-Identifier: Apache-2.0 */
/* Whole sets for exports: rows in chunks, values instead of JSON. Each chunk is a statement of its
 * own, so no snapshot stays open while a file is written.
 *
 * In the order of ids the next chunk starts behind the last id. Any other order is read first, as a
 * list of ids (8 bytes a record); a chunk then fetches its rows by them, and a record that has gone in
 * between is left out. Titles of linked records are read once each and remembered. */
#include "query/query_internal.h"
#include "query/rows_groups.h"

#define CHUNK_ROWS 2000
#define ROWS_BYTES ((size_t)1024 * 1024)
#define MAX_TITLES 100000 /* of one object; then it starts anew */
#define MAX_FIELDS 400

typedef struct Title {
    Id id; /* 0: free */
    Str title, code;
} Title;

typedef struct TitleCache { /* open addressing by id */
    const Object *to;
    Title *rows;
    size_t cap, n;
    Arena *arena;
    struct TitleCache *next;
} TitleCache;

struct QueryRows {
    Ctx *cx;
    const Object *o;
    ListQuery q;
    const Expr *filter;
    const ListSearch *search;
    QueryColumn *columns;
    size_t n_columns;
    Id as_of;
    bool by_id, down, started, ended;
    Id after;
    const Id *order; /* not by_id */
    size_t n_order, at;
    RowsGroups *groups; /* NULL: none */
    size_t *places;     /* of the rows of this chunk in the order */
    bool *filled;       /* columns that hold something in this chunk */
    Arena *rows;        /* of the current chunk */
    Arena *home;        /* of everything else */
    TitleCache *titles;
};

static void rows_done(void *arg)
{
    QueryRows *r = arg;
    arena_free(r->rows);
    for (TitleCache *t = r->titles; t; t = t->next)
        arena_free(t->arena);
}

/* ---- columns */
static bool rows_shows(const Ctx *cx, const Field *f)
{
    return (f->n_columns > 0 || field_is_computed(f)) &&
           (path_visible(cx, f) || path_masked(cx, f));
}

static void rows_column(QueryRows *r, Str name, const Field *f, bool in_path)
{
    r->columns[r->n_columns++] =
        (QueryColumn){.name = name,
                      .field = f,
                      .in_path = in_path,
                      .to = field_has_id(f) || field_has_ids(f) ? f->to : NULL};
}

static Status rows_named(QueryRows *r, Base *b, Str fields)
{
    Str rest = fields, name;
    while (str_split(&rest, ',', &name)) {
        Path path;
        name = str_trim(name);
        if (!name.n)
            continue;
        if (r->n_columns == MAX_FIELDS || b->scope.joins.n > QUERY_MAX_JOINS)
            return path_bad(r->cx, "fields",
                            FAIL(r->cx, ST_MALFORMED, "query.too_many_fields",
                                 "too many fields or links at once"));
        TRY(path_resolve(r->cx, &b->scope, name, "fields", &path));
        rows_column(r, name, path.field, path.hops > 0);
    }
    return ST_OK;
}

static Status rows_columns(QueryRows *r)
{
    Base *b;
    TRY(filter_begin(r->cx, r->o, r->filter, &b));
    r->columns = ARENA_ARRAY(r->cx->arena, QueryColumn, MAX_FIELDS + r->o->n_fields);
    if (r->q.fields.n)
        return rows_named(r, b, r->q.fields);
    for (size_t i = 0; i < r->o->n_fields; i++)
        if (rows_shows(r->cx, r->o->fields[i]))
            rows_column(r, r->o->fields[i]->name, r->o->fields[i], false);
    return ST_OK;
}

/* ---- statements */
static Status rows_base(QueryRows *r, Base **ret)
{
    Base *b;
    TRY(filter_begin(r->cx, r->o, r->filter, &b));
    b->deleted = r->q.deleted;
    filter_search_add(b, r->search);
    TRY(filter_needles(b, r->filter));
    if (r->q.exports && r->cx->access && r->cx->access->exports)
        TRY(r->cx->access->exports(r->cx, r->o, b->scope.dialect, b->scope.alias, &b->where,
                                   &b->next_alias));
    *ret = b;
    return ST_OK;
}

static Status rows_read_order(QueryRows *r, SortRange range, SortRange *ret_range)
{
    Base *b;
    Sort sort;
    VEC(Id) ids = {.v = (Id *)r->order, .n = r->n_order, .cap = r->n_order};
    TRY(rows_base(r, &b));
    TRY(sort_parse(b, r->q.sort, &sort));
    if (range == SORT_ALL && sort.keys[0].nullable)
        range = SORT_VALUES;
    *ret_range = range;
    sort_range(&sort, range, &b->where);
    Sql text = sql_fragment(&b->sql);
    sql_lit(&text, "SELECT ");
    sql_column(&text, b->scope.alias, r->o->id, 0);
    if (r->groups)
        TRY(rows_groups_select(r->groups, b, 1, &text));
    filter_from(b, &text);
    sort_order(&sort, range, &text);
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(filter_prepare(r->cx, &text, &q));
    db_stream(q);
    for (bool more = true; more;) {
        TRY(db_next(q, &more));
        if (more)
            VEC_PUSH(r->cx->arena, &ids, db_col_id(q, 0));
        if (more && r->groups)
            TRY(rows_groups_take(r->groups, q));
    }
    r->order = ids.v;
    r->n_order = ids.n;
    return ST_OK;
}

static Status rows_read_ids(QueryRows *r)
{
    SortRange range = SORT_ALL;
    TRY(rows_read_order(r, SORT_ALL, &range));
    if (range == SORT_VALUES)
        TRY(rows_read_order(r, SORT_NULLS, &range));
    return r->groups ? rows_groups_end(r->groups, (Id *)r->order, r->n_order) : ST_OK;
}

/* The order is read when rows are first asked for; it lives as long as the export. */
static Status rows_start(QueryRows *r)
{
    Arena *chunk = r->cx->arena;
    if (r->started || r->by_id)
        return ST_OK;
    r->started = true;
    r->cx->arena = r->home;
    Status st = rows_read_ids(r);
    r->cx->arena = chunk;
    return st;
}

static Status rows_check_sort(QueryRows *r)
{
    Base *b;
    Sort parsed;
    Str sort = str_trim(r->q.sort);
    r->by_id = sort.n == 0 || str_is(sort, "id") || str_is(sort, "-id");
    r->down = !str_is(sort, "id");
    TRY(filter_begin(r->cx, r->o, NULL, &b));
    return sort_parse(b, sort, &parsed);
}

/* Behind the id read last, or the ids of this chunk. */
static void rows_where(QueryRows *r, Base *b, size_t n)
{
    Sql *w = &b->where;
    if (r->by_id && !r->after)
        return;
    sql_lit(w, " AND ");
    sql_column(w, b->scope.alias, r->o->id, 0);
    if (r->by_id) {
        buf_str_add(&w->text, r->down ? STR(" < ") : STR(" > "));
        sql_bind_int(w, r->after);
        return;
    }
    sql_lit(w, " IN (");
    for (size_t i = 0; i < n; i++) {
        if (i)
            sql_lit(w, ", ");
        sql_bind_int(w, r->order[r->at + i]);
    }
    sql_lit(w, ")");
}

/* Columns that a value is read from. */
static int rows_reads(const Field *f)
{
    if (f->kind == F_ANY_LINK)
        return 2;
    return f->type->reads ? f->type->reads : 1;
}

static Status rows_select(QueryRows *r, Base *b, int *first, Sql *out)
{
    int col = 1;
    sql_lit(out, "SELECT ");
    sql_column(out, b->scope.alias, r->o->id, 0);
    for (size_t i = 0; i < r->n_columns; i++) {
        Path path;
        DbType type;
        const Field *f = r->columns[i].field;
        TRY(path_resolve(r->cx, &b->scope, r->columns[i].name, "fields", &path));
        first[i] = col;
        sql_lit(out, ", ");
        if (field_is_computed(f)) {
            TRY(path_sql(r->cx, &b->scope, &path, PATH_VALUE, out, &type));
            col++;
            continue;
        }
        int n = rows_reads(f);
        for (int k = 0; k < n; k++) {
            if (k)
                sql_lit(out, ", ");
            sql_column(out, path.alias, f, k);
        }
        col += n;
    }
    return ST_OK;
}

static Status rows_prepare(QueryRows *r, size_t n, int *first, Stmt **ret)
{
    Base *b;
    TRY(rows_base(r, &b));
    Sql text = sql_fragment(&b->sql);
    TRY(rows_select(r, b, first, &text));
    rows_where(r, b, n);
    filter_from(b, &text);
    if (r->by_id) {
        sql_lit(&text, " ORDER BY ");
        sql_column(&text, b->scope.alias, r->o->id, 0);
        buf_str_add(&text.text, r->down ? STR(" DESC LIMIT ") : STR(" LIMIT "));
        sql_bind_int(&text, CHUNK_ROWS);
    }
    return filter_prepare(r->cx, &text, ret);
}

/* ---- a chunk */
/* Text shows its mask; what is no text stays empty in a file. */
static Value rows_masked(QueryRows *r, const Field *f, const Value *v)
{
    if (v->t != V_TEXT)
        return VALUE_NULL;
    return (Value){.t = V_TEXT, .s = query_mask(r->cx, f, v)};
}

/* What does not change from row to row: most cells of a wide object are empty, and cost this look alone. */
typedef struct RowsCell {
    const Field *field;
    int col;
    bool computed, masked;
    bool first; /* an empty first column is an empty value */
} RowsCell;

static const RowsCell *rows_cells(QueryRows *r, const int *first)
{
    RowsCell *cells = ARENA_ARRAY(r->cx->arena, RowsCell, r->n_columns + 1);
    for (size_t i = 0; i < r->n_columns; i++) {
        const Field *f = r->columns[i].field;
        bool computed = field_is_computed(f);
        cells[i] = (RowsCell){.field = f,
                              .col = first[i],
                              .computed = computed,
                              .masked = path_masked(r->cx, f),
                              .first = !computed && f->type->reads <= 1};
    }
    return cells;
}

static Value rows_value(QueryRows *r, const RowsCell *c, const Stmt *q)
{
    const Field *f = c->field;
    Value v = VALUE_NULL;
    if (c->computed)
        formula_load(r->cx, f, q, c->col, &v);
    else
        f->type->load(r->cx->arena, f, q, c->col, &v);
    if (c->masked)
        v = rows_masked(r, f, &v);
    return value_copy(r->cx->arena, v);
}

static void rows_read(QueryRows *r, const RowsCell *cells, const Stmt *q, Value *row)
{
    for (size_t i = 0; i < r->n_columns; i++) {
        bool empty = cells[i].first && db_col_null(q, cells[i].col);
        row[i] = empty ? VALUE_NULL : rows_value(r, &cells[i], q);
        r->filled[i] |= !empty;
    }
}

typedef struct RowAt {
    Id id;
    size_t place;
} RowAt;

static int rows_by_id(const void *a, const void *b)
{
    Id x = ((const RowAt *)a)->id, y = ((const RowAt *)b)->id;
    return (x > y) - (x < y);
}

/* Rows come in any order: each goes to its id's place. */
static const RowAt *rows_places(QueryRows *r, size_t n)
{
    RowAt *at = ARENA_ARRAY(r->cx->arena, RowAt, n + 1);
    for (size_t i = 0; i < n; i++)
        at[i] = (RowAt){.id = r->order[r->at + i], .place = i};
    qsort(at, n, sizeof(*at), rows_by_id);
    return at;
}

static Status rows_load(QueryRows *r, size_t most, const Value **ret_rows, size_t *ret_n)
{
    Value *all = arena_alloc(r->cx->arena, sizeof(Value) * (most * r->n_columns + 1));
    bool *there = ARENA_ARRAY(r->cx->arena, bool, most + 1);
    int *first = ARENA_ARRAY(r->cx->arena, int, r->n_columns + 1);
    r->places = ARENA_ARRAY(r->cx->arena, size_t, most + 1);
    const RowAt *places = r->by_id ? NULL : rows_places(r, most);
    CLEANUP(stmt) Stmt *q = NULL;
    size_t n = 0, kept = 0;
    TRY(rows_prepare(r, most, first, &q));
    const RowsCell *cells = rows_cells(r, first);
    r->filled = ARENA_ARRAY(r->cx->arena, bool, r->n_columns + 1);
    for (;; n++) {
        bool more;
        TRY(db_next(q, &more));
        if (!more || n == most)
            break;
        Id id = db_col_id(q, 0);
        const RowAt *at =
            places ? bsearch(&(RowAt){.id = id}, places, most, sizeof(*places), rows_by_id) : NULL;
        size_t place = at ? at->place : n;
        there[place] = true;
        rows_read(r, cells, q, &all[place * r->n_columns]);
        r->after = id;
    }
    for (size_t i = 0; i < most; i++) {
        r->places[kept] = r->at + i;
        if (there[i] && kept != i)
            memcpy(&all[kept * r->n_columns], &all[i * r->n_columns], r->n_columns * sizeof(Value));
        kept += there[i];
    }
    *ret_rows = all;
    *ret_n = kept;
    return ST_OK;
}

/* ---- titles */
static Title *cache_slot(const TitleCache *t, Id id)
{
    size_t at = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (t->cap - 1);
    while (t->rows[at].id && t->rows[at].id != id)
        at = (at + 1) & (t->cap - 1);
    return &t->rows[at];
}

static void cache_clear(TitleCache *t)
{
    arena_reset(t->arena);
    t->cap = 1024;
    t->n = 0;
    t->rows = ARENA_ARRAY(t->arena, Title, t->cap);
}

static TitleCache *cache_of(QueryRows *r, const Object *to)
{
    TitleCache *t = r->titles;
    while (t && t->to != to)
        t = t->next;
    if (t)
        return t;
    t = ARENA_NEW(r->home, TitleCache);
    *t = (TitleCache){.to = to, .arena = arena_new(65536), .next = r->titles};
    cache_clear(t);
    r->titles = t;
    return t;
}

static void cache_grow(TitleCache *t)
{
    TitleCache larger = *t;
    larger.cap = t->cap * 2;
    larger.rows = ARENA_ARRAY(t->arena, Title, larger.cap);
    for (size_t i = 0; i < t->cap; i++)
        if (t->rows[i].id)
            *cache_slot(&larger, t->rows[i].id) = t->rows[i];
    *t = larger;
}

static void cache_put(TitleCache *t, Id id, const TitleRow *row)
{
    if (t->n * 2 >= t->cap)
        cache_grow(t);
    Title *slot = cache_slot(t, id);
    if (slot->id)
        return;
    *slot = (Title){.id = id};
    t->n++;
    if (!row)
        return;
    slot->title = row->title.p ? str_copy(t->arena, row->title) : STR_NULL;
    slot->code = row->code.p ? str_copy(t->arena, row->code) : STR_NULL;
}

typedef VEC(Id) Ids;

static void wanted(QueryRows *r, const TitleCache *t, Id id, Ids *ids)
{
    if (!cache_slot(t, id)->id)
        VEC_PUSH(r->cx->arena, ids, id);
}

static Status rows_titles_of(QueryRows *r, const Object *to, size_t column, const Value *rows,
                             size_t n)
{
    TitleCache *t = cache_of(r, to);
    Ids ids = {0};
    TitleRow *found;
    size_t n_found;
    for (size_t i = 0; i < n; i++) {
        const Value *v = &rows[i * r->n_columns + column];
        if (v->t == V_ID)
            wanted(r, t, v->i, &ids);
        else if (v->t == V_REF && str_eq(v->ref.object, to->name))
            wanted(r, t, v->ref.id, &ids);
        for (size_t k = 0; v->t == V_IDS && k < v->ids.n; k++)
            wanted(r, t, v->ids.p[k], &ids);
    }
    TRY(title_load(r->cx, to, ids.v, ids.n, &found, &n_found));
    for (size_t i = 0; i < ids.n; i++)
        cache_put(t, ids.v[i], title_find(found, n_found, ids.v[i]));
    return ST_OK;
}

/* Links to any object: each object that occurs. */
static Status rows_titles_any(QueryRows *r, size_t column, const Value *rows, size_t n)
{
    Str last = STR_NULL;
    for (size_t i = 0; i < n; i++) {
        const Value *v = &rows[i * r->n_columns + column];
        const Object *to = v->t == V_REF ? meta_object(r->cx->meta, v->ref.object) : NULL;
        if (!to || str_eq(last, v->ref.object) || cache_slot(cache_of(r, to), v->ref.id)->id)
            continue;
        last = v->ref.object;
        TRY(rows_titles_of(r, to, column, rows, n));
    }
    return ST_OK;
}

static Status rows_titles(QueryRows *r, const Value *rows, size_t n)
{
    for (size_t i = 0; n && i < r->n_columns; i++) {
        if (!r->filled[i])
            continue;
        if (r->columns[i].to)
            TRY(rows_titles_of(r, r->columns[i].to, i, rows, n));
        else if (r->columns[i].field->kind == F_ANY_LINK)
            TRY(rows_titles_any(r, i, rows, n));
    }
    return ST_OK;
}

static Status rows_chunk(QueryRows *r, const Value **ret_rows, size_t *ret_n)
{
    size_t most = CHUNK_ROWS;
    TRY(rows_start(r));
    if (!r->by_id && r->n_order - r->at < most)
        most = r->n_order - r->at;
    *ret_n = 0;
    if (r->ended || most == 0)
        return ST_OK;
    TRY(rows_load(r, most, ret_rows, ret_n));
    r->at += most;
    r->ended = r->by_id && *ret_n < most;
    for (TitleCache *t = r->titles; t; t = t->next)
        if (t->n > MAX_TITLES)
            cache_clear(t);
    return rows_titles(r, *ret_rows, *ret_n);
}

/* ---- for callers */
static Status rows_within(QueryRows *r, Arena *arena,
                          Status (*work)(QueryRows *, const Value **, size_t *),
                          const Value **ret_rows, size_t *ret_n)
{
    Ctx *cx = r->cx;
    Arena *outer = cx->arena;
    Id around = cx->as_of;
    cx->arena = arena;
    cx->as_of = r->as_of;
    Status st = work(r, ret_rows, ret_n);
    cx->arena = outer;
    cx->as_of = around;
    if (st != ST_OK && cx->err.text.p)
        cx->err.text = str_copy(outer, cx->err.text);
    return st;
}

static Status rows_open(QueryRows *r, const Value **ret_rows UNUSED, size_t *ret_n UNUSED)
{
    TRY(view_apply(r->cx, r->o, &r->q));
    TRY(filter_parse(r->cx, r->o, r->q.filter, &r->filter));
    TRY(filter_search(r->cx, r->o, r->q.q, r->q.deleted, &r->search));
    TRY(rows_columns(r));
    if (r->n_columns == 0)
        return path_bad(r->cx, "fields",
                        FAIL(r->cx, ST_MALFORMED, "query.no_name", "a field's name is missing"));
    return rows_check_sort(r);
}

Status query_rows_open(Ctx *cx, const Object *o, const ListQuery *q, QueryRows **ret)
{
    QueryRows *r = ARENA_NEW(cx->arena, QueryRows);
    *r = (QueryRows){.cx = cx, .o = o, .q = *q, .rows = arena_new(ROWS_BYTES), .home = cx->arena};
    arena_on_free(cx->arena, rows_done, r);
    if (q->as_of.n)
        TRY(query_as_of(cx, q->as_of, &r->as_of));
    *ret = r;
    return rows_within(r, cx->arena, rows_open, NULL, NULL);
}

const QueryColumn *query_rows_columns(const QueryRows *r, size_t *ret_n)
{
    *ret_n = r->n_columns;
    return r->columns;
}

Status query_rows_next(QueryRows *r, const Value **ret_rows, size_t *ret_n)
{
    arena_reset(r->rows);
    return rows_within(r, r->rows, rows_chunk, ret_rows, ret_n);
}

/* ---- groups */
Status query_rows_group(QueryRows *r, const json_t *group, const json_t *sums, const json_t *sort)
{
    r->by_id = false; /* the order is read, whatever it is */
    return rows_groups_parse(r->cx, r->o, group, sums, sort, &r->groups);
}

const Field *query_rows_level(const QueryRows *r, size_t level, Str *ret_name)
{
    *ret_name = STR_NULL;
    return r->groups ? rows_groups_level(r->groups, level, ret_name) : NULL;
}

const QueryGroup *query_rows_groups(const QueryRows *r, size_t *ret_n)
{
    return rows_groups_all(r->groups, ret_n);
}

size_t query_rows_group_of(const QueryRows *r, size_t row)
{
    return rows_groups_of(r->groups, r->places[row]);
}

void query_rows_title(const QueryRows *r, const Object *to, Id id, Str *ret_title, Str *ret_code)
{
    const TitleCache *t = r->titles;
    *ret_title = *ret_code = STR_NULL;
    while (t && t->to != to)
        t = t->next;
    if (!t)
        return;
    const Title *row = cache_slot(t, id);
    *ret_title = row->title;
    *ret_code = row->code;
}

static Status rows_count(QueryRows *r, const Value **ret_rows UNUSED, size_t *ret_n)
{
    Base *b;
    TRY(rows_start(r));
    *ret_n = r->n_order;
    if (!r->by_id)
        return ST_OK;
    TRY(rows_base(r, &b));
    Sql text = sql_fragment(&b->sql);
    sql_lit(&text, "SELECT count(*)");
    filter_from(b, &text);
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(filter_prepare(r->cx, &text, &q));
    TRY(db_next(q, &found));
    *ret_n = found ? (size_t)db_col_int(q, 0) : 0;
    return ST_OK;
}

Status query_rows_count(QueryRows *r, int64_t *ret)
{
    size_t n = 0;
    TRY(rows_within(r, r->rows, rows_count, NULL, &n));
    *ret = (int64_t)n;
    return ST_OK;
}
