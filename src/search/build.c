/* SPDX-License-Identifier: Apache-2.0 */
/* Generations: the slot that is not read is emptied, filled with the tokens of all records in chunks,
 * then read. Meanwhile every write feeds both. A chunk locks the records it has read at the versions
 * it has read, so that a record is either written by its own plan or by the chunk, never by both.
 * And the comparison for doctor, which reads the same way. */
#include "search/search_internal.h"
#include "search/search_sql.h"

#define CHUNK SEARCH_ROWS
#define MERGE_PAGES                                                                                \
    64 /* of one plan, for SEARCH_ROWS rows of a chunk: others get through in between */
#define MERGE_LOOK 8 /* plans until the pieces are counted again */
#define WORDS_BYTES 16384
#define CLEAR_ROWS 5 /* of one plan, for each row of a chunk: they cost less */

static const char SQL_SETTING[] = "INSERT INTO {gx_setting} (name, value) VALUES (?1, ?2) "
                                  "ON CONFLICT (name) DO UPDATE SET value = excluded.value";
static const char SQL_AT_VERSION[] = "SELECT 1 FROM {gx_epoch} WHERE id = 1 AND catalogue = ?1";
static const char SQL_OWNER[] =
    "SELECT 1 FROM {gx_setting} WHERE name = 'search_building' AND value = ?1";
static const char SQL_RAISE[] = "UPDATE {gx_epoch} SET catalogue = catalogue + 1 WHERE id = 1";

static const Field *numbered(const Object *o, uint32_t number)
{
    for (size_t i = 0; number && i < o->n_fields; i++)
        if (o->fields[i]->number == number)
            return o->fields[i];
    return NULL;
}

/* A searched field of one that is not a searched field of the other. */
static bool lacks(const Object *one, const Object *other)
{
    for (size_t i = 0; i < one->n_fields; i++) {
        const Field *f = one->fields[i];
        const Field *there = numbered(other, f->number);
        if (f->number && search_has(f) && (!there || !search_has(there)))
            return true;
    }
    return false;
}

/* An object that is new has no records; a field that comes may come back with its data. */
bool search_outdated(const Meta *before, const Meta *after)
{
    for (size_t i = 0; i < after->n_objects; i++) {
        const Object *now = after->objects[i], *was = NULL;
        for (size_t k = 0; k < before->n_objects && !was; k++)
            if (before->objects[k]->number == now->number)
                was = before->objects[k];
        if (was && (lacks(was, now) || lacks(now, was) || was->title->number != now->title->number))
            return true;
    }
    return false;
}

/* ---- rows of one object */
typedef struct Row {
    Id id, changed;
    int64_t version;
    Str tokens, words;
} Row;

static Sql rows_select(Ctx *cx, const Object *o, Id after, size_t limit)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT \"id\", \"version\", \"changed\"");
    for (size_t i = 0; i < o->n_fields; i++)
        for (int part = 0; search_has(o->fields[i]) && part < o->fields[i]->n_columns; part++) {
            sql_lit(&q, ", ");
            sql_column(&q, -1, o->fields[i], part);
        }
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE \"id\" > ");
    sql_bind_int(&q, after);
    sql_lit(&q, " ORDER BY \"id\" LIMIT ");
    sql_number(&q, (int64_t)limit);
    return q;
}

static void row_read(Ctx *cx, const Object *o, const Stmt *q, Row *ret)
{
    Value *values = ARENA_ARRAY(cx->arena, Value, o->n_fields);
    int col = 3;
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (!search_has(f))
            continue;
        f->type->load(cx->arena, f, q, col, &values[i]);
        col += f->n_columns;
    }
    SearchTokens t = search_tokens(cx->arena, o, values);
    *ret = (Row){.id = db_col_id(q, 0),
                 .version = db_col_int(q, 1),
                 .changed = db_col_id(q, 2),
                 .tokens = str_copy(cx->arena, t.text),
                 .words = str_copy(cx->arena, t.words)};
}

static Status rows_read(Ctx *cx, const Object *o, Id after, size_t limit, Row *ret, size_t *ret_n)
{
    Sql text = rows_select(cx, o, after, limit);
    CLEANUP(stmt) Stmt *q = NULL;
    bool row;
    *ret_n = 0;
    TRY(db_prepare_str(cx, sql_text(&text), &q));
    TRY(db_bind_all(q, text.vals->v, text.vals->n));
    TRY(db_next(q, &row));
    while (row) {
        row_read(cx, o, q, &ret[(*ret_n)++]);
        TRY(db_next(q, &row));
    }
    return ST_OK;
}

/* ---- rows of a slot */
typedef struct Doc {
    Id id, object;
    Str tokens;
} Doc;

