/* SPDX-License-Identifier: Apache-2.0 */
/* Method: what `guanxi analyze METHOD` can do. A method is one file analyze_<method>.c with a const
 * table `analyze_<method>`, entered in analyze_methods.c; it reads columns, calls kernels of analytics/
 * and fills the result.
 *
 *   static const AnalyzeOption OPTIONS[] = {
 *       {"value", OPTION_COLUMN, true, NULL, "被比较的数值列", "numbers to compare"}, …};
 *   static Status run(Analysis *an) { … }
 *   const AnalyzeMethod analyze_ttest = {"ttest", "t 检验", "t tests", OPTIONS, COUNT_OF(OPTIONS), 0, run};
 *
 * The columns named by OPTION_COLUMN and OPTION_COLUMNS are read before run() is called; if a method
 * with METHOD_ALL_COLUMNS gets no OPTION_COLUMNS, all are. --where has been applied, --weight read. */
#pragma once
#include "analytics/kernel.h"
#include "analyze/frame.h"
#include "analyze/result.h"

typedef enum OptionKind {
    OPTION_COLUMN,  /* name of one column */
    OPTION_COLUMNS, /* names separated by commas; "a,b" in double quotes holds a comma */
    OPTION_NUMBER,
    OPTION_COUNT, /* whole number ≥ 0 */
    OPTION_DATE,  /* YYYY-MM-DD */
    OPTION_WORD,  /* one of `words` */
    OPTION_WORDS, /* some of `words`, separated by commas */
    OPTION_TEXT,
    OPTION_TEST, /* an expression; its columns are read (one option of a method at most) */
    OPTION_FILE,
    OPTION_CODES, /* codes for missing, see frame_codes_parse */
    OPTION_FLAG,
} OptionKind;

typedef struct AnalyzeOption {
    const char *name; /* without the dashes */
    OptionKind kind;
    bool required;
    const char *words; /* "tukey|lsd|bonferroni" */
    const char *zh, *en;
} AnalyzeOption;

enum MethodFlag {
    METHOD_ALL_COLUMNS = 1,     /* without --columns all columns are read */
    METHOD_WEIGHT = 2,          /* --weight is understood */
    METHOD_PAIRWISE = 4,        /* --missing pairwise is understood */
    METHOD_NO_CSV = 8,          /* runs without --csv too */
    METHOD_OUT = 16,            /* --out gives per-row results */
    METHOD_PAIRWISE_FIRST = 32, /* pairwise (each column by itself) is the default */
    METHOD_THREADS = 64,        /* --threads makes it quicker */
};

typedef struct Analysis Analysis;

typedef struct AnalyzeMethod {
    const char *name;
    const char *zh, *en;
    const AnalyzeOption *options;
    size_t n_options;
    unsigned flags;
    Status (*run)(Analysis *an);
} AnalyzeMethod;

struct Analysis {
    Ctx *cx;
    const AnalyzeMethod *method;
    Frame *frame; /* NULL without --csv */
    Result *result;
    Kernel kernel;
    Series *weight; /* NULL: every row counts once */
    bool is_pairwise;
    bool is_json; /* what only people need may be left out */
    struct Args *args;
};

extern const AnalyzeMethod *const analyze_methods[]; /* ends with NULL */

/* Options of the method. Absent: STR_NULL, false, the default. */
bool analysis_has(const Analysis *an, const char *name);
Str analysis_text(const Analysis *an, const char *name);
double analysis_number(const Analysis *an, const char *name, double dflt);
int64_t analysis_count(const Analysis *an, const char *name, int64_t dflt);
int64_t analysis_date(const Analysis *an, const char *name); /* day; INT64_MIN: absent */
bool analysis_has_word(const Analysis *an, const char *name, const char *word);
/* The parts of a list option. */
void analysis_list(const Analysis *an, const char *name, Str **ret, size_t *ret_n);

/* Fails with the first of the options (names separated by blanks) that is given: it says nothing beside the other. */
CHECKED Status analysis_refuse(Analysis *an, const char *names, const char *beside);
/* "p = 0.012" or "p < 0.001". */
const char *analysis_p(const Analysis *an, double p);

/* The rows for which an OPTION_TEST is true; NULL without it. After analysis_listwise. */
CHECKED Status analysis_test(Analysis *an, const char *name, uint8_t **ret_mask);

/* Columns of an option; OPTION_COLUMNS absent: all that were read (numbers only where asked). */
CHECKED Status analysis_column(Analysis *an, const char *name, Series **ret);
CHECKED Status analysis_columns(Analysis *an, const char *name, bool only_numbers, Series ***ret,
                                size_t *ret_n);
/* The same, and each must be a number. */
CHECKED Status analysis_numbers(Analysis *an, const char *name, Series ***ret, size_t *ret_n);
/* Drops rows with a missing value in the columns (or weight missing or zero): counts into
 * result->missing, sets result->n. Fails if none is left. */
CHECKED Status analysis_listwise(Analysis *an, Series *const *columns, size_t n);
/* Weights by row after listwise; NULL: none. */
const double *analysis_weights(const Analysis *an);
/* Turns kernel.fault into an error naming column and line. columns: those handed to the kernel. */
CHECKED Status analysis_fault(Analysis *an, Status st, Series *const *columns, size_t n);

/* Predictors: numbers as they are, text as dummies against the first value in byte order, named
 * column=value. x is column-major, n rows of the frame; columns of the terms for messages. */
typedef struct Terms {
    Str *names;
    Series **columns;
    double **x;
    size_t n;
} Terms;
CHECKED Status analysis_terms(Analysis *an, Series *const *columns, size_t n, Terms *ret);
