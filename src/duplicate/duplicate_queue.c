/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs that wait for somebody: a person is shown those of which he sees both. */
#include "base/calendar.h"
#include "base/id.h"
#include "duplicate/duplicate_internal.h"
#include <stdlib.h>

enum { PIECE = 100, PIECES = 20 };

static const char SQL_PAGE[] =
    "SELECT id, a, b, score, because FROM {gx_duplicate} WHERE object = ?1 AND status = ?2 AND "
    "(score < ?3 OR (score = ?3 AND id < ?4)) ORDER BY score DESC, id DESC LIMIT ?5";
static const char SQL_PAIR[] =
    "SELECT a, b FROM {gx_duplicate} WHERE object = ?1 AND id = ?2 AND status <> 2";
static const char SQL_SET[] =
    "UPDATE {gx_duplicate} SET status = ?3, by_user = ?4 WHERE object = ?1 AND id = ?2";

static const char SQL_PUT[] =
    "INSERT INTO {gx_duplicate} (id, object, a, b, score, because, status, at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7) ON CONFLICT (object, a, b) DO NOTHING";

void duplicate_put(Ctx *cx, Plan *plan, const Object *o, Id a, Id b, double score, uint32_t because)
{
    const DbVal v[] = {db_int(idgen_next(db_ids(cx->records->pool))),
                       db_int(o->number),
                       db_int(a < b ? a : b),
                       db_int(a < b ? b : a),
                       db_real(score),
                       db_text(str_format(cx->arena, "%u", because)),
                       db_int(cx->now_ms)};
    plan_exec(plan, STR_SQL(SQL_PUT), v, COUNT_OF(v));
}

typedef struct Pair {
    Id id, a, b;
    double score;
    uint32_t because;
} Pair;

