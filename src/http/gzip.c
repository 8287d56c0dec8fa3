/* SPDX-License-Identifier: Apache-2.0 */
/* A free list of zlib states; as many exist as threads compress at once. */
#include "http/gzip.h"

#include <pthread.h>
#include <stdlib.h>
#include <strings.h>
#include <zlib.h>

typedef struct State {
    z_stream z;
    struct State *next;
} State;

struct GzipPool {
    pthread_mutex_t lock;
    State *free;
};

GzipPool *gzip_new(void)
{
    GzipPool *p = calloc(1, sizeof(*p));
    if (p)
        pthread_mutex_init(&p->lock, NULL);
    return p;
}

void gzip_free(GzipPool *p)
{
    while (p->free) {
        State *s = p->free;
        p->free = s->next;
        deflateEnd(&s->z);
        free(s);
    }
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static State *state_take(GzipPool *p)
{
    pthread_mutex_lock(&p->lock);
    State *s = p->free;
    if (s)
        p->free = s->next;
    pthread_mutex_unlock(&p->lock);
    if (s && deflateReset(&s->z) == Z_OK)
        return s;
    if (!s && (s = calloc(1, sizeof(*s))) &&
        deflateInit2(&s->z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK)
        return s;
    free(s);
    return NULL;
}

static void state_give(GzipPool *p, State *s)
{
    pthread_mutex_lock(&p->lock);
    s->next = p->free;
    p->free = s;
    pthread_mutex_unlock(&p->lock);
}

Str gzip_compress(GzipPool *p, Arena *a, Str plain)
{
    State *s = state_take(p);
    if (!s)
        return STR_NULL;
    char *out = arena_alloc(a, plain.n);
    (void)deflateParams(&s->z, plain.n > GZIP_LARGE ? 6 : 1,
                        Z_DEFAULT_STRATEGY);    /* nothing is held yet */
    s->z.next_in = (Bytef *)(uintptr_t)plain.p; /* NOLINT(performance-no-int-to-ptr) */
    s->z.avail_in = (uInt)plain.n;
    s->z.next_out = (Bytef *)out;
    s->z.avail_out =
        (uInt)plain.n; /* no room for more than the plain text: then it is not worth it */
    int end = deflate(&s->z, Z_FINISH);
    Str packed = end == Z_STREAM_END ? str_n(out, plain.n - s->z.avail_out) : STR_NULL;
    state_give(p, s);
    return packed;
}

/* "gzip;q=0.5" → weight above zero? The parameter is absent or a number of RFC 9110 12.4.2. */
static bool weight_is_positive(Str params)
{
    Str param;
    while (str_split(&params, ';', &param)) {
        param = str_trim(param);
        if (param.n < 2 || (param.p[0] | 0x20) != 'q' || param.p[1] != '=')
            continue;
        for (size_t i = 2; i < param.n; i++)
            if (param.p[i] >= '1' && param.p[i] <= '9')
                return true;
        return false;
    }
    return true;
}

bool gzip_accepts(Str accept_encoding, Str coding)
{
    Str item;
    while (str_split(&accept_encoding, ',', &item)) {
        Str name;
        if (!str_split(&item, ';', &name))
            continue;
        name = str_trim(name);
        if (name.n == coding.n && !strncasecmp(name.p, coding.p, coding.n))
            return weight_is_positive(item);
    }
    return false;
}
