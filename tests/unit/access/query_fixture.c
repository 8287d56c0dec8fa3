/* SPDX-License-Identifier: Apache-2.0 */
/* The databases of the query tests serve here as well; each folder links its own copy. */
#include "../query/query_fixture.c"
