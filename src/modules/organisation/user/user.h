/* SPDX-License-Identifier: Apache-2.0 */
/* user: who works here. What metadata cannot say: nobody is deleted (leaving is a status), a
 * manager is never below himself. */
#pragma once
#include "record/record.h"

extern const RecordHooks user_hooks;
