/* SPDX-License-Identifier: Apache-2.0 */
/* Auto numbers: C{YYYY}{000000} → C2026000042. One counter per field and period; blocks of it are
 * leased into memory, so that a number costs no statement; what a block has left at the end of the
 * process is a gap. A format with {000000!} has none: the counter moves with the plan that writes the
 * record, or not at all. Thread-safe. */
#include "record/number.h"
#include "base/calendar.h"
#include "record/record_internal.h"
#include <pthread.h>

#define COUNTER_BYTES 96 /* name of a counter */
#define FIRST_BLOCK 20
#define LARGEST_BLOCK 2000

static const char SQL_COUNTER[] = "SELECT value FROM {gx_counter} WHERE name = ?1";
static const char SQL_COUNTER_NEW[] = "INSERT INTO {gx_counter} (name, value) VALUES (?1, ?2)";
static const char SQL_COUNTER_MOVE[] =
    "UPDATE {gx_counter} SET value = ?2 WHERE name = ?1 AND value = ?3";

typedef struct Block {
    char name[COUNTER_BYTES];
    int64_t next, end, size;
    struct Block *more;
} Block;

struct NumberBlocks {
    pthread_mutex_t lock;
    Block *first;
};

NumberBlocks *number_blocks_new(void)
{
    NumberBlocks *n = calloc(1, sizeof *n);
    if (!n)
        abort();
    pthread_mutex_init(&n->lock, NULL);
    return n;
}

void number_blocks_free(NumberBlocks *n)
{
    for (Block *b = n->first, *more; b; b = more) {
        more = b->more;
        free(b);
    }
    pthread_mutex_destroy(&n->lock);
    free(n);
}

/* ---- the format */

static void write_date_part(Buf *b, Str part, Civil c)
{
    if (str_is(part, "YYYY"))
        buf_printf(b, "%04d", (int)c.year);
    else if (str_is(part, "YY"))
        buf_printf(b, "%02d", (int)(c.year % 100));
    else if (str_is(part, "MM"))
        buf_printf(b, "%02d", c.month);
    else if (str_is(part, "DD"))
        buf_printf(b, "%02d", c.day);
}

static bool is_zeros(Str part)
{
    for (size_t i = 0; i < part.n; i++)
        if (part.p[i] != '0')
            return false;
    return part.n > 0;
}

/* Writes the format; the run of zeros becomes the number, or nothing for number < 0 (the period). */
static void write_number(Buf *b, Str format, Civil c, int64_t number)
{
    for (size_t i = 0; i < format.n; i++) {
        size_t close = str_find_char(str_sub(format, i, format.n), '}');
        if (format.p[i] != '{' || close == SIZE_MAX) {
            buf_char(b, format.p[i]);
            continue;
        }
        Str part = str_sub(format, i + 1, close - 1);
        if (part.n && part.p[part.n - 1] == '!')
            part = str_sub(part, 0, part.n - 1);
        if (!is_zeros(part))
            write_date_part(b, part, c);
        else if (number >= 0)
            buf_printf(b, "%0*lld", (int)part.n, (long long)number);
        i += close;
    }
}

/* ---- blocks */
static Block *block_find(NumberBlocks *n, Str name)
{
    for (Block *b = n->first; b; b = b->more)
        if (str_is(name, b->name))
            return b;
    Block *b = calloc(1, sizeof *b);
    if (!b)
        abort();
    snprintf(b->name, sizeof b->name, "%.*s", STR_ARG(name));
    b->size = FIRST_BLOCK;
    b->more = n->first;
    n->first = b;
    return b;
}

static Status lease_once(Ctx *cx, Block *b, bool *ret_done)
{
    Str name = str_of(b->name);
    DbVal key = db_text(name);
    int64_t value = 0;
    bool found = false;
    TRY(db_get_int(cx, SQL_COUNTER, &key, 1, &value, &found));
    Plan *plan = plan_new(cx);
    if (found) {
        const DbVal v[] = {key, db_int(value + b->size), db_int(value)};
        plan_expect(plan, STR_SQL(SQL_COUNTER_MOVE), v, COUNT_OF(v), 1);
    } else {
        const DbVal v[] = {key, db_int(b->size)};
        plan_exec(plan, STR_SQL(SQL_COUNTER_NEW), v, COUNT_OF(v));
    }
    PlanResult result;
    Status st = db_apply(cx->records->pool, cx, plan, &result);
    *ret_done = st == ST_OK;
    if (st == ST_RETRY || st == ST_CONFLICT) { /* somebody leased at the same time */
        error_clear(cx);
        return ST_OK;
    }
    TRY(st);
    b->next = value + 1;
    b->end = value + b->size;
    b->size = b->size * 4 > LARGEST_BLOCK ? LARGEST_BLOCK : b->size * 4;
    return ST_OK;
}

