/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of a run, column by column, before any row is left out: valid, blank, codes for missing. */
#include "analyze/analyze_internal.h"

static const ViewColumn VIEW[] = {
    {"valid", "有效", "Valid", CELL_COUNT},
    {"valid_share", "有效百分比", "Valid Percent", CELL_PERCENT},
    {"blank", "空白", "Missing (blank)", CELL_COUNT},
    {"coded", "缺失代码", "Missing (code)", CELL_COUNT},
    {"missing_share", "缺失百分比", "Missing Percent", CELL_PERCENT},
    {"total", "总计", "Total", CELL_COUNT},
};

typedef struct Cases {
    double valid, blank, coded;
    double *by_code;
} Cases;

static void count(const Analysis *an, const Series *c, Cases *k)
{
    const double *w = analysis_weights(an);
    for (size_t i = 0; i < an->frame->n; i++) {
        double weight = !w ? 1 : w[i] > 0 ? w[i] : 0;
        size_t code = c->coded ? c->coded[i] : 0;
        if (code)
            k->by_code[code - 1] += weight;
        *(code ? &k->coded : frame_is_missing(c, i) ? &k->blank : &k->valid) += weight;
    }
}

static void put_codes(Analysis *an, const Series *c, const Cases *k, json_t *o)
{
    json_t *list = c->n_codes ? result_array(o, "codes") : NULL;
    for (size_t i = 0; i < c->n_codes; i++) {
        json_t *code = result_item(list);
        result_put_text(code, "code", c->codes[i].text);
        result_put(code, "count", k->by_code[i]);
    }
    if (c->is_asked && k->coded == 0)
        result_note(an->result,
                    text_in(an->cx, "analyze.codes_unseen",
                            "Column \"" STR_FMT "\": none of the codes for missing occurs.",
                            STR_ARG(c->name)));
}

void analyze_cases(Analysis *an)
{
    const Frame *f = an->frame;
    View *v = NULL;
    if (!f)
        return;
    json_t *list = result_array(result_object(an->result->tables, "cases"), "columns");
    for (size_t i = 0; i < f->n_columns; i++) {
        const Series *c = &f->columns[i];
        if (!c->is_read || c == an->weight || (!c->n_missing && !c->is_asked))
            continue;
        Cases k = {.by_code = ARENA_ARRAY(an->cx->arena, double, c->n_codes + 1)};
        count(an, c, &k);
        double total = k.valid + k.blank + k.coded;
        json_t *o = result_item(list);
        result_put_text(o, "column", c->name);
        result_put(o, "valid", k.valid);
        result_put(o, "blank", k.blank);
        result_put(o, "coded", k.coded);
        result_put(o, "total", total);
        result_put(o, "valid_share", k.valid / total);
        result_put(o, "missing_share", (k.blank + k.coded) / total);
        put_codes(an, c, &k, o);
        if (!v)
            v = result_view(an->result, "个案处理摘要", "Case Processing Summary", VIEW,
                            COUNT_OF(VIEW));
        result_row(v, c->name, o);
    }
}
