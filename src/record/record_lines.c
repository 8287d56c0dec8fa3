/* SPDX-License-Identifier: Apache-2.0 */
/* Lines in their parent's body (CONTRACT 3): {"order_lines":[{…},{"id":…,"quantity":"2"},{"id":…,
 * "delete":true}]}. They live and die with the parent, so the right to write the parent is the right to write
 * them; field rights are their own. Errors name the place, order_lines[1].quantity. The parent gets
 * a new version with its lines: its If-Match covers them. */
#include "record/record_internal.h"
#include <assert.h>

#define MAX_LINES 200

static const char KEY_ID[] = "id", KEY_DELETE[] = "delete";

const Relation *record_line_relation(const Ctx *cx, const Object *o, Str name)
{
    const Relation *rel = object_relation(o, name);
    bool line = rel && rel->child->parent == rel->field && rel->field->kind == F_LINK;
    return line && cx->access->object(cx, rel->child) && cx->access->field(cx, rel->field) ? rel
                                                                                           : NULL;
}

/* Errors since `first` are those of the line at hand. */
static void name_errors(Ctx *cx, const RecordLine *line, size_t first)
{
    for (size_t i = first; i < cx->err.fields.n; i++) {
        Str field = cx->err.fields.v[i].field;
        cx->err.fields.v[i].field =
            str_format(cx->arena, STR_FMT "[%zu]%s" STR_FMT, STR_ARG(line->relation->name),
                       line->at, field.n ? "." : "", STR_ARG(field));
    }
}

static Status line_error(Ctx *cx, const char *code, const char *part, Str text)
{
    FIELD_FAIL(cx, str_of(part), code, "record.line", "%.*s", STR_ARG(text));
    return ST_INVALID;
}

static Status load_line(Ctx *cx, const Record *r, RecordLine *line, const json_t *id)
{
    Id wanted = 0;
    Status st = ST_NOT_FOUND;
    Error before = cx->err; /* what is wrong with other lines is told too */
    if (json_is_string(id) && id_parse(json_str(id), &wanted) && r->old)
        st = record_load(cx, line->relation->child, wanted, &line->record);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    if (st == ST_OK && record_value_id(record_get(line->record, line->relation->field)) == r->id)
        return ST_OK;
    cx->err = before;
    return line_error(cx, "no_match", KEY_ID,
                      text_in(cx, "record.no_line", "is not one of the record's lines"));
}

/* What is said of the line itself is no field of it. */
static Status set_line(Ctx *cx, const Record *r, RecordLine *line, const json_t *item)
{
    const json_t *id = json_object_get(item, KEY_ID), *gone = json_object_get(item, KEY_DELETE);
    json_t *rest = json_copy((json_t *)item);
    json_own(cx->arena, rest);
    json_object_del(rest, KEY_ID);
    json_object_del(rest, KEY_DELETE);
    if (gone && !json_is_boolean(gone))
        return line_error(cx, "bad_value", KEY_DELETE,
                          text_in(cx, "record.line_delete", "must be true or false"));
    line->remove = json_is_true(gone);
    if (!id && line->remove)
        return line_error(cx, "required", KEY_ID,
                          text_in(cx, "record.line_without_id", "says which line goes"));
    if (id)
        TRY(load_line(cx, r, line, id));
    else
        line->record = record_new(cx, line->relation->child);
    if (line->remove)
        return ST_OK;
    line->record->in_parent = true;
    line->record->made = r->made;
    line->record->n_made = r->n_made;
    const char *parent = str_z(cx->arena, line->relation->field->name);
    if (json_object_get(rest, parent))
        return line_error(cx, "read_only", parent,
                          text_in(cx, "record.line_parent", "is the record that it stands in"));
    return record_set_json(cx, line->record, rest);
}

static bool is_twice(const Record *r, const RecordLine *line)
{
    for (size_t i = 0; i < r->n_lines; i++)
        if (line->record->id && r->lines[i].record->id == line->record->id)
            return true;
    return false;
}

static Status set_item(Ctx *cx, Record *r, const Relation *rel, const json_t *item, size_t at)
{
    RecordLine line = {.relation = rel, .at = at};
    size_t first = cx->err.fields.n;
    Status st =
        json_is_object(item)
            ? set_line(cx, r, &line, item)
            : line_error(cx, "bad_value", "", text_in(cx, "record.line_form", "must be an object"));
    if (st == ST_OK && is_twice(r, &line))
        st = line_error(cx, "duplicate", KEY_ID,
                        text_in(cx, "record.line_twice", "stands here twice"));
    name_errors(cx, &line, first);
    if (st == ST_OK)
        r->lines[r->n_lines++] = line;
    return st;
}