static Status take(Ctx *cx, Block *b, int64_t *ret)
{
    for (int attempt = 0; b->next == 0 || b->next > b->end; attempt++) {
        bool done = false;
        if (attempt == 20)
            return FAIL(cx, ST_BUSY, "record.number_busy",
                        "No number could be reserved; try again");
        TRY(lease_once(cx, b, &done));
    }
    *ret = b->next++;
    return ST_OK;
}

static Civil today(const Ctx *cx)
{
    return calendar_civil(calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms)));
}

Str number_counter(Ctx *cx, const Field *f)
{
    Buf name = buf_in(cx->arena, COUNTER_BYTES);
    buf_printf(&name, "%u.", f->number);
    write_number(&name, f->number_format, today(cx), -1);
    return buf_str(&name);
}

Str number_text(Ctx *cx, const Field *f, int64_t value)
{
    Buf number = buf_in(cx->arena, 200);
    write_number(&number, f->number_format, today(cx), value);
    return buf_str(&number);
}

/* ---- doctor */
static const char SQL_COUNTER_RAISE[] = "INSERT INTO {gx_counter} (name, value) VALUES (?1, ?2) "
                                        "ON CONFLICT (name) DO UPDATE SET value = excluded.value "
                                        "WHERE {gx_counter}.value < excluded.value";

/* The greatest number of this period that a record has: the longest text, the last of those. */
static Status greatest(Ctx *cx, const Field *f, Str prefix, int64_t *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    Sql q = sql_new(cx->arena);
    bool found = false;
    sql_lit(&q, "SELECT ");
    sql_column(&q, -1, f, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, f->object);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, f, 0);
    sql_lit(&q, " >= ");
    sql_bind_text(&q, str_format(cx->arena, STR_FMT "0", STR_ARG(prefix)));
    sql_lit(&q, " AND ");
    sql_column(&q, -1, f, 0);
    sql_lit(&q, " < ");
    sql_bind_text(&q, str_format(cx->arena, STR_FMT ":", STR_ARG(prefix))); /* behind the 9 */
    sql_lit(&q, " ORDER BY length(");
    sql_column(&q, -1, f, 0);
    sql_lit(&q, ") DESC, ");
    sql_column(&q, -1, f, 0);
    sql_lit(&q, " DESC LIMIT 1");
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    TRY(db_next(stmt, &found));
    Str text = found ? db_col_text(stmt, 0) : STR_NULL;
    if (!found || !str_int(str_sub(text, prefix.n, text.n), ret))
        *ret = 0;
    return ST_OK;
}

Status number_verify(Ctx *cx, const Field *f, int64_t *ret_counter, int64_t *ret_greatest)
{
    Str first = number_text(cx, f, 0), prefix = number_text(cx, f, -1);
    DbVal key = db_text(number_counter(cx, f));
    bool found = false;
    *ret_counter = *ret_greatest = 0;
    if (!str_starts(first, prefix)) /* something stands behind the number */
        return ST_OK;
    TRY(db_get_int(cx, SQL_COUNTER, &key, 1, ret_counter, &found));
    return greatest(cx, f, prefix, ret_greatest);
}

void number_raise(Ctx *cx, Plan *plan, const Field *f, int64_t value)
{
    const DbVal v[] = {db_text(number_counter(cx, f)), db_int(value)};
    plan_exec(plan, STR_SQL(SQL_COUNTER_RAISE), v, COUNT_OF(v));
}

void number_forget(Ctx *cx, const Field *f)
{
    NumberBlocks *n = cx->records->numbers;
    if (!n)
        return;
    pthread_mutex_lock(&n->lock);
    block_find(n, number_counter(cx, f))->next = 0;
    pthread_mutex_unlock(&n->lock);
}

/* Without gaps: the number is the plan's and goes back with it. */
static Status next_of_plan(Ctx *cx, Plan *plan, const Field *f, Str *ret)
{
    Str counter = number_counter(cx, f);
    DbVal key = db_text(counter);
    int64_t stored = 0;
    bool found = false;
    TRY(db_get_int(cx, SQL_COUNTER, &key, 1, &stored, &found));
    *ret = number_text(cx, f, plan_number(plan, counter, stored));
    return ST_OK;
}

Status number_next(Ctx *cx, Plan *plan, const Field *f, Str *ret)
{
    if (f->gap_free)
        return next_of_plan(cx, plan, f, ret);
    NumberBlocks *n = cx->records->numbers;
    Str counter = number_counter(cx, f);
    int64_t value = 0;
    pthread_mutex_lock(&n->lock);
    Status st = take(cx, block_find(n, counter), &value);
    pthread_mutex_unlock(&n->lock);
    TRY(st);
    *ret = number_text(cx, f, value);
    return ST_OK;
}
