/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of an item: which columns a row has and how each becomes JSON.
 *
 * JSON is written straight from the columns into the answer; nothing is allocated per cell. Titles
 * of links come by joins; those of many-to-many links and links to any object, and what is told of files, by
 * one statement per object after the page, spliced in where shape_row left a mark (splice.c). */
#include "meta/meta_secret.h"
#include "query/title_store.h"

#define SHAPE_MAX_FIELDS 800

static int shape_take(Shape *s, const Field *f, int alias, int parts)
{
    int first = s->columns;
    for (int i = 0; i < parts; i++) {
        if (s->columns++ > 0)
            sql_lit(&s->select, ", ");
        sql_column(&s->select, alias, f, i);
    }
    return first;
}

int shape_column(Shape *s, const Sql *expression)
{
    if (s->columns > 0)
        sql_lit(&s->select, ", ");
    sql_append(&s->select, expression);
    return s->columns++;
}

static Str shape_key(Ctx *cx, Str name, bool first)
{
    Buf key = {.arena = cx->arena, .cap = name.n + 4, .max = 1000};
    if (key.cap < key.max) /* one piece, unless there is something to escape */
        key.p = arena_alloc(cx->arena, key.cap + 1);
    else
        key.cap = 0;
    if (!first)
        buf_char(&key, ',');
    buf_json_str(&key, name);
    buf_char(&key, ':');
    return buf_str(&key);
}

static Status shape_add_formula(Base *b, Shape *s, ShapeField *f)
{
    DbType type;
    Sql value = sql_fragment(&b->sql);
    f->form = SHAPE_FORMULA;
    TRY(path_sql(b->cx, &b->scope, &f->path, PATH_VALUE, &value, &type));
    f->col = shape_column(s, &value);
    return ST_OK;
}

static Status shape_join_title(Base *b, Shape *s, ShapeField *f)
{
    const Object *to = f->field->to;
    int joined;
    TRY(scope_join(&b->scope, f->path.alias, f->field, &joined));
    if (title_english(b->cx, to)) {
        Sql title = sql_fragment(&b->sql);
        title_select(b->cx, to, joined, &title);
        f->title_col = shape_column(s, &title);
    } else if (to->title != to->id) {
        f->title_col = shape_take(s, to->title, joined, 1);
    }
    if (to->code && path_visible(b->cx, to->code))
        f->code_col = shape_take(s, to->code, joined, 1);
    return ST_OK;
}

/* Columns of the field itself; what is told of the records it leads to comes after the page. */
static void shape_add_later(Shape *s, ShapeField *f, ShapeForm form)
{
    f->form = form;
    f->col = shape_take(s, f->field, f->path.alias, f->field->n_columns);
    s->has_links = true;
}

static ShapeForm shape_later_form(const Field *f)
{
    if (field_is_file(f))
        return f->multiple ? SHAPE_FILES : SHAPE_FILE;
    return f->kind == F_LINKS ? SHAPE_LINKS : SHAPE_ANY;
}

/* A record of the past is a row of two tables, which a join would have to gather first; by their
 * ids the few of a page are found at once. What is kept in memory needs no join. */
static Status shape_add_link(Base *b, Shape *s, ShapeField *f, bool with_title)
{
    f->form = SHAPE_LINK;
    f->title_col = f->code_col = -1;
    f->col = shape_take(s, f->field, f->path.alias, 1);
    if (!with_title)
        return ST_OK;
    if (b->cx->as_of || title_is_kept(b->cx, f->field->to)) {
        f->spliced = s->has_links = true;
        return ST_OK;
    }
    return shape_join_title(b, s, f);
}

static Status shape_add(Base *b, Shape *s, ShapeField *f, bool with_title)
{
    const Field *field = f->path.field;
    if (b->cx->as_of && field->object->history) /* in the type that it had then */
        field = field_column_at(field, b->cx->as_of);
    f->field = field;
    if (field_is_computed(field))
        return shape_add_formula(b, s, f);
    if (field->kind == F_LINK)
        return shape_add_link(b, s, f, with_title && b->scope.joins.n < QUERY_MAX_JOINS);
    if (field->kind == F_LINKS || field->kind == F_ANY_LINK || field_is_file(field)) {
        shape_add_later(s, f, shape_later_form(field));
        return ST_OK;
    }
    f->form = SHAPE_VALUE;
    f->masked = path_masked(b->cx, field);
    if (field->kind == F_SECRET && b->cx->access && b->cx->access->secrets(b->cx, field)) {
        f->form = SHAPE_SECRET;
        f->title_col = shape_take(s, field->object->id, f->path.alias, 1);
    }
    f->col = shape_take(s, field, f->path.alias, field->type->reads ? field->type->reads : 1);
    return ST_OK;
}

