/* SPDX-License-Identifier: Apache-2.0 */
/* Lists: one statement for the page; a second one for the null range of the first sort key only
 * when the first gave too few rows; one for the count, unless the page is the whole answer. */
#include "query/list_merge.h"

#define LIST_FEW 2000 /* records that are sorted rather than found in order */
#define LIST_MAX_BYTES ((size_t)64 * 1024 * 1024)

typedef struct Page {
    Ctx *cx;
    const Object *o;
    const ListQuery *q;
    const Expr *filter;
    const ListSearch *search;
    uint64_t hash;
    DbVal after[QUERY_MAX_SORT + 1];
    bool has_after;
    size_t written;                 /* items so far */
    bool more;                      /* there is a next page */
    bool merges;                    /* out of the branches of the predicate */
    DbVal last[QUERY_MAX_SORT + 1]; /* keys of the last item */
    size_t n_keys;
    Buf *out;
} Page;

static Status list_base(const Page *p, Base **ret)
{
    TRY(filter_begin_of(p->cx, p->o, p->q, p->filter, ret));
    (*ret)->deleted = p->q->deleted;
    filter_search_add(*ret, p->search);
    TRY(filter_needles(*ret, p->filter));
    if (p->q->parent_field)
        return filter_parent(*ret, p->q->parent_field, p->q->parent_object, p->q->parent);
    return ST_OK;
}

/* AND range AND after, then ORDER BY … LIMIT n behind FROM and WHERE. */
static void list_page(Page *p, Base *b, const Sort *sort, SortRange range, Sql *text)
{
    sort_range(sort, range, &b->where);
    if (p->has_after && !(range == SORT_NULLS && !p->after[0].null))
        sort_after(sort, range, p->after, &b->where);
    filter_from(b, text);
    sort_order(sort, range, text);
    sql_limit(text, b->scope.dialect, p->q->limit + 1 - (int64_t)p->written);
}

/* Where an index gives the order: SELECT columns, keys FROM … WHERE … ORDER BY … LIMIT n */
static Status list_direct(Page *p, Base *b, Shape *shape, Sort *sort, SortRange range, Sql *text)
{
    TRY(shape_build(b, p->q->fields, p->q->expand, shape));
    for (size_t i = 0; i < sort->n; i++)
        sort->keys[i].col = shape_column(shape, &sort->keys[i].sql);
    sql_lit(text, "SELECT ");
    sql_append(text, &shape->select);
    list_page(p, b, sort, range, text);
    return ST_OK;
}

static void list_key_name(size_t i, Sql *out)
{
    sql_lit(out, "k");
    sql_number(out, (int64_t)i);
}

/* The keys of the sort, computed inside (k0, k1 …), are read outside from what the page is called. */
static void list_keys(Base *b, Shape *shape, Sort *sort, Sort *page, const Sql *from, Sql *inner,
                      bool first)
{
    for (size_t i = 0; i < sort->n; i++) {
        Sql *key = &page->keys[i].sql;
        *key = sql_fragment(&b->sql);
        sql_append(key, from);
        sql_lit(key, ".");
        list_key_name(i, key);
        sort->keys[i].col = shape_column(shape, key);
        if (!first || i > 0)
            sql_lit(inner, ", ");
        sql_append(inner, &sort->keys[i].sql);
        sql_lit(inner, " AS ");
        list_key_name(i, inner);
    }
}

/* Where rows must be sorted: SELECT columns, keys FROM (SELECT id, keys … LIMIT n) page JOIN the
 * table again, so that what is shown (titles by joins above all) is fetched for the page alone. */
