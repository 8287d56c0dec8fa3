/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of SQLite's full-text index read without FTS5: which of the ids in hand stand under a match. FTS5 takes some
 * 40 ns for each row of each token that it passes, and gives the result row by row; a list of rows is a list of
 * differences (detail = none), of which one takes 1 to 2 ns. So for who sees few records it is cheaper to go through
 * the lists beside what he sees (docs/adr/0096).
 *
 * Lists lie in leaves of segments (tables _data, _idx; the layout is that of the version 4 of FTS5's files, which the
 * schema pins and which is looked up first). Rows that a newer segment takes back count as there: the answer is a
 * superset of what FTS5 finds, as everything is that search_find decides afterwards. Where a leaf is not as expected,
 * or lists are very long, nothing is known and FTS5 is asked. */
#include "search/search_internal.h"
#include "search/search_sql.h"

#define MAX_SEGMENTS 64
#define MAX_LEAVES 192 /* of one question: 4 KB each, some 2,500 rows */
#define MAX_DEPTH 8
#define PAGE_BITS 37 /* of a row's number in _data, below the segment */
#define STRUCTURE_ROW 10
#define LEAF_HEAD 4

typedef struct Segment {
    int64_t id, first, last; /* leaves */
} Segment;

typedef struct Ids { /* ascending, without repeats */
    const Id *v;
    size_t n;
} Ids;

typedef struct Postings {
    Ctx *cx;
    const SearchSql *sql;
    Segment segments[MAX_SEGMENTS];
    size_t n_segments, leaves;
    Str match; /* the rest */
    int depth;
    bool known;
} Postings;

typedef struct Leaf {
    const uint8_t *p;
    size_t n, body; /* the body ends where the offsets of terms begin */
} Leaf;

/* ---- numbers: seven bits a byte, the highest first; of nine the last has eight. False: behind the end. */
static bool varint(const uint8_t *p, size_t end, size_t *at, uint64_t *ret)
{
    uint64_t v = 0;
    for (int i = 0; i < 9; i++) {
        if (*at >= end)
            return false;
        uint8_t c = p[(*at)++];
        if (i == 8) {
            *ret = v << 8 | c;
            return true;
        }
        v = v << 7 | (c & 0x7f);
        if (!(c & 0x80))
            break;
    }
    *ret = v;
    return true;
}

static Status unknown(Postings *q)
{
    q->known = false;
    return ST_OK;
}

/* ---- which segments there are */
static bool segment_read(const uint8_t *p, size_t n, size_t *at, Segment *ret)
{
    uint64_t id = 0, first = 0, last = 0;
    bool whole = varint(p, n, at, &id) && varint(p, n, at, &first) && varint(p, n, at, &last);
    *ret = (Segment){(int64_t)id, (int64_t)first, (int64_t)last};
    return whole && id > 0 && id < 1 << 16 && first > 0 && last >= first && last < INT64_C(1) << 31;
}

static bool level_read(Postings *q, const uint8_t *p, size_t n, size_t *at)
{
    uint64_t merging, count;
    if (!varint(p, n, at, &merging) || !varint(p, n, at, &count) ||
        count > MAX_SEGMENTS - q->n_segments)
        return false;
    for (uint64_t i = 0; i < count; i++)
        if (!segment_read(p, n, at, &q->segments[q->n_segments++]))
            return false;
    return true;
}

/* Four bytes of a counter, then levels, segments, writes. A record of the later form begins with ff. */
static bool structure_read(Postings *q, Str block)
{
    const uint8_t *p = (const uint8_t *)block.p;
    size_t at = 4;
    uint64_t levels, segments, writes;
    if (block.n < 8 || p[4] == 0xff || !varint(p, block.n, &at, &levels) ||
        !varint(p, block.n, &at, &segments) || !varint(p, block.n, &at, &writes) ||
        levels > MAX_SEGMENTS)
        return false;
    for (uint64_t i = 0; i < levels; i++)
        if (!level_read(q, p, block.n, &at))
            return false;
    return q->n_segments == segments;
}

static Status structure_load(Postings *q)
{
    CLEANUP(stmt) Stmt *st = NULL;
    bool row;
    TRY(db_prepare_str(q->cx, q->sql->structure, &st));
    TRY(db_bind_int(st, 1, STRUCTURE_ROW));
    TRY(db_next(st, &row));
    q->known = row && db_col_int(st, 1) == 4 && structure_read(q, db_col_blob(st, 0));
    return ST_OK;
}

