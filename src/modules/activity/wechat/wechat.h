/* SPDX-License-Identifier: Apache-2.0 */
/* wechat: adding a person on WeChat, in steps. A contact or lead goes from none to requested (add_wechat,
 * which makes the task) and from there to added, back to none (declined), and later to removed. What came of it
 * is told to the task or to the person (wechat_result); either settles the other. */
#pragma once
#include "modules/activity/activity.h"

/* A task of the kind is done: its outcome to the person, where no follow-up carries it there. */
CHECKED Status wechat_settle(Ctx *cx, Plan *plan, const Record *task);
