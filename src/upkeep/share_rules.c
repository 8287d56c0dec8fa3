/* SPDX-License-Identifier: Apache-2.0 */
/* The job "sharing.rule": fills the set of a sharing rule and clears the set it had before. The former set
 * means nothing to anybody from the commit of the change on, the new one grows: while the job runs
 * somebody may see less than the rule gives, never more. */
#include "access/share_rule.h"
#include "base/id.h"
#include "upkeep/upkeep_internal.h"

/* What was under way when the rule came: looked at once more at the end. */
#define OVERLAP_MS 60000

typedef struct Filling {
    ShareRule rule;
    const Object *object;
    Id drop, after;
    int64_t since_ms, done, total;
    bool more, given_up;
} Filling;

static Id param_id(const Job *job, const char *key)
{
    Id id = 0;
    return id_parse(json_get_str(job->params, key), &id) ? id : 0;
}

/* The rule may be gone or mean another set by now: then another job is on its way. */
static Status find_rule(Ctx *cx, const Job *job, Filling *f)
{
    Id set = param_id(job, "set"), rule = param_id(job, "rule");
    bool found = false;
    if (rule)
        TRY(access_share_rule_find(cx, rule, &f->rule, &found));
    f->object = found && f->rule.set == set ? meta_object(cx->meta, f->rule.object) : NULL;
    f->given_up = !f->object;
    return ST_OK;
}

static Status prepare_fill(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Filling *f = arg;
    Id last = 0;
    TRY(find_rule(cx, job, f));
    f->more = false;
    if (f->given_up)
        return ST_OK;
    TRY(access_share_rule_fill(cx, plan, &f->rule, f->object, f->after, f->since_ms, UPKEEP_PIECE,
                               &last));
    f->more = last != 0;
    if (last) {
        f->after = last;
        job_checkpoint(cx, plan, job,
                       str_format(cx->arena, "%lld %lld", (long long)f->since_ms, (long long)last));
    }
    return ST_OK;
}

static Status prepare_drop(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Filling *f = arg;
    (void)job;
    return access_share_rule_drop(cx, plan, f->drop, &f->more);
}

static Status prepare_filled(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    (void)cx, (void)job;
    access_share_rule_filled(plan, &((Filling *)arg)->rule);
    return ST_OK;
}

static Status fill(Ctx *cx, Job *job, Filling *f)
{
    Id before = f->after;
    do {
        before = f->after;
        TRY(job_progress(cx, job, f->done, f->total));
        f->after = before;
        TRY(job_apply(cx, job, prepare_fill, f));
        f->done += f->more ? UPKEEP_PIECE : 0;
    } while (f->more);
    return ST_OK;
}

static Status count_records(Ctx *cx, const Object *o, int64_t *ret)
{
    bool found;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT count(*) FROM ");
    sql_table(&q, o);
    return db_get_int(cx, str_z(cx->arena, sql_text(&q)), NULL, 0, ret, &found);
}

static void read_checkpoint(const Job *job, Filling *f)
{
    Str rest = job->checkpoint, part;
    int64_t since = 0, after = 0;
    if (str_split(&rest, ' ', &part) && str_int(part, &since) && str_int(rest, &after)) {
        f->since_ms = since;
        f->after = after;
    }
}

Status upkeep_share_rule_run(Ctx *cx, Job *job, Buf *result)
{
    Filling f = {.drop = param_id(job, "drop")};
    TRY(find_rule(cx, job, &f));
    read_checkpoint(job, &f);
    if (!f.given_up)
        TRY(count_records(cx, f.object, &f.total));
    if (!f.given_up && !f.since_ms)
        TRY(fill(cx, job, &f));
    if (!f.given_up) {
        f.after = f.since_ms ? f.after : 0;
        f.since_ms = f.rule.at_ms - OVERLAP_MS;
        TRY(fill(cx, job, &f));
    }
    if (!f.given_up)
        TRY(job_apply(cx, job, prepare_filled, &f));
    for (f.more = f.drop != 0; f.more;)
        TRY(job_apply(cx, job, prepare_drop, &f));
    buf_printf(result, "{\"looked_at\":%lld,\"given_up\":%s}", (long long)f.done,
               f.given_up && param_id(job, "rule") ? "true" : "false");
    return ST_OK;
}

static void add_id(Ctx *cx, json_t *params, const char *key, Id id)
{
    if (id)
        json_object_set_new(
            params, key,
            json_string(str_z(cx->arena, str_format(cx->arena, "%lld", (long long)id))));
}

Status upkeep_share_rule(Ctx *cx, Plan *plan, const ShareRule *rule, Id drop, Id *ret_job)
{
    json_t *params = json_object();
    json_own(cx->arena, params);
    add_id(cx, params, "rule", rule ? rule->id : 0);
    add_id(cx, params, "set", rule ? rule->set : 0);
    add_id(cx, params, "drop", drop);
    return job_enqueue(cx, plan, "sharing.rule", params, 0, 0, ret_job);
}

/* ---- as people see it: whoever started it */
static const char SQL_FILLING[] =
    "SELECT params, status, progress_done, progress_total FROM {gx_job} WHERE kind = "
    "'sharing.rule' "
    "AND status IN ('queued', 'running', 'failed') ORDER BY id DESC LIMIT 200";

Status upkeep_share_rules_filling(Ctx *cx, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool first = true;
    TRY(db_prepare(cx, SQL_FILLING, &q));
    for (bool more = true;;) {
        Id rule = 0;
        json_t *params = NULL;
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        TRY(json_parse(cx, db_col_text(q, 0), &params));
        if (!id_parse(json_get_str(params, "rule"), &rule))
            continue;
        buf_str_add(out, first ? STR("{\"rule\":") : STR(",{\"rule\":"));
        first = false;
        buf_json_id(out, rule);
        buf_lit(out, ",\"status\":");
        buf_json_str(out, db_col_text(q, 1));
        buf_printf(out, ",\"progress\":{\"done\":%lld,\"total\":%lld}}",
                   (long long)db_col_int(q, 2), (long long)db_col_int(q, 3));
    }
}
