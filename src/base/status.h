/* SPDX-License-Identifier: Apache-2.0 */
/* What a call came to. One enum everywhere; details sit in cx->err (ctx.h), first failure wins. */
#pragma once

#define CHECKED __attribute__((warn_unused_result))
#define UNUSED __attribute__((unused))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

typedef enum Status {
    ST_OK = 0,
    ST_MALFORMED,       /* 400 cannot be read: JSON, expression, parameter */
    ST_UNAUTHENTICATED, /* 401 */
    ST_DENIED,          /* 403 */
    ST_NOT_FOUND,       /* 404 also: not visible to this user */
    ST_CONFLICT,        /* 409 duplicate, delete rule */
    ST_STALE,           /* 412 someone else wrote first */
    ST_TOO_LARGE,       /* 413 a limit of ours */
    ST_INVALID,         /* 422 the caller's data is wrong; err.fields says where */
    ST_RATE,            /* 429 */
    ST_BUSY,            /* 503 try again: the queue does, the UI offers it */
    ST_FULL,            /* 507 disk nearly full: writes stop, reads go on */
    ST_INTERNAL,        /* 500 I/O error, bug, broken peer */
    ST_RETRY,           /* never leaves the edge: prepare and apply again */
    ST_UNKNOWN,         /* never leaves the edge: link lost after COMMIT, ask the idempotency row */
} Status;

#define TRY(expr)                                                                                  \
    do {                                                                                           \
        Status st_ = (expr);                                                                       \
        if (st_ != ST_OK)                                                                          \
            return st_;                                                                            \
    } while (0)

/* Things with a handle are closed when their scope ends: CLEANUP(stmt) Stmt *q = NULL; */
#define CLEANUP(name) __attribute__((cleanup(name##_cleanup)))
#define DEFINE_CLEANUP(name, T)                                                                    \
    static inline void name##_cleanup(T **p)                                                       \
    {                                                                                              \
        if (*p) {                                                                                  \
            name##_free(*p);                                                                       \
            *p = NULL;                                                                             \
        }                                                                                          \
    }

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* The problem code and the HTTP status of a Status when cx->err.code says nothing else. */
const char *status_code(Status st);
int status_http(Status st);
/* HTTP status of a problem code ("gone" → 410, "bad_json" → 400 …); 0 if unknown. */
int status_http_of_code(const char *code);
