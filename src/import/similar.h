/* SPDX-License-Identifier: Apache-2.0 */
/* Private to import/: rows that look like a record that is there. */
#pragma once
#include "import/import_internal.h"

typedef enum SimilarWhat {
    SIMILAR_ROW_NEW,
    SIMILAR_ROW_FAIL,
    SIMILAR_ROW_SKIP,
    SIMILAR_ROW_UPDATE,
    SIMILAR_ROW_REVIEW
} SimilarWhat;
typedef struct SimilarRow {
    SimilarWhat what;
    bool found;
    Id like;
    int64_t row; /* of a dry run: the record that an earlier row would have made, like is 0 */
    double score;
    uint32_t because;
} SimilarRow;
/* What becomes of a row that would be a new record; says in issues what it looks like. */
Status similar_ask(Ctx *cx, Chunk *chunk, const Record *r, Issues *issues, SimilarRow *ret);
/* With the plan that writes r. */
void similar_queue(Ctx *cx, Plan *plan, const Record *r, const SimilarRow *s);
/* Of a dry run, for the rows that follow: r would have been written. */
Status similar_note(Ctx *cx, const Import *im, const Record *r, int64_t row, const SimilarRow *s);
