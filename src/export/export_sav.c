/* SPDX-License-Identifier: Apache-2.0 */
/* SPSS: a column becomes a variable of its kind; choices are numbers with labels (or, as codes, strings
 * with labels), several choices a set of variables, money a number and its currency.
 *
 * The dictionary stands in front and says how wide strings are, which is known at the end: rows are
 * kept in a file aside (which has no name, so a killed server leaves none) and written from there. */
#include "base/decimal.h"
#include "base/utf8.h"
#include "export/export_internal.h"
#include "export/sav.h"
#include "export/sav_zip.h"
#include <errno.h>
#include <stdio.h>

#define MAX_SET 200   /* choices of a set; more of them are one text */
#define HIDDEN (-9.0) /* a choice that the reader may not see, or that is none any more */
#define BUFFER ((size_t)256 * 1024)
#define MAX_BUFFER ((size_t)64 * 1024 * 1024)

typedef enum SavKind { KIND_TEXT, KIND_NUMBER, KIND_CHOICE, KIND_SET, KIND_MONEY } SavKind;

typedef struct SavColumn {
    SavKind kind;
    size_t first; /* of its variables */
} SavColumn;

typedef struct SavState {
    SavColumn *columns;
    SavVariable *vars;
    size_t n_vars;
    SavSet *sets;
    size_t n_sets;
    FILE *rows, *file;
    Buf cell;
} SavState;

static Status failed(Export *x)
{
    return FAIL(x->cx, errno == ENOSPC || errno == EDQUOT ? ST_FULL : ST_INTERNAL, "export.file",
                "the file cannot be written");
}

/* ---- variables */
static SavKind kind_of(const Field *f)
{
    switch (field_type_of(field_result(f))->value) {
    case V_BOOL:
    case V_INT:
    case V_DECIMAL:
    case V_DATE:
    case V_TIME:
    case V_DURATION: return KIND_NUMBER;
    case V_MONEY: return KIND_MONEY;
    case V_TEXT: return f->choices && field_result(f) == F_CHOICE ? KIND_CHOICE : KIND_TEXT;
    case V_TEXTS: return f->choices && f->choices->n <= MAX_SET ? KIND_SET : KIND_TEXT;
    default: return KIND_TEXT;
    }
}

static size_t vars_of(const Field *f)
{
    SavKind kind = kind_of(f);
    return kind == KIND_SET ? f->choices->n : kind == KIND_MONEY ? 2 : 1;
}

static void yes_and_no(Export *x, SavVariable *v)
{
    SavLabel *labels = ARENA_ARRAY(x->cx->arena, SavLabel, 2);
    labels[0] = (SavLabel){.number = 0, .label = text_in(x->cx, "export.no", "No")};
    labels[1] = (SavLabel){.number = 1, .label = text_in(x->cx, "export.yes", "Yes")};
    v->labels = labels;
    v->n_labels = 2;
    v->measure = SAV_NOMINAL;
}

static void number_variable(Export *x, const Field *f, SavVariable *v)
{
    FieldKind kind = field_result(f);
    v->format = SAV_PLAIN;
    v->measure = kind == F_RATING ? SAV_ORDINAL : SAV_SCALE;
    switch (field_type_of(kind)->value) {
    case V_BOOL: yes_and_no(x, v); break;
    case V_DECIMAL:
    case V_MONEY: v->decimals = f->scale; break;
    case V_DATE: v->format = SAV_DAY; break;
    case V_TIME: v->format = SAV_INSTANT; break;
    case V_DURATION: v->format = SAV_SPAN; break;
    default: break;
    }
}

/* As labels: numbers by the place in the list, which a retired choice keeps. */
static void choice_variable(Export *x, const ChoiceList *list, SavVariable *v)
{
    bool codes = x->options.codes;
    SavLabel *labels = ARENA_ARRAY(x->cx->arena, SavLabel, list->n + 1);
    for (size_t i = 0; i < list->n; i++)
        labels[i] = (SavLabel){.number = (double)(i + 1),
                               .text = list->items[i].value,
                               .label = label_in(&list->items[i].label, x->cx->lang)};
    labels[list->n] = (SavLabel){
        .number = HIDDEN, .label = text_in(x->cx, "export.hidden", "Hidden or no choice any more")};
    v->labels = labels;
    v->n_labels = list->n + (codes ? 0 : 1);
    v->measure = SAV_NOMINAL;
    v->has_missing = !codes;
    v->missing = HIDDEN;
    v->format = codes ? SAV_TEXT : SAV_PLAIN;
    for (size_t i = 0; codes && i < list->n; i++)
        if ((int)list->items[i].value.n > v->width)
            v->width = (int)list->items[i].value.n;
}

