/* SPDX-License-Identifier: Apache-2.0 */
/* What the tasks of the bench share: arrays that peers.py wrote, the clock, the list. */
#pragma once
#include "analytics/kernel.h"

typedef struct Task {
    const char *name;
    double (*run)(void); /* sets `started` after loading; gives the figure */
} Task;

extern Kernel kernel;
extern size_t n; /* rows asked for */
extern double started;
void *load(const char *name, size_t size); /* FOLDER/name_n.bin */
double cpu(void);
void need(Status st); /* ends the program unless ST_OK */
const double **columns(double *x, size_t p);

extern const Task statistics_tasks[];
extern const size_t statistics_count;
