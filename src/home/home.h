/* SPDX-License-Identifier: Apache-2.0 */
/* home: the page with which a day begins. To-dos, the week's calendar, own figures, what lies idle: each
 * card is a list or an aggregate of an object, read on the ordinary way (query/) with the reader's
 * rights, and says the filter that it used, so that each number opens the list it counts.
 *
 * What a person may not read, or an organisation has removed, is not among the cards.
 * Any thread, one Ctx each. */
#pragma once
#include "query/query.h"

typedef enum HomeScope {
    HOME_MINE, /* figures of what I own */
    HOME_ALL,  /* of all that I see */
} HomeScope;

/* "mine", "all"; false: neither. */
bool home_scope(Str word, HomeScope *ret);
/* {"at":"…","scope":"mine","cards":{"tasks":{"object","filter","sort","list":{…}},"pipeline":{"object",
 * "filter","aggregate":{…}},…},"recent":[…]}, all of one moment. */
CHECKED Status home_write(Ctx *cx, HomeScope scope, Buf *out);
