/* SPDX-License-Identifier: Apache-2.0 */
/* One row: cells → values → record → plan. Everything wrong with the row is told at once; what is
 * wrong with it never stops the others. */
#include "import/similar.h"
#include "meta/field/field.h"

/* ---- cells */
static Str map_value(const ImportColumn *c, Str text)
{
    const json_t *to = json_object_getn(c->values, text.p, text.n);
    if (!to)
        return text;
    return json_is_string(to) ? str_trim(json_str(to)) : STR("");
}

/* The apostrophe that an export puts before what a spreadsheet would take for a formula. */
static Str without_guard(Str text)
{
    size_t i = 0;
    while (i < text.n && text.p[i] == '\'')
        i++;
    return i > 0 && i < text.n && strchr("=+-@\t\r", text.p[i]) ? str_sub(text, 1, text.n) : text;
}

Str row_text(const ImportColumn *c, const ImportRow *row)
{
    Str text = c->index < row->csv.n ? str_trim(row->csv.cells[c->index]) : STR("");
    text = without_guard(text);
    return c->values && text.n ? map_value(c, text) : text;
}

Id row_parent(const ImportColumn *c, const Record *r)
{
    const Value *v = c->sibling ? record_get(r, c->sibling) : NULL;
    return v && v->t == V_ID ? v->i : 0;
}

/* "{product|slug}-{id}" with the texts of the row. */
static Str fill_template(Ctx *cx, const Import *im, const ImportRow *row, Str template)
{
    Buf out = buf_in(cx->arena, CSV_MAX_ROW_BYTES);
    for (size_t i = 0; i < template.n; i++) {
        Str rest = str_sub(template, i + 1, template.n);
        size_t close = str_find_char(rest, '}');
        if (template.p[i] != '{' || close == SIZE_MAX) {
            buf_char(&out, template.p[i]);
            continue;
        }
        Str name = str_sub(rest, 0, close), filter = name;
        str_split(&filter, '|', &name);
        Str text = STR("");
        for (size_t k = 0; k < im->n_headers && k < row->csv.n; k++)
            if (str_eq(im->headers[k], name))
                text = str_trim(row->csv.cells[k]);
        buf_str_add(&out, str_is(filter, "slug") ? import_slug(cx->arena, text) : text);
        i += close + 1;
    }
    return str_trim(buf_str(&out));
}

/* A street of two lines, as other systems keep it, is one line here. */
static Str one_line(Ctx *cx, Str text)
{
    Str line = str_copy(cx->arena, text);
    char *p = (char *)line.p;
    size_t n = 0;
    for (size_t i = 0; i < line.n; i++) {
        bool end = p[i] == '\n' || p[i] == '\r';
        if (!end || n == 0 || p[n - 1] != ' ')
            p[n++] = end ? ' ' : p[i];
    }
    return str_n(p, n);
}

/* ---- parts of one value in several columns: address.province, address.city; place.lat, place.lng */
static Status set_address(Ctx *cx, const Import *im, const ImportRow *row, const Field *f,
                          Record *r)
{
    const Value *now = record_get(r, f);
    Str *parts = ARENA_ARRAY(cx->arena, Str, ADDRESS_PARTS);
    bool any = false;
    if (now->t == V_ADDRESS)
        memcpy(parts, now->address, sizeof(Str) * ADDRESS_PARTS);
    for (size_t i = 0; i < im->n_columns; i++) {
        Str text = im->columns[i].field->part_of == f ? row_text(&im->columns[i], row) : STR("");
        if (!text.n)
            continue;
        parts[im->columns[i].field->part] = one_line(cx, text);
        any = true;
    }
    Value v;
    if (!any)
        return ST_OK;
    TRY(field_address_value(cx, f, parts, &v));
    record_set(r, f, v);
    return ST_OK;
}

