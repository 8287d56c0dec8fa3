/* SPDX-License-Identifier: Apache-2.0 */
/* Ctx: all that one request, job or command may touch. One thread at a time.
 * Error: the first failure wins; nobody rewrites it. The text is kept in the language of the
 * request: English stands at the call site, other languages in <folder>/messages.<lang>.json,
 * same conversions in the same order (checked by scripts/check-messages). */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include "base/zone.h"

typedef int64_t Id; /* 63-bit, time-ordered (id.h); 0 = none */

typedef enum Lang { LANG_ZH, LANG_EN } Lang;

typedef struct FieldError {
    Str field;        /* path of the field or parameter, "" if none */
    const char *code; /* required, out_of_range, bad_value, too_long, duplicate, unknown_field … */
    Str message;      /* localised */
    Str suggestion;   /* nearest valid value, or empty */
    int64_t at;       /* character offset, -1 if none */
} FieldError;

typedef struct Error {
    Status status;
    const char *code; /* problem code where it is not the status's default */
    const char *key;  /* i18n key */
    Str text;         /* localised */
    const char *file;
    int line;
    int retry_after_s; /* 0 = none */
    Str constraint;    /* unique index that refused, as the database calls it */
    VEC(FieldError) fields;
} Error;

typedef struct Stats {
    uint32_t statements; /* SQL statements run */
    uint64_t rows;
} Stats;

struct Db;
struct Meta;
struct User;
struct QueryAccess;
struct RecordEnv;
struct ColumnStore;
struct TitleStore;
struct App;

/* Of many rows a predicate is asked as a set that is read beforehand, of rows walked in order whether each is shared; of
 * few rows also what a link leads to is asked of each. */
typedef enum RowsAsked { ROWS_MANY, ROWS_WALKED, ROWS_FEW } RowsAsked;

typedef struct Ctx {
    Arena *arena;                     /* dies with the request */
    struct Db *db;                    /* one leased connection; NULL while none is held */
    const struct Meta *meta;          /* snapshot of the catalogue, never changes under us */
    const struct User *user;          /* who acts; a job's run_as; NULL only before sign-in */
    Id user_id;                       /* user->id for layers below access/; 0: nobody */
    const struct QueryAccess *access; /* how the user's rights become predicates (query/query.h) */
    const struct RecordEnv *records;  /* hooks and number blocks (record/record.h) */
    struct ColumnStore *columns;      /* query/columns.h; NULL: every figure comes by SQL */
    struct TitleStore *titles;        /* query/query.h; NULL: every title comes by SQL */
    struct SightStore *sights;        /* query/query.h; NULL: nothing that is seen is kept */
    struct App *app;                  /* long-lived parts; only api/, job/ and app/ look inside */
    const Zone *zone;                 /* acting user's time zone */
    int64_t now_ms;                   /* fixed at start, so tests and audits agree */
    Lang lang;
    const char *cause;     /* person import bulk rule merge undo api purge */
    Id batch;              /* batch that this work belongs to, 0 = none */
    Id as_of;              /* sets of records are read as they stood at this change, 0 = now */
    bool allow_duplicates; /* the person wants to write in spite of a rule of duplicates */
    Str duplicate_reason;  /* why; it is logged */
    RowsAsked by_row;      /* of which rows predicates are asked */
    uint64_t request_id;
    int64_t catalogue_version, security_epoch; /* what was read; guards compare */
    Error err;
    Stats stats;
} Ctx;

/* FAIL(cx, ST_INVALID, "record.too_many", "%d rows are too many", n): sets the error, gives status. */
#define FAIL(cx, st, key, ...) error_set((cx), (st), NULL, (key), __FILE__, __LINE__, __VA_ARGS__)
/* With a problem code of its own: FAIL_CODE(cx, ST_MALFORMED, "bad_expression", key, fmt, …) */
#define FAIL_CODE(cx, st, code, key, ...)                                                          \
    error_set((cx), (st), (code), (key), __FILE__, __LINE__, __VA_ARGS__)
CHECKED Status error_set(Ctx *cx, Status st, const char *code, const char *key, const char *file,
                         int line, const char *fmt, ...) PRINTF(7, 8);
/* Adds one field's error and sets the main error to ST_INVALID "validation" if none is set; several
 * may be added before the caller returns. code is a short machine word. */
#define FIELD_FAIL(cx, field, code, key, ...)                                                      \
    error_field((cx), (field), -1, (code), (key), __FILE__, __LINE__, __VA_ARGS__)
#define FIELD_FAIL_AT(cx, field, at, code, key, ...)                                               \
    error_field((cx), (field), (at), (code), (key), __FILE__, __LINE__, __VA_ARGS__)
Status error_field(Ctx *cx, Str field, int64_t at, const char *code, const char *key,
                   const char *file, int line, const char *fmt, ...) PRINTF(8, 9);
void error_suggest(Ctx *cx, Str suggestion); /* for the field error added last */
void error_clear(Ctx *cx);
/* True once a field error has been added. */
static inline bool error_has_fields(const Ctx *cx) { return cx->err.fields.n > 0; }
/* A text in the request's language, in cx->arena. */
Str text_in(Ctx *cx, const char *key, const char *fmt, ...) PRINTF(3, 4);
/* application/problem+json (RFC 9457) of cx->err; gives the HTTP status. */
int error_problem(const Ctx *cx, Buf *out);