static Status list_late(Page *p, Base *b, Shape *shape, Sort *sort, SortRange range, Sql *text)
{
    Base *again = filter_again(b);
    Sort page = *sort;
    Sql inner = sql_fragment(&b->sql), from = sql_fragment(&b->sql);
    TRY(shape_build(again, p->q->fields, p->q->expand, shape));
    sql_lit(&inner, "SELECT ");
    sql_lit(&from, "page");
    list_keys(b, shape, sort, &page, &from, &inner, true);
    list_page(p, b, sort, range, &inner);
    sql_lit(text, "SELECT ");
    sql_append(text, &shape->select);
    sql_lit(text, " FROM (");
    sql_append(text, &inner);
    sql_lit(text, ") AS page JOIN ");
    filter_rows(again, text);
    sql_lit(text, " ON ");
    sql_column(text, again->scope.alias, b->o->id, 0);
    sql_lit(text, " = ");
    sql_append(text, &page.keys[sort->n - 1].sql); /* the last key is always the id */
    sql_append(text, &again->scope.from);
    sort_order(&page, range, text);
    return ST_OK;
}

static bool list_computes(const Object *o)
{
    for (size_t i = 0; i < o->n_fields; i++)
        if (field_is_computed(o->fields[i]))
            return true;
    return false;
}

/* The past computes what is stored today (expr_rollup_read), for the rows of the page alone: SELECT
 * columns FROM (SELECT t.*, keys … LIMIT n) t. A join by id would gather the whole of the two tables
 * that a row of the past stands in. */
static Status list_past(Page *p, Base *b, Shape *shape, Sort *sort, SortRange range, Sql *text)
{
    Base *again = filter_again(b);
    Sort page = *sort;
    Sql inner = sql_fragment(&b->sql), from = sql_fragment(&b->sql);
    TRY(shape_build(again, p->q->fields, p->q->expand, shape));
    sql_lit(&inner, "SELECT ");
    sql_alias(&inner, b->scope.alias);
    sql_lit(&inner, ".*");
    sql_alias(&from, again->scope.alias);
    list_keys(b, shape, sort, &page, &from, &inner, false);
    list_page(p, b, sort, range, &inner);
    sql_lit(text, "SELECT ");
    sql_append(text, &shape->select);
    sql_lit(text, " FROM (");
    sql_append(text, &inner);
    sql_lit(text, ") AS ");
    sql_alias(text, again->scope.alias);
    sql_append(text, &again->scope.from);
    sort_order(&page, range, text);
    return ST_OK;
}

static Status list_rows(Page *p, Shape *shape, const Sort *sort, Stmt *q, Buf *rows)
{
    for (;;) {
        bool found;
        TRY(db_next(q, &found));
        if (!found)
            return ST_OK;
        if (p->written == (size_t)p->q->limit) {
            p->more = true;
            return ST_OK;
        }
        if (p->written++ > 0)
            buf_char(rows, ',');
        shape_row(shape, q, rows);
        if (p->written == (size_t)p->q->limit)
            cursor_take(p->cx->arena, sort, q, p->last);
    }
}

static void list_merged_key(Base *b, Shape *shape, SortKey *key, bool time)
{
    key->sql = sql_fragment(&b->sql);
    if (time)
        sql_lit(&key->sql, "page.k0");
    else
        sql_lit(&key->sql, "page.k");
    key->col = shape_column(shape, &key->sql);
}

/* In the order of the id or of the time of change, out of the branches of the predicate. */
static Status list_merged(Page *p, Base *b, Shape *shape, Sort *sort, Sql *text)
{
    TRY(shape_build(b, p->q->fields, p->q->expand, shape));
    for (size_t i = 0; i < sort->n; i++)
        list_merged_key(b, shape, &sort->keys[i], i + 1 < sort->n);
    sql_lit(text, "SELECT ");
    sql_append(text, &shape->select);
    sql_lit(text, " FROM (");
    list_merge_page(b, p->q, p->has_after ? p->after : NULL, p->q->limit + 1, text);
    sql_lit(text, ") AS page JOIN ");
    filter_rows(b, text);
    sql_lit(text, " ON ");
    sql_column(text, b->scope.alias, b->o->id, 0);
    sql_lit(text, " = page.k");
    sql_append(text, &b->scope.from);
    sort_order(sort, SORT_ALL, text);
    return ST_OK;
}

