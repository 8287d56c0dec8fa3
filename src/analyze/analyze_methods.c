/* SPDX-License-Identifier: Apache-2.0 */
/* The methods of `guanxi analyze`, in the order in which they are listed. */
#include "analyze/method.h"

extern const AnalyzeMethod analyze_descriptives;
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

const AnalyzeMethod *const analyze_methods[] = {
    /* describe */
    &analyze_descriptives,
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
    NULL,
};
