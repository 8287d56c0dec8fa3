/* SPDX-License-Identifier: Apache-2.0 */
/* The fixture of records, for tests of this folder. */
#include "../record/record_fixture.c"
