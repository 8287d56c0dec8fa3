/* SPDX-License-Identifier: Apache-2.0 */
/* How large an exact value can become: only what may leave int64 needs a look at each row. */
#include "expr/expr_internal.h"

#define BITS_ALL 63
#define BITS_DAY 22  /* ± 3 million days */
#define BITS_TIME 48 /* ms of the years 1…9999 */
#define BITS_TEXT 21 /* length of a text of 1 MiB */
#define BITS_PART 14 /* year, month, hour … */
#define BITS_ROWS 40

static int bits_of(int64_t v)
{
    uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;
    return u ? 64 - __builtin_clzll(u) : 0;
}

static int bits_of_digits(int digits) { return bits_of(decimal_pow10(digits)); }

static int larger(int a, int b) { return a > b ? a : b; }

/* An operand brought to the scale of the result. */
static int bits_at(const Expr *e, int scale)
{
    return expr_bits(e) + (scale > e->scale ? bits_of_digits(scale - e->scale) : 0);
}

static int largest_of(const Expr *e, size_t from)
{
    int most = 0;
    for (size_t i = from; i < e->n; i++)
        if (e->args[i]->t != V_BOOL)
            most = larger(most, bits_at(e->args[i], e->scale));
    return most;
}

/* Functions whose results are bounded whatever they are given. */
static const uint8_t BOUNDED[FN_FUNCTIONS] = {
    [FN_LENGTH] = BITS_TEXT,
    [FN_COUNT] = BITS_ROWS,
    [FN_DAYS_BETWEEN] = BITS_DAY + 1,
    [FN_WORKDAYS_BETWEEN] = BITS_DAY + 1,
    [FN_YEAR] = BITS_PART,
    [FN_QUARTER] = BITS_PART,
    [FN_MONTH] = BITS_PART,
    [FN_WEEK] = BITS_PART,
    [FN_DAY] = BITS_PART,
    [FN_WEEKDAY] = BITS_PART,
    [FN_HOUR] = BITS_PART,
};

static int bits_of_call(const Expr *e)
{
    if (BOUNDED[e->call->fn])
        return BOUNDED[e->call->fn];
    switch (e->call->fn) {
    case FN_ABS:
    case FN_FLOOR:
    case FN_CEIL:
    case FN_ROUND: return expr_bits(e->args[0]);
    case FN_COALESCE:
    case FN_IF:
    case FN_CASE: return largest_of(e, 0);
    case FN_MIN:
    case FN_MAX: return e->call->over_rows ? expr_bits(e->args[1]) : largest_of(e, 0);
    default: return BITS_ALL;
    }
}

static int bits_of_sum(const Expr *e)
{
    return larger(bits_at(e->args[0], e->scale), bits_at(e->args[1], e->scale)) + 1;
}

int expr_bits(const Expr *e)
{
    bool sum = e->op == OP_ADD || e->op == OP_SUB;
    if (sum)
        return bits_of_sum(e);
    if (e->t == V_DATE)
        return BITS_DAY;
    if (e->t == V_TIME)
        return BITS_TIME;
    switch ((ExprOp)e->op) {
    case OP_LITERAL: return e->lit.t == V_NULL ? 0 : bits_of(e->lit.i);
    case OP_CALL: return bits_of_call(e);
    case OP_NEG: return expr_bits(e->args[0]);
    case OP_MUL: return expr_bits(e->args[0]) + expr_bits(e->args[1]);
    case OP_MOD: return bits_at(e->args[1], e->scale);
    default: return BITS_ALL;
    }
}
