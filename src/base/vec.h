/* SPDX-License-Identifier: Apache-2.0 */
/* VEC(T): growing array in an arena.
 *   VEC(Str) names = {0}; VEC_PUSH(arena, &names, s); for (size_t i = 0; i < names.n; i++) … names.v[i] */
#pragma once
#include "base/arena.h"

#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *v;                                                                                      \
        size_t n, cap;                                                                             \
    }
#define VEC_PUSH(a, vec, item)                                                                     \
    do {                                                                                           \
        if ((vec)->n == (vec)->cap) {                                                              \
            size_t cap_ = (vec)->cap ? (vec)->cap * 2 : 8;                                         \
            (vec)->v = arena_grow((a), (vec)->v, (vec)->cap * sizeof(*(vec)->v),                   \
                                  cap_ * sizeof(*(vec)->v));                                       \
            (vec)->cap = cap_;                                                                     \
        }                                                                                          \
        (vec)->v[(vec)->n++] = (item);                                                             \
    } while (0)
