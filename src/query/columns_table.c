/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of columns: loading, and following the event log. */
#include "query/columns_internal.h"
#include <stdatomic.h>
#include <stdlib.h>

enum { DIRTY_MAX = 2000, DIRTY_PAGE = 100 };

static const char SQL_LAST[] =
    "SELECT seq FROM {gx_outbox} WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1";
static const char SQL_FIRST[] =
    "SELECT seq FROM {gx_outbox} WHERE seq IS NOT NULL ORDER BY seq LIMIT 1";
/* PostgreSQL: rows that are not numbered yet are new as well, and stay new until they are. */
static const char SQL_NEW[] =
    "SELECT seq, object, record, action FROM {gx_outbox} WHERE seq > ?2 ORDER BY seq LIMIT ?1";
static const char SQL_UNNUMBERED[] =
    "SELECT seq, object, record, action FROM {gx_outbox} WHERE seq IS NULL ORDER BY id LIMIT ?1";

void *columns_grow(void *p, size_t bytes)
{
    p = realloc(p, bytes ? bytes : 1);
    if (!p)
        abort();
    return p;
}

void columns_empty(ColumnTable *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        free(t->columns[i].codes);
        free(t->columns[i].numbers);
        columns_dict_done(&t->columns[i].dict);
        t->columns[i].codes = NULL;
        t->columns[i].numbers = NULL;
    }
    free(t->ids);
    free(t->slots);
    t->ids = NULL;
    t->slots = NULL;
    atomic_fetch_sub(&t->store->bytes, t->bytes);
    t->n = t->cap = t->n_slots = t->bytes = 0;
    t->seq = -1;
}

/* ---- which fields */
bool columns_takes(const Field *f, bool *ret_is_code, int *ret_part)
{
    *ret_is_code = f->kind == F_LINK || f->kind == F_CHOICE || f->kind == F_BOOLEAN;
    *ret_part = f->kind == F_MONEY ? field_part(f, 'b') : 0;
    return f->n_columns > 0 && *ret_part >= 0 && f->kind != F_ROLLUP &&
           (*ret_is_code || f->kind == F_MONEY || f->kind == F_INTEGER || f->kind == F_DECIMAL ||
            f->kind == F_PERCENT);
}

const ColumnData *columns_find(const ColumnTable *t, const Field *f)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i].index == f->index)
            return &t->columns[i];
    return NULL;
}

/* ---- rows */
static size_t row_bytes(const ColumnTable *t)
{
    size_t bytes = sizeof(Id) + 2 * sizeof(uint32_t);
    for (size_t i = 0; i < t->n_columns; i++)
        bytes += t->columns[i].is_code ? sizeof(uint16_t) : sizeof(int64_t);
    return bytes;
}

static size_t row_home(const ColumnTable *t, Id id)
{
    return (size_t)(((uint64_t)id * 0x9e3779b97f4a7c15ULL) >> 20) & (t->n_slots - 1);
}

static uint32_t *row_slot(const ColumnTable *t, Id id)
{
    size_t i = row_home(t, id);
    while (t->slots[i] && t->ids[t->slots[i] - 1] != id)
        i = (i + 1) & (t->n_slots - 1);
    return &t->slots[i];
}

static void index_rows(ColumnTable *t)
{
    t->n_slots = 64;
    while (t->n_slots < t->cap * 2)
        t->n_slots *= 2;
    t->slots = columns_grow(t->slots, t->n_slots * sizeof *t->slots);
    memset(t->slots, 0, t->n_slots * sizeof *t->slots);
    for (size_t i = 0; i < t->n; i++)
        *row_slot(t, t->ids[i]) = (uint32_t)i + 1;
}

static void more_rows(ColumnTable *t)
{
    t->cap = t->cap ? t->cap + t->cap / 2 : 1024;
    t->ids = columns_grow(t->ids, t->cap * sizeof *t->ids);
    for (size_t i = 0; i < t->n_columns; i++) {
        ColumnData *c = &t->columns[i];
        if (c->is_code)
            c->codes = columns_grow(c->codes, t->cap * sizeof *c->codes);
        else
            c->numbers = columns_grow(c->numbers, t->cap * sizeof *c->numbers);
    }
}

