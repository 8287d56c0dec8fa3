/* SPDX-License-Identifier: Apache-2.0 */
/* sav: the system file of SPSS (.sav), written row by row: dictionary first, then cases, compressed by
 * codes of one byte. UTF-8, little-endian; names up to 64 bytes, strings up to 32,767 bytes.
 * What is written lies in `out` until the caller takes it away (after the dictionary, after each case).
 *   SavFile f = {.arena = a, .out = buf_in(a, MAX), .vars = vars, .n_vars = n, .cases = 2, …};
 *   sav_begin(&f); sav_number(&f, 1.5); sav_text(&f, &vars[1], STR("x")); … sav_end(&f); */
#pragma once
#include "base/buf.h"
#include <float.h>

#define SAV_MAX_TEXT 32767
#define SAV_MISSING (-DBL_MAX) /* a number that is not there */
#define SAV_EPOCH_DAYS 141428  /* from 1582-10-14, where instants begin, to 1970-01-01 */

typedef enum SavMeasure { SAV_NOMINAL = 1, SAV_ORDINAL = 2, SAV_SCALE = 3 } SavMeasure;
typedef enum SavFormat { /* print formats; SAV_TEXT of strings alone */
                         SAV_TEXT = 1,
                         SAV_PLAIN = 5,
                         SAV_INSTANT = 22,
                         SAV_SPAN = 25,
                         SAV_DAY = 39
} SavFormat;

typedef struct SavLabel { /* what a value means */
    double number;
    Str text; /* of strings */
    Str label;
} SavLabel;

typedef struct SavVariable {
    Str name;  /* as wished; sav_begin makes it valid and unique */
    Str label; /* may be empty */
    int width; /* 0: a number; else bytes of a string */
    SavFormat format;
    int decimals;
    SavMeasure measure;
    const SavLabel *labels;
    size_t n_labels;
    bool has_missing; /* number: this value stands for one that is missing */
    double missing;
    char short_name[9]; /* made by sav_begin */
} SavVariable;

/* Several answers to one question: variables that say 1 where the answer was given. */
typedef struct SavSet {
    Str name, label;
    size_t first, n;
} SavSet;

typedef struct SavFile {
    Arena *arena;
    Buf out;
    SavVariable *vars;
    size_t n_vars;
    const SavSet *sets;
    size_t n_sets;
    int64_t cases;
    Str title;
    const Str *notes; /* lines of its document: 80 bytes each */
    size_t n_notes;
    int64_t made_ms; /* local */
    bool zipped;     /* cases go through sav_zip */
    uint8_t codes[8];
    int n_codes; /* of the block in hand */
    uint8_t raw[64];
    size_t n_raw;
    size_t segments; /* strings that follow their first segment: names */
} SavFile;

void sav_begin(SavFile *f);
void sav_number(SavFile *f, double v);
/* True: it did not fit and was cut behind a whole character. */
bool sav_text(SavFile *f, const SavVariable *v, Str text);
void sav_end(SavFile *f);
Str sav_cut(Str text, size_t most); /* whole characters of at most so many bytes */
