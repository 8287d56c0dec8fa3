/* SPDX-License-Identifier: Apache-2.0 */
/* The organisation's vault: data keys of {gx_data_key}, opened with the key file. */
#include "meta/meta_secret.h"

static const char SQL_KEYS[] = "SELECT number, wrapped FROM {gx_data_key} ORDER BY number";
static const char SQL_ADD[] =
    "INSERT INTO {gx_data_key} (number, wrapped, made_at) VALUES (?1, ?2, ?3)";

typedef VEC(Str) Wrapped; /* number n stands at n - 1 */

static Status read_keys(Ctx *cx, Wrapped *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = false;
    TRY(db_prepare(cx, SQL_KEYS, &q));
    for (;;) {
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        Str text = str_copy(cx->arena, db_col_text(q, 1));
        VEC_PUSH(cx->arena, ret, text);
    }
}

static Status add_first(Ctx *cx, DbPool *pool, const unsigned char *key, Wrapped *keys)
{
    Plan *plan = plan_new(cx);
    PlanResult result;
    Str wrapped = vault_make(cx->arena, key, 1);
    const DbVal v[] = {db_int(1), db_text(wrapped), db_int(cx->now_ms)};
    plan_exec(plan, STR_SQL(SQL_ADD), v, COUNT_OF(v));
    TRY(db_apply(pool, cx, plan, &result));
    VEC_PUSH(cx->arena, keys, wrapped);
    return ST_OK;
}

/* Another node may make the first key at the same moment: then its key is ours too. */
static Status first_key(Ctx *cx, DbPool *pool, const unsigned char *key, Wrapped *keys)
{
    Ctx quiet = *cx;
    if (add_first(&quiet, pool, key, keys) == ST_OK)
        return ST_OK;
    keys->n = 0;
    TRY(read_keys(cx, keys));
    if (keys->n)
        return ST_OK;
    cx->err = quiet.err;
    return cx->err.status;
}

Status meta_secret_open(Ctx *cx, DbPool *pool, const char *key_file, Vault **ret, bool *ret_locked)
{
    unsigned char key[VAULT_KEY];
    Wrapped keys = {0};
    Vault *v = *ret = vault_new();
    *ret_locked = false;
    TRY(read_keys(cx, &keys));
    VaultFile file = vault_key_file(key_file, keys.n == 0, key);
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
        if (!vault_add(v, key, (uint32_t)i + 1, keys.v[i]))
            *ret_locked = true;
    return ST_OK;
}

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
