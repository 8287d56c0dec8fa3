/* SPDX-License-Identifier: Apache-2.0 */
/* Private to place/. */
#pragma once
#include "place/place.h"

typedef struct Place { /* regions that an address may stand for, the most special first */
    Id regions[4];
    size_t n;
    Id best; /* the first active one; 0: none */
} Place;

bool place_applies(const Object *o);
CHECKED Status place_find(Ctx *cx, const Field *region, const Value *address, Place *ret);
/* No region, or one that the address itself gives: not chosen by anybody. */
bool place_is_one_of(const Place *p, const Value *region);
/* The region of r's address, unless the one it has was not that of the address `before`. */
CHECKED Status place_set(Ctx *cx, Record *r, const Value *before, bool *ret_changed);
