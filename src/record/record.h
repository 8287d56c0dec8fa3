/* SPDX-License-Identifier: Apache-2.0 */
/* record: the life of a record. load, set, validate, hooks, write, delete, restore, history, undo.
 *
 * Nothing here writes: record_write and friends add to the caller's plan (db/plan.h) and may run
 * again. A plan's records share one change row. After the commit the outbox carries the event.
 *   Record *r; TRY(record_load(cx, o, id, &r)); TRY(record_set_json(cx, r, body));
 *   TRY(record_write(cx, plan, r));
 * Rights: record_load finds only what the user may read; record_write and record_delete check the
 * right to create, update, delete on this record; record_set_json refuses fields the user may not
 * edit. Hooks and jobs that act for the system use record_set, which checks types only. */
#pragma once
#include "access/access.h"
#include "query/query.h"
struct RecordLine;          /* a line written in its parent's body */
typedef struct RecordMade { /* a record that the plan in hand makes: links say "$ref.id" */
    Str ref;
    const Object *object;
    Id id;
} RecordMade;

typedef struct Record {
    const Object *object;
    Id id;
    int64_t version; /* 0: not stored yet */
    Id changed;
    Value *values;     /* by field index */
    Value *old;        /* as stored; NULL for a new one */
    uint64_t *touched; /* bit per field index: set since the load */
    struct RecordLine *lines;
    const RecordMade *made; /* what links of its body may refer to */
    size_t n_lines, n_made;
    bool import;    /* stage gates and required_when are warnings */
    bool by_rule;   /* a hook writes it: what it would set off has been thought of */
    bool in_parent; /* a line written or removed with its parent, which sees to what follows */
    bool fresh;     /* its row comes with this plan: nothing that is stored leads to it */
    bool brought;   /* id, version, authors, dates as they were elsewhere (record_bring) */
    Id promised;    /* a record that after_write makes in the same plan; links to it are sound */
} Record;

typedef struct RecordHooks { /* of a module, one per object; any member may be NULL */
    const char *object;
    Status (*before_write)(Ctx *cx, Record *r);            /* defaults, computed fields */
    Status (*validate)(Ctx *cx, const Record *r);          /* rules JSON cannot say */
    Status (*after_write)(Ctx *cx, Plan *plan, Record *r); /* children, jobs */
    Status (*before_delete)(Ctx *cx, Plan *plan, Record *r);
    /* Of the record that is brought back by itself; what comes back with it stood with it before. */
    Status (*after_restore)(Ctx *cx, Plan *plan, Record *r);
    /* What follows from imported records, once all are there: a piece of them, each once. */
    Status (*settle)(Ctx *cx, Plan *plan, const Object *o, const Id *ids, size_t n);
    bool settles_updates; /* records that the import changed are among them */
} RecordHooks;

typedef struct NumberBlocks NumberBlocks;
typedef struct RecordEnv {
    DbPool *pool;
    const char *dir;                       /* data directory: where files lie */
    const RecordHooks *const *hooks;       /* NULL-ended */
    const struct RecordVerb *const *verbs; /* NULL-ended lists (verb/verb.h) */
    NumberBlocks *numbers;
    struct SearchWords *words; /* may be NULL (search/search.h) */
    /* Rules of duplicates that block (duplicate/); may be NULL. */
    Status (*duplicates)(Ctx *cx, Plan *plan, const Record *r);
    MetaStore *meta; /* for jobs that change the catalogue or follow it; may be NULL */
} RecordEnv;
NumberBlocks *number_blocks_new(void);
void number_blocks_free(NumberBlocks *n);
/* Next number of an auto_number field: of a leased block, or of the plan where the format allows no gaps. */
CHECKED Status number_next(Ctx *cx, Plan *plan, const Field *f, Str *ret);

/* Texts prepared per object when a catalogue is compiled (Object.cache). */
Status record_compile_meta(Ctx *cx, Meta *m);
Status record_compile_rollups(Ctx *cx, Meta *m); /* after the expressions */

/* Rollups that are to be computed for every record: an object with such (NULL: none), its next records
 * after `after` (*ret the last of them; 0: there are no more, the object is done). */
CHECKED Status record_rollup_stale(Ctx *cx, const Object **ret);
CHECKED Status record_rollup_fill(Ctx *cx, Plan *plan, const Object *o, Id after, int64_t limit,
                                  Id *ret);