static int token_order(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

/* A tsvector comes back quoted and in an order of its own. */
static Str doc_tokens(Arena *a, Str text)
{
    VEC(Str) tokens = {0};
    Str token;
    if (!text.n || text.p[0] != '\'')
        return str_copy(a, text);
    for (Str rest = text; str_split(&rest, ' ', &token);)
        VEC_PUSH(a, &tokens, str_sub(token, 1, token.n - 2));
    if (tokens.n)
        qsort(tokens.v, tokens.n, sizeof *tokens.v, token_order);
    Buf out = buf_in(a, text.n + 1);
    for (size_t i = 0; i < tokens.n; i++) {
        if (i)
            buf_char(&out, ' ');
        buf_str_add(&out, tokens.v[i]);
    }
    return buf_str(&out);
}

static Status docs_read(Ctx *cx, int slot, Id after, Id last, size_t limit, Doc *ret, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row;
    *ret_n = 0;
    TRY(db_prepare_str(cx, search_sql(db_kind_of(cx->db), slot)->doc_list, &q));
    TRY(db_bind_int(q, 1, after));
    TRY(db_bind_int(q, 2, last));
    TRY(db_bind_int(q, 3, (int64_t)limit));
    TRY(db_next(q, &row));
    while (row && *ret_n < limit) {
        ret[(*ret_n)++] =
            (Doc){db_col_id(q, 0), db_col_int(q, 1), doc_tokens(cx->arena, db_col_text(q, 2))};
        TRY(db_next(q, &row));
    }
    return ST_OK;
}

/* ---- building */
static void put_setting(Plan *plan, const char *name, Str value)
{
    const DbVal v[] = {db_text(str_of(name)), db_text(value)};
    plan_exec(plan, STR_SQL(SQL_SETTING), v, COUNT_OF(v));
}

/* Plans that feed other slots must not come through. */
static void raise_catalogue(Ctx *cx, Plan *plan)
{
    DbVal version = db_int(cx->meta->version);
    plan_lock(plan, STR("gx_epoch"), 1, 0);
    plan_guard(plan, STR_SQL(SQL_AT_VERSION), &version, 1);
    plan_expect(plan, STR_SQL(SQL_RAISE), NULL, 0, 1);
}

static Str owner_text(Ctx *cx, const SearchBuild *b)
{
    return str_format(cx->arena, "%lld", (long long)b->owner);
}

static void guard_owner(Ctx *cx, Plan *plan, const SearchBuild *b)
{
    DbVal owner = db_text(owner_text(cx, b));
    plan_guard(plan, STR_SQL(SQL_OWNER), &owner, 1);
}

void search_build_claim(Ctx *cx, Plan *plan, const SearchBuild *b)
{
    put_setting(plan, "search_building", owner_text(cx, b));
}

static void clear_slot(Ctx *cx, Plan *plan)
{
    const SearchSql *sql = search_sql(db_kind_of(cx->db), !cx->meta->search.slot);
    for (size_t i = 0; i < COUNT_OF(sql->clear) && sql->clear[i].n; i++)
        plan_exec(plan, sql->clear[i], NULL, 0);
}

/* The rows of a million records are let go in pieces, the rest at once. */
Status search_build_clear(Ctx *cx, Plan *plan, const SearchBuild *b, bool *ret_done)
{
    const SearchSql *sql = search_sql(db_kind_of(cx->db), !cx->meta->search.slot);
    size_t rows = CLEAR_ROWS * (b->rows ? b->rows : SEARCH_ROWS);
    Doc *docs = ARENA_ARRAY(cx->arena, Doc, 1);
    DbVal most = db_int((int64_t)rows);
    size_t found = 0;
    TRY(docs_read(cx, !cx->meta->search.slot, INT64_MIN, INT64_MAX, 1, docs, &found));
    *ret_done = !found;
    DbVal owner = db_text(b->finished ? STR("") : owner_text(cx, b));
    plan_guard(plan, STR_SQL(SQL_OWNER), &owner, 1);
    if (found)
        plan_exec(plan, sql->doc_clear, &most, 1);
    else
        clear_slot(cx, plan);
    return ST_OK;
}

/* While it is filled an index collects more before it writes a piece, and merges many at once, in steps: four at a
 * time, as it does by default, each token is written anew some six times; sixteen at once when there
 * are sixteen (a crisis) hold up whoever writes. */
typedef struct SlotConfig {
    int64_t hash_bytes, automerge, crisis;
} SlotConfig;
static const SlotConfig CONFIG_FILL = {16 << 20, 64, 1024}, CONFIG_USE = {1 << 20, 4, 16};

static void put_config(Ctx *cx, Plan *plan, int slot, const SlotConfig *c)
{
    const SearchSql *sql = search_sql(db_kind_of(cx->db), slot);
    const DbVal v[][2] = {{db_text(STR("hashsize")), db_int(c->hash_bytes)},
                          {db_text(STR("automerge")), db_int(c->automerge)},
                          {db_text(STR("crisismerge")), db_int(c->crisis)}};
    for (size_t i = 0; i < COUNT_OF(v) && sql->config.n; i++)
        plan_exec(plan, sql->config, v[i], COUNT_OF(v[i]));
}

void search_build_begin(Ctx *cx, Plan *plan, SearchBuild *b)
{
    clear_slot(cx, plan);
    search_build_claim(cx, plan, b);
    raise_catalogue(cx, plan);
    *b = (SearchBuild){.owner = b->owner, .slot = !cx->meta->search.slot, .rows = b->rows};
    put_config(cx, plan, b->slot, &CONFIG_FILL);
}

static void put_version(Plan *plan) { put_setting(plan, "search_version", STR(SEARCH_VERSION)); }

void search_build_end(Ctx *cx, Plan *plan, const SearchBuild *b)
{
    guard_owner(cx, plan, b);
    put_setting(plan, "search_slot", b->slot ? STR("1") : STR("0"));
    put_setting(plan, "search_building", STR(""));
    put_version(plan);
    raise_catalogue(cx, plan);
    put_config(cx, plan, b->slot, &CONFIG_USE); /* as FTS5 has it */
}

void search_build_none(Plan *plan) { put_version(plan); }

static Status count_rows(Ctx *cx, const Object *o, int64_t *ret)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT count(*) FROM ");
    sql_table(&q, o);
    CLEANUP(stmt) Stmt *s = NULL;
    bool row;
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_next(s, &row));
    *ret += row ? db_col_int(s, 0) : 0;
    return ST_OK;
}

