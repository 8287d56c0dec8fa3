/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of one run, and what the files of the command share. */
#pragma once
#include "analyze/analyze.h"
#include "analyze/method.h"

typedef struct Arg {
    Str name, value;
    bool has_value;
} Arg;

typedef struct Args {
    const AnalyzeMethod *method;
    VEC(Arg) list;
} Args;

/* analyze_args.c. Errors are usage errors: exit status 2. */
CHECKED Status analyze_args(Ctx *cx, int argc, char **argv, Args *ret);
const Arg *analyze_arg(const Args *a, const char *name); /* NULL: absent */
const AnalyzeOption *analyze_option(const AnalyzeMethod *m, const char *name);
/* The option if the method takes it without effect, because its family has it; else NULL. */
const AnalyzeOption *analyze_idle(const AnalyzeMethod *m, const char *name);
/* Whether the method can follow this option common to all. */
bool analyze_takes(const AnalyzeMethod *m, const char *name);
extern const AnalyzeOption analyze_common[];
extern const size_t analyze_common_count;

/* analyze_cases.c: tables.cases, and the summary of the columns with gaps. */
void analyze_cases(Analysis *an);

/* analyze_help.c */
void analyze_help(const Ctx *cx, const AnalyzeMethod *m, FILE *out); /* m NULL: list of methods */
const AnalyzeMethod *analyze_method(Str name);
