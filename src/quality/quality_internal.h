/* SPDX-License-Identifier: Apache-2.0 */
/* quality, private parts: what is looked at, and which filters find it. */
#pragma once
#include "quality/quality.h"

bool quality_counts(const Object *o);      /* has records of people, of which figures are kept */
bool quality_counts_field(const Field *f); /* people fill it */
bool quality_may(const Ctx *cx, const Object *o); /* sees every record of it */
CHECKED Status quality_stale_days(Ctx *cx, const Object *o, int *ret);
int quality_days_of(Str setting); /* the usual number if there is none */
Str quality_stale_filter(Ctx *cx, const Object *o, int days);
/* A rule's condition turned round. */
Str quality_broken_filter(Ctx *cx, const Rule *r);