void record_rollup_mark(Plan *plan, const Object *o); /* for who writes rows past record_write */

/* Stored rollups that are not what their expressions give, and figures of records that are no more;
 * nothing while the object is marked. The repair drops those and marks. */
CHECKED Status record_rollup_verify(Ctx *cx, const Object *o, int64_t *ret_wrong,
                                    int64_t *ret_ghosts);
void record_rollup_repair(Ctx *cx, Plan *plan, const Object *o);

CHECKED Status record_load(Ctx *cx, const Object *o, Id id, Record **ret);
/* Without the reader's predicate, for decisions only. ST_NOT_FOUND if not live. */
CHECKED Status record_load_any(Ctx *cx, const Object *o, Id id, Record **ret);
/* Likewise, but NULL where there is none: gone, or made by the same plan and not written yet. */
CHECKED Status record_load_stored(Ctx *cx, const Object *o, Id id, Record **ret);
/* Records that point at `id` of the object `of` through f, at most n ids; no right is asked. */
CHECKED Status record_children(Ctx *cx, const Field *f, const Object *of, Id id, size_t limit,
                               Id *ret, size_t *ret_n);
Record *record_new(Ctx *cx, const Object *o);
const Value *record_get(const Record *r, const Field *f);
bool record_touched(const Record *r, const Field *f);
void record_set(Record *r, const Field *f, Value v); /* values live in cx->arena */
/* One JSON value of the API: type, link resolution, rights. Adds a field error on failure. */
CHECKED Status record_set_field_json(Ctx *cx, Record *r, const Field *f, const json_t *v);
/* A body: unknown, hidden and read-only names are field errors; all fields are looked at. */
CHECKED Status record_set_json(Ctx *cx, Record *r, const json_t *body);
/* The same values for who asks for them under a field's name (verbs): as a body of a record would give
 * them, its right with them; and of a field that is no record's, without. */
CHECKED Status record_read_field(Ctx *cx, const Record *r, const Field *f, const json_t *v,
                                 Value *ret);
CHECKED Status record_read_value(Ctx *cx, const Record *r, const Field *f, const json_t *v,
                                 Value *ret);
/* The condition is true of the record as it is in memory; what an expression gives for it. */
CHECKED Status record_holds(Ctx *cx, Record *r, const struct Expr *condition, bool *ret);
CHECKED Status record_evaluate(Ctx *cx, Record *r, const struct Expr *e, Value *ret);
/* {"hidden":[…],"readonly":[…],"required":[…]}: the fields whose *_when say so while a form is filled in. */
CHECKED Status record_conditions(Ctx *cx, Record *r, Buf *out);
/* A link to `to` by id, code or {"match":{…}}; sibling record r narrows codes (stage in its pipeline). */
CHECKED Status record_resolve_link(Ctx *cx, const Record *r, const Field *f, const json_t *v,
                                   Id *ret);

/* Files named by id (V_ID, V_IDS) pass the checks of a body: right, type and size. For values that came
 * from elsewhere, such as the rows of an import. */
CHECKED Status record_check_files(Ctx *cx, const Field *f, const Value *v);

/* `file` is a record of the object file: its uploader while nothing refers to it, afterwards whoever
 * may read a record that does or did. */
CHECKED Status record_may_read_file(Ctx *cx, const Record *file, bool *ret);

/* For hooks: walks up the link `up` of the object to itself; meeting the record is a field error. */
CHECKED Status record_check_tree(Ctx *cx, const Record *r, const Field *up);

/* Whose the record is, for that action; a line is whose its parent is. The parent is not looked at
 * where the action's scope is "all"; for ACCESS_ACTIONS always. */
CHECKED Status record_access(Ctx *cx, AccessAction action, const Record *r, const Value *values,
                             AccessRecord *ret);

/* Create or update. Nothing touched on an update: adds nothing. */
CHECKED Status record_write(Ctx *cx, Plan *plan, Record *r);
/* The same for hooks: a rule of a module acts, not the person, so no right is asked. */
CHECKED Status record_write_by_rule(Ctx *cx, Plan *plan, Record *r);
CHECKED Status record_delete(Ctx *cx, Plan *plan, Record *r);
/* Calls the hook `settle` of the object. */
bool record_settles(const Ctx *cx, const Object *o, bool *ret_updates);
CHECKED Status record_settle(Ctx *cx, Plan *plan, const Object *o, const Id *ids, size_t n);
/* A record's lines as they will be, those of its body or joined to it included: their values by field
 * index. *ret_n is SIZE_MAX where there are too many to look at. */
