/* SPDX-License-Identifier: Apache-2.0 */
/* Saved mappings: options of an import under a name, for oneself or for all who may import the object.
 * What they say is checked when they are used: fields come and go. */
#include "base/id.h"
#include "base/utf8.h"
#include "import/import_internal.h"

static const char SQL_LIST[] =
    "SELECT id, owner, name, shared, options, at FROM {gx_import_mapping} "
    "WHERE object = ?1 AND (owner = ?2 OR shared = ?3) ORDER BY name, id";
static const char SQL_FIND[] =
    "SELECT id FROM {gx_import_mapping} WHERE owner = ?1 AND object = ?2 AND name = ?3";
static const char SQL_COUNT[] = "SELECT count(*) FROM {gx_import_mapping} WHERE owner = ?1";
static const char SQL_NEW[] =
    "INSERT INTO {gx_import_mapping} (id, object, owner, name, shared, options, at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char SQL_CHANGE[] =
    "UPDATE {gx_import_mapping} SET shared = ?2, options = ?3, at = ?4 WHERE id = ?1";
static const char SQL_OWNER[] =
    "SELECT owner, object, shared FROM {gx_import_mapping} WHERE id = ?1";
static const char SQL_DROP[] = "DELETE FROM {gx_import_mapping} WHERE id = ?1";

#define NAME_MAX_CHARS 80
#define MAPPINGS_MAX 200 /* of one person */

static void write_one(Ctx *cx, Id id, Id owner, Str name, bool shared, Str options, Buf *out)
{
    buf_lit(out, "{\"id\":");
    buf_json_id(out, id);
    buf_lit(out, ",\"name\":");
    buf_json_str(out, name);
    buf_printf(out, ",\"shared\":%s,\"mine\":%s,\"options\":" STR_FMT "}",
               shared ? "true" : "false", owner == cx->user_id ? "true" : "false",
               STR_ARG(options));
}

Status import_mappings(Ctx *cx, const Object *o, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = true;
    TRY(db_prepare(cx, SQL_LIST, &q));
    TRY(db_bind_all(q, (DbVal[]){db_text(o->name), db_int(cx->user_id), db_bool(true)}, 3));
    buf_lit(out, "{\"items\":[");
    for (bool first = true;; first = false) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        if (!first)
            buf_char(out, ',');
        write_one(cx, db_col_id(q, 0), db_col_id(q, 1), db_col_text(q, 2), db_col_bool(q, 3),
                  db_col_text(q, 4), out);
    }
    buf_lit(out, "]}");
    return ST_OK;
}

static Status check_body(Ctx *cx, const json_t *body, Str *ret_name)
{
    *ret_name = str_trim(json_get_str(body, "name"));
    const json_t *shared = json_object_get(body, "shared");
    if (!ret_name->n)
        FIELD_FAIL(cx, STR("name"), "required", "import.mapping_name", "needs a name");
    else if (utf8_length(*ret_name) > NAME_MAX_CHARS)
        FIELD_FAIL(cx, STR("name"), "too_long", "import.mapping_long",
                   "is longer than %d characters", NAME_MAX_CHARS);
    if (shared && !json_is_boolean(shared))
        FIELD_FAIL(cx, STR("shared"), "bad_value", "import.option", "is not a known value");
    if (!json_is_object(json_object_get(body, "options")))
        FIELD_FAIL(cx, STR("options"), "required", "import.options",
                   "the options must be a JSON object");
    else
        TRY(import_check_names(cx, json_object_get(body, "options")));
    return error_has_fields(cx) ? cx->err.status : ST_OK;
}

static Status check_room(Ctx *cx)
{
    int64_t n = 0;
    bool found;
    TRY(db_get_int(cx, SQL_COUNT, (DbVal[]){db_int(cx->user_id)}, 1, &n, &found));
    if (n < MAPPINGS_MAX)
        return ST_OK;
    return FAIL(cx, ST_INVALID, "import.too_many_mappings", "one person keeps at most %d mappings",
                MAPPINGS_MAX);
}

Status import_mapping_save(Ctx *cx, Plan *plan, const Object *o, const json_t *body, Buf *out)
{
    Str name = STR_NULL;
    int64_t id = 0;
    bool found = false, shared = json_get_bool(body, "shared", false);
    Buf options = buf_in(cx->arena, IMPORT_MAPPING_BYTES);
    TRY(check_body(cx, body, &name));
    json_write(&options, json_object_get(body, "options"));
    TRY(db_get_int(cx, SQL_FIND, (DbVal[]){db_int(cx->user_id), db_text(o->name), db_text(name)}, 3,
                   &id, &found));
    DbVal given = db_text(buf_str(&options)), is_shared = db_bool(shared), now = db_int(cx->now_ms);
    if (found) {
        plan_expect(plan, STR_SQL(SQL_CHANGE), (DbVal[]){db_int(id), is_shared, given, now}, 4, 1);
    } else {
        TRY(check_room(cx));
        id = idgen_next(db_ids(db_pool_of(cx->db)));
        plan_exec(plan, STR_SQL(SQL_NEW),
                  (DbVal[]){db_int(id), db_text(o->name), db_int(cx->user_id), db_text(name),
                            is_shared, given, now},
                  7);
    }
    write_one(cx, id, cx->user_id, name, shared, buf_str(&options), out);
    return ST_OK;
}

Status import_mapping_drop(Ctx *cx, Plan *plan, const Object *o, Id id)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_OWNER, &q));
    TRY(db_bind_id(q, 1, id));
    TRY(db_next(q, &found));
    bool mine = found && db_col_id(q, 0) == cx->user_id, shared = found && db_col_bool(q, 2);
    bool there = found && str_eq(db_col_text(q, 1), o->name) && (mine || shared);
    if (!there)
        return FAIL(cx, ST_NOT_FOUND, "import.no_mapping", "there is no such mapping");
    if (!mine)
        TRY(access_require_right(cx, "customise"));
    plan_exec(plan, STR_SQL(SQL_DROP), (DbVal[]){db_int(id)}, 1);
    return ST_OK;
}
