/* SPDX-License-Identifier: Apache-2.0 */
/* Choices: entries of a list by code or by label. */
#include "meta/choice.h"
#include "base/utf8.h"

const Choice *choice_find(const ChoiceList *l, Str value) { return map_get(&l->by_value, value); }

const Choice *choice_by_label(Arena *a, const ChoiceList *l, Str text)
{
    const Choice *c = choice_find(l, text);
    if (c)
        return c;
    Str folded = fold_text(a, text);
    for (size_t i = 0; i < l->n; i++) {
        c = &l->items[i];
        if (str_eq(folded, fold_text(a, c->value)) || str_eq(folded, fold_text(a, c->label.zh)) ||
            str_eq(folded, fold_text(a, c->label.en)))
            return c;
    }
    return NULL;
}

Str choice_nearest(const ChoiceList *l, Str wrong)
{
    Str best = STR_NULL;
    size_t best_distance = 3;
    for (size_t i = 0; i < l->n; i++) {
        const Str names[] = {l->items[i].value, l->items[i].label.zh, l->items[i].label.en};
        for (size_t k = 0; k < COUNT_OF(names); k++) {
            size_t d = names[k].n ? fold_distance(wrong, names[k], best_distance) : SIZE_MAX;
            if (d < best_distance) {
                best_distance = d;
                best = l->items[i].value;
            }
        }
    }
    return best;
}
