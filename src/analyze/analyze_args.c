/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --name value, --name=value, flags. Each is known to the method or common to all, and its
 * value is checked before any file is read. */
#include "analyze/analyze_internal.h"
#include "base/calendar.h"
#include "base/utf8.h"
#include <stdlib.h>

const AnalyzeOption analyze_common[] = {
    {"csv", OPTION_FILE, false, NULL, "CSV 文件（首行为列名；- 为标准输入；可为 .gz）",
     "CSV file with a header row (- is standard input, .gz is read)"},
    {"where", OPTION_TEXT, false, NULL, "行条件：列名与 row（从 0 起的行号）上的表达式",
     "expression over the columns and row (counted from 0)"},
    {"columns", OPTION_COLUMNS, false, NULL, "列，以逗号分隔", "columns, separated by commas"},
    {"weight", OPTION_COLUMN, false, NULL, "频数权重列", "column of frequency weights"},
    {"missing", OPTION_WORD, false, "listwise|pairwise", "缺失值处理",
     "what to do about missing values"},
    {"seed", OPTION_COUNT, false, NULL, "随机种子（默认 1）", "seed of random numbers (default 1)"},
    {"lang", OPTION_WORD, false, "zh-CN|en", "语言", "language"},
    {"json", OPTION_FLAG, false, NULL, "以 JSON 输出（完整精度）", "JSON with full precision"},
    {"threads", OPTION_COUNT, false, NULL, "线程数（默认 1；用于聚类的起始与轮廓系数）",
     "threads (default 1; used by starts of k-means and silhouettes)"},
    {"out", OPTION_FILE, false, NULL, "逐行结果写入此 CSV 文件", "per-row results as a CSV file"},
    {"encoding", OPTION_TEXT, false, NULL, "文件编码（默认自动识别）",
     "encoding of the file (recognised by default)"},
    {"help", OPTION_FLAG, false, NULL, "说明", "this text"},
};
const size_t analyze_common_count = COUNT_OF(analyze_common);

/* Options of a method's neighbours, so that one command line serves the family: read, checked, and without effect. */
static const struct {
    const char *methods; /* separated by blanks */
    AnalyzeOption option;
} IDLE[] = {
    {"cohort", {"bins", OPTION_COUNT, false, NULL, NULL, NULL}},
    {"cohort",
     {"convention", OPTION_WORD, false, "cutpoint|rank_first|spss_ntiles|nested", NULL, NULL}},
    {"bgnbd paretonbd gammagamma", {"discount", OPTION_NUMBER, false, NULL, NULL, NULL}},
    {"gammagamma", {"horizon", OPTION_NUMBER, false, NULL, NULL, NULL}},
    {"bgnbd paretonbd gammagamma", {"margin", OPTION_NUMBER, false, NULL, NULL, NULL}},
    {"itemsets", {"min-confidence", OPTION_NUMBER, false, NULL, NULL, NULL}},
    {"hierarchical som", {"starts", OPTION_COUNT, false, NULL, NULL, NULL}},
    {"reliability", {"factors", OPTION_TEXT, false, NULL, NULL, NULL}},
    {"reliability", {"rotate", OPTION_WORD, false, "varimax|none", NULL, NULL}},
};

static bool has_method(const char *methods, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = methods; (at = strstr(at, name)); at += n)
        if ((at == methods || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
            return true;
    return false;
}

const AnalyzeOption *analyze_idle(const AnalyzeMethod *m, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(IDLE); i++)
        if (!strcmp(IDLE[i].option.name, name) && has_method(IDLE[i].methods, m->name))
            return &IDLE[i].option;
    return NULL;
}

const AnalyzeOption *analyze_option(const AnalyzeMethod *m, const char *name)
{
    for (size_t i = 0; i < m->n_options; i++)
        if (!strcmp(m->options[i].name, name))
            return &m->options[i];
    for (size_t i = 0; i < analyze_common_count; i++)
        if (!strcmp(analyze_common[i].name, name))
            return &analyze_common[i];
    return analyze_idle(m, name);
}

const Arg *analyze_arg(const Args *a, const char *name)
{
    for (size_t i = 0; i < a->list.n; i++)
        if (str_is(a->list.v[i].name, name))
            return &a->list.v[i];
    return NULL;
}

void analyze_split(Arena *a, Str list, Str **ret, size_t *ret_n)
{
    VEC(Str) parts = {0};
    for (size_t i = 0; i < list.n || parts.n == 0; i++) {
        size_t from = i;
        bool is_quoted = i < list.n && list.p[i] == '"';
        for (i += is_quoted; i < list.n && (is_quoted || list.p[i] != ','); i++)
            if (is_quoted && list.p[i] == '"' && (i + 1 == list.n || list.p[i + 1] == ','))
                is_quoted = false;
        Str part = str_sub(list, from, i - from);
        if (part.n >= 2 && part.p[0] == '"' && part.p[part.n - 1] == '"')
            part = str_sub(part, 1, part.n - 2);
        VEC_PUSH(a, &parts, part);
    }
    *ret = parts.v;
    *ret_n = parts.n;
}

