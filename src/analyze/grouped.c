/* SPDX-License-Identifier: Apache-2.0 */
/* A numeric column by groups: reading, means, their tables. */
#include "analyze/grouped.h"
#include "analytics/dist.h"

static const ViewColumn VIEW[] = {
    {"n", "个案数", "N", CELL_COUNT},
    {"mean", "均值", "Mean", CELL_STAT},
    {"sd", "标准差", "Std. Deviation", CELL_STAT},
    {"se", "标准误", "Std. Error", CELL_STAT},
    {"ci95.0", "均值 95% 下限", "95% CI lower", CELL_STAT},
    {"ci95.1", "均值 95% 上限", "95% CI upper", CELL_STAT},
    {"min", "最小值", "Minimum", CELL_AUTO},
    {"max", "最大值", "Maximum", CELL_AUTO},
};

Status grouped_fault(Analysis *an, const Grouped *g, Status st)
{
    Series *columns[] = {g->value, g->by};
    return analysis_fault(an, st, columns, 2);
}

Status grouped_read(Analysis *an, Series *by, size_t most, Grouped *ret)
{
    Ctx *cx = an->cx;
    ret->by = by;
    TRY(analysis_column(an, "value", &ret->value));
    TRY(frame_need_numbers(cx, an->frame, ret->value));
    if (by == ret->value)
        return FAIL(cx, ST_MALFORMED, "analyze.column_twice",
                    "column \"" STR_FMT "\" is named twice", STR_ARG(by->name));
    TRY(analysis_listwise(an, (Series *[]){ret->value, by}, 2));
    TRY(frame_groups(cx, an->frame, by, &ret->groups));
    if (ret->groups.n < 2)
        return FAIL(cx, ST_INVALID, "analyze.one_group",
                    "column \"" STR_FMT "\" makes fewer than two groups", STR_ARG(by->name));
    if (most && ret->groups.n > most)
        return FAIL(cx, ST_INVALID, "analyze.many_groups",
                    "column \"" STR_FMT "\" makes %zu groups, the method compares %zu",
                    STR_ARG(by->name), ret->groups.n, most);
    ret->stat = ARENA_ARRAY(cx->arena, GroupStat, ret->groups.n);
    return grouped_fault(an, ret,
                         means_groups(&an->kernel, ret->value->num, analysis_weights(an),
                                      ret->groups.of, an->frame->n, ret->groups.n, ret->stat));
}

void grouped_put_levels(json_t *to, const char *key, const Groups *g)
{
    if (g->value && g->column->kind == COLUMN_NUMBER)
        result_puts(to, key, g->value, g->n);
    else
        result_put_texts(to, key, g->labels, g->n);
}

void grouped_put(Analysis *an, const Grouped *g, json_t *to)
{
    size_t n = g->groups.n;
    double *v = ARENA_ARRAY(an->cx->arena, double, n);
    grouped_put_levels(to, "levels", &g->groups);
    for (size_t i = 0; i < n; i++)
        v[i] = g->stat[i].n;
    result_puts(to, "n", v, n);
    for (size_t i = 0; i < n; i++)
        v[i] = (double)g->stat[i].mean;
    result_puts(to, "mean", v, n);
    for (size_t i = 0; i < n; i++)
        v[i] = g->stat[i].sd;
    result_puts(to, "sd", v, n);
    json_t *list = result_array(to, "groups");
    for (size_t i = 0; i < n; i++) {
        const GroupStat *s = &g->stat[i];
        double reach = dist_t_quantile(.975, s->n - 1) * s->se, mean = (double)s->mean;
        json_t *item = result_item(list);
        result_put_text(item, "level", g->groups.labels[i]);
        result_put(item, "n", s->n);
        result_put(item, "mean", mean);
        result_put(item, "sd", s->sd);
        result_put(item, "se", s->se);
        result_puts(item, "ci95", (double[]){mean - reach, mean + reach}, 2);
        result_put(item, "min", s->min);
        result_put(item, "max", s->max);
    }
}

void grouped_view(Analysis *an, const Grouped *g, const json_t *from)
{
    View *v = result_view(an->result, "组统计", "Group Statistics", VIEW, COUNT_OF(VIEW));
    const json_t *list = json_object_get(from, "groups");
    for (size_t i = 0; i < g->groups.n; i++)
        result_row(v, g->groups.labels[i], json_array_get(list, i));
}

void grouped_put_test(json_t *to, const char *key, const char *name, const Test *t, bool with_df)
{
    json_t *o = result_object(to, key);
    result_put(o, name, t->stat);
    if (with_df)
        result_puts(o, "df", (double[]){t->df1, t->df2}, 2);
    result_put(o, "p", t->p);
}
