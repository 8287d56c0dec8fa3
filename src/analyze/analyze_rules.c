/* SPDX-License-Identifier: Apache-2.0 */
/* rules: association rules with one item on the right; recommendations for a basket. */
#include "analyze/analyze_baskets.h"
#include <math.h>

#define SHOWN 50
#define LISTED 100000
#define RECOMMENDED 10

static const AnalyzeOption OPTIONS[] = {
    ANALYZE_BASKETS_OPTIONS,
    {"adjust", OPTION_WORD, false, "none|bonferroni|holm|bh", "多重检验校正（默认 none）",
     "correction for many tests (default none)"},
    {"alpha", OPTION_NUMBER, false, NULL, "只留 p（校正后）不大于此值的规则（默认 1）",
     "keep rules whose (adjusted) p is at most this (default 1)"},
    {"for", OPTION_TEXT, false, NULL, "为这些商品推荐，用分隔符分开", "recommend for these items"},
    {"min-confidence", OPTION_NUMBER, false, NULL, "最低置信度（默认 0.5）",
     "least confidence (default 0.5)"},
    {"non-redundant", OPTION_FLAG, false, NULL, "去掉冗余规则", "leave redundant rules out"},
};
static const ViewColumn VIEW[] = {
    {"support", "支持度", "Support", CELL_STAT}, {"confidence", "置信度", "Confidence", CELL_STAT},
    {"coverage", "覆盖", "Coverage", CELL_STAT}, {"lift", "提升度", "Lift", CELL_STAT},
    {"count", "次数", "Count", CELL_COUNT},      {"p", "Fisher p", "Fisher p", CELL_P},
};
static const ViewColumn OFFERS[] = {
    {"confidence", "置信度", "Confidence", CELL_STAT},
    {"lift", "提升度", "Lift", CELL_STAT},
    {"because_of", "依据", "Because of", CELL_AUTO},
};

static Status read_options(Analysis *an, ItemsetRuleOptions *o)
{
    Str adjust = analysis_text(an, "adjust");
    o->min_confidence = analysis_number(an, "min-confidence", 0.5);
    o->alpha = analysis_number(an, "alpha", 1);
    o->drop_redundant = analysis_has(an, "non-redundant");
    o->adjust = str_is(adjust, "bonferroni") ? ITEMSET_BONFERRONI
                : str_is(adjust, "holm")     ? ITEMSET_HOLM
                : str_is(adjust, "bh")       ? ITEMSET_BH
                                             : ITEMSET_NONE;
    if (!(o->min_confidence >= 0 && o->min_confidence <= 1) || !(o->alpha > 0 && o->alpha <= 1))
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_confidence",
                    "--min-confidence must be 0 to 1, --alpha above 0 and up to 1");
    return analyze_baskets_lengths(an, 2, &o->min_length, &o->max_length);
}

static json_t *put_rule(Analysis *an, json_t *list, const Baskets *d, const ItemsetRule *r)
{
    json_t *row = result_item(list);
    json_object_set_new(row, "lhs", analyze_baskets_items(d, r->left, (size_t)r->n_left));
    result_put_text(row, "rhs", d->names[r->right]);
    result_put(row, "count", (double)r->count);
    result_put(row, "support", r->support);
    result_put(row, "confidence", r->confidence);
    result_put(row, "coverage", r->coverage);
    result_put(row, "lift", r->lift);
    result_put(row, "leverage", r->leverage);
    result_put(row, "conviction", r->conviction);
    result_put(row, "p", r->p);
    if (analysis_has(an, "adjust"))
        result_put(row, "p_adjusted", r->adjusted);
    result_put_bool(row, "redundant", r->is_redundant);
    return row;
}

static Str rule_text(Analysis *an, const Baskets *d, const ItemsetRule *r)
{
    Str left = analyze_baskets_text(an, d, r->left, (size_t)r->n_left);
    return str_format(an->cx->arena, STR_FMT " → " STR_FMT, STR_ARG(left),
                      STR_ARG(d->names[r->right]));
}

static void put_out(Analysis *an, const Baskets *d, const ItemsetRules *r)
{
    static const char *const NAMES[] = {"count", "support",  "confidence", "coverage",
                                        "lift",  "leverage", "conviction", "p"};
    Str *left = arena_alloc(an->cx->arena, (r->n + 1) * sizeof(Str)), *right;
    right = arena_alloc(an->cx->arena, (r->n + 1) * sizeof(Str));
    double *v[COUNT_OF(NAMES)];
    for (size_t k = 0; k < COUNT_OF(NAMES); k++)
        v[k] = arena_alloc(an->cx->arena, (r->n + 1) * sizeof(double));
    for (size_t i = 0; i < r->n; i++) {
        const ItemsetRule *q = &r->rule[i];
        const double all[] = {(double)q->count, q->support,  q->confidence, q->coverage,
                              q->lift,          q->leverage, q->conviction, q->p};
        left[i] = analyze_baskets_text(an, d, q->left, (size_t)q->n_left);
        right[i] = d->names[q->right];
        for (size_t k = 0; k < COUNT_OF(NAMES); k++)
            v[k][i] = isfinite(all[k]) ? all[k] : NAN;
    }
    result_out(an->result, r->n, (OutColumn){.name = STR("lhs"), .text = left});
    result_out(an->result, r->n, (OutColumn){.name = STR("rhs"), .text = right});
    for (size_t k = 0; k < COUNT_OF(NAMES); k++)
        result_out(an->result, r->n, (OutColumn){.name = str_of(NAMES[k]), .num = v[k]});
}

