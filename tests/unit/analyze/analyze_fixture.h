/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of analyze/ share: runs the command in memory, reads its JSON, finds the public data. */
#pragma once
#include "analyze/analyze.h"
#include "base/json.h"
#include "test.h"
#include <math.h>

typedef struct Ran {
    int status;
    char *out, *err; /* NUL-terminated */
    json_t *json;    /* of out, when it is an object; else NULL */
} Ran;

/* A file for --csv; removed at exit. */
const char *fixture_file(const char *text);
/* Runs "METHOD option value …" split at blanks; a part in single quotes keeps its blanks; %s in the
 * command stands for `file`. */
Ran fixture_run(const char *command, const char *file);
void fixture_done(Ran *r);
/* Runs it with --json, requires status 0. */
Ran fixture_json(const char *command, const char *file);
/* Number at a path like "descriptives.tenure.mean", "pairs.0.p"; fails the test if there is none. A
 * name with points is written with the points as they are if no shorter key matches. */
double fixture_at(const json_t *tree, const char *path);
const json_t *fixture_tree(const json_t *tree, const char *path);
/* |a − b| ≤ tolerance · |b|, or both below 1e-300. Prints name and both on failure. */
void fixture_near(const char *name, double a, double b, double tolerance);
/* Fails unless the command ends with `status` and standard error holds `text`. */
void fixture_refuses(const char *command, const char *file, int status, const char *text);

/* Folder of the public data ($GUANXI_TEST_DATA, else ../shared/data); NULL: not there. */
const char *fixture_data(void);
json_t *fixture_reference(const char *name); /* reference/<name>.json; freed by json_decref */