/* ---- one leaf */
static size_t two_bytes(const uint8_t *p) { return (size_t)p[0] << 8 | p[1]; }

static bool leaf_of(Str block, Leaf *ret)
{
    *ret = (Leaf){.p = (const uint8_t *)block.p, .n = block.n};
    if (block.n < LEAF_HEAD)
        return false;
    ret->body = two_bytes(ret->p + 2);
    return ret->body >= LEAF_HEAD && ret->body <= block.n;
}

/* Where the list that comes over from the leaf before ends: at the first term. */
static bool leaf_goes_on(const Leaf *l, size_t *ret_end)
{
    size_t at = l->body, row = two_bytes(l->p);
    uint64_t first = l->body;
    if ((row != 0 && row != LEAF_HEAD) || (at < l->n && !varint(l->p, l->n, &at, &first)) ||
        first > l->body)
        return false;
    *ret_end = row ? (size_t)first : LEAF_HEAD;
    return true;
}

/* The place behind a term's letters; terms share beginnings with the one before. */
static bool term_read(const Leaf *l, size_t *at, bool first, Buf *term)
{
    uint64_t keep = 0, n;
    if ((!first && !varint(l->p, l->body, at, &keep)) || !varint(l->p, l->body, at, &n) ||
        keep > term->n || n > l->body - *at)
        return false;
    term->n = keep;
    buf_add(term, (const char *)l->p + *at, (size_t)n);
    *at += n;
    return !buf_overflowed(term);
}

/* *ret_from..*ret_to is the term's list, as much of it as the leaf holds; *ret_from 0: not there. */
static bool leaf_find(Arena *a, const Leaf *l, Str term, size_t *ret_from, size_t *ret_to)
{
    Buf now = buf_in(a, 4096);
    uint64_t offset = 0, step;
    *ret_from = 0;
    for (size_t index = l->body; index < l->n;) {
        bool first = offset == 0;
        if (!varint(l->p, l->n, &index, &step) || step > l->body - offset)
            return false;
        offset += step;
        size_t at = (size_t)offset, look = index;
        if (at < LEAF_HEAD || !term_read(l, &at, first, &now))
            return false;
        if (!str_eq(buf_str(&now), term))
            continue;
        uint64_t next = l->body - offset;
        if (look < l->n && !varint(l->p, l->n, &look, &next))
            return false;
        *ret_from = at;
        *ret_to = next < l->body - offset ? (size_t)(offset + next) : l->body;
        return *ret_to >= at;
    }
    return true;
}

/* ---- a list held against ids */
typedef struct Walk {
    Ids in;
    size_t at; /* in in */
    VEC(Id) out;
} Walk;

/* Rows from..to of a leaf; the first is written whole. What marks rows that are taken back is passed over. */
static bool walk_leaf(Arena *a, Walk *w, const Leaf *l, size_t from, size_t to)
{
    const uint8_t *p = l->p;
    const Id *v = w->in.v;
    size_t k = w->at, n = w->in.n;
    uint64_t row = 0, step;
    while (from < to && k < n) {
        if (p[from] < 0x80)
            step = p[from++];
        else if (!varint(p, to, &from, &step))
            return false;
        row += step;
        while (from < to && p[from] == 0)
            from++;
        while (k < n && (uint64_t)v[k] < row)
            k++;
        if (k < n && (uint64_t)v[k] == row)
            VEC_PUSH(a, &w->out, v[k]);
    }
    w->at = k;
    return true;
}

static Status first_leaf(Postings *q, const Segment *s, Str term, int64_t *ret)
{
    CLEANUP(stmt) Stmt *st = NULL;
    bool row;
    TRY(db_prepare_str(q->cx, q->sql->leaf_of, &st));
    TRY(db_bind_int(st, 1, s->id));
    TRY(db_bind(st, 2, db_blob(term)));
    TRY(db_next(st, &row));
    int64_t leaf = row ? db_col_int(st, 0) >> 1 : 0;
    *ret = leaf < s->first ? s->first : leaf;
    return ST_OK;
}

