/* SPDX-License-Identifier: Apache-2.0 */
/* guanxi keys rotate --data DIR [--database URL] [--key-file F]: a new key file and a new data key. No server may
 * run: each reads the keys once, at its start. What is sealed is sealed anew by a job of the next start. */
#include "app/app.h"
#include "app/backup_host.h"
#include "db/transfer.h"
#include "meta/meta_secret.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static Status alone(Ctx *cx)
{
    int64_t n = 0;
    TRY(db_nodes(cx, &n));
    return n <= 1
               ? ST_OK
               : FAIL(cx, ST_CONFLICT, "app.keys_nodes",
                      "%lld other servers have the organisation open, or had it until less than a "
                      "minute ago: stop them first",
                      (long long)n - 1);
}

static Status rotate(Ctx *cx, const Settings *s)
{
    DbPool *pool = NULL;
    DbConfig config = backup_host_place(s);
    config.readers = 2;
    const char *path =
        s->key_file ? s->key_file : str_z(cx->arena, str_format(cx->arena, "%s/key", s->data));
    Str kept = STR_NULL;
    uint32_t number = 0;
    TRY(db_open(cx, &config, &pool));
    cx->db = db_lease(pool);
    Status st = alone(cx);
    if (st == ST_OK)
        st = meta_secret_rotate(cx, pool, path, &kept, &number);
    db_release(cx->db);
    cx->db = NULL;
    db_close(pool);
    if (st == ST_OK)
        printf("%s is a new key, and data key %u seals from now on.\n"
               "What was sealed before stays readable and is sealed anew when the server runs.\n"
               "Backups made before need the old key: %.*s\n",
               path, (unsigned)number, STR_ARG(kept));
    return st;
}

int verb_keys(Ctx *cx, const Settings *s)
{
    if (s->n_rest != 1 || strcmp(s->rest[0], "rotate") != 0) {
        fputs("usage: guanxi keys rotate --data DIR [--database URL] [--key-file F]\n", stderr);
        return 2;
    }
    if (sodium_init() >= 0 && rotate(cx, s) == ST_OK)
        return 0;
    app_complain(cx);
    return 1;
}
