/* SPDX-License-Identifier: Apache-2.0 */
/* The methods of `guanxi analyze`, in the order in which they are listed. */
#include "analyze/method.h"

extern const AnalyzeMethod analyze_anova;
extern const AnalyzeMethod analyze_ces;
extern const AnalyzeMethod analyze_correlate;
extern const AnalyzeMethod analyze_crosstab;
extern const AnalyzeMethod analyze_csat;
extern const AnalyzeMethod analyze_descriptives;
extern const AnalyzeMethod analyze_explore;
extern const AnalyzeMethod analyze_frequencies;
extern const AnalyzeMethod analyze_logistic;
extern const AnalyzeMethod analyze_nps;
extern const AnalyzeMethod analyze_pareto;
extern const AnalyzeMethod analyze_power;
extern const AnalyzeMethod analyze_ranks;
extern const AnalyzeMethod analyze_regress;
extern const AnalyzeMethod analyze_roc;
extern const AnalyzeMethod analyze_ttest;
extern const AnalyzeMethod analyze_rfm;
extern const AnalyzeMethod analyze_cohort;
extern const AnalyzeMethod analyze_kmeans;
extern const AnalyzeMethod analyze_hierarchical;
extern const AnalyzeMethod analyze_som;
extern const AnalyzeMethod analyze_silhouette;
extern const AnalyzeMethod analyze_bgnbd;
extern const AnalyzeMethod analyze_paretonbd;
extern const AnalyzeMethod analyze_gammagamma;
extern const AnalyzeMethod analyze_clv;
extern const AnalyzeMethod analyze_valuescore;
extern const AnalyzeMethod analyze_itemsets;
extern const AnalyzeMethod analyze_rules;
extern const AnalyzeMethod analyze_reliability;
extern const AnalyzeMethod analyze_factor;
extern const AnalyzeMethod analyze_correspondence;

const AnalyzeMethod *const analyze_methods[] = {
    /* describe */
    &analyze_frequencies,
    &analyze_descriptives,
    &analyze_explore,
    &analyze_pareto,
    /* tables */
    &analyze_crosstab,
    /* means */
    &analyze_ttest,
    &analyze_anova,
    &analyze_ranks,
    /* relation */
    &analyze_correlate,
    &analyze_regress,
    &analyze_logistic,
    &analyze_roc,
    /* segments */
    &analyze_rfm,
    &analyze_cohort,
    &analyze_kmeans,
    &analyze_hierarchical,
    &analyze_som,
    &analyze_silhouette,
    /* value */
    &analyze_bgnbd,
    &analyze_paretonbd,
    &analyze_gammagamma,
    &analyze_clv,
    &analyze_valuescore,
    /* baskets */
    &analyze_itemsets,
    &analyze_rules,
    /* surveys, planning */
    &analyze_nps,
    &analyze_csat,
    &analyze_ces,
    &analyze_power,
    /* structure */
    &analyze_reliability,
    &analyze_factor,
    &analyze_correspondence,
    NULL,
};