/* ---- values */
static bool has_word(const char *words, Str w)
{
    Str rest = str_of(words), word;
    while (str_split(&rest, '|', &word))
        if (str_eq(word, w))
            return true;
    return false;
}

static Status check_words(Ctx *cx, const AnalyzeOption *o, Str value)
{
    Str *parts = &value;
    size_t n = 1;
    if (o->kind == OPTION_WORDS)
        analyze_split(cx->arena, value, &parts, &n);
    for (size_t i = 0; i < n; i++)
        if (!has_word(o->words, parts[i]))
            return FAIL(cx, ST_MALFORMED, "analyze.bad_word", "--%s takes %s, not \"" STR_FMT "\"",
                        o->name, o->words, STR_ARG(parts[i]));
    return ST_OK;
}

static Status check_number(Ctx *cx, const AnalyzeOption *o, Str value)
{
    char *end;
    const char *z = str_z(cx->arena, value);
    double v = strtod(z, &end);
    bool is_count = o->kind == OPTION_COUNT;
    int64_t whole;
    if (*end || end == z || !isfinite(v) || (is_count && (!str_int(value, &whole) || whole < 0)))
        return FAIL(cx, ST_MALFORMED, "analyze.bad_number", "--%s: \"" STR_FMT "\" is not a number",
                    o->name, STR_ARG(value));
    return ST_OK;
}

static Status check_value(Ctx *cx, const AnalyzeOption *o, Str value)
{
    int64_t day;
    if (!utf8_valid(value, NULL) || value.n == 0)
        return FAIL(cx, ST_MALFORMED, "analyze.no_value", "--%s needs a value", o->name);
    switch (o->kind) {
    case OPTION_NUMBER:
    case OPTION_COUNT: return check_number(cx, o, value);
    case OPTION_WORD:
    case OPTION_WORDS: return check_words(cx, o, value);
    case OPTION_DATE:
        if (!calendar_parse_date(value, &day))
            return FAIL(cx, ST_MALFORMED, "analyze.bad_date",
                        "--%s: \"" STR_FMT "\" is not a date like 2026-03-01", o->name,
                        STR_ARG(value));
        return ST_OK;
    default: return ST_OK;
    }
}

static Status take(Ctx *cx, int argc, char **argv, int *i, Args *ret)
{
    const char *word = argv[*i];
    const char *equals = strchr(word, '=');
    if (strncmp(word, "--", 2) != 0)
        return FAIL(cx, ST_MALFORMED, "analyze.stray", "\"%s\" is not an option", word);
    Str name = str_n(word + 2, equals ? (size_t)(equals - word - 2) : strlen(word + 2));
    const AnalyzeOption *o = analyze_option(ret->method, str_z(cx->arena, name));
    if (!o)
        return FAIL(cx, ST_MALFORMED, "analyze.no_option", "%s has no option --" STR_FMT,
                    ret->method->name, STR_ARG(name));
    if (analyze_arg(ret, o->name))
        return FAIL(cx, ST_MALFORMED, "analyze.twice", "--%s is given twice", o->name);
    Arg arg = {.name = str_of(o->name)};
    if (o->kind != OPTION_FLAG) {
        bool has_next = !equals && *i + 1 < argc;
        arg.value = str_of(equals ? equals + 1 : has_next ? argv[*i + 1] : "");
        *i += has_next;
        TRY(check_value(cx, o, arg.value));
    }
    VEC_PUSH(cx->arena, &ret->list, arg);
    return ST_OK;
}

static Status check_required(Ctx *cx, const Args *a)
{
    for (size_t i = 0; i < a->method->n_options; i++) {
        const AnalyzeOption *o = &a->method->options[i];
        if (o->required && !analyze_arg(a, o->name))
            return FAIL(cx, ST_MALFORMED, "analyze.required", "%s needs --%s", a->method->name,
                        o->name);
    }
    if (!analyze_arg(a, "csv") && !(a->method->flags & METHOD_NO_CSV))
        return FAIL(cx, ST_MALFORMED, "analyze.required", "%s needs --%s", a->method->name, "csv");
    if (analyze_arg(a, "weight") && !(a->method->flags & METHOD_WEIGHT))
        return FAIL(cx, ST_MALFORMED, "analyze.no_weight", "%s does not weigh its rows",
                    a->method->name);
    const Arg *missing = analyze_arg(a, "missing");
    if (missing && str_is(missing->value, "pairwise") && !(a->method->flags & METHOD_PAIRWISE))
        return FAIL(cx, ST_MALFORMED, "analyze.no_pairwise",
                    "%s leaves out rows with a missing value; pairwise has no meaning",
                    a->method->name);
    return ST_OK;
}

Status analyze_args(Ctx *cx, int argc, char **argv, Args *ret)
{
    for (int i = 1; i < argc; i++)
        TRY(take(cx, argc, argv, &i, ret));
    return analyze_arg(ret, "help") ? ST_OK : check_required(cx, ret);
}
