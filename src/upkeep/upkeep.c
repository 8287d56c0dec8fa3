/* SPDX-License-Identifier: Apache-2.0 */
/* The table of jobs, and what they share. */
#include "upkeep/upkeep_internal.h"

#define MAX_RETRIES 50 /* catalogues that change under one step */

const JobDef upkeep_jobs[] = {
    {.name = "doctor",
     .run = upkeep_doctor_run,
     .max_attempts = 2,
     .timeout_s = 0,
     .summary = "Looks for what is out of step with the catalogue, and repairs it if asked"},
    {.name = "meta.derive",
     .run = upkeep_derive_run,
     .max_attempts = 8,
     .timeout_s = 0,
     .summary = "Makes a text of existing records title, searched or unique"},
    {.name = "meta.index",
     .run = upkeep_index_run,
     .max_attempts = 8,
     .timeout_s = 0,
     .summary = "Builds the indexes that the catalogue has and the database lacks"},
    {.name = "meta.purge",
     .run = upkeep_purge_run,
     .max_attempts = 3,
     .timeout_s = 0,
     .every = "43 3 * * *",
     .summary = "Purges what has lain in the bin of the catalogue for long enough"},
    {.name = "meta.retype",
     .run = upkeep_retype_run,
     .max_attempts = 8,
     .timeout_s = 0,
     .summary = "Copies the values of a field to columns of another type"},
    {.name = "secrets.reseal",
     .run = upkeep_reseal_run,
     .max_attempts = 20,
     .timeout_s = 0,
     .every = "17 * * * *",
     .summary = "Seals secrets with the newest key"},
    {.name = "sharing.rule",
     .run = upkeep_share_rule_run,
     .max_attempts = 8,
     .timeout_s = 0,
     .summary = "Opens the records that a sharing rule means"},
    {0},
};

static Status follow_catalogue(Ctx *cx)
{
    TRY(meta_refresh(cx, cx->records->meta));
    const Meta *fresh = meta_acquire(cx->records->meta);
    meta_release(cx->meta);
    cx->meta = fresh;
    cx->catalogue_version = fresh->version;
    return ST_OK;
}

Status upkeep_apply(Ctx *cx, Job *job, Status (*prepare)(Ctx *, Job *, Plan *, void *), void *arg,
                    Status (*again)(Ctx *cx, void *arg))
{
    Status st = job_apply(cx, job, prepare, arg);
    for (int i = 0; st == ST_RETRY && i < MAX_RETRIES; i++) {
        int64_t version = cx->catalogue_version;
        error_clear(cx);
        TRY(follow_catalogue(cx));
        if (version == cx->catalogue_version)
            return FAIL(cx, ST_RETRY, "upkeep.busy", "others are writing the same rows");
        TRY(again(cx, arg));
        st = job_apply(cx, job, prepare, arg);
    }
    return st;
}

const Field *upkeep_field(Ctx *cx, Str object, Str key)
{
    const Object *o = meta_object(cx->meta, object);
    for (size_t i = 0; o && i < o->n_fields; i++)
        if (str_eq(o->fields[i]->key, key))
            return o->fields[i];
    return NULL;
}