static Status read_page(Ctx *cx, const Object *o, DuplicateStatus status, double score, Id before,
                        Pair *ret, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal v[] = {db_int(o->number), db_int(status), db_real(score), db_int(before),
                       db_int(PIECE)};
    TRY(db_prepare(cx, SQL_PAGE, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    *ret_n = 0;
    for (bool row = true; *ret_n < PIECE;) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        int64_t because = 0;
        (void)str_int(db_col_text(q, 4), &because);
        ret[(*ret_n)++] = (Pair){.id = db_col_id(q, 0),
                                 .a = db_col_id(q, 1),
                                 .b = db_col_id(q, 2),
                                 .score = db_col_real(q, 3),
                                 .because = (uint32_t)because};
    }
    return ST_OK;
}

static void write_side(Buf *out, const char *name, Id id, Str title)
{
    buf_printf(out, ",\"%s\":{\"id\":", name);
    buf_json_id(out, id);
    buf_lit(out, ",\"title\":");
    buf_json_str(out, title);
    buf_char(out, '}');
}

static void write_pair(Ctx *cx, const Object *o, const Pair *p, const Str *titles, Buf *out)
{
    buf_lit(out, "{\"id\":");
    buf_json_id(out, p->id);
    buf_printf(out, ",\"score\":%.4f", p->score);
    write_side(out, "a", p->a, titles[0]);
    write_side(out, "b", p->b, titles[1]);
    buf_lit(out, ",\"because\":");
    duplicate_because(cx, o, p->because, out);
    buf_char(out, '}');
}

/* The pairs of a piece that the person sees, until the page is full. *last is where the next one begins. */
static Status write_piece(Ctx *cx, const Object *o, const Pair *pairs, size_t n, int limit,
                          int *shown, Pair *last, Buf *out)
{
    Id ids[2 * PIECE];
    Str titles[2 * PIECE];
    for (size_t i = 0; i < n; i++) {
        ids[2 * i] = pairs[i].a;
        ids[2 * i + 1] = pairs[i].b;
    }
    TRY(query_titles(cx, o, ids, 2 * n, titles, NULL));
    for (size_t i = 0; i < n && *shown < limit; i++) {
        *last = pairs[i];
        if (!titles[2 * i].p || !titles[2 * i + 1].p)
            continue;
        if ((*shown)++)
            buf_char(out, ',');
        write_pair(cx, o, &pairs[i], &titles[2 * i], out);
    }
    return ST_OK;
}

static void select_there(const Object *o, const char *side, Sql *q)
{
    sql_lit(q, " AND EXISTS (SELECT 1 FROM ");
    sql_table(q, o);
    sql_lit(q, " r WHERE r.\"id\" = d.");
    buf_str_add(&q->text, str_of(side));
    sql_lit(q, ")");
}

Status duplicate_open(Ctx *cx, const Object *o, int64_t *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    bool row = false;
    sql_lit(&q, "SELECT count(*) FROM (SELECT 1 FROM {gx_duplicate} d WHERE d.object = ");
    sql_bind_int(&q, o->number);
    sql_lit(&q, " AND d.status = 0");
    select_there(o, "a", &q);
    select_there(o, "b", &q);
    sql_lit(&q, " LIMIT ");
    sql_number(&q, DUPLICATE_OPEN_MOST);
    sql_lit(&q, ") p");
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    TRY(db_next(s, &row));
    *ret = row ? db_col_int(s, 0) : 0;
    return ST_OK;
}

/* "0.97:4711" of the page before. */
static bool read_after(Ctx *cx, Str after, Pair *ret)
{
    char *end = NULL;
    size_t colon = str_find_char(after, ':');
    *ret = (Pair){.score = 2, .id = INT64_MAX};
    if (!after.n)
        return true;
    if (colon == SIZE_MAX || !id_parse(str_sub(after, colon + 1, after.n), &ret->id))
        return false;
    ret->score = strtod(str_z(cx->arena, str_sub(after, 0, colon)), &end);
    return *end == 0 && ret->score >= 0 && ret->score <= 2;
}

Status duplicate_list(Ctx *cx, const Object *o, DuplicateStatus status, Str after, int limit,
                      Buf *out)
{
    Pair last, pairs[PIECE];
    int shown = 0;
    size_t n = PIECE;
    if (!read_after(cx, after, &last))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "duplicate.after",
                         "after is what \"next\" of the page before said");
    buf_lit(out, "{\"items\":[");
    for (int piece = 0; piece < PIECES && n == PIECE && shown < limit; piece++) {
        TRY(read_page(cx, o, status, last.score, last.id, pairs, &n));
        if (n)
            TRY(write_piece(cx, o, pairs, n, limit, &shown, &last, out));
    }
    buf_lit(out, "],\"next\":");
    if (n == PIECE || shown == limit)
        buf_printf(out, "\"%.17g:%lld\"", last.score, (long long)last.id);
    else
        buf_lit(out, "null");
    TRY(duplicate_state(cx, o, out));
    buf_char(out, '}');
    return ST_OK;
}

Status duplicate_dismiss(Ctx *cx, Plan *plan, const Object *o, Id pair, bool not_same)
{
    CLEANUP(stmt) Stmt *q = NULL;
    Record *a = NULL, *b = NULL;
    AccessRecord ar;
    bool found = false, may = false;
    const DbVal key[] = {db_int(o->number), db_int(pair)};
    TRY(db_prepare(cx, SQL_PAIR, &q));
    TRY(db_bind_all(q, key, COUNT_OF(key)));
    TRY(db_next(q, &found));
    if (!found)
        return FAIL(cx, ST_NOT_FOUND, "duplicate.no_pair", "There is no such pair");
    TRY(record_load(cx, o, db_col_id(q, 0), &a));
    TRY(record_load(cx, o, db_col_id(q, 1), &b));
    TRY(record_access(cx, ACCESS_UPDATE, a, a->values, &ar));
    TRY(access_may(cx, o, ACCESS_UPDATE, &ar, &may));
    if (!may) {
        TRY(record_access(cx, ACCESS_UPDATE, b, b->values, &ar));
        TRY(access_require(cx, o, ACCESS_UPDATE, &ar));
    }
    const DbVal v[] = {key[0], key[1], db_int(not_same ? DUPLICATE_NOT : DUPLICATE_OPEN),
                       db_int(cx->user->id)};
    plan_exec(plan, STR_SQL(SQL_SET), v, COUNT_OF(v));
    return ST_OK;
}