static DbVal cell(const Stmt *q, int col, DbType type)
{
    if (db_col_null(q, col))
        return db_null(type);
    return type == DB_TEXT   ? db_text(db_col_text(q, col))
           : type == DB_BOOL ? db_bool(db_col_bool(q, col))
                             : db_int(db_col_int(q, col));
}

/* Columns 1… of q become row `at`. False: a field has too many values. */
static bool put_row(ColumnTable *t, size_t at, const Stmt *q)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        ColumnData *c = &t->columns[i];
        int col = (int)i + 1;
        DbVal v;
        if (!c->is_code) {
            c->numbers[at] = db_col_null(q, col) ? INT64_MIN : db_col_int(q, col);
            continue;
        }
        v = cell(q, col, (DbType)c->type);
        if (!columns_dict_add(&c->dict, &v, &c->codes[at]))
            return false;
    }
    return true;
}

/* Empties slot i; what was put behind it because of it moves up (Knuth 6.4, algorithm R). */
static void free_slot(ColumnTable *t, size_t i)
{
    size_t mask = t->n_slots - 1;
    for (size_t j = (i + 1) & mask; t->slots[j]; j = (j + 1) & mask) {
        size_t home = row_home(t, t->ids[t->slots[j] - 1]);
        bool stays = i <= j ? i < home && home <= j : i < home || home <= j;
        if (stays)
            continue;
        t->slots[i] = t->slots[j];
        i = j;
    }
    t->slots[i] = 0;
}

static void drop_row(ColumnTable *t, Id id)
{
    uint32_t *slot = row_slot(t, id);
    if (!*slot)
        return;
    size_t at = *slot - 1, last = t->n - 1;
    free_slot(t, (size_t)(slot - t->slots));
    if (at != last) {
        *row_slot(t, t->ids[last]) = (uint32_t)at + 1;
        t->ids[at] = t->ids[last];
    }
    for (size_t i = 0; i < t->n_columns; i++) {
        ColumnData *c = &t->columns[i];
        if (c->is_code)
            c->codes[at] = c->codes[last];
        else
            c->numbers[at] = c->numbers[last];
    }
    t->n--;
}

static void select_columns(const ColumnTable *t, const Object *o, Sql *q)
{
    sql_lit(q, "SELECT ");
    sql_column(q, -1, o->id, 0);
    for (size_t i = 0; i < t->n_columns; i++) {
        sql_lit(q, ", ");
        sql_column(q, -1, o->fields[t->columns[i].index], t->columns[i].part);
    }
    sql_lit(q, " FROM ");
    sql_table(q, o);
}

/* ---- loading the whole */
static Status load_rows(Ctx *cx, ColumnTable *t, const Object *o)
{
    CLEANUP(stmt) Stmt *q = NULL;
    Sql text = sql_new(cx->arena);
    bool more = false;
    select_columns(t, o, &text);
    TRY(db_prepare_str(cx, sql_text(&text), &q));
    db_stream(q);
    TRY(db_next(q, &more));
    while (more) {
        if (t->n == t->cap)
            more_rows(t);
        t->ids[t->n] = db_col_id(q, 0);
        t->refused = t->n == COLUMNS_MAX_ROWS || !put_row(t, t->n, q);
        if (t->refused)
            return ST_OK;
        t->n++;
        TRY(db_next(q, &more));
    }
    index_rows(t);
    t->bytes = t->cap * row_bytes(t);
    t->refused = atomic_fetch_add(&t->store->bytes, t->bytes) + t->bytes > COLUMNS_MAX_BYTES;
    return ST_OK;
}

