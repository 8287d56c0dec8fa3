/* SPDX-License-Identifier: Apache-2.0 */
/* Form of a statement trace: written by sqltrace.c and pgtrace.c, replayed by floor.c and
 * floor_pg.c. Native byte order. A file is a row of records:
 *
 * 'Q': u32 id, u32 length, text of a statement, before its first use; on PostgreSQL then u16 count
 *      and count u32 parameter types.
 * 'X': u32 id, on SQLite u32 rows that were read (TRACE_ALL_ROWS: to the end), u16 count, then count
 *      values. SQLite: u8 SQLite type, then i64 | double |
 *      u32 length, bytes. PostgreSQL: i32 length (-1: null), u8 format, bytes.
 * 'B', 'C': begin and commit (PostgreSQL only). */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    TRACE_DEFINE = 'Q',
    TRACE_RUN = 'X',
    TRACE_BEGIN = 'B',
    TRACE_COMMIT = 'C',
    TRACE_MAX_VALUES = 1024
};
#define TRACE_ALL_ROWS UINT32_MAX

/* The queue of jobs is no part of a request, and a job that is asked for cannot be asked for again. */
static inline bool trace_is_job(const char *sql) { return strstr(sql, "gx_job") != NULL; }
