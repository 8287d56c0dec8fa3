/* SPDX-License-Identifier: Apache-2.0 */
/* Inside analyze/: transactions as arrays, for the methods that read a log (rfm, cohort, clv …).
 * Customers are numbered in ascending order: numbers by size, text by bytes. */
#pragma once
#include "analyze/method.h"

typedef struct Sales {
    size_t rows, customers;
    int32_t *customer, *day;
    int64_t *amount, *invoice; /* NULL when not asked for */
    double *spend;             /* amount as a number */
    int scale;                 /* amount is in 10^-scale */
    Series *columns[4];        /* customer, date, amount, invoice: the order of faults */
    size_t n_columns;
    int64_t *keys; /* customers that are numbers; NULL: text */
    Series *who;
} Sales;

/* Options customer, date, amount, quantity, invoice of the method; rows with a missing one go. */
CHECKED Status analyze_sales_read(Analysis *an, Sales *ret);
/* Numbers a column: codes 0 … n-1 by row. Text by bytes, whole numbers by size. */
CHECKED Status analyze_sales_number(Analysis *an, Series *c, int32_t **ret_code, int64_t **ret_keys,
                                    size_t *ret_n);
Str analyze_sales_name(const Analysis *an, const Sales *s, size_t customer);
/* Adds the column of customers to the per-row results. */
void analyze_sales_out(Analysis *an, const Sales *s);
/* 2026-03-01 */
Str analyze_sales_day(const Analysis *an, int64_t day);