static Status set_place(Ctx *cx, const Import *im, const ImportRow *row, const Field *f, Record *r)
{
    Str parts[2] = {STR(""), STR("")};
    for (size_t i = 0; i < im->n_columns; i++)
        if (im->columns[i].field->part_of == f)
            parts[im->columns[i].field->part] = row_text(&im->columns[i], row);
    Value v;
    if (!parts[0].n && !parts[1].n)
        return ST_OK;
    Str text = str_format(cx->arena, STR_FMT "," STR_FMT, STR_ARG(parts[0]), STR_ARG(parts[1]));
    TRY(f->type->parse_text(cx, f, text, &im->form, &v));
    record_set(r, f, v);
    return ST_OK;
}

/* By the first column that names a part of a field; the others are read along. */
static Status set_parts(Ctx *cx, const Import *im, const ImportRow *row, size_t column, Record *r)
{
    const Field *f = im->columns[column].field->part_of;
    for (size_t i = 0; i < column; i++)
        if (im->columns[i].field->part_of == f)
            return ST_OK;
    return f->kind == F_ADDRESS ? set_address(cx, im, row, f, r) : set_place(cx, im, row, f, r);
}

/* ---- fields */
/* What spreadsheets write where a formula fails. */
static bool is_formula_error(Str text)
{
    static const char *const NAMES[] = {"#N/A",   "#REF!",  "#VALUE!", "#DIV/0!",
                                        "#NAME?", "#NULL!", "#NUM!"};
    for (size_t i = 0; text.p[0] == '#' && i < COUNT_OF(NAMES); i++)
        if (str_is(text, NAMES[i]))
            return true;
    return false;
}

static Status set_column(Ctx *cx, Chunk *chunk, const ImportColumn *c, const ImportRow *row,
                         Record *r)
{
    Str text = row_text(c, row);
    Value v = VALUE_NULL;
    if (!text.n)
        return ST_OK; /* an empty cell says nothing */
    if (refs_take(c->field))
        return refs_set(cx, chunk, c, text, r, row->csv.number);
    if (is_formula_error(text))
        return FIELD_FAIL(cx, c->field->name, "formula_error", "import.formula_error",
                          "the formula of this cell has no result (" STR_FMT ")", STR_ARG(text));
    TRY(c->field->type->parse_text(cx, c->field, text, &chunk->import->form, &v));
    record_set(r, c->field, v);
    return ST_OK;
}

static Status set_value(Ctx *cx, Import *im, const ImportSet *s, const ImportRow *row, Record *r)
{
    Value v = s->value;
    if (s->only_new && r->version)
        return ST_OK;
    if (s->template.n) {
        Str text = fill_template(cx, im, row, s->template);
        if (!text.n)
            return ST_OK;
        TRY(refs_text(cx, im, s->field, text, &v));
    }
    record_set(r, s->field, v);
    return ST_OK;
}

/* ST_INVALID goes on: all that is wrong is told. */
#define KEEP_GOING(expr)                                                                           \
    do {                                                                                           \
        Status st_ = (expr);                                                                       \
        if (st_ != ST_OK && st_ != ST_INVALID)                                                     \
            return st_;                                                                            \
    } while (0)

static Status fill(Ctx *cx, Chunk *chunk, const ImportRow *row, Record *r)
{
    Import *im = chunk->import;
    for (size_t i = 0; i < im->n_sets; i++)
        KEEP_GOING(set_value(cx, im, &im->sets[i], row, r));
    for (int late = 0; late < 2; late++)
        for (size_t i = 0; i < im->n_columns; i++)
            if ((im->columns[i].sibling != NULL) == late && im->columns[i].field->part_of)
                KEEP_GOING(set_parts(cx, im, row, i, r));
            else if ((im->columns[i].sibling != NULL) == late)
                KEEP_GOING(set_column(cx, chunk, &im->columns[i], row, r));
    return error_has_fields(cx) ? ST_INVALID : ST_OK;
}

/* ---- issues */
static Str column_of(const Import *im, Str field)
{
    Str rest = field, name = field;
    str_split(&rest, '.', &name);
    const Field *f = object_field(im->object, name);
    const Field *part = f && rest.n ? field_named_part(f, rest) : NULL;
    const ImportColumn *c = f ? import_column_of(im, part ? part : f) : NULL;
    return c ? c->header : field;
}

