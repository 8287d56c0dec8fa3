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
bool analyze_value_put(Analysis *an, json_t *o, const ValueModel *m, const char *const *names,
                       const char *title);
void analyze_value_sums(json_t *o, const ValueData *d);
/* A column of numbers for --out. */
double *analyze_value_column(Analysis *an, const char *name, size_t n);
#define ANALYZE_VALUE_LISTED 10000 /* customers in --json; --out has all */

/* analyze_purchases.c */
typedef struct Purchases {
    ValueModel m;
    bool is_pareto;
    double *horizon;
    size_t n_horizons;
} Purchases;
CHECKED Status analyze_purchases_fit(Analysis *an, const Histories *h, Purchases *b);
double analyze_purchases_alive(const Purchases *b, const ValueData *d, size_t i);
void analyze_purchases_put(Analysis *an, json_t *o, const Purchases *b);

/* analyze_gammagamma.c */
CHECKED Status analyze_gammagamma_fit(Analysis *an, const Histories *h, ValueSpend *ret);
void analyze_gammagamma_put(Analysis *an, json_t *o, const ValueSpend *s);