#define RECORD_LINES_MAX 1000
CHECKED Status record_lines_now(Ctx *cx, const Record *r, const Relation *rel, const Value ***ret,
                                size_t *ret_n);
/* For hooks of lines: r is to see this line, which is written by itself, as it will be. */
void record_join_line(Ctx *cx, Record *r, const Relation *rel, Record *line, bool gone);
/* The field's required_when holds: an error for people, a warning for imports. */
CHECKED Status record_requires(Ctx *cx, Record *r, const Field *f, bool *ret);
Id record_id_next(const Ctx *cx); /* for a record that others link to before it is made */

/* ---- filling: many new records at once, for what makes or moves data. A row, its link rows and its
 * numbers; no hooks, rules, rights, search, roll-ups or event: what is derived the caller makes
 * afterwards. Fields hold what was set, else their default. `created_at` is cx->now_ms unless set.
 * A NumberRun knows where the counters stand; number_run_plan, last in each plan, moves them (and
 * fails as a guard if somebody else did: begin with a new run). */
typedef struct NumberRun NumberRun;
NumberRun *number_run_new(Arena *a);
void number_run_plan(NumberRun *run, Plan *plan);
CHECKED Status record_fill(Ctx *cx, Plan *plan, NumberRun *run, Record *r);
/* A record of an archive: a new one (r->id is set) as it was there, or what differs of r->old; tokens and event
 * too. No rights, rules, hooks, defaults, numbers; targets may come later; the caller marks roll-ups. Back: behind
 * its last version if it was deleted here. */
CHECKED Status record_bring(Ctx *cx, Plan *plan, Record *r);
CHECKED Status record_bring_back(Ctx *cx, Plan *plan, Record *r);

/* Brings a deleted record (and what was deleted with it) back. */
CHECKED Status record_restore(Ctx *cx, Plan *plan, const Object *o, Id id, Record **ret);
/* Sets what differs from version n of the record: these fields, or (n_fields = 0) all that the user
 * may write. What cannot come back (a link whose target is gone) is a field error. Then record_write. */
CHECKED Status record_set_version(Ctx *cx, Record *r, int64_t version, const Str *fields,
                                  size_t n_fields);
/* As it was at version n, before the one it has now; NULL where that is not kept. */
CHECKED Status record_image_version(Ctx *cx, const Object *o, Id id, int64_t version, Record **ret);
/* [{"field","old","new"},…] of what is touched, as in the history. */
CHECKED Status record_changes_json(Ctx *cx, const Record *r, Buf *out);
/* Its row is there, seen or not; deleted, but was visible to this user: the 410 of reads. */
CHECKED Status record_is_here(Ctx *cx, const Object *o, Id id, bool *ret);
CHECKED Status record_is_gone(Ctx *cx, const Object *o, Id id, bool *ret);
/* The record as it is in memory, in the form of query_record; for answers rendered before the commit. */
CHECKED Status record_json(Ctx *cx, Record *r, Buf *out);
/* One change row per plan, made on first use. */
DbVal record_change(Ctx *cx, Plan *plan);
/* Outbox row (action: create update delete restore; pin: nothing of its own changed; reset with id 0: many rows came without events). */
void record_event(Ctx *cx, Plan *plan, const Object *o, Id id, int64_t version, const char *action);
/* {"items":[…],"next":…} of CONTRACT 4, newest first; only readable fields. */
CHECKED Status record_history(Ctx *cx, const Object *o, Id id, Str after, int limit, Buf *out);

/* A value of one form of a field as another: what a change of its type makes of it. *ret_fits is false
 * where it cannot be said in the new type; then *ret is null. Nothing depends on who asks. */
CHECKED Status record_convert(Ctx *cx, const Field *from, const Field *to, const Value *v,
                              Value *ret, bool *ret_fits);

/* SELECT of (record, target) as the lists in the rows themselves say (FROM t …), of a field with a side
 * table; and that table's rows of one record made anew from it. */
void record_side_rows(Sql *q, const Field *f, DbKind kind);
void record_side_renew(Ctx *cx, Plan *plan, const Field *f, Id id);
/* A unique index refused (cx->err.constraint): turns it into a field error naming the field. */
Status record_explain_conflict(Ctx *cx, Str constraint);
