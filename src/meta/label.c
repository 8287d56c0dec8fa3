/* SPDX-License-Identifier: Apache-2.0 */
/* Labels: one text in two languages. */
#include "meta/meta.h"

Str label_in(const Label *l, Lang lang)
{
    Str first = lang == LANG_ZH ? l->zh : l->en;
    if (first.n)
        return first;
    return lang == LANG_ZH ? l->en : l->zh;
}
