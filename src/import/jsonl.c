/* SPDX-License-Identifier: Apache-2.0 */
/* Two passes over mapped bytes: names of columns, then rows. A line is parsed in an arena of its own. */
#include "import/jsonl.h"
#include "base/json.h"
#include "base/map.h"
#include "base/vec.h"
#include "import/csv.h"
#include <stdio.h>
#include <unistd.h>

#define LINE_ARENA ((size_t)64 * 1024)

typedef struct Columns {
    Map index; /* name → its place, as pointer into places */
    VEC(Str) names;
    Arena *arena;
} Columns;

typedef struct Member { /* one cell of a line */
    Str name;
    const json_t *value;
} Member;
typedef VEC(Member) Members;

bool jsonl_is(Str bytes)
{
    if (str_starts(bytes, STR("\xef\xbb\xbf")))
        bytes = str_sub(bytes, 3, bytes.n);
    bytes = str_trim(str_sub(bytes, 0, 4096));
    return bytes.n > 1 && bytes.p[0] == '{' && strchr("\"} \t\r\n", bytes.p[1]) != NULL;
}

/* ---- values */
/* A record, money, a file: one cell; an address or a place: a cell a member. */
static bool is_one(const json_t *v)
{
    static const char *const KEYS[] = {"id", "code", "title", "value"};
    for (size_t i = 0; i < COUNT_OF(KEYS); i++)
        if (json_object_get(v, KEYS[i]))
            return true;
    return !json_is_object(v) || !json_object_size(v);
}

static void members_of(Arena *a, Str prefix, const json_t *object, int depth, Members *out)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)object, key, v)
    {
        Str name = prefix.n ? str_format(a, STR_FMT ".%s", STR_ARG(prefix), key) : str_of(key);
        if (!is_one(v) && depth < 3)
            members_of(a, name, v, depth + 1, out);
        else
            VEC_PUSH(a, out, ((Member){.name = name, .value = v}));
    }
}

static void write_cell(Buf *b, const json_t *v);

static void write_object(Buf *b, const json_t *v)
{
    Str code = json_get_str(v, "code"), title = json_get_str(v, "title"),
        kind = json_get_str(v, "object"), currency = json_get_str(v, "currency");
    const json_t *value = json_object_get(v, "value");
    if (kind.n)
        buf_printf(b, STR_FMT ":", STR_ARG(kind));
    if (value) {
        write_cell(b, value);
        if (currency.n)
            buf_printf(b, " " STR_FMT, STR_ARG(currency));
    } else if (code.n || title.n) {
        buf_str_add(b, code.n ? code : title);
    } else {
        write_cell(b, json_object_get(v, "id"));
    }
}

static void write_cell(Buf *b, const json_t *v)
{
    if (json_is_string(v)) {
        buf_str_add(b, json_str(v));
    } else if (json_is_object(v) && json_object_size(v) && is_one(v)) {
        write_object(b, v);
    } else if (json_is_array(v)) {
        for (size_t i = 0; i < json_array_size(v); i++) {
            if (i)
                buf_char(b, ';');
            write_cell(b, json_array_get(v, i));
        }
    } else if (v && !json_is_null(v)) {
        json_write(b, v); /* numbers, true, false, and what no column takes apart */
    }
}

/* ---- lines */
static Status bad_line(Ctx *cx, int64_t line)
{
    error_clear(cx);
    return FAIL(cx, ST_INVALID, "import.bad_json_line",
                "line %lld is not one JSON object on one line", (long long)line);
}

static Status parse_line(Ctx *cx, Arena *a, Str line, int64_t number, json_t **ret)
{
    Arena *outer = cx->arena;
    cx->arena = a;
    Status st = line.n <= CSV_MAX_ROW_BYTES ? json_parse(cx, line, ret) : ST_MALFORMED;
    cx->arena = outer;
    return st == ST_OK && json_is_object(*ret) ? ST_OK : bad_line(cx, number);
}

static Status add_names(Ctx *cx, Columns *c, const Members *members)
{
    for (size_t i = 0; i < members->n; i++) {
        if (map_has(&c->index, members->v[i].name))
            continue;
        if (c->names.n == CSV_MAX_COLUMNS)
            return FAIL(cx, ST_INVALID, "import.too_many_columns", "there are more than %d columns",
                        CSV_MAX_COLUMNS);
        Str name = str_copy(c->arena, members->v[i].name);
        size_t *place = ARENA_NEW(c->arena, size_t);
        *place = c->names.n;
        VEC_PUSH(c->arena, &c->names, name);
        map_put(&c->index, name, place);
    }
    return ST_OK;
}

static Status put_row(Ctx *cx, FILE *out, Arena *a, const Str *cells, size_t n)
{
    Buf line = buf_in(a, (size_t)8 * CSV_MAX_ROW_BYTES);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_char(&line, ',');
        buf_csv(&line, cells[i]);
    }
    buf_char(&line, '\n');
    if (buf_overflowed(&line) || fwrite(line.p, line.n, 1, out) != 1)
        return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
    return ST_OK;
}

static Status write_row(Ctx *cx, const Columns *c, Arena *a, const Members *members, FILE *out)
{
    Str *cells = ARENA_ARRAY(a, Str, c->names.n + 1);
    for (size_t i = 0; i < members->n; i++) {
        const size_t *place = map_get(&c->index, members->v[i].name);
        Buf b = buf_in(a, CSV_MAX_ROW_BYTES);
        write_cell(&b, members->v[i].value);
        if (place)
            cells[*place] = buf_str(&b);
    }
    return put_row(cx, out, a, cells, c->names.n);
}

/* out NULL: only the names of columns. */
static Status pass(Ctx *cx, Columns *c, Str rest, int64_t head, FILE *out)
{
    CLEANUP(arena) Arena *a = arena_new(LINE_ARENA);
    Str line;
    int64_t rows = 0;
    for (int64_t number = 1; str_split(&rest, '\n', &line); number++) {
        json_t *object = NULL;
        Members members = {0};
        line = str_trim(line);
        if (!line.n)
            continue;
        if (out && head > 0 && rows++ >= head)
            break;
        TRY(parse_line(cx, a, line, number, &object));
        members_of(a, STR(""), object, 0, &members);
        TRY(out ? write_row(cx, c, a, &members, out) : add_names(cx, c, &members));
        arena_reset(a);
    }
    return ST_OK;
}

Status jsonl_write_csv(Ctx *cx, Str bytes, int64_t head, int fd)
{
    Columns c = {.index = map_in(cx->arena), .arena = cx->arena};
    if (str_starts(bytes, STR("\xef\xbb\xbf")))
        bytes = str_sub(bytes, 3, bytes.n);
    TRY(pass(cx, &c, bytes, 0, NULL));
    int own = dup(fd);
    FILE *out = own < 0 ? NULL : fdopen(own, "w");
    if (!out)
        return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
    Status st = put_row(cx, out, cx->arena, c.names.v, c.names.n);
    if (st == ST_OK)
        st = pass(cx, &c, bytes, head, out);
    if (fclose(out) != 0 && st == ST_OK)
        return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
    return st;
}
