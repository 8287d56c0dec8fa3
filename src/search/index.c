/* SPDX-License-Identifier: Apache-2.0 */
/* What a record's plan adds for the index: in the slot that is read and, while there is one, in the
 * slot that is being built. */
#include "search/search_internal.h"
#include "search/search_sql.h"

static void drop_from(Plan *plan, const SearchSql *sql, Id id)
{
    DbVal v = db_int(id);
    if (sql->index_drop.n)
        plan_exec(plan, sql->index_drop, &v, 1);
}

static void put_into(Ctx *cx, Plan *plan, int slot, const Object *o, Id id, Str tokens, bool is_new)
{
    const SearchSql *sql = search_sql(db_kind_of(cx->db), slot);
    const DbVal v[] = {db_int(id), db_int(o->number), db_text(tokens)};
    if (!is_new)
        drop_from(plan, sql, id);
    if (!tokens.n) {
        plan_exec(plan, sql->doc_drop, v, 1);
        return;
    }
    if (is_new)
        plan_insert(plan, sql->doc_put, v, COUNT_OF(v));
    else
        plan_exec(plan, sql->doc_put, v, COUNT_OF(v));
    if (sql->index_put.n)
        plan_insert(plan, sql->index_put, v, COUNT_OF(v));
}

/* Most updates touch no searched field: no tokens need to be made. */
static bool values_same(const Object *o, const Value *a, const Value *b)
{
    for (size_t i = 0; i < o->n_fields; i++)
        if (search_has(o->fields[i]) && !value_equal(&a[i], &b[i]))
            return false;
    return true;
}

static bool is_indexed(const Object *o, Id id) { return id >= SEARCH_FIRST_ID && search_covers(o); }

void search_put(Ctx *cx, Plan *plan, SearchWords *words, const Object *o, Id id, const Value *old,
                const Value *values)
{
    if (!is_indexed(o, id) || (old && values_same(o, old, values)))
        return;
    SearchTokens now = search_tokens(cx->arena, o, values);
    if (old ? str_eq(now.text, search_tokens(cx->arena, o, old).text) : !now.text.n)
        return;
    put_into(cx, plan, cx->meta->search.slot, o, id, now.text, !old);
    if (cx->meta->search.building)
        put_into(cx, plan, !cx->meta->search.slot, o, id, now.text, false);
    words_put(cx, plan, words, now.words);
}

void search_drop(Ctx *cx, Plan *plan, const Object *o, Id id)
{
    if (!is_indexed(o, id))
        return;
    for (int slot = 0; slot < 2; slot++) {
        if (slot != cx->meta->search.slot && !cx->meta->search.building)
            continue;
        const SearchSql *sql = search_sql(db_kind_of(cx->db), slot);
        DbVal v = db_int(id);
        drop_from(plan, sql, id);
        plan_exec(plan, sql->doc_drop, &v, 1);
    }
}
