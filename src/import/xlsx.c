/* SPDX-License-Identifier: Apache-2.0 */
/* Where things are in a workbook: the package's relations name the workbook, the workbook's relations its
 * sheets, strings and styles. Writers put them under any name. */
#include "import/xlsx.h"
#include "import/xlsx_internal.h"
#include <unistd.h>

bool xlsx_is(Str bytes) { return zip_is(bytes); }

bool xlsx_is_old(Str bytes)
{
    return str_starts(bytes, str_n("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8));
}

static Status no_end(Ctx *cx UNUSED, void *arg UNUSED, const char *name UNUSED) { return ST_OK; }

/* ---- relations */
typedef struct Relation {
    Str id, type, target;
} Relation;

typedef struct Relations {
    VEC(Relation) list;
} Relations;

static Status relation_start(Ctx *cx, void *arg, const char *name, const char **attributes)
{
    Relations *r = arg;
    if (strcmp(name, "Relationship") != 0)
        return ST_OK;
    if (r->list.n >= ZIP_MAX_ENTRIES)
        return FAIL(cx, ST_TOO_LARGE, "import.zip_entries", "the workbook has more than %d parts",
                    ZIP_MAX_ENTRIES);
    Relation relation = {.id = str_copy(cx->arena, xml_attribute(attributes, "Id")),
                         .type = str_copy(cx->arena, xml_attribute(attributes, "Type")),
                         .target = str_copy(cx->arena, xml_attribute(attributes, "Target"))};
    VEC_PUSH(cx->arena, &r->list, relation);
    return ST_OK;
}

static Str directory_of(Str path)
{
    while (path.n && path.p[path.n - 1] != '/')
        path.n--;
    return path;
}

/* "/xl/a.xml" is absolute, everything else lies beside the part that names it. */
static Str target_path(Arena *a, Str part, Str target)
{
    Str dir = directory_of(part);
    if (str_starts(target, STR("/")))
        return str_sub(target, 1, target.n);
    while (str_starts(target, STR("./")))
        target = str_sub(target, 2, target.n);
    while (str_starts(target, STR("../")) && dir.n) {
        target = str_sub(target, 3, target.n);
        dir = directory_of(str_sub(dir, 0, dir.n - 1));
    }
    return str_format(a, STR_FMT STR_FMT, STR_ARG(dir), STR_ARG(target));
}

static Status read_relations(Ctx *cx, const Xlsx *x, Str part, Relations *ret)
{
    static const XmlHandler HANDLER = {.start = relation_start, .end = no_end};
    Str dir = directory_of(part), base = str_sub(part, dir.n, part.n);
    Str path = str_format(cx->arena, STR_FMT "_rels/" STR_FMT ".rels", STR_ARG(dir), STR_ARG(base));
    const ZipEntry *e = zip_find(&x->zip, path);
    *ret = (Relations){0};
    return e ? xml_read(cx, &x->zip, e, &HANDLER, ret) : ST_OK;
}

static Str related(Ctx *cx, const Relations *r, Str part, Str type)
{
    for (size_t i = 0; i < r->list.n; i++)
        if (str_ends(r->list.v[i].type, type))
            return target_path(cx->arena, part, r->list.v[i].target);
    return STR_NULL;
}

/* ---- the workbook */
static bool is_true(Str s) { return str_is(s, "1") || str_is(s, "true"); }

static Status workbook_start(Ctx *cx, void *arg, const char *name, const char **attributes)
{
    Xlsx *x = arg;
    if (!strcmp(name, "workbookPr"))
        x->since_1904 = is_true(xml_attribute(attributes, "date1904"));
    if (strcmp(name, "sheet") != 0)
        return ST_OK;
    if (x->sheets.n >= XLSX_MAX_SHEETS)
        return FAIL(cx, ST_TOO_LARGE, "import.sheets", "the workbook has more than %d sheets",
                    XLSX_MAX_SHEETS);
    Str state = xml_attribute(attributes, "state");
    XlsxSheet sheet = {.name = str_copy(x->arena, xml_attribute(attributes, "name")),
                       .relation = str_copy(x->arena, xml_attribute(attributes, "id")),
                       .hidden = state.n && !str_is(state, "visible")};
    VEC_PUSH(x->arena, &x->sheets, sheet);
    return ST_OK;
}

static void place_sheets(Ctx *cx, Xlsx *x, const Relations *r, Str part)
{
    for (size_t i = 0; i < x->sheets.n; i++)
        for (size_t k = 0; k < r->list.n; k++)
            if (str_eq(r->list.v[k].id, x->sheets.v[i].relation) &&
                str_ends(r->list.v[k].type, STR("/worksheet")))
                x->sheets.v[i].path = target_path(cx->arena, part, r->list.v[k].target);
}

static Status not_a_workbook(Ctx *cx)
{
    return FAIL(cx, ST_INVALID, "import.no_workbook", "the file is no workbook of tables (.xlsx)");
}

Status xlsx_open(Ctx *cx, Str bytes, Xlsx **ret)
{
    static const XmlHandler HANDLER = {.start = workbook_start, .end = no_end};
    Xlsx *x = ARENA_NEW(cx->arena, Xlsx);
    Relations package, parts;
    x->arena = cx->arena;
    TRY(zip_open(cx, bytes, ZIP_MAX_ENTRIES, &x->zip));
    TRY(read_relations(cx, x, STR(""), &package));
    Str path = related(cx, &package, STR(""), STR("/officeDocument"));
    const ZipEntry *workbook = zip_find(&x->zip, path.n ? path : STR("xl/workbook.xml"));
    if (!workbook)
        return not_a_workbook(cx);
    TRY(xml_read(cx, &x->zip, workbook, &HANDLER, x));
    TRY(read_relations(cx, x, path, &parts));
    place_sheets(cx, x, &parts, path);
    x->strings_path = related(cx, &parts, path, STR("/sharedStrings"));
    x->styles_path = related(cx, &parts, path, STR("/styles"));
    size_t n = 0;
    for (size_t i = 0; i < x->sheets.n; i++) /* charts have sheets of their own */
        if (x->sheets.v[i].path.n)
            x->sheets.v[n++] = x->sheets.v[i];
    x->sheets.n = n;
    if (!n)
        return not_a_workbook(cx);
    *ret = x;
    return ST_OK;
}

size_t xlsx_n_sheets(const Xlsx *x) { return x->sheets.n; }

Str xlsx_sheet(const Xlsx *x, size_t i) { return x->sheets.v[i].name; }

/* ---- one sheet */
static Status choose(Ctx *cx, const Xlsx *x, Str name, const XlsxSheet **ret)
{
    size_t i = 0;
    while (i < x->sheets.n &&
           !(name.n ? str_eq(x->sheets.v[i].name, name) : !x->sheets.v[i].hidden))
        i++;
    *ret = &x->sheets.v[i < x->sheets.n ? i : 0];
    if (name.n && i == x->sheets.n)
        return FIELD_FAIL(cx, STR("sheet"), "bad_value", "import.no_sheet",
                          "the workbook has no sheet \"" STR_FMT "\"", STR_ARG(name));
    return ST_OK;
}

Status xlsx_write_csv(Ctx *cx, Xlsx *x, Str name, int64_t head, int fd, Str *ret_name)
{
    const XlsxSheet *sheet = &x->sheets.v[0];
    TRY(choose(cx, x, name, &sheet));
    *ret_name = sheet->name;
    const ZipEntry *e = zip_find(&x->zip, sheet->path);
    if (!e)
        return not_a_workbook(cx);
    TRY(xlsx_read_styles(cx, x));
    TRY(xlsx_read_strings(cx, x));
    int own = dup(fd);
    FILE *out = own < 0 ? NULL : fdopen(own, "w");
    if (!out)
        return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
    Status st = xlsx_read_sheet(cx, x, e, head, out);
    bool bad = ferror(out) != 0;
    if ((fclose(out) != 0 || bad) && st == ST_OK)
        return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
    return st;
}
