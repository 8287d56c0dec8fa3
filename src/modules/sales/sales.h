/* SPDX-License-Identifier: Apache-2.0 */
/* sales: what the area plugs in (app/modules.c). */
#pragma once
#include "verb/verb.h"

extern const RecordVerb lead_verbs[], opportunity_verbs[], order_verbs[];
