/* SPDX-License-Identifier: Apache-2.0 */
/* factorial: the part of anova with several factors. */
#pragma once
#include "analyze/grouped.h"
#include "analyze/method.h"

CHECKED Status analyze_factorial(Analysis *an, Series *const *by, size_t n);
