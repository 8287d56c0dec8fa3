/* SPDX-License-Identifier: Apache-2.0 */
/* Formula fields in lists and aggregates: computed by the database, so that showing, filtering and
 * sorting agree. Rights were checked on the formula; a formula that reads a hidden field is hidden. */
#include "query/query_internal.h"

static DbType formula_type(FieldKind result)
{
    switch (result) {
    case F_TEXT: return DB_TEXT;
    case F_BOOLEAN: return DB_BOOL;
    default: return DB_INT;
    }
}

Status formula_sql(Ctx *cx, const Field *f, SqlScope *scope, Sql *out, DbType *ret_type)
{
    ExprScope names = {.object = f->object};
    const Expr *e;
    TRY(expr_parse(cx, f->name, &names, EXPR_VALUE, &e));
    *ret_type = formula_type(f->result);
    return expr_sql(cx, e, scope, out);
}

void formula_load(const Ctx *cx, const Field *f, const Stmt *q, int col, Value *ret)
{
    *ret = VALUE_NULL;
    if (db_col_null(q, col))
        return;
    uint8_t scale = (uint8_t)f->scale;
    switch (f->result) {
    case F_TEXT: *ret = (Value){.t = V_TEXT, .s = db_col_text(q, col)}; break;
    case F_BOOLEAN: *ret = (Value){.t = V_BOOL, .b = db_col_bool(q, col)}; break;
    case F_DATE: *ret = (Value){.t = V_DATE, .i = db_col_int(q, col)}; break;
    case F_DATETIME: *ret = (Value){.t = V_TIME, .i = db_col_int(q, col)}; break;
    case F_INTEGER: *ret = (Value){.t = V_INT, .i = db_col_int(q, col)}; break;
    case F_MONEY: {
        Money m = {.value = db_col_int(q, col), .base = db_col_int(q, col), .rate = 1000000000};
        size_t n = cx->meta->currency.n < 3 ? cx->meta->currency.n : 3;
        memcpy(m.currency, cx->meta->currency.p, n);
        *ret = (Value){.t = V_MONEY, .scale = scale, .money = m};
        break;
    }
    default: *ret = (Value){.t = V_DECIMAL, .scale = scale, .i = db_col_int(q, col)}; break;
    }
}
