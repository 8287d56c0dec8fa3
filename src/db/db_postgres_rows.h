/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the PostgreSQL driver: one statement out of many rows of plan_insert. */
#pragma once
#include "db/db_postgres.h"

typedef struct PgRows {
    Str sql;            /* of one row */
    const DbVal **vals; /* by row, slots filled in */
    size_t n, width;
} PgRows;

/* False: the rows are better, or can only be, sent one by one. */
bool db_postgres_rows(Arena *a, const PgRows *rows, Str *ret_sql, DbVal **ret_vals);
