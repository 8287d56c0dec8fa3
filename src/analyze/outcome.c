/* SPDX-License-Identifier: Apache-2.0 */
/* Which of two values is the event. */
#include "analyze/outcome.h"

Status outcome_read(Analysis *an, const Series *target, double **ret_y, Str ret_names[2])
{
    Ctx *cx = an->cx;
    Groups g;
    Str wanted = analysis_text(an, "positive");
    TRY(frame_groups(cx, an->frame, target, &g));
    int32_t positive = wanted.n ? frame_group_of(&g, wanted) : (int32_t)g.n - 1;
    if (positive < 0)
        return FAIL(cx, ST_INVALID, "analyze.no_positive",
                    "column \"" STR_FMT "\" has no value \"" STR_FMT "\"", STR_ARG(target->name),
                    STR_ARG(wanted));
    if (g.n < 2 || (g.n > 2 && !wanted.n))
        return FAIL(cx, ST_INVALID, "analyze.two_classes",
                    "column \"" STR_FMT "\" has %zu values, two are needed (or --positive)",
                    STR_ARG(target->name), g.n);
    *ret_y = arena_alloc(cx->arena, sizeof(double) * (an->frame->n + 1));
    for (size_t i = 0; i < an->frame->n; i++)
        (*ret_y)[i] = g.of[i] == positive;
    ret_names[1] = g.labels[positive];
    ret_names[0] = g.n == 2 ? g.labels[1 - positive]
                            : str_format(cx->arena, "≠ " STR_FMT, STR_ARG(g.labels[positive]));
    return ST_OK;
}
