/* SPDX-License-Identifier: Apache-2.0 */
/* Applies migrations/ (embedded) in the order of their names, each in one transaction together
 * with its row in gx_migration. A file is single statements, each ending in ';' at a line's end;
 * lines that begin with -- are comments. Forward only; names that only a newer program knows are
 * left alone, because versions N and N+1 run side by side. */
#include "base/embed.h"
#include "base/map.h"
#include "db/db_internal.h"
#include "db/transfer.h"

static const char SQL_TABLE[] = "CREATE TABLE IF NOT EXISTS {gx_migration} "
                                "(name $text PRIMARY KEY, at $int NOT NULL) $strict";
static const char SQL_KNOWN[] = "SELECT name FROM {gx_migration} ORDER BY name";
static const char SQL_NOTE[] = "INSERT INTO {gx_migration} (name, at) VALUES (?1, ?2)";

static Status read_known(Ctx *cx, Map *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(db_prepare(cx, SQL_KNOWN, &q));
    for (;;) {
        TRY(db_next(q, &found));
        if (!found)
            return ST_OK;
        map_put(ret, str_copy(cx->arena, db_col_text(q, 0)), ret);
    }
}

/* Runs the statements of one file; `statement` collects lines up to a ';' at a line's end. */
static Status run_file(Ctx *cx, Str file)
{
    Str rest = file, line;
    Buf statement = buf_in(cx->arena, DB_SQL_MAX);
    while (str_split(&rest, '\n', &line)) {
        Str text = str_trim(line);
        if (text.n == 0 || str_starts(text, STR("--")))
            continue;
        buf_str_add(&statement, text);
        buf_char(&statement, '\n');
        if (!str_ends(text, STR(";")))
            continue;
        buf_truncate(&statement, statement.n - 2);
        TRY(db_run(cx, cx->db, buf_z(&statement)));
        buf_truncate(&statement, 0);
    }
    if (statement.n)
        return FAIL(cx, ST_INTERNAL, "db.bad_migration", "a migration does not end in ';'");
    return ST_OK;
}

static Status note(Ctx *cx, Str name)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row;
    TRY(db_prepare(cx, SQL_NOTE, &q));
    TRY(db_bind_text(q, 1, name));
    TRY(db_bind_int(q, 2, db_wall_ms()));
    return db_next(q, &row);
}

static Status apply(Ctx *cx, const EmbedFile *file)
{
    TRY(db_run(cx, cx->db, "BEGIN"));
    Status st = run_file(cx, str_n((const char *)file->data, file->size));
    if (st == ST_OK)
        st = note(cx, str_of(file->path));
    if (st == ST_OK)
        return db_run(cx, cx->db, "COMMIT");
    Ctx quiet = *cx; /* the first failure is the one to report */
    (void)!db_run(&quiet, cx->db, "ROLLBACK");
    return st;
}

/* sqlite/ and postgres/ hold what the engines say differently; it comes behind what is common. */
static bool is_ours(const Ctx *cx, Str path)
{
    const char *other = db_kind_of(cx->db) == DB_SQLITE ? "postgres/" : "sqlite/";
    return !str_starts(path, str_of(other));
}

Str db_migration_plain(Str path)
{
    Str name = path;
    if (str_starts(path, STR("sqlite/")))
        name = str_sub(path, 7, SIZE_MAX);
    else if (str_starts(path, STR("postgres/")))
        name = str_sub(path, 9, SIZE_MAX);
    return name;
}

static bool list_has(Str list, Str name)
{
    Str rest = list, word;
    while (str_split(&rest, ' ', &word))
        if (str_eq(word, name))
            return true;
    return false;
}

Str db_migrations_unknown(Str list)
{
    Str rest = list, word;
    while (str_split(&rest, ' ', &word)) {
        bool known = false;
        for (size_t i = 0; i < embed_migrations_count && !known; i++)
            known = str_eq(db_migration_plain(str_of(embed_migrations[i].path)), word);
        if (!known)
            return word;
    }
    return STR_NULL;
}

bool db_migrations_behind(Str list)
{
    for (size_t i = 0; i < embed_migrations_count; i++)
        if (!list_has(list, db_migration_plain(str_of(embed_migrations[i].path))))
            return true;
    return false;
}

/* A place that is being filled gets what the source has had, and the rest when it is filled. */
static bool is_wanted(const Ctx *cx, Str path)
{
    Str only = cx->db->pool->migrations;
    return is_ours(cx, path) && (!only.p || list_has(only, db_migration_plain(path)));
}

static Status apply_missing(Ctx *cx, bool *ret_created)
{
    Map known = map_in(cx->arena);
    TRY(db_run(cx, cx->db, SQL_TABLE));
    TRY(read_known(cx, &known));
    *ret_created = known.n == 0;
    for (size_t i = 0; i < embed_migrations_count; i++) {
        if (is_wanted(cx, str_of(embed_migrations[i].path)) &&
            !map_has(&known, str_of(embed_migrations[i].path)))
            TRY(apply(cx, &embed_migrations[i]));
    }
    return ST_OK;
}

Status db_migrate(Ctx *cx, Db *db, bool *ret_created)
{
    Db *before = cx->db;
    cx->db = db;
    Status st = apply_missing(cx, ret_created);
    cx->db = before;
    return st;
}
