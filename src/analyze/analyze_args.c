/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --name value, --name=value, flags. Each is known to the method or common to all, and its
 * value is checked before any file is read. */
#include "analyze/analyze_internal.h"
#include "analyze/split.h"
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
    {"missing-codes", OPTION_CODES, false, NULL,
     "视为缺失的取值：列,列=9,99;列=不知道（low..high 为区间，* 为所有列）",
     "values that mean missing: col,col=9,99;col=unknown (low..high is a range, * all columns)"},
    {"threads", OPTION_COUNT, false, NULL, "线程数（1 到 256，默认 1；不改变结果）",
     "threads (1 to 256, default 1; the result never depends on them)"},
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
        split_list(cx->arena, value, &parts, &n);
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
    FrameCodes *codes;
    size_t n;
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
    case OPTION_CODES: return frame_codes_parse(cx, value, &codes, &n);
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

static bool has_own(const AnalyzeMethod *m, const char *name)
{
    for (size_t i = 0; i < m->n_options; i++)
        if (!strcmp(m->options[i].name, name))
            return true;
    return false;
}

bool analyze_takes(const AnalyzeMethod *m, const char *name)
{
    static const struct {
        const char *name;
        unsigned flag;
    } NEEDS[] = {{"columns", METHOD_ALL_COLUMNS},
                 {"weight", METHOD_WEIGHT},
                 {"missing", METHOD_PAIRWISE},
                 {"threads", METHOD_THREADS},
                 {"out", METHOD_OUT}};
    for (size_t i = 0; i < COUNT_OF(NEEDS); i++)
        if (!strcmp(NEEDS[i].name, name))
            return (m->flags & NEEDS[i].flag) || has_own(m, name);
    return true;
}

/* Options of the rows of a file say nothing without one. */
static Status check_file(Ctx *cx, const Args *a)
{
    static const char *const OF_A_FILE[] = {"where",   "columns",       "weight",
                                            "missing", "missing-codes", "encoding"};
    enum { ENCODING = COUNT_OF(OF_A_FILE) - 1 }; /* a file of baskets has one too */
    if (analyze_arg(a, "csv"))
        return ST_OK;
    if (!(a->method->flags & METHOD_NO_CSV))
        return FAIL(cx, ST_MALFORMED, "analyze.required", "%s needs --%s", a->method->name, "csv");
    for (size_t i = 0; i < COUNT_OF(OF_A_FILE); i++)
        if (analyze_arg(a, OF_A_FILE[i]) && !(i == ENCODING && analyze_arg(a, "baskets")))
            return FAIL(cx, ST_MALFORMED, "analyze.option_needs",
                        "--%s has no meaning without --%s", OF_A_FILE[i], "csv");
    return ST_OK;
}

/* Common options that the method cannot follow are refused, not passed over; --threads alone is taken
 * everywhere, as one command line may serve many methods, and a note says where it changes nothing. */
static Status check_common(Ctx *cx, const Args *a)
{
    const AnalyzeMethod *m = a->method;
    const Arg *missing = analyze_arg(a, "missing"), *threads = analyze_arg(a, "threads");
    int64_t n = 1;
    if (threads && (!str_int(threads->value, &n) || n < 1 || n > 256))
        return FAIL(cx, ST_MALFORMED, "analyze.bad_threads", "--threads must be 1 to 256");
    if (analyze_arg(a, "weight") && !analyze_takes(m, "weight"))
        return FAIL(cx, ST_MALFORMED, "analyze.no_weight", "%s does not weigh its rows", m->name);
    if (missing && str_is(missing->value, "pairwise") && !analyze_takes(m, "missing"))
        return FAIL(cx, ST_MALFORMED, "analyze.no_pairwise",
                    "%s leaves out rows with a missing value; pairwise has no meaning", m->name);
    if (analyze_arg(a, "columns") && !analyze_takes(m, "columns"))
        return FAIL(cx, ST_MALFORMED, "analyze.no_columns",
                    "%s has no option --columns: its own options name the columns", m->name);
    if (analyze_arg(a, "out") && !analyze_takes(m, "out"))
        return FAIL(cx, ST_MALFORMED, "analyze.no_out", "%s has no result by row for --out",
                    m->name);
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
    TRY(check_file(cx, a));
    return check_common(cx, a);
}

Status analyze_args(Ctx *cx, int argc, char **argv, Args *ret)
{
    for (int i = 1; i < argc; i++)
        TRY(take(cx, argc, argv, &i, ret));
    return analyze_arg(ret, "help") ? ST_OK : check_required(cx, ret);
}
