/* SPDX-License-Identifier: Apache-2.0 */
/* Failure injection for tests: the n-th statement or commit of a pool fails once, as the engine
 * itself would fail. Off it costs one relaxed load. */
#include "db/db_internal.h"
#include <stdlib.h>

static const struct {
    const char *name;
    DbFaultKind kind;
} FAULTS[] = {
    {"statement", DB_FAULT_STATEMENT},
    {"rollback", DB_FAULT_ROLLBACK},
    {"commit", DB_FAULT_COMMIT},
    {"link", DB_FAULT_LINK},
};

void db_fault_set(DbPool *p, DbFaultKind kind, int64_t after)
{
    p->fault_kind = kind;
    atomic_store(&p->fault_after, after);
}

void db_fault_from_env(DbPool *p)
{
    Str rest = str_of(getenv("GUANXI_DB_FAULT")), name;
    int64_t after;
    if (!str_split(&rest, ':', &name) || !str_int(rest, &after) || after < 1)
        return;
    for (size_t i = 0; i < COUNT_OF(FAULTS); i++) {
        if (str_is(name, FAULTS[i].name))
            db_fault_set(p, FAULTS[i].kind, after);
    }
}

bool db_fault_hit(DbPool *p, DbFaultKind kind)
{
    if (atomic_load_explicit(&p->fault_after, memory_order_relaxed) == 0)
        return false;
    if (p->fault_kind != (int)kind)
        return false;
    int64_t left = atomic_load(&p->fault_after);
    while (left > 0) {
        if (atomic_compare_exchange_weak(&p->fault_after, &left, left - 1))
            return left == 1;
    }
    return false;
}
