/* SPDX-License-Identifier: Apache-2.0 */
/* The way in: checks everything that can be known before the first row, then leaves the rest to the
 * job; and what a person sees before deciding (preview). */
#include "import/import_all.h"
#include "import/import_internal.h"

#define HEAD_ROWS 1200 /* enough to know the columns of a workbook */

const JobDef import_jobs[] = {
    {.name = "import",
     .run = import_run,
     .max_attempts = 5,
     .summary = "Makes records of the rows of a file"},
    {.name = "import_all",
     .run = import_all_run,
     .max_attempts = 5,
     .summary = "Brings the records of an archive in"},
    {.name = "undo", .run = batch_undo_run, .max_attempts = 5, .summary = "Takes back a batch"},
    {.name = NULL},
};

static void set_text(json_t *object, const char *name, Str s)
{
    json_object_set_new(object, name, json_stringn(s.n ? s.p : "", s.n));
}

Status import_enqueue(Ctx *cx, Plan *plan, const Object *o, Str path, Str file_name,
                      const json_t *options, Id *ret_job)
{
    Import im;
    TRY(import_open(cx, o, path, options, HEAD_ROWS, &im));
    TRY(import_compile(cx, &im, options));
    json_t *params = json_object();
    json_own(cx->arena, params);
    set_text(params, "object", o->name);
    set_text(params, "path", path);
    set_text(params, "file_name", file_name);
    json_object_set_new(params, "options", options ? json_deep_copy(options) : json_object());
    return job_enqueue(cx, plan, "import", params, 0, 0, ret_job);
}
