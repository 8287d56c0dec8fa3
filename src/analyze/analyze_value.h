/* SPDX-License-Identifier: Apache-2.0 */
/* Inside analyze/: histories of customers for bgnbd, paretonbd, gammagamma and clv, from a summary
 * (--frequency --recency --age [--mean]) or from a log (--customer --date [--amount] --until [--unit]). */
#pragma once
#include "analytics/value.h"
#include "analyze/method.h"

#define ANALYZE_VALUE_OPTIONS                                                                       \
    {"age", OPTION_COLUMN, false, NULL, "首购至今的时长列", "time since the first purchase"},       \
        {"amount", OPTION_COLUMN, false, NULL, "金额列（流水）", "money (log)"},                    \
        {"customer", OPTION_COLUMN, false, NULL, "客户列", "customer"},                             \
        {"date", OPTION_COLUMN, false, NULL, "日期列（流水）", "date (log)"},                       \
        {"frequency", OPTION_COLUMN, false, NULL, "复购次数列", "repeat purchases"},                \
        {"invoice", OPTION_COLUMN,          false,                                                  \
         NULL,      "单据列（不影响结果）", "invoice (changes nothing)"},                           \
        {"mean", OPTION_COLUMN, false, NULL, "复购均额列", "mean spend of repeat purchases"},       \
        {"quantity", OPTION_COLUMN, false, NULL, "数量列，乘以金额", "quantity, times the amount"}, \
        {"recency", OPTION_COLUMN,        false,                                                    \
         NULL,      "首购到末购的时长列", "time from first to last purchase"},                      \
        {"unit",                                                                                    \
         OPTION_WORD,                                                                               \
         false,                                                                                     \
         "day|week",                                                                                \
         "时间单位（默认 week）",                                                                   \
         "unit of time (default week)"},                                                            \
    {                                                                                               \
        "until", OPTION_DATE, false, NULL, "校准期末日（流水）", "end of calibration (log)"         \
    }

typedef struct Histories {
    ValueData d;
    double *mean; /* NULL: no money */
    Str *names;
    Str name_heading;
    Series *columns[4]; /* for faults: x, t_x, T, m */
    double per_month;   /* units of time in a month */
    bool is_log;
} Histories;

CHECKED Status analyze_value_read(Analysis *an, bool need_money, Histories *ret);
/* Parameters, errors, log-likelihood, status; false (with a note) when the fit is not to be trusted. */
bool analyze_value_put(Analysis *an, json_t *o, const ValueModel *m, const char *const *names);
