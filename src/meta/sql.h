/* SPDX-License-Identifier: Apache-2.0 */
/* Sql: builder of SQL out of three parts that its types keep apart: literals (the macro refuses
 * variables), names (only from the catalogue), and bound values (always ?n).
 *
 * Fragments share one list of values, so the order in which SELECT, JOIN and WHERE are written does
 * not matter: placeholders are numbered as values are bound.
 * SqlScope holds the table references of one SELECT: alias t0 is the object itself; sql_join gives
 * the alias of a linked record, joined once, with the reader's access predicate in its ON clause, so
 * that a path through an invisible record is null. */
#pragma once
#include "meta/meta.h"

typedef VEC(DbVal) SqlVals;
typedef struct Sql {
    Buf text;
    SqlVals *vals; /* shared by the fragments of one statement */
    Arena *arena;
} Sql;

Sql sql_new(Arena *a);
Sql sql_fragment(const Sql *with); /* own text, shared values */
#define sql_lit(q, lit) buf_add(&(q)->text, "" lit, sizeof(lit) - 1)
void sql_append(Sql *q, const Sql *fragment);      /* of the same statement */
void sql_table(Sql *q, const Object *o);           /* {accounts} */
void sql_twin(Sql *q, const Object *o);            /* {accounts_h} */
void sql_derived(Sql *q, const Object *o);         /* {accounts_d} */
void sql_links_table(Sql *q, const Field *f);      /* {l_17} (record, target) */
void sql_index(Sql *q, const Index *x, bool twin); /* its name; the twin's ends in _h */
void sql_alias(Sql *q, int alias);                 /* t3 */
void sql_column(Sql *q, int alias, const Field *f,
                int part); /* t3."c_17" ; alias < 0: unqualified */
/* t3."c_17_o" = ?n: the any_link leads to a record of that object */
void sql_kind(Sql *q, int alias, const Field *any, const Object *o);
void sql_bind(Sql *q, DbVal v); /* ?n */
void sql_bind_int(Sql *q, int64_t v);
void sql_bind_text(Sql *q, Str v);
void sql_number(Sql *q, int64_t v); /* a number of ours, in the text (LIMIT, offsets) */
/* " LIMIT n": in the text for pages of usual sizes on PostgreSQL (docs/adr/0128), else as a value. */
void sql_limit(Sql *q, DbKind dialect, int64_t n);
static inline Str sql_text(const Sql *q) { return buf_str(&q->text); }

typedef struct SqlScope SqlScope;
typedef struct SqlJoin {
    int parent;         /* alias */
    const Field *field; /* link followed; NULL: the derived row */
    int alias;
} SqlJoin;
struct SqlScope {
    Ctx *cx;
    DbKind dialect;
    const Object *object;
    int alias;       /* of the object itself */
    int *next_alias; /* shared with inner scopes of the same statement */
    Sql from;        /* JOIN clauses so far */
    VEC(SqlJoin) joins;
    const SqlScope *outer; /* for outer.x */
};
SqlScope scope_new(Ctx *cx, DbKind dialect, const Object *o, const Sql *statement, int *next_alias,
                   const SqlScope *outer);
/* Alias of the record behind a link field of `alias` (LEFT JOIN, once); includes the predicate
 * that cx->access gives for that object. */
CHECKED Status scope_join(SqlScope *s, int alias, const Field *link, int *ret_alias);

/* What stands behind FROM, IN and JOIN. Under cx->as_of that is what stood at this change: rows whose
 * `changed` is not later, from the live table and the twin, not yet ended then. An object without
 * history is as it is now. Each wants its alias. */
void scope_rows(const Ctx *cx, const Object *o, int alias, Sql *q);
/* The same; in the past only of rows that meet a condition on bare columns (NULL: of all). What stands
 * outside a union is not brought into it by every engine. */
void scope_rows_of(const Ctx *cx, const Object *o, int alias, const Sql *narrow, Sql *q);
/* Deleted records as they were last; none of an object without history. */
void scope_deleted(const Object *o, int alias, Sql *q);
/* (record, target) of a links field; in the past from the rows themselves. */
void scope_links(const Ctx *cx, const Field *f, Sql *q);
/* " AND (…)" on alias: the reader's predicate. Rights are those of now: in the past it is asked of the
 * record as it stands now, or stood when it was deleted. */
