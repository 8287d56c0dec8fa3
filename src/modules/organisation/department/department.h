/* SPDX-License-Identifier: Apache-2.0 */
/* department: the organisation's tree. What metadata cannot say: it has no circles. */
#pragma once
#include "record/record.h"

extern const RecordHooks department_hooks;
