/* SPDX-License-Identifier: Apache-2.0 */
/* The list of methods and the help of each, from their tables. */
#include "analyze/analyze_internal.h"

const AnalyzeMethod *analyze_method(Str name)
{
    for (size_t i = 0; analyze_methods[i]; i++)
        if (str_is(name, analyze_methods[i]->name))
            return analyze_methods[i];
    return NULL;
}

static const char *text(const Ctx *cx, const char *zh, const char *en)
{
    return cx->lang == LANG_ZH ? zh : en;
}

static const char *argument(const AnalyzeOption *o)
{
    switch (o->kind) {
    case OPTION_COLUMN: return " COL";
    case OPTION_COLUMNS: return " A,B…";
    case OPTION_NUMBER: return " X";
    case OPTION_COUNT: return " N";
    case OPTION_DATE: return " DATE";
    case OPTION_FILE: return " FILE";
    case OPTION_TEST: return " EXPR";
    case OPTION_TEXT: return " TEXT";
    case OPTION_CODES: return " COL=V,V";
    case OPTION_WORD:
    case OPTION_WORDS:
    case OPTION_FLAG: break;
    }
    return "";
}

static void option_help(const Ctx *cx, const AnalyzeOption *o, FILE *out)
{
    fprintf(out, "  --%s%s%s%s%s\n      %s\n", o->name, o->words ? " " : "",
            o->words ? o->words : "", argument(o),
            o->required ? text(cx, "  （必需）", "  (required)") : "", text(cx, o->zh, o->en));
}

static void list_methods(const Ctx *cx, FILE *out)
{
    fputs(text(cx, "guanxi analyze 方法 --csv 文件 [选项]\n",
               "guanxi analyze METHOD --csv FILE [options]\n"),
          out);
    for (size_t i = 0; analyze_methods[i]; i++)
        fprintf(out, "  %-14s %s\n", analyze_methods[i]->name,
                text(cx, analyze_methods[i]->zh, analyze_methods[i]->en));
    fputs(text(cx, "guanxi analyze 方法 --help 列出该方法的选项。\n",
               "guanxi analyze METHOD --help lists the options of a method.\n"),
          out);
}

static bool is_own(const AnalyzeMethod *m, const char *name)
{
    for (size_t i = 0; i < m->n_options; i++)
        if (!strcmp(m->options[i].name, name))
            return true;
    return false;
}

void analyze_help(const Ctx *cx, const AnalyzeMethod *m, FILE *out)
{
    if (!m) {
        list_methods(cx, out);
        return;
    }
    fprintf(out, "guanxi analyze %s: %s\n", m->name, text(cx, m->zh, m->en));
    for (size_t i = 0; i < m->n_options; i++)
        option_help(cx, &m->options[i], out);
    for (size_t i = 0; i < analyze_common_count; i++)
        if (!is_own(m, analyze_common[i].name) && analyze_takes(m, analyze_common[i].name))
            option_help(cx, &analyze_common[i], out);
}
