/* SPDX-License-Identifier: Apache-2.0 */
/* Filling: platform tables, the catalogue's tables, then those; indexes last, of platform tables meanwhile. */
#include "backup/fill.h"
#include "backup/fill_index.h"
#include "base/calendar.h"

#define PLATFORM "gx_"
enum { SCRATCH = 256 * 1024, TELL_EVERY = 4096 };

typedef struct Fill {
    DbConfig place;
    const FillSource *source;
    const FillHost *host;
    DbLoader *loader;
    bool again, objects;
    FillIndexers indexers;
    Arena *scratch;
    FillReport *report;
} Fill;

bool fill_is_platform(Str table) { return str_starts(table, STR(PLATFORM)); }

static Status tell(Ctx *cx, const Fill *f, const char *what, int64_t done)
{
    return f->host->progress ? f->host->progress(cx, f->host->arg, what, done, f->source->total)
                             : ST_OK;
}

/* ---- sums -------------------------------------------------------------------------------- */
static Status sum_rows(Ctx *cx, const DbTable *t, Stmt *q, Arena *scratch, TableSum *ret)
{
    DbVal *v = ARENA_ARRAY(cx->arena, DbVal, t->n);
    bool row = true;
    *ret = (TableSum){0};
    for (;;) {
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        arena_reset(scratch);
        db_table_row(q, t, scratch, v);
        Buf out = buf_in(scratch, ROWS_MAX);
        row_encode(&out, t, v);
        row_sum(ret, buf_str(&out));
    }
}

Status fill_sum(Ctx *cx, const DbTable *t, TableSum *ret)
{
    CLEANUP(arena) Arena *scratch = arena_new(SCRATCH);
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_table_read(cx, t, &q));
    return sum_rows(cx, t, q, scratch, ret);
}

static Status sum_of_place(Ctx *cx, const Fill *f, const DbTable *t, TableSum *ret)
{
    Db *before = cx->db;
    int64_t begun = clock_us();
    cx->db = db_loader_db(f->loader);
    Status st = fill_sum(cx, t, ret);
    cx->db = before;
    f->report->check_ms += (clock_us() - begun) / 1000;
    return st;
}

/* ---- one table --------------------------------------------------------------------------- */
/* The columns that come, with the types of where they go. */
static Status map_columns(Ctx *cx, const Fill *f, const DbTable *from, DbTable *ret)
{
    DbTables all;
    TRY(db_loader_shape(cx, f->loader, from));
    TRY(db_loader_tables(cx, f->loader, &all));
    const DbTable *to = db_tables_find(&all, from->name);
    *ret = (DbTable){
        .name = from->name, .columns = ARENA_ARRAY(cx->arena, DbColumn, from->n), .n = from->n};
    for (size_t i = 0; to && i < from->n; i++)
        for (size_t k = 0; k < to->n; k++)
            if (str_eq(to->columns[k].name, from->columns[i].name))
                ret->columns[i] = to->columns[k];
    return to ? ST_OK
              : FAIL(cx, ST_INTERNAL, "backup.no_table", "table %.*s cannot be made",
                     STR_ARG(from->name));
}

static Status copy_rows(Ctx *cx, Fill *f, const DbTable *to, TableSum *ret)
{
    DbVal *v = ARENA_ARRAY(cx->arena, DbVal, to->n);
    bool row = true;
    *ret = (TableSum){0};
    for (;;) {
        TRY(f->source->row(cx, f->source->arg, v, &row));
        if (!row)
            return ST_OK;
        arena_reset(f->scratch);
        Buf out = buf_in(f->scratch, ROWS_MAX);
        row_encode(&out, to, v);
        row_sum(ret, buf_str(&out));
        TRY(db_loader_row(cx, f->loader, v));
        if (++f->report->rows % TELL_EVERY == 0)
            TRY(tell(cx, f, "rows", f->report->rows));
    }
}

static Status write_table(Ctx *cx, Fill *f, const DbTable *to, TableSum *ret)
{
    int64_t begun = clock_us();
    TRY(db_loader_begin(cx, f->loader, to));
    Status st = copy_rows(cx, f, to, ret);
    if (st == ST_OK)
        st = db_loader_end(cx, f->loader);
    else
        db_loader_cancel(f->loader);
    f->report->rows_ms += (clock_us() - begun) / 1000;
    return st;
}

static Status kept_already(Ctx *cx, Fill *f, const DbTable *to, TableSum *ret, bool *ret_kept)
{
    TableSum there;
    *ret_kept = false;
    if (!f->again || !f->source->sum)
        return ST_OK;
    TRY(sum_of_place(cx, f, to, &there));
    if (!there.rows)
        return ST_OK;
    TRY(f->source->sum(cx, f->source->arg, ret));
    *ret_kept = row_sum_equal(&there, ret);
    return ST_OK;
}

