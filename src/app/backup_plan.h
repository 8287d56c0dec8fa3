/* SPDX-License-Identifier: Apache-2.0 */
/* When backups are made by themselves, and which are kept: one row of {gx_setting}. */
#pragma once
#include "app/backup_host.h"

typedef enum BackupEvery { BACKUP_HOUR, BACKUP_DAY, BACKUP_WEEK } BackupEvery;
typedef struct BackupPlan {
    bool on;
    BackupEvery every;
    int64_t hour, weekday; /* in the organisation's time zone; 1 = Monday */
    BackupKeep keep;
    int64_t last_ms; /* when the schedule made the last one, or tried to */
} BackupPlan;

CHECKED Status backup_plan_read(Ctx *cx, BackupPlan *ret); /* what is not said is the usual */
bool backup_plan_due(const Ctx *cx, const BackupPlan *p);
void backup_plan_write(const BackupPlan *p, Buf *out);
/* Field errors for what cannot be. */
CHECKED Status backup_plan_set(Ctx *cx, const json_t *body, Plan *plan);
void backup_plan_note(Ctx *cx, Plan *plan); /* now */
