/* SPDX-License-Identifier: Apache-2.0 */
/* Text → tree by recursive descent, one function a rule of the grammar (CONTRACT 1). Bounded: text,
 * nodes and nesting have limits, and every function consumes a word or ends. */
#include "expr/expr_read.h"

typedef struct Parser {
    Lexer lex;
    Token now;
    Ctx *cx;
    int nodes, depth;
} Parser;

typedef VEC(Expr *) Nodes;

static Status parse_or(Parser *p, Expr **ret);
static Status parse_sum(Parser *p, Expr **ret);

Status expr_fail_near(Ctx *cx, uint32_t at, Str message, Str suggestion)
{
    Status st =
        FAIL_CODE(cx, ST_MALFORMED, "bad_expression", "expr.bad", STR_FMT, STR_ARG(message));
    FIELD_FAIL_AT(cx, STR(""), at, "bad_expression", "expr.bad", STR_FMT, STR_ARG(message));
    if (suggestion.n)
        error_suggest(cx, suggestion);
    return st == ST_OK ? ST_MALFORMED : st; /* never ST_OK: analyzers cannot see into FAIL */
}

Status expr_fail(Ctx *cx, uint32_t at, Str message)
{
    return expr_fail_near(cx, at, message, STR_NULL);
}

static Status advance(Parser *p) { return expr_lex_next(&p->lex, &p->now); }

static bool at_sign(const Parser *p, const char *sign)
{
    return p->now.kind == TOKEN_SIGN && str_is(p->now.text, sign);
}

static bool at_word(const Parser *p, const char *word)
{
    return p->now.kind == TOKEN_NAME && str_is(p->now.text, word);
}

static Status expect_sign(Parser *p, const char *sign)
{
    if (!at_sign(p, sign))
        return expr_fail(p->cx, p->now.at,
                         text_in(p->cx, "expr.expected", "\"%s\" is expected here", sign));
    return advance(p);
}

static Status expect_word(Parser *p, const char *word)
{
    if (!at_word(p, word))
        return expr_fail(p->cx, p->now.at,
                         text_in(p->cx, "expr.expected", "\"%s\" is expected here", word));
    return advance(p);
}

static Status new_node(Parser *p, ExprOp op, uint32_t at, Expr **ret)
{
    if (++p->nodes > EXPR_MAX_NODES)
        return expr_fail(
            p->cx, at, text_in(p->cx, "expr.too_many_parts", "more than %d parts", EXPR_MAX_NODES));
    *ret = ARENA_NEW(p->cx->arena, Expr);
    (*ret)->op = (uint8_t)op;
    (*ret)->at = at;
    return ST_OK;
}

static Status new_branch(Parser *p, ExprOp op, uint32_t at, const Nodes *args, Expr **ret)
{
    TRY(new_node(p, op, at, ret));
    (*ret)->n = (uint16_t)args->n;
    (*ret)->args = arena_dup(p->cx->arena, args->v, args->n * sizeof(Expr *));
    return ST_OK;
}

static Status new_pair(Parser *p, ExprOp op, uint32_t at, Expr *a, Expr *b, Expr **ret)
{
    Nodes args = {0};
    VEC_PUSH(p->cx->arena, &args, a);
    if (b)
        VEC_PUSH(p->cx->arena, &args, b);
    return new_branch(p, op, at, &args, ret);
}

static Status parse_literal_value(Parser *p, Value *ret)
{
    Str s = p->now.text;
    if (p->now.kind == TOKEN_STRING) {
        *ret = (Value){.t = V_TEXT, .s = s};
        return ST_OK;
    }
    if (p->now.kind == TOKEN_NAME) {
        *ret = str_is(s, "null") ? VALUE_NULL : (Value){.t = V_BOOL, .b = str_is(s, "true")};
        return ST_OK;
    }
    int scale;
    int64_t v;
    if (!expr_number_parse(s, &v, &scale))
        return expr_fail(p->cx, p->now.at,
                         text_in(p->cx, "expr.number_range", "this number has too many digits"));
    *ret = (Value){.t = scale ? V_DECIMAL : V_INT, .scale = (uint8_t)scale, .i = v};
    return ST_OK;
}

static bool at_literal(const Parser *p)
{
    return p->now.kind == TOKEN_STRING || p->now.kind == TOKEN_NUMBER || at_word(p, "true") ||
           at_word(p, "false") || at_word(p, "null");
}

