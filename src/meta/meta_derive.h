/* SPDX-License-Identifier: Apache-2.0 */
/* Columns made from a text before title, search or uniqueness needs them (see meta_derive.c). */
#pragma once
#include "meta/meta.h"

/* Gives the field those columns; with title also the sort key. */
CHECKED Status meta_derive_start(Ctx *cx, MetaStore *s, const Field *f, bool title, Plan *plan);
/* The change that has just failed wants them first. */
bool meta_derive_missing(const Ctx *cx);