void row_issues_of_error(Ctx *cx, const Import *im, Arena *a, Issues *issues)
{
    const Error *e = &cx->err;
    for (size_t i = 0; i < e->fields.n; i++) {
        const FieldError *f = &e->fields.v[i];
        Issue issue = {.column = str_copy(a, column_of(im, f->field)),
                       .code = f->code,
                       .message = str_copy(a, f->message),
                       .suggestion = str_copy(a, f->suggestion)};
        VEC_PUSH(a, issues, issue);
    }
    if (!e->fields.n) {
        Issue issue = {.column = STR(""),
                       .code = e->code ? e->code : status_code(e->status),
                       .message = str_copy(a, e->text)};
        VEC_PUSH(a, issues, issue);
    }
}

static void add_issue(Ctx *cx, Issues *issues, Str column, const char *code, Str message,
                      bool warning)
{
    Issue issue = {.column = column, .code = code, .message = message, .warning = warning};
    VEC_PUSH(cx->arena, issues, issue);
}

static bool is_late_here(const Chunk *chunk, const Field *f, int64_t row)
{
    for (size_t i = 0; i < chunk->late.n; i++)
        if (chunk->late.v[i].row == row &&
            chunk->import->columns[chunk->late.v[i].column].field == f)
            return true;
    return false;
}

static bool is_recommended(const Import *im, const Field *f)
{
    for (size_t i = 0; i < im->n_recommended; i++)
        if (im->recommended[i] == f)
            return true;
    return false;
}

/* What people would have to fill in, or should, is told; the row is kept. */
static Status warn(Ctx *cx, const Chunk *chunk, const ImportRow *row, Record *r, Issues *issues)
{
    const Import *im = chunk->import;
    for (size_t i = 0; i < im->object->n_fields; i++) {
        const Field *f = im->object->fields[i];
        bool told = is_recommended(im, f);
        if (!value_is_null(record_get(r, f)) || is_late_here(chunk, f, row->csv.number))
            continue;
        if (!told)
            TRY(record_requires(cx, r, f, &told));
        if (told)
            add_issue(cx, issues, column_of(im, f->name), "missing",
                      text_in(cx, "import.missing", STR_FMT " is empty",
                              STR_ARG(label_in(&f->label, cx->lang))),
                      true);
    }
    return ST_OK;
}

/* ---- the row */
static Outcome refuse(Ctx *cx, const Chunk *chunk, Issues *issues)
{
    row_issues_of_error(cx, chunk->import, cx->arena, issues);
    error_clear(cx);
    return ROW_FAILED;
}

/* What one row may fail with; anything else concerns the whole import. */
static bool is_rows_own(Status st)
{
    return st == ST_INVALID || st == ST_CONFLICT || st == ST_DENIED || st == ST_NOT_FOUND ||
           st == ST_MALFORMED || st == ST_TOO_LARGE;
}

static Status make_record(Ctx *cx, Chunk *chunk, const ImportRow *row, Id existing, Record **ret)
{
    if (existing)
        TRY(record_load(cx, chunk->import->object, existing, ret));
    else
        *ret = record_new(cx, chunk->import->object);
    (*ret)->import = true;
    return fill(cx, chunk, row, *ret);
}

/* The record that the row looks like gets its values. Two rows to one record: the later one must see the earlier. */
static Status turn_into(Ctx *cx, Chunk *chunk, const ImportRow *row, Id id, Record **ret)
{
    Str key = str_format(cx->arena, "id %lld", (long long)id);
    if (map_has(&chunk->keys, key) && !chunk->import->dry_run) {
        chunk->split = true;
        return FAIL(cx, ST_CONFLICT, "import.split", "the row is refused");
    }
    map_put(&chunk->keys, key, chunk);
    return make_record(cx, chunk, row, id, ret);
}

