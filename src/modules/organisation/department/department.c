/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of departments: a tree without circles. */
#include "modules/organisation/department/department.h"

static Status department_validate(Ctx *cx, const Record *r)
{
    return record_check_tree(cx, r, object_field(r->object, STR("parent")));
}

const RecordHooks department_hooks = {.object = "department", .validate = department_validate};
