/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of the rows of an export, private parts: read beside the ids of its order, one statement for
 * both, so that counts and sums are those of the rows and follow the right to export.
 *   rows_groups_parse → rows_groups_select, rows_groups_take of each row → rows_groups_end */
#pragma once
#include "query/aggregate.h"

typedef struct RowsGroups RowsGroups;

/* group, sums, group_sort as query_rows_group takes them; a wrong one is told with its key. */
CHECKED Status rows_groups_parse(Ctx *cx, const Object *o, const json_t *group, const json_t *sums,
                                 const json_t *sort, RowsGroups **ret);
/* Adds ", values of groups, values to sum" to a select list whose next column is `col`. */
CHECKED Status rows_groups_select(RowsGroups *g, Base *b, int col, Sql *out);
/* The row in hand goes to its group. */
CHECKED Status rows_groups_take(RowsGroups *g, const Stmt *q);
/* All are read: groups get their order, and the ids go with them, those of a group as they came. */
CHECKED Status rows_groups_end(RowsGroups *g, Id *ids, size_t n);
/* In the order of the end: its group; all of them. */
size_t rows_groups_of(const RowsGroups *g, size_t row);
const QueryGroup *rows_groups_all(const RowsGroups *g, size_t *ret_n);
const Field *rows_groups_level(const RowsGroups *g, size_t level, Str *ret_name);
