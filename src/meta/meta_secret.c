/* SPDX-License-Identifier: Apache-2.0 */
/* The organisation's vault: data keys of {gx_data_key}, opened with the key file. */
#include "meta/meta_secret.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static const char SQL_KEYS[] = "SELECT number, wrapped FROM {gx_data_key} ORDER BY number";
static const char SQL_ADD[] =
    "INSERT INTO {gx_data_key} (number, wrapped, made_at) VALUES (?1, ?2, ?3)";

static const char SQL_WRAP[] = "UPDATE {gx_data_key} SET wrapped = ?2 WHERE number = ?1";

typedef struct DataKeyRow {
    uint32_t number;
    Str wrapped;
} DataKeyRow;
typedef VEC(DataKeyRow) Wrapped; /* by number */

static Status read_keys(Ctx *cx, Wrapped *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = false;
    ret->n = 0;
    TRY(db_prepare(cx, SQL_KEYS, &q));
    for (;;) {
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        DataKeyRow key = {(uint32_t)db_col_int(q, 0), str_copy(cx->arena, db_col_text(q, 1))};
        VEC_PUSH(cx->arena, ret, key);
    }
}

static Str plan_key(Ctx *cx, Plan *plan, const unsigned char *key, uint32_t number)
{
    Str wrapped = vault_make(cx->arena, key, number);
    const DbVal v[] = {db_int(number), db_text(wrapped), db_int(cx->now_ms)};
    plan_exec(plan, STR_SQL(SQL_ADD), v, COUNT_OF(v));
    return wrapped;
}

static Status add_first(Ctx *cx, DbPool *pool, const unsigned char *key, Wrapped *keys)
{
    Plan *plan = plan_new(cx);
    PlanResult result;
    DataKeyRow row = {1, plan_key(cx, plan, key, 1)};
    TRY(db_apply(pool, cx, plan, &result));
    VEC_PUSH(cx->arena, keys, row);
    return ST_OK;
}

/* Another node may make the first key at the same moment: then its key is ours too. */
static Status first_key(Ctx *cx, DbPool *pool, const unsigned char *key, Wrapped *keys)
{
    Ctx quiet = *cx;
    if (add_first(&quiet, pool, key, keys) == ST_OK)
        return ST_OK;
    TRY(read_keys(cx, keys));
    if (keys->n)
        return ST_OK;
    cx->err = quiet.err;
    return cx->err.status;
}

static bool opens_all(Ctx *cx, const Wrapped *keys, const unsigned char *key)
{
    Str again;
    for (size_t i = 0; i < keys->n; i++)
        if (!vault_wrap_again(cx->arena, key, key, keys->v[i].number, keys->v[i].wrapped, &again))
            return false;
    return keys->n > 0;
}

static char *path_new(Ctx *cx, const char *key_file)
{
    return str_z(cx->arena, str_format(cx->arena, "%s.new", key_file));
}

/* The new file takes the place of the old one, which is kept: backups of before need it. Each step may have
 * been done already. */
static Status take_new(Ctx *cx, const char *key_file, Str *ret_kept)
{
    Str kept = str_format(cx->arena, "%s.before-%lld", key_file, (long long)(cx->now_ms / 1000));
    char *before = str_z(cx->arena, kept);
    *ret_kept = kept;
    if (link(key_file, before) != 0 && errno != ENOENT && errno != EEXIST)
        return FAIL(cx, ST_INTERNAL, "meta.key_file", "The key file %s cannot be read or made",
                    before);
    if (rename(path_new(cx, key_file), key_file) != 0)
        return FAIL(cx, ST_INTERNAL, "meta.key_file", "The key file %s cannot be read or made",
                    key_file);
    return ST_OK;
}

/* A rotation that was cut off between the database and the file: the file that waits opens what is stored. */
static Status finish_rotation(Ctx *cx, const char *key_file, const Wrapped *keys, VaultFile *file,
                              unsigned char *key)
{
    unsigned char next[VAULT_KEY];
    Str kept;
    if (!keys->n || (*file == VAULT_READ && opens_all(cx, keys, key)) ||
        vault_key_file(path_new(cx, key_file), false, next) != VAULT_READ ||
        !opens_all(cx, keys, next))
        return ST_OK;
    TRY(take_new(cx, key_file, &kept));
    memcpy(key, next, VAULT_KEY);
    *file = VAULT_READ;
    return ST_OK;
}

