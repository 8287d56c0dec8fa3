/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of roles: beside the rights on the object they take the system right "manage_roles", because
 * a role's code decides which form of rights it has. */
#include "modules/organisation/role/role.h"

static Status role_validate(Ctx *cx, const Record *r)
{
    (void)r;
    return access_require_right(cx, "manage_roles");
}

static Status role_before_delete(Ctx *cx, Plan *plan, Record *r)
{
    (void)plan, (void)r;
    return access_require_right(cx, "manage_roles");
}

const RecordHooks role_hooks = {
    .object = "role", .validate = role_validate, .before_delete = role_before_delete};