Status record_set_lines(Ctx *cx, Record *r, const Relation *rel, const json_t *list)
{
    size_t n = json_array_size(list);
    Status worst = ST_OK;
    if (!json_is_array(list) || r->n_lines + n > MAX_LINES) {
        FIELD_FAIL(cx, rel->name, json_is_array(list) ? "out_of_range" : "bad_value",
                   "record.lines_form", "must be a list of at most %d lines", MAX_LINES);
        return ST_INVALID;
    }
    if (!r->lines)
        r->lines = ARENA_ARRAY(cx->arena, RecordLine, MAX_LINES);
    for (size_t i = 0; i < n; i++) {
        Status st = set_item(cx, r, rel, json_array_get(list, i), i);
        if (st != ST_OK && st != ST_INVALID)
            return st;
        worst = st != ST_OK ? st : worst;
    }
    return worst;
}

/* ---- writing */
static Status last_position(Ctx *cx, const Record *r, const Relation *rel, int64_t *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    bool found = false;
    *ret = 0;
    if (!r->old)
        return ST_OK;
    sql_lit(&q, "SELECT MAX(");
    sql_column(&q, -1, rel->child->position, 0);
    sql_lit(&q, ") FROM ");
    sql_table(&q, rel->child);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, rel->field, 0);
    sql_lit(&q, " = ");
    sql_bind_int(&q, r->id);
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    TRY(db_next(s, &found));
    *ret = found && !db_col_null(s, 0) ? db_col_int(s, 0) : 0;
    return ST_OK;
}

/* A new line without position stands behind those there are. */
static Status give_position(Ctx *cx, const Record *r, size_t at)
{
    RecordLine *line = &r->lines[at];
    const Field *f = line->relation->child->position;
    int64_t last = 0;
    if (!f || line->record->old || record_touched(line->record, f))
        return ST_OK;
    TRY(last_position(cx, r, line->relation, &last));
    for (size_t i = 0; i < at; i++) {
        if (r->lines[i].relation != line->relation || r->lines[i].remove)
            continue;
        int64_t p = record_value_int(record_get(r->lines[i].record, f));
        last = p > last ? p : last;
    }
    record_set(line->record, f, (Value){.t = V_INT, .i = last + 1});
    return ST_OK;
}

Status record_prepare_lines(Ctx *cx, Plan *plan, Record *r)
{
    Status worst = ST_OK;
    for (size_t i = 0; i < r->n_lines; i++) {
        RecordLine *line = &r->lines[i];
        if (line->remove)
            continue;
        size_t first = cx->err.fields.n;
        if (!line->record->old)
            record_set(line->record, line->relation->field, (Value){.t = V_ID, .i = r->id});
        TRY(give_position(cx, r, i));
        Status st = record_prepare(cx, plan, line->record);
        name_errors(cx, line, first);
        if (st != ST_OK && st != ST_INVALID)
            return st;
        worst = st != ST_OK ? st : worst;
    }
    return worst;
}

Status record_write_lines(Ctx *cx, Plan *plan, Record *r)
{
    for (size_t i = 0; i < r->n_lines; i++) {
        RecordLine *line = &r->lines[i];
        if (line->remove)
            TRY(record_remove_line(cx, plan, line->record));
        else
            TRY(record_write_prepared(cx, plan, line->record));
    }
    return ST_OK;
}

void record_join_line(Ctx *cx, Record *r, const Relation *rel, Record *line, bool gone)
{
    if (!r->lines)
        r->lines = ARENA_ARRAY(cx->arena, RecordLine, MAX_LINES);
    assert(r->n_lines < MAX_LINES);
    r->lines[r->n_lines++] = (RecordLine){.relation = rel, .record = line, .remove = gone};
}

Status record_lines_now(Ctx *cx, const Record *r, const Relation *rel, const Value ***ret,
                        size_t *ret_n)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, RECORD_LINES_MAX);
    size_t n = 0, kept = 0;
    if (r->old)
        TRY(record_children(cx, rel->field, r->object, r->id, RECORD_LINES_MAX, ids, &n));
    *ret = ARENA_ARRAY(cx->arena, const Value *, n + r->n_lines + 1);
    for (size_t i = 0; i < n; i++) {
        Record *line = NULL;
        TRY(record_load_stored(cx, rel->child, ids[i], &line));
        if (!line)
            continue;
        ids[kept] = ids[i];
        (*ret)[kept++] = line->values;
    }
    record_overlay_lines(r, rel, ids, *ret, &kept);
    *ret_n = n == RECORD_LINES_MAX ? SIZE_MAX : kept;
    return ST_OK;
}

/* ---- what rules and rollups of the parent see: its lines as they will be */
static const RecordLine *line_of(const Record *r, const Relation *rel, Id id)
{
    for (size_t i = 0; i < r->n_lines; i++)
        if (r->lines[i].relation == rel && r->lines[i].record->id == id)
            return &r->lines[i];
    return NULL;
}

void record_overlay_lines(const Record *r, const Relation *rel, const Id *ids, const Value **rows,
                          size_t *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        const RecordLine *line = line_of(r, rel, ids[i]);
        if (!line)
            rows[kept++] = rows[i];
    }
    for (size_t i = 0; i < r->n_lines; i++)
        if (r->lines[i].relation == rel && !r->lines[i].remove)
            rows[kept++] = r->lines[i].record->values;
    *n = kept;
}