static Status list_statement(Page *p, Base *b, Shape *shape, Sort *sort, SortRange range, Sql *text)
{
    if (p->merges)
        return list_merged(p, b, shape, sort, text);
    if (p->cx->as_of && !b->deleted && list_computes(p->o))
        return list_past(p, b, shape, sort, range, text);
    if (p->cx->as_of || b->deleted || sort_has_index(b, sort))
        return list_direct(p, b, shape, sort, range, text);
    return list_late(p, b, shape, sort, range, text);
}

/* Few that the person sees are gathered and sorted; of many, records are walked in order until there are
 * enough, and shares asked of each. */
static Status list_by_row(Page *p, bool *ret)
{
    const QueryAccess *access = p->cx->access;
    bool past = p->cx->as_of || p->q->deleted, narrowed = p->filter || p->search;
    int64_t n = 0;
    *ret = p->merges || (!past && !narrowed && p->q->parent_field);
    if (*ret || past || narrowed || !access || !access->branches || access->reads_all(p->cx, p->o))
        return ST_OK;
    bool counts = list_merge_counts(p->cx, p->o, p->q, narrowed);
    if (counts)
        TRY(list_merge_count(p->cx, p->o, LIST_FEW + 1, &n));
    *ret = !counts || n > LIST_FEW;
    return ST_OK;
}

/* The statement of a page; SORT_ALL becomes the part of the nulls that is read. */
static Status list_compose(Page *p, SortRange *range, Shape *shape, Sort *sort, Sql *ret)
{
    Base *b;
    if (p->merges)
        b = filter_bare(p->cx, p->o);
    else
        TRY(list_base(p, &b));
    TRY(sort_parse(b, p->q->sort, sort));
    p->n_keys = sort->n;
    if (p->q->after.n > 0 && !p->has_after) {
        TRY(cursor_decode(p->cx, p->q->after, p->hash, sort, p->after));
        p->has_after = true;
    }
    if (*range == SORT_ALL && sort->keys[0].nullable)
        *range = p->has_after && p->after[0].null ? SORT_NULLS : SORT_VALUES;
    *ret = sql_fragment(&b->sql);
    return list_statement(p, b, shape, sort, *range, ret);
}

static Status list_range(Page *p, SortRange range)
{
    Sort sort;
    Shape shape;
    Sql text;
    CLEANUP(stmt) Stmt *q = NULL;
    bool by_row;
    p->merges = list_merge_fits(p->cx, p->o, p->q, p->filter || p->search);
    TRY(list_by_row(p, &by_row));
    p->cx->by_row = by_row ? ROWS_WALKED : ROWS_MANY;
    Status st = list_compose(p, &range, &shape, &sort, &text);
    p->cx->by_row = ROWS_MANY;
    TRY(st);
    TRY(filter_prepare(p->cx, &text, &q));
    Buf rows = shape.has_links ? buf_in(p->cx->arena, LIST_MAX_BYTES) : *p->out;
    TRY(list_rows(p, &shape, &sort, q, &rows));
    if (shape.has_links)
        TRY(splice_finish(&shape, &rows, p->out));
    else
        *p->out = rows;
    if (range == SORT_VALUES && !p->more)
        return list_range(p, SORT_NULLS);
    return ST_OK;
}

static Status list_count_rows(Page *p, bool exact, int64_t *ret)
{
    Base *b;
    bool narrowed = p->filter || p->search, many = false;
    *ret = QUERY_COUNT_CAP + 1;
    if (list_merge_counts(p->cx, p->o, p->q, narrowed))
        return list_merge_count(p->cx, p->o, exact ? INT64_MAX : *ret, ret);
    if (!exact)
        TRY(list_merge_many(p->cx, p->o, p->q, narrowed, *ret, &many));
    if (many)
        return ST_OK;
    TRY(list_base(p, &b));
    Sql text = sql_fragment(&b->sql);
    if (exact) {
        sql_lit(&text, "SELECT count(*)");
        filter_from(b, &text);
    } else {
        sql_lit(&text, "SELECT count(*) FROM (SELECT 1 AS one");
        filter_from(b, &text);
        sql_lit(&text, " LIMIT ");
        sql_number(&text, QUERY_COUNT_CAP + 1);
        sql_lit(&text, ") AS counted");
    }
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(filter_prepare(p->cx, &text, &q));
    TRY(db_next(q, &found));
    *ret = found ? db_col_int(q, 0) : 0;
    return ST_OK;
}

