/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of duplicates as the catalogue holds them. Included through meta/meta.h. */
#pragma once
#include "meta/field_type.h"

typedef struct Label {
    Str zh, en;
} Label;
Str label_in(const Label *l, Lang lang); /* falls back to the other language */

typedef enum MatchAs { /* how a value is made comparable (match/) */
                       MATCH_TEXT,
                       MATCH_COMPANY,
                       MATCH_PERSON,
                       MATCH_PHONE,
                       MATCH_EMAIL,
                       MATCH_CODE,
                       MATCH_LINK /* the record it leads to */
} MatchAs;
#define MATCH_FIELDS 16      /* of an object */
#define DUPLICATE_LIKELY 0.5 /* the threshold where a rule says none */

typedef struct DuplicateField {
    const Field *field;
    MatchAs as;
    bool fuzzy; /* of match_fields: a rule is content with a likeness */
} DuplicateField;

typedef enum DuplicateAction { DUPLICATE_OFF, DUPLICATE_WARN, DUPLICATE_BLOCK } DuplicateAction;

typedef struct DuplicateRule { /* what makes two records look like one */
    Str name;
    Label label;
    DuplicateField *fields; /* all must agree */
    size_t n_fields;
    bool fuzzy;       /* a likeness is enough, else they must be equal once made comparable */
    double threshold; /* of a likeness: how sure the whole must be, 0.5 … 1 */
    DuplicateAction action;
    bool tell_owner; /* of a record that is hidden from who asks: whose it is */
    const json_t
        *override_by;    /* roles that may save in spite of it; NULL: nobody but administrators */
    const json_t *among; /* objects; NULL: its own */
} DuplicateRule;
