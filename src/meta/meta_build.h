/* SPDX-License-Identifier: Apache-2.0 */
/* How a catalogue is compiled: from effective declarations (shipped ones with the organisation's
 * changes laid over them) and the numbers given so far, to a Meta in an arena of its own.
 *
 * Two passes: fields of every object, then what needs other objects (links, lists, titles,
 * columns, indexes, relations). Errors are field errors with the path in the JSON; several are
 * collected. Only meta/ includes this. */
#pragma once
#include "meta/meta.h"

/* Numbers of objects and fields: "object account", "field account.name" → number. */
typedef struct MetaNumber {
    Str kind, name;
    uint32_t number;
} MetaNumber;

typedef struct MetaNumbers {
    Arena *arena;
    Map given; /* "<kind> <name>" → MetaNumber * */
    uint32_t last_object, last_field;
    VEC(MetaNumber) fresh; /* given since the load: still to be stored */
} MetaNumbers;

MetaNumbers meta_numbers_in(Arena *a);
void meta_numbers_add(MetaNumbers *n, Str kind, Str name, uint32_t number);
uint32_t meta_numbers_get(MetaNumbers *n, const char *kind, Str name);

typedef struct MetaSource {
    json_t *objects;  /* array of declarations, each with its layouts and views */
    json_t *lists;    /* array */
    json_t *access;   /* object: role → access form */
    json_t *settings; /* object: name → text */
    int64_t version;
    Str focus; /* object whose errors carry no prefix: that of the request */
} MetaSource;

typedef struct MetaBuild {
    Ctx *cx;
    Arena *arena;
    Meta *m;
    MetaNumbers *numbers;
    const MetaSource *source;
    Object *object; /* the one at hand */
    Str path;       /* inside its declaration, "fields[3]" */
} MetaBuild;

/* The snapshot lives in `arena`, also when it fails; takes references of the source's JSON. */
CHECKED Status meta_build(Ctx *cx, Arena *arena, const MetaSource *source, MetaNumbers *numbers,
                          const MetaHooks *hooks, Meta **ret);

/* The path of an error: of a part of what is at hand ("" = itself). */
Str meta_path(const MetaBuild *b, const char *part);
/* Errors added since `first` were named by attribute: puts the path before them. */
void meta_path_errors(const MetaBuild *b, size_t first);
static inline size_t meta_errors(const MetaBuild *b) { return b->cx->err.fields.n; }

/* meta_names.c */
bool meta_name_is_word(Str s); /* [a-z][a-z0-9_]{0,39} */
Status meta_name_check_field(MetaBuild *b, Str name);
Status meta_name_check_object(MetaBuild *b, Str name, Str plural);
Str meta_name_in_words(Arena *a, Str name); /* starts_on → Starts on */

/* meta_check.c */
Status meta_check_attributes(MetaBuild *b, const json_t *decl, const char *allowed,
                             const char *more);
Status meta_check_label(MetaBuild *b, const json_t *decl, const char *part, Str dflt, Label *ret);
Status meta_check_flag(MetaBuild *b, const json_t *decl, const char *part, bool dflt, bool *ret);
Status meta_check_text(MetaBuild *b, const json_t *decl, const char *part, Str *ret);

/* meta_traits.c: fields that come with every object or with a trait. */
Status meta_traits_read(MetaBuild *b, const json_t *decl);
void meta_traits_write(uint32_t traits, Buf *out); /* ["owned","numbered"] */
void meta_traits_fields(MetaBuild *b, Field **fields, size_t *n);
size_t meta_traits_max_fields(void);

/* meta_fields.c: first pass */
Status meta_fields_build(MetaBuild *b, const json_t *decl);
Status meta_fields_read(MetaBuild *b, const json_t *decl, uint32_t generation, Field **ret);
/* The same without a number: a value that no column holds. */
Status meta_fields_read_loose(MetaBuild *b, const json_t *decl, Field **ret);
/* meta_variants.c: what fields were before, are about to become, and removed ones; first pass, second
 * pass, columns (returns how many). */
void meta_variants_removed(MetaBuild *b, const json_t *decl, uint32_t generation);
Status meta_variants_read(MetaBuild *b, Field *f);
Status meta_variants_resolve(MetaBuild *b, Field *f);
int meta_variants_columns(MetaBuild *b);
/* meta_links.c: second pass of one object; of one field */
Status meta_links_build(MetaBuild *b);
Status meta_links_resolve(MetaBuild *b, Field *f);
Status meta_links_relations(MetaBuild *b); /* of the whole catalogue */
/* meta_lists.c */
Status meta_lists_build(MetaBuild *b, const json_t *lists);
Status meta_lists_build_one(MetaBuild *b, const json_t *decl, const json_t *entries,
                            ChoiceList *ret);
/* meta_indexes.c */
Status meta_indexes_build(MetaBuild *b);
/* meta_rules.c */
Status meta_rules_build(MetaBuild *b);
/* meta_duplicates.c */
Status meta_duplicates_build(MetaBuild *b);
/* meta_verbs.c */
Status meta_verbs_build(MetaBuild *b);
void meta_verbs_write_fields(Arena *a, const Object *o); /* texts of their own parameters */
/* meta_workdays.c; the second: dates and ranges of them, as the setting takes them */
Status meta_workdays_build(MetaBuild *b, Str setting);
bool meta_workdays_list(const json_t *list);
/* meta_layouts.c: checks what is declared, adds what is missing. */
Status meta_layouts_build(MetaBuild *b);

/* meta_rename.c: a declaration (layout, view) without the field, NULL if it does not name it; whether
 * an expression names it. */
json_t *meta_rename_without(Arena *a, const Object *o, const json_t *declared, Str field);
bool meta_rename_mentions(Arena *a, const Object *o, Str text, Str field);

/* meta_missing.c: layouts and views go on without a removed field and say that it is missing. */
bool meta_is_removed(const Object *o, Str name);
json_t *meta_missing_clean(MetaBuild *b, const json_t *list); /* new array, owned by the caller */
