/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that block a write. What was looked at is guarded in the plan: the keys are claimed, so that of several that
 * write what is alike at the same moment one is the first, and the candidates must be as they were when they were
 * compared. Records of the same plan are compared with one another as they will be. */
#include "access/share.h"
#include "duplicate/duplicate_internal.h"

static const char MEMO; /* its address is the place in the plan */

bool duplicate_may_override(const Ctx *cx, const DuplicateRule *rule)
{
    if (!cx->user || cx->user->is_administrator)
        return true;
    for (size_t i = 0; i < json_array_size(rule->override_by); i++)
        for (size_t k = 0; k < cx->user->n_roles; k++)
            if (str_eq(json_str(json_array_get(rule->override_by, i)), cx->user->roles[k]))
                return true;
    return false;
}

/* ---- what others write meanwhile */
/* A number that says which rows there are, and of which version. */
static void select_state(const Object *of, const int64_t *keys, size_t n, Sql *q)
{
    sql_lit(q, "SELECT CAST(COALESCE(SUM((\"id\" % 1000000007) * 1009 + \"version\" % 1009), 0) AS "
               "bigint) FROM ");
    sql_table(q, of);
    sql_lit(q, " WHERE \"id\" IN (");
    duplicate_sql_keys(of, keys, n, STR(" UNION "), q);
    sql_lit(q, ")");
}

static Status read_state(Ctx *cx, const Object *of, const int64_t *keys, size_t n, int64_t *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    bool row = false;
    select_state(of, keys, n, &q);
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    TRY(db_next(s, &row));
    *ret = row ? db_col_int(s, 0) : 0;
    return ST_OK;
}

Status duplicate_guard(Ctx *cx, Plan *plan, const Object *of, const int64_t *keys, size_t n)
{
    Sql guard = sql_new(cx->arena);
    int64_t now = 0;
    TRY(read_state(cx, of, keys, n, &now));
    sql_lit(&guard, "SELECT 1 WHERE (");
    select_state(of, keys, n, &guard);
    sql_lit(&guard, ") = ");
    sql_bind_int(&guard, now);
    for (size_t i = 0; i < n; i++)
        plan_claim(plan, keys[i]);
    plan_guard(plan, sql_text(&guard), guard.vals->v, guard.vals->n);
    return ST_OK;
}

/* ---- what the plan itself writes */
bool duplicate_share_key(const DuplicateWritten *w, const int64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t low = 0, high = w->n_keys;
        while (low < high) {
            size_t mid = (low + high) / 2;
            if (w->keys[mid] < keys[i])
                low = mid + 1;
            else
                high = mid;
        }
        if (low < w->n_keys && w->keys[low] == keys[i])
            return true;
    }
    return false;
}

static void note_written(Ctx *cx, DuplicateWrite *write, const Record *r)
{
    DuplicateWritten *w = ARENA_NEW(cx->arena, DuplicateWritten);
    int64_t *keys = NULL;
    *w = (DuplicateWritten){.r = r, .next = write->written};
    w->texts = duplicate_texts(cx, r->object, r->values);
    w->n_keys = match_record_keys(cx->arena, r->object, r->values, &keys);
    w->keys = keys;
    write->written = w;
}

static DuplicateWrite *write_of(Ctx *cx, Plan *plan)
{
    void **memo = plan_memo(plan, &MEMO);
    if (!*memo) {
        DuplicateWrite *write = ARENA_NEW(cx->arena, DuplicateWrite);
        write->plan = plan;
        *memo = write;
    }
    return *memo;
}

/* ---- the check */
static bool any_blocks(const Meta *m)
{
    for (size_t i = 0; i < m->n_objects; i++)
        for (size_t k = 0; k < m->objects[i]->n_duplicates; k++)
            if (m->objects[i]->duplicates[k].action == DUPLICATE_BLOCK)
                return true;
    return false;
}

static bool blocks_touched(const Record *r)
{
    const Object *o = r->object;
    for (size_t i = 0; i < o->n_duplicates; i++) {
        const DuplicateRule *rule = &o->duplicates[i];
        for (size_t k = 0; rule->action == DUPLICATE_BLOCK && k < rule->n_fields; k++)
            if (!r->old || record_touched(r, rule->fields[k].field))
                return true;
    }
    return false;
}

static Status refuse(Ctx *cx, const DuplicateHit *hit)
{
    Str title = STR_NULL, field = hit->rule->fields[0].field->name;
    Str label = label_in(&hit->rule->label, cx->lang);
    Error before = cx->err;
    cx->err = (Error){.status = ST_OK};
    if (hit->visible)
        TRY(query_titles(cx, hit->object, &hit->id, 1, &title, NULL));
    cx->err = before;
    if (hit->twin) {
        FIELD_FAIL(cx, field, "duplicate", "duplicate.blocked_twin",
                   "%.*s: looks like another record that is written together with it",
                   STR_ARG(label));
    } else if (title.n) {
        FIELD_FAIL(cx, field, "duplicate", "duplicate.blocked",
                   "%.*s: looks like \"%.*s\", which is there already", STR_ARG(label),
                   STR_ARG(title));
        error_suggest(cx, str_format(cx->arena, "%lld", (long long)hit->id));
    } else {
        FIELD_FAIL(cx, field, "duplicate", "duplicate.blocked_hidden",
                   "%.*s: looks like a record that you do not see", STR_ARG(label));
    }
    return ST_OK;
}

Status duplicate_check(Ctx *cx, Plan *plan, const Record *r)
{
    DuplicateHit *hits = NULL;
    size_t n = 0;
    if (r->import || r->by_rule || !cx->user || cx->user->id == USER_SYSTEM ||
        !r->object->n_match_fields || !any_blocks(cx->meta))
        return ST_OK;
    DuplicateWrite *write = write_of(cx, plan);
    if (blocks_touched(r))
        TRY(duplicate_find_blocking(cx, write, r, &hits, &n));
    for (size_t i = 0; i < n; i++)
        if (!cx->allow_duplicates || !duplicate_may_override(cx, hits[i].rule))
            TRY(refuse(cx, &hits[i]));
    if (n && !error_has_fields(cx))
        access_log_duplicate(cx, plan, r->object, r->id, label_in(&hits[0].rule->label, cx->lang),
                             cx->duplicate_reason);
    note_written(cx, write, r);
    return error_has_fields(cx) ? cx->err.status : ST_OK;
}
