/* SPDX-License-Identifier: Apache-2.0 */
/* Form of a statement trace: written by sqltrace.c, replayed by floor.c. Native byte order.
 *
 * A file is a row of records. 'Q': u32 id, u32 length, text of a statement, before its first use.
 * 'X': u32 id, u16 count, then count values: u8 SQLite type, then i64 | double | u32 length, bytes. */
#pragma once
#include <stdint.h>

enum { TRACE_DEFINE = 'Q', TRACE_RUN = 'X', TRACE_MAX_VALUES = 1024 };
