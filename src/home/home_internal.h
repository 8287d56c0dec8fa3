/* SPDX-License-Identifier: Apache-2.0 */
/* Inside home/: a card, the one way in which its pages reach data. */
#pragma once
#include "home/home.h"

typedef struct HomeRead {
    const char *name, *object;
    Str filter;
    const char *sort, *fields; /* of a list */
    const char *measure;       /* of an aggregate: its body without the filter */
    int limit;
    CountMode count;
} HomeRead;

/* Adds "name":{"object","filter",…} behind what *first says is there. A card that names what its reader may
 * not see, or what the organisation has removed, is left out. */
CHECKED Status home_card_write(Ctx *cx, const HomeRead *r, bool *first, Buf *out);
/* It named a field that the reader may not see or that is gone: no card of his. */
bool home_is_not_for_him(const Ctx *cx, Status st);

/* home_buyers.c: "buyers" of home_figures_write; within the caller's snapshot. */
CHECKED Status home_buyers_write(Ctx *cx, HomeScope scope, Buf *out);

/* Words of filters that several pages share. */
#define HOME_OPEN_TASK "status in (\"open\",\"doing\",\"waiting\")"
#define HOME_MY_TASK "owner = me() and " HOME_OPEN_TASK
#define HOME_OPEN_LEAD "status in (\"assigned\",\"working\")"
#define HOME_OPEN_DEAL "outcome = \"open\""
/* A date that a task stands for is told by the task alone, and that of a customer not again by the deal. */
#define HOME_NOT_BY_ACCOUNT(before)                                                                \
    "(account is null or account.next_followup_at is null or account.next_followup_at >= " before  \
    ")"
