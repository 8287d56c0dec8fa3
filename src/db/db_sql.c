/* SPDX-License-Identifier: Apache-2.0 */
/* One SQL text for both engines: expands {table}, ?n and $type. Quoted text and comments pass
 * untouched. Runs once per text and connection: the result is kept in the statement cache. */
#include "db/db_internal.h"

static const struct {
    const char *word, *sqlite, *postgres;
} SQL_WORDS[] = {
    {"int", "INTEGER", "bigint"},   {"text", "TEXT", "text COLLATE \"C\""},
    {"bool", "INTEGER", "boolean"}, {"real", "REAL", "double precision"},
    {"blob", "BLOB", "bytea"},      {"strict", "STRICT", ""},
};

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t word_end(Str s, size_t i)
{
    while (i < s.n && is_word_char(s.p[i]))
        i++;
    return i;
}

/* The index behind a quoted run or a comment that starts at i; i itself if there is none. */
static size_t skip_quoted(Str s, size_t i)
{
    char c = s.p[i];
    if (c == '\'' || c == '"') {
        for (i++; i < s.n && s.p[i] != c; i++)
            ;
        return i < s.n ? i + 1 : i;
    }
    if (c == '-' && i + 1 < s.n && s.p[i + 1] == '-') {
        while (i < s.n && s.p[i] != '\n')
            i++;
    }
    return i;
}

static bool expand_table(Buf *out, DbKind kind, Str schema, Str sql, size_t *i)
{
    size_t end = word_end(sql, *i + 1);
    if (end == *i + 1 || end >= sql.n || sql.p[end] != '}')
        return false;
    if (kind == DB_POSTGRES) {
        buf_char(out, '"');
        buf_str_add(out, schema);
        buf_lit(out, "\".");
    }
    buf_char(out, '"');
    buf_add(out, sql.p + *i + 1, end - *i - 1);
    buf_char(out, '"');
    *i = end + 1;
    return true;
}

static void expand_word(Buf *out, DbKind kind, Str sql, size_t *i)
{
    size_t end = word_end(sql, *i + 1);
    Str word = str_n(sql.p + *i + 1, end - *i - 1);
    for (size_t k = 0; k < COUNT_OF(SQL_WORDS); k++) {
        if (str_is(word, SQL_WORDS[k].word)) {
            buf_str_add(out,
                        str_of(kind == DB_SQLITE ? SQL_WORDS[k].sqlite : SQL_WORDS[k].postgres));
            *i = end;
            return;
        }
    }
    buf_char(out, '$');
    *i += 1;
}

static bool expand_param(Buf *out, DbKind kind, Str sql, size_t *i, int *max)
{
    size_t end = *i + 1;
    int number = 0;
    while (end < sql.n && sql.p[end] >= '0' && sql.p[end] <= '9' && number < 100000)
        number = number * 10 + (sql.p[end++] - '0');
    if (number < 1 || number > 32766)
        return false;
    if (number > *max)
        *max = number;
    buf_char(out, kind == DB_SQLITE ? '?' : '$');
    buf_int(out, number);
    *i = end;
    return true;
}

bool db_sql_expand(Buf *out, DbKind kind, Str schema, Str sql, int *ret_params)
{
    *ret_params = 0;
    for (size_t i = 0; i < sql.n;) {
        size_t after = skip_quoted(sql, i);
        if (after > i) {
            buf_add(out, sql.p + i, after - i);
            i = after;
        } else if (sql.p[i] == '{') {
            if (!expand_table(out, kind, schema, sql, &i))
                return false;
        } else if (sql.p[i] == '$') {
            expand_word(out, kind, sql, &i);
        } else if (sql.p[i] == '?') {
            if (!expand_param(out, kind, sql, &i, ret_params))
                return false;
        } else {
            buf_char(out, sql.p[i++]);
        }
    }
    return !buf_overflowed(out);
}
