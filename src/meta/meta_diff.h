/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between two JSON values, member by member. Lists whose items have a name of their own
 * (fields, choices, layouts, views, rules …) are compared by that name, other lists as a whole; a
 * changed order of named items is a difference of its own, under "#order".
 *   MetaDiffs d = {0}; meta_diff(arena, before, after, &d); meta_diff_write(&d, out); */
#pragma once
#include "base/json.h"

typedef struct MetaDiff {
    json_t *path;      /* array of texts */
    json_t *old, *now; /* NULL: absent */
} MetaDiff;
typedef struct MetaDiffs {
    VEC(MetaDiff) list;
} MetaDiffs;

/* References are taken and given back with the arena. */
void meta_diff(Arena *a, const json_t *old, const json_t *now, MetaDiffs *ret);
/* [{"path":["fields","level","label","en"],"old":…,"new":…}] */
void meta_diff_write(const MetaDiffs *d, Buf *out);
/* Takes one difference back in `root`; false when what stands there is no longer what it made. A
 * field is never taken out of its list: it is marked as removed, because its column stays. */
bool meta_diff_revert(json_t *root, const MetaDiff *d);
/* The name of an item of a list, NULL if it has none: layout, view, list, value … */
const char *meta_diff_name(const json_t *item);