static Status parse_literal(Parser *p, Expr **ret)
{
    Value v;
    uint32_t at = p->now.at;
    TRY(parse_literal_value(p, &v));
    TRY(new_node(p, OP_LITERAL, at, ret));
    (*ret)->lit = v;
    return advance(p);
}

/* "(" has been seen. Literals of an `in` list are data, not parts: they do not count as nodes. */
static Status parse_list(Parser *p, bool is_data, Nodes *ret)
{
    TRY(expect_sign(p, "("));
    while (!at_sign(p, ")")) {
        if (ret->n > 0)
            TRY(expect_sign(p, ","));
        if (ret->n == EXPR_MAX_LIST)
            return expr_fail(
                p->cx, p->now.at,
                text_in(p->cx, "expr.list_too_long", "more than %d entries", EXPR_MAX_LIST));
        bool literal = at_literal(p);
        Expr *item;
        TRY(parse_or(p, &item));
        if (is_data && literal && item->op == OP_LITERAL)
            p->nodes--;
        VEC_PUSH(p->cx->arena, ret, item);
    }
    return advance(p);
}

static Status parse_call(Parser *p, const Token *name, Expr **ret)
{
    Nodes args = {0};
    TRY(parse_list(p, false, &args));
    TRY(new_branch(p, OP_CALL, name->at, &args, ret));
    (*ret)->names = ARENA_NEW(p->cx->arena, Str);
    (*ret)->names[0] = name->text;
    (*ret)->n_names = 1;
    (*ret)->call = expr_call_find(name->text);
    return ST_OK;
}

static Status parse_name(Parser *p, Token *ret)
{
    if (p->now.kind != TOKEN_NAME || expr_lex_is_keyword(p->now.text))
        return expr_fail(p->cx, p->now.at,
                         text_in(p->cx, "expr.name_expected", "a name is expected here"));
    *ret = p->now;
    return advance(p);
}

static Status parse_path(Parser *p, Expr **ret)
{
    uint32_t at = p->now.at;
    bool outer = at_word(p, "outer");
    if (outer) {
        TRY(advance(p));
        TRY(expect_sign(p, "."));
    }
    Token name;
    TRY(parse_name(p, &name));
    if (!outer && at_sign(p, "("))
        return parse_call(p, &name, ret);
    TRY(new_node(p, OP_PATH, at, ret));
    (*ret)->outer = outer;
    (*ret)->names = ARENA_ARRAY(p->cx->arena, Str, EXPR_MAX_HOPS + 1);
    (*ret)->names_at = ARENA_ARRAY(p->cx->arena, uint32_t, EXPR_MAX_HOPS + 1);
    (*ret)->names_at[0] = name.at;
    (*ret)->names[(*ret)->n_names++] = name.text;
    while (at_sign(p, ".")) {
        TRY(advance(p));
        TRY(parse_name(p, &name));
        if ((*ret)->n_names > EXPR_MAX_HOPS)
            return expr_fail(
                p->cx, name.at,
                text_in(p->cx, "expr.path_too_long", "a path has at most %d links", EXPR_MAX_HOPS));
        (*ret)->names_at[(*ret)->n_names] = name.at;
        (*ret)->names[(*ret)->n_names++] = name.text;
    }
    return ST_OK;
}

static Status parse_primary(Parser *p, Expr **ret)
{
    if (at_literal(p))
        return parse_literal(p, ret);
    if (at_sign(p, "(")) {
        TRY(advance(p));
        TRY(parse_or(p, ret));
        return expect_sign(p, ")");
    }
    if (p->now.kind == TOKEN_NAME && (at_word(p, "outer") || !expr_lex_is_keyword(p->now.text)))
        return parse_path(p, ret);
    if (p->now.kind == TOKEN_END)
        return expr_fail(p->cx, p->now.at,
                         text_in(p->cx, "expr.ends_early", "the expression ends too early"));
    return expr_fail(p->cx, p->now.at,
                     text_in(p->cx, "expr.value_expected",
                             "a value is expected here, not \"" STR_FMT "\"",
                             STR_ARG(p->now.text)));
}

