/* SPDX-License-Identifier: Apache-2.0 */
/* access, private parts: the store of caches. One lock guards the tables; Argon2id has a lock of its
 * own, because it needs 19 MiB and tens of milliseconds. */
#pragma once
#include "access/share.h"
#include <pthread.h>
#include <stdatomic.h>

enum {
    STORE_USERS = 512,     /* direct-mapped by id */
    STORE_SESSIONS = 4096, /* direct-mapped by token hash */
    STORE_KEYS = 512,
    STORE_FAILURES = 1024,
    TOKEN_BYTES = 32,
    TOKEN_HASH = 32,
};

typedef struct SessionSlot {
    uint8_t hash[TOKEN_HASH];
    Id user; /* 0: free */
    int64_t epoch, checked_ms;
    int64_t stored_seen_ms; /* as in the database */
    Session session;
} SessionSlot;

typedef struct KeySlot {
    uint8_t hash[TOKEN_HASH];
    Id user;
    int64_t epoch, checked_ms;
} KeySlot;

/* Failed sign-ins by login, also of logins that do not exist: both lock alike. */
typedef struct FailureSlot {
    uint64_t login; /* hash of the folded login */
    int failures;
    int64_t locked_until_ms, at_ms;
} FailureSlot;

struct AccessStore {
    DbPool *pool;
    bool shared; /* other nodes write too (PostgreSQL): caches are checked against the database */
    _Atomic int64_t epoch;
    pthread_mutex_t lock;
    struct KeptRules *rules; /* and which objects are shared; of one epoch */
    uint64_t ended;     /* sessions and keys ended here so far: what was read before is not kept */
    uint64_t snapshots; /* atomic: of users, made so far */
    const User *users[STORE_USERS];
    SessionSlot *sessions; /* untouched pages cost nothing */
    KeySlot keys[STORE_KEYS];
    FailureSlot failures[STORE_FAILURES];
    pthread_mutex_t slot; /* Argon2id */
    _Atomic int waiting;
};

/* ---- access_store.c: a row read while another thread ends it must not enter the cache */
uint64_t access_store_ended(AccessStore *s);
/* May a record of the object have shares? As of the epoch in hand. */
CHECKED Status access_store_is_shared(Ctx *cx, AccessStore *s, const Object *o, bool *ret);

/* ---- access_rights.c */
CHECKED Status access_rights_compile(Ctx *cx, User *u);
const char *access_rights_scope_name(AccessScope s);
/* What one role gives on an object; scope names of CONTRACT 2. */
bool access_rights_reads_some(const ObjectRights *r);
/* One of his roles says this word of the field: read_secrets, reveal. */
bool access_rights_says(const Ctx *cx, const User *u, const Field *f, const char *word);
AccessScope access_rights_of_role(const Ctx *cx, Str role, const Object *o, AccessAction action);
Str access_rights_expr(const Ctx *cx, Str role, const Object *o,
                       AccessAction action);      /* {"expr":"…"} of a role; empty: none */
bool access_rights_owns(const User *u, Id owner); /* the user, or whom he stands in for */
bool access_rights_pool(const User *u, const AccessRecord *r);
bool access_rights_cover(const User *u, const Object *o, AccessScope scope, const AccessRecord *r);
extern const char *const access_rights_actions[ACCESS_ACTIONS];
bool access_rights_is_flag(AccessAction a); /* true or false in JSON, not a scope */

/* ---- access_predicate.c: the condition of an action on a table reference, " AND (…)" or nothing */
CHECKED Status access_predicate_for(Ctx *cx, const Object *o, AccessAction action, DbKind dialect,
                                    int alias, Sql *q, int *next_alias);
/* Of the record as it is stored, or was when it was deleted. */
CHECKED Status access_predicate_one(Ctx *cx, const Object *o, AccessAction action, Id id,
                                    bool *ret);
/* Does this branch alone open the live record? For explanations; not where the scope is "all". */
typedef enum AccessBranch {
    BRANCH_ANY,
    BRANCH_WHOSE, /* owner, departments, the line's parent */
    BRANCH_POOL,
    BRANCH_SHARE,
    BRANCH_EXPR,
    BRANCH_LINK,
    BRANCHES
} AccessBranch;
CHECKED Status access_predicate_branch(Ctx *cx, const Object *o, AccessAction action,
                                       AccessBranch only, Id id, bool *ret);
/* Owner and departments do not settle it. */
bool access_predicate_asks(const Ctx *cx, const Object *o, AccessAction action);
bool access_predicate_shared(const User *u, const Object *o);
const Field *access_predicate_pool(const Object *o);   /* NULL: not pooled */
const Field *access_predicate_parent(const Object *o); /* of a line; NULL: its own */

/* ---- access_ids.c: lists of ids in conditions */
void access_ids_list(Sql *q, const Id *ids, size_t n); /* " = ?" or " IN (?, …)" */
/* IN what the two lists hold; on PostgreSQL one value, so that the text does not tell how many there are. */
void access_ids_among(DbKind dialect, const Id *ids, size_t n, const Id *more, size_t n_more,
                      Sql *q);
