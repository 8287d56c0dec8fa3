/* SPDX-License-Identifier: Apache-2.0 */
/* Inside analyze/: the answers to a question, by group. */
#pragma once
#include "analytics/means.h"
#include "analytics/survey.h"
#include "analyze/method.h"

typedef enum SurveyKind { SURVEY_NPS, SURVEY_CSAT, SURVEY_CES } SurveyKind;
typedef struct Survey {
    Analysis *an;
    SurveyKind kind;
    Series *score;
    size_t n;      /* answers (rows, or one per score of --counts) */
    double *x, *w; /* score and weight of each */
    int32_t *of;   /* group */
    Str *levels;
    size_t groups;
    double scale;
    Nps *nps;
    Share *share;
    GroupStat *stat; /* groups + 1: the last is all */
    json_t *json, *list;
} Survey;

CHECKED Status analyze_survey_read(Survey *s);
