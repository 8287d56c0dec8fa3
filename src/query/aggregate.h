/* SPDX-License-Identifier: Apache-2.0 */
/* Aggregates, private parts. One statement for the groups, one per median (ordered, read as a
 * stream), one per linked object for titles, one for the total unless it follows from the groups.
 *   aggregate_parse → aggregate_read → aggregate_medians → aggregate_total → aggregate_write */
#pragma once
#include "query/query_internal.h"

#define AGGREGATE_MAX_GROUPS 6
#define AGGREGATE_MAX_MEASURES 20
#define AGGREGATE_MAX_LIMIT 10000
#define AGGREGATE_MAX_ROWS 100000 /* groups held when medians decide the order */

typedef enum MeasureKind {
    MEASURE_COUNT,
    MEASURE_SUM,
    MEASURE_AVG,
    MEASURE_MIN,
    MEASURE_MAX,
    MEASURE_MEDIAN,
    MEASURE_DISTINCT
} MeasureKind;

typedef struct Group {
    Str name, key; /* field or path; key of the answer */
    bool bucketed;
    ExprBucket unit;
    const Field *field;
    DbType type;
} Group;

typedef struct Measure {
    MeasureKind kind;
    Str name, key; /* name empty: count of records */
    const Field *field;
    DbType type;
    int col;
} Measure;

typedef struct Order { /* of the answer's rows */
    bool down;
    int group, measure; /* one of them ≥ 0 */
} Order;

typedef struct Aggregate {
    Ctx *cx;
    const Object *o;
    const Expr *filter;
    const ListSearch *search;
    const Zone *zone;
    int64_t limit;
    Group groups[AGGREGATE_MAX_GROUPS];
    size_t n_groups;
    Measure measures[AGGREGATE_MAX_MEASURES];
    size_t n_measures;
    Order orders[QUERY_MAX_SORT];
    size_t n_orders;
} Aggregate;

typedef struct Figure { /* of one measure in one row */
    int64_t n;          /* values seen (count: the count itself) */
    __int128 sum;       /* at the field's scale; median: sum of the two middle values */
    DbVal value;        /* min, max */
} Figure;

typedef struct AggregateRow {
    DbVal *groups;
    Figure *figures;
} AggregateRow;

typedef struct AggregateRows {
    VEC(AggregateRow) rows;
    bool cut;     /* there are more groups than asked for */
    Map by_group; /* bytes of the group values → AggregateRow * (for medians) */
    TitleRow *titles[AGGREGATE_MAX_GROUPS];
    size_t n_titles[AGGREGATE_MAX_GROUPS];
} AggregateRows;

/* ---- aggregate_parse.c */
CHECKED Status aggregate_parse(Ctx *cx, const Object *o, const json_t *body, Aggregate *ret);

/* ---- aggregate_sql.c */
/* SELECT of groups and figures; without groups: the total. */
CHECKED Status aggregate_read(Aggregate *a, bool grouped, AggregateRows *ret);
CHECKED Status aggregate_group_sql(Aggregate *a, Base *b, const Group *g, Sql *out,
                                   DbType *ret_type);
CHECKED Status aggregate_value_sql(Aggregate *a, Base *b, const Measure *m, Sql *out,
                                   DbType *ret_type);
DbVal aggregate_cell(Arena *arena, const Stmt *q, int col, DbType type);
Str aggregate_group_bytes(Arena *arena, const DbVal *groups, size_t n);
bool aggregate_has_median(const Aggregate *a);

/* ---- aggregate_median.c */
CHECKED Status aggregate_medians(Aggregate *a, bool grouped, AggregateRows *rows);

/* ---- aggregate_order.c */
bool aggregate_leads(const Field *f); /* a group is a record with a title: link, links */
CHECKED Status aggregate_titles(Aggregate *a, AggregateRows *rows);
void aggregate_sort(Aggregate *a, AggregateRows *rows);

/* ---- aggregate_write.c */
/* What a group is called, for people. */
void aggregate_group_text(const Aggregate *a, const AggregateRows *rows, size_t g, const DbVal *v,
                          Buf *out);
int aggregate_scale(const Field *f); /* digits behind the point of its figures */
/* A sum as a value of its field: money is the organisation's. */
Value aggregate_sum_value(const Ctx *cx, const Field *f, int64_t sum);
void aggregate_write(Aggregate *a, const AggregateRows *rows, const AggregateRow *total, Buf *out);