static Status parse_unary(Parser *p, Expr **ret)
{
    if (!at_sign(p, "-"))
        return parse_primary(p, ret);
    uint32_t at = p->now.at;
    TRY(advance(p));
    bool number = p->now.kind == TOKEN_NUMBER;
    TRY(parse_primary(p, ret));
    if (number) {
        (*ret)->lit.i = -(*ret)->lit.i;
        (*ret)->at = at;
        return ST_OK;
    }
    return new_pair(p, OP_NEG, at, *ret, NULL, ret);
}

static Status parse_product(Parser *p, Expr **ret)
{
    TRY(parse_unary(p, ret));
    while (at_sign(p, "*") || at_sign(p, "/") || at_sign(p, "%")) {
        ExprOp op = at_sign(p, "*") ? OP_MUL : at_sign(p, "/") ? OP_DIV : OP_MOD;
        uint32_t at = p->now.at;
        Expr *right;
        TRY(advance(p));
        TRY(parse_unary(p, &right));
        TRY(new_pair(p, op, at, *ret, right, ret));
    }
    return ST_OK;
}

static Status parse_sum(Parser *p, Expr **ret)
{
    TRY(parse_product(p, ret));
    while (at_sign(p, "+") || at_sign(p, "-")) {
        ExprOp op = at_sign(p, "+") ? OP_ADD : OP_SUB;
        uint32_t at = p->now.at;
        Expr *right;
        TRY(advance(p));
        TRY(parse_product(p, &right));
        TRY(new_pair(p, op, at, *ret, right, ret));
    }
    return ST_OK;
}

static bool find_operator(const Parser *p, ExprOp *ret)
{
    static const struct {
        const char *text;
        TokenKind kind;
        ExprOp op;
    } OPERATORS[] = {
        {"=", TOKEN_SIGN, OP_EQ},       {"!=", TOKEN_SIGN, OP_NE},
        {"<", TOKEN_SIGN, OP_LT},       {"<=", TOKEN_SIGN, OP_LE},
        {">", TOKEN_SIGN, OP_GT},       {">=", TOKEN_SIGN, OP_GE},
        {"~", TOKEN_SIGN, OP_CONTAINS}, {"starts", TOKEN_NAME, OP_STARTS},
        {"ends", TOKEN_NAME, OP_ENDS},
    };
    for (size_t i = 0; i < COUNT_OF(OPERATORS); i++) {
        if (p->now.kind != OPERATORS[i].kind || !str_is(p->now.text, OPERATORS[i].text))
            continue;
        *ret = OPERATORS[i].op;
        return true;
    }
    return false;
}

/* Behind "in". */
static Status parse_in(Parser *p, uint32_t at, Expr *left, Expr **ret)
{
    if (!at_sign(p, "(")) {
        Expr *path;
        TRY(parse_path(p, &path));
        return new_pair(p, OP_MEMBER, at, left, path, ret);
    }
    Nodes args = {0};
    VEC_PUSH(p->cx->arena, &args, left);
    Nodes list = {0};
    TRY(parse_list(p, true, &list));
    for (size_t i = 0; i < list.n; i++)
        VEC_PUSH(p->cx->arena, &args, list.v[i]);
    return new_branch(p, OP_IN, at, &args, ret);
}

static Status parse_between(Parser *p, uint32_t at, Expr *left, Expr **ret)
{
    Nodes args = {0};
    Expr *bound;
    VEC_PUSH(p->cx->arena, &args, left);
    TRY(parse_sum(p, &bound));
    VEC_PUSH(p->cx->arena, &args, bound);
    TRY(expect_word(p, "and"));
    TRY(parse_sum(p, &bound));
    VEC_PUSH(p->cx->arena, &args, bound);
    return new_branch(p, OP_BETWEEN, at, &args, ret);
}

/* Behind a value: [not] in, between, is [not] null. */
static Status parse_test(Parser *p, Expr *left, Expr **ret)
{
    uint32_t at = p->now.at;
    bool negated = at_word(p, "not");
    if (negated) {
        TRY(advance(p));
        if (!at_word(p, "in"))
            return expect_word(p, "in");
    }
    if (at_word(p, "in")) {
        TRY(advance(p));
        TRY(parse_in(p, at, left, ret));
    } else if (at_word(p, "between")) {
        TRY(advance(p));
        return parse_between(p, at, left, ret);
    } else if (at_word(p, "is")) {
        TRY(advance(p));
        negated = at_word(p, "not");
        if (negated)
            TRY(advance(p));
        TRY(expect_word(p, "null"));
        TRY(new_pair(p, OP_IS_NULL, at, left, NULL, ret));
    }
    return negated ? new_pair(p, OP_NOT, at, *ret, NULL, ret) : ST_OK;
}

