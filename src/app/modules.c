/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that is plugged in. Sorted by name. */
#include "app/app.h"
#include "app/backup_host.h"
#include "bulk/bulk.h"
#include "cleanup/cleanup.h"
#include "demo/demo.h"
#include "duplicate/duplicate.h"
#include "export/export.h"
#include "file/file.h"
#include "import/import.h"
#include "modules/activity/activity.h"
#include "modules/customer/customer.h"
#include "modules/organisation/role/role.h"
#include "modules/organisation/user/user.h"
#include "modules/organisation/user/user_hand_over.h"
#include "modules/sales/lead/lead.h"
#include "modules/sales/opportunity/opportunity.h"
#include "modules/sales/order_line/order_line.h"
#include "modules/sales/sales.h"
#include "modules/sales/sales_amount.h"
#include "place/place.h"
#include "quality/quality.h"
#include "upkeep/upkeep.h"

const RecordHooks *const app_hooks[] = {
    &account_hooks, &call_hooks,       &contact_hooks,      &followup_hooks,
    &lead_hooks,    &meeting_hooks,    &opportunity_hooks,  &opportunity_line_hooks,
    &order_hooks,   &order_line_hooks, &place_region_hooks, &role_hooks,
    &task_hooks,    &visit_hooks,      &user_hooks,         NULL,
};

const RecordVerb *const app_verbs[] = {
    pooled_verbs, lead_verbs,  opportunity_verbs, order_verbs,
    series_verbs, visit_verbs, wechat_verbs,      NULL,
};

const JobDef *const app_jobs[] = {
    api_jobs,        backup_jobs, bulk_jobs,    cleanup_jobs, demo_jobs,
    duplicate_jobs,  export_jobs, file_jobs,    import_jobs,  verb_migrate_jobs,
    order_line_jobs, place_jobs,  quality_jobs, search_jobs,  upkeep_jobs,
    user_jobs,       NULL,
};
