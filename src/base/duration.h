/* SPDX-License-Identifier: Apache-2.0 */
/* Durations in ms, as ISO 8601 from weeks to seconds. */
#pragma once
#include "base/buf.h"

/* P3DT4H30M, PT90M, P2W, PT1.5S, -PT5M; false on anything else, months, years and overflow. */
bool duration_parse(Str iso, int64_t *ret_ms);
void duration_write(Buf *b, int64_t ms); /* PT76H30M */