static Status load(Ctx *cx, ColumnTable *t, const Object *o)
{
    int64_t seq = 0;
    bool found;
    columns_empty(t);
    TRY(db_read_begin(cx));
    Status st = db_get_int(cx, SQL_LAST, NULL, 0, &seq, &found);
    if (st == ST_OK)
        st = load_rows(cx, t, o);
    db_read_end(cx);
    if (st != ST_OK || t->refused)
        columns_empty(t);
    else
        t->seq = seq;
    return st;
}

/* ---- following the log */
typedef struct Dirty {
    Id ids[DIRTY_MAX];
    size_t n;
    int64_t seq; /* the log is read up to here */
    bool reset;  /* there is more than that, or a gap */
} Dirty;

static Status read_log(Ctx *cx, const Object *o, const char *sql, int64_t from, Dirty *d)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool more = false;
    size_t rows = 0;
    TRY(db_prepare(cx, sql, &q));
    TRY(db_bind_int(q, 1, DIRTY_MAX));
    if (sql == SQL_NEW)
        TRY(db_bind_int(q, 2, from));
    TRY(db_next(q, &more));
    while (more && !d->reset) {
        if (!db_col_null(q, 0))
            d->seq = db_col_int(q, 0);
        if (str_eq(db_col_text(q, 1), o->name)) {
            d->reset = d->n == DIRTY_MAX || str_is(db_col_text(q, 3), "reset");
            if (!d->reset)
                d->ids[d->n++] = db_col_id(q, 2);
        }
        d->reset = d->reset || ++rows == DIRTY_MAX;
        TRY(db_next(q, &more));
    }
    return ST_OK;
}

static Status read_news(Ctx *cx, const ColumnTable *t, const Object *o, Dirty *d)
{
    int64_t first = 0;
    bool any;
    *d = (Dirty){.seq = t->seq};
    TRY(db_get_int(cx, SQL_FIRST, NULL, 0, &first, &any));
    d->reset = any && t->seq + 1 < first;
    if (!d->reset)
        TRY(read_log(cx, o, SQL_NEW, t->seq, d));
    if (!d->reset && db_kind_of(cx->db) == DB_POSTGRES)
        TRY(read_log(cx, o, SQL_UNNUMBERED, 0, d));
    return ST_OK;
}

static size_t row_of(ColumnTable *t, Id id)
{
    uint32_t *slot = row_slot(t, id);
    if (*slot)
        return *slot - 1;
    if (t->n == t->cap) {
        more_rows(t);
        index_rows(t);
        slot = row_slot(t, id);
    }
    t->ids[t->n] = id;
    *slot = (uint32_t)++t->n;
    return t->n - 1;
}

/* What is among the ids and not in the table any more goes. */
static void drop_missing(ColumnTable *t, const Id *ids, const bool *seen, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!seen[i])
            drop_row(t, ids[i]);
}

static Status reload_page(Ctx *cx, ColumnTable *t, const Object *o, const Id *ids, size_t n,
                          bool *ret_fits)
{
    CLEANUP(stmt) Stmt *q = NULL;
    Sql text = sql_new(cx->arena);
    bool more = false, seen[DIRTY_PAGE] = {0};
    select_columns(t, o, &text);
    sql_lit(&text, " WHERE ");
    sql_column(&text, -1, o->id, 0);
    sql_lit(&text, " IN (");
    for (size_t i = 0; i < DIRTY_PAGE; i++) { /* always as many, so that the text is the same */
        if (i)
            sql_lit(&text, ", ");
        sql_bind_int(&text, ids[i < n ? i : 0]);
    }
    sql_lit(&text, ")");
    TRY(db_prepare_str(cx, sql_text(&text), &q));
    TRY(db_bind_all(q, text.vals->v, text.vals->n));
    TRY(db_next(q, &more));
    while (more && *ret_fits) {
        Id id = db_col_id(q, 0);
        for (size_t i = 0; i < n; i++)
            seen[i] = seen[i] || ids[i] == id;
        *ret_fits = put_row(t, row_of(t, id), q);
        TRY(db_next(q, &more));
    }
    drop_missing(t, ids, seen, n);
    return ST_OK;
}

