/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the back end in memory share. */
#pragma once
#include "expr/expr_internal.h"

typedef struct EvalFrame {
    const ExprRow *row;
    const Object *object;
    const struct EvalFrame *around;
} EvalFrame;
typedef struct Eval {
    Ctx *cx;
    uint32_t steps; /* evaluations so far: bounds the work over many children */
    int formulas;   /* depth */
} Eval;
CHECKED Status expr_eval_node(Eval *v, const EvalFrame *f, const Expr *e, Value *ret);
CHECKED Status expr_eval_call(Eval *v, const EvalFrame *f, const Expr *e, Value *ret);
CHECKED Status expr_eval_rows(Eval *v, const EvalFrame *f, const Expr *e, Value *ret);
CHECKED Status expr_eval_start(Eval *v, const EvalFrame *f, const Expr *path, size_t hops, bool old,
                               const Value **ret_values);
CHECKED Status expr_eval_field(Eval *v, const EvalFrame *f, const Field *field, const Value *values,
                               Value *ret);
