/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that make indexes, each in a thread of its own, one after the other until none is left. */
#include "backup/fill_index.h"

enum { ARENA_BYTES = 65536 };

static Status make_all(FillIndexer *x)
{
    CLEANUP(db_loader) DbLoader *l = NULL;
    TRY(db_loader_open(&x->cx, x->place, &l));
    for (bool more = true; more && !*x->stop;) {
        TRY(db_loader_index(&x->cx, l, x->of, &more));
        x->made += more;
    }
    return ST_OK;
}

static void *indexer_main(void *arg)
{
    FillIndexer *x = arg;
    x->st = make_all(x);
    return NULL;
}

void fill_index_start(const Ctx *cx, const DbConfig *place, const char *of, size_t n,
                      FillIndexers *x)
{
    *x = (FillIndexers){.n = 0};
    if (!place->url)
        return;
    for (size_t i = 0; i < n && i < COUNT_OF(x->v); i++) {
        FillIndexer *one = &x->v[x->n];
        *one = (FillIndexer){.place = place, .of = of, .stop = &x->stop, .cx = *cx};
        one->cx.arena = arena_new(ARENA_BYTES);
        one->cx.db = NULL;
        if (pthread_create(&one->thread, NULL, indexer_main, one) == 0)
            x->n++;
        else
            arena_free(one->cx.arena);
    }
}

Status fill_index_join(Ctx *cx, FillIndexers *x, int64_t *made)
{
    Status st = ST_OK;
    for (size_t i = 0; i < x->n; i++) {
        FillIndexer *one = &x->v[i];
        pthread_join(one->thread, NULL);
        *made += one->made;
        if (one->st != ST_OK && st == ST_OK) {
            st = one->st;
            if (cx->err.status == ST_OK) {
                cx->err = one->cx.err;
                cx->err.text = str_copy(cx->arena, one->cx.err.text);
            }
        }
        arena_free(one->cx.arena);
    }
    x->n = 0;
    return st;
}