/* Whose records, and the ownerless records of which departments, the scope opens beside one's own. */
const Id *access_ids_people(const User *u, AccessScope scope, size_t *ret_n);
const Id *access_ids_departments(const User *u, AccessScope scope, size_t *ret_n);

/* ---- access_branches.c: of QueryAccess */
size_t access_branches(const Ctx *cx, const Object *o, bool by_time, bool *ret_walks);
void access_branch(const Ctx *cx, const Object *o, size_t i, int alias, const QueryOrder *order,
                   Sql *q);
size_t access_branch_counts(const Ctx *cx, const Object *o);
void access_branch_count(const Ctx *cx, const Object *o, size_t i, int alias, int64_t most, Sql *q);

/* ---- access_rule.c: conditions of roles and sharing rules, seen with the organisation's eyes */
/* The condition on alias, in parentheses or as a set of ids; 1=0 for one that no longer means anything. */
CHECKED Status access_rule_sql(Ctx *cx, const Object *o, DbKind dialect, Str text, int alias,
                               Sql *q, int *next_alias);

/* Parsed with the organisation's eyes; *ret_follows: it reads linked records or derived rows. */
CHECKED Status access_rule_read(Ctx *cx, const Object *o, Str text, const struct Expr **ret,
                                bool *ret_follows);

/* ---- access_explain.c: of the acting user */
typedef struct AccessAsked {
    AccessAction action;
    bool positions; /* who asks may know which positions people hold */
} AccessAsked;
bool access_explain_positions(const Ctx *cx); /* of the acting user */
CHECKED Status access_explain_because(Ctx *cx, const Object *o, AccessAsked asked,
                                      const AccessRecord *r, Buf *out);
CHECKED Status access_explain_person(Ctx *cx, const Object *o, const AccessRecord *r,
                                     bool positions, Buf *out);

/* ---- access_people.c: works as somebody else in the caller's request; language and batch stay. */
typedef struct AccessActing {
    const User *user;
    const Zone *zone;
    Id user_id;
} AccessActing;
/* The active people in the order of their ids, at most `limit`. */
CHECKED Status access_people_ids(Ctx *cx, Id *ids, size_t limit, size_t *ret_n);
void access_people_begin(Ctx *cx, const User *as, AccessActing *kept);
void access_people_end(Ctx *cx, const AccessActing *kept);

/* ---- access_share.c: "team":{…} or "everyone":true */
CHECKED Status access_share_principal(Ctx *cx, int kind, Id principal, Buf *out);

/* ---- access_share_rule.c: the condition on alias; statements that decide when they are applied */
struct ShareRule;
CHECKED Status access_share_rule_condition(Ctx *cx, const Object *o, const struct ShareRule *rule,
                                           int alias, Sql *q, int *next_alias);
CHECKED Status access_share_rule_opens(Ctx *cx, Plan *plan, const struct ShareRule *rule,
                                       const Object *o, Id record);
CHECKED Status access_share_rule_closes(Ctx *cx, Plan *plan, const struct ShareRule *rule,
                                        const Object *o, Id record);

/* ---- access_store.c: the sharing rules of an object, as of the present security epoch */
struct ShareRule;
CHECKED Status access_store_rules(Ctx *cx, AccessStore *s, const Object *o,
                                  const struct ShareRule **ret, size_t *ret_n);

/* ---- access_user.c: compiled under cx->meta as it is now, not kept; release when done */
CHECKED Status access_user_fresh(Ctx *cx, AccessStore *s, Id id, const User **ret);

/* ---- access_user_roles.c: own roles (ids) and those that positions bring */
typedef struct RoleFrom { /* one way a role came to a person */
    Str role;             /* its code */
    Id position;          /* that brings it; 0: his own */
    Str name, name_en;    /* of the position */
} RoleFrom;
CHECKED Status access_user_roles(Ctx *cx, User *u, const Value *own);
/* " OR …" for each way in which a position brings that role to the user at alias. */
void access_user_has_role(const Ctx *cx, Sql *q, int alias, Str code);

/* ---- access_user_load.c: what belongs to a person beside the row */
/* The first column of all rows. */
CHECKED Status access_user_load_ids(Ctx *cx, Arena *to, const Sql *q, const Id **ret,
                                    size_t *ret_n);
CHECKED Status access_user_belongs(Ctx *cx, User *u);
CHECKED Status access_user_shares(Ctx *cx, User *u, ObjectRights *rights, size_t n);

/* ---- access_token.c: random tokens and their hashes */
void access_token_new(char out[44]); /* 32 bytes as base64url */
void access_token_hash(Str token, uint8_t out[TOKEN_HASH]);
size_t access_token_slot(const uint8_t hash[TOKEN_HASH], size_t slots);
