/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks: any bytes give rows that CSV can be read from, or a refusal; and memory stays small. The
 * first byte chooses: the whole archive, or the text of one part of a sound one (stored, so that the fuzzer
 * sees through it). */
#include "import/csv.h"
#include "import/xlsx.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Archive {
    Buf bytes, directory;
    int n;
} Archive;

static void number(Buf *b, uint64_t v, int n)
{
    for (int i = 0; i < n; i++)
        buf_char(b, i < 8 ? (char)(v >> (8 * i)) : 0);
}

static void add(Archive *z, const char *name, Str text)
{
    uint64_t at = z->bytes.n, crc = crc32(0, (const Bytef *)text.p, (uInt)text.n);
    number(&z->bytes, 0x04034b50, 4);
    number(&z->bytes, 20, 10); /* version, flags, method, time */
    number(&z->bytes, crc, 4);
    number(&z->bytes, text.n, 4);
    number(&z->bytes, text.n, 4);
    number(&z->bytes, strlen(name), 4);
    buf_str_add(&z->bytes, str_of(name));
    buf_str_add(&z->bytes, text);
    number(&z->directory, 0x02014b50, 4);
    number(&z->directory, 20, 12);
    number(&z->directory, crc, 4);
    number(&z->directory, text.n, 4);
    number(&z->directory, text.n, 4);
    number(&z->directory, strlen(name), 14);
    number(&z->directory, at, 4);
    buf_str_add(&z->directory, str_of(name));
    z->n++;
}

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

static Str archive(Arena *a, int part, Str text)
{
    static const struct {
        const char *name, *text;
    } PARTS[] = {
        {"xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c t=\"s\" s=\"1\"><v>0</v></c>"
                                     "</row></sheetData></worksheet>"},
        {"xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>"},
        {"xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>"
                          "</styleSheet>"},
        {"xl/workbook.xml",
         "<workbook><sheets><sheet name=\"a\" r:id=\"r1\" xmlns:r=\"r\"/></sheets>"
         "</workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"r1\" Type=\"" OFFICE "worksheet\" "
         "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"" OFFICE
         "sharedStrings\" "
         "Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"" OFFICE "styles\" "
         "Target=\"styles.xml\"/></Relationships>"},
        {"_rels/.rels", "<Relationships><Relationship Id=\"r1\" Type=\"" OFFICE
                        "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
    };
    Archive z = {.bytes = buf_in(a, 4 << 20), .directory = buf_in(a, 1 << 16)};
    for (int i = 0; i < (int)COUNT_OF(PARTS); i++)
        add(&z, PARTS[i].name, i == part % (int)COUNT_OF(PARTS) ? text : str_of(PARTS[i].text));
    uint64_t at = z.bytes.n;
    buf_str_add(&z.bytes, buf_str(&z.directory));
    number(&z.bytes, 0x06054b50, 8);
    number(&z.bytes, (uint64_t)z.n, 2);
    number(&z.bytes, (uint64_t)z.n, 2);
    number(&z.bytes, z.directory.n, 4);
    number(&z.bytes, at, 4);
    number(&z.bytes, 0, 2);
    return buf_str(&z.bytes);
}

static void read_back(Ctx *cx, int fd)
{
    CsvReader *r = NULL;
    off_t size = lseek(fd, 0, SEEK_END);
    char *text = arena_alloc(cx->arena, (size_t)size + 1);
    if (pread(fd, text, (size_t)size, 0) != size ||
        csv_open_text(cx, str_n(text, (size_t)size), STR("UTF-8"), &r) != ST_OK)
        abort();
    for (bool found = true; found;) {
        CsvRow row;
        if (csv_next(cx, r, cx->arena, &row, &found) != ST_OK)
            abort(); /* what is written as CSV is within the limits of CSV */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new(4096);
    Ctx cx = {.arena = arena, .lang = LANG_ZH};
    Str bytes = size ? str_n((const char *)data + 1, size - 1) : STR(""), name;
    FILE *out = tmpfile();
    Xlsx *x = NULL;
    if (size && data[0] % 8 < 7)
        bytes = archive(arena, data[0] % 8, bytes);
    if (out && xlsx_open(&cx, bytes, &x) == ST_OK &&
        xlsx_write_csv(&cx, x, STR(""), 0, fileno(out), &name) == ST_OK)
        read_back(&cx, fileno(out));
    if (out)
        fclose(out);
    arena_free(arena);
    return 0;
}