static Status walk_segment(Postings *q, const Segment *s, Str term, Walk *w)
{
    CLEANUP(stmt) Stmt *st = NULL;
    int64_t leaf;
    bool row, first = true;
    TRY(first_leaf(q, s, term, &leaf));
    TRY(db_prepare_str(q->cx, q->sql->leaves, &st));
    TRY(db_bind_int(st, 1, (s->id << PAGE_BITS) + leaf));
    TRY(db_bind_int(st, 2, (s->id << PAGE_BITS) + s->last));
    for (;; first = false) {
        Leaf l;
        size_t from = LEAF_HEAD, to = 0;
        TRY(db_next(st, &row));
        if (!row)
            return first ? unknown(q) : ST_OK;
        if (++q->leaves > MAX_LEAVES || !leaf_of(db_col_blob(st, 0), &l) ||
            !(first ? leaf_find(q->cx->arena, &l, term, &from, &to) : leaf_goes_on(&l, &to)))
            return unknown(q);
        if (from && !walk_leaf(q->cx->arena, w, &l, from, to))
            return unknown(q);
        if (!from || to < l.body || w->at >= w->in.n)
            return ST_OK;
    }
}

static Ids ids_union(Arena *a, Ids x, Ids y)
{
    if (!x.n || !y.n)
        return x.n ? x : y;
    Id *out = ARENA_ARRAY(a, Id, x.n + y.n);
    size_t i = 0, k = 0, n = 0;
    while (i < x.n || k < y.n) {
        bool left = k == y.n || (i < x.n && x.v[i] <= y.v[k]);
        Id id = left ? x.v[i] : y.v[k];
        i += i < x.n && x.v[i] == id;
        k += k < y.n && y.v[k] == id;
        out[n++] = id;
    }
    return (Ids){out, n};
}

static Status token_ids(Postings *q, Str term, Ids in, Ids *ret)
{
    *ret = (Ids){NULL, 0};
    for (size_t i = 0; i < q->n_segments && q->known; i++) {
        Walk w = {.in = in};
        TRY(walk_segment(q, &q->segments[i], term, &w));
        *ret = ids_union(q->cx->arena, *ret, (Ids){w.out.v, w.out.n});
    }
    return ST_OK;
}

/* ---- the match: ("ab" AND ("c" * OR "de")), as match.c writes it */
static bool skip(Postings *q, const char *text)
{
    if (!str_starts(q->match, str_of(text)))
        return false;
    q->match = str_sub(q->match, strlen(text), q->match.n);
    return true;
}

static Status group_ids(Postings *q, Ids in, Ids *ret);

static Status part_ids(Postings *q, Ids in, Ids *ret)
{
    *ret = (Ids){NULL, 0};
    if (skip(q, "(")) {
        if (++q->depth > MAX_DEPTH)
            return unknown(q);
        TRY(group_ids(q, in, ret));
        q->depth--;
        return skip(q, ")") ? ST_OK : unknown(q);
    }
    const char *end = skip(q, "\"") ? memchr(q->match.p, '"', q->match.n) : NULL;
    if (!end)
        return unknown(q);
    Str token = str_n(q->match.p, (size_t)(end - q->match.p));
    q->match = str_sub(q->match, token.n + 1, q->match.n);
    bool begins = skip(q, " *");
    if (begins && utf8_length(token) != 1) /* beginnings of one letter have lists of their own */
        return unknown(q);
    return token_ids(q, str_format(q->cx->arena, "%c" STR_FMT, begins ? '1' : '0', STR_ARG(token)),
                     in, ret);
}

/* Parts joined by one of the two words, never by both. */
static Status group_ids(Postings *q, Ids in, Ids *ret)
{
    Ids more;
    TRY(part_ids(q, in, ret));
    const char *joint = str_starts(q->match, STR(" AND ")) ? " AND " : " OR ";
    bool all = joint[1] == 'A';
    while (q->known && skip(q, joint)) {
        TRY(part_ids(q, all ? *ret : in, &more));
        *ret = all ? more : ids_union(q->cx->arena, *ret, more);
    }
    return ST_OK;
}

Status search_among(Ctx *cx, Str match, const Id *ids, size_t n, const Id **ret, size_t *ret_n,
                    bool *ret_known)
{
    Postings q = {
        .cx = cx, .sql = search_sql(db_kind_of(cx->db), cx->meta->search.slot), .match = match};
    Ids found = {NULL, 0};
    *ret_n = 0;
    *ret_known = false;
    if (!match.n || !q.sql->structure.n)
        return ST_OK;
    TRY(structure_load(&q));
    if (q.known)
        TRY(group_ids(&q, (Ids){ids, n}, &found));
    *ret_known = q.known && q.match.n == 0;
    *ret = found.v;
    *ret_n = found.n;
    return ST_OK;
}