static void put_rules(Analysis *an, json_t *o, const Baskets *d, const ItemsetRules *r)
{
    double by[65] = {0};
    View *v = result_view(an->result, "关联规则（提升度最高的若干条）", "Rules (highest lift)",
                          VIEW, COUNT_OF(VIEW));
    json_t *sizes = result_object(o, "by_size"), *list = result_array(o, "top_by_lift");
    for (size_t i = 0; i < r->n; i++) {
        by[r->rule[i].n_left + 1]++;
        if (i >= LISTED)
            continue;
        json_t *row = put_rule(an, list, d, &r->rule[i]);
        if (i < SHOWN)
            result_row(v, rule_text(an, d, &r->rule[i]), row);
    }
    for (int k = 2; k <= 64; k++)
        if (by[k] > 0)
            result_put(sizes, result_key(an->result, str_format(an->cx->arena, "%d", k)), by[k]);
    put_out(an, d, r);
}

/* ---- recommendations ---- */
static Status basket_of(Analysis *an, const Baskets *d, uint8_t *has)
{
    Str *parts;
    size_t n;
    analysis_list(an, "for", &parts, &n);
    for (size_t i = 0; i < n; i++) {
        Str name = str_trim(parts[i]);
        size_t v = 0;
        while (v < d->b.items && !str_eq(d->names[v], name))
            v++;
        if (v == d->b.items)
            return FAIL(an->cx, ST_INVALID, "analyze.no_item", "--for: no item \"" STR_FMT "\"",
                        STR_ARG(name));
        has[v] = 1;
    }
    return ST_OK;
}

static bool applies(const ItemsetRule *r, const uint8_t *has)
{
    for (int i = 0; i < r->n_left; i++)
        if (has[r->left[i]] != 1) /* rules do not build on offers */
            return false;
    return !has[r->right];
}

/* Each item once, by the rule of highest confidence that the basket fulfils. */
static Status recommend(Analysis *an, json_t *o, const Baskets *d, const ItemsetRules *r)
{
    uint8_t *has = ARENA_ARRAY(an->cx->arena, uint8_t, d->b.items + 1);
    TRY(basket_of(an, d, has));
    View *v = result_view(an->result, "推荐", "Recommendations", OFFERS, COUNT_OF(OFFERS));
    json_t *list = result_array(o, "recommendations");
    for (int k = 0; k < RECOMMENDED; k++) {
        const ItemsetRule *best = NULL;
        for (size_t i = 0; i < r->n; i++)
            if (applies(&r->rule[i], has) && (!best || r->rule[i].confidence > best->confidence))
                best = &r->rule[i];
        if (!best)
            break;
        json_t *row = result_item(list);
        result_put_text(row, "item", d->names[best->right]);
        result_put(row, "confidence", best->confidence);
        result_put(row, "lift", best->lift);
        result_put_text(row, "because_of",
                        analyze_baskets_text(an, d, best->left, (size_t)best->n_left));
        result_row(v, d->names[best->right], row);
        has[best->right] = 2; /* offered once */
    }
    return ST_OK;
}

static Status run(Analysis *an)
{
    Baskets d;
    Itemsets s = {0};
    ItemsetRules r = {0};
    ItemsetRuleOptions o = {0};
    TRY(read_options(an, &o));
    TRY(analyze_baskets_read(an, &d));
    ItemsetOptions so = {.min_count = d.min_count, .min_length = 1, .max_length = o.max_length};
    TRY(analysis_fault(an, itemset_find(&an->kernel, &d.b, &so, &s), NULL, 0));
    TRY(analysis_fault(an, itemset_rules(&an->kernel, &s, d.b.baskets, &o, &r), NULL, 0));
    json_t *t = result_object(an->result->tables, "rules");
    analyze_baskets_put(t, &d);
    result_put(t, "min_confidence", o.min_confidence);
    result_put(t, "rules", (double)r.n);
    result_put(t, "candidates", (double)r.candidates);
    put_rules(an, t, &d, &r);
    if (analysis_has(an, "for"))
        TRY(recommend(an, t, &d, &r));
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_rules",
                           "%zu rules have a confidence of at least %.3g %% and are in at least "
                           "%lld of %zu baskets.",
                           r.n, 100 * o.min_confidence, (long long)d.min_count, d.b.baskets));
    return ST_OK;
}

const AnalyzeMethod analyze_rules = {"rules", "关联规则",        "association rules",
                                     OPTIONS, COUNT_OF(OPTIONS), METHOD_NO_CSV | METHOD_OUT,
                                     run};
