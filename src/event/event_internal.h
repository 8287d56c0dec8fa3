/* SPDX-License-Identifier: Apache-2.0 */
/* Private to event/. */
#pragma once
#include "event/event.h"

/* event_sweep.c: events after `seq` are gone. */
Status event_is_gap(Ctx *cx, int64_t seq, bool *ret);
