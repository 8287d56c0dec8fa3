/* SPDX-License-Identifier: Apache-2.0 */
/* Names of objects and fields: what a word is, and which words are taken. */
#include "meta/meta_build.h"

/* Of the expression language. */
static const char *const keywords[] = {"and",  "or",    "not",   "in",      "is",
                                       "null", "true",  "false", "between", "starts",
                                       "ends", "outer", NULL};
/* What every row has beside the declared fields. */
static const char *const platform[] = {"id",         "version",    "created_at",  "created_by",
                                       "updated_at", "updated_by", "external_id", "external_system",
                                       "changed",    "until",      "op",          NULL};
/* First parts of paths below /api/v1 (CONTRACT 2), and what would read like one. */
static const char *const paths[] = {"session", "me",    "meta",    "search",      "jobs",
                                    "events",  "batch", "batches", "files",       "changes",
                                    "openapi", "mcp",   "track",   "expressions", NULL};

static bool is_one_of(Str s, const char *const *words)
{
    for (; *words; words++) {
        if (str_is(s, *words))
            return true;
    }
    return false;
}

bool meta_name_is_word(Str s)
{
    if (!s.n || s.n > 40 || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 1; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

static Status check_word(MetaBuild *b, Str name, const char *part)
{
    if (meta_name_is_word(name))
        return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, part), "bad_name", "meta.bad_name",
                      "must match [a-z][a-z0-9_]{0,39}");
}

static Status taken(MetaBuild *b, const char *part, Str name)
{
    return FIELD_FAIL(b->cx, meta_path(b, part), "reserved", "meta.reserved_name",
                      "\"" STR_FMT "\" is reserved", STR_ARG(name));
}

Status meta_name_check_field(MetaBuild *b, Str name)
{
    TRY(check_word(b, name, "name"));
    if (is_one_of(name, keywords) || is_one_of(name, platform))
        return taken(b, "name", name);
    return ST_OK;
}

/* Tables of links are l_<number>, indexes u_… and i_<number>… */
static bool looks_like_ours(Str plural)
{
    if (str_starts(plural, STR("gx_")) || str_starts(plural, STR("sqlite_")) ||
        str_starts(plural, STR("pg_")) || str_ends(plural, STR("_h")) ||
        str_ends(plural, STR("_d")))
        return true;
    return plural.n > 2 && plural.p[1] == '_' && strchr("liu", plural.p[0]) && plural.p[2] >= '0' &&
           plural.p[2] <= '9';
}

Status meta_name_check_object(MetaBuild *b, Str name, Str plural)
{
    TRY(check_word(b, name, "object"));
    TRY(check_word(b, plural, "plural"));
    if (is_one_of(name, keywords))
        return taken(b, "object", name);
    bool own_routes = str_is(name, "file") && str_is(plural, "files");
    if ((is_one_of(plural, paths) && !own_routes) || looks_like_ours(plural))
        return taken(b, "plural", plural);
    if (meta_object(b->m, name))
        return FIELD_FAIL(b->cx, meta_path(b, "object"), "duplicate", "meta.object_exists",
                          "there is an object \"" STR_FMT "\" already", STR_ARG(name));
    if (meta_plural(b->m, plural))
        return FIELD_FAIL(b->cx, meta_path(b, "plural"), "duplicate", "meta.plural_exists",
                          "the plural \"" STR_FMT "\" is taken", STR_ARG(plural));
    return ST_OK;
}

Str meta_name_in_words(Arena *a, Str name)
{
    char *words = arena_dup(a, name.p, name.n);
    for (size_t i = 0; i < name.n; i++) {
        if (words[i] == '_')
            words[i] = ' ';
    }
    if (name.n && words[0] >= 'a' && words[0] <= 'z')
        words[0] = (char)(words[0] - 'a' + 'A');
    return str_n(words, name.n);
}
