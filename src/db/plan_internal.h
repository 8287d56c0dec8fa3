/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a plan, for the two engines that apply it. Nobody outside src/db includes it. */
#pragma once
#include "db/db_internal.h"

typedef struct PlanLock {
    Str table, sql; /* sql is shared by the locks of one table */
    Id id;
    int64_t version;
    bool share; /* it must stay; else it is going to be written */
} PlanLock;

typedef enum PlanStepKind { PLAN_GUARD, PLAN_EXEC, PLAN_DDL } PlanStepKind;
typedef struct PlanStep {
    Str sql;
    uint64_t hash;
    const DbVal *vals;
    size_t n;
    int64_t rows; /* -1: any */
    PlanStepKind kind;
    bool insert; /* plan_insert: may go together with others of its text */
} PlanStep;

typedef struct PlanLast {
    int phase;
    Str table;
    Id id;
    PlanStep step;
    const uint8_t *merge; /* by value: PlanMerge; NULL: the same statement twice is one */
} PlanLast;

typedef struct PlanSlot {
    Str counter; /* empty: the change id */
    int64_t value;
} PlanSlot;

typedef struct PlanNumber { /* of plan_number: the last one taken */
    Str counter;
    int64_t last;
} PlanNumber;

typedef struct PlanMemo {
    const void *whose;
    void *what;
} PlanMemo;

typedef struct PlanAfter {
    void (*fn)(void *);
    void *arg;
} PlanAfter;

/* A text that the plan has met: rows of one kind come by the thousand, each with the same long text. What a
 * step points at lives as long as the plan, so an address is one text. */
typedef struct PlanText {
    Str sql;
    uint64_t hash;
    bool outbox; /* writes the event log */
} PlanText;
enum { PLAN_TEXTS = 16 };

struct Plan {
    Arena *arena;
    PlanText texts[PLAN_TEXTS];
    VEC(PlanLock) locks;
    VEC(Id) made;
    VEC(Id) gone;
    VEC(PlanMemo *) memos;
    uint8_t claims[PLAN_CLAIMS];
    bool claims_any, meets;
    VEC(PlanStep) guards;
    VEC(PlanStep) steps;
    VEC(PlanLast) lasts; /* become steps when the plan is sealed */
    VEC(PlanSlot) slots;
    VEC(PlanNumber) numbers;
    VEC(PlanAfter) afters;
    bool ddl, outbox, sealed;
    bool wrote; /* by the attempt in hand */
    /* while applied */
    Plan *next;
    PlanDone done;
    void *arg;
    Status st;
    PlanResult result;
};

/* Sorts and merges the locks, gives each its text. Once, on the submitting thread. */
void plan_seal(Plan *p);
/* Whether rows of this table carry version and changed (object tables do, platform tables not). */
bool plan_table_versioned(Str table);
#define DB_SLOT_SEQ (-2)                  /* DbVal.slot of plan_seq */
#define DB_SLOT_NOW (-3)                  /* of plan_now */
DbVal plan_value(const Plan *p, DbVal v); /* with its slot filled in */
void plan_reset_result(Plan *p);
extern const char plan_sql_counter[];
extern const char plan_sql_statistics[]; /* SQLite, behind ANALYZE */
