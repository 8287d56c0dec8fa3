/* SPDX-License-Identifier: Apache-2.0 */
/* Ids: 41 bits ms since 2024-01-01 UTC, 10 bits node, 12 bits sequence. Time-ordered, never repeats
 * on a node, waits when the clock steps back. Below 2^20: built-in rows. */
#pragma once
#include "base/ctx.h"

typedef struct IdGen IdGen; /* thread-safe */

IdGen *idgen_new(int node, Id high_water); /* issues only ids above high_water */
void idgen_free(IdGen *g);
Id idgen_next(IdGen *g);
Id idgen_last(const IdGen *g);
/* Goes on under another node number (its lease was lost), above that node's mark too. */
void idgen_move(IdGen *g, int node, Id high_water);
/* Leases: ids stop (idgen_next waits) after this monotonic time; INT64_MAX = never. */
void idgen_valid_until_us(IdGen *g, int64_t mono_us);

bool id_parse(Str s, Id *ret); /* positive decimal without sign or leading zero */
int64_t id_time_ms(Id id);
Id id_last_of_ms(
    int64_t ms); /* no id made until the end of this millisecond is above; at least 1 */
