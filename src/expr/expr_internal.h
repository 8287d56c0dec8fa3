/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of an expression and what its two back ends share. Only src/expr includes this.
 *
 * Parsing has two steps: expr_parse.c builds the tree from the text alone, expr_type.c gives names
 * their fields and every node its type, and turns string literals into the type of the other side.
 * After that nothing changes a node any more. */
#pragma once
#include "base/calendar.h"
#include "base/decimal.h"
#include "base/duration.h"
#include "base/id.h"
#include "base/utf8.h"
#include "expr/expr.h"

#define EXPR_MAX_BYTES 8192
#define EXPR_MAX_NODES 200
#define EXPR_MAX_DEPTH 64
#define EXPR_MAX_HOPS 5
#define EXPR_MAX_LIST 1000   /* entries of one `in` list; literals there are no nodes */
#define EXPR_MAX_COST 2000   /* nodes with formulas written out */
#define EXPR_MAX_FORMULAS 10 /* formulas of formulas of … */
#define EXPR_MAX_SCALE 18
#define EXPR_MAX_ROWS 4 /* any() in any() in … */

typedef enum ExprOp {
    OP_LITERAL,
    OP_PATH,
    OP_CALL,
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_CONTAINS,
    OP_STARTS,
    OP_ENDS,
    OP_IN,     /* args[0] in (args[1] …) */
    OP_MEMBER, /* args[0] in args[1]: a path to links, or my_departments() and the like */
    OP_BETWEEN,
    OP_IS_NULL,
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_MOD,
    OP_NEG,
} ExprOp;

typedef enum ExprMode {
    MODE_PLAIN,
    MODE_CODE,   /* a link to a coded list against codes */
    MODE_FOLDED, /* ~ starts ends over the field's folded column */
    MODE_BLIND,  /* an encrypted field against texts, by its blind index */
} ExprMode;

typedef enum ExprFn {
    FN_ABS,
    FN_ADD_DAYS,
    FN_ADD_MONTHS,
    FN_ALL,
    FN_ANY,
    FN_AVG,
    FN_CASE,
    FN_CEIL,
    FN_CHANGED,
    FN_COALESCE,
    FN_CONCAT,
    FN_COUNT,
    FN_DATE,
    FN_DAY,
    FN_DAYS_AGO,
    FN_DAYS_AHEAD,
    FN_DAYS_BETWEEN,
    FN_FLOOR,
    FN_HOUR,
    FN_IF,
    FN_IS_NEW,
    FN_LEFT,
    FN_LENGTH,
    FN_LOWER,
    FN_MAX,
    FN_ME,
    FN_MIN,
    FN_MONTH,
    FN_MONTHS_AGO,
    FN_MY_DEPARTMENT,
    FN_MY_DEPARTMENTS,
    FN_MY_TEAMS,
    FN_NONE,
    FN_NOW,
    FN_OLD,
    FN_PINYIN,
    FN_QUARTER,
    FN_REPLACE,
    FN_RIGHT,
    FN_ROUND,
    FN_START_OF,
    FN_SUM,
    FN_TODAY,
    FN_TRIM,
    FN_UPPER,
    FN_WEEK,
    FN_WEEKDAY,
    FN_WORKDAYS_BETWEEN,
    FN_YEAR,
    FN_FUNCTIONS /* how many there are */
} ExprFn;

/* How arguments are checked and what comes out: expr_call.c. */
typedef struct ExprCall {
    const char *name;
    ExprFn fn;
    uint8_t min, max;    /* arguments */
    const char *accepts; /* a letter an argument, the last one repeats: see expr_call.c */
    uint8_t result;      /* ValueType; V_NULL: by the function's own rule */
    bool over_rows;      /* the first argument is a relation */
} ExprCall;

struct Expr {
    uint8_t op, mode;
    uint8_t t, scale; /* ValueType of the result; V_NULL: the literal null, of no type */
    bool constant;    /* the same for every row: no field, relation or old value in it */
    bool outer;       /* path: starts at the record around */
    uint16_t n, n_hops, n_names;
    uint32_t at;   /* code points from the start of the text */
    uint32_t cost; /* nodes below, formulas written out */
    Expr **args;
    const ExprCall *call;
    Value lit;
    Str *names; /* path as written; of a call its name */
    uint32_t *names_at;
    const Field **hops;        /* path: links, then the field; or links before a relation */
    const Relation *relation;  /* first argument of any(), count() …: either this */
    const Field *links;        /* or the links field */
    const Object *child;       /* whose records those are */
    const Object *to;          /* V_ID, V_IDS: of what, NULL if only the name is known */
    Str to_name;               /* the same by name */
    const ChoiceList *choices; /* V_TEXT that holds a code of this list */
    const ExprNames *env;      /* MODE_CODE: who knows the codes */
};

/* Every refusal of a text: ST_MALFORMED "bad_expression" with the character's offset. */
Status expr_fail(Ctx *cx, uint32_t at, Str message);
Status expr_fail_near(Ctx *cx, uint32_t at, Str message, Str suggestion);

/* ---- numbers and dates, for both back ends */
/* The number at `scale` as written; false when it does not fit. Money counts in the base currency. */
bool expr_number_at(const Value *v, int scale, int64_t *ret);
bool expr_number_parts(const Value *v, __int128 *ret, int *ret_scale);
double expr_number_real(const Value *v);
int expr_number_cmp(const Value *a, const Value *b);
/* Half away from zero, as round() does. */
bool expr_number_rounded(__int128 v, int from, int to, int64_t *ret);
bool expr_number_from_real(double r, int scale, int64_t *ret);
Value expr_number_value(const Ctx *cx, ValueType t, int scale, int64_t v);
bool expr_number_parse(Str s, int64_t *ret, int *ret_scale);
/* Any value as the type of a node (numbers at its scale, dates as instants in cx->zone). */
CHECKED Status expr_number_as(Ctx *cx, const Value *v, ValueType t, int scale, Value *ret);
/* A formula's value as its declared result. */
CHECKED Status expr_number_result(Ctx *cx, const Field *formula, const Value *v, Value *ret);

/* Bits that the magnitude of an exact value takes at most, as far as its tree tells. */
int expr_bits(const Expr *e);
#define EXPR_SAFE_BITS 62

bool expr_date_in_range(int64_t day);
bool expr_date_fits(ValueType t, int64_t v);
int64_t expr_date_local(const Ctx *cx, int64_t ms); /* day */
int64_t expr_date_part(ExprFn fn, int64_t day);
int64_t expr_date_workdays(const Ctx *cx,
                           int64_t day); /* days from Monday to Friday up to and with this one */
bool expr_date_unit(Str name, ExprBucket *ret);

/* Han characters as their first syllable, everything else as it is. */
Str expr_pinyin(Arena *a, Str s);
Str expr_ascii_lower(Arena *a, Str s);
Str expr_ascii_upper(Arena *a, Str s);
#define EXPR_SPACES " \t\n\v\f\r\xe3\x80\x80"
