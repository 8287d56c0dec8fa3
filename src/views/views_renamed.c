/* SPDX-License-Identifier: Apache-2.0 */
/* Saved views follow a renamed field, in the plan that renames it. Views of other objects that reach the field
 * through a link are left: they say to their owner what is wrong with them. */
#include "views/views_internal.h"

static const char SQL_OF_OBJECT[] = "SELECT id, body FROM {gx_view} WHERE object = ?1 ORDER BY id";
static const char SQL_BODY[] = "UPDATE {gx_view} SET body = ?2 WHERE id = ?1 AND body = ?3";

Status views_renamed(Ctx *cx, const MetaRename *r, Plan *plan)
{
    MetaKeptList all = {0};
    TRY(meta_rename_kept(cx, SQL_OF_OBJECT, r->object, &all));
    for (size_t i = 0; i < all.n; i++) {
        json_t *body = NULL;
        TRY(json_parse(cx, all.v[i].text, &body));
        json_t *fresh = meta_rename_parts(cx->arena, r, body);
        if (!fresh)
            continue;
        Buf text = buf_in(cx->arena, VIEWS_MAX_BODY);
        json_own(cx->arena, fresh);
        json_write(&text, fresh);
        const DbVal v[] = {db_int(all.v[i].id), db_text(buf_str(&text)), db_text(all.v[i].text)};
        plan_expect(plan, STR_SQL(SQL_BODY), v, COUNT_OF(v), 1);
    }
    return ST_OK;
}
