/* SPDX-License-Identifier: Apache-2.0 */
/* The methods of `guanxi analyze`, in the order in which they are listed. */
#include "analyze/method.h"

extern const AnalyzeMethod analyze_descriptives;

const AnalyzeMethod *const analyze_methods[] = {
    /* describe */
    &analyze_descriptives,
    NULL,
};
