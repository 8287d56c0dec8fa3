/* SPDX-License-Identifier: Apache-2.0 */
/* analyze: the command `guanxi analyze METHOD` (CONTRACT 5). Methods: method.h; the data: frame.h;
 * what comes out: result.h. */
#pragma once
#include "base/ctx.h"
#include <stdio.h>

/* argv: METHOD and its options. Writes to out and err. Exit status: 0, 1 bad data, 2 usage. */
int analyze_run(Ctx *cx, int argc, char **argv, FILE *out, FILE *err);
/* The same on standard output, stopped by Ctrl-C. */
int analyze_verb(Ctx *cx, int argc, char **argv);
