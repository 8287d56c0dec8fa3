/* SPDX-License-Identifier: Apache-2.0 */
/* frequencies: how often each value of a column occurs. */
#include "analyze/method.h"
#include "base/utf8.h"
#include <assert.h>

#define LONGEST_READ 120 /* bytes of a value in the sentence */

static const AnalyzeOption OPTIONS[] = {
    {"columns", OPTION_COLUMNS, false, NULL, "列（默认全部）", "columns (default: all)"},
    {"most", OPTION_COUNT, false, NULL, "每列最多列出的不同值个数（默认 1000）",
     "most distinct values listed per column (default 1000)"},
};
static const ViewColumn VIEW[] = {
    {"count", "频率", "Frequency", CELL_COUNT},
    {"percent", "百分比", "Percent", CELL_PERCENT},
    {"valid_percent", "有效百分比", "Valid Percent", CELL_PERCENT},
    {"cumulative_percent", "累积百分比", "Cumulative Percent", CELL_PERCENT},
};

static const ViewColumn STATISTICS[] = {
    {"n", "有效", "N Valid", CELL_COUNT},
    {"missing", "缺失", "N Missing", CELL_COUNT},
    {"distinct", "不同取值", "Distinct values", CELL_COUNT},
    {"mode", "众数", "Mode", CELL_AUTO},
};

typedef struct Counting {
    Analysis *an;
    Groups g;
    double *counts, *by_code, valid, missing;
} Counting;

static Status count(Counting *c, Series *s)
{
    Analysis *an = c->an;
    const double *w = analysis_weights(an);
    c->valid = c->missing = 0;
    TRY(frame_groups(an->cx, an->frame, s, &c->g));
    c->counts = ARENA_ARRAY(an->cx->arena, double, c->g.n);
    c->by_code = ARENA_ARRAY(an->cx->arena, double, s->n_codes + 1);
    for (size_t i = 0; i < an->frame->n; i++) {
        double weight = w ? w[i] : 1;
        if (c->g.of[i] >= 0)
            c->counts[c->g.of[i]] += weight;
        if (c->g.of[i] < 0)
            c->by_code[s->coded ? s->coded[i] : 0] += weight;
        *(c->g.of[i] < 0 ? &c->missing : &c->valid) += weight;
    }
    return ST_OK;
}

static void put_share(Counting *c, View *v, json_t *o, const char *label, double count)
{
    result_put(o, "count", count);
    result_put(o, "percent", count / (c->valid + c->missing));
    if (count == c->valid)
        result_put(o, "valid_percent", 1);
    if (label)
        result_row(v, str_of(label), o);
}

/* As SPSS lists them: each code for missing, then what is blank. */
static void put_missing(Counting *c, const Series *s, View *v, json_t *to)
{
    bool zh = c->an->cx->lang == LANG_ZH;
    json_t *list = s->n_codes ? result_array(to, "missing_codes") : NULL;
    put_share(c, v, result_object(to, "missing_row"), NULL, c->missing);
    for (size_t i = 0; i < s->n_codes; i++) {
        Str label = str_format(c->an->cx->arena, zh ? STR_FMT "（缺失）" : STR_FMT " (missing)",
                               STR_ARG(s->codes[i].text));
        json_t *o = result_item(list);
        result_put_text(o, "code", s->codes[i].text);
        put_share(c, v, o, c->by_code[i + 1] > 0 ? str_z(c->an->cx->arena, label) : NULL,
                  c->by_code[i + 1]);
    }
    if (c->by_code[0] > 0)
        put_share(c, v, result_object(to, "blank_row"), zh ? "空白（缺失）" : "Blank (missing)",
                  c->by_code[0]);
}

static size_t most_frequent(const Counting *c)
{
    size_t best = 0;
    for (size_t i = 1; i < c->g.n; i++)
        best = c->counts[i] > c->counts[best] ? i : best;
    return best;
}

static void put(Counting *c, Series *s, size_t most, json_t *to)
{
    Result *r = c->an->result;
    bool zh = c->an->cx->lang == LANG_ZH;
    double all = c->valid + c->missing, sum = 0;
    View *v = result_view(r, "", "", VIEW, COUNT_OF(VIEW));
    result_view_title(v, s->name);
    result_put(to, "n", c->valid);
    result_put(to, "missing", c->missing);
    result_put(to, "distinct", (double)c->g.n);
    result_put_text(to, "mode", c->g.labels[most_frequent(c)]);
    json_t *list = result_array(to, "values");
    for (size_t i = 0; i < c->g.n && i < most; i++) {
        json_t *o = result_item(list);
        sum += c->counts[i];
        if (c->g.value && s->kind == COLUMN_NUMBER)
            result_put(o, "value", c->g.value[i]);
        else
            result_put_text(o, "value", c->g.labels[i]);
        result_put(o, "count", c->counts[i]);
        result_put(o, "percent", c->counts[i] / all);
        result_put(o, "valid_percent", c->counts[i] / c->valid);
        result_put(o, "cumulative_percent", sum / c->valid);
        result_row(v, c->g.labels[i], o);
    }
    if (c->g.n <= most)
        put_share(c, v, result_object(to, "valid_row"), zh ? "有效合计" : "Total valid", c->valid);
    put_missing(c, s, v, to);
    put_share(c, v, result_object(to, "total_row"), zh ? "总计" : "Total", all);
    if (c->g.n > most)
        result_note(r, text_in(c->an->cx, "analyze.more_values",
                               "\"" STR_FMT "\" has %zu values, the first %zu are listed.",
                               STR_ARG(s->name), c->g.n, most));
}

static Status run(Analysis *an)
{
    Series **columns;
    size_t n, most = (size_t)analysis_count(an, "most", 1000);
    Counting c = {.an = an};
    TRY(analysis_columns(an, "columns", false, &columns, &n));
    TRY(analysis_listwise(an, columns, an->is_pairwise ? 0 : n));
    json_t *all = result_object(an->result->tables, "frequencies");
    View *v = result_view(an->result, "统计", "Statistics", STATISTICS, COUNT_OF(STATISTICS));
    for (size_t i = 0; i < n; i++) {
        TRY(count(&c, columns[i]));
        json_t *to = result_object(all, result_key(an->result, columns[i]->name));
        put(&c, columns[i], most, to);
        result_row(v, columns[i]->name, to);
    }
    assert(n && c.g.labels); /* analysis_columns gives at least one column */
    size_t best = most_frequent(&c);
    Str label = c.g.labels[best], most_of = {label.p, 0};
    while (most_of.n < label.n && most_of.n < LONGEST_READ)
        utf8_next(label, &most_of.n);
    result_reading(an->result, text_in(an->cx, "analyze.read_frequencies",
                                       "The most frequent value of \"" STR_FMT "\" is \"" STR_FMT
                                       "\" with %.1f%% of %.10g.",
                                       STR_ARG(columns[n - 1]->name), STR_ARG(most_of),
                                       100 * c.counts[best] / c.valid, c.valid));
    return ST_OK;
}

const AnalyzeMethod analyze_frequencies = {"frequencies",
                                           "频数表",
                                           "frequency tables",
                                           OPTIONS,
                                           COUNT_OF(OPTIONS),
                                           METHOD_ALL_COLUMNS | METHOD_WEIGHT | METHOD_PAIRWISE |
                                               METHOD_PAIRWISE_FIRST,
                                           run};
