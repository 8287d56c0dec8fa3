/* SPDX-License-Identifier: Apache-2.0 */
/* What was removed, or held the values of a former type, goes for good with its columns and tables. */
#pragma once
#include "meta/meta.h"

#define META_BIN_DAYS 30 /* unless the organisation says otherwise ("bin_days") */
#define META_BIN_DAYS_MAX 3650

typedef enum MetaDueKind { META_DUE_FIELD, META_DUE_OBJECT, META_DUE_FORMERS } MetaDueKind;
typedef struct MetaDue {
    MetaDueKind kind;
    Str object, key;
} MetaDue;
typedef VEC(MetaDue) MetaDueList;

/* meta_database.c: columns c_<number>… of the tables of that plural and their indexes, and the side table;
 * the side table alone; the tables themselves. What is not there is left out. */
CHECKED Status meta_database_drop_columns(Ctx *cx, Str plural, uint32_t number, Plan *plan);
CHECKED Status meta_database_drop_side(Ctx *cx, Str plural, uint32_t number, Plan *plan);
CHECKED Status meta_database_drop_tables(Ctx *cx, Str plural, Plan *plan);

/* meta_database_extra.c: a column that is named as those of fields are, but belongs to none; or a table of no
 * object (column empty). `bin`: plurals of removed objects (meta_bin_plurals); NULL: tables are not looked at. */
typedef struct MetaExtra {
    const Object *object; /* NULL: a table of none */
    int which;            /* of its tables: live, twin, figures */
    Str table, column;
} MetaExtra;
#define META_EXTRA_FIGURES 2 /* `which` of the table of roll-ups: what it holds is computed */
typedef VEC(MetaExtra) MetaExtraList;
CHECKED Status meta_database_extra(Ctx *cx, const Meta *m, const Map *bin, MetaExtraList *ret);
CHECKED Status meta_database_extra_filled(Ctx *cx, const MetaExtra *x, int64_t *ret);
CHECKED Status meta_database_rows(Ctx *cx, Str plural, int64_t *ret); /* live records */
CHECKED Status meta_database_extra_drop(Ctx *cx, const MetaExtra *x, Plan *plan);

/* What a purge would take, without doing it: {"records","filled"}: how many records there are, and how
 * many have a value in the removed field (or in the former types of one that is there). */
CHECKED Status meta_purge_look_field(Ctx *cx, MetaStore *s, const Object *o, Str key, Buf *out);
CHECKED Status meta_purge_look_object(Ctx *cx, MetaStore *s, Str object, Buf *out);
/* meta_bin.c */
CHECKED Status meta_bin_plurals(Ctx *cx, MetaStore *s, Map *ret);
/* meta_bin_shape.c: tables of removed objects, in a database that is being filled. */
CHECKED Status meta_bin_shape(Ctx *cx, MetaStore *s);

CHECKED Status meta_purge_field(Ctx *cx, MetaStore *s, const Object *o, Str key, Plan *plan);
CHECKED Status meta_purge_formers(Ctx *cx, MetaStore *s, const Field *f, Plan *plan);
CHECKED Status meta_purge_object(Ctx *cx, MetaStore *s, Str object, Plan *plan);
int64_t meta_purge_days(const json_t *settings); /* that the bin keeps what was removed */
/* What has lain in the bin for longer than the organisation wants. */
CHECKED Status meta_purge_due(Ctx *cx, MetaStore *s, int64_t now_ms, MetaDueList *ret);
