/* SPDX-License-Identifier: Apache-2.0 */
/* JSON lines as a table: the keys of all lines are the columns, in the order in which they first appear.
 * Values of an export become what an import reads: a link its code or title, a link to any object
 * object:title, money "1234.50 CNY", lists their members parted by ";", other objects a column a member
 * ("address.city"). */
#pragma once
#include "base/ctx.h"

/* The first line that is not blank begins with "{". */
bool jsonl_is(Str bytes);
/* Writes the header and the rows as CSV to fd; head > 0: no more rows than that. ST_INVALID names the first
 * line that is no object. */
CHECKED Status jsonl_write_csv(Ctx *cx, Str bytes, int64_t head, int fd);
