/* SPDX-License-Identifier: Apache-2.0 */
/* The answers of nps, csat and ces: a column of scores with its groups or periods, or counts by score. */
#include "analyze/analyze_survey.h"
#include "base/calendar.h"
#include <math.h>

static Status read_counts(Survey *s)
{
    Ctx *cx = s->an->cx;
    Str *parts;
    size_t n;
    analysis_list(s->an, "counts", &parts, &n);
    s->x = ARENA_ARRAY(cx->arena, double, n);
    s->w = ARENA_ARRAY(cx->arena, double, n);
    for (size_t i = 0; i < n; i++) {
        int64_t count;
        if (!str_int(str_trim(parts[i]), &count) || count < 0 || (s->kind == SURVEY_NPS && n != 11))
            return FAIL(cx, ST_MALFORMED, "analyze.counts",
                        "--counts takes whole numbers, one for each score from 0 (for nps: 11)");
        if (!count)
            continue;
        s->x[s->n] = (double)i;
        s->w[s->n++] = (double)count;
        s->an->result->n += (double)count;
    }
    if (!s->n)
        return FAIL(cx, ST_INVALID, "analyze.no_answers", "there are no answers");
    s->of = ARENA_ARRAY(cx->arena, int32_t, s->n);
    return ST_OK;
}

static Status by_month(Survey *s, const Series *by)
{
    Ctx *cx = s->an->cx;
    double *months = arena_alloc(cx->arena, sizeof(double) * (s->n + 1));
    for (size_t i = 0; i < s->n; i++) {
        Civil c = calendar_civil((int64_t)floor(by->num[i]));
        months[i] = c.year * 12 + c.month - 1;
    }
    Series column = {.name = by->name, .kind = COLUMN_NUMBER, .num = months};
    Groups g;
    TRY(frame_groups(cx, s->an->frame, &column, &g));
    s->of = g.of;
    s->groups = g.n;
    s->levels = g.labels;
    for (size_t i = 0; i < g.n; i++)
        g.labels[i] = str_format(cx->arena, "%04d-%02d", (int)(g.value[i] / 12),
                                 (int)fmod(g.value[i], 12) + 1);
    return ST_OK;
}

static Status read_groups(Survey *s, Series *by)
{
    Groups g;
    if (!by) {
        s->of = ARENA_ARRAY(s->an->cx->arena, int32_t, s->n + 1);
        return ST_OK;
    }
    if (by->kind == COLUMN_DATE)
        return by_month(s, by);
    TRY(frame_groups(s->an->cx, s->an->frame, by, &g));
    s->of = g.of;
    s->groups = g.n;
    s->levels = g.labels;
    return ST_OK;
}

static Status check_scores(Survey *s)
{
    Analysis *an = s->an;
    double highest = s->kind == SURVEY_NPS ? 10 : s->scale;
    for (size_t i = 0; i < s->n; i++) {
        double v = s->x[i];
        bool bad =
            s->kind == SURVEY_CES ? v < 0 : v < 0 || v != floor(v) || (highest > 0 && v > highest);
        if (bad && s->score)
            return FAIL(an->cx, ST_INVALID, "analyze.bad_score",
                        "column \"" STR_FMT "\", line %lld: %.10g is not a score",
                        STR_ARG(s->score->name), (long long)frame_line(an->frame, i), v);
        if (bad)
            return FAIL(an->cx, ST_INVALID, "analyze.counts_long", "--counts: %.10g is not a score",
                        v);
    }
    return ST_OK;
}

Status analyze_survey_read(Survey *s)
{
    Analysis *an = s->an;
    Series *columns[2] = {NULL, NULL};
    bool has_counts = analysis_has(an, "counts");
    s->scale = (double)analysis_count(an, "scale", 0);
    if (has_counts == analysis_has(an, "score") ||
        (has_counts && (analysis_has(an, "by") || an->frame)))
        return FAIL(an->cx, ST_MALFORMED, "analyze.survey_what",
                    "give --csv with --score (and --by), or --counts");
    if (has_counts) {
        TRY(read_counts(s));
        return check_scores(s);
    }
    if (!an->frame)
        return FAIL(an->cx, ST_MALFORMED, "analyze.required", "%s needs --%s", an->method->name,
                    "csv");
    TRY(analysis_column(an, "score", &s->score));
    TRY(frame_need_numbers(an->cx, an->frame, s->score));
    columns[0] = s->score;
    if (analysis_has(an, "by"))
        TRY(analysis_column(an, "by", &columns[1]));
    TRY(analysis_listwise(an, columns, columns[1] ? 2 : 1));
    s->n = an->frame->n;
    s->x = s->score->num;
    s->w = an->weight ? an->weight->num : NULL;
    TRY(read_groups(s, columns[1]));
    return check_scores(s);
}
