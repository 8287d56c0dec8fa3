/* SPDX-License-Identifier: Apache-2.0 */
/* move: the organisation to the other engine. Everything is read as of one moment, while nobody may write
 * (the caller sees to that); it is filled beside its place and takes it at the end, so a run that was
 * killed leaves nothing half, and the next one keeps the tables that are whole. Files stay in the
 * data directory, which both engines use. */
#pragma once
#include "backup/fill.h"

typedef struct MoveWhat {
    DbPool *from;
    DbConfig to, scratch;
    bool dry_run; /* counts, and whether the place is free and can be reached */
    FillHost host;
} MoveWhat;
/* {"tables","rows","kept","rows_ms","check_ms","index_ms","dry_run"} */
CHECKED Status move_run(Ctx *cx, const MoveWhat *what, Buf *result);