static bool shape_shows(const Ctx *cx, const Field *f)
{
    return (f->n_columns > 0 || field_is_computed(f)) &&
           (path_visible(cx, f) || path_masked(cx, f));
}

static size_t shape_count(Str names)
{
    size_t n = names.n > 0;
    for (size_t i = 0; i < names.n; i++)
        n += names.p[i] == ',';
    return n;
}

static Status shape_all(Base *b, Shape *s)
{
    const Object *o = b->o;
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!shape_shows(b->cx, o->fields[i]))
            continue;
        ShapeField *f = &s->fields[s->n_fields];
        f->path = (Path){.field = o->fields[i], .alias = b->scope.alias};
        f->key = shape_key(b->cx, o->fields[i]->name, s->n_fields++ == 0);
        TRY(shape_add(b, s, f, true));
    }
    return ST_OK;
}

static bool shape_has(const Shape *s, Str key)
{
    for (size_t i = 0; i < s->n_fields; i++)
        if (str_eq(s->fields[i].key, key))
            return true;
    return false;
}

static Status shape_named(Base *b, Shape *s, Str name)
{
    Ctx *cx = b->cx;
    Str key = shape_key(cx, name, s->n_fields == 0);
    if (shape_has(s, key) || (s->n_fields > 0 && str_is(name, "id")))
        return ST_OK;
    if (s->n_fields == SHAPE_MAX_FIELDS || b->scope.joins.n > QUERY_MAX_JOINS)
        return path_bad(
            cx, "fields",
            FAIL(cx, ST_MALFORMED, "query.too_many_fields", "too many fields or links at once"));
    ShapeField *f = &s->fields[s->n_fields++];
    f->key = key;
    TRY(path_resolve(cx, &b->scope, name, "fields", &f->path));
    return shape_add(b, s, f, true);
}

static Status shape_some(Base *b, Shape *s, Str fields)
{
    Str rest = fields, name;
    TRY(shape_named(b, s, STR("id"))); /* whatever is asked for: a client opens and edits by them */
    TRY(shape_named(b, s, STR("version")));
    while (str_split(&rest, ',', &name)) {
        name = str_trim(name);
        if (name.n > 0)
            TRY(shape_named(b, s, name));
    }
    return ST_OK;
}

/* The linked record's own fields, inside its link; links of these as ids only (one level). */
static Status shape_expand_link(Base *b, Shape *s, ShapeField *link)
{
    const Object *to = link->field->to;
    int alias;
    if (link->spliced) { /* its text is written in one piece, so the title must be at hand */
        link->spliced = false;
        TRY(shape_join_title(b, s, link));
    }
    TRY(scope_join(&b->scope, link->path.alias, link->field, &alias));
    link->inner = ARENA_ARRAY(b->cx->arena, ShapeField, to->n_fields);
    for (size_t i = 0; i < to->n_fields; i++) {
        const Field *f = to->fields[i];
        if (f == to->id || f == to->code || field_has_ids(f) || !shape_shows(b->cx, f))
            continue;
        ShapeField *in = &link->inner[link->n_inner++];
        in->path = (Path){.field = f, .alias = alias, .hops = 1};
        in->key = shape_key(b->cx, f->name, false);
        TRY(shape_add(b, s, in, false));
    }
    return ST_OK;
}

static Status shape_expand(Base *b, Shape *s, Str expand)
{
    Ctx *cx = b->cx;
    Str rest = expand, name;
    size_t n = 0;
    while (str_split(&rest, ',', &name)) {
        name = str_trim(name);
        if (name.n == 0)
            continue;
        const Field *f = object_field(b->o, name);
        if (!f || !path_visible(cx, f))
            return path_unknown(cx, b->o, name, "expand");
        if (f->kind != F_LINK || ++n > QUERY_MAX_EXPAND)
            return path_bad(cx, "expand",
                            FAIL(cx, ST_MALFORMED, "query.expand",
                                 "expand takes at most %d links, not " STR_FMT, QUERY_MAX_EXPAND,
                                 STR_ARG(name)));
        Str key = shape_key(cx, name, false);
        if (!shape_has(s, key))
            TRY(shape_named(b, s, name));
        for (size_t i = 0; i < s->n_fields; i++)
            if (str_eq(s->fields[i].key, key) && !s->fields[i].inner &&
                s->fields[i].form == SHAPE_LINK)
                TRY(shape_expand_link(b, s, &s->fields[i]));
    }
    return ST_OK;
}

