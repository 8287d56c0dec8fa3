/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the reader of workbooks. */
#pragma once
#include "import/xlsx.h"
#include "import/xml.h"
#include <stdio.h>

typedef enum NumberKind {
    NUMBER_PLAIN,
    NUMBER_DATE,
    NUMBER_DATETIME,
    NUMBER_TIME,
    NUMBER_PERCENT
} NumberKind;

typedef struct XlsxSheet {
    Str name, relation, path;
    bool hidden;
} XlsxSheet;

struct Xlsx {
    Arena *arena;
    Zip zip;
    bool since_1904;
    VEC(XlsxSheet) sheets;
    Str strings_path, styles_path;
    /* xlsx_styles.c */
    uint8_t *styles; /* NumberKind by cell format */
    size_t n_styles;
    /* xlsx_strings.c: text of all strings, and where each begins */
    FILE *text_file, *index_file;
    Str text;
    const uint64_t *starts;
    uint64_t n_strings;
};

/* xlsx_strings.c */
Status xlsx_read_strings(Ctx *cx, Xlsx *x);
bool xlsx_string(const Xlsx *x, uint64_t i, Str *ret);
/* _x000D_ and the like, in place. */
Str xlsx_unescape(char *p, size_t n);

/* xlsx_styles.c */
Status xlsx_read_styles(Ctx *cx, Xlsx *x);
NumberKind xlsx_kind_of_format(Str code);
NumberKind xlsx_kind_of_builtin(int id);
/* A number of a cell as text. */
void xlsx_number(Buf *b, double v, NumberKind kind, bool since_1904);

/* xlsx_sheet.c */
Status xlsx_read_sheet(Ctx *cx, Xlsx *x, const ZipEntry *e, int64_t head, FILE *out);
