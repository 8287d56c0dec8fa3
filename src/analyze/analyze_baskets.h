/* SPDX-License-Identifier: Apache-2.0 */
/* Inside analyze/: baskets for itemsets and rules, from a file of one basket a line or from two columns. */
#pragma once
#include "analytics/itemset.h"
#include "analyze/method.h"

typedef struct Baskets {
    ItemsetBaskets b;
    Str *names; /* by item number, byte order */
    int64_t min_count;
    double min_support; /* share */
} Baskets;

#define ANALYZE_BASKETS_OPTIONS                                                                    \
    {"basket", OPTION_COLUMN, false, NULL, "单据列（配合 --csv）", "basket (with --csv)"},         \
        {"baskets", OPTION_FILE, false, NULL, "每行一个购物篮的文件", "file of a basket a line"},  \
        {"item", OPTION_COLUMN, false, NULL, "商品列（配合 --csv）", "item (with --csv)"},         \
        {"max-len", OPTION_COUNT,           false,                                                 \
         NULL,      "最多几项（默认不限）", "most items (default: no bound)"},                     \
        {"min-len", OPTION_COUNT, false, NULL, "最少几项", "least items"},                         \
        {"min-support",                                                                            \
         OPTION_NUMBER,                                                                            \
         true,                                                                                     \
         NULL,                                                                                     \
         "最低支持度：小于 1 为比例，否则为次数",                                                  \
         "least support: a share below 1, else a count"},                                          \
    {                                                                                              \
        "sep", OPTION_TEXT, false, NULL, "分隔符（默认逗号；可写 space、tab）",                    \
            "separator (default comma; also: space, tab)"                                          \
    }

CHECKED Status analyze_baskets_read(Analysis *an, Baskets *ret);
CHECKED Status analyze_baskets_lengths(Analysis *an, int least, int *ret_min, int *ret_max);
json_t *analyze_baskets_items(const Baskets *d, const int32_t *item, size_t n);
Str analyze_baskets_text(Analysis *an, const Baskets *d, const int32_t *item, size_t n);
/* n, items, cells, min_support, min_count. */
void analyze_baskets_put(json_t *o, const Baskets *d);