Status meta_secret_open(Ctx *cx, DbPool *pool, const char *key_file, Vault **ret, bool *ret_locked)
{
    unsigned char key[VAULT_KEY];
    Wrapped keys = {0};
    Vault *v = *ret = vault_new();
    *ret_locked = false;
    TRY(read_keys(cx, &keys));
    VaultFile file = vault_key_file(key_file, keys.n == 0, key);
    TRY(finish_rotation(cx, key_file, &keys, &file, key));
    if (file == VAULT_BAD)
        return FAIL(cx, ST_INTERNAL, "meta.key_file", "The key file %s cannot be read or made",
                    key_file);
    if (file == VAULT_MISSING) {
        *ret_locked = true; /* a copy of the data without its key: all but secrets works */
        return ST_OK;
    }
    if (!keys.n)
        TRY(first_key(cx, pool, key, &keys));
    for (size_t i = 0; i < keys.n; i++)
        if (!vault_add(v, key, keys.v[i].number, keys.v[i].wrapped))
            *ret_locked = true;
    return ST_OK;
}

/* ---- a new key file and a new data key */
static Status plan_rotation(Ctx *cx, const Wrapped *keys, const unsigned char *from,
                            const unsigned char *to, Plan *plan)
{
    for (size_t i = 0; i < keys->n; i++) {
        Str wrapped;
        if (!vault_wrap_again(cx->arena, from, to, keys->v[i].number, keys->v[i].wrapped, &wrapped))
            return FAIL(cx, ST_CONFLICT, "meta.key_lost",
                        "The key file does not open data key %u: values sealed with it are closed, "
                        "and a new key would not change that",
                        (unsigned)keys->v[i].number);
        const DbVal v[] = {db_int(keys->v[i].number), db_text(wrapped)};
        plan_exec(plan, STR_SQL(SQL_WRAP), v, COUNT_OF(v));
    }
    (void)plan_key(cx, plan, to, keys->v[keys->n - 1].number + 1);
    return ST_OK;
}

Status meta_secret_rotate(Ctx *cx, DbPool *pool, const char *key_file, Str *ret_kept,
                          uint32_t *ret_number)
{
    unsigned char from[VAULT_KEY], to[VAULT_KEY];
    Wrapped keys = {0};
    Plan *plan = plan_new(cx);
    PlanResult result;
    TRY(read_keys(cx, &keys));
    VaultFile file = vault_key_file(key_file, false, from);
    TRY(finish_rotation(cx, key_file, &keys, &file, from));
    if (!keys.n || file != VAULT_READ)
        return FAIL(cx, ST_CONFLICT, "meta.no_key", "There is no key in %s to be replaced",
                    key_file);
    if (keys.n == VAULT_MAX)
        return FAIL(cx, ST_CONFLICT, "meta.many_keys",
                    "There are %d data keys: values have to be sealed anew first", VAULT_MAX);
    unlink(path_new(cx, key_file)); /* of a rotation that came to nothing */
    if (vault_key_file(path_new(cx, key_file), true, to) != VAULT_MADE)
        return FAIL(cx, ST_INTERNAL, "meta.key_file", "The key file %s cannot be read or made",
                    path_new(cx, key_file));
    TRY(plan_rotation(cx, &keys, from, to, plan));
    TRY(db_apply(pool, cx, plan, &result));
    *ret_number = keys.v[keys.n - 1].number + 1;
    return take_new(cx, key_file, ret_kept);
}

/* ---- fields */
Str meta_secret_field(Arena *a, const Field *f)
{
    return str_format(a, STR_FMT "." STR_FMT, STR_ARG(f->object->name), STR_ARG(f->key));
}

Str meta_secret_place(Arena *a, const Field *f, Id record)
{
    return str_format(a, STR_FMT "." STR_FMT "/%lld", STR_ARG(f->object->name), STR_ARG(f->key),
                      (long long)record);
}

Value meta_secret_sealed(Ctx *cx, const Field *f, Id record, const Value *v)
{
    Str blinds[VAULT_MAX];
    if (v->t != V_SECRET || v->scale != SECRET_PLAIN)
        return *v;
    vault_blinds(cx->meta->vault, cx->arena, meta_secret_field(cx->arena, f), v->s, blinds);
    return (Value){
        .t = V_SECRET,
        .s = vault_seal(cx->meta->vault, cx->arena, meta_secret_place(cx->arena, f, record), v->s),
        .shown = blinds[0]};
}

bool meta_secret_plain(Ctx *cx, const Field *f, Id record, const Value *v, Str *ret)
{
    return v->t == V_SECRET && vault_unseal(cx->meta->vault, cx->arena,
                                            meta_secret_place(cx->arena, f, record), v->s, ret);
}
