/* SPDX-License-Identifier: Apache-2.0 */
/* role: what a person may do. What metadata cannot say: who may make, rename and remove them. */
#include "record/record.h"

extern const RecordHooks role_hooks;
