/* SPDX-License-Identifier: Apache-2.0 */
/* linkage: which rows of a table are about the same thing.
 *
 * Fellegi & Sunter (JASA 64, 1969): each column of a pair agrees to some level; m and u are how often it
 * does so among matches and among others; their ratio is the evidence. m, u and the share of matches are
 * found without known matches by expectation-maximisation (Dempster, Laird & Rubin 1977; Winkler 2000),
 * on counts of patterns, so that an iteration does not depend on the number of pairs. Agreement on a
 * rare value says more than on a common one: where two values are equal, u is how often that value
 * occurs (Winkler 1989). Columns are taken as independent given the truth. A column that is empty on
 * either side says nothing.
 * What is not a match may still be near: another restaurant of the same hotel, another person of the same
 * household, a branch. Such pairs agree in much at once, which independence takes for a match. Where the
 * caller says which columns name the thing itself, a third class (after Larsen & Rubin, JASA 96, 2001)
 * holds them: its naming columns agree as among strangers, its others as among matches.
 * Pairs come from blocks: rows that share a value, a word of a text, the beginnings of two columns;
 * blocks of more than `most` rows say too little and are left out.
 *   O(rows × keys) to block, O(pairs) to compare and to score. Rows i < j within one table, or, with
 * `split`, one row before and one behind it. */
#pragma once
#include "analytics/kernel.h"

enum { LINKAGE_COLUMNS = 16, LINKAGE_LEVELS = 4, LINKAGE_MISSING = LINKAGE_LEVELS };

typedef enum LinkageKind {
    LINKAGE_NAME, /* Jaro-Winkler: equal, ≥ 0.92, ≥ 0.8, else */
    LINKAGE_TEXT, /* several words: equal, ≥ 0.9, ≥ 0.65, else, by Jaro-Winkler of all or by words */
    LINKAGE_CODE,   /* numbers of phones, dates, ids: equal, Damerau distance 1, 2, else */
    LINKAGE_NUMBER, /* equal, within 1 %, within 10 %, else */
} LinkageKind;

typedef struct LinkageColumn {
    LinkageKind kind;
    const Str *values; /* by row; empty: missing. Folded by the caller */
    bool names;        /* says what it is itself: near ones differ in it */
} LinkageColumn;

typedef struct LinkageTable {
    const LinkageColumn *columns;
    size_t n_columns, rows;
    size_t split; /* 0: within the table; else rows below it against those from it on */
    size_t most;  /* rows of a block; 0: 60 */
} LinkageTable;

typedef struct LinkagePair {
    uint32_t a, b;
    uint64_t levels; /* four bits a column: level or LINKAGE_MISSING */
    double score;    /* probability of a match */
} LinkagePair;

typedef struct LinkageModel {
    size_t n_columns;
    double m[LINKAGE_COLUMNS][LINKAGE_LEVELS], u[LINKAGE_COLUMNS][LINKAGE_LEVELS];
    bool names[LINKAGE_COLUMNS];
    double share;      /* of matches among the pairs it was fitted to */
    double near_share; /* of near ones; 0: no column names */
    double threshold;  /* that is expected to give the best F1; linkage_score sets it */
    int rounds;
} LinkageModel;

/* 0: equal … LINKAGE_LEVELS - 1; LINKAGE_MISSING. */
CHECKED int linkage_level(LinkageKind kind, Str a, Str b);
uint64_t linkage_levels(const LinkageTable *t, size_t a, size_t b);
static inline int linkage_level_of(uint64_t levels, size_t column)
{
    return (int)(levels >> (4 * column) & 15);
}

/* Pairs that share a block, by (a, b). ST_TOO_LARGE beyond `limit` pairs. */
CHECKED Status linkage_candidates(Kernel *k, const LinkageTable *t, size_t limit, LinkagePair **ret,
                                  size_t *ret_n);
/* m, u and share from pairs whose levels are set. FAULT_TOO_FEW without a pair. */
CHECKED Status linkage_fit(Kernel *k, const LinkageTable *t, const LinkagePair *pairs, size_t n,
                           LinkageModel *ret);
/* Evidence of a pattern in bits (log2 of the likelihood ratio); occurs[c]: how often the value that both
 * have in column c occurs among all (0: not looked at). occurs may be NULL. */
double linkage_weight(const LinkageModel *model, uint64_t levels, const double *occurs);
/* Probability of a match, given its evidence and the share of matches. */
double linkage_probability(const LinkageModel *model, double weight);
/* Scores all pairs and chooses the threshold: that for which twice the matches expected above it,
 * through what is above it and all that are expected, is greatest. */
CHECKED Status linkage_score(Kernel *k, const LinkageTable *t, LinkageModel *model,
                             LinkagePair *pairs, size_t n);
/* Group of each row (its least row), by the pairs at or above the threshold, through others too. */
void linkage_groups(const LinkagePair *pairs, size_t n, double threshold, size_t rows,
                    uint32_t *ret);
