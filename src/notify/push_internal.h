/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the files push_*.c. */
#pragma once
#include "notify/push.h"

/* {"id","title","body","url"} of a message of cx->user; nothing if he has read it, or it is none of his. */
CHECKED Status push_text(Ctx *cx, Id message, Buf *out);
void push_text_trial(Ctx *cx, Buf *out);