CHECKED Status scope_access(Ctx *cx, const Object *o, DbKind dialect, int alias, Sql *q,
                            int *next_alias);
/* Names behind an any_link, as fields made for this one statement: scope_kind follows it to records
 * of one object (NULL: it cannot lead there), scope_kind_name is the name of the object it leads to, a
 * choice among those that `visible` admits. */
typedef bool (*ScopeVisible)(void *arg, const Field *f);
const Field *scope_kind(Ctx *cx, const Field *any, Str object, ScopeVisible visible, void *arg);
const Field *scope_kind_name(Ctx *cx, const Field *any, ScopeVisible visible, void *arg);

/* Alias of the derived row beside the record of `alias`: where its rollups stand. */
int scope_derived(SqlScope *s, int alias, const Object *o);

/* What the access layer gives to every table reference. Lives here so that expr/ and query/ can use
 * it; filled by access/, handed in through Ctx. */
/* A predicate that columns in memory can decide: rows whose owner is one of `owners` or `people`, or
 * that have no owner and whose department is one of these. */
typedef struct QueryReach {
    const Field *owner, *department; /* department NULL: owner alone */
    const Id *owners, *people, *departments;
    size_t n_owners, n_people, n_departments;
} QueryReach;

typedef struct QueryOrder { /* of ids or of (updated_at, id), and behind which to begin */
    bool by_time, down, has_after;
    bool counted; /* all of them, in whatever order; some may come twice */
    int64_t after_ms;
    Id after;
} QueryOrder;

/* One reader's rights as long as they stay the same, kept between requests (query/sight.c). */
typedef struct QuerySnapshot {
    uint64_t serial; /* of no other one of this process */
    size_t vain;     /* atomic: hits of searches that he may not see, since his sight was read */
} QuerySnapshot;

typedef struct QueryAccess {
    /* Writes " AND (…)" on `alias` or nothing if the user reads everything of the object;
     * ST_NOT_FOUND never: an object without right gets " AND 1=0". */
    Status (*predicate)(Ctx *cx, const Object *o, DbKind dialect, int alias, Sql *q,
                        int *next_alias);
    bool (*reads_all)(const Ctx *cx, const Object *o);              /* predicate is empty */
    bool (*reach)(const Ctx *cx, const Object *o, QueryReach *ret); /* false: it says more */
    /* The predicate as so many SELECTs of ids (column k; by_time: behind k0, the time of change), each of which
     * an index answers in that order, and the i-th of them; 0: it cannot be said so. *ret_walks: one of them
     * walks the records. */
    size_t (*branches)(const Ctx *cx, const Object *o, bool by_time, bool *ret_walks);
    void (*branch)(const Ctx *cx, const Object *o, size_t i, int alias, const QueryOrder *order,
                   Sql *q);
    /* So many sets, each counted to `most` by the i-th SELECT, the first of them what people own. Each is part of what
     * the user sees; sets may overlap. Those of shares want branches by time. */
    size_t (*branch_counts)(const Ctx *cx, const Object *o);
    void (*branch_count)(const Ctx *cx, const Object *o, size_t i, int alias, int64_t most, Sql *q);
    QuerySnapshot *(*snapshot)(const Ctx *cx);      /* NULL: nobody acts */
    bool (*object)(const Ctx *cx, const Object *o); /* may read at all */
    bool (*field)(const Ctx *cx, const Field *f);   /* may see the field */
    bool (*masked)(const Ctx *cx,
                   const Field *f); /* may not, but is shown its mask (meta/mask.h) */
    uint8_t (*mask)(const Ctx *cx, const Field *f); /* MaskStyle of that */
    bool (*secrets)(const Ctx *cx, const Field *f); /* may read what is encrypted in it */
    Id (*me)(const Ctx *cx);                        /* the acting user, 0: none (me()) */
    Id (*my_department)(const Ctx *cx);             /* of the acting user, 0: none */
    /* " AND (…)" on alias: of the records the user reads those that he may export too. */
    Status (*exports)(Ctx *cx, const Object *o, DbKind dialect, int alias, Sql *q, int *next_alias);
    /* The acting user's department with those below it, and teams: ascending. NULL: none. */
    void (*my_departments)(const Ctx *cx, const Id **ret, size_t *ret_n);
    void (*my_teams)(const Ctx *cx, const Id **ret, size_t *ret_n);
} QueryAccess;