static void set_variables(Export *x, SavState *s, const QueryColumn *c, Str label)
{
    const ChoiceList *list = c->field->choices;
    SavVariable *v = &s->vars[s->n_vars];
    for (size_t i = 0; i < list->n; i++) {
        v[i].name = str_format(x->cx->arena, STR_FMT "_" STR_FMT, STR_ARG(c->name),
                               STR_ARG(list->items[i].value));
        Str choice = label_in(&list->items[i].label, x->cx->lang);
        v[i].label =
            str_format(x->cx->arena, STR_FMT ": " STR_FMT, STR_ARG(label), STR_ARG(choice));
        v[i].format = SAV_PLAIN;
        yes_and_no(x, &v[i]);
    }
    if (list->n)
        s->sets[s->n_sets++] =
            (SavSet){.name = c->name, .label = label, .first = s->n_vars, .n = list->n};
}

static void column_variables(Export *x, SavState *s, size_t i)
{
    const QueryColumn *c = &x->columns[i];
    SavVariable *v = &s->vars[s->n_vars];
    SavKind kind = kind_of(c->field);
    Str label = export_cell_header(x, c);
    s->columns[i] = (SavColumn){.kind = kind, .first = s->n_vars};
    *v = (SavVariable){.name = c->name, .label = label};
    if (kind == KIND_SET)
        set_variables(x, s, c, label);
    else if (kind == KIND_CHOICE)
        choice_variable(x, c->field->choices, v);
    else if (kind == KIND_TEXT)
        *v = (SavVariable){.name = c->name,
                           .label = label,
                           .width = 1,
                           .format = SAV_TEXT,
                           .measure = SAV_NOMINAL};
    else
        number_variable(x, c->field, v);
    if (kind == KIND_MONEY)
        v[1] =
            (SavVariable){.name = str_format(x->cx->arena, STR_FMT "_currency", STR_ARG(c->name)),
                          .label = str_format(x->cx->arena, STR_FMT " (ISO 4217)", STR_ARG(label)),
                          .width = 3,
                          .format = SAV_TEXT,
                          .measure = SAV_NOMINAL};
    s->n_vars += vars_of(c->field);
}

static Status sav_open(Export *x, const char *path, void **ret)
{
    SavState *s = ARENA_NEW(x->cx->arena, SavState);
    size_t most = 1;
    for (size_t i = 0; i < x->n_columns; i++)
        most += vars_of(x->columns[i].field) + 1;
    *s = (SavState){.cell = buf_in(x->cx->arena, MAX_BUFFER),
                    .columns = ARENA_ARRAY(x->cx->arena, SavColumn, x->n_columns + 1),
                    .sets = ARENA_ARRAY(x->cx->arena, SavSet, x->n_columns + 1),
                    .vars = ARENA_ARRAY(x->cx->arena, SavVariable, most)};
    *ret = s;
    for (size_t i = 0; i < x->n_columns; i++)
        column_variables(x, s, i);
    s->rows = fopen(path, "w+e");
    if (!s->rows)
        return failed(x);
    remove(path);
    s->file = fopen(path, "we");
    return s->file ? ST_OK : failed(x);
}

/* ---- rows, kept aside */
static void keep_number(SavState *s, double v) { fwrite(&v, sizeof(v), 1, s->rows); }

static void keep_text(SavState *s, SavVariable *v, Str text)
{
    uint32_t n = (uint32_t)text.n;
    fwrite(&n, sizeof(n), 1, s->rows);
    if (n)
        fwrite(text.p, 1, n, s->rows);
    if (text.n > SAV_MAX_TEXT)
        v->width = SAV_MAX_TEXT;
    else if ((int)text.n > v->width)
        v->width = (int)text.n;
}

static double number_of(const Export *x, const Value *v)
{
    switch ((ValueType)v->t) {
    case V_BOOL: return v->b;
    case V_INT: return (double)v->i;
    case V_DECIMAL: return (double)v->i / (double)decimal_pow10(v->scale);
    case V_REAL: return v->r;
    case V_MONEY: return (double)v->money.value / (double)decimal_pow10(v->scale);
    case V_DATE: return (double)(v->i + SAV_EPOCH_DAYS) * 86400;
    case V_TIME:
        return (double)SAV_EPOCH_DAYS * 86400 +
               (double)(v->i + zone_offset(x->cx->zone, v->i)) / 1000;
    case V_DURATION: return (double)v->i / 1000;
    default: return SAV_MISSING;
    }
}

static void keep_choice(Export *x, SavState *s, SavVariable *var, const Field *f, const Value *v)
{
    const Choice *choice = v->t == V_TEXT ? map_get(&f->choices->by_value, v->s) : NULL;
    if (x->options.codes)
        keep_text(s, var, v->t == V_TEXT ? v->s : STR(""));
    else if (choice)
        keep_number(s, (double)(choice - f->choices->items + 1));
    else
        keep_number(s, v->t == V_NULL ? SAV_MISSING : HIDDEN);
}

static void keep_set(SavState *s, const Field *f, const Value *v)
{
    for (size_t i = 0; i < f->choices->n; i++) {
        double given = 0;
        for (size_t k = 0; v->t == V_TEXTS && k < v->texts.n; k++)
            if (str_eq(v->texts.p[k], f->choices->items[i].value))
                given = 1;
        keep_number(s, v->t == V_TEXTS ? given : SAV_MISSING);
    }
}

