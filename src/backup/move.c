/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of one database as the source of a filling beside the other's place. */
#include "backup/move.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRATCH = 65536, EVENTS_TRIES = 150, EVENTS_PAUSE_US = 100000 };
static const char SQL_UNNUMBERED[] = "SELECT 1 FROM {gx_outbox} WHERE seq IS NULL LIMIT 1";

typedef struct Move {
    DbTables tables; /* platform first */
    size_t next;
    const DbTable *table;
    Stmt *rows;
    Arena *scratch;
    int64_t total;
} Move;

/* ---- the other database as a source -------------------------------------------------------- */
static Status next_table(Ctx *cx, void *arg, const DbTable **ret)
{
    Move *m = arg;
    (void)cx;
    if (m->rows)
        stmt_free(m->rows);
    m->rows = NULL;
    m->table = *ret = m->next < m->tables.n ? &m->tables.v[m->next++] : NULL;
    return ST_OK;
}

static Status next_row(Ctx *cx, void *arg, DbVal *v, bool *ret)
{
    Move *m = arg;
    if (!m->rows)
        TRY(db_table_read(cx, m->table, &m->rows));
    TRY(db_next(m->rows, ret));
    if (*ret) {
        arena_reset(m->scratch);
        db_table_row(m->rows, m->table, m->scratch, v);
        return ST_OK;
    }
    stmt_free(m->rows);
    m->rows = NULL;
    return ST_OK;
}

static Status sum_table(Ctx *cx, void *arg, TableSum *ret)
{
    const Move *m = arg;
    return fill_sum(cx, m->table, ret);
}

static Status read_tables(Ctx *cx, Move *m)
{
    DbTables all;
    TRY(db_tables(cx, &all));
    for (int platform = 1; platform >= 0; platform--)
        for (size_t i = 0; i < all.n; i++)
            if (fill_is_platform(all.v[i].name) == (platform == 1))
                VEC_PUSH(cx->arena, &m->tables, all.v[i]);
    return ST_OK;
}

/* The dispatcher of PostgreSQL numbers events behind their commit; SQLite has no unnumbered ones. */
static Status wait_for_events(Ctx *cx)
{
    for (int i = 0; i < EVENTS_TRIES; i++) {
        int64_t one = 0;
        bool found = false;
        TRY(db_get_int(cx, SQL_UNNUMBERED, NULL, 0, &one, &found));
        if (!found)
            return ST_OK;
        usleep(EVENTS_PAUSE_US);
    }
    return FAIL(cx, ST_BUSY, "backup.events", "events are still being numbered; try again");
}

/* ---- the run ------------------------------------------------------------------------------ */
static Status count_all(Ctx *cx, Move *m)
{
    for (size_t i = 0; i < m->tables.n; i++) {
        TableSum sum;
        TRY(fill_sum(cx, &m->tables.v[i], &sum));
        m->total += sum.rows;
    }
    return ST_OK;
}

static Status make_folder(Ctx *cx, const DbConfig *place)
{
    if (place->url || mkdir(place->dir, 0700) == 0 || errno == EEXIST)
        return ST_OK;
    return FAIL(cx, ST_INTERNAL, "backup.not_written", "cannot write %s: %s", place->dir,
                strerror(errno));
}

static void write_result(const MoveWhat *w, const Move *m, const FillReport *r, Buf *out)
{
    int64_t kept = 0;
    for (size_t i = 0; i < r->tables.n; i++)
        kept += r->tables.v[i].kept;
    buf_printf(out,
               "{\"dry_run\":%s,\"tables\":%zu,\"rows\":%lld,\"kept\":%lld,\"rows_ms\":%lld,"
               "\"check_ms\":%lld,\"index_ms\":%lld}",
               w->dry_run ? "true" : "false", m->tables.n,
               (long long)(w->dry_run ? m->total : r->rows), (long long)kept, (long long)r->rows_ms,
               (long long)r->check_ms, (long long)r->index_ms);
}

static Status run(Ctx *cx, const MoveWhat *w, Move *m, FillReport *report)
{
    FillSource source = {
        .arg = m, .table = next_table, .row = next_row, .sum = sum_table, .total = m->total};
    bool again = false;
    TRY(read_tables(cx, m));
    TRY(db_migrations(cx, &source.migrations));
    TRY(db_ids_given(cx, &source.ids));
    if (w->dry_run)
        return count_all(cx, m);
    TRY(db_place_taken(cx, &w->scratch, &again));
    TRY(make_folder(cx, &w->scratch));
    return fill_run(cx, &w->scratch, &source, &w->host, again, report);
}

Status move_run(Ctx *cx, const MoveWhat *w, Buf *result)
{
    CLEANUP(arena) Arena *scratch = arena_new(SCRATCH);
    Move m = {.scratch = scratch};
    FillReport report = {0};
    Db *before = cx->db;
    bool taken = false;
    TRY(db_place_taken(cx, &w->to, &taken));
    if (taken)
        return FAIL(cx, ST_CONFLICT, "backup.place_taken",
                    "there is an organisation there already");
    if (db_kind(w->from) == DB_POSTGRES)
        TRY(wait_for_events(cx));
    cx->db = db_lease(w->from);
    Status st = db_read_begin_long(cx);
    if (st == ST_OK)
        st = run(cx, w, &m, &report);
    if (m.rows)
        stmt_free(m.rows);
    db_read_end(cx);
    db_release(cx->db);
    cx->db = before;
    TRY(st);
    if (!w->dry_run) {
        TRY(db_place_take(cx, &w->scratch, &w->to, NULL));
        Ctx quiet = *cx;
        (void)!db_place_clear(&quiet, &w->scratch);
    }
    write_result(w, &m, &report, result);
    return ST_OK;
}