static void count_write(int64_t n, bool exact, Buf *out)
{
    buf_lit(out, "{\"value\":");
    buf_int(out, n);
    buf_lit(out, ",\"exact\":");
    buf_json_bool(out, exact);
    buf_char(out, '}');
}

Status query_related_count(Ctx *cx, const Relation *r, const Object *parent, Id id, Buf *out)
{
    const ListQuery q = {.parent_field = r->field, .parent_object = parent, .parent = id};
    Page p = {.cx = cx, .o = r->child, .q = &q};
    int64_t n;
    TRY(list_count_rows(&p, false, &n));
    count_write(n < QUERY_COUNT_CAP ? n : QUERY_COUNT_CAP, n <= QUERY_COUNT_CAP, out);
    return ST_OK;
}

static Status list_count(Page *p)
{
    bool exact = true, whole = !p->has_after && !p->more;
    int64_t n = (int64_t)p->written;
    if (p->q->count == COUNT_NONE) {
        buf_lit(p->out, ",\"count\":null");
        return ST_OK;
    }
    if (!whole)
        TRY(list_count_rows(p, p->q->count == COUNT_EXACT, &n));
    if (p->q->count == COUNT_CAPPED && n > QUERY_COUNT_CAP) {
        n = QUERY_COUNT_CAP;
        exact = false;
    }
    buf_lit(p->out, ",\"count\":");
    count_write(n, exact, p->out);
    return ST_OK;
}

static Status list_write(Page *p)
{
    Buf *out = p->out;
    TRY(filter_parse(p->cx, p->o, p->q->filter, &p->filter));
    TRY(filter_search(p->cx, p->o, p->q->q, p->q->deleted, &p->search));
    buf_lit(out, "{\"items\":[");
    TRY(list_range(p, SORT_ALL));
    buf_lit(out, "],\"next\":");
    if (p->more) {
        buf_char(out, '"');
        cursor_encode(p->cx, p->hash, p->last, p->n_keys, out);
        buf_char(out, '"');
    } else {
        buf_lit(out, "null");
    }
    TRY(list_count(p));
    buf_char(out, '}');
    if (buf_overflowed(out))
        return FAIL(p->cx, ST_TOO_LARGE, "query.answer_too_large", "the answer is too large");
    return ST_OK;
}

Status query_list_try(Ctx *cx, const Object *o, const ListQuery *q)
{
    Page p = {.cx = cx, .o = o, .q = q};
    Base *b;
    Sort sort;
    Shape shape;
    TRY(filter_parse(cx, o, q->filter, &p.filter));
    TRY(list_base(&p, &b));
    TRY(sort_parse(b, q->sort, &sort));
    return shape_build(b, q->fields, q->expand, &shape);
}

/* Later pages stand at the change of the first one, whatever has happened since. */
static Status list_as_of(Ctx *cx, const ListQuery *q, Id *ret)
{
    *ret = q->after.n && q->as_of.n ? cursor_as_of(cx, q->after) : 0;
    return *ret ? ST_OK : query_as_of(cx, q->as_of, ret);
}

Status query_items(Ctx *cx, const Object *o, const ListQuery *q, Buf *out)
{
    Page p = {.cx = cx, .o = o, .q = q, .out = out};
    buf_char(out, '[');
    TRY(list_range(&p, SORT_ALL));
    buf_char(out, ']');
    return ST_OK;
}

Status query_list(Ctx *cx, const Object *o, const ListQuery *q, Buf *out)
{
    Id around = cx->as_of;
    ListQuery whole = *q;
    Page p = {.cx = cx, .o = o, .q = &whole, .out = out};
    if (q->as_of.n)
        TRY(list_as_of(cx, q, &cx->as_of));
    Status st = view_apply(cx, o, &whole);
    p.hash = cursor_hash(cx, o, &whole);
    if (st == ST_OK)
        st = list_write(&p);
    cx->as_of = around;
    return st;
}