static Status follow(Ctx *cx, ColumnTable *t, const Object *o)
{
    Dirty *d = ARENA_NEW(cx->arena, Dirty);
    bool fits = true;
    TRY(db_read_begin(cx));
    Status st = read_news(cx, t, o, d);
    for (size_t i = 0; st == ST_OK && !d->reset && fits && i < d->n; i += DIRTY_PAGE)
        st =
            reload_page(cx, t, o, d->ids + i, d->n - i < DIRTY_PAGE ? d->n - i : DIRTY_PAGE, &fits);
    db_read_end(cx);
    if (st != ST_OK || d->reset || !fits) {
        columns_empty(t);
        return st;
    }
    t->seq = d->seq;
    return ST_OK;
}

/* ---- the store */
static ColumnTable *store_table(ColumnStore *s, const Object *o)
{
    pthread_mutex_lock(&s->lock);
    ColumnTable *t = s->first;
    while (t && t->object_number != o->number)
        t = t->next;
    if (!t) {
        t = columns_grow(NULL, sizeof *t);
        *t = (ColumnTable){.object_number = o->number, .seq = -1, .store = s, .next = s->first};
        pthread_rwlock_init(&t->lock, NULL);
        s->first = t;
    }
    pthread_mutex_unlock(&s->lock);
    return t;
}

/* Whether the table as it stands can answer, held for reading. */
static Status is_current(Ctx *cx, const ColumnTable *t, const Object *o, const Field *const *fields,
                         size_t n, bool *ret)
{
    *ret = false;
    if (t->catalogue_version != cx->meta->version || t->seq < 0)
        return ST_OK;
    for (size_t i = 0; i < n; i++)
        if (!columns_find(t, fields[i]))
            return ST_OK;
    Dirty *d = ARENA_NEW(cx->arena, Dirty);
    TRY(read_news(cx, t, o, d));
    *ret = !d->reset && d->n == 0;
    return ST_OK;
}

/* Held alone: fields that are missing make it load again. False: they are not for columns. */
static bool add_fields(ColumnTable *t, int64_t version, const Field *const *fields, size_t n)
{
    if (t->catalogue_version != version) {
        columns_empty(t);
        t->n_columns = 0;
        t->refused = false;
        t->catalogue_version = version;
    }
    for (size_t i = 0; i < n; i++) {
        ColumnData c = {.index = fields[i]->index};
        if (columns_find(t, fields[i]))
            continue;
        if (t->n_columns == COLUMNS_MAX_FIELDS || !columns_takes(fields[i], &c.is_code, &c.part))
            return false;
        c.type = fields[i]->columns[c.part].type;
        columns_empty(t);
        t->columns[t->n_columns++] = c;
    }
    return true;
}

static Status bring_up(Ctx *cx, ColumnTable *t, const Object *o, const Field *const *fields,
                       size_t n)
{
    if (!add_fields(t, cx->meta->version, fields, n) || t->refused)
        return ST_OK;
    if (t->seq >= 0)
        TRY(follow(cx, t, o));
    return t->seq >= 0 ? ST_OK : load(cx, t, o);
}

Status columns_hold(Ctx *cx, const Object *o, const Field *const *fields, size_t n,
                    ColumnTable **ret)
{
    ColumnTable *t = store_table(cx->columns, o);
    bool good = false;
    *ret = NULL;
    pthread_rwlock_rdlock(&t->lock);
    Status st = is_current(cx, t, o, fields, n, &good);
    if (st == ST_OK && !good && !t->refused) { /* held alone from here on */
        pthread_rwlock_unlock(&t->lock);
        pthread_rwlock_wrlock(&t->lock);
        st = bring_up(cx, t, o, fields, n);
        good = st == ST_OK && t->seq >= 0 && !t->refused;
        for (size_t i = 0; good && i < n; i++)
            good = columns_find(t, fields[i]) != NULL;
    }
    if (st == ST_OK && good)
        *ret = t;
    else
        pthread_rwlock_unlock(&t->lock);
    return st;
}

void columns_release(ColumnTable *t) { pthread_rwlock_unlock(&t->lock); }
