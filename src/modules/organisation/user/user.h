/* SPDX-License-Identifier: Apache-2.0 */
/* user: who works here. What metadata cannot say: nobody is deleted (leaving is a status), a
 * manager is never below himself. */
#pragma once
#include "record/record.h"

/* The record, as it is stored or about to be, has the role that may do everything. */
CHECKED Status user_is_administrator(Ctx *cx, const Record *r, bool *ret);
extern const RecordHooks user_hooks;
