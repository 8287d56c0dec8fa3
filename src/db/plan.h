/* SPDX-License-Identifier: Apache-2.0 */
/* Plan: everything one request writes, prepared beforehand; applied whole or not at all.
 *
 * The preparing worker collects locks, guards and statements with bound values. Applying renders
 * and parses nothing. A guard that fails means: somebody changed what was read; the caller prepares
 * again (ST_RETRY, 3 times). Values may be late-bound slots that apply fills in.
 *   Plan *p = plan_new(cx);
 *   plan_lock(p, "accounts", id, version);                       -- must exist with that version
 *   plan_exec(p, SQL_INSERT_CHANGE, (DbVal[]){plan_change(p), …}, 5);
 *   plan_expect(p, sql, vals, n, 1);                             -- must change exactly one row
 * Lifetime: the plan, its texts and values live in cx->arena, which must outlive the apply. */
#pragma once
#include "db/db.h"

typedef struct Plan Plan;

Plan *plan_new(Ctx *cx);
bool plan_is_empty(const Plan *p);
size_t plan_size(const Plan *p); /* statements so far */

/* The row must be there with this version when applied (PostgreSQL: FOR UPDATE, sorted by table and
 * id before anything else). The same row twice is one lock. version 0: any version. */
void plan_lock(Plan *p, Str table, Id id, int64_t version);
/* The plan writes that row (plan_lock). */
bool plan_locks(const Plan *p, Str table, Id id);
/* The row must be there and stay there until the commit (PostgreSQL: FOR KEY SHARE, so plan_lock
 * takes FOR NO KEY UPDATE); for the target of a link. Fails as a guard. */
void plan_share(Plan *p, Str table, Id id);
/* The row is made by this plan: plan_share of it adds nothing. */
void plan_made(Plan *p, Id id);
/* The record is removed by this plan. */
void plan_gone(Plan *p, Id id);
bool plan_is_gone(const Plan *p, Id id);
/* What a folder remembers while this plan is prepared: a place for each address `whose`. */
void **plan_memo(Plan *p, const void *whose);
/* Until the commit no other plan that claims the same number runs (PostgreSQL; SQLite writes one plan after the other):
 * what a guard found missing stays missing. Numbers that are equal modulo PLAN_CLAIMS are the same. */
#define PLAN_CLAIMS 128
void plan_claim(Plan *p, int64_t number);
/* A SELECT that must give at least one row. Runs after the locks, before the statements. */
void plan_guard(Plan *p, Str sql, const DbVal *v, size_t n);
void plan_exec(Plan *p, Str sql, const DbVal *v, size_t n);
/* INSERT INTO {table} (columns) VALUES (values) of one row that no other statement of the plan reads or
 * refuses. Rows of one text may be put into one statement (PostgreSQL), as long as only such
 * statements stand between them. */
void plan_insert(Plan *p, Str sql, const DbVal *v, size_t n);
void plan_expect(Plan *p, Str sql, const DbVal *v, size_t n, int64_t rows);
/* A statement after all others, once however often it is asked for with the same text and id, in the
 * order of (phase, table, id): figures drawn from what the plan has written. */
void plan_last(Plan *p, int phase, Str table, Id id, Str sql, const DbVal *v, size_t n);
/* plan_last of a plan_insert. */
void plan_last_insert(Plan *p, int phase, Str table, Id id, Str sql, const DbVal *v, size_t n);
/* Likewise, but what is asked for several times with the same text and id becomes one statement with
 * values put together: how, `merge` says for each. */
typedef enum PlanMerge { PLAN_SAME, PLAN_ADD, PLAN_LEAST, PLAN_GREATEST } PlanMerge;
void plan_merge(Plan *p, int phase, Str table, Id id, Str sql, const DbVal *v, size_t n,
                const uint8_t *merge);
/* DDL text with $types; makes the plan run alone in its own transaction. */
void plan_ddl(Plan *p, Str sql);

/* Late-bound values. */
DbVal plan_change(Plan *p); /* the change id: one per plan, above every locked row's `changed` */
bool plan_has_change(const Plan *p); /* plan_change was asked for before */
/* A gap-free number: next value of the counter row `name` in {gx_counter}, taken on apply. */
DbVal plan_counter(Plan *p, Str name);

/* The same for a number that the rows' texts are made of, known while the plan is prepared: `stored` is where
 * the counter stands now (0: there is none yet), the plan moves it on and fails as a guard if somebody
 * else did. Several of one plan follow one another. */
int64_t plan_number(Plan *p, Str name, int64_t stored);
/* Such a plan meets every other that takes this number, or claims this one: more tries. So does one that says
 * it meets others: all that change the catalogue do, and jobs that build indexes behind them. */
void plan_meets(Plan *p);
bool plan_meets_others(const Plan *p);

/* The next number of the event log, a new one at each use. SQLite: commit order is known on apply;
 * PostgreSQL: null, the dispatcher numbers what has become visible. */
DbVal plan_seq(Plan *p);

/* The time of the apply (ms UTC): what is read as of a time must not contain what was still under way. */
DbVal plan_now(Plan *p);

/* Runs after the commit on the applying thread, in order; must not block or fail (cache swaps). */
void plan_after(Plan *p, void (*fn)(void *), void *arg);

typedef struct PlanResult {
    Id change;           /* 0 if plan_change was not asked for */
    char constraint[64]; /* unique index or table that refused (ST_CONFLICT) */
    char detail[200];    /* engine's words, for the log */
} PlanResult;

/* Asynchronous apply. `done` is called exactly once, on the writer (SQLite) or before db_submit
 * returns (PostgreSQL, using the caller's connection cx->db or a leased one):
 * ST_OK (committed and durable), ST_RETRY (guard or lock failed, serialisation), ST_CONFLICT
 * (unique index: constraint says which), ST_BUSY, ST_FULL, ST_UNKNOWN, ST_INTERNAL.
 * cx must not be used by the caller between submit and done (SQLite reads the plan's arena only). */
typedef void (*PlanDone)(void *arg, Status st, const PlanResult *r);
void db_submit(DbPool *pool, Ctx *cx, Plan *p, PlanDone done, void *arg);
/* Waits for the result; sets cx->err on failure. For jobs, commands and tests. */
CHECKED Status db_apply(DbPool *pool, Ctx *cx, Plan *p, PlanResult *ret);
/* Turns what `done` was told into cx->err (texts of all engines alike) and returns st. */
CHECKED Status plan_error(Ctx *cx, Status st, const PlanResult *r);