Status search_build_total(Ctx *cx, int64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        if (search_covers(cx->meta->objects[i]))
            TRY(count_rows(cx, cx->meta->objects[i], ret));
    return ST_OK;
}

/* The rows are as they were read. One writer: all at once, by their number and the newest change; else
 * each is locked. */
static void hold_rows(Ctx *cx, Plan *plan, const Object *o, const Row *rows, size_t n)
{
    Id newest = 0;
    if (db_kind_of(cx->db) != DB_SQLITE) {
        for (size_t i = 0; i < n; i++)
            plan_lock(plan, o->plural, rows[i].id, rows[i].version);
        return;
    }
    for (size_t i = 0; i < n; i++)
        newest = rows[i].changed > newest ? rows[i].changed : newest;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT 1 FROM (SELECT count(*) AS n, max(\"changed\") AS newest FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE \"id\" >= ");
    sql_bind_int(&q, rows[0].id);
    sql_lit(&q, " AND \"id\" <= ");
    sql_bind_int(&q, rows[n - 1].id);
    sql_lit(&q, ") t WHERE n = ");
    sql_bind_int(&q, (int64_t)n);
    sql_lit(&q, " AND newest <= ");
    sql_bind_int(&q, newest);
    plan_guard(plan, sql_text(&q), q.vals->v, q.vals->n);
}

static void put_words(Ctx *cx, Plan *plan, Buf *words, Str more)
{
    if (more.n) {
        if (words->n)
            buf_char(words, ' ');
        buf_str_add(words, more);
    }
    if (words->n < WORDS_BYTES && more.p)
        return;
    words_put(cx, plan, NULL, str_copy(cx->arena, buf_str(words)));
    buf_truncate(words, 0);
}

/* What a record's own plan has put there meanwhile is newer. */
static Status chunk_put(Ctx *cx, Plan *plan, int slot, const Object *o, const Row *rows, size_t n)
{
    Doc *docs = ARENA_ARRAY(cx->arena, Doc, n);
    size_t n_docs, at = 0;
    const SearchSql *sql = search_sql(db_kind_of(cx->db), slot);
    Buf words = buf_in(cx->arena, 1 << 20);
    TRY(docs_read(cx, slot, rows[0].id - 1, rows[n - 1].id, n, docs, &n_docs));
    hold_rows(cx, plan, o, rows, n);
    for (size_t i = 0; i < n; i++) {
        const DbVal v[] = {db_int(rows[i].id), db_int(o->number), db_text(rows[i].tokens)};
        while (at < n_docs && docs[at].id < rows[i].id)
            at++;
        if ((at < n_docs && docs[at].id == rows[i].id) || !rows[i].tokens.n ||
            rows[i].id < SEARCH_FIRST_ID)
            continue;
        plan_exec(plan, sql->doc_put, v, COUNT_OF(v));
        if (sql->index_put.n)
            plan_exec(plan, sql->index_put, v, COUNT_OF(v));
        put_words(cx, plan, &words, rows[i].words.p ? rows[i].words : STR(""));
    }
    put_words(cx, plan, &words, STR_NULL);
    return ST_OK;
}

Status search_build_chunk(Ctx *cx, Plan *plan, SearchBuild *b)
{
    size_t limit = b->rows ? b->rows : SEARCH_ROWS, n = 0;
    Row *rows = ARENA_ARRAY(cx->arena, Row, limit);
    for (; b->object < cx->meta->n_objects; b->object++, b->after = 0) {
        const Object *o = cx->meta->objects[b->object];
        if (!search_covers(o))
            continue;
        TRY(rows_read(cx, o, b->after, limit, rows, &n));
        if (!n)
            continue;
        guard_owner(cx, plan, b);
        TRY(chunk_put(cx, plan, b->slot, o, rows, n));
        b->after = rows[n - 1].id;
        b->done += (int64_t)n;
        return ST_OK;
    }
    b->finished = true;
    return ST_OK;
}

/* Writes go on meanwhile and bring new pieces, so it ends after twice the pages at the latest. */
Status search_build_merge(Ctx *cx, Plan *plan, const SearchBuild *b, int64_t step, bool *ret_done)
{
    const SearchSql *sql = search_sql(db_kind_of(cx->db), b->slot);
    int64_t rows = b->rows ? (int64_t)b->rows : SEARCH_ROWS;
    int64_t pages = MERGE_PAGES * rows / SEARCH_ROWS;
    *ret_done = !sql->merge.n;
    if (!*ret_done && step % MERGE_LOOK == 0) {
        CLEANUP(stmt) Stmt *q = NULL;
        bool row;
        TRY(db_prepare_str(cx, sql->segments, &q));
        TRY(db_next(q, &row));
        *ret_done = !row || db_col_int(q, 0) < 2 || step * pages > 2 * db_col_int(q, 1) + 1000;
    }
    DbVal v = db_int(step ? pages : -pages);
    if (!*ret_done)
        plan_exec(plan, sql->merge, &v, 1);
    return ST_OK;
}

/* ---- comparing */
static void compare_row(const Row *row, const Doc *doc, bool there, SearchReport *ret)
{
    ret->records++;
    if (!there)
        ret->missing += row->tokens.n > 0;
    else
        ret->different += !str_eq(doc->tokens, row->tokens);
}

static Status verify_object(Ctx *cx, const Object *o, SearchReport *ret)
{
    Row *rows = arena_alloc(cx->arena, CHUNK * sizeof *rows);
    Doc *doc = arena_alloc(cx->arena, sizeof *doc);
    size_t n;
    Id after = SEARCH_FIRST_ID - 1;
    do {
        CLEANUP(arena) Arena *work = arena_new((size_t)256 * 1024);
        Arena *outer = cx->arena;
        cx->arena = work;
        Status st = rows_read(cx, o, after, CHUNK, rows, &n);
        for (size_t i = 0; st == ST_OK && i < n; i++) {
            size_t found;
            st = docs_read(cx, cx->meta->search.slot, rows[i].id - 1, rows[i].id, 1, doc, &found);
            compare_row(&rows[i], doc, found > 0, ret);
            after = rows[i].id;
        }
        cx->arena = outer;
        TRY(st);
    } while (n == CHUNK);
    return ST_OK;
}

static Status live_has(Ctx *cx, const Doc *doc, bool *ret)
{
    *ret = false;
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        if ((Id)o->number != doc->object || !search_covers(o))
            continue;
        Sql q = sql_new(cx->arena);
        sql_lit(&q, "SELECT 1 FROM ");
        sql_table(&q, o);
        sql_lit(&q, " WHERE \"id\" = ");
        sql_bind_int(&q, doc->id);
        CLEANUP(stmt) Stmt *s = NULL;
        TRY(db_prepare_str(cx, sql_text(&q), &s));
        TRY(db_bind_all(s, q.vals->v, q.vals->n));
        return db_next(s, ret);
    }
    return ST_OK;
}

static Status verify_docs(Ctx *cx, SearchReport *ret)
{
    Doc *docs = arena_alloc(cx->arena, CHUNK * sizeof *docs);
    size_t n;
    Id after = 0;
    do {
        CLEANUP(arena) Arena *work = arena_new((size_t)256 * 1024);
        Arena *outer = cx->arena;
        cx->arena = work;
        Status st = docs_read(cx, cx->meta->search.slot, after, INT64_MAX, CHUNK, docs, &n);
        for (size_t i = 0; st == ST_OK && i < n; i++) {
            bool there = false;
            st = live_has(cx, &docs[i], &there);
            ret->ghosts += !there;
            after = docs[i].id;
        }
        cx->arena = outer;
        TRY(st);
    } while (n == CHUNK);
    return ST_OK;
}

Status search_verify(Ctx *cx, SearchReport *ret)
{
    *ret = (SearchReport){0};
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        if (search_covers(cx->meta->objects[i]))
            TRY(verify_object(cx, cx->meta->objects[i], ret));
    return verify_docs(cx, ret);
}
