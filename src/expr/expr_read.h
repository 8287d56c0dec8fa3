/* SPDX-License-Identifier: Apache-2.0 */
/* What the files share that read a text: words, names, types. */
#pragma once
#include "expr/expr_internal.h"

typedef enum TokenKind { TOKEN_END, TOKEN_NAME, TOKEN_STRING, TOKEN_NUMBER, TOKEN_SIGN } TokenKind;
typedef struct Token {
    TokenKind kind;
    Str text;    /* as written; of a string: its content */
    uint32_t at; /* code points */
} Token;
typedef struct Lexer {
    Ctx *cx;
    Str text;
    size_t pos;
    uint32_t at;
} Lexer;
CHECKED Status expr_lex_next(Lexer *x, Token *ret);
bool expr_lex_is_keyword(Str name);

/* One frame a record that names can mean: the scope's, or a child's inside any(), count() … */
typedef struct TypeFrame {
    const Object *object;
    const struct TypeFrame *around;
    int depth; /* frames around */
} TypeFrame;
typedef struct Typer {
    Ctx *cx;
    const ExprNames *env;
    bool is_rule;
    bool check_codes; /* codes of coded lists must exist now */
} Typer;

CHECKED Status expr_parse_tree(Ctx *cx, Str text, Expr **ret);
/* A rollup's form and type; what it reads is checked when formulas are compiled. */
CHECKED Status expr_rollup_type(Ctx *cx, Field *f);
CHECKED Status expr_rollup_check(Ctx *cx, const Expr *e);
void expr_rollup_describe(Ctx *cx, Field *f); /* its derived columns, its text with formulas */
CHECKED Status expr_parse_checked(Ctx *cx, Str text, const ExprScope *scope, ExprUse use,
                                  bool check_codes, Expr **ret);
CHECKED Status expr_type_check(Typer *y, const TypeFrame *frame, Expr *e);
CHECKED Status expr_type_coerce(Typer *y, Expr *e, const Expr *like);
/* One type for several values: a common number type, or the same type. */
CHECKED Status expr_type_unify(Typer *y, Expr **args, size_t n, Expr *result);
void expr_type_number(const Expr *a, const Expr *b, Expr *result);
Status expr_type_need(Typer *y, const Expr *e, const char *what);
const char *expr_type_name(const Ctx *cx, const Expr *e);
bool expr_type_is_number(const Expr *e);
size_t expr_name_slips(Str wrong); /* how many a suggestion forgives */
CHECKED Status expr_name_path(Typer *y, const TypeFrame *frame, Expr *e);
bool expr_name_is_relation(const Typer *y, const TypeFrame *frame, const Expr *e);
CHECKED Status expr_name_relation(Typer *y, const TypeFrame *frame, Expr *e);
CHECKED Status expr_name_code(Typer *y, const Expr *link, const Expr *literal);
CHECKED Status expr_name_choice(Typer *y, const Expr *like, const Expr *literal);
const ExprCall *expr_call_find(Str name);
void expr_call_all(const ExprCall **ret, size_t *ret_n);
CHECKED Status expr_call_check(Typer *y, const TypeFrame *frame, Expr *e);