static void keep_value(Export *x, SavState *s, size_t i, const Value *v)
{
    const QueryColumn *c = &x->columns[i];
    SavVariable *var = &s->vars[s->columns[i].first];
    switch (s->columns[i].kind) {
    case KIND_NUMBER: keep_number(s, number_of(x, v)); return;
    case KIND_CHOICE: keep_choice(x, s, var, c->field, v); return;
    case KIND_SET: keep_set(s, c->field, v); return;
    case KIND_MONEY:
        keep_number(s, number_of(x, v));
        keep_text(s, &var[1], v->t == V_MONEY ? str_of(v->money.currency) : STR(""));
        return;
    case KIND_TEXT:
    default:
        buf_truncate(&s->cell, 0);
        export_cell_text(x, c, v, &s->cell);
        keep_text(s, var, buf_str(&s->cell));
        return;
    }
}

static Status sav_rows(Export *x, void *state, const Value *rows, size_t n)
{
    SavState *s = state;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < x->n_columns; k++)
            keep_value(x, s, k, &rows[i * x->n_columns + k]);
    if (buf_overflowed(&s->cell))
        return FAIL(x->cx, ST_TOO_LARGE, "export.row_too_large", "a row is too large");
    return ferror(s->rows) ? failed(x) : ST_OK;
}

/* ---- the file, out of them */
static bool write_text(Export *x, SavState *s, SavFile *f, const SavVariable *v)
{
    uint32_t n = 0;
    if (fread(&n, sizeof(n), 1, s->rows) != 1)
        return false;
    buf_truncate(&s->cell, 0);
    if (!buf_reserve(&s->cell, n) || fread(s->cell.p, 1, n, s->rows) != n)
        return false;
    s->cell.n = n;
    x->truncated += sav_text(f, v, buf_str(&s->cell));
    return true;
}

static bool write_case(Export *x, SavState *s, SavFile *f)
{
    double number;
    for (size_t i = 0; i < s->n_vars; i++) {
        if (s->vars[i].width) {
            if (!write_text(x, s, f, &s->vars[i]))
                return false;
            continue;
        }
        if (fread(&number, sizeof(number), 1, s->rows) != 1)
            return false;
        sav_number(f, number);
    }
    return true;
}

/* `zip`: NULL, or takes the cases. */
static bool drain(SavState *s, SavFile *f, SavZip *zip, bool last)
{
    size_t from = last ? 0 : BUFFER;
    if (zip)
        return !buf_overflowed(&f->out) && sav_zip_take(zip, &f->out, last);
    if (f->out.n <= from)
        return true;
    if (buf_overflowed(&f->out) || fwrite(f->out.p, 1, f->out.n, s->file) != f->out.n)
        return false;
    buf_truncate(&f->out, 0);
    return true;
}

static Status sav_finish(Export *x, void *state)
{
    SavState *s = state;
    Str by = export_watermark(x);
    SavFile f = {.arena = x->cx->arena,
                 .out = buf_in(x->cx->arena, MAX_BUFFER),
                 .vars = s->vars,
                 .n_vars = s->n_vars,
                 .sets = s->sets,
                 .n_sets = s->n_sets,
                 .cases = x->done,
                 .title = label_in(&x->object->label, x->cx->lang),
                 .notes = &by,
                 .n_notes = 1,
                 .zipped = x->options.format == EXPORT_ZSAV,
                 .made_ms = x->cx->now_ms + zone_offset(x->cx->zone, x->cx->now_ms)};
    bool ok = fflush(s->rows) == 0 && fseek(s->rows, 0, SEEK_SET) == 0;
    SavZip zip = {0}, *through = f.zipped ? &zip : NULL;
    sav_begin(&f);
    int64_t dictionary = (int64_t)f.out.n;
    if (through)
        ok = ok && drain(s, &f, NULL, true) &&
             sav_zip_begin(&zip, x->cx->arena, s->file, dictionary);
    for (int64_t i = 0; ok && i < x->done; i++)
        ok = write_case(x, s, &f) && drain(s, &f, through, false);
    sav_end(&f);
    ok = ok && drain(s, &f, through, true) && (!through || sav_zip_end(through)) &&
         fflush(s->file) == 0;
    return ok ? ST_OK : failed(x);
}

static void sav_done(void *state)
{
    SavState *s = state;
    if (s->rows)
        fclose(s->rows);
    if (s->file)
        fclose(s->file);
    s->rows = s->file = NULL;
}

const ExportWriter export_sav = {.begin = sav_open,
                                 .rows = sav_rows,
                                 .end = sav_finish,
                                 .close = sav_done,
                                 .ending = "sav",
                                 .type = "application/x-spss-sav"};

const ExportWriter export_zsav = {.begin = sav_open,
                                  .rows = sav_rows,
                                  .end = sav_finish,
                                  .close = sav_done,
                                  .ending = "zsav",
                                  .type = "application/x-spss-sav"};