/* *ret stays NULL if the row is passed over. */
static Status write_record(Ctx *cx, Chunk *chunk, ImportRow *row, Plan *plan, Record **ret,
                           Issues *issues)
{
    Record *r = NULL;
    SimilarRow similar;
    size_t late = chunk->late.n;
    TRY(make_record(cx, chunk, row, row->existing, &r));
    TRY(similar_ask(cx, chunk, r, issues, &similar));
    row->is_similar = similar.found;
    if (similar.what == SIMILAR_ROW_SKIP || similar.what == SIMILAR_ROW_FAIL)
        return ST_OK;
    if (similar.what == SIMILAR_ROW_UPDATE && !similar.row) {
        chunk->late.n = late;
        TRY(turn_into(cx, chunk, row, similar.like, &r));
    }
    size_t before = plan_size(plan);
    Status st = record_write(cx, plan, r);
    if (st != ST_OK && is_rows_own(st) && plan_size(plan) != before)
        chunk->split = true;
    *ret = r;
    TRY(st);
    row->is_merged = similar.what == SIMILAR_ROW_UPDATE && similar.row;
    similar_queue(cx, plan, r, &similar);
    return similar_note(cx, chunk->import, r, row->csv.number, &similar);
}

static Outcome passed_over(Chunk *chunk, size_t late)
{
    chunk->late.n = late;
    return chunk->import->similar == SIMILAR_SKIP ? ROW_SKIPPED : ROW_FAILED;
}

/* Rows that are decided before a record is made; true if so. */
static bool decided(Ctx *cx, const Chunk *chunk, const ImportRow *row, Outcome *ret, Issues *issues)
{
    const Import *im = chunk->import;
    *ret = ROW_FAILED;
    for (size_t i = 0; i < row->forced.n; i++)
        VEC_PUSH(cx->arena, issues, row->forced.v[i]);
    if (row->forced.n)
        return true;
    if (row->csv.bad_text) {
        add_issue(cx, issues, STR(""), "bad_encoding",
                  text_in(cx, "import.bad_text", "the row holds bytes that are not text"), false);
        return true;
    }
    if (row->csv.n > im->n_headers) {
        add_issue(cx, issues, STR(""), "too_many_cells",
                  text_in(cx, "import.too_many_cells", "the row has more cells than the header"),
                  false);
        return true;
    }
    if (row->many) {
        add_issue(cx, issues, row->duplicate_of, "ambiguous",
                  text_in(cx, "import.many", "several records have this key"), false);
        return true;
    }
    if (!row->existing && im->mode == IMPORT_UPDATE) {
        add_issue(cx, issues, column_of(im, im->keys[0]->name), "no_match",
                  text_in(cx, "import.nothing_to_update", "there is no record with this key"),
                  false);
        return true;
    }
    bool duplicate = row->existing && row->duplicate_of.n;
    if (duplicate && im->duplicates == DUP_SKIP)
        *ret = ROW_SKIPPED;
    else if (duplicate && im->duplicates == DUP_REPORT)
        add_issue(cx, issues, row->duplicate_of, "duplicate",
                  text_in(cx, "import.duplicate", "there is a record with this value already"),
                  false);
    return duplicate && im->duplicates != DUP_UPDATE;
}

Status row_apply(Ctx *cx, Chunk *chunk, size_t i, Plan *plan, Outcome *ret, Issues *issues)
{
    ImportRow *row = &chunk->rows[i];
    Record *r = NULL;
    size_t late = chunk->late.n;
    row->is_similar = row->is_merged = false;
    if (decided(cx, chunk, row, ret, issues))
        return ST_OK;
    Status st = write_record(cx, chunk, row, plan, &r, issues);
    if (st != ST_OK) {
        chunk->late.n = late;
        if (!is_rows_own(st) || (chunk->split && !chunk->alone))
            return st;
        if (chunk->split)
            return FAIL(cx, ST_CONFLICT, "import.split", "the row is refused");
        *ret = refuse(cx, chunk, issues);
        return ST_OK;
    }
    if (!r) {
        *ret = passed_over(chunk, late);
        return ST_OK;
    }
    for (size_t k = late; k < chunk->late.n; k++)
        chunk->late.v[k].record = r->id;
    chunk->records[i] = r;
    *ret = r->fresh && !row->is_merged ? ROW_CREATED : ROW_UPDATED;
    return warn(cx, chunk, row, r, issues);
}
