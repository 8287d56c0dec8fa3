/* SPDX-License-Identifier: Apache-2.0 */
/* Shared strings: their text one behind the other in one temporary file, where each begins in another;
 * both are mapped, so the system pages them as it likes. Rich text is its runs joined; readings
 * (phonetic runs) are left out. */
#include "import/csv.h"
#include "import/xlsx_internal.h"
#include <sys/mman.h>

typedef struct Strings {
    Xlsx *book;
    Buf current;
    uint64_t at;
    bool in_text;
    int phonetic;
} Strings;

static Status unwritable(Ctx *cx)
{
    return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code of "_xHHHH_" at p, or -1. */
static int escape_at(const char *p, size_t n)
{
    int code = 0;
    if (n < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex(p[i]);
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return code;
}

Str xlsx_unescape(char *p, size_t n)
{
    size_t out = 0;
    for (size_t i = 0; i < n; i++) {
        int code = escape_at(p + i, n - i);
        if (code == '_' || code == '\t' || code == '\n' || code == '\r') {
            p[out++] = (char)code;
            i += 6;
        } else if (code >= 0 && code < 0x20) {
            i += 6; /* a control byte is no text */
        } else {
            p[out++] = p[i];
        }
    }
    return str_n(p, out);
}

static Status start(Ctx *cx UNUSED, void *arg, const char *name, const char **attributes UNUSED)
{
    Strings *s = arg;
    if (!strcmp(name, "si"))
        buf_truncate(&s->current, 0);
    s->phonetic += !strcmp(name, "rPh");
    s->in_text = !strcmp(name, "t") && !s->phonetic;
    return ST_OK;
}

static Status put(Ctx *cx, Strings *s)
{
    Xlsx *x = s->book;
    if (buf_overflowed(&s->current))
        return FAIL(cx, ST_TOO_LARGE, "import.cell_too_long", "a cell is longer than 1 MB");
    if (++x->n_strings > XLSX_MAX_STRINGS)
        return FAIL(cx, ST_TOO_LARGE, "import.too_many_strings",
                    "the workbook has more than %llu texts", (unsigned long long)XLSX_MAX_STRINGS);
    Str text = s->current.n ? xlsx_unescape(s->current.p, s->current.n) : STR("");
    if (fwrite(&s->at, sizeof(s->at), 1, x->index_file) != 1 ||
        (text.n && fwrite(text.p, text.n, 1, x->text_file) != 1))
        return unwritable(cx);
    s->at += text.n;
    return ST_OK;
}

static Status end(Ctx *cx, void *arg, const char *name)
{
    Strings *s = arg;
    s->in_text = false;
    s->phonetic -= !strcmp(name, "rPh");
    return strcmp(name, "si") ? ST_OK : put(cx, s);
}

static Status text(Ctx *cx UNUSED, void *arg, Str piece)
{
    Strings *s = arg;
    if (s->in_text)
        buf_str_add(&s->current, piece);
    return ST_OK;
}

static void close_files(void *arg)
{
    Xlsx *x = arg;
    if (x->text.n)
        munmap((void *)x->text.p, x->text.n);
    if (x->starts)
        munmap((void *)x->starts, (x->n_strings + 1) * sizeof(uint64_t));
    if (x->text_file)
        fclose(x->text_file);
    if (x->index_file)
        fclose(x->index_file);
    x->text_file = x->index_file = NULL;
    x->text = STR_NULL;
    x->starts = NULL;
}

static void *map(FILE *file, size_t n)
{
    void *p = n ? mmap(NULL, n, PROT_READ, MAP_PRIVATE, fileno(file), 0) : NULL;
    return p == MAP_FAILED ? NULL : p;
}

static Status map_files(Ctx *cx, Xlsx *x, uint64_t bytes)
{
    if (fwrite(&bytes, sizeof(bytes), 1, x->index_file) != 1 || fflush(x->index_file) != 0 ||
        fflush(x->text_file) != 0)
        return unwritable(cx);
    x->starts = map(x->index_file, (x->n_strings + 1) * sizeof(uint64_t));
    const char *p = map(x->text_file, bytes);
    if (!x->starts || (bytes && !p))
        return unwritable(cx);
    x->text = str_n(p, bytes);
    return ST_OK;
}

Status xlsx_read_strings(Ctx *cx, Xlsx *x)
{
    static const XmlHandler HANDLER = {.start = start, .end = end, .text = text};
    Strings s = {.book = x, .current = buf_in(cx->arena, CSV_MAX_ROW_BYTES)};
    const ZipEntry *e = x->strings_path.n ? zip_find(&x->zip, x->strings_path) : NULL;
    if (!e || x->starts)
        return ST_OK;
    arena_on_free(cx->arena, close_files, x);
    x->text_file = tmpfile();
    x->index_file = tmpfile();
    if (!x->text_file || !x->index_file)
        return unwritable(cx);
    TRY(xml_read(cx, &x->zip, e, &HANDLER, &s));
    return map_files(cx, x, s.at);
}

bool xlsx_string(const Xlsx *x, uint64_t i, Str *ret)
{
    if (i >= x->n_strings || !x->starts)
        return false;
    *ret = x->text.n ? str_n(x->text.p + x->starts[i], x->starts[i + 1] - x->starts[i]) : STR("");
    return true;
}