static Status take_table(Ctx *cx, Fill *f, const DbTable *from)
{
    DbTable to;
    TableSum there;
    FillTable done = {.name = str_copy(cx->arena, from->name)};
    TRY(map_columns(cx, f, from, &to));
    TRY(kept_already(cx, f, &to, &done.sum, &done.kept));
    if (done.kept) {
        f->report->rows += done.sum.rows;
    } else {
        TRY(write_table(cx, f, &to, &done.sum));
        TRY(sum_of_place(cx, f, &to, &there));
        if (!row_sum_equal(&there, &done.sum))
            return FAIL(cx, ST_INVALID, "backup.differs", "table %.*s is not what was written",
                        STR_ARG(from->name));
    }
    VEC_PUSH(cx->arena, &f->report->tables, done);
    return tell(cx, f, "rows", f->report->rows);
}

/* ---- the whole --------------------------------------------------------------------------- */
static Status make_indexes(Ctx *cx, Fill *f)
{
    int64_t begun = clock_us();
    for (bool more = true; more;) {
        TRY(tell(cx, f, "indexes", f->report->indexes));
        TRY(db_loader_index(cx, f->loader, NULL, &more));
        f->report->indexes += more;
    }
    f->report->index_ms += (clock_us() - begun) / 1000;
    return ST_OK;
}

/* What is left, by as many connections as make sense. */
static Status make_all_indexes(Ctx *cx, Fill *f)
{
    FillIndexers others;
    fill_index_start(cx, &f->place, NULL, FILL_INDEXERS - f->indexers.n, &others);
    Status st = make_indexes(cx, f);
    int64_t begun = clock_us();
    others.stop = st != ST_OK;
    Status joined = fill_index_join(cx, &others, &f->report->indexes);
    st = st == ST_OK ? joined : st;
    joined = fill_index_join(cx, &f->indexers, &f->report->indexes);
    f->report->index_ms += (clock_us() - begun) / 1000;
    return st == ST_OK ? joined : st;
}

static Status open_place(Ctx *cx, Fill *f, const char *except)
{
    TRY(db_loader_open(cx, &f->place, &f->loader));
    return db_loader_bare(cx, f->loader, except);
}

static void close_place(Fill *f)
{
    db_loader_free(f->loader);
    f->loader = NULL;
}

/* Opens the place as a server would: migrations, and what the host adds. */
static Status settle(Ctx *cx, const Fill *f, Str migrations, bool whole)
{
    DbPool *pool = NULL;
    DbConfig config = f->place;
    Db *before = cx->db;
    config.create = true;
    config.readers = 2;
    config.migrations = migrations.p ? str_z(cx->arena, migrations) : NULL;
    TRY(db_open(cx, &config, &pool));
    cx->db = db_lease(pool);
    Status st = whole ? f->host->prepare(cx, f->host->arg, pool) : ST_OK;
    db_release(cx->db);
    cx->db = before;
    db_close(pool);
    return st;
}

/* The platform is there: now what the catalogue says. */
static Status begin_objects(Ctx *cx, Fill *f)
{
    bool behind = db_migrations_behind(f->source->migrations);
    f->objects = true;
    if (behind && !f->again) /* older migrations may name them */
        TRY(make_indexes(cx, f));
    close_place(f);
    TRY(settle(cx, f, STR_NULL, true));
    TRY(open_place(cx, f, PLATFORM));
    if (!behind) /* of an organisation that is behind they are made already, or may change */
        fill_index_start(cx, &f->place, PLATFORM, 1, &f->indexers);
    return ST_OK;
}

static Status take_all(Ctx *cx, Fill *f)
{
    for (;;) {
        const DbTable *from = NULL;
        TRY(f->source->table(cx, f->source->arg, &from));
        if (!from)
            break;
        if (!f->objects && !fill_is_platform(from->name))
            TRY(begin_objects(cx, f));
        TRY(take_table(cx, f, from));
    }
    if (!f->objects)
        TRY(begin_objects(cx, f));
    TRY(make_all_indexes(cx, f));
    int64_t begun = clock_us();
    TRY(db_loader_indexed(cx, f->loader));
    TRY(db_loader_finish(cx, f->loader, f->source->ids));
    f->report->index_ms += (clock_us() - begun) / 1000;
    return ST_OK;
}

Status fill_run(Ctx *cx, const DbConfig *place, const FillSource *source, const FillHost *host,
                bool again, FillReport *ret)
{
    *ret = (FillReport){0};
    Fill f = {.place = *place, .source = source, .host = host, .again = again, .report = ret};
    Str strange = db_migrations_unknown(source->migrations);
    if (strange.n)
        return FAIL(cx, ST_INVALID, "backup.newer", "the backup was made by a newer program");
    f.scratch = arena_new(SCRATCH);
    Status st = settle(cx, &f, source->migrations, false);
    if (st == ST_OK)
        st = open_place(cx, &f, NULL);
    if (st == ST_OK)
        st = take_all(cx, &f);
    f.indexers.stop = true;
    Status joined = fill_index_join(cx, &f.indexers, &ret->indexes);
    st = st == ST_OK ? joined : st;
    close_place(&f);
    arena_free(f.scratch);
    return st;
}