static Status parse_compare(Parser *p, Expr **ret)
{
    ExprOp op;
    TRY(parse_sum(p, ret));
    if (!find_operator(p, &op))
        return parse_test(p, *ret, ret);
    uint32_t at = p->now.at;
    Expr *right;
    TRY(advance(p));
    TRY(parse_sum(p, &right));
    return new_pair(p, op, at, *ret, right, ret);
}

static Status parse_not(Parser *p, Expr **ret)
{
    if (!at_word(p, "not"))
        return parse_compare(p, ret);
    uint32_t at = p->now.at;
    TRY(advance(p));
    TRY(parse_compare(p, ret));
    return new_pair(p, OP_NOT, at, *ret, NULL, ret);
}

/* a and b and c is one node of three. */
static Status parse_chain(Parser *p, const char *word, ExprOp op, Status (*part)(Parser *, Expr **),
                          Expr **ret)
{
    TRY(part(p, ret));
    if (!at_word(p, word))
        return ST_OK;
    uint32_t at = p->now.at;
    Nodes args = {0};
    VEC_PUSH(p->cx->arena, &args, *ret);
    while (at_word(p, word)) {
        Expr *next;
        TRY(advance(p));
        TRY(part(p, &next));
        VEC_PUSH(p->cx->arena, &args, next);
    }
    return new_branch(p, op, at, &args, ret);
}

static Status parse_and(Parser *p, Expr **ret)
{
    return parse_chain(p, "and", OP_AND, parse_not, ret);
}

static Status parse_or(Parser *p, Expr **ret)
{
    if (++p->depth > EXPR_MAX_DEPTH)
        return expr_fail(p->cx, p->now.at,
                         text_in(p->cx, "expr.too_deep", "nested deeper than %d", EXPR_MAX_DEPTH));
    TRY(parse_chain(p, "or", OP_OR, parse_and, ret));
    p->depth--;
    return ST_OK;
}

Status expr_parse_tree(Ctx *cx, Str text, Expr **ret)
{
    size_t bad_at;
    if (text.n > EXPR_MAX_BYTES)
        return expr_fail(cx, 0,
                         text_in(cx, "expr.too_long", "longer than %d bytes", EXPR_MAX_BYTES));
    if (!utf8_valid(text, &bad_at))
        return expr_fail(cx, (uint32_t)utf8_length(str_sub(text, 0, bad_at)),
                         text_in(cx, "expr.bad_utf8", "this is not UTF-8"));
    /* The tree points into its text. */
    Parser p = {.cx = cx, .lex = {.cx = cx, .text = str_copy(cx->arena, text)}};
    TRY(advance(&p));
    TRY(parse_or(&p, ret));
    if (p.now.kind != TOKEN_END)
        return expr_fail(cx, p.now.at,
                         text_in(cx, "expr.not_expected", "\"" STR_FMT "\" is not expected here",
                                 STR_ARG(p.now.text)));
    return ST_OK;
}

Status expr_parse_checked(Ctx *cx, Str text, const ExprScope *scope, ExprUse use, bool check_codes,
                          Expr **ret)
{
    Typer y = {
        .cx = cx, .env = scope->names, .is_rule = scope->is_rule, .check_codes = check_codes};
    TypeFrame frame = {.object = scope->object};
    TRY(expr_parse_tree(cx, text, ret));
    TRY(expr_type_check(&y, &frame, *ret));
    if (use == EXPR_CONDITION && (*ret)->t != V_BOOL && (*ret)->t != V_NULL)
        return expr_fail(cx, (*ret)->at,
                         text_in(cx, "expr.not_condition",
                                 "this gives %s; a condition (true or false) is needed",
                                 expr_type_name(cx, *ret)));
    return ST_OK;
}

Status expr_parse(Ctx *cx, Str text, const ExprScope *scope, ExprUse use, const Expr **ret)
{
    Expr *e;
    TRY(expr_parse_checked(cx, text, scope, use, true, &e));
    *ret = e;
    return ST_OK;
}