Status shape_build(Base *b, Str fields, Str expand, Shape *ret)
{
    size_t own = fields.n > 0 ? shape_count(fields) + 2 : b->o->n_fields;
    *ret = (Shape){.cx = b->cx, .select = sql_fragment(&b->sql)};
    ret->fields = ARENA_ARRAY(b->cx->arena, ShapeField, own + shape_count(expand));
    if (fields.n > 0)
        TRY(shape_some(b, ret, fields));
    else
        TRY(shape_all(b, ret));
    return shape_expand(b, ret, expand); /* may add links that were not asked for by name */
}

/* ---- writing a row */

static void shape_write_formula(Shape *s, const Field *f, const Stmt *q, int col, Buf *out)
{
    Value v;
    formula_load(s->cx, f, q, col, &v);
    if (value_is_null(&v))
        buf_lit(out, "null");
    else
        f->type->json(out, f, &v);
}

static void shape_write_later(Shape *s, const ShapeField *f, const Stmt *q, Buf *out)
{
    Value v;
    const Field *field = f->field;
    bool many = f->form == SHAPE_LINKS || f->form == SHAPE_FILES, files = field_is_file(field);
    field->type->load(s->cx->arena, field, q, f->col, &v);
    const Object *to = v.t == V_REF ? meta_object(s->cx->meta, v.ref.object) : NULL;
    if (to && s->cx->access && !s->cx->access->object(s->cx, to))
        buf_lit(out, "null"); /* nobody learns that there is such a record */
    else if (v.t == V_REF)
        splice_mark(s, to, false, true, v.ref.id, out);
    else if (v.t == V_ID)
        splice_mark(s, field->to, files, false, v.i, out);
    else if (!many)
        buf_lit(out, "null");
    if (!many)
        return;
    buf_char(out, '[');
    for (size_t i = 0; v.t == V_IDS && i < v.ids.n; i++) {
        if (i > 0)
            buf_char(out, ',');
        splice_mark(s, field->to, files, false, v.ids.p[i], out);
    }
    buf_char(out, ']');
}

static void shape_write_field(Shape *s, const ShapeField *f, const Stmt *q, Buf *out);

static void shape_write_link(Shape *s, const ShapeField *f, const Stmt *q, Buf *out)
{
    const Object *to = f->field->to;
    buf_lit(out, "{\"id\":");
    buf_json_id(out, db_col_id(q, f->col));
    if (f->title_col >= 0) {
        buf_lit(out, ",\"title\":");
        title_write(s->cx, to, q, f->title_col, out);
    }
    if (f->code_col >= 0) {
        buf_lit(out, ",\"code\":");
        if (db_col_null(q, f->code_col))
            buf_lit(out, "null");
        else
            buf_json_str(out, db_col_text(q, f->code_col));
    }
    for (size_t i = 0; i < f->n_inner; i++)
        shape_write_field(s, &f->inner[i], q, out);
    buf_char(out, '}');
}

static void shape_write_field(Shape *s, const ShapeField *f, const Stmt *q, Buf *out)
{
    buf_str_add(out, f->key);
    if (f->form >= SHAPE_LINKS) {
        shape_write_later(s, f, q, out);
    } else if (field_is_set(f->field) && db_col_null(q, f->col)) {
        buf_lit(out, "[]");
    } else if (f->field->type->reads <= 1 && db_col_null(q, f->col)) {
        buf_lit(out, "null");
    } else if (f->spliced) {
        splice_mark(s, f->field->to, false, false, db_col_id(q, f->col), out);
    } else if (f->form == SHAPE_LINK) {
        shape_write_link(s, f, q, out);
    } else if (f->form == SHAPE_FORMULA) {
        shape_write_formula(s, f->field, q, f->col, out);
    } else {
        Value v;
        f->field->type->load(s->cx->arena, f->field, q, f->col, &v);
        Str plain;
        if (value_is_null(&v))
            buf_lit(out, "null");
        else if (f->masked)
            buf_json_str(out, query_mask(s->cx, f->field, &v));
        else if (f->form == SHAPE_SECRET &&
                 meta_secret_plain(s->cx, f->field, db_col_id(q, f->title_col), &v, &plain))
            buf_json_str(out, plain);
        else
            f->field->type->json(out, f->field, &v);
    }
}

void shape_row(Shape *s, const Stmt *q, Buf *out)
{
    buf_char(out, '{');
    for (size_t i = 0; i < s->n_fields; i++)
        shape_write_field(s, &s->fields[i], q, out);
    buf_char(out, '}');
}
