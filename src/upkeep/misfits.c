/* SPDX-License-Identifier: Apache-2.0 */
/* What did not fit at a change of type: it stays in the columns of before until those are purged. */
#include "base/id.h"
#include "upkeep/upkeep_internal.h"

#define VALUE_BYTES 200

const Field *upkeep_last_former(const Field *f)
{
    return f->n_formers ? f->formers[f->n_formers - 1] : NULL;
}

/* An address is there when any of its parts is. */
void upkeep_filled(Sql *q, int alias, const Field *f, bool filled)
{
    int n = f->type->reads ? f->type->reads : 1;
    sql_lit(q, "(");
    for (int part = 0; part < n; part++) {
        if (part && filled)
            sql_lit(q, " OR ");
        else if (part)
            sql_lit(q, " AND ");
        sql_column(q, alias, f, part);
        if (filled)
            sql_lit(q, " IS NOT NULL");
        else
            sql_lit(q, " IS NULL");
    }
    sql_lit(q, ")");
}

Str upkeep_misfit_text(Ctx *cx, const Field *f, const Value *v)
{
    Buf b = buf_in(cx->arena, (size_t)1024 * 1024);
    if (v->t == V_ID)
        buf_int(&b, v->i);
    else
        f->type->text(&b, f, v, cx->lang);
    Str s = buf_str(&b);
    size_t n = s.n > VALUE_BYTES ? VALUE_BYTES : s.n;
    while (n < s.n && n && ((unsigned char)s.p[n] & 0xC0) == 0x80) /* no half character */
        n--;
    return str_sub(s, 0, n);
}

static Status select_misfits(Ctx *cx, const Field *f, Id after, int limit, Sql *q)
{
    const Field *former = upkeep_last_former(f);
    int next_alias = 1;
    *q = sql_new(cx->arena);
    sql_lit(q, "SELECT t0.\"id\"");
    for (int part = 0; part < former->n_columns; part++) {
        sql_lit(q, ", ");
        sql_column(q, 0, former, part);
    }
    sql_lit(q, " FROM ");
    sql_table(q, f->object);
    sql_lit(q, " t0 WHERE t0.\"id\" > ");
    sql_bind_int(q, after);
    sql_lit(q, " AND ");
    upkeep_filled(q, 0, f, false);
    sql_lit(q, " AND ");
    upkeep_filled(q, 0, former, true);
    TRY(cx->access->predicate(cx, f->object, db_kind_of(cx->db), 0, q, &next_alias));
    sql_lit(q, " ORDER BY t0.\"id\" LIMIT ");
    sql_number(q, limit + 1);
    return ST_OK;
}

Status upkeep_misfits(Ctx *cx, const Field *f, Id after, int limit, Buf *out)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    const Field *former = upkeep_last_former(f);
    bool found = former != NULL;
    Id last = 0;
    Sql q;
    buf_lit(out, "{\"items\":[");
    if (former) {
        TRY(select_misfits(cx, f, after, limit, &q));
        TRY(db_prepare_str(cx, sql_text(&q), &stmt));
        TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    }
    for (int n = 0; found; n++) {
        TRY(db_next(stmt, &found));
        if (!found || n == limit)
            break;
        Value v = VALUE_NULL;
        former->type->load(cx->arena, former, stmt, 1, &v);
        if (n)
            buf_char(out, ',');
        last = db_col_id(stmt, 0);
        buf_lit(out, "{\"id\":");
        buf_json_id(out, last);
        buf_lit(out, ",\"value\":");
        buf_json_str(out, upkeep_misfit_text(cx, former, &v));
        buf_char(out, '}');
    }
    buf_json_next(out, found && last ? last : 0);
    return ST_OK;
}
