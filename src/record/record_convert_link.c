/* SPDX-License-Identifier: Apache-2.0 */
/* Links and files under a change of type: which records a value names, whatever kind of link it is;
 * their titles as text; a text as the records that it names. Whoever asks, the outcome is the same. */
#include "meta/field/field.h"
#include "record/record_internal.h"

#define LINKS_FROM_TEXT 200 /* records that one text may name */

static Status ask_text(Ctx *cx, const Sql *q, Str *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    bool found = false;
    *ret = STR_NULL;
    TRY(db_prepare_str(cx, sql_text(q), &stmt));
    TRY(db_bind_all(stmt, q->vals->v, q->vals->n));
    TRY(db_next(stmt, &found));
    if (found && !db_col_null(stmt, 0))
        *ret = str_copy(cx->arena, db_col_text(stmt, 0));
    return ST_OK;
}

Status record_convert_link_part(Ctx *cx, const Object *to, Id id, const Field *part, Str *ret)
{
    Sql q = sql_new(cx->arena);
    *ret = STR_NULL;
    if (!part || !part->n_columns || part->columns[0].type != DB_TEXT)
        return ST_OK;
    sql_lit(&q, "SELECT ");
    sql_column(&q, -1, part, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, to);
    sql_lit(&q, " WHERE \"id\" = ");
    sql_bind_int(&q, id);
    return ask_text(cx, &q, ret);
}

/* ---- which records */
typedef struct Named {
    const Object *object;
    const Id *ids;
    size_t n;
    Id one;
} Named;

static void named(Ctx *cx, const Field *from, const Value *v, Named *ret)
{
    *ret = (Named){.object = from->to, .ids = &ret->one, .n = 1};
    if (v->t == V_IDS) {
        ret->ids = v->ids.p;
        ret->n = v->ids.n;
    } else if (v->t == V_REF) {
        ret->object = meta_object(cx->meta, v->ref.object);
        ret->one = v->ref.id;
    } else {
        ret->one = v->i;
    }
}

Status record_convert_link_text(Ctx *cx, const Field *from, const Value *v, Str *ret)
{
    Named of;
    Buf b = buf_in(cx->arena, (size_t)1024 * 1024);
    named(cx, from, v, &of);
    *ret = STR_NULL;
    for (size_t i = 0; of.object && i < of.n; i++) {
        Str title;
        TRY(record_convert_link_part(cx, of.object, of.ids[i], of.object->title, &title));
        if (!title.n) /* half a list would say less than it seems to */
            return ST_OK;
        if (i)
            buf_lit(&b, "; ");
        buf_str_add(&b, title);
    }
    *ret = buf_overflowed(&b) ? STR_NULL : buf_str(&b);
    return ST_OK;
}

static Status files_fit(Ctx *cx, const Field *to, const Named *of, bool *ret)
{
    for (size_t i = 0; *ret && i < of->n; i++)
        TRY(record_file_fits(cx, to, of->ids[i], ret));
    return ST_OK;
}

Status record_convert_link(Ctx *cx, const Field *from, const Field *to, const Value *v, Value *ret,
                           bool *ret_fits)
{
    Named of;
    named(cx, from, v, &of);
    bool many = field_has_ids(to);
    *ret_fits = of.object && of.n && (many || of.n == 1) &&
                (to->kind == F_ANY_LINK ? field_leads_to(to, of.object) : to->to == of.object);
    if (*ret_fits && field_is_file(to))
        TRY(files_fit(cx, to, &of, ret_fits));
    if (!*ret_fits)
        return ST_OK;
    if (to->kind == F_ANY_LINK)
        *ret = (Value){.t = V_REF, .ref = {.id = of.ids[0], .object = of.object->name}};
    else if (many)
        *ret = (Value){.t = V_IDS,
                       .ids = {.p = arena_dup(cx->arena, of.ids, of.n * sizeof(Id)), .n = of.n}};
    else
        *ret = (Value){.t = V_ID, .i = of.ids[0]};
    return ST_OK;
}

/* ---- from text */

/* The one record whose field says so; 0 if there is none or several. */
static Status link_by(Ctx *cx, const Object *to, const Field *part, Str text, Id *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    Sql q = sql_new(cx->arena);
    bool found = false, more = false;
    *ret = 0;
    if (!part || !part->n_columns || part->columns[0].type != DB_TEXT)
        return ST_OK;
    sql_lit(&q, "SELECT \"id\" FROM ");
    sql_table(&q, to);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, part, 0);
    sql_lit(&q, " = ");
    sql_bind_text(&q, text);
    sql_lit(&q, " LIMIT 2");
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_bind_all(stmt, q.vals->v, q.vals->n));
    TRY(db_next(stmt, &found));
    if (!found)
        return ST_OK;
    Id id = db_col_id(stmt, 0);
    TRY(db_next(stmt, &more));
    *ret = more ? 0 : id;
    return ST_OK;
}

static Status link_of_text(Ctx *cx, const Field *to, Str text, Id *ret)
{
    *ret = 0;
    if (!to->to || !text.n)
        return ST_OK;
    TRY(link_by(cx, to->to, object_field(to->to, STR("code")), text, ret));
    return *ret ? ST_OK : link_by(cx, to->to, to->to->title, text, ret);
}

Status record_convert_text_link(Ctx *cx, const Field *to, Str text, Value *ret, bool *ret_fits)
{
    Id id = 0, *ids;
    size_t n = 0;
    Str part;
    TRY(link_of_text(cx, to, str_trim(text), &id));
    *ret_fits = id != 0;
    if (to->kind == F_LINK || id) {
        ids = arena_dup(cx->arena, &id, sizeof(Id));
        *ret = !id                  ? VALUE_NULL
               : to->kind == F_LINK ? (Value){.t = V_ID, .i = id}
                                    : record_ids_value(ids, 1);
        return ST_OK;
    }
    ids = ARENA_ARRAY(cx->arena, Id, LINKS_FROM_TEXT);
    while (field_set_split(&text, &part)) {
        if (!part.n)
            continue;
        id = 0;
        if (n < LINKS_FROM_TEXT)
            TRY(link_of_text(cx, to, part, &id));
        if (!id) /* one that names nothing: the whole does not fit */
            return ST_OK;
        ids[n++] = id;
    }
    *ret = record_ids_value(ids, n);
    *ret_fits = n > 0;
    return ST_OK;
}
